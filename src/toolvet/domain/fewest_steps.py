"""The fewest steps that bring the figures over their thresholds, exactly up to six.

A step raises one question by one rung, or answers one open question at a rung of choice. Among plans of equally few
steps the one with the lowest rungs in sum wins, then the one whose questions come first in the rubric.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

from toolvet.domain.rubric import Axis, Criterion, Question, Thresholds
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.domain.scoring import UNITS
from toolvet.domain.step_search import MOST_STEPS, Part, Plan, Problem, Slot, is_reachable, solve, value_at


@dataclass(frozen=True, slots=True)
class Goal:
    """The thresholds to reach: by the floors, with that coverage, or (for hold) by the ceilings alone.

    With `no_control_zero` no question of the control axis may be left, or found, at level 0.
    """

    thresholds: Thresholds
    covered: Fraction
    by_ceiling: bool = False
    no_control_zero: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A question brought to a rung, and the steps that takes."""

    question: Question
    rung: int
    steps: int
    was_open: bool


def fewest_moves(scorecard: Scorecard, goal: Goal, levels: Mapping[str, int]) -> tuple[tuple[Move, ...] | None, bool]:
    """The moves, and whether the goal can be reached at all; None instead of moves where it takes over six steps.

    `levels`: questions, by id, that are taken to be at that level already.
    """
    best: tuple[int, Plan] | None = None
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


def _moves(plan: Plan, scorecard: Scorecard, levels: Mapping[str, int]) -> Iterator[Move]:
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

    Each brings every criterion within the limit by at most six answers. The last is all of them, so that whether the
    goal can be reached is known even where six are not enough.
    """
    if goal.by_ceiling:
        return [frozenset()]
    chosen: list[frozenset[int]] = [frozenset()]
    everything: frozenset[int] = frozenset()
    for _, indexes in _indexes(scorecard):
        left_out = [index for index in indexes if _is_left_out(scorecard.questions[index], levels)]
        surplus = _surplus(scorecard, indexes, left_out)
        if surplus <= 0:
            continue
        everything = everything.union(left_out)
        own = tuple(_within_limit(scorecard, left_out, surplus))
        chosen = [mine | theirs for mine in chosen for theirs in own if len(mine) + len(theirs) <= MOST_STEPS]
    if scorecard.overall is None and not everything:
        # All is "not applicable" and within the limit: one question has to count, whichever it is
        away = [index for index, scored in enumerate(scorecard.questions) if _is_left_out(scored, levels)]
        return [frozenset((index,)) for index in away] if not levels else [frozenset()]
    return [*sorted(chosen, key=len), everything]


def _surplus(scorecard: Scorecard, indexes: Iterable[int], left_out: Iterable[int]) -> Fraction:
    """The weight that is "not applicable" beyond the limit."""
    whole = sum(scorecard.questions[index].question.weight for index in indexes if _may_apply(scorecard, index))
    limit = scorecard.rubric.policy.not_applicable_limit
    return sum(scorecard.questions[index].question.weight for index in left_out) - limit * whole / 100


def _within_limit(scorecard: Scorecard, left_out: Sequence[int], surplus: Fraction) -> Iterator[frozenset[int]]:
    """The choices, in one criterion, that take the surplus away.

    Questions of equal weight and ladder stand for each other: so many of them means the first so many.
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
    """Every way to take the first few of each group, so many in all at the most."""
    if not groups:
        yield ()
        return
    for count in range(min(most, len(groups[0])) + 1):
        for rest in _choices(groups[1:], most - count):
            yield groups[0][:count] + rest


def _may_apply(scorecard: Scorecard, index: int) -> bool:
    return scorecard.questions[index].applies is not False


def _problem(scorecard: Scorecard, goal: Goal, levels: Mapping[str, int], reopened: frozenset[int]) -> Problem | None:
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
    return Problem(
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
    least = int(goal.no_control_zero and scored.axis is Axis.CONTROL)
    is_too_low = level is not None and level < least
    return Slot(index, scored.question, weight, level, required=is_reopened or is_too_low, least=least)


def _part(slots: tuple[Slot, ...], whole: int, threshold: Fraction, worth: int, *, by_ceiling: bool) -> Part:
    value = sum(value_at(slot, slot.level) for slot in slots if slot.level is not None)
    if by_ceiling:
        value += sum(slot.weight * UNITS for slot in slots if slot.level is None)
        slots = tuple(slot for slot in slots if slot.level is not None)
    return Part(
        slots=slots,
        value=value,
        covered=sum(slot.weight for slot in slots if slot.level is not None),
        need=ceil(threshold * whole * UNITS / 100),
        worth=worth,
    )
