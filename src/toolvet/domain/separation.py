"""Which pairs of tools the evidence separates, however the open answers turn out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, combinations, product
from math import lcm
from operator import ge, or_
from typing import NamedTuple

from toolvet.domain.comparison import Candidate, Ranked
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard, ScoreRange, counted_weights
from toolvet.values import dataclass, once_each


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
    return separations(bounds_of([better, worse]), 1)[0][0]


def separations(bounds: Mapping[int, Bounds], count: int) -> list[tuple[Separation | None, Separation | None]]:
    """How far the first is ahead of each of so many others, and that one of the first, as `separation` says it."""
    ours, *theirs = map(bounds.get, range(count + 1))
    return [(_apart(ours, one), _apart(one, ours)) for one in theirs]


def _apart(better: Bounds | None, worse: Bounds | None) -> Separation | None:
    if better is None or worse is None or better.floor <= worse.ceiling:
        return None
    return Separation.CLEAR if _holds_at_every_weighting(better, worse) else Separation.BY_WEIGHTS


def separated_pairs(ranked: Sequence[Ranked]) -> Iterator[SeparatedPair]:
    """Every pair that the evidence separates, at these weights at least."""
    for one, other in combinations(bounds_of([entry.candidate for entry in ranked]).values(), 2):
        if found := _apart(one, other):
            yield SeparatedPair(one.candidate, other.candidate, found)
        elif found := _apart(other, one):
            yield SeparatedPair(other.candidate, one.candidate, found)


def count_separated(each: Iterable[Bounds]) -> Counter[Separation]:
    """How many pairs there are of each kind, without making them: thousands of tools make millions."""
    by_places: dict[tuple[int, ...], list[Bounds]] = {}
    for bounds in each:
        by_places.setdefault(bounds.places, []).append(bounds)
    counts: Counter[Separation] = Counter()
    for alike in by_places.values():
        counts += _count_among(alike)
    for some, more in combinations(by_places.values(), 2):
        found = (_apart(one, other) or _apart(other, one) for one, other in product(some, more))
        counts += Counter(kind for kind in found if kind is not None)
    return counts


def _count_among(alike: Sequence[Bounds]) -> Counter[Separation]:
    """The same of candidates with a score in the same criteria: sets of them are the bits of whole numbers."""
    ahead = _sets_above([one.floor for one in alike], [one.ceiling for one in alike], bisect_left)
    count = sum(each.bit_count() for each in ahead)
    for place in range(len(alike[0].places)):
        above = _sets_above([one.floors[place] for one in alike], [one.ceilings[place] for one in alike], bisect_right)
        ahead = [each & other for each, other in zip(ahead, above, strict=True)]
    clear = sum(each.bit_count() for each in ahead)
    return Counter({Separation.CLEAR: clear, Separation.BY_WEIGHTS: count - clear})


def _sets_above(
    floors: Sequence[int], ceilings: Sequence[int], place_in: Callable[[Sequence[int], int], int]
) -> list[int]:
    """For each ceiling, whose floor is above it; with `bisect_right`, or equal."""
    falling = sorted(range(len(floors)), key=lambda place: -floors[place])
    sets = [0, *accumulate((1 << place for place in falling), or_)]
    lows = [-floors[place] for place in falling]
    return [sets[place_in(lows, -ceiling)] for ceiling in ceilings]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A candidate's overall floor and ceiling, and those of the criteria it has (their `places`), in whole units."""

    candidate: Candidate
    floor: int
    ceiling: int
    places: tuple[int, ...]
    floors: tuple[int, ...]
    ceilings: tuple[int, ...]


def bounds_of(candidates: Sequence[Candidate]) -> dict[int, Bounds]:
    """Those with a score and without an open scope fact, by place. Whole numbers compare in a tenth of the time."""
    cards = ((place, one.scorecard) for place, one in enumerate(candidates))
    ranges = [
        (place, card.overall, [each.range for each in card.criteria])
        for place, card in cards
        if card.overall is not None and not card.scope_open
    ]
    every = {id(each): each for _, overall, own in ranges for each in (overall, *own) if each is not None}
    unit = lcm(*{figure.denominator for each in every.values() for figure in (each.floor, each.ceiling)})

    @once_each
    def whole(each: ScoreRange) -> tuple[int, int]:
        low, high = each.floor, each.ceiling
        return low.numerator * (unit // low.denominator), high.numerator * (unit // high.denominator)

    found: dict[int, Bounds] = {}
    for place, overall, own in ranges:
        places = tuple([at for at, each in enumerate(own) if each is not None])
        floors, ceilings = zip(*[whole(each) for each in own if each is not None], strict=True)
        found[place] = Bounds(candidates[place], *whole(overall), places, floors, ceilings)
    return found


def _holds_at_every_weighting(better: Bounds, worse: Bounds) -> bool:
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
