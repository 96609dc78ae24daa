"""The ranking that follows from the weights tried, beside the one of the rubric's weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from textual.content import Content

from toolvet.domain.verdict import percent
from toolvet.report.comparison import Comparison
from toolvet.report.comparison_words import points
from toolvet.report.words import figure
from toolvet.tui.widgets.compare_columns import Column
from toolvet.tui.widgets.compare_sliders import WhatIf
from toolvet.tui.widgets.compare_tables import named
from toolvet.tui.widgets.plain_text import in_a_row
from toolvet.tui.widgets.score_panel import verdict_words

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
        return Content.styled(points(now.floor - before.overall.floor), "$text-muted")


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
