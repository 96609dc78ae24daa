"""Expected against delivered: means, gaps and their readings, with small groups withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.rubric import Criterion, Policy, Question, Rubric
from toolvet.domain.withholding import shown_groups

NO_GROUP = ""
"""The group of respondents who named none."""


class Reading(StrEnum):
    """What a gap means by policy; from more than people ask for to much less."""

    OVER_BUILT = "over-built"
    SWEET_SPOT = "sweet spot"
    NEAR = "near"
    SLIPPING = "slipping"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Side:
    """The answers to one side of a ladder: mean in levels, number of people, population standard deviation."""

    mean: Fraction
    people: int
    spread: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Delivered minus expected, in levels, over the people who answered both."""

    mean: Fraction
    people: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Figures:
    """What may be shown of one question; each part is None where nobody answered or too few did."""

    expected: Side | None
    delivered: Side | None
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class QuestionGap:
    """One question: the whole, and those of its groups that may be shown, the largest first.

    `withheld` says that some figure of it is not shown because too few people gave it.
    """

    criterion: Criterion
    question: Question
    whole: Figures
    groups: Mapping[str, Figures]
    withheld: bool


@dataclass(frozen=True, slots=True)
class AreaGap:
    """An area: means by weight over its questions that have a gap; None where none has.

    In balance: the mean gap lies in the sweet spot and no question in it is short.
    """

    criterion: Criterion
    expected: Fraction | None
    delivered: Fraction | None
    gap: Fraction | None
    reading: Reading | None
    in_balance: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """The result of a survey; `people` is the number of respondents."""

    rubric: Rubric
    people: int
    questions: tuple[QuestionGap, ...]
    areas: tuple[AreaGap, ...]


def measure(rubric: Rubric, respondents: Sequence[Assessment]) -> Readiness:
    """The result over these respondents, each of whom answered this rubric once."""
    questions = tuple(
        _question_gap(criterion, question, respondents, rubric.policy) for criterion, question in rubric.questions()
    )
    return Readiness(
        rubric=rubric,
        people=len(respondents),
        questions=questions,
        areas=tuple(area(criterion, _wholes(questions, criterion), rubric.policy) for criterion in rubric.criteria),
    )


def area(criterion: Criterion, figures: Iterable[tuple[Question, Figures]], policy: Policy) -> AreaGap:
    """The weighted mean of the gaps of these questions, with both means beside it."""
    rows = [
        (question.weight, shown.expected, shown.delivered, shown.gap)
        for question, shown in figures
        if shown.gap is not None
    ]
    if not rows:
        return AreaGap(criterion, None, None, None, None, in_balance=False)
    gap = _weighted([(weight, part.mean) for weight, _, _, part in rows if part is not None])
    reading = None if gap is None else read(gap, policy)
    is_short = any(part is not None and part.reading is Reading.SHORT for _, _, _, part in rows)
    return AreaGap(
        criterion=criterion,
        expected=_weighted([(weight, side.mean) for weight, side, _, _ in rows if side is not None]),
        delivered=_weighted([(weight, side.mean) for weight, _, side, _ in rows if side is not None]),
        gap=gap,
        reading=reading,
        in_balance=reading is Reading.SWEET_SPOT and not is_short,
    )


def read(gap: Fraction, policy: Policy) -> Reading:
    """The reading of a gap in levels under that policy."""
    if gap >= policy.over_built:
        return Reading.OVER_BUILT
    if gap >= 0:
        return Reading.SWEET_SPOT
    if gap <= policy.short:
        return Reading.SHORT
    return Reading.NEAR if gap >= policy.slipping else Reading.SLIPPING


def _question_gap(
    criterion: Criterion, question: Question, respondents: Sequence[Assessment], policy: Policy
) -> QuestionGap:
    by_group: dict[str, list[Answer]] = {}
    for respondent in respondents:
        group = respondent.reviewer.group or NO_GROUP
        answer = respondent.answer(question.id)
        is_asked = not question.asked_of or group in question.asked_of
        if is_asked and answer.is_given and answer.confirm is None:
            by_group.setdefault(group, []).append(answer)
    everybody = [answer for answers in by_group.values() for answer in answers]
    whole, whole_withheld = _figures(everybody, policy)
    groups, groups_withheld = _groups(by_group, policy)
    return QuestionGap(criterion, question, whole, groups, withheld=whole_withheld or groups_withheld)


def _groups(by_group: Mapping[str, Sequence[Answer]], policy: Policy) -> tuple[dict[str, Figures], bool]:
    """The figures that may be shown of each group.

    Each side is withheld by its own number of people: five in a group are few where only one of them answered.
    """
    ordered = sorted(by_group, key=lambda group: (-len(by_group[group]), group))
    sides = {
        "expected": {group: _count(answers, expected=True) for group, answers in by_group.items()},
        "delivered": {group: _count(answers, delivered=True) for group, answers in by_group.items()},
        "both": {group: _count(answers, expected=True, delivered=True) for group, answers in by_group.items()},
    }
    shown = {side: shown_groups(counts, policy.smallest_group) for side, counts in sides.items()}
    result: dict[str, Figures] = {}
    for group in ordered:
        figures, _ = _figures(by_group[group], policy)
        kept = Figures(
            expected=figures.expected if group in shown["expected"] else None,
            delivered=figures.delivered if group in shown["delivered"] else None,
            gap=figures.gap if group in shown["both"] else None,
        )
        if kept != _NOTHING:
            result[group] = kept
    withheld = any(
        set(shown[side]) != {group for group, count in counts.items() if count} for side, counts in sides.items()
    )
    return result, withheld


def _figures(answers: Sequence[Answer], policy: Policy) -> tuple[Figures, bool]:
    """The figures over these answers, and whether one of them is withheld."""
    expected = [answer.expected for answer in answers if answer.expected is not None]
    delivered = [answer.delivered for answer in answers if answer.delivered is not None]
    pairs = [
        answer.delivered - answer.expected
        for answer in answers
        if answer.expected is not None and answer.delivered is not None
    ]
    least = policy.smallest_group
    gap = None
    if len(pairs) >= least and not _tells_on_few(len(expected), len(delivered), len(pairs), least):
        mean = Fraction(sum(pairs), len(pairs))
        gap = Gap(mean, len(pairs), read(mean, policy))
    figures = Figures(
        expected=_side(expected) if len(expected) >= least else None,
        delivered=_side(delivered) if len(delivered) >= least else None,
        gap=gap,
    )
    present = (expected, delivered, pairs)
    parts = (figures.expected, figures.delivered, figures.gap)
    return figures, any(values and part is None for values, part in zip(present, parts, strict=True))


def _tells_on_few(expected: int, delivered: int, both: int, least: int) -> bool:
    """Whether the gap, beside the two means, tells what the few answered who gave one side only.

    Where everybody who answered one side answered both, the gap gives the sum of the other side over those, and
    what is missing from that side's mean is the rest.
    """
    return (delivered == both and 0 < expected - both < least) or (expected == both and 0 < delivered - both < least)


def _side(levels: Sequence[int]) -> Side:
    mean = Fraction(sum(levels), len(levels))
    variance = sum((level - mean) ** 2 for level in levels) / len(levels)
    return Side(mean, len(levels), sqrt(variance))


def _count(answers: Iterable[Answer], *, expected: bool = False, delivered: bool = False) -> int:
    return sum(
        (not expected or answer.expected is not None) and (not delivered or answer.delivered is not None)
        for answer in answers
    )


def _wholes(questions: Iterable[QuestionGap], criterion: Criterion) -> list[tuple[Question, Figures]]:
    return [(gap.question, gap.whole) for gap in questions if gap.criterion is criterion]


def _weighted(values: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    if not values:
        return None
    return sum((weight * value for weight, value in values), Fraction(0)) / sum(weight for weight, _ in values)


_NOTHING = Figures(None, None, None)
