"""What happened to a subject, in order, and what changed from one review or file to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path

from toolvet.domain.decision import Decision
from toolvet.domain.rubric import Ask, Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.errors import ToolvetError, UnusableFile, UsageError
from toolvet.report.approval.decision_words import changed_words
from toolvet.services.assessments import Session, is_answer_file, open_tool
from toolvet.services.decisions import is_told_by_folder, with_open_ones
from toolvet.storage.reader import AssessmentFile, DecisionFile, Kind, RecordFile, format_fault, kind_of, problems_of
from toolvet.storage.record_format import is_gap_document
from toolvet.storage.subjects import SubjectFolder, day_of, paths_in_panels, recency
from toolvet.storage.toml_input import FILE_BYTES, Document, hex_digest, parse, read_content
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import ended, one_line, wrapped
from toolvet.text.labels import figure, reviewer_words
from toolvet.text.record_words import (
    changed_lines,
    corrected_words,
    file_lines,
    not_counted_words,
    readable_lines,
    record_words,
)
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that happened: the day, what it was, its file in the workspace, and what it changed."""

    on: date
    what: str
    words: str
    file: str
    changes: tuple[str, ...] = ()


def history_of(session: Session, folder: SubjectFolder) -> tuple[HistoryEvent, ...]:
    """Assessments, decisions and records up to the session's day, in order."""
    events = [*_assessed(session, folder), *_decided(session, folder)]
    order = ("assessment", "decision", "record")
    found = [event for event in events if event.on <= session.on]
    return tuple(sorted(found, key=lambda event: (event.on, order.index(event.what))))


def history_text(events: Sequence[HistoryEvent], width: int | None = None) -> str:
    """An event a line with its file, and below it what it changed; lines are wrapped if there is a width."""

    def line(text: str, hanging: int) -> str:
        return text if width is None else wrapped(text, width, hanging=hanging)

    return "\n".join(
        each
        for event in events
        for each in (
            line(f"{event.on}  {one_line(event.words)} ({event.file})", 12),
            *(line(f"            - {one_line(change)}", 14) for change in event.changes),
        )
    )


def _assessed(session: Session, folder: SubjectFolder) -> Iterator[HistoryEvent]:
    seen: list[tuple[str, AssessmentFile]] = []
    decided_on = {one.assessment.path for file in folder.decisions if (one := file.decision).assessment is not None}
    rated = (one for one in folder.assessments if not is_answer_file(one, session.workspace))
    for file in sorted(rated, key=recency):
        scorecard = _scored(session, file)
        before = _compared_with(file, seen, decided_on)
        changes: tuple[str, ...] = ()
        if before is not None:
            titles = {} if scorecard is None else _titles(scorecard.rubric)
            changes = (
                *_score_change(_scored(session, before), scorecard),
                *changed_lines(_told(before), _told(file), titles),
            )
        yield HistoryEvent(
            day_of(file),
            "assessment",
            f"{_did(file)} by {reviewer_words(file.assessment.reviewer)}"
            f"{_score_words(scorecard) if file.assessment.answers else ''}.",
            session.workspace.relative(file.path),
            changes,
        )
        for made in file.assessment.amended:
            yield HistoryEvent(made.on, "record", corrected_words(made), session.workspace.relative(file.path))
        seen.append((session.workspace.relative(file.path), file))


def _did(file: AssessmentFile) -> str:
    if file.assessment.panel:
        return f"Settled from the assessments of {len(file.assessment.panel)} reviewers"
    return "Assessed" if file.assessment.answers else "Entered"


def _compared_with(
    file: AssessmentFile, seen: Sequence[tuple[str, AssessmentFile]], decided_on: Collection[str]
) -> AssessmentFile | None:
    """The reviewer's own assessment before this one, else the last that was decided on; `seen` has their paths too.

    Two reviewers who answer side by side are second opinions, not a change, and so is a panel beside those behind it.
    """
    name, behind = file.assessment.reviewer.name, paths_in_panels([file])
    last_decided = None
    for path, one in reversed(seen):
        if path in behind:
            continue
        if one.assessment.reviewer.name == name:
            return one
        if last_decided is None and path in decided_on:
            last_decided = one
    return last_decided


_NOT_TOLD = frozenset({"started", "reviewer", "panel", "amended"})
_NOT_TOLD_OF_ANSWERS = frozenset({"answered", "note", "setting", "confirm"})


def _told(file: AssessmentFile) -> dict[tuple[str, ...], str]:
    """What a history tells of an assessment: the subject, the scope, the answers and their evidence."""
    facts = {fact: value for fact, value in asdict(file.assessment.subject).items() if value is not None}
    return {
        place: value
        for place, value in readable_lines({**parse(file.path, file.content), "subject": facts}).items()
        if place[0] not in _NOT_TOLD and not (place[0] == "answers" and place[-1] in _NOT_TOLD_OF_ANSWERS)
    }


def _scored(session: Session, file: AssessmentFile) -> Scorecard | None:
    """The scorecard on the day of the last answer, when the assessment was finished."""
    days = [answer.answered for answer in file.assessment.answers.values() if answer.answered is not None]
    on = min(max([*days, day_of(file)]), session.on)
    with suppress(ToolvetError):
        return open_tool(session.workspace, file, to_read=True).score(on)
    return None


def _score_words(scorecard: Scorecard | None) -> str:
    if scorecard is None:
        return ""
    overall = scorecard.overall
    figures = "" if overall is None else f", {figure(overall.floor)} to {figure(overall.ceiling)} of 100"
    return f": {scorecard.verdict.words}{figures}"


def _score_change(before: Scorecard | None, now: Scorecard | None) -> Iterator[str]:
    if before is None or now is None:
        return
    if before.verdict is not now.verdict:
        yield f"Verdict: {before.verdict.words} → {now.verdict.words}"
    if before.overall is not None and now.overall is not None and before.overall != now.overall:
        was = f"{figure(before.overall.floor)} to {figure(before.overall.ceiling)}"
        yield f"Score: {was} → {figure(now.overall.floor)} to {figure(now.overall.ceiling)}"


def _titles(rubric: Rubric) -> dict[str, str]:
    return {question.id: question.heading for _, question in rubric.questions()}


def _decided(session: Session, folder: SubjectFolder) -> Iterator[HistoryEvent]:
    workspace = session.workspace
    for file in reversed(folder.decisions):  # the oldest first
        decision = file.decision
        rubric = _rubric_behind(workspace, folder, file)
        replaced = (one for one in folder.decisions if one.path.name in decision.replaces)
        earlier = [with_open_ones(one, decision.decided_on) for one in replaced]
        changed = () if rubric is None else [words for one in earlier for words in changed_words(one, decision, rubric)]
        yield HistoryEvent(
            decision.decided_on,
            "decision",
            f"Decided by {decision.decided_by}: {decision.decision.words}.",
            workspace.relative(file.path),
            tuple(dict.fromkeys(changed)),
        )
        for record in file.record_files:
            words = record_words(record.record, decision)
            why = _why_not_counted(folder, record, decision)
            told = f"{words} It does not count. {why}" if why else words
            yield HistoryEvent(record.record.on, "record", told, workspace.relative(record.path))


def _why_not_counted(folder: SubjectFolder, file: RecordFile, decision: Decision) -> str:
    if not is_told_by_folder(file.record):
        return not_counted_words(file.record, decision)
    why = next((problem.message for problem in folder.correction_problems if problem.path == file.path), None)
    return "" if why is None else f"It {ended(why)}"


def _rubric_behind(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> Rubric | None:
    behind = next((one for one in folder.assessments if file.decision.rests_on(workspace.relative(one.path))), None)
    with suppress(ToolvetError):
        return (
            None if behind is None else workspace.rubric(behind.assessment.rubric.id, behind.assessment.rubric.version)
        )
    return None


def file_difference(workspace: Workspace, before: Path, after: Path) -> tuple[str, ...]:
    """What differs between two files of toolvet's, a line for each value. UnusableFile if one is no TOML.

    UsageError if one holds a person's answers to a survey.
    """
    old, new = _document(before), _document(after)
    for path, document in ((before, old), (after, new)):
        if _answers_survey(workspace, document):
            raise UsageError(
                f"{path}: holds one person's answers to a survey, which are not shown; toolvet readiness shows a "
                "closed round"
            )
    return tuple(changed_lines(readable_lines(old), readable_lines(new), _titles_for(workspace, (new, old))))


def file_in_words(workspace: Workspace, path: Path) -> tuple[str, ...]:
    """The file, a line for each value, as git's textconv takes it; of answers to a survey, that they are some.

    Of a file that cannot be used, what is wrong and its sha256, by which versions differ: an error would end the whole
    of `git log`, and the words of a file that was cut short could be answers to a survey.
    """
    content = read_content(path, most=_LARGEST)
    try:
        document = _document_in(path, content)
    except UnusableFile as error:
        wrong = (f"{'' if one.line is None else f'line {one.line}: '}{one.message}" for one in error.problems)
        return (*(f"cannot be shown in words: {one}" for one in wrong), f"sha256: {hex_digest(content)}")
    if _answers_survey(workspace, document):
        kept = {key: value for key, value in document.items() if key in ("format", "rubric", "subject")}
        hidden = "One person's answers to a survey, which are not shown."
        return (*file_lines(readable_lines(kept), {}), hidden)
    return tuple(file_lines(readable_lines(document), _titles_for(workspace, (document,))))


def _answers_survey(workspace: Workspace, document: Document) -> bool:
    asked = document.get("rubric")
    if kind_of(document) is not Kind.ASSESSMENT or not isinstance(asked, dict):
        return False
    with suppress(ToolvetError):
        return workspace.rubric(str(asked.get("id")), str(asked.get("version"))).ask is Ask.GAP
    return is_gap_document(document)


_LARGEST = 64 * FILE_BYTES
"""What is read of a file that is no toolvet file any more."""


def _document(path: Path) -> Document:
    return _document_in(path, read_content(path))


def _document_in(path: Path, content: bytes) -> Document:
    document = parse(path, content)
    found = format_fault(document)
    if found is not None and kind_of(document) is not None and "format" in document:
        raise UnusableFile(problems_of(path, content, (found,)))
    return document


def _titles_for(workspace: Workspace, documents: Sequence[Document]) -> dict[str, str]:
    """The titles of the questions of the rubric that the documents answer."""
    for document in documents:
        asked = document.get("rubric")
        if kind_of(document) is not Kind.ASSESSMENT or not isinstance(asked, dict):
            continue
        with suppress(ToolvetError):
            return _titles(workspace.rubric(str(asked.get("id")), str(asked.get("version"))))
    return {}
