"""`toolvet rubrics`, `questions` and `schema`: what there is to ask with."""

from __future__ import annotations

import argparse

from toolvet.commands.given import Faults, workspace_given
from toolvet.commands.output import put, put_into
from toolvet.commands.suggestions import not_one_of
from toolvet.domain.rubric import Ask, Rubric, Sitting
from toolvet.errors import UsageError
from toolvet.files.rubric_shelf import RubricFile
from toolvet.files.schema import schema_text
from toolvet.files.workspace import Workspace
from toolvet.report.sheet import blank_sheet
from toolvet.report.tables import TableFormat, table
from toolvet.report.text import json_text

HEADERS = ("rubric", "version", "asks", "questions", "must-haves", "where", "title")
_ALIGN = ("left", "left", "left", "right", "right", "left", "left")


def list_rubrics(options: argparse.Namespace) -> int:
    """Print the rubrics that can be used; status 3 where another cannot."""
    workspace = workspace_given(options)
    files = workspace.rubrics()
    if options.json:
        put(json_text([_as_json(file) for file in files]))
    else:
        put(table([_row(file) for file in files], HEADERS, TableFormat.SIMPLE, _ALIGN))
    faults = Faults()
    for problem in workspace.rubric_problems:
        faults.add_problem(problem)
    return faults.status


def questions(options: argparse.Namespace) -> int:
    """Print a blank sheet, or write it."""
    rubric = rubric_given(workspace_given(options), options.rubric)
    is_csv = options.format == "csv" or (options.format is None and str(options.output).endswith(".csv"))
    where = None if options.where is None else Sitting(options.where)
    put_into(blank_sheet(rubric, where, "csv" if is_csv else "md"), options.output)
    return 0


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
    return max(versions, key=lambda rubric: _in_order(rubric.version))


def _in_order(version: str) -> tuple[tuple[int, str], ...]:
    """1.10.0 after 1.9.0."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in version.split("."))


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
