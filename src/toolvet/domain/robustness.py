"""How far the weights can move before another tool leads. By floor, with verdicts as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from toolvet.domain.comparison import Candidate, Ranked
from toolvet.domain.rubric import Criterion
from toolvet.domain.scoring import exact_mean

DRAWS = 10_000
SEED = 2026


@dataclass(frozen=True, slots=True)
class Edge:
    """A share of weight at which the leader stops leading, and who leads beyond it; no rival at 0 or 1 itself."""

    share: Fraction
    rival: Candidate | None


@dataclass(frozen=True, slots=True)
class LeaderHolds:
    """The shares of weight of one criterion, from 0 to 1, between which the leader stays first.

    `weight` is its share now. The other criteria keep their proportions.
    """

    criterion: Criterion
    weight: Fraction
    low: Edge
    high: Edge


@dataclass(frozen=True, slots=True)
class Robustness:
    """How far the ranking can be trusted.

    `first_share`: for each file the share of weightings for which it leads, from 0 to 1. `left_out` are candidates
    of another verdict than the leader's, or without one of the criteria.
    """

    leader: Candidate
    seed: int
    draws: int
    first_share: Mapping[str, Fraction]
    left_out: tuple[Candidate, ...]
    holds: tuple[LeaderHolds, ...]

    def nearest_change(self) -> tuple[LeaderHolds, Edge] | None:
        """The criterion and edge that need the least change of weight; None where no weighting dethrones the leader."""
        edges = [(hold, edge) for hold in self.holds for edge in (hold.low, hold.high) if edge.rival is not None]
        return min(edges, key=lambda pair: abs(pair[1].share - pair[0].weight), default=None)


def robustness(ranked: Sequence[Ranked], *, seed: int = SEED, draws: int = DRAWS) -> Robustness | None:
    """The robustness of a ranking; None where no tool of the leader's verdict has every criterion."""
    taken, left_out = with_chances(ranked)
    if not taken:
        return None
    criteria = taken[0].scorecard.rubric.criteria
    return Robustness(
        leader=taken[0],
        seed=seed,
        draws=draws,
        first_share=first_shares(taken, seed=seed, draws=draws),
        left_out=left_out,
        holds=leader_holds(taken, [criterion.weight for criterion in criteria]),
    )


def floors(candidate: Candidate) -> tuple[Fraction, ...]:
    """The floor of each criterion in percent; ValueError where one has none."""
    ranges = [scored.range for scored in candidate.scorecard.criteria]
    present = tuple(range_.floor for range_ in ranges if range_ is not None)
    if len(present) < len(ranges):
        raise ValueError(f"{candidate.file} lacks a criterion")
    return present


def first_shares(taken: Sequence[Candidate], *, seed: int, draws: int) -> dict[str, Fraction]:
    """The share of weightings, drawn uniformly from all that sum to one, for which each leads; ties share the draw.

    Weights drawn from the exponential distribution and divided by their sum are uniform on the simplex; the
    division changes no order and is left out (Devroye, Non-Uniform Random Variate Generation, 1986, chapter V.2).
    """
    vectors = {candidate.file: tuple(map(float, floors(candidate))) for candidate in taken}
    random = Random(seed)
    rates = [1.0] * len(taken[0].scorecard.rubric.criteria)
    drawn = ([random.expovariate(rate) for rate in rates] for _ in range(draws))
    return {file: won / draws for file, won in count_firsts(vectors, drawn).items()}


def count_firsts(
    vectors: Mapping[str, tuple[float, ...]], weightings: Iterable[Sequence[float]]
) -> dict[str, Fraction]:
    """For how many of the weightings each leads; tied firsts share one. `vectors` are the floors of each file."""
    hopeful = [(file, vector) for file, vector in vectors.items() if not _is_beaten(vector, vectors.values())]
    wins = {file: Fraction(0) for file in vectors}
    for weights in weightings:
        for file in (firsts := _firsts(weights, hopeful)):
            wins[file] += Fraction(1, len(firsts))
    return wins


def leader_holds(taken: Sequence[Candidate], weights: Sequence[Fraction]) -> tuple[LeaderHolds, ...]:
    """How far each criterion's weight can move until another than the first of these leads.

    With more than one criterion no weight may be the only one above 0.
    """
    criteria = taken[0].scorecard.rubric.criteria
    return tuple(_leader_holds(place, criterion, weights, taken) for place, criterion in enumerate(criteria))


def with_chances(ranked: Sequence[Ranked]) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """Those whose place weights can change, by rank: of the leader's verdict, with every criterion; and the others."""
    if not ranked:
        return (), ()
    verdict = ranked[0].candidate.scorecard.verdict
    taken: list[Candidate] = []
    left_out: list[Candidate] = []
    for candidate in (entry.candidate for entry in ranked):
        has_all = all(scored.range is not None for scored in candidate.scorecard.criteria)
        (taken if has_all and candidate.scorecard.verdict is verdict else left_out).append(candidate)
    return tuple(taken), tuple(left_out)


def _firsts(weights: Sequence[float], hopeful: Iterable[tuple[str, tuple[float, ...]]]) -> list[str]:
    best, firsts = -1.0, []
    for file, vector in hopeful:
        total = sum(map(float.__mul__, weights, vector))
        if total > best:
            best, firsts = total, [file]
        elif total == best:
            firsts.append(file)
    return firsts


def _is_beaten(vector: tuple[float, ...], others: Iterable[tuple[float, ...]]) -> bool:
    """Whether another is as good everywhere and better somewhere: with weights above 0 it can never lead."""
    return any(
        other != vector and all(theirs >= ours for theirs, ours in zip(other, vector, strict=True)) for other in others
    )


def _leader_holds(
    place: int, criterion: Criterion, weights: Sequence[Fraction], taken: Sequence[Candidate]
) -> LeaderHolds:
    """At a share t the score is t·floor + (1 - t)·mean of the rest: linear, so each rival gives one bound."""
    low, high = Edge(Fraction(0), None), Edge(Fraction(1), None)
    if len(weights) > 1:
        lines = [_line(place, weights, candidate) for candidate in taken]
        for rival, line in zip(taken[1:], lines[1:], strict=True):
            for edge, is_upper in _bounds(lines[0], line, rival):
                if is_upper and edge.share < high.share:
                    high = edge
                elif not is_upper and edge.share > low.share:
                    low = edge
    return LeaderHolds(criterion, weights[place] / sum(weights), low, high)


def _line(place: int, weights: Sequence[Fraction], candidate: Candidate) -> tuple[Fraction, Fraction]:
    """The score with no weight on the criterion, and with all of it there."""
    own = floors(candidate)
    rest = [(weight, floor) for at, (weight, floor) in enumerate(zip(weights, own, strict=True)) if at != place]
    return exact_mean(rest), own[place]


def _bounds(
    leader: tuple[Fraction, Fraction], rival: tuple[Fraction, Fraction], candidate: Candidate
) -> Iterator[tuple[Edge, bool]]:
    """Where the rival's line crosses the leader's, and whether the leader leads below it (an upper bound)."""
    lead_without, lead_with = leader[0] - rival[0], leader[1] - rival[1]
    if lead_without == lead_with or (lead_without >= 0 and lead_with >= 0):
        return
    crossing = lead_without / (lead_without - lead_with)
    yield Edge(crossing, candidate), lead_with < 0
