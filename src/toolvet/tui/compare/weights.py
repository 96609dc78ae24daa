"""Trying out weights: the ranking follows, and shows how far it can move. Nothing is saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
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

from toolvet.domain.comparison import (
    DRAWS,
    SEED,
    LeaderHolds,
    Ranked,
    Robustness,
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
from toolvet.report.comparison.ranking import Comparison, Entry, signed_points
from toolvet.report.comparison.sentences import change_words
from toolvet.text.charts import range_bar
from toolvet.text.labels import figure, share
from toolvet.tui.compare.pages import ComparisonView
from toolvet.tui.compare.tables import NAME_WIDTH, lettered_name, name_width
from toolvet.tui.kit.content import Details, bar, entitle, in_a_row, on_one_line, shown, under_cursor
from toolvet.tui.kit.grid import GAP, Column, Table, TableGrid, framed
from toolvet.tui.kit.score_panel import verdict_words
from toolvet.values import dataclass

LONGEST_BAR = 80
NARROWEST_TITLE, WIDEST_TITLE = 16, 28
FIGURE_WIDTH = 8


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Weights to try, beside the rubric's `own`, and the ranking they lead to. `chosen` is the current criterion.

    `holds` is empty where weights cannot be tried. `pinned` are the first shares with the chosen criterion's weight
    kept as it is, None while they are computed.
    """

    shares: Shares
    own: Shares
    chosen: int
    ranked: tuple[Ranked, ...]
    holds: tuple[LeaderHolds, ...]
    pinned: Mapping[str, Fraction] | None

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.ranked[0].candidate.scorecard.rubric.criteria

    @property
    def is_changed(self) -> bool:
        return self.shares != self.own


class Sliders(Widget, can_focus=True):
    """Up and down choose a criterion; left and right move its weight."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Previous criterion", show=False, id="previous-criterion"),
        Binding("down", "choose(1)", "Next criterion", show=False, id="next-criterion"),
        Binding("right,plus", "move(1)", "Raise", key_display="→", tooltip="One percentage point more.", id="raise"),
        Binding("left,minus", "move(-1)", "Lower", key_display="←", tooltip="One percentage point less.", id="lower"),
        Binding(
            "greater_than_sign",
            "move(10)",
            "Raise by ten",
            key_display=">",
            show=False,
            tooltip="Ten points more.",
            id="raise-by-ten",
        ),
        Binding(
            "less_than_sign",
            "move(-10)",
            "Lower by ten",
            key_display="<",
            show=False,
            tooltip="Ten points less.",
            id="lower-by-ten",
        ),
    ]

    class Moved(Message):
        """The weight of the chosen criterion should move by this many percentage points."""

        def __init__(self, steps: int) -> None:
            super().__init__()
            self.steps = steps

    class Chosen(Message):
        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, what_if: WhatIf) -> None:
        super().__init__()
        self._what_if = what_if

    def show(self, what_if: WhatIf) -> None:
        self._what_if = what_if
        title = Content("What if one criterion counted more?")
        if what_if.is_changed:
            not_saved = Content.styled(" WHAT IF: not saved ", "bold reverse $text-warning")
            title = in_a_row(not_saved, " 0 brings back the rubric's weights")
        entitle(self, title, _LEGEND)
        self.refresh()

    def action_choose(self, by: int) -> None:
        place = max(0, min(self._what_if.chosen + by, len(self._what_if.shares) - 1))
        if place != self._what_if.chosen:
            self.post_message(self.Chosen(place))

    def action_move(self, steps: int) -> None:
        self.post_message(self.Moved(steps))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        offset = event.get_content_offset(self)
        place = -1 if offset is None else offset.y - _HEAD
        if 0 <= place < len(self._what_if.shares):
            self.post_message(self.Chosen(place))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        return _HEAD + len(self._what_if.shares)

    def render(self) -> Content:
        width, height = self.size.width, self.size.height
        figures = f"{'share':>{FIGURE_WIDTH}}{'rubric':>{FIGURE_WIDTH}}"
        scale = f"{'0':<{self._bar_width(width) - 3}}100"
        head = Content.styled(f" {'':{self._title_width()}}{figures}  {scale}", "$text-muted")
        return Content("\n").join([head, *self._weights(width)][:height])

    def _bar_width(self, width: int) -> int:
        return max(12, min(LONGEST_BAR, width - self._title_width() - 2 * FIGURE_WIDTH - 4))

    def _title_width(self) -> int:
        longest = max(on_one_line(criterion.title).cell_length for criterion in self._what_if.criteria)
        return max(NARROWEST_TITLE, min(longest + 1, WIDEST_TITLE))

    def _weights(self, width: int) -> Iterator[Content]:
        what_if, title_width = self._what_if, self._title_width()
        bar_width = self._bar_width(width)
        for place, criterion in enumerate(self._what_if.criteria):
            now, own = share(100 * what_if.shares[place]), share(100 * what_if.own[place])
            is_chosen = place == what_if.chosen
            title = on_one_line(criterion.title, "bold" if is_chosen else "").truncate(
                title_width, ellipsis=True, pad=True
            )
            figures = f"{now:>{FIGURE_WIDTH}}{own:>{FIGURE_WIDTH}}  "
            row = in_a_row(" ", title, figures, self._bar(place, bar_width))
            if is_chosen:
                row = under_cursor(row, width, has_focus=self.has_focus)
            yield row

    def _bar(self, place: int, width: int) -> Content:
        """The slider: the share now, the rubric's, and the shares between which the leader stays first."""
        now, own = 100 * self._what_if.shares[place], 100 * self._what_if.own[place]
        holds = self._what_if.holds
        low, high = (100 * holds[place].low.share, 100 * holds[place].high.share) if holds else (now, now)
        return bar(range_bar(ScoreRange(low, now, high, now), width, (own,)))


_HEAD = 1
"""Lines above the criteria."""
_LEGEND = "● share now  ┊ the rubric's  ┣ ┫ between these the leader stays first"


def what_if_words(what_if: WhatIf) -> Iterator[Content]:
    """How far the ranking holds, and what the first shares mean."""
    yield shown(_hold_words(what_if))
    yield Content.styled(f"{DRAWS:,} weightings are drawn at random (seed {SEED}).", "$text-muted")
    more = "A share that you move leaves the others in proportion; a better verdict always goes first."
    yield Content.styled(more, "$text-muted")


def _columns_words(what_if: WhatIf) -> str:
    """What stands in the columns of how often a tool is first."""
    kept = what_if.criteria[what_if.chosen].title
    return f"+ answers: open ones drawn, too · at {share(100 * what_if.shares[what_if.chosen])}: {kept} kept"


def _hold_words(what_if: WhatIf) -> str:
    leader = what_if.ranked[0].candidate
    verdict, title = leader.scorecard.verdict, what_if.criteria[what_if.chosen].title
    if not what_if.holds:
        return f"{leader.name} leads. How far that holds is unknown: it has a criterion without a score."
    if sum(ranked.candidate.scorecard.verdict is verdict for ranked in what_if.ranked) == 1:
        return f"{leader.name} leads at any weights: no other tool has its verdict, {verdict.words}."
    hold = what_if.holds[what_if.chosen]
    edges = [edge for edge in (hold.low, hold.high) if edge.rival is not None]
    if not edges:
        return f"{leader.name} leads at any share of {title}."
    return f"{leader.name} leads. {'; '.join(change_words(hold, edge) for edge in edges)}."


PENDING = "…"


_FIRST_WIDTHS = {"weights": 8, "answers": 9, "pinned": 8}
"""The columns of how often a tool is first."""


class RankingTable(Table):
    """A tool on a line: rank, verdict and floor with what has changed, and how often the tool is first."""

    def __init__(
        self,
        comparison: Comparison,
        what_if: WhatIf,
        robustness: Robustness | None,
        marked: Sequence[int],
        room: tuple[int, int, int],
    ) -> None:
        """`room` is the width of the table, and those of the longest name and verdict."""
        self._comparison, self._what_if = comparison, what_if
        self._robustness, self._marked = robustness, marked
        self._places = {entry.candidate.file: at for at, entry in enumerate(comparison.entries)}
        width, longest, verdict = room
        rank = len(str(len(what_if.ranked)))
        widths = {"rank": rank + 3, "name": 0, "verdict": verdict, "floor": 5, "moved": 6, **_FIRST_WIDTHS}
        left = width - 1 - sum(each + GAP for each in widths.values())
        self._has_words = left >= longest
        """Whether verdicts stand in words behind the names; else the sign before the name has to do."""
        for column in () if self._has_words else ("verdict", *(() if what_if.is_changed else ("moved",))):
            left += widths.pop(column) + GAP
        widths["name"] = max(12, min(longest, left))
        self._columns = tuple(widths)
        columns = [Column(each, is_right=name in ("floor", *_FIRST_WIDTHS)) for name, each in widths.items()]
        super().__init__(len(what_if.ranked), columns, kept=len(columns) - 3, head=2)

    def row_of(self, at: int) -> int:
        """The row of the tool at that place of the rubric's own ranking."""
        file = self._comparison.entries[at].candidate.file
        return next(row for row, ranked in enumerate(self._what_if.ranked) if ranked.candidate.file == file)

    def heading(self, column: int) -> Sequence[Content]:
        now = share(100 * self._what_if.shares[self._what_if.chosen])
        headings = {
            "rank": ("#",),
            "name": ("tool",),
            "moved": ("",),
            "weights": ("leads %", "any"),
            "answers": ("leads %", "+ answers"),
            "pinned": ("leads %", f"at {now}"),
        }
        name = self._columns[column]
        return tuple(Content(line) for line in headings.get(name, (name,)))

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        ranked = self._what_if.ranked[row]
        file, now = ranked.candidate.file, ranked.candidate.scorecard.overall
        place = self._places[file]
        entry = self._comparison.entries[place]
        match self._columns[column]:
            case "rank":
                return in_a_row(Content.styled(f"{ranked.rank} ", "bold"), _change(entry.rank, ranked.rank))
            case "name":
                name = lettered_name(entry, is_marked=place in self._marked)
                return name if self._has_words else in_a_row(verdict_words(entry.scorecard)[:2], name)
            case "verdict":
                return verdict_words(entry.scorecard)
            case "floor":
                return Content.styled(figure(now.floor if now and entry.scorecard.is_started else None), "bold")
            case "moved":
                return self._moved(entry, now)
            case "weights":
                return _share(None if self._robustness is None else self._robustness.first_share, file)
            case "answers":
                return _share(None if self._robustness is None else self._robustness.first_share_open, file)
            case _:
                return _share(self._what_if.pinned, file)

    def _moved(self, entry: Entry, now: ScoreRange | None) -> Content:
        """By how much the floor rose or fell."""
        before = entry.scorecard.overall
        if now is None or before is None or not self._what_if.is_changed:
            return Content("")
        return Content.styled(signed_points(now.floor - before.floor), "$text-muted")


def _change(before: int, now: int) -> Content:
    """By how many places a tool rose or fell; nothing where it stays."""
    if now == before:
        return Content("")
    sign, style = ("▲", "$text-success") if now < before else ("▼", "$text-warning")
    return in_a_row(Content.styled(f"{sign}{abs(before - now)}", style))


def _share(shares: Mapping[str, Fraction] | None, file: str) -> Content:
    """Percent; a dash for a tool that its verdict or a missing criterion leaves out."""
    if shares is None:
        return Content.styled(PENDING, "$text-muted")
    part = shares.get(file)
    return Content.styled("–", "$text-muted") if part is None else Content(share(100 * part))


_ROOMY = 30
"""Lines of the terminal from which all of it has room."""
PATIENCE = 0.12
"""Seconds without a key after which the draws begin."""

STRETCH, BREATH = 0.001, 0.003
"""Seconds that the draws go on, and then pause: Python runs one thread at a time, and keys go first."""


class WeightsPage(Container):
    """The sliders, and the ranking that follows them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("0", "own_weights", "Rubric's weights", tooltip="Undo all changes of weight.", id="rubric-s-weights"),
        Binding("pagedown", "scroll_ranking(1)", "Ranking down", show=False, id="ranking-down"),
        Binding("pageup", "scroll_ranking(-1)", "Ranking up", show=False, id="ranking-up"),
        Binding("home", "scroll_ranking(-100000)", "Ranking's first", show=False, id="ranking-first"),
        Binding("end", "scroll_ranking(100000)", "Ranking's last", show=False, id="ranking-last"),
    ]

    sliders = query_one(Sliders)
    ranking = query_one(TableGrid)

    def __init__(self, comparison: Comparison, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._comparison = comparison
        self._candidates = tuple(entry.candidate for entry in comparison.entries)
        self._robustness: Robustness | None = None
        self._marked: Sequence[int] = ()
        self._at = 0
        self._waiting: Timer | None = None
        verdicts = (verdict_words(entry.scorecard).cell_length for entry in comparison.entries)
        self._longest = name_width(comparison.entries, least=NAME_WIDTH) + 2, max(*verdicts, len("verdict"))
        own = rubric_shares(comparison.rubric)
        ranked = tuple(comparison.ranked)
        self.what_if = WhatIf(own, own, 0, ranked, holds_with(ranked, own, own), None)

    def compose(self) -> ComposeResult:
        yield Sliders(self.what_if).add_class("pane")
        yield Details().add_class("pane")
        yield framed(TableGrid())

    def on_mount(self) -> None:
        self.ranking.can_focus = False
        entitle(self.query_one(Details), "How far to trust it")

    def take_focus(self) -> None:
        self.sliders.focus()
        if self._waiting is None:
            self._work_out_later()

    def show(self, view: ComparisonView) -> None:
        """Show the weights as they were left, and the first shares over all weightings once they are known."""
        self._robustness = view.robustness
        self._marked, self._at = view.marked, view.at
        self._show()

    def action_own_weights(self) -> None:
        self.take_shares(self.what_if.own)

    def action_scroll_ranking(self, by: int) -> None:
        self.ranking.scroll_relative(y=by * max(1, self.ranking.size.height - 2), animate=False)

    @on(Sliders.Moved)
    def _move_weight(self, event: Sliders.Moved) -> None:
        event.stop()
        what_if = self.what_if
        moved = next_share(what_if.shares[what_if.chosen], event.steps)
        self.take_shares(with_share(what_if.shares, what_if.chosen, moved, what_if.own))

    @on(Sliders.Chosen)
    def _choose_criterion(self, event: Sliders.Chosen) -> None:
        event.stop()
        self.what_if = replace(self.what_if, chosen=event.place, pinned=None)
        self._show()
        self._work_out_later()

    def take_shares(self, shares: Shares) -> None:
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
        width = self.app.size.width - 3  # without the ring and a scrollbar
        room = (width, *self._longest)
        table = RankingTable(self._comparison, self.what_if, self._robustness, self._marked, room)
        self.ranking.show(table, table.row_of(self._at))
        entitle(self.query_one(".framed"), "Ranking under these weights", _columns_words(self.what_if))
        words = tuple(what_if_words(self.what_if))
        self.query_one(Details).show(words if self.app.size.height >= _ROOMY else words[:2])

    def _work_out_later(self) -> None:
        """Compute after the last of several keys."""
        self._give_up()
        self._waiting = self.set_timer(PATIENCE, self._work_out)

    def _give_up(self) -> None:
        """Stop computing for other weights; it would slow down these."""
        if self._waiting is not None:
            self._waiting.stop()
        self.workers.cancel_group(self, "what-if")

    @work(thread=True, exclusive=True, group="what-if")
    def _work_out(self) -> None:
        what_if, worker = self.what_if, get_current_worker()
        kept = what_if.shares[what_if.chosen]
        pinned = pinned_first_shares(what_if.ranked, what_if.chosen, kept, is_stopped=given_up(worker))
        if pinned is not None:
            self.app.call_from_thread(self._take_pinned, what_if, pinned)

    def _take_pinned(self, of: WhatIf, pinned: Mapping[str, Fraction]) -> None:
        if (of.shares, of.chosen) == (self.what_if.shares, self.what_if.chosen):
            self.what_if = replace(self.what_if, pinned=pinned)
            self._show()


def given_up(worker: Worker[object]) -> Callable[[], bool]:
    """For long work to ask now and then: whether its worker was cancelled. Meanwhile it lets the keys go first."""
    began = time.perf_counter()

    def is_given_up() -> bool:
        nonlocal began
        if time.perf_counter() - began > STRETCH:
            time.sleep(BREATH)
            began = time.perf_counter()
        return worker.is_cancelled

    return is_given_up
