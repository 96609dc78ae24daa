"""Decide: the verdict with its reasons, and the parts of the decision in one list."""

from __future__ import annotations

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
from toolvet.domain.scoring import score
from toolvet.errors import NotSaved
from toolvet.files.reading import AssessmentFile, DecisionFile
from toolvet.files.reviewer import reviewer_name
from toolvet.files.seal import Seal
from toolvet.files.workspace import Workspace
from toolvet.report.text import plural
from toolvet.tui import decision_parts as parts
from toolvet.tui.dates import day_fault, read_day
from toolvet.tui.dialogs import AskLine, AskText, Confirm, Tell
from toolvet.tui.draft import Draft, first_draft, to_waive
from toolvet.tui.facts import FactsScreen
from toolvet.tui.place import Place, tells_errors
from toolvet.tui.preferences import preferred
from toolvet.tui.widgets.decision_rows import Part, Row, decision_rows, missing_words
from toolvet.tui.widgets.decision_text import decision_text
from toolvet.tui.widgets.frame import Keys, TitleBar, Trouble
from toolvet.tui.widgets.marks import verdict_mark
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line, shown
from toolvet.tui.widgets.score_panel import range_words, verdict_words


class PartList(OptionList):
    """The parts of the decision, in which enter changes one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", tooltip="Change this part."),
    ]


class DecideScreen(Place[DecisionFile | None]):
    """Dismissed with the decision as it was recorded, or None."""

    CSS_PATH = "decide.tcss"
    HELP = (
        "The verdict is computed; the decision is yours. Where they differ, the rationale says why. Nothing is "
        "written before you have looked it over: then it becomes a file of its own, which is never changed."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "take", "Take or leave", tooltip="Take the highlighted condition, or leave it out."),
        Binding("a", "add", "Add condition", tooltip="Write a condition of your own."),
        Binding("delete,backspace", "remove", "Remove", show=False, tooltip="Take away a condition of your own."),
        Binding("v", "reasons", "Reasons", tooltip="The verdict with its reasons, and what is missing."),
        Binding("w", "record", "Record", tooltip="Look the decision over and record it."),
    ]

    list = query_one("#parts", PartList)

    def __init__(self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date) -> None:
        super().__init__()
        self._workspace, self._rubric, self._file, self._on = workspace, rubric, file, on
        self._scorecard = score(rubric, file.assessment, on)
        self._folder = file.path.parent.name
        self._first = self.draft = self._first_draft()
        self._rows: tuple[Row, ...] = ()
        self._shows_all_offers = False

    def _first_draft(self) -> Draft:
        earlier = self._workspace.subject(self._folder).decisions
        return first_draft(
            self._scorecard,
            self._file,
            self._workspace.relative(self._file.path),
            by=reviewer_name() or preferred("reviewer") or "",
            supersedes=earlier[0].path.name if earlier else None,
            on=self._on,
        )

    def compose(self) -> ComposeResult:
        yield TitleBar("Decide", self._file.assessment.subject.label)
        with Horizontal(id="decide"):
            yield PartList(id="parts")
            with VerticalScroll(id="why", can_focus=False):
                yield Static(id="why-text")
        yield Static(id="decide-line")
        yield Trouble()
        yield Keys()

    @on(Resize)
    def _fit(self) -> None:
        self.call_after_refresh(self.show)

    def faults(self) -> tuple[str, ...]:
        """What forbids recording the draft."""
        decision = self.draft.made(self._scorecard)
        nobody = () if decision.decided_by else ("Say who decides.",)
        return nobody + faults(
            decision,
            self._scorecard,
            seal_broken=self._file.seal is Seal.BROKEN,
            rubric_changed=is_rubric_changed(self._rubric, self._file.assessment),
        )

    def show(self) -> None:
        """Show the draft."""
        found = self.faults()
        width = max(40, self.list.scrollable_content_region.width - 2)
        self._rows = decision_rows(
            self.draft, self._scorecard, len(found), width=width, all_offers=self._shows_all_offers
        )
        at = self.list.highlighted or 0
        self.list.set_options(Option(row.words) for row in self._rows)
        self.list.highlighted = min(at, len(self._rows) - 1)
        overall = self._scorecard.overall
        figures = "nothing counts" if overall is None else range_words(overall)
        head = in_a_row("Verdict  ", verdict_words(self._scorecard))
        reasons = [shown(f"· {reason.text}") for reason in self._scorecard.reasons] or [Content(NOTHING_SHORT)]
        missing: list[Content | str] = []
        if found:
            missing = ["", on_one_line("Before it can be recorded", "bold"), missing_words(found)]
        self.query_one("#why-text", Static).update(below_each_other(head, figures, "", *reasons, *missing))
        short = f"   {figures}   {plural(len(reasons), 'reason')}: v"
        self.query_one("#decide-line", Static).update(in_a_row(head, short))

    def _keep(self, draft: Draft) -> None:
        self.draft = draft
        self.show()

    def _keep_decision(self, **changes: object) -> None:
        self._keep(replace(self.draft, decision=replace(self.draft.decision, **changes)))  # type: ignore[arg-type]

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
            case Part.DECISION:
                choice = await self.app.push_screen_wait(parts.ask_decision(self.draft, self._scorecard))
                if choice is not None:
                    self._keep(self.draft.decided(choice))
            case Part.RATIONALE:
                await self._ask_rationale()
            case Part.CONDITION:
                await self._ask_condition(row.at)
            case Part.OFFERS:
                self._shows_all_offers = True
                self.show()
            case Part.ADD:
                await self._ask_condition(None)
            case Part.WAIVER:
                await self._ask_waiver(row.question)
            case Part.SCOPE | Part.LIMITS:
                await self._ask_approved_for(row.part)
            case Part.VALID_UNTIL | Part.DECIDED_BY | Part.CONSULTED | Part.CONSIDERED | Part.LINKS:
                await self._ask_line(row.part)
            case Part.RECORD:
                await self._record()

    async def _ask_rationale(self) -> None:
        hint = "Why this decision, for somebody who was not there."
        text = await self.app.push_screen_wait(AskText("Rationale", self.draft.decision.rationale or "", hint=hint))
        if text is not None:
            self._keep_decision(rationale=text or None)

    async def _ask_condition(self, at: int | None) -> None:
        before = None if at is None else self.draft.offers[at]
        typed = await self.app.push_screen_wait(parts.ask_condition(before.condition if before else None))
        if typed is not None:
            place = len(self.draft.offers) if at is None else at
            self._keep(self.draft.with_offer(place, parts.made_condition(typed, before)))

    async def _ask_waiver(self, question: str) -> None:
        must_have = next(each for each in to_waive(self.draft, self._scorecard) if each.question.id == question)
        latest = parts.latest_waiver(self._scorecard, self._on)
        dialog = parts.ask_waiver(must_have, self.draft.waiver(question), latest=latest)
        typed = await self.app.push_screen_wait(dialog)
        if typed is not None:
            self._keep(self.draft.with_waiver(parts.made_waiver(typed, must_have)))

    async def _ask_approved_for(self, part: Part) -> None:
        approved = self.draft.decision.approved_for
        if part is Part.SCOPE:
            ending = "What is not given here is not approved."
            label = self._file.assessment.subject.label
            facts = FactsScreen(self._rubric, approved.scope, subject=label, ending=ending)
            given = await self.app.push_screen_wait(facts)
            self._keep_decision(approved_for=replace(approved, scope=given.scope))
            return
        typed = await self.app.push_screen_wait(parts.ask_limits(self.draft))
        if typed is not None:
            self._keep(parts.with_limits(self.draft, typed))

    async def _ask_line(self, part: Part) -> None:
        decision = self.draft.decision
        if part is Part.VALID_UNTIL:
            until = decision.valid_until.isoformat() if decision.valid_until else ""
            text = await self.app.push_screen_wait(AskLine("Valid until", until, hint="2027-11-20", check=day_fault))
            if text is not None:
                self._keep_decision(valid_until=read_day(text))
        elif part is Part.DECIDED_BY:
            by = await self.app.push_screen_wait(AskLine("Who decides?", decision.decided_by, required=True))
            if by is not None:
                self._keep_decision(decided_by=by)
        else:
            named: tuple[str, ...] = getattr(decision, part.value)
            listed = await self.app.push_screen_wait(
                AskLine(_TITLES[part], "; ".join(named), text="Put a semicolon between several.", hint=_HINTS[part])
            )
            if listed is not None:
                self._keep_decision(**{part.value: parts.several(listed)})

    def action_take(self) -> None:
        """Take the highlighted condition, or leave it out."""
        if self._row.part is Part.CONDITION:
            offer = self.draft.offers[self._row.at]
            self._keep(self.draft.with_offer(self._row.at, replace(offer, taken=not offer.taken)))

    @work(exclusive=True)
    async def action_add(self) -> None:
        """Write a condition of one's own."""
        await self._ask_condition(None)

    def action_remove(self) -> None:
        """Take away a condition of one's own; an offered one is left out with space."""
        if self._row.part is Part.CONDITION and self.draft.offers[self._row.at].own:
            self._keep(self.draft.with_offer(self._row.at, None))

    def action_reasons(self) -> None:
        """The verdict with its reasons, and what is missing."""
        reasons = [f"· {reason.text}" for reason in self._scorecard.reasons] or [NOTHING_SHORT]
        missing = [f"✗ {fault}" for fault in self.faults()]
        text = "\n".join([*reasons, *(["", "Before it can be recorded", *missing] if missing else [])])
        self.app.push_screen(Tell(f"Verdict: {verdict_mark(self._scorecard.verdict)}", text))

    @work(exclusive=True)
    @tells_errors
    async def action_record(self) -> None:
        """Look the decision over and record it."""
        await self._record()

    async def _record(self) -> None:
        if self._file.seal is Seal.BROKEN and not await self._confirm_seal():
            return
        found = self.faults()
        if found:
            await self.app.push_screen_wait(Tell("Not yet", "\n\n".join(f"✗ {fault}" for fault in found)))
            return
        decision = self.draft.made(self._scorecard)
        text = decision_text(decision, self._rubric)
        look = Confirm("Record this decision?", text, yes="Record it", no="Not yet")
        if await self.app.push_screen_wait(look):
            self._write(decision)

    def _write(self, decision: Decision) -> None:
        trouble = self.query_one(Trouble)
        try:
            recorded = self._workspace.record(decision, self._folder)
        except NotSaved as error:
            trouble.show(str(error))
            return
        trouble.show(None)
        where = self._workspace.relative(recorded.path)
        self.app.notify(f"Recorded in {where}", markup=False, timeout=8)
        self.dismiss(recorded)

    async def _confirm_seal(self) -> bool:
        where = self._workspace.relative(self._file.path)
        text = (
            f"{where} was changed outside toolvet, or cut short. Read it through in Assess first.\n\n"
            "If it is as it should be, it is saved with a new seal; the file as it is now is kept beside it."
        )
        sure = Confirm("The seal does not match", text, yes="I read it; it is right", no="Not yet", careful=True)
        if not await self.app.push_screen_wait(sure):
            return False
        self._file = self._workspace.save(self._file, self._file.assessment)
        reference = replace(self.draft.decision.assessment, sha256=self._file.sha256)
        self._keep_decision(assessment=reference)
        return True

    def would_be_lost(self) -> str | None:
        """The decision, until it is recorded."""
        return None if self.draft == self._first else "The decision is not recorded yet; what you chose would be lost."

    @work(exclusive=True)
    async def action_back(self) -> None:
        """Leave; ask first where something was chosen."""
        lost = self.would_be_lost()
        if lost is not None:
            leave = Confirm("Leave without recording?", lost, yes="Leave and lose it", no="Stay here", careful=True)
            if not await self.app.push_screen_wait(leave):
                return
        self.dismiss(None)


NOTHING_SHORT = "Everything that the policy asks for is there."

_TITLES = {
    Part.CONSULTED: "Who was consulted?",
    Part.CONSIDERED: "What else was considered?",
    Part.LINKS: "Links to tickets or minutes",
}
_HINTS = {
    Part.CONSULTED: "Data protection; Works council",
    Part.CONSIDERED: "Microsoft Teams E3; Nothing",
    Part.LINKS: "https://tickets.example.com/4711",
}
