"""The search for the fewest steps: right, bounded in work, and honest where it gives up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.advice import Advice, advise
from toolvet.domain.assessment import Answer
from toolvet.domain.rubric import Axis, Policy
from toolvet.domain.step_plans import MovePlan, Solution, solve
from toolvet.domain.step_search import MOST_STEPS, SearchPart, SearchProblem, Slot

DAY = date(2026, 11, 21)
NOT_OURS = Answer(not_applicable="Not ours.")


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_is_the_first_of_all_plans(seed: int) -> None:
    problem = _drawn(Random(seed))
    found = solve(problem)
    assert (found and found.plan) == _first_of_all(problem)


def _drawn(random: Random) -> SearchProblem:
    """Two criteria of three questions with weights that never repeat, one question of each not applicable."""
    weights = random.sample(range(1, 20), 6)
    parts = tuple(
        _part(random, [_slot(random, index, weights[index]) for index in range(start, start + 3)]) for start in (0, 3)
    )
    weight = sum((part.weight for part in parts), Fraction(0))
    return SearchProblem(parts, weight * random.randint(30, 80) / 100, weight * random.randint(30, 100) / 100)


def _slot(random: Random, index: int, weight: int) -> Slot:
    top = random.choice((1, 2, 3))
    level = None if index % 3 == 0 or random.random() < 0.4 else random.randrange(top)
    return Slot(index, weight, top, level, left_out=index % 3 == 0)


def _part(random: Random, slots: list[Slot]) -> SearchPart:
    counting = [slot for slot in slots if not slot.left_out]
    return SearchPart(
        slots=tuple(slots),
        value=sum(slot.unit * (slot.level or 0) for slot in slots),
        covered=sum(slot.weight for slot in slots if slot.level is not None),
        whole=sum(slot.weight for slot in counting),
        weight=Fraction(random.randint(1, 9)),
        threshold=Fraction(random.randint(0, 50)),
        surplus=random.choice((0, 1)),
    )


def _first_of_all(problem: SearchProblem) -> MovePlan | None:
    """The best of every way to move every slot."""
    ladders = [_rungs(slot) for part in problem.parts for slot in part.slots]
    plans = [_plan(problem, rungs) for rungs in product(*ladders) if _is_enough(problem, rungs)]
    return min((plan for plan in plans if plan.steps <= MOST_STEPS), default=None)


def _rungs(slot: Slot) -> list[int | None]:
    return [None, *range(slot.top + 1)] if slot.level is None else [*range(slot.level, slot.top + 1)]


def _is_enough(problem: SearchProblem, rungs: Sequence[int | None]) -> bool:
    value = covered = Fraction(0)
    place = 0
    for part in problem.parts:
        own = list(zip(part.slots, rungs[place:], strict=False))
        place += len(own)
        whole = sum(slot.weight for slot, rung in own if rung is not None or not slot.left_out)
        weighed = sum(Fraction(slot.weight * (rung or 0), slot.top) for slot, rung in own)
        answered = sum(slot.weight for slot, rung in own if rung is not None)
        taken = sum(slot.weight for slot, rung in own if rung is not None and slot.left_out)
        if taken < part.surplus or 100 * weighed < part.threshold * whole:
            return False
        value += part.weight * weighed / whole
        covered += part.weight * answered / whole
    return value >= problem.value and covered >= problem.covered


def _plan(problem: SearchProblem, rungs: Sequence[int | None]) -> MovePlan:
    slots = [slot for part in problem.parts for slot in part.slots]
    moves = [(slot, rung) for slot, rung in zip(slots, rungs, strict=True) if rung not in (None, slot.level)]
    steps = [1 if slot.level is None else (rung or 0) - slot.level for slot, rung in moves]
    return MovePlan(
        sum(steps),
        sum(rung or 0 for _, rung in moves),
        tuple(slot.index for (slot, _), count in zip(moves, steps, strict=True) for _ in range(count)),
        tuple((slot.index, rung or 0) for slot, rung in moves),
    )


def _brief(way: Advice) -> tuple[int | None, int]:
    return way.further_steps, way.steps_at_least


def test_twelve_questions_with_weights_that_never_repeat() -> None:
    weights = (1, 2, 3, 5, 7, 8, 11, 13, 14, 17, 18, 19)
    rubric = make_rubric(make_criterion("a", *(make_question(f"q{weight:02}", weight=weight) for weight in weights)))
    ways = advise(rubric, make_assessment({"q01": 3, "q02": 3}), DAY)
    assert [way.further_steps for way in ways] == [6, 6]


def test_four_criteria_of_fifteen_questions() -> None:
    random = Random(3)
    criteria = [
        make_criterion(f"c{c}", *(make_question(f"c{c}q{q:02}", weight=random.randint(1, 19)) for q in range(15)))
        for c in range(4)
    ]
    levels = {question.id: 3 for criterion in criteria for question in criterion.questions[:11]}
    assert [_brief(way) for way in advise(make_rubric(*criteria), make_assessment(levels), DAY)] == [(1, 7), (5, 7)]


def test_thirty_questions_not_applicable_with_weights_that_never_repeat() -> None:
    away = [make_question(f"q{weight:02}", weight=weight) for weight in range(1, 31)]
    answered = [make_question(f"a{weight:02}", weight=3 * weight) for weight in range(1, 31)]
    rubric = make_rubric(make_criterion("a", *away, *answered), policy=Policy(not_applicable_limit=Fraction(20)))
    answers = {question.id: NOT_OURS for question in away} | {question.id: 3 for question in answered}
    assert [_brief(way) for way in advise(rubric, make_assessment(answers), DAY)] == [(4, 7)]


def test_steps_are_counted_also_where_finding_them_takes_too_much_work() -> None:
    # Thirty weights of which no two sums are alike leave more sums than the search may try.
    slots = tuple(Slot(index, 1000 + index**4, 6, None, left_out=True) for index in range(40))
    part = SearchPart(slots, 60 * 10_000_000, 10_000_000, 10_000_000, Fraction(1), Fraction(90), surplus=8_000_000)
    assert solve(SearchProblem((part,), Fraction(9, 10), Fraction(1, 2))) == Solution(5, None)


def test_more_levels_of_0_in_control_than_six_steps_can_raise() -> None:
    away = [make_question(f"away{number}") for number in range(8)]
    zeros = [make_question(f"zero{number}", axis=Axis.CONTROL) for number in range(8)]
    others = [make_question(f"other{number}", weight=20) for number in range(5)]
    still_open = [make_question(f"open{number}") for number in range(6)]
    policy = Policy(not_applicable_limit=Fraction(5))
    rubric = make_rubric(make_criterion("a", *away, *zeros, *others, *still_open), policy=policy)
    answers = {each.id: NOT_OURS for each in away} | {each.id: 0 for each in zeros} | {each.id: 3 for each in others}
    assert [_brief(way) for way in advise(rubric, make_assessment(answers), DAY)] == [(2, 7), (None, 7)]
