"""The sweet-spot map with all candidates: drawn, and in figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from toolvet.domain.scorecard import ScoreRange
from toolvet.domain.sweetspot import Placement, place
from toolvet.report.charts import MapPoint, map_lines
from toolvet.report.comparison import Comparison
from toolvet.report.words import figure, map_leans
from toolvet.tui.widgets.compare_columns import Column
from toolvet.tui.widgets.compare_grid import CompareGrid
from toolvet.tui.widgets.compare_tables import name_width, named, span
from toolvet.tui.widgets.compare_view import AtTool, Page, View, WhyAsked
from toolvet.tui.widgets.plain_text import on_one_line

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
