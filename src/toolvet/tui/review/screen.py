"""Review: the scorecard in full, page by page, and what would change the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Resize
from textual.getters import query_one
from textual.widgets import Static

from toolvet.domain.advice import Advice, advise
from toolvet.errors import ToolvetError
from toolvet.report.approval.document import SurveyPart
from toolvet.report.panel_table import PanelPage, taken_over_words
from toolvet.services.assessments import OpenedAssessment, Session, doubts_about, findings_on
from toolvet.services.decisions import Decided, decided_about
from toolvet.services.panels import find_panel, page_about, settle_panel
from toolvet.text.labels import MUST_HAVE, day
from toolvet.text.record_words import standing_line, withdrawn_words
from toolvet.tui import screens
from toolvet.tui.decision.pages import tell_history
from toolvet.tui.kit.content import Bullets, Keys, TitleBar, entitle, shown
from toolvet.tui.kit.link_list import JumpList, PageTabs, page_bindings
from toolvet.tui.kit.score_panel import RANGE_LEGEND, verdict_words
from toolvet.tui.kit.text_dialogs import AskLine
from toolvet.tui.review.pages import (
    NEXT_STEPS,
    OPEN,
    PAGES,
    PANEL,
    SURVEY,
    SURVEY_SIGNS,
    Reviewed,
    card,
    counts_of,
    summaries,
    survey_page,
)
from toolvet.tui.review.panel_rows import opinions_in_full, panel_page
from toolvet.tui.screen import COPY, Place, copy_words, tells_errors


class ReviewScreen(Place[str | None]):
    """Dismissed with the id of a question to open, or None."""

    CSS_PATH = "review.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012 as Textual declares it
    HELP = (
        "Everything that follows from the answers. Digits and tab turn the pages; enter on a line about a question "
        "opens that question."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *page_bindings((*(title for title, _ in PAGES), PANEL, SURVEY), by_arrows=True),
        Binding("d", "decide", "Decide", tooltip="Record a decision.", id="decide"),
        Binding(
            "D",
            "decision",
            "Decision",
            show=False,
            tooltip="See or withdraw it; conditions, history, next review.",
            id="decision",
        ),
        Binding("h", "history", "History", show=False, tooltip="What happened to this tool, in order.", id="history"),
        Binding(
            *("B", "settle_panel", "Settle"),
            tooltip="Take over what all reviewers agree on, and settle the rest.",
            id="settle-panel",
        ),
        Binding("w", "report", "Write report", tooltip="Preview and write the approval report.", id="report"),
        COPY,
    ]

    rows = query_one(JumpList)
    tabs = query_one(PageTabs)

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        super().__init__()
        self._session = session
        self._opened = opened
        self.reviewed = self._review()
        self.page = 0
        has_panel = self.reviewed.panel is not None or self.reviewed.untold_panel
        self._pages = (*PAGES, (PANEL, panel_page)) if has_panel else PAGES

    def _review(self) -> Reviewed:
        scorecard = self._opened.score(self._session.on)
        findings = findings_on(self._session.workspace, self._opened, scorecard)
        decided = decided_about(self._session.workspace, self._opened.file, scorecard.on)
        panel, untold = self._panel()
        return Reviewed(
            *(self._opened.assessment, scorecard, findings),
            doubts=self._doubts(decided),
            decided=_stands(decided),
            panel=panel,
            untold_panel=untold,
        )

    def _panel(self) -> tuple[PanelPage | None, tuple[str, ...]]:
        """The panel of the tool, or why it cannot be shown."""
        try:
            return page_about(self._session, self._opened), ()
        except ToolvetError as error:
            return None, tuple(map(str, error.args))

    def take_new_day(self) -> None:
        surveys = self.reviewed.surveys
        self.reviewed = replace(self._review(), surveys=surveys)
        self.query_one(TitleBar).show_state(day(self.reviewed.scorecard.on))
        self._show()
        self._work_out_advice()

    def _doubts(self, decided: Decided) -> tuple[str, ...]:
        workspace, file = self._session.workspace, self._opened.file
        withdrawn = None if decided.standing is None else decided.standing.withdrawn
        told = () if withdrawn is None else (withdrawn_words(withdrawn),)
        return (*told, *workspace.doubts(file), *decided.doubts, *decided.notes)

    def compose(self) -> ComposeResult:
        yield TitleBar("Review", self._opened.assessment.subject.label, day(self.reviewed.scorecard.on))
        yield PageTabs(tuple(title for title, _ in self._pages))
        yield Static(id="card", classes="pane")
        yield JumpList()
        with Horizontal(id="lower"):
            for at in range(3):
                yield Bullets(id=f"summary-{at}", classes="pane")
        yield Keys()

    def on_mount(self) -> None:
        self.rows.focus()
        self._work_out_advice()

    @on(Resize)
    def _show(self) -> None:
        """Show the page as wide as there is room."""
        width = self.size.width - 5
        self.tabs.show(self.page)
        self.tabs.count(counts_of(self.reviewed))
        title = self._pages[self.page][0]
        is_verdict = self.page == 0
        self.set_class(is_verdict, "-verdict")
        signs = {OPEN: f"{MUST_HAVE} must-have", SURVEY: SURVEY_SIGNS}.get(title, "")
        if is_verdict:
            is_started = self.reviewed.scorecard.is_started
            title, signs = ("Criteria", RANGE_LEGEND) if is_started else ("To find out first", "")
        entitle(self.rows, title, signs)
        if is_verdict:
            self.query_one("#card", Static).update(card(self.reviewed, self.size.width - 6))
            for at, (name, below, lines) in enumerate(summaries(self.reviewed)):
                pane = self.query_one(f"#summary-{at}", Bullets)
                entitle(pane, name, below)
                pane.show([shown(line) for line in lines])
        reviewed = replace(self.reviewed, room=self.size.height - 6)
        self.rows.show(tuple(self._pages[self.page][1](reviewed, width)))
        self.refresh_bindings()

    @work(thread=True)
    def _work_out_advice(self) -> None:
        # the search for the fewest steps can take a while where there are many questions
        advice = advise(self._opened.rubric, self._opened.assessment, self.reviewed.scorecard.on)
        self.app.call_from_thread(self._take_advice, advice)
        surveys = self._surveys()
        if surveys:
            self.app.call_from_thread(self._take_surveys, surveys)
        doubts = doubts_about(self._session.workspace.root, [self._opened.file])
        if doubts:
            self.app.call_from_thread(self._take_doubts, doubts)

    def _surveys(self) -> tuple[SurveyPart, ...]:
        from toolvet.services.reports import shortfalls_in  # the verdict is shown before this is loaded

        try:
            return shortfalls_in(self._session.workspace, self.reviewed.scorecard)
        except ToolvetError:
            return ()  # Home names the folder that cannot be read

    def _take_doubts(self, doubts: tuple[str, ...]) -> None:
        told = self.reviewed.doubts
        self.reviewed = replace(self.reviewed, doubts=(*told, *(each for each in doubts if each not in told)))
        if self.is_attached:
            self._show()

    def _take_advice(self, advice: tuple[Advice, ...]) -> None:
        self.reviewed = replace(self.reviewed, advice=advice)
        if self.is_attached:
            self.tabs.count(counts_of(self.reviewed))
            if self.page == 0 or self._pages[self.page][0] == NEXT_STEPS:
                at = self.rows.at
                self._show()
                if at != self.rows.at:
                    self.rows.at = at

    def _take_surveys(self, surveys: tuple[SurveyPart, ...]) -> None:
        """Add the page on surveys, which only a workspace with surveys has."""
        self.reviewed = replace(self.reviewed, surveys=surveys)
        if self.is_attached and SURVEY not in dict(self._pages):  # it may be there from the day before
            self._pages = (*self._pages, (SURVEY, survey_page))
            self.tabs.add(SURVEY)

    def action_turn(self, by: int) -> None:
        self.action_turn_to((self.page + by) % len(self._pages))

    def action_turn_to(self, page: int) -> None:
        if page < len(self._pages):
            self.page = page
            self._show()

    @on(PageTabs.Chosen)
    def _turn_to_clicked(self, event: PageTabs.Chosen) -> None:
        self.action_turn_to(event.page)

    @on(JumpList.Picked)
    def _go_to_question(self, event: JumpList.Picked) -> None:
        if self._pages[self.page][0] != PANEL or self.reviewed.panel is None:
            self.dismiss(event.question_id)
            return
        page = self.reviewed.panel  # under a rubric of its own, where this is an earlier review
        question = page.panel.members[0].scorecard.question(event.question_id).question
        self.app.push_screen(screens.Tell(question.heading, opinions_in_full(page, question.id)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """A panel is settled once, on its page."""
        if action == "settle_panel":
            panel = self.reviewed.panel
            return self._pages[self.page][0] == PANEL and panel is not None and panel.outcome_path is None
        return True

    @work(exclusive=True)
    @tells_errors
    async def action_settle_panel(self) -> None:
        """Begin the assessment in which the panel is settled, and go through what is open there."""
        folder, panel = self._session.workspace.folder_of(self._opened.file), self.reviewed.panel
        if folder is None or panel is None:
            return
        words = taken_over_words(panel.panel)
        sure = screens.Confirm("Settle it as a panel?", words, yes="Begin to settle it", no="Not yet")
        if not await self.app.push_screen_wait(sure):
            return
        by = self._session.reviewer
        if by is None:
            by = await self.app.push_screen_wait(AskLine("Who settles it?", required=True))
        if by:
            file = settle_panel(self._session, find_panel(self._session, folder), by)
            self._renew_panel()
            await screens.navigation.open_file(self.app, self._session, file)
            self._renew_panel()

    def _renew_panel(self) -> None:
        panel, untold = self._panel()
        self.reviewed = replace(self.reviewed, panel=panel, untold_panel=untold)
        self._show()

    @work(exclusive=True)
    @tells_errors
    async def action_decide(self) -> None:
        await screens.navigation.read_recorded(self.app, self._session.workspace, self._opened.assessment)
        self.app.push_screen(screens.DecideScreen(self._session, self._opened))

    @work(exclusive=True)
    @tells_errors
    async def action_decision(self) -> None:
        """Show the decision on this tool, with what happened since."""
        folder = self._session.workspace.folder_of(self._opened.file)
        if folder is not None:
            await screens.navigation.show_decision(self.app, self._session, folder)

    def action_copy(self) -> None:
        """Copy the line under the cursor, or the verdict on a page without one."""
        copy_words(self, self.rows.words or verdict_words(self.reviewed.scorecard).plain, "line")

    def action_history(self) -> None:
        folder = self._session.workspace.folder_of(self._opened.file)
        if folder is not None:
            tell_history(self.app, self._session, folder)

    @work(exclusive=True)
    @tells_errors
    async def action_report(self) -> None:
        await screens.navigation.read_recorded(self.app, self._session.workspace, self._opened.assessment)
        self.app.push_screen(screens.ReportScreen(self._session, self._opened))


def _stands(decided: Decided) -> str:
    """How the decision on the tool stands; empty where none was made."""
    if decided.decision is None or decided.standing is None:
        return ""
    return standing_line(decided.decision, decided.standing)
