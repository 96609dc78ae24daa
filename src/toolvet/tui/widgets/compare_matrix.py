"""The question matrix: a level and its mark for each tool."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

from textual.content import Content

from toolvet.domain.rubric import Criterion
from toolvet.domain.scorecard import AnswerState, MustHaveState, QuestionScore, Scorecard
from toolvet.report.comparison import Comparison
from toolvet.tui.widgets.compare_columns import GAP, Column
from toolvet.tui.widgets.compare_tables import named
from toolvet.tui.widgets.marks import ANSWER_SIGNS, ANSWER_STYLES, MUST_HAVE_SIGNS, MUST_HAVE_STYLES
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line

STEP, NO_STEP = "▰", "▱"
HEADING_LINES = 3
QUESTIONS_LEGEND = "? unknown  · not answered  – not applicable  ↻ expired   must-have: ✓ met  ✗ failed"


class QuestionTable:
    """A question a row, a tool a column, the level and its mark in each cell."""

    kept = 1
    lines = 1

    def __init__(self, comparison: Comparison, marked: Sequence[int], width: int, *, only_differences: bool) -> None:
        self._comparison = comparison
        self._marked = marked
        self._width = width
        self._must_haves = [must_have_states(entry.scorecard) for entry in comparison.entries]
        self.rows = self._rows(only_differences=only_differences)

    @property
    def row_count(self) -> int:
        """Questions and the titles of their criteria."""
        return len(self.rows)

    @cached_property
    def columns(self) -> Sequence[Column]:
        """The question, and the tools as wide as there is room for their names."""
        count = len(self._comparison.entries)
        longest = max((len(question.title) for _, question in self._comparison.rubric.questions()), default=8)
        title_width = max(16, min(longest, self._width // 2 - 6, 44))
        room = (self._width - title_width - 2 * GAP) // count - GAP
        width = max(9, min(room, 22))
        return (Column(title_width), *[Column(width)] * count)

    @cached_property
    def head(self) -> int:
        """As many lines as the longest name takes, three at most."""
        longest = max(len(entry.name) for entry in self._comparison.entries) + len(self._comparison.entries[-1].letter)
        return min(HEADING_LINES, 1 + longest // max(1, self.columns[-1].width - 2))

    def heading(self, column: int) -> Sequence[Content]:
        """The letter and the name of the tool."""
        if column == 0:
            return (Content("question"),)
        entry, width = self._comparison.entries[column - 1], self.columns[column].width
        lines = named(entry, is_marked=column - 1 in self._marked).wrap(width)
        if len(lines) > self.head:
            lines = [*lines[: self.head - 1], in_a_row(lines[self.head - 1], " …").truncate(width, ellipsis=True)]
        return lines

    def title(self, row: int) -> Content | None:
        """The criterion's title above its questions."""
        place = self.rows[row]
        return on_one_line(place.title, "bold $text-secondary") if isinstance(place, Criterion) else None

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        """The question's title, or the level of a tool."""
        place = self.rows[row]
        if isinstance(place, Criterion):
            return Content("")
        if column == 0:
            return on_one_line(self._comparison.entries[0].scorecard.questions[place].question.title)
        scored = self._comparison.entries[column - 1].scorecard.questions[place]
        return level_mark(scored, self._must_haves[column - 1].get(scored.question.id))

    def place(self, row: int) -> int | None:
        """Which of the rubric's questions the row is about; None for a title, and where there is no row."""
        place = self.rows[row] if 0 <= row < len(self.rows) else None
        return place if isinstance(place, int) else None

    @property
    def places(self) -> tuple[int, ...]:
        """The questions that are shown, by their place in the rubric."""
        return tuple(row for row in self.rows if isinstance(row, int))

    def row_of(self, place: int) -> int:
        """The row of that question, or of the next that is shown."""
        rows = [at for at, row in enumerate(self.rows) if isinstance(row, int) and row >= place]
        return rows[0] if rows else max(0, len(self.rows) - 1)

    def _rows(self, *, only_differences: bool) -> list[int | Criterion]:
        rows: list[int | Criterion] = []
        above: Criterion | None = None
        for place, (criterion, _) in enumerate(self._comparison.rubric.questions()):
            if only_differences and not self._differ(place):
                continue
            if criterion is not above:
                above = criterion
                rows.append(criterion)
            rows.append(place)
        return rows

    def _differ(self, place: int) -> bool:
        """Whether anything that a cell shows differs."""
        cells = set()
        for entry, must_haves in zip(self._comparison.entries, self._must_haves, strict=True):
            scored = entry.scorecard.questions[place]
            cells.add((scored.level, scored.state, scored.applies is False, must_haves.get(scored.question.id)))
            if len(cells) > 1:
                return True
        return False


def level_mark(scored: QuestionScore, must_have: MustHaveState | None) -> Content:
    """The level with its steps, or the sign of what is there instead, and where a must-have stands."""
    if scored.applies is False:
        return _mark(None, 0, AnswerState.NOT_APPLICABLE, None)
    return _mark(scored.level, scored.question.top, scored.state, must_have)


@lru_cache(maxsize=1024)  # a screen of cells has few that differ, and each takes longer to make than to look up
def _mark(level: int | None, top: int, state: AnswerState, must_have: MustHaveState | None) -> Content:
    sign = "" if state is AnswerState.ANSWERED else ANSWER_SIGNS[state]
    steps = "" if level is None else f"{level} {STEP * level}{NO_STEP * (top - level)}"
    words = Content.styled(" ".join(part for part in (steps, sign) if part), ANSWER_STYLES[state])
    if must_have is None or MUST_HAVE_SIGNS[must_have] == sign:
        return words
    return in_a_row(words, " ", Content.styled(MUST_HAVE_SIGNS[must_have], f"bold {MUST_HAVE_STYLES[must_have]}"))


def must_have_states(scorecard: Scorecard) -> dict[str, MustHaveState]:
    """Where each must-have stands, by its question's id."""
    return {must_have.question.id: must_have.state for must_have in scorecard.must_haves}
