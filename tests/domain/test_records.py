"""What records make of a decision, and which of them are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from build import make_approval
from toolvet.domain.decision import Condition, Decision
from toolvet.domain.records import (
    Record,
    RecordKind,
    RecordRule,
    broken_rules,
    condition_states,
    is_proved_again,
    last_proofs,
    named_conditions,
    with_open_conditions,
)
from toolvet.domain.scorecard import Verdict
from toolvet.domain.standing import EndKind, Stands, last_day_of, standing_of

DECIDED = date(2026, 11, 20)
DUE = date(2027, 1, 15)
REPORT = Condition("Report", id="report", due=DUE)
DECISION = replace(make_approval(DECIDED), valid_until=date(2027, 11, 20), conditions=(REPORT, Condition("Trial")))


def met(on: date, name: str = "report") -> Record:
    return Record(RecordKind.CONDITION_MET, "d.toml", "Ada", on, condition=name)


def moved(on: date, due: date) -> Record:
    return Record(RecordKind.CONDITION_MOVED, "d.toml", "Ada", on, condition="report", due=due, why="Later.")


def withdrawn(on: date) -> Record:
    return Record(RecordKind.WITHDRAWN, "d.toml", "Ada", on, why="Breach.")


def stands(on: date, *records: Record, decision: Decision = DECISION) -> Stands:
    return standing_of(decision, on, records=records).stands


def test_a_condition_without_an_id_is_named_by_its_place() -> None:
    assert list(named_conditions(DECISION)) == ["report", "condition-2"]


def test_two_conditions_with_one_id_have_two_names() -> None:
    twice = replace(DECISION, conditions=(REPORT, REPORT))
    assert list(named_conditions(twice)) == ["report", "report-2"]


def test_a_met_condition_is_neither_open_nor_overdue() -> None:
    records = (met(date(2027, 1, 10)), met(date(2027, 1, 10), "condition-2"))
    assert stands(date(2027, 1, 9), *records) is Stands.CONDITIONS_OPEN
    assert stands(date(2027, 2, 1), *records) is Stands.APPROVED


def test_a_condition_met_late_was_overdue_until_then() -> None:
    record = met(date(2027, 2, 1))
    assert [stands(date(2027, 1, day), record) for day in (15, 16)] == [Stands.CONDITIONS_OPEN, Stands.OVERDUE]
    assert stands(date(2027, 2, 1), record) is Stands.CONDITIONS_OPEN


def test_a_moved_condition_is_due_on_its_new_day_from_the_day_it_was_moved() -> None:
    record = moved(date(2027, 1, 20), date(2027, 3, 1))
    found = [stands(on, record) for on in (date(2027, 1, 19), date(2027, 1, 20), date(2027, 3, 1), date(2027, 3, 2))]
    assert found == [Stands.OVERDUE, Stands.CONDITIONS_OPEN, Stands.CONDITIONS_OPEN, Stands.OVERDUE]


def test_of_two_moves_the_later_counts() -> None:
    records = (moved(date(2027, 1, 20), date(2027, 6, 1)), moved(date(2027, 1, 10), date(2027, 3, 1)))
    assert condition_states(DECISION, records, date(2027, 2, 1))[0].due == date(2027, 6, 1)


def test_from_the_day_of_a_withdrawal_nothing_is_approved() -> None:
    record = withdrawn(date(2027, 5, 3))
    assert [stands(date(2027, 5, day), record).is_in_force for day in (2, 3)] == [False, False]
    assert stands(date(2026, 12, 1), record) is Stands.CONDITIONS_OPEN
    assert stands(date(2027, 5, 3), record) is Stands.WITHDRAWN


def test_a_withdrawn_approval_ended_on_the_day_before() -> None:
    standing = standing_of(DECISION, date(2027, 6, 1), records=(withdrawn(date(2027, 5, 3)),))
    assert last_day_of(DECISION, standing) == date(2027, 5, 2)
    assert standing.ends[0].kind is EndKind.WITHDRAWAL


def test_a_next_decision_starts_from_the_conditions_that_are_not_met() -> None:
    records = (met(date(2027, 1, 10), "condition-2"), moved(date(2027, 1, 10), date(2027, 3, 1)))
    left = with_open_conditions(DECISION, records, date(2027, 2, 1)).conditions
    assert left == (replace(REPORT, due=date(2027, 3, 1)),)


@pytest.mark.parametrize(
    ("record", "others", "rules"),
    [
        (met(DECIDED), (), ()),
        (met(DECIDED, "other"), (), (RecordRule.NO_SUCH_CONDITION,)),
        (met(date(2026, 11, 19)), (), (RecordRule.BEFORE_DECISION,)),
        (withdrawn(date(2026, 11, 19)), (), (RecordRule.BEFORE_DECISION,)),
        (moved(DUE, date(2027, 1, 14)), (), (RecordRule.MOVED_INTO_PAST,)),
        (moved(DUE, DUE), (), ()),
        (met(DUE), (met(DECIDED),), (RecordRule.ALREADY_MET,)),
        (moved(DUE, DUE), (met(DECIDED),), (RecordRule.ALREADY_MET,)),
        (withdrawn(DUE), (withdrawn(DUE),), (RecordRule.ALREADY_WITHDRAWN,)),
        (met(DUE), (met(date(2026, 11, 19)),), ()),  # that one does not count, so this one is needed
        (withdrawn(DUE), (withdrawn(date(2026, 11, 19)),), ()),
    ],
)
def test_a_record_that_cannot_be_is_refused(
    record: Record, others: tuple[Record, ...], rules: tuple[RecordRule, ...]
) -> None:
    assert broken_rules(record, DECISION, others) == rules


def test_only_an_approval_can_be_withdrawn() -> None:
    refused = replace(DECISION, decision=Verdict.REJECT)
    assert broken_rules(withdrawn(DUE), refused, ()) == (RecordRule.NOTHING_TO_WITHDRAW,)


def test_a_record_that_cannot_be_changes_nothing() -> None:
    early = replace(met(date(2026, 11, 19)), condition="report")
    assert stands(date(2027, 1, 16), early) is Stands.OVERDUE


def test_of_two_proofs_the_later_is_the_one_that_is_needed() -> None:
    first, again = met(DECIDED), met(DUE)
    (state, _) = condition_states(DECISION, [again, first], date(2027, 2, 1))
    assert state.met == again
    last = last_proofs([again, first])
    assert (is_proved_again(first, last), is_proved_again(again, last)) == (True, False)
    assert not is_proved_again(first, last_proofs([met(DUE, "condition-2"), moved(DUE, DUE)]))


def test_nothing_is_overdue_of_an_approval_that_was_withdrawn() -> None:
    late = date(2027, 2, 1)
    assert standing_of(DECISION, late).overdue
    assert standing_of(DECISION, late, records=[withdrawn(late)]).overdue == ()
