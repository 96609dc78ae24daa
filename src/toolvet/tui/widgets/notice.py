"""What has to be known about the file before its answers are relied on."""

from __future__ import annotations

from textual.widgets import Static

from toolvet.tui.widgets.plain_text import below_each_other


class Notice(Static):
    """Sentences below the title; nothing where there is nothing to say."""

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._said: tuple[str, ...] = ()

    def show(self, said: tuple[str, ...]) -> None:
        """Show these sentences, one on a line."""
        if said != self._said:
            self._said = said
            self.update(below_each_other(*said))
            self.display = bool(said)
