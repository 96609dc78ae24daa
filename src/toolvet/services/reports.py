"""The approval report's document, gathered from a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from toolvet.domain.advice import advise
from toolvet.domain.decision import Decision
from toolvet.domain.scorecard import Scorecard
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.approval.builder import OtherAssessment, make_document, survey_part
from toolvet.report.approval.document import Document, FileDigest, NewerDecision, SurveyPart, newer_decision
from toolvet.services.assessments import OpenedAssessment, Session, findings_on, is_survey, open_tool
from toolvet.services.decisions import Decided, counting, decided_in
from toolvet.services.survey_rounds import gather_folder
from toolvet.storage.reader import AssessmentFile, DecisionFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import hex_digest
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural


def gather(session: Session, opened: OpenedAssessment) -> Document:
    """Gather what the report on that assessment says as of the day, with the decision that rests on it."""
    workspace, file, on = session.workspace, opened.file, session.on
    scorecard = opened.score(on)
    folder = workspace.folder_of(file)
    decided = Decided() if folder is None else decided_in(workspace, folder, on)
    own = None if folder is None else _own(workspace, folder, file, decided, on)
    return make_document(
        scorecard,
        opened.assessment,
        decision=None if own is None else own.decision,
        findings=findings_on(workspace, opened, scorecard),
        advice=advise(opened.rubric, opened.assessment, on),
        files=tuple(_digests(workspace, opened, own)),
        others=() if folder is None else tuple(_others(workspace, folder, opened, on)),
        surveys=shortfalls_in(workspace, scorecard),
        newer=_newer(workspace, decided, own),
        earlier=_superseded(folder, own),
        doubts=decided.doubts,
        unusable=_unusable_files(workspace, folder),
    )


def _own(
    workspace: Workspace, folder: SubjectFolder, file: AssessmentFile, decided: Decided, on: date
) -> DecisionFile | None:
    """The decision that the report is about: the last of that day that rests on its file."""
    path = workspace.relative(file.path)
    resting = [one for one in folder.decisions if one.decision.assessment.path == path]
    if decided.file in resting:
        return decided.file
    last, rivals = counting(resting, on)
    return last or next(iter(rivals), None)


def _newer(workspace: Workspace, decided: Decided, own: DecisionFile | None) -> NewerDecision | None:
    """The decision that counts that day, unless it is the report's own."""
    if decided.file is None or decided.file == own:
        return None
    path = workspace.relative(decided.file.path)
    return newer_decision(decided.file.decision, path, None if own is None else own.decision)


def _superseded(folder: SubjectFolder | None, own: DecisionFile | None) -> tuple[Decision, ...]:
    if folder is None or own is None:
        return ()
    return tuple(one.decision for one in folder.decisions if one.path.name in own.decision.replaces)


def _unusable_files(workspace: Workspace, folder: SubjectFolder | None) -> tuple[str, ...]:
    if folder is None:
        return ()
    # what is wrong with decisions is among the doubts
    of_decisions = {problem.path for problem in folder.decision_problems}
    paths = dict.fromkeys(problem.path for problem in folder.errors if problem.path not in of_decisions)
    return tuple(f"{workspace.relative(path)} cannot be used; nothing in it is counted here." for path in paths)


def shortfalls_in(workspace: Workspace, scorecard: Scorecard) -> tuple[SurveyPart, ...]:
    """What the tool would do about each organisation's shortfalls, by name, from answers of that day or before."""
    parts = []
    for folder in workspace.subjects():
        if not is_survey(folder, workspace):
            continue
        with suppress(UsageError):  # nobody had answered by that day
            gathered = gather_folder(folder, workspace, scorecard.on)
            if gathered.survey is not None:
                left_out = len(gathered.left_out) + len(folder.errors)
                parts.append(survey_part(gathered.survey, scorecard, tuple(_unusable(left_out))))
    return tuple(sorted(parts, key=lambda part: part.organisation.casefold()))


def _unusable(files: int) -> Iterator[str]:
    if files:
        are = "is" if files == 1 else "are"
        yield f"{plural(files, 'file')} of the survey {are} left out; toolvet readiness says why"


def _digests(workspace: Workspace, opened: OpenedAssessment, decision: DecisionFile | None) -> Iterator[FileDigest]:
    file, rubric = opened.file, opened.rubric
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


def _others(
    workspace: Workspace, folder: SubjectFolder, opened: OpenedAssessment, on: date
) -> Iterator[OtherAssessment]:
    """The newest usable assessment of each other reviewer under this rubric."""
    asked = (opened.rubric.id, opened.rubric.version)
    met = {opened.assessment.reviewer.name}
    for other in folder.assessments:
        reference, name = other.assessment.rubric, other.assessment.reviewer.name
        if name in met or (reference.id, reference.version) != asked:
            continue
        with suppress(ToolvetError):
            yield OtherAssessment(other.assessment, open_tool(workspace, other).score(on))
            met.add(name)
