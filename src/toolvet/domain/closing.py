"""Which of the shortfalls that a survey measured a tool would close, by the questions that are linked to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from toolvet.domain.gaps import QuestionGap, Readiness, Reading
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard

SHORTFALLS = (Reading.SHORT, Reading.SLIPPING)
"""The readings that count as shortfalls."""


class Effect(StrEnum):
    """What the tool's answers say of a shortfall; the best first."""

    CLOSES = "closes"
    NARROWS = "narrows"
    DOES_NOT = "does-not"
    NOT_KNOWN = "not-known"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class Closing:
    """A shortfall, the tool's questions that are linked to it and count, in the rubric's order, and what follows."""

    shortfall: QuestionGap
    linked: tuple[QuestionScore, ...]
    effect: Effect


def closings(scorecard: Scorecard, readiness: Readiness) -> tuple[Closing, ...]:
    """Every question of the survey that reads short or slipping by the gap that may be shown, the widest gap first.

    A question of the tool's rubric is linked by `closes`. One that does not apply, or was answered "not applicable",
    is passed over. Positions are held against each other as shares of the way up: a level, or the mean of a side,
    divided by the top level of its own ladder. Then, the first that is true:

    1. no linked question is left: nothing asked here speaks to it;
    2. some current answer is no further up than the mean delivered: it would not close it;
    3. some linked question has no current answer: not known;
    4. every answer is as far up as the mean expected: it would close it;
    5. else it would narrow it.

    The two ladders are different ladders, so this points to where to look and measures nothing.
    """
    found = [
        (one.whole.gap.mean, one)
        for one in readiness.questions
        if one.whole.gap is not None and one.whole.gap.reading in SHORTFALLS
    ]
    widest_first = sorted(found, key=lambda pair: pair[0])
    return tuple(_closing(one, scorecard) for _, one in widest_first)


def _closing(shortfall: QuestionGap, scorecard: Scorecard) -> Closing:
    linked = tuple(one for one in scorecard.questions if shortfall.question.id in one.question.closes and one.counts)
    return Closing(shortfall, linked, _effect(shortfall, linked))


def _effect(shortfall: QuestionGap, linked: tuple[QuestionScore, ...]) -> Effect:
    expected, delivered = shortfall.whole.expected, shortfall.whole.delivered
    if not linked:
        return Effect.NOT_ASKED
    if expected is None or delivered is None:
        return Effect.NOT_KNOWN
    top = shortfall.question.top
    shares = [share for share in map(current_share, linked) if share is not None]
    if any(share <= delivered.mean / top for share in shares):
        return Effect.DOES_NOT
    if len(shares) < len(linked):
        return Effect.NOT_KNOWN
    return Effect.CLOSES if min(shares) >= expected.mean / top else Effect.NARROWS


def current_share(scored: QuestionScore) -> Fraction | None:
    """How far up its ladder the current answer is, from 0 to 1; None where there is none."""
    return scored.value if scored.state is AnswerState.ANSWERED else None
