"""One person's answers to a survey in words: the two sides of a ladder, and the gap between them."""

from __future__ import annotations

from fractions import Fraction

from toolvet.domain.assessment import Answer
from toolvet.domain.gaps import read
from toolvet.domain.respondent import AnswerSide, gap
from toolvet.domain.rubric import Policy, Question
from toolvet.report.readiness_words import marked_reading
from toolvet.report.text import plural

SIDES = {AnswerSide.EXPECTED: "What you expect", AnswerSide.DELIVERED: "What you get"}
UNNAMED = "No name is asked for or kept; a random number names the file."
NOTE_CAUTION = "Whoever has the file can read it. Write nothing by which you could be known."


def asked_words(question: Question, side: AnswerSide) -> str:
    """What is asked about the ladder on that side."""
    return (question.expected if side is AnswerSide.EXPECTED else question.delivered) or question.text


def gap_words(answer: Answer, policy: Policy) -> str:
    """The two rungs against each other, with how such a gap reads; empty where a side is missing."""
    difference = gap(answer)
    if difference is None:
        return ""
    reading = marked_reading(read(Fraction(difference), policy))
    if difference == 0:
        return f"{reading}: you get what would do"
    rungs = plural(abs(difference), "rung")
    return f"{difference:+d} {reading}: you get {rungs} {'more' if difference > 0 else 'less'} than would do"
