"""What would change the verdict: what is needed in any case, then the fewest further steps.

Each way is scored again as if it had been taken, and named after the verdict that results.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import product
from math import prod

from toolvet.domain.assessment import Assessment, Evidence, Grade, at_level
from toolvet.domain.comparison import Candidate, rank
from toolvet.domain.fewest_steps import Goal, Move, fewest_moves
from toolvet.domain.rubric import Question, Rubric, ScopeFact, Thresholds
from toolvet.domain.scorecard import (
    AnswerState,
    MustHave,
    MustHaveState,
    QuestionScore,
    Scorecard,
    Verdict,
    counted_weights,
)
from toolvet.domain.scoring import is_proven, score
from toolvet.domain.step_search import MOST_STEPS
from toolvet.values import dataclass

MOST_SCOPES = 64
"""More combinations of open facts than these are not tried."""


class StepKind(StrEnum):
    SCOPE = "scope"
    FIND_OUT = "find-out"
    RAISE = "raise"
    SUPPORT = "support"
    PROVE = "prove"
    NOT_YET_CURRENT = "not-yet-current"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: give a scope fact, find out or raise a level, wait for a date, or give evidence.

    `rung` is the level to find or to raise to, and `steps` how many steps that counts as (a raise by two rungs is two).
    `evidence` is SUPPORT or PROVE where the step takes evidence too. `is_idle` marks a fact that changes nothing.
    """

    kind: StepKind
    question: Question | None = None
    fact: ScopeFact | None = None
    rung: int | None = None
    steps: int = 1
    evidence: StepKind | None = None
    is_idle: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdicts that one option can lead to, the best first. `is_idle`: the choice never matters."""

    fact: ScopeFact
    option: str
    verdicts: tuple[Verdict, ...]
    is_idle: bool


def followed(assessment: Assessment, steps: Sequence[Step], on: date) -> Assessment:
    """Do these steps on that day. Scope facts stay as they are."""
    for step in steps:
        if step.question is None:
            continue
        answer = assessment.answer(step.question.id)
        if step.rung is not None:
            answer = at_level(answer, step.rung, on)
        given = step.evidence or step.kind
        if given in (StepKind.SUPPORT, StepKind.PROVE):
            grade = Grade.TESTED if given is StepKind.PROVE else Grade.CLAIM
            answer = replace(answer, evidence=(*answer.evidence, Evidence("to be provided", grade, on)))
        assessment = assessment.with_answer(step.question.id, answer)
    return assessment


def outcomes_of(
    rubric: Rubric, assessment: Assessment, facts: Sequence[ScopeFact], on: date
) -> tuple[Outcome, ...] | None:
    """Try every option of these facts with every option of the others; None where there are too many."""
    if prod(len(fact.options) for fact in facts) > MOST_SCOPES:
        return None
    verdicts: dict[tuple[str, ...], Verdict] = {}
    for options in product(*(fact.options for fact in facts)):
        scope = {**assessment.scope, **dict(zip((fact.id for fact in facts), options, strict=True))}
        verdicts[options] = score(rubric, replace(assessment, scope=scope), on).verdict
    found = []
    for place, fact in enumerate(facts):
        is_idle = _is_idle(place, verdicts)
        for option in fact.options:
            reached = {verdict for options, verdict in verdicts.items() if options[place] == option}
            ordered = tuple(sorted(reached, key=lambda verdict: verdict.rank))
            found.append(Outcome(fact, option, ordered, is_idle))
    return tuple(found)


def _is_idle(place: int, verdicts: dict[tuple[str, ...], Verdict]) -> bool:
    """Whether the option at that place never changes the verdict."""
    by_others: dict[tuple[str, ...], set[Verdict]] = {}
    for options, verdict in verdicts.items():
        by_others.setdefault((*options[:place], *options[place + 1 :]), set()).add(verdict)
    return all(len(reached) == 1 for reached in by_others.values())


@dataclass(frozen=True, slots=True)
class Advice:
    """The way to one better verdict.

    `needed` comes first: scope facts, must-haves, evidence. `further` are the fewest steps after that, None from seven
    on and where finding them takes too much work; then there are at least `steps_at_least`. With open scope facts,
    `outcomes` says what each option leads to, unless all lead to `target`; `is_sure` says whether the options could be
    tried. Questions that the scope leaves open are assumed to apply.
    """

    target: Verdict
    needed: tuple[Step, ...]
    further: tuple[Step, ...] | None
    outcomes: tuple[Outcome, ...] = ()
    is_sure: bool = True
    steps_at_least: int = MOST_STEPS + 1

    @property
    def further_steps(self) -> int | None:
        """How many further steps there are; None where they were not worked out."""
        return None if self.further is None else sum(step.steps for step in self.further)


def advise(rubric: Rubric, assessment: Assessment, on: date) -> tuple[Advice, ...]:
    """Find the way to each better verdict within reach, the nearest first."""
    scorecard = score(rubric, assessment, on)
    better = tuple(Verdict)[: scorecard.verdict.rank]
    found: dict[Verdict, Advice] = {}
    for target in reversed(better):
        way = _towards(target, _goal(target, scorecard), scorecard, assessment)
        if way is not None and (way.target is target or way.target not in found):
            found[way.target] = way
    return tuple(found[target] for target in reversed(better) if target in found)


def way_past(leader: Scorecard, scorecard: Scorecard, assessment: Assessment) -> Advice | None:
    """The shortest way found for this tool to rank above the leader; None without one, or while its scope is open.

    It leads to a better verdict than the leader's, or to the same one with a higher floor.
    """
    if scorecard.scope_open:
        return None
    floor = Fraction(0) if leader.overall is None else leader.overall.floor
    ways = []
    for target in tuple(Verdict)[: leader.verdict.rank + 1]:
        if target in (Verdict.HOLD, Verdict.REJECT):
            way = _up_to(target, floor, scorecard, assessment)
        else:
            goal = _goal(target, scorecard)
            higher = _above(floor, goal) if target is leader.verdict else goal
            way = _towards(target, higher, scorecard, assessment)
        if way is not None and (way.further is None or _passes(leader, scorecard, assessment, way)):
            ways.append(way)
    return min(ways, key=_length, default=None)


def _length(way: Advice) -> tuple[bool, int]:
    return way.further is None, len(way.needed) + (way.further_steps or 0)


def _passes(leader: Scorecard, scorecard: Scorecard, assessment: Assessment, way: Advice) -> bool:
    done = followed(assessment, (*way.needed, *(way.further or ())), scorecard.on)
    after = Candidate("after", "", score(scorecard.rubric, done, scorecard.on))
    first, second = rank((Candidate("leader", "", leader), after))
    return first.candidate is after and second.rank > first.rank


_JUST_ABOVE = Fraction(1, 10**12)


def _above(floor: Fraction, goal: Goal) -> Goal:
    overall = max(goal.thresholds.overall, floor + _JUST_ABOVE)
    return replace(goal, thresholds=Thresholds(goal.thresholds.criterion, overall))


def _up_to(target: Verdict, floor: Fraction, scorecard: Scorecard, assessment: Assessment) -> Advice | None:
    """The way to hold or reject, then to a floor above that one, with no open must-have found too low."""
    needed: tuple[Step, ...] = ()
    before: tuple[Step, ...] = ()
    if target.rank < scorecard.verdict.rank:
        way = _towards(target, _goal(target, scorecard), scorecard, assessment)
        if way is None or way.further is None:
            return way
        needed, before = way.needed, way.further
    done = score(scorecard.rubric, followed(assessment, (*needed, *before), scorecard.on), scorecard.on)
    open_ones = {each.question.id: each.may_reach for each in done.must_haves if each.state is not MustHaveState.FAILED}
    goal = Goal(Thresholds(Fraction(0), Fraction(0)), covered=Fraction(0), at_least=open_ones)
    fewest = fewest_moves(done, _above(floor, goal), {})
    if fewest is None:
        return None
    if fewest.moves is None:
        return Advice(target, needed, None, steps_at_least=len(before) + fewest.least)
    return Advice(target, needed, (*before, *_as_steps(fewest.moves)))


def _as_steps(moves: Sequence[Move]) -> tuple[Step, ...]:
    return tuple(
        Step(StepKind.FIND_OUT if move.was_open else StepKind.RAISE, move.question, rung=move.rung, steps=move.steps)
        for move in moves
    )


def _towards(target: Verdict, goal: Goal, scorecard: Scorecard, assessment: Assessment) -> Advice | None:
    """The way to that verdict; None where it is out of reach, or where its way gives a better verdict already."""
    needed = tuple(_needed(target, scorecard, assessment))
    levels = {step.question.id: step.rung for step in needed if step.question is not None and step.rung is not None}
    fewest = fewest_moves(scorecard, goal, levels)
    if fewest is None:
        return None
    if fewest.moves is None:
        return Advice(target, needed, None, is_sure=not scorecard.scope_open, steps_at_least=fewest.least)
    further = _as_steps(fewest.moves)
    if target is Verdict.APPROVE:
        needed = (*needed, *_proofs(scorecard, followed(assessment, (*needed, *further), scorecard.on)))
    return _named(Advice(target, needed, further), scorecard, assessment)


def _named(way: Advice, scorecard: Scorecard, assessment: Assessment) -> Advice | None:
    rubric, on = scorecard.rubric, scorecard.on
    done = followed(assessment, (*way.needed, *(way.further or ())), on)
    if not scorecard.scope_open:
        given = score(rubric, done, on).verdict
        return way if given is way.target else None
    tried = outcomes_of(rubric, done, scorecard.scope_open, on)
    if tried is None:
        return replace(way, is_sure=False)
    verdicts = {verdict for outcome in tried for verdict in outcome.verdicts}
    if len(verdicts) == 1:
        (given,) = verdicts
        idle = tuple(replace(step, is_idle=step.fact is not None) for step in way.needed)
        return replace(way, needed=idle) if given is way.target else None
    idle_facts = {outcome.fact.id for outcome in tried if outcome.is_idle}
    needed = tuple(replace(step, is_idle=step.fact is not None and step.fact.id in idle_facts) for step in way.needed)
    # No option may give what was aimed at: then it is named after the best that one gives.
    target = way.target if way.target in verdicts else min(verdicts, key=lambda verdict: verdict.rank)
    return replace(
        way, target=target, needed=needed, outcomes=tuple(outcome for outcome in tried if not outcome.is_idle)
    )


def _goal(target: Verdict, scorecard: Scorecard) -> Goal:
    policy = scorecard.rubric.policy
    match target:
        case Verdict.APPROVE:
            return Goal(policy.approve, covered=max(policy.coverage, policy.proven), no_control_zero=True)
        case Verdict.APPROVE_WITH_CONDITIONS:
            return Goal(policy.conditional, covered=policy.coverage)
        case _:
            return Goal(policy.conditional, covered=Fraction(0), by_ceiling=True)


def _needed(target: Verdict, scorecard: Scorecard, assessment: Assessment) -> Iterator[Step]:
    if target is Verdict.HOLD:
        for must_have in scorecard.must_haves:
            if must_have.rejects and must_have.question.must_reach is not None:
                yield Step(StepKind.RAISE, must_have.question, rung=must_have.question.must_reach.level)
        return
    for fact in scorecard.scope_open:
        yield Step(StepKind.SCOPE, fact=fact)
    wanted = StepKind.PROVE if target is Verdict.APPROVE else StepKind.SUPPORT
    for must_have in scorecard.must_haves:
        scored = scorecard.question(must_have.question.id)
        step = _must_have_step(must_have, scored, assessment, scorecard.on, wanted)
        if step is not None:
            yield step


def _must_have_step(
    must_have: MustHave, scored: QuestionScore, assessment: Assessment, on: date, wanted: StepKind
) -> Step | None:
    """What the must-have takes; None where it is met. One left open by scope is judged by its level."""
    question, level = must_have.question, must_have.level
    if scored.not_yet_current and level is not None and level >= must_have.may_reach:
        step = Step(StepKind.NOT_YET_CURRENT, question, rung=level)
    elif scored.state is not AnswerState.ANSWERED or level is None:
        step = Step(StepKind.FIND_OUT, question, rung=must_have.may_reach)
    elif level < must_have.may_reach:
        step = Step(StepKind.RAISE, question, rung=must_have.may_reach)
    else:
        is_enough = must_have.proven if wanted is StepKind.PROVE else must_have.supported
        return None if is_enough else Step(wanted, question)
    answer = followed(assessment, (step,), on).answer(question.id)
    is_enough = is_proven(question, answer, on) if wanted is StepKind.PROVE else bool(answer.evidence)
    return step if is_enough else replace(step, evidence=wanted)


def _proofs(scorecard: Scorecard, done: Assessment) -> Iterator[Step]:
    """The fewest levels to prove until the proven share is reached, the weightiest first."""
    after = score(scorecard.rubric, done, scorecard.on)
    if after.overall is None:
        return
    wholes = counted_weights(after.questions)
    total = sum(each.criterion.weight for each in after.criteria if each.range is not None)
    lacking = scorecard.rubric.policy.proven - after.overall.proven
    shares = [
        (100 * each.criterion.weight * each.question.weight / (wholes[each.criterion.id] * total), each.question)
        for each in after.questions
        if each.counts and each.state is AnswerState.ANSWERED and not each.proven
    ]
    for share, question in sorted(shares, key=lambda pair: -pair[0]):
        if lacking <= 0:
            return
        lacking -= share
        yield Step(StepKind.PROVE, question)
