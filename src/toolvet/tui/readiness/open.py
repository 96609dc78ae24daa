"""From a workspace to the Readiness screen and its report: which survey, and its result.

Each way runs in a worker, waits for the screens it shows, and may raise ToolvetError.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App

from toolvet.errors import UsageError
from toolvet.services.overview import SubjectView
from toolvet.services.session import Session
from toolvet.storage.subjects import SubjectFolder
from toolvet.tui.kit.dialogs import Choice, ChooseOne
from toolvet.tui.kit.report_screen import ReadinessReportScreen
from toolvet.tui.readiness.counts import SurveyCounts
from toolvet.tui.readiness.screen import ReadinessScreen

NO_SURVEY = (
    "There is no survey here yet. Write the form with toolvet readiness --form NAME -o survey.html, and take the "
    "answers in with toolvet readiness --import."
)


async def show_readiness(app: App[None], session: Session, folder: SubjectFolder, counts: SurveyCounts) -> None:
    """Show the result of that survey."""
    await app.push_screen_wait(ReadinessScreen(session, folder, counts))


async def choose_survey(app: App[None], views: Sequence[SubjectView]) -> SubjectFolder | None:
    """The only survey of these, or the one that the person picks; None where they went back."""
    if not views:
        raise UsageError(NO_SURVEY)
    if len(views) == 1:
        return views[0].folder
    return await app.push_screen_wait(ChooseOne("Which survey?", [Choice(view.folder, view.name) for view in views]))


async def report_survey(app: App[None], session: Session, folder: SubjectFolder, counts: SurveyCounts) -> None:
    """Preview the report on that survey."""
    survey = (counts.known(folder) or counts.count(folder)).survey
    await app.push_screen_wait(ReadinessReportScreen(session, folder.name, survey))
