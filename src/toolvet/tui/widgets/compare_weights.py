"""Weights that can be moved, with the ranking and how far it holds moving along. Nothing of it is saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.timer import Timer
from textual.worker import Worker, get_current_worker

from toolvet.domain.comparison import Ranked
from toolvet.domain.what_if import (
    Shares,
    holds_with,
    next_share,
    pinned_first_shares,
    rank_with,
    rubric_shares,
    with_share,
)
from toolvet.report.comparison import Comparison
from toolvet.tui.widgets.compare_details import Details
from toolvet.tui.widgets.compare_grid import CompareGrid
from toolvet.tui.widgets.compare_ranking import RankingTable
from toolvet.tui.widgets.compare_sliders import Sliders, WhatIf, what_if_words
from toolvet.tui.widgets.compare_tables import NAME_WIDTH, name_width
from toolvet.tui.widgets.compare_view import Page, View

PATIENCE = 0.12
"""Seconds without a key after which the draws begin."""

STRETCH, BREATH = 0.001, 0.003
"""So many seconds the draws go on, and then pause: Python runs one thread at a time, and the keys go first."""


class WeightsPage(Page):
    """The sliders, and the ranking that follows from them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("0", "own_weights", "Rubric's weights", tooltip="Take all changes of weight back."),
        Binding("pagedown", "scroll_ranking(1)", "Ranking down", show=False),
        Binding("pageup", "scroll_ranking(-1)", "Ranking up", show=False),
    ]

    sliders = query_one(Sliders)
    ranking = query_one(CompareGrid)

    def __init__(self, comparison: Comparison, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._comparison = comparison
        self._candidates = tuple(entry.candidate for entry in comparison.entries)
        self._first_shares: Mapping[str, Fraction] | None = None
        self._marked: Sequence[int] = ()
        self._at = 0
        self._name_width = name_width(comparison.entries, least=NAME_WIDTH)
        self._waiting: Timer | None = None
        own = rubric_shares(comparison.rubric)
        ranked = tuple(Ranked(entry.rank, entry.candidate) for entry in comparison.entries)
        self.what_if = WhatIf(own, own, 0, ranked, holds_with(ranked, own, own), None)

    def compose(self) -> ComposeResult:
        yield Sliders(self.what_if)
        with Container():
            yield CompareGrid()
            yield Details()

    def on_mount(self) -> None:
        """The keys belong to the sliders."""
        self.ranking.can_focus = False

    def take_focus(self) -> None:
        """To the sliders."""
        self.sliders.focus()

    def show(self, view: View) -> None:
        """The weights as they were left, with the first shares over all weightings, once they are known."""
        self._first_shares = None if view.robustness is None else view.robustness.first_share
        self._marked, self._at = view.marked, view.at
        if self._waiting is None and self.is_in_view:
            self._work_out_later()
        self._show()

    def action_own_weights(self) -> None:
        """Back to the rubric's weights."""
        self._take_shares(self.what_if.own)

    def action_scroll_ranking(self, by: int) -> None:
        """Show more of the ranking."""
        self.ranking.scroll_relative(y=by * max(1, self.ranking.size.height - 2), animate=False)

    @on(Sliders.Moved)
    def _move_weight(self, event: Sliders.Moved) -> None:
        event.stop()
        what_if = self.what_if
        share = next_share(what_if.shares[what_if.chosen], event.steps)
        self._take_shares(with_share(what_if.shares, what_if.chosen, share, what_if.own))

    @on(Sliders.Chosen)
    def _choose_criterion(self, event: Sliders.Chosen) -> None:
        event.stop()
        self.what_if = replace(self.what_if, chosen=event.place, pinned=None)
        self._show()
        self._work_out_later()

    def _take_shares(self, shares: Shares) -> None:
        if shares == self.what_if.shares:
            return
        self._give_up()
        ranked = rank_with(self._candidates, shares)
        holds = holds_with(ranked, shares, self.what_if.own)
        self.what_if = replace(self.what_if, shares=shares, ranked=ranked, holds=holds, pinned=None)
        self._show()
        self._work_out_later()

    def _show(self) -> None:
        self.sliders.show(self.what_if)
        table = RankingTable(self._comparison, self.what_if, self._first_shares, self._marked, self._name_width)
        self.ranking.show(table, table.row_of(self._at))
        self.query_one(Details).show(what_if_words(self.what_if))

    def _work_out_later(self) -> None:
        """After the last of several keys."""
        self._give_up()
        self._waiting = self.set_timer(PATIENCE, self._work_out)

    def _give_up(self) -> None:
        """Stop what is being worked out for other weights; it would hold up what is done about these."""
        if self._waiting is not None:
            self._waiting.stop()
        self.workers.cancel_group(self, "what-if")

    @work(thread=True, exclusive=True, group="what-if")
    def _work_out(self) -> None:
        what_if, worker = self.what_if, get_current_worker()
        share = what_if.shares[what_if.chosen]
        pinned = pinned_first_shares(what_if.ranked, what_if.chosen, share, is_stopped=given_up(worker))
        if pinned is not None:
            self.app.call_from_thread(self._take_pinned, what_if, pinned)

    def _take_pinned(self, of: WhatIf, pinned: Mapping[str, Fraction]) -> None:
        if (of.shares, of.chosen) == (self.what_if.shares, self.what_if.chosen):
            self.what_if = replace(self.what_if, pinned=pinned)
            self._show()


def given_up(worker: Worker[object]) -> Callable[[], bool]:
    """For work in that worker to ask now and then: whether nobody waits for it any longer. Keys go first meanwhile."""
    began = time.perf_counter()

    def is_given_up() -> bool:
        nonlocal began
        if time.perf_counter() - began > STRETCH:
            time.sleep(BREATH)
            began = time.perf_counter()
        return worker.is_cancelled

    return is_given_up
