from __future__ import annotations

from datetime import date
from fractions import Fraction

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.rubric import Axis, Policy, Thresholds
from toolvet.domain.scorecard import ScoreRange
from toolvet.domain.scoring import Field, Placement, experience_criteria, place, score
from toolvet.text.labels import field_words

DAY = date(2026, 11, 21)


def _exactly(value: int | Fraction) -> ScoreRange:
    return ScoreRange(Fraction(value), Fraction(value), Fraction(value), Fraction(100), Fraction(100))


def test_axis_weights_are_criterion_weight_times_share_of_the_question() -> None:
    # a (experience, weight 1): x 1/4 and y 3/4, y lies on control. b (control, weight 3): z the whole.
    # experience: x alone, at 4 of 4: 100. control: y 3/4 at 0, z 3 at 3 of 4: (3·3/4) / (3/4 + 3) = 60 percent.
    rubric = make_rubric(
        make_criterion("a", make_question("x"), make_question("y", weight=3, axis=Axis.CONTROL), axis=Axis.EXPERIENCE),
        make_criterion("b", make_question("z"), axis=Axis.CONTROL, weight=3),
    )
    placed = place(score(rubric, make_assessment({"x": 4, "y": 0, "z": 3}), DAY))
    assert placed == Placement(_exactly(100), _exactly(60), (Field.SWEET_SPOT,))


def test_fields_are_split_at_the_approve_threshold() -> None:
    rubric = make_rubric(
        make_criterion("a", make_question("x"), axis=Axis.EXPERIENCE),
        make_criterion("b", make_question("y"), axis=Axis.CONTROL),
    )
    fields = {
        levels: placed.fields
        for levels in ((3, 3), (3, 2), (2, 3), (2, 2))
        if (placed := place(score(rubric, make_assessment({"x": levels[0], "y": levels[1]}), DAY)))
    }
    assert fields == {
        (3, 3): (Field.SWEET_SPOT,),
        (3, 2): (Field.FREE_FOR_ALL,),
        (2, 3): (Field.LOCKED_DOWN,),
        (2, 2): (Field.NEITHER,),
    }


def test_every_field_that_the_ranges_touch_is_named_the_observed_one_first() -> None:
    # control is answered in half: observed 100, from 50 to 100, and the fields part at 60
    rubric = make_rubric(
        make_criterion("a", make_question("x"), axis=Axis.EXPERIENCE),
        make_criterion("b", make_question("y"), make_question("z"), axis=Axis.CONTROL),
    )
    placed = place(score(rubric, make_assessment({"x": 4, "y": 4}), DAY))
    assert placed is not None
    assert placed.fields == (Field.SWEET_SPOT, Field.FREE_FOR_ALL)
    assert field_words(placed) == "sweet spot or free for all"


def test_a_range_that_only_reaches_the_split_touches_the_better_field() -> None:
    policy = Policy(approve=Thresholds(Fraction(50), Fraction(50)))
    rubric = make_rubric(
        make_criterion("a", make_question("x"), axis=Axis.EXPERIENCE),
        make_criterion("b", make_question("y"), make_question("z"), axis=Axis.CONTROL),
        policy=policy,
    )
    placed = place(score(rubric, make_assessment({"x": 4, "y": 0}), DAY))
    assert placed is not None
    assert placed.fields == (Field.FREE_FOR_ALL, Field.SWEET_SPOT)


def test_no_axis_no_place() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")))
    assert place(score(rubric, make_assessment({"x": 4}), DAY)) is None
    assert experience_criteria(rubric) == (0, 1)


def test_nothing_observed_has_a_range_and_no_field() -> None:
    rubric = make_rubric(
        make_criterion("a", make_question("x"), axis=Axis.EXPERIENCE),
        make_criterion("b", make_question("y"), axis=Axis.CONTROL),
    )
    placed = place(score(rubric, make_assessment({"x": 4}), DAY))
    assert placed == Placement(_exactly(100), ScoreRange(Fraction(0), None, Fraction(100), Fraction(0)), ())
