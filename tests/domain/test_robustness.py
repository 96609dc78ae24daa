from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import LENIENT, make_assessment, make_candidate, make_criterion, make_question, make_rubric, weighted_rubric
from toolvet.domain.assessment import Answer
from toolvet.domain.comparison import (
    Candidate,
    LeaderHolds,
    first_shares,
    floors,
    open_first_shares,
    rank,
    robustness,
)
from toolvet.domain.scoring import score
from toolvet.domain.separation import differences

DAY = date(2026, 11, 21)
ZERO, ONE = Fraction(0), Fraction(1)


def _interval(hold: LeaderHolds) -> tuple[Fraction, Fraction, Fraction]:
    return hold.low.share, hold.weight, hold.high.share


def test_interval_by_hand() -> None:
    # A: 100 and 50, B: 50 and 75. With share t on c0: A = 50 + 50t, B = 75 - 25t; equal at t = 1/3.
    rubric = weighted_rubric(1, 1)
    found = robustness(rank([make_candidate(rubric, "A", 4, 2), make_candidate(rubric, "B", 2, 3)]), draws=10)
    assert found is not None
    assert [_interval(hold) for hold in found.holds] == [
        (Fraction(1, 3), Fraction(1, 2), ONE),
        (ZERO, Fraction(1, 2), Fraction(2, 3)),
    ]
    nearest = found.nearest_change()
    assert nearest is not None
    assert (nearest[0].criterion.id, nearest[1].share, nearest[1].rival and nearest[1].rival.name) == (
        "c0",
        Fraction(1, 3),
        "B",
    )


def test_one_criterion_holds_from_0_to_1() -> None:
    rubric = weighted_rubric(3)
    found = robustness(rank([make_candidate(rubric, "A", 4), make_candidate(rubric, "B", 2)]), draws=10)
    assert found is not None
    assert [_interval(hold) for hold in found.holds] == [(ZERO, ONE, ONE)]
    assert found.nearest_change() is None


def test_other_verdicts_and_missing_criteria_are_left_out() -> None:
    rubric = make_rubric(
        make_criterion("c0", make_question("q0", must_reach=1)), make_criterion("c1", make_question("q1"))
    )
    rubric = replace(rubric, policy=LENIENT)
    failed = make_candidate(rubric, "failed", 0, 4)
    partial = Candidate(
        "partial", "partial", score(rubric, make_assessment({"q0": 4, "q1": Answer(not_applicable="No.")}), DAY)
    )
    found = robustness(rank([make_candidate(rubric, "A", 3, 3), failed, partial]), draws=10)
    assert found is not None
    assert sorted(candidate.name for candidate in found.left_out) == ["failed", "partial"]
    assert found.first_share == {"A": ONE}


def test_shares_of_a_known_case() -> None:
    # A leads where its weight on c0 is over one half: half of all weightings of two criteria.
    rubric = weighted_rubric(1, 1)
    one, other = make_candidate(rubric, "A", 4, 0), make_candidate(rubric, "B", 0, 4)
    shares = first_shares([one, other], seed=1, draws=4000)
    assert shares is not None
    assert float(shares["A"]) == pytest.approx(0.5, abs=0.03)
    assert shares["A"] + shares["B"] == 1


def test_same_seed_same_shares() -> None:
    rubric = weighted_rubric(1, 1, 1)
    taken = [
        make_candidate(rubric, "A", 4, 1, 2),
        make_candidate(rubric, "B", 0, 4, 2),
        make_candidate(rubric, "C", 2, 2, 3),
    ]
    assert first_shares(taken, seed=7, draws=500) == first_shares(taken, seed=7, draws=500)


def test_ties_share_the_draw() -> None:
    rubric = weighted_rubric(1, 2)
    twins = [make_candidate(rubric, "A", 3, 1), make_candidate(rubric, "B", 3, 1)]
    assert first_shares(twins, seed=1, draws=50) == {"A": Fraction(1, 2), "B": Fraction(1, 2)}


def test_with_nothing_open_drawing_it_changes_no_share() -> None:
    rubric = weighted_rubric(1, 2)
    found = robustness(rank([make_candidate(rubric, "A", 4, 1), make_candidate(rubric, "B", 2, 4)]), draws=500)
    assert found is not None
    assert found.first_share_open == found.first_share


def test_what_is_open_is_drawn_uniformly_over_its_rungs() -> None:
    # B has one open question of five rungs against A at rung 2: below in two of five, above in two, tied in one.
    rubric = weighted_rubric(1)
    answered, undecided = make_candidate(rubric, "A", 2), make_candidate(rubric, "B")
    shares = open_first_shares([answered, undecided], seed=1, draws=4000)
    assert shares is not None
    assert float(shares["A"]) == pytest.approx(0.5, abs=0.03)
    assert first_shares([answered, undecided], seed=1, draws=4000) == {"A": ONE, "B": ZERO}
    assert shares["A"] + shares["B"] == 1


def test_open_questions_weigh_as_they_would_in_the_floor() -> None:
    # B is at 50 in half of the criterion and has the other half open: from 25 to 75. A stands at 75.
    rubric = make_rubric(make_criterion("c", make_question("q0"), make_question("q1")), policy=LENIENT)
    ahead = Candidate("A", "A", score(rubric, make_assessment({"q0": 3, "q1": 3}), DAY))
    undecided = Candidate("B", "B", score(rubric, make_assessment({"q0": 2}), DAY))
    shares = open_first_shares([ahead, undecided], seed=1, draws=4000)
    assert shares is not None
    # 2 + 4 of 8 ties with 3 + 3 of 8, in one draw of five
    assert float(shares["B"]) == pytest.approx(0.1, abs=0.02)


def test_who_is_beaten_whatever_is_found_never_leads() -> None:
    rubric = make_rubric(make_criterion("c", make_question("q0"), make_question("q1")), policy=LENIENT)
    ahead = Candidate("A", "A", score(rubric, make_assessment({"q0": 4, "q1": 3}), DAY))
    hopeless = Candidate("B", "B", score(rubric, make_assessment({"q0": 0}), DAY))
    assert open_first_shares([ahead, hopeless], seed=1, draws=50) == {"A": ONE, "B": ZERO}


@settings(max_examples=60)
@given(
    st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=2, max_size=5),
    st.tuples(*[st.integers(1, 4)] * 3),
    st.integers(0, 2),
)
def test_interval_agrees_with_brute_force(levels: list[tuple[int, ...]], weights: tuple[int, ...], place: int) -> None:
    rubric = weighted_rubric(*weights)
    ranked = rank([make_candidate(rubric, str(number), *own) for number, own in enumerate(levels)])
    found = robustness(ranked, draws=1)
    assert found is not None
    hold = found.holds[place]
    for share in (Fraction(step, 60) for step in range(61)):
        is_first = all(
            _score_at(share, place, weights, floors(found.leader))
            >= _score_at(share, place, weights, floors(entry.candidate))
            for entry in ranked
        )
        assert is_first is (hold.low.share <= share <= hold.high.share)


def _score_at(share: Fraction, place: int, weights: tuple[int, ...], own: tuple[Fraction, ...]) -> Fraction:
    rest = sum(weight for at, weight in enumerate(weights) if at != place)
    shares = [share if at == place else (1 - share) * weight / rest for at, weight in enumerate(weights)]
    return sum((part * floor for part, floor in zip(shares, own, strict=True)), ZERO)


def test_differences_add_up_and_come_by_size() -> None:
    rubric = make_rubric(
        make_criterion("a", make_question("x"), make_question("y", weight=3)), make_criterion("b", make_question("z"))
    )
    ours = score(rubric, make_assessment({"x": 4, "y": 2, "z": 1}), DAY)
    theirs = score(rubric, make_assessment({"x": 0, "y": Answer(not_applicable="No."), "z": 2}), DAY)
    found = differences(ours, theirs)
    # Ours: x 1/2·1/4 = 12.5, y 1/2·3/4·1/2 = 18.75, z 1/2·1/4 = 12.5. Theirs: z 1/2·1/2 = 25.
    assert [(part.ours.question.id, part.points) for part in found] == [
        ("y", Fraction(75, 4)),
        ("x", Fraction(25, 2)),
        ("z", Fraction(-25, 2)),
    ]
    assert ours.overall is not None
    assert theirs.overall is not None
    assert sum(part.points for part in found) == ours.overall.floor - theirs.overall.floor
