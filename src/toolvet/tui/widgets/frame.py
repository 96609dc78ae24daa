"""The frame of every screen: the title bar above, the line of trouble below, and the keys."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Footer, Static

from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown


class TitleBar(Horizontal):
    """One line: the place at the left, and what it is about at the right. Both may be foreign text."""

    def __init__(self, place: str, context: str = "") -> None:
        super().__init__()
        self._place = place
        self._about = context

    def compose(self) -> ComposeResult:
        yield Static(_place(self._place), id="title-place")
        yield Static(on_one_line(self._about), id="title-context")

    def show(self, place: str, context: str) -> None:
        """Change both."""
        self._place, self._about = place, context
        if self.is_mounted:
            self.query_one("#title-place", Static).update(_place(place))
            self.query_one("#title-context", Static).update(on_one_line(context))


class Trouble(Static):
    """What has to be mended, such as NOT SAVED; it stays until it is."""

    def show(self, message: str | None) -> None:
        """Show that message, or, with None, that all is well again."""
        self.set_class(message is not None, "-shown")
        self.update("" if message is None else shown(f"✗ {message}"))


class Keys(Footer):
    """The keys that matter here; `?` has all of them."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)


def _place(words: str) -> Content:
    return in_a_row(Content.styled("toolvet", "bold $text-primary"), "  ", on_one_line(words))
