"""Foreign text on the screen, which is never markup or a control code, and widgets that wrap it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from toolvet.text.escape import one_line, visible


def shown(foreign: str, style: str = "") -> Content:
    """The text as typed, in one style, with control characters made visible. Line breaks stay."""
    return _styled(visible(foreign, keep_line_breaks=True), style)


def on_one_line(foreign: str, style: str = "") -> Content:
    """As `shown`, with line breaks turned into spaces."""
    return _styled(one_line(foreign), style)


def in_a_row(*parts: Content | str) -> Content:
    """The parts one after the other. A plain string is text, never markup."""
    return Content.assemble(*(_as_content(part) for part in parts))


def below_each_other(*parts: Content | str) -> Content:
    """Each part on a line of its own."""
    return Content("\n").join(_as_content(part) for part in parts)


def drawn(widget: Widget, line: Content, width: int) -> Strip:
    """Draw one line of a widget whose text cannot be selected with the mouse.

    Textual's own way records the place of every piece for selection, which takes six times as long.
    """
    return Strip(line.truncate(width, pad=True).render_segments(widget.visual_style), width)


def _as_content(part: Content | str) -> Content:
    return shown(part) if isinstance(part, str) else part


def _styled(safe: str, style: str) -> Content:
    return Content.styled(safe, style) if style else Content(safe)


LABEL_WIDTH = 10

Entry = tuple[str, Content]


def hanging(entries: Sequence[Entry], width: int, label_width: int = LABEL_WIDTH) -> list[Content]:
    """Wrap texts to that width, with the labels in a column of their own. Labels are our words; texts are safe."""
    rows: list[Content] = []
    for label, text in entries:
        wrapped = text.wrap(max(8, width - label_width)) or [Content("")]
        rows.append(Content.styled(f"{label:<{label_width}}", "$text-secondary") + wrapped[0])
        rows += [Content(" " * label_width) + row for row in wrapped[1:]]
    return rows


class Hanging(Widget):
    """Labelled texts, wrapped to the width of the widget."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._entries: tuple[Entry, ...] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        # laying out the whole screen again is what takes time, and only a change of height needs it
        self.refresh(layout=len(hanging(entries, self.size.width)) != self.size.height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        return len(hanging(self._entries, width))

    def render(self) -> Content:
        return Content("\n").join(hanging(self._entries, self.size.width))


class Details(Widget):
    """Wrapped paragraphs, cut at the end where there is no room for all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._paragraphs: tuple[Content, ...] = ()

    def show(self, paragraphs: Iterable[Content]) -> None:
        before, self._paragraphs = self._paragraphs, tuple(paragraphs)
        is_same = len(before) == len(self._paragraphs) and all(map(Content.is_same, before, self._paragraphs))
        if not is_same:
            self.refresh()

    def render(self) -> Content:
        width, height = self.size.width, self.size.height
        lines = [line for paragraph in self._paragraphs for line in (paragraph.wrap(max(1, width)) or [Content("")])]
        if len(lines) > height > 0:
            cut = lines[height - 1].truncate(max(1, width - 2)).rstrip()
            lines = [*lines[: height - 1], in_a_row(cut, Content.styled(" …", "$text-muted"))]
        return Content("\n").join(lines)
