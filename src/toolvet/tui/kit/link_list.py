"""Rows of text, some of which lead to a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class PageRow:
    """A text, wrapped `indent` columns in after its first line; `question` is the id of the one it leads to.

    One that `is_drawn`, such as a row of a table, is never wrapped: it is scrolled to where it is wider than the page.
    """

    text: Content
    question: str | None = None
    indent: int = 0
    is_drawn: bool = False


class JumpList(ScrollView, can_focus=True):
    """Up and down go from one row that leads somewhere to the next, and scroll where there is none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("enter,space", "pick", "Go to the question"),
    ]

    class Picked(Message):
        """A row that leads to a question was chosen."""

        def __init__(self, question_id: str) -> None:
            super().__init__()
            self.question_id = question_id

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[PageRow, ...] = ()
        self._lines: list[tuple[int, Content]] = []
        self._at: int | None = None

    def show(self, rows: Sequence[PageRow]) -> None:
        """Show these rows from the top, with the cursor on the first that leads somewhere."""
        self._rows = tuple(rows)
        self._at = next((index for index, row in enumerate(rows) if row.question is not None), None)
        self._lay_out()
        self.scroll_home(animate=False, immediate=True)
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Wrap the rows anew."""
        self._lay_out()

    def action_move(self, by: int) -> None:
        """The next row that leads somewhere, if it is near enough to be seen; else scroll."""
        targets = [index for index, row in enumerate(self._rows) if row.question is not None]
        ahead = [index for index in targets if self._at is not None and (index - self._at) * by > 0]
        target = (ahead[0] if by > 0 else ahead[-1]) if ahead else None
        if target is None or not self._is_near(target):
            self.scroll_relative(y=by, animate=False, immediate=True)
            return
        self._at = target
        self._show_cursor()
        self.refresh()

    def action_pick(self) -> None:
        """Go where the row under the cursor leads."""
        question = None if self._at is None else self._rows[self._at].question
        if question is not None:
            self.post_message(self.Picked(question))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Where no row leads anywhere there is nothing to go to."""
        return None if action == "pick" and self._at is None else True

    def on_click(self, event: events.Click) -> None:
        """Go where the row that was clicked leads."""
        event.stop()
        offset = event.get_content_offset(self)
        y = -1 if offset is None else offset.y + self.scroll_offset.y
        if 0 <= y < len(self._lines) and self._rows[self._lines[y][0]].question is not None:
            self._at = self._lines[y][0]
            self.refresh()
            self.action_pick()

    def render_line(self, y: int) -> Strip:
        """One line."""
        at, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if at >= len(self._lines) or width <= 0:
            return Strip.blank(width, self.rich_style)
        index, content = self._lines[at]
        if index == self._at:
            is_first = at == 0 or self._lines[at - 1][0] != index
            content = Content("▸" if is_first else " ") + content[1:]
            content = content.pad_right(max(0, width - content.cell_length)).stylize_before("on $primary 25%")
        whole = max(width, self.virtual_size.width)
        strips = Visual.to_strips(self, content, whole, 1, self.visual_style, pad=True)
        left = self.scroll_offset.x
        return strips[0].crop(left, left + width) if strips else Strip.blank(width, self.rich_style)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        self._lines = [(index, line) for index, row in enumerate(self._rows) for line in _wrapped(row, width)]
        self.virtual_size = Size(max(width, *self._drawn_widths()), len(self._lines))
        self.refresh()

    def _drawn_widths(self) -> tuple[int, ...]:
        return (0, *(row.text.cell_length for row in self._rows if row.is_drawn))

    def _span(self, index: int) -> tuple[int, int]:
        own = [at for at, (row, _) in enumerate(self._lines) if row == index]
        return own[0], len(own)

    def _is_near(self, index: int) -> bool:
        start, height = self._span(index)
        top = self.scroll_offset.y
        return top - 3 <= start and start + height <= top + self.size.height + 3

    def _show_cursor(self) -> None:
        if self._at is not None:
            start, height = self._span(self._at)
            self.scroll_to_region(Region(0, max(0, start - 1), 1, height + 2), animate=False, immediate=True)


def _wrapped(row: PageRow, width: int) -> list[Content]:
    if row.is_drawn:
        return [row.text]
    first, *rest = row.text.wrap(width) or [Content("")]
    if not rest or not row.indent:
        return [first, *rest]
    behind = row.text[len(first.plain) :]
    stripped = len(behind.plain) - len(behind.plain.lstrip(" "))
    return [first, *(Content(" " * row.indent) + line for line in behind[stripped:].wrap(max(8, width - row.indent)))]


def heading(words: str) -> Content:
    """Words above what they are about."""
    return Content.styled(words, "bold")


def quiet(words: str) -> PageRow:
    """An explanation."""
    return PageRow(Content.styled(f"   {words}", "$text-muted"), indent=3)


def blank() -> PageRow:
    """An empty line."""
    return PageRow(Content(""))


class PageTabs(Widget):
    """One line: "1 Verdict  2 Must-haves". The open one stands in brackets, so that it shows without colour.

    Where they do not fit, the names stand one blank apart instead of two.
    """

    class Chosen(Message):
        """A name was clicked."""

        def __init__(self, page: int) -> None:
            super().__init__()
            self.page = page

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._names = names
        self._page = 0

    def show(self, page: int) -> None:
        """Mark that page as the open one."""
        self._page = page
        self.refresh()

    def add(self, name: str) -> None:
        """One page more, the last."""
        self._names += (name,)
        self.refresh()

    def render(self) -> Content:
        """The names."""
        return Content("").join([self._tab(page) for page in range(len(self._names))])

    def on_click(self, event: events.Click) -> None:
        """Choose the name that was clicked."""
        event.stop()
        end = 0
        for page in range(len(self._names)):
            end += self._tab(page).cell_length
            if event.x < end:
                self.post_message(self.Chosen(page))
                return

    def _tab(self, page: int) -> Content:
        name = f"{page + 1} {self._names[page]}"
        if page == self._page:
            return Content.styled(f"[{name}]", "bold $text-primary")
        return Content.styled(f" {name}{self._gap}", "$text-muted")

    @property
    def _gap(self) -> str:
        """What follows a name, where there is room for it."""
        wide = sum(len(f" {page} {name} ") for page, name in enumerate(self._names, 1))
        return " " if wide <= self.size.width else ""
