"""What runs out, falls due or was promised, of one subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import Decision
from toolvet.domain.decision_rules import is_approved, last_day_of
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
    """One thing due on a day; for what runs out that is the last day on which it holds. `question` is an id."""

    day: date
    kind: DueKind
    text: str
    question: str | None = None

    def is_past(self, on: date) -> bool:
        """Whether its day is over."""
        return self.day < on


def due_items(
    scorecard: Scorecard, assessment: Assessment, decision: Decision | None, *, until: date
) -> tuple[DueItem, ...]:
    """Everything due up to that day, what is past included, by day, then the most pressing first.

    `decision` is the one that counts that day. An answer by a day is promised until there is a decision; after that its
    own dates count.
    """
    found = [*_expiring(scorecard, assessment, until), *_promised(assessment, decision)]
    if decision is not None:
        found += _decided(decision, scorecard)
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
        if question.id in must_haves:
            yield DueItem(last, DueKind.MUST_HAVE, f"Must-have expires: {question.title}", question.id)
        else:
            yield DueItem(last, DueKind.ANSWER, f"Answer expires: {question.title}", question.id)


def _promised(assessment: Assessment, decision: Decision | None) -> Iterator[DueItem]:
    subject = assessment.subject
    if subject.answer_by is not None and decision is None:
        to = f" to {subject.requested_by}" if subject.requested_by else ""
        yield DueItem(subject.answer_by, DueKind.PROMISED, f"Answer promised{to}")


def _decided(decision: Decision, scorecard: Scorecard) -> Iterator[DueItem]:
    last = last_day_of(decision)
    if last is not None:
        words = "Approval runs out" if is_approved(decision) else "To look at again"
        yield DueItem(last, DueKind.APPROVAL, f"{words}: {decision.decision.words}")
    for waiver in decision.waivers:
        question = scorecard.rubric.question(waiver.question)
        title = waiver.question if question is None else question.title
        yield DueItem(waiver.expires, DueKind.WAIVER, f"Waiver expires: {title} ({waiver.owner})", waiver.question)
    for condition in decision.conditions:
        if condition.due is not None:
            owner = f" ({condition.owner})" if condition.owner else ""
            yield DueItem(condition.due, DueKind.CONDITION, f"Condition due: {condition.text}{owner}")
