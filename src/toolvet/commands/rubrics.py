"""`toolvet rubrics`, `questions` and `schema`: what there is to ask with."""

from __future__ import annotations

import argparse
from pathlib import Path

from toolvet.commands.given import Faults, workspace_given
from toolvet.commands.output import put, put_into, say
from toolvet.commands.suggestions import not_one_of
from toolvet.domain.rubric import Ask, Rubric, Sitting
from toolvet.domain.versions import version_order
from toolvet.errors import ToolvetError, UsageError
from toolvet.files.rubric_shelf import RubricFile
from toolvet.files.schema import schema_text
from toolvet.files.workspace import Workspace
from toolvet.report.sheet import SheetFormat, blank_sheet
from toolvet.report.tables import TableFormat, table
from toolvet.report.text import json_text

HEADERS = ("rubric", "version", "asks", "questions", "must-haves", "where", "title")
_ALIGN = ("left", "left", "left", "right", "right", "left", "left")


def list_rubrics(options: argparse.Namespace) -> int:
    """Print the rubrics that can be used, or one as a document; status 3 where another cannot be used."""
    workspace = workspace_given(options)
    if options.show is not None:
        return _show(options, workspace)
    if options.version is not None or options.output is not None:
        raise UsageError("--version and --output go with --show ID; say which rubric")
    files = workspace.rubrics()
    if options.json:
        put(json_text([_as_json(file) for file in files]))
    else:
        put(table([_row(file) for file in files], HEADERS, TableFormat.SIMPLE, _ALIGN))
    faults = Faults()
    for problem in workspace.rubric_problems:
        faults.add_problem(problem)
    return faults.status


def _show(options: argparse.Namespace, workspace: Workspace) -> int:
    """Print a rubric as a document, or write it."""
    # The templates take 40 ms to import; the list of rubrics goes without them.
    from toolvet.report.rubric_document import RubricFormat, rubric_document

    ending = "md" if options.output in (None, "-") else Path(options.output).suffix.removeprefix(".").casefold()
    endings = [each.value for each in RubricFormat]
    if ending not in endings:
        raise UsageError(f"--output {options.output}: the ending {not_one_of(ending, endings)}")
    put_into(rubric_document(_shown(options, workspace), RubricFormat(ending)), options.output, force=options.force)
    return 0


def _shown(options: argparse.Namespace, workspace: Workspace) -> Rubric:
    """The rubric to show; where it is not there, what is wrong with those that cannot be used is said first."""
    try:
        if options.version is None:
            return rubric_given(workspace, options.show)
        return workspace.rubric(options.show, options.version)
    except ToolvetError:
        for problem in workspace.rubric_problems:
            say(str(problem))
        raise


def questions(options: argparse.Namespace) -> int:
    """Print a blank sheet, or write it."""
    sheet_format = _sheet_format(options)
    rubric = rubric_given(workspace_given(options), options.rubric)
    where = None if options.where is None else Sitting(options.where)
    put_into(blank_sheet(rubric, where, sheet_format), options.output, force=options.force)
    return 0


def _sheet_format(options: argparse.Namespace) -> SheetFormat:
    """What --format or the ending of the output says; UsageError for another ending, or where the two differ."""
    if options.output in (None, "-"):
        return SheetFormat(options.format or SheetFormat.MARKDOWN)
    ending = Path(options.output).suffix.removeprefix(".").casefold()
    endings = [each.value for each in SheetFormat]
    if ending not in endings:
        raise UsageError(f"--output {options.output}: the ending {not_one_of(ending, endings)}")
    if options.format not in (None, ending):
        raise UsageError(f"--format {options.format} and the ending .{ending} contradict each other; leave one out")
    return SheetFormat(ending)


def print_schema(options: argparse.Namespace) -> int:
    """Print a schema."""
    put(schema_text(options.kind))
    return 0


def rubric_given(workspace: Workspace, rubric_id: str | None) -> Rubric:
    """The newest version of the rubric of that id, else of the first that rates tools. UsageError where none is."""
    rubrics = [file.rubric for file in workspace.rubrics()]
    for_tools = [rubric.id for rubric in rubrics if rubric.ask is Ask.LEVEL and rubric.subject == "tool"]
    wanted = rubric_id or next(iter(for_tools), "tool")
    versions = [rubric for rubric in rubrics if rubric.id == wanted]
    if not versions:
        raise UsageError(f"rubric {not_one_of(wanted, sorted({rubric.id for rubric in rubrics}))}")
    return max(versions, key=lambda rubric: version_order(rubric.version))


def _row(file: RubricFile) -> tuple[str, ...]:
    rubric = file.rubric
    return (
        rubric.id,
        rubric.version,
        rubric.ask.value,
        str(sum(1 for _ in rubric.questions())),
        str(_must_haves(rubric)),
        "shipped" if file.shipped else "workspace",
        rubric.title,
    )


def _as_json(file: RubricFile) -> dict[str, object]:
    rubric = file.rubric
    return {
        "id": rubric.id,
        "version": rubric.version,
        "digest": rubric.digest,
        "title": rubric.title,
        "subject": rubric.subject,
        "ask": rubric.ask.value,
        "questions": sum(1 for _ in rubric.questions()),
        "must_haves": _must_haves(rubric),
        "shipped": file.shipped,
        "file": str(file.path),
    }


def _must_haves(rubric: Rubric) -> int:
    return sum(1 for _, question in rubric.questions() if question.must_reach is not None)
