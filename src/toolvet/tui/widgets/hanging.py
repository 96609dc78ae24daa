"""Labels with texts beside them, each text wrapped under itself."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

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
