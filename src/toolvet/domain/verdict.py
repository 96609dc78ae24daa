"""The six rules, in order. The first that holds is the verdict, with a reason for each thing that made it hold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from toolvet.domain.rubric import Rubric, ScopeFact, Thresholds
from toolvet.domain.scorecard import (
    CriterionScore,
    MustHave,
    MustHaveState,
    QuestionScore,
    Reason,
    ReasonCode,
    ScoreRange,
    Verdict,
)


def judge(
    rubric: Rubric,
    questions: Sequence[QuestionScore],
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
        + _missed(must_haves)
        + _unknown(must_haves)
        + _unsupported(must_haves)
        + _coverage_low(rubric, overall)
        + _not_applicable_high(rubric, criteria)
    )
    if holding or overall is None:
        return Verdict.HOLD, holding
    short = _short_of_approve(rubric, criteria, overall, must_haves) + _control_zero(questions)
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
    return tuple(_below(ReasonCode.MUST_HAVE_FAILED, each) for each in must_haves if each.rejects)


def _missed(must_haves: Sequence[MustHave]) -> tuple[Reason, ...]:
    missed = (each for each in must_haves if each.state is MustHaveState.FAILED)
    return tuple(_below(ReasonCode.MUST_HAVE_MISSED, each) for each in missed)


def _below(code: ReasonCode, must_have: MustHave) -> Reason:
    return _about(must_have, code, f"is at level {must_have.level}; level {must_have.must_reach} is required")


def _about(must_have: MustHave, code: ReasonCode, what: str) -> Reason:
    question, criterion = must_have.question, must_have.criterion
    return Reason(code, f"{question.quoted} {what}.", question=question.id, criterion=criterion.id)


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
                f"Overall it can reach {percent(overall.ceiling)} at most; {threshold(needed.overall)} is needed.",
            )
        )
    return tuple(reasons)


def _nothing_to_score(overall: ScoreRange | None) -> tuple[Reason, ...]:
    if overall is not None:
        return ()
    return (Reason(ReasonCode.NOTHING_TO_SCORE, "No question counts: none applies, or all are not applicable."),)


def _scope_open(scope_open: Sequence[ScopeFact]) -> tuple[Reason, ...]:
    return tuple(Reason(ReasonCode.SCOPE_OPEN, f"Scope not given: {fact.text}", fact=fact.id) for fact in scope_open)


def _unknown(must_haves: Sequence[MustHave]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            ReasonCode.MUST_HAVE_UNKNOWN,
            f"{_why_unknown(each)}; level {each.may_reach} is required.",
            question=each.question.id,
            criterion=each.criterion.id,
        )
        for each in must_haves
        if each.state not in (MustHaveState.MET, MustHaveState.FAILED)
    )


def _why_unknown(must_have: MustHave) -> str:
    named = must_have.question.quoted
    match must_have.state:
        case MustHaveState.EXPIRED if must_have.not_yet_current:
            return f"The answer to {named} is dated in the future and does not count yet"
        case MustHaveState.EXPIRED:
            return f"The answer to {named} has expired"
        case MustHaveState.NOT_APPLICABLE:
            return f"{named} is answered not applicable, which does not meet a must-have"
        case _ if must_have.level is not None:
            return f"Whether {named} reaches what it must hangs on scope facts that are not given"
        case _:
            return f"{named} is not known"


def _unsupported(must_haves: Sequence[MustHave]) -> tuple[Reason, ...]:
    return tuple(
        _about(each, ReasonCode.MUST_HAVE_UNSUPPORTED, "is a must-have with no evidence at all")
        for each in must_haves
        if each.state is MustHaveState.MET and not each.supported
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
        _about(each, ReasonCode.MUST_HAVE_UNPROVEN, "has no current evidence better than a claim")
        for each in must_haves
        if not each.proven
    )
    return low + unproven + _proven_low(rubric, overall)


def _proven_low(rubric: Rubric, overall: ScoreRange) -> tuple[Reason, ...]:
    needed = rubric.policy.proven
    if overall.proven >= needed:
        return ()
    text = (
        f"{percent(overall.proven)} percent of the weight rests on current evidence better than a claim; "
        f"{threshold(needed)} is needed to approve."
    )
    return (Reason(ReasonCode.PROVEN_LOW, text),)


def _control_zero(questions: Sequence[QuestionScore]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            ReasonCode.CONTROL_ZERO,
            f"{each.question.quoted} is a question of control at level 0.",
            question=each.question.id,
            criterion=each.criterion.id,
        )
        for each in questions
        if each.is_control_zero
    )


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
                f"Overall: the floor {percent(overall.floor)} is below {threshold(needed.overall)}{join}{ending}.",
            )
        )
    return tuple(reasons)
