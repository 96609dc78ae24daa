"""Collects what the approval report needs from a workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date

from toolvet.domain.advice import advise
from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import Decision
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.standing import Standing, stands_on
from toolvet.errors import ToolvetError, UnusableFile, UsageError
from toolvet.report.approval.builder import OtherAssessment, make_document
from toolvet.report.approval.document import Document, FileDigest, NewerDecision, SurveyPart, newer_decision
from toolvet.report.approval.shortfalls import survey_part
from toolvet.services.assessments import (
    OpenedAssessment,
    Session,
    doubted_evidence,
    findings_on,
    is_survey,
    misfits,
    open_tool,
    unproven_in,
)
from toolvet.services.decisions import Decided, compared_with, counting, decided_in
from toolvet.services.panels import panel_behind
from toolvet.services.register_entries import approved_instead
from toolvet.services.signing import behind_decision, signature_words, signatures_of
from toolvet.services.survey_rounds import Gathered, gather_folder
from toolvet.services.surveys import answers_in_folder
from toolvet.storage.reader import AssessmentFile, DecisionFile
from toolvet.storage.subjects import SubjectFolder, day_of, path_in, paths_in_panels, under_way
from toolvet.storage.toml_input import hex_digest, read_content
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural
from toolvet.values import dataclass


def gather(
    session: Session,
    opened: OpenedAssessment,
    surveys: Iterable[CountedSurvey] | None = None,
    folder: SubjectFolder | None = None,
) -> Document:
    """Gather what the report on that assessment says as of the day, with the decision that rests on it.

    `surveys` are those of the workspace, if they were counted already, and `folder` is the subject's, if it was read:
    what is wrong in another reading would be told by nobody.
    """
    workspace, file, on = session.workspace, opened.file, session.on
    surveys = count_surveys(workspace, on) if surveys is None else tuple(surveys)
    scorecard = opened.score(on)
    folder = folder or workspace.folder_of(file)
    decided = Decided() if folder is None else decided_in(workspace, folder, on)
    own = None if folder is None else _own(workspace, folder, file, decided, on)
    return make_document(
        scorecard,
        opened.assessment,
        decision=None if own is None else own.decision,
        findings=findings_on(workspace, opened, scorecard),
        advice=advise(opened.rubric, opened.assessment, on),
        files=tuple(_digests(workspace, opened, own, on)),
        panel=panel_behind(workspace, opened.rubric, opened.assessment, on),
        others=() if folder is None else tuple(_others(workspace, folder, opened, on)),
        reviewed=None if folder is None else _reviewed(workspace, folder, file),
        surveys=_shortfalls(surveys, scorecard),
        newer=_newer(workspace, folder, file, decided, own),
        in_force=_in_force(decided, own),
        earlier=_superseded(folder, own),
        records=() if own is None else own.records,
        corrections=(*opened.assessment.amended, *file.corrections),
        doubts=decided.doubts,
        unusable=(*decided.notes, *_unusable_files(workspace, folder, file), *_uncounted(surveys)),
        instead=_instead(session, folder, opened, decided),
        signed=_signed(workspace, folder, own, on),
        is_again=decided.file == own and decided.standing is not None and decided.standing.is_again,
    )


def _instead(
    session: Session, folder: SubjectFolder | None, opened: OpenedAssessment, decided: Decided
) -> tuple[str, ...]:
    """The approved tools for the same job, where this one may not be used."""
    if folder is None or stands_on(decided.standing).is_in_force:
        return ()
    return approved_instead(session, opened.assessment.subject.job, folder.name)


def _signed(workspace: Workspace, folder: SubjectFolder | None, own: DecisionFile | None, on: date) -> tuple[str, ...]:
    if folder is None or own is None:
        return ()
    return tuple(signature_words(found) for found in signatures_of(workspace, folder, own, on))


def _own(
    workspace: Workspace, folder: SubjectFolder, file: AssessmentFile, decided: Decided, on: date
) -> DecisionFile | None:
    """The decision that the report is about: the last of that day that rests on its file.

    One that tolerates the tool rests on none, and is told in the report on what is known so far.
    """
    path = workspace.relative(file.path)
    resting = [one for one in folder.decisions if one.decision.rests_on(path)]
    if decided.file is not None and (decided.file in resting or decided.file.decision.tolerates):
        return decided.file
    if any(one in decided.rivals for one in resting):
        return None  # none of those that contradict each other counts
    last, rivals = counting(resting, on)
    return last or next(iter(rivals), None)


def _reviewed(workspace: Workspace, folder: SubjectFolder, file: AssessmentFile) -> Assessment | None:
    """The assessment of the last review before this one: the newest earlier one that a decision rests on."""
    for decided in folder.decisions:
        for one in folder.assessments:
            is_earlier = (day_of(one), one.path.name) < (day_of(file), file.path.name)
            if is_earlier and decided.decision.rests_on(workspace.relative(one.path)):
                return one.assessment
    return None


def _newer(
    workspace: Workspace,
    folder: SubjectFolder | None,
    file: AssessmentFile,
    decided: Decided,
    own: DecisionFile | None,
) -> NewerDecision | None:
    """The decision that counts that day, unless it is the report's own."""
    if folder is None or decided.file is None or decided.file == own:
        return None
    made, path = decided.file.decision, workspace.relative(decided.file.path)
    rested = next(iter(behind_decision(workspace, folder, decided.file)), None)
    return newer_decision(
        made,
        path,
        None if own is None else own.decision,
        decided.standing,
        is_later=rested is not None and day_of(rested) > day_of(file),
        is_again=rested is None or file in under_way(folder.assessments, rested),
    )


def _in_force(decided: Decided, own: DecisionFile | None) -> tuple[Decision, Standing] | None:
    """The decision that counts while a new review has none of its own, and how it stands."""
    if own is not None or decided.file is None or decided.standing is None:
        return None
    return decided.file.decision, decided.standing


def _superseded(folder: SubjectFolder | None, own: DecisionFile | None) -> tuple[Decision, ...]:
    if folder is None or own is None:
        return ()
    return compared_with(folder, own.decision)


def _unusable_files(workspace: Workspace, folder: SubjectFolder | None, file: AssessmentFile) -> Iterator[str]:
    if folder is None:
        return
    # what is wrong with decisions is among the doubts
    of_decisions = {problem.path for problem in folder.decision_problems}
    paths = [problem.path for problem in folder.errors if problem.path not in of_decisions]
    paths += [problem.path for problem in workspace.stray_problems]
    paths += [other.path for other, _ in misfits(workspace, folder) if other.path != file.path]
    for path in dict.fromkeys(paths):
        yield f"{workspace.relative(path)} cannot be used; nothing in it is counted here."
    yield from doubted_evidence(unproven_in(workspace, [file], *folder.decisions))


@dataclass(frozen=True, slots=True)
class CountedSurvey:
    """A survey's result, None if nobody had answered by that day, and what is wrong with its answer files."""

    folder: SubjectFolder
    gathered: Gathered | None
    faults: tuple[ToolvetError, ...]


def count_surveys(workspace: Workspace, on: date) -> tuple[CountedSurvey, ...]:
    """Count each survey of the workspace from answers of that day or before."""
    return tuple(
        _counted(workspace, folder, on)
        for folder in workspace.numbered_subjects()
        if is_survey(folder, workspace) or (folder.errors and not folder.assessments)
    )


def _counted(workspace: Workspace, folder: SubjectFolder, on: date) -> CountedSurvey:
    unreadable = tuple(UnusableFile((problem,)) for problem in folder.errors)
    try:
        gathered = gather_folder(folder, workspace, on)
    except UsageError:  # nobody had answered by that day
        return CountedSurvey(folder, None, (*unreadable, *answers_in_folder(folder, workspace)[1]))
    except UnusableFile:  # no answer can be read
        return CountedSurvey(folder, None, unreadable)
    return CountedSurvey(folder, gathered, (*unreadable, *map(ToolvetError, gathered.left_out)))


def shortfalls_in(workspace: Workspace, scorecard: Scorecard) -> tuple[SurveyPart, ...]:
    """What the tool would do about each organisation's shortfalls, by name, from answers of that day or before."""
    return _shortfalls(count_surveys(workspace, scorecard.on), scorecard)


def _shortfalls(surveys: Iterable[CountedSurvey], scorecard: Scorecard) -> tuple[SurveyPart, ...]:
    parts = [
        survey_part(one.gathered.survey, scorecard, tuple(_unusable(len(one.faults))))
        for one in surveys
        if one.gathered is not None and one.gathered.survey is not None
    ]
    return tuple(sorted(parts, key=lambda part: part.organisation.casefold()))


def _uncounted(surveys: Iterable[CountedSurvey]) -> Iterator[str]:
    for one in surveys:
        name = one.folder.label
        if one.faults and one.gathered is None:
            yield f"The survey of {name} cannot be counted; toolvet readiness says why."
        elif one.faults:
            files = plural(len(one.faults), "answer file")
            yield f"In the survey of {name}, {files} cannot be used and {_are(len(one.faults))} left out."


def _unusable(files: int) -> Iterator[str]:
    if files:
        yield f"{plural(files, 'file')} of the survey {_are(files)} left out; toolvet readiness says why"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _digests(
    workspace: Workspace, opened: OpenedAssessment, decision: DecisionFile | None, on: date
) -> Iterator[FileDigest]:
    file, rubric = opened.file, opened.rubric
    yield FileDigest("assessment", workspace.relative(file.path), file.sha256)
    yield from (FileDigest("reviewer's assessment", one.path, one.sha256) for one in file.assessment.panel)
    if decision is not None:
        yield FileDigest("decision", workspace.relative(decision.path), decision.sha256)
        for record in decision.record_files:
            if record.record.on <= on:
                yield FileDigest("record", workspace.relative(record.path), hex_digest(record.content))
    for found in workspace.rubrics():
        if (found.rubric.id, found.rubric.version) == (rubric.id, rubric.version):
            place = f"{found.path.name}, shipped with toolvet" if found.shipped else workspace.relative(found.path)
            yield FileDigest("rubric", place, hex_digest(read_content(found.path)))
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
    """The newest usable assessment of each other reviewer under this rubric; none that this one was settled from."""
    asked = (opened.rubric.id, opened.rubric.version)
    met = {opened.assessment.reviewer.name}
    behind = paths_in_panels([opened.file])
    for other in folder.assessments:
        reference, name = other.assessment.rubric, other.assessment.reviewer.name
        if name in met or (reference.id, reference.version) != asked or day_of(other) > on:
            continue
        if path_in(folder, other) in behind:
            continue
        with suppress(ToolvetError):
            yield OtherAssessment(other.assessment, open_tool(workspace, other, to_read=True).score(on))
            met.add(name)
