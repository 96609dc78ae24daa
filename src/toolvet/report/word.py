"""A report as a Word document: the same blocks as in the other formats, with drawings as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any

from docx import Document as new_document  # noqa: N813 - a function in spite of its name
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt

from toolvet.report.markup import plain_text
from toolvet.text.escape import spelled

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FIXED = "Consolas"
_MARGIN = Cm(2)
_SMALL = Pt(8.5)
_LONGEST_TITLE = 255  # of a file's properties


def word_document(blocks: Sequence[Mapping[str, Any]], title: str, on: date) -> bytes:
    """The blocks as a Word document with that title, dated that day."""
    word = new_document()
    for section in word.sections:
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    word.styles["Normal"].font.name = "Calibri"
    word.core_properties.title = _shown(title)[:_LONGEST_TITLE]
    word.core_properties.author = ""
    # A day, not the clock: the same report is the same file.
    word.core_properties.created = word.core_properties.modified = datetime.combine(on, time(), UTC)
    for block in blocks:
        _add(word, block)
    content = BytesIO()
    word.save(content)
    return content.getvalue()


def _add(word: WordDocument, block: Mapping[str, Any], style: str | None = None) -> None:
    match block["kind"]:
        case "heading":
            word.add_heading(_shown(plain_text(block["runs"])), level=min(block["level"] - 1, 4))
        case "paragraph":
            _fill(word.add_paragraph(style=style), block["runs"])
        case "answer":
            _fill(word.add_paragraph(style="Intense Quote"), block["runs"])
        case "page":
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case "list":
            name = f"{'List Number' if block['ordered'] else 'List Bullet'}{' 2' if style else ''}"
            for item in block["items"]:
                for inner in item:
                    _add(word, inner, name)
        case "table":
            _add_table(word, block)
        case "quote":
            for inner in block["blocks"]:
                _add(word, inner, "Intense Quote")
        case "code" | "note":
            run = word.add_paragraph().add_run(_shown(block["text"]))
            if block["kind"] == "code":
                run.font.name, run.font.size = _FIXED, Pt(7)
        case _:
            word.add_paragraph()


def _add_table(word: WordDocument, block: Mapping[str, Any]) -> None:
    rows = [*([block["head"]] if block["head"] else []), *block["rows"]]
    table = word.add_table(rows=0, cols=len(rows[0]), style="Light Grid Accent 1")
    for number, cells in enumerate(rows):
        row = table.add_row()
        is_head = bool(block["head"]) and number == 0
        if is_head:  # repeated on each page
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell, runs, align in zip(row.cells, cells, block["align"], strict=False):
            _fill(cell.paragraphs[0], runs, is_strong=is_head, size=_SMALL)
            if align == "right":
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _fill(
    paragraph: Any, runs: Sequence[Mapping[str, Any]], *, is_strong: bool = False, size: Pt | None = None
) -> None:
    for one in runs:
        if one["kind"] == "break":
            paragraph.add_run().add_break()
            continue
        run = paragraph.add_run(_shown(str(one["text"])))
        run.bold = bool(one.get("strong")) or is_strong or None
        run.italic = bool(one.get("emphasis")) or None
        run.font.size = size
        if one.get("code"):
            run.font.name = _FIXED


def _shown(text: str) -> str:
    """The text with control codes spelled out; what no XML can hold is replaced."""
    return _NO_XML.sub("\ufffd", spelled(text, keep_line_breaks=True))
