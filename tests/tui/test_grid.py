"""What of a table is seen in a grid: its columns, and the row that the cursor may stand on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.content import Content

from toolvet.tui.kit.grid import Column, Table, column_at, fit_cell, hidden_columns, row_near, seen_columns


class Titled(Table):
    """Five rows, of which the first and the fourth are titles, and four columns of which one stays."""

    def __init__(self) -> None:
        super().__init__(5, [Column(10)] * 4)

    def heading(self, column: int) -> Sequence[Content]:
        return (Content(f"column {column}"),)

    def cell(self, row: int, line: int, column: int) -> Content:
        return Content(f"{row}.{line}.{column}")

    def title(self, row: int) -> Content | None:
        return Content("title") if row in (0, 3) else None


def test_the_first_column_stays_while_the_others_scroll() -> None:
    # a blank, then 10 for each column with a gap of 2 between them
    assert (seen_columns(Titled(), 1, 36), seen_columns(Titled(), 2, 36)) == ([0, 1, 2], [0, 2, 3])


def test_hidden_columns_are_counted_on_both_sides() -> None:
    assert (hidden_columns(Titled(), 1, 36), hidden_columns(Titled(), 2, 36)) == ((0, 1), (1, 0))


@pytest.mark.parametrize(("x", "column"), [(0, 1), (13, 1), (25, 2), (37, None)])
def test_a_click_finds_the_scrolling_column(x: int, column: int | None) -> None:
    assert column_at(Titled(), [0, 1, 2], x) == column


@pytest.mark.parametrize(("row", "towards", "near"), [(0, -1, 1), (3, 1, 4), (3, -1, 2), (2, 1, 2)])
def test_the_cursor_passes_over_titles(row: int, towards: int, near: int) -> None:
    assert row_near(Titled(), row, towards) == near


def test_an_empty_table_has_its_cursor_at_the_top() -> None:
    assert row_near(Table(0, ()), 0, 1) == 0


@pytest.mark.parametrize(
    ("column", "words"), [(Column(5), "abc    "), (Column(5, is_right=True), "  abc  "), (Column(2), "a…  ")]
)
def test_a_cell_is_cut_or_padded_with_the_gap_behind_it(column: Column, words: str) -> None:
    assert fit_cell(Content("abc"), column).plain == words
