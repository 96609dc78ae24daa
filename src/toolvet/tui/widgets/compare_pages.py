"""The pages of the Compare screen that are tables: by criterion, by question, and why one stands before another."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from toolvet.report.comparison_why import why
from toolvet.tui.widgets.compare_details import Details, about_cell, about_part, about_tool
from toolvet.tui.widgets.compare_grid import AnswersGrid, CompareGrid
from toolvet.tui.widgets.compare_matrix import QUESTIONS_LEGEND, QuestionTable
from toolvet.tui.widgets.compare_tables import CriteriaTable
from toolvet.tui.widgets.compare_view import AnswersAsked, AtTool, Page, View, WhyAsked
from toolvet.tui.widgets.compare_why import WhyTable, why_words

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
