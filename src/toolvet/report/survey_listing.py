"""A survey as a line of the workspace's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toolvet.domain.due import DueItem, DueKind
from toolvet.domain.gaps import QuestionGap
from toolvet.report.readiness import Survey
from toolvet.report.readiness_json import figures_json, round_json
from toolvet.report.readiness_order import balance_count, widest_gap
from toolvet.report.readiness_words import answered_words, ask_again_on, balance_count_words, widest_gap_words
from toolvet.report.scorecard_json import Json
from toolvet.report.text import one_line


@dataclass(frozen=True, slots=True)
class SurveyEntry:
    """One organisation's survey in the list. `survey` is None where nobody answered yet."""

    folder: str
    subject: str
    survey: Survey | None
    due: tuple[DueItem, ...] = ()


def survey_due(survey: Survey, until: date) -> tuple[DueItem, ...]:
    """That the survey is to be asked again, where that is by that day."""
    again = ask_again_on(survey.now)
    return () if again is None or again > until else (DueItem(again, DueKind.SURVEY, "Ask the survey again"),)


def survey_line(entry: SurveyEntry) -> str:
    """Who answered and how it stands, in a line."""
    name = one_line(entry.subject)
    if entry.survey is None:
        return f"{name}: nobody answered yet"
    readiness = entry.survey.now.readiness
    widest = widest_gap_words(readiness)
    parts = (
        answered_words(readiness),
        balance_count_words(readiness),
        f"widest gap {one_line(widest)}" if widest else "",
    )
    return f"{name}: {'; '.join(part for part in parts if part)}"


def survey_json(entry: SurveyEntry, on: date) -> Json:
    """The same for programs, without what is due."""
    survey = entry.survey
    return {
        "kind": "survey",
        "folder": entry.folder,
        "subject": entry.subject,
        "on": on.isoformat(),
        **({"rubric": None, "round": None} if survey is None else _result(survey)),
    }


def _result(survey: Survey) -> Json:
    rubric, readiness = survey.now.rubric, survey.now.readiness
    balanced, measured = balance_count(readiness)
    widest = widest_gap(readiness)
    return {
        "rubric": {"id": rubric.id, "version": rubric.version, "digest": rubric.digest},
        "round": round_json(survey.now),
        "areas": {"in_balance": balanced, "measured": measured, "asked": len(readiness.areas)},
        "widest_gap": None if widest is None else _widest(widest),
    }


def _widest(widest: QuestionGap) -> Json:
    return {"question": widest.question.id, **figures_json(widest.whole)}
