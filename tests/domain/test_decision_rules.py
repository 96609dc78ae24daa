from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, Subject
from toolvet.domain.decision import ApprovedFor, AssessmentRef, Computed, Condition, Decision, Toleration, Waiver
from toolvet.domain.decision_rules import (
    Breach,
    DecisionRule,
    SecondOpinion,
    TakenOver,
    cautions,
    make_computed,
    new_among,
    offered_approved_for,
    offered_valid_until,
    refusals,
    second_opinions,
    taken_over,
    toleration_refusals,
)
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Scorecard, Verdict
from toolvet.domain.scoring import score

DAY = date(2026, 11, 21)
RUBRIC = make_rubric(
    make_criterion("a", make_question("x", must_reach=2, shelf_months=6), make_question("y", weight=3))
)
MET = Answer(level=2, answered=DAY, evidence=(Evidence("page", Grade.TESTED),))


def _scorecard(answers: dict[str, int | Answer], rubric: Rubric = RUBRIC) -> tuple[Scorecard, Assessment]:
    assessment = make_assessment(answers)
    return score(rubric, assessment, DAY), assessment


def _decision(scorecard: Scorecard, taken: Verdict, **others: object) -> Decision:
    plain = Decision(
        decision=taken,
        decided_by="Board",
        decided_on=DAY,
        valid_until=DAY,
        assessment=AssessmentRef("assessments/tool/x.toml", "0" * 64),
        computed=make_computed(scorecard),
    )
    return replace(plain, **others)  # type: ignore[arg-type]  # keyword by keyword, as the test names them


def test_decision_like_the_verdict_needs_no_words() -> None:
    scorecard, _ = _scorecard({"x": MET, "y": 4})
    assert refusals(_decision(scorecard, Verdict.APPROVE), scorecard) == ()


def test_departing_decision_needs_a_rationale() -> None:
    scorecard, _ = _scorecard({"x": MET, "y": 4})
    worse = _decision(scorecard, Verdict.REJECT)
    assert refusals(worse, scorecard) == (Breach(DecisionRule.NO_RATIONALE),)
    assert refusals(replace(worse, rationale="No budget."), scorecard) == ()


def test_better_decision_needs_a_waiver_for_each_must_have_not_met() -> None:
    scorecard, _ = _scorecard({"y": 4})
    better = _decision(scorecard, Verdict.APPROVE, rationale="Pilot.")
    assert refusals(better, scorecard) == (Breach(DecisionRule.NO_WAIVER, "x"),)
    waiver = Waiver("x", "Promised.", "Phone.", "CIO", date(2027, 3, 31))
    assert refusals(replace(better, waivers=(waiver,)), scorecard) == ()


def test_waiver_lasts_as_long_as_the_policy_allows() -> None:
    scorecard, _ = _scorecard({"y": 4})
    waiver = Waiver("x", "Promised.", "Phone.", "CIO", date(2027, 11, 22))
    decision = _decision(scorecard, Verdict.APPROVE, rationale="Pilot.", waivers=(waiver,))
    assert refusals(decision, scorecard) == (
        Breach(DecisionRule.WAIVER_TOO_LONG, waiver=waiver, latest=date(2027, 11, 21)),
    )


def test_broken_seal_and_changed_rubric_are_no_ground() -> None:
    scorecard, _ = _scorecard({"x": MET, "y": 4})
    found = refusals(_decision(scorecard, Verdict.APPROVE), scorecard, seal_broken=True, rubric_changed=True)
    assert found == (Breach(DecisionRule.SEAL_BROKEN), Breach(DecisionRule.RUBRIC_CHANGED))


def test_valid_until_is_the_first_must_have_to_expire() -> None:
    scorecard, assessment = _scorecard({"x": MET, "y": 4})
    assert offered_valid_until(scorecard, assessment, DAY) == date(2027, 5, 21)


def test_valid_until_is_the_policys_months_where_nothing_expires_before() -> None:
    scorecard, assessment = _scorecard({"x": replace(MET, answered=None), "y": 4})
    assert offered_valid_until(scorecard, assessment, DAY) == date(2027, 11, 21)


def test_computed_is_rounded_to_one_decimal() -> None:
    scorecard, _ = _scorecard({"y": 1})
    assert make_computed(scorecard) == Computed(
        on=DAY,
        verdict=Verdict.REJECT,
        reasons=("cannot-reach",),
        floor=18.8,
        observed=25.0,
        ceiling=43.8,
        coverage=75.0,
        policy=RUBRIC.policy,
    )


def test_second_opinion_is_two_levels_away() -> None:
    scorecard, mine = _scorecard({"x": 2, "y": 2})
    other = replace(make_assessment({"x": 4, "y": 3}), reviewer=Reviewer("B. Other"))
    assert second_opinions(scorecard, mine, [other]) == (
        SecondOpinion(RUBRIC.criteria[0].questions[0], "B. Other", 2, 4),
    )


REPORT = Condition("Report", "report", "CIO", date(2027, 1, 15))


def test_condition_due_before_the_decision_is_refused() -> None:
    scorecard, _ = _scorecard({"x": MET, "y": 4})
    late = replace(REPORT, due=date(2026, 11, 20))
    decision = _decision(scorecard, Verdict.APPROVE, conditions=(late,))
    assert refusals(decision, scorecard) == (Breach(DecisionRule.CONDITION_PAST, condition=late),)


def test_overdue_condition_of_the_previous_decision_may_stay_with_a_caution() -> None:
    scorecard, _ = _scorecard({"x": MET, "y": 4})
    late = replace(REPORT, due=date(2026, 11, 20))
    decision = _decision(scorecard, Verdict.APPROVE, conditions=(late,))
    assert refusals(decision, scorecard, carried=(late,)) == ()
    assert cautions(decision) == (Breach(DecisionRule.CONDITION_OVERDUE, condition=late),)


def test_condition_without_owner_or_due_date_is_cautioned() -> None:
    scorecard, _ = _scorecard({"x": MET, "y": 4})
    conditions = (Condition("A"), Condition("B", owner="CIO"), REPORT)
    assert cautions(_decision(scorecard, Verdict.APPROVE, conditions=conditions)) == (
        Breach(DecisionRule.NO_OWNER_OR_DAY, condition=conditions[0]),
        Breach(DecisionRule.NO_OWNER_OR_DAY, condition=conditions[1]),
    )


def test_approval_with_conditions_that_names_none_is_cautioned() -> None:
    scorecard, _ = _scorecard({"x": MET, "y": 4})
    assert cautions(_decision(scorecard, Verdict.APPROVE_WITH_CONDITIONS)) == (Breach(DecisionRule.NO_CONDITION),)
    assert cautions(_decision(scorecard, Verdict.APPROVE)) == ()


def test_a_decision_that_approves_nothing_needs_no_waiver() -> None:
    scorecard, _ = _scorecard({"x": 0, "y": 4})
    assert scorecard.verdict is Verdict.REJECT
    assert refusals(_decision(scorecard, Verdict.HOLD, rationale="Until they sign."), scorecard) == ()


def test_a_waiver_in_a_decision_that_approves_nothing_is_refused() -> None:
    scorecard, _ = _scorecard({"y": 4})
    waiver = Waiver("x", "Promised.", "Phone.", "CIO", date(2027, 3, 31))
    assert refusals(_decision(scorecard, Verdict.HOLD, waivers=(waiver,)), scorecard) == (
        Breach(DecisionRule.NOTHING_TO_WAIVE),
    )


@pytest.mark.parametrize("taken", list(Verdict))
def test_valid_until_goes_no_further_than_the_policys_months(taken: Verdict) -> None:
    scorecard, _ = _scorecard({"x": MET, "y": 4})
    decision = _decision(scorecard, taken, rationale="So.", valid_until=date(2027, 11, 21))
    assert refusals(decision, scorecard) == ()
    assert refusals(replace(decision, valid_until=date(2027, 11, 22)), scorecard) == (
        Breach(DecisionRule.VALID_TOO_LONG, latest=date(2027, 11, 21)),
    )


def test_an_approval_has_a_last_day() -> None:
    scorecard, _ = _scorecard({"x": MET, "y": 4})
    endless = _decision(scorecard, Verdict.APPROVE, valid_until=None)
    assert refusals(endless, scorecard) == (Breach(DecisionRule.NO_END, latest=date(2027, 11, 21)),)
    assert refusals(replace(endless, decision=Verdict.REJECT, rationale="So."), scorecard) == ()


def test_carried_condition_goes_before_one_of_its_id_or_text() -> None:
    others = (Condition("Raise it", id="report"), Condition("Report"), Condition("Trial"))
    assert new_among((REPORT,), others) == (Condition("Trial"),)


def test_an_approval_is_offered_for_what_was_assessed() -> None:
    assessment = replace(make_assessment(scope={"data": "public"}), subject=Subject("Tool", plan="Business", users=40))
    assert offered_approved_for(assessment) == ApprovedFor(scope={"data": "public"}, users=40, plan="Business")


def test_what_goes_over_is_named_once_and_a_waiver_only_while_it_runs_and_is_needed() -> None:
    scorecard, _ = _scorecard({"x": 0, "y": 4})
    runs, over, needless = (
        Waiver(question, "Promised.", "Phone.", "CIO", expires)
        for question, expires in (("x", date(2027, 1, 1)), ("x", DAY), ("y", date(2027, 1, 1)))
    )
    approval = _decision(
        scorecard,
        Verdict.APPROVE_WITH_CONDITIONS,
        approved_for=ApprovedFor(left_off=("AI companion",)),
        conditions=(REPORT,),
        waivers=(over, runs, needless),
        consulted=("Works council",),
    )
    hold = _decision(scorecard, Verdict.HOLD, consulted=("Works council", "CIO"), links=("https://t.example/1",))
    assert taken_over([hold], [hold, approval, approval], scorecard, DAY) == TakenOver(
        left_off=("AI companion",),
        conditions=(REPORT,),
        waivers=(runs,),
        consulted=("Works council", "CIO"),
        links=("https://t.example/1",),
        ended=(needless,),
    )


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ({}, []),
        ({"rationale": " "}, [DecisionRule.NO_RATIONALE]),
        ({"owner": None, "rationale": None}, [DecisionRule.NO_RATIONALE, DecisionRule.NO_OWNER]),
        ({"valid_until": None}, [DecisionRule.NO_END]),
        ({"valid_until": date(2027, 11, 22)}, [DecisionRule.VALID_TOO_LONG]),
        ({"valid_until": date(2026, 11, 20)}, [DecisionRule.VALID_BEFORE]),
    ],
)
def test_tolerating_a_tool_needs_a_reason_an_owner_and_an_end_within_the_policy(
    given: dict[str, Any], rules: list[DecisionRule]
) -> None:
    tolerated = Decision(
        Toleration.TOLERATE, "Board", DAY, None, None, rationale="In use.", owner="CIO", valid_until=date(2027, 11, 21)
    )
    assert [breach.rule for breach in toleration_refusals(replace(tolerated, **given), RUBRIC.policy)] == rules
