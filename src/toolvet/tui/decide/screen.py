"""Decide: the verdict with its reasons, and the parts of the decision in one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.domain.decision import Decision
from toolvet.domain.decision_rules import faults
from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.scoring import score
from toolvet.errors import NotSaved, UnusableFile
from toolvet.services.decisions import Draft, first_draft, to_supersede, to_waive
from toolvet.services.session import OpenedAssessment, Session
from toolvet.storage.reader import DecisionFile
from toolvet.storage.toml_input import Seal
from toolvet.storage.user_state import preferred, reviewer_name
from toolvet.text.escape import plural
from toolvet.text.labels import verdict_mark
from toolvet.tui.decide.draft import Asking, KeptDecision
from toolvet.tui.decide.parts import Part, Row, ask_about, decision_rows, decision_text, missing_words
from toolvet.tui.kit.content import below_each_other, in_a_row, on_one_line, shown
from toolvet.tui.kit.dialogs import Confirm, Tell
from toolvet.tui.kit.frame import Keys, Notice, TitleBar, Trouble
from toolvet.tui.kit.score_panel import range_words, verdict_words
from toolvet.tui.kit.text_dialogs import Leaving, ask_to_leave, not_kept
from toolvet.tui.screen import Place, tells_errors


class OpenDecision(Place[DecisionFile | None]):
    """What a screen needs on which a decision is made. `left` is the draft that was taken up, None where none was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "start_afresh", "Start afresh", tooltip="Throw the draft away and begin with what is offered."),
    ]

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        super().__init__()
        self.session, self.workspace, self.rubric, self.file = session, session.workspace, opened.rubric, opened.file
        workspace, rubric, file, on = session.workspace, opened.rubric, opened.file, session.on
        self.scorecard = score(rubric, file.assessment, on)
        first = self._first_draft()
        self.kept = KeptDecision(workspace.root, first.decision.assessment.path, first)
        self.left = self.kept.left()
        self.draft = first if self.left is None else self.left.draft

    def _first_draft(self) -> Draft:
        folder = self.workspace.subject(self.file.path.parent.name)
        if folder.errors:
            raise UnusableFile(folder.errors)  # nobody can say what the decision would supersede
        return first_draft(
            self.scorecard,
            self.file,
            self.workspace.relative(self.file.path),
            by=reviewer_name() or preferred("reviewer") or "",
            earlier=to_supersede(folder),
            on=self.session.on,
        )

    def show(self) -> None:
        """Show the draft."""

    def catch_up(self) -> None:
        """Go on to the day it is, where midnight has passed since the verdict was computed."""
        if self.scorecard.on == self.session.on:
            return
        self.scorecard = score(self.rubric, self.file.assessment, self.session.on)
        first = self._first_draft()
        today = replace(self.draft.decision, decided_on=self.session.on, computed=first.decision.computed)
        self.kept.first = first
        self.change(replace(self.draft, decision=today))

    def change(self, draft: Draft) -> None:
        """Go on to that draft: keep it, show it."""
        self.draft = draft
        self.kept.keep(draft)
        if self.is_untouched:
            self.query_one(Notice).show(())  # nothing is left of what was taken up
        self.show()
        self.refresh_bindings()

    def reseal(self) -> None:
        """The decision rests on the file as it is now."""
        self.kept.first = self._resealed(self.kept.first)
        self.change(self._resealed(self.draft))

    def _resealed(self, draft: Draft) -> Draft:
        reference = replace(draft.decision.assessment, sha256=self.file.sha256)
        return replace(draft, decision=replace(draft.decision, assessment=reference))

    @property
    def is_untouched(self) -> bool:
        """Whether all is as it was offered."""
        return self.draft == self.kept.first

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """There is nothing to start afresh with before something was chosen."""
        return action != "start_afresh" or not self.is_untouched

    @work(exclusive=True)
    async def action_start_afresh(self) -> None:
        """Throw the draft away, once that is confirmed, and begin with what is offered."""
        text = "All that you chose and wrote here is thrown away, and what is offered stands here again."
        sure = Confirm("Start afresh?", text, yes="Throw it away", no="Go on with it", careful=True)
        if await self.app.push_screen_wait(sure):
            self.change(self.kept.first)

    # What the app asks before it ends

    def keep_work(self) -> None:
        """Keep the draft where that failed before."""
        self.kept.keep_again()

    def would_be_lost(self) -> str | None:
        """The decision that is not recorded yet, where not even a draft of it could be kept."""
        trouble = self.kept.trouble
        return None if trouble is None else f"The decision is not recorded yet. {not_kept(trouble)}"

    def saved_words(self) -> str | None:
        """That the draft is kept."""
        if self.kept.work is None:
            return None
        return f"Kept as a draft: the decision on {self.file.assessment.subject.label}; Decide takes it up again."

    @work(exclusive=True)
    async def action_back(self) -> None:
        """Leave; where something was chosen, ask what is to become of it."""
        if not self.is_untouched:
            again = "Decide offers it again for this assessment."
            asking = ask_to_leave("Leave without recording?", again=again, trouble=self.kept.keep(self.draft))
            match await self.app.push_screen_wait(asking):
                case Leaving.DROP:
                    self.kept.forget()
                case Leaving.STAY | None:
                    return
        self.dismiss(None)


class PartList(OptionList):
    """The parts of the decision, in which enter changes one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", tooltip="Change this part."),
    ]


class DecideScreen(OpenDecision):
    """Dismissed with the decision as it was recorded, or None."""

    CSS_PATH = "decide.tcss"
    HELP = (
        "The verdict is computed; the decision is yours. Where they differ, the rationale says why. Nothing is "
        "written before you have looked it over: then it becomes a file of its own, which is never changed."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "record", "Record", tooltip="Look the decision over and record it."),
        Binding("space", "take", "Take or leave", tooltip="Take the highlighted condition, or leave it out."),
        Binding("a", "add", "Add condition", tooltip="Write a condition of your own."),
        Binding("delete,backspace", "remove", "Remove", show=False, tooltip="Take away a condition of your own."),
        Binding("v", "reasons", "Reasons", tooltip="The verdict with its reasons, and what is missing."),
    ]

    list = query_one("#parts", PartList)

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        super().__init__(session, opened)
        self._folder = opened.file.path.parent.name
        self._rows: tuple[Row, ...] = ()
        self._shows_all_offers = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Decide", self.file.assessment.subject.label)
        yield Notice()
        with Horizontal(id="decide"):
            yield PartList(id="parts")
            with VerticalScroll(id="why", can_focus=False):
                yield Static(id="why-text")
        yield Static(id="decide-line")
        yield Trouble()
        yield Keys()

    def on_mount(self) -> None:
        """Say what was taken up, and go on in the dialog that was open."""
        self.query_one(Notice).show(() if self.left is None else self.left.words)
        if self.left is not None and self.left.asking is not None:
            self.call_after_refresh(self._go_on_typing, self.left.asking)

    @work(exclusive=True)
    @tells_errors
    async def _go_on_typing(self, asking: Asking) -> None:
        if self._has(asking.row):
            await self._ask(asking.row, asking.texts)
        else:
            texts = "\n\n".join(text for text in asking.texts.values() if text)
            await self.app.push_screen_wait(Tell("What you were typing has no place here any more", texts))

    def _has(self, row: Row) -> bool:
        """Whether that row is there to be asked about."""
        match row.part:
            case Part.CONDITION:
                return row.at < len(self.draft.offers)
            case Part.WAIVER:
                return any(each.question.id == row.question for each in to_waive(self.draft, self.scorecard))
            case Part.SCOPE | Part.LIMITS | Part.VALID_UNTIL:
                return self.draft.is_approval
            case _:
                return True

    @on(Resize)
    def _fit(self) -> None:
        self.call_after_refresh(self.show)

    def faults(self) -> tuple[str, ...]:
        """What forbids recording the draft."""
        decision = self.draft.made(self.scorecard)
        nobody = () if decision.decided_by else ("Say who decides.",)
        return nobody + faults(
            decision,
            self.scorecard,
            seal_broken=self.file.seal is Seal.BROKEN,
            rubric_changed=is_rubric_changed(self.rubric, self.file.assessment),
            carried=self.draft.carried,
        )

    def show(self) -> None:
        """Show the draft."""
        found = self.faults()
        width = max(40, self.list.scrollable_content_region.width - 2)
        self._rows = decision_rows(
            self.draft, self.scorecard, len(found), width=width, all_offers=self._shows_all_offers
        )
        at = self.list.highlighted or 0
        self.list.set_options(Option(row.words) for row in self._rows)
        self.list.highlighted = min(at, len(self._rows) - 1)
        overall = self.scorecard.overall
        figures = "nothing counts" if overall is None else range_words(overall)
        head = in_a_row("Verdict  ", verdict_words(self.scorecard))
        reasons = [shown(f"· {reason.text}") for reason in self.scorecard.reasons] or [Content(NOTHING_SHORT)]
        missing: list[Content | str] = []
        if found:
            missing = ["", on_one_line("Before it can be recorded", "bold"), missing_words(found)]
        self.query_one("#why-text", Static).update(below_each_other(head, figures, "", *reasons, *missing))
        short = f"   {figures}   {plural(len(reasons), 'reason')}: v"
        self.query_one("#decide-line", Static).update(in_a_row(head, short))

    @property
    def _row(self) -> Row:
        return self._rows[self.list.highlighted or 0]

    @on(OptionList.OptionSelected)
    @work(exclusive=True)
    @tells_errors
    async def change_part(self) -> None:
        """Ask about the highlighted part and keep the answer."""
        row = self._row
        match row.part:
            case Part.OFFERS:
                self._shows_all_offers = True
                self.show()
            case Part.RECORD:
                await self._record()
            case _:
                await self._ask(row)

    async def _ask(self, row: Row, left: Mapping[str, str] | None = None) -> None:
        """Ask about that row; `left` are the texts typed about it where the app was ended."""
        half = self.kept.typing(self.draft, row, left or {})
        draft = await ask_about(self.app, row, self.draft, self.scorecard, self.file.assessment.subject.label, half)
        self.change(self.draft if draft is None else draft)

    def action_take(self) -> None:
        """Take the highlighted condition, or leave it out."""
        if self._row.part is Part.CONDITION:
            self._shows_all_offers = True  # what was just left out stays in sight
            offer = self.draft.offers[self._row.at]
            self.change(self.draft.with_offer(self._row.at, replace(offer, taken=not offer.taken)))

    @work(exclusive=True)
    async def action_add(self) -> None:
        """Write a condition of one's own."""
        await self._ask(Row(Part.ADD, Content("")))

    def action_remove(self) -> None:
        """Take away a condition of one's own; an offered one is left out with space."""
        if self._row.part is Part.CONDITION and self.draft.offers[self._row.at].own:
            self.change(self.draft.with_offer(self._row.at, None))

    def action_reasons(self) -> None:
        """The verdict with its reasons, and what is missing."""
        reasons = [f"· {reason.text}" for reason in self.scorecard.reasons] or [NOTHING_SHORT]
        missing = [f"✗ {fault}" for fault in self.faults()]
        text = "\n".join([*reasons, *(["", "Before it can be recorded", *missing] if missing else [])])
        self.app.push_screen(Tell(f"Verdict: {verdict_mark(self.scorecard.verdict)}", text))

    @work(exclusive=True)
    @tells_errors
    async def action_record(self) -> None:
        """Look the decision over and record it."""
        await self._record()

    async def _record(self) -> None:
        if self.file.seal is Seal.BROKEN and not await self._confirm_seal():
            return
        self.catch_up()
        found = self.faults()
        if found:
            await self.app.push_screen_wait(Tell("Not yet", "\n\n".join(f"✗ {fault}" for fault in found)))
            return
        decision = self.draft.made(self.scorecard)
        text = decision_text(decision, self.rubric, [each.decision for each in self.draft.earlier])
        look = Confirm("Record this decision?", text, yes="Record it", no="Not yet")
        if await self.app.push_screen_wait(look):
            self._write(decision)

    def _write(self, decision: Decision) -> None:
        trouble = self.query_one(Trouble)
        try:
            recorded = self.workspace.record(decision, self._folder)
        except NotSaved as error:
            trouble.show(str(error))
            return
        trouble.show(None)
        self.kept.forget()
        where = self.workspace.relative(recorded.path)
        self.app.notify(f"Recorded in {where}", markup=False, timeout=8)
        self.dismiss(recorded)

    async def _confirm_seal(self) -> bool:
        where = self.workspace.relative(self.file.path)
        text = (
            f"{where} was changed outside toolvet, or cut short. Read it through in Assess first.\n\n"
            "If it is as it should be, it is saved with a new seal; the file as it is now is kept beside it."
        )
        sure = Confirm("The seal does not match", text, yes="I read it; it is right", no="Not yet", careful=True)
        if not await self.app.push_screen_wait(sure):
            return False
        self.file = self.workspace.save(self.file, self.file.assessment)
        self.reseal()
        return True


NOTHING_SHORT = "Everything that the policy asks for is there."
