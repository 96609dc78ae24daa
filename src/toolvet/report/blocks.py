"""A report in Markdown as plain values: headings, paragraphs, lists, tables, for what is laid out by another program.

What comes out is text and nothing else: whoever lays it out has no markup to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from toolvet.report.text import columns_of, is_address

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
