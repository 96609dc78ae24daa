"""What every screen of ours has in common: back, quit, help, and an account of what is saved."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import ClassVar, Concatenate, ParamSpec, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from toolvet.errors import ToolvetError
from toolvet.text.escape import visible

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")
Self = TypeVar("Self", bound=Widget)


class KeepsWork:
    """A screen or dialog that may hold what is not saved yet. The app calls `keep_work` before it ends."""

    def keep_work(self) -> None:
        """Save what is not saved yet; raises NotSaved where that fails."""


class Place(KeepsWork, Screen[Result]):
    """A screen. `HELP` is what `?` says above the keys; `action_back` is what `esc` does.

    The app asks `would_be_lost` and `saved_words` when the person quits.
    """

    HELP: ClassVar[str] = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", tooltip="Back to where you came from; nothing is lost."),
        Binding("question_mark", "app.show_keys", "Help", key_display="?", tooltip="What the keys do here."),
        Binding("f1", "app.show_keys", "Help", key_display="f1", tooltip="What the keys do here."),  # in text fields
        Binding("q", "app.quit", "Quit", tooltip="End toolvet and say what is saved."),
    ]

    def action_back(self) -> object:
        """Leave without a result. What it gives is of no account; where it asks first, it is a worker."""
        self.dismiss()
        return None

    def help_words(self) -> str:
        """What `?` says above the keys."""
        return self.HELP

    def tells_of(self, action: str) -> bool:  # noqa: ARG002 - for the places that leave one out
        """Whether help and the command palette list that action."""
        return True

    def would_be_lost(self) -> str | None:
        """What quitting now would throw away, in words; None where all is saved."""
        return None

    def saved_words(self) -> str | None:
        """Where the work of this screen is saved, in words for after the end; None where there is nothing to say."""
        return None


def tell(widget: Widget, error: ToolvetError) -> None:
    """Show a problem as a notification that stays long enough to be read."""
    widget.app.notify(
        visible(str(error), keep_line_breaks=True),
        title="That did not work",
        severity="error",
        timeout=12,
        markup=False,
    )


def tells_errors(
    action: Callable[Concatenate[Self, Parameters], Awaitable[None]],
) -> Callable[Concatenate[Self, Parameters], Awaitable[None]]:
    """For an action in a worker (`@work` above this): a ToolvetError becomes a notification.

    Other actions need nothing: the app does the same for every action that a key runs.
    """

    @functools.wraps(action)
    async def telling(self: Self, /, *arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            await action(self, *arguments, **options)
        except ToolvetError as error:
            tell(self, error)

    return telling
