"""A report as it will read, and one key for each form in which it is written."""

from __future__ import annotations

import sys
from asyncio import to_thread
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown
from rich.theme import Theme
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.getters import query_one
from textual.widgets import Static

from toolvet.errors import NotSaved, UsageError
from toolvet.report.approval.document import Document
from toolvet.report.formats import ReportFormat, report, requester_report
from toolvet.report.survey.document import readiness_report
from toolvet.report.survey.result import Survey
from toolvet.services.assessments import OpenedAssessment, Session
from toolvet.services.reports import gather
from toolvet.storage.workspace import Workspace
from toolvet.tui.kit.content import Keys, TitleBar, Trouble, below_each_other, in_a_row, on_one_line
from toolvet.tui.screen import Place

_PLAIN = ("h1.border", "code_block", "hr", "table.border")
_BOLD = ("h1", "h3", "code", "item.bullet", "item.number", "table.header")
_STYLES = Theme(
    {f"markdown.{name}": "none" for name in _PLAIN}
    | {f"markdown.{name}": "bold" for name in _BOLD}
    | {f"markdown.{name}": "italic" for name in ("h4", "block_quote")}
    | {f"markdown.{name}": "underline" for name in ("link", "link_url")}
    | {"markdown.h2": "bold underline"}
)
_OPENERS = {"darwin": "open"}


class Paper:
    """A page of Markdown in which everything foreign is escaped already."""

    def __init__(self, text: str) -> None:
        self._markdown = Markdown(text, hyperlinks=False, code_theme="ansi_dark")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with console.use_theme(_STYLES):
            yield from console.render(self._markdown, options)


class ReportText(VerticalScroll):
    """The text of the report, scrolled with the keys for moving about and the usual letters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "page_down", "Further down", show=False),
        Binding("b", "page_up", "Further up", show=False),
    ]


class ReportPage(Vertical):
    """Shows a report in Markdown and writes it as `<stem>.<ending>` into the workspace's folder for reports.

    `made` gives the whole report in one form.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "write('html')", "HTML", tooltip="Write one file that opens in any browser and prints well."),
        Binding("m", "write('md')", "Markdown", tooltip="Write it for a wiki, a ticket or git."),
        Binding("j", "write('json')", "JSON", tooltip="Write every figure, for other programs."),
    ]

    text = query_one(ReportText)
    trouble = query_one(Trouble)

    def __init__(self, workspace: Workspace, stem: str, made: Callable[[ReportFormat], str]) -> None:
        super().__init__()
        self._workspace = workspace
        self._stem = stem
        self._made = made

    def compose(self) -> ComposeResult:
        with ReportText(id="report"):
            yield Static(id="report-text")
        yield Static(id="written")
        yield Trouble()

    def on_mount(self) -> None:
        """Draw the frame first; the report takes a moment to make."""
        self.text.focus()
        self.call_after_refresh(self.show)

    def show(self, text: str | None = None) -> None:
        """Show that Markdown; without one, the whole report."""
        self.query_one("#report-text", Static).update(Paper(text or self._made(ReportFormat.MARKDOWN)))
        self.text.scroll_home(animate=False)

    def action_write(self, ending: str) -> None:
        self.write(f".{ending}", self._made(ReportFormat(ending)))

    def write(self, ending: str, content: str | bytes) -> None:
        """Write that content, and say where it is and how to open it."""
        try:
            path = self._workspace.save_report(f"{self._stem}{ending}", content)
        except NotSaved as error:
            self.trouble.show(str(error))
            return
        self.trouble.show(None)
        self.query_one("#written", Static).update(
            below_each_other(
                in_a_row("✓ Written: ", on_one_line(self._workspace.relative(path), "bold")),
                in_a_row("  Open it with  ", on_one_line(how_to_open(path, sys.platform), "$text-primary")),
            )
        )
        self.add_class("-written")


def how_to_open(path: Path, platform: str) -> str:
    """The command that opens the file there."""
    quoted = f'"{path.absolute()}"'
    return f'start "" {quoted}' if platform == "win32" else f"{_OPENERS.get(platform, 'xdg-open')} {quoted}"


class ReportScreen(Place[None]):
    """The report on one assessment and the decision that rests on it."""

    CSS_PATH = "report.tcss"
    HELP = (
        "What you see is what is written. Each form goes into the workspace's reports folder, over the one of the "
        "same day; the line below says where it is and how to open it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "write_requester", "Half page", tooltip="Write half a page in plain words for whoever asked."),
        Binding("v", "change_view", "View", tooltip="Switch between the half page for whoever asked and the report."),
        Binding("p", "write_pdf", "PDF", tooltip="Write it for paper; needs the package typst."),
    ]

    page = query_one(ReportPage)

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        super().__init__()
        self._session = session
        self._opened = opened
        self._is_for_requester = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Report", self._opened.assessment.subject.label)
        stem = f"{self._opened.file.path.parent.name}-{self._session.on}"
        yield ReportPage(self._session.workspace, stem, lambda form: report(self._document(), form))
        yield Keys()

    def _document(self) -> Document:
        return gather(self._session, self._opened)

    def _for_requester(self) -> str:
        return requester_report(self._document(), ReportFormat.MARKDOWN)

    def action_change_view(self) -> None:
        self._is_for_requester = not self._is_for_requester
        self.page.show(self._for_requester() if self._is_for_requester else None)

    def action_write_requester(self) -> None:
        self.page.write("-for-requester.md", self._for_requester())

    @work(exclusive=True)
    async def action_write_pdf(self) -> None:
        from toolvet.report.formats import pdf_report  # only a PDF needs typst

        try:
            # laying it out takes half a second
            content = await to_thread(pdf_report, self._document())
        except UsageError as error:
            self.page.trouble.show(str(error))
            return
        self.page.write(".pdf", content)


class ReadinessReportScreen(Place[None]):
    """The report on one organisation's survey, whose folder has that name."""

    CSS_PATH = "report.tcss"
    HELP = (
        "What you see is what is written: what is out of balance first, then every figure that may be shown. Each "
        "form goes into the workspace's reports folder; the line below says where it is and how to open it."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "write_pdf", "PDF", tooltip="Write it for paper; needs the package typst."),
    ]

    page = query_one(ReportPage)

    def __init__(self, session: Session, folder: str, survey: Survey) -> None:
        super().__init__()
        self._session = session
        self._folder = folder
        self._survey = survey

    def compose(self) -> ComposeResult:
        yield TitleBar("Report", self._survey.organisation)
        stem = f"{self._folder}-{self._session.on}"
        yield ReportPage(self._session.workspace, stem, lambda form: readiness_report(self._survey, (), form))
        yield Keys()

    @work(exclusive=True)
    async def action_write_pdf(self) -> None:
        from toolvet.report.formats import markdown_pdf  # only a PDF needs typst

        try:
            content = await to_thread(markdown_pdf, readiness_report(self._survey, (), ReportFormat.MARKDOWN))
        except UsageError as error:
            self.page.trouble.show(str(error))
            return
        self.page.write(".pdf", content)
