"""The report's document, gathered from a workspace: the screens and the commands make it here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from toolvet.domain.advice import advise
from toolvet.domain.decision import Decision
from toolvet.domain.findings import find
from toolvet.domain.rubric import Ask, Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.approval.builder import OtherAssessment, make_document
from toolvet.report.approval.document import Document, FileDigest, NewerDecision, SurveyPart, newer_decision
from toolvet.report.approval.shortfalls import survey_part
from toolvet.services.decisions import Decided, counting, decided_in
from toolvet.services.surveys import answers_in_folder, gather_survey
from toolvet.storage.reader import AssessmentFile, DecisionFile, check_answers
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal, hex_digest
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural


def gather(workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date) -> Document:
    """Everything the report on that assessment says, as of that day, with the decision that rests on it."""
    assessment = file.assessment
    scorecard = score(rubric, assessment, on)
    folder = workspace.folder_of(file)
    decided = Decided() if folder is None else decided_in(workspace, folder, on)
    own = None if folder is None else _own(workspace, folder, file, decided, on)
    return make_document(
        scorecard,
        assessment,
        decision=None if own is None else own.decision,
        findings=find(
            rubric,
            assessment,
            on,
            seal_broken=file.seal is Seal.BROKEN,
            scorecard=scorecard,
            before=workspace.earlier(file),
        ),
        advice=advise(rubric, assessment, on),
        files=tuple(_digests(workspace, rubric, file, own)),
        others=tuple(_others(folder, rubric, file, on)),
        surveys=shortfalls_in(workspace, scorecard),
        newer=_newer(workspace, decided, own),
        earlier=_superseded(folder, own),
        doubts=decided.doubts,
        unusable=_unusable_files(workspace, folder),
    )


def _own(
    workspace: Workspace, folder: SubjectFolder, file: AssessmentFile, decided: Decided, on: date
) -> DecisionFile | None:
    """The decision that the report is about: of those taken by that day that rest on its file, the last."""
    path = workspace.relative(file.path)
    resting = [one for one in folder.decisions if one.decision.assessment.path == path]
    if decided.file in resting:
        return decided.file
    last, rivals = counting(resting, on)
    return last or next(iter(rivals), None)


def _newer(workspace: Workspace, decided: Decided, own: DecisionFile | None) -> NewerDecision | None:
    """The decision that counts by that day, where it is another than the report's own."""
    if decided.file is None or decided.file == own:
        return None
    path = workspace.relative(decided.file.path)
    return newer_decision(decided.file.decision, path, None if own is None else own.decision)


def _superseded(folder: SubjectFolder | None, own: DecisionFile | None) -> tuple[Decision, ...]:
    if folder is None or own is None:
        return ()
    return tuple(one.decision for one in folder.decisions if one.path.name in own.decision.replaces)


def _unusable_files(workspace: Workspace, folder: SubjectFolder | None) -> tuple[str, ...]:
    """A sentence for each assessment of the subject that cannot be used; decisions are among the doubts."""
    if folder is None:
        return ()
    of_decisions = {problem.path for problem in folder.decision_problems}
    paths = dict.fromkeys(problem.path for problem in folder.errors if problem.path not in of_decisions)
    return tuple(f"{workspace.relative(path)} cannot be used, and nothing in it is counted here." for path in paths)


def shortfalls_in(workspace: Workspace, scorecard: Scorecard) -> tuple[SurveyPart, ...]:
    """What the tool would do about the shortfalls of each organisation whose people were asked by that day, by name.

    Empty where the workspace has no survey; then nothing but names of rubrics is looked at.
    """
    on, parts = scorecard.on, []
    for folder in _survey_folders(workspace, scorecard.rubric):
        answers, errors = answers_in_folder(folder, workspace)
        unusable = len(errors) + sum(not problem.warning for problem in folder.problems)
        with suppress(UsageError):  # nobody answered by that day
            gathered = gather_survey(answers, on)
            parts.append(survey_part(gathered.survey, scorecard, (*_unusable(unusable), *gathered.left_out)))
    return tuple(sorted(parts, key=lambda part: part.organisation.casefold()))


def _unusable(files: int) -> Iterator[str]:
    if files:
        are = "is" if files == 1 else "are"
        yield f"{plural(files, 'answer file')} cannot be used and {are} left out; toolvet readiness says why"


def _survey_folders(workspace: Workspace, rubric: Rubric) -> Iterator[SubjectFolder]:
    """The subjects whose newest answers are to a survey; each rubric is looked up once, and the tool's not at all."""
    is_survey = {(rubric.id, rubric.version): False}
    for folder in workspace.subjects():
        if not folder.assessments:
            continue
        asked = folder.assessments[0].assessment.rubric
        if (asked.id, asked.version) not in is_survey:
            is_survey[asked.id, asked.version] = False
            with suppress(ToolvetError):
                is_survey[asked.id, asked.version] = workspace.rubric(asked.id, asked.version).ask is Ask.GAP
        if is_survey[asked.id, asked.version]:
            yield folder


def _digests(
    workspace: Workspace, rubric: Rubric, file: AssessmentFile, decision: DecisionFile | None
) -> Iterator[FileDigest]:
    yield FileDigest("assessment", workspace.relative(file.path), file.sha256)
    if decision is not None:
        yield FileDigest("decision", workspace.relative(decision.path), decision.sha256)
    for found in workspace.rubrics():
        if (found.rubric.id, found.rubric.version) == (rubric.id, rubric.version):
            place = f"{found.path.name}, shipped with toolvet" if found.shipped else workspace.relative(found.path)
            yield FileDigest("rubric", place, hex_digest(found.path.read_bytes()))
    kept = {
        evidence.source: evidence.sha256
        for answer in file.assessment.answers.values()
        for evidence in answer.evidence
        if evidence.sha256 is not None
    }
    for source, sha256 in kept.items():
        yield FileDigest("evidence", source, sha256)


def _others(folder: SubjectFolder | None, rubric: Rubric, file: AssessmentFile, on: date) -> Iterator[OtherAssessment]:
    """The newest assessment of each other reviewer of the subject under this rubric."""
    if folder is None:
        return
    met = {file.assessment.reviewer.name}
    for other in folder.assessments:
        asked = other.assessment.rubric
        is_other = other.assessment.reviewer.name not in met and (asked.id, asked.version) == (
            rubric.id,
            rubric.version,
        )
        if is_other and all(problem.warning for problem in check_answers(other, rubric)):
            met.add(other.assessment.reviewer.name)
            yield OtherAssessment(other.assessment, score(rubric, other.assessment, on))
