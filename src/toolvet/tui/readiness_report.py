"""The report on a survey as it will read, and one key for each form in which it is written."""

from __future__ import annotations

from datetime import date

from toolvet.files.workspace import Workspace
from toolvet.report.readiness import Survey
from toolvet.report.readiness_render import readiness_report
from toolvet.report.render import ReportFormat
from toolvet.tui.paper_screen import PaperScreen


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
