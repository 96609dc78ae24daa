"""Foreign text on the screen: never markup, never control codes."""

from __future__ import annotations

from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from toolvet.report import text


def shown(foreign: str, style: str = "") -> Content:
    """The text exactly as typed, in one style, with control characters made visible; line breaks stay."""
    return _styled(text.visible(foreign, keep_line_breaks=True), style)


def on_one_line(foreign: str, style: str = "") -> Content:
    """The same on one line: line breaks become spaces."""
    return _styled(text.one_line(foreign), style)


def in_a_row(*parts: Content | str) -> Content:
    """Parts in a row. A plain string is no markup either."""
    return Content.assemble(*(_as_content(part) for part in parts))


def below_each_other(*parts: Content | str) -> Content:
    """Parts on a line each."""
    return Content("\n").join(_as_content(part) for part in parts)


def drawn(widget: Widget, line: Content, width: int) -> Strip:
    """That line as it is drawn, for a widget whose text cannot be marked with the mouse.

    Textual's own way notes for each piece where it stands, for the sake of marking, and takes six times as long.
    """
    return Strip(line.truncate(width, pad=True).render_segments(widget.visual_style), width)


def _as_content(part: Content | str) -> Content:
    return shown(part) if isinstance(part, str) else part


def _styled(safe: str, style: str) -> Content:
    return Content.styled(safe, style) if style else Content(safe)
