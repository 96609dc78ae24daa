"""Floor, observed, ceiling, coverage and proven, in exact arithmetic.

Every sum is in whole units: a weight is scaled by the criterion's common denominator and a value by 60, which every
ladder of two to seven levels divides. Each figure is divided once, at the end.
"""

from __future__ import annotations

import datetime
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import lcm

from toolvet.domain.assessment import Answer, Assessment, Grade
from toolvet.domain.rubric import Criterion, MustReach, Question, Rubric, ScopeFact, Thresholds
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
)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or that month's last; the last date there is where it would be later."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > datetime.MAXYEAR:
        return datetime.date.max
    last = day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1])
    return datetime.date(year, month + 1, last)


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


UNITS = 60
"""Units of a full value: the least number that 1 to 6 steps all divide."""


def score(rubric: Rubric, assessment: Assessment, on: date) -> Scorecard:
    """The scorecard of that day. Levels must lie on their ladders and answers to unknown questions are ignored."""
    questions = tuple(
        _question_score(question, criterion, assessment, on) for criterion, question in rubric.questions()
    )
    criteria = _criterion_scores(rubric, questions)
    scope_open = tuple(fact for fact in rubric.scope if fact.id not in assessment.scope)
    must_haves = tuple(_must_haves(questions, assessment))
    overall = weighted_mean([(scored.criterion.weight, scored.range) for scored in criteria])
    verdict, reasons = judge(rubric, questions, criteria, overall, must_haves, scope_open)
    return Scorecard(
        rubric=rubric,
        on=on,
        complete=not scope_open and not any(q.counts and q.state is AnswerState.UNANSWERED for q in questions),
        questions=questions,
        criteria=criteria,
        overall=overall,
        observed_over=sum(scored.range is not None and scored.range.observed is not None for scored in criteria),
        must_haves=must_haves,
        scope_open=scope_open,
        verdict=verdict,
        reasons=reasons,
    )


def range_of(weighted: Sequence[tuple[Fraction, QuestionScore]]) -> ScoreRange | None:
    """The range over questions with these weights; those that don't count are passed over. None where W is 0.

    floor = Σ weight·value of current levels / W; ceiling adds the weights of what is open; observed is over current
    and expired levels; coverage = Σ weight of current levels / W; proven = Σ weight of those of them that are proven
    / W (PRODUCT.md, Scoring).
    """
    total = current = current_value = level_weight = level_value = proven = 0
    whole_weights = _in_whole_units([weight for weight, _ in weighted])
    for weight, (_, scored) in zip(whole_weights, weighted, strict=True):
        if not scored.counts:
            continue
        total += weight
        if scored.level is None or scored.state not in (AnswerState.ANSWERED, AnswerState.EXPIRED):
            continue
        value = weight * (UNITS * scored.level // scored.question.top)
        level_weight += weight
        level_value += value
        if scored.state is AnswerState.ANSWERED:
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
    """Means by weight over the ranges there are, `observed` over those that have one; None where there is none."""
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
    """The mean of values by their weights, which must not all be 0."""
    ratios = [(weight, *value.as_integer_ratio()) for weight, value in values]
    unit = lcm(*(denominator for _, _, denominator in ratios))
    total = sum(weight * numerator * (unit // denominator) for weight, numerator, denominator in ratios)
    return Fraction(total, unit * sum(weight for weight, _ in values))


def counted_weights(questions: Iterable[QuestionScore]) -> dict[str, Fraction]:
    """W of each criterion, by its id: the sum of the weights that count; those where nothing counts are left out."""
    whole: dict[str, Fraction] = {}
    for scored in questions:
        if scored.counts:
            whole[scored.criterion.id] = whole.get(scored.criterion.id, Fraction(0)) + scored.question.weight
    return whole


def state_of(question: Question, answer: Answer, on: date) -> AnswerState:
    """What the answer counts as that day. Only levels expire, and only those with a date.

    One that is dated after the day is not current yet, and counts as expired.
    What is to be confirmed counts as unanswered: the question was changed since.
    """
    if answer.confirm is not None:
        return AnswerState.UNANSWERED
    if answer.not_applicable is not None:
        return AnswerState.NOT_APPLICABLE
    if answer.unknown is not None:
        return AnswerState.UNKNOWN
    if answer.level is None:
        return AnswerState.UNANSWERED
    if is_not_yet_current(answer, on):
        return AnswerState.EXPIRED
    last = last_day(question, answer)
    return AnswerState.EXPIRED if last is not None and on > last else AnswerState.ANSWERED


def is_not_yet_current(answer: Answer, on: date) -> bool:
    """Whether it is a level dated after the day."""
    is_level = answer.level is not None and answer.confirm is None
    return is_level and answer.answered is not None and answer.answered > on


def last_day(question: Question, answer: Answer) -> date | None:
    """The last day on which the level counts; None where it does not expire."""
    is_current = answer.level is not None and answer.confirm is None
    if not is_current or answer.answered is None or question.shelf_months is None:
        return None
    return add_months(answer.answered, question.shelf_months)


def is_proven(question: Question, answer: Answer, on: date) -> bool:
    """Whether some evidence of it is current that day and better than a claim; where it has to be tried, tested.

    Evidence without a date has that of the answer; without either it is current.
    """
    grades = _TESTED if question.needs_hands_on else _BETTER_THAN_CLAIM
    return any(
        evidence.grade in grades and is_current(question, evidence.date or answer.answered, on)
        for evidence in answer.evidence
    )


_TESTED = frozenset({Grade.TESTED})
_BETTER_THAN_CLAIM = frozenset(Grade) - {Grade.CLAIM}


def is_current(question: Question, seen: date | None, on: date) -> bool:
    """Whether what was seen on that date is not after the day, and not past the question's shelf life."""
    if seen is None:
        return True
    if seen > on:
        return False
    return question.shelf_months is None or on <= add_months(seen, question.shelf_months)


def _question_score(question: Question, criterion: Criterion, assessment: Assessment, on: date) -> QuestionScore:
    answer = assessment.answer(question.id)
    state = state_of(question, answer, on)
    level = answer.level if state in (AnswerState.ANSWERED, AnswerState.EXPIRED) else None
    return QuestionScore(
        question=question,
        criterion=criterion,
        applies=holds(question.applies_when, assessment.scope),
        state=state,
        level=level,
        to_confirm=answer.confirm is not None,
        not_yet_current=is_not_yet_current(answer, on),
        proven=level is not None and is_proven(question, answer, on),
        supported=level is not None and bool(answer.evidence),
    )


def _criterion_scores(rubric: Rubric, questions: Sequence[QuestionScore]) -> tuple[CriterionScore, ...]:
    scores, start = [], 0
    for criterion in rubric.criteria:
        own = questions[start : start + len(criterion.questions)]
        start += len(own)
        scores.append(
            CriterionScore(
                criterion=criterion,
                range=range_of([(scored.question.weight, scored) for scored in own]),
                not_applicable=_not_applicable_share(own),
            )
        )
    return tuple(scores)


def _not_applicable_share(questions: Iterable[QuestionScore]) -> Fraction:
    applicable = [scored for scored in questions if scored.applies is not False]
    weights = _in_whole_units([scored.question.weight for scored in applicable])
    left_out = sum(weight for weight, scored in zip(weights, applicable, strict=True) if not scored.counts)
    return Fraction(100 * left_out, sum(weights)) if weights else Fraction(0)


def _in_whole_units(weights: Sequence[Fraction]) -> list[int]:
    """The weights scaled by their common denominator."""
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
        needed, highest = raised(must_reach, assessment.scope)
        # An open raise is of no account while the level reaches it anyway
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
    """The level that has to be reached by the raises that hold, and by those that are open too."""
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
