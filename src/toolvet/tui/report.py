"""Report: the approval report as it will read, and one key for each form in which it is written."""

from __future__ import annotations

from asyncio import to_thread
from datetime import date
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from toolvet.domain.rubric import Rubric
from toolvet.errors import UsageError
from toolvet.files.reading import AssessmentFile
from toolvet.files.workspace import Workspace
from toolvet.gathering import gather
from toolvet.report.document import Document
from toolvet.report.render import ReportFormat, report, requester_report
from toolvet.tui.clock import Today
from toolvet.tui.paper_screen import PaperScreen
from toolvet.tui.widgets.frame import Trouble


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

    _on = Today()

    def __init__(self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date) -> None:
        super().__init__(workspace, file.assessment.subject.label, f"{file.path.parent.name}-{on.isoformat()}")
        self._rubric, self._file, self._on = rubric, file, on
        self._is_for_requester = False

    def report_in(self, form: ReportFormat) -> str:
        """The approval report."""
        return report(self._document(), form)

    def shown_text(self) -> str:
        """The whole report, or the half page for whoever asked."""
        return self._for_requester() if self._is_for_requester else super().shown_text()

    def _document(self) -> Document:
        return gather(self._workspace, self._rubric, self._file, self._on)

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
