"""The outline of a preview: every question, with a mark for whether it is asked and whether that has just changed."""

from __future__ import annotations

from collections.abc import Iterator

from toolvet.domain.preview import Difference, Preview
from toolvet.domain.scorecard import QuestionScore
from toolvet.tui.widgets.marks import MUST_HAVE
from toolvet.tui.widgets.outline import Heading, Line, Row

CAME, WENT, NOT_ASKED, MAY_BE_ASKED, ASKED = "+", "-", "×", "?", "·"
MARKS = (
    f"{ASKED} asked   {MAY_BE_ASKED} depends on a fact not given   {CAME} came   {WENT} went   "
    f"{NOT_ASKED} not asked   {MUST_HAVE} must-have"
)


def outline_rows(now: Preview, changed: Difference | None) -> Iterator[Row]:
    """A heading for each criterion and a row for each question, those that are not asked too."""
    questions = iter(now.scorecard.questions)
    must_haves = frozenset(now.must_haves)
    came, went = frozenset(changed.came if changed else ()), frozenset(changed.went if changed else ())
    for criterion in now.scorecard.rubric.criteria:
        yield Heading(criterion)
        for _ in criterion.questions:
            scored = next(questions)
            mark, style = _mark(scored, came, went)
            question = scored.question
            yield Line(question, f"{mark} ", style, question.id in must_haves, scored.applies is not False)


def _mark(scored: QuestionScore, came: frozenset[str], went: frozenset[str]) -> tuple[str, str]:
    if scored.question.id in came:
        return CAME, "bold $text-success"
    if scored.question.id in went:
        return WENT, "bold $text-warning"
    match scored.applies:
        case None:
            return MAY_BE_ASKED, "$text-warning"
        case True:
            return ASKED, "$text-muted"
        case _:
            return NOT_ASKED, "$text-muted"
