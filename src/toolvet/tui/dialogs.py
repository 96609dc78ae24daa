"""Small questions over a screen: a line, a longer text, yes or no, one of several, and a message.

Each is dismissed with the answer, and with None (Confirm: False) where the person went back. Titles and texts may be
foreign; nothing in them is markup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from toolvet.tui.widgets.fields import LONGEST_TEXT, LineField, TextField
from toolvet.tui.widgets.frame import KeyHint
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown

Value = TypeVar("Value")
Result = TypeVar("Result")


LONG_TEXT = 480  # characters fill eight lines, which is what fits at 24 rows


class Dialog(ModalScreen[Result]):
    """A question over a screen, with a title, perhaps a text, and a line that says which keys do what."""

    CSS_PATH = str(Path(__file__).with_name("dialogs.tcss"))

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("q", "app.quit", "Quit", show=False),
        Binding("question_mark,f1", "app.show_keys", "Help", key_display="?", show=False),
        Binding("pagedown", "scroll_text(1)", "Further down", show=False),
        Binding("pageup", "scroll_text(-1)", "Further up", show=False),
        Binding("ctrl+p,colon", "app.command_palette", "Commands", show=False),
    ]

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(shown(self._title), id="dialog-title")
            if self._text:
                with VerticalScroll(id="dialog-text", can_focus=False):
                    yield Static(shown(self._text))
            yield from self.compose_answer()

    def compose_answer(self) -> ComposeResult:
        """What the person answers with, and the line of keys."""
        yield from ()

    def action_back(self) -> None:
        """Leave without an answer."""
        self.dismiss()

    def action_choose(self) -> None:
        """Take the highlighted one."""
        self.query_one(OptionList).action_select()

    def more_keys(self) -> tuple[tuple[str, str, str], ...]:
        """The key that shows more of a text that may not fit."""
        fits = len(self._text) <= LONG_TEXT and self._text.count("\n") <= LONG_TEXT / 60
        return () if fits else (("pgdn", "More of the text", "screen.scroll_text(1)"),)

    def action_scroll_text(self, pages: int) -> None:
        """Show more of a long text."""
        for text in self.query("#dialog-text"):
            text.scroll_relative(y=pages * max(1, text.size.height - 1), animate=False)


class AskLine(Dialog[str | None]):
    """One line of text, trimmed. `check` gives what is wrong with a text, or None; that keeps the dialog open.

    An empty answer is the empty string, and is refused with `required`. What was typed is never dropped without asking.
    """

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        text: str = "",
        hint: str = "",
        required: bool = False,
        check: Callable[[str], str | None] | None = None,
    ) -> None:
        super().__init__(title, text)
        self._value = value
        self._hint = hint
        self._required = required
        self._check = check

    def compose_answer(self) -> ComposeResult:
        yield LineField(self._value, placeholder=self._hint, id="dialog-input")
        yield Static("", id="dialog-fault", markup=False)
        yield KeyHint(("enter", "Keep", "screen.keep"), ("esc", "Back", "screen.back"))

    @on(Input.Submitted)
    def action_keep(self) -> None:
        """Give the answer, unless something is wrong with it."""
        text = self.query_one(Input).value.strip()
        fault = "This is needed." if self._required and not text else self._check(text) if self._check else None
        if fault is None:
            self.dismiss(text)
        else:
            self.query_one("#dialog-fault", Static).update(shown("✗ " + fault))

    def action_back(self) -> None:
        """Leave; where something was typed, ask first."""
        changed = self.query_one(Input).value.strip() != self._value.strip()
        leave_typed(self, changed=changed, keep=self.action_keep)


class AskText(Dialog[str | None]):
    """A longer text. Enter keeps it; ctrl+j (or pasting) makes a new line."""

    def __init__(self, title: str, value: str = "", *, text: str = "", hint: str = "", required: bool = False) -> None:
        super().__init__(title, text)
        self._value = value
        self._hint = hint
        self._required = required

    def compose_answer(self) -> ComposeResult:
        yield EndingText(self._value, placeholder=self._hint, id="dialog-area")
        yield Static("", id="dialog-fault", markup=False)
        yield KeyHint(
            ("enter", "Keep", "screen.keep"),
            ("ctrl+j", "New line", "screen.break_line"),
            ("esc", "Back", "screen.back"),
        )

    @on(TextArea.Changed)
    def _show_length(self) -> None:
        over = len(self.query_one(TextArea).text) - LONGEST_TEXT
        fault = f"✗ {over} characters too many; {LONGEST_TEXT} is the limit." if over > 0 else ""
        self.query_one("#dialog-fault", Static).update(fault)

    def action_break_line(self) -> None:
        """Begin a new line in the text."""
        self.query_one(TextArea).insert("\n")

    def action_keep(self) -> None:
        """Give the answer, unless it is too long, or missing and needed."""
        text = self.query_one(TextArea).text.strip()
        if self._required and not text:
            self.query_one("#dialog-fault", Static).update("✗ This is needed.")
        elif len(text) <= LONGEST_TEXT:
            self.dismiss(text)

    def action_back(self) -> None:
        """Leave; where something was typed, ask first."""
        changed = self.query_one(TextArea).text.strip() != self._value.strip()
        leave_typed(self, changed=changed, keep=self.action_keep)


class EndingText(TextField):
    """A text field in which Enter ends the dialog."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.keep", "Keep", priority=True),
        Binding("ctrl+j", "screen.break_line", "New line", priority=True),
    ]


class Confirm(Dialog[bool]):
    """Yes or no, each a word or two for what happens then; `y` and `n` work too. Going back is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n", "answer(False)", "No", show=False),
    ]

    def __init__(self, title: str, text: str = "", *, yes: str = "Yes", no: str = "No", careful: bool = False) -> None:
        super().__init__(title, text)
        self._yes = yes
        self._no = no
        self._careful = careful

    def compose_answer(self) -> ComposeResult:
        choices = OptionList(
            Option(in_a_row(Content.styled(" y  ", "$text-primary"), shown(self._yes))),
            Option(in_a_row(Content.styled(" n  ", "$text-primary"), shown(self._no))),
            id="dialog-choices",
        )
        choices.highlighted = 1 if self._careful else 0
        yield choices
        yield KeyHint(("enter", "Choose", "screen.choose"), *self.more_keys(), ("esc", "Back", "screen.back"))

    @on(OptionList.OptionSelected)
    def _give_answer(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_index == 0)

    def action_answer(self, yes: bool) -> None:
        """Take that one."""
        self.dismiss(yes)

    def action_back(self) -> None:
        """Going back is no."""
        self.dismiss(False)


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """One thing to choose: the value, what it is called, and perhaps more about it on a second line."""

    value: Value
    label: str
    detail: str = ""


class ChooseOne(Dialog[Value | None], Generic[Value]):
    """One of several; the first nine by their digit too. `chosen` is the one that is highlighted at first."""

    def __init__(
        self, title: str, choices: Sequence[Choice[Value]], *, text: str = "", chosen: Value | None = None
    ) -> None:
        super().__init__(title, text)
        self._choices = tuple(choices)
        self._chosen = chosen

    def compose_answer(self) -> ComposeResult:
        options = OptionList(
            *(_option(number, choice) for number, choice in enumerate(self._choices, 1)), id="dialog-choices"
        )
        values = [choice.value for choice in self._choices]
        options.highlighted = values.index(self._chosen) if self._chosen in values else 0
        yield options
        yield KeyHint(("enter", "Choose", "screen.choose"), ("esc", "Back", "screen.back"))

    def on_key(self, event: Key) -> None:
        """A digit takes the choice of that number."""
        if (
            event.character is not None
            and event.character in "123456789"
            and int(event.character) <= len(self._choices)
        ):
            event.stop()
            self.dismiss(self._choices[int(event.character) - 1].value)

    @on(OptionList.OptionSelected)
    def _give_answer(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._choices[event.option_index].value)


class Tell(Dialog[None]):
    """A message that stays until it is read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "back", "Close", show=False)]

    def compose_answer(self) -> ComposeResult:
        yield KeyHint(("enter", "Close", "screen.back"), *self.more_keys())

    def on_mount(self) -> None:
        """Let a long message be scrolled with the keys."""
        for text in self.query("#dialog-text"):
            text.can_focus = True
            text.focus()


def _option(number: int, choice: Choice[Value]) -> Option:
    key = f" {number}  " if number <= 9 else "    "
    head = in_a_row(Content.styled(key, "$text-primary"), on_one_line(choice.label))
    if not choice.detail:
        return Option(head)
    return Option(in_a_row(head, "\n    ", on_one_line(choice.detail, "$text-muted")))


def leave_typed(dialog: Dialog[Result | None], *, changed: bool, keep: Callable[[], object]) -> None:
    """Leave the dialog; where something was typed, ask first whether to keep it."""
    if not changed:
        dialog.dismiss(None)
        return

    def leave(answer: str | None) -> None:
        if answer == "keep":
            keep()
        elif answer == "drop":
            dialog.dismiss(None)

    choices = (
        Choice("keep", "Keep what I typed"),
        Choice("drop", "Throw it away"),
        Choice("on", "Go on writing"),
    )
    dialog.app.push_screen(ChooseOne("Keep what you typed?", choices), leave)
