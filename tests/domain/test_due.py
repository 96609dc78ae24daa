"""What runs out, falls due or was promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Subject
from toolvet.domain.decision import AssessmentRef, Computed, Condition, Decision, Waiver
from toolvet.domain.decision_rules import DueItem, DueKind, due_items
from toolvet.domain.rubric import Policy
from toolvet.domain.scope import Not, OneOf
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score

ON = date(2026, 11, 20)
FAR = date(2099, 1, 1)
NEVER = Not(OneOf("fact", frozenset({"yes"}), "fact is yes"))
RUBRIC = make_rubric(
    make_criterion(
        "security",
        make_question("sign-in", must_reach=2, shelf_months=12),
        make_question("audit", shelf_months=6),
        make_question("lasting"),
        make_question("other", shelf_months=1, applies_when=NEVER),
    )
)


def make_decision(
    *, valid_until: date | None = None, conditions: tuple[Condition, ...] = (), waivers: tuple[Waiver, ...] = ()
) -> Decision:
    computed = Computed(ON, Verdict.HOLD, (), 50.0, 50.0, 50.0, 100.0, Policy())
    return Decision(
        Verdict.APPROVE_WITH_CONDITIONS,
        "Board",
        ON,
        AssessmentRef("assessments/tool/a.toml", "0" * 64),
        computed,
        rationale="Enough.",
        valid_until=valid_until,
        conditions=conditions,
        waivers=waivers,
    )


def due(assessment: Assessment, decision: Decision | None = None, *, until: date = FAR) -> tuple[DueItem, ...]:
    return due_items(score(RUBRIC, assessment, ON), assessment, decision, until=until)


def test_answers_expire_on_their_last_day_and_must_haves_are_named() -> None:
    assessment = make_assessment(
        {
            "sign-in": Answer(level=3, answered=date(2026, 2, 1)),
            "audit": Answer(level=3, answered=date(2026, 8, 31)),
            "lasting": Answer(level=3, answered=date(2020, 1, 1)),
        }
    )
    assert due(assessment) == (
        DueItem(date(2027, 2, 1), DueKind.MUST_HAVE, "Sign in", "sign-in"),
        DueItem(date(2027, 2, 28), DueKind.ANSWER, "Audit", "audit"),
    )


def test_what_is_past_is_still_due() -> None:
    assessment = make_assessment({"audit": Answer(level=3, answered=date(2020, 1, 1))})
    (item,) = due(assessment, until=ON)
    assert (item.day, item.is_past(ON)) == (date(2020, 7, 1), True)


@pytest.mark.parametrize("answer", [Answer(unknown="", answered=ON), Answer(not_applicable="", answered=ON)])
def test_only_levels_expire(answer: Answer) -> None:
    assert due(make_assessment({"audit": answer})) == ()


def test_an_answer_that_does_not_apply_is_not_due() -> None:
    assessment = make_assessment({"other": Answer(level=1, answered=ON)}, scope={"fact": "yes"})
    assert due(assessment) == ()


def test_later_things_are_left_out() -> None:
    assessment = make_assessment({"audit": Answer(level=3, answered=ON)})
    assert due(assessment, until=date(2027, 5, 19)) == ()


def test_an_answer_is_promised_until_there_is_a_decision() -> None:
    assessment = replace(make_assessment(), subject=Subject("Tool", requested_by="Sales", answer_by=date(2026, 11, 27)))
    assert due(assessment) == (DueItem(date(2026, 11, 27), DueKind.PROMISED, "Sales"),)
    assert due(assessment, make_decision()) == ()


def test_a_decision_brings_its_own_dates() -> None:
    decision = make_decision(
        valid_until=date(2027, 11, 20),
        conditions=(
            Condition("Report supplied", owner="Vendor management", due=date(2027, 3, 31)),
            Condition("No day given"),
        ),
        waivers=(Waiver("sign-in", "Promised", "Bridge", "CIO", date(2027, 3, 31)),),
    )
    assert due(make_assessment(), decision) == (
        DueItem(date(2027, 3, 31), DueKind.APPROVAL, "approve-with-conditions"),
        DueItem(date(2027, 3, 31), DueKind.WAIVER, "Sign in", "sign-in", "CIO"),
        DueItem(date(2027, 3, 31), DueKind.CONDITION, "Report supplied", owner="Vendor management"),
    )
