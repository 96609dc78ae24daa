"""Why one tool stands before another: the questions that make the difference, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from textual.content import Content

from toolvet.report.comparison_why import Why, heading, total_words
from toolvet.report.comparison_words import points
from toolvet.tui.widgets.compare_columns import GAP, Column
from toolvet.tui.widgets.compare_matrix import level_mark
from toolvet.tui.widgets.plain_text import on_one_line

POINTS_WIDTH = 7
LEVEL_WIDTH = 10
LONGEST_TITLE = 40
LONGEST_BAR = 41


class WhyTable:
    """A question a row: its points with a bar, and both levels. The last row is the sum."""

    kept = 2
    lines = 1
    head = 1

    def __init__(self, reason: Why, width: int) -> None:
        self.reason = reason
        self._width = width
        self._largest = max((abs(part.points) for part in reason.parts), default=Fraction(1))
        self._ours = {scored.question.id: scored for scored in reason.first.scorecard.questions}
        self._theirs = {scored.question.id: scored for scored in reason.second.scorecard.questions}

    @property
    def places(self) -> tuple[int, ...]:
        """The questions of the parts, by their place in the rubric."""
        places = {question: place for place, question in enumerate(self._ours)}
        return tuple(places[part.question] for part in self.reason.parts)

    @property
    def row_count(self) -> int:
        """The parts and the sum."""
        return len(self.reason.parts) + 1

    @cached_property
    def columns(self) -> Sequence[Column]:
        """Points, question, both levels, and the points as a bar."""
        titles = max((len(part.title) for part in self.reason.parts), default=8)
        title_width = max(12, min(titles, LONGEST_TITLE, self._width - POINTS_WIDTH - 2 * LEVEL_WIDTH - 6 * GAP - 9))
        room = self._width - title_width - POINTS_WIDTH - 2 * LEVEL_WIDTH - 6 * GAP
        bar_width = max(9, min(LONGEST_BAR, room)) | 1  # odd, so that there is a middle
        return (
            Column(POINTS_WIDTH, is_right=True),
            Column(title_width),
            Column(LEVEL_WIDTH),
            Column(LEVEL_WIDTH),
            Column(bar_width),
        )

    def heading(self, column: int) -> Sequence[Content]:
        """What stands below."""
        first, second = self.reason.first.letter, self.reason.second.letter
        bar = f"{second} ◂│▸ {first}".center(self.columns[-1].width)
        return (Content(("points", "question", first, second, bar)[column]),)

    def title(self, row: int) -> Content | None:
        """The sum, which is no row to stand on, and what it means."""
        if row < len(self.reason.parts):
            return None
        total = f"{points(self.reason.total):>{POINTS_WIDTH + 1}}{'':{GAP}}{total_words(self.reason)}"
        return Content.styled(total, "bold")

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        """One of the figures of a part."""
        if row >= len(self.reason.parts):
            return Content("")
        part = self.reason.parts[row]
        match column:
            case 0:
                return Content.styled(points(part.points), "bold" if part.points > 0 else "$text-warning")
            case 1:
                return on_one_line(part.title)
            case 2:
                return level_mark(self._ours[part.question], None)
            case 3:
                return level_mark(self._theirs[part.question], None)
            case _:
                return Content.styled(self._bar(part.points), "$text-primary" if part.points > 0 else "$text-warning")

    def _bar(self, value: Fraction) -> str:
        """To the right of the middle what speaks for the first, to the left what speaks for the second."""
        half = (self.columns[-1].width - 1) // 2
        length = max(1, round(half * abs(value) / self._largest))
        bar = "━" * length
        return f"{'':{half}}│{bar}" if value > 0 else f"{bar:>{half}}│"


def why_words(reason: Why) -> Content:
    """Who stands before whom, and by how much."""
    return on_one_line(heading(reason), "bold")
