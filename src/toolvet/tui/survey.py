"""Survey: one question at a time, its one ladder answered on two sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.getters import query_one

from toolvet.domain.answering import first_question
from toolvet.domain.respondent import AnswerSide, asked, next_open, progress, progress_words, with_rung
from toolvet.domain.rubric import Rubric
from toolvet.files.reading import AssessmentFile
from toolvet.files.state import last_place
from toolvet.files.workspace import Workspace
from toolvet.report.respondent_words import NOTE_CAUTION
from toolvet.tui.question_screen import QuestionScreen
from toolvet.tui.widgets import survey_text
from toolvet.tui.widgets.frame import Keys, TitleBar, Trouble
from toolvet.tui.widgets.notice import Notice
from toolvet.tui.widgets.outline import Outline
from toolvet.tui.widgets.status import Status
from toolvet.tui.widgets.survey_pane import SurveyPane
from toolvet.tui.widgets.two_sides import Turned

ANSWERING = frozenset({"pick_rung", "turn", "turn_to", "note", "clear"})


class SurveyScreen(QuestionScreen):
    """One person's answers; any question may be skipped, and either side left out."""

    CSS_PATH = ["assess.tcss", "survey.tcss"]  # noqa: RUF012 - Textual declares it on the instance
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-roomy"), (118, "-wide")]  # noqa: RUF012 - see above
    HELP = (
        "One ladder, two answers. E: the lowest rung that would do for you. D: the rung that was true the last time. "
        "Skip what you cannot know; one side alone counts, too. No name is asked for or kept. "
        f"Every change is saved at once.\n{survey_text.MARKS}"
    )
    BEHIND_LAST = "That was the last question; r looks over your answers."
    BEFORE_FIRST = "That is the first question."

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(level), f"pick_rung({level})", f"Rung {level}", show=False) for level in range(10)),
        Binding("tab,shift+tab", "turn", "Other side", key_display="tab", tooltip="From E to D and back."),
        Binding("e,left", "turn_to('expected')", "Expected", key_display="e", show=False, tooltip="Answer E."),
        Binding("d,right", "turn_to('delivered')", "Delivered", key_display="d", show=False, tooltip="Answer D."),
        Binding("n", "step(1)", "Next", tooltip="The next question."),
        Binding("j", "next_open", "Open", tooltip="The next question without an answer."),
        Binding("m", "note", "Note", tooltip="A note to the answer."),
        Binding("r", "review", "Review", tooltip="All your answers, and which questions are open."),
        Binding("p", "step(-1)", "Previous", tooltip="The question before."),
        Binding("delete,backspace", "clear", "Clear", show=False, tooltip="Take this side's answer off."),
        Binding("g", "group", "Group", show=False, tooltip="Say to which group you belong, or rather not."),
        Binding("o", "outline", "Outline", show=False, tooltip="All questions; enter goes to one."),
        Binding("M", "migrate", "Migrate", show=False, tooltip="Over to another version of the rubric."),
        Binding("h", "rule", "How to answer", show=False, tooltip="How to read the ladder."),
        Binding(
            "question_mark,f1", "app.show_keys", "Help", key_display="?", show=False, tooltip="What the keys do here."
        ),
        Binding("escape", "back", "Back", show=False, tooltip="Back to where you came from; all is saved."),
        Binding("q", "app.quit", "Quit", show=False, tooltip="End toolvet and say what is saved."),
    ]

    pane = query_one(SurveyPane)

    def __init__(
        self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date, *, read_only: bool = False
    ) -> None:
        at = first_question(rubric, last_place(file.path))
        super().__init__(workspace, rubric, file, on, at=at, read_only=read_only)
        self.side = AnswerSide.EXPECTED

    def compose(self) -> ComposeResult:
        yield TitleBar("Survey")
        yield Notice()
        with Horizontal(id="panes"):
            yield Outline()
            yield SurveyPane(self.rubric)
        yield Status()
        yield Trouble()
        yield Keys()

    def show_all(self) -> None:
        """Show the question, both answers and how far one is."""
        self._leave_what_fell_away()
        about, group = self.assessment.subject.label, self.assessment.reviewer.group
        self.query_one(TitleBar).show("Survey", about if group is None else f"{about} · {group}")
        self.outline.show_rows(survey_text.outline_rows(self.rubric, self.assessment), self.at)
        self.pane.show(self.at, self.answer, self.side)
        self.query_one(Status).show_words(f"{self._place_words()}   ? keys  o outline  h how")

    def _place_words(self) -> str:
        ids = self.passed()
        if not ids:
            return "nothing is asked of this group: g changes it"
        return f"question {ids.index(self.at) + 1} · {progress_words(progress(self.rubric, self.assessment))}"

    def _leave_what_fell_away(self) -> None:
        """Go to the nearest question where the one on the screen is not asked of this person."""
        ids, order = self.passed(), [question.id for _, question in self.rubric.questions()]
        self.at = min(ids, key=lambda each: abs(order.index(each) - order.index(self.at)), default=self.at)

    def passed(self) -> list[str]:
        """The ids of the questions asked of this person."""
        return [question.id for question in asked(self.rubric, self.assessment)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No answering of a question that is not to be seen."""
        return not (action in ANSWERING and self.hides_question()) and super().check_action(action, parameters)

    def go_to(self, question_id: str) -> None:
        """Show that question, to be answered from its first side on."""
        if question_id != self.at:
            self.side = AnswerSide.EXPECTED
        super().go_to(question_id)

    def action_turn(self) -> None:
        """To the other side."""
        self._turn_to(self.side.other)

    def action_turn_to(self, side: str) -> None:
        """To that side."""
        self._turn_to(AnswerSide(side))

    @on(Turned)
    def _turn_to_clicked(self, event: Turned) -> None:
        event.stop()
        self._turn_to(event.side)

    def _turn_to(self, side: AnswerSide) -> None:
        self.side = side
        self.show_all()

    def action_pick_rung(self, level: int) -> None:
        """Answer the side with that rung."""
        if level > self.question.top:
            self.say(f"This ladder ends at {self.question.top}.")
        else:
            self._give(self.side, level)

    def action_clear(self) -> None:
        """Take the answer off the side; the note stays."""
        self._give(self.side, None)

    def _give(self, side: AnswerSide, level: int | None) -> None:
        if self.may_change(partial(self._give, side, level)):
            self.change_answer(with_rung(self.answer, side, level))

    def action_next_open(self) -> None:
        """The next question without an answer, going round; then one with a side missing."""
        target = next_open(self.rubric, self.assessment, self.at)
        if target is None:
            self.say("No other question is open; r looks over your answers.")
        else:
            self.go_to(target)

    def action_note(self) -> None:
        """Write the note."""
        if self.may_change(self.action_note):
            self.write_note(NOTE_CAUTION)

    def action_group(self) -> None:
        """Give another group, or none; answers to what is not asked of it are kept and do not count."""
        from toolvet.tui.new_survey import ask_group  # it is a dialog: see AnswerKeys

        if not self.rubric.groups:
            self.say("This survey has no groups.")
        elif self.may_change(self.action_group):
            group = self.assessment.reviewer.group
            self.ask(ask_group(self.rubric, self.assessment.subject, group or ""), self._take_group)

    def _take_group(self, group: str) -> None:
        before = len(self.passed())
        reviewer = replace(self.assessment.reviewer, group=group or None)
        self.change(replace(self.assessment, reviewer=reviewer))
        if (now := len(self.passed())) != before:
            self.say(f"{before} → {now} questions are asked.")

    def action_review(self) -> None:
        """Save, then all answers in a list; it may come back with a question to go to."""
        from toolvet.tui.survey_review import SurveyReviewScreen  # nobody who answers waits for it

        self._save()
        review = SurveyReviewScreen(self.rubric, replace(self.keeping.file, assessment=self.assessment))
        self.app.push_screen(review, lambda target: None if target is None else self.go_to(target))
