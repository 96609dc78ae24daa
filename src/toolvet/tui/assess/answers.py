"""The dialogs for an answer and the scope facts. What is typed is saved while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from toolvet.domain.assessment import (
    Answer,
    Evidence,
    as_not_applicable,
    as_unknown,
    at_level,
    cleared,
    confirmed,
    sources_used,
)
from toolvet.domain.rubric import TextQuestion
from toolvet.domain.scorecard import QuestionScore
from toolvet.domain.scoring import past_shelf_life
from toolvet.errors import ToolvetError
from toolvet.storage.user_state import Unfinished
from toolvet.text.escape import listed
from toolvet.text.labels import answer_mark
from toolvet.tui import screens
from toolvet.tui.assess.saving import SavingView
from toolvet.tui.screen import copy_words, notify

REASON = "not applicable"
"""What a half-typed reason is kept as; it does not count before it is given."""


class AnswerDialogs:
    """One method for each part of an answer, about the question that is shown. Each asks first if it may be changed."""

    def __init__(self, view: SavingView) -> None:
        self._view, self._editor, self._navigator = view, view.editor, view.navigator
        self._recent_sources: list[str] = []

    @property
    def _answer(self) -> Answer:
        return self._editor.assessment.answer(self._navigator.at)

    def _change(self, answer: Answer) -> None:
        self._editor.change_answer(self._navigator.at, answer)

    def pick_rung(self, level: int) -> None:
        """Answer with that rung."""
        if not self._view.may_change(lambda: self.pick_rung(level)):
            return
        top = self._navigator.question.top
        if self._answer.confirm is not None and level == self._answer.level:
            self.confirm()
        elif level > top:
            notify(self._view.screen, f"This ladder ends at {top}.")
        else:
            self._change(at_level(self._answer, level, self._editor.session.on))

    def confirm(self) -> None:
        """Confirm the answer that was carried over; evidence past its shelf life has to be renewed first."""
        answer, on = self._answer, self._editor.session.on
        if answer.confirm is None:
            notify(self._view.screen, "Nothing is to be confirmed here.")
        elif self._view.may_change(self.confirm):
            old = past_shelf_life(self._navigator.question, answer, on)
            if old:
                sources = listed([one.source for one in old])
                notify(
                    self._view.screen, f"Past its shelf life: {sources}. Look again and renew the date, then press K."
                )
                self.evidence()
            else:
                self._change(confirmed(answer, on))

    def clear(self) -> None:
        """Take the answer off; note, setting and evidence stay."""
        if self._view.may_change(self.clear):
            self._change(cleared(self._answer))

    def unknown(self) -> None:
        """Make it unknown at once, and ask what was tried; esc takes it back."""
        if not self._view.may_change(self.unknown):
            return
        session, tried_before, level = self._editor.session, self._answer.unknown or "", self._answer.level
        answer = as_unknown(self._answer, tried_before, session.on)
        was = "It counts as unknown now" if level is None else f"Level {level} became unknown"
        self._write(
            "Unknown: what was tried?",
            tried_before,
            lambda tried: as_unknown(answer, tried, session.on),
            text=f"{was}. You can leave this empty; esc takes it back.",
            hint="e.g. Asked the vendor on 2 November; not in the help pages.",
            begins=True,
            kept="" if level is None else f"It was level {level}: z brings it back.",
        )

    def not_applicable(self) -> None:
        """Make it not applicable once there is a reason."""
        if not self._view.may_change(self.not_applicable):
            return
        answer, place = self._answer, self._editor.unfinished(REASON, self._navigator.at)
        half = screens.half_typed(place)

        def leave(reason: str | None) -> None:
            place.forget()
            if reason is not None:
                self._change(as_not_applicable(answer, reason, self._editor.session.on))

        dialog = screens.AskText(
            "Not applicable: why?",
            answer.not_applicable or "",
            text=(
                "Only for what you do not need. What the tool lacks is 0; what you cannot find out is unknown. "
                "It counts once you keep it."
            ),
            required=True,
            drafted=half.keep_text,
            taken_up=half.text,
        )
        self._view.screen.app.push_screen(dialog, leave)

    def note(self, text: str) -> None:
        """Ask for the note; `text` stands above the field."""
        if self._view.may_change(lambda: self.note(text)):
            answer = self._answer
            self._write("Note", answer.note or "", lambda note: replace(answer, note=note or None), text=text)

    def words(self, question: TextQuestion) -> None:
        """Ask for the answer to a question that is answered in words."""
        if not self._view.may_change(lambda: self.words(question)):
            return
        answer, on_day = self._editor.assessment.answer(question.id), self._editor.session.on

        def answered(words: str) -> Answer:
            return replace(answer, note=words or None, answered=on_day if words else None)

        self._write(question.heading, answer.note or "", answered, text=question.text, about=question.id)

    def setting(self) -> None:
        """Ask for the configuration that the level depends on."""
        if self._view.may_change(self.setting):
            answer = self._answer
            self._write(
                "Setting",
                answer.setting or "",
                lambda setting: replace(answer, setting=setting or None),
                text="The configuration that this level depends on, as you will run it.",
                hint="e.g. Waiting room on, locked for the account.",
            )

    def _write(
        self,
        title: str,
        value: str,
        answer_of: Callable[[str], Answer],
        *,
        text: str,
        hint: str = "",
        begins: bool = False,
        kept: str = "",
        about: str | None = None,
    ) -> None:
        """Ask for a text and save it while it is typed; put everything back if it is thrown away.

        It is `about` a question that is answered in words, else about the one on screen. Where it `begins` at once, it
        is saved before anything is typed. `kept` is said once it is kept.
        """
        draft, before = self._editor.draft(self._navigator.at), self._editor.assessment
        question_id = about or self._navigator.at

        def save(typed: str) -> str | None:
            return draft.save(before.with_answer(question_id, answer_of(typed)))

        def leave(typed: str | None) -> None:
            if typed is None:
                draft.take_back()
            else:
                save(typed)
                if kept:
                    notify(self._view.screen, kept)

        if begins:
            save(value)
        dialog = screens.AskText(title, value, text=text, hint=hint, drafted=save)
        self._view.screen.app.push_screen(dialog, leave)

    def copy(self, scored: QuestionScore) -> None:
        """Copy the answer with its note, setting and evidence."""
        answer = self._answer
        rows = [f"{scored.question.title}: {answer_mark(scored).strip()}"]
        texts = (answer.unknown, answer.not_applicable, answer.note, answer.setting)
        rows += [text for text in (*texts, *(each.source for each in answer.evidence)) if text]
        copy_words(self._view.screen, "\n".join(rows), "answer")

    def open_outside(self) -> None:
        """Open an address of the evidence; ask which where there are several."""
        addresses = [each.source for each in self._answer.evidence if each.source.startswith("https://")]
        app = self._view.screen.app
        if not addresses:
            raise ToolvetError("No evidence here has an address that begins with https://.")
        if len(addresses) == 1:
            screens.open_address(app, addresses[0])
            return
        question = screens.ChooseOne("Which address?", [screens.Choice(each, each) for each in addresses])
        app.push_screen(question, lambda chosen: None if chosen is None else screens.open_address(app, chosen))

    def evidence(self) -> None:
        """Add, change or remove evidence."""
        if not self._view.may_change(self.evidence):
            return
        draft, answer = self._editor.draft(self._navigator.at), self._answer

        def save(evidence: tuple[Evidence, ...]) -> str | None:
            return draft.save_answer(replace(answer, evidence=evidence))

        def leave(evidence: tuple[Evidence, ...] | None) -> None:
            draft.take_back()
            if evidence is not None:
                self._keep_evidence(evidence)

        used = sources_used(self._editor.assessment, self._recent_sources)
        title, today = self._navigator.question.heading, self._editor.session.clock
        dialog = screens.EvidenceDialog(title, answer.evidence, used, today, save, self._half_date)
        self._view.screen.app.push_screen(dialog, leave)

    def _keep_evidence(self, evidence: tuple[Evidence, ...]) -> None:
        new = [each.source for each in evidence if each not in self._answer.evidence]
        self._recent_sources = [source for source in self._recent_sources if source not in new] + new
        self._change(replace(self._answer, evidence=tuple(self._with_digest(each) for each in evidence)))
        large = self._editor.session.workspace.evidence.unread(
            each.source for each in self._answer.evidence if not each.sha256
        )
        if large:
            self._view.screen.run_worker(self._read(self._navigator.at, tuple(large)), group="evidence")

    async def _read(self, question: str, sources: tuple[str, ...]) -> None:
        """Add the digests of large files once they are read, if the answer still names them."""
        await screens.navigation.read_evidence(self._view.screen.app, self._editor.session.workspace, sources)
        answer = self._editor.assessment.answer(question)
        evidence = tuple(self._with_digest(each) for each in answer.evidence)
        if evidence != answer.evidence:
            self._editor.change_answer(question, replace(answer, evidence=evidence))

    def _with_digest(self, evidence: Evidence) -> Evidence:
        """Add the digest of the file if the source is a file of the workspace."""
        if evidence.sha256 is not None:
            return evidence
        return replace(evidence, sha256=self._editor.session.workspace.evidence.sha256(evidence.source))

    def _half_date(self, source: str) -> Unfinished:
        return self._editor.unfinished(f"date of {source},", self._navigator.at)

    def tell_half_typed(self) -> None:
        """Say so if something about this question was half typed when the app ended."""
        if self._editor.unfinished(REASON, self._navigator.at).left().work:
            notify(self._view.screen, "You were typing why this is not applicable: press x to go on.")
        elif any(self._half_date(evidence.source).left().work for evidence in self._answer.evidence):
            notify(self._view.screen, "You were typing a date of this evidence: press e, and D at the evidence.")

    def scope(self) -> None:
        """Give or change the facts about the tool and its setting."""
        if not self._view.may_change(self.scope):
            return
        rubric, before = self._editor.rubric, self._editor.assessment
        if not rubric.scope:
            notify(self._view.screen, "This rubric asks for no scope facts.")
            return
        draft = self._editor.draft(self._navigator.at)

        def save(scope: Mapping[str, str]) -> None:
            draft.save(replace(before, scope=scope))

        subject, ending = before.subject.label, "Then back to the questions."
        facts = screens.FactsScreen(rubric, before.scope, subject=subject, ending=ending, given_now=save)
        self._view.screen.app.push_screen(facts)
