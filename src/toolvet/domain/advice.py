"""What would change the verdict: what has to be done in any case, then the fewest further steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from toolvet.domain.assessment import Assessment
from toolvet.domain.fewest_steps import Goal, Move, fewest_moves
from toolvet.domain.rubric import Question, Rubric, ScopeFact
from toolvet.domain.scorecard import AnswerState, MustHave, MustHaveState, Scorecard, Verdict
from toolvet.domain.scoring import score
from toolvet.domain.step_search import MOST_STEPS


class StepKind(StrEnum):
    """What kind of thing is to be done."""

    GIVE = "give"
    ANSWER = "answer"
    RAISE = "raise"
    PROVE = "prove"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: give a scope fact, answer an open question, raise a level, or prove a must-have.

    `rung` is the one to answer at or to raise to, `steps` how many steps that counts as (a raise by two rungs is
    two), and `proof` says that evidence better than a claim belongs to it.
    """

    kind: StepKind
    question: Question | None = None
    fact: ScopeFact | None = None
    rung: int | None = None
    steps: int = 1
    proof: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """The way to one better verdict.

    `needed` comes first: scope facts and must-haves. `further` are the fewest steps after that; None where it takes
    at least seven, or, with `reachable` false, where no answers at all would do it. What scope leaves open is taken
    to apply.
    """

    target: Verdict
    needed: tuple[Step, ...]
    further: tuple[Step, ...] | None
    reachable: bool

    @property
    def further_steps(self) -> int | None:
        """The number of further steps; None where there are more than six."""
        return None if self.further is None else sum(step.steps for step in self.further)


def advise(rubric: Rubric, assessment: Assessment, on: date) -> tuple[Advice, ...]:
    """The ways to the next better verdict and to approve; one where they are the same, none from approve."""
    scorecard = score(rubric, assessment, on)
    if scorecard.verdict is Verdict.APPROVE:
        return ()
    next_better = tuple(Verdict)[scorecard.verdict.rank - 1]
    return tuple(_towards(target, scorecard) for target in dict.fromkeys((next_better, Verdict.APPROVE)))


def step_words(step: Step) -> str:
    """The step in one line, its rung in the rubric's words."""
    if step.fact is not None:
        return f"Give the scope: {step.fact.text}"
    if step.question is None:
        raise ValueError("a step is about a question or a scope fact")
    proof = ", with evidence better than a claim" if step.proof else ""
    if step.rung is None:
        return f"Prove {step.question.title} with evidence better than a claim."
    verb = "Raise" if step.kind is StepKind.RAISE else "Answer"
    joint = "to" if step.kind is StepKind.RAISE else "at"
    return f"{verb} {step.question.title} {joint} {step.rung}{proof}: {step.question.levels[step.rung]}"


def further_words(advice: Advice) -> str:
    """How many further steps it takes, in words, to stand before them."""
    if not advice.reachable:
        return "No answers would do it under this policy."
    match advice.further_steps:
        case None:
            return f"Then at least {MOST_STEPS + 1} further steps."
        case 0:
            return "No further step." if advice.needed else "Nothing more."
        case 1:
            return "Then one further step:" if advice.needed else "One step:"
        case steps:
            return f"Then {steps} further steps:" if advice.needed else f"{steps} steps:"


def _towards(target: Verdict, scorecard: Scorecard) -> Advice:
    needed = tuple(_needed(target, scorecard))
    levels = {step.question.id: step.rung for step in needed if step.question is not None and step.rung is not None}
    moves, reachable = fewest_moves(scorecard, _goal(target, scorecard), levels)
    further = None if moves is None else tuple(_step(move) for move in moves)
    return Advice(target, needed, further, reachable)


def _goal(target: Verdict, scorecard: Scorecard) -> Goal:
    match target:
        case Verdict.APPROVE:
            return Goal(scorecard.rubric.policy.approve)
        case Verdict.APPROVE_WITH_CONDITIONS:
            return Goal(scorecard.rubric.policy.conditional)
        case _:
            return Goal(scorecard.rubric.policy.conditional, by_ceiling=True)


def _needed(target: Verdict, scorecard: Scorecard) -> Iterator[Step]:
    if target is Verdict.HOLD:
        for must_have in scorecard.must_haves:
            if must_have.state is MustHaveState.FAILED:
                yield Step(StepKind.RAISE, must_have.question, rung=must_have.must_reach)
        return
    for fact in scorecard.scope_open:
        yield Step(StepKind.GIVE, fact=fact)
    for must_have in scorecard.must_haves:
        step = _must_have_step(must_have, scorecard, needs_proof=target is Verdict.APPROVE)
        if step is not None:
            yield step


def _must_have_step(must_have: MustHave, scorecard: Scorecard, *, needs_proof: bool) -> Step | None:
    """What the must-have takes, none where it is met; one left open by scope is judged by its level."""
    proof = needs_proof and not must_have.proven
    is_current = scorecard.question(must_have.question.id).state is AnswerState.ANSWERED
    if not is_current or must_have.level is None:
        return Step(StepKind.ANSWER, must_have.question, rung=must_have.must_reach, proof=proof)
    if must_have.level < must_have.must_reach:
        return Step(StepKind.RAISE, must_have.question, rung=must_have.must_reach, proof=proof)
    return Step(StepKind.PROVE, must_have.question, proof=True) if proof else None


def _step(move: Move) -> Step:
    kind = StepKind.ANSWER if move.was_open else StepKind.RAISE
    return Step(kind, move.question, rung=move.rung, steps=move.steps)
