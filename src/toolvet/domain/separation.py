"""Which pairs of tools the evidence separates, however the open answers turn out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import lcm
from operator import ge
from typing import NamedTuple

from toolvet.domain.comparison import Candidate, Ranked
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard, counted_weights
from toolvet.values import dataclass


class Separation(StrEnum):
    """How far one tool's floor above another's ceiling tells them apart.

    CLEAR: at every weighting of the criteria. BY_WEIGHTS: at these weights, but other weights could turn the order.
    """

    CLEAR = "clear"
    BY_WEIGHTS = "by weights"


class SeparatedPair(NamedTuple):
    """A tuple, for a thousand tools make half a million."""

    better: Candidate
    worse: Candidate
    separation: Separation


def separation(better: Candidate, worse: Candidate) -> Separation | None:
    """Whether the first's floor is above the second's ceiling; None if not, or with an open scope fact in either."""
    bounds = _bounds((better, worse))
    if len(bounds) < 2 or bounds[0].floor <= bounds[1].ceiling:
        return None
    return _how_far(*bounds)


def separated_pairs(ranked: Sequence[Ranked]) -> Iterator[SeparatedPair]:
    """Every pair that the evidence separates, at these weights at least."""
    for one, other in combinations(_bounds([entry.candidate for entry in ranked]), 2):
        if one.floor > other.ceiling:
            yield SeparatedPair(one.candidate, other.candidate, _how_far(one, other))
        elif other.floor > one.ceiling:
            yield SeparatedPair(other.candidate, one.candidate, _how_far(other, one))


@dataclass(frozen=True, slots=True)
class _Bounds:
    """A candidate's overall floor and ceiling, and those of the criteria it has (their `places`), in whole units."""

    candidate: Candidate
    floor: int
    ceiling: int
    places: tuple[int, ...]
    floors: tuple[int, ...]
    ceilings: tuple[int, ...]


def _bounds(candidates: Sequence[Candidate]) -> list[_Bounds]:
    """Those with a score and without an open scope fact. Whole numbers compare in a tenth of the time."""
    ranges = {
        place: (overall, {at: each.range for at, each in enumerate(one.scorecard.criteria) if each.range is not None})
        for place, one in enumerate(candidates)
        if (overall := one.scorecard.overall) is not None and not one.scorecard.scope_open
    }
    every = [each for overall, criteria in ranges.values() for each in (overall, *criteria.values())]
    unit = lcm(*(figure.denominator for each in every for figure in (each.floor, each.ceiling)))
    return [
        _Bounds(
            candidate=candidates[place],
            floor=int(overall.floor * unit),
            ceiling=int(overall.ceiling * unit),
            places=tuple(criteria),
            floors=tuple(int(each.floor * unit) for each in criteria.values()),
            ceilings=tuple(int(each.ceiling * unit) for each in criteria.values()),
        )
        for place, (overall, criteria) in ranges.items()
    ]


def _how_far(better: _Bounds, worse: _Bounds) -> Separation:
    return Separation.CLEAR if _holds_at_every_weighting(better, worse) else Separation.BY_WEIGHTS


def _holds_at_every_weighting(better: _Bounds, worse: _Bounds) -> bool:
    """Whether the first's floor is nowhere below the second's ceiling.

    With weights w, the lead times both sums of weights is Σ w_i·w_j·(floor_i - ceiling_j) over the criteria i of the
    first and j of the second. Where both have i and j, the two products of i and j add up to the leads in i and in j
    alone. So no weighting turns the order if each of the other parts is at least 0, and some weighting does if one
    is not.
    """
    if better.places == worse.places:
        return all(map(ge, better.floors, worse.ceilings))
    floors = dict(zip(better.places, better.floors, strict=True))
    ceilings = dict(zip(worse.places, worse.ceilings, strict=True))
    return all(
        floor >= ceiling
        for i, floor in floors.items()
        for j, ceiling in ceilings.items()
        if i == j or i not in ceilings or j not in floors
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What one question adds to the first tool's floor over the second's, in percentage points."""

    ours: QuestionScore
    theirs: QuestionScore
    points: Fraction


def differences(ours: Scorecard, theirs: Scorecard) -> tuple[Difference, ...]:
    """The questions that set two overall floors apart, the largest part first; the parts add up to the difference.

    Both must be scored with the same rubric.
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
