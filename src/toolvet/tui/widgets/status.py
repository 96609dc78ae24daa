"""The line above the keys: where one is in the pass, and when the last change was saved."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from toolvet.tui.widgets.plain_text import on_one_line


class Status(Horizontal):
    """The place at the left, saving at the right."""

    def compose(self) -> ComposeResult:
        yield Static(id="status-place")
        yield Static(id="status-saving")

    def show_place(self, words: str) -> None:
        """Say where one is."""
        self.query_one("#status-place", Static).update(on_one_line(words), layout=False)

    def show_saving(self, words: str) -> None:
        """Say how saving went."""
        self.query_one("#status-saving", Static).update(on_one_line(words), layout=False)
