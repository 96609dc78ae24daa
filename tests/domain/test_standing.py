"""How a decision stands on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer
from toolvet.domain.decision import AssessmentRef, Computed, Condition, Decision, Waiver
from toolvet.domain.rubric import Policy
from toolvet.domain.scope import OneOf
from toolvet.domain.scorecard import Verdict
from toolvet.domain.standing import End, EndKind, Standing, Stands, standing_of

DECIDED = date(2026, 11, 20)
NEVER = OneOf("guests", frozenset({"yes"}), "guests is yes")
RUBRIC = make_rubric(
    make_criterion(
        "a",
        make_question("x", must_reach=2, shelf_months=6),
        make_question("y", shelf_months=1),
        make_question("z", must_reach=2, shelf_months=1, applies_when=NEVER),
    )
)
ASSESSMENT = make_assessment(
    {name: Answer(level=3, answered=DECIDED) for name in ("x", "y", "z")}, scope={"guests": "no"}
)
DECISION = Decision(
    decision=Verdict.APPROVE,
    decided_by="Board",
    decided_on=DECIDED,
    assessment=AssessmentRef("assessments/tool/a.toml", "0" * 64),
    computed=Computed(DECIDED, Verdict.APPROVE, (), 80.0, 80.0, 80.0, 100.0, Policy()),
    valid_until=date(2027, 3, 31),
)
WAIVER = Waiver("x", "Promised.", "Phone.", "CIO", date(2027, 2, 28))
CONDITION = Condition("Report", due=date(2027, 1, 15))


def standing(on: date, decision: Decision = DECISION) -> Standing:
    return standing_of(decision, RUBRIC, ASSESSMENT, on)


@pytest.mark.parametrize(("on", "stands"), [(date(2027, 3, 31), Stands.IN_FORCE), (date(2027, 4, 1), Stands.RUN_OUT)])
def test_approval_holds_through_its_last_day(on: date, stands: Stands) -> None:
    assert standing(on).stands is stands


def test_approval_runs_out_with_its_first_waiver() -> None:
    found = standing(date(2027, 3, 5), replace(DECISION, waivers=(WAIVER,)))
    assert (found.stands, found.run_out_since) == (Stands.RUN_OUT, date(2027, 3, 1))
    assert found.run_out == (End(date(2027, 2, 28), EndKind.WAIVER, "x"),)


def test_approval_runs_out_with_the_first_must_have_to_expire() -> None:
    found = standing(date(2027, 5, 21), replace(DECISION, valid_until=None))
    assert found.run_out == (End(date(2027, 5, 20), EndKind.MUST_HAVE, "x"),)


def test_an_answer_that_is_set_aside_ends_nothing() -> None:
    later = replace(WAIVER, expires=date(2027, 11, 20))
    decision = replace(DECISION, valid_until=None, waivers=(later,))
    assert standing(date(2027, 6, 1), decision).stands is Stands.IN_FORCE


def test_without_its_assessment_a_decision_stands_by_its_own_days() -> None:
    found = standing_of(replace(DECISION, valid_until=None), None, None, date(2030, 1, 1))
    assert (found.stands, found.holds_until) == (Stands.IN_FORCE, None)


@pytest.mark.parametrize(("on", "stands"), [(date(2027, 1, 15), Stands.IN_FORCE), (date(2027, 1, 16), Stands.OVERDUE)])
def test_a_condition_is_overdue_the_day_after_it_was_due(on: date, stands: Stands) -> None:
    assert standing(on, replace(DECISION, conditions=(CONDITION, Condition("No day")))).stands is stands


def test_what_was_not_approved_neither_runs_out_nor_is_overdue() -> None:
    rejected = replace(DECISION, decision=Verdict.REJECT, conditions=(CONDITION,), waivers=(WAIVER,))
    assert standing(date(2030, 1, 1), rejected) == Standing(date(2030, 1, 1), approves=False)


def test_it_holds_until_the_first_of_its_ends() -> None:
    assert standing(DECIDED, replace(DECISION, waivers=(WAIVER,))).holds_until == date(2027, 2, 28)
