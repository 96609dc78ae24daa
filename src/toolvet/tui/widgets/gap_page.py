"""A page of the Readiness screen that is a table: questions with figures, and words about one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from toolvet.domain.gaps import QuestionGap
from toolvet.tui.widgets.compare_details import Details
from toolvet.tui.widgets.compare_grid import CompareGrid
from toolvet.tui.widgets.jump_list import JumpList
from toolvet.tui.widgets.readiness_tables import GapTable, MovedTable, SideBySideTable

OPENS = "Its ladder with both means, by group, and last time's."


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table, the line that explains it, and what is said about a question of it."""

    table: GapTable | SideBySideTable | MovedTable
    legend: Content
    about: Callable[[QuestionGap], Iterator[Content]]


class GapGrid(CompareGrid):
    """A grid of questions, in which enter opens the question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", "The question", tooltip=OPENS),
    ]


class GapRows(JumpList):
    """Rows of text, in which enter opens the question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "pick", "The question", tooltip=OPENS),
    ]


class GapPage(Vertical):
    """The grid with its legend, and the details below."""

    grid = query_one(GapGrid)

    def __init__(self) -> None:
        super().__init__()
        self._tabled: Tabled | None = None

    def compose(self) -> ComposeResult:
        yield GapGrid(self._follow)
        yield Static(classes="legend")
        yield Details()

    @property
    def question(self) -> QuestionGap | None:
        """The question at the cursor."""
        return None if self._tabled is None else self._tabled.table.question(self.grid.row)

    def show(self, tabled: Tabled, question_id: str | None) -> None:
        """Show that table with the cursor on that question."""
        self._tabled = tabled
        self.query_one(".legend", Static).update(tabled.legend)
        self.grid.show(tabled.table, tabled.table.row_of(question_id))
        self._tell()

    def _follow(self, row: int, column: int) -> None:  # noqa: ARG002 - the cursor is of rows
        self._tell()

    def _tell(self) -> None:
        question = self.question
        if self._tabled is not None and question is not None:
            self.query_one(Details).show(self._tabled.about(question))
