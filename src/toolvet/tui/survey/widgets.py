"""The middle pane: one question of a survey with its ladder, both answers, and how to check them."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from toolvet.domain.assessment import Answer, Assessment, to_confirm
from toolvet.domain.gaps import AnswerSide, Given, asked, given, rung
from toolvet.domain.rubric import Criterion, Question, Rubric
from toolvet.report.survey.sentences import SIDES, asked_words
from toolvet.tui.assess.outline import CriterionLine, QuestionLine, Row
from toolvet.tui.assess.question import Ladder, detail_entries, rule_content
from toolvet.tui.kit.content import Entry, Hanging, hanging, in_a_row, on_one_line, shown

MARKS = "3│1 expect 3, get 1   3│· one side only   · nothing yet   ! to be answered again"
SIDE_NAMES = {AnswerSide.EXPECTED: "expect", AnswerSide.DELIVERED: "get"}
"""What each side is called where there is room for a word."""


def sides_mark(answer: Answer) -> str:
    """Three cells: the rung expected, the rung delivered."""
    match given(answer):
        case Given.TO_CONFIRM:
            return " ! "
        case Given.NOTHING:
            return " · "
        case _:
            sides = ["·" if (level := rung(answer, side)) is None else str(level) for side in AnswerSide]
            return "│".join(sides)


def mark_style(answer: Answer) -> str:
    """The style of that mark."""
    match given(answer):
        case Given.TO_CONFIRM:
            return "$text-warning"
        case Given.NOTHING:
            return "$text-muted"
        case _:
            return "$foreground"


def survey_rows(rubric: Rubric, assessment: Assessment) -> tuple[Row, ...]:
    """The areas with the questions asked of this person."""
    wanted = {question.id for question in asked(rubric, assessment)}
    rows: list[Row] = []
    for criterion in rubric.criteria:
        own = [question for question in criterion.questions if question.id in wanted]
        if own:
            rows.append(CriterionLine(criterion))
            rows += [_line(question, assessment.answer(question.id)) for question in own]
    return tuple(rows)


def _line(question: Question, answer: Answer) -> QuestionLine:
    return QuestionLine(question, sides_mark(answer), mark_style(answer), is_must_have=False, is_in_pass=True)


def answered_sides(question: Question, answer: Answer, side: AnswerSide) -> list[Entry]:
    """What is answered and what can be still; then the note. How the two compare would colour the next answers."""
    entries = [_standing(question, answer, side)]
    if answer.note:
        entries.append(("Note", shown(answer.note)))
    return entries


def _standing(question: Question, answer: Answer, side: AnswerSide) -> Entry:
    match given(answer):
        case Given.TO_CONFIRM:
            words = f"to be answered again ({to_confirm(answer)}): pick the rung again"
            return "Answer", shown(words, "bold $text-warning")
        case Given.BOTH:
            words = "both sides are answered; n goes on, tab changes the other side"
        case Given.ONE_SIDE:
            missing = AnswerSide.EXPECTED if answer.expected is None else AnswerSide.DELIVERED
            words = f"{_how(question, missing, side)}; only answers on both sides are counted"
        case _:
            words = f"{_how(question, side, side)}; {_how(question, side.other, side)}"
    return "Answer", Content.styled(words, "$text-muted")


def _how(question: Question, wanted: AnswerSide, side: AnswerSide) -> str:
    turn = "" if wanted is side else "tab, then "
    return f"{turn}0–{question.top}: {SIDES[wanted].lower()}"


LABEL_WIDTH = 19
BESIDE = 96
"""Columns from which the two questions stand side by side."""


class Turned(Message):
    """The person pointed at a side."""

    def __init__(self, side: AnswerSide) -> None:
        super().__init__()
        self.side = side


class TwoSidedLadder(Ladder):
    """The rungs with a column of marks for each side; the arrow stands at the side that is answered now."""

    INDENT = 18
    _HALF = 8

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
        before, behind = "▸" if here and is_left else " ", "◂" if here and not is_left else " "
        return f"{before}  {left}     {level}   {right} {behind}  "

    def style_of(self, level: int) -> str:
        """How that rung is drawn; the one of the other side stands out, too."""
        is_other = level == rung(self._answer, self._side.other) and level != rung(self._answer, self._side)
        style = super().style_of(level)
        return "bold" if is_other and level != self.cursor else style

    def _mark(self, side: AnswerSide, level: int) -> str:
        own, other = rung(self._answer, side), rung(self._answer, side.other)
        if level == own:
            return "●"
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
        return len(self._rows(width))

    def render(self) -> Content:
        return Content("\n").join(self._rows(self.size.width))

    def on_click(self, event: events.Click) -> None:
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
        head = Content.styled(self._label(side), "bold" if side is self._side else "$text-muted")
        texts = shown(self._text(side), self._style(side)).wrap(max(8, width - 2))
        return [head, *(in_a_row("  ", row) for row in texts)]

    def _label(self, side: AnswerSide) -> str:
        return f"{'▸' if side is self._side else ' '} {SIDES[side]}"

    def _style(self, side: AnswerSide) -> str:
        return "bold" if side is self._side else "$text-muted"

    def _text(self, side: AnswerSide) -> str:
        return "" if self._question is None else asked_words(self._question, side)


class SurveyPane(Vertical):
    """Scrolls as a whole; it is no VerticalScroll, which would take the left and right keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", "Scroll up", show=False, id="scroll-up"),
        Binding("pagedown", "page_down", "Scroll down", show=False, id="scroll-down"),
        Binding("home", "scroll_home", "To the top", show=False, id="to-the-top"),
        Binding("end", "scroll_end", "To the end", show=False, id="to-the-end"),
    ]

    def __init__(self, rubric: Rubric) -> None:
        super().__init__(classes="pane")
        self._rubric = rubric
        self._shown: Question | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="question")
        yield Static(rule_content(self._rubric) or "", id="rule")
        yield BothQuestions()
        yield Static(id="columns")
        yield TwoSidedLadder()
        yield Hanging(id="answer")
        yield Hanging(id="details")

    def show(self, question_id: str, answer: Answer, side: AnswerSide) -> None:
        """Show that question with that answer; from the top where it is another one than before."""
        criterion, question = next(each for each in self._rubric.questions() if each[1].id == question_id)
        if question is not self._shown:
            self._shown = question
            self.query_one("#question", Static).update(_head(criterion, question))
            self.query_one("#details", Hanging).show(detail_entries(replace(question, references=())))
            self.scroll_home(animate=False, immediate=True)
        self.query_one(BothQuestions).show(question, side)
        self.query_one("#columns", Static).update(_columns(side))
        self.query_one(TwoSidedLadder).show_sides(question, answer, side)
        self.query_one("#answer", Hanging).show(answered_sides(question, answer, side))


def _head(criterion: Criterion, question: Question) -> Content:
    title = on_one_line(criterion.title, "$text-muted")
    if question.think_of is None:
        return title
    return in_a_row(title, "\n", Content.styled("Think of: ", "$text-muted"), shown(question.think_of, "italic"))


def _columns(side: AnswerSide) -> Content:
    """The names above the two columns of marks; the arrow stands at the side that is answered now."""
    heads = (
        Content.styled(f"{'▸' if each is side else ' '}{name}", "bold $text" if each is side else "")
        for each, name in SIDE_NAMES.items()
    )
    return Content("    ").join(heads)
