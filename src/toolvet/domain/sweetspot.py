"""The sweet-spot map: where a tool is between experience and control."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from toolvet.domain.rubric import Axis, Rubric
from toolvet.domain.scorecard import Scorecard, ScoreRange, counted_weights
from toolvet.domain.scoring import range_of
from toolvet.values import dataclass


class Field(StrEnum):
    SWEET_SPOT = "sweet spot"
    LOCKED_DOWN = "locked down"
    FREE_FOR_ALL = "free for all"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Placement:
    """The two ranges in percent, and the fields that they touch; none where an axis has no observed figure.

    One field alone means that both ranges stay inside it. The field of the observed point comes first.
    """

    experience: ScoreRange
    control: ScoreRange
    fields: tuple[Field, ...]


def place(scorecard: Scorecard) -> Placement | None:
    """Where the subject lies on the map; None where nothing counts on one of the axes."""
    experience = _axis_range(scorecard, Axis.EXPERIENCE)
    control = _axis_range(scorecard, Axis.CONTROL)
    if experience is None or control is None:
        return None
    return Placement(experience, control, fields_of(experience, control, scorecard.rubric.policy.approve.criterion))


def fields_of(experience: ScoreRange, control: ScoreRange, split: Fraction) -> tuple[Field, ...]:
    """The fields that the ranges touch, the observed point's first; a figure on the split is in the better field."""
    if experience.observed is None or control.observed is None:
        return ()
    across, up = _sides(experience, experience.observed, split), _sides(control, control.observed, split)
    return tuple(_FIELDS[has_experience, has_control] for has_experience in across for has_control in up)


_FIELDS = {
    (True, True): Field.SWEET_SPOT,
    (True, False): Field.FREE_FOR_ALL,
    (False, True): Field.LOCKED_DOWN,
    (False, False): Field.NEITHER,
}


def _sides(on_axis: ScoreRange, observed: Fraction, split: Fraction) -> tuple[bool, ...]:
    """Whether the range lies above the split; both, the observed figure's side first, where it crosses."""
    crosses = on_axis.floor < split <= on_axis.ceiling
    return (observed >= split, observed < split) if crosses else (observed >= split,)


def experience_criteria(rubric: Rubric) -> tuple[int, int]:
    """How many criteria are on the experience axis, and how many there are in all."""
    return sum(criterion.axis is Axis.EXPERIENCE for criterion in rubric.criteria), len(rubric.criteria)


def _axis_range(scorecard: Scorecard, axis: Axis) -> ScoreRange | None:
    """Score an axis like a criterion; a question weighs criterion weight × own weight / the criterion's W."""
    whole = counted_weights(scorecard.questions)
    return range_of(
        [
            (scored.criterion.weight * scored.question.weight / whole[scored.criterion.id], scored)
            for scored in scorecard.questions
            if scored.counts and scored.axis is axis
        ]
    )
