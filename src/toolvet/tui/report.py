"""Report: the approval report as it will read, and one key for each form in which it is written."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.getters import query_one
from textual.widgets import Static

from toolvet.domain.rubric import Rubric
from toolvet.errors import NotSaved
from toolvet.files.reading import AssessmentFile
from toolvet.files.workspace import Workspace
from toolvet.gathering import gather
from toolvet.report.document import Document
from toolvet.report.render import ReportFormat, markdown_report, report, requester_report
from toolvet.tui.place import Place
from toolvet.tui.widgets.frame import Keys, TitleBar, Trouble
from toolvet.tui.widgets.paper import Paper
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line

OPENERS = {"darwin": "open"}


class Preview(VerticalScroll):
    """The text of the report, scrolled with the keys for moving about and the usual letters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "page_down", "Further down", show=False),
        Binding("b", "page_up", "Further up", show=False),
    ]


class ReportScreen(Place[None]):
    """The report on one assessment and the decision that rests on it."""

    CSS_PATH = "report.tcss"
    HELP = (
        "What is shown is what is written. Each form goes into the workspace's reports folder, over the one of the "
        "same day, and the line below says where it lies and how to open it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "write('html')", "HTML", tooltip="Write one file that opens in any browser and prints well."),
        Binding("m", "write('md')", "Markdown", tooltip="Write it for a wiki, a ticket or git."),
        Binding("j", "write('json')", "JSON", tooltip="Write every figure, for other programs."),
        Binding("t", "write_requester", "Half page", tooltip="Write half a page of plain words for whoever asked."),
        Binding("v", "change_view", "View", tooltip="Show the half page for whoever asked, or the whole report again."),
    ]

    preview = query_one("#report-text", Static)

    def __init__(self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date) -> None:
        super().__init__()
        self._workspace, self._rubric, self._file, self._on = workspace, rubric, file, on
        self._is_for_requester = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Report", self._file.assessment.subject.label)
        with Preview(id="report"):
            yield Static(id="report-text")
        yield Static(id="written")
        yield Trouble()
        yield Keys()

    def on_mount(self) -> None:
        """Show the frame first; the report takes a moment to make."""
        self.query_one(Preview).focus()
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        document = self._document()
        text = (
            requester_report(document, ReportFormat.MARKDOWN) if self._is_for_requester else markdown_report(document)
        )
        self.preview.update(Paper(text))
        self.query_one(Preview).scroll_home(animate=False)

    def _document(self) -> Document:
        return gather(self._workspace, self._rubric, self._file, self._on)

    def action_change_view(self) -> None:
        """Show the half page for whoever asked, or the whole report again."""
        self._is_for_requester = not self._is_for_requester
        self._show()

    def action_write(self, ending: str) -> None:
        """Write the report in that form."""
        form = ReportFormat(ending)
        self._write(f"{self._stem}.{form.value}", report(self._document(), form))

    def action_write_requester(self) -> None:
        """Write the half page for whoever asked."""
        self._write(f"{self._stem}-for-requester.md", requester_report(self._document(), ReportFormat.MARKDOWN))

    @property
    def _stem(self) -> str:
        return f"{self._file.path.parent.name}-{self._on.isoformat()}"

    def _write(self, name: str, content: str) -> None:
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
