"""Assess: one question at a time, with the outline at the left and the running scorecard at the right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.getters import query_one

from toolvet.domain import answering
from toolvet.domain.passes import Pass, next_open, questions_in
from toolvet.domain.rubric import Rubric
from toolvet.files.reading import AssessmentFile
from toolvet.files.state import last_place
from toolvet.files.workspace import Workspace
from toolvet.tui.answer_keys import AnswerKeys
from toolvet.tui.widgets.frame import Keys, TitleBar, Trouble
from toolvet.tui.widgets.notice import Notice
from toolvet.tui.widgets.outline import Outline
from toolvet.tui.widgets.question_pane import QuestionPane
from toolvet.tui.widgets.score_panel import ScoreLine, ScorePanel
from toolvet.tui.widgets.status import Status


class AssessScreen(AnswerKeys):
    """One question at a time; any of them can be left open."""

    CSS_PATH = "assess.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-roomy"), (118, "-wide")]  # noqa: RUF012 - Textual declares it on the instance
    HELP = (
        "Pick the rung that is wholly true; what you cannot find out is unknown, and any question may be left open. "
        "Every change is saved at once.\n"
        "● answered   ? unknown   – not applicable   ↻ expired, to be looked at again   ! to be confirmed   "
        "· not answered   ◆ must-have"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,right", "step(1)", "Next", key_display="n", tooltip="The next question of this pass."),
        Binding("j", "next_open", "Open", tooltip="The next question of this pass that is still open."),
        Binding("r", "review", "Review", tooltip="The scorecard in full, and what would change the verdict."),
        Binding("w", "details", "Check", tooltip="Scroll to how to check and why it is asked, and back."),
        Binding("p,left", "step(-1)", "Previous", key_display="p", tooltip="The one before."),
        Binding("o", "outline", "Outline", show=False, tooltip="All questions; enter goes to one."),
        Binding("v", "choose_pass", "Pass", show=False, tooltip="Which questions to pass through."),
        Binding("M", "migrate", "Migrate", show=False, tooltip="Over to another version of the rubric."),
        Binding("h", "rule", "Reading rule", show=False, tooltip="How to read the ladder."),
        Binding(
            "question_mark,f1", "app.show_keys", "Help", key_display="?", show=False, tooltip="What the keys do here."
        ),
        Binding("escape", "back", "Back", show=False, tooltip="Back to the list; all is saved."),
        Binding("q", "app.quit", "Quit", show=False, tooltip="End toolvet and say what is saved."),
    ]

    _passes_chosen: ClassVar[dict[Path, Pass]] = {}
    """By file, until toolvet ends: who comes back goes on in the pass they left."""

    pane = query_one(QuestionPane)

    def __init__(
        self,
        workspace: Workspace,
        rubric: Rubric,
        file: AssessmentFile,
        on: date,
        *,
        start_at: str | None = None,
        read_only: bool = False,
    ) -> None:
        wanted = start_at or last_place(file.path)
        super().__init__(workspace, rubric, file, on, at=answering.first_question(rubric, wanted), read_only=read_only)
        self.chosen_pass = self._passes_chosen.get(file.path, Pass.ALL)
        self._applying = [scored.question.id for scored in questions_in(Pass.ALL, self.scorecard)]

    def compose(self) -> ComposeResult:
        yield TitleBar("Assess", self.assessment.subject.label)
        yield ScoreLine(id="score-line")
        yield Notice()
        with Horizontal(id="panes"):
            yield Outline()
            yield QuestionPane(self.rubric)
            with Vertical(id="score-side"):
                yield ScorePanel()
        yield Status()
        yield Trouble()
        yield Keys()

    def show_all(self) -> None:
        """Show the question, the marks and the scorecard."""
        self._leave_what_fell_away()
        in_pass = self.passed()
        self.outline.show(self.scorecard, frozenset(in_pass), self.at)
        self.pane.show(self.scorecard, self.at, self.answer)
        self.query_one(ScorePanel).show(self.scorecard)
        self.query_one(ScoreLine).show(self.scorecard)
        self.query_one(Status).show_place(self.chosen_pass, self.scorecard, self.at)

    def _leave_what_fell_away(self) -> None:
        """Go to the nearest question where the scope facts took the one on the screen away, and say how many are left.

        One that did not apply before either stays: somebody went there to look at it.
        """
        before = self._applying
        self._applying = [scored.question.id for scored in questions_in(Pass.ALL, self.scorecard)]
        if len(before) != len(self._applying):
            self.say(f"{len(before)} → {len(self._applying)} questions apply.")
        if self.at in before and self.at not in self._applying:
            order = [question.id for _, question in self.rubric.questions()]
            at = order.index(self.at)
            self.at = min(self._applying, key=lambda each: abs(order.index(each) - at), default=self.at)

    def action_next_open(self) -> None:
        """The next open question of the pass, going round."""
        target = next_open(self.scorecard, self.at, self.chosen_pass)
        if target is not None:
            self.go_to(target)
        elif self.chosen_pass is Pass.ALL or next_open(self.scorecard, self.at) is None:
            self.say("No other question is open; r reviews.")
        else:
            self.say(f"No other question of this pass ({self.chosen_pass.value}) is open; v and 1 go on with all.")

    def action_details(self) -> None:
        """To how to check and why, and back."""
        self.pane.turn_to_details()

    def action_choose_pass(self) -> None:
        """Ask which questions to pass through."""
        from toolvet.tui.asking import choose_pass  # it is a dialog

        self.ask(choose_pass(self.scorecard, self.chosen_pass), self._begin_pass)

    def _begin_pass(self, chosen: Pass) -> None:
        self.chosen_pass = self._passes_chosen[self.keeping.file.path] = chosen
        in_pass = self.passed()
        if not in_pass:
            self.say("No question is left in that pass.")
        self.go_to(self.at if self.at in in_pass or not in_pass else in_pass[0])

    def action_review(self) -> None:
        """Save, then the scorecard in full; it may come back with a question to go to."""
        from toolvet.tui.review import ReviewScreen  # seldom the first thing, and this screen is to open fast

        self._save()
        review = ReviewScreen(
            self.workspace, self.rubric, replace(self.keeping.file, assessment=self.assessment), self.on_day
        )
        self.app.push_screen(review, self._come_back)

    def _come_back(self, target: str | None) -> None:
        # a decision may have been recorded there
        self.is_decided = self.is_decided or self.workspace.why_read_only(self.keeping.file) is not None
        self.show_saving()
        if target is not None:
            self.go_to(target)

    def passed(self) -> list[str]:
        """The ids of the questions of the pass."""
        return [scored.question.id for scored in questions_in(self.chosen_pass, self.scorecard)]
