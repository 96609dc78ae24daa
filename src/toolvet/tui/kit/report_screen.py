"""A preview of the report, and the forms in which it can be written."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown
from rich.segment import Segment
from rich.style import Style
from rich.theme import Theme
from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from toolvet.domain.comparison import Robustness, robustness
from toolvet.errors import ToolvetError
from toolvet.report.approval.document import Document
from toolvet.report.comparison.document import ComparisonReport, comparison_sheets
from toolvet.report.comparison.ranking import Comparison
from toolvet.report.formats import ApprovalReport, Report, ReportFormat, RequesterReport
from toolvet.report.register import register_html
from toolvet.report.survey.document import ReadinessReport
from toolvet.report.survey.result import Survey
from toolvet.services.assessments import OpenedAssessment, Session
from toolvet.services.register_entries import gather_register
from toolvet.services.reports import gather
from toolvet.storage.evidence_files import OVERVIEW_BYTES
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural, visible
from toolvet.text.labels import day
from toolvet.tui import screens
from toolvet.tui.kit.content import Keys, TitleBar, Trouble, entitle, titled
from toolvet.tui.kit.dialogs import Confirm
from toolvet.tui.kit.find import FIND, FindLine, matching_lines
from toolvet.tui.kit.link_list import PageTabs, page_bindings
from toolvet.tui.screen import COPY, Place, copy_words, notify
from toolvet.values import dataclass

_PLAIN = ("h1.border", "code_block", "hr", "table.border")
_BOLD = ("h1", "h3", "code", "item.bullet", "item.number", "table.header")
_STYLES = Theme(
    {f"markdown.{name}": "none" for name in _PLAIN}
    | {f"markdown.{name}": "bold" for name in _BOLD}
    | {f"markdown.{name}": "italic" for name in ("h4", "block_quote")}
    | {f"markdown.{name}": "underline" for name in ("link", "link_url")}
    | {"markdown.h2": "bold underline"}
)


class Paper:
    """A page of Markdown in which everything foreign is escaped already, laid out once for each width.

    `found` are the lines with the words looked for, by number, with their text; they are shown reversed.
    """

    def __init__(self, text: str) -> None:
        self._markdown = Markdown(text, hyperlinks=False, code_theme="ansi_dark")
        self._words = ""
        self._width = 0
        self._lines: list[list[Segment]] = []
        self.found: dict[int, str] = {}

    def find(self, words: str) -> None:
        self._words = words
        texts = ["".join(segment.text for segment in line) for line in self._lines]
        self.found = {at: texts[at].strip() for at in matching_lines(words, texts)}

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if options.max_width != self._width:
            self._width = options.max_width
            with console.use_theme(_STYLES):
                self._lines = list(Segment.split_lines(console.render(self._markdown, options)))
            self.find(self._words)
        for at, line in enumerate(self._lines):
            yield from Segment.apply_style(line, post_style=_REVERSE if at in self.found else None)
            yield Segment.line()


_REVERSE = Style(reverse=True)


class ReportText(VerticalScroll):
    """The text of the report, scrolled with the keys for moving about and the usual letters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "page_down", "Further down", show=False, id="further-down"),
    ]


Making = Callable[[], Awaitable[str | bytes]]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a report is written in: its name, what it is good for, how its file name ends, and how to make it."""

    name: str
    words: str
    ending: str
    make: Making


def forms_of(made: Callable[[], Report]) -> tuple[Form, ...]:
    """The forms that every report has, those that are text first."""

    def maker(ending: str) -> Making:
        async def make() -> str | bytes:
            return await to_thread(made().written, ending)  # laying out a PDF takes half a second

        return make

    return tuple(Form(name, words, f".{ending}", maker(ending)) for name, words, ending in _FORMS)


_FORMS = (
    ("HTML", "One file that opens in any browser and prints well.", "html"),
    ("Markdown", "For a wiki, a ticket or git.", "md"),
    ("JSON", "Every figure, for other programs.", "json"),
    ("PDF", "For paper; needs the package typst.", "pdf"),
    ("Word", "To comment on and to edit.", "docx"),
)


class ReportPage(Vertical):
    """Shows a report in Markdown and writes it as `<stem><ending>` into the workspace's folder for reports.

    `stem` is asked when it is written.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "write", "Write report", tooltip="Choose a form and write the report to a file.", id="report"),
        Binding("o", "open", "Open", tooltip="Open what was written last, in the browser or a viewer.", id="open"),
        FIND,
        Binding("n", "go_to_found(1)", "Next", tooltip="The next line that was found.", show=False, id="next"),
        Binding("p", "go_to_found(-1)", "Previous", tooltip="The one before.", show=False, id="previous"),
        COPY,
    ]

    text = query_one(ReportText)
    trouble = query_one(Trouble)

    def __init__(
        self, workspace: Workspace, stem: Callable[[], str], preview: Callable[[], str], forms: tuple[Form, ...]
    ) -> None:
        super().__init__()
        self._workspace, self._stem, self._preview, self._forms = workspace, stem, preview, forms
        self._written: Path | None = None
        self._shown, self._at = "", 0
        self.first = ""
        """The form that is offered first, by its name."""
        self._paper = Paper("")

    def compose(self) -> ComposeResult:
        with titled(ReportText(id="report"), "As it is written"):
            yield Static(Content.styled("Putting the report together …", "$text-muted"), id="report-text")
        yield FindLine()
        yield Trouble()

    def on_mount(self) -> None:
        """Draw the frame first; the report takes a moment to make."""
        self.text.focus()
        self.call_after_refresh(self.show)

    def show(self, make: Callable[[], str] | None = None) -> None:
        """Show the Markdown that it makes; without it, the whole report. Where that fails, show why."""
        fault = None
        try:
            self._shown = (make or self._preview)()
        except ToolvetError as error:
            self._shown, fault = "", str(error)
        self.trouble.show(fault)
        self._paper = Paper(self._shown)
        self.query_one(FindLine).action_leave()
        self.query_one("#report-text", Static).update(self._paper)
        self.text.scroll_home(animate=False)

    def action_find(self) -> None:
        self.query_one(FindLine).open()

    @on(FindLine.Asked)
    def _find(self, event: FindLine.Asked) -> None:
        event.stop()
        self._paper.find(event.words)
        self.query_one("#report-text", Static).refresh()
        self._at = 0
        found = f"{plural(len(self._paper.found), 'line')} found · n: the next" if event.words else ""
        entitle(self.text, "As it is written", found)
        self.action_go_to_found(0)
        if event.is_over:
            self.text.focus()

    def action_go_to_found(self, by: int) -> None:
        """Bring the next line that was found into view."""
        lines = list(self._paper.found)
        if lines:
            self._at = (self._at + by) % len(lines)
            self.text.scroll_to(y=max(0, lines[self._at] - 3), animate=False)

    @property
    def found(self) -> dict[int, str]:
        """The lines found, by number."""
        return self._paper.found

    def action_copy(self) -> None:
        """Copy the line that was found; without one, the text as Markdown."""
        lines = list(self._paper.found.values())
        copy_words(self, lines[self._at] if lines else self._shown, "line" if lines else "text")

    @work(exclusive=True)
    async def action_write(self) -> None:
        choices = [screens.Choice(form, form.name, form.words) for form in self._forms]
        first = next((form for form in self._forms if form.name == self.first), None)
        form = await self.app.push_screen_wait(screens.ChooseOne("Write the report", choices, chosen=first))
        if form is None:
            return
        try:
            path = self._workspace.save_report(f"{self._stem()}{form.ending}", await form.make())
        except ToolvetError as error:
            self.trouble.show(str(error))
            return
        self.trouble.show(None)
        self._written = path
        self.refresh_bindings()
        notify(self, f"✓ Written {visible(self._workspace.relative(path))}   o Open")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """There is something to open once something is written."""
        return None if action == "open" and self._written is None else True

    def action_open(self) -> None:
        if self._written is not None:
            screens.open_file_outside(self.app, self._written)


PAGES = ("The report", "For the requester")


class ReportScreen(Place[None]):
    """The report on one assessment and the decision that rests on it."""

    CSS_PATH = "report.tcss"
    HELP = (
        "What you see is what is written: the report for whoever decides, and half a page for whoever asked. Each form "
        "goes into the workspace's reports folder, over the one of the same day; o opens it."
    )
    BINDINGS: ClassVar[list[BindingType]] = page_bindings(PAGES)

    page = query_one(ReportPage)
    tabs = query_one(PageTabs)

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        super().__init__()
        self._session = session
        self._opened = opened
        self._at = 0

    def compose(self) -> ComposeResult:
        yield TitleBar("Report", self._opened.assessment.subject.label, day(self._session.on))
        yield PageTabs(PAGES)
        *texts, pdf, word = forms_of(lambda: ApprovalReport(self._document()))
        half = Form(
            PAGES[1], "Half a page in plain words, for whoever asked.", "-for-requester.md", self._make_half_page
        )
        yield ReportPage(self._session.workspace, self._stem, self._markdown, (*texts, half, pdf, word))
        yield Keys()

    def _stem(self) -> str:
        return f"{self._opened.file.path.parent.name}-{self._session.on}"

    def take_new_day(self) -> None:
        self._show()

    def _document(self) -> Document:
        return gather(self._session, self._opened)

    def _markdown(self) -> str:
        return ApprovalReport(self._document()).text(ReportFormat.MARKDOWN)

    def _for_requester(self) -> str:
        return RequesterReport(self._document()).text(ReportFormat.MARKDOWN)

    def action_turn(self, by: int) -> None:
        self.action_turn_to((self._at + by) % len(PAGES))

    def action_turn_to(self, page: int) -> None:
        if page != self._at:
            self._at = page
            self._show()

    @on(PageTabs.Chosen)
    def _turn_to_clicked(self, event: PageTabs.Chosen) -> None:
        self.action_turn_to(event.page)

    def _show(self) -> None:
        self.tabs.show(self._at)
        self.page.first = PAGES[self._at]
        self.page.show(self._for_requester if self._at else None)

    async def _make_half_page(self) -> str:
        return self._for_requester()


class ReadinessReportScreen(Place[None]):
    """The report on one organisation's survey, whose folder has that name."""

    CSS_PATH = "report.tcss"
    HELP = (
        "What you see is what is written: what is out of balance first, then every figure that may be shown. Each "
        "form goes into the workspace's reports folder; o opens it."
    )

    page = query_one(ReportPage)

    def __init__(self, session: Session, folder: str, survey: Survey) -> None:
        super().__init__()
        self._session = session
        self._folder = folder
        self._survey = survey

    def compose(self) -> ComposeResult:
        yield TitleBar("Report", self._survey.organisation, day(self._session.on))
        stem = f"{self._folder}-{self._session.on}"  # what is shown is of that day
        forms = forms_of(lambda: ReadinessReport(self._survey))
        yield ReportPage(self._session.workspace, lambda: stem, self._markdown, forms)
        yield Keys()

    def _markdown(self) -> str:
        return ReadinessReport(self._survey).text(ReportFormat.MARKDOWN)


class ComparisonReportScreen(Place[None]):
    """The report on a comparison, which `compared` gives with its robustness as far as that is known."""

    CSS_PATH = "report.tcss"
    HELP = (
        "What you see is what is written, with the rubric's own weights: first a page for a board, then the appendix. "
        "Each form goes into the workspace's reports folder, over the one of the same day; o opens it."
    )

    page = query_one(ReportPage)

    def __init__(self, workspace: Workspace, compared: Callable[[], tuple[Comparison, Robustness | None]]) -> None:
        super().__init__()
        self._workspace = workspace
        self._compared = compared
        self._worked_out: tuple[Comparison | None, Robustness | None] = None, None
        """What was worked out here, where it was not known yet, and for which comparison."""

    def compose(self) -> ComposeResult:
        comparison, _ = self._compared()
        yield TitleBar("Report", plural(len(comparison.entries), "tool"), day(comparison.on))
        forms = (
            *forms_of(lambda: ComparisonReport(*self._tried())),
            Form("XLSX", "Decisions, figures and answers as tables.", ".xlsx", self._make_workbook),
        )
        yield ReportPage(self._workspace, lambda: f"comparison-{self._compared()[0].on}", self._markdown, forms)
        yield Keys()

    def take_new_day(self) -> None:
        self.page.show()

    def _tried(self) -> tuple[Comparison, Robustness | None]:
        comparison, found = self._compared()
        if found is None:
            if comparison is not self._worked_out[0]:
                self._worked_out = comparison, robustness(comparison.ranked)
            found = self._worked_out[1]
        return comparison, found

    def _markdown(self) -> str:
        return ComparisonReport(*self._tried()).text(ReportFormat.MARKDOWN)

    async def _make_workbook(self) -> bytes:
        from toolvet.report.workbook import workbook_bytes  # only a workbook needs XlsxWriter

        comparison, _ = self._compared()
        return workbook_bytes("Comparison", comparison_sheets(comparison), comparison.on)


async def keep_register(app: App[Any], session: Session) -> None:
    """Write the register of tools as a page, out of the keys' way, and open it if that is wanted."""
    apart = replace(session, workspace=Workspace(session.workspace.root))
    apart.workspace.evidence.most_bytes = OVERVIEW_BYTES
    found = await to_thread(gather_register, apart, with_evidence=True)
    path = session.workspace.save_report("register.html", register_html(found.entries, session.on))
    told = [f"✗ {error}" for error in found.errors]
    words = "\n\n".join([f"It is in {session.workspace.relative(path)}, for everybody to read.", *told])
    if await app.push_screen_wait(Confirm("The register is written", words, yes="Open it", no="Close")):
        screens.open_file_outside(app, path)
