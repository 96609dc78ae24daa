"""The six rules, in order. The first that holds is the verdict, with a reason for each thing that made it hold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from toolvet.domain.rubric import Rubric, ScopeFact, Thresholds
from toolvet.domain.scorecard import (
    CriterionScore,
    MustHave,
    MustHaveState,
    Reason,
    ReasonCode,
    ScoreRange,
    Verdict,
)


def judge(
    rubric: Rubric,
    criteria: Sequence[CriterionScore],
    overall: ScoreRange | None,
    must_haves: Sequence[MustHave],
    scope_open: Sequence[ScopeFact],
) -> tuple[Verdict, tuple[Reason, ...]]:
    """The verdict and its reasons. `overall` is None where nothing counts."""
    failed = _failed(must_haves)
    if failed:
        return Verdict.REJECT, failed
    cannot_reach = () if scope_open else _cannot_reach(rubric, criteria, overall)
    if cannot_reach:
        return Verdict.REJECT, cannot_reach
    holding = (
        _nothing_to_score(overall)
        + _scope_open(scope_open)
        + _unknown(must_haves)
        + _coverage_low(rubric, overall)
        + _not_applicable_high(rubric, criteria)
    )
    if holding or overall is None:
        return Verdict.HOLD, holding
    short = _short_of_approve(rubric, criteria, overall, must_haves)
    if not short:
        return Verdict.APPROVE, ()
    undecided = _undecided(rubric, criteria, overall)
    if not undecided:
        return Verdict.APPROVE_WITH_CONDITIONS, short
    return Verdict.HOLD, undecided


def percent(value: Fraction) -> str:
    """A percentage to one decimal, half away from zero as by hand: Fraction(1, 4) is "0.3"."""
    tenths = int(abs(value) * 10 + Fraction(1, 2))
    sign = "-" if value < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def threshold(value: Fraction) -> str:
    """A threshold as it stands in the policy: "60", "62.5"."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _failed(must_haves: Sequence[MustHave]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            ReasonCode.MUST_HAVE_FAILED,
            f"{must_have.question.title} is at {must_have.level} and must reach {must_have.must_reach}.",
            question=must_have.question.id,
            criterion=must_have.criterion.id,
        )
        for must_have in must_haves
        if must_have.state is MustHaveState.FAILED
    )


def _cannot_reach(rubric: Rubric, criteria: Sequence[CriterionScore], overall: ScoreRange | None) -> tuple[Reason, ...]:
    needed = rubric.policy.conditional
    reasons = [
        Reason(
            ReasonCode.CANNOT_REACH,
            f"{scored.criterion.title} can reach {percent(scored.range.ceiling)} at most; "
            f"{threshold(needed.criterion)} is needed.",
            criterion=scored.criterion.id,
        )
        for scored in criteria
        if scored.range is not None and scored.range.ceiling < needed.criterion
    ]
    if overall is not None and overall.ceiling < needed.overall:
        reasons.append(
            Reason(
                ReasonCode.CANNOT_REACH,
                f"The whole can reach {percent(overall.ceiling)} at most; {threshold(needed.overall)} is needed.",
            )
        )
    return tuple(reasons)


def _nothing_to_score(overall: ScoreRange | None) -> tuple[Reason, ...]:
    if overall is not None:
        return ()
    return (Reason(ReasonCode.NOTHING_TO_SCORE, "No question counts: none applies, or all are not applicable."),)


def _scope_open(scope_open: Sequence[ScopeFact]) -> tuple[Reason, ...]:
    return tuple(Reason(ReasonCode.SCOPE_OPEN, f"Scope not given: {fact.text}", fact=fact.id) for fact in scope_open)


_WHY_UNKNOWN = {
    MustHaveState.UNKNOWN: "is not known",
    MustHaveState.EXPIRED: "has expired",
    MustHaveState.NOT_APPLICABLE: "is answered not applicable, which does not meet a must-have",
}


def _unknown(must_haves: Sequence[MustHave]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            ReasonCode.MUST_HAVE_UNKNOWN,
            f"{must_have.question.title} {_WHY_UNKNOWN[must_have.state]}; it must reach {must_have.must_reach}.",
            question=must_have.question.id,
            criterion=must_have.criterion.id,
        )
        for must_have in must_haves
        if must_have.state in _WHY_UNKNOWN
    )


def _coverage_low(rubric: Rubric, overall: ScoreRange | None) -> tuple[Reason, ...]:
    needed = rubric.policy.coverage
    if overall is None or overall.coverage >= needed:
        return ()
    return (
        Reason(
            ReasonCode.COVERAGE_LOW,
            f"{percent(overall.coverage)} percent of the weight is answered with a level; "
            f"{threshold(needed)} is needed.",
        ),
    )


def _not_applicable_high(rubric: Rubric, criteria: Sequence[CriterionScore]) -> tuple[Reason, ...]:
    limit = rubric.policy.not_applicable_limit
    return tuple(
        Reason(
            ReasonCode.NOT_APPLICABLE_HIGH,
            f"{percent(scored.not_applicable)} percent of {scored.criterion.title} is answered not applicable; "
            f"{threshold(limit)} is the limit.",
            criterion=scored.criterion.id,
        )
        for scored in criteria
        if scored.not_applicable > limit
    )


def _short_of_approve(
    rubric: Rubric, criteria: Sequence[CriterionScore], overall: ScoreRange, must_haves: Sequence[MustHave]
) -> tuple[Reason, ...]:
    low = _low_floors(
        rubric.policy.approve,
        criteria,
        overall,
        (ReasonCode.CRITERION_LOW, ReasonCode.OVERALL_LOW),
        "to approve",
    )
    unproven = tuple(
        Reason(
            ReasonCode.MUST_HAVE_UNPROVEN,
            f"{must_have.question.title} rests on no evidence better than a claim.",
            question=must_have.question.id,
            criterion=must_have.criterion.id,
        )
        for must_have in must_haves
        if not must_have.proven
    )
    return low + unproven


def _undecided(rubric: Rubric, criteria: Sequence[CriterionScore], overall: ScoreRange) -> tuple[Reason, ...]:
    codes = (ReasonCode.UNDECIDED, ReasonCode.UNDECIDED)
    return _low_floors(rubric.policy.conditional, criteria, overall, codes, "; open answers could still decide it")


def _low_floors(
    needed: Thresholds,
    criteria: Sequence[CriterionScore],
    overall: ScoreRange,
    codes: tuple[ReasonCode, ReasonCode],
    ending: str,
) -> tuple[Reason, ...]:
    join = "" if ending.startswith(";") else " "
    reasons = [
        Reason(
            codes[0],
            f"{scored.criterion.title}: the floor {percent(scored.range.floor)} is below "
            f"{threshold(needed.criterion)}{join}{ending}.",
            criterion=scored.criterion.id,
        )
        for scored in criteria
        if scored.range is not None and scored.range.floor < needed.criterion
    ]
    if overall.floor < needed.overall:
        reasons.append(
            Reason(
                codes[1],
                f"The whole: the floor {percent(overall.floor)} is below {threshold(needed.overall)}{join}{ending}.",
            )
        )
    return tuple(reasons)
