"""Editing an assessment: whether it may change, saving, undo and redo, and settling conflicts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from toolvet.domain.assessment import Answer, Assessment, Pass, first_question, next_in, next_open, questions_in
from toolvet.domain.rubric import Ask, Question, Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.errors import Conflict, NotSaved, ToolvetError, UnusableFile
from toolvet.services.assessments import UNREAD, OpenedAssessment, Session, notices
from toolvet.storage.atomic import conflict_ending, create_beside, has_content, save, tell_as_not_saved
from toolvet.storage.reader import AssessmentFile, assessment_of, read_assessment
from toolvet.storage.subjects import original_of
from toolvet.storage.toml_input import Seal, read_content
from toolvet.storage.user_state import Unfinished
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import visible
from toolvet.text.sentences import kept_elsewhere_words, read_only_words
from toolvet.values import dataclass

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Changed(Generic[Value]):
    """A value as it was, and the question that was changed next."""

    value: Value
    question_id: str


@dataclass(frozen=True, slots=True)
class History(Generic[Value]):
    """The values before `now` and those that were undone, the latest last in both."""

    now: Value
    past: tuple[Changed[Value], ...] = ()
    undone: tuple[Changed[Value], ...] = ()

    def change(self, value: Value, question_id: str) -> History[Value]:
        """Go on to that value and forget what was undone; the same history if nothing changes."""
        if value == self.now:
            return self
        return History(value, (*self.past, Changed(self.now, question_id)))

    def undo(self) -> History[Value]:
        """Go one change back, which there must be."""
        last = self.past[-1]
        return History(last.value, self.past[:-1], (*self.undone, replace(last, value=self.now)))

    def redo(self) -> History[Value]:
        """Make the change again that was undone last, which there must be."""
        last = self.undone[-1]
        return History(last.value, (*self.past, replace(last, value=self.now)), self.undone[:-1])


def step_back(history: History[Value], go_to: Callable[[History[Value]], None]) -> str | None:
    """Go to the history before the last change; return the id of its question, or None if nothing is left to undo."""
    if not history.past:
        return None
    go_to(history.undo())
    return history.past[-1].question_id


def step_forward(history: History[Value], go_to: Callable[[History[Value]], None]) -> str | None:
    """Go to the history after the change that was undone last; return the id of its question, or None."""
    if not history.undone:
        return None
    go_to(history.redo())
    return history.undone[-1].question_id


class Editor:
    """One open assessment.

    `on_change` is called after each change. `on_save` is called after each attempt to save, with a sentence about the
    original file if that was kept; `keeping` has any trouble.
    """

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        self.session, self.rubric = session, opened.in_language(session.language).rubric
        self.keeping = Keeping(session.workspace, opened.file)
        self.history = History(opened.assessment)
        self.on_change: Callable[[], object] = lambda: None
        self.on_save: Callable[[str | None], object] = lambda _: None
        self._read_only = opened.read_only
        self._is_read_through: bool | None = None

    @property
    def assessment(self) -> Assessment:
        """The assessment with every change so far, saved or not."""
        return self.history.now

    @property
    def file(self) -> AssessmentFile:
        """The file as it was last saved."""
        return self.keeping.file

    @property
    def current(self) -> OpenedAssessment:
        """The assessment as it is now, for a screen that shows what follows from it."""
        return OpenedAssessment(replace(self.file, assessment=self.assessment), self.rubric, self._read_only)

    # May it be changed?

    @property
    def must_be_read_first(self) -> bool:
        """Whether the seal is broken and nobody has said yet whether they read the answers through."""
        is_broken = self.file.seal is Seal.BROKEN
        return is_broken and self._read_only is None and self._is_read_through is None

    def say_read_through(self, is_read: bool) -> None:
        """Take the answer to whether a person read the answers through; without that they stay read-only."""
        self._is_read_through = is_read

    @property
    def refusal(self) -> str | None:
        """Why nothing can be changed, or None."""
        if self._read_only is not None:
            return read_only_words(self._read_only)
        return UNREAD if self.file.seal is Seal.BROKEN and not self._is_read_through else None

    def look_for_decision(self) -> None:
        """Make it read-only if a decision rests on it by now."""
        self._read_only = self._read_only or self.session.workspace.why_read_only(self.file)

    def notices(self, newer: str | None) -> tuple[str, ...]:
        """What the person should know about the file; `newer` is a later version of its rubric."""
        return notices(self.file, self.rubric, read_only=self._read_only, newer=newer)

    # Change, undo, save

    def change_answer(self, question_id: str, answer: Answer) -> None:
        """Give that question that answer."""
        self.change(self.assessment.with_answer(question_id, answer), question_id)

    def change(self, assessment: Assessment, question_id: str) -> None:
        """Go on to that assessment. The question is the one to show when this is undone."""
        self.go_to(self.history.change(assessment, question_id))

    def undo(self) -> str | None:
        """Take the last change back; return the id of its question, or None if nothing is left to undo."""
        return step_back(self.history, self.go_to)

    def redo(self) -> str | None:
        """Make the change again that was undone last; return the id of its question, or None."""
        return step_forward(self.history, self.go_to)

    def go_to(self, history: History[Assessment]) -> None:
        """Go on to that history, which is not saved yet."""
        self.history = history
        self.on_change()

    def save(self) -> None:
        """Save what is not saved."""
        before = self.file.kept_original
        with suppress(NotSaved):  # the line of trouble says so until it is mended
            self.keep()
        original = self.file.kept_original
        is_new = original is not None and original != before
        self.on_save(f"The file as it was before is kept as {visible(original.name)}." if original and is_new else None)

    def keep(self) -> None:
        """Save what is not saved. Raises NotSaved where that fails."""
        self.keeping.keep(self.assessment)

    def draft(self, question_id: str) -> TypedChange:
        """Begin something that is typed about that question."""
        return TypedChange(self, question_id)

    def unfinished(self, what: str, question_id: str) -> Unfinished:
        """Where something half typed about that question is kept that does not count yet."""
        path = self.session.workspace.relative(self.file.path)
        return Unfinished(self.session.workspace.root, f"{what} {question_id}", path=path, sha256=self.file.sha256)

    def take_up_unsaved(self, question_id: str) -> str | None:
        """Go on with changes that could not be saved when toolvet ended; say so. None if there are none.

        Where the file has changed since, or may not be changed, they go beside it, to be settled like a conflict.
        """
        left = self.keeping.unsaved.left(self.file)
        if left is None:
            return None
        when = ("" if left.at is None else f" of {left.at:%d %B, %H:%M}") + kept_elsewhere_words(left.elsewhere)
        if left.before.encode() != self.file.content or self.refusal is not None:
            self.keeping.keep_left_beside(left)
            return f"Your changes{when} could not be saved then. They are beside the file now; press c to see them."
        self.keeping.unsaved.is_kept = True  # until they are saved
        self.change(left.assessment, question_id)
        return f"Restored: your changes{when} that could not be saved then. z undoes them."

    # A conflict, and leaving

    def settle(self, file: AssessmentFile, question_id: str) -> None:
        """Go on with that file, in which a conflict was settled."""
        self.keeping.settle(file)
        self.change(file.assessment, question_id)

    def lost_words(self) -> str | None:
        """Try to save; say what would be lost now, or None."""
        with suppress(NotSaved):
            self.keep()
        if self.keeping.is_saved(self.assessment):
            return None
        kept = " They are kept on this computer and offered again." if self.keeping.unsaved.is_kept else ""
        return f"The last changes to {self.assessment.subject.label} are not saved.{kept}\n{self.keeping.trouble or ''}"

    def saved_words(self) -> str:
        """Where the assessment is saved; of answers to a survey only that they are: others may use this computer."""
        path = self.session.workspace.relative((self.keeping.copy or self.file).path)
        place = "" if self.rubric.ask is Ask.GAP else f", {path}"
        beside = " (somebody else changed the file; Home shows what differs)" if self.keeping.is_overtaken else ""
        return f"Saved: {self.assessment.subject.label}{place}{beside}"


class TypedChange:
    """Something that is typed over an open assessment: saved as it stands, in the end kept or taken back as one."""

    def __init__(self, editor: Editor, question_id: str) -> None:
        self._editor, self._question = editor, question_id
        self._before = editor.history

    def save(self, assessment: Assessment) -> str | None:
        """Save the assessment with what is typed so far; return what stood in the way, or None."""
        self._editor.go_to(self._before.change(assessment, self._question))
        self._editor.save()
        return self._editor.keeping.trouble

    def save_answer(self, answer: Answer) -> str | None:
        """Save that answer to the question."""
        return self.save(self._before.now.with_answer(self._question, answer))

    def take_back(self) -> None:
        """Put everything back as it was."""
        self._editor.go_to(self._before)
        self._editor.save()


@dataclass(frozen=True, slots=True)
class Route:
    """The ids of the questions that apply, in the rubric's order, and of those to stop at.

    `next_open` finds the next open stop after a question, going round, or None. The stops are in the rubric's order
    too, unless `is_ranked`: then the first of them is the next one wherever somebody is.
    """

    applying: tuple[str, ...]
    stops: tuple[str, ...]
    next_open: Callable[[str], str | None]
    is_ranked: bool = False


def assessment_route(scorecard: Scorecard, chosen: Pass) -> Route:
    """Stop at the questions of that pass."""
    applying, stops = (
        tuple(scored.question.id for scored in questions_in(each, scorecard)) for each in (Pass.ALL, chosen)
    )
    return Route(applying, stops, lambda at: next_open(scorecard, at, chosen), is_ranked=chosen is Pass.QUICKEST)


class Navigator:
    """The question that is shown, `at`, on a route through the rubric."""

    def __init__(self, rubric: Rubric, route: Route, wanted: str | None = None) -> None:
        """Begin with the wanted question if the rubric has it, else with the first."""
        self._order = [question.id for _, question in rubric.questions()]
        self._rubric, self.route = rubric, route
        self.at = first_question(rubric, wanted)

    @property
    def question(self) -> Question:
        """The question that is shown."""
        return next(question for _, question in self._rubric.questions() if question.id == self.at)

    @property
    def place(self) -> str:
        """The number of the question among the stops, or a dash."""
        return str(self.route.stops.index(self.at) + 1) if self.at in self.route.stops else "–"

    def follow(self, route: Route) -> bool:
        """Take that route; go to the nearest question if the one shown stopped applying.

        Says whether the number of questions changed. A question that did not apply before either stays: somebody went
        there to look at it.
        """
        before, self.route = self.route, route
        if self.at in before.applying:
            self.go_to_nearest()
        return len(before.applying) != len(route.applying)

    def go_to_nearest(self) -> None:
        """Go to the nearest question that applies, if the one shown does not."""
        if self.at not in self.route.applying:
            at = self._order.index(self.at)
            self.at = min(self.route.applying, key=lambda each: abs(self._order.index(each) - at), default=self.at)

    def step(self, by: int) -> str | None:
        """The id of the nearest stop after the question or, with -1, before it; None at the end."""
        stops = self.route.stops
        if not self.route.is_ranked:
            return next_in(self._rubric, stops, self.at, by)
        place = stops.index(self.at) + by if self.at in stops else 0
        return stops[place] if 0 <= place < len(stops) else None

    def next_open(self) -> str | None:
        """The id of the next open stop, going round; None if no other is open."""
        return self.route.next_open(self.at)


@tell_as_not_saved
def keep_beside(workspace: Workspace, file: AssessmentFile, assessment: Assessment) -> AssessmentFile:
    """Save the assessment as a conflict copy beside the file, which stays as it is."""
    content = workspace.bytes_of(assessment, file.path)
    return assessment_of(create_beside(file.path, conflict_ending, content), content)


def content_of(path: Path) -> bytes | None:
    """The bytes there now; None if the file was removed. UnusableFile if it cannot be read."""
    return read_content(path) if path.exists() else None


@tell_as_not_saved
def settle(
    workspace: Workspace, copy: AssessmentFile, found: bytes | None, assessment: Assessment, *, drops_found: bool
) -> AssessmentFile:
    """Replace `found`, the content of the file beside the copy, by that assessment, and put the copy aside.

    `found` is None if the file was removed. With `drops_found`, something in it is not in the assessment, so it is
    put aside as `.settled` too. NotSaved or Conflict as in Workspace.save.
    """
    path = original_of(copy.path)
    content = workspace.bytes_of(assessment, path)
    if found is not None and drops_found:
        _keep_once(path, found)
    save(path, content, found)
    put_aside(copy)
    return AssessmentFile(path, assessment, Seal.INTACT, content)


@tell_as_not_saved
def put_aside(copy: AssessmentFile) -> None:
    """Rename the conflict copy to `.settled`; it needs no more attention."""
    _keep_once(original_of(copy.path), copy.content)
    with suppress(OSError, UnusableFile):
        if read_content(copy.path) == copy.content:  # else somebody is at work in it
            copy.path.unlink()


def _keep_once(path: Path, content: bytes) -> None:
    # an attempt that failed later may have kept it already
    if not any(has_content(kept, content) for kept in path.parent.glob("*.settled")):
        create_beside(path, lambda number: f".{number}.settled", content)


@dataclass(frozen=True, slots=True)
class LeftUnsaved:
    """Changes that no file could take when toolvet ended: the assessment with them, the text before, when and where."""

    assessment: Assessment
    before: str
    at: datetime | None
    elsewhere: str | None


class UnsavedWork:
    """Where changes to a file are kept, in the person's own state folder, while its workspace cannot take them."""

    def __init__(self, workspace: Workspace, file: AssessmentFile) -> None:
        self._workspace = workspace
        self._place = Unfinished(workspace.root, "unsaved changes", path=workspace.relative(file.path))
        self.is_kept = False

    def keep(self, file: AssessmentFile, assessment: Assessment) -> None:
        """Keep the assessment as it stands over that file."""
        with suppress(ToolvetError, UnicodeError):  # too long for a file, or no text at all: the trouble says so
            text = self._workspace.bytes_of(assessment, file.path).decode()
            self._place.sha256 = file.sha256
            self.is_kept = self._place.keep({"text": text, "before": file.content.decode()}) is None

    def left(self, file: AssessmentFile) -> LeftUnsaved | None:
        """What was kept of an earlier time and is not in the file; None if there is nothing."""
        self._place.sha256 = file.sha256
        left = self._place.left()
        text, before = left.work.get("text"), left.work.get("before")
        if not isinstance(text, str) or not isinstance(before, str):
            return None
        with suppress(ToolvetError):
            assessment = assessment_of(file.path, text.encode()).assessment
            if assessment != file.assessment:
                return LeftUnsaved(assessment, before, left.at, left.elsewhere)
        return None

    def forget(self) -> None:
        """Forget it: a file holds it, or the person gave it up."""
        self._place.forget()
        self.is_kept = False


class Keeping:
    """One assessment file, how the last save went, and where the next one goes.

    `trouble` says what stands in the way, or is None. After a conflict the file is somebody else's: later changes go
    into `copy`, the conflict copy beside it, until a person has settled what differs.
    """

    def __init__(self, workspace: Workspace, file: AssessmentFile) -> None:
        self._workspace = workspace
        self.unsaved = UnsavedWork(workspace, file)
        self.file = file
        self.copy: AssessmentFile | None = None
        self.status = ""
        self.trouble: str | None = None

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody else changed the file, so that ours is kept beside it."""
        return self.copy is not None

    def is_saved(self, assessment: Assessment) -> bool:
        """Whether the file, or the copy beside it, holds that assessment."""
        return assessment == (self.copy or self.file).assessment

    def keep(self, assessment: Assessment) -> None:
        """Save that assessment unless it is saved. NotSaved if that fails; `trouble` then says why.

        Conflict if it went into a new copy beside the file.
        """
        if not self.is_saved(assessment):
            try:
                self._save(assessment)
            except ToolvetError as error:
                if not self.is_saved(assessment):
                    self.unsaved.keep(self.copy or self.file, assessment)
                self._say(error)
                if isinstance(error, NotSaved):
                    raise
                raise NotSaved(*str(error).split("\n")) from error
        if self.unsaved.is_kept:
            self.unsaved.forget()
        self.trouble = self._beside_words()

    def keep_left_beside(self, left: LeftUnsaved) -> None:
        """Save what was left unsaved beside the file, which is another one by now."""
        self._go_on_in(keep_beside(self._workspace, self.file, left.assessment), left.before)
        self.trouble = self._beside_words()
        self.unsaved.forget()

    def settle(self, file: AssessmentFile) -> None:
        """Continue in that file, which holds what was settled."""
        self.file, self.copy, self.trouble = file, None, None
        self.status = f"✓ saved {datetime.now():%H:%M:%S}"

    def _save(self, assessment: Assessment) -> None:
        try:
            saved = self._workspace.save(self.copy or self.file, assessment)
        except Conflict as conflict:
            if conflict.kept is not None:
                self._go_on_in(read_assessment(conflict.kept))
            raise
        except NotSaved as error:
            if self.copy is not None or self._workspace.why_read_only(self.file) is None:
                raise
            self._go_on_in(keep_beside(self._workspace, self.file, assessment))
            raise Conflict(str(error), self.copy and self.copy.path) from error
        if self.copy is None:
            self.file = saved
            self.status = f"✓ saved {datetime.now():%H:%M:%S}"
        else:
            self.copy = saved
            self.status = f"✓ kept {datetime.now():%H:%M:%S}"

    def _go_on_in(self, copy: AssessmentFile, before: str | None = None) -> None:
        version_before(self._workspace, copy).keep({"text": before or self.file.content.decode()})
        self.copy = copy
        self.status = f"✓ kept {datetime.now():%H:%M:%S}"

    def _beside_words(self) -> str | None:
        if self.copy is None:
            return None
        kept = f"yours is kept beside it as {self.copy.path.name}"
        return f"Somebody else changed this file; {kept}. Press = to see what differs."

    def _say(self, error: ToolvetError) -> None:
        path = self.file.path
        words = str(error).removeprefix("NOT SAVED: ").replace(str(path), path.name, 1)
        words = f"NOT SAVED: {words}; the change is kept here and tried again with the next one"
        self.trouble = self._beside_words() if isinstance(error, Conflict) and self.copy else words
        self.status = self.status if self.copy else ""


def version_before(workspace: Workspace, copy: AssessmentFile) -> Unfinished:
    """Where the text that both versions began with is kept until what differs is settled."""
    return Unfinished(workspace.root, f"before {workspace.relative(copy.path)}", for_all=True)
