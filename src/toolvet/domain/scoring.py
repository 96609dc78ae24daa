"""Floor, observed, ceiling, coverage and proven, in exact arithmetic, and where they place a tool on the map.

All sums are in whole units: weights scaled by the criterion's common denominator, values by 60, which every ladder of
two to seven levels divides. Each figure is divided once, at the end.
"""

from __future__ import annotations

import datetime
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import lcm
from operator import attrgetter

from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade
from toolvet.domain.rubric import (
    Axis,
    Criterion,
    MustReach,
    Policy,
    Question,
    Rubric,
    ScopeFact,
    Thresholds,
    made_once,
)
from toolvet.domain.scope import holds
from toolvet.domain.scorecard import (
    AnswerState,
    CriterionScore,
    MustHave,
    MustHaveState,
    QuestionScore,
    Reason,
    ReasonCode,
    Scorecard,
    ScoreRange,
    Verdict,
    counted_weights,
)
from toolvet.values import dataclass


@lru_cache(maxsize=1024)  # hundreds of answers are of the same few days
def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day in a later month, or that month's last day, up to date.max."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > datetime.MAXYEAR:
        return datetime.date.max
    last = day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1])
    return datetime.date(year, month + 1, last)


UNITS = 60
"""Units of a full value: the least number divisible by 1 to 6 steps."""


def score(rubric: Rubric, assessment: Assessment, on: date) -> Scorecard:
    """The scorecard of that day, by the policy in force then.

    Levels must be on their ladders; answers to unknown questions are ignored.
    """
    rubric = rubric.on(on)
    questions = tuple(
        _question_score(question, criterion, assessment, on) for criterion, question in rubric.questions()
    )
    criteria = _criterion_scores(rubric, questions)
    scope_open = tuple(fact for fact in rubric.scope if fact.id not in assessment.scope)
    must_haves = tuple(_must_haves(questions, assessment))
    overall = weighted_mean([(scored.criterion.weight, scored.range) for scored in criteria])
    verdict, reasons = verdict_of(rubric.policy, questions, criteria, overall, must_haves, scope_open)
    return Scorecard(
        rubric=rubric,
        on=on,
        complete=is_complete(rubric, assessment),
        questions=questions,
        criteria=criteria,
        overall=overall,
        observed_over=sum(scored.range is not None and scored.range.observed is not None for scored in criteria),
        must_haves=must_haves,
        scope_open=scope_open,
        verdict=verdict,
        reasons=reasons,
    )


def is_complete(rubric: Rubric, assessment: Assessment) -> bool:
    """Whether every scope fact is given and every question that applies is answered, unknown included, on any day."""
    scope = assessment.scope
    if any(fact.id not in scope for fact in rubric.scope):
        return False
    for _, question in rubric.questions():
        if is_unanswered(assessment.answer(question.id)) and holds(question.applies_when, scope) is not False:
            return False
    return True


def range_of(weighted: Sequence[tuple[Fraction, QuestionScore]]) -> ScoreRange | None:
    """The range over questions with these weights; None where W is 0. Questions that do not count are skipped.

    floor = Σ weight·value of current levels / W; the ceiling adds the weights of what is open; observed is over current
    and expired levels; coverage = Σ weight of current levels / W; proven = Σ weight of those that are proven / W.
    """
    weights = _in_whole_units([weight for weight, _ in weighted])
    return _range(zip(weights, (scored for _, scored in weighted), strict=True))


def _range(weighted: Iterable[tuple[int, QuestionScore]]) -> ScoreRange | None:
    total = current = current_value = level_weight = level_value = proven = 0
    for weight, scored in weighted:
        state = scored.state
        if scored.applies is False or state is AnswerState.NOT_APPLICABLE:
            continue
        total += weight
        level, is_current = scored.level, state is AnswerState.ANSWERED
        if level is None or not (is_current or state is AnswerState.EXPIRED):
            continue
        value = weight * (UNITS * level // scored.question.top)
        level_weight += weight
        level_value += value
        if is_current:
            current += weight
            current_value += value
            if scored.proven:
                proven += weight
    if total == 0:
        return None
    whole = total * UNITS
    return ScoreRange(
        floor=Fraction(100 * current_value, whole),
        observed=Fraction(100 * level_value, level_weight * UNITS) if level_weight else None,
        ceiling=Fraction(100 * (current_value + (total - current) * UNITS), whole),
        coverage=Fraction(100 * current, total),
        proven=Fraction(100 * proven, total),
    )


def weighted_mean(ranges: Iterable[tuple[Fraction, ScoreRange | None]]) -> ScoreRange | None:
    """Weighted means over the ranges there are, `observed` over those that have one; None without a range."""
    present = [(weight, range_) for weight, range_ in ranges if range_ is not None]
    if not present:
        return None
    weights = _in_whole_units([weight for weight, _ in present])
    weighted = [(weight, range_) for weight, (_, range_) in zip(weights, present, strict=True)]
    observed = [(weight, range_.observed) for weight, range_ in weighted if range_.observed is not None]
    return ScoreRange(
        floor=_mean([(weight, range_.floor) for weight, range_ in weighted]),
        observed=_mean(observed) if observed else None,
        ceiling=_mean([(weight, range_.ceiling) for weight, range_ in weighted]),
        coverage=_mean([(weight, range_.coverage) for weight, range_ in weighted]),
        proven=_mean([(weight, range_.proven) for weight, range_ in weighted]),
    )


def _mean(values: Sequence[tuple[int, Fraction]]) -> Fraction:
    """The weights must not all be 0."""
    ratios = [(weight, *value.as_integer_ratio()) for weight, value in values]
    unit = lcm(*(denominator for _, _, denominator in ratios))
    total = sum(weight * numerator * (unit // denominator) for weight, numerator, denominator in ratios)
    return Fraction(total, unit * sum(weight for weight, _ in values))


def state_of(question: Question, answer: Answer, on: date) -> AnswerState:
    """What the answer counts as on that day. Only dated levels expire.

    A level dated after the day counts as expired. An answer to confirm counts as unanswered.
    """
    if is_unanswered(answer):
        return AnswerState.UNANSWERED
    if answer.not_applicable is not None:
        return AnswerState.NOT_APPLICABLE
    if answer.unknown is not None:
        return AnswerState.UNKNOWN
    return AnswerState.ANSWERED if is_current(question, answer.answered, on) else AnswerState.EXPIRED


def is_unanswered(answer: Answer) -> bool:
    """Whether it has neither a level nor words for why not, or is to be confirmed."""
    if answer.confirm is not None:
        return True
    return answer.level is None and answer.unknown is None and answer.not_applicable is None


def is_not_yet_current(answer: Answer, on: date) -> bool:
    """Whether it is a level dated after the day."""
    is_level = answer.level is not None and answer.confirm is None
    return is_level and answer.answered is not None and answer.answered > on


def last_day(question: Question, answer: Answer) -> date | None:
    """The last day on which the level counts; None if it does not expire."""
    is_current = answer.level is not None and answer.confirm is None
    if not is_current or answer.answered is None or question.shelf_months is None:
        return None
    return add_months(answer.answered, question.shelf_months)


def is_proven(question: Question, answer: Answer, on: date) -> bool:
    """Whether some evidence is current and better than a claim; for a hands-on question, whether it was tested.

    Evidence without a date has the answer's date; without either it is current.
    """
    grades = _TESTED if question.needs_hands_on else _BETTER_THAN_CLAIM
    for evidence in answer.evidence:
        if evidence.grade in grades and is_current(question, evidence.date or answer.answered, on):
            return True
    return False


_TESTED = (Grade.TESTED,)
_BETTER_THAN_CLAIM = tuple(grade for grade in Grade if grade is not Grade.CLAIM)


def is_current(question: Question, seen: date | None, on: date) -> bool:
    """Whether that date is neither after the day nor past the question's shelf life."""
    if seen is None:
        return True
    if seen > on:
        return False
    return question.shelf_months is None or on <= add_months(seen, question.shelf_months)


def _question_score(question: Question, criterion: Criterion, assessment: Assessment, on: date) -> QuestionScore:
    answer = assessment.answer(question.id)
    state = state_of(question, answer, on)
    is_level = state is AnswerState.ANSWERED or state is AnswerState.EXPIRED
    return QuestionScore(
        question,
        criterion,
        holds(question.applies_when, assessment.scope),
        state,
        answer.level if is_level else None,
        to_confirm=answer.confirm is not None,
        not_yet_current=state is AnswerState.EXPIRED and is_not_yet_current(answer, on),
        proven=is_level and is_proven(question, answer, on),
        supported=is_level and bool(answer.evidence),
    )


def past_shelf_life(question: Question, answer: Answer, on: date) -> tuple[Evidence, ...]:
    """The evidence too old for the question, or dated after the day; undated evidence is as old as the answer."""
    days = ((one, one.date or answer.answered) for one in answer.evidence)
    return tuple(one for one, seen in days if seen is not None and not is_current(question, seen, on))


def _criterion_scores(rubric: Rubric, questions: Sequence[QuestionScore]) -> tuple[CriterionScore, ...]:
    scores, start = [], 0
    for criterion, weights in zip(rubric.criteria, _whole_weights(rubric.criteria), strict=True):
        own = [*zip(weights, questions[start : start + len(weights)], strict=True)]
        start += len(own)
        scores.append(CriterionScore(criterion, _range(own), _not_applicable_share(own)))
    return tuple(scores)


def _not_applicable_share(weighted: Iterable[tuple[int, QuestionScore]]) -> Fraction:
    applicable = left_out = 0
    for weight, scored in weighted:
        if scored.applies is not False:
            applicable += weight
            if scored.state is AnswerState.NOT_APPLICABLE:
                left_out += weight
    return Fraction(100 * left_out, applicable) if applicable else Fraction(0)


@made_once
def _whole_weights(criteria: tuple[Criterion, ...]) -> tuple[list[int], ...]:
    return tuple(_in_whole_units([question.weight for question in criterion.questions]) for criterion in criteria)


def _in_whole_units(weights: Sequence[Fraction]) -> list[int]:
    ratios = [weight.as_integer_ratio() for weight in weights]
    unit = lcm(*(denominator for _, denominator in ratios))
    return [numerator * (unit // denominator) for numerator, denominator in ratios]


def _must_haves(questions: Iterable[QuestionScore], assessment: Assessment) -> Iterable[MustHave]:
    for scored in questions:
        must_reach = scored.question.must_reach
        if must_reach is None or scored.applies is False:
            continue
        condition = holds(must_reach.when, assessment.scope)
        if condition is False:
            continue
        needed = highest = must_reach.level
        if must_reach.raises:
            needed, highest = raised(must_reach, assessment.scope)
        # An open raise does not matter while the level reaches it anyway.
        is_open = highest > needed and (scored.level is None or scored.level < highest)
        is_open = is_open or condition is None or scored.applies is None
        yield MustHave(
            question=scored.question,
            criterion=scored.criterion,
            must_reach=needed,
            may_reach=highest,
            if_missed=must_reach.if_missed,
            level=scored.level,
            state=MustHaveState.UNKNOWN if is_open else _must_have_state(scored, needed),
            proven=scored.proven,
            supported=scored.supported,
            not_yet_current=scored.not_yet_current,
        )


def raised(must_reach: MustReach, scope: Mapping[str, str]) -> tuple[int, int]:
    """The level to reach by the raises that hold, and by the open ones too."""
    needed = highest = must_reach.level
    for one in must_reach.raises:
        condition = holds(one.when, scope)
        if condition is True:
            needed = max(needed, one.to)
        if condition is not False:
            highest = max(highest, one.to)
    return needed, highest


def _must_have_state(scored: QuestionScore, must_reach: int) -> MustHaveState:
    match scored.state:
        case AnswerState.NOT_APPLICABLE:
            return MustHaveState.NOT_APPLICABLE
        case AnswerState.EXPIRED:
            return MustHaveState.EXPIRED
        case AnswerState.ANSWERED if scored.level is not None:
            return MustHaveState.MET if scored.level >= must_reach else MustHaveState.FAILED
        case _:
            return MustHaveState.UNKNOWN


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


class Field(StrEnum):
    SWEET_SPOT = "sweet spot"
    LOCKED_DOWN = "locked down"
    FREE_FOR_ALL = "free for all"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Placement:
    """The two ranges in percent, and the fields that they touch; none where an axis has no observed figure.

    One field alone means that both ranges stay inside it. The field of the observed point comes first.
    """

    experience: ScoreRange
    control: ScoreRange
    fields: tuple[Field, ...]


def place(scorecard: Scorecard) -> Placement | None:
    """Where the subject lies on the map; None where nothing counts on one of the axes."""
    experience = _axis_range(scorecard, Axis.EXPERIENCE)
    control = _axis_range(scorecard, Axis.CONTROL)
    if experience is None or control is None:
        return None
    return Placement(experience, control, fields_of(experience, control, scorecard.rubric.policy.approve.criterion))


def fields_of(experience: ScoreRange, control: ScoreRange, split: Fraction) -> tuple[Field, ...]:
    """The fields that the ranges touch, the observed point's first; a figure on the split is in the better field."""
    if experience.observed is None or control.observed is None:
        return ()
    across, up = _sides(experience, experience.observed, split), _sides(control, control.observed, split)
    return tuple(_FIELDS[has_experience, has_control] for has_experience in across for has_control in up)


_FIELDS = {
    (True, True): Field.SWEET_SPOT,
    (True, False): Field.FREE_FOR_ALL,
    (False, True): Field.LOCKED_DOWN,
    (False, False): Field.NEITHER,
}


def _sides(on_axis: ScoreRange, observed: Fraction, split: Fraction) -> tuple[bool, ...]:
    """Whether the range lies above the split; both, the observed figure's side first, where it crosses."""
    crosses = on_axis.floor < split <= on_axis.ceiling
    return (observed >= split, observed < split) if crosses else (observed >= split,)


def experience_criteria(rubric: Rubric) -> tuple[int, int]:
    """How many criteria are on the experience axis, and how many there are in all."""
    return sum(criterion.axis is Axis.EXPERIENCE for criterion in rubric.criteria), len(rubric.criteria)


def _axis_range(scorecard: Scorecard, axis: Axis) -> ScoreRange | None:
    """Score an axis like a criterion; a question weighs criterion weight × own weight / the criterion's W."""
    whole = counted_weights(scorecard.questions)
    return range_of(
        [
            (scored.criterion.weight * scored.question.weight / whole[scored.criterion.id], scored)
            for scored in scorecard.questions
            if scored.counts and scored.axis is axis
        ]
    )
