"""What each way of answering makes of an answer, and which question comes next. Nothing here knows of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from toolvet.domain.assessment import Answer, Assessment, Evidence
from toolvet.domain.rubric import Rubric


def at_level(answer: Answer, level: int, on: date) -> Answer:
    """The answer at that level, given that day."""
    return replace(answer, level=level, unknown=None, not_applicable=None, answered=on, confirm=None)


def as_unknown(answer: Answer, tried: str, on: date) -> Answer:
    """The answer as unknown, with what was tried, which may be empty."""
    return replace(answer, level=None, unknown=tried, not_applicable=None, answered=on, confirm=None)


def as_not_applicable(answer: Answer, reason: str, on: date) -> Answer:
    """The answer as not applicable, for that reason."""
    return replace(answer, level=None, unknown=None, not_applicable=reason, answered=on, confirm=None)


def cleared(answer: Answer) -> Answer:
    """The question unanswered again."""
    return replace(answer, level=None, unknown=None, not_applicable=None, answered=None, confirm=None)


def to_confirm(answer: Answer) -> str | None:
    """What has to be confirmed and why: "level 2, reworded in 1.1.0"; None where nothing has."""
    return None if answer.confirm is None else f"{given_words(answer)}, {answer.confirm}"


def given_words(answer: Answer) -> str:
    """What was given, without its texts: "level 2", "expected 3, delivered 1", "unknown"."""
    levels = [f"{name} {level}" for name in _LEVELS if (level := getattr(answer, name)) is not None]
    if levels:
        return ", ".join(levels)
    return "unknown" if answer.unknown is not None else "not applicable"


_LEVELS = ("level", "expected", "delivered")


def sources_used(assessment: Assessment, recent: Sequence[str]) -> tuple[Evidence, ...]:
    """One evidence for each source in the assessment, the one used last first.

    `recent` are the sources of this sitting, the latest last; they go before the others, which go by the day of the
    answer.
    """
    sources: dict[str, Evidence] = {}
    for answer in sorted(assessment.answers.values(), key=lambda answer: answer.answered or date.min, reverse=True):
        for evidence in reversed(answer.evidence):
            sources.setdefault(evidence.source, evidence)
    first = {source: sources[source] for source in reversed(recent) if source in sources}
    return tuple((first | sources).values())


def first_question(rubric: Rubric, wanted: str | None) -> str:
    """The id of the question to begin with: the one wanted, where the rubric has it, else the first."""
    ids = [question.id for _, question in rubric.questions()]
    return wanted if wanted in ids else ids[0]


def next_in(rubric: Rubric, wanted: Sequence[str], at: str, by: int) -> str | None:
    """The nearest of the questions wanted behind the one it is at, or with `by` -1 before it; None at the end."""
    place = {question.id: index for index, (_, question) in enumerate(rubric.questions())}
    ahead = [question_id for question_id in wanted if (place[question_id] - place[at]) * by > 0]
    return min(ahead, key=lambda question_id: abs(place[question_id] - place[at]), default=None)
