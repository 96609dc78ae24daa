"""The best plan among those with the fewest steps, by a search with a limited amount of work.

For each question from the last to the first, it keeps the sums that no other beats and that the questions before it
can still complete. It then picks the first question that still leads to the goal, and so on.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from fractions import Fraction
from itertools import accumulate
from math import lcm

from toolvet.domain.scoring import UNITS
from toolvet.domain.step_search import (
    MOST_STEPS,
    BestGains,
    MostWithin,
    ReachedSums,
    SearchPart,
    SearchProblem,
    Slot,
    StepOption,
)
from toolvet.values import dataclass

MOST_WORK = 150_000
"""Sums that one search may try, which take about a third of a second: then it gives up."""


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class MovePlan:
    """A set of moves; the better one sorts first: steps, sum of rungs, places in the rubric, then rungs."""

    steps: int
    rungs: int = 0
    places: tuple[int, ...] = ()
    moves: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """How few steps do, and the best plan with that many; None where finding it takes too much work."""

    steps: int
    plan: MovePlan | None


class _TooMuchWork(Exception):
    pass


def solve(problem: SearchProblem) -> Solution | None:
    """The fewest steps and the best plan with that many; None if six are not enough."""
    reached = ReachedSums(problem)
    found = reached.fewest()
    if found is None:
        return None
    steps, rungs = found
    if steps == 0:
        return Solution(0, MovePlan(0))
    try:
        return Solution(steps, _Search(problem, reached, steps, rungs).best())
    except _TooMuchWork:
        return Solution(steps, None)


_Point = tuple[int, int, int, int, int]
"""What some questions of one criterion come to: steps, rungs, weight answered after all, value, covered weight."""


@dataclass(frozen=True, slots=True)
class _Bound:
    """The least that questions must come to, if those before them and the other criteria are to complete it."""

    part: SearchPart
    before: BestGains
    others: Sequence[tuple[int, int] | None]
    reached: ReachedSums
    spend: Callable[[int], None]
    known: dict[tuple[int, int], tuple[int, int] | None] = field(default_factory=dict)

    def lets(self, point: _Point, spare: int) -> bool:
        """Whether the point can still be completed by that many steps."""
        key = spare, point[2]
        if key not in self.known:
            self.known[key] = self._least(*key)
        least = self.known[key]
        return least is not None and point[3] >= least[0] and point[4] >= least[1]

    def _least(self, spare: int, added: int) -> tuple[int, int] | None:
        part, reached = self.part, self.reached
        weight = reached.scale * part.weight.numerator // part.weight.denominator
        values, covers = [], []
        for steps, raised, opened, away in self.before.ways(spare):
            others = self.others[spare - steps]
            whole = part.whole + added + away[0]
            if others is None or added + away[0] < part.surplus or not whole:
                continue
            needed = max(part.need(whole), -((others[0] - reached.value) * UNITS * whole // weight))
            values.append(needed - raised[0] - UNITS * (opened[0] + away[0]))
            covers.append(-((others[1] - reached.covered) * whole // weight) - opened[0] - away[0])
        self.spend(len(values))
        return (min(values), min(covers)) if values else None


@dataclass(frozen=True, slots=True)
class _Choice:
    """A slot with its options in groups, the preferred first; it may stay as it is unless it must move."""

    slot: Slot
    groups: tuple[tuple[StepOption, ...], ...]
    must_move: bool


def _choices(part: SearchPart) -> Iterator[_Choice]:
    """The slots worth trying, most steps first: the first six of those alike."""
    seen: dict[Slot, int] = {}
    for slot in part.slots:
        kind = replace(slot, index=0)
        seen[kind] = seen.get(kind, 0) + 1
        if slot.required or seen[kind] <= MOST_STEPS:
            options = tuple(slot.options())
            steps = sorted({option.steps for option in options}, reverse=True)
            groups = tuple(tuple(option for option in options if option.steps == count) for count in steps)
            yield _Choice(slot, groups, slot.required)


_Taken = list[tuple[Slot, tuple[StepOption, ...]]]
"""The slots that move, each with the options that are left for it."""


class _Search:
    """Finds the best plan of that many steps, given that fewer do not do and that so many rungs do."""

    def __init__(self, problem: SearchProblem, reached: ReachedSums, steps: int, rungs: int) -> None:
        self.problem = problem
        self.reached = reached
        self.steps, self.rungs = steps, rungs
        self.left = MOST_WORK

    def best(self) -> MovePlan:
        """First the places, then the rungs at these places."""
        choices = [tuple(_choices(part)) for part in self.problem.parts]
        # Few rungs leave few sums, so the search tries with a few first.
        limits = sorted({self.rungs // 4, self.rungs // 2, self.rungs})
        placed = next(found for limit in limits if (found := self._chosen(choices, limit)) is not None)
        again = [
            tuple(_Choice(slot, tuple((option,) for option in group), must_move=True) for slot, group in own)
            for own in placed
        ]
        settled = self._chosen(again, self.rungs) or []
        moved = [(slot.index, group[0]) for own in settled for slot, group in own]
        return MovePlan(
            self.steps,
            sum(option.rung for _, option in moved),
            tuple(index for index, option in moved for _ in range(option.steps)),
            tuple((index, option.rung) for index, option in moved),
        )

    def _spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise _TooMuchWork

    def _chosen(self, choices: Sequence[Sequence[_Choice]], rungs: int) -> list[_Taken] | None:
        """For each criterion, the slots that move with the first groups that still lead to the least rungs.

        None if so many rungs are not enough.
        """
        self.rungs = rungs
        beside = self.reached.most_beside()
        tables = [
            self._tables(part, own, others)
            for part, own, others in zip(self.problem.parts, choices, beside, strict=True)
        ]
        tails = self._tails(tables)
        if not tails.points[0]:
            return None
        totals = _Totals(self.problem, tails.scale)
        self.rungs = min(point[1] for point in tails.points[0])
        way = _Way(totals, self.steps, self.rungs, self._spend)
        return [
            way.through(part, own, table, tail)
            for part, own, table, tail in zip(self.problem.parts, choices, tables, tails.points[1:], strict=True)
        ]

    def _tables(self, part: SearchPart, choices: Sequence[_Choice], others: MostWithin) -> list[list[_Point]]:
        """For each place among the choices, what those from there on can come to; the last is the start."""
        before = list(accumulate(choices, lambda gains, choice: gains.with_slot(choice.slot), initial=BestGains()))
        tables: list[list[_Point]] = [[(0, 0, 0, part.value, part.covered)]]
        for choice, gains in zip(reversed(choices), reversed(before[:-1]), strict=True):
            tables.append(self._grown(tables[-1], choice, _Bound(part, gains, others, self.reached, self._spend)))
        return tables[::-1]

    def _grown(self, points: Sequence[_Point], choice: _Choice, bound: _Bound) -> list[_Point]:
        options = [option for group in choice.groups for option in group]
        self._spend(len(points) * (len(options) + 1))
        grown = [] if choice.must_move else [point for point in points if bound.lets(point, self.steps - point[0])]
        for option in options:
            for steps, rungs, added, value, covered in points:
                spare = self.steps - steps - option.steps
                if spare < 0 or rungs + option.rung > self.rungs:
                    continue
                point = (
                    steps + option.steps,
                    rungs + option.rung,
                    added + option.added,
                    value + option.value,
                    covered + option.covered,
                )
                if bound.lets(point, spare):
                    grown.append(point)
        return _unbeaten(grown)

    def _tails(self, tables: Sequence[Sequence[Sequence[_Point]]]) -> _Tails:
        """For each criterion, what it and those behind it can come to together."""
        finished = [
            [point for point in table[0] if _is_enough(part, point)]
            for part, table in zip(self.problem.parts, tables, strict=True)
        ]
        worths = [
            worth
            for part, points in zip(self.problem.parts, finished, strict=True)
            for whole in {part.whole + point[2] for point in points}
            for worth in (part.value_worth(whole), part.cover_worth(whole))
        ]
        scale = lcm(self.reached.scale, *(worth.denominator for worth in worths))
        totals = _Totals(self.problem, scale)
        tails: list[list[_Tail]] = [[(0, 0, 0, 0)]]
        ahead = self.reached.most_before()
        for part, points, most in zip(
            reversed(self.problem.parts), reversed(finished), reversed(ahead[:-1]), strict=True
        ):
            own = _unbeaten_tails([totals.tail(part, point) for point in points])
            tails.append(self._with_tails(own, tails[-1], most, totals))
        return _Tails(scale, tails[::-1])

    def _with_tails(
        self, own: Sequence[_Tail], tails: Sequence[_Tail], most: MostWithin, totals: _Totals
    ) -> list[_Tail]:
        self._spend(len(own) * len(tails))
        factor = totals.scale // self.reached.scale
        joined = []
        for one in own:
            for tail in tails:
                steps, rungs = one[0] + tail[0], one[1] + tail[1]
                if steps > self.steps or rungs > self.rungs:
                    continue
                ahead = most[self.steps - steps]
                value, covered = one[2] + tail[2], one[3] + tail[3]
                if (
                    ahead is not None
                    and value + factor * ahead[0] >= totals.value
                    and covered + factor * ahead[1] >= totals.covered
                ):
                    joined.append((steps, rungs, value, covered))
        return _unbeaten_tails(joined)


_Tail = tuple[int, int, int, int]
"""Steps, rungs, value and covered weight over several criteria, the last two in one scale."""


@dataclass(frozen=True, slots=True)
class _Tails:
    scale: int
    points: list[list[_Tail]]


class _Totals:
    """The totals to reach, and what a criterion's sums are worth, in one scale."""

    def __init__(self, problem: SearchProblem, scale: int) -> None:
        self.scale = scale
        self.value = int(problem.value * scale)
        self.covered = int(problem.covered * scale)
        self._worths: dict[tuple[int, int], tuple[int | Fraction, int | Fraction]] = {}

    def worths(self, part: SearchPart, whole: int) -> tuple[int | Fraction, int | Fraction]:
        """What one unit of value and one of weight adds; a fraction where the scale was not made for it."""
        key = id(part), whole
        if key not in self._worths:
            self._worths[key] = (
                _whole(self.scale * part.value_worth(whole)),
                _whole(self.scale * part.cover_worth(whole)),
            )
        return self._worths[key]

    def tail(self, part: SearchPart, point: _Point) -> _Tail:
        steps, rungs, added, value, covered = point
        value_worth, cover_worth = self.worths(part, part.whole + added)
        return steps, rungs, int(value * value_worth), int(covered * cover_worth)


def _whole(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def _is_enough(part: SearchPart, point: _Point) -> bool:
    whole = part.whole + point[2]
    return point[2] >= part.surplus and whole > 0 and point[3] >= part.need(whole)


_Stair = list[tuple[int | Fraction, int | Fraction]]


def _is_beaten(stair: _Stair, value: int | Fraction, covered: int | Fraction) -> bool:
    """Whether some step of the stair has as much of both. Values rise along it while weights fall."""
    place = bisect_left(stair, (value,))
    return place < len(stair) and stair[place][1] >= covered


def _put(stair: _Stair, value: int | Fraction, covered: int | Fraction) -> None:
    """Add a step that nothing beats, in place of those that it beats."""
    end = bisect_left(stair, (value, covered))
    if end < len(stair) and stair[end][0] == value:
        end += 1
    start = end
    while start and stair[start - 1][1] <= covered:
        start -= 1
    stair[start:end] = [(value, covered)]


def _unbeaten(points: list[_Point]) -> list[_Point]:
    """Those that no other beats that takes no more rungs and the same steps and added weight."""
    stairs: dict[tuple[int, int], _Stair] = {}
    kept = []
    for point in sorted(points, key=lambda point: (point[1], -point[3], -point[4])):
        stair = stairs.setdefault((point[0], point[2]), [])
        if not _is_beaten(stair, point[3], point[4]):
            _put(stair, point[3], point[4])
            kept.append(point)
    return kept


def _unbeaten_tails(tails: list[_Tail]) -> list[_Tail]:
    stairs: dict[int, _Stair] = {}
    kept = []
    for tail in sorted(tails, key=lambda tail: (tail[1], -tail[2], -tail[3])):
        stair = stairs.setdefault(tail[0], [])
        if not _is_beaten(stair, tail[2], tail[3]):
            _put(stair, tail[2], tail[3])
            kept.append(tail)
    return kept


@dataclasses.dataclass(slots=True)
class _Way:
    """The way so far: its steps and covered weight, and the value that each number of rungs comes to at most."""

    totals: _Totals
    steps: int
    rungs: int
    spend: Callable[[int], None]
    covered: int | Fraction = 0
    values: dict[int, int | Fraction] = field(default_factory=lambda: {0: 0})

    def through(
        self, part: SearchPart, choices: Sequence[_Choice], tables: Sequence[Sequence[_Point]], tails: Sequence[_Tail]
    ) -> _Taken:
        """Take the first groups of one criterion's choices that still lead to the end."""
        taken: _Taken = []
        own = _Own(part)
        rest = _Rest(self, tails)
        for place, choice in enumerate(choices, start=1):
            for group in (*choice.groups, *(() if choice.must_move else ((),))):
                tried = own.with_group(group)
                if rest.is_enough_after(tried, tables[place]):
                    own = tried
                    if group:
                        taken.append((choice.slot, group))
                    break
        value_worth, cover_worth = self.totals.worths(part, part.whole + own.added)
        least = part.need(part.whole + own.added)
        values: dict[int, int | Fraction] = {}
        for before, total in self.values.items():
            for rungs, gained in own.values.items():
                if part.value + gained >= least:
                    value = total + value_worth * (part.value + gained)
                    values[before + rungs] = max(value, values.get(before + rungs, value))
        self.values = values
        self.covered += cover_worth * (part.covered + own.covered)
        self.steps -= own.steps
        return taken


@dataclass(frozen=True, slots=True)
class _Own:
    """What was taken of one criterion so far: steps, weights, and the value at most by number of rungs."""

    part: SearchPart
    steps: int = 0
    added: int = 0
    covered: int = 0
    values: dict[int, int] = field(default_factory=lambda: {0: 0})

    def with_group(self, group: Sequence[StepOption]) -> _Own:
        """As far as it goes with one of these options, which differ in rung and value alone."""
        if not group:
            return self
        values: dict[int, int] = {}
        for rungs, value in self.values.items():
            for option in group:
                at = rungs + option.rung
                values[at] = max(value + option.value, values.get(at, 0))
        first = group[0]
        return replace(
            self,
            steps=self.steps + first.steps,
            added=self.added + first.added,
            covered=self.covered + first.covered,
            values=values,
        )


class _Rest:
    """What the criteria before and behind one come to together, asked for by steps and rungs left."""

    def __init__(self, way: _Way, tails: Sequence[_Tail]) -> None:
        self._way = way
        self._points = sorted(
            (tail[0], tail[1] + rungs, tail[2] + value, tail[3] + way.covered)
            for tail in tails
            for rungs, value in way.values.items()
            if tail[1] + rungs <= way.rungs
        )
        self._stairs: dict[tuple[int, int], _Stair] = {}

    def is_enough_after(self, own: _Own, table: Sequence[_Point]) -> bool:
        """Whether something in the table completes what was taken."""
        way, part = self._way, own.part
        way.spend(len(table) * len(own.values))
        for steps, rungs, added, value, covered in table:
            spare = way.steps - own.steps - steps
            whole = part.whole + own.added + added
            if spare < 0 or own.added + added < part.surplus or not whole:
                continue
            need = part.need(whole)
            value_worth, cover_worth = way.totals.worths(part, whole)
            for own_rungs, gained in own.values.items():
                left = way.rungs - rungs - own_rungs
                if left < 0 or value + gained < need:
                    continue
                if _is_beaten(
                    self._stair(spare, left),
                    way.totals.value - value_worth * (value + gained),
                    way.totals.covered - cover_worth * (covered + own.covered),
                ):
                    return True
        return False

    def _stair(self, steps: int, rungs: int) -> _Stair:
        if (steps, rungs) not in self._stairs:
            stair: _Stair = []
            for point in self._points:
                if point[0] <= steps and point[1] <= rungs and not _is_beaten(stair, point[2], point[3]):
                    _put(stair, point[2], point[3])
            self._stairs[steps, rungs] = stair
        return self._stairs[steps, rungs]
