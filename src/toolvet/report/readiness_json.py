"""A survey's result as JSON: the fields of `toolvet readiness --json`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from toolvet.domain.gaps import AreaGap, Figures, Gap, QuestionGap, Readiness, Side
from toolvet.report.readiness import Round, Survey, group_areas, measured_in, moved, of_group, shown_in
from toolvet.report.readiness_words import ask_again_on
from toolvet.report.scorecard_json import Json
from toolvet.report.words import plain_number


def readiness_json(survey: Survey, groups: Sequence[str] | None = None) -> Json:
    """Means and gaps in rungs, not rounded, null where nobody answered or too few did; of every group or of these."""
    readiness = survey.now.readiness
    shown = [group for group in shown_in(readiness) if groups is None or group in groups]
    rubric = readiness.rubric
    return {
        "organisation": survey.organisation,
        "on": survey.on.isoformat(),
        "rubric": {"id": rubric.id, "version": rubric.version, "digest": rubric.digest},
        "round": round_json(survey.now),
        "smallest_group": rubric.policy.smallest_group,
        "areas": [_area(readiness, place, shown) for place in range(len(readiness.areas))],
        "questions": [_question(one, shown) for one in readiness.questions],
        "before": None if survey.before is None else _before(survey, survey.before),
    }


def round_json(found: Round) -> Json:
    """How many answered and when, when to ask again, and what they were counted from."""
    again = ask_again_on(found)
    return {
        "people": found.readiness.people,
        "first": None if found.first is None else found.first.isoformat(),
        "last": None if found.last is None else found.last.isoformat(),
        "ask_again": None if again is None else again.isoformat(),
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
        "groups": [
            {"group": group, **_area_figures(readiness, group_areas(readiness, group)[place], group)}
            for group in groups
        ],
    }


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
        "withheld": one.withheld,
        "groups": [{"group": group, **figures_json(of_group(one, group))} for group in groups],
    }


def figures_json(figures: Figures) -> Json:
    """Both sides and the gap, null where not shown."""
    return {"expected": _side(figures.expected), "delivered": _side(figures.delivered), "gap": _gap(figures.gap)}


def _side(side: Side | None) -> Json | None:
    return None if side is None else {"mean": _number(side.mean), "people": side.people, "spread": side.spread}


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
