"""How a decision stands on a day: whether the approval holds, what has run out, and which conditions are overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from toolvet.domain.decision import Condition, Decision
from toolvet.domain.scorecard import Verdict


class Stands(StrEnum):
    """How it stands; the value is how it is said."""

    NOT_APPROVED = "not approved"
    IN_FORCE = "in force"
    OVERDUE = "in force, conditions overdue"
    RUN_OUT = "run out"
    UNCONFIRMED = "to be confirmed"


class EndKind(StrEnum):
    """What an approval ends with."""

    APPROVAL = "approval"
    WAIVER = "waiver"


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
    approved. Whether a condition was met is recorded nowhere: one whose day is past counts as overdue. `doubts` are
    sentences on why the decision does not count as it is: with any, nothing is approved.
    """

    on: date
    approves: bool
    ends: tuple[End, ...] = ()
    overdue: tuple[Condition, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def stands(self) -> Stands:
        """How it stands, in one word."""
        if self.doubts:
            return Stands.UNCONFIRMED
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


def standing_of(decision: Decision, on: date, doubts: tuple[str, ...] = ()) -> Standing:
    """How the decision stands that day; with `doubts` it approves nothing until a person has confirmed it.

    An approval runs out with its own last day, or with its first waiver where that is earlier.
    """
    if not is_approved(decision) or decision.decided_on > on:
        return Standing(on, approves=False, doubts=doubts)
    order = tuple(EndKind)
    return Standing(
        on,
        approves=not doubts,
        ends=tuple(sorted(_ends(decision), key=lambda end: (end.day, order.index(end.kind)))),
        overdue=tuple(one for one in decision.conditions if one.due is not None and one.due < on),
        doubts=doubts,
    )


def last_day_of(decision: Decision) -> date | None:
    """The one day on which the decision ends, the same wherever it is shown; None where nothing sets an end."""
    days = [end.day for end in _ends(decision)] if is_approved(decision) else [decision.valid_until]
    return min((day for day in days if day is not None), default=None)


def _ends(decision: Decision) -> Iterator[End]:
    if decision.valid_until is not None:
        yield End(decision.valid_until, EndKind.APPROVAL)
    for waiver in decision.waivers:
        yield End(waiver.expires, EndKind.WAIVER, waiver.question)
