"""How few steps are enough, in whole numbers.

This follows from sums: the heaviest open questions at their tops and the largest rungs always help most, so each
criterion has only a few sums to look at for each number of steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, chain
from math import lcm

from toolvet.domain.scoring import UNITS
from toolvet.values import dataclass

MOST_STEPS = 6
"""A plan with more steps is no advice."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A question as the search sees it: place in the rubric, whole-number weight, and level (None while open).

    A required slot must move: it is below `least`, the lowest rung allowed, or has to be answered. One that is
    `left_out` is "not applicable" and counts only once it is answered after all.
    """

    index: int
    weight: int
    top: int
    level: int | None
    least: int = 0
    required: bool = False
    left_out: bool = False

    @property
    def unit(self) -> int:
        """What one rung is worth."""
        return self.weight * UNITS // self.top

    def options(self) -> Iterator[StepOption]:
        """Each way to move this slot by at most six steps."""
        if self.level is None:
            for rung in range(self.least, self.top + 1):
                yield StepOption(1, rung, self.weight * self.left_out, rung * self.unit, self.weight)
            return
        for rung in range(self.level + 1, min(self.top, self.level + MOST_STEPS) + 1):
            yield StepOption(rung - self.level, rung, 0, (rung - self.level) * self.unit, 0)


@dataclass(frozen=True, slots=True)
class StepOption:
    """A way to move a slot: what it takes and what it adds to the criterion's sums."""

    steps: int
    rung: int
    added: int
    value: int
    covered: int


@dataclass(frozen=True, slots=True)
class SearchPart:
    """One criterion: its slots, its sums at the start, the whole weight that counts, and its threshold in percent.

    `surplus` is the weight of "not applicable" that has to be answered after all.
    """

    slots: tuple[Slot, ...]
    value: int
    covered: int
    whole: int
    weight: Fraction
    threshold: Fraction
    surplus: int = 0

    def need(self, whole: int) -> int:
        return -(-self.threshold.numerator * whole * UNITS // (100 * self.threshold.denominator))

    def value_worth(self, whole: int) -> Fraction:
        """What one unit adds to the total."""
        return self.weight / (UNITS * whole)

    def cover_worth(self, whole: int) -> Fraction:
        return self.weight / whole


@dataclass(frozen=True, slots=True)
class SearchProblem:
    """The criteria that count, and the total value and covered weight to reach."""

    parts: tuple[SearchPart, ...]
    value: Fraction
    covered: Fraction

    def is_reachable(self) -> bool:
        """Whether everything at the top would be enough: then each criterion has all of its weight."""
        weights = sum(part.weight for part in self.parts)
        return weights >= max(self.value, self.covered) and all(part.threshold <= 100 for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a criterion comes to: value, covered weight, whole weight, and the rungs of the plan that does it."""

    value: int
    covered: int
    whole: int
    rungs: int


_Gain = tuple[int, int]
"""What steps add, and the rungs that they take."""


@dataclass(frozen=True, slots=True)
class BestGains:
    """The largest gains by kind, at most six each: single rungs, open questions, those answered after all."""

    raises: tuple[_Gain, ...] = ()
    opens: tuple[_Gain, ...] = ()
    left_out: tuple[_Gain, ...] = ()

    def with_slot(self, slot: Slot, done: int = 0) -> BestGains:
        """Those of this slot too, but for so many steps that are done already."""
        if slot.level is not None:
            rungs = range(done, min(slot.top - slot.level, MOST_STEPS))
            own = tuple((slot.unit, 1 if step else slot.level + 1) for step in rungs)
            return replace(self, raises=_largest(self.raises + own))
        if done:
            return self
        gain = (slot.weight, slot.top)
        if slot.left_out:
            return replace(self, left_out=_largest((*self.left_out, gain)))
        return replace(self, opens=_largest((*self.opens, gain)))

    def ways(self, most: int) -> Iterator[tuple[int, _Gain, _Gain, _Gain]]:
        """For every split of up to `most` steps: their number, and the best of each kind."""
        raises, opens, left_out = (_running(gains) for gains in (self.raises, self.opens, self.left_out))
        for first, away in enumerate(left_out[: most + 1]):
            for second, opened in enumerate(opens[: most - first + 1]):
                for third, raised in enumerate(raises[: most - first - second + 1]):
                    yield first + second + third, raised, opened, away


def _largest(gains: tuple[_Gain, ...]) -> tuple[_Gain, ...]:
    return tuple(sorted(gains, key=lambda gain: -gain[0])[:MOST_STEPS])


def _running(gains: tuple[_Gain, ...]) -> list[_Gain]:
    return list(accumulate(gains, lambda total, gain: (total[0] + gain[0], total[1] + gain[1]), initial=(0, 0)))


def _sums(part: SearchPart) -> list[list[_Sums]]:
    """By number of steps, what the criterion can come to at best, its need met."""
    found: list[list[_Sums]] = [[] for _ in range(MOST_STEPS + 1)]
    forced = [slot for slot in part.slots if slot.required]
    if len(forced) > MOST_STEPS:
        return found
    value = part.value + sum(slot.unit * (slot.top if slot.level is None else 1) for slot in forced)
    covered = part.covered + sum(slot.weight for slot in forced if slot.level is None)
    rungs = sum(slot.top if slot.level is None else slot.level + 1 for slot in forced)
    gains = BestGains()
    for slot in part.slots:
        gains = gains.with_slot(slot, done=int(slot.required))
    for steps, raised, opened, away in gains.ways(MOST_STEPS - len(forced)):
        sums = _Sums(
            value + raised[0] + UNITS * (opened[0] + away[0]),
            covered + opened[0] + away[0],
            part.whole + away[0],
            rungs + raised[1] + opened[1] + away[1],
        )
        if away[0] >= part.surplus and sums.whole and sums.value >= part.need(sums.whole):
            found[len(forced) + steps].append(sums)
    return found


PlanTotal = tuple[int, int, int]
"""Rungs, value and covered weight over several criteria, the last two in whole numbers of one scale."""


class ReachedSums:
    """What the criteria come to at best by number of steps, all in one scale."""

    def __init__(self, problem: SearchProblem) -> None:
        self.parts = problem.parts
        sums = [_sums(part) for part in problem.parts]
        worths = [
            worth
            for part, own in zip(problem.parts, sums, strict=True)
            for whole in {each.whole for each in chain.from_iterable(own)}
            for worth in (part.value_worth(whole), part.cover_worth(whole))
        ]
        self.scale = lcm(*(number.denominator for number in (*worths, problem.value, problem.covered)))
        self.value = int(problem.value * self.scale)
        self.covered = int(problem.covered * self.scale)
        self.points = [
            [[self._total(part, each) for each in alike] for alike in own]
            for part, own in zip(problem.parts, sums, strict=True)
        ]

    def _total(self, part: SearchPart, sums: _Sums) -> PlanTotal:
        cover_worth = self.scale * part.weight.numerator // (part.weight.denominator * sums.whole)
        return sums.rungs, cover_worth // UNITS * sums.value, cover_worth * sums.covered

    def fewest(self) -> tuple[int, int] | None:
        """How few steps do, and the rungs of one plan that does; None if six are not enough."""
        reached: list[list[PlanTotal]] = [[(0, 0, 0)], *([] for _ in range(MOST_STEPS))]
        for own in self.points:
            joined: list[list[PlanTotal]] = [[] for _ in range(MOST_STEPS + 1)]
            for used, totals in enumerate(reached):
                for steps in range(MOST_STEPS + 1 - used):
                    joined[used + steps] += [_added(one, other) for one in totals for other in own[steps]]
            reached = [_highest(totals) for totals in joined]
        for steps, totals in enumerate(reached):
            enough = [rungs for rungs, value, covered in totals if value >= self.value and covered >= self.covered]
            if enough:
                return steps, min(enough)
        return None

    def most_before(self) -> list[MostWithin]:
        """The most that the criteria before each add within so many steps, value and weight each for itself."""
        return _all_before(self.points)

    def most_beside(self) -> list[MostWithin]:
        """The same for all criteria but each."""
        behind = reversed(_all_before(self.points[::-1])[:-1])
        return [_joined(one, other) for one, other in zip(_all_before(self.points), behind, strict=False)]


MostWithin = list[tuple[int, int] | None]


def _all_before(points: Sequence[Sequence[Sequence[PlanTotal]]]) -> list[MostWithin]:
    found: list[MostWithin] = [[(0, 0)] * (MOST_STEPS + 1)]
    for own in points:
        within = list(accumulate(own, lambda fewer, more: [*fewer, *more]))
        most: MostWithin = [
            (max(value for _, value, _ in totals), max(covered for _, _, covered in totals)) if totals else None
            for totals in within
        ]
        found.append(_joined(found[-1], most))
    return found


def _joined(one: MostWithin, other: MostWithin) -> MostWithin:
    joined: MostWithin = []
    for steps in range(MOST_STEPS + 1):
        pairs = [(one[own], other[steps - own]) for own in range(steps + 1)]
        sums = [(a[0] + b[0], a[1] + b[1]) for a, b in pairs if a is not None and b is not None]
        joined.append((max(value for value, _ in sums), max(covered for _, covered in sums)) if sums else None)
    return joined


def _added(one: PlanTotal, other: PlanTotal) -> PlanTotal:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _highest(totals: list[PlanTotal]) -> list[PlanTotal]:
    """Those that no other beats in value and covered weight."""
    kept = []
    highest = -1
    for total in sorted(totals, key=lambda total: (-total[1], -total[2], total[0])):
        if total[2] > highest:
            highest = total[2]
            kept.append(total)
    return kept
