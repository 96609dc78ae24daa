"""Why one tool beats another: the questions that make the difference between their floors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.domain.scoring import counted_weights


@dataclass(frozen=True, slots=True)
class Difference:
    """What one question adds to the first tool's floor over the second's, in points of percent; may be negative."""

    ours: QuestionScore
    theirs: QuestionScore
    points: Fraction


def differences(ours: Scorecard, theirs: Scorecard) -> tuple[Difference, ...]:
    """The questions by the size of their part; the parts add up to the difference of the two overall floors.

    Both must be scored with the same rubric. Questions that add the same to both are left out.
    """
    parts = zip(_contributions(ours), _contributions(theirs), strict=True)
    found = (Difference(mine, other, points - other_points) for (mine, points), (other, other_points) in parts)
    return tuple(sorted((part for part in found if part.points), key=lambda part: -abs(part.points)))


def _contributions(scorecard: Scorecard) -> Iterator[tuple[QuestionScore, Fraction]]:
    """Each question's part of the overall floor: criterion share × weight·value / W."""
    whole = counted_weights(scorecard.questions)
    weights = sum(criterion.weight for criterion in scorecard.rubric.criteria if criterion.id in whole)
    for scored in scorecard.questions:
        if scored.counts and scored.state is AnswerState.ANSWERED and scored.value is not None:
            share = scored.criterion.weight / weights
            points = 100 * share * scored.question.weight * scored.value / whole[scored.criterion.id]
            yield scored, points
        else:
            yield scored, Fraction(0)
