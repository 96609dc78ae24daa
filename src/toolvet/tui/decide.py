"""Decide: the verdict with its reasons, and the parts of the decision in one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
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

from toolvet.domain.deciding import faults
from toolvet.domain.decision import Decision
from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.rubric import Rubric
from toolvet.errors import NotSaved
from toolvet.files.reading import AssessmentFile
from toolvet.files.seal import Seal
from toolvet.files.workspace import Workspace
from toolvet.report.text import plural
from toolvet.tui.decision_asking import ask_about
from toolvet.tui.decision_draft import Asking
from toolvet.tui.dialogs import Confirm, Tell
from toolvet.tui.draft import to_waive
from toolvet.tui.open_decision import OpenDecision
from toolvet.tui.place import tells_errors
from toolvet.tui.widgets.decision_rows import Part, Row, decision_rows, missing_words
from toolvet.tui.widgets.decision_text import decision_text
from toolvet.tui.widgets.frame import Keys, TitleBar, Trouble
from toolvet.tui.widgets.marks import verdict_mark
from toolvet.tui.widgets.notice import Notice
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line, shown
from toolvet.tui.widgets.score_panel import range_words, verdict_words


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

    def __init__(self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date) -> None:
        super().__init__(workspace, rubric, file, on)
        self._folder = file.path.parent.name
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
