"""What every use case needs first, looked up once: the workspace, the day, the reviewer, and an assessment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from toolvet.domain.assessment import Assessment
from toolvet.domain.findings import Finding, find, is_rubric_changed
from toolvet.domain.rubric import Ask, Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.storage.reader import AssessmentFile, check_answers
from toolvet.storage.toml_input import Seal
from toolvet.storage.user_state import preferred, reviewer_name
from toolvet.storage.workspace import Workspace

Clock = Callable[[], date]


def clock_of(on: date | None) -> Clock:
    """Always the given day; without one, the system's day at each call."""
    return (lambda: date.today()) if on is None else (lambda: on)


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
    warnings: tuple[Problem, ...] = ()

    @property
    def assessment(self) -> Assessment:
        """The answers."""
        return self.file.assessment

    @property
    def is_survey(self) -> bool:
        """Whether it holds one person's answers to a survey, which have no verdict."""
        return self.rubric.ask is Ask.GAP

    @property
    def is_seal_broken(self) -> bool:
        """Whether the file was changed outside toolvet, or cut short."""
        return self.file.seal is Seal.BROKEN

    def score(self, on: date) -> Scorecard:
        """The scorecard as of that day."""
        return score(self.rubric, self.assessment, on)


class ChangedRubric(UnusableFile):
    """The answers fit the rubric no more, because its words have changed since."""

    def __str__(self) -> str:
        hint = "M, or toolvet migrate, shows what becomes of each answer."
        return f"The rubric has changed since this was answered. {hint}\n{super().__str__()}"


class SurveyAnswers(ToolvetError):
    """The file answers a survey where one that rates a tool is needed."""


def rubric_asked(workspace: Workspace, file: AssessmentFile) -> Rubric:
    """Look up the rubric that the file answers. ToolvetError, naming the file, if it is missing."""
    asked = file.assessment.rubric
    try:
        return workspace.rubric(asked.id, asked.version)
    except UnusableFile:
        raise
    except ToolvetError as error:
        raise ToolvetError(f"{file.path}: {error}") from error


def open_assessment(workspace: Workspace, file: AssessmentFile) -> OpenedAssessment:
    """Look up the rubric of a file. ToolvetError without it; UnusableFile, with every problem, for a misfit."""
    rubric = rubric_asked(workspace, file)
    problems = check_answers(file, rubric)
    if any(not problem.warning for problem in problems):
        raise ChangedRubric(problems) if is_rubric_changed(rubric, file.assessment) else UnusableFile(problems)
    return OpenedAssessment(file, rubric, workspace.why_read_only(file), problems)


def open_tool(workspace: Workspace, file: AssessmentFile) -> OpenedAssessment:
    """As `open_assessment`, for a file that rates a tool. SurveyAnswers for answers to a survey."""
    opened = open_assessment(workspace, file)
    if opened.is_survey:
        raise SurveyAnswers(f"{file.path}: holds answers to a survey, which have no verdict; see toolvet readiness")
    return opened


def findings_on(workspace: Workspace, opened: OpenedAssessment, scorecard: Scorecard) -> tuple[Finding, ...]:
    """What a careful colleague would say, compared with the subject's assessment before this one."""
    return find(
        opened.rubric,
        opened.assessment,
        scorecard.on,
        seal_broken=opened.is_seal_broken,
        scorecard=scorecard,
        before=workspace.earlier(opened.file),
    )


def continue_as_new(session: Session, opened: OpenedAssessment) -> OpenedAssessment:
    """Copy the answers of a read-only assessment into a new one, begun today by the present reviewer."""
    on, assessment = session.on, opened.assessment
    reviewer = session.reviewer or assessment.reviewer.name
    begun = replace(assessment, started=on, reviewer=replace(assessment.reviewer, name=reviewer))
    return replace(opened, file=session.workspace.start(begun, on), read_only=None)
