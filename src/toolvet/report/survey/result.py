"""A survey's result as one value: this round and the last, what is notable in it, and all of it as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from fractions import Fraction

from toolvet.domain.gaps import (
    NO_FIGURES,
    NO_GROUP,
    AreaGap,
    Figures,
    Gap,
    QuestionGap,
    Readiness,
    Side,
    area,
    gap_position,
    is_asked_of,
)
from toolvet.domain.rubric import Question, Reading, Rubric
from toolvet.domain.scoring import add_months
from toolvet.report.scorecard import Json, rubric_json
from toolvet.text.labels import iso, plain_number
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class Round:
    """The answers of one round: what follows from them, when they were given, how many to an earlier wording.

    `groups` says how many answered for each, "" where none was named.
    `sha256` is that of the round's file, which lists the answer files: whoever has them can check it, and nobody can
    tell anything from it. None for a file without random bytes, which would not be so.
    """

    readiness: Readiness
    first: date | None
    last: date | None
    sha256: str | None
    groups: Mapping[str, int] = field(default_factory=dict)
    earlier_wording: int = 0
    closed_on: date | None = None

    @property
    def rubric(self) -> Rubric:
        """What was asked."""
        return self.readiness.rubric

    @property
    def label(self) -> str:
        """The year of its last answer, by which it is called beside another round."""
        return "undated" if self.last is None else str(self.last.year)


@dataclass(frozen=True, slots=True)
class WaitingRound:
    """How many answered since the last round was closed, and how many a round needs.

    `groups` may answer, `until` is the last day whose answers count, if that was said.
    """

    people: int = 0
    least: int = 0
    groups: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """An organisation's last closed round, with the one before it where there is one, and who answered since.

    `left_out` says which files are in neither, and why.
    """

    organisation: str
    on: date
    now: Round
    before: Round | None = None
    open: WaitingRound = WaitingRound()
    left_out: tuple[str, ...] = ()
    later: date | None = None
    """The day on which the round after this one was closed, if any was."""

    @property
    def round_names(self) -> tuple[str, str]:
        """What the round before and this one are called beside each other."""
        if self.before is None or self.before.label == self.now.label:
            return "before", "now"
        return self.before.label, self.now.label


def shown_in(readiness: Readiness) -> tuple[str, ...]:
    """The groups with a figure that may be shown, in the rubric's order; people without a group come last."""
    shown = {group for question in readiness.questions for group in question.groups}
    return tuple(group for group in (*readiness.rubric.groups, NO_GROUP) if group in shown)


def of_group(question: QuestionGap, group: str) -> Figures:
    """What may be shown of that group for that question."""
    return question.groups.get(group, NO_FIGURES)


def group_areas(readiness: Readiness, group: str) -> tuple[AreaGap, ...]:
    """The areas as that group sees them, computed only from figures that may be shown."""
    return tuple(
        area(
            criterion,
            [(one.question, of_group(one, group)) for one in readiness.questions if one.criterion is criterion],
            readiness.rubric.policy,
            is_judged=all(_is_judged_in(one, group) for one in readiness.questions if one.criterion is criterion),
        )
        for criterion in readiness.rubric.criteria
    )


def _is_judged_in(one: QuestionGap, group: str) -> bool:
    return of_group(one, group).gap is not None or not one.withheld or not is_asked_of(one.question, group)


def questions_of(readiness: Readiness, found: AreaGap) -> tuple[QuestionGap, ...]:
    return tuple(one for one in readiness.questions if one.criterion is found.criterion)


def measured_in(readiness: Readiness, found: AreaGap, group: str | None = None) -> tuple[int, int]:
    """How many of an area's questions show a gap, and how many are asked (of that group, if given)."""
    questions = questions_of(readiness, found)
    if group is None:
        return sum(has_gap_figure(one.whole) for one in questions), len(questions)
    asked = [one for one in questions if not one.question.asked_of or group in one.question.asked_of]
    return sum(has_gap_figure(of_group(one, group)) for one in asked), len(asked)


def has_gap_figure(figures: Figures) -> bool:
    """Whether the gap is shown as a figure."""
    return figures.gap is not None and figures.gap.mean is not None


@dataclass(frozen=True, slots=True)
class Moved:
    """A question that both rounds asked in the same words on the same ladder, with both rounds' figures."""

    question: QuestionGap
    before: Figures


def moved(survey: Survey) -> tuple[Moved, ...]:
    """The questions that can be compared with the previous round: both rounds show something."""
    if survey.before is None:
        return ()
    earlier = {one.question.id: one for one in survey.before.readiness.questions}
    pairs = ((one, earlier.get(one.question.id)) for one in survey.now.readiness.questions)
    return tuple(
        Moved(now, before.whole)
        for now, before in pairs
        if before is not None and _asks_alike(now, before) and NO_FIGURES not in (now.whole, before.whole)
    )


def _asks_alike(now: QuestionGap, before: QuestionGap) -> bool:
    one, other = now.question, before.question
    return (one.levels, one.expected, one.delivered) == (other.levels, other.expected, other.delivered)


def in_language(survey: Survey, language: str | None) -> Survey:
    """The same result in the words of that language. A question that both rounds asked alike is still one of both."""
    now = _round_in(survey.now, language, {})
    if survey.before is None:
        return replace(survey, now=now)
    own = {one.question.id: one for one in survey.now.readiness.questions}
    alike = {
        one.question.id: one.question
        for one in now.readiness.questions
        if any(
            each.question.id == one.question.id and _asks_alike(own[one.question.id], each)
            for each in survey.before.readiness.questions
        )
    }
    return replace(survey, now=now, before=_round_in(survey.before, language, alike))


def _round_in(found: Round, language: str | None, alike: Mapping[str, Question]) -> Round:
    rubric = found.rubric.in_language(language)
    criteria = {criterion.id: criterion for criterion in rubric.criteria}
    asked = {**{question.id: question for _, question in rubric.questions()}, **alike}
    questions = tuple(
        replace(one, criterion=criteria[one.criterion.id], question=asked[one.question.id])
        for one in found.readiness.questions
    )
    areas = tuple(replace(one, criterion=criteria[one.criterion.id]) for one in found.readiness.areas)
    return replace(found, readiness=replace(found.readiness, rubric=rubric, questions=questions, areas=areas))


_WORST = (Reading.SHORT, Reading.SLIPPING, Reading.OVER_BUILT)


def balance_count(readiness: Readiness) -> tuple[int, int]:
    """How many areas are in balance, and how many show a gap."""
    measured = [found for found in readiness.areas if found.gap is not None]
    return sum(found.in_balance is True for found in measured), len(measured)


def widest_gap(readiness: Readiness) -> QuestionGap | None:
    """The question whose gap is the widest either way; None without a gap."""
    measured = [one for one in readiness.questions if one.whole.gap is not None]
    return max(measured, key=lambda one: abs(gap_position(one)), default=None)


def widest_shortfall(readiness: Readiness) -> QuestionGap | None:
    """The question that falls furthest below what is expected; None where none does."""
    below = [one for one in readiness.questions if one.whole.gap is not None and gap_position(one) < 0]
    return min(below, key=gap_position, default=None)


def with_reading(readiness: Readiness, reading: Reading) -> tuple[QuestionGap, ...]:
    """The questions of that reading, the widest gap first."""
    found = [one for one in readiness.questions if one.whole.gap and one.whole.gap.reading is reading]
    return tuple(sorted(found, key=lambda one: -abs(gap_position(one))))


def out_of_balance(readiness: Readiness) -> tuple[AreaGap, ...]:
    """The areas that have a gap and are out of balance, the widest gap first."""
    found = [(found.gap, found) for found in readiness.areas if found.gap is not None and found.in_balance is False]
    return tuple(area for _, area in sorted(found, key=lambda pair: pair[0]))


def unjudged(readiness: Readiness) -> tuple[QuestionGap, ...]:
    """The questions that cannot be judged because their gap is withheld."""
    return tuple(one for one in readiness.questions if not one.is_judged)


def not_known(readiness: Readiness) -> tuple[AreaGap, ...]:
    """The areas whose balance is not known because some of their gaps are withheld."""
    return tuple(found for found in readiness.areas if found.gap is not None and found.in_balance is None)


def out_of_balance_first(readiness: Readiness) -> tuple[AreaGap, ...]:
    """The areas: those out of balance, those of which it is not known, those in balance, those without a gap."""
    return (
        *out_of_balance(readiness),
        *not_known(readiness),
        *(found for found in readiness.areas if found.in_balance),
        *(found for found in readiness.areas if found.gap is None),
    )


def worst_first(questions: Iterable[QuestionGap]) -> tuple[QuestionGap, ...]:
    """The short ones, the slipping and the over-built, the widest gap first; then the others as they stand."""

    def order(one: QuestionGap) -> tuple[int, Fraction]:
        gap = one.whole.gap
        if gap is None:
            return len(_WORST) + 1, Fraction(0)
        if gap.reading not in _WORST:
            return len(_WORST), Fraction(0)
        return _WORST.index(gap.reading), -abs(gap_position(one))

    return tuple(sorted(questions, key=order))


def in_order(readiness: Readiness) -> tuple[QuestionGap, ...]:
    """Every question, by area in that order, the worst first."""
    areas = out_of_balance_first(readiness)
    return tuple(one for found in areas for one in worst_first(questions_of(readiness, found)))


def ask_again_on(found: Round) -> date | None:
    """The day to repeat the survey; None if no answer is dated."""
    return None if found.last is None else add_months(found.last, found.rubric.policy.valid_months)


def readiness_json(survey: Survey, groups: Sequence[str] | None = None) -> Json:
    """Means and gaps in rungs, not rounded, null where nobody answered or too few did; of every group or of these."""
    readiness = survey.now.readiness
    shown = [group for group in shown_in(readiness) if groups is None or group in groups]
    rubric = readiness.rubric
    return {
        "organisation": survey.organisation,
        "on": survey.on.isoformat(),
        "rubric": rubric_json(rubric),
        "round": round_json(survey.now),
        "smallest_group": rubric.policy.smallest_group,
        "areas": [_area(readiness, place, shown) for place in range(len(readiness.areas))],
        "questions": [_question(one, shown) for one in readiness.questions],
        "before": None if survey.before is None else _before(survey, survey.before),
        "open": _open(survey.open),
        "left_out": list(survey.left_out),
    }


def open_round_json(organisation: str, on: date, open_: WaitingRound) -> Json:
    """The same before the first round is closed: how many answered, and nothing else."""
    return {
        "organisation": organisation,
        "on": on.isoformat(),
        "rubric": None,
        "round": None,
        "smallest_group": open_.least,
        "areas": [],
        "questions": [],
        "before": None,
        "open": _open(open_),
    }


def _open(open_: WaitingRound) -> Json:
    return {"people": open_.people, "groups": list(open_.groups), "until": iso(open_.until)}


def round_json(found: Round) -> Json:
    """How many answered and when, when to ask again, and what they were counted from."""
    return {
        "people": found.readiness.people,
        "closed": iso(found.closed_on),
        "first": iso(found.first),
        "last": iso(found.last),
        "ask_again": iso(ask_again_on(found)),
        "earlier_wording": found.earlier_wording,
        "files": {"count": found.readiness.people, "sha256": found.sha256},
    }


def _area(readiness: Readiness, place: int, groups: Sequence[str]) -> Json:
    found = readiness.areas[place]
    return {
        "id": found.criterion.id,
        "title": found.criterion.title,
        **_area_figures(readiness, found, None),
        "in_balance": found.in_balance,
        "not_in_mean": [one.question.id for one in questions_of(readiness, found) if not has_gap_figure(one.whole)],
        "groups": [_area_of_group(readiness, place, group) for group in groups],
    }


def _area_of_group(readiness: Readiness, place: int, group: str) -> Json:
    found = group_areas(readiness, group)[place]
    return {"group": group, **_area_figures(readiness, found, group), "in_balance": found.in_balance}


def _area_figures(readiness: Readiness, found: AreaGap, group: str | None) -> Json:
    measured, asked = measured_in(readiness, found, group)
    return {
        "expected": _number(found.expected),
        "delivered": _number(found.delivered),
        "gap": _number(found.gap),
        "reading": None if found.reading is None else found.reading.value,
        "measured": measured,
        "asked": asked,
    }


def _question(one: QuestionGap, groups: Sequence[str]) -> Json:
    return {
        "id": one.question.id,
        "area": one.criterion.id,
        **figures_json(one.whole),
        "one_sided": one.one_sided,
        "withheld": not one.is_judged,
        "withheld_by_group": one.withheld,
        "groups": [{"group": group, **figures_json(of_group(one, group))} for group in groups],
    }


def figures_json(figures: Figures) -> Json:
    """Both sides and the gap, null where not shown; `near` names the end where a mean is said in words."""
    return {"expected": _side(figures.expected), "delivered": _side(figures.delivered), "gap": _gap(figures.gap)}


def _side(side: Side | None) -> Json | None:
    if side is None:
        return None
    near = None if side.near is None else side.near.value
    return {"mean": _number(side.mean), "people": side.people, "spread": side.spread, "near": near}


def _gap(gap: Gap | None) -> Json | None:
    if gap is None:
        return None
    return {"mean": _number(gap.mean), "people": gap.people, "reading": gap.reading.value}


def _before(survey: Survey, before: Round) -> Json:
    return {
        **round_json(before),
        "questions": [{"id": one.question.question.id, **figures_json(one.before)} for one in moved(survey)],
    }


def _number(mean: Fraction | None) -> int | float | None:
    return None if mean is None else plain_number(mean)
