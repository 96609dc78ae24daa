"""Making a table fit the terminal: wrapped, turned or cut, and saying what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from tabulate import tabulate

from toolvet.report.comparison import Comparison
from toolvet.report.comparison_tables import Cells, criterion_cells, question_cells, turned_cells
from toolvet.report.tables import TableFormat, table
from toolvet.report.text import columns_of, listed, one_line, plural

_WHOLE, _BREAKING, _NARROWEST = 16, 10, 4
"""Words up to here stay whole: as long as there is another way, before more is cut, and at the worst."""

_QUESTION = 24
"""Columns that titles of questions keep before the tools are called by letters."""

_EVERYTHING = "a wider terminal, a file or --format csv shows everything"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A drawn table, and in words what is not in it; empty where everything is."""

    text: str
    note: str = ""


def fit_criteria(comparison: Comparison, table_format: TableFormat, width: int | None) -> Fitted:
    """The table by criterion in at most that many columns; None for as many as it takes."""
    upright = criterion_cells(comparison)
    if width is None:
        return Fitted(table(upright.rows, upright.headers, table_format, upright.align))
    for longest_word in (_WHOLE, _BREAKING):
        for cells in (upright, turned_cells(comparison)):
            drawn = wrapped_table(cells, table_format, width, longest_word=longest_word)
            if drawn is not None:
                return Fitted(drawn)
    criteria = frozenset(criterion.title for criterion in comparison.rubric.criteria)
    for longest_word in (_BREAKING, _NARROWEST):
        for dropped, words in _droppable(criteria):
            drawn = wrapped_table(upright.without(dropped), table_format, width, longest_word=longest_word)
            if drawn is not None:
                return Fitted(drawn, f"Left out to fit {width} columns: {words}; {_EVERYTHING}.")
    return Fitted("", f"{width} columns are too few for a table; {_EVERYTHING}.")


def fit_questions(
    comparison: Comparison, table_format: TableFormat, width: int | None, *, only_differences: bool
) -> Fitted:
    """The table by question in at most that many columns; tools that do not fit are left out, the last first."""
    cells = question_cells(comparison, only_differences=only_differences)
    if width is None:
        return Fitted(table(cells.rows, cells.headers, table_format, cells.align))
    for longest_word in (_WHOLE, _BREAKING):
        drawn = wrapped_table(cells, table_format, width, longest_word=longest_word, first=_QUESTION)
        if drawn is not None:
            return Fitted(drawn)
    return _lettered(comparison, cells, table_format, width)


def _lettered(comparison: Comparison, cells: Cells, table_format: TableFormat, width: int) -> Fitted:
    """The table with letters for tools, of which as many as fit."""
    headers = ("question", *(entry.letter for entry in comparison.entries))
    counts = range(len(comparison.entries), 0, -1)
    for longest_word, count in ((_WHOLE, counts[0]), *product((_BREAKING, _NARROWEST), counts)):
        part = Cells(headers[: count + 1], tuple(row[: count + 1] for row in cells.rows), cells.align[: count + 1])
        drawn = wrapped_table(part, table_format, width, longest_word=longest_word)
        if drawn is not None:
            note = f"{', '.join(f'{entry.letter} {one_line(entry.name)}' for entry in comparison.entries[:count])}."
            left = comparison.entries[count:]
            if left:
                tools = f"{plural(len(left), 'tool')} from rank {left[0].rank} on"
                note += f" Left out to fit {width} columns: {tools}; {_EVERYTHING}."
            return Fitted(drawn, note)
    return Fitted("", f"{width} columns are too few for a table; {_EVERYTHING}.")


def wrapped_table(
    cells: Cells, table_format: TableFormat, width: int, *, longest_word: int, first: int = 1
) -> str | None:
    """The table with its cells wrapped to fit, the first column to no less than `first` columns.

    None where words of up to `longest_word` columns would have to be broken.
    """
    columns = [[one_line(cell) for cell in column] for column in zip(cells.headers, *cells.rows, strict=True)]
    widths = [max(max(map(columns_of, column)), 1) for column in columns]
    least = [max(min(longest_word, _longest(column)), 1) for column in columns]
    least[0] = max(least[0], min(first, widths[0]))
    frame = 3 * len(columns) + 1 if table_format is TableFormat.GRID else 2 * (len(columns) - 1)
    while sum(widths) + frame > width:
        candidates = [place for place in range(len(widths)) if widths[place] > least[place]]
        if not candidates:
            return None
        widest = max(candidates, key=lambda place: widths[place])
        widths[widest] -= 1
    filled = [["\n".join(wrap(cell, own)) for cell in column] for column, own in zip(columns, widths, strict=True)]
    headers, *rows = zip(*filled, strict=True)
    drawn = tabulate(
        [list(row) for row in rows],
        list(headers),
        tablefmt=table_format.value,
        disable_numparse=True,
        colalign=cells.align if rows else None,
    )
    return "\n".join(line.rstrip() for line in drawn.split("\n"))


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most that many columns; a word is broken only where it is longer than a line."""
    lines = [""]
    for word in text.split(" "):
        for part in _pieces(word, width):
            longer = f"{lines[-1]} {part}" if lines[-1] else part
            if columns_of(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return lines


def _pieces(word: str, width: int) -> Iterator[str]:
    piece = ""
    for letter in word:
        if piece and columns_of(piece + letter) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _longest(column: Sequence[str]) -> int:
    return max((columns_of(word) for cell in column for word in cell.split(" ")), default=0)


def _droppable(criteria: frozenset[str]) -> Iterator[tuple[frozenset[str], str]]:
    """What is left out first, and then further: the sum of it, with its words."""
    dropped, words = criteria, ["the criteria"]
    yield dropped, listed(words)
    for headers, more in (
        (("coverage",), "coverage"),
        (("observed",), "observed"),
        (("failed", "unknown"), "must-haves"),
        (("ceiling",), "ceiling"),
        (("verdict",), "verdict"),
        (("floor",), "floor"),
    ):
        dropped, words = dropped | frozenset(headers), [*words, more]
        yield dropped, listed(words)
