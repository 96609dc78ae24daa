"""Counts of the surveys in a workspace, kept as long as their files stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolvet.domain.rubric import Rubric
from toolvet.errors import ToolvetError
from toolvet.report.survey.result import ask_again_on
from toolvet.services.assessments import Session, rubric_asked
from toolvet.services.overview import Due, SubjectView, Surveyed, uncounted, urgency_of
from toolvet.services.survey_rounds import Gathered, gather_folder
from toolvet.services.surveys import rubric_of_round
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural

AT_ONCE = 50
"""Up to this many answer files are counted while the person waits: a tenth of a second on a slow machine."""
_Key = tuple[object, ...]


class SurveyCounts:
    """The last result of each survey."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, tuple[_Key, Gathered | ToolvetError]] = {}

    def known(self, folder: SubjectFolder) -> Gathered | None:
        """The result, where nothing changed since the last count or counting is quick. ToolvetError without answers."""
        known = self._known.get(folder.name)
        if known is None or known[0] != self._key(folder):
            return self.count(folder) if len(folder.assessments) <= AT_ONCE else None
        if isinstance(known[1], ToolvetError):
            raise known[1]
        return known[1]

    def count(self, folder: SubjectFolder) -> Gathered:
        """Count, which takes some tenths of a second for hundreds of files. ToolvetError where nobody answered."""
        key = self._key(folder)
        try:
            gathered = gather_folder(folder, self._session.workspace, self._session.on)
        except ToolvetError as error:
            self._known[folder.name] = (key, error)
            raise
        self._known[folder.name] = (key, gathered)
        return gathered

    def _key(self, folder: SubjectFolder) -> _Key:
        """Everything the result depends on: the day, the rubrics with their thresholds, and the files."""
        workspace = self._session.workspace
        rubric = rubric_asked(workspace, folder.assessments[0]) if folder.assessments else None
        answers = ((file.path, file.sha256) for file in folder.assessments)
        return (
            self._session.on,
            folder.open_round,
            *(() if rubric is None else _thresholds(rubric)),
            *answers,
            *((file.path, file.content) for file in folder.rounds),
            *_rubrics_of_rounds(folder, workspace),
        )

    def view(self, folder: SubjectFolder) -> SubjectView:
        """What Home says about a survey: its result, where it is counted already."""
        view = uncounted(folder)
        try:
            gathered = self.known(folder)
        except ToolvetError as error:
            return replace(view, fault=str(error))
        if gathered is None:
            return view
        due = None if gathered.survey is None else ask_again_on(gathered.survey.now)
        left_out = len(gathered.left_out)
        return replace(
            view,
            due=() if due is None else (Due("ask again", due, urgency_of(due, self._session.on)),),
            doubts=(f"{plural(left_out, 'thing')} left out of the count",) if left_out else (),
            survey=Surveyed(len(folder.assessments), gathered),
        )


def _thresholds(rubric: Rubric) -> _Key:
    return rubric.digest, rubric.policy, rubric.policies


def _rubrics_of_rounds(folder: SubjectFolder, workspace: Workspace) -> Iterator[object]:
    """The rubric of each round, as far as it can be used, else why not."""
    for closed in {file.round.rubric: file.round for file in folder.rounds}.values():
        try:
            yield _thresholds(rubric_of_round(closed, workspace))
        except ToolvetError as error:
            yield str(error)
