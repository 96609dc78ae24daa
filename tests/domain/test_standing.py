"""How a decision stands on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from build import make_approval
from toolvet.domain.decision import Condition, Decision, Waiver
from toolvet.domain.scorecard import Verdict
from toolvet.domain.standing import End, EndKind, Standing, Stands, last_day_of, standing_of

DECIDED = date(2026, 11, 20)
DECISION = replace(make_approval(DECIDED), valid_until=date(2027, 3, 31))
WAIVER = Waiver("x", "Promised.", "Phone.", "CIO", date(2027, 2, 28))
CONDITION = Condition("Report", due=date(2027, 1, 15))


def standing(on: date, decision: Decision = DECISION) -> Standing:
    return standing_of(decision, on)


@pytest.mark.parametrize(("on", "stands"), [(date(2027, 3, 31), Stands.APPROVED), (date(2027, 4, 1), Stands.RUN_OUT)])
def test_approval_holds_through_its_last_day(on: date, stands: Stands) -> None:
    assert standing(on).stands is stands


def test_approval_runs_out_with_its_first_waiver() -> None:
    found = standing(date(2027, 3, 5), replace(DECISION, waivers=(WAIVER,)))
    assert (found.stands, found.run_out_since) == (Stands.RUN_OUT, date(2027, 3, 1))
    assert found.run_out == (End(date(2027, 2, 28), EndKind.WAIVER, "x"),)


def test_nothing_ends_it_but_its_last_day_and_its_waivers() -> None:
    assert standing(date(2030, 1, 1), replace(DECISION, valid_until=None)).holds_until is None


def test_before_its_day_it_approves_nothing() -> None:
    assert standing(date(2026, 11, 19)) == Standing(date(2026, 11, 19), approves=False)
    assert standing(DECIDED).approves


def test_with_a_doubt_it_approves_nothing() -> None:
    found = standing_of(DECISION, DECIDED, ("The assessment was changed.",))
    assert (found.approves, found.stands) == (False, Stands.UNCONFIRMED)


@pytest.mark.parametrize(
    ("decision", "last"),
    [
        (DECISION, date(2027, 3, 31)),
        (replace(DECISION, waivers=(WAIVER,)), date(2027, 2, 28)),
        (replace(DECISION, valid_until=date(2027, 1, 1), waivers=(WAIVER,)), date(2027, 1, 1)),
        (replace(DECISION, valid_until=None), None),
        (replace(DECISION, decision=Verdict.HOLD, waivers=(WAIVER,)), date(2027, 3, 31)),
    ],
)
def test_the_end_is_the_earliest_of_its_days(decision: Decision, last: date | None) -> None:
    assert last_day_of(decision, standing_of(decision, DECIDED)) == last


@pytest.mark.parametrize(
    ("on", "stands"), [(date(2027, 1, 15), Stands.CONDITIONS_OPEN), (date(2027, 1, 16), Stands.OVERDUE)]
)
def test_a_condition_is_overdue_the_day_after_it_was_due(on: date, stands: Stands) -> None:
    assert standing(on, replace(DECISION, conditions=(CONDITION, Condition("No day")))).stands is stands


def test_what_was_not_approved_neither_runs_out_nor_is_overdue() -> None:
    rejected = replace(DECISION, decision=Verdict.REJECT, conditions=(CONDITION,), waivers=(WAIVER,))
    found = standing(date(2030, 1, 1), rejected)
    assert (found.stands, found.ends, found.overdue) == (Stands.REFUSED, (), ())


def test_it_holds_until_the_first_of_its_ends() -> None:
    assert standing(DECIDED, replace(DECISION, waivers=(WAIVER,))).holds_until == date(2027, 2, 28)
