"""The pages of the Compare screen that are tables: by criterion, by question, and why one stands before another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.geometry import Size
from textual.getters import query_one
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from toolvet.domain.robustness import Robustness
from toolvet.domain.scorecard import ScoreRange
from toolvet.domain.sweetspot import Placement, place
from toolvet.report.comparison.ranking import Comparison, Entry, why
from toolvet.text.charts import MapPoint, map_lines
from toolvet.text.labels import figure, map_leans
from toolvet.tui.compare.tables import (
    QUESTIONS_LEGEND,
    CriteriaTable,
    Details,
    QuestionTable,
    WhyTable,
    about_cell,
    about_part,
    about_tool,
    name_width,
    named,
    span,
    why_words,
)
from toolvet.tui.kit.content import on_one_line
from toolvet.tui.kit.grid import AnswersGrid, Column, CompareGrid


@dataclass(frozen=True, slots=True)
class View:
    """The comparison and where the person is in it.

    `at` is the tool at hand and `place` the question, counted in ranked order and in the rubric's. `marked` are at
    most two tools. `robustness` is None while it is being worked out, and where weights cannot be tried; `words`,
    the comparison in sentences, are empty meanwhile.
    """

    comparison: Comparison
    robustness: Robustness | None = None
    words: tuple[str, ...] = ()
    at: int = 0
    place: int = 0
    marked: tuple[int, ...] = ()
    only_differences: bool = False

    @property
    def entry(self) -> Entry:
        """The tool at hand."""
        return self.comparison.entries[self.at]

    @property
    def other(self) -> Entry:
        """The one that the tool at hand is compared with."""
        return next((entry for entry in self.pair if entry is not self.entry), self.entry)

    @property
    def pair(self) -> tuple[Entry, Entry]:
        """The two tools to compare closely, the one ranked before first.

        Those that are marked; else the tool at hand with the one that is marked, with the leader, or with the next.
        """
        one, other = self.marked if len(self.marked) == 2 else (self.at, self._other())
        return self.comparison.entries[min(one, other)], self.comparison.entries[max(one, other)]

    def _other(self) -> int:
        others = (at for at in (*self.marked, 0, 1) if at != self.at and at < len(self.comparison.entries))
        return next(others, self.at)


class AtTool(Message):
    """The cursor went to another tool, or to another question of it."""

    def __init__(self, at: int, place: int | None = None) -> None:
        super().__init__()
        self.at = at
        self.place = place


class WhyAsked(Message):
    """A tool was chosen: why does it stand where it stands?"""


class AnswersAsked(Message):
    """A question was chosen; `places` are those that can be turned through."""

    def __init__(self, place: int, places: tuple[int, ...]) -> None:
        super().__init__()
        self.place = place
        self.places = places


class Page(Container):
    """One of the pages."""

    is_in_view = False

    def stand(self, *, in_view: bool) -> None:
        """Come into view, or stand aside: beside the screen it keeps its size, so turning to it lays nothing out."""
        self.is_in_view = in_view
        self.styles.offset = (0, 0) if in_view else ("100vw", 0)

    def show(self, view: View) -> None:
        """Show that view."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Let the keys go to what is on the page."""
        raise NotImplementedError


NO_DIFFERENCE = "On no question do they differ. = shows all questions again."


class CriteriaPage(Page):
    """The tools with their ranges, and what the ranking says in words."""

    grid = query_one(CompareGrid)

    def __init__(self, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._made_for: tuple[object, ...] = ()
        self._table: CriteriaTable | None = None
        self._told: View | None = None

    def compose(self) -> ComposeResult:
        yield CompareGrid(self._follow)
        yield Details()

    def take_focus(self) -> None:
        """To the table."""
        self.grid.focus()

    def show(self, view: View) -> None:
        """The table, made anew only where it changed, and the words about the tool at hand."""
        is_spaced = 3 * len(view.comparison.entries) + 3 <= self.grid.size.height
        made_for = (view.marked, is_spaced)
        if self._table is None or made_for != self._made_for:
            self._table = CriteriaTable(view.comparison, view.marked, spaced=is_spaced)
            self._made_for = made_for
        self.grid.show(self._table, view.at)
        self._tell(view)

    def _tell(self, view: View) -> None:
        if view != self._told:
            self._told = view
            self.query_one(Details).show(about_tool(view.entry, view.words))

    def _follow(self, row: int, column: int) -> None:  # noqa: ARG002 - the cursor is of rows
        if self._told is not None:
            self._tell(replace(self._told, at=row))
        self.post_message(AtTool(row))

    @on(CompareGrid.Picked)
    def _ask_why(self, event: CompareGrid.Picked) -> None:
        event.stop()
        self.post_message(WhyAsked())


class QuestionsPage(Page):
    """Questions against tools."""

    grid = query_one(CompareGrid)

    def __init__(self, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._table: QuestionTable | None = None
        self._made_for: tuple[object, ...] = ()
        self._told: View | None = None

    def compose(self) -> ComposeResult:
        yield AnswersGrid(self._follow, by_cell=True)
        yield Static(Content.styled(QUESTIONS_LEGEND, "$text-muted"), classes="legend")
        yield Details()

    def take_focus(self) -> None:
        """To the table."""
        self.grid.focus()

    def show(self, view: View) -> None:
        """The table, made anew only where it changed, and the words about the cell at hand."""
        width = self.app.size.width - 1  # without the scrollbar
        made_for = (view.marked, width, view.only_differences)
        if self._table is None or made_for != self._made_for:
            self._table = QuestionTable(view.comparison, view.marked, width, only_differences=view.only_differences)
            self._made_for = made_for
        self.grid.show(self._table, self._table.row_of(view.place), view.at + 1)
        place = self._table.place(self.grid.row)
        self._tell(view if place is None else replace(view, place=place), is_empty=place is None)

    def _tell(self, view: View, *, is_empty: bool) -> None:
        if is_empty:
            self.query_one(Details).show(iter([Content(NO_DIFFERENCE)]))
        elif view != self._told:
            self.query_one(Details).show(about_cell(view.entry, view.other, view.place))
        self._told = None if is_empty else view

    def _follow(self, row: int, column: int) -> None:
        place = None if self._table is None else self._table.place(row)
        if self._told is not None and place is not None:
            self._tell(replace(self._told, at=column - 1, place=place), is_empty=False)
        self.post_message(AtTool(column - 1, place))

    @on(CompareGrid.Picked)
    def _ask_answers(self, event: CompareGrid.Picked) -> None:
        event.stop()
        if self._table is not None and (place := self._table.place(event.grid.row)) is not None:
            self.post_message(AnswersAsked(place, self._table.places))


class WhyPage(Page):
    """The questions that make the difference between two tools."""

    grid = query_one(CompareGrid)

    def __init__(self, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._table: WhyTable | None = None
        self._made_for: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(classes="legend")
        yield AnswersGrid(self._follow)
        yield Details()

    def take_focus(self) -> None:
        """To the table."""
        self.grid.focus()

    def show(self, view: View) -> None:
        """The parts of the difference; from the top where it is another pair than before."""
        made_for = (view.pair, self.app.size.width)
        if self._table is None or made_for != self._made_for:
            self._made_for = made_for
            self._table = WhyTable(why(*view.pair), self.app.size.width - 1)
            self.query_one(Static).update(why_words(self._table.reason), layout=False)
            self.grid.show(self._table, 0)
            self._follow(0, 0)

    def _follow(self, row: int, column: int) -> None:  # noqa: ARG002 - the cursor is of rows
        if self._table is not None:
            reason = self._table.reason
            parts = about_part(reason, reason.parts[row]) if row < len(reason.parts) else iter(())
            self.query_one(Details).show(parts)

    @on(CompareGrid.Picked)
    def _ask_answers(self, event: CompareGrid.Picked) -> None:
        event.stop()
        if self._table is not None and event.grid.row < len(self._table.reason.parts):
            places = self._table.places
            self.post_message(AnswersAsked(places[event.grid.row], places))


LETTERED = 26
FURTHER = "•"
CHOSEN_FURTHER = "◉"


class MapPage(Page):
    """The drawing with the whiskers of one tool, and the legend in which it is chosen."""

    def __init__(self, comparison: Comparison, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._comparison = comparison
        self._placements = tuple(place(entry.scorecard) for entry in comparison.entries)
        self._table = LegendTable(comparison, self._placements, ())

    def compose(self) -> ComposeResult:
        yield Drawing(self._comparison, self._placements)
        yield CompareGrid(self._follow)

    def take_focus(self) -> None:
        """To the legend."""
        self.query_one(CompareGrid).focus()

    def show(self, view: View) -> None:
        """Choose the tool at hand."""
        if view.marked != self._table.marked:
            self._table = LegendTable(self._comparison, self._placements, view.marked)
        self.query_one(CompareGrid).show(self._table, view.at)
        self.query_one(Drawing).choose(view.at)

    def _follow(self, row: int, column: int) -> None:  # noqa: ARG002 - the cursor is of rows
        self.query_one(Drawing).choose(row)
        self.post_message(AtTool(row))

    @on(CompareGrid.Picked)
    def _ask_why(self, event: CompareGrid.Picked) -> None:
        event.stop()
        self.post_message(WhyAsked())


class Drawing(Widget):
    """The map as large as there is room."""

    def __init__(self, comparison: Comparison, placements: Sequence[Placement | None]) -> None:
        super().__init__()
        self._comparison = comparison
        self._placements = placements
        self._at = 0
        self._drawn = Content("")
        self._drawn_for: tuple[int, Size] | None = None

    def choose(self, at: int) -> None:
        """Draw the whiskers of that tool."""
        if at != self._at:
            self._at = at
            self.refresh()

    def render(self) -> Content:
        """The map, and which way it leans; drawn once for a tool and a size."""
        drawn_for = (self._at, self.size)
        if drawn_for != self._drawn_for:
            self._drawn_for, self._drawn = drawn_for, self._draw()
        return self._drawn

    def _draw(self) -> Content:
        width, height = self.size.width, self.size.height
        if not any(self._placements):
            return Content.styled("There is no map: no question on one of its two axes counts.", "$text-muted")
        note = Content.styled(self._note(), "$text-muted").wrap(max(1, width))
        note = note if height - len(note) >= 14 else []
        split = self._comparison.rubric.policy.approve.criterion
        lines = map_lines(self._points(), split, width, height - len(note))
        own = self._letter(self._at)
        return Content("\n").join([*(_styled(line, own) for line in lines), *note])

    def _points(self) -> list[MapPoint]:
        """The chosen one first: where two would stand in one place, it keeps it."""
        order = [self._at, *(at for at in range(len(self._placements)) if at != self._at)]
        points = []
        for at in order:
            placement = self._placements[at]
            if placement is not None:
                ranges = (placement.experience, placement.control)
                experience, control = ranges if at == self._at else (_dot(each) for each in ranges)
                points.append(MapPoint(self._letter(at), "", experience, control))
        return [*reversed(points[LETTERED:]), *points[:LETTERED]]

    def _letter(self, at: int) -> str:
        if at < LETTERED:
            return self._comparison.entries[at].letter
        return CHOSEN_FURTHER if at == self._at else FURTHER

    def _note(self) -> str:
        further = f" {FURTHER} are the tools from the {LETTERED + 1}th on." if len(self._placements) > LETTERED else ""
        entry = self._comparison.entries[self._at]
        return (
            f"A letter stands at what was observed; the lines of {entry.letter} reach from floor to ceiling."
            f"{further} {map_leans(self._comparison.rubric)}"
        )


class LegendTable:
    """A tool on two lines: its name and field, and both ranges."""

    kept = 2
    lines = 2
    head = 1

    def __init__(self, comparison: Comparison, placements: Sequence[Placement | None], marked: Sequence[int]) -> None:
        self._comparison = comparison
        self._placements = placements
        self.marked = marked

    @property
    def row_count(self) -> int:
        """One for each tool."""
        return len(self._placements)

    @cached_property
    def columns(self) -> Sequence[Column]:
        """The rank, name with field, and for each axis what was observed with its range."""
        return (
            Column(len(str(self.row_count)), is_right=True),
            Column(name_width(self._comparison.entries, least=12)),
            Column(10, is_right=True),
            Column(10, is_right=True),
        )

    def heading(self, column: int) -> Sequence[Content]:
        """What stands below."""
        return (Content(("#", "tool, field", "experience", "control")[column]),)

    def title(self, row: int) -> Content | None:  # noqa: ARG002 - every row is a tool
        """None: every row is a tool."""
        return None

    def cell(self, row: int, line: int, column: int) -> Content:
        """Name and observed figures above, field and ranges below."""
        placement, entry = self._placements[row], self._comparison.entries[row]
        if column == 0:
            return Content(str(entry.rank) if line == 0 else "")
        if column == 1:
            return named(entry, is_marked=row in self.marked) if line == 0 else _field(placement)
        if placement is None:
            return Content("")
        on_axis = placement.experience if column == 2 else placement.control
        return Content(figure(on_axis.observed)) if line == 0 else Content.styled(span(on_axis), "$text-muted")


def _field(placement: Placement | None) -> Content:
    if placement is None:
        return Content.styled("not on the map: nothing counts", "$text-muted")
    if placement.field is None:
        return Content.styled("not placed: nothing observed", "$text-muted")
    return on_one_line(placement.field.value, "$text-primary")


def _dot(score_range: ScoreRange) -> ScoreRange:
    """The same without whiskers."""
    at = score_range.observed if score_range.observed is not None else score_range.floor
    return ScoreRange(at, score_range.observed, at, score_range.coverage)


def _styled(line: str, own: str) -> Content:
    content = Content(line)
    for at, letter in enumerate(line):
        if letter.isupper() or letter in (FURTHER, CHOSEN_FURTHER):
            style = "bold reverse $text-primary" if letter == own else "bold $text-primary"
            content = content.stylize(style, at, at + 1)
    return content
