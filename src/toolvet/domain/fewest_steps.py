"""The fewest steps that bring the figures over their thresholds, exact up to six steps.

A step raises one question by one rung, or answers one open question at any rung. Among plans with equally few steps
the one with the lowest sum of rungs wins, then the one whose questions come first in the rubric.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from fractions import Fraction
from math import ceil, lcm

from toolvet.domain.rubric import Axis, Criterion, Question, Thresholds
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.domain.scoring import UNITS
from toolvet.domain.step_plans import MovePlan, solve
from toolvet.domain.step_search import MOST_STEPS, SearchPart, SearchProblem, Slot
from toolvet.values import dataclass


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


@dataclass(frozen=True, slots=True)
class FewestMoves:
    """How few steps do at least, and the moves; None where they are over six or were not worked out."""

    least: int
    moves: tuple[Move, ...] | None


def fewest_moves(scorecard: Scorecard, goal: Goal, levels: Mapping[str, int]) -> FewestMoves | None:
    """The fewest moves to the goal; None where it cannot be reached.

    `levels` are levels to assume, by question id.
    """
    problems = [
        problem
        for reopened in _reopenings(scorecard, goal, levels)
        if (problem := _problem(scorecard, goal, levels, reopened)) is not None
    ]
    found = [solution for problem in problems if (solution := solve(problem)) is not None]
    if not found:
        is_reachable = any(problem.is_reachable() for problem in problems)
        return FewestMoves(MOST_STEPS + 1, None) if is_reachable else None
    least = min(solution.steps for solution in found)
    plans = [solution.plan for solution in found if solution.steps == least]
    known = [plan for plan in plans if plan is not None]
    if len(known) < len(plans):
        return FewestMoves(least, None)
    return FewestMoves(least, tuple(_moves(min(known), scorecard, levels)))


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


def _reopenings(scorecard: Scorecard, goal: Goal, levels: Mapping[str, int]) -> list[int | None]:
    """The one question to answer after all where every one is "not applicable", each in turn; else a single None.

    Where too many are "not applicable", the search chooses among those.
    """
    if goal.by_ceiling or scorecard.overall is not None or levels:
        return [None]
    if any(_surplus(scorecard, indexes, levels) > 0 for _, indexes in _indexes(scorecard)):
        return [None]
    return [index for index, scored in enumerate(scorecard.questions) if _is_left_out(scored, levels)]


def _surplus(scorecard: Scorecard, indexes: range, levels: Mapping[str, int]) -> Fraction:
    """The weight of "not applicable" that is over the limit."""
    questions = [scorecard.questions[index] for index in indexes]
    left_out = sum(scored.question.weight for scored in questions if _is_left_out(scored, levels))
    applicable = sum(scored.question.weight for scored in questions if scored.applies is not False)
    return left_out - scorecard.rubric.policy.not_applicable_limit * Fraction(applicable) / 100


def _problem(scorecard: Scorecard, goal: Goal, levels: Mapping[str, int], reopened: int | None) -> SearchProblem | None:
    """The sums and needs in whole numbers; None where nothing counts."""
    skip_ceilings = goal.by_ceiling and bool(scorecard.scope_open)
    thresholds = Thresholds(Fraction(0), Fraction(0)) if skip_ceilings else goal.thresholds
    parts = []
    for criterion, indexes in _indexes(scorecard):
        applicable = [index for index in indexes if scorecard.questions[index].applies is not False]
        surplus = Fraction(0) if goal.by_ceiling else max(Fraction(0), _surplus(scorecard, indexes, levels))
        unit = lcm(*(scorecard.questions[index].question.weight.denominator for index in applicable))
        slots = tuple(
            _slot(index, scorecard, goal, levels, unit, is_reopened=index == reopened)
            for index in applicable
            if surplus or index == reopened or not _is_left_out(scorecard.questions[index], levels)
        )
        if slots:
            part = _part(slots, criterion, thresholds.criterion, by_ceiling=goal.by_ceiling)
            parts.append(replace(part, surplus=ceil(surplus * unit)))
    if not parts:
        return None
    weights = sum((part.weight for part in parts), Fraction(0))
    return SearchProblem(tuple(parts), thresholds.overall * weights / 100, goal.covered * weights / 100)


def _indexes(scorecard: Scorecard) -> Iterator[tuple[Criterion, range]]:
    start = 0
    for scored in scorecard.criteria:
        end = start + len(scored.criterion.questions)
        yield scored.criterion, range(start, end)
        start = end


def _slot(
    index: int, scorecard: Scorecard, goal: Goal, levels: Mapping[str, int], unit: int, *, is_reopened: bool
) -> Slot:
    scored = scorecard.questions[index]
    level = _level(scored, levels)
    least = max(int(goal.no_control_zero and scored.axis is Axis.CONTROL), goal.at_least.get(scored.question.id, 0))
    return Slot(
        index=index,
        weight=int(scored.question.weight * unit),
        top=scored.question.top,
        level=level,
        least=least,
        required=is_reopened or (level is not None and level < least),
        left_out=_is_left_out(scored, levels) and not is_reopened,
    )


def _part(slots: tuple[Slot, ...], criterion: Criterion, threshold: Fraction, *, by_ceiling: bool) -> SearchPart:
    value = sum(slot.unit * slot.level for slot in slots if slot.level is not None)
    if by_ceiling:
        value += sum(slot.weight * UNITS for slot in slots if slot.level is None)
    return SearchPart(
        slots=tuple(slot for slot in slots if slot.level is not None) if by_ceiling else slots,
        value=value,
        covered=sum(slot.weight for slot in slots if slot.level is not None),
        whole=sum(slot.weight for slot in slots if not slot.left_out),
        weight=criterion.weight,
        threshold=threshold,
    )
