"""Which files answer a survey. Apart from counting them, which takes longer to load than opening a tool's questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.migration import Migration, migrate
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.storage.reader import AssessmentFile, check_answers
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural


def is_survey(folder: SubjectFolder, workspace: Workspace) -> bool:
    """Whether the newest of what was answered about that subject answers a survey."""
    return bool(folder.assessments) and is_answer_file(folder.assessments[0], workspace)


def is_answer_file(file: AssessmentFile, workspace: Workspace) -> bool:
    """Whether a survey is answered in that file."""
    asked = file.assessment.rubric
    try:
        return workspace.rubric(asked.id, asked.version).ask is Ask.GAP
    except ToolvetError:
        return False


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


DECIDED = "A decision rests on this assessment, so it is read-only. Go back with esc, and continue it as a new one."
OVERTAKEN = "Somebody else changed this file"

CHANGED_RUBRIC = "The rubric's words have changed since this was answered: no decision can rest on it."
CHANGED_SURVEY = "The survey's words have changed since this was answered."
MIGRATES = "M shows what becomes of each answer."
UNREAD = "The seal of this file is broken and it was not read through: it is read-only until you open it again."


def about(file: AssessmentFile, rubric: Rubric, *, is_decided: bool, newer: str | None = None) -> tuple[str, ...]:
    """One sentence or two for each thing the person should know; none where all is as usual.

    `newer` is a version of the rubric that came after the one that was answered.
    """
    is_survey = rubric.ask is Ask.GAP
    said = [DECIDED] if is_decided else []
    match file.seal:
        case Seal.BROKEN:
            until = "" if is_survey else "; no decision can rest on it until that is confirmed"
            said.append(
                "The seal of this file is broken: it was changed outside toolvet, or cut short. "
                f"Look through the answers before you rely on them{until}."
            )
        case Seal.MISSING if not is_decided:
            written = "not written by toolvet's screens" if is_survey else "written by hand"
            said.append(
                f"This file was {written}. The first change saves it in toolvet's form and keeps the original "
                f"as {file.path.name}.orig."
            )
        case _:
            pass
    if is_rubric_changed(rubric, file.assessment):
        said.append(f"{CHANGED_SURVEY if is_survey else CHANGED_RUBRIC} {MIGRATES}")
    elif newer is not None:
        said.append(f"Version {newer} of this {'survey' if is_survey else 'rubric'} is there: {MIGRATES}")
    count = sum(answer.confirm is not None for answer in file.assessment.answers.values())
    if count:
        said.append(f"! {plural(count, 'answer')} to be confirmed, not counted until then. j goes to what is open.")
    return tuple(said)


def misfit(file: AssessmentFile, rubric: Rubric) -> str | None:
    """Why these answers cannot be shown or scored by that text of the rubric, and what to do; None where they can."""
    problems = [str(problem) for problem in check_answers(file, rubric) if not problem.warning]
    if problems and is_rubric_changed(rubric, file.assessment):
        problems.insert(0, f"The rubric's words have changed since this was answered. {MIGRATES}")
    return "\n".join(problems) or None
