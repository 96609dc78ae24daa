"""`toolvet readiness`: the form of a survey, its answers, and the result."""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from random import SystemRandom

import tomli_w

from toolvet.cli.output import (
    REPORT_ENDINGS,
    Faults,
    check_language,
    ending_of,
    put,
    put_cells,
    put_exactly,
    put_into,
    put_json,
    save_workbook,
    say,
    session_given,
    table_width,
    warn,
    width,
)
from toolvet.cli.parser import not_one_of
from toolvet.cli.rubrics import rubric_given
from toolvet.domain.assessment import RubricRef, Subject
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import ToolvetError, UnusableFile, UsageError
from toolvet.report.survey.result import Survey, in_language, open_round_json, readiness_json, shown_in
from toolvet.report.survey.sentences import open_words, who_may_words
from toolvet.report.survey.tables import ReadinessChoices, readiness_sheet, readiness_text
from toolvet.services.assessments import Session, is_survey
from toolvet.services.survey_rounds import NO_ANSWERS, Gathered, close_round, ends_on, gather_folder
from toolvet.services.surveys import answers_in_folder, organisation_called, organisations, rubric_in_use
from toolvet.storage.faults import Fault
from toolvet.storage.reader import problems_of, read_round
from toolvet.storage.subjects import ROUNDS, SubjectFolder
from toolvet.storage.survey_import import (
    NUMBER_COMMENT,
    ImportOutcome,
    Keeper,
    Kept,
    Respondent,
    answer_head,
    importing,
    respondents_in,
    toml_string,
)
from toolvet.storage.survey_table import csv_columns, is_spreadsheet
from toolvet.storage.toml_input import is_file, parse, read_content
from toolvet.storage.workspace import Workspace
from toolvet.storage.writer import half_a_character
from toolvet.text.escape import listed, one_line, plural, wrapped
from toolvet.text.labels import day
from toolvet.text.tables import TableFormat

ENDINGS = (*REPORT_ENDINGS, "pdf", "docx", "xlsx")


def gathered_given(session: Session, options: argparse.Namespace, faults: Faults) -> Gathered:
    """The rounds of the survey named, else of the only one in the workspace, closed by that day.

    What cannot be used is said, counted among the faults and left out. UsageError if nobody answered, or if there
    are several surveys.
    """
    folder, until = _survey_named(session, options)
    faults.add(*folder.problems)
    try:
        gathered = gather_folder(folder, session.workspace, session.on, rubric_id=options.rubric, until=until)
    except UsageError as error:
        unusable = answers_in_folder(folder, session.workspace)[1]
        for each in unusable:
            faults.add(each)
        if unusable:
            raise ToolvetError("no answer to the survey can be used") from error
        raise
    for note in gathered.notes:
        warn(note)
    for left_out in gathered.left_out:
        faults.add(ToolvetError(left_out))
    return gathered


def _survey_named(session: Session, options: argparse.Namespace) -> tuple[SubjectFolder, Path | None]:
    """The folder of the survey, and the file of a round where that was named."""
    workspace = session.workspace
    if len(options.names) > 1:
        raise UsageError("name one organisation, or one round; put a name of several words in quotes")
    for name in options.names:
        path = Path(name)
        if not is_file(path) and path.suffix != ".toml":
            return workspace.subject(name), None
        if path.absolute().parent.name != ROUNDS:
            raise UsageError(
                f"{path}: answers are only shown in a closed round; name the organisation, or a round such as "
                f"assessments/NAME/{ROUNDS}/2026-11-10.toml"
            )
        read_round(path)  # what is wrong with it is told before its name is looked for
        return workspace.subject(path.absolute().parent.parent.name), path
    folders = workspace.subjects()
    surveys = [folder for folder in folders if is_survey(folder, workspace)]
    if len(surveys) > 1:
        names = ", ".join(sorted(folder.assessments[0].assessment.subject.label for folder in surveys))
        raise UsageError(f"there are answers about several organisations; name one of them: {names}")
    if not surveys:
        numbered = tuple(workspace.numbered_subjects())
        without = tuple(folder for folder in folders if not folder.assessments)
        unread = tuple(dict.fromkeys(problem for folder in (*without, *numbered) for problem in folder.errors))
        if unread:
            raise UnusableFile(unread)
        # open, and nobody has answered yet
        surveys = [folder for folder in numbered if folder.open_round.until is not None]
        if len(surveys) != 1:
            raise UsageError(NO_ANSWERS)
    return surveys[0], None


def close(options: argparse.Namespace) -> int:
    """Close the open round, which is not reopened, and say what it counts."""
    session = session_given(options)
    folder, until = _survey_named(session, options)
    if until is not None:
        raise UsageError(f"{until}: this round is closed; name the organisation")
    ends = ends_on(folder)
    is_early = ends is not None and ends > session.on
    if is_early and len(folder.assessments) >= _least_of_round(session, folder, options):
        raise UsageError(
            f"people were told that answers up to {ends} count, and a closed round is never reopened. To end it today, "
            f"run toolvet readiness --until {session.on} first"
        )
    closed = close_round(session, folder.name, options.rubric)
    path = session.workspace.relative(closed.path)
    people = plural(closed.round.people, "person", "people")
    say(f"Closed: {people}, in {path}. toolvet readiness shows the result; later answers go to the next round.")
    return 0


def _least_of_round(session: Session, folder: SubjectFolder, options: argparse.Namespace) -> int:
    return gather_folder(folder, session.workspace, session.on, rubric_id=options.rubric).open.least


def write_form(options: argparse.Namespace) -> int:
    """Write the survey as an HTML page, or by FILE's ending the header of a spreadsheet or the page's own words."""
    session = session_given(options)
    workspace = session.workspace
    rubric = _rubric_of_form(workspace, options)
    if options.group is not None and options.group not in rubric.groups:
        raise UsageError(f"--group: {not_one_of(options.group, list(rubric.groups))}")
    ending = Path(options.output or "").suffix.casefold()
    if ending == ".csv":
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow(csv_columns(rubric))
        put_into(header.getvalue(), options.output, force=options.force)
        return 0
    check_language(options, rubric)
    rubric = rubric.in_language(session.language)
    from toolvet.report.survey.document import AnswerFile, form_html, form_words

    words = _words_given(options, form_words("en"))
    if ending == ".toml":
        put_into(tomli_w.dumps({**form_words(rubric.language), **words}), options.output, force=options.force)
        return 0
    if options.output not in (None, "-") and ending != ".html":
        raise UsageError(
            f"--output {options.output}: the form is a page; use a name ending in .html, .csv for a blank sheet or "
            ".toml for the page's own words"
        )
    subject = _subject_of_form(workspace, options.names)
    groups = {group: toml_string(group) for group in rubric.groups}
    answer_file = AnswerFile(answer_head(rubric, subject.name), groups, NUMBER_COMMENT)
    folder = workspace.folder_for(subject)
    until = _kept_until(session, folder, options.until)
    if options.until is not None:
        workspace.surveys.note(folder, subject, RubricRef(rubric.id, rubric.version, rubric.digest or None))
    page = form_html(rubric, subject.name, answer_file, options.group, until, words)
    put_into(page, options.output, force=options.force)
    if options.output not in (None, "-"):
        say("Send it to the people you ask; import the files they hand in with toolvet readiness --import FILE...")
    return 0


_FILLED_IN = re.compile(r"\{\w+\}")


def _words_given(options: argparse.Namespace, known: Mapping[str, str]) -> Mapping[str, str]:
    """The form's own words in the file of --words; those that it leaves out stay as they are."""
    if options.words is None:
        return {}
    path = Path(options.words)
    content = read_content(path)
    given = parse(path, content)
    faults = tuple(Fault((name,), fault) for name, text in given.items() if (fault := _word_fault(name, text, known)))
    if faults:
        raise UnusableFile(problems_of(path, content, faults))
    return {name: str(text) for name, text in given.items()}


def _word_fault(name: str, text: object, known: Mapping[str, str]) -> str:
    """What is wrong with that word of the form; empty where nothing is."""
    if name not in known:
        return not_one_of(name, list(known))
    if not isinstance(text, str) or not text.strip():
        return f"{name} must be a text"
    wanted, there = (set(_FILLED_IN.findall(words)) for words in (known[name], text))
    if wanted <= there:
        return f"remove {listed(sorted(there - wanted))} from {name}" if there - wanted else ""
    return f"{name} needs {listed(sorted(wanted - there))}, which the form fills in"


def _kept_until(session: Session, folder: str, until: date | None) -> date | None:
    """Keep that day as the last of the open round in that folder; else give the one kept."""
    if until is None:
        return session.workspace.folder_named(folder).open_round.until
    if until < session.on:
        raise UsageError(f"--until {until}: that day is over; name today or a later day")
    path = session.workspace.relative(session.workspace.surveys.open_round(folder, until))
    say(f"The round is open: answers up to {until} count ({path}).")
    return until


def import_answers(options: argparse.Namespace) -> int:
    """Take the answer files in, each respondent once. Status 3 if one of them cannot be used."""
    if not options.names:
        raise UsageError("name the answer files to import: toolvet readiness --import FILE...")
    session, faults = session_given(options), Faults()
    workspace, on = session.workspace, session.on
    about = _about(workspace, options)
    respondents: list[Respondent] = []
    for name in options.names:
        # a .toml says itself what it is about, unless --organisation does
        told = about if is_spreadsheet(Path(name)) or options.organisation is not None else None
        try:
            respondents += respondents_in(Path(name), workspace, told, on)
        except ToolvetError as error:
            faults.add(error)
    for respondent in respondents:
        day = respondent.assessment.started
        if day is not None and day > on:
            warn(
                f"{respondent.place}: is dated {day}, after today ({on}); it is not counted before that day. If a "
                "clock was wrong, correct the day and import it again."
            )
    # the order of the files on the disk would tell that of the rows
    SystemRandom().shuffle(respondents)
    kept: list[tuple[Respondent, Kept]] = []
    if respondents:
        with importing(workspace) as keeping:
            kept += _kept(respondents, keeping, on, faults)
    _say_imported(kept)
    return faults.status


def _kept(
    respondents: Iterable[Respondent], keeping: Keeper, on: date, faults: Faults
) -> Iterator[tuple[Respondent, Kept]]:
    for respondent in respondents:
        try:
            yield respondent, keeping.keep(respondent, on)
        except ToolvetError as error:
            faults.add(error)


def _say_imported(kept: Sequence[tuple[Respondent, Kept]]) -> None:
    """Say how many are new, were there, replaced what they said, or go to the next round."""
    outcomes = Counter(one.outcome for _, one in kept)
    new = outcomes[ImportOutcome.NEW] + outcomes[ImportOutcome.NEXT_ROUND]
    changed = [one.path.parent for _, one in kept if one.outcome is not ImportOutcome.KNOWN]
    folders = listed([str(folder) for folder in sorted(set(changed))])
    words = [f"Imported: {plural(new, 'respondent')}{f', into {folders}' if changed else ''}."]
    if known := outcomes[ImportOutcome.KNOWN]:
        words.append(f"Already there, and counted once: {known}.")
    for outcome, sentence in (
        (ImportOutcome.REPLACED, "Replaced what they said before"),
        (ImportOutcome.NEXT_ROUND, "Counted in a closed round already, so the new answers go to the next one"),
    ):
        if numbers := [str(respondent.number) for respondent, one in kept if one.outcome is outcome]:
            words.append(f"{sentence}: respondent {listed(sorted(numbers, key=int))}.")
    say(" ".join(words))


def _about(workspace: Workspace, options: argparse.Namespace) -> tuple[Rubric, Subject] | None:
    if options.organisation is not None:
        subject = _subject_called(workspace, options.organisation)
        return _survey_rubric(workspace, options.rubric, subject), subject
    if not any(is_spreadsheet(Path(name)) for name in options.names):
        return None
    there = organisations(workspace)
    return (_survey_rubric(workspace, options.rubric, there[0]), there[0]) if len(there) == 1 else None


def _subject_called(workspace: Workspace, name: str) -> Subject:
    if not name.strip():
        raise UsageError("the organisation needs a name")
    return organisation_called(organisations(workspace), name)


def _subject_of_form(workspace: Workspace, names: list[str]) -> Subject:
    if len(names) > 1:
        raise UsageError("a form is about one organisation; put a name of several words in quotes")
    if names:
        try:
            names[0].encode()
        except UnicodeEncodeError as error:
            raise UsageError(half_a_character(error)) from error
        return _subject_called(workspace, names[0])
    there = organisations(workspace)
    if len(there) == 1:
        return there[0]
    which = listed([subject.name for subject in there])
    raise UsageError(
        f"name the organisation that the survey is about{f', such as {which}' if there else ''}: "
        "toolvet readiness --form NAME -o survey.html"
    )


def _rubric_of_form(workspace: Workspace, options: argparse.Namespace) -> Rubric:
    known = organisations(workspace)
    about = organisation_called(known, options.names[0]) if options.names else next(iter(known), None)
    return _survey_rubric(workspace, options.rubric, about)


def _survey_rubric(workspace: Workspace, rubric_id: str | None, about: Subject | None = None) -> Rubric:
    """The newest version of the survey with that id, else what the open round asks about them, else the first one."""
    if rubric_id is None and about is not None and (in_use := rubric_in_use(workspace, about)) is not None:
        return in_use
    files, problems = workspace.rubrics_and_problems()
    surveys = [file.rubric.id for file in files if file.rubric.ask is Ask.GAP]
    if rubric_id is None and not surveys:
        raise UnusableFile(problems) if problems else UsageError("there is no survey rubric; put one into rubrics/")
    rubric = rubric_given(workspace, rubric_id or surveys[0])
    if rubric.ask is not Ask.GAP:
        raise UsageError(f"--rubric {rubric.id} rates tools; {not_one_of(rubric.id, sorted(set(surveys)))}")
    return rubric


def readiness(options: argparse.Namespace) -> int:
    """Print the result, write its report, write the form, or import answers. Status 3 if a file cannot be used."""
    if options.until is not None and (options.imports or options.close):
        raise UsageError("--until goes with --form, or with the name of an organisation alone")
    if sum((options.form, options.imports, options.close)) > 1:
        raise UsageError("give one of --form (writes the survey), --import (takes answers) and --close (ends a round)")
    if options.form:
        return write_form(options)
    if options.imports:
        return import_answers(options)
    _refuse_alone(options)
    if options.close:
        return close(options)
    session = session_given(options)
    if options.until is not None:
        _kept_until(session, _survey_named(session, options)[0].name, options.until)
        return 0
    ending = None if options.output in (None, "-") else ending_of(options.output, ENDINGS)
    faults = Faults()
    gathered = gathered_given(session, options, faults)
    survey = gathered.survey
    is_json = options.json or options.format == TableFormat.JSON
    if survey is None:
        if faults.status and ending is not None:
            raise ToolvetError("there is no result to report: files of the survey cannot be used")
        _tell_open(gathered, is_json=is_json, is_report=ending is not None)
        return faults.status
    check_language(options, survey.now.rubric)
    survey = in_language(survey, session.language)
    groups = _groups_given(options, survey)
    if ending is not None:
        _write_report(survey, groups, ending, options)
    elif is_json:
        put_json(readiness_json(survey, groups or None))
    else:
        _print_text(survey, groups, options)
    return faults.status


def _tell_open(gathered: Gathered, *, is_json: bool, is_report: bool) -> None:
    """Say how many answered, and nothing else: no round is closed yet."""
    words, who = open_words(gathered.open, is_first=True), one_line(who_may_words(gathered.open))
    if is_report:
        raise UsageError(f"there is no result to report yet. {words}")
    if is_json:
        put_json(open_round_json(gathered.organisation, gathered.on, gathered.open))
    else:
        put("\n".join(wrapped(line, width()) for line in (f"{one_line(gathered.organisation)}: {words}", who) if line))
        if gathered.open.people >= gathered.open.least:
            until = gathered.open.until
            later = f" after {day(until)}" if until is not None and until > gathered.on else ""
            say(f"toolvet readiness --close closes the round{later}.")


def _refuse_alone(options: argparse.Namespace) -> None:
    for name, given, command, instead in (
        ("--group", options.group, "--form", "use --by group or --groups"),
        ("--words", options.words, "--form", "use --language"),
        ("--organisation", options.organisation, "--import", "give just the name"),
    ):
        if given is not None:
            raise UsageError(f"{name} goes with {command}; to see a result, {instead}")


def _groups_given(options: argparse.Namespace, survey: Survey) -> tuple[str, ...]:
    """The two groups to compare. UsageError for one that the rubric does not name."""
    if options.groups is None:
        return ()
    known = survey.now.rubric.groups
    for group in options.groups:
        if group not in known:
            raise UsageError(f"--groups: {not_one_of(group, list(known))}")
    if options.groups[0] == options.groups[1]:
        raise UsageError(f"--groups: {options.groups[0]} is named twice; name two groups")
    return tuple(options.groups)


def _print_text(survey: Survey, groups: tuple[str, ...], options: argparse.Namespace) -> None:
    choices = ReadinessChoices(
        table_format=TableFormat(options.format or "simple"),
        by_group=options.by == "group",
        groups=groups,
        table_width=table_width(),
        width=width(),
        has_charts=not options.no_charts,
    )
    text = readiness_text(survey, choices)
    if choices.table_format in (TableFormat.CSV, TableFormat.TSV):
        put_cells(text)
    elif choices.table_format in (TableFormat.SIMPLE, TableFormat.GRID):
        put(text)
    else:
        put_exactly(text)


def _write_report(survey: Survey, groups: tuple[str, ...], ending: str, options: argparse.Namespace) -> None:
    # jinja2 takes longer to import than the table takes to print
    from toolvet.report.survey.document import ReadinessReport, readiness_title

    if options.format is not None:
        say("--format applies to what is printed; the ending of the file decides the format of the report")
    if ending == "xlsx":
        shown = groups or (shown_in(survey.now.readiness) if options.by == "group" else ())
        sheets = [readiness_sheet(survey, shown)]
        save_workbook(readiness_title(survey), sheets, options.output, force=options.force, on=survey.on)
        return
    put_into(ReadinessReport(survey, groups).written(ending), options.output, force=options.force)
