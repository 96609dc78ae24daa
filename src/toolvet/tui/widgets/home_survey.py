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
from toolvet.report.text import plural
from toolvet.tui.subjects import Due, SubjectView, Surveyed, Urgency
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line, shown
from toolvet.tui.widgets.readiness_marks import READING_STYLES
from toolvet.tui.widgets.subject_row import VERDICT_WIDTH, brief_due, columns, doubt_words, due_words, three_lines

SURVEY = "◇ SURVEY"


def survey_row(view: SubjectView, survey: Surveyed, on: date, width: int) -> Content:
    """Name and that it is a survey; how many answered and the areas in balance; the widest gap, or what is due."""
    kind = Content.styled(SURVEY, "bold $text-primary")
    first = columns(on_one_line(view.name, "bold"), width - VERDICT_WIDTH, kind)
    if survey.gathered is None:
        counting = f"counting {plural(survey.files, 'answer file')} …"
        return three_lines(first, on_one_line(view.fault or counting, "$text-muted"), Content(""), width)
    readiness = survey.gathered.survey.now.readiness
    answered = Content.styled(answered_words(readiness), "$text-muted")
    second = in_a_row(answered, "   ", balance_count_words(readiness))
    return three_lines(first, second, _third(view, readiness, on), width)


def survey_details(view: SubjectView, survey: Surveyed, on: date) -> Content:
    """The survey's result in sentences, who answered, and when to ask again."""
    parts: list[Content] = [on_one_line(view.name, "bold")]
    if survey.gathered is not None:
        parts += _result(survey)
    elif view.fault is not None:
        parts += [Content(""), shown(view.fault, "$text-warning")]
    if view.due:
        parts += [Content(""), *(due_words(due, on) for due in view.due)]
    if survey.gathered is not None:
        for words in (*survey.gathered.notes, *survey.gathered.left_out):
            parts += [Content(""), shown(f"! {words}", "$text-warning")]
    parts += [shown(f"{'!' if problem.warning else '✗'} {problem}", "$text-error") for problem in view.folder.problems]
    return below_each_other(*parts)


def _result(survey: Surveyed) -> Iterator[Content]:
    assert survey.gathered is not None
    result = survey.gathered.survey
    yield on_one_line(result.now.rubric.title, "$text-muted")
    yield Content("")
    yield shown(answer_words(result.now.readiness))
    for sentence in reading_sentences(result.now.readiness):
        yield shown(sentence)
    yield Content("")
    yield shown(f"{people_words(result.now)}. {who_words(result.now)}", "$text-muted")
    if result.before is not None:
        yield shown(f"The round before: {people_words(result.before)}.", "$text-muted")


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
