"""`toolvet readiness --form` and `--import`: asking people who have no terminal."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

from toolvet.commands.given import Faults, day_given, workspace_given
from toolvet.commands.output import put_into, say
from toolvet.commands.rubrics import rubric_given
from toolvet.commands.suggestions import not_one_of
from toolvet.domain.assessment import Subject
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import ToolvetError, UsageError
from toolvet.files.answer_csv import csv_columns
from toolvet.files.respondents import NUMBER_COMMENT, Keeper, answer_head, respondents_in, toml_string
from toolvet.files.workspace import Workspace
from toolvet.report.text import listed, plural
from toolvet.surveys import organisation_called, organisations


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
    from toolvet.report.readiness_form import AnswerFile, form_html

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
