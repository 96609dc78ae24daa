"""The arithmetic and the rules say what the scorecard says."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.rubric import Rubric, ScopeFact
from toolvet.domain.scorecard import Scorecard, Verdict
from toolvet.domain.scoring import score
from toolvet.report.approval.arithmetic import RuleOutcome, rules, sums
from toolvet.text.labels import percent

ON = date(2026, 11, 20)
PROVEN = (Evidence("seen", Grade.TESTED),)


def outcomes(scorecard: Scorecard) -> list[RuleOutcome]:
    return [rule.outcome for rule in rules(scorecard)]


def two_criteria(*, scope: tuple[ScopeFact, ...] = ()) -> Rubric:
    return make_rubric(
        make_criterion("devices", make_question("a", must_reach=2), make_question("b")),
        make_criterion("security", make_question("c")),
        scope=scope,
    )


def judged(a: Answer, b: Answer, c: Answer, *, scope: tuple[ScopeFact, ...] = ()) -> Scorecard:
    return score(two_criteria(scope=scope), make_assessment({"a": a, "b": b, "c": c}), ON)


HIGH = Answer(level=4, evidence=PROVEN)
CLAIMED = Answer(level=4, evidence=(Evidence("said", Grade.CLAIM),))


@pytest.mark.parametrize(
    ("scorecard", "verdict", "deciding"),
    [
        (judged(Answer(level=1), HIGH, HIGH), Verdict.REJECT, 1),
        (judged(HIGH, HIGH, Answer(level=1)), Verdict.REJECT, 2),
        (judged(Answer(unknown=""), HIGH, HIGH), Verdict.HOLD, 3),
        (judged(HIGH, HIGH, HIGH, scope=(ScopeFact("data", "Data?", ("a", "b")),)), Verdict.HOLD, 3),
        (judged(HIGH, HIGH, HIGH), Verdict.APPROVE, 4),
        (judged(Answer(level=4), HIGH, HIGH), Verdict.HOLD, 3),
        (judged(CLAIMED, HIGH, HIGH), Verdict.APPROVE_WITH_CONDITIONS, 5),
    ],
)
def test_the_rule_that_decides_gives_the_verdict(scorecard: Scorecard, verdict: Verdict, deciding: int) -> None:
    assert scorecard.verdict is verdict
    assert outcomes(scorecard) == [
        *[RuleOutcome.DOES_NOT_APPLY] * (deciding - 1),
        RuleOutcome.DECIDES,
        *[RuleOutcome.NOT_NEEDED] * (6 - deciding),
    ]
    assert rules(scorecard)[deciding - 1].verdict is verdict


def test_open_answers_that_could_decide_are_the_sixth_rule() -> None:
    rubric = make_rubric(make_criterion("a", make_question("b", weight=8), make_question("c", weight=2)))
    scorecard = score(rubric, make_assessment({"b": 2, "c": Answer(unknown="")}), ON)
    assert scorecard.verdict is Verdict.HOLD
    assert outcomes(scorecard)[-1] is RuleOutcome.DECIDES


def test_each_rule_says_what_it_compared() -> None:
    scorecard = judged(CLAIMED, Answer(level=1), HIGH)
    assert [rule.compared for rule in rules(scorecard)] == [
        ("1 must-have: 1 met.",),
        (
            "Devices: ceiling 62.5, 40 needed: enough.",
            "Security: ceiling 100.0, 40 needed: enough.",
            "Overall: ceiling 81.3, 50 needed: enough.",
        ),
        (
            "Scope facts not given: 0.",
            "Must-haves missed: none.",
            "Must-haves not known: none.",
            "Must-haves met with no evidence at all: none.",
            "Coverage 100.0%, 80% needed: enough.",
        ),
        (
            "Devices: floor 62.5, 60 needed: enough.",
            "Security: floor 100.0, 60 needed: enough.",
            "Overall: floor 81.3, 70 needed: enough.",
            "Must-haves not proven: A.",
            "Proven 50.0%, 50% needed: enough.",
        ),
        (
            "Devices: floor 62.5, 40 needed: enough.",
            "Security: floor 100.0, 40 needed: enough.",
            "Overall: floor 81.3, 50 needed: enough.",
        ),
        (),
    ]


def worked_out(formula: str) -> str:
    """The result of a formula as a pocket calculator gives it, in percent to one decimal."""
    left = formula.partition(" = ")[2].rpartition(" = ")[0].replace("×", "*")
    exact = re.sub(r"\d+(?:\.\d+)?", lambda match: f"Fraction('{match[0]}')", left)
    return percent(100 * eval(exact, {"Fraction": Fraction}))


answers = st.one_of(
    st.integers(0, 3).map(lambda level: Answer(level=level)),
    st.integers(0, 3).map(lambda level: Answer(level=level, answered=date(2020, 1, 1))),
    st.sampled_from((Answer(), Answer(unknown=""), Answer(not_applicable=""))),
)
weights = st.sampled_from((Fraction(1), Fraction(2), Fraction(1, 2), Fraction(12345, 100000)))


@given(
    st.lists(st.tuples(weights, st.lists(st.tuples(weights, answers), min_size=1, max_size=4)), min_size=1, max_size=3)
)
def test_whoever_redoes_the_formulas_gets_the_same_figures(
    drawn: list[tuple[Fraction, list[tuple[Fraction, Answer]]]],
) -> None:
    criteria, given_answers = [], {}
    for place, (criterion_weight, questions) in enumerate(drawn):
        made = []
        for number, (weight, answer) in enumerate(questions):
            question_id = f"q{place}-{number}"
            made.append(make_question(question_id, weight=weight, levels=4, shelf_months=12))
            given_answers[question_id] = answer
        criteria.append(make_criterion(f"c{place}", *made, weight=criterion_weight))
    scorecard = score(make_rubric(*criteria), make_assessment(given_answers), ON)
    arithmetic = sums(scorecard)
    for formulas in (*(one.formulas for one in arithmetic.criteria), arithmetic.formulas):
        for formula in formulas:
            if "none" not in formula:
                assert worked_out(formula) == formula.rpartition(" = ")[2]
