"""Find as you type: a line above a list, and which of its words match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.fuzzy import Matcher
from textual.message import Message
from textual.widgets import Input

from toolvet.tui.kit.content import LineField

Found = TypeVar("Found")

FIND = Binding("slash", "find", "Find", key_display="/", tooltip="Find as you type; esc shows all again.", id="find")
"""The key of a screen with `action_find`, which calls `FindLine.open`."""


class FindLine(LineField):
    """Hidden until it is opened. Enter and down go to the list and keep what was found; esc shows all again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "keep", "To the list", key_display="enter", priority=True, id="to-the-list"),
        Binding("escape", "leave", "Show all", priority=True, id="show-all"),
    ]

    class Asked(Message):
        """Something else is to be found; with `is_over`, the focus goes back to the list."""

        def __init__(self, words: str, *, is_over: bool = False) -> None:
            super().__init__()
            self.words, self.is_over = words, is_over

    def __init__(self) -> None:
        super().__init__(placeholder="Find", id="find")
        self.display = False

    def allow_focus(self) -> bool:
        """Not while it is hidden: Textual would put the first focus of the screen here."""
        return self.display and super().allow_focus()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Also the key that opened it: in the line it is a letter like any other."""
        return key == "slash" or super().check_consume_key(key, character)

    def open(self) -> None:
        self.display = True
        self.focus()

    @on(Input.Changed)
    def _ask(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Asked(event.value.strip()))

    def action_leave(self) -> None:
        with self.prevent(Input.Changed):
            self.value = ""
        self.display = False
        self.post_message(self.Asked("", is_over=True))

    def action_keep(self) -> None:
        self.display = bool(self.value.strip())
        self.post_message(self.Asked(self.value.strip(), is_over=True))


def matching(words: str, items: Sequence[Found], named: Callable[[Found], str]) -> list[Found]:
    """The items whose names have those letters in that order; all of them where nothing is asked."""
    if not words:
        return list(items)
    matcher = Matcher(words)
    return [item for item in items if matcher.match(named(item)) > 0]


def matching_lines(words: str, lines: Sequence[str]) -> list[int]:
    """The places of the lines with those words; where no line has them, of those with the letters in that order."""
    wanted = words.lower()
    if not wanted:
        return []
    found = [at for at, line in enumerate(lines) if wanted in line.lower()]
    return found or [at for at, line in enumerate(lines) if Matcher(words).match(line) > 0]
