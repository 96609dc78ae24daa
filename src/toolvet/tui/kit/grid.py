"""A table whose first columns stay where they are while the others move past, drawn line by line as it is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from toolvet.text.escape import plural
from toolvet.tui.kit.content import drawn, in_a_row

GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """How wide a column is, and to which side its cells are set."""

    width: int
    is_right: bool = False


class Table(Protocol):
    """What a grid shows. A row has `lines` lines, the heading `head`; the first `kept` columns stay at the left."""

    @property
    def head(self) -> int: ...

    @property
    def columns(self) -> Sequence[Column]: ...

    @property
    def kept(self) -> int: ...

    @property
    def lines(self) -> int: ...

    @property
    def row_count(self) -> int: ...

    def heading(self, column: int) -> Sequence[Content]:
        """At most `head` lines above that column; fewer stand at the bottom."""
        ...

    def cell(self, row: int, line: int, column: int) -> Content:
        """What stands there; an empty text where nothing does."""
        ...

    def title(self, row: int) -> Content | None:
        """The words of a row that is a heading over the whole width; None for any other."""
        ...


def seen_columns(table: Table, first: int, width: int) -> list[int]:
    """The columns that fit in that width: those that stay, then the others from `first` on."""
    room = width - 1
    seen: list[int] = []
    for index in (*range(table.kept), *range(max(first, table.kept), len(table.columns))):
        room -= table.columns[index].width + GAP
        if room < -GAP and index >= table.kept:
            break
        seen.append(index)
    return seen


def hidden_columns(table: Table, first: int, width: int) -> tuple[int, int]:
    """How many are out of sight at the left and at the right."""
    last = max([*seen_columns(table, first, width)[-1:], table.kept - 1])
    return max(first, table.kept) - table.kept, len(table.columns) - 1 - last


def hidden_words(hidden: tuple[int, int]) -> str:
    """The same in words; empty where none is."""
    left, right = hidden
    parts = [f"◂ {plural(left, 'column')}"] if left else []
    parts += [f"{plural(right, 'column')} ▸"] if right else []
    return f"{' · '.join(parts)}   (← → to see them)" if parts else ""


def column_at(table: Table, seen: Sequence[int], x: int) -> int | None:
    """The column, of those that move, at that place on the line; None behind the last."""
    end = 1
    for index in seen:
        end += table.columns[index].width + GAP
        if x < end:
            return max(index, table.kept)
    return None


def row_near(table: Table, row: int, towards: int) -> int:
    """That row, or where it is a title the next in that direction that is none, else the next in the other."""
    if table.row_count == 0:
        return 0
    ways = (range(row, table.row_count), range(row, -1, -1))
    for way in ways if towards > 0 else reversed(ways):
        for at in way:
            if table.title(at) is None:
                return at
    return row


def heading_line(table: Table, y: int, seen: Sequence[int], here: int | None) -> Content:
    """A line of the heading, the column `here` marked."""
    parts = [Content(" ")]
    for index in seen:
        lines = table.heading(index)
        at = y - (table.head - len(lines))
        words = lines[at] if at >= 0 else Content("")
        words = words.stylize_before("bold $text-primary" if index == here else "$text-muted")
        parts.append(fitted(words, table.columns[index]))
    return in_a_row(*parts)


def fitted(content: Content, column: Column) -> Content:
    """The text in the column's width, with the gap behind it."""
    cut = content if content.cell_length <= column.width else content.truncate(column.width, ellipsis=True)
    room = column.width - cut.cell_length
    return cut.pad_left(room).pad_right(GAP) if column.is_right else cut.pad_right(room + GAP)


Follow = Callable[[int, int], None]

HEADING = -1
"""The heading, where rows are counted from 0."""
HERE = "on $block-cursor-background"
HERE_BLURRED = "on $block-cursor-blurred-background"


class CompareGrid(ScrollView, can_focus=True):
    """Up and down move the cursor by rows; left and right by columns, of cells or, without those, of what is seen."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("left", "go_aside(-1)", "Columns left", show=False, tooltip="Move to the columns at the left."),
        Binding("right", "go_aside(1)", "Columns right", show=False, tooltip="Move to the columns at the right."),
        Binding("pageup", "move_page(-1)", "A page up", show=False),
        Binding("pagedown", "move_page(1)", "A page down", show=False),
        Binding("home", "move(-100000)", "First", show=False),
        Binding("end", "move(100000)", "Last", show=False),
        Binding("enter", "pick", "Why", show=False, tooltip="What makes the difference to the leader."),
    ]

    class Picked(Message):
        """Enter was pressed, or the row under the cursor clicked."""

        def __init__(self, grid: CompareGrid) -> None:
            super().__init__()
            self.grid = grid

    def __init__(self, follow: Follow | None = None, *, by_cell: bool = False) -> None:
        """`follow` is called with row and column where the cursor moved: what goes with it is drawn with it."""
        super().__init__()
        self._follow = follow
        self.by_cell = by_cell
        self.row = 0
        self.column = 0
        self._first = 0
        self._table: Table | None = None
        self._drawn: dict[tuple[int, int, bool], Strip] = {}
        self._drawn_in: tuple[str, Style] | None = None
        self._fitted_to = Size()

    def show(self, table: Table, row: int, column: int = 0) -> None:
        """Show that table with the cursor there; a table that is shown already is not drawn anew."""
        is_new, self._table = table is not self._table, table
        row = row_near(table, max(0, min(row, table.row_count - 1)), 1)
        column = max(table.kept, min(column, len(table.columns) - 1))
        if not is_new:
            self.point(row, column)
            return
        self.row, self.column = row, column
        self._first = max(table.kept, min(self._first, len(table.columns) - 1))
        self._fit()
        self._draw_anew()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        if event.size != self._fitted_to:
            self._fitted_to = event.size
            self._fit()
            self._draw_anew()

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        # Textual's draws the scrollbar a second time after every layout, also where nothing became larger or smaller
        return size != self._size and super()._size_updated(size, virtual_size, container_size, layout)

    def notify_style_update(self) -> None:
        """Draw anew in another theme. Most of the time it is only the focus that came or went."""
        super().notify_style_update()
        drawn_in = (self.app.theme, self.visual_style)
        if drawn_in != self._drawn_in:
            self._drawn_in = drawn_in
            self._draw_anew()

    def point(self, row: int, column: int) -> None:
        """Put the cursor there without a message; only what changes is drawn."""
        if (row, column) == (self.row, self.column):
            return
        before, is_aside = self.row, column != self.column
        self.row, self.column = row, column
        first, offset = self._first, self.scroll_offset
        self._show_cursor()
        if self._first != first:
            self._draw_anew()
            return
        if is_aside:
            self._forget(lambda key: key[0] == HEADING)
            self.refresh(Region(0, 0, self.size.width, self._head()))
        self._draw_cursor()
        if self.scroll_offset == offset:
            self._draw_row(before)

    def action_move(self, by: int) -> None:
        """Move the cursor by so many rows."""
        if self._table is None or self._table.row_count == 0:
            return
        target = max(0, min(self.row + by, self._table.row_count - 1))
        self._go_to(row_near(self._table, target, by), self.column)

    def action_move_page(self, by: int) -> None:
        """Move the cursor by as many rows as are seen."""
        lines = 1 if self._table is None else self._table.lines
        self.action_move(by * max(1, self._room() // lines - 1))

    def action_go_aside(self, by: int) -> None:
        """Move the cursor by a column, or, where it has none, what is seen."""
        table = self._table
        if table is None:
            return
        if self.by_cell:
            self._go_to(self.row, max(table.kept, min(self.column + by, len(table.columns) - 1)))
            return
        if by < 0 or self._hidden()[1]:
            self._first = max(table.kept, min(self._first + by, len(table.columns) - 1))
            self._draw_anew()

    def action_pick(self) -> None:
        """Say that the cursor's place was chosen."""
        if self._table is not None and self._table.row_count:
            self.post_message(self.Picked(self))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked; a second click there chooses."""
        event.stop()
        offset = event.get_content_offset(self)
        if self._table is None or offset is None or offset.y < self._head():
            return
        row = (offset.y - self._head() + self.scroll_offset.y) // self._table.lines
        if row >= self._table.row_count or self._table.title(row) is not None:
            return
        clicked = column_at(self._table, self._seen(), offset.x) if self.by_cell else None
        column = self.column if clicked is None else clicked
        if (row, column) == (self.row, self.column):
            self.action_pick()
        else:
            self._go_to(row, column)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Leave the styles as they are: none depends on the focus, and a scrollbar styled anew comes a frame later."""

    def on_focus(self) -> None:
        """Draw the cursor as the one that moves."""
        self._draw_cursor()

    def on_blur(self) -> None:
        """Draw the cursor as a mere mark."""
        self._draw_cursor()

    def render_line(self, y: int) -> Strip:
        """One line: of the heading, of a row, or the note on what is beside."""
        width = self.scrollable_content_region.width
        if self._table is None or width <= 0:
            return Strip.blank(max(0, width), self.rich_style)
        head = self._head()
        if y < head:
            key = (HEADING, y, False)
            if key not in self._drawn:
                here = self.column if self.by_cell else None
                self._drawn[key] = drawn(self, heading_line(self._table, y, self._seen(), here), width)
            return self._drawn[key]
        if y == self.size.height - 1 and any(self._hidden()):
            return drawn(self, Content.styled(f" {hidden_words(self._hidden())}", "$text-muted"), width)
        row, line = divmod(y - head + self.scroll_offset.y, self._table.lines)
        if row >= self._table.row_count:
            return Strip.blank(width, self.rich_style)
        key = (row, line, row == self.row)
        if key not in self._drawn:
            self._drawn[key] = drawn(self, self._line(self._table, row, line, width), width)
        return self._drawn[key]

    def _line(self, table: Table, row: int, line: int, width: int) -> Content:
        title = table.title(row)
        if title is not None:
            return title if line == 0 else self._row_line(table, row, line, width)
        return self._row_line(table, row, line, width)

    def _draw_anew(self) -> None:
        self._drawn.clear()
        self.refresh()

    def _forget(self, is_old: Callable[[tuple[int, int, bool]], bool]) -> None:
        self._drawn = {key: strip for key, strip in self._drawn.items() if not is_old(key)}

    def _draw_cursor(self) -> None:
        self._forget(lambda key: key[2])
        self._draw_row(self.row)

    def _draw_row(self, row: int) -> None:
        if self._table is not None:
            y = self._head() + row * self._table.lines - self.scroll_offset.y
            self.refresh(Region(0, y, self.size.width, self._table.lines).intersection(self.size.region))

    def _row_line(self, table: Table, row: int, line: int, width: int) -> Content:
        is_here = row == self.row
        parts: list[Content] = []
        for index in self._seen():
            cell = fitted(table.cell(row, line, index), table.columns[index])
            if is_here and line == 0 and self.by_cell and index == self.column:
                parts[-1] = parts[-1][:-1]
                cell = in_a_row("▸", cell).stylize_before(self._cursor_style())
            parts.append(cell)
        content = in_a_row("▸" if is_here and line == 0 else " ", *parts)
        if is_here and not self.by_cell and table.cell(row, line, 0 if line == 0 else 1).plain.strip():
            content = content.truncate(width, pad=True).stylize_before(self._cursor_style())
        return content

    def _cursor_style(self) -> str:
        return HERE if self.has_focus else HERE_BLURRED

    def _hidden(self) -> tuple[int, int]:
        width = self.scrollable_content_region.width
        return (0, 0) if self._table is None else hidden_columns(self._table, self._first, width)

    def _seen(self) -> list[int]:
        width = self.scrollable_content_region.width
        return [] if self._table is None else seen_columns(self._table, self._first, width)

    def _head(self) -> int:
        return 0 if self._table is None else self._table.head

    def _room(self) -> int:
        return self.size.height - self._head() - int(any(self._hidden()))

    def _go_to(self, row: int, column: int) -> None:
        if (row, column) == (self.row, self.column):
            return
        self.point(row, column)
        if self._follow is not None:
            self._follow(row, column)

    def _fit(self) -> None:
        if self._table is None or not self.size.width:
            return
        lines = self._head() + self._table.row_count * self._table.lines
        size = Size(self.scrollable_content_region.width, lines + int(any(self._hidden())))
        if size != self.virtual_size:
            # Assigned plainly, all the screen would be laid out again; only the scrollbar has to know of it
            self.set_reactive(CompareGrid.virtual_size, size)
            self._scroll_update(size)
        self._show_cursor()

    def _show_cursor(self) -> None:
        if self._table is None or not self.size.width:
            return
        if self.by_cell:
            self._first = min(self._first, self.column)
            while self.column not in self._seen() and self._first < self.column:
                self._first += 1
        # The title above the first row of its part is to be seen with it
        above = 1 if self.row and self._table.title(self.row - 1) is not None else 0
        top = (self.row - above) * self._table.lines
        height = (1 + above) * self._table.lines
        offset, room = self.scroll_offset.y, max(1, self._room())
        if top < offset:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif top + height > offset + room:
            self.scroll_to(y=top + height - room, animate=False, immediate=True)


class AnswersGrid(CompareGrid):
    """A grid of questions, in which enter opens the answers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", "Both answers", tooltip="Both tools' answers with their evidence, side by side."),
    ]
