from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade
from toolvet.domain.rubric import Axis, IfMissed, MustReach, Policy, Raise, Rubric, ScopeFact
from toolvet.domain.scope import OneOf
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.text.labels import percent

DAY = date(2026, 11, 21)
UNKNOWN = Answer(unknown="Asked.")
GUESTS = ScopeFact("guests", "Guests?", ("no", "yes"))


def _verdict(rubric: Rubric, assessment: Assessment) -> tuple[str, list[str]]:
    scored = score(rubric, assessment, DAY)
    return scored.verdict.value, [reason.brief for reason in scored.reasons]


def _proven(level: int, grade: Grade | None = Grade.DOCUMENT) -> Answer:
    return Answer(level=level, evidence=(Evidence("page", grade),))


def test_failed_must_have_rejects_whatever_the_total() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2), make_question("y", weight=99)))
    assert _verdict(rubric, make_assessment({"x": 1, "y": 4})) == ("reject", ["must-have-failed: x"])


def test_ceiling_below_conditional_rejects() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")), make_criterion("b", make_question("y")))
    assert _verdict(rubric, make_assessment({"x": 1})) == ("reject", ["cannot-reach: a"])
    assert _verdict(rubric, make_assessment({"x": 1, "y": 1})) == (
        "reject",
        ["cannot-reach: a", "cannot-reach: b", "cannot-reach"],
    )


def test_ceiling_is_not_looked_at_while_scope_is_open() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")), scope=[GUESTS])
    assert _verdict(rubric, make_assessment({"x": 0})) == ("hold", ["scope-open: guests"])


def test_nothing_to_score_holds() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")))
    answers = {"x": Answer(not_applicable="Not ours.")}
    assert _verdict(rubric, make_assessment(answers)) == ("hold", ["nothing-to-score", "not-applicable-high: a"])


def test_unknown_must_have_holds() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2), make_question("y", weight=9)))
    assert _verdict(rubric, make_assessment({"x": UNKNOWN, "y": 4})) == ("hold", ["must-have-unknown: x"])


def test_not_applicable_must_have_holds() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2), make_question("y", weight=9)))
    answers = {"x": Answer(not_applicable="No."), "y": 4}
    assert _verdict(rubric, make_assessment(answers)) == ("hold", ["must-have-unknown: x"])


def test_low_coverage_holds() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", weight=79), make_question("y", weight=21)))
    assert _verdict(rubric, make_assessment({"x": 4, "y": UNKNOWN})) == ("hold", ["coverage-low"])


def test_coverage_on_the_threshold_passes() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", weight=80), make_question("y", weight=20)))
    assert _verdict(rubric, make_assessment({"x": 4, "y": UNKNOWN})) == ("approve", [])


def test_too_much_not_applicable_holds() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", weight=69), make_question("y", weight=31)))
    answers = {"x": 4, "y": Answer(not_applicable="No.")}
    assert _verdict(rubric, make_assessment(answers)) == ("hold", ["not-applicable-high: a"])


def test_not_applicable_on_the_limit_passes() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", weight=70), make_question("y", weight=30)))
    answers = {"x": 4, "y": Answer(not_applicable="No.")}
    assert _verdict(rubric, make_assessment(answers)) == ("approve", [])


def test_floors_that_reach_approve_approve() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2)))
    assert _verdict(rubric, make_assessment({"x": _proven(3)})) == ("approve", [])


def test_unproven_must_have_is_approved_with_conditions_only() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2), make_question("y")))
    expected = ("approve-with-conditions", ["must-have-unproven: x"])
    assert _verdict(rubric, make_assessment({"x": _proven(4, Grade.CLAIM), "y": 4})) == expected
    assert _verdict(rubric, make_assessment({"x": _proven(4, None), "y": 4})) == expected


def test_must_have_met_with_no_evidence_at_all_holds() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2), make_question("y")))
    assert _verdict(rubric, make_assessment({"x": Answer(level=4), "y": 4})) == ("hold", ["must-have-unsupported: x"])


def test_must_have_that_only_holds_if_missed_holds() -> None:
    held = replace(make_question("x"), must_reach=MustReach(2, "Because.", None, IfMissed.HOLD))
    rubric = make_rubric(make_criterion("a", held, make_question("y", weight=9)))
    assert _verdict(rubric, make_assessment({"x": 1, "y": 4})) == ("hold", ["must-have-missed: x"])


def test_missing_only_the_raise_holds() -> None:
    with_guests = OneOf("guests", frozenset({"yes"}), "guests is yes")
    must = MustReach(2, "Because.", raises=(Raise(3, with_guests, "More is at stake."),))
    question = replace(make_question("x"), must_reach=must)
    rubric = make_rubric(make_criterion("a", question, make_question("y", weight=9)), scope=[GUESTS])
    scope = {"guests": "yes"}
    assert _verdict(rubric, make_assessment({"x": 2, "y": 4}, scope=scope)) == ("hold", ["must-have-missed: x"])
    assert _verdict(rubric, make_assessment({"x": 1, "y": 4}, scope=scope)) == ("reject", ["must-have-failed: x"])
    assert _verdict(rubric, make_assessment({"x": 2, "y": 4}, scope={"guests": "no"})) == ("approve", [])


def test_half_of_the_weight_has_to_be_proven_to_approve() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", weight=50), make_question("y", weight=50)))
    assert _verdict(rubric, make_assessment({"x": 4, "y": Answer(level=4)})) == ("approve", [])
    rubric = make_rubric(make_criterion("a", make_question("x", weight=49), make_question("y", weight=51)))
    expected = ("approve-with-conditions", ["proven-low"])
    assert _verdict(rubric, make_assessment({"x": 4, "y": Answer(level=4)})) == expected


def test_question_of_control_at_level_0_is_approved_with_conditions_only() -> None:
    control = make_question("x", axis=Axis.CONTROL)
    rubric = make_rubric(make_criterion("a", control, make_question("y", weight=9)))
    expected = ("approve-with-conditions", ["control-zero: x"])
    assert _verdict(rubric, make_assessment({"x": 0, "y": 4})) == expected
    assert _verdict(rubric, make_assessment({"x": 1, "y": 4})) == ("approve", [])


def test_reasons_name_what_falls_short_of_approve() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")), make_criterion("b", make_question("y")))
    assert _verdict(rubric, make_assessment({"x": 2, "y": 3})) == (
        "approve-with-conditions",
        ["criterion-low: a", "overall-low"],
    )


def test_open_answers_that_could_decide_it_hold() -> None:
    policy = Policy(coverage=Fraction(0))
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y", weight=2)), policy=policy)
    assert _verdict(rubric, make_assessment({"x": 4})) == ("hold", ["undecided: a", "undecided"])


def test_verdicts_are_ranked_best_first() -> None:
    assert sorted(Verdict, key=lambda verdict: verdict.rank) == list(Verdict)


def test_percent_rounds_half_away_from_zero() -> None:
    assert [percent(Fraction(1, 4)), percent(Fraction(-1, 4)), percent(Fraction(-1, 100)), percent(Fraction(100))] == [
        "0.3",
        "-0.3",
        "0.0",
        "100.0",
    ]
