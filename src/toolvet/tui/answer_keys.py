"""The keys that change the answer to the question on the screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from toolvet.domain import answering
from toolvet.domain.assessment import Evidence
from toolvet.domain.rubric import Rubric
from toolvet.files.evidence import evidence_sha256
from toolvet.files.reading import AssessmentFile
from toolvet.files.workspace import Workspace
from toolvet.tui.open_assessment import OpenAssessment
from toolvet.tui.widgets.ladder import Ladder

if TYPE_CHECKING:
    from toolvet.tui.facts import FactsGiven  # imported where the facts are asked for

ANSWERING = frozenset({"pick_rung", "unknown", "not_applicable", "evidence", "note", "setting", "clear"})


class AnswerKeys(OpenAssessment):
    """Rung, unknown, not applicable, note, setting, evidence, scope. Each asks `may_change` before anything else.

    A dialog is imported by the key that asks for it: all of them take 25 ms, as long as drawing the first question.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("0", "pick_rung(0)", "Rung 0", show=False),
        *(Binding(str(level), f"pick_rung({level})", f"Rung {level}", show=False) for level in range(1, 7)),
        Binding("u", "unknown", "Unknown", tooltip="Not found in the time given; then what was tried."),
        Binding("x", "not_applicable", "N/A", tooltip="Not applicable, for a reason."),
        Binding("e", "evidence", "Evidence", tooltip="Where it was seen; sources used before take one key."),
        Binding("m", "note", "Note", tooltip="A note to the answer."),
        Binding("s", "setting", "Setting", tooltip="The configuration that the level depends on."),
        Binding("delete,backspace", "clear", "Clear", show=False, tooltip="Unanswered again; the note stays."),
        Binding("f", "scope", "Scope", show=False, tooltip="The facts that decide which questions apply."),
    ]

    def __init__(
        self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date, *, at: str, read_only: bool
    ) -> None:
        super().__init__(workspace, rubric, file, on, at=at, read_only=read_only)
        self._recent_sources: list[str] = []

    def hides_question(self) -> bool:
        """Whether something stands where the question was, so that there is no answering it."""
        return False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """No answering of a question that is not to be seen."""
        return not (action in ANSWERING and self.hides_question())

    @on(Ladder.Chosen)
    def _take_from_ladder(self, event: Ladder.Chosen) -> None:
        event.stop()
        self.action_pick_rung(event.level)

    def action_pick_rung(self, level: int) -> None:
        """Answer with that rung."""
        if not self.may_change():
            return
        if level > self.question.top:
            self.say(f"This ladder ends at {self.question.top}.")
        else:
            self.change_answer(answering.at_level(self.answer, level, self.on_day))

    def action_clear(self) -> None:
        """Take the answer off; note, setting and evidence stay."""
        if self.may_change():
            self.change_answer(answering.cleared(self.answer))

    def action_unknown(self) -> None:
        """Unknown at once; then what was tried."""
        if not self.may_change():
            return
        from toolvet.tui.dialogs import AskText  # see above

        tried_before = self.answer.unknown or ""
        self._keep_tried(tried_before)
        self.ask(
            AskText(
                "Unknown: what was tried?",
                tried_before,
                text="It counts as unknown already; this may be left empty.",
                hint="Asked the vendor on 2 November; not in the help pages.",
            ),
            self._keep_tried,
        )

    def _keep_tried(self, tried: str) -> None:
        self.change_answer(answering.as_unknown(self.answer, tried, self.on_day))

    def action_not_applicable(self) -> None:
        """Not applicable, once there is a reason."""
        if not self.may_change():
            return
        from toolvet.tui.dialogs import AskText  # see above

        dialog = AskText(
            "Not applicable: why?",
            self.answer.not_applicable or "",
            text="Only for what your setting does not need. What the tool lacks is 0, not found out is unknown.",
            required=True,
        )
        self.ask(
            dialog, lambda reason: self.change_answer(answering.as_not_applicable(self.answer, reason, self.on_day))
        )

    def action_note(self) -> None:
        """Write the note."""
        if not self.may_change():
            return
        from toolvet.tui.dialogs import AskText  # see above

        dialog = AskText("Note", self.answer.note or "", text=self.question.title)
        self.ask(dialog, lambda note: self.change_answer(replace(self.answer, note=note or None)))

    def action_setting(self) -> None:
        """Write the setting."""
        if not self.may_change():
            return
        from toolvet.tui.dialogs import AskText  # see above

        dialog = AskText(
            "Setting",
            self.answer.setting or "",
            text="The configuration that this level depends on, as it will be run.",
            hint="Waiting room on, locked for the account.",
        )
        self.ask(dialog, lambda setting: self.change_answer(replace(self.answer, setting=setting or None)))

    def action_evidence(self) -> None:
        """Add, change or remove evidence."""
        if not self.may_change():
            return
        from toolvet.tui.widgets.evidence_dialog import EvidenceDialog  # see above

        used = answering.sources_used(self.assessment, self._recent_sources)
        self.ask(EvidenceDialog(self.question.title, self.answer.evidence, used, self.on_day), self._keep_evidence)

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
        if not self.may_change():
            return
        if not self.rubric.scope:
            self.say("This rubric asks for no scope facts.")
            return
        from toolvet.tui.facts import FactsScreen  # see above

        subject = self.assessment.subject.label
        facts = FactsScreen(self.rubric, self.assessment.scope, subject=subject, ending="Then back to the questions.")
        self.app.push_screen(facts, self._keep_scope)

    def _keep_scope(self, given: FactsGiven | None) -> None:
        if given is not None:
            self.change(replace(self.assessment, scope=given.scope))
