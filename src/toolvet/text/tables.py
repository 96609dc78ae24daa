"""Tables in the formats that people paste and programs read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import tabulate

from toolvet.text.escape import (
    columns_of,
    csv_cell,
    fitted,
    json_text,
    markdown_cell,
    one_line,
    visible,
)

tabulate.MIN_PADDING = 0  # otherwise every heading is two columns wider than it reads


class TableFormat(StrEnum):
    SIMPLE = "simple"
    GRID = "grid"
    GITHUB = "github"
    HTML = "html"
    LATEX = "latex"
    TSV = "tsv"
    CSV = "csv"
    JSON = "json"


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
            return _csv(rows, headers)
        case TableFormat.TSV:
            return "\n".join("\t".join(visible(csv_cell(cell)) for cell in row) for row in (headers, *rows))
        case TableFormat.GITHUB:
            return _drawn(rows, headers, TableFormat.GITHUB, (align, widths), markdown_cell)
        case drawn:
            return _drawn(rows, headers, drawn, (align, widths), one_line)


def _csv(rows: Rows, headers: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in (headers, *rows):
        writer.writerow([csv_cell(cell) for cell in row])
    return text.getvalue().removesuffix("\n")


def _drawn(
    rows: Rows,
    headers: Sequence[str],
    table_format: TableFormat,
    columns: tuple[Sequence[str] | None, Sequence[int | None] | None],
    safe: Callable[[str], str],
) -> str:
    align, widths = columns if rows else (None, None)  # tabulate fails on columns where there is no row
    drawn = tabulate.tabulate(
        [[safe(cell) for cell in row] for row in rows],
        [safe(header) for header in headers],
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


_RULER = re.compile(r"-+(?:  -+)+")
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)|^ *(?:[-*+!•] |\d{1,2}[.:] )")
_PIPED = re.compile(r"\| *:?-+:? *(?:\| *:?-+:? *)+\|")
_NARROWEST = 6


def fit_text(text: str, columns: int) -> str:
    """The text in lines no wider than that, unless a single word is.

    Sentences wrap under their own start. Tables break their cells or, if they have too many, become a block a row.
    """
    lines, fitted_lines, at = text.split("\n"), [], 0
    while at < len(lines):
        end = at + 1
        if end < len(lines) and (_RULER.fullmatch(lines[end]) or _PIPED.fullmatch(lines[end])):
            while end < len(lines) and lines[end].strip():
                end += 1
            fitted_lines += _fit_table(lines[at:end], columns)
        else:
            fitted_lines += _fit_line(lines[at], columns)
        at = end
    return "\n".join(fitted_lines)


def _fit_line(line: str, columns: int) -> list[str]:
    if columns_of(line) <= columns:
        return [line]
    gap = _GAP.search(line)
    hanging = len(line) - len(line.lstrip()) if gap is None else gap.end()
    return _lines_of(line, columns, hanging=hanging if hanging <= columns // 2 else 4)


def _lines_of(text: str, columns: int, *, hanging: int = 0) -> list[str]:
    """The text broken at blanks, its later lines indented; unlike `wrapped`, by columns and keeping inner blanks."""
    lines, line = [], ""
    for word in re.findall(r" *[^ ]+", text):
        if line.strip() and columns_of(line + word) > columns:
            lines.append(line)
            word = " " * hanging + word.lstrip()
            line = ""
        line += word
    return [*lines, line]


def _fit_table(lines: Sequence[str], columns: int) -> list[str]:
    """The table of these lines, with narrower cells, or as a block for each row."""
    if max(map(columns_of, lines)) <= columns:
        return list(lines)
    rows = [_cells(line, lines[1]) for line in (lines[0], *lines[2:])]
    widths = [max(columns_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    room = columns - 2 * (len(widths) - 1)
    least = [
        max(columns_of(word) for cell in column for word in (*cell.split(), "-")) for column in zip(*rows, strict=True)
    ]
    if sum(min(each, max(word, _NARROWEST)) for each, word in zip(widths, least, strict=True)) > room:
        return [line for row in rows[1:] for line in _block(rows[0], row, columns)]
    while sum(widths) > room:
        spare = [width - max(word, _NARROWEST) for width, word in zip(widths, least, strict=True)]
        widths[max(range(len(widths)), key=lambda column: (spare[column] > 0, widths[column]))] -= 1
    drawn = [[_lines_of(cell, width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    ruler = ["  ".join("-" * width for width in widths)]
    head, *body = [_row(row, widths) for row in drawn]
    return [*head, *ruler, *(line for row in body for line in row)]


def _cells(line: str, ruler: str) -> list[str]:
    if ruler.startswith("|"):
        return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    cells, at, width = [], 0, 0
    ends = [match.end() for match in re.finditer("-+ *", ruler)]
    for end in ends:
        cell = ""
        while at < len(line) and (width < end or end == ends[-1]):
            cell, width, at = cell + line[at], width + columns_of(line[at]), at + 1
        cells.append(cell.strip())
    return cells


def _row(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    height = max(map(len, cells))
    padded = [[*cell, *[""] * (height - len(cell))] for cell in cells]
    return [
        "  ".join(fitted(part, width) for part, width in zip(line, widths, strict=True)).rstrip()
        for line in zip(*padded, strict=True)
    ]


def _block(headers: Sequence[str], row: Sequence[str], columns: int) -> list[str]:
    named = [f"{header}: {cell}" for header, cell in zip(headers, row, strict=True) if cell]
    return [*(line for each in named for line in _lines_of(each, columns, hanging=2)), ""]
