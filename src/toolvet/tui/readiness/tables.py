"""The tables of the Readiness screen: questions as dumbbells, two groups side by side, and two rounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from textual.content import Content

from toolvet.domain.gaps import AreaGap, Figures, Gap, QuestionGap, Readiness, Side
from toolvet.report.survey.result import (
    NOTHING,
    Moved,
    Survey,
    group_areas,
    measured_in,
    moved,
    of_group,
    out_of_balance_first,
    questions_of,
    worst_first,
)
from toolvet.report.survey.sentences import (
    READING_MARKS,
    READING_MEANINGS,
    WITHHELD,
    balance_words,
    gap_figure,
    group_words,
    level_figure,
    marked_reading,
    nearest_rung,
    pair_words,
    rung_words,
    withheld_here_words,
)
from toolvet.report.survey.tables import moved_cells, people_cell
from toolvet.text.charts import DELIVERED, EXPECTED, dumbbell
from toolvet.text.escape import plural
from toolvet.text.labels import BALANCE_STYLES, NO_FIGURE, READING_STYLES
from toolvet.tui.kit.content import in_a_row, on_one_line, shown
from toolvet.tui.kit.grid import GAP, Column

NOT_ASKED = "not asked"


def figures_of(one: QuestionGap, group: str | None) -> Figures:
    """What may be shown of that question: of everybody, or of that group."""
    return one.whole if group is None else of_group(one, group)


def bar_of(one: QuestionGap, figures: Figures, width: int) -> Content:
    """The dumbbell; empty where neither mean is shown."""
    if figures == NOTHING:
        return Content("")
    expected, delivered = (None if side is None else side.mean for side in (figures.expected, figures.delivered))
    return Content.styled(dumbbell(expected, delivered, one.question.top, width), "$text-primary")


def nothing_words(one: QuestionGap, group: str | None = None) -> Content:
    """What stands where no figure does."""
    if not is_asked_of(one, group):
        return Content.styled(NOT_ASKED, "$text-muted")
    return Content.styled(WITHHELD if one.withheld else NO_FIGURE, "$text-muted")


def is_asked_of(one: QuestionGap, group: str | None) -> bool:
    """Whether the question is asked of that group; None stands for everybody."""
    return group is None or not one.question.asked_of or group in one.question.asked_of


def mean_words(one: QuestionGap, side: Side | None) -> Content:
    """A mean with its spread: "2.75 ±0.60"."""
    if side is None:
        return nothing_words(one)
    return in_a_row(level_figure(side.mean), Content.styled(f" ±{level_figure(side.spread)}", "$text-muted"))


def gap_words(one: QuestionGap, figures: Figures) -> Content:
    """The gap with its reading: "-1.08 ▼ short"."""
    gap = figures.gap
    if gap is None:
        return nothing_words(one)
    return in_a_row(
        f"{gap_figure(gap.mean):>5} ", Content.styled(marked_reading(gap.reading), READING_STYLES[gap.reading])
    )


def area_words(found: AreaGap, measured: tuple[int, int], *, is_whole: bool) -> Content:
    """An area on a line: "✗ Productivity  2.10 of 2.71, -0.61 ▽ slipping"."""
    title = on_one_line(found.criterion.title, "bold $text-secondary")
    shown, asked = measured
    is_judged = found.gap is not None and (is_whole or shown == asked)
    mark = Content.styled(f"{balance_words(found)[0]} ", BALANCE_STYLES[found.in_balance])
    return in_a_row(mark if is_judged else "  ", title, "  ", area_figures(found, measured))


def area_figures(found: AreaGap, measured: tuple[int, int]) -> Content:
    """Both means of an area with the gap, and over how many of its questions where not over all."""
    if found.gap is None:
        return Content.styled("no gap can be shown", "$text-muted")
    shown, asked = measured
    figures = f"{level_figure(found.delivered)} of {level_figure(found.expected)}, {gap_figure(found.gap)} "
    reading = Content.styled(marked_reading(found.reading), READING_STYLES[found.reading])
    over = "" if shown == asked else f", over {shown} of {plural(asked, 'question')}"
    return in_a_row(figures, reading, Content.styled(over, "$text-muted"))


GAP_WIDTH = len("+2.17 ▲ over-built")
MEAN_WIDTH = len("delivered")
SPREAD_WIDTH = len("2.75 ±0.60")
PEOPLE_WIDTH = len("14 14 14")
READING_WIDTH = len("▲ over-built")
LONGEST_TITLE = 34
LONGEST_BAR = 33
WIDE = 104

Row = AreaGap | QuestionGap


class _ByArea:
    """Questions below the titles of their areas, what is out of balance first."""

    kept = 1

    def __init__(self, readiness: Readiness, width: int) -> None:
        self.readiness = readiness
        self._width = width
        rows: list[Row] = []
        for found in out_of_balance_first(readiness):
            rows += [found, *worst_first(questions_of(readiness, found))]
        self.rows = tuple(rows)

    @property
    def row_count(self) -> int:
        """Questions and the titles of their areas."""
        return len(self.rows)

    def question(self, row: int) -> QuestionGap | None:
        """The question of that row; None for a title, and where there is no row."""
        found = self.rows[row] if 0 <= row < len(self.rows) else None
        return found if isinstance(found, QuestionGap) else None

    def row_of(self, question_id: str | None) -> int:
        """The row of that question; the first where it has none."""
        ids = [row.question.id if isinstance(row, QuestionGap) else None for row in self.rows]
        return ids.index(question_id) if question_id in ids else 0

    def _longest_title(self) -> int:
        return min(LONGEST_TITLE, max((len(one.question.title) for one in self.readiness.questions), default=8))


class GapTable(_ByArea):
    """A question a row: both means on its ladder, the gap and its reading; of everybody or of one group."""

    lines = 1
    head = 1

    def __init__(self, readiness: Readiness, group: str | None, width: int) -> None:
        super().__init__(readiness, width)
        self._group = group
        areas = readiness.areas if group is None else group_areas(readiness, group)
        self._areas = {found.criterion.id: found for found in areas}

    @cached_property
    def columns(self) -> Sequence[Column]:
        """The question, its dumbbell, both means, the gap; where there is room spreads and people."""
        is_wide = self._width >= WIDE
        mean = Column(SPREAD_WIDTH if is_wide else MEAN_WIDTH, is_right=True)
        behind = (mean, mean, Column(GAP_WIDTH), *([Column(PEOPLE_WIDTH, is_right=True)] if is_wide else ()))
        room = self._width - 1 - sum(column.width + GAP for column in behind) - 2 * GAP
        title = min(self._longest_title(), max(16, room - 9))
        return (Column(title), Column(max(5, min(LONGEST_BAR, room - title)) | 1), *behind)

    def heading(self, column: int) -> Sequence[Content]:
        """What stands below."""
        scale = "0 to top rung" if self.columns[1].width >= len("0 to top rung") else "0 to top"
        return (Content(("question", scale, "expected", "delivered", "  gap reading", "people")[column]),)

    def title(self, row: int) -> Content | None:
        """The area with its means and whether it is in balance, as the chosen group sees it."""
        found = self.rows[row]
        if isinstance(found, QuestionGap):
            return None
        own = self._areas[found.criterion.id]
        return area_words(own, measured_in(self.readiness, found, self._group), is_whole=self._group is None)

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        """One of the figures of a question."""
        one = self.question(row)
        if one is None:
            return Content("")
        figures = figures_of(one, self._group)
        if not is_asked_of(one, self._group) and column:
            return nothing_words(one, self._group) if column == 1 else Content("")
        match column:
            case 0:
                return on_one_line(one.question.title)
            case 1:
                return bar_of(one, figures, self.columns[1].width)
            case 2:
                return self._side(figures.expected, one)
            case 3:
                return self._side(figures.delivered, one)
            case 4:
                return gap_words(one, figures)
            case _:
                return Content(people_cell(figures))

    def _side(self, side: Side | None, one: QuestionGap) -> Content:
        if side is None or self._width >= WIDE:
            return mean_words(one, side)
        return Content(level_figure(side.mean))


class SideBySideTable(_ByArea):
    """A question a row of two lines, a group a column: the dumbbell with its reading, then both means and the gap.

    "3/4" behind an area's figures says that they are over three of the four questions asked of the group.
    """

    lines = 2
    head = 1

    def __init__(self, readiness: Readiness, groups: tuple[str, str], names: tuple[str, str], width: int) -> None:
        super().__init__(readiness, width)
        self._groups = groups
        self._areas = {
            (group, found.criterion.id): found for group in groups for found in group_areas(readiness, group)
        }
        self._names = names

    @cached_property
    def columns(self) -> Sequence[Column]:
        """The question, and both groups as wide as there is room for."""
        title = min(self._longest_title(), max(16, self._width // 3 - 4))
        room = (self._width - 1 - title - GAP) // 2 - GAP
        return (Column(title), *[Column(max(READING_WIDTH + 10, min(room, LONGEST_BAR + READING_WIDTH)))] * 2)

    def heading(self, column: int) -> Sequence[Content]:
        """The groups, with how many of each answered."""
        return (on_one_line(self._names[column - 1]) if column else Content("question"),)

    def title(self, row: int) -> Content | None:
        """The area."""
        found = self.rows[row]
        return on_one_line(found.criterion.title, "bold $text-secondary") if isinstance(found, AreaGap) else None

    def cell(self, row: int, line: int, column: int) -> Content:
        """The question's title, or a line of what a group said."""
        found = self.rows[row]
        if isinstance(found, AreaGap):
            return self._area(found, self._groups[column - 1]) if column else Content("")
        one = found
        if column == 0:
            return on_one_line(one.question.title) if line == 0 else Content("")
        figures = figures_of(one, self._groups[column - 1])
        if figures == NOTHING:
            return nothing_words(one, self._groups[column - 1]) if line == 0 else Content("")
        if line == 0:
            bar = bar_of(one, figures, self.columns[column].width - READING_WIDTH - 1)
            reading = None if figures.gap is None else figures.gap.reading
            return in_a_row(bar, " ", Content.styled(marked_reading(reading), READING_STYLES[reading]))
        return in_a_row(pair_words(one, figures))

    def _area(self, found: AreaGap, group: str) -> Content:
        """Below the area's title its figures, with how many of the questions asked of the group they are over."""
        own = self._areas[group, found.criterion.id]
        if own.gap is None or own.reading is None:
            return Content.styled("no gap can be shown", "$text-muted")
        shown, asked = measured_in(self.readiness, found, group)
        figures = f"{level_figure(own.delivered)} of {level_figure(own.expected)}, {gap_figure(own.gap)} "
        reading = Content.styled(READING_MARKS[own.reading], READING_STYLES[own.reading])
        return in_a_row(figures, reading, Content.styled("" if shown == asked else f" {shown}/{asked}", "$text-muted"))


class MovedTable:
    """A question a row that both rounds asked alike: what was and what is expected and delivered."""

    kept = 1
    lines = 1
    head = 2

    def __init__(self, survey: Survey, width: int) -> None:
        self._moved = moved(survey)
        self._cells = moved_cells(survey)
        self._width = width

    @property
    def row_count(self) -> int:
        """The questions."""
        return len(self._moved)

    def question(self, row: int) -> QuestionGap | None:
        """The question of that row; None where there is no row."""
        return self._moved[row].question if 0 <= row < len(self._moved) else None

    def row_of(self, question_id: str | None) -> int:
        """The row of that question; the first where it has none."""
        ids = [one.question.question.id for one in self._moved]
        return ids.index(question_id) if question_id in ids else 0

    @cached_property
    def columns(self) -> Sequence[Column]:
        """The question, then each side in both rounds and how far it moved."""
        figures = tuple(Column(width, is_right=True) for width in (8, 8, 5, 9, 9, 5))
        room = self._width - 1 - sum(column.width + GAP for column in figures) - GAP
        longest = max((len(row[0]) for row in self._cells.rows), default=8)
        return (Column(max(12, min(longest, LONGEST_TITLE, room))), *figures)

    def heading(self, column: int) -> Sequence[Content]:
        """The side above the year."""
        return tuple(Content(word) for word in self._cells.headers[column].split(" "))

    def title(self, row: int) -> Content | None:  # noqa: ARG002 - the areas are not told apart here
        """No row is one."""
        return None

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        """A figure as the report has it."""
        return on_one_line(self._cells.rows[row][column], "bold" if column in (3, 6) else "")


NOBODY = "nobody answered this side"
WITHHELD_SIDE = "withheld: too few people gave it"


def about_gap(one: QuestionGap, group: str | None, least: int) -> Iterator[Content]:
    """The question with both means, how they spread, and the rungs they lie nearest to; of everybody or one group."""
    figures = figures_of(one, group)
    parts = (figures.expected, figures.delivered, figures.gap)
    of_whom = "" if group is None else f"  {group_words(group)} only"
    yield in_a_row(on_one_line(one.question.title, "bold"), on_one_line(of_whom, "$text-secondary"))
    if not is_asked_of(one, group):
        yield Content.styled(f"They are {NOT_ASKED} this.", "$text-muted")
        return
    yield _side(f"{EXPECTED} Expected ", one, figures.expected, up=True)
    yield _side(f"{DELIVERED} Delivered ", one, figures.delivered, up=False)
    yield gap_sentence(one, figures)
    if one.withheld and None in parts and is_asked_of(one, group):
        yield shown(withheld_here_words(least), "$text-muted")


def about_two(one: QuestionGap, groups: tuple[str, str]) -> Iterator[Content]:
    """The question as two groups see it, with the rungs in words."""
    yield on_one_line(one.question.title, "bold")
    for group in groups:
        figures = figures_of(one, group)
        name = group_words(group)
        head = on_one_line(f"{name[:1].upper()}{name[1:]}: ", "$text-secondary")
        sides = [
            f"{verb} {level_figure(side.mean)}, nearest to {rung_words(one.question, nearest_rung(side.mean, up=up))}"
            for verb, side, up in (("expect", figures.expected, True), ("see", figures.delivered, False))
            if side is not None
        ]
        nothing = nothing_sentence(one, group)
        people = "" if figures.gap is None else f"; {plural(figures.gap.people, 'person', 'people')} gave both"
        yield in_a_row(head, shown(f"{'; '.join(sides) or nothing}{people}."))


def about_moved(one: Moved, then: str, now: str) -> Iterator[Content]:
    """Both rounds' means of a question with people and spread."""
    yield on_one_line(one.question.question.title, "bold")
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
    """The gap with what it means, and over how many people."""
    gap = figures.gap
    if gap is None:
        return Content.styled(f"No gap: {WITHHELD_SIDE if one.withheld else 'nobody gave both sides'}", "$text-muted")
    return in_a_row("Gap ", _gap(gap), f": {READING_MEANINGS[gap.reading]}")


def side_figures(one: QuestionGap, side: Side | None) -> Content:
    """A mean with its spread and people, or why there is none."""
    if side is None:
        return Content.styled(WITHHELD_SIDE if one.withheld else NOBODY, "$text-muted")
    return Content.styled(side_words(side), "bold")


def nothing_sentence(one: QuestionGap, group: str) -> str:
    """Why nothing is shown of that group."""
    if not is_asked_of(one, group):
        return NOT_ASKED
    return WITHHELD_SIDE if one.withheld else "did not answer"


def side_words(side: Side) -> str:
    """A mean with its spread and people: "2.75 ±0.60, 12 people"."""
    return f"{level_figure(side.mean)} ±{level_figure(side.spread)}, {plural(side.people, 'person', 'people')}"


def _side(name: str, one: QuestionGap, side: Side | None, *, up: bool) -> Content:
    if side is None:
        return in_a_row(name, side_figures(one, side))
    rung = rung_words(one.question, nearest_rung(side.mean, up=up))
    return in_a_row(name, side_figures(one, side), shown(f": nearest to {rung}"))


def _gap(gap: Gap) -> Content:
    reading = Content.styled(marked_reading(gap.reading), READING_STYLES[gap.reading])
    people = f" ({plural(gap.people, 'person', 'people')})"
    return in_a_row(Content.styled(gap_figure(gap.mean), "bold"), " ", reading, people)
