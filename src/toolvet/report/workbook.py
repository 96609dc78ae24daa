"""Tables as an Excel workbook. Text stays text: nothing becomes a formula or a link."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from toolvet.text.escape import visible
from toolvet.text.tables import WorkbookSheet
from toolvet.values import dataclass

LONGEST_CELL = 32_767
_LONGEST_LIST = 255
_WIDTH = 16
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_NO_CHOICE = re.compile('[,"]')
_NO_DAY = datetime.datetime(2000, 1, 1)


def workbook_bytes(title: str, sheets: Sequence[WorkbookSheet], on: datetime.date | None = None) -> bytes:
    """The workbook; the same for the same sheets and day."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        made = _NO_DAY if on is None else datetime.datetime.combine(on, datetime.time())
        book.set_properties({"title": visible(title)[:200], "created": made})
        styles = _Styles(
            head=book.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E4E9EF"}
            ),
            text=book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            blank=book.add_format(
                {"text_wrap": True, "valign": "top", "num_format": "@", "bg_color": "#FFF8E1", "border": 7}
            ),
            number=book.add_format({"valign": "top"}),
        )
        for name, sheet in zip(_names(sheets), sheets, strict=True):
            _write(book.add_worksheet(name), sheet, styles)
    return content.getvalue()


@dataclass(frozen=True, slots=True)
class _Styles:
    head: Format
    text: Format
    blank: Format
    number: Format


def _names(sheets: Iterable[WorkbookSheet]) -> Iterator[str]:
    """Names that Excel takes: at most 31 letters, none twice."""
    taken = {"history"}  # Excel keeps that one to itself
    for sheet in sheets:
        wanted = _NOT_IN_A_NAME.sub(" ", visible(sheet.name)).strip(" '") or "Sheet"
        name, number = wanted[:31].strip(" '"), 2
        while name.casefold() in taken:
            name, number = f"{wanted[:27].strip()} {number}", number + 1
        taken.add(name.casefold())
        yield name


def _write(worksheet: Worksheet, sheet: WorkbookSheet, styles: _Styles) -> None:
    for column, header in enumerate(sheet.headers):
        worksheet.set_column(column, column, sheet.widths.get(header, _WIDTH))
        worksheet.write_string(0, column, _fitted(header), styles.head)
    for at, row in enumerate(sheet.rows):
        for column, (header, cell) in enumerate(zip(sheet.headers, row, strict=True)):
            style = styles.blank if header in sheet.filled_in else styles.text
            if isinstance(cell, int | float):
                worksheet.write_number(at + 1, column, cell, styles.number)
            elif cell:
                worksheet.write_string(at + 1, column, _fitted(cell), style)
            else:
                worksheet.write_blank(at + 1, column, None, style)
            if choices := sheet.choices.get((at, header)):
                _offer(worksheet, (at + 1, column), choices)
    worksheet.freeze_panes(1, 0)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    worksheet.set_footer("&L&F, &A&RPage &P of &N")
    if sheet.rows:
        worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(sheet.rows) + 1}"})


def _offer(worksheet: Worksheet, place: tuple[int, int], choices: Sequence[str]) -> None:
    """A drop-down, unless Excel cannot hold it: it then takes what is typed, which is checked when it comes back.

    The choices stand in a formula, which a quotation mark of theirs would end.
    """
    if len(",".join(choices)) > _LONGEST_LIST or any(_NO_CHOICE.search(visible(choice)) for choice in choices):
        return
    told = {
        "validate": "list",
        "source": [visible(choice) for choice in choices],
        "error_type": "warning",
        "error_title": "Not one of the choices",
        "error_message": "Choose one from the list; anything else cannot be imported."[:255],
    }
    worksheet.data_validation(*place, *place, told)


def _fitted(text: str) -> str:
    shown = visible(text, keep_line_breaks=True)
    return shown if len(shown) <= LONGEST_CELL else f"{shown[: LONGEST_CELL - 1]}…"
