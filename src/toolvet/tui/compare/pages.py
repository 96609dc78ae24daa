"""Pages of the Compare screen without "what if": criteria, questions, the map, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content, Span
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from toolvet.domain.comparison import Robustness
from toolvet.domain.scorecard import ScoreRange
from toolvet.domain.scoring import Field, Placement, place
from toolvet.report.comparison.ranking import Comparison, Entry, why, why_figures, why_question
from toolvet.text.charts import MapPoint, map_lines
from toolvet.text.labels import field_words, figure, map_leans
from toolvet.tui.compare.tables import (
    BAR_LEGEND,
    CRITERIA_LEGEND,
    QUESTIONS_LEGEND,
    CriteriaTable,
    QuestionTable,
    WhyTable,
    about_cell,
    about_part,
    about_tool,
    lettered_name,
    name_width,
    span,
)
from toolvet.tui.kit.content import Details, entitle, in_a_row, on_one_line
from toolvet.tui.kit.grid import Column, Table, TableGrid, TablePage, framed
from toolvet.tui.kit.score_panel import verdict_words
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """The comparison and where the person is in it.

    `at` is the current tool, in ranked order; `place` is the question, in the rubric's order. At most two tools are
    `marked`. `robustness` is None while it is computed and where weights cannot be tried; `words`, the comparison in
    sentences, are empty until then.
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
        """The current tool."""
        return self.comparison.entries[self.at]

    @property
    def other(self) -> Entry:
        """The tool that the current one is compared with."""
        return next((entry for entry in self.pair if entry is not self.entry), self.entry)

    @property
    def pair(self) -> tuple[Entry, Entry]:
        """The two tools to compare closely, in ranked order."""
        one, other = self.pair_places
        return self.comparison.entries[one], self.comparison.entries[other]

    @property
    def pair_places(self) -> tuple[int, int]:
        """Where the two tools to compare closely are ranked, the better one first.

        They are the two marked ones; else the current tool with the marked one, the leader or the next.
        """
        one, other = self.marked if len(self.marked) == 2 else (self.at, self._other())
        return min(one, other), max(one, other)

    def renewed(self, comparison: Comparison) -> ComparisonView:
        """The same tools, compared anew; the cursor and the marks stay at their tools, wherever these rank now."""
        places = {entry.tool.file: at for at, entry in enumerate(comparison.entries)}
        at, *marked = (places[self.comparison.entries[one].tool.file] for one in (self.at, *self.marked))
        return replace(self, comparison=comparison, robustness=None, words=(), at=at, marked=tuple(marked))

    def _other(self) -> int:
        others = (at for at in (*self.marked, 0, 1) if at != self.at and at < len(self.comparison.entries))
        return next(others, self.at)


class AtTool(Message):
    """The cursor went to another tool, or to another question of it."""

    def __init__(self, at: int, place: int | None = None) -> None:
        super().__init__()
        self.at = at
        self.place = place


class Page(Protocol):
    """What the screen asks of each of its pages, which are all widgets."""

    def show(self, view: ComparisonView) -> None: ...

    def take_focus(self) -> None: ...


class AnswersGrid(TableGrid):
    """A grid of questions, in which enter opens the answers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "pick",
            "Both answers",
            tooltip="Both tools' answers with their evidence, side by side.",
            id="both-answers",
        ),
    ]


class ToolGrid(TableGrid):
    """A grid of tools, in which enter tells why one stands before another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", "Why", tooltip="What makes the difference between two tools.", id="why-of-two"),
    ]


FURTHER_ANSWERS = 4
"""Tools whose answers follow below the two that are compared, as far as there is room."""

NO_DIFFERENCE = "The tools do not differ on any question. = shows all questions again."


class CriteriaPage(TablePage):
    """The tools with their ranges, and the comparison in sentences."""

    GRID = ToolGrid

    def __init__(self, comparison: Comparison, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._view = ComparisonView(comparison)
        self._table = lru_cache(maxsize=1)(partial(CriteriaTable, comparison))

    def compose(self) -> ComposeResult:
        yield framed(self.GRID(self.follow))
        yield Details().add_class("pane")

    def show(self, view: ComparisonView) -> None:
        self._view = view
        size = self.grid.size
        legend = f"{BAR_LEGEND}   {CRITERIA_LEGEND}" if self.app.size.width >= 120 else CRITERIA_LEGEND
        self.frame("Ranking, by verdict, then floor", legend)
        self.grid.show(self._table(view.marked, size.width - 1, size.height), view.at)
        self._tell()

    def on_resize(self) -> None:
        # the grid has its own size only once this is laid out
        self.call_after_refresh(lambda: self.show(self._view))

    def follow(self, row: int, column: int) -> None:  # noqa: ARG002 - the cursor is of rows
        self._view = replace(self._view, at=row)
        self._tell()
        self.post_message(AtTool(row))

    def _tell(self) -> None:
        scorecard = self._view.entry.scorecard
        figures = f"  {span(scorecard.overall)}" if scorecard.is_started else ""
        title = in_a_row(lettered_name(self._view.entry), "  ", verdict_words(scorecard), figures)
        entitle(self.details, title, "enter: why it stands before the next")
        self.details.show(about_tool(self._view.entry, self._view.words))


class QuestionsPage(TablePage):
    """Questions against tools."""

    GRID = AnswersGrid
    BY_CELL = True

    def __init__(self, comparison: Comparison, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._view = ComparisonView(comparison)
        self._table_for = lru_cache(maxsize=1)(partial(QuestionTable, comparison))

    @property
    def _table(self) -> QuestionTable:
        width = self.app.size.width - 1  # without the scrollbar
        return self._table_for(self._view.marked, width, only_differences=self._view.only_differences)

    def show(self, view: ComparisonView) -> None:
        self._view = view
        self.frame("Questions: only where the tools differ" if view.only_differences else "Questions", QUESTIONS_LEGEND)
        self.grid.show(self._table, self._table.row_of(view.place), view.at + 1)
        self._tell(view.at, self._table.place(self.grid.row))

    def follow(self, row: int, column: int) -> None:
        place = self._table.place(row)
        self._tell(column - 1, place)
        self.post_message(AtTool(column - 1, place))

    def _tell(self, at: int, place: int | None) -> None:
        if place is None:
            self.details.show([Content(NO_DIFFERENCE)])
            return
        self._view = replace(self._view, at=at, place=place)
        entry, other = self._view.entry, self._view.other
        further = (each for each in self._view.comparison.entries if each is not entry and each is not other)
        others = [each for each in (other, *islice(further, FURTHER_ANSWERS)) if each is not entry]
        entitle(self.details, on_one_line(entry.scorecard.questions[place].question.heading))
        self.details.show(about_cell(entry, others, place))

    @property
    def picked(self) -> tuple[int | None, tuple[int, ...]]:
        """The question at the cursor, None where there is none, and all questions shown."""
        return self._table.place(self.grid.row), self._table.places


class WhyPage(TablePage):
    """The questions that make the difference between two tools."""

    GRID = AnswersGrid

    def __init__(self, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._made_for: tuple[object, ...] = ()
        self._table: WhyTable | None = None

    def compose(self) -> ComposeResult:
        yield framed(self.GRID(self.follow))
        yield Details().add_class("pane")

    def show(self, view: ComparisonView) -> None:
        """Show the parts of the difference, from the top where the pair is a new one."""
        made_for = (view.pair_places, self.app.size.width)
        if made_for != self._made_for:
            self._made_for = made_for
            self._table = WhyTable(why(*view.pair), self.app.size.width - 1)
            reason = self._table.reason
            self.frame(on_one_line(why_question(reason)), why_figures(reason))
            self.details.display = bool(reason.parts)
            self.grid.show(self._table, 0)
            self.follow(0, 0)

    def follow(self, row: int, column: int) -> None:  # noqa: ARG002 - the cursor is of rows
        if self._table is not None:
            reason = self._table.reason
            part = reason.parts[row] if row < len(reason.parts) else None
            remark = Content.styled(" · same level, other weight", "$text-warning") if part and part.remark else ""
            entitle(self.details, "" if part is None else in_a_row(on_one_line(part.title), remark))
            self.details.show(() if part is None else about_part(reason, part))

    @property
    def picked(self) -> tuple[int | None, tuple[int, ...]]:
        """The question at the cursor, None on the sum, and all questions that make a difference."""
        places = () if self._table is None else self._table.places
        return places[self.grid.row] if self.grid.row < len(places) else None, places


LETTERED = 26
FURTHER = "•"
CHOSEN_FURTHER = "◉"


class MapPage(TablePage):
    """The map with the range lines of one tool, and the legend in which that tool is chosen."""

    GRID = ToolGrid

    def __init__(self, comparison: Comparison, *, id: str) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._comparison = comparison
        self._placements = tuple(place(entry.scorecard) for entry in comparison.entries)
        self._table = lru_cache(maxsize=1)(partial(LegendTable, comparison, self._placements))

    def compose(self) -> ComposeResult:
        yield Drawing(self._comparison, self._placements)
        yield framed(self.GRID(self.follow))

    def on_mount(self) -> None:
        entitle(self.query_one(Drawing), "Control and experience")
        self.frame("Tools")

    def show(self, view: ComparisonView) -> None:
        self.grid.show(self._table(view.marked, 56 if self.app.size.width >= 120 else self.app.size.width - 4), view.at)
        self.query_one(Drawing).choose(view.at)

    def follow(self, row: int, column: int) -> None:  # noqa: ARG002 - the cursor is of rows
        self.query_one(Drawing).choose(row)
        self.post_message(AtTool(row))


class Drawing(Widget):
    """The map, as large as there is room."""

    def __init__(self, comparison: Comparison, placements: Sequence[Placement | None]) -> None:
        super().__init__(classes="pane")
        self._comparison = comparison
        self._placements = placements
        self._at = 0
        self._dots = tuple(_point(self._letter(at, FURTHER), _dotted(each)) for at, each in enumerate(placements))
        self._drawn = Content("")
        self._drawn_for: tuple[int, Size] | None = None

    def choose(self, at: int) -> None:
        """Draw the range lines of that tool."""
        if at != self._at:
            self._at = at
            self.refresh()

    def render(self) -> Content:
        """The map and which way it leans, drawn once for each tool and size."""
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
        own = self._letter(self._at, CHOSEN_FURTHER)
        return Content("\n").join([*(_styled(line, own) for line in lines), *note])

    def _points(self) -> list[MapPoint]:
        """The chosen tool comes first: where two share a place, it is the one drawn."""
        chosen = _point(self._letter(self._at, CHOSEN_FURTHER), self._placements[self._at])
        others = (point for at, point in enumerate(self._dots) if at != self._at)
        points = [point for point in (chosen, *others) if point is not None]
        return [*reversed(points[LETTERED:]), *points[:LETTERED]]

    def _letter(self, at: int, further: str) -> str:
        return self._comparison.entries[at].letter if at < LETTERED else further

    def _note(self) -> str:
        further = (
            f" {FURTHER} marks the tools from the {LETTERED + 1}th on." if len(self._placements) > LETTERED else ""
        )
        entry = self._comparison.entries[self._at]
        return (
            f"Each letter marks the observed figures; the lines of {entry.letter} reach from floor to ceiling."
            f"{further} {map_leans(self._comparison.rubric)}"
        )


class LegendTable(Table):
    """A tool on two lines: its name and field, and for each axis the observed figure above the range."""

    def __init__(
        self, comparison: Comparison, placements: Sequence[Placement | None], marked: Sequence[int], width: int
    ) -> None:
        self._entries = comparison.entries
        self._placements = placements
        self._marked = marked
        count = len(str(len(placements)))
        longest = max(name_width(self._entries, least=12), *(_field(each).cell_length for each in placements))
        figures = (Column(10, is_right=True),) * 2
        columns = (Column(count, is_right=True), Column(min(longest, width - count - 27)), *figures)
        super().__init__(len(placements), columns, kept=2, lines=2)

    def heading(self, column: int) -> Sequence[Content]:
        return (Content(("#", "tool, field", "experience", "control")[column]),)

    def cell(self, row: int, line: int, column: int) -> Content:
        placement, entry = self._placements[row], self._entries[row]
        if column == 0:
            return Content(str(entry.rank) if line == 0 else "")
        if column == 1:
            return lettered_name(entry, is_marked=row in self._marked) if line == 0 else _field(placement)
        if placement is None:
            return Content("")
        on_axis = placement.experience if column == 2 else placement.control
        return Content(figure(on_axis.observed)) if line == 0 else Content.styled(span(on_axis), "$text-muted")


def _field(placement: Placement | None) -> Content:
    if placement is None:
        return Content.styled("not on the map: nothing counts", "$text-muted")
    if not placement.fields:
        return Content.styled("too little is answered", "$text-muted")
    first = f"any field, now {placement.fields[0].value}" if len(placement.fields) == len(Field) else ""
    return on_one_line(first or field_words(placement), "$text-primary")


def _point(letter: str, placement: Placement | None) -> MapPoint | None:
    return None if placement is None else MapPoint(letter, "", placement.experience, placement.control)


def _dotted(placement: Placement | None) -> Placement | None:
    """The placement without its lines."""
    if placement is None:
        return None
    return replace(placement, experience=_dot(placement.experience), control=_dot(placement.control))


def _dot(score_range: ScoreRange) -> ScoreRange:
    """The range without its lines."""
    at = score_range.observed if score_range.observed is not None else score_range.floor
    return ScoreRange(at, score_range.observed, at, score_range.coverage)


def _styled(line: str, own: str) -> Content:
    styles = dict.fromkeys({*filter(str.isupper, line), FURTHER, CHOSEN_FURTHER}, "bold $text-primary")
    styles[own] = "bold reverse $text-primary"
    return Content(line, [Span(at, at + 1, styles[letter]) for at, letter in enumerate(line) if letter in styles])
