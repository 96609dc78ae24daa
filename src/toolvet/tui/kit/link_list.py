"""Pages of text in which some rows lead to a question, and the tabs above them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
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

from toolvet.tui.kit.content import in_a_row, shown, under_cursor
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class PageRow:
    """A text whose wrapped lines are indented by `indent`. `question` is the id of the question it leads to.

    A row that `is_drawn`, such as one of a table, is never wrapped; where it is too wide, the page scrolls sideways.
    """

    text: Content
    question: str | None = None
    indent: int = 0
    is_drawn: bool = False


class JumpList(ScrollView, can_focus=True):
    """Up and down go to the next row that leads somewhere, or scroll where none is near.

    Textual's OptionList would jump over the text between two such rows, and nobody could read what is off the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False, id="up"),
        Binding("down", "move(1)", "Down", show=False, id="down"),
        Binding("pageup", "move_page(-1)", "Page up", show=False, id="page-up"),
        Binding("pagedown", "move_page(1)", "Page down", show=False, id="page-down"),
        Binding("home", "move_page(-100000)", "First", show=False, id="first"),
        Binding("end", "move_page(100000)", "Last", show=False, id="last"),
        Binding("enter", "pick", "Question", tooltip="Go to the question.", id="go-to-the-question"),
    ]

    class Picked(Message):
        """A row that leads to a question was chosen."""

        def __init__(self, question_id: str) -> None:
            super().__init__()
            self.question_id = question_id

    def __init__(self) -> None:
        super().__init__(classes="pane")
        self._rows: tuple[PageRow, ...] = ()
        self._lines: list[tuple[int, Content]] = []
        self._at: int | None = None

    @property
    def at(self) -> int | None:
        """The row of the cursor."""
        return self._at

    @at.setter
    def at(self, at: int | None) -> None:
        if at is not None and at < len(self._rows) and self._rows[at].question is not None:
            self._at = at
            self._show_cursor()
            self.refresh()

    @property
    def words(self) -> str:
        """The text under the cursor; empty on a page without one."""
        return "" if self._at is None else " ".join(self._rows[self._at].text.plain.split()).removeprefix("· ")

    def show(self, rows: Sequence[PageRow]) -> None:
        """Show these rows from the top, with the cursor on the first one that leads somewhere."""
        self._rows = tuple(rows)
        self._at = next((index for index, row in enumerate(rows) if row.question is not None), None)
        self._lay_out()
        self.scroll_home(animate=False, immediate=True)
        self.refresh_bindings()

    def on_resize(self) -> None:
        self._lay_out()

    def action_move(self, by: int) -> None:
        targets = [index for index, row in enumerate(self._rows) if row.question is not None]
        ahead = [index for index in targets if self._at is not None and (index - self._at) * by > 0]
        target = (ahead[0] if by > 0 else ahead[-1]) if ahead else None
        if target is None or not self._is_near(target):
            self.scroll_relative(y=by, animate=False, immediate=True)
            return
        self._at = target
        self._show_cursor()
        self.refresh()

    def action_move_page(self, by: int) -> None:
        """Scroll by pages; the cursor comes along, to the last row there is or the first one in sight."""
        height = self.scrollable_content_region.height
        self.scroll_relative(y=by * max(1, height - 2), animate=False, immediate=True)
        top = self.scroll_offset.y
        seen = [index for index, _ in self._lines[top : top + height] if self._rows[index].question is not None]
        if seen:
            self._at = seen[-1] if by > 0 and top >= self.max_scroll_y else seen[0]
            self.refresh()

    def action_pick(self) -> None:
        question = None if self._at is None else self._rows[self._at].question
        if question is not None:
            self.post_message(self.Picked(question))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        return None if action == "pick" and self._at is None else True

    def on_click(self, event: events.Click) -> None:
        event.stop()
        offset = event.get_content_offset(self)
        y = -1 if offset is None else offset.y + self.scroll_offset.y
        if 0 <= y < len(self._lines) and self._rows[self._lines[y][0]].question is not None:
            self._at = self._lines[y][0]
            self.refresh()
            self.action_pick()

    def render_line(self, y: int) -> Strip:
        at, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if at >= len(self._lines) or width <= 0:
            return Strip.blank(width, self.rich_style)
        index, content = self._lines[at]
        if index == self._at:
            content = under_cursor(content, width, has_focus=self.has_focus)
        whole = max(width, self.virtual_size.width)
        strips = Visual.to_strips(self, content, whole, 1, self.visual_style, pad=True)
        left = self.scroll_offset.x
        return strips[0].crop(left, left + width) if strips else Strip.blank(width, self.rich_style)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        lines = self._lines_of(width)
        if len(lines) > self.scrollable_content_region.height:
            # the bar comes once these lines are there, and no event with it; a cell stays free before it
            lines = self._lines_of(width - 1 - (0 if self.show_vertical_scrollbar else self.scrollbar_size_vertical))
        self._lines = lines
        drawn_widths = (row.text.cell_length for row in self._rows if row.is_drawn)
        self.virtual_size = Size(max(width, *drawn_widths, 0), len(self._lines))
        self.refresh()

    def _lines_of(self, width: int) -> list[tuple[int, Content]]:
        return [(index, line) for index, row in enumerate(self._rows) for line in _wrapped(row, width)]

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
    stripped = len(behind.plain) - len(behind.plain.lstrip(" \n"))
    return [first, *(Content(" " * row.indent) + line for line in behind[stripped:].wrap(max(8, width - row.indent)))]


def strong(words: str) -> Content:
    return Content.styled(words, "bold")


def quiet(words: str) -> PageRow:
    """An explanation, muted and indented."""
    return PageRow(Content.styled(f"   {words}", "$text-muted"), indent=3)


def line(*parts: Content | str, indent: int = 1) -> PageRow:
    """A row that leads nowhere, indented as a whole."""
    return PageRow(in_a_row(" " * indent, *parts), indent=indent)


def quiet_line(words: str) -> PageRow:
    return line(shown(words, "$text-muted"))


def title_line(words: str) -> PageRow:
    return line(Content.styled(words, "bold"))


def blank() -> PageRow:
    return PageRow(Content(""))


def page_bindings(names: Sequence[str], *, by_arrows: bool = False) -> list[BindingType]:
    """A digit for each page, and tab and shift+tab, for a screen with `action_turn_to` and `action_turn`.

    Left and right turn `by_arrows` too, where nothing else needs them.
    """
    digits = (
        Binding(
            str(number), f"turn_to({number - 1})", name, show=False, tooltip="Go to this page.", id=f"page-{number}"
        )
        for number, name in enumerate(names, 1)
    )
    forth, back = ("tab,right", "shift+tab,left") if by_arrows else ("tab", "shift+tab")
    tooltip = "Digits open a page directly."
    return [
        *digits,
        Binding(forth, "turn(1)", "Next page", key_display="tab", tooltip=tooltip, id="next-page"),
        Binding(back, "turn(-1)", "Previous page", show=False, id="previous-page"),
    ]


class PageTabs(Widget):
    """One line: "1 Verdict   2 Must-haves 21/21". The open page is a chip on a ground of its own.

    Textual's Tabs takes two lines and the focus, and shows the open page by colour alone.
    """

    DEFAULT_CSS = "PageTabs { height: 1; }"

    class Chosen(Message):
        def __init__(self, page: int) -> None:
            super().__init__()
            self.page = page

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._names = names
        self._counts: tuple[str, ...] = ()
        self._page = 0

    def show(self, page: int) -> None:
        self._page = page
        self.refresh()

    def count(self, counts: Sequence[str]) -> None:
        """Show these behind the names, where there is room for all of them."""
        if tuple(counts) != self._counts:
            self._counts = tuple(counts)
            self.refresh()

    def add(self, name: str) -> None:
        """Add a page at the end."""
        self._names += (name,)
        self.refresh()

    def render(self) -> Content:
        chip = "reverse bold" if self.app.no_color else "bold $text-primary on $block-cursor-background"
        content, gap = Content("").join([Content.styled(f" {tab}", "$text-muted") for tab, _ in self._tabs()]), 0
        content = content.pad_right(1)
        end = 0
        for page, (tab, gap) in enumerate(self._tabs()):
            start, end = end, end + 1 + len(tab)
            if page == self._page:
                content = content.stylize(chip, start, end + 1 - gap)
        return content

    def on_click(self, event: events.Click) -> None:
        event.stop()
        end = 0
        for page, (tab, _) in enumerate(self._tabs()):
            end += 1 + len(tab)
            if event.x < end:
                self.post_message(self.Chosen(page))
                return

    def _tabs(self) -> list[tuple[str, int]]:
        """The words of each page padded by the blanks behind it, and how many those are.

        Where they do not all fit, the longest lose their names, but not the open page.
        """
        plain = [f"{number} {name}" for number, name in enumerate(self._names, 1)]
        counted = [f"{name} {count}".rstrip() for name, count in zip_longest(plain, self._counts, fillvalue="")]
        room = self.size.width - 1
        ways = [(counted, 2), (counted, 1), (plain, 2), (plain, 1), (plain, 0)]
        short = list(plain)
        for at in sorted(set(range(len(plain))) - {self._page}, key=lambda at: -len(plain[at])):
            short[at] = f"{at + 1}"
            ways.append((list(short), 0))
        for names, gap in ways:
            if sum(len(name) + 1 + gap for name in names) - gap <= room:
                break
        return [(name + " " * gap, gap) for name in names]
