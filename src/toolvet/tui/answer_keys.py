"""The keys that change the answer to the question on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from toolvet.domain import answering
from toolvet.domain.assessment import Evidence
from toolvet.domain.rubric import Rubric
from toolvet.domain.scoring import score
from toolvet.files.evidence import evidence_sha256
from toolvet.files.reading import AssessmentFile
from toolvet.files.unfinished import Unfinished
from toolvet.files.workspace import Workspace
from toolvet.tui.open_assessment import Edit
from toolvet.tui.question_screen import QuestionScreen

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
            self.change_answer(answering.at_level(self.answer, level, self.on_day))

    def action_clear(self) -> None:
        """Take the answer off; note, setting and evidence stay."""
        if self.may_change(self.action_clear):
            self.change_answer(answering.cleared(self.answer))

    def action_unknown(self) -> None:
        """Unknown at once; then what was tried."""
        if not self.may_change(self.action_unknown):
            return
        tried_before = self.answer.unknown or ""
        self.change_answer(answering.as_unknown(self.answer, tried_before, self.on_day))
        answer = self.answer
        self.write(
            "Unknown: what was tried?",
            tried_before,
            lambda tried: answering.as_unknown(answer, tried, self.on_day),
            text="It counts as unknown already; this may be left empty.",
            hint="e.g. Asked the vendor on 2 November; not in the help pages.",
        )

    def action_not_applicable(self) -> None:
        """Not applicable, once there is a reason."""
        if not self.may_change(self.action_not_applicable):
            return
        from toolvet.tui.half_typed import half_typed  # see above
        from toolvet.tui.text_dialogs import AskText

        answer, place = self.answer, self._unfinished(REASON)
        half = half_typed(place)

        def leave(reason: str | None) -> None:
            place.forget()
            if reason is not None:
                self.change_answer(answering.as_not_applicable(answer, reason, self.on_day))

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
        from toolvet.tui.widgets.evidence_dialog import EvidenceDialog  # see above

        edit, answer = Edit(self), self.answer

        def save(evidence: tuple[Evidence, ...]) -> str | None:
            return edit.save(self.assessment.with_answer(self.at, replace(answer, evidence=evidence)))

        def leave(evidence: tuple[Evidence, ...] | None) -> None:
            edit.take_back()
            if evidence is not None:
                self._keep_evidence(evidence)

        used = answering.sources_used(self.assessment, self._recent_sources)
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
        from toolvet.tui.facts import FactsScreen  # see above

        edit, before = Edit(self), self.assessment

        def save(scope: Mapping[str, str]) -> None:
            edit.save(replace(before, scope=scope))

        subject, ending = before.subject.label, "Then back to the questions."
        self.app.push_screen(FactsScreen(self.rubric, before.scope, subject=subject, ending=ending, given_now=save))
