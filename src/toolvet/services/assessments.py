"""What every interface works with: the session, an opened assessment with its rubric and faults, and migration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef
from toolvet.domain.findings import Finding, find, is_rubric_changed
from toolvet.domain.migration import Migration, migrate
from toolvet.domain.records import is_proved_again, last_proofs
from toolvet.domain.rubric import Ask, Rubric, newest_of_each
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.errors import Problem, ToolvetError, UnusableFile, UsageError
from toolvet.storage.config import configured, wanted_language
from toolvet.storage.evidence_files import OVERVIEW_BYTES, EvidenceState
from toolvet.storage.faults import Fault, quoted
from toolvet.storage.names import is_in_assessments
from toolvet.storage.reader import AssessmentFile, DecisionFile, RecordFile, check_answers, problems_of, read_assessment
from toolvet.storage.rubric_library import RubricFile
from toolvet.storage.subjects import SubjectFolder, day_of
from toolvet.storage.toml_input import Seal
from toolvet.storage.user_state import preferred, reviewer_name
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural
from toolvet.text.sentences import read_only_words
from toolvet.values import dataclass


def tool_rubrics(workspace: Workspace) -> tuple[Rubric, ...]:
    """The newest version of each rubric for tools."""
    return tool_rubrics_among(workspace.rubrics())


def tool_rubrics_among(files: Iterable[RubricFile]) -> tuple[Rubric, ...]:
    """The same of these."""
    return newest_of_each(file.rubric for file in files if file.rubric.ask is Ask.LEVEL)


def is_survey(folder: SubjectFolder, workspace: Workspace) -> bool:
    """Whether the newest answers about that subject are to a survey."""
    return bool(folder.assessments) and is_answer_file(folder.assessments[0], workspace)


def refuse_survey(folder: SubjectFolder, workspace: Workspace) -> None:
    """SurveyAnswers for a survey: what would list its people, or change what they said, is for tools."""
    if is_survey(folder, workspace):
        raise SurveyAnswers(
            f'"{folder.label}" is a survey, whose answers are not shown one by one; see toolvet readiness'
        )


def is_answer_file(file: AssessmentFile, workspace: Workspace) -> bool:
    """Whether the file holds one person's answers to a survey; without its rubric, whether it looks like that."""
    asked = file.assessment.rubric
    try:
        return workspace.rubric(asked.id, asked.version).ask is Ask.GAP
    except ToolvetError:
        return file.answers_gaps


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """What would become of the file; nothing is written yet.

    `old` is the text that was answered, or None if it is gone. `read_only` says why the file stays as it is and the
    answers go into a new one; None if the file itself changes.
    """

    file: AssessmentFile
    old: Rubric | None
    new: Rubric
    migration: Migration
    read_only: str | None


def plan_migration(workspace: Workspace, file: AssessmentFile, version: str | None = None) -> MigrationPlan | None:
    """Plan the move to that version of the rubric, else to the newest; None if that is what was answered.

    ToolvetError if one text rates tools and the other is a survey; UnusableFile if the answers would not fit.
    """
    asked = file.assessment.rubric
    new = workspace.rubric(asked.id, version or workspace.newer_version(asked, for_certain=True) or asked.version)
    if (asked.version, asked.digest or new.digest) == (new.version, new.digest):
        return None
    old = workspace.rubric_as_answered(asked)
    if old is not None and old.ask is not new.ask:
        raise ToolvetError(
            f"{file.path}: {new.id} {new.version} asks for another kind of answer; start a new assessment"
        )
    migration = migrate(file.assessment, old, new)
    problems = check_answers(replace(file, assessment=migration.assessment), new)
    if errors := tuple(problem for problem in problems if not problem.warning):
        raise UnusableFile(errors)
    return MigrationPlan(file, old, new, migration, workspace.why_read_only(file))


def write_migration(session: Session, plan: MigrationPlan) -> AssessmentFile:
    """Write the answers into the same file or, if that is read-only, into a new one begun today by the reviewer."""
    if plan.read_only is None:
        return session.workspace.save(plan.file, plan.migration.assessment)
    on = session.on
    assessment = replace(plan.migration.assessment, started=on, amended=(), panel=())
    if plan.new.ask is Ask.LEVEL and (name := session.reviewer):
        assessment = replace(assessment, reviewer=replace(assessment.reviewer, name=name))
    return session.workspace.start(assessment, on)


OVERTAKEN = "Somebody else changed this file"
CHANGED_RUBRIC = "The rubric has changed since this was answered, so no decision can rest on it."
CHANGED_SURVEY = "The survey has changed since this was answered."
NO_COPY = "The answers are saved, but their rubric could not be copied into the workspace, as a decision needs it:"
MIGRATES = "M shows what becomes of each answer."
UNREAD = "The seal of this file is broken and you have not confirmed it, so it is read-only until you do: K asks again."


def notices(
    file: AssessmentFile, rubric: Rubric, *, read_only: str | None = None, newer: str | None = None
) -> tuple[str, ...]:
    """What the person should know about the file, one entry for each thing; `newer` is a later version of the rubric.

    `read_only` says why it cannot be changed. Empty if there is nothing unusual.
    """
    return tuple(_notices(file, rubric, read_only=read_only, newer=newer))


def _notices(file: AssessmentFile, rubric: Rubric, *, read_only: str | None, newer: str | None) -> Iterator[str]:
    is_survey = rubric.ask is Ask.GAP
    if read_only is not None:
        yield read_only_words(read_only)
    if file.seal is Seal.BROKEN:
        until = "" if is_survey else "; no decision can rest on them until you confirm it"
        key = "" if is_survey or read_only is not None else " (K)"
        yield (
            "The seal of this file is broken: it was changed outside toolvet, or cut short. "
            f"Check the answers before you rely on them{until}{key}."
        )
    elif file.seal is Seal.MISSING and read_only is None:
        origin = "was not written by toolvet's screens" if is_survey else "was written by hand"
        yield (
            f"This file {origin}. The first change saves it in toolvet's form and keeps the original as "
            f"{file.path.name}.orig."
        )
    if file.not_copied is not None:
        yield f"{NO_COPY} {file.not_copied}."
    if is_rubric_changed(rubric, file.assessment):
        yield f"{CHANGED_SURVEY if is_survey else CHANGED_RUBRIC} {MIGRATES}"
    elif newer is not None:
        yield f"Version {newer} of this {'survey' if is_survey else 'rubric'} is available: {MIGRATES}"
    if count := sum(answer.confirm is not None for answer in file.assessment.answers.values()):
        yield f"! {plural(count, 'answer')} to be confirmed, not counted until then. j goes to what is open."


def misfit(file: AssessmentFile, rubric: Rubric) -> str | None:
    """Why these answers cannot be shown or scored under that rubric, and what to do; None if they can."""
    problems = [str(problem) for problem in check_answers(file, rubric) if not problem.warning]
    if problems and is_rubric_changed(rubric, file.assessment):
        problems.insert(0, f"The rubric has changed since this was answered. {MIGRATES}")
    return "\n".join(problems) or None


Clock = Callable[[], date]


def clock_of(on: date | None) -> Clock:
    """Always the given day; without one, the system's day at each call."""
    return (lambda: date.today()) if on is None else (lambda: on)


@dataclass(frozen=True, slots=True)
class Session:
    """A workspace and a clock, passed on instead of a folder and a day; `asked_language` is that of --language."""

    workspace: Workspace
    clock: Clock
    asked_language: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "workspace", self.workspace.as_of(self.clock))

    @property
    def on(self) -> date:
        """The day that everything is judged on, asked anew each time."""
        return self.clock()

    @property
    def reviewer(self) -> str | None:
        """The name for new files: TOOLVET_REVIEWER, config.toml, git's user.name, or what was typed before."""
        return reviewer_name(configured().reviewer) or preferred("reviewer")

    @property
    def language(self) -> str | None:
        """The language to show rubrics in that have it: of --language, config.toml or the locale; "" for their own."""
        return wanted_language() if self.asked_language is None else self.asked_language


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

    def in_language(self, language: str | None) -> OpenedAssessment:
        """The same with the rubric in that language, if it has it."""
        return replace(self, rubric=self.rubric.in_language(language))

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


def read_corrected(workspace: Workspace, path: Path) -> AssessmentFile:
    """The assessment in that file with what was corrected since a decision rests on it."""
    file = read_assessment(path)
    folder = workspace.folder_of(file)
    there = () if folder is None else (one for one in folder.assessments if one.path.name == path.name)
    return next((replace(one, path=path) for one in there if one.content == file.content), file)


def rubric_asked(workspace: Workspace, file: AssessmentFile) -> Rubric:
    """Look up the rubric that the file answers. ToolvetError, naming the file, if it is missing."""
    asked = file.assessment.rubric
    try:
        return workspace.rubric(asked.id, asked.version)
    except UnusableFile:
        raise
    except ToolvetError as error:
        raise ToolvetError(f"{file.path}: {error}") from error


def open_assessment(workspace: Workspace, file: AssessmentFile, *, to_read: bool = False) -> OpenedAssessment:
    """Look up the rubric of a file. ToolvetError without it; UnusableFile, with every problem, for a misfit.

    With `to_read` nothing is looked up that only says whether it may be changed: that takes reading all of its subject.
    """
    rubric = rubric_asked(workspace, file)
    warnings = check_fit(file, rubric)
    read_only = "it was opened to be read" if to_read else workspace.why_read_only(file)
    return OpenedAssessment(file, rubric, read_only, warnings)


def check_fit(file: AssessmentFile, rubric: Rubric) -> tuple[Problem, ...]:
    """What is odd about the answers under that rubric. UnusableFile, with every problem, if they do not fit it."""
    problems = check_answers(file, rubric)
    if any(not problem.warning for problem in problems):
        raise ChangedRubric(problems) if is_rubric_changed(rubric, file.assessment) else UnusableFile(problems)
    return problems


def evidence_faults(file: AssessmentFile, workspace: Workspace) -> Iterator[Fault]:
    """Evidence files that are gone, cannot be read, or changed since their sha256 was recorded; so for a panel's."""
    yield from panel_faults(file, workspace)
    for question, answer in file.assessment.answers.items():
        for position, evidence in enumerate(answer.evidence):
            if evidence.sha256 is None:
                continue
            what = evidence_trouble(workspace, evidence.source, evidence.sha256)
            if what is not None:
                message = f"{quoted(evidence.source)} {what}; bring back that file, or look at the evidence again"
                yield Fault(("answers", question, "evidence", position, "sha256"), message)


def panel_faults(file: AssessmentFile, workspace: Workspace) -> Iterator[Fault]:
    """Assessments that a panel was settled from, and that are gone, cannot be read, changed since, or none of its."""
    members = [one.path for one in file.assessment.panel]
    folder = workspace.relative(file.path.parent) if is_in_assessments(workspace.root, file.path) else None
    for at, one in enumerate(file.assessment.panel):
        try:
            found = read_assessment(workspace.root / one.path)
        except UnusableFile:
            what = "is gone or cannot be read; bring back that file"
        else:
            if found.sha256 != one.sha256:
                what = "was changed since; bring it back as it was, or settle the panel anew"
            elif folder not in (None, one.path.rpartition("/")[0]):
                what = "is of another subject; settle the panel anew"
            elif members.index(one.path) < at:
                what = "is named twice; settle the panel anew"
            else:
                continue
        yield Fault(("panel", at, "sha256"), f"{quoted(one.path)}, which the panel was settled from, {what}")


def evidence_trouble(workspace: Workspace, source: str, recorded: str) -> str | None:
    """What is wrong with a file of evidence, in words that follow its name; None if it is as it was recorded."""
    return _TROUBLES.get(workspace.evidence.compare(source, recorded))


_TROUBLES = {
    EvidenceState.GONE: "is gone or cannot be read",
    EvidenceState.CHANGED: "was changed since it was recorded",
    EvidenceState.UNREADABLE: "cannot be read, has parts that were never written, or grew while it was read",
    EvidenceState.TOO_LARGE: "is larger than 64 MiB and was not compared",
}


def evidence_error(workspace: Workspace, file: AssessmentFile) -> UnusableFile | None:
    """What is wrong with the evidence that the assessment names, if anything."""
    problems = problems_of(file.path, file.content, tuple(evidence_faults(file, workspace)))
    return UnusableFile(problems) if problems else None


def doubted_evidence(errors: Iterable[UnusableFile]) -> tuple[str, ...]:
    """The same in a sentence for each file."""
    told = dict.fromkeys(problem.message.split("; ")[0] for error in errors for problem in error.problems)
    return tuple(f"Evidence is not as it was recorded: {each}." for each in told)


def doubted_briefly(errors: Iterable[UnusableFile]) -> tuple[str, ...]:
    """The same in a few words, for a row."""
    files = len(doubted_evidence(errors))
    return (f"{plural(files, 'file')} of evidence not as recorded",) if files else ()


def unusable_in(
    workspace: Workspace, folder: SubjectFolder, rests_on: Sequence[AssessmentFile] = (), *decided: DecisionFile
) -> Iterator[ToolvetError]:
    """Everything of that tool that cannot be used, with what may be its own beside the folders of subjects.

    Of the assessments and decisions that something rests on, the evidence is looked at too. What is wrong with the
    assessments otherwise is told where they are opened.
    """
    strays = workspace.stray_problems if rests_on else ()  # of a whole workspace, they are told once
    yield from (UnusableFile((problem,)) for problem in (*folder.errors, *strays))
    if len(folder.assessments) > len(rests_on) and not is_survey(folder, workspace):
        yield from (error for file, error in misfits(workspace, folder) if file not in rests_on)
    yield from unproven_in(workspace, rests_on, *decided)


def unproven_in(
    workspace: Workspace, rests_on: Iterable[AssessmentFile], *decided: DecisionFile | None
) -> Iterator[UnusableFile]:
    """Evidence of those assessments, and of the records of the decisions, that is not as it was recorded."""
    errors = [evidence_error(workspace, file) for file in rests_on]
    errors += [proof_error(workspace, file) for one in decided if one is not None for file in needed_proofs(one)]
    yield from (error for error in errors if error is not None)


def needed_proofs(decided: DecisionFile) -> Iterator[RecordFile]:
    """The decision's records but those whose condition was recorded as met again later."""
    last = last_proofs(decided.records)
    return (file for file in decided.record_files if not is_proved_again(file.record, last))


def proof_faults(workspace: Workspace, file: RecordFile) -> Iterator[Fault]:
    """Evidence of a record that is gone, cannot be read, or changed since."""
    for at, proof in enumerate(file.record.evidence):
        what = None if proof.sha256 is None else evidence_trouble(workspace, proof.source, proof.sha256)
        if what is not None:
            words = f"{quoted(proof.source)} {what}; bring back that file, or record the condition again."
            yield Fault(("evidence", at, "sha256"), words)


def proof_error(workspace: Workspace, file: RecordFile) -> UnusableFile | None:
    """What is wrong with the evidence that the record names, if anything."""
    problems = problems_of(file.path, file.content, tuple(proof_faults(workspace, file)))
    return UnusableFile(problems) if problems else None


def doubts_about(root: Path, files: Iterable[AssessmentFile]) -> tuple[str, ...]:
    """Which files of these tools cannot be used, and which evidence is not as recorded, as far as 64 MiB go.

    It reads files, in a workspace of its own: a screen asks it in a thread.
    """
    workspace = Workspace(root)
    workspace.evidence.most_bytes = OVERVIEW_BYTES
    return tuple(dict.fromkeys(doubt for file in files for doubt in _doubts_about(workspace, file)))


def _doubts_about(workspace: Workspace, file: AssessmentFile) -> Iterator[str]:
    folder = workspace.folder_of(file)
    if folder is not None:
        paths = [problem.path for problem in folder.errors]
        paths += [other.path for other, _ in misfits(workspace, folder)]
        yield from (f"{workspace.relative(path)} cannot be used." for path in dict.fromkeys(paths))
    yield from doubted_evidence(unproven_in(workspace, [file], *(() if folder is None else folder.decisions)))


def misfits(workspace: Workspace, folder: SubjectFolder) -> Iterator[tuple[AssessmentFile, ToolvetError]]:
    """The assessments of the subject that can be read but not used, as their rubric is missing or does not fit."""
    for file in folder.assessments:
        try:
            check_fit(file, rubric_asked(workspace, file))
        except ToolvetError as error:
            yield file, error


def open_tool(workspace: Workspace, file: AssessmentFile, *, to_read: bool = False) -> OpenedAssessment:
    """As `open_assessment`, for a file that rates a tool. SurveyAnswers for answers to a survey."""
    opened = open_assessment(workspace, file, to_read=to_read)
    if opened.is_survey:
        subject = opened.assessment.subject.label
        raise SurveyAnswers(f'"{subject}" is a survey, which has no verdict; see toolvet readiness')
    return opened


def open_answers(session: Session, file: AssessmentFile) -> OpenedAssessment:
    """The answers to go on with, dated today and saved so if a wrong clock dated them later.

    UsageError if a closed round counts them.
    """
    opened = open_assessment(session.workspace, file)
    if opened.read_only is not None:
        raise UsageError(f"{file.path}: {opened.read_only}; answer the next one as a new person")
    if day_of(file) <= session.on:
        return opened
    return replace(opened, file=session.workspace.save(file, replace(opened.assessment, started=session.on)))


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
    return _begun(session, opened, opened.assessment)


def _begun(session: Session, opened: OpenedAssessment, assessment: Assessment) -> OpenedAssessment:
    """Save it as begun today by the present reviewer; what was promised by then is kept only until it is decided."""
    on, subject = session.on, assessment.subject
    if session.workspace.decision_on(opened.file) is not None:
        subject = replace(subject, answer_by=None)
    reviewer = replace(assessment.reviewer, name=session.reviewer or assessment.reviewer.name)
    begun = replace(assessment, subject=subject, started=on, reviewer=reviewer, amended=(), panel=())
    return replace(opened, file=session.workspace.start(begun, on), read_only=None)


def begin_own(session: Session, opened: OpenedAssessment) -> OpenedAssessment:
    """Begin an assessment of the same tool by the present reviewer, without anybody's answers."""
    if session.reviewer is None:
        raise UsageError("say who you are: set TOOLVET_REVIEWER to your name")
    asked = RubricRef(opened.rubric.id, opened.rubric.version, opened.rubric.digest)
    return _begun(session, opened, Assessment(asked, opened.assessment.subject, Reviewer(session.reviewer)))


def review_again(session: Session, opened: OpenedAssessment) -> OpenedAssessment:
    """Begin a new review from the answers of an earlier one: each keeps its day, and counts once it is confirmed.

    UsageError if that one is itself a review in which answers are still to be confirmed.
    """
    assessment = opened.assessment
    if any(answer.confirm is not None for answer in assessment.answers.values()):
        raise UsageError(f"{opened.file.path} still has answers to confirm; resume it with toolvet assess")
    to_confirm = {question: _to_confirm_again(answer) for question, answer in assessment.answers.items()}
    return _begun(session, opened, replace(assessment, answers=to_confirm))


def _to_confirm_again(answer: Answer) -> Answer:
    if not answer.is_given:
        return answer
    since = "an earlier review" if answer.answered is None else f"the review of {answer.answered}"
    return replace(answer, confirm=f"carried over from {since}")
