"""Foreign text in HTML and SVG."""

from __future__ import annotations

from markupsafe import Markup, escape

from toolvet.report.text import spelled


def html(text: str, *, keep_line_breaks: bool = False) -> Markup:
    """The text for HTML and SVG, in an element or an attribute."""
    return escape(spelled(text, keep_line_breaks=keep_line_breaks))
