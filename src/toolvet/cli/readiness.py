"""`toolvet readiness`: the result of a survey."""

from __future__ import annotations

import argparse
import csv
import io
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from toolvet.cli.output import Faults, day_given, put, put_cells, put_into, say, width, workspace_given
from toolvet.cli.parser import not_one_of
from toolvet.cli.rubrics import rubric_given
from toolvet.domain.assessment import Subject
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.survey.result import Survey, readiness_json
from toolvet.report.survey.tables import ReadinessChoices, readiness_text
from toolvet.services.surveys import (
    Answers,
    answers_in,
    answers_in_folder,
    gather_survey,
    organisation_called,
    organisations,
)
from toolvet.storage.reader import read_assessment
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.survey_import import NUMBER_COMMENT, Keeper, answer_head, csv_columns, respondents_in, toml_string
from toolvet.storage.toml_input import is_file
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import json_text, listed, plural
from toolvet.text.tables import TableFormat


def survey_given(options: argparse.Namespace, faults: Faults) -> Survey:
    """The organisation's survey as named, else the only one of the workspace.

    What cannot be used is said, counted among the faults and left out; UsageError where nothing is left or several
    organisations are. Answers of days after that of --on, or after today, are left out.
    """
    found = _named(options, faults) if options.names else _all(options, faults)
    wanted = (one for one in found if options.rubric in (None, one.rubric.id))
    gathered = gather_survey(wanted, day_given(options), options.since)
    for note in gathered.notes:
        say(note)
    for left_out in gathered.left_out:
        faults.add(ToolvetError(left_out))
    return gathered.survey


def _named(options: argparse.Namespace, faults: Faults) -> Iterator[Answers]:
    for name in options.names:
        path = Path(name)
        if is_file(path) or path.suffix == ".toml":
            try:
                yield answers_in(read_assessment(path), workspace_given(options, path.absolute().parent))
            except ToolvetError as error:
                faults.add(error)
        else:
            workspace = workspace_given(options)
            yield from _in_folder(workspace, workspace.subject(name), faults)


def _all(options: argparse.Namespace, faults: Faults) -> Iterator[Answers]:
    workspace = workspace_given(options)
    for folder in workspace.subjects():
        yield from _in_folder(workspace, folder, faults)


def _in_folder(workspace: Workspace, folder: SubjectFolder, faults: Faults) -> Iterator[Answers]:
    """The answers of that folder to surveys; what is wrong is told only where there are any, or nothing else is."""
    answers, errors = answers_in_folder(folder, workspace)
    yield from answers
    for error in errors:
        faults.add(error)
    for problem in folder.problems if answers or errors or not folder.assessments else ():
        faults.add_problem(problem)


def write_form(options: argparse.Namespace) -> int:
    """Write the survey as an HTML page, or the header of a spreadsheet where FILE ends in .csv."""
    workspace = workspace_given(options)
    rubric = _survey_rubric(workspace, options.rubric)
    if options.group is not None and options.group not in rubric.groups:
        raise UsageError(f"--group: {not_one_of(options.group, list(rubric.groups))}")
    if Path(options.output or "").suffix.casefold() == ".csv":
        put_into(_header(rubric), options.output, force=options.force)
        return 0
    if options.output not in (None, "-") and Path(options.output).suffix.casefold() != ".html":
        raise UsageError(
            f"--output {options.output}: the form is a page; let the name end in .html, or .csv for a blank sheet"
        )
    # jinja2 is needed for nothing else here
    from toolvet.report.survey.document import AnswerFile, form_html

    subject = _subject_of_form(workspace, options.names)
    groups = {group: toml_string(group) for group in rubric.groups}
    answer_file = AnswerFile(answer_head(rubric, subject.name), groups, NUMBER_COMMENT)
    put_into(form_html(rubric, subject.name, answer_file, options.group), options.output, force=options.force)
    return 0


def import_answers(options: argparse.Namespace) -> int:
    """Take the files in, each respondent once; status 3 where one of them cannot be used."""
    if not options.names:
        raise UsageError("name the answer files to take in: toolvet readiness --import FILE...")
    workspace, faults, on = workspace_given(options), Faults(), day_given(options)
    about = _about(workspace, options)
    keeper = Keeper(workspace)
    kept: list[Path] = []
    known = 0
    for name in options.names:
        try:
            respondents = tuple(respondents_in(Path(name), workspace, _told(name, about, options), on))
        except ToolvetError as error:
            faults.add(error)
            continue
        for respondent in respondents:
            try:
                path = keeper.keep(respondent, on)
            except ToolvetError as error:
                faults.add(error)
                continue
            if path is None:
                known += 1
            else:
                kept.append(path)
    _tell(kept, known)
    return faults.status


def _told(
    name: str, about: tuple[Rubric, Subject] | None, options: argparse.Namespace
) -> tuple[Rubric, Subject] | None:
    """What the file is about, where it does not say so itself or the person did."""
    is_sheet = Path(name).suffix.casefold() == ".csv"
    return about if is_sheet or options.organisation is not None else None


def _tell(kept: list[Path], known: int) -> None:
    folders = listed([str(folder) for folder in sorted({path.parent for path in kept})])
    said = f"Taken in: {plural(len(kept), 'respondent')}{f', into {folders}' if kept else ''}."
    if known:
        said += f" There already, and counted once: {known}."
    say(said)


def _about(workspace: Workspace, options: argparse.Namespace) -> tuple[Rubric, Subject] | None:
    if options.organisation is not None:
        return _survey_rubric(workspace, options.rubric), _known_subject(workspace, options.organisation)
    if not any(Path(name).suffix.casefold() == ".csv" for name in options.names):
        return None
    there = organisations(workspace)
    return (_survey_rubric(workspace, options.rubric), there[0]) if len(there) == 1 else None


def _known_subject(workspace: Workspace, name: str) -> Subject:
    """The organisation of that name, as in organisation_called. UsageError for an empty name."""
    if not name.strip():
        raise UsageError("the organisation needs a name")
    return organisation_called(workspace, name)


def _subject_of_form(workspace: Workspace, names: list[str]) -> Subject:
    if len(names) > 1:
        raise UsageError("a form is about one organisation; put its name in quotes")
    if names:
        return _known_subject(workspace, names[0])
    there = organisations(workspace)
    if len(there) == 1:
        return there[0]
    which = listed([subject.name for subject in there])
    raise UsageError(
        f"say whom the survey is about{f', as {which}' if there else ''}: toolvet readiness --form NAME -o survey.html"
    )


def _survey_rubric(workspace: Workspace, rubric_id: str | None) -> Rubric:
    """The newest version of the survey of that id, else of the first there is."""
    surveys = [file.rubric.id for file in workspace.rubrics() if file.rubric.ask is Ask.GAP]
    if rubric_id is None and not surveys:
        raise UsageError("there is no rubric that asks what is expected and delivered; put one into rubrics/")
    rubric = rubric_given(workspace, rubric_id or surveys[0])
    if rubric.ask is not Ask.GAP:
        raise UsageError(f"--rubric {rubric.id} rates tools; {not_one_of(rubric.id, sorted(set(surveys)))}")
    return rubric


def _header(rubric: Rubric) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(csv_columns(rubric))
    return text.getvalue()


def readiness(options: argparse.Namespace) -> int:
    """Print the result, write its report, write the form, or take answers in; status 3 where a file cannot be used."""
    if options.form and options.imports:
        raise UsageError("--form writes the survey and --import takes its answers in; give one of them")
    if options.form:
        return write_form(options)
    if options.imports:
        return import_answers(options)
    _refuse_alone(options)
    faults = Faults()
    survey = survey_given(options, faults)
    groups = _groups_given(options, survey)
    if options.output not in (None, "-"):
        _write_report(survey, groups, options)
    elif options.json or options.format == TableFormat.JSON:
        put(json_text(readiness_json(survey, groups or None)))
    else:
        _print_text(survey, groups, options)
    return faults.status


def _refuse_alone(options: argparse.Namespace) -> None:
    for name, given in (("--group", options.group), ("--organisation", options.organisation)):
        if given is not None:
            instead = "--by group or --groups" if name == "--group" else "the name alone"
            raise UsageError(
                f"{name} goes with {'--form' if name == '--group' else '--import'}; for a result give {instead}"
            )


def _groups_given(options: argparse.Namespace, survey: Survey) -> tuple[str, ...]:
    """The two groups to be set side by side; UsageError for one that the rubric does not name."""
    if options.groups is None:
        return ()
    known = survey.now.rubric.groups
    for group in options.groups:
        if group not in known:
            raise UsageError(f"--groups: {not_one_of(group, list(known))}")
    if options.groups[0] == options.groups[1]:
        raise UsageError(f"--groups: {options.groups[0]} stands there twice; name two")
    return tuple(options.groups)


def _print_text(survey: Survey, groups: tuple[str, ...], options: argparse.Namespace) -> None:
    choices = ReadinessChoices(
        table_format=TableFormat(options.format or "simple"),
        by_group=options.by == "group",
        groups=groups,
        table_width=shutil.get_terminal_size().columns if sys.stdout.isatty() else None,
        width=width(),
    )
    text = readiness_text(survey, choices)
    if choices.table_format in (TableFormat.CSV, TableFormat.TSV):
        put_cells(text)
    else:
        put(text)


def _write_report(survey: Survey, groups: tuple[str, ...], options: argparse.Namespace) -> None:
    # jinja2 takes longer to import than the table takes to print
    from toolvet.report.formats import ReportFormat
    from toolvet.report.survey.document import readiness_report

    ending = Path(options.output).suffix.removeprefix(".").casefold()
    endings = [each.value for each in ReportFormat]
    if ending not in endings:
        raise UsageError(f"--output {options.output}: the ending {not_one_of(ending, endings)}")
    if options.format is not None:
        say("--format is for what is printed; the report's format is told by its ending")
    put_into(readiness_report(survey, groups, ReportFormat(ending)), options.output, force=options.force)
