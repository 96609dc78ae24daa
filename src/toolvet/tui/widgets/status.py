"""The line above the keys: where one is in the pass, and when the last change was saved."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from toolvet.domain.passes import Pass, questions_in
from toolvet.domain.scorecard import Scorecard
from toolvet.tui.widgets.plain_text import on_one_line
from toolvet.tui.widgets.score_panel import left_words


class Status(Horizontal):
    """The place at the left, saving at the right."""

    def compose(self) -> ComposeResult:
        yield Static(id="status-place")
        yield Static(id="status-saving")

    def show_place(self, chosen: Pass, scorecard: Scorecard, at: str) -> None:
        """Say where in the pass that question is, how long the rest takes, and the keys for going elsewhere."""
        self.show_words(_place(chosen, scorecard, at))

    def show_words(self, words: str) -> None:
        """Say where one is, and the keys for going elsewhere."""
        self.query_one("#status-place", Static).update(on_one_line(words), layout=False)

    def show_saving(self, words: str) -> None:
        """Say how saving went."""
        self.query_one("#status-saving", Static).update(on_one_line(words), layout=False)


def _place(chosen: Pass, scorecard: Scorecard, at: str) -> str:
    ids = [scored.question.id for scored in questions_in(chosen, scorecard)]
    place = str(ids.index(at) + 1) if at in ids else "–"
    left = left_words(chosen, scorecard)
    return f"{place} of {len(ids)} · {chosen.value} · {left}   ? keys  w check  o outline  v pass"
