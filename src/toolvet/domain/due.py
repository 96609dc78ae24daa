"""What runs out, falls due or was promised, for one subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import Decision
from toolvet.domain.decision_rules import last_day_of
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import last_day


class DueKind(StrEnum):
    """What is due, the most pressing first."""

    PROMISED = "promised"
    APPROVAL = "approval"
    WAIVER = "waiver"
    CONDITION = "condition"
    MUST_HAVE = "must-have"
    ANSWER = "answer"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing due; `day` is the last day on which it holds.

    `about` is the question's title, the condition, the decision as in its file, or who was promised an answer.
    `question` is an id.
    """

    day: date
    kind: DueKind
    about: str = ""
    question: str | None = None
    owner: str | None = None

    def is_past(self, on: date) -> bool:
        return self.day < on


def due_items(
    scorecard: Scorecard, assessment: Assessment, decision: Decision | None, *, until: date
) -> tuple[DueItem, ...]:
    """Everything due up to that day, overdue or not, by day, the most pressing first.

    `decision` is the one that counts. A promised answer is due until there is a decision.
    """
    found = list(_expiring(scorecard, assessment, until))
    subject = assessment.subject
    if decision is not None:
        found += _decided(decision, scorecard)
    elif subject.answer_by is not None:
        found.append(DueItem(subject.answer_by, DueKind.PROMISED, subject.requested_by or ""))
    order = tuple(DueKind)
    due = (item for item in found if item.day <= until)
    return tuple(sorted(due, key=lambda item: (item.day, order.index(item.kind))))


def _expiring(scorecard: Scorecard, assessment: Assessment, until: date) -> Iterator[DueItem]:
    must_haves = {must_have.question.id for must_have in scorecard.must_haves}
    for scored in scorecard.questions:
        question = scored.question
        last = last_day(question, assessment.answer(question.id))
        if last is None or last > until or not scored.counts:
            continue
        kind = DueKind.MUST_HAVE if question.id in must_haves else DueKind.ANSWER
        yield DueItem(last, kind, question.title, question.id)


def _decided(decision: Decision, scorecard: Scorecard) -> Iterator[DueItem]:
    last = last_day_of(decision)
    if last is not None:
        yield DueItem(last, DueKind.APPROVAL, decision.decision.value)
    for waiver in decision.waivers:
        question = scorecard.rubric.question(waiver.question)
        title = waiver.question if question is None else question.title
        yield DueItem(waiver.expires, DueKind.WAIVER, title, waiver.question, waiver.owner)
    for condition in decision.conditions:
        if condition.due is not None:
            yield DueItem(condition.due, DueKind.CONDITION, condition.text, owner=condition.owner)
