"""A point in which two versions of an assessment differ, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.content import Content

from toolvet.domain.answering import given_words
from toolvet.domain.assessment import Answer, Assessment, Retired
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.settling import About, Keep, Point, kept_value
from toolvet.report.text import plural
from toolvet.tui.widgets.hanging import Entry
from toolvet.tui.widgets.plain_text import on_one_line, shown
from toolvet.tui.widgets.question_text import evidence_words
from toolvet.tui.widgets.tool_form import FIELDS

OPEN_FACT = "left open, to be asked again: only one option can be given"
_LABELS = {field.name: field.label for field in FIELDS}


def title_of(point: Point, rubric: Rubric) -> str:
    """What the point is about, for a list."""
    match point.about:
        case About.RUBRIC:
            return "Everything: the two were answered under different rubrics"
        case About.ANSWER:
            question = _question(rubric, point.id)
            return question.title if question else f"Answer {point.id}"
        case About.SCOPE:
            return next((f"Scope: {fact.text}" for fact in rubric.scope if fact.id == point.id), f"Scope: {point.id}")
        case About.SUBJECT:
            return _LABELS.get(point.id, point.id)
        case About.REVIEWER:
            return f"Reviewer: {point.id}"
        case About.STARTED:
            return "Started on"
        case About.RETIRED:
            return f"Kept from an earlier rubric: {point.id}"


def version_entries(point: Point, value: Any, rubric: Rubric) -> tuple[Entry, ...]:
    """What one version says there."""
    if value is None:
        return (("", Content.styled("nothing", "$text-muted")),)
    match value:
        case Answer():
            return tuple(_answer_entries(value, _question(rubric, point.id)))
        case Retired():
            return tuple(_answer_entries(value.answer, None))
        case Assessment():
            version = f"{value.rubric.id} {value.rubric.version}, {plural(len(value.answers), 'answer')}"
            return (("Rubric", on_one_line(version)),)
    return (("", shown(str(value))),)


def side_entries(point: Point, value: Any, rubric: Rubric) -> tuple[Entry, ...]:
    """The same without what stands in both versions: of a long answer only what differs is to be compared."""
    ours, theirs = (version_entries(point, each, rubric) for each in (point.ours, point.theirs))
    return tuple(entry for entry in version_entries(point, value, rubric) if not (entry in ours and entry in theirs))


def kept_entries(point: Point, keep: Keep, rubric: Rubric) -> tuple[Entry, ...]:
    """What comes of the point where that is kept."""
    if point.about is About.SCOPE and keep is Keep.BOTH and None not in (point.ours, point.theirs):
        return (("", Content(OPEN_FACT)),)
    return version_entries(point, kept_value(point, keep), rubric)


def _answer_entries(answer: Answer, question: Question | None) -> Iterator[Entry]:
    if answer.is_given:
        yield "Answer", on_one_line(_given(answer, question), "bold")
    if answer.confirm is not None:
        yield "Confirm", shown(f"It counts once it is answered anew. {answer.confirm}", "$text-warning")
    if answer.answered is not None:
        yield "On", Content(answer.answered.isoformat())
    for label, text in (
        ("Tried", answer.unknown),
        ("Because", answer.not_applicable),
        ("Note", answer.note),
        ("Setting", answer.setting),
    ):
        if text:
            yield label, shown(text)
    for index, evidence in enumerate(answer.evidence):
        yield "Evidence" if index == 0 else "and", evidence_words(evidence)


def _given(answer: Answer, question: Question | None) -> str:
    if question is None or answer.level is None or answer.level > question.top:
        return given_words(answer)
    return f"{given_words(answer)}: {question.levels[answer.level]}"


def _question(rubric: Rubric, question_id: str) -> Question | None:
    return next((question for _, question in rubric.questions() if question.id == question_id), None)
