"""What Home shows about each subject: how it stands, what was decided, and what is due."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from toolvet.domain.decision_rules import is_approved
from toolvet.domain.scorecard import AnswerState, Scorecard
from toolvet.domain.standing import Standing, last_day_of, standing_of
from toolvet.errors import Problem, ToolvetError
from toolvet.services.assessments import SurveyAnswers, misfits, open_tool
from toolvet.services.decisions import decided_in
from toolvet.storage.reader import AssessmentFile, DecisionFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural

if TYPE_CHECKING:
    from toolvet.services.survey_rounds import Gathered


class Urgency(StrEnum):
    """How soon something is due."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do by a day. `day` is None if it is due already; `about` names what it concerns."""

    words: str
    day: date | None
    urgency: Urgency
    about: str = ""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A survey's number of answer files and its result, which is None until it is counted."""

    files: int
    gathered: Gathered | None


@dataclass(frozen=True, slots=True)
class SubjectView:
    """One row of Home. If `scorecard` is None, `fault` says why.

    `files` are the equally recent latest assessments, one a reviewer; the scorecard is of the first.
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
    """Why its files should not be trusted as they are."""
    notes: tuple[str, ...] = ()
    """Which superseded decisions are not as they were recorded."""
    survey: Surveyed | None = None
    """Only of an organisation, which has no scorecard and no decision."""


def view_of(workspace: Workspace, folder: SubjectFolder, on: date) -> SubjectView:
    """The row of that subject as of that day."""
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
        doubts=tuple(dict.fromkeys(doubt for file in files for doubt in workspace.doubts(file, folder)))
        + tuple(_unused(workspace, folder, files)),
        notes=decided.notes,
    )


def _unused(workspace: Workspace, folder: SubjectFolder, files: tuple[AssessmentFile, ...]) -> Iterator[str]:
    """The other assessments of the subject that cannot be used."""
    if len(folder.assessments) > len(files):
        for file, _ in misfits(workspace, folder):
            if file not in files:
                yield f"{file.path.name} cannot be used"


class Order(StrEnum):
    """What the list of Home is sorted by."""

    NAME = "name"
    VERDICT = "verdict"
    DUE = "due"
    CHANGED = "last change"


def sorted_views(views: Iterable[SubjectView], order: Order) -> tuple[SubjectView, ...]:
    """Tools before surveys; those that are alike by their names, in which 2 comes before 10."""

    def key(view: SubjectView) -> tuple[object, ...]:
        match order:
            case Order.NAME:
                first: tuple[object, ...] = ()
            case Order.VERDICT:
                first = (99 if view.scorecard is None else view.scorecard.verdict.rank,)
            case Order.DUE:
                days = [due.day or date.min for due in view.due]
                first = (min(days, default=date.max),)
            case Order.CHANGED:
                first = (-max((_changed(file.path) for file in view.files), default=0),)
            case _:
                assert_never(order)
        return (view.survey is not None, *first, _natural(view.name))

    return tuple(sorted(views, key=key))


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key in which numbers count as numbers: "Teams 2" before "Teams 10"."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def _changed(path: Path) -> int:
    """When the file changed last; 0 for one that has gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def uncounted(folder: SubjectFolder) -> SubjectView:
    """The row of a survey before it is counted."""
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
    """What is promised or falls due, earliest first. A promised answer counts until something is decided."""
    days: list[tuple[date, str, str]] = []
    if file is not None and decision is None and (promised := file.assessment.subject.answer_by) is not None:
        days.append((promised, "answer due", ""))
    made = None if decision is None else decision.decision
    standing = None if decision is None else standing_of(decision.decision, on, records=decision.records)
    if made is not None and standing is not None and standing.withdrawn is None:
        if (last := last_day_of(made, standing)) is not None:
            ends = "tolerated until" if made.tolerates else "approval ends" if is_approved(made) else "to review again"
            days.append((last, ends, ""))
        days += [(state.due, "condition due", state.condition.text) for state in standing.open if state.due]
        days += [(waiver.expires, "waiver ends", waiver.question) for waiver in made.waivers]
    due = [Due(words, day, urgency_of(day, on), about) for day, words, about in sorted(days)]
    questions = () if scorecard is None else scorecard.questions
    expired = sum(scored.counts and scored.state is AnswerState.EXPIRED for scored in questions)
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
    """Every problem with the subjects' files; a copy left by a conflict is a warning."""
    return tuple(problem for folder in folders for problem in folder.problems)


def _scored(workspace: Workspace, files: tuple[AssessmentFile, ...], on: date) -> tuple[Scorecard | None, str | None]:
    if not files:
        return None, "no assessment that can be read"
    try:
        return open_tool(workspace, files[0]).score(on), None
    except SurveyAnswers:
        return None, "a survey of what is expected and delivered"
    except ToolvetError as error:
        return None, str(error)
