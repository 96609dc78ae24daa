"""Undo and redo: what a value was before each change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Step(Generic[Value]):
    """A value as it was, and the question that was changed on the way from it."""

    value: Value
    question_id: str


@dataclass(frozen=True, slots=True)
class History(Generic[Value]):
    """The values before `now`, the latest last, and those that were undone, the latest last."""

    now: Value
    past: tuple[Step[Value], ...] = ()
    undone: tuple[Step[Value], ...] = ()

    def change(self, value: Value, question_id: str) -> History[Value]:
        """The same, gone on to that value; what was undone is gone. No step where nothing changes."""
        if value == self.now:
            return self
        return History(value, (*self.past, Step(self.now, question_id)))

    def undo(self) -> History[Value]:
        """One step back; the same where there is none."""
        if not self.past:
            return self
        last = self.past[-1]
        return History(last.value, self.past[:-1], (*self.undone, replace(last, value=self.now)))

    def redo(self) -> History[Value]:
        """One step forward again; the same where there is none."""
        if not self.undone:
            return self
        last = self.undone[-1]
        return History(last.value, (*self.past, replace(last, value=self.now)), self.undone[:-1])
