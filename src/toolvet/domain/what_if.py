"""What would follow from other weights: who would lead, and how far that would hold. Verdicts stay as they are.

Weights are shares of the whole, one for each criterion in the rubric's order. Nothing here is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor
from random import Random

from toolvet.domain.comparison import Candidate, Ranked, rank
from toolvet.domain.robustness import (
    DRAWS,
    SEED,
    LeaderHolds,
    count_firsts,
    floors,
    leader_holds,
    never,
    with_chances,
)
from toolvet.domain.rubric import Rubric
from toolvet.domain.scoring import weighted_mean

Shares = tuple[Fraction, ...]

STEP = Fraction(1, 100)
FINEST = 1_000_000


def rubric_shares(rubric: Rubric) -> Shares:
    """The rubric's own weights as shares."""
    whole = sum(criterion.weight for criterion in rubric.criteria)
    return tuple(criterion.weight / whole for criterion in rubric.criteria)


def with_share(shares: Shares, place: int, share: Fraction, otherwise: Shares) -> Shares:
    """The same with that share at that place; the rest keeps its proportions, or, where it has none, takes these."""
    if len(shares) == 1:
        return shares
    none = Fraction(0)
    rest = [none if at == place else own for at, own in enumerate(shares)]
    if not any(rest):
        rest = [none if at == place else own for at, own in enumerate(otherwise)]
    whole = sum(rest)
    # Left alone, the denominators would grow with every key; a millionth changes no figure that is shown
    moved = [(own / whole * (1 - share)).limit_denominator(FINEST) for own in rest]
    moved[place] = share
    return tuple(moved)


def next_share(share: Fraction, steps: int) -> Fraction:
    """The share so many whole percent on, from 0 to 1; one between two goes to the next first."""
    hundredths = share / STEP
    start = floor(hundredths) if steps > 0 else -floor(-hundredths)
    return min(max((start + steps) * STEP, Fraction(0)), Fraction(1))


def rank_with(candidates: Sequence[Candidate], shares: Shares) -> tuple[Ranked, ...]:
    """The ranking under these weights; each candidate's overall range is the one that follows from them."""
    return rank([_weighed(candidate, shares) for candidate in candidates])


def holds_with(ranked: Sequence[Ranked], shares: Shares, otherwise: Shares) -> tuple[LeaderHolds, ...]:
    """Between which shares the first of that ranking stays first; none where it lacks a criterion.

    Where one criterion has all the weight, the rest moves in the proportions of `otherwise`.
    """
    taken, _ = with_chances(ranked)
    if not taken or taken[0] is not ranked[0].candidate:
        return ()
    if len(shares) > 1 and max(shares) == 1:
        full = shares.index(Fraction(1))
        almost = leader_holds(taken, with_share(shares, full, 1 - STEP, otherwise))
        return tuple(replace(hold, weight=share) for hold, share in zip(almost, shares, strict=True))
    return leader_holds(taken, shares)


def pinned_first_shares(
    ranked: Sequence[Ranked],
    place: int,
    share: Fraction,
    *,
    seed: int = SEED,
    draws: int = DRAWS,
    is_stopped: Callable[[], bool] = never,
) -> dict[str, Fraction] | None:
    """For each file the share of weightings for which it leads, among all that give this share to that criterion.

    None where it was stopped. The other weights are drawn uniformly from all that sum to what is left.
    """
    taken, _ = with_chances(ranked)
    if not taken:
        return {}
    vectors = {candidate.file: tuple(map(float, floors(candidate))) for candidate in taken}
    if share == 0:  # what weighs nothing must not tell apart who would be tied
        vectors = {file: (*vector[:place], 0.0, *vector[place + 1 :]) for file, vector in vectors.items()}
    random = Random(seed)
    count = len(taken[0].scorecard.rubric.criteria)
    wins = count_firsts(vectors, _pinned(random, count, place, float(share), draws), is_stopped)
    return None if wins is None else {file: won / draws for file, won in wins.items()}


def _weighed(candidate: Candidate, shares: Shares) -> Candidate:
    # A criterion without weight is left out: with nothing else there is no mean to take
    ranges = [
        (share, scored.range if share else None)
        for share, scored in zip(shares, candidate.scorecard.criteria, strict=True)
    ]
    return replace(candidate, scorecard=replace(candidate.scorecard, overall=weighted_mean(ranges)))


def _pinned(random: Random, count: int, place: int, share: float, draws: int) -> Iterator[list[float]]:
    for _ in range(draws):
        weights = [random.expovariate(1.0) for _ in range(count)]
        rest = sum(weights) - weights[place]
        weights = [weight * (1 - share) / rest if rest else 0.0 for weight in weights]
        weights[place] = share
        yield weights
