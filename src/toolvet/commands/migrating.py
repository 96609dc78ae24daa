"""`toolvet migrate`."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from toolvet.commands.given import workspace_given
from toolvet.commands.output import put, say
from toolvet.errors import UsageError
from toolvet.files.migrating import Plan, plan_migration, write_migration
from toolvet.files.reading import read_assessment
from toolvet.files.reviewer import reviewer_name
from toolvet.files.seal import CHANGED_OUTSIDE, Seal
from toolvet.files.workspace import Workspace
from toolvet.report.migration import migration_json, migration_text
from toolvet.report.text import json_text


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
