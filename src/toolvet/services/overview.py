"""What the home screen says about each subject: where it stands, what was decided, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from toolvet.domain.decision_rules import Standing, is_approved, last_day_of
from toolvet.domain.rubric import Ask
from toolvet.domain.scorecard import AnswerState, Scorecard
from toolvet.domain.scoring import score
from toolvet.errors import Problem, ToolvetError
from toolvet.services.assessments import misfit
from toolvet.services.decisions import decided_in
from toolvet.storage.reader import AssessmentFile, DecisionFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural

if TYPE_CHECKING:
    from toolvet.services.surveys import Gathered


class Urgency(StrEnum):
    """How a due thing stands to the day."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Due:
    """Something that has to happen by a day: what, when (None: already), how near that is, and what it is about."""

    words: str
    day: date | None
    urgency: Urgency
    about: str = ""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A survey: how many answer files there are, and its result; None while it is counted or where there is none."""

    files: int
    gathered: Gathered | None


@dataclass(frozen=True, slots=True)
class SubjectView:
    """One row of home. `scorecard` is None where it cannot be computed, and `fault` then says why.

    `files` are the latest assessments, one for each reviewer who is as recent; the scorecard is of the first.
    """

    folder: SubjectFolder
    name: str
    files: tuple[AssessmentFile, ...]
    scorecard: Scorecard | None
    fault: str | None
    decision: DecisionFile | None
    due: tuple[Due, ...]
    standing: Standing | None = None
    doubts: tuple[str, ...] = ()
    """Why its files should not be relied on as they are."""
    survey: Surveyed | None = None
    """Of an organisation that a survey is about; it has no scorecard and no decision."""


def view_of(workspace: Workspace, folder: SubjectFolder, on: date) -> SubjectView:
    """What there is to say about that subject on that day."""
    files = workspace.latest(folder)
    decided = decided_in(workspace, folder, on)
    scorecard, fault = _scored(workspace, files, on)
    return SubjectView(
        folder=folder,
        name=files[0].assessment.subject.label if files else folder.name,
        files=files,
        scorecard=scorecard,
        fault=fault,
        decision=decided.file,
        due=due_of(files[0] if files else None, decided.file, scorecard, on),
        standing=decided.standing,
        doubts=tuple(dict.fromkeys(doubt for file in files for doubt in workspace.doubts(file, folder))),
    )


def uncounted(folder: SubjectFolder) -> SubjectView:
    """What there is to say about a survey before it is counted."""
    return SubjectView(
        folder=folder,
        name=folder.assessments[0].assessment.subject.label,
        files=folder.assessments,
        scorecard=None,
        fault=None,
        decision=None,
        due=(),
        survey=Surveyed(len(folder.assessments), None),
    )


def due_of(
    file: AssessmentFile | None, decision: DecisionFile | None, scorecard: Scorecard | None, on: date
) -> tuple[Due, ...]:
    """What is promised or falls due, the first day first; what was promised counts until something is decided."""
    days: list[tuple[date, str, str]] = []
    if file is not None and decision is None and (promised := file.assessment.subject.answer_by) is not None:
        days.append((promised, "answer due", ""))
    if decision is not None:
        made = decision.decision
        if (last := last_day_of(made)) is not None:
            days.append((last, "approval ends" if is_approved(made) else "to look at again", ""))
        days += [(each.due, "condition due", each.text) for each in made.conditions if each.due]
        days += [(waiver.expires, "waiver ends", waiver.question) for waiver in made.waivers]
    due = [Due(words, day, urgency_of(day, on), about) for day, words, about in sorted(days)]
    expired = _expired(scorecard)
    if expired:
        due.insert(0, Due(f"{plural(expired, 'answer')} expired", None, Urgency.OVERDUE))
    return tuple(due)


def urgency_of(day: date, on: date) -> Urgency:
    """Overdue the day after it; soon within 30 days."""
    if day < on:
        return Urgency.OVERDUE
    return Urgency.SOON if (day - on).days <= SOON_DAYS else Urgency.LATER


def days_words(day: date, on: date) -> str:
    """How far the day is: "today", "in 6 days", "12 days ago"."""
    days = (day - on).days
    if days == 0:
        return "today"
    count = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
    return f"in {count}" if days > 0 else f"{count} ago"


def broken(folders: tuple[SubjectFolder, ...]) -> tuple[Problem, ...]:
    """Every problem with a subject's files, and every copy left by a conflict, which is a warning."""
    return tuple(problem for folder in folders for problem in folder.problems)


def _scored(workspace: Workspace, files: tuple[AssessmentFile, ...], on: date) -> tuple[Scorecard | None, str | None]:
    if not files:
        return None, "no assessment that can be read"
    reference = files[0].assessment.rubric
    try:
        rubric = workspace.rubric(reference.id, reference.version)
    except ToolvetError as error:
        return None, str(error)
    if rubric.ask is Ask.GAP:
        return None, "a survey of what is expected and delivered"
    if (why := misfit(files[0], rubric)) is not None:
        return None, why
    return score(rubric, files[0].assessment, on), None


def _expired(scorecard: Scorecard | None) -> int:
    if scorecard is None:
        return 0
    return sum(scored.counts and scored.state is AnswerState.EXPIRED for scored in scorecard.questions)
