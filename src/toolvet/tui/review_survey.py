"""The page of the Review screen about surveys: which measured shortfalls the tool would close."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from toolvet.domain.closing import Effect
from toolvet.report.readiness_words import marked_reading
from toolvet.report.shortfall_words import EFFECT_WORDS, HOW_TOLD, ONLY_A_POINTER
from toolvet.report.shortfalls import Shortfall, SurveyPart
from toolvet.report.text import listed, plural
from toolvet.tui.review_pages import Reviewed
from toolvet.tui.widgets.jump_list import PageRow
from toolvet.tui.widgets.page_rows import blank, quiet
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line

_STYLES = {
    Effect.CLOSES: "bold $text-success",
    Effect.NARROWS: "bold $text-success",
    Effect.DOES_NOT: "bold $text-error",
    Effect.NOT_KNOWN: "bold $text-warning",
    Effect.NOT_ASKED: "$text-muted",
}
_EFFECT_WIDTH = max(map(len, EFFECT_WORDS.values())) + 2


def survey_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:  # noqa: ARG001 - all pages are called alike
    """Each organisation's shortfalls, and below each the linked answers, which lead to their questions."""
    for survey in reviewed.surveys:
        yield from _survey_rows(survey)
        yield blank()
    yield quiet(f"{HOW_TOLD} {ONLY_A_POINTER}")


def _survey_rows(survey: SurveyPart) -> Iterator[PageRow]:
    yield PageRow(in_a_row(" ", on_one_line(survey.answer, "bold")), indent=1)
    yield quiet(on_one_line(" ".join((f"Answered by {survey.people}.", *survey.notes))).plain)
    for one in survey.shortfalls:
        if one.linked:
            yield blank()
            yield from _shortfall_rows(one)
    others = [one.title for one in survey.shortfalls if not one.linked]
    if others:
        yield blank()
        yield quiet(f"Short or slipping as well, and not asked about here: {listed(others)}.")


def _shortfall_rows(one: Shortfall) -> Iterator[PageRow]:
    effect = Content.styled(f"{one.effect_words:<{_EFFECT_WIDTH}}", _STYLES[one.effect])
    title = on_one_line(one.title, "bold")
    people = plural(one.people, "person", "people")
    reading = Content.styled(f"  {marked_reading(one.reading)}, {people}", "$text-muted")
    yield PageRow(in_a_row("   ", effect, title, reading), indent=3 + _EFFECT_WIDTH)
    yield quiet(f"Delivered {one.delivered_words}, expected {one.expected_words}.")
    for linked in one.linked:
        yield PageRow(in_a_row("   · ", on_one_line(f"{linked.title}: {linked.words}")), linked.question, indent=5)
