"""A table with a cursor whose first columns stay in place, drawn line by line, and the page around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.geometry import Region, Size
from textual.getters import query_one
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from toolvet.text.escape import plural
from toolvet.tui.kit.content import BAR, HERE, Details, drawn, entitle, in_a_row
from toolvet.values import dataclass

GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column's width, and whether its cells are set to the right."""

    width: int
    is_right: bool = False


class Table:
    """What a grid shows: rows of `lines` lines below a heading of `head`. The first `kept` columns never scroll."""

    def __init__(
        self, row_count: int, columns: Sequence[Column], *, kept: int = 1, lines: int = 1, head: int = 1
    ) -> None:
        self.row_count = row_count
        self.columns = columns
        self.kept = kept
        self.lines = lines
        self.head = head

    def heading(self, column: int) -> Sequence[Content]:
        """At most `head` lines; fewer are set at the bottom."""
        raise NotImplementedError

    def cell(self, row: int, line: int, column: int) -> Content:
        raise NotImplementedError

    def title(self, row: int) -> Content | None:  # noqa: ARG002 - for tables that have titles
        """The words of a row that is a title over the whole width; None for any other row."""
        return None


def seen_columns(table: Table, first: int, width: int) -> list[int]:
    """The columns that fit into the width: those that stay, then the others from `first` on."""
    room = width - 1
    seen: list[int] = []
    for index in (*range(table.kept), *range(max(first, table.kept), len(table.columns))):
        room -= table.columns[index].width + GAP
        if room < -GAP and index >= table.kept:
            break
        seen.append(index)
    return seen


def hidden_columns(table: Table, first: int, width: int) -> tuple[int, int]:
    """How many columns are out of sight at the left and at the right."""
    last = max([*seen_columns(table, first, width)[-1:], table.kept - 1])
    return max(first, table.kept) - table.kept, len(table.columns) - 1 - last


def hidden_words(left: int, right: int) -> str:
    parts = [f"◂ {plural(left, 'column')}"] if left else []
    parts += [f"{plural(right, 'column')} ▸"] if right else []
    return f"{' · '.join(parts)}   (← → to see them)" if parts else ""


def column_at(table: Table, seen: Sequence[int], x: int) -> int | None:
    """The scrolling column at `x`; None behind the last."""
    end = 1
    for index in seen:
        end += table.columns[index].width + GAP
        if x < end:
            return max(index, table.kept)
    return None


def row_near(table: Table, row: int, towards: int) -> int:
    """The row itself, or where it is a title, the nearest row that is none, first in the given direction."""
    if table.row_count == 0:
        return 0
    ways = (range(row, table.row_count), range(row, -1, -1))
    for way in ways if towards > 0 else reversed(ways):
        for at in way:
            if table.title(at) is None:
                return at
    return row


def heading_line(table: Table, y: int, seen: Sequence[int], here: int | None) -> Content:
    """One line of the heading, with the column `here` highlighted."""
    parts = [Content(" ")]
    for index in seen:
        lines = table.heading(index)
        at = y - (table.head - len(lines))
        words = lines[at] if at >= 0 else Content("")
        words = words.stylize_before("bold $text-primary" if index == here else "$text-muted")
        parts.append(fit_cell(words, table.columns[index]))
    return in_a_row(*parts)


def fit_cell(content: Content, column: Column) -> Content:
    """Cut or pad the text to the width of its column, and add the gap."""
    cut = content if content.cell_length <= column.width else content.truncate(column.width, ellipsis=True)
    room = column.width - cut.cell_length
    return cut.pad_left(room).pad_right(GAP) if column.is_right else cut.pad_right(room + GAP)


Follow = Callable[[int, int], None]

HEADING = -1
"""Stands for the heading among the row numbers, which begin at 0."""
HERE_BLURRED = "on $block-cursor-blurred-background"


class TableGrid(ScrollView, can_focus=True):
    """Up and down move the cursor by rows. Left and right move it by cells, or scroll the columns.

    Textual's DataTable has no titles across the columns, and with 45 questions by 200 tools the 95th percentile from
    key to repaint was 1,070 ms, against 104 ms for this grid on the same busy machine (`benchmarks/compare_keys.py`).
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False, id="up"),
        Binding("down", "move(1)", "Down", show=False, id="down"),
        Binding("left", "go_aside(-1)", "Columns left", show=False, id="columns-left"),
        Binding("right", "go_aside(1)", "Columns right", show=False, id="columns-right"),
        Binding("pageup", "move_page(-1)", "Page up", show=False, id="page-up"),
        Binding("pagedown", "move_page(1)", "Page down", show=False, id="page-down"),
        Binding("home", "move(-100000)", "First", show=False, id="first"),
        Binding("end", "move(100000)", "Last", show=False, id="last"),
        Binding("enter", "pick", "Why", show=False, tooltip="What makes the difference to the leader.", id="why"),
    ]

    class Picked(Message):
        """Enter was pressed, or the place under the cursor clicked."""

    def __init__(self, follow: Follow | None = None, *, by_cell: bool = False) -> None:
        """`follow` is called with row and column when the cursor moves, so that all is drawn together."""
        super().__init__()
        self._follow = follow
        self.by_cell = by_cell
        self.row = 0
        self.column = 0
        self._first = 0
        self._table = Table(0, (), kept=0, head=0)
        self._drawn: dict[tuple[int, int, bool], Strip] = {}
        self._drawn_in: tuple[str, Style] | None = None
        self._fitted_to = Size()

    def show(self, table: Table, row: int, column: int = 0) -> None:
        """Show the table with the cursor at that place. The same table is not drawn again."""
        is_new, self._table = table is not self._table, table
        row = row_near(table, max(0, min(row, table.row_count - 1)), 1)
        column = max(table.kept, min(column, len(table.columns) - 1))
        if not is_new:
            self.point(row, column)
            return
        self.row, self.column = row, column
        self._first = max(table.kept, min(self._first, len(table.columns) - 1))
        self._fit()
        self._redraw()

    def on_resize(self, event: events.Resize) -> None:
        if event.size != self._fitted_to:
            self._fitted_to = event.size
            self._fit()
            self._redraw()

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        # Textual draws the scrollbar again after every layout, even where no size changed
        return size != self._size and super()._size_updated(size, virtual_size, container_size, layout)

    def notify_style_update(self) -> None:
        """Draw again in another theme. Most calls are about the focus, which changes nothing here."""
        super().notify_style_update()
        drawn_in = (self.app.theme, self.visual_style)
        if drawn_in != self._drawn_in:
            self._drawn_in = drawn_in
            self._redraw()

    def point(self, row: int, column: int) -> None:
        """Put the cursor there without telling `follow`; draw only what changes."""
        if (row, column) == (self.row, self.column):
            return
        before, is_aside = self.row, column != self.column
        self.row, self.column = row, column
        first, offset = self._first, self.scroll_offset
        self._show_cursor()
        if self._first != first:
            self._redraw()
            return
        if is_aside:
            self._forget(lambda key: key[0] == HEADING)
            self.refresh(Region(0, 0, self.size.width, self._table.head))
        self._draw_cursor()
        if self.scroll_offset == offset:
            self._draw_row(before)

    def action_move(self, by: int) -> None:
        if self._table.row_count == 0:
            return
        target = max(0, min(self.row + by, self._table.row_count - 1))
        self._go_to(row_near(self._table, target, by), self.column)

    def action_move_page(self, by: int) -> None:
        self.action_move(by * max(1, self._room() // self._table.lines - 1))

    def action_go_aside(self, by: int) -> None:
        table = self._table
        if self.by_cell:
            self._go_to(self.row, max(table.kept, min(self.column + by, len(table.columns) - 1)))
            return
        if by < 0 or self._hidden()[1]:
            self._first = max(table.kept, min(self._first + by, len(table.columns) - 1))
            self._redraw()

    @property
    def words(self) -> str:
        """What is under the cursor, to be copied: a cell, or the whole row."""
        table = self._table
        if self.row >= table.row_count:
            return ""
        columns = (self.column,) if self.by_cell else range(len(table.columns))
        cells = (table.cell(self.row, line, column).plain for line in range(table.lines) for column in columns)
        return " ".join(" ".join(cells).split())

    def action_pick(self) -> None:
        if self._table.row_count:
            self.post_message(self.Picked())

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there; a second click on the same place picks it."""
        event.stop()
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self._table.head:
            return
        row = (offset.y - self._table.head + self.scroll_offset.y) // self._table.lines
        if row >= self._table.row_count or self._table.title(row) is not None:
            return
        clicked = column_at(self._table, self._seen(), offset.x) if self.by_cell else None
        column = self.column if clicked is None else clicked
        if (row, column) == (self.row, self.column):
            self.action_pick()
        else:
            self._go_to(row, column)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Leave the styles alone: none depends on the focus, and restyling would draw the scrollbar one frame later."""

    def on_focus(self) -> None:
        self._draw_cursor()

    def on_blur(self) -> None:
        self._draw_cursor()

    def render_line(self, y: int) -> Strip:
        """A line of the heading, of a row, or the note about hidden columns."""
        width, head = self.scrollable_content_region.width, self._table.head
        if width <= 0:
            return Strip.blank(0, self.rich_style)
        if y < head:
            key = (HEADING, y, False)
            if key not in self._drawn:
                here = self.column if self.by_cell else None
                self._drawn[key] = drawn(self, heading_line(self._table, y, self._seen(), here), width)
            return self._drawn[key]
        if y == self.size.height - 1 and any(self._hidden()):
            return drawn(self, Content.styled(f" {hidden_words(*self._hidden())}", "$text-muted"), width)
        row, line = divmod(y - head + self.scroll_offset.y, self._table.lines)
        if row >= self._table.row_count:
            return Strip.blank(width, self.rich_style)
        key = (row, line, row == self.row)
        if key not in self._drawn:
            title = self._table.title(row) if line == 0 else None
            words = self._row_line(row, line, width) if title is None else title
            self._drawn[key] = drawn(self, words, width)
        return self._drawn[key]

    def _redraw(self) -> None:
        self._drawn.clear()
        self.refresh()

    def _forget(self, is_old: Callable[[tuple[int, int, bool]], bool]) -> None:
        self._drawn = {key: strip for key, strip in self._drawn.items() if not is_old(key)}

    def _draw_cursor(self) -> None:
        self._forget(lambda key: key[2])
        self._draw_row(self.row)

    def _draw_row(self, row: int) -> None:
        y = self._table.head + row * self._table.lines - self.scroll_offset.y
        self.refresh(Region(0, y, self.size.width, self._table.lines).intersection(self.size.region))

    def _row_line(self, row: int, line: int, width: int) -> Content:
        table = self._table
        is_here = row == self.row
        parts: list[Content] = []
        for index in self._seen():
            cell = fit_cell(table.cell(row, line, index), table.columns[index])
            if is_here and line == 0 and self.by_cell and index == self.column:
                parts[-1] = parts[-1][:-1]
                cell = in_a_row(self._bar(), cell).stylize_before(self._cursor_style())
            parts.append(cell)
        is_marked = is_here and not self.by_cell and table.cell(row, line, 0 if line == 0 else 1).plain.strip()
        content = in_a_row(self._bar() if is_marked else " ", *parts)
        if is_marked:
            content = content.truncate(width, pad=True).stylize_before(self._cursor_style())
        return content

    def _bar(self) -> Content:
        return Content.styled(BAR, "$primary" if self.has_focus else "$text-muted")

    def _cursor_style(self) -> str:
        return HERE if self.has_focus else HERE_BLURRED

    def _hidden(self) -> tuple[int, int]:
        return hidden_columns(self._table, self._first, self.scrollable_content_region.width)

    def _seen(self) -> list[int]:
        return seen_columns(self._table, self._first, self.scrollable_content_region.width)

    def _room(self) -> int:
        return self.size.height - self._table.head - int(any(self._hidden()))

    def _go_to(self, row: int, column: int) -> None:
        if (row, column) == (self.row, self.column):
            return
        self.point(row, column)
        if self._follow is not None:
            self._follow(row, column)

    def _fit(self) -> None:
        if not self.size.width:
            return
        lines = self._table.head + self._table.row_count * self._table.lines
        size = Size(self.scrollable_content_region.width, lines + int(any(self._hidden())))
        if size != self.virtual_size:
            # A plain assignment would lay out the whole screen again; only the scrollbar needs to know
            self.set_reactive(TableGrid.virtual_size, size)
            self._scroll_update(size)
        self._show_cursor()

    def _show_cursor(self) -> None:
        if not self.size.width:
            return
        if self.by_cell:
            self._first = min(self._first, self.column)
            while self.column not in self._seen() and self._first < self.column:
                self._first += 1
        # Keep the title above its first row in sight
        above = 1 if self.row and self._table.title(self.row - 1) is not None else 0
        top = (self.row - above) * self._table.lines
        height = (1 + above) * self._table.lines
        offset, room = self.scroll_offset.y, max(1, self._room())
        if top < offset:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif top + height > offset + room:
            self.scroll_to(y=top + height - room, animate=False, immediate=True)


def framed(grid: TableGrid) -> Container:
    """The pane around a grid, which shows the focus in its place: the grid leaves its own styles alone."""
    return Container(grid, classes="pane framed")


class TablePage(Container):
    """A grid, and below it the details of what the cursor is on."""

    GRID: ClassVar[type[TableGrid]] = TableGrid
    BY_CELL: ClassVar[bool] = False

    grid = query_one(TableGrid)
    details = query_one(Details)

    def compose(self) -> ComposeResult:
        yield framed(self.GRID(self.follow, by_cell=self.BY_CELL))
        yield Details().add_class("pane")

    def take_focus(self) -> None:
        self.grid.focus()

    def frame(self, title: Content | str, below: Content | str = "") -> None:
        """Put words into the edges of the pane around the grid."""
        entitle(self.query_one(".framed"), title, below)

    def follow(self, row: int, column: int) -> None:
        """Show the details of the place that the cursor moved to."""
        raise NotImplementedError
