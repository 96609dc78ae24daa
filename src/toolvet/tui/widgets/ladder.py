"""The ladder of one question: its rungs with their numbers, the one that is chosen, and a cursor."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from toolvet.domain.rubric import Question
from toolvet.tui.widgets.marks import MUST_HAVE
from toolvet.tui.widgets.plain_text import shown


class Ladder(Widget, can_focus=True):
    """Rungs to pick from with up, down and enter, or with the mouse; digits are the screen's."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up the ladder", show=False),
        Binding("down", "move(1)", "Down the ladder", show=False),
        Binding("enter,space", "pick", "Pick the rung", show=False),
    ]
    INDENT = 7

    cursor: reactive[int | None] = reactive(None)

    class Chosen(Message):
        """A rung was picked."""

        def __init__(self, level: int) -> None:
            super().__init__()
            self.level = level

    def __init__(self) -> None:
        super().__init__()
        self._question: Question | None = None
        self._chosen: int | None = None
        self._must_reach: int | None = None
        self._lines: tuple[int, list[Content], list[int]] | None = None

    def show(self, question: Question, chosen: int | None, must_reach: int | None) -> None:
        """Show this question's rungs; `must_reach` is None where it is no must-have."""
        if (question, chosen, must_reach) != (self._question, self._chosen, self._must_reach):
            self._must_reach = must_reach
            self.draw(question, chosen)

    def draw(self, question: Question, chosen: int | None) -> None:
        """Draw its rungs anew, the cursor on the chosen one; where none is, it stays in the same ladder."""
        is_new = question is not self._question
        self._question, self._chosen = question, chosen
        self._lines = None
        if is_new or chosen is not None:
            self.cursor = chosen
        self.refresh(layout=is_new)

    def watch_cursor(self) -> None:
        """Draw the cursor where it is now."""
        self._lines = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's own
        """As many rows as the wrapped rungs take."""
        return len(self._laid_out(width)[0])

    def render(self) -> Content:
        """The rungs, wrapped with a hanging indent."""
        return Content("\n").join(self._laid_out(self.size.width)[0])

    def action_move(self, by: int) -> None:
        """Move the cursor, from the chosen rung or, where none is, into the ladder from its far end."""
        if self._question is None:
            return
        if self.cursor is None:
            self.cursor = 0 if by > 0 else self._question.top
        else:
            self.cursor = max(0, min(self._question.top, self.cursor + by))
        self._scroll_to_cursor()

    def action_pick(self) -> None:
        """Choose the rung under the cursor."""
        if self.cursor is not None:
            self.post_message(self.Chosen(self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Choose the rung that was clicked."""
        event.stop()
        levels = self._laid_out(self.size.width)[1]
        if 0 <= event.y < len(levels):
            self.focus(scroll_visible=False)
            self.post_message(self.Chosen(levels[event.y]))

    def _scroll_to_cursor(self) -> None:
        rows = [row for row, level in enumerate(self._laid_out(self.size.width)[1]) if level == self.cursor]
        if rows and isinstance(self.parent, Widget):
            region = Region(0, self.virtual_region.y + rows[0], 1, len(rows))
            self.parent.scroll_to_region(region, animate=False)

    def _laid_out(self, width: int) -> tuple[list[Content], list[int]]:
        """The rows, and the level of each row."""
        if self._lines is None or self._lines[0] != width:
            rows: list[Content] = []
            levels: list[int] = []
            for level, text in enumerate(self._question.levels if self._question else ()):
                own = self._rung_rows(level, text, width)
                rows += own
                levels += [level] * len(own)
            self._lines = (width, rows, levels)
        return self._lines[1], self._lines[2]

    def lead(self, level: int) -> str:
        """What stands before the words of that rung, INDENT cells wide."""
        cursor = "▸" if level == self.cursor else " "
        mark = "●" if level == self._chosen else "○"
        return f"{cursor} {mark} {level}{MUST_HAVE if level == self._must_reach else ' '} "

    def style_of(self, level: int) -> str:
        """How that rung is drawn."""
        return _style(is_chosen=level == self._chosen, is_under_cursor=level == self.cursor)

    def _rung_rows(self, level: int, text: str, width: int) -> list[Content]:
        lead = self.lead(level)
        wrapped = shown(text).wrap(max(8, width - self.INDENT - 1))
        rows = [Content(lead if index == 0 else " " * self.INDENT) + row for index, row in enumerate(wrapped)]
        style = self.style_of(level)
        return [row.pad_right(max(0, width - row.cell_length)).stylize_before(style) for row in rows]


def _style(*, is_chosen: bool, is_under_cursor: bool) -> str:
    match is_chosen, is_under_cursor:
        case True, True:
            return "bold $foreground on $primary 45%"
        case True, False:
            return "bold $foreground on $primary 30%"
        case False, True:
            return "$foreground on $foreground 12%"
        case _:
            return "$foreground"
