"""An assessment being changed: whether it may be, each change saved, undone and redone, and a conflict settled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from toolvet.domain.assessment import Answer, Assessment
from toolvet.errors import NotSaved
from toolvet.services.assessments import DECIDED, UNREAD, notices
from toolvet.services.conflicts import Keeping
from toolvet.services.session import OpenedAssessment, Session
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.toml_input import Seal
from toolvet.storage.user_state import Unfinished
from toolvet.text.escape import visible

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
        """Go one change back; the same history if there is none."""
        if not self.past:
            return self
        last = self.past[-1]
        return History(last.value, self.past[:-1], (*self.undone, replace(last, value=self.now)))

    def redo(self) -> History[Value]:
        """Make the change again that was undone last; the same history if there is none."""
        if not self.undone:
            return self
        last = self.undone[-1]
        return History(last.value, (*self.past, replace(last, value=self.now)), self.undone[:-1])


class Editor:
    """One open assessment.

    `on_change` is called after each change. `on_save` is called after each attempt to save, with a sentence about the
    original file if that was kept; `keeping` has any trouble.
    """

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        self.session, self.rubric = session, opened.rubric
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
            return DECIDED
        return UNREAD if self.file.seal is Seal.BROKEN and not self._is_read_through else None

    def look_for_decision(self) -> None:
        """Make it read-only if a decision rests on it by now."""
        self._read_only = self._read_only or self.session.workspace.why_read_only(self.file)

    def notices(self, newer: str | None) -> tuple[str, ...]:
        """What the person should know about the file; `newer` is a later version of its rubric."""
        return notices(self.file, self.rubric, is_decided=self._read_only is not None, newer=newer)

    # Change, undo, save

    def change_answer(self, question_id: str, answer: Answer) -> None:
        """Give that question that answer."""
        self.change(self.assessment.with_answer(question_id, answer), question_id)

    def change(self, assessment: Assessment, question_id: str) -> None:
        """Go on to that assessment. The question is the one to show when this is undone."""
        self.go_to(self.history.change(assessment, question_id))

    def undo(self) -> str | None:
        """Take the last change back; return the id of its question, or None if nothing is left to undo."""
        return self._travel(self.history.undo(), lambda history: history.undone)

    def redo(self) -> str | None:
        """Make the change again that was undone last; return the id of its question, or None."""
        return self._travel(self.history.redo(), lambda history: history.past)

    def _travel(
        self, history: History[Assessment], steps: Callable[[History[Assessment]], tuple[Changed[Assessment], ...]]
    ) -> str | None:
        if history is self.history:
            return None
        self.go_to(history)
        return steps(history)[-1].question_id

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
        return Unfinished(self.session.workspace.root, f"{what} {question_id} {path}")

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
        return f"The last changes to {self.assessment.subject.label} are not saved.\n{self.keeping.trouble or ''}"

    def saved_words(self) -> str:
        """Where the assessment is saved."""
        path = self.session.workspace.relative((self.keeping.copy or self.file).path)
        beside = " (somebody else changed the file; Home shows what differs)" if self.keeping.is_overtaken else ""
        return f"Saved: {self.assessment.subject.label}, {path}{beside}"


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
