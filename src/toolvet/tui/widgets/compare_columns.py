"""What a grid shows: a table of columns, of which those that fit are seen, the first ones always."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from textual.content import Content

from toolvet.report.text import plural
from toolvet.tui.widgets.plain_text import in_a_row

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
