"""The first screen of the app, and what all screens share: back, quit, help, and messages about saving."""

from __future__ import annotations

import functools
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import ClassVar, Concatenate, ParamSpec, Protocol, TypeVar, runtime_checkable

from textual._context import NoActiveAppError
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.events import Event, ScreenResume
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from toolvet.errors import ToolvetError
from toolvet.text.escape import one_line, visible

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")
Self = TypeVar("Self", bound=Widget)


@runtime_checkable
class KeepsWork(Protocol):
    """A screen or dialog that may hold unsaved work. The app calls `keep_work` before it ends."""

    def keep_work(self) -> None:
        """Save what is not saved yet. Raises NotSaved where that fails."""
        ...


COPY = Binding("y", "copy", "Copy", show=False, tooltip="Copy what is under the cursor.", id="copy")
"""The key of a screen with `action_copy`, which calls `copy_words`."""

AGAIN = Binding("V", "again", "Review again", tooltip="Begin the next review from these answers.", id="again")
"""The key of a screen with `action_again`, about an assessment that a decision rests on."""


class LeavesOnce(Screen[Result]):
    """A screen that tells problems, and that a second key, typed before the first has closed it, does not close again,
    nor the one below it."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()

    async def _dispatch_message(self, message: Message) -> None:
        """Tell a problem that a person can mend, where Textual would end the app; leave a screen that cannot open."""
        try:
            await super()._dispatch_message(message)
        except ToolvetError as error:
            if not self.is_mounted:
                if not any(isinstance(below, LeavesOnce) for below in self.app.screen_stack if below is not self):
                    raise
                self.app.call_later(self.dismiss)
            notify_error(self, error)


class Place(LeavesOnce[Result]):
    """A screen. `HELP` is what `?` says above the keys; actions that begin with UNLISTED are left out there.

    The app asks `would_be_lost` and `saved_words` when the person quits.
    """

    HELP: ClassVar[str] = ""
    UNLISTED: ClassVar[tuple[str, ...]] = ()

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", tooltip="Back to where you came from; nothing is lost.", id="back"),
        Binding("question_mark", "app.show_keys", "Help", key_display="?", tooltip="What the keys do here.", id="help"),
        Binding(
            "f1", "app.show_keys", "Help", key_display="f1", tooltip="What the keys do here.", id="help"
        ),  # in text fields
        Binding("q", "app.quit", "Quit", tooltip="End toolvet and say what is saved.", id="quit"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._was_shown = False
        with suppress(NoActiveAppError):
            # Textual learns this with the first size it is told, and would then work out all styles a second time
            points, width = self.app.HORIZONTAL_BREAKPOINTS or [], self.app.size.width
            reached = [name for least, name in sorted(points) if least <= width]
            self.add_class(*reached[-1:], update=False)

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Shown for the first time, all that is on it has its styles: Textual would work them out again."""
        if not self._was_shown:
            event.refresh_styles = False
            self.app.stylesheet.apply(self)
            self._was_shown = True

    def keep_work(self) -> None:
        """Save what is not saved yet. Raises NotSaved where that fails."""

    def take_new_day(self) -> None:
        """Show what holds now: the day has changed while the screen was open."""

    def action_back(self) -> object:
        """Leave without a result. The return value is ignored; a screen that asks first returns a worker."""
        self.dismiss()
        return None

    @property
    def help_words(self) -> str:
        return self.HELP

    @property
    def tool(self) -> str:
        """The name of the tool that is chosen here, as commands take it; empty where that is none, or several."""
        return ""

    @property
    def idle_actions(self) -> frozenset[str]:
        """The actions that would only say why they do nothing now: their keys are not shown."""
        return frozenset()

    @property
    def key_words(self) -> Mapping[str, str]:
        """What the line of keys says of an action now, where that is more than its name."""
        return {}

    @property
    def quiet_actions(self) -> frozenset[str]:
        """The actions that work, and whose keys the line of keys leaves out now."""
        return frozenset()

    def would_be_lost(self) -> str | None:
        """What quitting now would throw away, in words, or None."""
        return None

    def saved_words(self) -> str | None:
        """Where the work of this screen is saved, to be printed after the app ends, or None."""
        return None


def notify(widget: Widget, words: str, *, seconds: float = 4) -> None:
    """Say something that needs no answer. The words are our own or made visible."""
    widget.app.notify(words, markup=False, timeout=seconds)


def copy_words(widget: Widget, words: str, what: str) -> None:
    """Put the words on the clipboard and say so; where there are none, the clipboard stays as it is."""
    if words:
        widget.app.copy_to_clipboard(words)
        notify(widget, f"✓ Copied the {what}: {one_line(words)[:50]}")
    else:
        notify(widget, f"There is no {what} to copy.")


def notify_error(widget: Widget, error: ToolvetError) -> None:
    """Show a problem long enough to be read."""
    widget.app.notify(
        f"✗ {visible(str(error), keep_line_breaks=True)}",
        severity="error",
        timeout=12,
        markup=False,
    )


def tells_errors(
    action: Callable[Concatenate[Self, Parameters], Awaitable[None]],
) -> Callable[Concatenate[Self, Parameters], Awaitable[None]]:
    """Turn a ToolvetError of an action in a worker (`@work` above this) into a notification.

    Other actions do not need this: the app does the same for every action that a key runs.
    """

    @functools.wraps(action)
    async def telling(self: Self, /, *arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            await action(self, *arguments, **options)
        except ToolvetError as error:
            notify_error(self, error)

    return telling


_LONGEST_TURN = 0.5
"""Seconds until the next key goes on although a widget, removed by then, has not passed on the one before."""
_DRAWS_SECONDS = 0.1
"""While more keys wait, the screen is drawn every so often, not after each."""


class InTurn:
    """Passes keys and pastes on one at a time, so that what is typed ahead goes where the key before it leads.

    Textual passes each on at once: text behind a key that opens a field would be taken for keys of the screen below.
    """

    def __init__(self, app: App[None], pass_on: Callable[[Event], Awaitable[None]]) -> None:
        self._app, self._pass_on = app, pass_on
        self._typed: deque[Event] = deque()
        self._turn = 0
        self._is_busy = False
        self._draws_at = 0.0

    async def take(self, event: Event) -> None:
        """Pass the event on once those before it have done what they do."""
        self._typed.append(event)
        if not self._is_busy:
            await self._go_on(self._turn)

    async def _go_on(self, turn: int) -> None:
        if turn != self._turn:
            return  # it took so long that the next has gone on already
        self._turn += 1
        self._is_busy = bool(self._typed)
        if self._is_busy:
            at = self._app.focused or self._app.screen
            await self._pass_on(self._typed.popleft())
            if self._typed and time.monotonic() >= self._draws_at:
                self._draws_at = time.monotonic() + _DRAWS_SECONDS
                self._app.delay_update(_DRAWS_SECONDS)
            self._app.set_timer(_LONGEST_TURN, functools.partial(self._go_on, self._turn))
            self._follow(at, self._turn, is_message=False)

    def _follow(self, node: DOMNode, turn: int, *, is_message: bool) -> None:
        """Follow the key from its widget up to the app, then the message that a widget makes of it."""
        if node is not self._app:
            up = node.parent or self._app
            if not node.call_later(self._follow, up, turn, is_message=is_message):
                self._app.call_later(self._follow, self._app, turn, is_message=is_message)
        elif is_message:
            self._app.call_later(self._go_on, turn)
        else:
            self._follow(self._app.focused or self._app.screen, turn, is_message=True)
