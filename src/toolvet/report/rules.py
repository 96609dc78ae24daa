"""The six verdict rules, one by one, with what each compared and which one decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from toolvet.domain.rubric import Axis, Thresholds
from toolvet.domain.scorecard import MustHaveState, ReasonCode, Scorecard, ScoreRange, Verdict
from toolvet.domain.verdict import percent, threshold
from toolvet.report.text import listed, plural
from toolvet.report.words import state_words


class Outcome(StrEnum):
    """What came of a rule."""

    DECIDES = "this rule decides"
    DOES_NOT_HOLD = "does not hold"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its place in the order, the verdict it gives, when it holds, what was compared, and what came of it."""

    place: int
    verdict: Verdict
    text: str
    compared: tuple[str, ...]
    outcome: Outcome


_DECIDING = {
    ReasonCode.MUST_HAVE_FAILED: 1,
    ReasonCode.CANNOT_REACH: 2,
    ReasonCode.NOTHING_TO_SCORE: 3,
    ReasonCode.SCOPE_OPEN: 3,
    ReasonCode.MUST_HAVE_MISSED: 3,
    ReasonCode.MUST_HAVE_UNKNOWN: 3,
    ReasonCode.MUST_HAVE_UNSUPPORTED: 3,
    ReasonCode.COVERAGE_LOW: 3,
    ReasonCode.NOT_APPLICABLE_HIGH: 3,
    ReasonCode.CRITERION_LOW: 5,
    ReasonCode.OVERALL_LOW: 5,
    ReasonCode.MUST_HAVE_UNPROVEN: 5,
    ReasonCode.PROVEN_LOW: 5,
    ReasonCode.CONTROL_ZERO: 5,
    ReasonCode.UNDECIDED: 6,
}


def rules(scorecard: Scorecard) -> tuple[Rule, ...]:
    """The rules in their order; those behind the deciding one were not reached and compare nothing."""
    policy = scorecard.rubric.policy
    approve, conditional = _reached(policy.approve), _reached(policy.conditional)
    texts = (
        (Verdict.REJECT, "A must-have whose miss rejects is below the level it must reach."),
        (Verdict.REJECT, _cannot_reach(policy.conditional)),
        (
            Verdict.HOLD,
            "Nothing counts, a scope fact is not given, a must-have is missed (where a miss only holds), not known, or "
            "met with no evidence at all, coverage is below "
            f"{threshold(policy.coverage)}, or “not applicable” takes more than "
            f"{threshold(policy.not_applicable_limit)} percent of a criterion.",
        ),
        (Verdict.APPROVE, _approves(approve, scorecard)),
        (Verdict.APPROVE_WITH_CONDITIONS, f"{conditional}."),
        (Verdict.HOLD, "Open answers could still decide it."),
    )
    deciding = _DECIDING[scorecard.reasons[0].code] if scorecard.reasons else 4
    comparisons = (_failed, _ceilings, _holding, _approve, _conditional, _undecided)
    return tuple(
        Rule(
            place=place,
            verdict=verdict,
            text=text,
            compared=tuple(compare(scorecard)) if place <= deciding else (),
            outcome=_outcome(place, deciding),
        )
        for place, ((verdict, text), compare) in enumerate(zip(texts, comparisons, strict=True), 1)
    )


def _approves(reached: str, scorecard: Scorecard) -> str:
    has_control = any(scored.axis is Axis.CONTROL for scored in scorecard.questions)
    zero = ", and no question of control is at level 0" if has_control else ""
    needed = threshold(scorecard.rubric.policy.proven)
    return f"{reached}, every must-have is proven, proven reaches {needed} overall{zero}."


def _outcome(place: int, deciding: int) -> Outcome:
    if place == deciding:
        return Outcome.DECIDES
    return Outcome.DOES_NOT_HOLD if place < deciding else Outcome.NOT_REACHED


def _reached(needed: Thresholds) -> str:
    return (
        f"Every criterion's floor reaches {threshold(needed.criterion)}, the overall floor {threshold(needed.overall)}"
    )


def _cannot_reach(needed: Thresholds) -> str:
    return (
        f"Every scope fact is given, and a criterion's ceiling is below {threshold(needed.criterion)} "
        f"or the overall ceiling below {threshold(needed.overall)}."
    )


def _failed(scorecard: Scorecard) -> Iterator[str]:
    counts = Counter(must_have.state for must_have in scorecard.must_haves)
    states = [f"{counts[state]} {state_words(state)}" for state in MustHaveState if counts[state]]
    ending = f": {listed(states)}" if states else ""
    yield f"{plural(len(scorecard.must_haves), 'must-have')}{ending}."
    for must_have in scorecard.must_haves:
        if must_have.state is MustHaveState.FAILED:
            ending = "" if must_have.rejects else ", which holds"
            yield f"{must_have.question.title}: level {must_have.level}, must reach {must_have.must_reach}{ending}."


def _ceilings(scorecard: Scorecard) -> Iterator[str]:
    if scorecard.scope_open:
        yield f"{plural(len(scorecard.scope_open), 'scope fact')} not given, so this rule waits."
        return
    needed = scorecard.rubric.policy.conditional
    for title, criterion_range in _titled(scorecard):
        yield _compared(f"{title}: ceiling", criterion_range.ceiling, needed.criterion)
    if scorecard.overall is not None:
        yield _compared("Overall: ceiling", scorecard.overall.ceiling, needed.overall)


def _holding(scorecard: Scorecard) -> Iterator[str]:
    policy = scorecard.rubric.policy
    if scorecard.overall is None:
        yield "No question counts."
    yield f"Scope facts not given: {len(scorecard.scope_open)}."
    unknown = [
        f"{must_have.question.title} ({state_words(must_have.state)})"
        for must_have in scorecard.must_haves
        if must_have.state not in (MustHaveState.MET, MustHaveState.FAILED)
    ]
    missed = [each.question.title for each in scorecard.must_haves if each.state is MustHaveState.FAILED]
    yield f"Must-haves missed: {listed(missed) or 'none'}."
    yield f"Must-haves not known: {listed(unknown) or 'none'}."
    unsupported = [
        each.question.title for each in scorecard.must_haves if each.state is MustHaveState.MET and not each.supported
    ]
    yield f"Must-haves met with no evidence at all: {listed(unsupported) or 'none'}."
    if scorecard.overall is not None:
        yield _compared("Coverage", scorecard.overall.coverage, policy.coverage)
    for scored in scorecard.criteria:
        limit = policy.not_applicable_limit
        verdict = "too much" if scored.not_applicable > limit else "within the limit"
        if scored.not_applicable:
            yield (
                f"{scored.criterion.title}: not applicable {percent(scored.not_applicable)}, "
                f"{threshold(limit)} allowed: {verdict}."
            )


def _approve(scorecard: Scorecard) -> Iterator[str]:
    yield from _floors(scorecard, scorecard.rubric.policy.approve)
    unproven = [must_have.question.title for must_have in scorecard.must_haves if not must_have.proven]
    yield f"Must-haves not proven: {listed(unproven) or 'none'}."
    if scorecard.overall is not None:
        yield _compared("Proven", scorecard.overall.proven, scorecard.rubric.policy.proven)
    if any(scored.axis is Axis.CONTROL for scored in scorecard.questions):
        zeros = [scored.question.title for scored in scorecard.questions if scored.is_control_zero]
        yield f"Questions of control at level 0: {listed(zeros) or 'none'}."


def _conditional(scorecard: Scorecard) -> Iterator[str]:
    yield from _floors(scorecard, scorecard.rubric.policy.conditional)


def _undecided(scorecard: Scorecard) -> Iterator[str]:
    for reason in scorecard.reasons:
        yield reason.text


def _floors(scorecard: Scorecard, needed: Thresholds) -> Iterator[str]:
    for title, criterion_range in _titled(scorecard):
        yield _compared(f"{title}: floor", criterion_range.floor, needed.criterion)
    if scorecard.overall is not None:
        yield _compared("Overall: floor", scorecard.overall.floor, needed.overall)


def _titled(scorecard: Scorecard) -> Iterator[tuple[str, ScoreRange]]:
    for scored in scorecard.criteria:
        if scored.range is not None:
            yield scored.criterion.title, scored.range


def _compared(what: str, value: Fraction, needed: Fraction) -> str:
    return f"{what} {percent(value)}, {threshold(needed)} needed: {'enough' if value >= needed else 'too low'}."
