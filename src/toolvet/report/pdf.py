"""The report as PDF, laid out by Typst; all that it says goes there as data and never as markup."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from toolvet.errors import UsageError
from toolvet.report.approval.document import Document
from toolvet.report.charts_svg import ranges_svg
from toolvet.report.environments import TEMPLATES, one_map_svg
from toolvet.report.formats import ReportFormat, markdown_report, requester_report
from toolvet.text.escape import columns_of, is_address

LONGEST_ADDRESS = 2000
"""Letters that an address may have to be a link; programs that open PDFs take no more."""

Block = dict[str, object]
Run = dict[str, object]

_SHORT, _WIDEST = 12, 40  # columns of letters: up to here a column is as wide as it needs, and beyond no wider


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.validateLink = is_address  # type: ignore[method-assign,assignment]  # the library's own way to narrow links
    return parser


_PARSER = _make_parser()


def blocks_of(markdown: str) -> list[Block]:
    """The blocks of the text, each with its `kind`; what is inside a line as runs of text (see `_runs`)."""
    return [*_blocks(SyntaxTreeNode(_PARSER.parse(markdown)).children)]


def plain_text(runs: Sequence[Run]) -> str:
    """The words of the runs alone."""
    return "".join(str(run.get("text", " ")) for run in runs)


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Block]:
    for node in nodes:
        match node.type:
            case "heading":
                yield {"kind": "heading", "level": int(node.tag[1:]), "runs": _inside(node)}
            case "paragraph":
                yield {"kind": "paragraph", "runs": _inside(node)}
            case "bullet_list" | "ordered_list":
                items = [[*_blocks(item.children)] for item in node.children]
                start = int(node.attrs.get("start", 1))
                yield {"kind": "list", "ordered": node.type == "ordered_list", "start": start, "items": items}
            case "blockquote":
                yield {"kind": "quote", "blocks": [*_blocks(node.children)]}
            case "fence" | "code_block":
                yield {"kind": "code", "text": node.content.rstrip("\n")}
            case "table":
                yield _table(node)
            case "hr":
                yield {"kind": "rule"}
            case _:
                yield {"kind": "paragraph", "runs": [{"kind": "text", "text": node.content}]}


def _table(node: SyntaxTreeNode) -> Block:
    """Rows of cells; `widths` are shares of what is left of the width, 0 for a column as wide as its longest cell."""
    rows = [row for part in node.children for row in part.children]
    cells = [[_inside(cell) for cell in row.children] for row in rows]
    head = rows[0].children
    longest = [max(columns_of(plain_text(row[place])) for row in cells) for place in range(len(head))]
    widths = [0 if width <= _SHORT else min(width, _WIDEST) for width in longest]
    ends = ["right" if "right" in str(cell.attrs.get("style", "")) else "left" for cell in head]
    has_head = any(cells[0])
    return {"kind": "table", "widths": widths, "align": ends, "head": cells[0] if has_head else [], "rows": cells[1:]}


def _inside(node: SyntaxTreeNode) -> list[Run]:
    inline = next((child for child in node.children if child.type == "inline"), None)
    return [] if inline is None else [*_runs(inline.children, {})]


def _runs(nodes: Sequence[SyntaxTreeNode], style: Run) -> Iterator[Run]:
    """Text with what holds for it: `strong`, `emphasis`, `code`, `link` (http and https only); and line breaks."""
    for node in nodes:
        match node.type:
            case "strong":
                yield from _runs(node.children, {**style, "strong": True})
            case "em":
                yield from _runs(node.children, {**style, "emphasis": True})
            case "link" if len(str(node.attrs["href"])) <= LONGEST_ADDRESS:
                yield from _runs(node.children, {**style, "link": str(node.attrs["href"])})
            case "code_inline":
                yield {"kind": "text", "text": node.content, **style, "code": True}
            case "hardbreak":
                yield {"kind": "break"}
            case "softbreak":
                yield {"kind": "text", "text": " ", **style}
            case _ if node.children:
                yield from _runs(node.children, style)
            case _:
                yield {"kind": "text", "text": node.content, **style}


NO_TYPST = (
    "a PDF needs the package typst (toolvet's extra pdf): install it where toolvet is, with pip install typst; the "
    "HTML report prints well, too"
)
_LONGEST_FOOTER = 90
_PICTURE = re.compile("[\u2400-\u2421]")
_NO_LETTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def pdf_report(document: Document) -> bytes:
    """The whole report, its first page by itself. UsageError where the extra is not installed."""
    blocks = [*_with_drawings(blocks_of(markdown_report(document)), document)]
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


def _with_drawings(blocks: list[Block], document: Document) -> Iterator[Block]:
    """The blocks with our two drawings of letters drawn by lines: the ranges, and the map where there is one."""
    ranges = (*document.criteria, document.overall)
    drawings = [(str(ranges_svg(ranges, "Score ranges")), "Score ranges; the table has the figures.", 100)]
    if document.map is not None:
        drawings.append(
            (str(one_map_svg(document.map, document.subject)), "Sweet-spot map; the text has the figures.", 50)
        )
    for block in blocks:
        if block["kind"] == "code" and drawings:
            svg, words, width = drawings.pop(0)
            yield {"kind": "drawing", "svg": svg, "alt": words, "width": width}
        else:
            yield block


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
