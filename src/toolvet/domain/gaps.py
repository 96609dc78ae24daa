"""A survey's answers, and expected against delivered: means, gaps and readings, with small groups withheld."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.disclosure import Counts, Shown, shown_groups, tells_on_few
from toolvet.domain.rubric import Criterion, Policy, Question, Rubric
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard

NO_GROUP = ""
"""Stands for respondents who named no group."""


class Reading(StrEnum):
    """What a gap means by policy, from more than people ask for to much less."""

    OVER_BUILT = "over-built"
    SWEET_SPOT = "sweet spot"
    NEAR = "near"
    SLIPPING = "slipping"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a ladder: mean in levels, number of people, population standard deviation."""

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
    """What may be shown of one question; a part is None if too few people answered."""

    expected: Side | None
    delivered: Side | None
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class QuestionGap:
    """One question: over everybody, and over the groups that may be shown, the largest first.

    `withheld`: some figure is not shown because too few people gave it.
    """

    criterion: Criterion
    question: Question
    whole: Figures
    groups: Mapping[str, Figures]
    withheld: bool

    @property
    def is_judged(self) -> bool:
        """Whether its gap is not withheld."""
        return self.whole.gap is not None or not self.withheld


@dataclass(frozen=True, slots=True)
class AreaGap:
    """An area: weighted means over the questions that have a gap; None if none has.

    An area is in balance if its mean gap is in the sweet spot and no question is short. `in_balance` is None where that
    is not known: without a gap, or where none is short and some gap is withheld.
    """

    criterion: Criterion
    expected: Fraction | None
    delivered: Fraction | None
    gap: Fraction | None
    reading: Reading | None
    in_balance: bool | None


@dataclass(frozen=True, slots=True)
class Readiness:
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
        areas=tuple(_area(criterion, questions, rubric.policy) for criterion in rubric.criteria),
    )


def area(
    criterion: Criterion, figures: Iterable[tuple[Question, Figures]], policy: Policy, *, is_judged: bool = True
) -> AreaGap:
    """The weighted mean of these questions' gaps, with both means beside it.

    `is_judged`: no gap of the area is withheld.
    """
    rows = [
        (question.weight, shown.expected, shown.delivered, shown.gap)
        for question, shown in figures
        if shown.gap is not None
    ]
    if not rows:
        return AreaGap(criterion, None, None, None, None, in_balance=None)
    gap = _weighted([(weight, part.mean) for weight, _, _, part in rows if part is not None])
    reading = None if gap is None else read(gap, policy)
    is_short = any(part is not None and part.reading is Reading.SHORT for _, _, _, part in rows)
    return AreaGap(
        criterion=criterion,
        expected=_weighted([(weight, side.mean) for weight, side, _, _ in rows if side is not None]),
        delivered=_weighted([(weight, side.mean) for weight, _, side, _ in rows if side is not None]),
        gap=gap,
        reading=reading,
        in_balance=None if not is_judged and not is_short else reading is Reading.SWEET_SPOT and not is_short,
    )


def read(gap: Fraction, policy: Policy) -> Reading:
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
        if is_asked_of(question, group) and answer.is_given and answer.confirm is None:
            by_group.setdefault(group, []).append(answer)
    everybody = [answer for answers in by_group.values() for answer in answers]
    whole, whole_withheld = _figures(everybody, policy)
    groups, groups_withheld = _groups(by_group, whole, policy)
    return QuestionGap(criterion, question, whole, groups, withheld=whole_withheld or groups_withheld)


def _groups(
    by_group: Mapping[str, Sequence[Answer]], whole: Figures, policy: Policy
) -> tuple[dict[str, Figures], bool]:
    """The figures that may be shown of each group beside those over everybody.

    Each side is withheld by its own number of people: a group of five is small where only one answered. Whatever would
    still tell on a few is withheld too, the smallest groups first.
    """
    ordered = sorted(by_group, key=lambda group: (-len(by_group[group]), group))
    figures = {group: _figures(by_group[group], policy)[0] for group in ordered}
    people = {group: _counts(answers) for group, answers in by_group.items()}
    sides = {
        Shown.EXPECTED: {group: counts.both + counts.only_expected for group, counts in people.items()},
        Shown.DELIVERED: {group: counts.both + counts.only_delivered for group, counts in people.items()},
        Shown.GAP: {group: counts.both for group, counts in people.items()},
    }
    shown = {
        (group, side)
        for side, numbers in sides.items()
        for group in shown_groups(numbers, policy.smallest_group)
        if getattr(figures[group], side) is not None
    }
    shown = _without_telling(shown, ordered[::-1], people, whole, policy.smallest_group)
    result = {}
    for group in ordered:
        kept = {side: getattr(figures[group], side) for side in Shown if (group, side) in shown}
        if kept:
            result[group] = Figures(**{side: kept.get(side) for side in Shown})
    there = {(group, side) for side, numbers in sides.items() for group, number in numbers.items() if number}
    return result, shown != there


def _without_telling(
    shown: set[tuple[str, Shown]],
    smallest_first: Sequence[str],
    people: Mapping[str, Counts],
    whole: Figures,
    least: int,
) -> set[tuple[str, Shown]]:
    """The figures that can stand beside each other and the whole without telling on a few people.

    It withholds a single gap where that is enough, else the smallest group.
    """
    everybody = [(frozenset(people), side) for side in Shown if getattr(whole, side) is not None]

    def tells(figures: set[tuple[str, Shown]]) -> bool:
        return tells_on_few(people, [*everybody, *((frozenset({group}), side) for group, side in figures)], least)

    kept = set(shown)
    while kept and tells(kept):
        gaps = [(group, Shown.GAP) for group in smallest_first if (group, Shown.GAP) in kept]
        enough = next((gap for gap in gaps if not tells(kept - {gap})), None)
        smallest = next(group for group in smallest_first if any(group == other for other, _ in kept))
        kept -= {enough} if enough is not None else {(smallest, side) for side in Shown}
    return kept


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
    """Whether the gap, beside the two means, gives away what the few said who answered one side only.

    Delivered minus expected minus the gaps, as sums, is the sum over those who answered only the one side minus that
    over those who answered only the other; together they must not be a few.
    """
    return 0 < (expected - both) + (delivered - both) < least


def _side(levels: Sequence[int]) -> Side:
    mean = Fraction(sum(levels), len(levels))
    variance = sum((level - mean) ** 2 for level in levels) / len(levels)
    return Side(mean, len(levels), sqrt(variance))


def _counts(answers: Iterable[Answer]) -> Counts:
    given = [(answer.expected is not None, answer.delivered is not None) for answer in answers]
    return Counts(given.count((True, True)), given.count((True, False)), given.count((False, True)))


def _area(criterion: Criterion, questions: Iterable[QuestionGap], policy: Policy) -> AreaGap:
    own = [gap for gap in questions if gap.criterion is criterion]
    is_judged = all(gap.is_judged for gap in own)
    return area(criterion, [(gap.question, gap.whole) for gap in own], policy, is_judged=is_judged)


def _weighted(values: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    if not values:
        return None
    return sum((weight * value for weight, value in values), Fraction(0)) / sum(weight for weight, _ in values)


SHORTFALLS = (Reading.SHORT, Reading.SLIPPING)


class Effect(StrEnum):
    """What the tool's answers mean for a shortfall, the best first."""

    CLOSES = "closes"
    NARROWS = "narrows"
    DOES_NOT = "does-not"
    NOT_KNOWN = "not-known"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class Closing:
    """A shortfall, the tool's questions linked to it that count, in the rubric's order, and the effect."""

    shortfall: QuestionGap
    linked: tuple[QuestionScore, ...]
    effect: Effect


def closings(scorecard: Scorecard, readiness: Readiness) -> tuple[Closing, ...]:
    """Every question of the survey that reads short or slipping by a gap that may be shown, the widest first.

    A question of the tool's rubric is linked by `closes`; those that do not apply or are "not applicable" are skipped.
    Positions are compared as shares of the way up: a level, or the mean of a side, divided by the top of its ladder.
    The first that is true decides:

    1. no linked question is left: not asked;
    2. some current answer is no further up than the mean delivered: it does not close the shortfall;
    3. some linked question has no current answer: not known;
    4. every answer is as far up as the mean expected: it closes the shortfall;
    5. else it narrows it.

    The ladders differ, so this points to where to look and measures nothing.
    """
    found = [
        (one.whole.gap.mean, one)
        for one in readiness.questions
        if one.whole.gap is not None and one.whole.gap.reading in SHORTFALLS
    ]
    closing = []
    for _, shortfall in sorted(found, key=lambda pair: pair[0]):
        linked = tuple(
            one for one in scorecard.questions if shortfall.question.id in one.question.closes and one.counts
        )
        closing.append(Closing(shortfall, linked, _effect(shortfall, linked)))
    return tuple(closing)


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
    """How far up its ladder the current answer is, from 0 to 1; None without one."""
    return scored.value if scored.state is AnswerState.ANSWERED else None


class AnswerSide(StrEnum):
    """What a ladder is asked for: the least that would do, and what was true the last time."""

    EXPECTED = "expected"
    DELIVERED = "delivered"

    @property
    def other(self) -> AnswerSide:
        return AnswerSide.DELIVERED if self is AnswerSide.EXPECTED else AnswerSide.EXPECTED


class Given(StrEnum):
    """How much of a question is answered."""

    NOTHING = "nothing"
    ONE_SIDE = "one side"
    BOTH = "both"
    TO_CONFIRM = "to confirm"

    @property
    def counts(self) -> bool:
        return self in (Given.ONE_SIDE, Given.BOTH)


@dataclass(frozen=True, slots=True)
class SurveyProgress:
    """How many of this person's questions have both sides, one side, or none that counts."""

    both: int
    one_side: int
    open: int

    @property
    def total(self) -> int:
        return self.both + self.one_side + self.open


def unanswered(rubric: Rubric, organisation: Subject, group: str | None, on: date) -> Assessment:
    """A person's empty answers: no name, and of the organisation only what identifies it."""
    subject = Subject(organisation.name, plan=organisation.plan, deployment=organisation.deployment)
    return Assessment(RubricRef(rubric.id, rubric.version, rubric.digest or None), subject, Reviewer(group=group), on)


def is_asked_of(question: Question, group: str | None) -> bool:
    """Whether people of that group, or without one, are asked."""
    return not question.asked_of or group in question.asked_of


def asked(rubric: Rubric, assessment: Assessment) -> tuple[Question, ...]:
    """The questions for this person, in the rubric's order."""
    group = assessment.reviewer.group
    return tuple(question for _, question in rubric.questions() if is_asked_of(question, group))


def rung(answer: Answer, side: AnswerSide) -> int | None:
    return answer.expected if side is AnswerSide.EXPECTED else answer.delivered


def with_rung(answer: Answer, side: AnswerSide, level: int | None) -> Answer:
    """Set that side's level, or clear it with None.

    A new level confirms the answer, and so does clearing both sides.
    """
    changed = replace(answer, expected=level) if side is AnswerSide.EXPECTED else replace(answer, delivered=level)
    is_settled = level is not None or (changed.expected is None and changed.delivered is None)
    return replace(changed, confirm=None) if is_settled else changed


def given(answer: Answer) -> Given:
    if answer.confirm is not None:
        return Given.TO_CONFIRM
    sides = [answer.expected is not None, answer.delivered is not None].count(True)
    return (Given.NOTHING, Given.ONE_SIDE, Given.BOTH)[sides]


def gap(answer: Answer) -> int | None:
    """Delivered minus expected, in levels; None where a side is missing."""
    if answer.expected is None or answer.delivered is None:
        return None
    return answer.delivered - answer.expected


def survey_progress(rubric: Rubric, assessment: Assessment) -> SurveyProgress:
    found = [given(assessment.answer(question.id)) for question in asked(rubric, assessment)]
    both, one_side = found.count(Given.BOTH), found.count(Given.ONE_SIDE)
    return SurveyProgress(both, one_side, len(found) - both - one_side)


def next_unanswered(rubric: Rubric, assessment: Assessment, after: str | None) -> str | None:
    """The id of the next question without an answer, going round; then of one with a side missing."""
    ids = [question.id for question in asked(rubric, assessment)]
    at = ids.index(after) + 1 if after in ids else 0
    onwards = [each for each in (*ids[at:], *ids[:at]) if each != after]
    for wanted in _OPEN:
        for question_id in onwards:
            if given(assessment.answer(question_id)) in wanted:
                return question_id
    return None


_OPEN: tuple[Collection[Given], ...] = ((Given.NOTHING, Given.TO_CONFIRM), (Given.ONE_SIDE,))
