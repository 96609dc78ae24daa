"""The first sheet of a workbook (.xlsx) as lines of text; formulas count as the value last shown."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from toolvet.errors import Problem, UnusableFile

_MOST_UNPACKED = 256 * 1024 * 1024


def workbook_lines(path: Path, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Every row with its number, as many cells in each as in the widest. UnusableFile for what is no workbook."""
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > _MOST_UNPACKED:
            raise UnusableFile((Problem(path, None, "is too large unpacked; keep only the sheet with the answers"),))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        rows = [[_text(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    except (BadZipFile, KeyError, ValueError, IndexError, TypeError, SyntaxError, OSError) as error:
        message = "is not a workbook that can be read; save it again as .xlsx, or as CSV"
        raise UnusableFile((Problem(path, None, message),)) from error
    widest = max(map(len, rows), default=0)
    for number, row in enumerate(rows, start=1):
        yield number, [*row, *[""] * (widest - len(row))]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
