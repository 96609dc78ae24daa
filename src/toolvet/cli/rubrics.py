"""`toolvet rubrics`, `questions` and `schema`: what there is to ask with."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from toolvet.cli.output import Faults, put, put_into, say, workspace_given
from toolvet.cli.parser import not_one_of
from toolvet.domain.rubric import Ask, Rubric, Sitting, version_order
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.migration import migration_json, migration_text
from toolvet.report.rubric import SheetFormat, blank_sheet
from toolvet.services.assessments import Plan, plan_migration, write_migration
from toolvet.storage.furnishing import begin_rubric, check_rubric_id, write_rubric
from toolvet.storage.reader import read_assessment
from toolvet.storage.rubric_library import RubricFile
from toolvet.storage.schema import schema_text
from toolvet.storage.toml_input import CHANGED_OUTSIDE, Seal
from toolvet.storage.user_state import reviewer_name
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import json_text
from toolvet.text.tables import TableFormat, table

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
    from toolvet.report.rubric import RubricFormat, rubric_document

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


def new_rubric(options: argparse.Namespace) -> int:
    """Write a small rubric to begin with, and say what to do next."""
    output = None if options.output is None else Path(options.output)
    workspace = workspace_given(options, None if output is None else output.absolute().parent)
    check_rubric_id(options.id)
    if any(file.rubric.id == options.id for file in workspace.rubrics()):
        raise UsageError(f"there is a rubric {options.id} already; choose another id, or change that one")
    path = (
        begin_rubric(workspace.root, options.id) if output is None else write_rubric(output, options.id, workspace.root)
    )
    say(f"Written: {path}")
    say(f"It works as it stands: change it, and run toolvet check {path} until nothing is wrong.")
    say("In toolvet, b walks through it as a reviewer would see it. docs/rubrics.md goes through all of it.")
    return 0


def migrate_file(options: argparse.Namespace) -> int:
    """Show what becomes of each answer; with --write write it, where a decision rests on the file into a new one."""
    path = Path(options.file)
    workspace = workspace_given(options, path.absolute().parent)
    file = read_assessment(path)
    plan = plan_migration(workspace, file, options.to)
    if plan is None:
        asked = file.assessment.rubric
        say(f"{path}: {asked.id} {asked.version} is what was answered; there is nothing to migrate.")
        return 0
    written = _write(workspace, plan, options) if options.write else None
    if options.json:
        shown = migration_json(plan.migration, file=str(path), written=None if written is None else str(written))
        put(json_text(shown))
    else:
        put(migration_text(plan.migration))
    say("Nothing was written; --write does." if written is None else f"Written: {written}")
    return 0


def _write(workspace: Workspace, plan: Plan, options: argparse.Namespace) -> Path:
    path = plan.file.path
    if plan.file.seal is Seal.BROKEN and not options.confirm_seal:
        raise UsageError(f"{path}: {CHANGED_OUTSIDE}. Read it through; then --confirm-seal says that you have.")
    if plan.read_only is not None:
        say(f"{path} stays as it is, because {plan.read_only}.")
    written = write_migration(workspace, plan, reviewer_name(), date.today())
    if written.kept_original is not None:
        say(f"The file as it was before is kept as {written.kept_original}.")
    return written.path
