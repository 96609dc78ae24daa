"""`toolvet rubrics`, `schema`, `new-rubric` and `migrate`: rubrics, and moving assessments between them."""

from __future__ import annotations

import argparse
from pathlib import Path
from shlex import quote

from toolvet.cli.output import (
    Faults,
    ending_of,
    put,
    put_exactly,
    put_into,
    put_json,
    say,
    session_given,
    tell_faults,
    warn,
)
from toolvet.cli.parser import not_one_of
from toolvet.domain.rubric import Ask, Rubric, version_order
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.listing import migration_json, migration_text, nothing_to_migrate_json, output_schema
from toolvet.services.assessments import (
    NO_COPY,
    MigrationPlan,
    Session,
    plan_migration,
    read_corrected,
    write_migration,
)
from toolvet.storage.furnishing import RubricStart, begin_rubric, check_rubric_id, write_rubric
from toolvet.storage.rubric_library import RubricFile
from toolvet.storage.schema import SCHEMA_NAMES, schema_text
from toolvet.storage.toml_input import CHANGED_OUTSIDE, Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.tables import TableFormat, table

_COLUMNS = ("rubric", "version", "asks", "questions", "must-haves", "where", "title")
_ALIGN = ("left", "left", "left", "right", "right", "left", "left")


def list_rubrics(options: argparse.Namespace) -> int:
    """Print the usable rubrics, or one as a document. Status 3 if another cannot be used."""
    session = session_given(options)
    workspace = session.workspace
    if options.show is not None:
        return _show(options, session)
    if options.version is not None or options.output is not None:
        raise UsageError("--version and --output need --show ID, which says which rubric")
    files, problems = workspace.rubrics_and_problems()
    if options.json:
        put_json([_as_json(file) for file in files])
    else:
        put(table([_row(file) for file in files], _COLUMNS, TableFormat.SIMPLE, _ALIGN))
    faults = Faults()
    faults.add(*problems)
    return faults.status


def _show(options: argparse.Namespace, session: Session) -> int:
    from toolvet.report.rubric import RubricFormat, rubric_document

    workspace = session.workspace
    endings = [each.value for each in RubricFormat]
    ending = "md" if options.output in (None, "-") else ending_of(options.output, endings)
    if options.version is None:
        rubric = rubric_given(workspace, options.show)
    else:
        try:
            rubric = workspace.rubric(options.show, options.version)
        except ToolvetError:
            for problem in workspace.rubric_problems:  # the one that is missing may be among them
                warn(str(problem))
            raise
    put_into(rubric_document(rubric.on(session.on), RubricFormat(ending)), options.output, force=options.force)
    return 0


def print_schema(options: argparse.Namespace) -> int:
    """Print the schema of a kind of file, or of what a command prints as JSON."""
    put_exactly(schema_text(options.kind) if options.kind in SCHEMA_NAMES else output_schema(options.kind))
    return 0


def rubric_given(workspace: Workspace, rubric_id: str | None) -> Rubric:
    """The newest version of that rubric, else of the first that rates tools.

    UsageError for an unknown id, unless it may be in a file that cannot be used.
    """
    rubrics = [file.rubric for file in workspace.rubrics()]
    for_tools = [rubric.id for rubric in rubrics if rubric.ask is Ask.LEVEL and rubric.subject == "tool"]
    return _newest(workspace, rubric_id or next(iter(for_tools), "tool")).rubric


def _newest(workspace: Workspace, rubric_id: str) -> RubricFile:
    files, problems = workspace.rubrics_and_problems()
    versions = [file for file in files if file.rubric.id == rubric_id]
    if not versions:
        unknown = f"rubric {not_one_of(rubric_id, sorted({file.rubric.id for file in files}))}"
        raise ToolvetError(*map(str, problems), unknown) if problems else UsageError(unknown)
    return max(versions, key=lambda file: version_order(file.rubric.version))


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
    """Write a rubric to begin with, and say what to do next."""
    output = None if options.output is None else Path(options.output)
    if output is not None:
        ending_of(str(output), ["toml"])
    workspace = session_given(options, None if output is None else output.absolute().parent).workspace
    check_rubric_id(options.id)
    if any(file.rubric.id == options.id for file in workspace.rubrics()):
        raise UsageError(f"there already is a rubric {options.id}; choose another id, or change that one")
    other = None if options.other is None else _newest(workspace, options.other)
    start = RubricStart(is_survey=options.survey, other=other)
    if output is None:
        path = begin_rubric(workspace.root, options.id, start)
    else:
        path = write_rubric(output, options.id, workspace.root, start)
    say(f"Written: {path}")
    say(f"It works as it is. Change it, and run toolvet check {quote(str(path))} until it finds no problems.")
    if start.is_survey or (other is not None and other.rubric.ask is Ask.GAP):
        say(f"Write its form with toolvet readiness --form NAME --rubric {options.id} -o survey.html.")
    say("To walk through it, open toolvet and press b. docs/rubrics.md explains every key.")
    return 0


def migrate_file(options: argparse.Namespace) -> int:
    """Show what becomes of each answer; with --write, write it."""
    path = Path(options.file)
    session = session_given(options, path.absolute().parent)
    file, faults = read_corrected(session.workspace, path), Faults()
    tell_faults(faults, session.workspace, session.workspace.folder_of(file), [file])
    plan = plan_migration(session.workspace, file, options.to)
    if plan is None:
        faults.add(*session.workspace.rubric_problems)  # a newer version may be among them
        asked = file.assessment.rubric
        if options.json:
            put_json(nothing_to_migrate_json(asked, file=str(path)))
        say(f"{path}: already answers {asked.id} {asked.version}; there is nothing to migrate.")
        return faults.status
    written = _write(session, plan, options) if options.write else None
    if options.json:
        shown = migration_json(plan.migration, file=str(path), written=None if written is None else str(written))
        put_json(shown)
    else:
        put(migration_text(plan.migration))
    say("Nothing was written; add --write to write it." if written is None else f"Written: {written}")
    return faults.status


def _write(session: Session, plan: MigrationPlan, options: argparse.Namespace) -> Path:
    path = plan.file.path
    if plan.file.seal is Seal.BROKEN and not options.confirm_seal:
        raise UsageError(f"{path}: {CHANGED_OUTSIDE}. Read it through, then add --confirm-seal.")
    if plan.read_only is not None:
        say(f"{path} stays as it is, because {plan.read_only}.")
    written = write_migration(session, plan)
    if written.not_copied is not None:
        say(f"{NO_COPY} {written.not_copied}")
    if written.kept_original is not None:
        say(f"The previous version of the file is kept as {written.kept_original}.")
    return written.path
