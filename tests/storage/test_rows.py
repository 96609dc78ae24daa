"""Spreadsheets as rows of text: what Excel and others make of them, and what is refused before it is parsed."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from toolvet.errors import UnusableFile
from toolvet.storage import rows
from toolvet.storage.rows import SheetRow, read_spreadsheet


def written(folder: Path, content: bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def workbook(folder: Path, fill: Callable[[xlsxwriter.Workbook], object], name: str = "a.xlsx") -> Path:
    path = folder / name
    made = xlsxwriter.Workbook(str(path))
    fill(made)
    made.close()
    return path


def rows_of(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for table in read_spreadsheet(path).tables for row in table.rows]


def refusal(path: Path) -> str:
    with pytest.raises(UnusableFile) as refused:
        read_spreadsheet(path)
    return str(refused.value).removeprefix(f"{path}")


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"\xef\xbb\xbfa,b\r\n1,2\r\n",
        b"a;b\n1;2\n",
        b"a\tb\n1\t2\n",
        "a\tb\n1\t2\n".encode("utf-16"),
        b"a,b,,\n1,2,,\n,,,\n\n",
    ],
)
def test_values_come_however_a_program_separates_them(content: bytes, tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, content)) == [(1, ("a", "b")), (2, ("1", "2"))]


def test_the_separator_that_excel_names_is_no_row(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, b"sep=;\na;b\n1;2,5\n")) == [(2, ("a", "b")), (3, ("1", "2,5"))]


def test_rows_are_counted_as_a_spreadsheet_program_counts_them(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, b'a,"b\nc"\n\nd\n')) == [(1, ("a", "b\nc")), (3, ("d",))]


def test_text_from_windows_is_read_and_its_encoding_is_told(tmp_path: Path) -> None:
    read = read_spreadsheet(written(tmp_path, "naïve “quote”\n".encode("cp1252")))
    assert (read.encoding, read.tables[0].rows) == ("cp1252", (SheetRow(1, ("naïve “quote”",)),))


def test_a_quotation_mark_without_an_end_is_told_with_its_row(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, b'a,b\n"c,d\n')) == (
        ":2: is not valid CSV: a quotation mark in row 2 is not closed; save it again as .csv or .xlsx"
    )


def test_numbers_dates_and_formulas_of_a_workbook_come_as_text(tmp_path: Path) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("Answers")
        sheet.write_row(0, 0, [3.0, 2.5, True])
        sheet.write_datetime(1, 0, datetime(2026, 11, 2), made.add_format({"num_format": "d.m.yy"}))
        sheet.write_formula(2, 0, "=1+1", None, "2")
        sheet.write_string(3, 0, "=1+1")

    assert rows_of(workbook(tmp_path, fill)) == [
        (1, ("3", "2.5", "TRUE")),
        (2, (date(2026, 11, 2).isoformat(),)),
        (3, ("=1+1",)),
        (4, ("=1+1",)),
    ]


def test_sheets_have_their_names_and_hidden_ones_are_read_too(tmp_path: Path) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("First").write_string(0, 0, "a")
        hidden = made.add_worksheet("Second")
        hidden.write_string(4, 1, "b")
        hidden.hide()

    tables = read_spreadsheet(workbook(tmp_path, fill)).tables
    assert [(table.name, table.rows, table.is_hidden) for table in tables] == [
        ("First", (SheetRow(1, ("a",)),), False),
        ("Second", (SheetRow(5, ("", "b")),), True),
    ]


def test_a_stray_cell_at_the_very_end_of_a_sheet_is_no_trouble(tmp_path: Path) -> None:
    path = workbook(tmp_path, lambda made: made.add_worksheet().write_string(300_000, 0, "stray"))
    assert rows_of(path) == [(300_001, ("stray",))]


def repacked(path: Path, changes: Mapping[str, bytes]) -> Path:
    """The workbook with these parts in place of its own."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    path.write_bytes(made.getvalue())
    return path


SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("part", "content", "said"),
    [
        (SHEET, HEAD + b"<row/>" * 3_000_000 + TAIL, "unpacks to more than 16 MiB"),
        (SHEET, HEAD + b"<row><c><v>1</v></c></row>" * 100_000 + TAIL, "has more than 100,000 cells"),
        (SHEET, HEAD + b'<row r="99999999"><c><v>1</v></c></row>' + TAIL, "has more than 20,000 rows"),
        (SHEET, b'<!DOCTYPE a [<!ENTITY a "b">]>' + HEAD + TAIL, "defines entities"),
        (SHEET, '<!DOCTYPE a [<!ENTITY a "b">]>'.encode("utf-16-le"), "defines entities"),
        (SHEET, HEAD + b"<row " + b'a="1" ' * 12_000 + b"/>" + TAIL, "has a tag of more than 64 KiB"),
        (SHEET, HEAD + b"<row><c><v>abc</v></c></row>" + TAIL, "is damaged"),
        (SHEET, b"<worksheet", "is damaged"),
        ("xl/vbaProject.bin", b"macro", "has macros"),
    ],
)
def test_a_hostile_workbook_is_refused_with_a_sentence(part: str, content: bytes, said: str, tmp_path: Path) -> None:
    path = repacked(workbook(tmp_path, lambda made: made.add_worksheet()), {part: content})
    assert refusal(path).startswith(f": {said}")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + b"locked", "is locked by a password, or an old .xls"),
        ("a.xlsx", b"PK\x03\x04 cut", "is damaged, or locked by a password"),
        ("a.ods", b"text", "is not a spreadsheet that toolvet reads"),
        ("a.csv", b"a\0b", "is not text"),
        ("a.csv", b"a,b\n" * 30_000, "has more than 20,000 rows"),
        ("a.csv", b"\n" * 400_000, "has more than 20,000 rows"),
        ("a.csv", b"a," * 5_000_000, "has more than 100,000 cells"),
        ("a.csv", b"a" * (rows.SHEET_BYTES + 1), "is larger than 10 MiB"),
    ],
)
def test_what_is_no_sheet_or_too_large_is_refused_with_a_sentence(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    assert refusal(written(tmp_path, content, name)).startswith(f": {said}")


def test_another_kind_of_archive_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.txt", "a")
    assert refusal(path).startswith(": is not an Excel workbook")


def test_what_a_library_says_of_a_workbook_is_not_printed(tmp_path: Path) -> None:
    path = workbook(tmp_path, lambda made: made.add_worksheet("Answers").write(0, 0, "x"))
    with zipfile.ZipFile(path) as packed:
        book = packed.read("xl/workbook.xml")
    odd = (
        b'<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">no&#155;area</definedName></definedNames>'
    )
    path = repacked(path, {"xl/workbook.xml": book.replace(b"</sheets>", b"</sheets>" + odd)})
    with warnings.catch_warnings(record=True) as said:
        assert rows_of(path) == [(1, ("x",))]
    assert said == []


def test_a_workbook_of_thousands_of_sheets_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = workbook(tmp_path, lambda made: made.add_worksheet("Answers").write(0, 0, "x"))
    with zipfile.ZipFile(path) as packed:
        book = packed.read("xl/workbook.xml")
    (one,) = re.findall(rb"<sheet [^>]*>", book)
    path = repacked(path, {"xl/workbook.xml": book.replace(one, one * 20_000)})
    assert refusal(path).startswith(f": has more than {rows.MOST_SHEETS} sheets")
