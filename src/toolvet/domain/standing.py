"""How a decision stands on a day: whether the approval holds, what has run out, and which conditions are overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import Condition, Decision
from toolvet.domain.rubric import Rubric
from toolvet.domain.scope import holds
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import last_day


class Stands(StrEnum):
    """How it stands; the value is how it is said."""

    NOT_APPROVED = "not approved"
    IN_FORCE = "in force"
    OVERDUE = "in force, conditions overdue"
    RUN_OUT = "run out"


class EndKind(StrEnum):
    """What an approval ends with."""

    APPROVAL = "approval"
    WAIVER = "waiver"
    MUST_HAVE = "must-have"


@dataclass(frozen=True, slots=True)
class End:
    """Something without which the approval does not hold, and the last day on which it does; `question` is an id."""

    day: date
    kind: EndKind
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands on the day `on`.

    `ends` are by day, then by kind, then as in the file. Nothing ends, and no condition is overdue, where nothing is
    approved. Whether a condition was met is recorded nowhere: one whose day is past counts as overdue.
    """

    on: date
    approves: bool
    ends: tuple[End, ...] = ()
    overdue: tuple[Condition, ...] = ()

    @property
    def stands(self) -> Stands:
        """How it stands, in one word."""
        if not self.approves:
            return Stands.NOT_APPROVED
        if self.run_out:
            return Stands.RUN_OUT
        return Stands.OVERDUE if self.overdue else Stands.IN_FORCE

    @property
    def run_out(self) -> tuple[End, ...]:
        """What has run out."""
        return tuple(end for end in self.ends if end.day < self.on)

    @property
    def holds_until(self) -> date | None:
        """The last day on which all of it holds, or held; None where nothing sets an end."""
        return self.ends[0].day if self.ends else None

    @property
    def run_out_since(self) -> date | None:
        """The first day on which it did not hold any more; None while it holds."""
        return self.run_out[0].day + timedelta(days=1) if self.run_out else None


def is_approved(decision: Decision | None) -> bool:
    """Whether the decision lets the tool be used, as far as it was decided."""
    return decision is not None and decision.decision in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)


def standing_of(decision: Decision, rubric: Rubric | None, assessment: Assessment | None, on: date) -> Standing:
    """How the decision stands that day; `rubric` and `assessment` are those it rests on, None where they are gone.

    An approval runs out with its own last day, with its first waiver, and with the first answer to a must-have that
    expires and is not set aside.
    """
    if not is_approved(decision):
        return Standing(on, approves=False)
    ends = [*_own_ends(decision)]
    if rubric is not None and assessment is not None:
        ends += _must_have_ends(decision, rubric, assessment)
    order = tuple(EndKind)
    return Standing(
        on,
        approves=True,
        ends=tuple(sorted(ends, key=lambda end: (end.day, order.index(end.kind)))),
        overdue=tuple(one for one in decision.conditions if one.due is not None and one.due < on),
    )


def _own_ends(decision: Decision) -> Iterator[End]:
    if decision.valid_until is not None:
        yield End(decision.valid_until, EndKind.APPROVAL)
    for waiver in decision.waivers:
        yield End(waiver.expires, EndKind.WAIVER, waiver.question)


def _must_have_ends(decision: Decision, rubric: Rubric, assessment: Assessment) -> Iterator[End]:
    waived = {waiver.question for waiver in decision.waivers}
    for _, question in rubric.questions():
        if question.must_reach is None or question.id in waived:
            continue
        applies = holds(question.applies_when, assessment.scope) is not False
        counts = holds(question.must_reach.when, assessment.scope) is not False
        last = last_day(question, assessment.answer(question.id))
        if applies and counts and last is not None:
            yield End(last, EndKind.MUST_HAVE, question.id)
