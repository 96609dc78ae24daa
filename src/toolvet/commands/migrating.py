"""`toolvet migrate`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path

from toolvet.commands.given import workspace_given
from toolvet.commands.output import put, say
from toolvet.domain.migration import Migration, migrate
from toolvet.domain.rubric import Rubric
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.files.reading import AssessmentFile, check_answers, read_assessment
from toolvet.files.reviewer import reviewer_name
from toolvet.files.workspace import Workspace
from toolvet.report.migration import migration_json, migration_text
from toolvet.report.text import json_text


def migrate_file(options: argparse.Namespace) -> int:
    """Show what becomes of each answer; with --write write it, where a decision rests on the file into a new one."""
    path = Path(options.file)
    workspace = workspace_given(options, path.absolute().parent)
    file = read_assessment(path)
    asked = file.assessment.rubric
    new = workspace.rubric(asked.id, options.to or workspace.newer_version(asked) or asked.version)
    if (asked.version, asked.digest or new.digest) == (new.version, new.digest):
        say(f"{path}: {new.id} {new.version} is what was answered; there is nothing to migrate.")
        return 0
    migration = _migration(file, workspace.rubric_as_answered(asked), new)
    written = _write(workspace, file, migration) if options.write else None
    if options.json:
        put(json_text(migration_json(migration, file=str(path), written=None if written is None else str(written))))
    else:
        put(migration_text(migration))
    if written is None:
        say("Nothing was written; --write does.")
    else:
        say(f"Written: {written}")
    return 0


def _migration(file: AssessmentFile, old: Rubric | None, new: Rubric) -> Migration:
    """What would become of the file. ToolvetError where the two texts cannot be answered alike."""
    if old is not None and old.ask is not new.ask:
        raise ToolvetError(f"{file.path}: {new.id} {new.version} is answered in another way; start a new assessment")
    migration = migrate(file.assessment, old, new)
    migrated = replace(file, assessment=migration.assessment)
    problems = tuple(problem for problem in check_answers(migrated, new) if not problem.warning)
    if problems:
        raise UnusableFile(problems)
    return migration


def _write(workspace: Workspace, file: AssessmentFile, migration: Migration) -> Path:
    decided = workspace.decision_on(file)
    if decided is None:
        return workspace.save(file, migration.assessment).path
    say(f"A decision of {decided.decision.decided_on} rests on {file.path}, which stays as it is.")
    today = date.today()
    reviewer = replace(file.assessment.reviewer, name=reviewer_name() or file.assessment.reviewer.name)
    return workspace.start(replace(migration.assessment, started=today, reviewer=reviewer), today).path
