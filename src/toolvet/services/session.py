"""What every use case needs to know first, looked up once: the workspace, the day, the reviewer, and an assessment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from toolvet.domain.assessment import Assessment
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.storage.reader import AssessmentFile, check_answers
from toolvet.storage.user_state import preferred, reviewer_name
from toolvet.storage.workspace import Workspace

Clock = Callable[[], date]


def clock_of(on: date | None) -> Clock:
    """Always the given day; without one, the system's day at each call."""
    return date.today if on is None else lambda: on


@dataclass(frozen=True, slots=True)
class Session:
    """A workspace and a clock, passed on instead of a folder and a day."""

    workspace: Workspace
    clock: Clock

    @property
    def on(self) -> date:
        """The day that everything is judged on, asked anew each time."""
        return self.clock()

    @property
    def reviewer(self) -> str | None:
        """The name for new assessments and decisions: TOOLVET_REVIEWER, git's user.name, or what was typed before."""
        return reviewer_name() or preferred("reviewer")


@dataclass(frozen=True, slots=True)
class OpenedAssessment:
    """An assessment file whose answers fit its rubric. `read_only` says why it cannot be changed, or is None."""

    file: AssessmentFile
    rubric: Rubric
    read_only: str | None

    @property
    def assessment(self) -> Assessment:
        """The answers."""
        return self.file.assessment

    @property
    def is_survey(self) -> bool:
        """Whether it holds one person's answers to a survey, which have no verdict."""
        return self.rubric.ask is Ask.GAP


def open_assessment(workspace: Workspace, file: AssessmentFile) -> OpenedAssessment:
    """Look up the rubric of a file. ToolvetError without it; UnusableFile, with every problem, for a misfit."""
    asked = file.assessment.rubric
    rubric = workspace.rubric(asked.id, asked.version)
    problems = tuple(problem for problem in check_answers(file, rubric) if not problem.warning)
    if problems:
        raise UnusableFile(problems)
    return OpenedAssessment(file, rubric, workspace.why_read_only(file))


def open_tool(workspace: Workspace, file: AssessmentFile) -> OpenedAssessment:
    """As `open_assessment`, for a file that rates a tool. ToolvetError for answers to a survey."""
    opened = open_assessment(workspace, file)
    if opened.is_survey:
        path = workspace.relative(file.path)
        raise ToolvetError(f"{path} holds one person's answers to a survey; it has no verdict.")
    return opened


def continue_as_new(session: Session, opened: OpenedAssessment) -> OpenedAssessment:
    """Copy the answers of a read-only assessment into a new one, begun today by the present reviewer."""
    assessment = opened.assessment
    reviewer = session.reviewer or assessment.reviewer.name
    begun = replace(assessment, started=session.on, reviewer=replace(assessment.reviewer, name=reviewer))
    return replace(opened, file=session.workspace.start(begun, session.on), read_only=None)
