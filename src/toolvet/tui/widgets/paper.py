"""A report in Markdown as one page of text.

Textual's Markdown widget makes a widget of every paragraph and cell, which takes seconds for a report; Rich lays the
whole of it out in a fifth of one. Styles are without colour: every ground of both themes carries them.
"""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown
from rich.theme import Theme

STYLES = Theme(
    {
        "markdown.h1": "bold",
        "markdown.h1.border": "none",
        "markdown.h2": "bold underline",
        "markdown.h3": "bold",
        "markdown.h4": "italic",
        "markdown.code": "bold",
        "markdown.code_block": "none",
        "markdown.block_quote": "italic",
        "markdown.item.bullet": "bold",
        "markdown.item.number": "bold",
        "markdown.hr": "none",
        "markdown.link": "underline",
        "markdown.link_url": "underline",
        "markdown.table.border": "none",
        "markdown.table.header": "bold",
    }
)


class Paper:
    """The page; its text is Markdown in which everything foreign is escaped already."""

    def __init__(self, text: str) -> None:
        self._markdown = Markdown(text, hyperlinks=False, code_theme="ansi_dark")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with console.use_theme(STYLES):
            yield from console.render(self._markdown, options)
