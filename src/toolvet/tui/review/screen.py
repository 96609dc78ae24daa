"""Review: the scorecard in full, page by page, and what would change the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.getters import query_one

from toolvet.domain.advice import Advice, advise
from toolvet.domain.findings import find
from toolvet.domain.scoring import score
from toolvet.errors import ToolvetError
from toolvet.report.approval.document import SurveyPart
from toolvet.services.assessments import OpenedAssessment, Session
from toolvet.storage.toml_input import Seal
from toolvet.tui import screens
from toolvet.tui.kit.content import Keys, TitleBar
from toolvet.tui.kit.link_list import JumpList, PageTabs
from toolvet.tui.review.pages import NEXT_STEPS, PAGES, SURVEY, Reviewed, survey_page
from toolvet.tui.screen import Place, tells_errors


class ReviewScreen(Place[str | None]):
    """Dismissed with the id of a question to open, or None."""

    CSS_PATH = "review.tcss"
    HELP = (
        "Everything that follows from the answers. Digits and the arrow keys turn the pages; enter on a line about a "
        "question opens that question."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"turn_to({number - 1})", title, show=False)
            for number, title in enumerate((*(title for title, _ in PAGES), SURVEY), 1)
        ),
        Binding("right,n,tab", "turn(1)", "Next page", key_display="→", tooltip="Digits open a page directly."),
        Binding("left,p,shift+tab", "turn(-1)", "Page before", key_display="←", show=False),
        Binding("d", "decide", "Decide", tooltip="Record a decision."),
        Binding("D", "decision", "Decision", show=False, tooltip="Conditions, withdrawal, and the next review."),
        Binding("r", "report", "Report", tooltip="Preview and write the approval report."),
    ]

    rows = query_one(JumpList)
    tabs = query_one(PageTabs)

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        super().__init__()
        self._session = session
        self._opened = opened
        workspace, file, rubric, on = session.workspace, opened.file, opened.rubric, session.on
        scorecard = score(rubric, file.assessment, on)
        is_broken, before = file.seal is Seal.BROKEN, workspace.earlier(file)
        findings = find(rubric, file.assessment, on, seal_broken=is_broken, scorecard=scorecard, before=before)
        self.reviewed = Reviewed(file.assessment, scorecard, findings, doubts=workspace.doubts(file))
        self.page = 0
        self._pages = PAGES

    def compose(self) -> ComposeResult:
        yield TitleBar("Review", f"{self._opened.assessment.subject.label} · {self.reviewed.scorecard.on}")
        yield PageTabs(tuple(title for title, _ in PAGES))
        yield JumpList()
        yield Keys()

    def on_mount(self) -> None:
        self.rows.focus()
        self._work_out_advice()

    @on(Resize)
    def _show(self) -> None:
        """Show the page as wide as there is room."""
        width = self.rows.scrollable_content_region.width or self.size.width - 2
        self.tabs.show(self.page)
        self.rows.show(tuple(self._pages[self.page][1](self.reviewed, width)))

    @work(thread=True)
    def _work_out_advice(self) -> None:
        # the search for the fewest steps can take a while where there are many questions
        advice = advise(self._opened.rubric, self._opened.assessment, self.reviewed.scorecard.on)
        self.app.call_from_thread(self._take_advice, advice)
        surveys = self._surveys()
        if surveys:
            self.app.call_from_thread(self._take_surveys, surveys)

    def _surveys(self) -> tuple[SurveyPart, ...]:
        from toolvet.services.reports import shortfalls_in  # the verdict is shown before this is loaded

        try:
            return shortfalls_in(self._session.workspace, self.reviewed.scorecard)
        except ToolvetError:
            return ()  # Home names the folder that cannot be read

    def _take_advice(self, advice: tuple[Advice, ...]) -> None:
        self.reviewed = replace(self.reviewed, advice=advice)
        if self.is_attached and self._pages[self.page][0] == NEXT_STEPS:
            self._show()

    def _take_surveys(self, surveys: tuple[SurveyPart, ...]) -> None:
        """Add the page on surveys, which only a workspace with surveys has."""
        self.reviewed = replace(self.reviewed, surveys=surveys)
        if self.is_attached:
            self._pages = (*PAGES, (SURVEY, survey_page))
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
        self.dismiss(event.question_id)

    def action_decide(self) -> None:
        self.app.push_screen(screens.DecideScreen(self._session, self._opened))

    @work(exclusive=True)
    @tells_errors
    async def action_decision(self) -> None:
        """Show the decision on this tool, with what happened since."""
        folder = self._session.workspace.folder_of(self._opened.file)
        if folder is not None:
            await screens.navigation.show_decision(self.app, self._session, folder)

    def action_report(self) -> None:
        self.app.push_screen(screens.ReportScreen(self._session, self._opened))
