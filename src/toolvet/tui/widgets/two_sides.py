"""One ladder answered on two sides, and the two questions that are asked about it."""

from __future__ import annotations

from itertools import zip_longest

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from toolvet.domain.assessment import Answer
from toolvet.domain.respondent import AnswerSide, rung
from toolvet.domain.rubric import Question
from toolvet.report.respondent_words import SIDES, asked_words
from toolvet.tui.widgets.hanging import hanging
from toolvet.tui.widgets.ladder import Ladder
from toolvet.tui.widgets.plain_text import in_a_row, shown

LETTERS = {AnswerSide.EXPECTED: "E", AnswerSide.DELIVERED: "D"}
LABEL_WIDTH = 22
_OTHER_GROUND = "$primary 15%"
BESIDE = 96
"""Columns from which the two questions stand side by side."""


class Turned(Message):
    """The person pointed at a side."""

    def __init__(self, side: AnswerSide) -> None:
        super().__init__()
        self.side = side


class TwoSidedLadder(Ladder):
    """The rungs with a column of marks for each side; the arrow stands at the side that is answered now."""

    INDENT = 13
    _HALF = 6

    def __init__(self) -> None:
        super().__init__()
        self._answer = Answer()
        self._side = AnswerSide.EXPECTED

    def show_sides(self, question: Question, answer: Answer, side: AnswerSide) -> None:
        """Show this question's rungs with both marks, and that side as the one that is answered now."""
        if (question, answer, side) != (self._question, self._answer, self._side):
            self._answer, self._side = answer, side
            self.draw(question, rung(answer, side))

    def lead(self, level: int) -> str:
        """The marks left and right of the rung's number, and a line from one to the other."""
        left, right = (self._mark(side, level) for side in AnswerSide)
        here = level == self.cursor
        is_left = self._side is AnswerSide.EXPECTED
        return f"{'▸' if here and is_left else ' '} {left}  {level}  {right} {'◂' if here and not is_left else ' '}  "

    def style_of(self, level: int) -> str:
        """How that rung is drawn; the one of the other side stands out, too."""
        is_other = level == rung(self._answer, self._side.other) and level != rung(self._answer, self._side)
        style = super().style_of(level)
        return f"bold $foreground on {_OTHER_GROUND}" if is_other and level != self.cursor else style

    def _mark(self, side: AnswerSide, level: int) -> str:
        own, other = rung(self._answer, side), rung(self._answer, side.other)
        if level == own:
            return LETTERS[side]
        is_between = own is not None and other is not None and min(own, other) < level < max(own, other)
        return "│" if is_between and side is AnswerSide.DELIVERED else "·"

    def on_click(self, event: events.Click) -> None:
        """A click on a column of marks turns to its side; on any part of a rung it chooses that."""
        if event.x < 2 * self._HALF:
            self.post_message(Turned(AnswerSide.EXPECTED if event.x < self._HALF else AnswerSide.DELIVERED))
        super().on_click(event)


class BothQuestions(Widget):
    """The two questions, side by side where there is room; the one that is answered now has the arrow and is bold."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="both-questions")
        self._question: Question | None = None
        self._side = AnswerSide.EXPECTED

    def show(self, question: Question, side: AnswerSide) -> None:
        """Show these questions, and which is answered now."""
        if (question, side) != (self._question, self._side):
            self._question, self._side = question, side
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's own
        """As many rows as the wrapped texts take."""
        return len(self._rows(width))

    def render(self) -> Content:
        """The rows."""
        return Content("\n").join(self._rows(self.size.width))

    def on_click(self, event: events.Click) -> None:
        """Turn to the side that was clicked."""
        event.stop()
        if self._is_beside:
            is_first = event.x < self.size.width // 2
        else:
            is_first = event.y < len(hanging([self._entry(AnswerSide.EXPECTED)], self.size.width, LABEL_WIDTH))
        self.post_message(Turned(AnswerSide.EXPECTED if is_first else AnswerSide.DELIVERED))

    @property
    def _is_beside(self) -> bool:
        return self.app.size.width >= BESIDE

    def _rows(self, width: int) -> list[Content]:
        if self._question is None:
            return []
        if not self._is_beside:
            return hanging([self._entry(side) for side in AnswerSide], width, LABEL_WIDTH)
        half = max(8, width // 2 - 1)
        pairs = zip_longest(*(self._column(side, half) for side in AnswerSide), fillvalue=Content(""))
        return [in_a_row(left.pad_right(max(0, half + 2 - left.cell_length)), right) for left, right in pairs]

    def _entry(self, side: AnswerSide) -> tuple[str, Content]:
        return self._label(side), shown(self._text(side), self._style(side))

    def _column(self, side: AnswerSide, width: int) -> list[Content]:
        head = Content.styled(self._label(side), "bold $text-secondary" if side is self._side else "$text-secondary")
        texts = shown(self._text(side), self._style(side)).wrap(max(8, width - 2))
        return [head, *(in_a_row("  ", row) for row in texts)]

    def _label(self, side: AnswerSide) -> str:
        return f"{'▸' if side is self._side else ' '} {LETTERS[side]}  {SIDES[side]}"

    def _style(self, side: AnswerSide) -> str:
        return "bold" if side is self._side else "$text-muted"

    def _text(self, side: AnswerSide) -> str:
        return "" if self._question is None else asked_words(self._question, side)
