"""Which pairs of tools the evidence separates, whatever the open answers turn out to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import lcm
from operator import ge

from toolvet.domain.comparison import Candidate, Ranked


class Separation(StrEnum):
    """How far one tool's floor above another's ceiling tells them apart.

    CLEAR: at every weighting of the criteria. BY_WEIGHTS: at these weights, but other weights could turn the order.
    """

    CLEAR = "clear"
    BY_WEIGHTS = "by weights"


@dataclass(frozen=True, slots=True)
class SeparatedPair:
    better: Candidate
    worse: Candidate
    separation: Separation


def separation(better: Candidate, worse: Candidate) -> Separation | None:
    """Whether the first's floor is above the second's ceiling; None if not, or with an open scope fact in either."""
    bounds = _bounds((better, worse))
    return _separation(*bounds) if len(bounds) == 2 else None


def separated_pairs(ranked: Sequence[Ranked]) -> Iterator[SeparatedPair]:
    """Every pair that the evidence separates, at these weights at least."""
    for one, other in combinations(_bounds([entry.candidate for entry in ranked]), 2):
        for better, worse in ((one, other), (other, one)):
            found = _separation(better, worse)
            if found is not None:
                yield SeparatedPair(better.candidate, worse.candidate, found)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """A candidate's overall floor and ceiling, and by place those of the criteria it has, in whole units."""

    candidate: Candidate
    floor: int
    ceiling: int
    floors: dict[int, int]
    ceilings: dict[int, int]


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
            floors={at: int(each.floor * unit) for at, each in criteria.items()},
            ceilings={at: int(each.ceiling * unit) for at, each in criteria.items()},
        )
        for place, (overall, criteria) in ranges.items()
    ]


def _separation(better: _Bounds, worse: _Bounds) -> Separation | None:
    if better.floor <= worse.ceiling:
        return None
    return Separation.CLEAR if _holds_at_every_weighting(better, worse) else Separation.BY_WEIGHTS


def _holds_at_every_weighting(better: _Bounds, worse: _Bounds) -> bool:
    """Whether the first's floor is nowhere below the second's ceiling.

    With weights w, the lead times both sums of weights is Σ w_i·w_j·(floor_i - ceiling_j) over the criteria i of the
    first and j of the second. Where both have i and j, the two products of i and j add up to the leads in i and in j
    alone. So no weighting turns the order if each of the other parts is at least 0, and some weighting does if one
    is not.
    """
    floors, ceilings = better.floors, worse.ceilings
    if floors.keys() == ceilings.keys():
        return all(map(ge, floors.values(), ceilings.values()))
    return all(
        floor >= ceiling
        for i, floor in floors.items()
        for j, ceiling in ceilings.items()
        if i == j or i not in ceilings or j not in floors
    )
