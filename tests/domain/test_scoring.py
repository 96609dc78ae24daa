"""Figures worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.rubric import MustReach, Raise, ScopeFact
from toolvet.domain.scope import OneOf
from toolvet.domain.scorecard import AnswerState, MustHaveState, ScoreRange
from toolvet.domain.scoring import add_months, score

DAY = date(2026, 11, 21)
UNKNOWN = Answer(unknown="Asked.")
NOT_OURS = Answer(not_applicable="Not ours.")
GUESTS = ScopeFact("guests", "Guests?", ("no", "yes"))
WITH_GUESTS = OneOf("guests", frozenset({"yes"}), "guests is yes")


def test_criterion_with_one_open_question() -> None:
    # Weights 4, 2, 1: W = 7. Levels 3 of 4 and 1 of 2; the last is open.
    # floor (4·3/4 + 2·1/2) / 7 = 4/7; ceiling (4 + 1) / 7; observed 4/6; coverage 6/7.
    rubric = make_rubric(
        make_criterion(
            "a", make_question("x", weight=4), make_question("y", weight=2, levels=3), make_question("z", weight=1)
        )
    )
    scored = score(rubric, make_assessment({"x": 3, "y": 1, "z": UNKNOWN}), DAY)
    assert scored.criteria[0].range == ScoreRange(
        Fraction(400, 7), Fraction(400, 6), Fraction(500, 7), Fraction(600, 7), Fraction(600, 7)
    )
    assert scored.overall == scored.criteria[0].range


def test_overall_is_the_mean_by_weight() -> None:
    # a: 100 with weight 3; b: 50 with weight 1. (3·100 + 1·50) / 4 = 87.5.
    rubric = make_rubric(
        make_criterion("a", make_question("x"), weight=3), make_criterion("b", make_question("y"), weight=1)
    )
    scored = score(rubric, make_assessment({"x": 4, "y": 2}), DAY)
    assert scored.overall == ScoreRange(
        Fraction(175, 2), Fraction(175, 2), Fraction(175, 2), Fraction(100), Fraction(100)
    )


def test_decimal_weights_are_exact() -> None:
    # 0.1·1 of 0.1 + 0.2: a third, not 33.33333333333333.
    rubric = make_rubric(
        make_criterion("a", make_question("x", weight=Fraction("0.1")), make_question("y", weight=Fraction("0.2")))
    )
    scored = score(rubric, make_assessment({"x": 4, "y": 0}), DAY)
    assert scored.overall is not None
    assert scored.overall.floor == Fraction(100, 3)


def test_observed_is_a_mean_over_criteria_that_have_one() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")), make_criterion("b", make_question("y")))
    scored = score(rubric, make_assessment({"x": 3}), DAY)
    assert scored.overall == ScoreRange(Fraction(75, 2), Fraction(75), Fraction(175, 2), Fraction(50), Fraction(50))
    assert scored.observed_over == 1


def test_not_applicable_leaves_both_sides() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y", weight=3)))
    scored = score(rubric, make_assessment({"x": 2, "y": NOT_OURS}), DAY)
    assert scored.criteria[0].range == ScoreRange(
        Fraction(50), Fraction(50), Fraction(50), Fraction(100), Fraction(100)
    )
    assert scored.criteria[0].not_applicable == 75


def test_criterion_with_nothing_to_count_drops_out() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")), make_criterion("b", make_question("y")))
    scored = score(rubric, make_assessment({"x": 4, "y": NOT_OURS}), DAY)
    assert scored.criteria[1].range is None
    assert scored.overall == ScoreRange(Fraction(100), Fraction(100), Fraction(100), Fraction(100), Fraction(100))


def test_question_that_does_not_apply_is_left_out_and_keeps_its_answer() -> None:
    rubric = make_rubric(
        make_criterion("a", make_question("x"), make_question("y", applies_when=WITH_GUESTS)), scope=[GUESTS]
    )
    scored = score(rubric, make_assessment({"x": 4, "y": 0}, scope={"guests": "no"}), DAY)
    assert scored.overall == ScoreRange(Fraction(100), Fraction(100), Fraction(100), Fraction(100), Fraction(100))
    assert (scored.question("y").applies, scored.question("y").level) == (False, 0)
    assert scored.complete


def test_question_with_an_open_condition_counts() -> None:
    rubric = make_rubric(
        make_criterion("a", make_question("x"), make_question("y", applies_when=WITH_GUESTS)), scope=[GUESTS]
    )
    scored = score(rubric, make_assessment({"x": 4, "y": 0}), DAY)
    assert scored.overall is not None
    assert scored.overall.floor == 50
    assert scored.question("y").applies is None
    assert not scored.complete


def test_level_counts_until_the_last_day_of_its_shelf_life() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", shelf_months=1)))
    assessment = make_assessment({"x": Answer(level=3, answered=date(2026, 8, 31))})
    on_last_day = score(rubric, assessment, date(2026, 9, 30))
    day_after = score(rubric, assessment, date(2026, 10, 1))
    assert on_last_day.question("x").state is AnswerState.ANSWERED
    assert day_after.question("x").state is AnswerState.EXPIRED
    assert day_after.overall == ScoreRange(Fraction(0), Fraction(75), Fraction(100), Fraction(0))


def test_only_levels_expire() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", shelf_months=1), make_question("y", shelf_months=1)))
    old = date(2020, 1, 1)
    answers = {"x": Answer(unknown="", answered=old), "y": Answer(not_applicable="No.", answered=old)}
    scored = score(rubric, make_assessment(answers), DAY)
    assert [question.state for question in scored.questions] == [AnswerState.UNKNOWN, AnswerState.NOT_APPLICABLE]


def test_level_without_a_date_does_not_expire() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", shelf_months=1)))
    assert score(rubric, make_assessment({"x": 3}), date.max).question("x").state is AnswerState.ANSWERED


def test_unknown_counts_as_answered_for_completeness() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y")))
    assert score(rubric, make_assessment({"x": 1, "y": UNKNOWN}), DAY).complete
    assert not score(rubric, make_assessment({"x": 1}), DAY).complete


def test_note_alone_is_no_answer() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")))
    scored = score(rubric, make_assessment({"x": Answer(note="Later.")}), DAY)
    assert scored.question("x").state is AnswerState.UNANSWERED


def test_must_have_states() -> None:
    questions = [make_question(name, must_reach=2, shelf_months=12) for name in ("met", "low", "open", "na", "old")]
    answers = {
        "met": 2,
        "low": 1,
        "na": NOT_OURS,
        "old": Answer(level=0, answered=date(2020, 1, 1)),
    }
    scored = score(make_rubric(make_criterion("a", *questions)), make_assessment(answers), DAY)
    assert [must_have.state for must_have in scored.must_haves] == [
        MustHaveState.MET,
        MustHaveState.FAILED,
        MustHaveState.UNKNOWN,
        MustHaveState.NOT_APPLICABLE,
        MustHaveState.EXPIRED,
    ]


def test_must_have_with_an_open_condition_is_unknown_whatever_its_answer() -> None:
    rubric = make_rubric(
        make_criterion("a", make_question("x", must_reach=2, must_reach_when=WITH_GUESTS)), scope=[GUESTS]
    )
    for level in (0, 4):
        scored = score(rubric, make_assessment({"x": level}), DAY)
        assert [must_have.state for must_have in scored.must_haves] == [MustHaveState.UNKNOWN]


def test_must_have_whose_condition_is_false_is_left_out() -> None:
    rubric = make_rubric(
        make_criterion("a", make_question("x", must_reach=2, must_reach_when=WITH_GUESTS)), scope=[GUESTS]
    )
    assert score(rubric, make_assessment({"x": 0}, scope={"guests": "no"}), DAY).must_haves == ()


def test_proven_is_the_share_of_current_levels_that_rest_on_proof() -> None:
    # Weights 4, 2, 1, 1: x is tried, y claimed, z tried but expired, w not known. 4 of 8 are proven.
    rubric = make_rubric(
        make_criterion(
            "a",
            make_question("x", weight=4),
            make_question("y", weight=2),
            make_question("z", shelf_months=12),
            make_question("w"),
        )
    )
    answers = {
        "x": 0,
        "y": Answer(level=4, evidence=(Evidence("said", Grade.CLAIM),)),
        "z": Answer(level=4, answered=date(2020, 1, 1), evidence=(Evidence("seen", Grade.TESTED, DAY),)),
        "w": UNKNOWN,
    }
    scored = score(rubric, make_assessment(answers), DAY)
    assert scored.overall is not None
    assert scored.overall.proven == 50


@pytest.mark.parametrize(
    ("evidence", "answered", "is_proven"),
    [
        (Evidence("x", Grade.DOCUMENT, date(2025, 11, 21)), None, True),
        (Evidence("x", Grade.DOCUMENT, date(2025, 11, 20)), None, False),
        (Evidence("x", Grade.DOCUMENT, date(2026, 11, 22)), None, False),
        (Evidence("x", Grade.DOCUMENT), date(2025, 11, 21), True),
        (Evidence("x", Grade.DOCUMENT), None, True),
        (Evidence("x", Grade.CLAIM), None, False),
        (Evidence("x"), None, False),
    ],
)
def test_evidence_proves_while_it_is_current(evidence: Evidence, answered: date | None, is_proven: bool) -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", shelf_months=12)))
    answer = Answer(level=3, answered=answered, evidence=(evidence,))
    assert score(rubric, make_assessment({"x": answer}), DAY).question("x").proven is is_proven


def test_only_trying_proves_where_it_has_to_be_tried() -> None:
    question = replace(make_question("x"), evidence="tested")
    for grade in Grade:
        answer = Answer(level=3, evidence=(Evidence("x", grade),))
        scored = score(make_rubric(make_criterion("a", question)), make_assessment({"x": answer}), DAY)
        assert scored.question("x").proven is (grade is Grade.TESTED)


def test_level_dated_after_the_day_counts_as_expired() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=1)))
    answer = Answer(level=3, answered=date(2026, 11, 22))
    scored = score(rubric, make_assessment({"x": answer}), DAY)
    assert (scored.question("x").state, scored.must_haves[0].state) == (AnswerState.EXPIRED, MustHaveState.EXPIRED)
    assert scored.overall == ScoreRange(Fraction(0), Fraction(75), Fraction(100), Fraction(0))


DATA = ScopeFact("data", "Data?", ("internal", "restricted"))
WHEN_RESTRICTED = OneOf("data", frozenset({"restricted"}), "data is restricted")


@pytest.mark.parametrize(
    ("scope", "level", "must_reach", "state"),
    [
        ({"data": "internal"}, 2, 2, MustHaveState.MET),
        ({"data": "restricted"}, 2, 3, MustHaveState.FAILED),
        ({"data": "restricted"}, 3, 3, MustHaveState.MET),
        ({}, 2, 2, MustHaveState.UNKNOWN),
        ({}, 3, 2, MustHaveState.MET),
    ],
)
def test_a_raise_takes_the_place_of_must_reach_where_it_holds(
    scope: dict[str, str], level: int, must_reach: int, state: MustHaveState
) -> None:
    must = MustReach(2, "Because.", raises=(Raise(3, WHEN_RESTRICTED, "More is at stake."),))
    rubric = make_rubric(make_criterion("a", replace(make_question("x"), must_reach=must)), scope=[DATA])
    (must_have,) = score(rubric, make_assessment({"x": level}, scope=scope), DAY).must_haves
    assert (must_have.must_reach, must_have.state, must_have.rejects) == (must_reach, state, False)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 21), 18, date(2028, 5, 21)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
        (date(9999, 6, 1), 12, date.max),
    ],
)
def test_calendar_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
