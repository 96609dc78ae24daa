"""Tables of the Readiness screen: questions as dumbbells, two groups side by side, and two rounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from toolvet.domain.gaps import NO_FIGURES, AreaGap, Figures, Gap, QuestionGap, Readiness, Side, is_asked_of
from toolvet.domain.rubric import Reading
from toolvet.report.survey.result import (
    Moved,
    Survey,
    group_areas,
    measured_in,
    of_group,
    out_of_balance_first,
    questions_of,
    worst_first,
)
from toolvet.report.survey.sentences import (
    NOT_ASKED,
    READING_MEANINGS,
    balance_words,
    brief_mean_words,
    gap_figure,
    group_words,
    level_figure,
    marked_reading,
    mean_words,
    nearest_rung,
    nothing_words,
    rung_words,
    withheld_here_words,
)
from toolvet.report.survey.tables import moved_cells, people_cell, positions
from toolvet.text.charts import DELIVERED, EXPECTED, dumbbell
from toolvet.text.escape import plural
from toolvet.text.labels import BALANCE_STYLES, NO_FIGURE, READING_STYLES
from toolvet.tui.kit.content import bar, in_a_row, on_one_line, shown
from toolvet.tui.kit.grid import GAP, Column, Table, fit_cell


def figures_of(one: QuestionGap, group: str | None) -> Figures:
    """What may be shown of a question, of everybody or of one group."""
    return one.whole if group is None else of_group(one, group)


def bar_of(one: QuestionGap, figures: Figures, width: int) -> Content:
    """The dumbbell; empty where neither mean is shown."""
    if figures == NO_FIGURES:
        return Content("")
    return bar(dumbbell(*positions(one, figures), one.question.top, width))


def is_for(one: QuestionGap, group: str | None) -> bool:
    """Whether the question is asked of that group; None stands for everybody."""
    return group is None or is_asked_of(one.question, group)


def nothing_cell(one: QuestionGap, group: str | None = None) -> Content:
    """What is shown instead of a figure."""
    return Content.styled(nothing_words(one, group), "$text-muted")


def mean_cell(one: QuestionGap, side: Side | None) -> Content:
    """A mean with its spread: "2.75 ±0.60"; "near top" where it is said in words."""
    if side is None:
        return nothing_cell(one)
    spread = "" if side.spread is None or side.near is not None else f" ±{level_figure(side.spread)}"
    return in_a_row(brief_mean_words(side), Content.styled(spread, "$text-muted"))


def gap_cell(one: QuestionGap, figures: Figures) -> Content:
    """The gap with its reading: "-1.08 ▼ short"."""
    gap = figures.gap
    if gap is None:
        return nothing_cell(one)
    figure = "" if gap.mean is None else gap_figure(gap.mean)
    return in_a_row(f"{figure:>5} ", Content.styled(marked_reading(gap.reading), READING_STYLES[gap.reading]))


def area_words(found: AreaGap, measured: tuple[int, int], *, is_brief: bool) -> Content:
    """An area on a line: "✗ Productivity  2.10 of 2.71, -0.61 ▽ slipping"."""
    title = on_one_line(found.criterion.title, "bold")
    mark = Content.styled(f"{balance_words(found)[0]} ", BALANCE_STYLES[found.in_balance])
    return in_a_row(
        mark if found.gap is not None else "  ", title, "  ", area_figures(found, measured, is_brief=is_brief)
    )


def area_figures(found: AreaGap, measured: tuple[int, int], *, is_brief: bool = False) -> Content:
    """Both means of an area with the gap, and how many of its questions they cover where not all."""
    if found.gap is None:
        return Content.styled("no gap can be shown", "$text-muted")
    shown, asked = measured
    figures = f"{level_figure(found.delivered)} of {level_figure(found.expected)}, {gap_figure(found.gap)} "
    reading = Content.styled(marked_reading(found.reading), READING_STYLES[found.reading])
    words = f"{shown}/{asked}" if is_brief else f"over {shown} of {plural(asked, 'question')}"
    over = "" if shown == asked else f", {words}"
    return in_a_row(figures, reading, Content.styled(over, "$text-muted"))


GAP_COLUMN = 4
GAP_WIDTH = len("+2.17 ▲ over-built")
MEAN_WIDTH = len("delivered")
SPREAD_WIDTH = len("2.75 ±0.60")
PEOPLE_WIDTH = len("people")
READING_WIDTH = len("▲ over-built")
LONGEST_TITLE = 34
LONGEST_BAR = 33
WIDE = 104

Row = AreaGap | QuestionGap


def rows_by_area(readiness: Readiness) -> tuple[Row, ...]:
    """Areas, those out of balance first, each followed by its questions."""
    rows: list[Row] = []
    for found in out_of_balance_first(readiness):
        rows += [found, *worst_first(questions_of(readiness, found))]
    return tuple(rows)


def _longest_title(readiness: Readiness) -> int:
    return min(LONGEST_TITLE, max((len(one.question.heading) for one in readiness.questions), default=8))


class GapTable(Table):
    """A question a row: both means on its ladder, the gap and its reading, of everybody or of one group."""

    def __init__(self, readiness: Readiness, rows: Sequence[Row], group: str | None, width: int) -> None:
        self._readiness, self._rows, self._group = readiness, rows, group
        areas = readiness.areas if group is None else group_areas(readiness, group)
        self._areas = {found.criterion.id: found for found in areas}
        self._is_wide = width >= WIDE
        mean = Column(SPREAD_WIDTH if self._is_wide else MEAN_WIDTH, is_right=True)
        people = (Column(PEOPLE_WIDTH, is_right=True),) if self._is_wide else ()
        behind = (mean, mean, Column(GAP_WIDTH), *people)
        room = width - 1 - sum(column.width + GAP for column in behind) - 2 * GAP
        title = min(_longest_title(readiness), max(16, room - 9))
        bar = max(5, min(LONGEST_BAR, room - title)) | 1  # odd, so that there is a middle
        super().__init__(len(rows), (Column(title), Column(bar), *behind))

    def heading(self, column: int) -> Sequence[Content]:
        scale = "0 to top rung" if self.columns[1].width >= len("0 to top rung") else "0 to top"
        return (Content(("question", scale, "expected", "delivered", "  gap reading", "people")[column]),)

    def title(self, row: int) -> Content | None:
        """The area with its means and whether it is in balance, as the chosen group sees it."""
        found = self._rows[row]
        if isinstance(found, QuestionGap):
            return None
        own = self._areas[found.criterion.id]
        measured = measured_in(self._readiness, found, self._group)
        return in_a_row(" ", area_words(own, measured, is_brief=not self._is_wide))

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        one = self._rows[row]
        if isinstance(one, AreaGap):
            return Content("")
        figures = figures_of(one, self._group)
        if figures == NO_FIGURES and column:
            return nothing_cell(one, self._group) if column == GAP_COLUMN else Content("")
        match column:
            case 0:
                return on_one_line(one.question.heading)
            case 1:
                return bar_of(one, figures, self.columns[1].width)
            case 2:
                return self._side(figures.expected, one)
            case 3:
                return self._side(figures.delivered, one)
            case 4:
                return gap_cell(one, figures)
            case _:
                return Content(people_cell(figures))

    def _side(self, side: Side | None, one: QuestionGap) -> Content:
        if side is None or side.mean is None or self._is_wide:
            return mean_cell(one, side)
        return Content(level_figure(side.mean))


_FIGURES = 17
"""The width of both means, the gap and the sign of its reading."""


class SideBySideTable(Table):
    """A question a row, a group a column: the dumbbell, both means, the gap and its reading.

    "3/4" behind an area's figures says that they cover three of the four questions asked of the group.
    """

    def __init__(
        self, readiness: Readiness, rows: Sequence[Row], groups: tuple[str, str], names: tuple[str, str], width: int
    ) -> None:
        self._readiness, self._rows, self._groups, self._names = readiness, rows, groups, names
        self._areas = {
            (group, found.criterion.id): found for group in groups for found in group_areas(readiness, group)
        }
        title = min(_longest_title(readiness), max(16, width // 3 - 6))
        room = (width - 1 - title - GAP) // 2 - GAP
        self._has_words = room >= _FIGURES + READING_WIDTH + 8
        behind = _FIGURES + 1 + (READING_WIDTH - 1 if self._has_words else 0)
        group_width = max(behind + 7, min(room, LONGEST_BAR + behind))
        self._bar = group_width - behind
        super().__init__(len(rows), (Column(title), *[Column(group_width)] * 2), head=2)

    def heading(self, column: int) -> Sequence[Content]:
        if column == 0:
            return (Content("question"),)
        names = f"{'0 to top':<{self._bar + 1}}" if self._bar >= len("0 to top") else " " * (self._bar + 1)
        return on_one_line(self._names[column - 1]), Content(f"{names}{'exp.':>4} {'del.':>4} {'gap':>5}")

    def title(self, row: int) -> Content | None:
        """The area with its figures under those of the questions."""
        found = self._rows[row]
        if isinstance(found, QuestionGap):
            return None
        name = fit_cell(on_one_line(found.criterion.title, "bold"), self.columns[0])
        cells = (fit_cell(self._area(found, group), self.columns[1]) for group in self._groups)
        return in_a_row(" ", name, *cells)

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        one = self._rows[row]
        if isinstance(one, AreaGap):
            return Content("")
        if column == 0:
            return on_one_line(one.question.heading)
        figures = figures_of(one, self._groups[column - 1])
        if figures == NO_FIGURES:
            return nothing_cell(one, self._groups[column - 1])
        gap = figures.gap
        means = " ".join(f"{_brief_mean(side):>4}" for side in (figures.expected, figures.delivered))
        mean = NO_FIGURE if gap is None or gap.mean is None else gap_figure(gap.mean)
        reading = self._reading(None if gap is None else gap.reading)
        return in_a_row(bar_of(one, figures, self._bar), f" {means} {mean:>5} ", reading)

    def _area(self, found: AreaGap, group: str) -> Content:
        own = self._areas[group, found.criterion.id]
        if own.gap is None or own.reading is None:
            return Content.styled("no gap can be shown", "$text-muted")
        shown, asked = measured_in(self._readiness, found, group)
        over = "" if shown == asked else f"{shown}/{asked}"
        figures = f" {level_figure(own.expected):>4} {level_figure(own.delivered):>4} {gap_figure(own.gap):>5} "
        return in_a_row(Content.styled(f"{over:>{self._bar}}", "$text-muted"), figures, self._reading(own.reading))

    def _reading(self, reading: Reading | None) -> Content:
        words = marked_reading(reading)
        return Content.styled(words if self._has_words else words[:1], READING_STYLES[reading])


def _brief_mean(side: Side | None) -> str:
    """A mean in four cells: "2.75", "~top" or "~0" at or near an end of the ladder."""
    return NO_FIGURE if side is None else brief_mean_words(side).replace("near ", "~")


class MovedTable(Table):
    """A question a row that both rounds asked alike: what was and what is expected and delivered."""

    def __init__(self, survey: Survey, width: int) -> None:
        self._cells = moved_cells(survey)
        figures = tuple(Column(width, is_right=True) for width in (8, 8, 5, 9, 9, 5))
        room = width - 1 - sum(column.width + GAP for column in figures) - GAP
        longest = max((len(row[0]) for row in self._cells.rows), default=8)
        title = max(12, min(longest, LONGEST_TITLE, room))
        super().__init__(len(self._cells.rows), (Column(title), *figures), head=2)

    def heading(self, column: int) -> Sequence[Content]:
        """The side above the year."""
        return tuple(Content(word) for word in self._cells.headers[column].split(" "))

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        return on_one_line(self._cells.rows[row][column], "bold" if column in (3, 6) else "")


WITHHELD_SIDE = "withheld, so that nobody's answer can be worked out"


def withheld_reason(one: QuestionGap) -> str:
    """Why the gap over everybody, or of a group, is not shown."""
    return "withheld: too few people answered both sides" if one.whole == NO_FIGURES else WITHHELD_SIDE


def about_gap(one: QuestionGap, group: str | None, least: int) -> Iterator[Content]:
    """The question with both means, their spread and their nearest rungs, of everybody or of one group."""
    figures = figures_of(one, group)
    parts = (figures.expected, figures.delivered, figures.gap)
    if group is not None:
        yield on_one_line(f"{group_words(group)} only", "$text-secondary")
    if not is_for(one, group):
        yield Content.styled(f"This group is {NOT_ASKED} this question.", "$text-muted")
        return
    yield _side(f"{EXPECTED} Expected ", one, figures.expected, up=True)
    yield _side(f"{DELIVERED} Delivered ", one, figures.delivered, up=False)
    yield gap_sentence(one, figures)
    if one.withheld and None in parts:
        yield shown(withheld_here_words(least), "$text-muted")


def about_two(one: QuestionGap, groups: tuple[str, str]) -> Iterator[Content]:
    """The question as two groups see it, with the rungs in words."""
    for group in groups:
        figures = figures_of(one, group)
        name = group_words(group)
        head = on_one_line(f"{name[:1].upper()}{name[1:]}: ", "$text-secondary")
        sides = [
            f"{verb} {mean_words(side)}, nearest to {_nearest(one, side, up=up)}"
            for verb, side, up in (("expect", figures.expected, True), ("see", figures.delivered, False))
            if side is not None
        ]
        nothing = nothing_sentence(one, group)
        gap = Content("") if figures.gap is None else in_a_row("; gap ", _gap(figures.gap))
        yield in_a_row(head, shown("; ".join(sides) or nothing), gap)


def about_moved(one: Moved, then: str, now: str) -> Iterator[Content]:
    """The means of a question in both rounds, with people and spread."""
    for sign, name, before, after in (
        (EXPECTED, "Expected", one.before.expected, one.question.whole.expected),
        (DELIVERED, "Delivered", one.before.delivered, one.question.whole.delivered),
    ):
        both = "; ".join(
            f"{year} {'withheld' if side is None else side_words(side)}"
            for year, side in ((then, before), (now, after))
        )
        yield in_a_row(f"{sign} {name} ", shown(both))
    for year, gap in ((then, one.before.gap), (now, one.question.whole.gap)):
        if gap is not None:
            yield in_a_row(f"Gap {year}: ", _gap(gap))


def gap_sentence(one: QuestionGap, figures: Figures) -> Content:
    """The gap, how many people it rests on, and what it means."""
    gap = figures.gap
    if gap is None:
        return Content.styled(
            f"No gap: {withheld_reason(one) if one.withheld else 'nobody answered both sides'}", "$text-muted"
        )
    return in_a_row("Gap ", _gap(gap), f": {READING_MEANINGS[gap.reading]}")


def side_figures(one: QuestionGap, side: Side | None) -> Content:
    """A mean with its spread and people, or the reason why there is none."""
    if side is None:
        return Content.styled(WITHHELD_SIDE if one.withheld else "nobody answered this", "$text-muted")
    return Content.styled(side_words(side), "bold")


def nothing_sentence(one: QuestionGap, group: str) -> str:
    """Why no figure is shown for that group."""
    if not is_for(one, group):
        return NOT_ASKED
    return WITHHELD_SIDE if one.withheld else "did not answer"


def side_words(side: Side) -> str:
    """A mean with its spread and people: "2.75 ±0.60, 12 people"."""
    spread = "" if side.spread is None else f" ±{level_figure(side.spread)}"
    return f"{mean_words(side)}{spread}, {plural(side.people, 'person', 'people')}"


def _side(name: str, one: QuestionGap, side: Side | None, *, up: bool) -> Content:
    if side is None:
        return in_a_row(name, side_figures(one, side))
    return in_a_row(name, side_figures(one, side), shown(f": nearest to {_nearest(one, side, up=up)}"))


def _nearest(one: QuestionGap, side: Side, *, up: bool) -> str:
    return rung_words(one.question, nearest_rung(side.position(one.question.top), up=up))


def _gap(gap: Gap) -> Content:
    reading = Content.styled(marked_reading(gap.reading), READING_STYLES[gap.reading])
    people = f" ({plural(gap.people, 'person', 'people')})"
    figure = "" if gap.mean is None else f"{gap_figure(gap.mean)} "
    return in_a_row(Content.styled(figure, "bold"), reading, people)
