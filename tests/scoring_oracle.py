"""The scoring of the contract once more, written from its sentences and not from the program, in plain fractions."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.rubric import Criterion, Policy, Question, Rubric
from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf, ScopeCondition

Figures = dict[str, Fraction | None]


@dataclass(frozen=True)
class Judged:
    """What the contract says of an assessment on a day."""

    criteria: list[Figures | None]
    overall: Figures | None
    must_haves: list[tuple[str, int, str, str, bool, bool]]
    verdict: str
    reasons: list[tuple[str, str | None]]


def truth(condition: ScopeCondition | None, scope: Mapping[str, str]) -> str:
    """ "true", "false" or "open"."""
    if condition is None:
        return "true"
    if isinstance(condition, OneOf):
        if condition.fact not in scope:
            return "open"
        return "true" if scope[condition.fact] in condition.options else "false"
    if isinstance(condition, Not):
        return {"true": "false", "false": "true", "open": "open"}[truth(condition.part, scope)]
    parts = [truth(part, scope) for part in condition.parts]
    if isinstance(condition, AllOf):
        return "false" if "false" in parts else "open" if "open" in parts else "true"
    assert isinstance(condition, AnyOf)
    return "true" if "true" in parts else "open" if "open" in parts else "false"


def months_after(day: date, months: int) -> date:
    """Month by month; the day of the month is the last one where it is missing."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def kind(question: Question, answer: Answer, on: date) -> str:
    """What an answer is that day: current, expired, unknown, unanswered or not-applicable."""
    if answer.not_applicable is not None:
        return "not-applicable"
    if answer.unknown is not None:
        return "unknown"
    if answer.level is None:
        return "unanswered"
    if answer.answered is not None:
        if answer.answered > on:
            return "expired"
        if question.shelf_months is not None and on > months_after(answer.answered, question.shelf_months):
            return "expired"
    return "current"


def proven(question: Question, answer: Answer, on: date) -> bool:
    """Some evidence of the level is good enough and current."""
    if answer.level is None:
        return False
    for evidence in answer.evidence:
        wanted = ["tested"] if question.evidence == "tested" else ["tested", "independent", "document"]
        if evidence.grade is None or evidence.grade.value not in wanted:
            continue
        seen = evidence.date if evidence.date is not None else answer.answered
        if seen is not None and seen > on:
            continue
        if seen is not None and question.shelf_months is not None:
            last = months_after(seen, question.shelf_months)
            if on >= last + timedelta(days=1):
                continue
        return True
    return False


def judge(rubric: Rubric, assessment: Assessment, on: date) -> Judged:
    """Everything, in the order of the contract."""
    criteria = [_criterion(criterion, assessment, on) for criterion in rubric.criteria]
    overall = _overall(rubric, criteria)
    must_haves = _must_haves(rubric, assessment, on)
    verdict, reasons = _verdict(rubric, assessment, on, criteria, overall, must_haves)
    return Judged(criteria, overall, must_haves, verdict, reasons)


def _applicable(criterion: Criterion, assessment: Assessment) -> list[Question]:
    return [each for each in criterion.questions if truth(each.applies_when, assessment.scope) != "false"]


def _criterion(criterion: Criterion, assessment: Assessment, on: date) -> Figures | None:
    whole = floor = ceiling = covered = shown = seen = seen_weight = Fraction(0)
    for question in _applicable(criterion, assessment):
        answer = assessment.answers.get(question.id, Answer())
        found = kind(question, answer, on)
        if found == "not-applicable":
            continue
        whole += question.weight
        value = Fraction(answer.level or 0, len(question.levels) - 1)
        if found == "current":
            floor += question.weight * value
            ceiling += question.weight * value
            covered += question.weight
            shown += question.weight if proven(question, answer, on) else 0
        else:
            ceiling += question.weight
        if found in ("current", "expired"):
            seen += question.weight * value
            seen_weight += question.weight
    if not whole:
        return None
    return {
        "floor": 100 * floor / whole,
        "observed": 100 * seen / seen_weight if seen_weight else None,
        "ceiling": 100 * ceiling / whole,
        "coverage": 100 * covered / whole,
        "proven": 100 * shown / whole,
    }


def _overall(rubric: Rubric, criteria: list[Figures | None]) -> Figures | None:
    if all(figures is None for figures in criteria):
        return None
    overall: Figures = {}
    for name in ("floor", "observed", "ceiling", "coverage", "proven"):
        having = [
            (criterion.weight, value)
            for criterion, figures in zip(rubric.criteria, criteria, strict=True)
            if figures is not None and (value := figures[name]) is not None
        ]
        total = sum((weight for weight, _ in having), Fraction(0))
        overall[name] = sum((weight * value for weight, value in having), Fraction(0)) / total if having else None
    return overall


def _must_haves(rubric: Rubric, assessment: Assessment, on: date) -> list[tuple[str, int, str, str, bool, bool]]:
    found = []
    for criterion in rubric.criteria:
        for question in _applicable(criterion, assessment):
            must_reach = question.must_reach
            if must_reach is None or truth(must_reach.when, assessment.scope) == "false":
                continue
            answer = assessment.answers.get(question.id, Answer())
            is_level = kind(question, answer, on) in ("current", "expired")
            level = answer.level if is_level else None
            needed = max(
                [must_reach.level, *(r.to for r in must_reach.raises if truth(r.when, assessment.scope) == "true")]
            )
            state = _must_have_state(question, answer, on, needed)
            if "open" in (truth(must_reach.when, assessment.scope), truth(question.applies_when, assessment.scope)):
                state = "unknown"
            for one in must_reach.raises:
                if truth(one.when, assessment.scope) == "open" and one.to > needed:
                    state = state if level is not None and level >= one.to else "unknown"
            supported = level is not None and len(answer.evidence) > 0
            found.append(
                (question.id, needed, must_reach.if_missed.value, state, proven(question, answer, on), supported)
            )
    return found


def _must_have_state(question: Question, answer: Answer, on: date, needed: int) -> str:
    found = kind(question, answer, on)
    if found == "current":
        assert answer.level is not None
        return "met" if answer.level >= needed else "failed"
    return "unknown" if found == "unanswered" else found


def _verdict(
    rubric: Rubric,
    assessment: Assessment,
    on: date,
    criteria: list[Figures | None],
    overall: Figures | None,
    must_haves: list[tuple[str, int, str, str, bool, bool]],
) -> tuple[str, list[tuple[str, str | None]]]:
    policy = rubric.policy
    rejecting: list[tuple[str, str | None]] = [
        ("must-have-failed", name)
        for name, _, if_missed, state, _, _ in must_haves
        if state == "failed" and if_missed == "reject" and _level(assessment, name) < _base(rubric, name)
    ]
    if rejecting:
        return "reject", rejecting
    is_open = [fact.id for fact in rubric.scope if fact.id not in assessment.scope]
    if not is_open:
        hopeless = _below(
            rubric, criteria, overall, "ceiling", policy.conditional.criterion, policy.conditional.overall
        )
        if hopeless:
            return "reject", [("cannot-reach", where) for where in hopeless]
    holding = _holding(rubric, assessment, on, overall, must_haves, is_open)
    if holding:
        return "hold", holding
    short: list[tuple[str, str | None]] = [
        ("criterion-low" if where else "overall-low", where)
        for where in _below(rubric, criteria, overall, "floor", policy.approve.criterion, policy.approve.overall)
    ]
    short += [("must-have-unproven", name) for name, _, _, _, is_proven, _ in must_haves if not is_proven]
    assert overall is not None
    if _of(overall, "proven") < policy.proven:
        short.append(("proven-low", None))
    short += [("control-zero", name) for name in _control_zeros(rubric, assessment, on)]
    if not short:
        return "approve", []
    low = _below(rubric, criteria, overall, "floor", policy.conditional.criterion, policy.conditional.overall)
    if not low:
        return "approve-with-conditions", short
    return "hold", [("undecided", where) for where in low]


def _level(assessment: Assessment, question: str) -> int:
    level = assessment.answers[question].level
    assert level is not None
    return level


def _base(rubric: Rubric, name: str) -> int:
    question = rubric.question(name)
    assert question is not None
    assert question.must_reach is not None
    return question.must_reach.level


def _of(figures: Figures, name: str) -> Fraction:
    value = figures[name]
    assert value is not None
    return value


def _below(
    rubric: Rubric,
    criteria: list[Figures | None],
    overall: Figures | None,
    name: str,
    for_criterion: Fraction,
    for_overall: Fraction,
) -> list[str | None]:
    """The ids of the criteria whose figure is below, and None for the overall one."""
    found: list[str | None] = [
        criterion.id
        for criterion, figures in zip(rubric.criteria, criteria, strict=True)
        if figures is not None and _of(figures, name) < for_criterion
    ]
    if overall is not None and _of(overall, name) < for_overall:
        found.append(None)
    return found


def _holding(
    rubric: Rubric,
    assessment: Assessment,
    on: date,
    overall: Figures | None,
    must_haves: list[tuple[str, int, str, str, bool, bool]],
    is_open: list[str],
) -> list[tuple[str, str | None]]:
    policy: Policy = rubric.policy
    found: list[tuple[str, str | None]] = [] if overall is not None else [("nothing-to-score", None)]
    found += [("scope-open", fact) for fact in is_open]
    found += [("must-have-missed", name) for name, _, _, state, _, _ in must_haves if state == "failed"]
    found += [("must-have-unknown", name) for name, _, _, state, _, _ in must_haves if state not in ("failed", "met")]
    found += [
        ("must-have-unsupported", name)
        for name, _, _, state, _, supported in must_haves
        if state == "met" and not supported
    ]
    if overall is not None and _of(overall, "coverage") < policy.coverage:
        found.append(("coverage-low", None))
    for criterion in rubric.criteria:
        applicable = _applicable(criterion, assessment)
        away = [q for q in applicable if kind(q, assessment.answers.get(q.id, Answer()), on) == "not-applicable"]
        whole = sum(question.weight for question in applicable)
        if whole and 100 * sum(question.weight for question in away) / Fraction(whole) > policy.not_applicable_limit:
            found.append(("not-applicable-high", criterion.id))
    return found


def _control_zeros(rubric: Rubric, assessment: Assessment, on: date) -> list[str]:
    found = []
    for criterion in rubric.criteria:
        for question in _applicable(criterion, assessment):
            axis = question.axis if question.axis is not None else criterion.axis
            answer = assessment.answers.get(question.id, Answer())
            is_zero = answer.level == 0 and kind(question, answer, on) == "current"
            if is_zero and axis is not None and axis.value == "control":
                found.append(question.id)
    return found
