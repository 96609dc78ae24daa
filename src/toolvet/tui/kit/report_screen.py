"""A report as it will read, and one key for each form in which it is written."""

from __future__ import annotations

import sys
from asyncio import to_thread
from datetime import date
from pathlib import Path
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown
from rich.theme import Theme
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.getters import query_one
from textual.widgets import Static

from toolvet.errors import NotSaved, UsageError
from toolvet.report.approval.document import Document
from toolvet.report.formats import ReportFormat, report, requester_report
from toolvet.report.survey.document import readiness_report
from toolvet.report.survey.result import Survey
from toolvet.services.reports import gather
from toolvet.services.session import OpenedAssessment, Session
from toolvet.storage.workspace import Workspace
from toolvet.tui.kit.content import below_each_other, in_a_row, on_one_line
from toolvet.tui.kit.frame import Keys, TitleBar, Trouble
from toolvet.tui.screen import Place

STYLES = Theme(
    {
        "markdown.h1": "bold",
        "markdown.h1.border": "none",
        "markdown.h2": "bold underline",
        "markdown.h3": "bold",
        "markdown.h4": "italic",
        "markdown.code": "bold",
        "markdown.code_block": "none",
        "markdown.block_quote": "italic",
        "markdown.item.bullet": "bold",
        "markdown.item.number": "bold",
        "markdown.hr": "none",
        "markdown.link": "underline",
        "markdown.link_url": "underline",
        "markdown.table.border": "none",
        "markdown.table.header": "bold",
    }
)


class Paper:
    """The page; its text is Markdown in which everything foreign is escaped already."""

    def __init__(self, text: str) -> None:
        self._markdown = Markdown(text, hyperlinks=False, code_theme="ansi_dark")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with console.use_theme(STYLES):
            yield from console.render(self._markdown, options)


OPENERS = {"darwin": "open"}


class Preview(VerticalScroll):
    """The text of the report, scrolled with the keys for moving about and the usual letters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "page_down", "Further down", show=False),
        Binding("b", "page_up", "Further up", show=False),
    ]


class PaperScreen(Place[None]):
    """A report that is shown in Markdown and written under `stem` in the workspace's reports folder."""

    CSS_PATH = "report.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "write('html')", "HTML", tooltip="Write one file that opens in any browser and prints well."),
        Binding("m", "write('md')", "Markdown", tooltip="Write it for a wiki, a ticket or git."),
        Binding("j", "write('json')", "JSON", tooltip="Write every figure, for other programs."),
    ]

    preview = query_one("#report-text", Static)

    def __init__(self, workspace: Workspace, about: str, stem: str) -> None:
        """`about` is what the report is on, as the title bar says it."""
        super().__init__()
        self._workspace, self._about, self._stem = workspace, about, stem

    def compose(self) -> ComposeResult:
        yield TitleBar("Report", self._about)
        with Preview(id="report"):
            yield Static(id="report-text")
        yield Static(id="written")
        yield Trouble()
        yield Keys()

    def on_mount(self) -> None:
        """Show the frame first; the report takes a moment to make."""
        self.query_one(Preview).focus()
        self.call_after_refresh(self._show)

    def report_in(self, form: ReportFormat) -> str:
        """The whole report in that form."""
        raise NotImplementedError

    def shown_text(self) -> str:
        """What is shown, in Markdown."""
        return self.report_in(ReportFormat.MARKDOWN)

    def _show(self) -> None:
        self.preview.update(Paper(self.shown_text()))
        self.query_one(Preview).scroll_home(animate=False)

    def action_write(self, ending: str) -> None:
        """Write the report in that form."""
        form = ReportFormat(ending)
        self._write(f"{self._stem}.{form.value}", self.report_in(form))

    def _write(self, name: str, content: str | bytes) -> None:
        trouble = self.query_one(Trouble)
        try:
            path = self._workspace.save_report(name, content)
        except NotSaved as error:
            trouble.show(str(error))
            return
        trouble.show(None)
        self.query_one("#written", Static).update(
            below_each_other(
                in_a_row("✓ Written: ", on_one_line(self._workspace.relative(path), "bold")),
                in_a_row("  Open it with  ", on_one_line(how_to_open(path, sys.platform), "$text-primary")),
            )
        )
        self.set_class(True, "-written")


def how_to_open(path: Path, platform: str) -> str:
    """The command that opens the file there."""
    quoted = f'"{path.absolute()}"'
    return f'start "" {quoted}' if platform == "win32" else f"{OPENERS.get(platform, 'xdg-open')} {quoted}"


class ReportScreen(PaperScreen):
    """The report on one assessment and the decision that rests on it."""

    HELP = (
        "What is shown is what is written. Each form goes into the workspace's reports folder, over the one of the "
        "same day, and the line below says where it lies and how to open it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "write_requester", "Half page", tooltip="Write half a page of plain words for whoever asked."),
        Binding("v", "change_view", "View", tooltip="Show the half page for whoever asked, or the whole report again."),
        Binding("p", "write_pdf", "PDF", tooltip="Write it for paper; needs the package typst."),
    ]

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        stem = f"{opened.file.path.parent.name}-{session.on.isoformat()}"
        super().__init__(session.workspace, opened.assessment.subject.label, stem)
        self._session, self._opened = session, opened
        self._is_for_requester = False

    def report_in(self, form: ReportFormat) -> str:
        """The approval report."""
        return report(self._document(), form)

    def shown_text(self) -> str:
        """The whole report, or the half page for whoever asked."""
        return self._for_requester() if self._is_for_requester else super().shown_text()

    def _document(self) -> Document:
        return gather(self._workspace, self._opened.rubric, self._opened.file, self._session.on)

    def _for_requester(self) -> str:
        return requester_report(self._document(), ReportFormat.MARKDOWN)

    def action_change_view(self) -> None:
        """Show the half page for whoever asked, or the whole report again."""
        self._is_for_requester = not self._is_for_requester
        self._show()

    def action_write_requester(self) -> None:
        """Write the half page for whoever asked."""
        self._write(f"{self._stem}-for-requester.md", self._for_requester())

    @work(exclusive=True)
    async def action_write_pdf(self) -> None:
        """Write the report as PDF."""
        from toolvet.report.pdf import pdf_report  # only who prints waits for it

        try:
            # laying it out takes half a second
            content = await to_thread(pdf_report, self._document())
        except UsageError as error:
            self.query_one(Trouble).show(str(error))
            return
        self._write(f"{self._stem}.pdf", content)


class ReadinessReportScreen(PaperScreen):
    """The report on one organisation's survey."""

    HELP = (
        "What is shown is what is written: what is out of balance first, then every figure that may be shown. Each "
        "form goes into the workspace's reports folder, and the line below says where it lies and how to open it."
    )

    def __init__(self, workspace: Workspace, folder: str, survey: Survey, on: date) -> None:
        super().__init__(workspace, survey.organisation, f"{folder}-{on.isoformat()}")
        self._survey = survey

    def report_in(self, form: ReportFormat) -> str:
        """The report, with all groups that may be shown."""
        return readiness_report(self._survey, (), form)
