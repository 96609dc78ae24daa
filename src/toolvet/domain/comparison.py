"""Ranks of tools, and how far the weights can move before another tool leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from math import floor, lcm
from operator import ge, gt, itemgetter, mul
from random import Random

from toolvet.domain.rubric import Criterion, Rubric
from toolvet.domain.scorecard import Scorecard, counted_weights
from toolvet.domain.scoring import weighted_mean
from toolvet.values import dataclass

DRAWS = 10_000
SEED = 2026
_NONE = Fraction(-1)
BLOCK = 100
"""Weightings counted at a stretch: a millisecond for 200 candidates."""


def never() -> bool:
    return False


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
    """How far to trust a ranking.

    `first_share` is, by file, the share of weightings for which a tool leads, from 0 to 1; `first_share_open` the same
    with the rungs of open questions drawn as well. `left_out` are candidates with another verdict than the leader's,
    or without one of the criteria.
    """

    leader: Candidate
    seed: int
    draws: int
    first_share: Mapping[str, Fraction]
    first_share_open: Mapping[str, Fraction]
    left_out: tuple[Candidate, ...]
    holds: tuple[LeaderHolds, ...]

    def nearest_change(self) -> tuple[LeaderHolds, Edge] | None:
        """The criterion and edge that need the least change of weight; None if no weighting changes the leader."""
        edges = [(hold, edge) for hold in self.holds for edge in (hold.low, hold.high) if edge.rival is not None]
        return min(edges, key=lambda pair: abs(pair[1].share - pair[0].weight), default=None)


def robustness(
    ranked: Sequence[Ranked], *, draws: int = DRAWS, is_stopped: Callable[[], bool] = never
) -> Robustness | None:
    """The robustness of a ranking; without draws, every share is 0.

    None where no tool of the leader's verdict has every criterion, or if stopped: `is_stopped` is asked repeatedly.
    """
    taken, left_out = with_chances(ranked)
    shares = open_shares = first_shares(taken, seed=SEED, draws=draws, is_stopped=is_stopped) if taken else None
    if shares is not None and draws:
        open_shares = open_first_shares(taken, seed=SEED, draws=draws, is_stopped=is_stopped)
    if shares is None or open_shares is None:
        return None
    criteria = taken[0].scorecard.rubric.criteria
    return Robustness(
        leader=taken[0],
        seed=SEED,
        draws=draws,
        first_share=shares,
        first_share_open=open_shares,
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


def first_shares(
    taken: Sequence[Candidate], *, seed: int, draws: int, is_stopped: Callable[[], bool] = never
) -> dict[str, Fraction] | None:
    """The share of weightings, drawn uniformly from all that sum to one, for which each leads; ties share it.

    None if stopped. Exponentially distributed weights, divided by their sum, are uniform on the simplex; the division
    changes no order and is left out (Devroye, Non-Uniform Random Variate Generation, 1986, chapter V.2).
    """
    if not draws:
        return {candidate.file: Fraction(0) for candidate in taken}
    vectors = {candidate.file: tuple(map(float, floors(candidate))) for candidate in taken}
    return _shares_of_firsts(vectors, _weightings(taken, seed, draws), draws, is_stopped)


def _weightings(taken: Sequence[Candidate], seed: int, draws: int) -> Iterator[list[float]]:
    random, rates = Random(seed), [1.0] * len(taken[0].scorecard.rubric.criteria)
    return ([random.expovariate(rate) for rate in rates] for _ in range(draws))


def open_first_shares(
    taken: Sequence[Candidate], *, seed: int, draws: int, is_stopped: Callable[[], bool] = never
) -> dict[str, Fraction] | None:
    """As `first_shares`, at the same weightings, with each open question at a rung drawn uniformly each time."""
    weightings, random = _weightings(taken, seed, draws), Random(seed + 1)
    hopeful = [_Hopeful.of(candidate) for candidate in _with_a_ceiling_in_reach(taken)]
    alike: dict[object, list[int]] = {}
    for place in sorted(range(len(hopeful)), key=lambda place: hopeful[place].promise, reverse=True):
        alike.setdefault(place if hopeful[place].open else hopeful[place].floors, []).append(place)
    firsts: Counter[tuple[str, ...]] = Counter()
    while block := list(islice(weightings, BLOCK)):
        if is_stopped():
            return None
        columns = list(zip(*block, strict=True))
        # Each draws its numbers, whether they matter or not: so they are those that each would have alone.
        drawn = [_numbers(random, one.open * len(block)) for one in hopeful]
        firsts.update(map(tuple, _firsts(hopeful, [*alike.values()], columns, drawn)))
    return _shares_of([candidate.file for candidate in taken], firsts, draws)


@dataclass(frozen=True, slots=True)
class _Hopeful:
    """A candidate with floors and ceilings by criterion, and how many of its questions are open."""

    file: str
    floors: tuple[float, ...]
    ceilings: tuple[float, ...]
    parts: _OpenParts
    open: int

    @classmethod
    def of(cls, candidate: Candidate) -> _Hopeful:
        parts, lowest, highest = _open_parts(candidate.scorecard), floors(candidate), _ceilings(candidate)
        return cls(candidate.file, tuple(map(float, lowest)), tuple(map(float, highest)), parts, sum(map(len, parts)))

    @property
    def promise(self) -> float:
        """How likely it leads, to look at those first of whom the others fall short."""
        return sum(self.floors) + sum(self.ceilings)


def _numbers(random: Random, count: int) -> memoryview:
    """The 32-bit numbers that so many calls of `random.random` take, two each."""
    return memoryview(random.getrandbits(64 * count).to_bytes(8 * count, "little")).cast("I")


def _firsts(
    hopeful: Sequence[_Hopeful],
    order: Sequence[Sequence[int]],
    columns: Sequence[Sequence[float]],
    drawn: Sequence[memoryview],
) -> list[list[str]]:
    """Who leads, by weighting. Only those are worked out who may reach the best so far, and those alike once."""
    count = len(columns[0])
    best = [-1.0] * count
    firsts: list[list[str]] = [[] for _ in best]
    for places in order:
        one, numbers, files = hopeful[places[0]], drawn[places[0]], [hopeful[place].file for place in places]
        tops = _sums(one.ceilings, columns)
        for at in [at for at, top in enumerate(tops) if top + _ROUNDING >= best[at]]:
            found = tops[at]  # where nothing is open
            if one.open:
                found = _sum_drawn(one, [weights[at] for weights in columns], numbers[2 * at :], 2 * count)
            if found > best[at]:
                best[at], firsts[at] = found, [*files]
            elif found == best[at]:
                firsts[at] += files
    return firsts


_ROUNDING = 1e-6
"""More than sums of percent times weights are off."""


def _sum_drawn(one: _Hopeful, weights: Sequence[float], numbers: memoryview, apart: int) -> float:
    """The sum at one weighting, with the rungs that the numbers draw; two numbers for each open question."""
    total, at = 0.0, 0
    for own, questions, weight in zip(one.floors, one.parts, weights, strict=True):
        value = own
        for rungs in questions:
            # What random.choices does: 53 of the 64 bits, as a part of one
            share = ((numbers[at] >> 5) * 67108864 + (numbers[at + 1] >> 6)) * _UNIT
            value += rungs[int(share * len(rungs))]
            at += apart
        total += value * weight
    return total


_UNIT = 1 / 9007199254740992
_OpenParts = tuple[tuple[tuple[float, ...], ...], ...]
"""By criterion, for each open question what each of its rungs would add to the criterion's floor."""


def _open_parts(scorecard: Scorecard) -> _OpenParts:
    whole = counted_weights(scorecard.questions)
    return tuple(
        tuple(
            tuple(
                float(100 * scored.question.weight * rung / (scored.question.top * whole[criterion.id]))
                for rung in range(scored.question.top + 1)
            )
            for scored in scorecard.questions
            if scored.criterion is criterion and scored.counts and scored.state.is_open
        )
        for criterion in scorecard.rubric.criteria
    )


def _with_a_ceiling_in_reach(taken: Sequence[Candidate]) -> list[Candidate]:
    """Leave out who never leads, whatever is found: some other's floors are above its ceilings everywhere."""
    lowest = {candidate.file: floors(candidate) for candidate in taken}
    highest = {candidate.file: _ceilings(candidate) for candidate in taken}
    best = _without_beaten({file: tuple(map(float, own)) for file, own in lowest.items()})
    once = {vector: file for file, vector in best.items()}.values()  # of those that are alike
    return [each for each in taken if not any(all(map(gt, lowest[file], highest[each.file])) for file in once)]


def _ceilings(candidate: Candidate) -> tuple[Fraction, ...]:
    return tuple(scored.range.ceiling for scored in candidate.scorecard.criteria if scored.range is not None)


def _shares_of_firsts(
    vectors: Mapping[str, tuple[float, ...]],
    weightings: Iterator[Sequence[float]],
    draws: int,
    is_stopped: Callable[[], bool],
) -> dict[str, Fraction] | None:
    """The share of weightings that each leads; tied firsts share one. `vectors` are the floors by file."""
    alike: dict[tuple[float, ...], tuple[str, ...]] = {}
    for file, vector in _without_beaten(vectors).items():
        alike[vector] = (*alike.get(vector, ()), file)
    found: Counter[tuple[str, ...]] = Counter()
    while block := list(islice(weightings, BLOCK)):
        if is_stopped():
            return None
        columns = list(zip(*block, strict=True))
        found.update(_leading([*alike.values()], [_sums(own, columns) for own in alike]))
    return _shares_of(vectors, found, draws)


def _shares_of(files: Iterable[str], firsts: Mapping[tuple[str, ...], int], draws: int) -> dict[str, Fraction]:
    """The share that each leads, by who were first together how often."""
    wins = dict.fromkeys(files, Fraction(0))
    for together, times in firsts.items():
        for file in together:
            wins[file] += Fraction(times, len(together) * draws)
    return wins


def leader_holds(taken: Sequence[Candidate], weights: Sequence[Fraction]) -> tuple[LeaderHolds, ...]:
    """How far each criterion's weight can move before another than the first of these leads.

    With more than one criterion, no weight may be the only one above 0.
    """
    criteria = taken[0].scorecard.rubric.criteria
    leader, *others = _in_whole_units([floors(candidate) for candidate in taken])
    leads = [[ours - theirs for ours, theirs in zip(leader, vector, strict=True)] for vector in others]
    whole_weights = _in_whole_units([weights])[0]
    return tuple(
        _leader_holds(place, criterion, whole_weights, list(zip(taken[1:], leads, strict=True)))
        for place, criterion in enumerate(criteria)
    )


def with_chances(ranked: Sequence[Ranked]) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """Split the ranking: those with the leader's verdict and every criterion, then the others."""
    verdict = ranked[0].candidate.scorecard.verdict if ranked else None
    taken: list[Candidate] = []
    left_out: list[Candidate] = []
    for candidate in (entry.candidate for entry in ranked):
        has_all = all(scored.range is not None for scored in candidate.scorecard.criteria)
        (taken if has_all and candidate.scorecard.verdict is verdict else left_out).append(candidate)
    return tuple(taken), tuple(left_out)


def _leading(alike: Sequence[tuple[str, ...]], sums_of_each: Sequence[Sequence[float]]) -> Iterator[tuple[str, ...]]:
    """Who has the largest sum, by weighting."""
    for sums in zip(*sums_of_each, strict=True):
        best = max(sums)
        if sums.count(best) == 1:
            yield alike[sums.index(best)]
        else:
            yield tuple(file for files, own in zip(alike, sums, strict=True) if own == best for file in files)


def _sums(vector: Sequence[float], columns: Sequence[Sequence[float]]) -> list[float]:
    """The sum for each weighting; `columns` are the weights of each criterion.

    All weightings at once take a fifth of the time of one after the other, and four criteria at once half of that.
    """
    sums = [0.0] * len(columns[0])
    fours = len(vector) - len(vector) % 4
    for at in range(0, fours, 4):
        a, b, c, d = vector[at : at + 4]
        sums = [
            so_far + a * one + b * two + c * three + d * four
            for so_far, one, two, three, four in zip(sums, *columns[at : at + 4], strict=True)
        ]
    for value, weights in zip(vector[fours:], columns[fours:], strict=True):
        sums = [so_far + value * weight for so_far, weight in zip(sums, weights, strict=True)]
    return sums


def _without_beaten(vectors: Mapping[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
    """Leave out the vectors that never lead, because another is as good everywhere and better somewhere.

    In falling order a better vector comes first, and whatever beats that one before both, so it is enough to compare
    with those kept.
    """
    kept: dict[str, tuple[float, ...]] = {}
    for file, vector in sorted(vectors.items(), key=itemgetter(1), reverse=True):
        if not any(other != vector and all(map(ge, other, vector)) for other in kept.values()):
            kept[file] = vector
    return kept


def _leader_holds(
    place: int, criterion: Criterion, weights: Sequence[int], rivals: Iterable[tuple[Candidate, Sequence[int]]]
) -> LeaderHolds:
    """The bounds for one criterion. `rivals` has the leader's lead over each of them, by criterion.

    At a share t the lead is t·(lead here) + (1 - t)·(mean lead elsewhere): linear, so each rival gives one bound.
    """
    low, high = Edge(Fraction(0), None), Edge(Fraction(1), None)
    rest = sum(weights) - weights[place]
    for rival, leads in rivals:
        with_all = leads[place] * rest
        without = sum(map(mul, weights, leads)) - weights[place] * leads[place]
        if with_all == without or (with_all >= 0 and without >= 0):
            continue
        edge = Edge(Fraction(without, without - with_all), rival)
        if with_all < 0 and edge.share < high.share:
            high = edge
        elif with_all >= 0 and edge.share > low.share:
            low = edge
    return LeaderHolds(criterion, Fraction(weights[place], sum(weights)), low, high)


def _in_whole_units(vectors: Sequence[Sequence[Fraction]]) -> list[list[int]]:
    """Scale by the common denominator: whole numbers add up in a tenth of the time."""
    unit = lcm(*{value.denominator for vector in vectors for value in vector})
    return [[value.numerator * (unit // value.denominator) for value in vector] for vector in vectors]


Shares = tuple[Fraction, ...]
STEP = Fraction(1, 100)
FINEST = 1_000_000


def rubric_shares(rubric: Rubric) -> Shares:
    whole = sum(criterion.weight for criterion in rubric.criteria)
    return tuple(criterion.weight / whole for criterion in rubric.criteria)


def with_share(shares: Shares, place: int, share: Fraction, otherwise: Shares) -> Shares:
    """Set one share and keep the proportions of the others, or those of `otherwise` where they are all 0."""
    if len(shares) == 1:
        return shares
    none = Fraction(0)
    rest = [none if at == place else own for at, own in enumerate(shares)]
    if not any(rest):
        rest = [none if at == place else own for at, own in enumerate(otherwise)]
    whole = sum(rest)
    # Otherwise the denominators would grow with every key; a millionth changes no figure shown.
    moved = [(own / whole * (1 - share)).limit_denominator(FINEST) for own in rest]
    moved[place] = share
    return tuple(moved)


def next_share(share: Fraction, steps: int) -> Fraction:
    """Move a share by whole percent, between 0 and 1; one in between goes to the next whole percent first."""
    hundredths = share / STEP
    start = floor(hundredths) if steps > 0 else -floor(-hundredths)
    return min(max((start + steps) * STEP, Fraction(0)), Fraction(1))


def rank_with(candidates: Sequence[Candidate], shares: Shares) -> tuple[Ranked, ...]:
    """Rank under these weights; each candidate's overall range follows from them."""
    return rank([_weighed(candidate, shares) for candidate in candidates])


def holds_with(ranked: Sequence[Ranked], shares: Shares, otherwise: Shares) -> tuple[LeaderHolds, ...]:
    """Between which shares the first of that ranking stays first; empty where it lacks a criterion.

    Where one criterion has all the weight, the others move in the proportions of `otherwise`.
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
    draws: int = DRAWS,
    is_stopped: Callable[[], bool] = never,
) -> dict[str, Fraction] | None:
    """By file, the share of weightings for which each leads while one criterion keeps its share.

    The other weights are drawn uniformly from all that sum to the rest. None if stopped.
    """
    if not (taken := with_chances(ranked)[0]):
        return {}
    vectors = {candidate.file: tuple(map(float, floors(candidate))) for candidate in taken}
    if share == 0:  # what weighs nothing must not tell apart who would be tied
        vectors = {file: (*vector[:place], 0.0, *vector[place + 1 :]) for file, vector in vectors.items()}
    random = Random(SEED)
    count = len(taken[0].scorecard.rubric.criteria)
    return _shares_of_firsts(vectors, _pinned(random, count, place, float(share), draws), draws, is_stopped)


def _weighed(candidate: Candidate, shares: Shares) -> Candidate:
    # A criterion without weight is left out: alone it would have no mean.
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tool in a comparison. `file` identifies it."""

    file: str
    name: str
    scorecard: Scorecard


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and its rank from 1; equal verdict and figures share a rank (1, 1, 3)."""

    rank: int
    candidate: Candidate


def rank(candidates: Sequence[Candidate]) -> tuple[Ranked, ...]:
    """Sort by verdict, the best first, then floor, then observed (none last), then name.

    All must be scored with the same rubric. Levels are never rescaled, so adding a candidate reorders no others.
    """
    whole = _in_whole_units([_figures(candidate.scorecard) for candidate in candidates])
    figures = {one.file: (one.scorecard.verdict.rank, -a, -b) for one, (a, b) in zip(candidates, whole, strict=True)}
    ordered = sorted(candidates, key=lambda one: (figures[one.file], one.name.casefold(), one.file))
    ranked: list[Ranked] = []
    for place, candidate in enumerate(ordered, start=1):
        before = ranked[-1] if ranked else None
        is_tied = before is not None and figures[before.candidate.file] == figures[candidate.file]
        ranked.append(Ranked(before.rank if before is not None and is_tied else place, candidate))
    return tuple(ranked)


def _figures(scorecard: Scorecard) -> tuple[Fraction, Fraction]:
    """Floor and observed, less than any where there is none."""
    found = scorecard.overall
    return (_NONE, _NONE) if found is None else (found.floor, _NONE if found.observed is None else found.observed)
