"""Weights that can be moved, with the ranking and how far it holds moving along. Nothing of it is saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.geometry import Size
from textual.getters import query_one
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from toolvet.domain.comparison import Ranked
from toolvet.domain.robustness import (
    DRAWS,
    SEED,
    LeaderHolds,
    Shares,
    holds_with,
    next_share,
    pinned_first_shares,
    rank_with,
    rubric_shares,
    with_share,
)
from toolvet.domain.rubric import Criterion
from toolvet.domain.scorecard import ScoreRange
from toolvet.domain.scoring import percent
from toolvet.report.comparison.ranking import Comparison, signed_points
from toolvet.report.comparison.sentences import change_words
from toolvet.text.charts import range_bar
from toolvet.text.labels import figure
from toolvet.tui.compare.pages import Page, View
from toolvet.tui.compare.tables import NAME_WIDTH, Details, name_width, named
from toolvet.tui.kit.content import in_a_row, on_one_line, shown
from toolvet.tui.kit.grid import Column, CompareGrid
from toolvet.tui.kit.score_panel import verdict_words

LONGEST_BAR = 50
NARROWEST_TITLE, WIDEST_TITLE = 16, 28
FIGURE_WIDTH = 8


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Weights tried, beside the rubric's `own`, with `chosen` the criterion at hand, and what follows from them.

    `holds` is empty where weights cannot be tried. `pinned`, the first shares with the chosen criterion's weight as
    it is, is None while it is being worked out.
    """

    shares: Shares
    own: Shares
    chosen: int
    ranked: tuple[Ranked, ...]
    holds: tuple[LeaderHolds, ...]
    pinned: Mapping[str, Fraction] | None

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that are weighed."""
        return self.ranked[0].candidate.scorecard.rubric.criteria

    @property
    def is_changed(self) -> bool:
        """Whether these are other weights than the rubric's."""
        return self.shares != self.own


class Sliders(Widget, can_focus=True):
    """Up and down choose a criterion, left and right move its weight."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Criterion above", show=False, tooltip="Move the weight of another one."),
        Binding("down", "choose(1)", "Criterion below", show=False),
        Binding("right,plus", "move(1)", "More", key_display="→", tooltip="More weight: a hundredth of the whole."),
        Binding("left,minus", "move(-1)", "Less", key_display="←", tooltip="Less weight: a hundredth of the whole."),
        Binding(
            "greater_than_sign", "move(10)", "Much more", key_display=">", show=False, tooltip="A tenth of the whole."
        ),
        Binding(
            "less_than_sign", "move(-10)", "Much less", key_display="<", show=False, tooltip="A tenth of the whole."
        ),
    ]

    class Moved(Message):
        """The weight of the chosen criterion is to move by so many hundredths."""

        def __init__(self, steps: int) -> None:
            super().__init__()
            self.steps = steps

    class Chosen(Message):
        """Another criterion was chosen."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, what_if: WhatIf) -> None:
        super().__init__()
        self._what_if = what_if

    def show(self, what_if: WhatIf) -> None:
        """Show these weights."""
        self._what_if = what_if
        self.refresh()

    def action_choose(self, by: int) -> None:
        """Choose the criterion above or below."""
        place = max(0, min(self._what_if.chosen + by, len(self._what_if.shares) - 1))
        if place != self._what_if.chosen:
            self.post_message(self.Chosen(place))

    def action_move(self, steps: int) -> None:
        """Move the chosen weight."""
        self.post_message(self.Moved(steps))

    def on_click(self, event: events.Click) -> None:
        """Choose the criterion that was clicked."""
        event.stop()
        offset = event.get_content_offset(self)
        place = -1 if offset is None else offset.y - len(self._head())
        if 0 <= place < len(self._what_if.shares):
            self.post_message(self.Chosen(place))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        """The heading, a line for each criterion, and the legend."""
        return len(self._head()) + len(self._what_if.shares) + 1

    def render(self) -> Content:
        """The weights, then what they mean."""
        width, height = self.size.width, self.size.height
        return Content("\n").join([*self._head(), *self._weights(width), _LEGEND][:height])

    def _head(self) -> list[Content]:
        if not self._what_if.is_changed:
            state = Content.styled(" WHAT IF  the rubric's weights; ← → move one", "bold $text-primary")
        else:
            state = in_a_row(
                Content.styled(" WHAT IF: not saved ", "bold reverse $text-warning"),
                Content.styled("  0", "bold $footer-key-foreground"),
                " the rubric's weights",
            )
        return [
            state,
            Content.styled(
                f" {'':{self._title_width()}}{'share':>{FIGURE_WIDTH}}{'rubric':>{FIGURE_WIDTH}}", "$text-muted"
            ),
        ]

    def _title_width(self) -> int:
        longest = max(on_one_line(criterion.title).cell_length for criterion in self._what_if.criteria)
        return max(NARROWEST_TITLE, min(longest + 1, WIDEST_TITLE))

    def _weights(self, width: int) -> Iterator[Content]:
        what_if, title_width = self._what_if, self._title_width()
        bar_width = max(12, min(LONGEST_BAR, width - title_width - 2 * FIGURE_WIDTH - 4))
        for place, criterion in enumerate(self._what_if.criteria):
            share, own = what_if.shares[place], what_if.own[place]
            is_chosen = place == what_if.chosen
            title = on_one_line(criterion.title, "bold" if is_chosen else "").truncate(
                title_width, ellipsis=True, pad=True
            )
            figures = f"{percent(100 * share):>{FIGURE_WIDTH}}{percent(100 * own):>{FIGURE_WIDTH}}  "
            row = in_a_row("▸" if is_chosen else " ", title, figures, self._bar(place, bar_width))
            if is_chosen:
                style = "on $block-cursor-background" if self.has_focus else "on $block-cursor-blurred-background"
                row = row.truncate(width, pad=True).stylize_before(style)
            yield row

    def _bar(self, place: int, width: int) -> Content:
        """The slider: the share now, the rubric's, and between which the leader stays first."""
        share, own = 100 * self._what_if.shares[place], 100 * self._what_if.own[place]
        holds = self._what_if.holds
        low, high = (100 * holds[place].low.share, 100 * holds[place].high.share) if holds else (share, share)
        return Content.styled(range_bar(ScoreRange(low, share, high, share), width, (own,)), "$text-primary")


_LEGEND = Content.styled(" ● share now  │ the rubric's  ┣ ┫ between these the leader stays first", "$text-muted")


def what_if_words(what_if: WhatIf) -> Iterator[Content]:
    """How far the ranking holds, and what the first shares mean."""
    yield shown(_hold_words(what_if))
    title = what_if.criteria[what_if.chosen].title
    share = percent(100 * what_if.shares[what_if.chosen])
    yield shown(
        f"Verdicts stay as they are and go before any weight. First in all: percent of {DRAWS:,} weightings drawn at "
        f"random (seed {SEED}); with {share}: of as many that give {title} that share.",
        "$text-muted",
    )


def _hold_words(what_if: WhatIf) -> str:
    leader = what_if.ranked[0].candidate
    verdict, title = leader.scorecard.verdict, what_if.criteria[what_if.chosen].title
    if not what_if.holds:
        return f"{leader.name} leads; how far that holds cannot be said, for it has a criterion without a score."
    if sum(ranked.candidate.scorecard.verdict is verdict for ranked in what_if.ranked) == 1:
        return f"{leader.name} leads whatever the weights: no other has its verdict, {verdict.words}."
    hold = what_if.holds[what_if.chosen]
    edges = [edge for edge in (hold.low, hold.high) if edge.rival is not None]
    if not edges:
        return f"{leader.name} leads whatever share {title} has, if the others keep their proportions."
    return f"{leader.name} leads. {'; '.join(change_words(hold, edge) for edge in edges)}."


PENDING = "…"


class RankingTable:
    """A tool on two lines: rank, floor and first shares, and below them its verdict and what it was before."""

    kept = 2
    lines = 2
    head = 2

    def __init__(
        self,
        comparison: Comparison,
        what_if: WhatIf,
        first_shares: Mapping[str, Fraction] | None,
        marked: Sequence[int],
        name_width: int,
    ) -> None:
        self._comparison = comparison
        self._what_if = what_if
        self._first_shares = first_shares
        self._marked = marked
        self._name_width = name_width
        self._places = {entry.candidate.file: at for at, entry in enumerate(comparison.entries)}

    def row_of(self, at: int) -> int:
        """The row of the tool at that place in the rubric's ranking."""
        file = self._comparison.entries[at].candidate.file
        return next(row for row, ranked in enumerate(self._what_if.ranked) if ranked.candidate.file == file)

    @property
    def row_count(self) -> int:
        """One for each tool."""
        return len(self._what_if.ranked)

    @cached_property
    def columns(self) -> Sequence[Column]:
        """Rank, tool, floor, and the shares of weightings in which it is first."""
        return (
            Column(max(3, len(str(self.row_count)) + 1), is_right=True),
            Column(self._name_width),
            Column(7, is_right=True),
            Column(7, is_right=True),
            Column(10, is_right=True),
        )

    def heading(self, column: int) -> Sequence[Content]:
        """What stands below."""
        share = percent(100 * self._what_if.shares[self._what_if.chosen])
        headings = (("#",), ("tool, verdict",), ("floor",), ("first", "in all"), ("first", f"with {share}"))
        return tuple(Content(line) for line in headings[column])

    def title(self, row: int) -> Content | None:  # noqa: ARG002 - every row is a tool
        """None: every row is a tool."""
        return None

    def cell(self, row: int, line: int, column: int) -> Content:
        """What is now above, what was before below."""
        ranked = self._what_if.ranked[row]
        candidate = ranked.candidate
        place = self._places[candidate.file]
        entry = self._comparison.entries[place]
        if column == 0:
            return Content.styled(str(ranked.rank), "bold") if line == 0 else _change(entry.rank, ranked.rank)
        if column == 1:
            return named(entry, is_marked=place in self._marked) if line == 0 else verdict_words(entry.scorecard)
        if column == 2:
            return self._floors(row, line)
        if line == 1:
            return Content("")
        shares = self._first_shares if column == 3 else self._what_if.pinned
        return _share(shares, candidate.file)

    def _floors(self, row: int, line: int) -> Content:
        candidate = self._what_if.ranked[row].candidate
        now, before = candidate.scorecard.overall, self._comparison.entries[self._places[candidate.file]].scorecard
        if line == 0:
            return Content.styled(figure(None if now is None else now.floor), "bold")
        if now is None or before.overall is None or not self._what_if.is_changed:
            return Content("")
        return Content.styled(signed_points(now.floor - before.overall.floor), "$text-muted")


def _change(before: int, now: int) -> Content:
    """By how many places it rose or fell; nothing where it stays."""
    if now == before:
        return Content("")
    sign, style = ("▲", "$text-success") if now < before else ("▼", "$text-warning")
    return in_a_row(Content.styled(f"{sign}{abs(before - now)}", style))


def _share(shares: Mapping[str, Fraction] | None, file: str) -> Content:
    """Percent; a dash for a tool without a chance, whose verdict or missing criterion leaves it out."""
    if shares is None:
        return Content.styled(PENDING, "$text-muted")
    share = shares.get(file)
    return Content.styled("–", "$text-muted") if share is None else Content(percent(100 * share))


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
