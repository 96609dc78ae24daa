"""Small dialogs: yes or no, one of several, and a message; text_dialogs has those for a text.

Each is dismissed with the answer, or with None (Confirm: False) if the person went back. Titles and texts may be
foreign; nothing in them is markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.tui.kit.content import Bullets, Choices, KeyHint, entitle, in_a_row, on_one_line, shown
from toolvet.tui.screen import LeavesOnce
from toolvet.values import dataclass

Value = TypeVar("Value")
Result = TypeVar("Result")


SOON = 0.25
"""Seconds from a change to its draft being saved; half a second is promised, and saving takes a part of it."""

LONG_TEXT = 480  # characters fill eight lines, which is what fits at 24 rows

EDGE = 66
"""Cells of a dialog's edge that hold words."""


class Dialog(LeavesOnce[Result], ModalScreen[Result]):
    """A question over a screen, with a title, perhaps a text, and a line that says which keys do what."""

    CSS_PATH = str(Path(__file__).with_name("dialogs.tcss"))

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", tooltip="Back to what is below.", id="back"),
        Binding("q", "app.quit", "Quit", show=False, tooltip="End toolvet and say what is saved.", id="quit"),
        Binding(
            "question_mark,f1",
            "app.show_keys",
            "Help",
            key_display="?",
            show=False,
            tooltip="What the keys do here.",
            id="help",
        ),
        Binding("pagedown", "scroll_text(1)", "Further down", show=False, id="further-down"),
        Binding("pageup", "scroll_text(-1)", "Further up", show=False, id="further-up"),
        Binding(
            "ctrl+p,colon",
            "app.command_palette",
            "Commands",
            show=False,
            tooltip="Find an action by name.",
            id="commands",
        ),
    ]

    typing: Typing[Any] | None = None
    """What is typed here, if anything is."""

    def __init__(self, title: str, text: Content | str = "") -> None:
        super().__init__()
        self._title = title
        self._text = shown(text) if isinstance(text, str) else text

    def compose(self) -> ComposeResult:
        is_short = cell_len(self._title) <= EDGE and "\n" not in self._title
        keys = Content("")
        with Vertical(id="dialog", classes="pane") as pane:
            if not is_short:
                yield Static(shown(self._title), id="dialog-title")
            if self._text:
                with VerticalScroll(id="dialog-text", can_focus=False):
                    yield Bullets(self._text.split(allow_blank=True))
            for widget in self.compose_answer():
                if isinstance(widget, KeyHint) and widget.words.cell_length <= EDGE:
                    keys = widget.words
                else:
                    yield widget
        entitle(pane, on_one_line(self._title) if is_short else "", keys)

    def compose_answer(self) -> ComposeResult:
        """What the person answers with, and the line of keys."""
        yield from ()

    def action_back(self) -> None:
        """Leave without an answer; ask first if something was typed."""
        if self.typing is not None and self.typing.is_changed:
            self.app.push_screen(ask_to_drop(), self._leave_typed)
        else:
            self.dismiss()

    def _leave_typed(self, answer: str | None) -> None:
        if answer == "keep":
            self.action_keep()
        elif answer == "drop":
            self.dismiss(None)

    def action_keep(self) -> None:
        """Give what is typed as the answer, unless something is wrong with it."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Give the answer; nothing is saved as a draft after that."""
        if self.typing is not None:
            self.typing.stop()
        return super().dismiss(result)

    def on_mount(self) -> None:
        if self.typing is not None and self.typing.is_taken_up:
            self.say("Restored from where you left off; enter keeps it.")

    def say(self, words: str) -> None:
        """Show a line below what is typed."""
        style = "" if words.startswith("✗") else "$text-muted"  # a fault has the colour of its place
        self.query_one("#dialog-fault", Static).update(shown(words, style))

    def on_input_changed(self) -> None:
        self._save_soon()

    def on_text_area_changed(self) -> None:
        self._save_soon()

    def _save_soon(self) -> None:
        if self.typing is not None and self.typing.has_to_be_saved() and self.is_running:
            self.set_timer(SOON, self.keep_work)

    def keep_work(self) -> None:
        """Save what is typed, if anything is."""
        said = None if self.typing is None else self.typing.save()
        if said is not None:
            self.say(said)

    def action_choose(self) -> None:
        self.query_one(OptionList).action_select()

    def more_keys(self) -> tuple[tuple[str, str, str], ...]:
        """The key that shows more of a text that may not fit."""
        fits = len(self._text) <= LONG_TEXT and self._text.plain.count("\n") <= LONG_TEXT / 60
        return () if fits else (("pgdn", "More of the text", "screen.scroll_text(1)"),)

    def action_scroll_text(self, pages: int) -> None:
        for text in self.query("#dialog-text"):
            text.scroll_relative(y=pages * max(1, text.size.height - 1), animate=False)


class Typing(Generic[Value]):
    """What is typed in a dialog: `read` gives it trimmed, `drafted` saves it while it is typed.

    `before` is what stood there, `first` what the dialog begins with: that, or what was half typed when the app ended.
    """

    def __init__(
        self,
        read: Callable[[], Value],
        before: Value,
        taken_up: Value | None,
        drafted: Callable[[Value], str | None] | None,
        room_words: Callable[[], str] = str,
    ) -> None:
        self._read, self._before, self._drafted, self._room_words = read, before, drafted, room_words
        self.is_taken_up = taken_up is not None
        self.first: Value = before if taken_up is None else taken_up
        self._saved = self.first
        self._is_waiting = False

    @property
    def is_changed(self) -> bool:
        """Whether it is not what stood there before."""
        return self._read() != self._before

    def has_to_be_saved(self) -> bool:
        """Whether it is time to begin waiting for a moment to save; further keys until then do not put it off."""
        begins = self._drafted is not None and not self._is_waiting
        self._is_waiting = self._is_waiting or begins
        return begins

    def save(self) -> str | None:
        """Save it as it is now; return what to say about that, or None if nothing is new."""
        self._is_waiting = False
        if self._drafted is None:  # a dialog that is over has no fields to read
            return None
        typed = self._read()
        if typed == self._saved:
            return None
        trouble = self._drafted(typed)
        self._saved = typed
        return f"✗ {trouble}" if trouble else f"Saved while you type. {self._room_words()}".rstrip()

    def stop(self) -> None:
        """Save nothing any more."""
        self._drafted = None


class Confirm(Dialog[bool]):
    """Yes or no, each as what is done then, verb first; `y` and `n` work too. Going back is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False, id="yes"),
        Binding("n", "answer(False)", "No", show=False, id="no"),
        # with priority: the list of the two answers would take these keys for itself
        Binding("pagedown", "scroll_text(1)", "Further down", show=False, priority=True, id="further-down"),
        Binding("pageup", "scroll_text(-1)", "Further up", show=False, priority=True, id="further-up"),
    ]

    def __init__(self, title: str, text: Content | str = "", *, yes: str, no: str, careful: bool = False) -> None:
        super().__init__(title, text)
        self._yes = yes
        self._no = no
        self._careful = careful

    def compose_answer(self) -> ComposeResult:
        choices = Choices(
            Option(in_a_row(Content.styled("y  ", "$text-primary"), shown(self._yes))),
            Option(in_a_row(Content.styled("n  ", "$text-primary"), shown(self._no))),
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
        self.dismiss(yes)

    def action_back(self) -> None:
        self.dismiss(False)


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """One thing to choose: the value, what it is called, and perhaps more about it."""

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
        options = Choices(*_options(self._choices), id="dialog-choices")
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


def ask_to_drop() -> ChooseOne[str]:
    """What becomes of a text that somebody leaves: keep, drop, or on."""
    choices = (
        Choice("keep", "Keep what I typed"),
        Choice("drop", "Discard it", "Everything is as it was before."),
        Choice("on", "Go on writing"),
    )
    return ChooseOne("Keep what you typed?", choices)


class Tell(Dialog[None]):
    """A message that stays until it is read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "back", "Close", show=False, id="close")]

    def __init__(self, title: str, text: Content | str = "", *, enter: str = "Close") -> None:
        super().__init__(title, text)
        self._enter = enter

    def compose_answer(self) -> ComposeResult:
        yield KeyHint(("enter", self._enter, "screen.back"), *self.more_keys())

    def on_mount(self) -> None:
        for text in self.query("#dialog-text"):
            text.can_focus = True
            text.focus()


def _options(choices: Sequence[Choice[Value]]) -> Iterator[Option]:
    """Each with what more there is to say beside it, where that fits into one line for all of them; else below it."""
    labels = [on_one_line(choice.label) for choice in choices]
    details = [on_one_line(choice.detail, "$text-muted") for choice in choices]
    widest = max((label.cell_length for label in labels), default=0) + 2
    is_beside = all(widest + detail.cell_length <= EDGE - 4 for detail in details)
    for number, (label, detail) in enumerate(zip(labels, details, strict=True), 1):
        head = in_a_row(Content.styled(f"{number}  " if number <= 9 else "   ", "$text-primary"), label)
        if not detail:
            yield Option(head)
        elif is_beside:
            yield Option(in_a_row(head, " " * (widest - label.cell_length), detail))
        else:
            yield Option(in_a_row(head, "\n   ", Content("\n   ").join(detail.wrap(EDGE - 4))))
