"""The pane in the middle: one question of a survey with its ladder, both answers, and what would show it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from toolvet.domain.assessment import Answer
from toolvet.domain.respondent import AnswerSide
from toolvet.domain.rubric import Criterion, Question, Rubric
from toolvet.tui.widgets import question_text, survey_text
from toolvet.tui.widgets.hanging import Hanging
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown
from toolvet.tui.widgets.two_sides import LETTERS, BothQuestions, TwoSidedLadder


class SurveyPane(Vertical):
    """Scrolls as a whole; it is no VerticalScroll, which would take the left and right keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", "Scroll up", show=False),
        Binding("pagedown", "page_down", "Scroll down", show=False),
    ]

    def __init__(self, rubric: Rubric) -> None:
        super().__init__()
        self._rubric = rubric
        self._shown: Question | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="question")
        yield Static(question_text.rule(self._rubric) or "", id="rule")
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
            self.query_one("#details", Hanging).show(question_text.detail_entries(replace(question, references=())))
            self.scroll_home(animate=False, immediate=True)
        self.query_one(BothQuestions).show(question, side)
        self.query_one("#columns", Static).update(_columns(side))
        self.query_one(TwoSidedLadder).show_sides(question, answer, side)
        self.query_one("#answer", Hanging).show(survey_text.answer_entries(question, answer, side, self._rubric.policy))


def _head(criterion: Criterion, question: Question) -> Content:
    title = in_a_row(on_one_line(criterion.title, "$text-muted"), "\n", on_one_line(question.title, "bold"))
    if question.think_of is None:
        return title
    return in_a_row(title, "\n", Content.styled("Think of: ", "$text-muted"), shown(question.think_of, "italic"))


def _columns(side: AnswerSide) -> Content:
    left, right = (f"[{LETTERS[each]}]" if each is side else f" {LETTERS[each]} " for each in AnswerSide)
    return Content.styled(f" {left}   {right}", "bold")
