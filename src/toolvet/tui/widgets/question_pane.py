"""The pane in the middle: one question with its ladder, the answer, and how to find out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.widgets import Static

from toolvet.domain.assessment import Answer
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.tui.widgets import question_text
from toolvet.tui.widgets.hanging import Entry, Hanging
from toolvet.tui.widgets.ladder import Ladder


class QuestionPane(Vertical):
    """Scrolls as a whole; the question and its ladder come first, how to check and why after the answer.

    It is no VerticalScroll: that one would take the left and right keys.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", "Scroll up", show=False),
        Binding("pagedown", "page_down", "Scroll down", show=False),
    ]

    ladder = query_one(Ladder)

    def __init__(self, rubric: Rubric) -> None:
        super().__init__()
        self._rubric = rubric
        self._shown: tuple[str, bool | None, int | None] | None = None

    def compose(self) -> ComposeResult:
        yield question_text.QuestionHead(id="question")
        yield _show_rule(Static(id="rule"), self._rubric)
        yield Ladder()
        yield Hanging(id="answer")
        yield Hanging(id="details")

    def take(self, rubric: Rubric) -> None:
        """Show the questions of that rubric from now on; it may be another text of the one before."""
        self._rubric, self._shown = rubric, None
        _show_rule(self.query_one("#rule", Static), rubric)

    def show(
        self, scorecard: Scorecard, question_id: str, answer: Answer, *, instead: Sequence[Entry] | None = None
    ) -> None:
        """Show that question with that answer; from the top where it is another one than before.

        `instead` stands in the answer's place where nothing is answered.
        """
        scored = scorecard.question(question_id)
        must_have = next((each for each in scorecard.must_haves if each.question.id == question_id), None)
        must_reach = must_have.must_reach if must_have else None
        is_new = self._shown is None or question_id != self._shown[0]
        if self._shown != (question_id, scored.applies, must_reach):
            self._shown = (question_id, scored.applies, must_reach)
            self.query_one(question_text.QuestionHead).show(scored, must_reach)
        if is_new:
            self.query_one("#details", Hanging).show(question_text.detail_entries(scored.question))
            if self.scroll_y:
                self.scroll_home(animate=False, immediate=True)
        self.ladder.show(scored.question, answer.level, must_reach)
        entries = question_text.answer_entries(scored, answer) if instead is None else instead
        self.query_one("#answer", Hanging).show(entries)

    def turn_to_details(self) -> None:
        """Scroll to how to check and why, or, where they are in sight at the top already, back to the question."""
        details = self.query_one("#details", Hanging)
        if self.scroll_y >= min(details.virtual_region.y, self.max_scroll_y):
            self.scroll_home(animate=False)
        else:
            self.scroll_to(y=details.virtual_region.y, animate=False)


def _show_rule(line: Static, rubric: Rubric) -> Static:
    rule = question_text.rule(rubric)
    line.display = rule is not None
    line.update(rule or "")
    return line
