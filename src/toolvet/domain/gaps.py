"""A survey's answers: expected against delivered as means, gaps and readings, with small groups withheld."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from math import sqrt

from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.disclosure import LadderEnd, Tally, disclose
from toolvet.domain.rubric import Criterion, Policy, Question, Reading, Rubric
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.values import dataclass

NO_GROUP = ""
"""Stands for respondents who named no group."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a ladder: mean in levels, number of people, and population standard deviation from ten people on.

    A mean at or near an end tells what each person said: `near` names that end, and there is no figure.
    """

    mean: Fraction | None
    people: int
    spread: float | None = None
    near: LadderEnd | None = None

    def position(self, top: int) -> Fraction:
        """Where it stands on a ladder up to `top`: the mean, or the end that it is near."""
        if self.mean is None:
            return Fraction(top if self.near is LadderEnd.TOP else 0)
        return self.mean


@dataclass(frozen=True, slots=True)
class Gap:
    """Delivered minus expected, in levels; the mean is None where a side is shown in words.

    The reading is then taken with that side at its end of the ladder, so it tells no more than the words.
    """

    mean: Fraction | None
    people: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Figures:
    """What may be shown of one question, over the people who answered both sides; a part is None if withheld."""

    expected: Side | None
    delivered: Side | None
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class QuestionGap:
    """One question: over everybody, and over the groups that may be shown, the largest first.

    `people` answered both sides, `one_sided` gave one alone, which enters no figure. `withheld`: some figure is not
    shown, so that nobody's answer can be worked out. `small` are the groups of fewer people than may be shown.
    """

    criterion: Criterion
    question: Question
    whole: Figures
    groups: Mapping[str, Figures]
    withheld: bool
    people: int = 0
    one_sided: int = 0
    small: Mapping[str, int] = field(default_factory=dict)

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
    rows = [(question.weight, shown) for question, shown in figures if shown.gap is not None]
    is_short = any(shown.gap is not None and shown.gap.reading is Reading.SHORT for _, shown in rows)
    gap = _weighted((weight, _mean(shown.gap)) for weight, shown in rows)
    if gap is None:
        return AreaGap(criterion, None, None, None, None, in_balance=False if is_short else None)
    measured = [(weight, shown) for weight, shown in rows if _mean(shown.gap) is not None]
    reading = read(gap, policy)
    return AreaGap(
        criterion=criterion,
        expected=_weighted((weight, _mean(shown.expected)) for weight, shown in measured),
        delivered=_weighted((weight, _mean(shown.delivered)) for weight, shown in measured),
        gap=gap,
        reading=reading,
        in_balance=None if not is_judged and not is_short else reading is Reading.SWEET_SPOT and not is_short,
    )


def _mean(part: Side | Gap | None) -> Fraction | None:
    return None if part is None else part.mean


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
    pairs: dict[str, list[tuple[int, int]]] = {}
    one_sided = 0
    for respondent in respondents:
        group = respondent.reviewer.group or NO_GROUP
        answer = respondent.answer(question.id)
        if not is_asked_of(question, group) or answer.confirm is not None:
            continue
        if answer.expected is not None and answer.delivered is not None:
            pairs.setdefault(group, []).append((answer.expected, answer.delivered))
        elif answer.expected is not None or answer.delivered is not None:
            one_sided += 1
    ordered = sorted(pairs, key=lambda group: (-len(pairs[group]), group))
    top, least = question.top, policy.smallest_group
    expected, delivered = (
        _sides({group: [pair[place] for pair in pairs[group]] for group in ordered}, top, least) for place in (0, 1)
    )
    figures = {group: _figures(expected.get(group), delivered.get(group), top, policy) for group in (None, *ordered)}
    shown = {group: found for group in ordered if (found := figures[group]) != NO_FIGURES}
    return QuestionGap(
        criterion=criterion,
        question=question,
        whole=figures[None],
        groups=shown,
        withheld=bool(pairs) and any(found.gap is None for found in figures.values()),
        people=sum(map(len, pairs.values())),
        one_sided=one_sided,
        small={group: len(pairs[group]) for group in ordered if len(pairs[group]) < least},
    )


NO_FIGURES = Figures(None, None, None)


def _sides(levels: Mapping[str, Sequence[int]], top: int, least: int) -> dict[str | None, Side]:
    """What may be shown of one side, by group; None stands for everybody."""
    tallies = {group: _tally(given) for group, given in levels.items()}
    whole = reduce(Tally.__add__, tallies.values(), Tally())
    if whole.people < least:
        return {}
    shown = disclose(tallies, top, least)
    near = whole.near(top) if least > 1 else None
    sides: dict[str | None, Side] = {None: _side(whole, near, has_spread=shown.has_spread)}
    for group, tally in tallies.items():
        end = shown.near.get(group)
        if end is not None or group in shown.means:
            sides[group] = _side(tally, end, has_spread=group in shown.spreads)
    return sides


def _tally(levels: Sequence[int]) -> Tally:
    return Tally(len(levels), sum(levels), sum(level * level for level in levels))


def _side(tally: Tally, near: LadderEnd | None, *, has_spread: bool) -> Side:
    if near is not None:
        return Side(None, tally.people, near=near)
    mean = Fraction(tally.total, tally.people)
    variance = Fraction(tally.squares, tally.people) - mean * mean
    return Side(mean, tally.people, sqrt(variance) if has_spread else None)


def _figures(expected: Side | None, delivered: Side | None, top: int, policy: Policy) -> Figures:
    if expected is None or delivered is None:
        return Figures(expected, delivered, None)
    gap = delivered.position(top) - expected.position(top)
    is_figure = expected.near is None and delivered.near is None
    return Figures(expected, delivered, Gap(gap if is_figure else None, expected.people, read(gap, policy)))


def _area(criterion: Criterion, questions: Iterable[QuestionGap], policy: Policy) -> AreaGap:
    own = [gap for gap in questions if gap.criterion is criterion]
    is_judged = all(gap.is_judged for gap in own)
    return area(criterion, [(gap.question, gap.whole) for gap in own], policy, is_judged=is_judged)


def _weighted(values: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """The weighted mean of the values that there are."""
    there = [(weight, value) for weight, value in values if value is not None]
    if not there:
        return None
    return sum((weight * value for weight, value in there), Fraction(0)) / sum(weight for weight, _ in there)


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
    found = [one for one in readiness.questions if one.whole.gap is not None and one.whole.gap.reading in SHORTFALLS]
    closing = []
    for shortfall in sorted(found, key=gap_position):
        linked = tuple(
            one for one in scorecard.questions if shortfall.question.id in one.question.closes and one.counts
        )
        closing.append(Closing(shortfall, linked, _effect(shortfall, linked)))
    return tuple(closing)


def gap_position(one: QuestionGap) -> Fraction:
    """The gap between what stands on the ladder, by which questions are put in order; 0 without both sides."""
    expected, delivered, top = one.whole.expected, one.whole.delivered, one.question.top
    if expected is None or delivered is None:
        return Fraction(0)
    return delivered.position(top) - expected.position(top)


def _effect(shortfall: QuestionGap, linked: tuple[QuestionScore, ...]) -> Effect:
    expected, delivered = shortfall.whole.expected, shortfall.whole.delivered
    if not linked:
        return Effect.NOT_ASKED
    if expected is None or delivered is None:
        return Effect.NOT_KNOWN
    top = shortfall.question.top
    shares = [share for share in map(current_share, linked) if share is not None]
    if any(share <= delivered.position(top) / top for share in shares):
        return Effect.DOES_NOT
    if len(shares) < len(linked):
        return Effect.NOT_KNOWN
    return Effect.CLOSES if min(shares) >= expected.position(top) / top else Effect.NARROWS


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
