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


def gap_figure(answer: Answer, policy: Policy) -> str:
    """The gap in rungs, with how it reads: "-2 ▼ short"; empty where a side is missing."""
    difference = gap(answer)
    if difference is None:
        return ""
    return f"{difference:+d} {marked_reading(read(Fraction(difference), policy))}".replace("+0 ", "0 ")


def gap_words(answer: Answer, policy: Policy) -> str:
    """The same, and in a sentence."""
    difference = gap(answer)
    if difference is None:
        return ""
    rungs = plural(abs(difference), "rung")
    comparison = f"{rungs} {'more' if difference > 0 else 'less'} than" if difference else "what"
    return f"{gap_figure(answer, policy)}: you get {comparison} would do"
