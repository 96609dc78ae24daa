"""Values as bytes, always the same for the same value, and read back to check that nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from toolvet.domain.assessment import Answer, Assessment, Retired
from toolvet.domain.rubric import Ask, Policy, Rubric, Thresholds
from toolvet.errors import NotSaved, UnusableFile
from toolvet.storage.reader import assessment_of, decision_of, open_round_of, record_of, round_of
from toolvet.storage.schema import schema_file_name
from toolvet.storage.toml_input import FILE_BYTES, FORMAT, parse, seal_line

if TYPE_CHECKING:
    from toolvet.domain.decision import ApprovedFor, Computed, Decision
    from toolvet.domain.disclosure import ClosedRound, OpenRound
    from toolvet.domain.records import Record


Table = dict[str, Any]
SCHEMA_FOLDER = "../../.toolvet"
"""From a subject's folder to where the workspace keeps its schemas."""
ROUND_SCHEMAS = f"../{SCHEMA_FOLDER}"


def assessment_bytes(
    assessment: Assessment, rubric: Rubric | None = None, *, schemas: str | None = SCHEMA_FOLDER, above: bytes = b""
) -> bytes:
    """The bytes of an assessment's file, with scope and answers in the order of the rubric if it is given.

    `schemas` is the path from the file to the schemas; None leaves out the line for editors. `above` is a comment to
    begin with. NotSaved if the reader would not return the same assessment.
    """
    name = "assessment-gap" if rubric is not None and rubric.ask is Ask.GAP else "assessment"
    content, path = _sealed(_assessment_table(assessment, rubric), schemas, name, above), Path("assessment")
    return _reading_back(content, lambda: assessment_of(path, content, parse(path, content)).assessment == assessment)


def decision_bytes(decision: Decision, *, schemas: str | None = SCHEMA_FOLDER) -> bytes:
    """The bytes of a decision's file. NotSaved if the reader would not return the same decision."""
    content = _sealed(_decision_table(decision), schemas, "decision")
    return _reading_back(content, lambda: decision_of(Path("decision"), content).decision == decision)


def record_bytes(record: Record) -> bytes:
    """The bytes of a record's file. NotSaved if the reader would not return the same record."""
    table = _present(asdict(record))
    table = _with_corrections(table)
    for key in ("evidence", "files"):
        given = [_present(one) for one in table.pop(key)]
        if given:
            table[key] = given
    content = _sealed({"format": FORMAT} | table, f"../{SCHEMA_FOLDER}", "record")
    return _reading_back(content, lambda: record_of(Path("record"), content).record == record)


def _with_corrections(table: Table) -> Table:
    """The table with its corrections as what was, and what is now."""
    ones = table.pop("corrections")
    sides = {key: {one["fact"]: one[key] for one in ones if one[key] is not None} for key in ("was", "now")}
    return _present({**table, **sides})


def round_bytes(closed: ClosedRound) -> bytes:
    """The bytes of a round's file. NotSaved if the reader would not return the same round, or it is too large."""
    given = asdict(closed) | {"rubric": _present(asdict(closed.rubric)), "counted": list(closed.counted)}
    table = {"format": FORMAT} | _present({"mark" if name == "salt" else name: value for name, value in given.items()})
    content = _sealed(table, ROUND_SCHEMAS, "round")
    return _reading_back(content, lambda: round_of(Path("round"), content).round == closed)


def open_round_bytes(open_round: OpenRound) -> bytes:
    """The bytes of the file of an open round."""
    about, asked = open_round.organisation, open_round.rubric
    table = {
        "format": FORMAT,
        "until": open_round.until,
        "organisation": None if about is None else _present(asdict(about)),
        "rubric": None if asked is None else _present(asdict(asked)),
    }
    content = _sealed(_present(table), ROUND_SCHEMAS, "round")
    return _reading_back(content, lambda: open_round_of(Path("open"), content) == open_round)


def _reading_back(content: bytes, is_same: Callable[[], bool]) -> bytes:
    try:
        if is_same():
            return content
    except UnusableFile as error:
        raise NotSaved("NOT SAVED: " + "; ".join(problem.message for problem in error.problems)) from error
    raise NotSaved("NOT SAVED: what was written would not read back the same; this is a bug in toolvet")


def half_a_character(error: UnicodeEncodeError) -> str:
    """That no file can hold a text, and what to do."""
    return f"a text holds half a character ({error.object[error.start : error.end]!a}); type it again"


def _sealed(table: Table, schemas: str | None, name: str, above: bytes = b"") -> bytes:
    try:
        rest = tomli_w.dumps(table).encode()
    except UnicodeEncodeError as error:
        raise NotSaved(f"NOT SAVED: {half_a_character(error)}") from error
    comment = above + (b"" if schemas is None else f"#:schema {schemas}/{schema_file_name(name)}\n".encode())
    content = comment + seal_line(comment + rest) + rest
    if len(content) > FILE_BYTES:
        raise NotSaved("NOT SAVED: the file would be larger than 1 MiB; shorten the notes")
    return content


def _assessment_table(assessment: Assessment, rubric: Rubric | None) -> Table:
    facts = () if rubric is None else (fact.id for fact in rubric.scope)
    questions = () if rubric is None else rubric.ids()
    answers = _ordered(assessment.answers, questions)
    return _present(
        {
            "format": FORMAT,
            "started": assessment.started,
            "rubric": _present(asdict(assessment.rubric)),
            "subject": _present(asdict(assessment.subject)),
            "reviewer": _present(asdict(assessment.reviewer)),
            "panel": [asdict(one) for one in assessment.panel] or None,
            "scope": _ordered(assessment.scope, facts),
            "answers": {question_id: _answer_table(answer) for question_id, answer in answers.items()},
            "retired": {name: _retired_table(kept) for name, kept in assessment.retired.items()},
            "amended": [_with_corrections(asdict(one)) for one in assessment.amended] or None,
        }
    )


def _answer_table(answer: Answer) -> Table:
    table = _present({name: getattr(answer, name) for name in _ANSWER_KEYS})
    if answer.evidence:
        table["evidence"] = [_present(asdict(evidence)) for evidence in answer.evidence]
    return table


def _retired_table(kept: Retired) -> Table:
    table = _present({"version": kept.version, "text": kept.text, "option": kept.option})
    return table | _answer_table(kept.answer)


_ANSWER_KEYS = tuple(field.name for field in fields(Answer) if field.name != "evidence")


def _decision_table(decision: Decision) -> Table:
    return {"format": FORMAT} | _present(
        {
            "decision": decision.decision,
            "rationale": decision.rationale,
            "owner": decision.owner,
            "subject": decision.subject,
            "decided_by": decision.decided_by,
            "decided_on": decision.decided_on,
            "valid_until": decision.valid_until,
            "supersedes": decision.supersedes,
            "also_supersedes": list(decision.also_supersedes) or None,
            "consulted": list(decision.consulted) or None,
            "considered": list(decision.considered) or None,
            "links": list(decision.links) or None,
            "assessment": None if decision.assessment is None else asdict(decision.assessment),
            "computed": None if decision.computed is None else _computed_table(decision.computed),
            "approved_for": _approved_for_table(decision.approved_for),
            "conditions": [_present(asdict(condition)) for condition in decision.conditions] or None,
            "waivers": [asdict(waiver) for waiver in decision.waivers] or None,
            "confirmed": [asdict(one) | {"told": list(one.told)} for one in decision.confirmed] or None,
            "records": None if decision.records is None else [asdict(file) for file in decision.records],
        }
    )


def _computed_table(computed: Computed) -> Table:
    names = ("on", "verdict", "reasons", "floor", "observed", "ceiling", "coverage")
    table = _present({name: getattr(computed, name) for name in names})
    return table | {"reasons": list(computed.reasons), "policy": policy_table(computed.policy)}


def policy_table(policy: Policy) -> Table:
    """Every figure of the policy, as a file has it."""
    table: Table = {}
    for field in fields(policy):
        value = getattr(policy, field.name)
        if isinstance(value, Thresholds):
            table[field.name] = {"criterion": _number(value.criterion), "overall": _number(value.overall)}
        elif isinstance(value, bool):
            table |= {field.name: value} if value else {}
        else:
            table[field.name] = _number(value)
    return table


def _approved_for_table(approved: ApprovedFor) -> Table | None:
    table = dict(approved.scope) | _present(
        {"users": approved.users, "plan": approved.plan, "left_off": list(approved.left_off) or None}
    )
    return table or None


def _number(value: Fraction | int) -> Decimal | int:
    if value.denominator == 1:
        return value.numerator
    return Decimal(value.numerator) / Decimal(value.denominator)


def _present(table: Mapping[str, Any]) -> Table:
    return {key: value for key, value in table.items() if value is not None and value != {}}


def _ordered(given: Mapping[str, Any], order: Iterable[str]) -> Table:
    first = {key: given[key] for key in order if key in given}
    return first | {key: value for key, value in given.items() if key not in first}
