"""Other weights: who would lead, how far that would hold, and that nothing else changes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import LENIENT, make_assessment, make_candidate, make_criterion, make_question, make_rubric, weighted_rubric
from toolvet.domain.assessment import Answer
from toolvet.domain.comparison import (
    Candidate,
    Ranked,
    holds_with,
    next_share,
    pinned_first_shares,
    rank,
    rank_with,
    robustness,
    rubric_shares,
    with_share,
)
from toolvet.domain.scoring import score

DAY = date(2026, 11, 21)
ZERO, ONE, HALF, THIRD, QUARTER = Fraction(0), Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)


def _names(ranked: tuple[Ranked, ...]) -> list[tuple[int, str]]:
    return [(entry.rank, entry.candidate.name) for entry in ranked]


def test_the_rubrics_weights_as_shares() -> None:
    assert rubric_shares(weighted_rubric(1, 2, 1)) == (QUARTER, HALF, QUARTER)


def test_the_rest_keeps_its_proportions() -> None:
    shares = with_share((HALF, QUARTER, QUARTER), 0, ZERO, (THIRD, THIRD, THIRD))
    assert shares == (ZERO, HALF, HALF)


def test_a_rest_without_weight_takes_the_rubrics_proportions() -> None:
    shares = with_share((ONE, ZERO, ZERO), 0, HALF, (QUARTER, HALF, QUARTER))
    assert shares == (HALF, THIRD, Fraction(1, 6))


def test_a_single_criterion_has_all_the_weight() -> None:
    assert with_share((ONE,), 0, HALF, (ONE,)) == (ONE,)


@pytest.mark.parametrize(
    ("share", "steps", "then"),
    [
        (QUARTER, 1, Fraction(26, 100)),
        (QUARTER, -1, Fraction(24, 100)),
        (THIRD, 1, Fraction(34, 100)),
        (THIRD, -1, Fraction(33, 100)),
        (Fraction(95, 100), 10, ONE),
        (Fraction(5, 100), -10, ZERO),
    ],
)
def test_a_share_moves_by_whole_hundredths_and_stays_between_0_and_1(
    share: Fraction, steps: int, then: Fraction
) -> None:
    assert next_share(share, steps) == then


def test_the_ranking_follows_the_weights() -> None:
    # A: 100 and 50, B: 50 and 75; with 30 percent on the first 65 against 67.5, with 40 percent 70 against 65.
    rubric = weighted_rubric(1, 1)
    candidates = (make_candidate(rubric, "A", 4, 2), make_candidate(rubric, "B", 2, 3))
    assert _names(rank_with(candidates, (Fraction(3, 10), Fraction(7, 10)))) == [(1, "B"), (2, "A")]
    assert _names(rank_with(candidates, (Fraction(4, 10), Fraction(6, 10)))) == [(1, "A"), (2, "B")]


def test_the_verdict_goes_before_any_weight() -> None:
    rubric = make_rubric(
        make_criterion("c0", make_question("q0", must_reach=1)),
        make_criterion("c1", make_question("q1")),
        policy=LENIENT,
    )
    candidates = (make_candidate(rubric, "Rejected", 0, 4), make_candidate(rubric, "Approved", 1, 0))
    assert _names(rank_with(candidates, (ZERO, ONE))) == [(1, "Approved"), (2, "Rejected")]


def test_a_candidate_with_nothing_in_the_only_criterion_that_weighs_has_no_figures() -> None:
    rubric = weighted_rubric(1, 1)
    answers = make_assessment({"q0": 4})
    not_applicable = answers.with_answer("q1", Answer(not_applicable="No."))
    candidate = Candidate("A", "A", score(rubric, not_applicable, DAY))
    assert rank_with((candidate,), (ZERO, ONE))[0].candidate.scorecard.overall is None


def test_with_all_the_weight_on_one_criterion_the_leader_still_has_its_intervals() -> None:
    rubric = weighted_rubric(1, 1)
    candidates = (make_candidate(rubric, "A", 4, 2), make_candidate(rubric, "B", 2, 3))
    shares = (ONE, ZERO)
    holds = holds_with(rank_with(candidates, shares), shares, rubric_shares(rubric))
    assert [(hold.weight, hold.low.share, hold.high.share) for hold in holds] == [
        (ONE, THIRD, ONE),
        (ZERO, ZERO, Fraction(2, 3)),
    ]


def test_pinned_to_one_half_the_other_two_decide() -> None:
    # A: 100, 0, 50; B: 0, 100, 50. With the third at one half, each leads in about half of the weightings.
    rubric = weighted_rubric(1, 1, 1)
    ranked = rank([make_candidate(rubric, "A", 4, 0, 2), make_candidate(rubric, "B", 0, 4, 2)])
    found = pinned_first_shares(ranked, 2, HALF, draws=2_000)
    assert found is not None
    assert abs(found["A"] - HALF) < Fraction(4, 100)
    assert found["A"] + found["B"] == 1


def test_what_weighs_nothing_does_not_tell_apart() -> None:
    rubric = weighted_rubric(1, 1)
    ranked = rank([make_candidate(rubric, "A", 4, 4), make_candidate(rubric, "B", 2, 4)])
    assert pinned_first_shares(ranked, 0, ZERO, draws=10) == {"A": HALF, "B": HALF}


def test_stopped_draws_give_nothing() -> None:
    rubric = weighted_rubric(1, 1)
    ranked = rank([make_candidate(rubric, "A", 4, 2), make_candidate(rubric, "B", 2, 3)])
    assert pinned_first_shares(ranked, 0, HALF, is_stopped=lambda: True) is None


@given(
    st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=2, max_size=5),
    st.tuples(*[st.integers(1, 5)] * 3),
)
def test_the_rubrics_own_weights_change_nothing(
    levels: list[tuple[int, int, int]], weights: tuple[int, int, int]
) -> None:
    rubric = weighted_rubric(*weights)
    candidates = [make_candidate(rubric, f"T{number}", *own) for number, own in enumerate(levels)]
    own = rubric_shares(rubric)
    tried, found = rank_with(candidates, own), robustness(rank(candidates), draws=1)
    assert found is not None
    assert tried == rank(candidates)
    spans = [(hold.weight, hold.low.share, hold.high.share) for hold in found.holds]
    assert [(hold.weight, hold.low.share, hold.high.share) for hold in holds_with(tried, own, own)] == spans
