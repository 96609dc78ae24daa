"""`toolvet readiness`: the form of a survey, its answers, and the result."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from toolvet.cli.output import Faults, ending_of, put, put_cells, put_into, say, session_given, table_width, width
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
    """The survey of the organisation named, else of the only one in the workspace, without answers of later days.

    What cannot be used is said, counted among the faults and left out. UsageError if nothing is left, or if there
    are several organisations.
    """
    session = session_given(options)
    found = _named(session.workspace, options, faults) if options.names else _all(session.workspace, faults)
    wanted = (one for one in found if options.rubric in (None, one.rubric.id))
    gathered = gather_survey(wanted, session.on, options.since)
    for note in gathered.notes:
        say(note)
    for left_out in gathered.left_out:
        faults.add(ToolvetError(left_out))
    return gathered.survey


def _named(workspace: Workspace, options: argparse.Namespace, faults: Faults) -> Iterator[Answers]:
    for name in options.names:
        path = Path(name)
        if is_file(path) or path.suffix == ".toml":
            try:
                around = session_given(options, path.absolute().parent).workspace
                yield answers_in(read_assessment(path), around)
            except ToolvetError as error:
                faults.add(error)
        else:
            yield from _in_folder(workspace, workspace.subject(name), faults)


def _all(workspace: Workspace, faults: Faults) -> Iterator[Answers]:
    for folder in workspace.subjects():
        yield from _in_folder(workspace, folder, faults)


def _in_folder(workspace: Workspace, folder: SubjectFolder, faults: Faults) -> Iterator[Answers]:
    """The answers to surveys in that folder. A folder of a tool adds no faults."""
    answers, errors = answers_in_folder(folder, workspace)
    yield from answers
    for error in errors:
        faults.add(error)
    for problem in folder.problems if answers or errors or not folder.assessments else ():
        faults.add_problem(problem)


def write_form(options: argparse.Namespace) -> int:
    """Write the survey as an HTML page, or the header row of a spreadsheet if FILE ends in .csv."""
    workspace = session_given(options).workspace
    rubric = _survey_rubric(workspace, options.rubric)
    if options.group is not None and options.group not in rubric.groups:
        raise UsageError(f"--group: {not_one_of(options.group, list(rubric.groups))}")
    if Path(options.output or "").suffix.casefold() == ".csv":
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow(csv_columns(rubric))
        put_into(header.getvalue(), options.output, force=options.force)
        return 0
    if options.output not in (None, "-") and Path(options.output).suffix.casefold() != ".html":
        raise UsageError(
            f"--output {options.output}: the form is a page; use a name ending in .html, or .csv for a blank sheet"
        )
    from toolvet.report.survey.document import AnswerFile, form_html

    subject = _subject_of_form(workspace, options.names)
    groups = {group: toml_string(group) for group in rubric.groups}
    answer_file = AnswerFile(answer_head(rubric, subject.name), groups, NUMBER_COMMENT)
    put_into(form_html(rubric, subject.name, answer_file, options.group), options.output, force=options.force)
    return 0


def import_answers(options: argparse.Namespace) -> int:
    """Take the answer files in, each respondent once. Status 3 if one of them cannot be used."""
    if not options.names:
        raise UsageError("name the answer files to import: toolvet readiness --import FILE...")
    session, faults = session_given(options), Faults()
    workspace, on = session.workspace, session.on
    about = _about(workspace, options)
    keeper = Keeper(workspace)
    kept: list[Path] = []
    known = 0
    for name in options.names:
        # a .toml says itself what it is about, unless --organisation does
        told = about if Path(name).suffix.casefold() == ".csv" or options.organisation is not None else None
        try:
            respondents = tuple(respondents_in(Path(name), workspace, told, on))
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
    folders = listed([str(folder) for folder in sorted({path.parent for path in kept})])
    words = f"Imported: {plural(len(kept), 'respondent')}{f', into {folders}' if kept else ''}."
    say(f"{words} Already there, and counted once: {known}." if known else words)
    return faults.status


def _about(workspace: Workspace, options: argparse.Namespace) -> tuple[Rubric, Subject] | None:
    if options.organisation is not None:
        return _survey_rubric(workspace, options.rubric), _subject_called(workspace, options.organisation)
    if not any(Path(name).suffix.casefold() == ".csv" for name in options.names):
        return None
    there = organisations(workspace)
    return (_survey_rubric(workspace, options.rubric), there[0]) if len(there) == 1 else None


def _subject_called(workspace: Workspace, name: str) -> Subject:
    if not name.strip():
        raise UsageError("the organisation needs a name")
    return organisation_called(workspace, name)


def _subject_of_form(workspace: Workspace, names: list[str]) -> Subject:
    if len(names) > 1:
        raise UsageError("a form is about one organisation; put a name of several words in quotes")
    if names:
        return _subject_called(workspace, names[0])
    there = organisations(workspace)
    if len(there) == 1:
        return there[0]
    which = listed([subject.name for subject in there])
    raise UsageError(
        f"name the organisation that the survey is about{f', such as {which}' if there else ''}: "
        "toolvet readiness --form NAME -o survey.html"
    )


def _survey_rubric(workspace: Workspace, rubric_id: str | None) -> Rubric:
    """The newest version of the survey with that id, else of the first one."""
    surveys = [file.rubric.id for file in workspace.rubrics() if file.rubric.ask is Ask.GAP]
    if rubric_id is None and not surveys:
        raise UsageError("there is no survey rubric; put one into rubrics/")
    rubric = rubric_given(workspace, rubric_id or surveys[0])
    if rubric.ask is not Ask.GAP:
        raise UsageError(f"--rubric {rubric.id} rates tools; {not_one_of(rubric.id, sorted(set(surveys)))}")
    return rubric


def readiness(options: argparse.Namespace) -> int:
    """Print the result, write its report, write the form, or import answers. Status 3 if a file cannot be used."""
    if options.form and options.imports:
        raise UsageError("--form writes the survey and --import takes its answers; give only one of them")
    if options.form:
        return write_form(options)
    if options.imports:
        return import_answers(options)
    _refuse_alone(options)
    ending = None if options.output in (None, "-") else ending_of(options.output)
    faults = Faults()
    survey = survey_given(options, faults)
    groups = _groups_given(options, survey)
    if ending is not None:
        _write_report(survey, groups, ending, options)
    elif options.json or options.format == TableFormat.JSON:
        put(json_text(readiness_json(survey, groups or None)))
    else:
        _print_text(survey, groups, options)
    return faults.status


def _refuse_alone(options: argparse.Namespace) -> None:
    for name, given in (("--group", options.group), ("--organisation", options.organisation)):
        if given is not None:
            instead = "use --by group or --groups" if name == "--group" else "give just the name"
            raise UsageError(
                f"{name} goes with {'--form' if name == '--group' else '--import'}; to see a result, {instead}"
            )


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
    )
    text = readiness_text(survey, choices)
    if choices.table_format in (TableFormat.CSV, TableFormat.TSV):
        put_cells(text)
    else:
        put(text)


def _write_report(survey: Survey, groups: tuple[str, ...], ending: str, options: argparse.Namespace) -> None:
    # jinja2 takes longer to import than the table takes to print
    from toolvet.report.formats import ReportFormat
    from toolvet.report.survey.document import readiness_report

    if options.format is not None:
        say("--format applies to what is printed; the ending of the file decides the format of the report")
    put_into(readiness_report(survey, groups, ReportFormat(ending)), options.output, force=options.force)
