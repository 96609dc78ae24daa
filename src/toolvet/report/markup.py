"""Foreign text in HTML and SVG."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from toolvet.text.escape import is_address, spelled


def html(text: str, *, keep_line_breaks: bool = False) -> Markup:
    """The text for HTML and SVG, in an element or an attribute."""
    return escape(spelled(text, keep_line_breaks=keep_line_breaks))


_RULES = ("list", "blockquote", "fence", "newline", "backticks", "emphasis", "link", "autolink")


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True}).enable(list(_RULES))
    parser.validateLink = is_address  # type: ignore[method-assign,assignment]  # the library's own way to narrow links
    return parser


_PARSER = _make_parser()


def note_html(text: str) -> Markup:
    """The note as HTML: paragraphs, lists, emphasis, code, and links to http and https. Tags and images are text."""
    rendered: str = _PARSER.render(spelled(text, keep_line_breaks=True))
    return Markup(rendered)
