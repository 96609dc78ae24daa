"""What a file holds, taking it over to another version of its rubric, and what a person should know about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.migration import Migration, migrate
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.services.session import Session
from toolvet.storage.reader import AssessmentFile, check_answers
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural


def is_survey(folder: SubjectFolder, workspace: Workspace) -> bool:
    """Whether the newest answers about that subject are to a survey."""
    return bool(folder.assessments) and is_answer_file(folder.assessments[0], workspace)


def is_answer_file(file: AssessmentFile, workspace: Workspace) -> bool:
    """Whether the file holds one person's answers to a survey; false if its rubric is missing."""
    asked = file.assessment.rubric
    try:
        return workspace.rubric(asked.id, asked.version).ask is Ask.GAP
    except ToolvetError:
        return False


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """What would become of the file; nothing is written yet.

    `old` is the text that was answered, or None if it is gone. `read_only` says why the file stays as it is and the
    answers go into a new one; None if the file itself changes.
    """

    file: AssessmentFile
    old: Rubric | None
    new: Rubric
    migration: Migration
    read_only: str | None


def plan_migration(workspace: Workspace, file: AssessmentFile, version: str | None = None) -> MigrationPlan | None:
    """Plan the move to that version of the rubric, else to the newest; None if that is what was answered.

    ToolvetError if one text rates tools and the other is a survey; UnusableFile if the answers would not fit.
    """
    asked = file.assessment.rubric
    new = workspace.rubric(asked.id, version or workspace.newer_version(asked) or asked.version)
    if (asked.version, asked.digest or new.digest) == (new.version, new.digest):
        return None
    old = workspace.rubric_as_answered(asked)
    if old is not None and old.ask is not new.ask:
        raise ToolvetError(
            f"{file.path}: {new.id} {new.version} asks for another kind of answer; start a new assessment"
        )
    migration = migrate(file.assessment, old, new)
    problems = check_answers(replace(file, assessment=migration.assessment), new)
    if errors := tuple(problem for problem in problems if not problem.warning):
        raise UnusableFile(errors)
    return MigrationPlan(file, old, new, migration, workspace.why_read_only(file))


def write_migration(session: Session, plan: MigrationPlan) -> AssessmentFile:
    """Write the answers into the same file or, if that is read-only, into a new one begun today by the reviewer."""
    if plan.read_only is None:
        return session.workspace.save(plan.file, plan.migration.assessment)
    on = session.on
    assessment = replace(plan.migration.assessment, started=on)
    if plan.new.ask is Ask.LEVEL and (name := session.reviewer):
        assessment = replace(assessment, reviewer=replace(assessment.reviewer, name=name))
    return session.workspace.start(assessment, on)


DECIDED = "A decision rests on this assessment, so it is read-only. Press esc to go back and continue it as a new one."
OVERTAKEN = "Somebody else changed this file"
CHANGED_RUBRIC = "The rubric has changed since this was answered, so no decision can rest on it."
CHANGED_SURVEY = "The survey has changed since this was answered."
MIGRATES = "M shows what becomes of each answer."
UNREAD = "The seal of this file is broken and you have not confirmed it, so it is read-only until you open it again."


def notices(file: AssessmentFile, rubric: Rubric, *, is_decided: bool, newer: str | None = None) -> tuple[str, ...]:
    """What the person should know about the file, one entry for each thing; `newer` is a later version of the rubric.

    Empty if there is nothing unusual.
    """
    return tuple(_notices(file, rubric, is_decided=is_decided, newer=newer))


def _notices(file: AssessmentFile, rubric: Rubric, *, is_decided: bool, newer: str | None) -> Iterator[str]:
    is_survey = rubric.ask is Ask.GAP
    if is_decided:
        yield DECIDED
    if file.seal is Seal.BROKEN:
        until = "" if is_survey else "; no decision can rest on them until you confirm it"
        yield (
            "The seal of this file is broken: it was changed outside toolvet, or cut short. "
            f"Check the answers before you rely on them{until}."
        )
    elif file.seal is Seal.MISSING and not is_decided:
        origin = "was not written by toolvet's screens" if is_survey else "was written by hand"
        yield (
            f"This file {origin}. The first change saves it in toolvet's form and keeps the original as "
            f"{file.path.name}.orig."
        )
    if is_rubric_changed(rubric, file.assessment):
        yield f"{CHANGED_SURVEY if is_survey else CHANGED_RUBRIC} {MIGRATES}"
    elif newer is not None:
        yield f"Version {newer} of this {'survey' if is_survey else 'rubric'} is available: {MIGRATES}"
    if count := sum(answer.confirm is not None for answer in file.assessment.answers.values()):
        yield f"! {plural(count, 'answer')} to be confirmed, not counted until then. j goes to what is open."


def misfit(file: AssessmentFile, rubric: Rubric) -> str | None:
    """Why these answers cannot be shown or scored under that rubric, and what to do; None if they can."""
    problems = [str(problem) for problem in check_answers(file, rubric) if not problem.warning]
    if problems and is_rubric_changed(rubric, file.assessment):
        problems.insert(0, f"The rubric has changed since this was answered. {MIGRATES}")
    return "\n".join(problems) or None
