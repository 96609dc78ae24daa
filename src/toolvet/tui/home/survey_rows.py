"""What Home shows about a survey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from toolvet.domain.gaps import Readiness
from toolvet.report.survey.result import widest_gap, widest_shortfall
from toolvet.report.survey.sentences import (
    answer_words,
    answered_words,
    balance_count_words,
    marked_reading,
    open_words,
    people_words,
    reading_sentences,
    who_may_words,
    who_words,
)
from toolvet.services.survey_rounds import Gathered
from toolvet.text.escape import plural
from toolvet.text.labels import READING_STYLES
from toolvet.tui.kit.content import in_a_row, on_one_line, shown


def survey_result_words(gathered: Gathered) -> tuple[Content, ...]:
    """The areas in balance; the question that has the widest gap; how many answered."""
    if gathered.survey is None:
        people = plural(gathered.open.people, "person", "people")
        return (Content.styled(f"{people} answered; the round is open", "$text-muted"),)
    readiness = gathered.survey.now.readiness
    answered = Content.styled(answered_words(readiness), "$text-muted")
    return shown(balance_count_words(readiness)), _widest(readiness), answered


def _widest(readiness: Readiness) -> Content:
    widest = widest_shortfall(readiness) or widest_gap(readiness)
    if widest is None or widest.whole.gap is None:
        return Content.styled("no gap can be shown", "$text-muted")
    reading = widest.whole.gap.reading
    mark = Content.styled(marked_reading(reading), READING_STYLES[reading])
    return in_a_row(mark, on_one_line(f": {widest.question.quoted}"))


def survey_result_rows(gathered: Gathered, due: Sequence[Content]) -> Iterator[Content]:
    """The result in sentences, who answered, what is due, and what was left out."""
    survey = gathered.survey
    if survey is None:
        yield shown(open_words(gathered.open, is_first=True))
        yield shown(who_may_words(gathered.open), "$text-muted")
        yield Content("")
        yield from (shown(f"! {words}", "$text-warning") for words in (*gathered.notes, *gathered.left_out))
        return
    now, before = survey.now, survey.before
    yield on_one_line(now.rubric.title, "$text-muted")
    yield Content("")
    yield shown(answer_words(now.readiness))
    yield from map(shown, reading_sentences(now.readiness))
    yield Content("")
    yield shown(f"{people_words(now)}. {who_words(now)}", "$text-muted")
    if before is not None:
        yield shown(f"Previous round: {people_words(before)}.", "$text-muted")
    if waiting := open_words(survey.open):
        yield shown(waiting, "$text-muted")
    yield Content("")
    yield from due
    yield from (shown(f"! {words}", "$text-warning") for words in (*gathered.notes, *gathered.left_out))
