"""The table by criterion, and what the other tables of the Compare screen have in common with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from textual.content import Content

from toolvet.domain.scorecard import MustHaveState, Scorecard, ScoreRange
from toolvet.report.charts import range_bar
from toolvet.report.comparison import Comparison, Entry
from toolvet.report.comparison_tables import range_cell
from toolvet.report.words import figure
from toolvet.tui.widgets.compare_columns import Column
from toolvet.tui.widgets.marks import MARKED
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line
from toolvet.tui.widgets.score_panel import verdict_words

FIGURES_HEADING = " floor observed ceiling"
RANGE_WIDTH = 10
COVERAGE_WIDTH = 9
NAME_WIDTH = 25
LONGEST_NAME = 34


class CriteriaTable:
    """A tool on two lines: its figures, and below them its verdict and its ranges as bars."""

    kept = 2
    head = 2

    def __init__(self, comparison: Comparison, marked: Sequence[int], *, spaced: bool) -> None:
        self._comparison = comparison
        self._marked = marked
        self.lines = 3 if spaced else 2

    @property
    def row_count(self) -> int:
        """One for each tool."""
        return len(self._comparison.entries)

    @cached_property
    def columns(self) -> Sequence[Column]:
        """Rank, tool, the overall range, one for each criterion, coverage with the must-haves below it."""
        widths = [max(RANGE_WIDTH, *(line.cell_length for line in lines)) for lines in self._headings[3:-1]]
        return (
            Column(len(str(self.row_count)), is_right=True),
            Column(name_width(self._comparison.entries, least=NAME_WIDTH)),
            Column(len(FIGURES_HEADING)),
            *(Column(width, is_right=True) for width in widths),
            Column(COVERAGE_WIDTH, is_right=True),
        )

    @cached_property
    def _headings(self) -> Sequence[Sequence[Content]]:
        return (
            (Content("#"),),
            (Content("tool, verdict"),),
            (Content(FIGURES_HEADING),),
            *(heading_lines(criterion.title) for criterion in self._comparison.rubric.criteria),
            (Content("coverage"), Content("must-have")),
        )

    def heading(self, column: int) -> Sequence[Content]:
        """What the figures are."""
        return self._headings[column]

    def title(self, row: int) -> Content | None:  # noqa: ARG002 - every row is a tool
        """None: every row is a tool."""
        return None

    def cell(self, row: int, line: int, column: int) -> Content:
        """The figures on the first line, verdict and bars on the second."""
        entry = self._comparison.entries[row]
        if line > 1:
            return Content("")
        if column == 0:
            return Content(str(entry.rank) if line == 0 else "")
        if column == 1:
            return named(entry, is_marked=row in self._marked) if line == 0 else verdict_words(entry.scorecard)
        if column == 2:
            return _overall(entry.scorecard, line)
        if column == len(self.columns) - 1:
            return _coverage(entry.scorecard) if line == 0 else must_have_counts(entry.scorecard)
        score_range = entry.scorecard.criteria[column - 3].range
        if line == 0:
            return Content(span(score_range))
        return _bar(score_range, RANGE_WIDTH, entry.scorecard.rubric.policy.approve.criterion)


def named(entry: Entry, *, is_marked: bool = False) -> Content:
    """The letter and the name, with the mark of one that is marked."""
    letter = Content.styled(f"{entry.letter} ", "$text-primary")
    return in_a_row(MARKED if is_marked else "", letter, on_one_line(entry.name, "bold"))


def name_width(entries: Sequence[Entry], *, least: int) -> int:
    """Room for the longest name, within limits."""
    longest = max((len(entry.letter) + on_one_line(entry.name).cell_length for entry in entries), default=0)
    return max(least, min(LONGEST_NAME, longest + 2))  # the blank after the letter, and room for a mark


def must_have_counts(scorecard: Scorecard) -> Content:
    """How many must-haves failed and how many are not known: "✗1 ?4"; "✓ all" where all are met."""
    states = [must_have.state for must_have in scorecard.must_haves]
    failed = states.count(MustHaveState.FAILED)
    unknown = len(states) - failed - states.count(MustHaveState.MET)
    if not failed and not unknown:
        return Content.styled("✓ all" if states else "none", "$text-success")
    parts = [Content.styled(f"✗{failed}", "$text-error")] if failed else []
    parts += [Content.styled(f"?{unknown}", "$text-warning")] if unknown else []
    return Content(" ").join(parts)


def span(score_range: ScoreRange | None) -> str:
    """Floor and ceiling, once where they are the same: "45.8–79.2", "100.0"."""
    if score_range is not None and score_range.floor == score_range.ceiling:
        return figure(score_range.floor)
    return range_cell(score_range)


def heading_lines(title: str) -> tuple[Content, ...]:
    """A title on at most two lines, broken where it leaves the narrower column."""
    whole = on_one_line(title).plain
    breaks = [match.end() for match in re.finditer(r"[ -]", whole)]
    ways = [(whole[:at].rstrip(), whole[at:]) for at in breaks]
    if not ways:
        return (Content(whole).truncate(14, ellipsis=True),)
    best = min(ways, key=lambda way: max(map(len, way)))
    return tuple(Content(line).truncate(14, ellipsis=True) for line in best)


def _overall(scorecard: Scorecard, line: int) -> Content:
    overall = scorecard.overall
    if line == 1:
        return _bar(overall, len(FIGURES_HEADING), scorecard.rubric.policy.approve.overall)
    floor, *others = (None,) * 3 if overall is None else (overall.floor, overall.observed, overall.ceiling)
    observed, ceiling = (figure(value) for value in others)
    return in_a_row(Content.styled(f"{figure(floor):>6}", "bold"), f"{observed:>9}{ceiling:>8}")


def _bar(score_range: ScoreRange | None, width: int, needed: Fraction) -> Content:
    return (
        Content("")
        if score_range is None
        else Content.styled(range_bar(score_range, width, (needed,)), "$text-primary")
    )


def _coverage(scorecard: Scorecard) -> Content:
    return Content(figure(None if scorecard.overall is None else scorecard.overall.coverage))
