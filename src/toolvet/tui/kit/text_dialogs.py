"""Dialogs for a line or a longer text. They pass on what is typed while it is typed, to be saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.widgets import Input, Label, Static, TextArea

from toolvet.storage.config import configured
from toolvet.storage.user_state import Unfinished
from toolvet.text.escape import visible
from toolvet.text.labels import day
from toolvet.tui import screens
from toolvet.tui.kit.content import LONGEST_TEXT, KeyHint, LineField, pictured, say_full
from toolvet.tui.kit.dialogs import Choice, ChooseOne, Dialog, Typing
from toolvet.values import dataclass

Typed = TypeVar("Typed")
Result = TypeVar("Result")

NEEDED = "This is required."

NEARLY_FULL = 2_000
"""From so many characters left on it is said how many are."""

Drafted = Callable[[str], str | None]
"""Takes what is typed so far, trimmed, to be saved; gives what stood in the way, or None."""


class AskLine(Dialog[str | None]):
    """One line of text, trimmed. `check` gives what is wrong with a text, or None; that keeps the dialog open.

    An empty text is the empty string, and is refused with `required`. `taken_up` was half typed when the app ended.
    `enter` says what enter does.
    """

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        text: str = "",
        hint: str = "",
        enter: str = "Keep",
        required: bool = False,
        check: Callable[[str], str | None] | None = None,
        drafted: Drafted | None = None,
        taken_up: str | None = None,
    ) -> None:
        super().__init__(title, text)
        self.typing: Typing[str] = Typing(lambda: self.typed, value.strip(), taken_up, drafted)
        self._value = value if taken_up is None else taken_up
        self._hint, self._enter, self._required, self._check = hint, enter, required, check

    def compose_answer(self) -> ComposeResult:
        goes_on = self.typing.is_taken_up
        yield LineField(self._value, placeholder=self._hint, id="dialog-input", goes_on=goes_on)
        yield Static("", id="dialog-fault", markup=False)
        yield KeyHint(("enter", self._enter, "screen.keep"), ("esc", "Back", "screen.back"))

    @property
    def typed(self) -> str:
        """What stands in the field, trimmed."""
        return self.query_one(Input).value.strip()

    @on(Input.Submitted)
    def _keep_submitted(self) -> None:
        self.action_keep()

    def action_keep(self) -> None:
        """Give the text, unless something is wrong with it."""
        self.keep_work()  # what it says about saving must not take the place of the fault later
        typed = self.typed
        fault = NEEDED if self._required and not typed else self._check(typed) if self._check else None
        if fault is None:
            self.dismiss(typed)
        else:
            self.say(f"✗ {fault}")


class AskText(Dialog[str | None]):
    """A longer text, trimmed. Enter keeps it; ctrl+j (or pasting) makes a new line. Otherwise as AskLine."""

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        text: str = "",
        hint: str = "",
        required: bool = False,
        drafted: Drafted | None = None,
        taken_up: str | None = None,
    ) -> None:
        super().__init__(title, text)
        self.typing: Typing[str] = Typing(lambda: self.typed, value.strip(), taken_up, drafted, self._room_words)
        self._value = value if taken_up is None else taken_up
        self._hint, self._required = hint, required

    def compose_answer(self) -> ComposeResult:
        yield EndingText(self._value, placeholder=self._hint, id="dialog-area")
        yield Static("", id="dialog-fault", markup=False)
        yield KeyHint(
            ("enter", "Keep", "screen.keep"),
            ("ctrl+j", "New line", "screen.break_line"),
            ("ctrl+o", "Editor", "screen.edit_outside"),
            ("esc", "Back", "screen.back"),
        )

    @property
    def typed(self) -> str:
        """What stands in the field, trimmed."""
        return self.query_one(TextArea).text.strip()

    def _room_words(self) -> str:
        left = LONGEST_TEXT - len(self.query_one(TextArea).text)
        return f"{left:,} of {LONGEST_TEXT:,} characters left." if left <= NEARLY_FULL else ""

    @on(TextArea.Changed)
    def _show_room(self) -> None:
        if room := self._room_words():
            self.say(room)

    def action_keep(self) -> None:
        self.keep_work()
        typed = self.typed
        if self._required and not typed:
            self.say(f"✗ {NEEDED}")
        else:
            self.dismiss(typed)

    def action_edit_outside(self) -> None:
        """Go on in the person's own editor; what is typed is kept as a draft meanwhile."""
        self.keep_work()
        area = self.query_one(TextArea)
        area.load_text(screens.edit_outside(self.app, area.text, LONGEST_TEXT, configured().editor))
        area.move_cursor(area.document.end)

    def action_break_line(self) -> None:
        self.query_one(TextArea).insert("\n")


class TextField(TextArea):
    """Several lines. Tab goes to the next field."""

    _full_at: str | None = None

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        hint = Content(visible(placeholder, keep_line_breaks=True))
        super().__init__(value, placeholder=hint, id=id, soft_wrap=True, tab_behavior="focus")

    def get_line(self, line_index: int) -> Text:
        return Text(pictured(self.document.get_line(line_index)), end="", no_wrap=True)

    def edit(self, edit: Edit) -> EditResult:
        """Make the edit, or refuse it and say so where the text would be longer than a file takes."""
        grown = len(edit.text) - len(self.get_text_range(edit.top, edit.bottom))
        if grown <= 0 or len(self.text) + grown <= LONGEST_TEXT:
            return super().edit(edit)
        if grown > 1 or self._full_at != self.text:  # as in LineField.restricted
            self._full_at = self.text
            say_full(self)
        return EditResult(self.cursor_location, "")

    def on_mount(self) -> None:
        self.move_cursor(self.document.end)


class EndingText(TextField):
    """A text field in which Enter ends the dialog."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.keep", "Keep", priority=True, id="keep"),
        Binding("ctrl+j", "screen.break_line", "New line", priority=True, id="new-line"),
        Binding("ctrl+o", "screen.edit_outside", "Editor", priority=True, id="editor"),
    ]


TEXT = "text"
"""The name of the text of a dialog that asks for only one."""

Keep = Callable[[Mapping[str, str]], str | None]
"""Takes the texts by name; gives what stood in the way of keeping them, or None."""


@dataclass(frozen=True, slots=True)
class HalfTyped:
    """The texts that were left, by field, and what keeps those that are typed now."""

    texts: Mapping[str, str]
    keep: Keep

    @property
    def text(self) -> str | None:
        """The text of a dialog that asks for only one; None where none was left."""
        return self.texts.get(TEXT) or None

    def keep_text(self, text: str) -> str | None:
        """Keep the text of such a dialog."""
        return self.keep({TEXT: text})


def half_typed(place: Unfinished) -> HalfTyped:
    """What was left at that place, and is kept there."""

    def keep(texts: Mapping[str, str]) -> str | None:
        return place.keep({"texts": dict(texts)})

    return HalfTyped(place.left().texts("texts"), keep)


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: its name in the answer, its label, what stands in it, an example, and what it is checked by."""

    name: str
    label: str
    value: str = ""
    example: str = ""
    required: bool = False
    check: Callable[[str], str | None] | None = None

    def fault(self, text: str) -> str | None:
        """What is wrong with that text; None where nothing is."""
        if not text:
            return "this is required." if self.required else None
        return self.check(text) if self.check else None


class AskFields(Dialog[dict[str, str] | None]):
    """The texts by name, trimmed. Enter goes on, and behind the last field keeps them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next field", show=False, id="next-field"),
        Binding("up", "app.focus_previous", "Field before", show=False, id="field-before"),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Asked],
        *,
        text: str = "",
        drafted: Keep | None = None,
        taken_up: Mapping[str, str] | None = None,
    ) -> None:
        before = {field.name: field.value.strip() for field in fields}
        left = before | dict(taken_up) if taken_up else None
        super().__init__(title, text)
        self.typing: Typing[dict[str, str]] = Typing(lambda: self.typed, before, left, drafted)
        self._fields = tuple(fields)

    def compose_answer(self) -> ComposeResult:
        for field in self._fields:
            with Horizontal(classes="dialog-row"):
                yield Label(field.label, classes="dialog-label", markup=False)
                example = f"e.g. {field.example}" if field.example else ""
                yield LineField(
                    self.typing.first[field.name],
                    placeholder=example,
                    id=f"dialog-{field.name}",
                    goes_on=self.typing.is_taken_up,
                )
        yield Static("", id="dialog-fault", markup=False)
        yield KeyHint(("enter", "Next field, then keep", "screen.go_on"), ("esc", "Back", "screen.back"))

    @on(Input.Submitted)
    def action_go_on(self) -> None:
        """The next field; behind the last keep them all."""
        if self.focused is not None and self.focused.id == f"dialog-{self._fields[-1].name}":
            self.action_keep()
        else:
            self.focus_next()

    def action_keep(self) -> None:
        """Give the texts, unless something is wrong with one."""
        self.keep_work()  # what it says about saving must not take the place of a fault later
        texts = self.typed
        for field in self._fields:
            fault = field.fault(texts[field.name])
            if fault is not None:
                self.say(f"✗ {field.label}: {fault}")
                self._input(field).focus()
                return
        self.dismiss(texts)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, by name, trimmed."""
        return {field.name: self._input(field).value.strip() for field in self._fields}

    def _input(self, field: Asked) -> LineField:
        return self.query_one(f"#dialog-{field.name}", LineField)


_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_day(text: str) -> date | None:
    """The day; None where the text is not one in the form YYYY-MM-DD."""
    if _FORM.fullmatch(text.strip()) is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def day_fault(text: str) -> str | None:
    """What is wrong with a typed day, and what to do; None where nothing is, or nothing was typed."""
    if not text.strip() or read_day(text) is not None:
        return None
    if _FORM.fullmatch(text.strip()):
        return f"There is no day {text.strip()}."
    return "Type the date as year-month-day, such as 2027-06-30."


class Leaving(StrEnum):
    """What is to become of the draft."""

    KEEP = "keep"
    DROP = "drop"
    STAY = "stay"


def ask_to_leave(title: str, *, again: str, trouble: str | None) -> ChooseOne[Leaving]:
    """What is to become of it. `again` says how it is taken up; `trouble` says why it could not be kept, if so."""
    keep = Choice(Leaving.KEEP, "Leave, and keep it as a draft", again)
    choices = (Choice(Leaving.DROP, "Discard it"), Choice(Leaving.STAY, "Stay here"))
    if trouble is None:
        return ChooseOne(title, (keep, *choices))
    return ChooseOne(title, choices, text=not_kept(trouble), chosen=Leaving.STAY)


def damaged_words(path: Path) -> str:
    """Where a draft lies that cannot be taken up."""
    return f"A draft was left here, but it cannot be read. It is kept as {visible(str(path))}."


def not_kept(trouble: str) -> str:
    """That there is no draft of it, and why."""
    return f"It could not be kept as a draft ({trouble}): when you leave, it is lost."


def when_words(at: datetime | None) -> str:
    """The day and time it was left, in words to go behind "from"; "the last time" where that is not known."""
    return "the last time" if at is None else f"{day(at.date())}, {at:%H:%M}"
