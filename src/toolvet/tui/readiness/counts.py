"""Surveys of the workspace, counted once as long as their files stay as they are, and the ways to their screens.

Each way runs in a worker, waits for the screens it shows, and may raise ToolvetError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from textual.app import App

from toolvet.errors import ToolvetError, UsageError
from toolvet.report.survey.result import ask_again_on
from toolvet.services.overview import Due, SubjectView, Surveyed, uncounted, urgency_of
from toolvet.services.surveys import Gathered, gather_folder, rubric_of
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural

AT_ONCE = 50
"""Up to so many answer files are counted while the person waits: in a tenth of a second on a slow machine."""
NO_SURVEY = (
    "There is no survey here yet. Write the form with toolvet readiness --form NAME -o survey.html, and take the "
    "answers in with toolvet readiness --import."
)

_Key = tuple[object, ...]


class Counts:
    """What was counted last of each survey."""

    def __init__(self, workspace: Workspace, on: date) -> None:
        self._workspace = workspace
        self._on = on
        self._known: dict[str, tuple[_Key, Gathered | ToolvetError]] = {}

    def known(self, folder: SubjectFolder) -> Gathered | None:
        """The result, where its files are the same as when it was counted, or where counting takes no time.

        ToolvetError where there is none, as nobody answered.
        """
        known = self._known.get(folder.name)
        if known is None or known[0] != self._key(folder):
            return self.count(folder) if len(folder.assessments) <= AT_ONCE else None
        if isinstance(known[1], ToolvetError):
            raise known[1]
        return known[1]

    def count(self, folder: SubjectFolder) -> Gathered:
        """The result, which takes some tenths of a second for hundreds of answers. ToolvetError where there is none."""
        key = self._key(folder)
        try:
            gathered = gather_folder(folder, self._workspace, self._on)
        except ToolvetError as error:
            self._known[folder.name] = (key, error)
            raise
        self._known[folder.name] = (key, gathered)
        return gathered

    def _key(self, folder: SubjectFolder) -> _Key:
        """All that the result rests on: the files, and the rubric with its thresholds."""
        rubric = rubric_of(folder.assessments[0], self._workspace) if folder.assessments else None
        asked = () if rubric is None else (rubric.digest, rubric.policy)
        return (*asked, *((file.path, file.sha256) for file in folder.assessments))


def survey_view(folder: SubjectFolder, counts: Counts, on: date) -> SubjectView:
    """What Home says about that survey: its result, where it is counted already."""
    view = uncounted(folder)
    try:
        gathered = counts.known(folder)
    except ToolvetError as error:
        return replace(view, fault=str(error))
    if gathered is None:
        return view
    due = ask_again_on(gathered.survey.now)
    left_out = len(gathered.left_out)
    return replace(
        view,
        due=() if due is None else (Due("ask again", due, urgency_of(due, on)),),
        doubts=(f"{plural(left_out, 'thing')} left out of the count",) if left_out else (),
        survey=Surveyed(len(folder.assessments), gathered),
    )


async def show_readiness(app: App[None], workspace: Workspace, folder: SubjectFolder, on: date, counts: Counts) -> None:
    """The result of that survey."""
    from toolvet.tui.readiness.screen import ReadinessScreen  # who opens Home does not wait for it

    await app.push_screen_wait(ReadinessScreen(workspace, folder, on, counts))


async def choose_survey(app: App[None], views: Sequence[SubjectView]) -> SubjectFolder | None:
    """The only survey of these, or the one that the person picks; None where they went back."""
    if not views:
        raise UsageError(NO_SURVEY)
    if len(views) == 1:
        return views[0].folder
    from toolvet.tui.kit.dialogs import Choice, ChooseOne  # as above

    return await app.push_screen_wait(ChooseOne("Which survey?", [Choice(view.folder, view.name) for view in views]))


async def report_survey(app: App[None], workspace: Workspace, folder: SubjectFolder, on: date, counts: Counts) -> None:
    """The report on that survey."""
    from toolvet.tui.kit.report_screen import ReadinessReportScreen  # as above

    gathered = counts.known(folder) or counts.count(folder)
    await app.push_screen_wait(ReadinessReportScreen(workspace, folder.name, gathered.survey, on))
