"""Decide: the verdict with its reasons, and the parts of the decision in one form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from toolvet.domain.decision import Decision
from toolvet.errors import NotSaved
from toolvet.services.assessments import OpenedAssessment, Session
from toolvet.services.decision_draft import decision_parts
from toolvet.storage.reader import DecisionFile
from toolvet.text.labels import DECISION_STYLES, day, verdict_mark
from toolvet.text.sentences import kept_elsewhere_words, reasons_in_words
from toolvet.tui.decide.draft import OpenDraft, Resumed
from toolvet.tui.decide.form import RECORD_WORDS, DecisionForm
from toolvet.tui.kit.content import (
    Keys,
    Notice,
    TitleBar,
    Trouble,
    below_each_other,
    entitle,
    hanging,
    in_a_row,
    on_one_line,
    shown,
    titled,
)
from toolvet.tui.kit.dialogs import Confirm, Tell
from toolvet.tui.kit.score_panel import ScorePanel, range_words, verdict_words
from toolvet.tui.kit.text_dialogs import Leaving, ask_to_leave, damaged_words, not_kept, when_words
from toolvet.tui.screen import Place, tells_errors

_MISSING_SHOWN = 3
_WHY_WIDTH = 40
"""Columns of the pane beside the form."""
_RING = 5
"""Columns that the ring, its padding and the scroll bar take."""
_ALL_MET = "Every requirement of the policy is met."


class DecideScreen(Place[DecisionFile | None]):
    """Dismissed with the decision as it was recorded, or None."""

    CSS_PATH = "decide.tcss"
    HELP = (
        "The verdict is computed; the decision is yours. Where they differ, the rationale says why. Nothing is "
        "recorded until you have reviewed it; then it becomes a file of its own, which never changes."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "reasons", "More", tooltip="The verdict with its reasons, and what is missing.", id="more"),
        Binding(
            "N",
            "start_afresh",
            "Start afresh",
            tooltip="Discard the draft and begin with what is suggested.",
            id="start-afresh",
        ),
    ]

    form = query_one(DecisionForm)
    trouble = query_one(Trouble)

    def __init__(self, session: Session, opened: OpenedAssessment, alternatives: Sequence[str] = ()) -> None:
        super().__init__()
        self.decided = OpenDraft(session, opened, alternatives)
        self._missing: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        yield TitleBar("Decide", self.decided.subject, day(self.decided.scorecard.on))
        yield Notice()
        with Horizontal(id="decide"):
            yield titled(DecisionForm(self.decided), "Decision")
            with titled(VerticalScroll(id="why", can_focus=False), "Verdict"):
                yield Static(id="why-text")
                yield ScorePanel(with_reason=False)
        yield Trouble()
        yield Keys()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_verdict)

    def take_new_day(self) -> None:
        """Compute the verdict anew; while a dialog is open, that waits until the decision is reviewed."""
        if self.is_current:
            self.decided.catch_up()
            self.form.draw()
            self._show_change()

    def on_mount(self) -> None:
        """Say what was taken up from an earlier sitting, and go on in the dialog that was open."""
        resumed = self.decided.resumed
        damaged = () if self.decided.damaged is None else (damaged_words(self.decided.damaged),)
        self.query_one(Notice).show((*damaged, *(() if resumed is None else _resumed_words(resumed))))
        self._show_verdict()
        self.form.focus()
        if resumed is not None and resumed.asking is not None:
            if self.decided.can_ask(resumed.asking):
                self.call_after_refresh(self.form.ask, resumed.asking, resumed.texts)
            else:
                texts = "\n\n".join(text for text in resumed.texts.values() if text)
                self.app.push_screen(Tell("There is no place for what you were typing any more", texts))

    @on(DecisionForm.Changed)
    def _show_change(self) -> None:
        if self.decided.is_untouched:
            self.query_one(Notice).show(())  # nothing is left of what was taken up
        self._show_verdict()
        self.refresh_bindings()

    def _show_verdict(self) -> None:
        scorecard, missing = self.decided.scorecard, self.decided.missing()
        self._missing = missing
        figures = "nothing counts" if scorecard.overall is None else range_words(scorecard.overall)
        is_wide = self.has_class("-wide")
        width = _WHY_WIDTH if is_wide else self.size.width - _RING
        reasons = tuple(("·", shown(words)) for words in reasons_in_words(scorecard) or [_ALL_MET])
        rows: list[Content | str] = [] if is_wide else [figures, ""]
        if missing:
            more = len(missing) - _MISSING_SHOWN
            rows.append(Content.styled("Before it can be recorded", "bold"))
            rows += hanging(tuple(("✗", on_one_line(each)) for each in missing[:_MISSING_SHOWN]), width, 2)
            rows += [Content.styled(f"and {more} more; d lists them all", "$text-muted")] if more > 0 else []
            rows += ["", Content.styled("Why this verdict", "bold")]
        rows += hanging(reasons, width, 2)
        entitle(self.query_one("#why"), verdict_words(scorecard))
        self.query_one("#why-text", Static).update(below_each_other(*rows))
        self.query_one(ScorePanel).show(scorecard)

    def action_reasons(self) -> None:
        missing = [f"✗ {each}" for each in self.decided.missing()]
        reasons = [f"· {words}" for words in reasons_in_words(self.decided.scorecard)] or [_ALL_MET]
        rows = [*reasons, *(["", "Before it can be recorded", *missing] if missing else [])]
        self.app.push_screen(Tell(f"Verdict: {verdict_mark(self.decided.scorecard.verdict)}", "\n".join(rows)))

    @on(DecisionForm.Finished)
    @work(exclusive=True)
    @tells_errors
    async def review_and_record(self) -> None:
        decided = self.decided
        if decided.has_broken_seal and not await self._confirm_seal():
            return
        decided.catch_up()
        self.form.draw()
        self._show_change()
        if missing := decided.missing():
            part = decided.first_missing()
            words = "\n\n".join(f"✗ {each}" for each in missing)
            enter = "Close" if part is None else "Go to the first"
            await self.app.push_screen_wait(Tell("Not yet", words, enter=enter))
            if part is not None:
                self.form.go_to(part)
            return
        made = decided.made()
        text = below_each_other(*_record_lines(decided, made))
        look = Confirm("Record this decision?", text, yes="Record it", no="Not yet")
        look.add_class("-tall")
        if await self.app.push_screen_wait(look):
            self._write()

    def _write(self) -> None:
        try:
            recorded = self.decided.record()
        except NotSaved as error:
            self.trouble.show(str(error))
            return
        self.trouble.show(None)
        where = self.decided.session.workspace.relative(recorded.path)
        self.app.notify(f"Recorded in {where}", markup=False, timeout=8)
        self.dismiss(recorded)

    async def _confirm_seal(self) -> bool:
        where = self.decided.session.workspace.relative(self.decided.opened.file.path)
        text = (
            f"{where} was changed outside toolvet, or cut short. Read it through in Assess first.\n\n"
            "If it is right, it is saved with a new seal, and the file as it is now is kept beside it."
        )
        sure = Confirm("The seal does not match", text, yes="I have read it; it is right", no="Not yet", careful=True)
        if not await self.app.push_screen_wait(sure):
            return False
        self.decided.confirm_seal()
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Start afresh only where something was chosen."""
        return action != "start_afresh" or not self.decided.is_untouched

    @property
    def key_words(self) -> Mapping[str, str]:
        return {"finish": f"{len(self._missing)} missing" if self._missing else RECORD_WORDS}

    @work(exclusive=True)
    async def action_start_afresh(self) -> None:
        text = "Everything you chose and wrote here is discarded, and the suggestions come back."
        sure = Confirm("Start afresh?", text, yes="Discard the draft", no="Keep working on it", careful=True)
        if await self.app.push_screen_wait(sure):
            self.decided.change(self.decided.first)
            self.form.draw()
            self._show_change()

    def keep_work(self) -> None:
        self.decided.save_again()

    def would_be_lost(self) -> str | None:
        """The draft, where no copy of it could be saved."""
        trouble = self.decided.trouble
        return None if trouble is None else f"The decision is not recorded yet. {not_kept(trouble)}"

    def saved_words(self) -> str | None:
        if not self.decided.is_saved:
            return None
        return f"Saved as a draft: the decision on {self.decided.subject}. Decide restores it."

    @work(exclusive=True)
    async def action_back(self) -> None:
        """Leave; where something was chosen, ask what to do with the draft."""
        if not self.decided.is_untouched:
            self.decided.save_again()
            again = "Decide offers it again for this assessment."
            asking = ask_to_leave("Leave without recording?", again=again, trouble=self.decided.trouble)
            match await self.app.push_screen_wait(asking):
                case Leaving.DROP:
                    self.decided.forget()
                case Leaving.STAY | None:
                    return
        self.dismiss(None)


def _record_lines(decided: OpenDraft, made: Decision) -> Iterator[Content]:
    """The decision as it would be recorded, its headings bold and decision and verdict in their colours."""
    decision = Content.styled(verdict_mark(made.decision), f"bold {DECISION_STYLES[made.decision]}")
    yield in_a_row(decision, Content.styled("   the verdict is ", "$text-muted"), verdict_words(decided.scorecard))
    for at, (heading, lines) in enumerate(decision_parts(decided.draft, made, decided.scorecard)):
        if at:
            yield Content("")
        if heading:
            yield Content.styled(heading, "bold")
        yield from map(shown, lines)


def _resumed_words(resumed: Resumed) -> tuple[str, ...]:
    where = kept_elsewhere_words(resumed.elsewhere)
    return (f"Draft restored, from {when_words(resumed.when)}{where}. N starts afresh.", *resumed.changes)
