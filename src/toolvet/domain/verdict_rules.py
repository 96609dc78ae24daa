"""The rules of the verdict. The first rule that applies decides, and gives a reason for each cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from operator import attrgetter

from toolvet.domain.rubric import Policy, ScopeFact, Thresholds
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


def verdict_of(
    policy: Policy,
    questions: Iterable[QuestionScore],
    criteria: Sequence[CriterionScore],
    overall: ScoreRange | None,
    must_haves: Sequence[MustHave],
    scope_open: Sequence[ScopeFact],
) -> tuple[Verdict, tuple[Reason, ...]]:
    """The verdict and its reasons. `overall` is None where nothing counts."""
    rejecting = tuple(_about(ReasonCode.MUST_HAVE_FAILED, (each for each in must_haves if each.rejects)))
    if not rejecting and not scope_open:
        rejecting = tuple(_below(policy.conditional, "ceiling", criteria, overall, _CANNOT_REACH))
    if rejecting:
        return Verdict.REJECT, rejecting
    holding = tuple(_holding(policy, criteria, overall, must_haves, scope_open))
    if holding or overall is None:
        return Verdict.HOLD, holding
    short = tuple(_short_of_approve(policy, questions, criteria, overall, must_haves))
    if not short:
        return Verdict.APPROVE, ()
    undecided = tuple(_below(policy.conditional, "floor", criteria, overall, _UNDECIDED))
    return (Verdict.HOLD, undecided) if undecided else (Verdict.APPROVE_WITH_CONDITIONS, short)


_CANNOT_REACH = (ReasonCode.CANNOT_REACH, ReasonCode.CANNOT_REACH)
_UNDECIDED = (ReasonCode.UNDECIDED, ReasonCode.UNDECIDED)
_LOW = (ReasonCode.CRITERION_LOW, ReasonCode.OVERALL_LOW)


def _holding(
    policy: Policy,
    criteria: Iterable[CriterionScore],
    overall: ScoreRange | None,
    must_haves: Sequence[MustHave],
    scope_open: Iterable[ScopeFact],
) -> Iterator[Reason]:
    if overall is None:
        yield Reason(ReasonCode.NOTHING_TO_SCORE)
    for fact in scope_open:
        yield Reason(ReasonCode.SCOPE_OPEN, fact=fact.id)
    met = [each for each in must_haves if each.state is MustHaveState.MET]
    failed = [each for each in must_haves if each.state is MustHaveState.FAILED]
    unknown = (each for each in must_haves if each.state not in (MustHaveState.MET, MustHaveState.FAILED))
    yield from _about(ReasonCode.MUST_HAVE_MISSED, failed)
    yield from _about(ReasonCode.MUST_HAVE_UNKNOWN, unknown)
    yield from _about(ReasonCode.MUST_HAVE_UNSUPPORTED, (each for each in met if not each.supported))
    if overall is not None and overall.coverage < policy.coverage:
        yield Reason(ReasonCode.COVERAGE_LOW)
    for scored in criteria:
        if scored.not_applicable > policy.not_applicable_limit:
            yield Reason(ReasonCode.NOT_APPLICABLE_HIGH, criterion=scored.criterion.id)


def _short_of_approve(
    policy: Policy,
    questions: Iterable[QuestionScore],
    criteria: Iterable[CriterionScore],
    overall: ScoreRange,
    must_haves: Iterable[MustHave],
) -> Iterator[Reason]:
    yield from _below(policy.approve, "floor", criteria, overall, _LOW)
    yield from _about(ReasonCode.MUST_HAVE_UNPROVEN, (each for each in must_haves if not each.proven))
    if overall.proven < policy.proven:
        yield Reason(ReasonCode.PROVEN_LOW)
    yield from _about(ReasonCode.CONTROL_ZERO, (each for each in questions if each.is_control_zero))


def _about(code: ReasonCode, found: Iterable[MustHave | QuestionScore]) -> Iterator[Reason]:
    for each in found:
        yield Reason(code, question=each.question.id, criterion=each.criterion.id)


def _below(
    needed: Thresholds,
    figure: str,
    criteria: Iterable[CriterionScore],
    overall: ScoreRange | None,
    codes: tuple[ReasonCode, ReasonCode],
) -> Iterator[Reason]:
    """A reason for each criterion, and for overall, whose floor or ceiling (`figure`) is too low."""
    value_of: attrgetter[Fraction] = attrgetter(figure)
    for scored in criteria:
        if scored.range is not None and value_of(scored.range) < needed.criterion:
            yield Reason(codes[0], criterion=scored.criterion.id)
    if overall is not None and value_of(overall) < needed.overall:
        yield Reason(codes[1])
