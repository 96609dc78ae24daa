"""Spreadsheets read as rows of text, within limits: .xlsx, and .csv as many programs write it."""

from __future__ import annotations

import csv
import datetime
import html
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from toolvet.errors import Problem, UnusableFile
from toolvet.storage.toml_input import FILE_BYTES, read_content
from toolvet.values import dataclass

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

SHEET_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 256
MOST_CELLS = 100_000
MOST_SHEETS = 100
MOST_UNPACKED = 16 * 1024 * 1024
"""Of the parts of a workbook that are read; pictures are not."""

MOST_TAGS = 400_000
"""In these parts: a HECVAT workbook has 310,000, and a sheet of a thousand questions 50,000."""

MOST_LINES = 300_000
"""Of a file of separated values, with the empty ones that some programs leave at its end."""

_LONG_TAG = re.compile(rb"<[^<>]{65536}")
_SHEET = re.compile(rb"<(?:[\w.-]+:)?sheet\s")
_SHEET_NAME = re.compile(r'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"')
_MOST_PASSED = 1_500_000
"""Rows, empty ones too: one sheet with a stray cell in its last row, as HECVAT has, and some more."""

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_CSV_ENDINGS = (".csv", ".tsv", ".txt")
_DELIMITERS = ",;\t"
_HEAD = 10_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it: its number as the program shows it, and its cells without the empty ones behind."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet of a workbook, or a file of separated values, which has no name."""

    name: str | None
    rows: tuple[SheetRow, ...]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A file's sheets and its bytes. `encoding` is that of a file of separated values, "" for a workbook."""

    path: Path
    content: bytes
    tables: tuple[SheetTable, ...]
    encoding: str = ""


def read_spreadsheet(path: Path, only: Callable[[str], bool] | None = None) -> Spreadsheet:
    """The rows of a workbook or a file of separated values. UnusableFile if it is neither, or beyond the limits.

    Formulas come as their text, dates as 2026-11-02, whole numbers without a decimal point. `only` chooses sheets of a
    workbook by their names; the limits are about those.
    """
    content = read_sent(path)
    if path.suffix.casefold() in _CSV_ENDINGS:
        text, encoding = _decoded(path, content)
        return Spreadsheet(path, content, (SheetTable(None, tuple(_separated(path, text))),), encoding)
    if path.suffix.casefold() == ".xlsx" or content.startswith((b"PK", _OLE)):
        _check_workbook(path, content, only)
        return Spreadsheet(path, content, tuple(_sheets(path, content, only)))
    raise _unusable(path, "is not a spreadsheet that toolvet reads; save it as .xlsx or .csv")


def read_sent(path: Path) -> bytes:
    """The bytes of a file that somebody sent, which may be larger than one of ours. UnusableFile beyond 10 MiB."""
    try:
        return read_content(path, most=SHEET_BYTES)
    except UnusableFile as error:
        if any("larger" in problem.message for problem in error.problems):
            raise _unusable(path, "is larger than 10 MiB; send only what you want to import") from error
        raise


def folded(cell: str) -> str:
    """The words of a cell in small letters, by which it is compared."""
    return " ".join(cell.casefold().split())


def _unusable(path: Path, message: str, line: int | None = None) -> UnusableFile:
    return UnusableFile((Problem(path, line, message),))


def _decoded(path: Path, content: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8, UTF-16 with its mark, else that of Windows in western Europe."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in content:
        raise _unusable(path, "is not text; save it as .csv (UTF-8)")
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"


def _separated(path: Path, text: str) -> Iterator[SheetRow]:
    first, _, rest = text.partition("\n")
    named = first.strip().casefold()
    skipped = named.startswith("sep=") and len(named) == 5
    delimiter = first.strip()[4] if skipped else _delimiter(text)
    source = io.StringIO(rest if skipped else text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    cells = 0
    number = int(skipped)
    check_extent(path, text, delimiter)
    try:
        for found in reader:
            number += 1  # as a spreadsheet program counts: a cell of several lines is one row
            row = _row(number, found)
            if row is not None:
                cells += len(row.cells)
                _check_size(path, number, cells)
                yield row
    except csv.Error as error:
        where = f"a quotation mark in row {number + 1} is not closed" if "unexpected end" in str(error) else str(error)
        raise _unusable(path, f"is not valid CSV: {where}; save it again as .csv or .xlsx", reader.line_num) from error


def check_extent(path: Path, text: str, delimiter: str) -> None:
    """Refuse separated values with so many lines or cells, empty ones too, that going through them takes long."""
    _check_size(path, text.count("\n") - MOST_LINES, text.count(delimiter) // 8 - MOST_LINES)


def _delimiter(text: str) -> str:
    """That of the first line that has any: a title may stand above the header."""
    lines = (line for line in io.StringIO(text[:_HEAD]) if any(each in line for each in _DELIMITERS))
    return max(_DELIMITERS, key=next(lines, "").count)


def _row(number: int, values: Sequence[Any]) -> SheetRow | None:
    """None for a row in which nothing stands."""
    cells = [_text(value) for value in values[:MOST_COLUMNS]]
    while cells and not cells[-1]:
        cells.pop()
    return SheetRow(number, tuple(cells)) if cells else None


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            value = getattr(value, "text", value)  # an array formula
            return str(value).replace("\r\n", "\n").replace("\u00a0", " ").strip()


def _check_size(path: Path, rows: int, cells: int = 0) -> None:
    if rows > MOST_ROWS or cells > MOST_CELLS:
        what = f"{MOST_ROWS:,} rows" if rows > MOST_ROWS else f"{MOST_CELLS:,} cells"
        raise _unusable(path, f"has more than {what}; send only what you want to import")


def _check_workbook(path: Path, content: bytes, only: Callable[[str], bool] | None) -> None:
    """Refuse, before anything is parsed, what is locked, runs programs, or is larger than it looks."""
    if content.startswith(_OLE):
        raise _unusable(path, "is locked by a password, or an old .xls; save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename.casefold() for part in parts}
            if any("vbaproject" in name for name in names):
                raise _unusable(path, "has macros; save it as .xlsx, which has none")
            if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise _unusable(path, "is not an Excel workbook; save it as .xlsx or .csv")
            read = [part for part in parts if part.filename.casefold().endswith((".xml", ".rels"))]
            if len(parts) > 2_000 or sum(part.file_size for part in read) > MOST_UNPACKED:
                raise _unusable(path, "unpacks to more than 16 MiB; send only the sheets to import")
            passed_over = set() if only is None else _parts_of_others(packed, only)
            _check_parts(path, (packed.read(part) for part in read if part.filename not in passed_over))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _unusable(path, "is damaged, or locked by a password; save it again as .xlsx") from error


def _parts_of_others(packed: zipfile.ZipFile, only: Callable[[str], bool]) -> set[str]:
    """The parts of the sheets that were not chosen, which are never parsed."""
    book, relations = (
        packed.read(name).decode("utf-8", errors="replace")
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    )
    targets = {
        attributes["Id"]: attributes.get("Target", "")
        for attributes in map(_attributes, re.findall(r"<Relationship\s[^>]*>", relations))
        if "Id" in attributes
    }
    others = (
        targets.get(attributes.get("r:id", ""), "")
        for attributes in map(_attributes, re.findall(r"<sheet\s[^>]*>", book))
        if not only(html.unescape(attributes.get("name", "")))
    )
    return {target.removeprefix("/") if target.startswith("/") else f"xl/{target}" for target in others if target}


def _attributes(tag: str) -> dict[str, str]:
    return dict(re.findall(r'([\w:]+)="([^"]*)"', tag))


def _check_parts(path: Path, parts: Iterator[bytes]) -> None:
    tags = 0
    for part in parts:
        text = part.replace(b"\0", b"") if b"\0" in part else part  # UTF-16 has a zero in every letter
        tags += text.count(b"<")
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:  # in capitals, or it is no XML
            raise _unusable(path, "defines entities, which no spreadsheet program does; save it again as .xlsx")
        if len(_SHEET.findall(text)) > MOST_SHEETS:  # openpyxl looks each of them up among all
            raise _unusable(path, f"has more than {MOST_SHEETS} sheets; send only those to import")
        if _LONG_TAG.search(text):
            raise _unusable(
                path, "has a tag of more than 64 KiB, as no spreadsheet program does; save it again as .xlsx"
            )
    if tags > MOST_TAGS:
        raise _unusable(path, f"has more than {MOST_CELLS:,} cells; send only the sheets to import")


def sheet_names(path: Path) -> tuple[str, ...]:
    """The names of a workbook's sheets, without reading them; none for a file that is no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(read_sent(path))) as packed:
            book = packed.getinfo("xl/workbook.xml")
            listed = packed.read(book) if book.file_size <= FILE_BYTES else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError):
        return ()
    return tuple(html.unescape(name) for name in _SHEET_NAME.findall(listed.decode("utf-8", errors="replace")))


def _silent() -> warnings.catch_warnings[None]:
    """Without openpyxl's warnings, which repeat text of the workbook and are no use to anybody here."""
    return warnings.catch_warnings(action="ignore")


def _sheets(path: Path, content: bytes, only: Callable[[str], bool] | None) -> Iterator[SheetTable]:
    from openpyxl import load_workbook  # 0.15 s, for workbooks only

    try:
        with _silent():
            workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        size = _Size(path)
        for sheet in workbook.worksheets:
            if only is not None and not only(sheet.title):
                continue
            with _silent():
                rows = tuple(_rows_of(cast("ReadOnlyWorksheet", sheet), size))
            yield SheetTable(sheet.title, rows, sheet.sheet_state != "visible")
    except UnusableFile:
        raise
    except Exception as error:  # openpyxl has no error of its own: a damaged part may raise anything
        raise _unusable(path, "is damaged; open it in a spreadsheet program and save it again as .xlsx") from error


class _Size:
    """How much of a workbook was read, over all of its sheets."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.passed = self.rows = self.cells = 0

    def add(self, row: SheetRow | None, width: int) -> None:
        # Empty rows and cells take time too: a workbook of a few bytes may have a million.
        self.passed += 1 + width // 16
        self.rows += row is not None
        self.cells += 0 if row is None else len(row.cells)
        _check_size(self.path, MOST_ROWS + 1 if self.passed > _MOST_PASSED else self.rows, self.cells)


def _rows_of(sheet: ReadOnlyWorksheet, size: _Size) -> Iterator[SheetRow]:
    sheet.reset_dimensions()  # some programs write down wrong ones
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):  # type: ignore[misc]
        row = _row(number, values) if values else None
        size.add(row, len(values))
        if row is not None:
            yield row
