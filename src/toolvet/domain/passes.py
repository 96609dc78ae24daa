"""Which questions to pass through, how far one is, and how long the rest takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from toolvet.domain.rubric import Sitting
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard


class Pass(StrEnum):
    """A way through the questions: all, a choice of them, or one sitting."""

    ALL = "all"
    MUST_HAVES = "must-haves"
    OPEN = "open"
    TRIAL = "trial"
    CONSOLE = "console"
    READING = "reading"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the questions that apply, or may, are answered, unknown included."""

    answered: int
    total: int


def questions_in(chosen: Pass, scorecard: Scorecard) -> tuple[QuestionScore, ...]:
    """The questions of that pass which apply, or may, in the rubric's order."""
    applying = tuple(scored for scored in scorecard.questions if scored.applies is not False)
    match chosen:
        case Pass.ALL:
            return applying
        case Pass.MUST_HAVES:
            must_haves = {must_have.question.id for must_have in scorecard.must_haves}
            return tuple(scored for scored in applying if scored.question.id in must_haves)
        case Pass.OPEN:
            return tuple(scored for scored in applying if scored.state.is_open)
        case _:
            sitting = Sitting(chosen.value)
            return tuple(scored for scored in applying if scored.question.where is sitting)


def minutes_left(chosen: Pass, scorecard: Scorecard) -> int:
    """The rubric's estimate, in minutes, for the questions of that pass with no current answer."""
    return sum(scored.question.minutes or 0 for scored in questions_in(chosen, scorecard) if _is_to_do(scored))


def progress(scorecard: Scorecard) -> Progress:
    """How far the assessment is."""
    applying = questions_in(Pass.ALL, scorecard)
    return Progress(sum(scored.state is not AnswerState.UNANSWERED for scored in applying), len(applying))


def next_open(scorecard: Scorecard, after: str | None) -> str | None:
    """The id of the next open question behind that one, going round; None where nothing is open.

    Questions with no current answer come before those marked unknown, which somebody has already tried.
    """
    questions = questions_in(Pass.ALL, scorecard)
    at = next((index for index, scored in enumerate(questions) if scored.question.id == after), -1)
    onwards = questions[at + 1 :] + questions[: at + 1]
    for is_wanted in (_is_to_do, _is_open):
        for scored in onwards:
            if is_wanted(scored) and scored.question.id != after:
                return scored.question.id
    return None


def _is_to_do(scored: QuestionScore) -> bool:
    return scored.state in (AnswerState.UNANSWERED, AnswerState.EXPIRED)


def _is_open(scored: QuestionScore) -> bool:
    return scored.state.is_open
