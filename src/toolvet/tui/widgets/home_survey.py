"""A survey as a row of the list on the home screen, and more about it beside the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from textual.content import Content

from toolvet.domain.gaps import Readiness
from toolvet.report.readiness_order import widest_gap
from toolvet.report.readiness_words import (
    answer_words,
    answered_words,
    balance_count_words,
    marked_reading,
    pair_words,
    people_words,
    reading_sentences,
    who_words,
)
from toolvet.surveys import Gathered
from toolvet.tui.subjects import Due, SubjectView, Urgency
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown
from toolvet.tui.widgets.readiness_marks import READING_STYLES
from toolvet.tui.widgets.subject_row import brief_due, doubt_words, due_words


def result_lines(view: SubjectView, readiness: Readiness, on: date) -> tuple[Content, Content]:
    """How many answered and the areas in balance; the widest gap, and what is due."""
    answered = Content.styled(answered_words(readiness), "$text-muted")
    return in_a_row(answered, "   ", balance_count_words(readiness)), _third(view, readiness, on)


def result_paragraphs(view: SubjectView, gathered: Gathered, on: date) -> Iterator[Content]:
    """The result in sentences, who answered, when to ask again, and what was left out."""
    result = gathered.survey
    yield on_one_line(result.now.rubric.title, "$text-muted")
    yield Content("")
    yield shown(answer_words(result.now.readiness))
    for sentence in reading_sentences(result.now.readiness):
        yield shown(sentence)
    yield Content("")
    yield shown(f"{people_words(result.now)}. {who_words(result.now)}", "$text-muted")
    if result.before is not None:
        yield shown(f"The round before: {people_words(result.before)}.", "$text-muted")
    yield Content("")
    for due in view.due:
        yield due_words(due, on)
    for words in (*gathered.notes, *gathered.left_out):
        yield shown(f"! {words}", "$text-warning")


def _third(view: SubjectView, readiness: Readiness, on: date) -> Content:
    if view.doubts:
        return in_a_row(doubt_words(view), "   ", _widest(readiness))
    urgent = [due for due in view.due if due.urgency is not Urgency.LATER]
    return in_a_row(*_all_due(urgent[:1], on), _widest(readiness))


def _all_due(urgent: list[Due], on: date) -> Iterator[Content]:
    for due in urgent:
        yield brief_due(due, on)
        yield Content("   ")


def _widest(readiness: Readiness) -> Content:
    widest = widest_gap(readiness)
    if widest is None or widest.whole.gap is None:
        return Content.styled("no gap can be shown", "$text-muted")
    gap = widest.whole.gap
    reading = Content.styled(marked_reading(gap.reading), READING_STYLES[gap.reading])
    figures = pair_words(widest, widest.whole)
    return in_a_row("widest gap: ", on_one_line(widest.question.title), f" {figures} ", reading)
