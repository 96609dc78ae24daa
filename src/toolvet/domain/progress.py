"""Which questions to work on, how many are answered, and how long the rest takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from toolvet.domain.rubric import Sitting
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard


class Pass(StrEnum):
    """Which questions to work on: all, some, or one sitting."""

    ALL = "all"
    MUST_HAVES = "must-haves"
    OPEN = "open"
    TRIAL = "trial"
    CONSOLE = "console"
    READING = "reading"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the questions that apply, or may, are answered.

    `unknown` and `expired` are parts of `answered`; the rest of it is known.
    """

    answered: int
    total: int
    unknown: int = 0
    expired: int = 0

    @property
    def known(self) -> int:
        return self.answered - self.unknown - self.expired


def questions_in(chosen: Pass, scorecard: Scorecard) -> tuple[QuestionScore, ...]:
    """The questions of that pass that apply, or may, in the rubric's order."""
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
    """The rubric's estimate for the questions of that pass without a current answer."""
    return sum(scored.question.minutes or 0 for scored in questions_in(chosen, scorecard) if _is_to_do(scored))


def progress(scorecard: Scorecard, chosen: Pass = Pass.ALL) -> Progress:
    states = [scored.state for scored in questions_in(chosen, scorecard)]
    return Progress(
        answered=len(states) - states.count(AnswerState.UNANSWERED),
        total=len(states),
        unknown=states.count(AnswerState.UNKNOWN),
        expired=states.count(AnswerState.EXPIRED),
    )


def next_open(scorecard: Scorecard, after: str | None, chosen: Pass = Pass.ALL) -> str | None:
    """The id of the next open question of that pass, going round; None if no other is open.

    Questions without a current answer come before unknown ones, which somebody has already tried.
    """
    wanted = {scored.question.id for scored in questions_in(chosen, scorecard)} - {after}
    questions = questions_in(Pass.ALL, scorecard)
    at = next((index for index, scored in enumerate(questions) if scored.question.id == after), -1)
    onwards = questions[at + 1 :] + questions[: at + 1]
    still_open = [scored for scored in onwards if scored.question.id in wanted and scored.state.is_open]
    to_do = filter(_is_to_do, still_open)
    return next((scored.question.id for scored in (*to_do, *still_open)), None)


def _is_to_do(scored: QuestionScore) -> bool:
    return scored.state in (AnswerState.UNANSWERED, AnswerState.EXPIRED)
