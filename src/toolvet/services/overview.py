"""What Home shows about each subject: how it stands, what was decided, and what is due."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, assert_never

from toolvet.domain.assessment import Progress, progress
from toolvet.domain.decision import DecisionKind, Toleration
from toolvet.domain.decision_rules import SOON_DAYS, is_approved
from toolvet.domain.scorecard import AnswerState, Scorecard, ScoreRange, Verdict
from toolvet.domain.standing import Standing, Stands, last_day_of
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.services.assessments import (
    Session,
    SurveyAnswers,
    evidence_trouble,
    is_survey,
    misfits,
    open_tool,
)
from toolvet.services.decisions import Decided, decided_in
from toolvet.storage.evidence_files import OVERVIEW_BYTES
from toolvet.storage.faults import quoted
from toolvet.storage.index import Code, Mark, Rows, has_settled
from toolvet.storage.reader import AssessmentFile, DecisionFile
from toolvet.storage.subjects import SubjectFolder, is_archived
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural, told_apart
from toolvet.text.labels import day, short_months
from toolvet.text.record_words import REVIEWED_AGAIN, state_words_of
from toolvet.values import dataclass

if TYPE_CHECKING:
    from toolvet.services.survey_rounds import Gathered


class Urgency(StrEnum):
    """How soon something is due."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


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

    @property
    def folder_name(self) -> str:
        return self.folder.name


@dataclass(frozen=True, slots=True)
class ToolRow:
    """What the list of Home says of a tool, without its answers: thousands of them are kept.

    `latest` are the files that speak for it, as paths inside the workspace; `marks` the overall figures needed for
    conditions and for an approval. `stands` and `decided_state` say how the decision stands, whether or not the tool is
    under review again; `last` is its last day.
    """

    folder_name: str
    name: str
    latest: tuple[str, ...]
    verdict: Verdict | None
    overall: ScoreRange | None
    marks: tuple[Fraction, ...]
    progress: Progress | None
    fault: str | None
    decision: DecisionKind | None
    stands: Stands | None
    decided_state: str
    is_again: bool
    """It is under review again, though it was decided."""
    last: date | None
    due: tuple[Due, ...]
    doubts: tuple[str, ...]
    proofs: tuple[tuple[str, ...], ...]
    """The files of evidence behind it, each with the sha256 that was recorded."""

    @property
    def is_started(self) -> bool:
        """Whether any question has an answer."""
        return self.progress is not None and self.progress.is_started

    @property
    def survey(self) -> None:
        """As in the view of a survey, which is a row too."""
        return None

    @property
    def is_unsettled(self) -> bool:
        """Whether decisions contradict each other or cannot be read, or the one that counts is to be confirmed."""
        return self.stands is not None and (self.decision is None or self.stands is Stands.UNCONFIRMED)

    @property
    def is_over(self) -> bool:
        """Whether the decision is neither in force nor a refusal."""
        return self.stands is not None and not (self.stands.is_in_force or self.stands.is_no_approval)

    @property
    def has_ended(self) -> bool:
        """Whether the decision allows nothing any more, as it does while a condition is overdue."""
        return self.is_over and self.stands is not Stands.OVERDUE

    @property
    def counts_as(self) -> Verdict | Toleration | None:
        """The decision, and the verdict before there is one; None where what was decided has ended or is in doubt."""
        if self.decision is None:
            return None if self.is_unsettled or not self.is_started else self.verdict
        return None if self.is_unsettled or self.doubts or self.has_ended else self.decision

    @property
    def brief_state(self) -> str:
        """How a decision that is over or overdue stands, short enough for a cell."""
        return short_months(self.decided_state.removeprefix("approved, ").replace(" since ", " "))

    @property
    def state(self) -> str:
        """How the decision stands, and that the tool is under review again."""
        return f"{self.decided_state}{REVIEWED_AGAIN * self.is_again}"


Row = ToolRow | SubjectView
"""A tool, or the view of a survey."""


def row_of(view: SubjectView, workspace: Workspace) -> ToolRow:
    """The row of a tool."""
    card, standing = view.scorecard, view.standing
    policy = None if card is None else card.rubric.policy
    made = None if view.decision is None else view.decision.decision
    return ToolRow(
        folder_name=view.folder.name,
        name=view.name,
        latest=tuple(workspace.relative(file.path) for file in view.files),
        verdict=None if card is None else card.verdict,
        overall=None if card is None else card.overall,
        marks=() if policy is None else (policy.conditional.overall, policy.approve.overall),
        progress=None if card is None else progress(card),
        fault=view.fault,
        decision=None if made is None else made.decision,
        stands=None if standing is None else standing.stands,
        decided_state=state_words_of(None if standing is None else replace(standing, is_again=False), day),
        is_again=standing is not None and standing.is_again,
        last=None if made is None or (standing and standing.stands.is_past) else last_day_of(made, standing),
        due=view.due,
        doubts=view.doubts,
        proofs=tuple(dict.fromkeys(_proofs(view))),
    )


def _proofs(view: SubjectView) -> Iterator[tuple[str, ...]]:
    seen = (one for file in view.files for answer in file.assessment.answers.values() for one in answer.evidence)
    records = () if view.decision is None else view.decision.records
    proven = (one for record in records for one in record.evidence)
    named = chain(((one.source, one.sha256) for one in seen), ((one.source, one.sha256) for one in proven))
    yield from ((source, sha256) for source, sha256 in named if sha256 is not None)


_ROW: Code[ToolRow | None] = Code(ToolRow | None)


class Overview:
    """The rows of Home as far as they are known. It looks at the workspace in small steps: keys are answered between.

    What is shown stays until it was looked at again.
    """

    def __init__(self, session: Session) -> None:
        self._session, self._workspace = session, session.workspace
        self.view_survey: Callable[[SubjectFolder], SubjectView] = uncounted
        self._rows: dict[str, Row] = {}
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._seen: dict[str, bytes] = {}
        """How the files of each row looked, where that can be trusted."""
        self._strays: tuple[Problem, ...] = ()
        self._to_look_at: deque[str] = deque()
        self._names: list[str] = []
        self._on: date | None = None
        self._kept: Rows[ToolRow | None] | None = None
        self._behind = Workspace(session.workspace.root)
        """Where evidence is read, in a thread of its own."""
        self.unproven: Mapping[str, tuple[str, ...]] = {}
        """What of each subject's evidence is not as it was recorded, as `look_at_evidence` found it."""

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._with_evidence(row) for row in self._rows.values())

    def _with_evidence(self, row: Row) -> Row:
        told = self.unproven.get(row.folder_name)
        return replace(row, doubts=(*row.doubts, "evidence in doubt")) if told else row

    def look_at_evidence(self, rows: Iterable[Row], is_stopped: Callable[[], bool]) -> dict[str, tuple[str, ...]]:
        """Compare the evidence of the rows with what was recorded, up to 64 MiB in all; a sentence for each file.

        It may take a second, and shares nothing with the rest, so that a thread can do it.
        """
        self._behind.evidence.most_bytes = OVERVIEW_BYTES
        found: dict[str, tuple[str, ...]] = {}
        for row in rows:
            if isinstance(row, ToolRow) and row.proofs:
                if is_stopped():
                    break
                states = ((source, evidence_trouble(self._behind, source, sha256)) for source, sha256 in row.proofs)
                found[row.folder_name] = tuple(f"{quoted(source)} {what}" for source, what in states if what)
        return found

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong beside the folders of subjects and in them."""
        return (*self._strays, *(problem for name in sorted(self._problems) for problem in self._problems[name]))

    @property
    def left(self) -> int:
        """How many subjects are still to be looked at."""
        return len(self._to_look_at)

    def folder_of(self, row: Row) -> SubjectFolder:
        """The subject of that row with its files."""
        return row.folder if isinstance(row, SubjectView) else self._workspace.folder_named(row.folder_name)

    def begin(self, first: Iterable[str] = ()) -> None:
        """Look at everything again, at those first. ToolvetError if the workspace is gone, or closed."""
        if self._rows and not self._workspace.exists:
            raise ToolvetError(
                f"{self._workspace.root} is no longer there: it was removed or renamed. The list shows what was there."
            )
        self._names = self._workspace.subject_names(with_archived=True)  # asking thousands takes time: see _look
        there = set(self._names)
        for known in (self._rows, self._problems, self._seen):
            for name in known.keys() - there:
                del known[name]
        if self._kept is None or self._on != self._session.on or not self._kept.is_current:
            self._on = self._session.on
            self._kept = self._workspace.index.rows(f"home {self._on}", _ROW)
            self._seen = {}
        self._to_look_at = deque(dict.fromkeys((*(name for name in first if name in there), *self._names)))

    def step(self, seconds: float) -> bool:
        """Look at some more subjects for about that long, at least at one. Whether all are looked at."""
        until = perf_counter() + seconds
        while self._to_look_at:
            self._look(self._to_look_at.popleft())
            if perf_counter() >= until:
                break
        if not self._to_look_at:
            try:
                self._strays = self._workspace.stray_problems
            except UnusableFile as error:  # a folder was closed meanwhile
                self._strays = error.problems
        if self._kept is not None and (not self._to_look_at or self._kept.waiting >= _SAVED_AT_ONCE):
            self._kept.save(self._names)
        return not self._to_look_at

    def look_again(self, name: str) -> None:
        """Make the row of that subject anew."""
        if name in self._rows:
            self._seen.pop(name, None)
            self._look(name)

    def _look(self, name: str) -> None:
        kept = self._kept
        assert kept is not None
        if is_archived(self._workspace.root, name):
            for known in (self._rows, self._problems, self._seen):
                known.pop(name, None)
            return
        seen = kept.mark(name)
        mark = seen[0] if seen is not None and has_settled(seen) else None
        if mark is not None and self._seen.get(name) == mark:
            return
        self._seen.pop(name, None)
        self._problems.pop(name, None)
        row: Row | None = kept.known(name, seen)
        if row is None:
            row = self._anew(name, kept, seen)
        if row is None:
            self._rows.pop(name, None)
            return
        self._rows[name] = row
        if mark is not None and isinstance(row, ToolRow) and name not in self._problems:
            self._seen[name] = mark

    def _anew(self, name: str, kept: Rows[ToolRow | None], seen: Mark | None) -> Row | None:
        surveys: list[SubjectView] = []

        def make() -> tuple[ToolRow | None, bool]:
            for folder in self._workspace.alone(name):
                if folder.problems:
                    self._problems[name] = folder.problems
                if is_survey(folder, self._workspace):
                    surveys.append(self.view_survey(folder))
                elif folder.assessments or folder.decisions:
                    view = view_of(self._workspace, folder, self._session.on)
                    return row_of(view, self._workspace), not folder.problems and view.fault is None
            return None, False

        row = kept.anew(name, make, seen)
        return surveys[0] if surveys else row


_SAVED_AT_ONCE = 500


def view_of(workspace: Workspace, folder: SubjectFolder, on: date) -> SubjectView:
    """The row of that subject as of that day."""
    files = workspace.latest(folder, on)
    decided = decided_in(workspace, folder, on)
    scorecard, fault = _scored(workspace, files, on)
    return SubjectView(
        folder=folder,
        name=files[0].assessment.subject.label if files else folder.name,
        files=files,
        scorecard=scorecard,
        fault=fault,
        decision=decided.file,
        due=due_of(files[0] if files else None, decided, scorecard, on),
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


def sorted_rows(rows: Iterable[Row], order: Order, root: Path) -> tuple[Row, ...]:
    """Tools before surveys; those that are alike by their names, in which 2 comes before 10.

    Names that look alike have their folders behind them.
    """

    def key(row: Row) -> tuple[object, ...]:
        match order:
            case Order.NAME:
                first: tuple[object, ...] = ()
            case Order.VERDICT:
                first = (99 if isinstance(row, SubjectView) or row.verdict is None else row.verdict.rank,)
            case Order.DUE:
                days = [due.day or date.min for due in row.due]
                first = (min(days, default=date.max),)
            case Order.CHANGED:
                first = (-max((_changed(path) for path in _paths_of(row, root)), default=0),)
            case _:
                assert_never(order)
        return (isinstance(row, SubjectView), *first, _natural(row.name))

    ordered = sorted(rows, key=key)
    names = told_apart([(row.name, row.folder_name) for row in ordered])
    return tuple(row if row.name == name else replace(row, name=name) for row, name in zip(ordered, names, strict=True))


def _paths_of(row: Row, root: Path) -> Iterator[Path]:
    if isinstance(row, SubjectView):
        return (file.path for file in row.files)
    return (root / path for path in row.latest)


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key in which numbers count as numbers: "Teams 2" before "Teams 10"."""
    parts = re.findall(r"0*([0-9]+)|([^0-9]+)", name.casefold())
    return tuple((0, len(digits), digits) if digits else (1, 0, words) for digits, words in parts)


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
        name=folder.label,
        files=folder.assessments,
        scorecard=None,
        fault=None,
        decision=None,
        due=(),
        survey=Surveyed(len(folder.assessments), None),
    )


def due_of(file: AssessmentFile | None, decided: Decided, scorecard: Scorecard | None, on: date) -> tuple[Due, ...]:
    """What is promised or falls due, earliest first. A promised answer counts until something is decided.

    Nothing is due of a tool whose approval was withdrawn, until it is under review again.
    """
    days: list[tuple[date, str, str]] = []
    made, standing = decided.decision, decided.standing
    if file is not None and made is None and (promised := file.assessment.subject.answer_by) is not None:
        days.append((promised, "answer due", ""))
    if made is not None and standing is not None and standing.withdrawn is None:
        if (last := last_day_of(made, standing)) is not None:
            ends = "tolerated until" if made.tolerates else "approval ends" if is_approved(made) else "to review again"
            days.append((last, ends, "to be confirmed" if standing.doubts else ""))
        days += [(state.due, "condition due", state.condition.text) for state in standing.open if state.due]
        titles = {} if scorecard is None else {each.question.id: each.question.quoted for each in scorecard.questions}
        days += [(one.expires, "waiver ends", titles.get(one.question, one.question)) for one in made.waivers]
    due = [Due(words, day, urgency_of(day, on), about) for day, words, about in sorted(days)]
    is_closed = standing is not None and standing.is_closed
    questions = () if scorecard is None or is_closed else scorecard.questions
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
    count = plural(abs(days), "day")
    return f"in {count}" if days > 0 else f"{count} ago"


def _scored(workspace: Workspace, files: tuple[AssessmentFile, ...], on: date) -> tuple[Scorecard | None, str | None]:
    if not files:
        return None, "no assessment that can be read"
    try:
        return open_tool(workspace, files[0], to_read=True).score(on), None
    except SurveyAnswers:
        return None, "a survey of what is expected and delivered"
    except ToolvetError as error:
        return None, str(error)
