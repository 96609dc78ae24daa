"""A workspace as tidy tables, with the same columns for every workspace. Surveys are left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from toolvet.domain.assessment import Assessment, Evidence
from toolvet.domain.records import ConditionState, Proof, condition_states
from toolvet.domain.scorecard import Scorecard, ScoreRange
from toolvet.domain.standing import last_day_of
from toolvet.errors import Problem, ToolvetError
from toolvet.report.comparison.ranking import Tool
from toolvet.services.assessments import OpenedAssessment, Session, SurveyAnswers, is_survey, open_tool, unproven_in
from toolvet.services.decisions import decided_in, speaking
from toolvet.storage.evidence_files import OVERVIEW_BYTES, EvidenceFiles
from toolvet.storage.reader import AssessmentFile, DecisionFile, RecordFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import hex_digest
from toolvet.storage.workspace import Workspace
from toolvet.text.record_words import condition_status, correction_words
from toolvet.values import dataclass

Value = str | int | float | bool | None
TableRow = dict[str, Value]


class ValueType(StrEnum):
    """What a column holds; every cell may be empty besides."""

    TEXT = "text"
    DAY = "date"
    COUNT = "integer"
    FIGURE = "number"
    FLAG = "boolean"


@dataclass(frozen=True, slots=True)
class TidyColumn:
    """A column, the type of its values, and what they mean."""

    name: str
    type: ValueType
    means: str


def _columns(*given: tuple[str, ValueType, str]) -> tuple[TidyColumn, ...]:
    return tuple(TidyColumn(*each) for each in given)


_T, _D, _N, _F, _B = ValueType.TEXT, ValueType.DAY, ValueType.COUNT, ValueType.FIGURE, ValueType.FLAG
_WHERE = ("workspace", _T, "the workspace, as it was named")
_SUBJECT = ("subject", _T, "the folder of the tool")
_FILE = ("assessment", _T, "the assessment's file")
_DECISION = ("decision", _T, "the decision's file")
_RECORD = ("record", _T, "the record's file")

TIDY_TABLES: Mapping[str, tuple[TidyColumn, ...]] = {
    "subjects": _columns(
        _WHERE,
        _SUBJECT,
        ("name", _T, "name of the tool"),
        ("vendor", _T, "who makes it"),
        ("plan", _T, "edition or licence"),
        ("deployment", _T, "where it runs"),
        ("job", _T, "the job to be done"),
        ("requested_by", _T, "who asked"),
        ("requested_on", _D, "when"),
        ("answer_by", _D, "the day promised to them"),
        ("users", _N, "how many people"),
        ("yearly_cost", _T, "as typed"),
    ),
    "assessments": _columns(
        _WHERE,
        _SUBJECT,
        _FILE,
        ("rubric", _T, "id of the rubric"),
        ("version", _T, "its version"),
        ("digest", _T, "its digest as answered"),
        ("reviewer", _T, "who answered"),
        ("role", _T, "their role"),
        ("started", _D, "the first day"),
        ("speaks", _B, "whether it speaks for the tool that day"),
        ("complete", _B, "whether every fact is given and every question answered"),
        ("seal", _T, "intact, missing or broken"),
        ("sha256", _T, "digest of the file"),
    ),
    "scope": _columns(_WHERE, _SUBJECT, _FILE, ("fact", _T, "id of the scope fact"), ("option", _T, "what was given")),
    "answers": _columns(
        _WHERE,
        _SUBJECT,
        _FILE,
        ("question", _T, "id of the question"),
        ("title", _T, "its title"),
        ("criterion", _T, "id of its criterion"),
        ("must_reach", _N, "the level it must reach, where it is a must-have"),
        ("applies", _T, "true, false or open"),
        ("state", _T, "answered, expired, unknown, unanswered or not-applicable"),
        ("level", _N, "the level given"),
        ("top", _N, "the highest rung"),
        ("reason", _T, "what was tried, or why it does not apply"),
        ("note", _T, "note"),
        ("setting", _T, "the configuration it depends on"),
        ("answered", _D, "the day of the answer"),
        ("confirm", _T, "why a reviewer is to confirm it"),
    ),
    "evidence": _columns(
        _WHERE,
        _SUBJECT,
        ("assessment", _T, "the assessment's file; empty for evidence of a record"),
        ("record", _T, "the record's file; empty for evidence of an answer"),
        ("question", _T, "id of the question"),
        ("number", _N, "counted from 1"),
        ("source", _T, "where it was seen"),
        ("grade", _T, "tested, independent, document or claim"),
        ("date", _D, "of what was seen"),
        ("sha256", _T, "of a file under evidence/"),
        ("found", _T, "what that file is now: same, changed, gone, unreadable, too large or skipped"),
    ),
    "scores": _columns(
        _WHERE,
        _SUBJECT,
        _FILE,
        ("day", _D, "the day it is scored on"),
        ("criterion", _T, "id of the criterion; empty for the whole"),
        ("verdict", _T, "computed; of the whole only"),
        ("floor", _F, "percent"),
        ("observed", _F, "percent"),
        ("ceiling", _F, "percent"),
        ("coverage", _F, "percent"),
        ("proven", _F, "percent"),
        ("weight", _F, "of the criterion"),
    ),
    "decisions": _columns(
        _WHERE,
        _SUBJECT,
        _DECISION,
        ("decided", _T, "approve, approve-with-conditions, hold, reject or tolerate"),
        ("decided_by", _T, "who decided"),
        ("decided_on", _D, "when"),
        ("valid_until", _D, "the last day, as it was decided"),
        ("ends", _D, "the last day by then, where it counts: a waiver or a withdrawal may end it before"),
        ("owner", _T, "who answers for a tool that is tolerated"),
        ("supersedes", _T, "the file of the decision before"),
        ("counts", _B, "whether it counts that day"),
        ("stands", _T, "how it stands that day, where it counts"),
        ("verdict", _T, "computed when it was decided"),
        ("assessment", _T, "the file it rests on"),
        ("rationale", _T, "why"),
    ),
    "conditions": _columns(
        _WHERE,
        _SUBJECT,
        _DECISION,
        ("name", _T, "by which records speak of it"),
        ("id", _T, "its id"),
        ("text", _T, "what has to be done"),
        ("owner", _T, "by whom"),
        ("due", _D, "until when, as it was decided"),
        ("due_now", _D, "until when by that day, where it was moved"),
        ("state", _T, "open, met or overdue that day"),
        ("met_on", _D, "when it was met"),
    ),
    "records": _columns(
        _WHERE,
        _SUBJECT,
        _DECISION,
        _RECORD,
        ("kind", _T, "condition-met, condition-moved, withdrawn, signed or corrected"),
        ("by", _T, "who recorded it"),
        ("on", _D, "when"),
        ("condition", _T, "the name of the condition it is about"),
        ("due", _D, "the new day of a moved condition"),
        ("corrected", _T, "what is corrected, from what to what"),
        ("why", _T, "why"),
        ("note", _T, "note"),
        ("seal", _T, "intact, missing or broken"),
        ("sha256", _T, "digest of the file"),
    ),
    "waivers": _columns(
        _WHERE,
        _SUBJECT,
        _DECISION,
        ("question", _T, "the must-have set aside"),
        ("reason", _T, "why"),
        ("compensating_control", _T, "what stands in for it"),
        ("owner", _T, "who answers for it"),
        ("expires", _D, "the last day"),
    ),
}
"""Every table with its columns, in their order."""


@dataclasses.dataclass(slots=True)
class TidyExport:
    """The rows by table, and what could not be read."""

    rows: dict[str, list[TableRow]] = field(default_factory=lambda: {name: [] for name in TIDY_TABLES})
    problems: list[Problem] = field(default_factory=list)
    errors: list[ToolvetError] = field(default_factory=list)

    def add(self, table: str, **given: object) -> None:
        """Add a row; columns that are not given stay empty."""
        self.rows[table].append({column.name: _plain(given.get(column.name)) for column in TIDY_TABLES[table]})


def _plain(value: object) -> Value:
    match value:
        case Fraction():
            return float(value)
        case date():
            return value.isoformat()
        case None | bool() | int() | float():
            return value
        case _:
            return str(value)


def export_workspace(session: Session, name: str, export: TidyExport) -> None:
    """Add everything in the workspace but answers to surveys, which may only be shown as figures over groups."""
    workspace = session.workspace
    for folder in _tool_folders(workspace, export):
        where = {"workspace": name, "subject": folder.name}
        if folder.assessments:
            export.add("subjects", **where, **asdict(folder.assessments[0].assessment.subject))
        last = workspace.latest(folder, session.on)
        for opened in _opened(workspace, folder.assessments, export):
            here = {**where, "assessment": workspace.relative(opened.file.path)}
            _add_assessment(opened, workspace.evidence, export, here, session.on, speaks=opened.file in last)
        counts = _add_decisions(session, folder, export, where)
        export.errors += unproven_in(workspace, last, counts)


def _tool_folders(workspace: Workspace, export: TidyExport) -> Iterator[SubjectFolder]:
    workspace.evidence.most_bytes = OVERVIEW_BYTES
    for folder in workspace.each_subject():
        if not is_survey(folder, workspace):
            export.problems += folder.problems
            yield folder


def _opened(workspace: Workspace, files: Iterable[AssessmentFile], export: TidyExport) -> Iterator[OpenedAssessment]:
    for file in files:
        try:
            yield open_tool(workspace, file, to_read=True)
        except SurveyAnswers:
            continue
        except ToolvetError as error:
            export.errors.append(error)


def _add_assessment(
    opened: OpenedAssessment,
    seen: EvidenceFiles,
    export: TidyExport,
    where: Mapping[str, str],
    on: date,
    *,
    speaks: bool,
) -> None:
    file, assessment, card = opened.file, opened.assessment, opened.score(on)
    export.add("assessments", **where, **_assessment_row(file, card), speaks=speaks)
    for fact, option in assessment.scope.items():
        export.add("scope", **where, fact=fact, option=option)
    _add_answers(assessment, card, seen, export, where)
    export.add("scores", **where, day=on, verdict=card.verdict, **_figures(card.overall))
    for scored in card.criteria:
        criterion = scored.criterion
        figures = _figures(scored.range)
        export.add("scores", **where, day=on, criterion=criterion.id, weight=criterion.weight, **figures)


def _assessment_row(file: AssessmentFile, card: Scorecard) -> dict[str, object]:
    assessment = file.assessment
    return {
        "rubric": assessment.rubric.id,
        "version": assessment.rubric.version,
        "digest": assessment.rubric.digest,
        "reviewer": assessment.reviewer.name,
        "role": assessment.reviewer.role,
        "started": assessment.started,
        "complete": card.complete,
        "seal": file.seal,
        "sha256": file.sha256,
    }


def _add_answers(
    assessment: Assessment, card: Scorecard, seen: EvidenceFiles, export: TidyExport, where: Mapping[str, str]
) -> None:
    must_reach = {each.question.id: each.must_reach for each in card.must_haves}
    for scored in card.questions:
        question, answer = scored.question, assessment.answer(scored.question.id)
        export.add(
            "answers",
            **where,
            question=question.id,
            title=question.title,
            criterion=scored.criterion.id,
            must_reach=must_reach.get(question.id),
            applies={True: "true", False: "false", None: "open"}[scored.applies],
            state=scored.state,
            level=answer.level,
            top=question.top,
            reason=answer.unknown or answer.not_applicable or None,
            note=answer.note,
            setting=answer.setting,
            answered=answer.answered,
            confirm=answer.confirm,
        )
        for number, evidence in enumerate(answer.evidence, start=1):
            found = _found(seen, evidence)
            export.add("evidence", **where, question=question.id, number=number, **asdict(evidence), found=found)


def _found(seen: EvidenceFiles, evidence: Evidence | Proof) -> str | None:
    return None if evidence.sha256 is None else seen.compare(evidence.source, evidence.sha256)


def _figures(found: ScoreRange | None) -> dict[str, object]:
    names = ("floor", "observed", "ceiling", "coverage", "proven")
    return {} if found is None else {name: getattr(found, name) for name in names}


def _add_decisions(
    session: Session, folder: SubjectFolder, export: TidyExport, where: Mapping[str, str]
) -> DecisionFile | None:
    """Add them with what was recorded later; the one that counts."""
    decided = decided_in(session.workspace, folder, session.on)
    for file in folder.decisions:
        is_counting = decided.file is not None and decided.file.path == file.path
        standing = decided.standing if is_counting else None
        here = {**where, "decision": session.workspace.relative(file.path)}
        stands = None if standing is None else standing.stands
        ends = None if standing is None else last_day_of(file.decision, standing)
        export.add("decisions", **here, **_decision_row(file), ends=ends, counts=is_counting, stands=stands)
        for state in condition_states(file.decision, file.records, session.on):
            export.add("conditions", **here, **_condition_row(state))
        for waiver in file.decision.waivers:
            export.add("waivers", **here, **asdict(waiver))
        for record in file.record_files:
            _add_record(session.workspace, record, export, here)
    for record in folder.stray_records:
        _add_record(session.workspace, record, export, where)
    return decided.file


def _condition_row(state: ConditionState) -> dict[str, object]:
    met = state.met
    met_on = None if met is None else met.on
    words = condition_status(state)
    return {**asdict(state.condition), "name": state.name, "due_now": state.due, "state": words, "met_on": met_on}


def _add_record(workspace: Workspace, file: RecordFile, export: TidyExport, where: Mapping[str, str]) -> None:
    record, path = file.record, workspace.relative(file.path)
    export.add(
        "records",
        **where,
        record=path,
        kind=record.record,
        by=record.by,
        on=record.on,
        condition=record.condition,
        due=record.due,
        corrected=correction_words(record) or None,
        why=record.why,
        note=record.note,
        seal=file.seal,
        sha256=hex_digest(file.content),
    )
    place = {name: value for name, value in where.items() if name != "decision"}
    for number, proof in enumerate(record.evidence, start=1):
        found = _found(workspace.evidence, proof)
        export.add("evidence", **place, record=path, number=number, **asdict(proof), found=found)


def _decision_row(file: DecisionFile) -> dict[str, object]:
    decision = file.decision
    return {
        "decided": decision.decision,
        "decided_by": decision.decided_by,
        "decided_on": decision.decided_on,
        "valid_until": decision.valid_until,
        "supersedes": ", ".join(decision.replaces) or None,
        "owner": decision.owner,
        "verdict": decision.verdict,
        "assessment": None if decision.assessment is None else decision.assessment.path,
        "rationale": decision.rationale,
    }


def decided_tools(session: Session, export: TidyExport) -> Iterator[Tool]:
    """Every tool of the workspace with the decision on it; what cannot be read is added to the export."""
    workspace = session.workspace
    for folder in _tool_folders(workspace, export):
        decided = decided_in(workspace, folder, session.on)
        files = speaking(workspace, folder, session.on)
        export.errors += unproven_in(workspace, files, decided.file)
        for opened in _opened(workspace, files, export):
            path, card = workspace.relative(opened.file.path), opened.score(session.on)
            yield Tool(path, opened.file.sha256, opened.assessment, card, (), decided.decision, decided.standing)
