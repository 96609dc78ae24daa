"""An answer to a survey in words: the gap, what is still to do, and the marks in lists."""

from __future__ import annotations

from textual.content import Content

from toolvet.domain.answering import to_confirm
from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.respondent import AnswerSide, Given, asked, given, rung
from toolvet.domain.rubric import Policy, Question, Rubric
from toolvet.report.respondent_words import SIDES, gap_words
from toolvet.tui.widgets.hanging import Entry
from toolvet.tui.widgets.outline import Heading, Line, Row
from toolvet.tui.widgets.plain_text import shown

MARKS = "3│1 expect 3, get 1   3│· one side only   · nothing yet   ! to be answered anew"


def answer_mark(answer: Answer) -> str:
    """Three cells: the rung expected, the rung delivered."""
    match given(answer):
        case Given.TO_CONFIRM:
            return " ! "
        case Given.NOTHING:
            return " · "
        case _:
            sides = ["·" if (level := rung(answer, side)) is None else str(level) for side in AnswerSide]
            return "│".join(sides)


def mark_style(answer: Answer) -> str:
    """The style of that mark."""
    match given(answer):
        case Given.TO_CONFIRM:
            return "$text-warning"
        case Given.NOTHING:
            return "$text-muted"
        case _:
            return "$foreground"


def outline_rows(rubric: Rubric, assessment: Assessment) -> tuple[Row, ...]:
    """The areas with the questions asked of this person."""
    wanted = {question.id for question in asked(rubric, assessment)}
    rows: list[Row] = []
    for criterion in rubric.criteria:
        own = [question for question in criterion.questions if question.id in wanted]
        if own:
            rows.append(Heading(criterion))
            rows += [_line(question, assessment.answer(question.id)) for question in own]
    return tuple(rows)


def _line(question: Question, answer: Answer) -> Line:
    return Line(question, answer_mark(answer), mark_style(answer), is_must_have=False, is_in_pass=True)


def answer_entries(question: Question, answer: Answer, side: AnswerSide, policy: Policy) -> list[Entry]:
    """The gap, or what can be answered still; then the note."""
    entries = [_standing(question, answer, side, policy)]
    if answer.note:
        entries.append(("Note", shown(answer.note)))
    return entries


def _standing(question: Question, answer: Answer, side: AnswerSide, policy: Policy) -> Entry:
    match given(answer):
        case Given.TO_CONFIRM:
            words = f"to be answered anew ({to_confirm(answer)}): pick the rung again"
            return "Answer", shown(words, "bold $text-warning")
        case Given.BOTH:
            return "Gap", shown(gap_words(answer, policy), "bold")
        case Given.ONE_SIDE:
            missing = AnswerSide.EXPECTED if answer.expected is None else AnswerSide.DELIVERED
            words = f"{_how(question, missing, side)}; one side alone counts, too"
        case _:
            words = f"{_how(question, side, side)}; {_how(question, side.other, side)}"
    return "Answer", Content.styled(words, "$text-muted")


def _how(question: Question, wanted: AnswerSide, side: AnswerSide) -> str:
    turn = "" if wanted is side else "tab, then "
    return f"{turn}0–{question.top}: {SIDES[wanted].lower()}"
