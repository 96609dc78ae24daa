"""The report as PDF, laid out by Typst; all that it says goes there as data and never as markup."""

from __future__ import annotations

import json
import re
import textwrap

from toolvet.errors import UsageError
from toolvet.report.approval.document import Document
from toolvet.report.environments import TEMPLATES
from toolvet.report.formats import ReportFormat, drawings_of, markdown_report, requester_report
from toolvet.report.markup import Block, blocks_of, illustrated, plain_text

NO_TYPST = (
    "a PDF needs the package typst (toolvet's extra pdf): install it where toolvet is, with pip install typst; the "
    "HTML report prints well, too"
)
_LONGEST_FOOTER = 90
_PICTURE = re.compile("[\u2400-\u2421]")
_NO_LETTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def pdf_report(document: Document) -> bytes:
    """The whole report, its first page by itself. UsageError where the extra is not installed."""
    blocks = [*illustrated(blocks_of(markdown_report(document)), drawings_of(document))]
    if len(blocks) > 1:
        blocks[1] = {**blocks[1], "kind": "answer"}
    second = next((place for place, block in enumerate(blocks) if block.get("level") == 2), len(blocks))
    return _laid_out([*blocks[:second], {"kind": "page"}, *blocks[second:]])


def requester_pdf(document: Document) -> bytes:
    """Half a page in plain words for whoever asked."""
    return markdown_pdf(requester_report(document, ReportFormat.MARKDOWN))


def markdown_pdf(text: str) -> bytes:
    """Markdown in which everything foreign is escaped already, laid out as it is."""
    return _laid_out(blocks_of(text))


def _laid_out(blocks: list[Block]) -> bytes:
    try:
        # An extra of 80 MB, and not there where types are checked.
        import typst  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise UsageError(NO_TYPST) from error
    heading = next((block for block in blocks if block["kind"] == "heading"), None)
    title = "" if heading is None else plain_text(heading["runs"])  # type: ignore[arg-type]  # of a heading, runs
    footer = textwrap.shorten(title, _LONGEST_FOOTER, placeholder=" …")
    inputs = {"report": _spelled(json.dumps({"title": title, "footer": footer, "blocks": blocks}, ensure_ascii=False))}
    template = TEMPLATES / "report.typ"
    try:
        pdf: bytes = typst.compile(template, root=TEMPLATES, sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError:
        # No font here has some letter of it: it cannot be promised to be read aloud, and is written all the same.
        pdf = typst.compile(template, root=TEMPLATES, sys_inputs=inputs)
    return pdf


def _spelled(text: str) -> str:
    """The text with control codes as code points, for which every font has letters, and without what is no letter."""
    return _NO_LETTER.sub("\ufffd", _PICTURE.sub(_code_point, text))


def _code_point(match: re.Match[str]) -> str:
    return "<U+007F>" if match[0] == "␡" else f"<U+{ord(match[0]) - 0x2400:04X}>"
