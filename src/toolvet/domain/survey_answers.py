"""One person's answers to a survey: which questions they are asked, and both sides of each ladder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Question, Rubric


class AnswerSide(StrEnum):
    """What a ladder is asked for: the least that would do, and what was true the last time."""

    EXPECTED = "expected"
    DELIVERED = "delivered"

    @property
    def other(self) -> AnswerSide:
        return AnswerSide.DELIVERED if self is AnswerSide.EXPECTED else AnswerSide.EXPECTED


class Given(StrEnum):
    """How much of a question is answered."""

    NOTHING = "nothing"
    ONE_SIDE = "one side"
    BOTH = "both"
    TO_CONFIRM = "to confirm"

    @property
    def counts(self) -> bool:
        return self in (Given.ONE_SIDE, Given.BOTH)


@dataclass(frozen=True, slots=True)
class SurveyProgress:
    """How many of this person's questions have both sides, one side, or none that counts."""

    both: int
    one_side: int
    open: int

    @property
    def total(self) -> int:
        return self.both + self.one_side + self.open


def unanswered(rubric: Rubric, organisation: Subject, group: str | None, on: date) -> Assessment:
    """A person's empty answers: no name, and of the organisation only what identifies it."""
    subject = Subject(organisation.name, plan=organisation.plan, deployment=organisation.deployment)
    return Assessment(RubricRef(rubric.id, rubric.version, rubric.digest or None), subject, Reviewer(group=group), on)


def is_asked_of(question: Question, group: str | None) -> bool:
    """Whether people of that group, or without one, are asked."""
    return not question.asked_of or group in question.asked_of


def asked(rubric: Rubric, assessment: Assessment) -> tuple[Question, ...]:
    """The questions for this person, in the rubric's order."""
    group = assessment.reviewer.group
    return tuple(question for _, question in rubric.questions() if is_asked_of(question, group))


def rung(answer: Answer, side: AnswerSide) -> int | None:
    return answer.expected if side is AnswerSide.EXPECTED else answer.delivered


def with_rung(answer: Answer, side: AnswerSide, level: int | None) -> Answer:
    """Set that side's level, or clear it with None.

    A new level confirms the answer, and so does clearing both sides.
    """
    changed = replace(answer, expected=level) if side is AnswerSide.EXPECTED else replace(answer, delivered=level)
    is_settled = level is not None or (changed.expected is None and changed.delivered is None)
    return replace(changed, confirm=None) if is_settled else changed


def given(answer: Answer) -> Given:
    if answer.confirm is not None:
        return Given.TO_CONFIRM
    sides = [answer.expected is not None, answer.delivered is not None].count(True)
    return (Given.NOTHING, Given.ONE_SIDE, Given.BOTH)[sides]


def gap(answer: Answer) -> int | None:
    """Delivered minus expected, in levels; None where a side is missing."""
    if answer.expected is None or answer.delivered is None:
        return None
    return answer.delivered - answer.expected


def survey_progress(rubric: Rubric, assessment: Assessment) -> SurveyProgress:
    found = [given(assessment.answer(question.id)) for question in asked(rubric, assessment)]
    both, one_side = found.count(Given.BOTH), found.count(Given.ONE_SIDE)
    return SurveyProgress(both, one_side, len(found) - both - one_side)


def next_unanswered(rubric: Rubric, assessment: Assessment, after: str | None) -> str | None:
    """The id of the next question without an answer, going round; then of one with a side missing."""
    ids = [question.id for question in asked(rubric, assessment)]
    at = ids.index(after) + 1 if after in ids else 0
    onwards = [each for each in (*ids[at:], *ids[:at]) if each != after]
    for wanted in _OPEN:
        for question_id in onwards:
            if given(assessment.answer(question_id)) in wanted:
                return question_id
    return None


_OPEN: tuple[Collection[Given], ...] = ((Given.NOTHING, Given.TO_CONFIRM), (Given.ONE_SIDE,))
