"""Assess: one question at a time, with the outline at the left and the running scorecard at the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.getters import query_one

from toolvet.domain.assessment import (
    Evidence,
    as_not_applicable,
    as_unknown,
    at_level,
    cleared,
    first_question,
    sources_used,
)
from toolvet.domain.progress import Pass, next_open, questions_in
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.services.session import OpenedAssessment, Session
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.user_state import Unfinished, last_place
from toolvet.storage.workspace import Workspace, evidence_sha256
from toolvet.text.escape import plural
from toolvet.tui.assess.editor import Edit, QuestionScreen
from toolvet.tui.assess.outline import Outline
from toolvet.tui.assess.question import QuestionPane
from toolvet.tui.kit.dialogs import Choice, ChooseOne
from toolvet.tui.kit.frame import Keys, Notice, Status, TitleBar, Trouble
from toolvet.tui.kit.score_panel import ScoreLine, ScorePanel, left_words

REASON = "not applicable"
"""What a half-typed reason is kept as; it counts only once it is given."""

ANSWERING = frozenset({"pick_rung", "unknown", "not_applicable", "evidence", "note", "setting", "clear"})


class AnswerKeys(QuestionScreen):
    """Rung, unknown, not applicable, note, setting, evidence, scope. Each asks `may_change` before anything else.

    A dialog is imported by the key that asks for it: all of them take 25 ms, as long as drawing the first question.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(level), f"pick_rung({level})", f"Rung {level}", show=False) for level in range(10)),
        Binding("u", "unknown", "Unknown", tooltip="Not found in the time given; then what was tried."),
        Binding("x", "not_applicable", "N/A", tooltip="Not applicable, for a reason."),
        Binding("e", "evidence", "Evidence", tooltip="Where it was seen; sources used before take one key."),
        Binding("m", "note", "Note", tooltip="A note to the answer."),
        Binding("s", "setting", "Setting", tooltip="The configuration that the level depends on."),
        Binding("delete,backspace", "clear", "Clear", show=False, tooltip="Unanswered again; the note stays."),
        Binding("f", "scope", "Scope", tooltip="The facts that decide which questions apply."),
    ]

    def __init__(
        self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date, *, at: str, read_only: bool
    ) -> None:
        super().__init__(workspace, rubric, file, on, at=at, read_only=read_only)
        self._recent_sources: list[str] = []
        self.judge()

    def judge(self) -> None:
        """Score the assessment."""
        self.scorecard = score(self.rubric, self.assessment, self.on_day)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No answering of a question that is not to be seen."""
        return not (action in ANSWERING and self.hides_question()) and super().check_action(action, parameters)

    def action_pick_rung(self, level: int) -> None:
        """Answer with that rung."""
        if not self.may_change(partial(self.action_pick_rung, level)):
            return
        if level > self.question.top:
            self.say(f"This ladder ends at {self.question.top}.")
        else:
            self.change_answer(at_level(self.answer, level, self.on_day))

    def action_clear(self) -> None:
        """Take the answer off; note, setting and evidence stay."""
        if self.may_change(self.action_clear):
            self.change_answer(cleared(self.answer))

    def action_unknown(self) -> None:
        """Unknown at once; then what was tried."""
        if not self.may_change(self.action_unknown):
            return
        tried_before = self.answer.unknown or ""
        self.change_answer(as_unknown(self.answer, tried_before, self.on_day))
        answer = self.answer
        self.write(
            "Unknown: what was tried?",
            tried_before,
            lambda tried: as_unknown(answer, tried, self.on_day),
            text="It counts as unknown already; this may be left empty.",
            hint="e.g. Asked the vendor on 2 November; not in the help pages.",
        )

    def action_not_applicable(self) -> None:
        """Not applicable, once there is a reason."""
        if not self.may_change(self.action_not_applicable):
            return
        from toolvet.tui.kit.text_dialogs import (
            AskText,
            half_typed,  # see above
        )

        answer, place = self.answer, self._unfinished(REASON)
        half = half_typed(place)

        def leave(reason: str | None) -> None:
            place.forget()
            if reason is not None:
                self.change_answer(as_not_applicable(answer, reason, self.on_day))

        dialog = AskText(
            "Not applicable: why?",
            answer.not_applicable or "",
            text=(
                "Only for what your setting does not need. What the tool lacks is 0, not found out is unknown. "
                "It counts once you keep it."
            ),
            required=True,
            drafted=half.keep_text,
            taken_up=half.text,
        )
        self.app.push_screen(dialog, leave)

    def _unfinished(self, what: str) -> Unfinished:
        """Where something half typed about the question on the screen is kept, which does not count yet."""
        return Unfinished(self.workspace.root, f"{what} {self.at} {self.workspace.relative(self.keeping.file.path)}")

    def _half_date(self, source: str) -> Unfinished:
        return self._unfinished(f"date of {source},")

    def on_mount(self) -> None:
        """Say so where something was half typed about this question when the app was ended."""
        if self._unfinished(REASON).left().work:
            self.say("You were typing why this is not applicable: x takes it up again.")
        elif any(self._half_date(evidence.source).left().work for evidence in self.answer.evidence):
            self.say("You were typing a date of this evidence: e, and d at the evidence, takes it up again.")

    def action_note(self) -> None:
        """Write the note."""
        if self.may_change(self.action_note):
            self.write_note(self.question.title)

    def action_setting(self) -> None:
        """Write the setting."""
        if self.may_change(self.action_setting):
            answer = self.answer
            self.write(
                "Setting",
                answer.setting or "",
                lambda setting: replace(answer, setting=setting or None),
                text="The configuration that this level depends on, as it will be run.",
                hint="e.g. Waiting room on, locked for the account.",
            )

    def action_evidence(self) -> None:
        """Add, change or remove evidence."""
        if not self.may_change(self.action_evidence):
            return
        from toolvet.tui.assess.evidence import EvidenceDialog  # see above

        edit, answer = Edit(self), self.answer

        def save(evidence: tuple[Evidence, ...]) -> str | None:
            return edit.save(self.assessment.with_answer(self.at, replace(answer, evidence=evidence)))

        def leave(evidence: tuple[Evidence, ...] | None) -> None:
            edit.take_back()
            if evidence is not None:
                self._keep_evidence(evidence)

        used = sources_used(self.assessment, self._recent_sources)
        dialog = EvidenceDialog(self.question.title, answer.evidence, used, self.on_day, save, self._half_date)
        self.app.push_screen(dialog, leave)

    def _keep_evidence(self, evidence: tuple[Evidence, ...]) -> None:
        new = [each.source for each in evidence if each not in self.answer.evidence]
        self._recent_sources = [source for source in self._recent_sources if source not in new] + new
        self.change_answer(replace(self.answer, evidence=tuple(self._with_digest(each) for each in evidence)))

    def _with_digest(self, evidence: Evidence) -> Evidence:
        """The same, with the digest of the file where it is one of the workspace."""
        if evidence.sha256 is not None:
            return evidence
        return replace(evidence, sha256=evidence_sha256(self.workspace.root, evidence.source))

    def action_scope(self) -> None:
        """Give or change the facts about the tool and its setting."""
        if not self.may_change(self.action_scope):
            return
        if not self.rubric.scope:
            self.say("This rubric asks for no scope facts.")
            return
        from toolvet.tui.assess.facts import FactsScreen  # see above

        edit, before = Edit(self), self.assessment

        def save(scope: Mapping[str, str]) -> None:
            edit.save(replace(before, scope=scope))

        subject, ending = before.subject.label, "Then back to the questions."
        self.app.push_screen(FactsScreen(self.rubric, before.scope, subject=subject, ending=ending, given_now=save))


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
        super().__init__(workspace, rubric, file, on, at=first_question(rubric, wanted), read_only=read_only)
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

        self.ask(choose_pass(self.scorecard, self.chosen_pass), self._begin_pass)

    def _begin_pass(self, chosen: Pass) -> None:
        self.chosen_pass = self._passes_chosen[self.keeping.file.path] = chosen
        in_pass = self.passed()
        if not in_pass:
            self.say("No question is left in that pass.")
        self.go_to(self.at if self.at in in_pass or not in_pass else in_pass[0])

    def action_review(self) -> None:
        """Save, then the scorecard in full; it may come back with a question to go to."""
        from toolvet.tui.review.screen import ReviewScreen  # seldom the first thing, and this screen is to open fast

        self._save()
        file = replace(self.keeping.file, assessment=self.assessment)
        opened = OpenedAssessment(file, self.rubric, self.workspace.why_read_only(file))
        session = Session(self.workspace, lambda: self.on_day)
        self.app.push_screen(ReviewScreen(session, opened), self._come_back)

    def _come_back(self, target: str | None) -> None:
        # a decision may have been recorded there
        self.is_decided = self.is_decided or self.workspace.why_read_only(self.keeping.file) is not None
        self.show_saving()
        if target is not None:
            self.go_to(target)

    def passed(self) -> list[str]:
        """The ids of the questions of the pass."""
        return [scored.question.id for scored in questions_in(self.chosen_pass, self.scorecard)]


PASS_WORDS = {
    Pass.ALL: "all questions",
    Pass.MUST_HAVES: "must-haves",
    Pass.OPEN: "open questions",
    Pass.TRIAL: "trial: with the tool in hand",
    Pass.CONSOLE: "console: in its settings",
    Pass.READING: "reading: from documents",
    Pass.CONTRACT: "contract: from what was signed",
}


def choose_pass(scorecard: Scorecard, chosen: Pass) -> ChooseOne[Pass]:
    """Which questions to pass through, with how many there are and the minutes each still takes."""
    choices = [Choice(each, PASS_WORDS[each], _size(each, scorecard)) for each in Pass]
    return ChooseOne("Which questions to pass through?", choices, chosen=chosen)


def _size(each: Pass, scorecard: Scorecard) -> str:
    count = len(questions_in(each, scorecard))
    return f"{plural(count, 'question')}, {left_words(each, scorecard)}" if count else "no questions"
