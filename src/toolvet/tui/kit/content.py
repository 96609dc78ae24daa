"""Foreign text on the screen: never markup, never control codes."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from toolvet.text.escape import one_line, visible


def shown(foreign: str, style: str = "") -> Content:
    """The text exactly as typed, in one style, with control characters made visible; line breaks stay."""
    return _styled(visible(foreign, keep_line_breaks=True), style)


def on_one_line(foreign: str, style: str = "") -> Content:
    """The same on one line: line breaks become spaces."""
    return _styled(one_line(foreign), style)


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


LABEL_WIDTH = 10

Entry = tuple[str, Content]


def hanging(entries: Sequence[Entry], width: int, label_width: int = LABEL_WIDTH) -> list[Content]:
    """Rows of at most that width; labels are our own words, texts are safe already."""
    rows: list[Content] = []
    for label, text in entries:
        wrapped = text.wrap(max(8, width - label_width)) or [Content("")]
        rows.append(Content.styled(f"{label:<{label_width}}", "$text-secondary") + wrapped[0])
        rows += [Content(" " * label_width) + row for row in wrapped[1:]]
    return rows


class Hanging(Widget):
    """Such rows, as wide as there is room."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._entries: tuple[Entry, ...] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these entries."""
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        # laying out the whole screen again is what takes time; it is needed where the height changes
        self.refresh(layout=len(hanging(entries, self.size.width)) != self.size.height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        """As many rows as the wrapped texts take."""
        return len(hanging(self._entries, width))

    def render(self) -> Content:
        """The rows."""
        return Content("\n").join(hanging(self._entries, self.size.width))
