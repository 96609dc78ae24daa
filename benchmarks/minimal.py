"""The least Textual app that draws something: what ours is measured against."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("minimal-app-ready")


if __name__ == "__main__":
    Minimal().run()
