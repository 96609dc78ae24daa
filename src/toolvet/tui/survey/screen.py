"""Survey: one question at a time, with one ladder answered for two sides."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.getters import query_one

from toolvet.domain.assessment import Answer
from toolvet.domain.gaps import AnswerSide, asked, next_unanswered, rung, survey_progress, with_rung
from toolvet.report.survey.sentences import NOTE_CAUTION
from toolvet.services.assessments import OpenedAssessment, Session
from toolvet.services.editing import Editor, Navigator, Route
from toolvet.storage.reader import AssessmentFile
from toolvet.text.labels import survey_progress_words
from toolvet.tui.assess.answers import AnswerDialogs
from toolvet.tui.assess.outline import Outline, toggle_outline
from toolvet.tui.assess.question import DIGITS, Ladder
from toolvet.tui.assess.saving import SavingView
from toolvet.tui.kit.content import Keys, Notice, TitleBar, Trouble, entitle
from toolvet.tui.kit.dialogs import Tell
from toolvet.tui.screen import Place, notify
from toolvet.tui.survey.respondents import SurveyReviewScreen, ask_group
from toolvet.tui.survey.widgets import MARKS, SIDE_NAMES, SurveyPane, Turned, TwoSidedLadder, survey_rows

ANSWERING = frozenset({"pick_rung", "turn", "turn_to", "note", "clear"})


class SurveyScreen(Place[AssessmentFile]):
    """One person's answers; any question may be skipped, and either side left out.

    The editor holds the answers, the navigator the question that is shown.
    """

    CSS_PATH = ["../assess/assess.tcss", "survey.tcss"]  # noqa: RUF012 - Textual declares it on the instance
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-roomy"), (118, "-wide")]  # noqa: RUF012 - see above
    HELP = (
        "One ladder, two answers: the first digit says what you expect, the second what you get; the arrow shows which "
        "is next. What you expect: the lowest rung that would do for you. What you get: the rung that was true the "
        "last time. Skip what you cannot know; only answers on both sides are counted. No name is asked for or kept. "
        f"Every change is saved at once.\n{MARKS}"
    )
    UNLISTED = ("pick_rung(",)  # the words above the keys name the digits
    BINDINGS: ClassVar[list[BindingType]] = [
        *SavingView.BINDINGS,
        *DIGITS,
        Binding(
            "tab,shift+tab",
            "turn",
            "Other side",
            key_display="tab",
            tooltip="From what you expect to what you get, and back.",
            id="other-side",
        ),
        Binding("left", "turn_to('expected')", "Expect", show=False, tooltip="Answer what you expect.", id="expected"),
        Binding("right", "turn_to('delivered')", "Get", show=False, tooltip="Answer what you get.", id="delivered"),
        Binding("n", "step(1)", "Next", tooltip="The next question.", id="next"),
        Binding("j", "next_open", "Next open", tooltip="The next question without an answer.", id="next-open"),
        Binding("m", "note", "Note", tooltip="A note to the answer.", id="note"),
        Binding("r", "review", "Review", tooltip="All your answers, and which questions are open.", id="review"),
        Binding("p", "step(-1)", "Previous", tooltip="The question before.", id="previous"),
        Binding("delete,backspace", "clear", "Clear", show=False, tooltip="Clear the answer to this side.", id="clear"),
        Binding(
            "f", "group", "Scope facts", show=False, tooltip="Say which group you are in, or rather not.", id="facts"
        ),
        Binding("g", "outline", "Go to", show=False, tooltip="All questions; enter goes to one.", id="go-to"),
        Binding("M", "migrate", "Migrate", show=False, tooltip="Over to another version of the rubric.", id="migrate"),
        Binding("i", "rule", "More", tooltip="How to read the ladder.", id="more"),
        Binding(
            "question_mark,f1", "app.show_keys", "Help", key_display="?", tooltip="What the keys do here.", id="help"
        ),
        Binding("escape", "back", "Back", tooltip="Back to where you came from; all is saved.", id="back"),
        Binding("q", "app.quit", "Quit", show=False, tooltip="End toolvet and say what is saved.", id="quit"),
    ]

    outline = query_one(Outline)
    pane = query_one(SurveyPane)
    ladder = query_one(TwoSidedLadder)

    def __init__(self, session: Session, opened: OpenedAssessment, *, is_resumed: bool = False) -> None:
        super().__init__()
        self._session = session
        self.editor = Editor(session, opened)
        self.editor.on_change = self._show_change
        at = next_unanswered(opened.rubric, opened.assessment, None) if is_resumed else None
        self.navigator = Navigator(self.editor.rubric, self._route(), at)
        self.side = AnswerSide.EXPECTED
        self._saving = SavingView(self, self.editor, self.navigator)
        self._dialogs = AnswerDialogs(self._saving)

    def compose(self) -> ComposeResult:
        yield TitleBar("Survey")
        yield Notice()
        with Horizontal(id="panes"):
            yield Outline()
            yield SurveyPane(self.editor.rubric)
        yield Trouble()
        yield Keys()

    def on_mount(self) -> None:
        self.show_all()
        self._saving.begin()
        self.ladder.focus(scroll_visible=False)

    def on_screen_resume(self) -> None:
        # a conflict may have come about while a dialog was open
        self._saving.tell_conflict()

    def _route(self) -> Route:
        rubric, assessment = self.editor.rubric, self.editor.assessment
        ids = tuple(question.id for question in asked(rubric, assessment))
        return Route(ids, ids, lambda at: next_unanswered(rubric, assessment, at))

    def _show_change(self) -> None:
        self.show_all()
        self._saving.save_soon()

    def show_all(self) -> None:
        """Show the question, both answers and how far one is."""
        before = len(self.navigator.route.stops)
        if self.navigator.follow(self._route()):
            notify(self, f"{before} → {len(self.navigator.route.stops)} questions apply.")
        self.navigator.go_to_nearest()
        assessment = self.editor.assessment
        about, group = assessment.subject.label, assessment.reviewer.group
        self.query_one(TitleBar).show("Survey", about if group is None else f"{about} · {group}")
        self.outline.show_rows(survey_rows(self.editor.rubric, assessment), self.navigator.at)
        self.pane.show(self.navigator.at, self.answer, self.side)
        below = "│".join(SIDE_NAMES.values()) if self.navigator.route.stops else self._place_words()
        entitle(self.outline, "All questions", below)
        entitle(self.pane, self.navigator.question.title, self._place_words())

    def _place_words(self) -> str:
        if not self.navigator.route.stops:
            return "nothing is asked of this group: f changes it"
        done = survey_progress(self.editor.rubric, self.editor.assessment)
        return f"question {self.navigator.place} · {survey_progress_words(done)}"

    @property
    def answer(self) -> Answer:
        """The answer to the question that is shown."""
        return self.editor.assessment.answer(self.navigator.at)

    def go_to(self, question_id: str | None) -> None:
        """Show that question, its first side first."""
        if question_id is None:
            return
        if question_id != self.navigator.at:
            self.side = AnswerSide.EXPECTED
        self.navigator.at = question_id
        self.show_all()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """A question hidden by the outline cannot be answered; there is something to settle after a conflict only."""
        hides_question = self.has_class("-outline") and not self.has_class("-wide")
        if action == "settle":
            return self.editor.keeping.is_overtaken
        return not (hides_question and action in ANSWERING)

    # Answering

    def action_turn(self) -> None:
        self._turn_to(self.side.other)

    def action_turn_to(self, side: str) -> None:
        self._turn_to(AnswerSide(side))

    @on(Turned)
    def _turn_to_clicked(self, event: Turned) -> None:
        event.stop()
        self._turn_to(event.side)

    def _turn_to(self, side: AnswerSide) -> None:
        self.side = side
        self.show_all()

    @on(Ladder.Chosen)
    def _take_from_ladder(self, event: Ladder.Chosen) -> None:
        event.stop()
        self.action_pick_rung(event.level)

    def action_pick_rung(self, level: int) -> None:
        top = self.navigator.question.top
        if level > top:
            notify(self, f"This ladder ends at {top}.")
        else:
            self._give(self.side, level)

    def action_clear(self) -> None:
        self._give(self.side, None)

    def _give(self, side: AnswerSide, level: int | None) -> None:
        if self._saving.may_change(lambda: self._give(side, level)):
            self.side = side if level is None else AnswerSide.DELIVERED  # two digits answer a question
            self.editor.change_answer(self.navigator.at, with_rung(self.answer, side, level))

    def action_note(self) -> None:
        self._dialogs.note(NOTE_CAUTION)

    def action_group(self) -> None:
        """Ask for another group, or none; answers to what it is not asked are kept and do not count."""
        assessment = self.editor.assessment
        if not self.editor.rubric.groups:
            notify(self, "This survey has no groups.")
        elif self._saving.may_change(self.action_group):
            question = ask_group(self.editor.rubric, assessment.subject, assessment.reviewer.group or "")
            self.app.push_screen(question, self._take_group)

    def _take_group(self, group: str | None) -> None:
        if group is not None:
            reviewer = replace(self.editor.assessment.reviewer, group=group or None)
            self.editor.change(replace(self.editor.assessment, reviewer=reviewer), self.navigator.at)

    def action_travel(self, by: int) -> None:
        before = self.editor.assessment.answers
        self.go_to(self._saving.undo() if by < 0 else self._saving.redo())
        was = before.get(self.navigator.at, Answer())
        for side in (side for side in AnswerSide if rung(was, side) != rung(self.answer, side)):
            self._turn_to(side)

    # Going to other questions

    def action_step(self, by: int) -> None:
        target = self.navigator.step(by)
        if target is None:
            last = "That was the last question; r shows all your answers."
            notify(self, last if by > 0 else "That is the first question.")
        self.go_to(target)

    def action_next_open(self) -> None:
        target = self.navigator.next_open()
        if target is None:
            notify(self, "No other question is open; r shows all your answers.")
        self.go_to(target)

    def action_outline(self) -> None:
        toggle_outline(self, self.ladder)

    @on(Outline.Moved)
    def _follow_outline(self, event: Outline.Moved) -> None:
        self.go_to(event.question_id)

    @on(Outline.Picked)
    def _take_from_outline(self, event: Outline.Picked) -> None:
        self.remove_class("-outline")
        self.go_to(event.question_id)
        self.ladder.focus(scroll_visible=False)

    # Other screens

    def action_review(self) -> None:
        """Save, then show all answers; the review may come back with a question to go to."""
        self.editor.save()
        self.app.push_screen(SurveyReviewScreen(self.editor.rubric, self.editor.assessment), self.go_to)

    def action_rule(self) -> None:
        words = self.editor.rubric.how_to_answer or "The rubric gives no rule."
        self.app.push_screen(Tell("How to read the ladder", words))

    def action_migrate(self) -> None:
        self._saving.migrate()

    def action_settle(self) -> None:
        self._saving.start_settling()

    # Leaving

    def keep_work(self) -> None:
        self.editor.keep()

    def would_be_lost(self) -> str | None:
        return self.editor.lost_words()

    def saved_words(self) -> str | None:
        return self.editor.saved_words()

    def action_back(self) -> None:
        if self.has_class("-outline"):
            self.action_outline()
        else:
            self._saving.leave()
