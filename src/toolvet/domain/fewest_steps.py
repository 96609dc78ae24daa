"""The fewest steps that bring the figures over their thresholds, exactly up to six.

A step raises one question by one rung, or answers one open question at any rung. Among plans with equally few steps
the one with the lowest sum of rungs wins, then the one whose questions come first in the rubric.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, lcm

from toolvet.domain.rubric import Axis, Criterion, Question, Thresholds
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.domain.scoring import UNITS

MOST_STEPS = 6
"""A plan with more steps is no advice."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A question as the search sees it: place in the rubric, whole-number weight, and level (None while open).

    A required slot must move: it is below `least`, the lowest rung allowed, or was "not applicable" and is now to be
    answered.
    """

    index: int
    question: Question
    weight: int
    level: int | None
    required: bool = False
    least: int = 0


@dataclass(frozen=True, slots=True)
class CriterionSlots:
    """One criterion: its slots, its sums at the start, the sum to reach, and the worth of one unit."""

    slots: tuple[Slot, ...]
    value: int
    covered: int
    need: int
    worth: int


@dataclass(frozen=True, slots=True, order=True)
class MovePlan:
    """A set of moves; the better one sorts first: sum of rungs, then places in the rubric, then rungs."""

    rungs: int = 0
    places: tuple[int, ...] = ()
    moves: tuple[tuple[int, int], ...] = ()

    def with_move(self, index: int, rung: int, steps: int) -> MovePlan:
        return MovePlan(
            self.rungs + rung,
            tuple(sorted(self.places + (index,) * steps)),
            tuple(sorted((*self.moves, (index, rung)))),
        )

    def joined(self, other: MovePlan) -> MovePlan:
        return MovePlan(
            self.rungs + other.rungs,
            tuple(sorted(self.places + other.places)),
            tuple(sorted(self.moves + other.moves)),
        )


# For each number of steps, the plans by what they add up to: (value, covered weight).
_Front = list[dict[tuple[int, int], MovePlan]]


@dataclass(frozen=True, slots=True)
class SearchProblem:
    """The criteria that count, and the overall value and covered weight to reach."""

    parts: tuple[CriterionSlots, ...]
    need_value: int
    need_covered: int


def value_at(slot: Slot, level: int) -> int:
    return slot.weight * (UNITS * level // slot.question.top)


def is_reachable(problem: SearchProblem) -> bool:
    """Whether all slots at the top would be enough."""
    total = covered = 0
    for part in problem.parts:
        gain = sum(value_at(slot, slot.question.top) - value_at(slot, slot.level or 0) for slot in part.slots)
        if part.value + gain < part.need:
            return False
        total += part.worth * (part.value + gain)
        covered += part.worth * (part.covered + sum(slot.weight for slot in part.slots if slot.level is None))
    return total >= problem.need_value and covered >= problem.need_covered


def solve(problem: SearchProblem) -> tuple[int, MovePlan] | None:
    """The fewest steps and the best plan with that many; None if six are not enough."""
    tops = [_front(part, MOST_STEPS, tops_only=True) for part in problem.parts]
    steps = _fewest(problem, tops)
    if steps is None:
        return None
    if steps == 0:
        return 0, MovePlan()
    fronts = [_front(part, steps, tops_only=False) for part in problem.parts]
    return steps, _best_plan(problem, fronts, _best_rests(problem, tops), steps)


def _front(part: CriterionSlots, most: int, *, tops_only: bool) -> _Front:
    """What the criterion can add up to within so many steps, by plans that reach its own need."""
    front: _Front = [{} for _ in range(most + 1)]
    front[0][(part.value, part.covered)] = MovePlan()
    for slot in _candidates(part, most):
        options = tuple(_options(slot, most, tops_only=tops_only))
        grown: _Front = [{} if slot.required else dict(plans) for plans in front]
        for used, plans in enumerate(front):
            for steps, rung, value, covered in options:
                if used + steps <= most:
                    _extend(grown[used + steps], plans, (value, covered), slot.index, rung, steps)
        front = [_undominated(plans) for plans in grown] if tops_only else grown
    return [{at: plan for at, plan in plans.items() if at[0] >= part.need} for plans in front]


def _extend(
    into: dict[tuple[int, int], MovePlan],
    plans: Mapping[tuple[int, int], MovePlan],
    gain: tuple[int, int],
    index: int,
    rung: int,
    steps: int,
) -> None:
    for (value, covered), plan in plans.items():
        at = (value + gain[0], covered + gain[1])
        longer = plan.with_move(index, rung, steps)
        known = into.get(at)
        if known is None or longer < known:
            into[at] = longer


def _candidates(part: CriterionSlots, most: int) -> Iterator[Slot]:
    """The slots worth trying: the first of those alike in weight, ladder and level."""
    seen: dict[tuple[int, int, int | None, int], int] = {}
    for slot in part.slots:
        kind = (slot.weight, slot.question.top, slot.level, slot.least)
        seen[kind] = seen.get(kind, 0) + 1
        if slot.required or seen[kind] <= most:
            yield slot


def _options(slot: Slot, most: int, *, tops_only: bool) -> Iterator[tuple[int, int, int, int]]:
    """(steps, rung, gain in value, gain in covered weight) for each way to move this slot."""
    top = slot.question.top
    if slot.level is None:
        for rung in range(top if tops_only else slot.least, top + 1):
            yield 1, rung, value_at(slot, rung), slot.weight
        return
    for rung in range(slot.level + 1, min(top, slot.level + most) + 1):
        yield rung - slot.level, rung, value_at(slot, rung) - value_at(slot, slot.level), 0


def _undominated(plans: Mapping[tuple[int, int], MovePlan]) -> dict[tuple[int, int], MovePlan]:
    kept: dict[tuple[int, int], MovePlan] = {}
    highest = -1
    for (value, covered), plan in sorted(plans.items(), key=lambda item: item[0], reverse=True):
        if covered > highest:
            highest = covered
            kept[(value, covered)] = plan
    return kept


def _fewest(problem: SearchProblem, tops: Sequence[_Front]) -> int | None:
    reached: list[set[tuple[int, int]]] = [{(0, 0)}, *(set() for _ in range(MOST_STEPS))]
    for part, front in zip(problem.parts, tops, strict=True):
        joined: list[set[tuple[int, int]]] = [set() for _ in range(MOST_STEPS + 1)]
        for used, sums in enumerate(reached):
            for steps in range(MOST_STEPS + 1 - used):
                joined[used + steps].update(
                    (total + part.worth * value, covered_total + part.worth * covered)
                    for total, covered_total in sums
                    for value, covered in front[steps]
                )
        reached = joined
    for steps, sums in enumerate(reached):
        if any(total >= problem.need_value and covered >= problem.need_covered for total, covered in sums):
            return steps
    return None


def _best_rests(problem: SearchProblem, tops: Sequence[_Front]) -> list[list[tuple[int, int] | None]]:
    """For each criterion and number of steps, the most (value, covered) that later criteria can still add."""
    rest: list[tuple[int, int] | None] = [(0, 0)] * (MOST_STEPS + 1)
    rests = [rest]
    for part, front in zip(reversed(problem.parts), reversed(tops), strict=True):
        rest = [_most(part, front, rest, steps) for steps in range(MOST_STEPS + 1)]
        rests.insert(0, rest)
    return rests[1:]


def _most(
    part: CriterionSlots, front: _Front, rest: Sequence[tuple[int, int] | None], steps: int
) -> tuple[int, int] | None:
    sums = [
        (behind[0] + part.worth * value, behind[1] + part.worth * covered)
        for own in range(steps + 1)
        if (behind := rest[steps - own]) is not None
        for value, covered in front[own]
    ]
    if not sums:
        return None
    return max(value for value, _ in sums), max(covered for _, covered in sums)


def _best_plan(
    problem: SearchProblem, fronts: Sequence[_Front], rests: Sequence[Sequence[tuple[int, int] | None]], steps: int
) -> MovePlan:
    reached: _Front = [{(0, 0): MovePlan()}, *({} for _ in range(steps))]
    for part, front, rest in zip(problem.parts, fronts, rests, strict=True):
        joined: _Front = [{} for _ in range(steps + 1)]
        for used in range(steps + 1):
            for own in range(steps + 1 - used):
                behind = rest[steps - used - own]
                if behind is not None:
                    lowest = (problem.need_value - behind[0], problem.need_covered - behind[1])
                    _join(joined[used + own], reached[used], front[own], part.worth, lowest)
        reached = joined
    return min(
        plan
        for (value, covered), plan in reached[steps].items()
        if value >= problem.need_value and covered >= problem.need_covered
    )


def _join(
    into: dict[tuple[int, int], MovePlan],
    plans: Mapping[tuple[int, int], MovePlan],
    own: Mapping[tuple[int, int], MovePlan],
    worth: int,
    lowest: tuple[int, int],
) -> None:
    for (total, covered_total), plan in plans.items():
        for (value, covered), part_plan in own.items():
            at = (total + worth * value, covered_total + worth * covered)
            if at[0] < lowest[0] or at[1] < lowest[1]:
                continue
            joined = plan.joined(part_plan)
            known = into.get(at)
            if known is None or joined < known:
                into[at] = joined


@dataclass(frozen=True, slots=True)
class Goal:
    """The thresholds to reach by the floors and with that coverage, or (for hold) by the ceilings alone.

    With `no_control_zero` no question on the control axis may be at level 0. `at_least` are the lowest levels at which
    open questions may be found, by id.
    """

    thresholds: Thresholds
    covered: Fraction
    by_ceiling: bool = False
    no_control_zero: bool = False
    at_least: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    question: Question
    rung: int
    steps: int
    was_open: bool


def fewest_moves(scorecard: Scorecard, goal: Goal, levels: Mapping[str, int]) -> tuple[tuple[Move, ...] | None, bool]:
    """The moves, None if they take over six steps, and whether the goal can be reached at all.

    `levels` are levels to assume, by question id.
    """
    best: tuple[int, MovePlan] | None = None
    reachable = False
    for reopened in _reopenings(scorecard, goal, levels):
        if best is not None and len(reopened) > best[0]:
            break
        problem = _problem(scorecard, goal, levels, reopened)
        if problem is None:
            continue
        reachable = reachable or is_reachable(problem)
        found = solve(problem)
        if found is not None and (best is None or found < best):
            best = found
    if best is None:
        return None, reachable
    return tuple(_moves(best[1], scorecard, levels)), True


def _moves(plan: MovePlan, scorecard: Scorecard, levels: Mapping[str, int]) -> Iterator[Move]:
    for index, rung in plan.moves:
        scored = scorecard.questions[index]
        level = _level(scored, levels)
        yield Move(scored.question, rung, 1 if level is None else rung - level, was_open=level is None)


def _level(scored: QuestionScore, levels: Mapping[str, int]) -> int | None:
    if scored.question.id in levels:
        return levels[scored.question.id]
    return scored.level if scored.state is AnswerState.ANSWERED else None


def _is_left_out(scored: QuestionScore, levels: Mapping[str, int]) -> bool:
    return (
        scored.applies is not False and scored.state is AnswerState.NOT_APPLICABLE and scored.question.id not in levels
    )


def _reopenings(scorecard: Scorecard, goal: Goal, levels: Mapping[str, int]) -> list[frozenset[int]]:
    """The choices of "not applicable" questions to answer after all, the smallest first.

    Each brings every criterion within the limit with at most six answers. The last choice is all of them, which shows
    whether the goal can be reached even where six are not enough.
    """
    if goal.by_ceiling:
        return [frozenset()]
    chosen: list[frozenset[int]] = [frozenset()]
    everything: frozenset[int] = frozenset()
    limit = scorecard.rubric.policy.not_applicable_limit
    for _, indexes in _indexes(scorecard):
        left_out = [index for index in indexes if _is_left_out(scorecard.questions[index], levels)]
        weights = {index: scorecard.questions[index].question.weight for index in indexes}
        applicable = sum(weight for index, weight in weights.items() if _may_apply(scorecard, index))
        surplus = sum(weights[index] for index in left_out) - limit * applicable / 100
        if surplus <= 0:
            continue
        everything = everything.union(left_out)
        own = tuple(_within_limit(scorecard, left_out, surplus))
        chosen = [mine | theirs for mine in chosen for theirs in own if len(mine) + len(theirs) <= MOST_STEPS]
    if scorecard.overall is None and not everything:
        # Everything is "not applicable" and within the limit: one question has to count, no matter which.
        away = [index for index, scored in enumerate(scorecard.questions) if _is_left_out(scored, levels)]
        return [frozenset((index,)) for index in away] if not levels else [frozenset()]
    return [*sorted(chosen, key=len), everything]


def _within_limit(scorecard: Scorecard, left_out: Sequence[int], surplus: Fraction) -> Iterator[frozenset[int]]:
    """The choices within one criterion that remove the surplus.

    Questions of equal weight and ladder are interchangeable: two of them means the first two.
    """
    weights = {index: scorecard.questions[index].question.weight for index in left_out}
    if sum(sorted(weights.values(), reverse=True)[:MOST_STEPS]) < surplus:
        return
    alike: dict[tuple[Fraction, int, Axis | None], list[int]] = {}
    for index in left_out:
        scored = scorecard.questions[index]
        alike.setdefault((weights[index], scored.question.top, scored.axis), []).append(index)
    for chosen in _choices(tuple(tuple(group) for group in alike.values()), MOST_STEPS):
        if sum(weights[index] for index in chosen) >= surplus:
            yield frozenset(chosen)


def _choices(groups: Sequence[tuple[int, ...]], most: int) -> Iterator[tuple[int, ...]]:
    """Every way to take the first few of each group, up to `most` in all."""
    if not groups:
        yield ()
        return
    for count in range(min(most, len(groups[0])) + 1):
        for rest in _choices(groups[1:], most - count):
            yield groups[0][:count] + rest


def _may_apply(scorecard: Scorecard, index: int) -> bool:
    return scorecard.questions[index].applies is not False


def _problem(
    scorecard: Scorecard, goal: Goal, levels: Mapping[str, int], reopened: frozenset[int]
) -> SearchProblem | None:
    """The sums and needs in whole numbers; None where too much is "not applicable", or nothing counts."""
    policy = scorecard.rubric.policy
    sized: list[tuple[Criterion, tuple[Slot, ...], int]] = []
    for criterion, indexes in _indexes(scorecard):
        applicable = [index for index in indexes if _may_apply(scorecard, index)]
        unit = lcm(*(scorecard.questions[index].question.weight.denominator for index in applicable))
        slots = tuple(_slot(index, scorecard, goal, levels, reopened, unit) for index in applicable)
        counted = tuple(slot for slot in slots if slot is not None)
        whole = sum(slot.weight for slot in counted)
        all_weight = sum(int(scorecard.questions[index].question.weight * unit) for index in applicable)
        if not goal.by_ceiling and 100 * (all_weight - whole) > policy.not_applicable_limit * all_weight:
            return None
        if whole:
            sized.append((criterion, counted, whole))
    if not sized:
        return None
    worths = [criterion.weight / (UNITS * whole) for criterion, _, whole in sized]
    scale = lcm(*(worth.denominator for worth in worths))
    weights = sum(criterion.weight for criterion, _, _ in sized)
    skip_ceilings = goal.by_ceiling and bool(scorecard.scope_open)
    thresholds = Thresholds(Fraction(0), Fraction(0)) if skip_ceilings else goal.thresholds
    return SearchProblem(
        parts=tuple(
            _part(slots, whole, thresholds.criterion, int(worth * scale), by_ceiling=goal.by_ceiling)
            for (_, slots, whole), worth in zip(sized, worths, strict=True)
        ),
        need_value=ceil(thresholds.overall * weights * scale / 100),
        need_covered=ceil(goal.covered * weights * scale / (100 * UNITS)),
    )


def _indexes(scorecard: Scorecard) -> Iterator[tuple[Criterion, range]]:
    start = 0
    for scored in scorecard.criteria:
        end = start + len(scored.criterion.questions)
        yield scored.criterion, range(start, end)
        start = end


def _slot(
    index: int,
    scorecard: Scorecard,
    goal: Goal,
    levels: Mapping[str, int],
    reopened: frozenset[int],
    unit: int,
) -> Slot | None:
    scored = scorecard.questions[index]
    is_reopened = index in reopened
    if _is_left_out(scored, levels) and not is_reopened:
        return None
    weight = int(scored.question.weight * unit)
    level = _level(scored, levels)
    least = max(int(goal.no_control_zero and scored.axis is Axis.CONTROL), goal.at_least.get(scored.question.id, 0))
    is_too_low = level is not None and level < least
    return Slot(index, scored.question, weight, level, required=is_reopened or is_too_low, least=least)


def _part(slots: tuple[Slot, ...], whole: int, threshold: Fraction, worth: int, *, by_ceiling: bool) -> CriterionSlots:
    value = sum(value_at(slot, slot.level) for slot in slots if slot.level is not None)
    if by_ceiling:
        value += sum(slot.weight * UNITS for slot in slots if slot.level is None)
        slots = tuple(slot for slot in slots if slot.level is not None)
    return CriterionSlots(
        slots=slots,
        value=value,
        covered=sum(slot.weight for slot in slots if slot.level is not None),
        need=ceil(threshold * whole * UNITS / 100),
        worth=worth,
    )
