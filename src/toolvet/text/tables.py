"""Tables in the formats that people paste and programs read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from itertools import chain
from typing import Any

from toolvet.text.escape import (
    csv_cell,
    is_narrow,
    json_text,
    markdown_cell,
    one_line,
    visible,
)
from toolvet.values import dataclass


class TableFormat(StrEnum):
    SIMPLE = "simple"
    GRID = "grid"
    GITHUB = "github"
    HTML = "html"
    LATEX = "latex"
    TSV = "tsv"
    CSV = "csv"
    JSON = "json"

    @property
    def is_data(self) -> bool:
        """Whether programs take it in: one figure in each cell."""
        return self in (TableFormat.CSV, TableFormat.TSV)

    @property
    def is_read(self) -> bool:
        """Whether people read it where it is printed, so that sentences stand below the table."""
        return self in (TableFormat.SIMPLE, TableFormat.GRID)


Rows = Sequence[Sequence[str]]
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """One sheet of a workbook: a header that stays in sight, and rows. A number is one only where a cell is.

    `widths` are in letters, by header. `choices` gives the drop-down of a cell, by row from 0 and header. `filled_in`
    names the columns that somebody is to fill in.
    """

    name: str
    headers: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    widths: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    filled_in: frozenset[str] = frozenset()


def table(
    rows: Rows,
    headers: Sequence[str],
    table_format: TableFormat | str,
    align: Sequence[str] | None = None,
    widths: Sequence[int | None] | None = None,
) -> str:
    """The rows under their headers, without a line end after the last row.

    `align` gives "left" or "right" for each column; text is never taken for a number. Cells are made safe for the
    format. As JSON it is a list of objects, keyed by header. `widths` break the cells of a drawn table at spaces.
    """
    match TableFormat(table_format):
        case TableFormat.JSON:
            return json_text([dict(zip(headers, row, strict=True)) for row in rows])
        case TableFormat.CSV:
            return csv_text(rows, headers).removesuffix("\n")
        case TableFormat.TSV:
            return "\n".join("\t".join(visible(csv_cell(cell)) for cell in row) for row in (headers, *rows))
        case TableFormat.GITHUB:
            return _drawn(rows, headers, TableFormat.GITHUB, (align, widths), markdown_cell)
        case TableFormat.SIMPLE if rows and align and not widths and is_narrow(" ".join(chain(headers, *rows))):
            return _simple(rows, headers, align)
        case drawn:
            return _drawn(rows, headers, drawn, (align, widths), one_line)


def _simple(rows: Rows, headers: Sequence[str], align: Sequence[str]) -> str:
    """As tabulate draws it, in a tenth of the time: each letter takes one column."""
    columns = [[header, *map(str.strip, cells)] for header, cells in zip(headers, zip(*rows, strict=True), strict=True)]
    widths = [max(map(len, column)) for column in columns]
    line = "  ".join(f"%{'' if side == 'right' else '-'}{width}s" for side, width in zip(align, widths, strict=True))
    first, *others = (line % cells for cells in zip(*columns, strict=True))
    ruler = "  ".join("-" * width for width in widths)
    return "\n".join(map(str.rstrip, (first, ruler, *others)))


def csv_text(rows: Iterable[Sequence[Any]], headers: Sequence[str], cell_of: Callable[[Any], str] = csv_cell) -> str:
    """The rows under their headers as separated values, with a line end after the last; cells as `cell_of` has them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(map(cell_of, row) for row in (headers, *rows))
    return text.getvalue()


def _drawn(
    rows: Rows,
    headers: Sequence[str],
    table_format: TableFormat,
    columns: tuple[Sequence[str] | None, Sequence[int | None] | None],
    safe: Callable[[str], str],
) -> str:
    safe_rows = [[safe(cell) for cell in row] for row in rows]
    return draw_cells(safe_rows, [safe(header) for header in headers], table_format, columns)


def draw_cells(
    rows: Rows,
    headers: Sequence[str],
    table_format: TableFormat,
    columns: tuple[Sequence[str] | None, Sequence[int | None] | None],
) -> str:
    """Draw cells that are safe already; `columns` are how each is aligned, and how wide it may be."""
    import tabulate  # 25 ms; most of what is printed has no drawn table

    tabulate.MIN_PADDING = 0  # otherwise every heading is two columns wider than it reads
    align, widths = columns if rows else (None, None)  # tabulate fails on columns where there is no row
    drawn = tabulate.tabulate(
        rows,
        headers,
        tablefmt=str(table_format),
        disable_numparse=True,
        colalign=align,
        maxcolwidths=widths,
        break_long_words=False,
        break_on_hyphens=False,
    )
    if not rows:  # tabulate then names no column, which LaTeX refuses
        letters = (each[0] for each in columns[0] or ["left"] * len(headers))
        drawn = drawn.replace(r"\begin{tabular}{}", rf"\begin{{tabular}}{{{''.join(letters)}}}")
    return "\n".join(line.rstrip() for line in str(drawn).split("\n"))
