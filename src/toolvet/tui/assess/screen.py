"""Assess: one question at a time, with the outline at the left and the running scorecard at the right."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize, ScreenResume
from textual.getters import query_one

from toolvet.domain.assessment import Answer, Pass, next_open, questions_in
from toolvet.domain.scorecard import Scorecard
from toolvet.services.assessments import UNREAD, OpenedAssessment, Session
from toolvet.services.editing import Editor, Navigator, assessment_route
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.user_state import last_place, remember_place
from toolvet.text.escape import plural
from toolvet.text.sentences import settled_words
from toolvet.tui import screens
from toolvet.tui.assess.answers import AnswerDialogs
from toolvet.tui.assess.outline import Outline, find_question, scorecard_rows, toggle_outline
from toolvet.tui.assess.question import DIGITS, Ladder, QuestionPane
from toolvet.tui.assess.saving import SavingView
from toolvet.tui.kit.content import Keys, Notice, TitleBar, Trouble, entitle
from toolvet.tui.kit.find import FIND
from toolvet.tui.kit.score_panel import ScoreLine, ScorePanel, left_words, verdict_words
from toolvet.tui.screen import AGAIN, Place, notify

WIDE = 118
"""Columns from which the outline and the scorecard stand beside the question."""
ANSWERING = frozenset({"pick_rung", "confirm", "unknown", "not_applicable", "evidence", "note", "setting", "clear"})
CHANGING = ANSWERING | {"scope", "travel"}
_OTHERWISE = frozenset({"unknown", "not_applicable"})
"""The actions that a read-only assessment refuses."""


class AssessScreen(Place[AssessmentFile]):
    """One question at a time; any of them can be left open. Dismissed with the file as it was last saved.

    The editor holds the assessment, the navigator the question that is shown.
    """

    CSS_PATH = "assess.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-roomy"), (WIDE, "-wide")]  # noqa: RUF012 - Textual declares it on the instance
    HELP = (
        "A digit picks the rung that is wholly true; what you cannot find out is unknown, and any question may be left "
        "open. Every change is saved at once.\n"
        "● answered   ? unknown   – not applicable   ↻ expired, answer again   ! to be confirmed   · not answered"
    )
    UNLISTED = ("pick_rung(",)  # the words above the keys name the digits
    BINDINGS: ClassVar[list[BindingType]] = [
        AGAIN,
        *SavingView.BINDINGS,
        *DIGITS,
        Binding(
            "K",
            "confirm",
            "Confirm",
            tooltip="An answer carried over still holds, or a file with a broken seal is right.",
            id="confirm",
        ),
        Binding("u", "unknown", "Unknown", tooltip="Not found in the time given; then what was tried.", id="unknown"),
        Binding("x", "not_applicable", "N/A", tooltip="Not applicable, for a reason.", id="n-a"),
        Binding("e", "evidence", "Evidence", tooltip="Where it was seen, and how strong that is.", id="evidence"),
        Binding("m", "note", "Note", tooltip="A note to the answer.", id="note"),
        Binding(
            "delete,backspace", "clear", "Clear", show=False, tooltip="Unanswered again; the note stays.", id="clear"
        ),
        Binding("f", "scope", "Scope facts", tooltip="The facts that decide which questions apply.", id="facts"),
        Binding(
            "j", "next_open", "Next open", tooltip="The next question of this pass that is still open.", id="next-open"
        ),
        Binding("n,right", "step(1)", "Next", key_display="n", tooltip="The next question of this pass.", id="next"),
        Binding("s", "setting", "Setting", tooltip="The configuration that the level depends on.", id="setting"),
        Binding("r", "review", "Review", tooltip="The whole scorecard, and what would change it.", id="review"),
        Binding(
            "i",
            "details",
            "More",
            tooltip="How to check, and why; once more goes back.",
            id="more",
        ),
        Binding(
            "p,left", "step(-1)", "Previous", key_display="p", tooltip="The one before.", show=False, id="previous"
        ),
        Binding("g", "outline", "Go to", tooltip="All questions; enter goes to one.", id="go-to"),
        Binding("l", "choose_pass", "Filter", tooltip="Choose which questions to work on.", id="which"),
        FIND,
        Binding(
            "y",
            "take_out('copy')",
            "Copy",
            show=False,
            tooltip="Copy the answer with its note and evidence.",
            id="copy",
        ),
        Binding(
            "o",
            "take_out('open')",
            "Open evidence",
            show=False,
            tooltip="Open an address of its evidence.",
            id="open-evidence",
        ),
        Binding("M", "migrate", "Migrate", show=False, tooltip="Over to another version of the rubric.", id="migrate"),
        Binding(
            "question_mark,f1", "app.show_keys", "Help", key_display="?", tooltip="What the keys do here.", id="help"
        ),
        Binding("escape", "back", "Back", tooltip="Back to the list; all is saved.", id="back"),
        Binding("q", "app.quit", "Quit", show=False, tooltip="End toolvet and say what is saved.", id="quit"),
    ]

    _passes_chosen: ClassVar[dict[Path, Pass]] = {}
    """By file, until toolvet ends, so that coming back goes on in the same pass."""

    pane = query_one(QuestionPane)
    outline = query_one(Outline)

    def __init__(self, session: Session, opened: OpenedAssessment, *, start_at: str | None = None) -> None:
        super().__init__()
        self._session = session
        self.editor = Editor(session, opened)
        self.editor.on_change = self._show_change
        self.chosen_pass = self._passes_chosen.get(opened.file.path, Pass.ALL)
        self.scorecard = self.editor.current.score(self._session.on)
        route = assessment_route(self.scorecard, self.chosen_pass)
        self.navigator = Navigator(self.editor.rubric, route, start_at or last_place(opened.file.path))
        self._saving = SavingView(self, self.editor, self.navigator)
        self._dialogs = AnswerDialogs(self._saving)
        self._is_answered = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Assess", self.editor.assessment.subject.label)
        yield ScoreLine(id="score-line")
        yield Notice()
        with Horizontal(id="panes"):
            yield Outline()
            yield QuestionPane(self.editor.rubric)
            with Vertical(id="score-side", classes="pane"):
                yield ScorePanel()
        yield Trouble()
        yield Keys()

    def on_mount(self) -> None:
        self.show_all()
        self._saving.begin()
        self.pane.ladder.focus(scroll_visible=False)
        self._dialogs.tell_half_typed()
        opened, tell = self.editor.current, self.pane.tell_beside
        # counting surveys takes a while, and so does loading what counts them, or reads the files behind a panel
        if opened.assessment.panel or self._session.workspace.earlier(opened.file) is not None:
            self.run_worker(
                lambda: screens.look_beside(self, self._session, opened, tell), thread=True, group="surveys"
            )

    def _on_screen_resume(self, event: ScreenResume) -> None:  # noqa: ARG002 Textual calls those of the parents as well
        # a conflict may have come about while a dialog was open
        self._saving.tell_conflict()

    def take_new_day(self) -> None:
        self.scorecard = self.editor.current.score(self._session.on)
        self.show_all()

    def _show_change(self) -> None:
        before, self.scorecard = self.scorecard, self.editor.current.score(self._session.on)
        if self.chosen_pass is Pass.QUICKEST and not settled_words(before) and settled_words(self.scorecard):
            notify(self, settled_words(self.scorecard))
        self.show_all()
        self._saving.save_soon()

    @on(Resize)
    def show_all(self) -> None:
        """Show the question, the marks and the scorecard; only what changed is drawn."""
        before = len(self.navigator.route.applying)
        if self.navigator.follow(assessment_route(self.scorecard, self.chosen_pass)):
            notify(self, f"{before} → {len(self.navigator.route.applying)} questions apply.")
        at, stops = self.navigator.at, self.navigator.route.stops
        self.outline.show_rows(scorecard_rows(self.scorecard, frozenset(stops)), at)
        self.query_one(ScorePanel).show(self.scorecard)
        self.query_one(ScoreLine).show(self.scorecard)
        words = PASS_WORDS[self.chosen_pass]
        place, left = f"{self.navigator.place} of {len(stops)}", left_words(self.chosen_pass, self.scorecard)
        entitle(self.outline, f"{words[:1].upper()}{words[1:]}", f"{place} · {left}")
        entitle(self.query_one("#score-side"), verdict_words(self.scorecard))
        is_alone = self.app.size.width < WIDE
        chosen = () if self.chosen_pass is Pass.ALL else (self.chosen_pass.value,)
        shown_place = " · ".join((place, *chosen, left)) if is_alone else ""
        self.pane.show(self.scorecard, at, self.answer, place=shown_place)
        if self._is_answered != self.answer.is_given:
            self._is_answered = self.answer.is_given
            self.refresh_bindings()

    @property
    def answer(self) -> Answer:
        """The answer to the question that is shown."""
        return self.editor.assessment.answer(self.navigator.at)

    def go_to(self, question_id: str | None) -> None:
        """Show that question, and remember it for the next time."""
        if question_id is not None:
            self.navigator.at = question_id
            self.show_all()
            self.call_after_refresh(remember_place, self.editor.file.path, question_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """A question hidden by the outline cannot be answered; there is something to settle after a conflict only."""
        hides_question = self.has_class("-outline") and not self.has_class("-wide")
        if action == "confirm" and self.answer.confirm is None and self.editor.refusal != UNREAD:
            return False
        if action == "settle":
            return self.editor.keeping.is_overtaken
        if action == "again":
            return self.editor.current.read_only is not None
        return not (hides_question and action in ANSWERING)

    @property
    def idle_actions(self) -> frozenset[str]:
        """Nothing can be changed in a read-only assessment."""
        is_open = self.editor.refusal is None or self.editor.must_be_read_first
        return frozenset() if is_open else CHANGING

    @property
    def quiet_actions(self) -> frozenset[str]:
        """Where there is little room and the question is answered, the way on matters more than answering otherwise."""
        return _OTHERWISE if self._is_answered and self.app.size.width < WIDE else frozenset()

    # Answering

    @on(Ladder.Chosen)
    def _take_from_ladder(self, event: Ladder.Chosen) -> None:
        event.stop()
        self.action_pick_rung(event.level)

    def action_pick_rung(self, level: int) -> None:
        self._dialogs.pick_rung(level)

    def action_confirm(self) -> None:
        if self.editor.refusal == UNREAD:
            self._saving.confirm_seal()
        else:
            self._dialogs.confirm()

    def action_clear(self) -> None:
        self._dialogs.clear()

    def action_unknown(self) -> None:
        self._dialogs.unknown()

    def action_not_applicable(self) -> None:
        self._dialogs.not_applicable()

    def action_note(self) -> None:
        self._dialogs.note(self.navigator.question.heading)

    def action_setting(self) -> None:
        self._dialogs.setting()

    def action_evidence(self) -> None:
        self._dialogs.evidence()

    def action_scope(self) -> None:
        self._dialogs.scope()

    def action_travel(self, by: int) -> None:
        self.go_to(self._saving.undo() if by < 0 else self._saving.redo())

    # Going to other questions

    def action_step(self, by: int) -> None:
        target = self.navigator.step(by)
        if target is None:
            notify(self, "That was the last question of this pass." if by > 0 else "That is the first of this pass.")
        self.go_to(target)

    def action_next_open(self) -> None:
        target = self.navigator.next_open()
        self.go_to(target)
        if target is not None:
            return
        if self.chosen_pass is Pass.ALL or next_open(self.scorecard, self.navigator.at) is None:
            notify(self, "No other question is open; r reviews.")
        else:
            notify(self, f"No other question of this pass ({self.chosen_pass.value}) is open; l and 1 go on with all.")

    def action_details(self) -> None:
        self.pane.turn_to_details()

    def action_outline(self) -> None:
        toggle_outline(self, self.pane.ladder)

    @on(Outline.Moved)
    @on(Outline.Picked)
    def _follow_outline(self, event: Outline.Moved | Outline.Picked) -> None:
        is_picked = isinstance(event, Outline.Picked)
        if is_picked:
            self.remove_class("-outline")
        self.go_to(event.question_id)
        if is_picked:
            self.pane.ladder.focus(scroll_visible=False)

    def action_choose_pass(self) -> None:
        choices = [screens.Choice(each, PASS_WORDS[each], _size(each, self.scorecard)) for each in Pass]
        question = screens.ChooseOne("Which questions do you want to work on?", choices, chosen=self.chosen_pass)
        self.app.push_screen(question, self._begin_pass)

    def _begin_pass(self, chosen: Pass | None) -> None:
        if chosen is None:
            return
        self.chosen_pass = self._passes_chosen[self.editor.file.path] = chosen
        route = assessment_route(self.scorecard, chosen)
        stops = route.stops
        if not stops:
            notify(
                self,
                left_words(chosen, self.scorecard) if chosen is Pass.QUICKEST else "No question is left in that pass.",
            )
        stays = not stops or (self.navigator.at in stops and not route.is_ranked)
        self.go_to(self.navigator.at if stays else stops[0])

    def action_find(self) -> None:
        find_question(self, self.outline, self.editor.rubric.texts, self.go_to, self._dialogs.words)

    # What stands here, outside of the app

    def action_take_out(self, how: str) -> None:
        if how == "copy":
            self._dialogs.copy(self.scorecard.question(self.navigator.at))
        else:
            self._dialogs.open_outside()

    # Other screens

    def action_review(self) -> None:
        self.editor.save()
        self.app.push_screen(screens.ReviewScreen(self._session, self.editor.current), self._come_back)

    def _come_back(self, target: str | None) -> None:
        self.editor.look_for_decision()
        self._saving.show()
        self.go_to(target)

    def action_migrate(self) -> None:
        self._saving.migrate()

    def action_settle(self) -> None:
        self._saving.start_settling()

    def action_again(self) -> None:
        self._saving.start_again()

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


PASS_WORDS = {
    Pass.ALL: "all questions",
    Pass.MUST_HAVES: "must-haves",
    Pass.OPEN: "open questions",
    Pass.QUICKEST: "the quickest way to a verdict",
    Pass.TRIAL: "trial: with the tool in hand",
    Pass.CONSOLE: "console: in its settings",
    Pass.READING: "reading: from documents",
    Pass.CONTRACT: "contract: from what was signed",
}


def _size(each: Pass, scorecard: Scorecard) -> str:
    count = len(questions_in(each, scorecard))
    if not count and each is Pass.QUICKEST:
        return left_words(each, scorecard)
    return f"{plural(count, 'question')}, {left_words(each, scorecard)}" if count else "no questions"
