"""An assessment file taken over to another text of its rubric: what would become of it, and writing that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from toolvet.domain.migration import Migration, migrate
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.files.reading import AssessmentFile, check_answers
from toolvet.files.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of the file; nothing is written yet.

    `old` is the text that was answered, None where it is not here any more. `read_only` says why the file stays as it
    is and the answers go into a new one; None where the file itself is changed.
    """

    file: AssessmentFile
    old: Rubric | None
    new: Rubric
    migration: Migration
    read_only: str | None


def plan_migration(workspace: Workspace, file: AssessmentFile, version: str | None = None) -> Plan | None:
    """The file under that version of its rubric, else the newest; None where that is what was answered.

    ToolvetError where the two texts cannot be answered alike.
    """
    asked = file.assessment.rubric
    new = workspace.rubric(asked.id, version or workspace.newer_version(asked) or asked.version)
    if (asked.version, asked.digest or new.digest) == (new.version, new.digest):
        return None
    old = workspace.rubric_as_answered(asked)
    if old is not None and old.ask is not new.ask:
        raise ToolvetError(f"{file.path}: {new.id} {new.version} is answered in another way; start a new assessment")
    migration = migrate(file.assessment, old, new)
    problems = check_answers(replace(file, assessment=migration.assessment), new)
    if wrong := tuple(problem for problem in problems if not problem.warning):
        raise UnusableFile(wrong)
    return Plan(file, old, new, migration, workspace.why_read_only(file))


def write_migration(workspace: Workspace, plan: Plan, reviewer: str | None, on: date) -> AssessmentFile:
    """The file as it was written: the same one, or a new one, begun that day by that reviewer."""
    if plan.read_only is None:
        return workspace.save(plan.file, plan.migration.assessment)
    assessment = replace(plan.migration.assessment, started=on)
    if plan.new.ask is Ask.LEVEL and reviewer:
        assessment = replace(assessment, reviewer=replace(assessment.reviewer, name=reviewer))
    return workspace.start(assessment, on)
