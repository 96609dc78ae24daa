"""Records of what happened to a decision after it was made, and what prevents recording something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from toolvet.domain.assessment import Assessment, Correction, FactValue, known_facts, with_facts
from toolvet.domain.decision import Condition, CoveredFile, Decision
from toolvet.domain.rubric import made_once
from toolvet.values import dataclass


class RecordKind(StrEnum):
    """What a record says; the value is how its file says it."""

    CONDITION_MET = "condition-met"
    CONDITION_MOVED = "condition-moved"
    WITHDRAWN = "withdrawn"
    SIGNED = "signed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Proof:
    """Where it can be seen that a condition is met; `sha256` only for a file of the workspace."""

    source: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in its file.

    `decision` is the file name of the decision it is about, `sha256` that of the decision's bytes. `condition` is a
    name of `named_conditions`, `due` the new day of a moved condition. `corrections` are of the assessment that the
    decision rests on. `earlier` are the decision's records so far, for a correction those of all the subject's
    decisions, by which one that is removed later is missed; a signature has them among its `files`.
    """

    record: RecordKind
    decision: str
    by: str
    on: date
    sha256: str | None = None
    condition: str | None = None
    due: date | None = None
    why: str | None = None
    note: str | None = None
    corrections: tuple[Correction, ...] = ()
    evidence: tuple[Proof, ...] = ()
    files: tuple[CoveredFile, ...] = ()
    signature: str | None = None
    earlier: tuple[CoveredFile, ...] = ()


@made_once
def named_conditions(decision: Decision) -> Mapping[str, Condition]:
    """The conditions by the names that records use: the id, or "condition-2" for the second where none is its own."""
    named: dict[str, Condition] = {}
    for number, condition in enumerate(decision.conditions, start=1):
        name = condition.id or f"condition-{number}"
        named[f"{name}-{number}" if name in named else name] = condition
    return named


@dataclass(frozen=True, slots=True)
class ConditionState:
    """A condition on a day: as it was decided, when it is due by now, and the records that say so."""

    name: str
    condition: Condition
    due: date | None
    is_overdue: bool
    met: Record | None = None
    moved: Record | None = None


def condition_states(decision: Decision, records: Sequence[Record], on: date) -> tuple[ConditionState, ...]:
    """Every condition of the decision as of that day; records that break a rule do not count."""
    about: dict[str | None, list[Record]] = {}
    for record in records:
        if record.on <= on and is_sound(record, decision):
            about.setdefault(record.condition, []).append(record)
    named = named_conditions(decision).items()
    return tuple(_state(name, condition, about.get(name, ()), on) for name, condition in named)


def _state(name: str, condition: Condition, records: Sequence[Record], on: date) -> ConditionState:
    about = sorted(records, key=lambda record: record.on)
    proofs = [record for record in about if record.record is RecordKind.CONDITION_MET]
    met = proofs[-1] if proofs else None  # recorded again where the proof was lost
    moves = [record for record in about if record.record is RecordKind.CONDITION_MOVED]
    moved = moves[-1] if moves else None
    due = condition.due if moved is None else moved.due
    return ConditionState(name, condition, due, met is None and due is not None and due < on, met, moved)


LastProofs = Mapping[str | None, tuple[date, int]]
"""Of each condition, when it was recorded as met last: the day, and how many records there were before."""


def last_proofs(records: Iterable[Record]) -> LastProofs:
    """The last of these records of each condition that say it is met."""
    last: dict[str | None, tuple[date, int]] = {}
    for record in records:
        if record.record is RecordKind.CONDITION_MET:
            when = (record.on, len(record.earlier))
            last[record.condition] = max(when, last.get(record.condition, when))
    return last


def is_proved_again(record: Record, last: LastProofs) -> bool:
    """Whether the condition was recorded as met once more later, so that the proof of this record is not needed."""
    when = (record.on, len(record.earlier))
    return record.record is RecordKind.CONDITION_MET and last.get(record.condition, when) > when


@dataclass(frozen=True, slots=True)
class Unfit:
    """A correction of a record that changes nothing, and what stood there."""

    correction: Correction
    stood: FactValue | None


@dataclass(frozen=True, slots=True)
class Corrected:
    """An assessment as records correct it: the records that count, and the others by the names of their files."""

    assessment: Assessment
    records: tuple[Record, ...]
    unfit: Mapping[str, tuple[Unfit, ...]]


def corrected(assessment: Assessment, named: Sequence[tuple[str, Record]]) -> Corrected:
    """The assessment as these records, named by their files, correct it, one after the other.

    A record that corrects what did not stand there changes nothing. It is settled once each of its facts is corrected
    by later ones that knew of it.
    """
    facts = known_facts(assessment)
    counted: list[Record] = []
    unfit: dict[str, dict[str, Unfit]] = {}
    for name, record in named:
        if any(one.was != facts[one.fact] for one in record.corrections):
            unfit[name] = {one.fact: Unfit(one, facts[one.fact]) for one in record.corrections}
            continue
        counted.append(record)
        facts |= {one.fact: one.now for one in record.corrections}
        for known in {file.path.rpartition("/")[2] for file in record.earlier} & unfit.keys():
            for one in record.corrections:
                unfit[known].pop(one.fact, None)
    left = {name: tuple(ones.values()) for name, ones in unfit.items() if ones}
    return Corrected(with_facts(assessment, facts), tuple(counted), left)


def with_open_conditions(decision: Decision, records: Sequence[Record], on: date) -> Decision:
    """The decision with the conditions that are not met by that day, each due when it was moved to."""
    states = condition_states(decision, records, on)
    kept = tuple(replace(state.condition, due=state.due) for state in states if state.met is None)
    return replace(decision, conditions=kept)


def withdrawal(decision: Decision, records: Sequence[Record], on: date) -> Record | None:
    """The first record that withdraws the decision by that day."""
    found = [
        record
        for record in records
        if record.record is RecordKind.WITHDRAWN and record.on <= on and is_sound(record, decision)
    ]
    return min(found, key=lambda record: record.on, default=None)


class RecordRule(StrEnum):
    """What breaks one of these rules is refused, and told where it is found in a file."""

    NO_SUCH_CONDITION = "no-such-condition"
    BEFORE_DECISION = "before-decision"
    MOVED_INTO_PAST = "moved-into-past"
    ALREADY_MET = "already-met"
    NOTHING_TO_WITHDRAW = "nothing-to-withdraw"
    NOTHING_TO_CORRECT = "nothing-to-correct"
    ALREADY_WITHDRAWN = "already-withdrawn"


def is_sound(record: Record, decision: Decision) -> bool:
    """Whether the record by itself breaks no rule."""
    return not any(_own_breaches(record, decision))


def broken_rules(record: Record, decision: Decision, others: Iterable[Record]) -> tuple[RecordRule, ...]:
    """The rules that the record breaks, beside the other records of its decision that break none by themselves."""
    sound = (other for other in others if is_sound(other, decision))
    return (*_own_breaches(record, decision), *_repeated(record, sound))


def _own_breaches(record: Record, decision: Decision) -> Iterator[RecordRule]:
    if record.condition is not None and record.condition not in named_conditions(decision):
        yield RecordRule.NO_SUCH_CONDITION
    if record.on < decision.decided_on:
        yield RecordRule.BEFORE_DECISION
    if record.due is not None and record.due < record.on:
        yield RecordRule.MOVED_INTO_PAST
    if record.record is RecordKind.WITHDRAWN and not decision.is_approval:
        yield RecordRule.NOTHING_TO_WITHDRAW
    if record.record is RecordKind.CORRECTED and decision.assessment is None:
        yield RecordRule.NOTHING_TO_CORRECT


def _repeated(record: Record, others: Iterable[Record]) -> Iterator[RecordRule]:
    if record.record is RecordKind.WITHDRAWN:
        if any(other.record is RecordKind.WITHDRAWN and other.on <= record.on for other in others):
            yield RecordRule.ALREADY_WITHDRAWN
    elif record.condition is not None and any(
        other.record is RecordKind.CONDITION_MET and other.condition == record.condition and other.on <= record.on
        for other in others
    ):
        yield RecordRule.ALREADY_MET
