"""Advice followed: the assessment as it would be, and what each option of an open scope fact makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import product
from math import prod

from toolvet.domain.answering import at_level
from toolvet.domain.assessment import Assessment, Evidence, Grade
from toolvet.domain.rubric import Question, Rubric, ScopeFact
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score

MOST_SCOPES = 64
"""Beyond so many ways to give the open facts, they are not tried."""


class StepKind(StrEnum):
    """What kind of thing is to be done."""

    SCOPE = "scope"
    FIND_OUT = "find-out"
    RAISE = "raise"
    SUPPORT = "support"
    PROVE = "prove"
    NOT_YET_CURRENT = "not-yet-current"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: give a scope fact, find out or raise a level, wait for its day, or give evidence of it.

    `rung` is the one to find or to raise to, `steps` how many steps that counts as (a raise by two rungs is two), and
    `evidence` what belongs to it besides: to support or to prove it. `is_idle` marks a fact that changes nothing.
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
    """The verdicts that this option can come to, the best first; idle where it never matters which option it is."""

    fact: ScopeFact
    option: str
    verdicts: tuple[Verdict, ...]
    is_idle: bool


def followed(assessment: Assessment, steps: Sequence[Step], on: date) -> Assessment:
    """The assessment with these steps done that day. Scope facts are left as they are."""
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
    """What each option of each of these facts comes to, whatever the others are; None where there are too many."""
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
    """Whether the verdict is the same for every option at that place, whatever stands at the others."""
    by_others: dict[tuple[str, ...], set[Verdict]] = {}
    for options, verdict in verdicts.items():
        by_others.setdefault((*options[:place], *options[place + 1 :]), set()).add(verdict)
    return all(len(reached) == 1 for reached in by_others.values())
