"""Foreign text in HTML and SVG, and our own Markdown as blocks that pages and papers are laid out from."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup, escape

from toolvet.text.escape import UNLINKED, columns_of, is_address, spelled
from toolvet.values import dataclass


def html(text: str) -> Markup:
    """The text for HTML and SVG, in an element or an attribute."""
    return escape(spelled(text))


def _narrowed(parser: MarkdownIt) -> MarkdownIt:
    parser.validateLink = is_address  # type: ignore[method-assign,assignment]  # the library's own way to narrow links
    return parser


_RULES = ("list", "blockquote", "fence", "newline", "backticks", "emphasis", "link", "autolink")
_NOTES = _narrowed(MarkdownIt("zero", {"html": False, "breaks": True}).enable(list(_RULES)))


def note_html(text: str) -> Markup:
    """The note as HTML: paragraphs, lists, emphasis, code, and links to http and https. Tags and images are text."""
    rendered: str = _NOTES.render(spelled(text, keep_line_breaks=True))
    return Markup(rendered)


NOTE = "note"
"""Marks a block of code that holds a note whole; nothing foreign can begin one, for its backticks are escaped."""


class SafeMarkdown(str):
    """Markdown in which everything foreign is escaped; all that is made from it is an ordinary text again."""

    __slots__ = ()


def note_block(text: str) -> SafeMarkdown:
    """A note in our Markdown, to come out of `blocks_of` as it was typed."""
    return SafeMarkdown(f"```{NOTE}\n{b64encode(text.encode(errors='replace')).decode()}\n```")


LONGEST_ADDRESS = 2000
"""Letters that an address may have to be a link; programs that open PDFs take no more."""

Block = dict[str, object]
Run = dict[str, object]

_SHORT, _WIDEST = 12, 40  # columns of letters: up to here a column is as wide as it needs, and beyond no wider


_BODY = _narrowed(MarkdownIt("commonmark", {"html": False}).enable("table").disable("image"))


def blocks_of(markdown: str) -> list[Block]:
    """The blocks of the text, each with its `kind`; what is inside a line as runs of text (see `_runs`)."""
    return [*_blocks(SyntaxTreeNode(_BODY.parse(markdown.replace(UNLINKED, ""))).children)]


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
            case "fence" if node.info == NOTE:
                yield {"kind": "note", "text": b64decode(node.content).decode()}
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


@dataclass(frozen=True, slots=True)
class Illustration:
    """What takes the place of a drawing in letters; `width` is in percent of a page's."""

    svg: Markup
    caption: str
    width: int = 100


def illustrated(blocks: Iterable[Block], drawings: Iterable[Illustration]) -> Iterator[Block]:
    """The blocks with those of code replaced by the drawings, in order."""
    left = iter(drawings)
    for block in blocks:
        drawing = next(left, None) if block["kind"] == "code" else None
        if drawing is None:
            yield block
        else:
            yield {"kind": "drawing", "svg": drawing.svg, "alt": drawing.caption, "width": drawing.width}


def with_first_page(blocks: Sequence[Block], sections: int) -> list[Block]:
    """The blocks with the answer, which comes second, set apart, and a new page after that many sections."""
    headings = [place for place, block in enumerate(blocks) if block.get("level") == 2]
    end = headings[sections] if len(headings) > sections else len(blocks)
    first = [{**block, "kind": "answer"} if place == 1 else block for place, block in enumerate(blocks[:end])]
    return [*first, {"kind": "page"}, *blocks[end:]]


@dataclass(frozen=True, slots=True)
class Section:
    """A second-level heading, the anchor that leads to it, and what stands below it."""

    id: str
    title: str
    blocks: Sequence[Block]


def sections_of(blocks: Iterable[Block]) -> tuple[Section, ...]:
    """The blocks by section, without what stands above the first; every table has a `caption`.

    That is the line in italics right above it, else the heading.
    """
    sections: list[tuple[str, list[Block]]] = []
    heading = ""
    for block in blocks:
        if block["kind"] == "heading":
            heading = plain_text(_runs_of(block))
            if block["level"] == 2:
                sections.append((heading, []))
                continue
        if not sections:
            continue
        own = sections[-1][1]
        if block["kind"] == "table":
            above = _runs_of(own[-1]) if own and own[-1]["kind"] == "paragraph" else []
            is_caption = bool(above) and all(run.get("emphasis") for run in above)
            if is_caption:
                own.pop()
            caption = plain_text(above) if is_caption else heading
            block = {**block, "caption": caption, "caption_repeats": not is_caption}
        own.append(block)
    anchors: list[str] = []
    for title, _ in sections:
        anchor = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")
        anchors.append(f"section-{len(anchors) + 1}" if not anchor or anchor in anchors else anchor)
    return tuple(Section(anchor, *section) for anchor, section in zip(anchors, sections, strict=True))


def _runs_of(block: Block) -> Sequence[Run]:
    runs = block["runs"]
    assert isinstance(runs, list)
    return runs
