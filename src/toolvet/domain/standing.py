"""How a decision stands on a given day, with its records. Every screen, page and command asks this module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from toolvet.domain.decision import APPROVALS, Condition, Decision, DecisionKind, Toleration
from toolvet.domain.records import ConditionState, Record, condition_states, withdrawal
from toolvet.domain.scorecard import Verdict
from toolvet.values import dataclass


class Stands(StrEnum):
    """How a subject stands; the value is its label."""

    APPROVED = "approved"
    CONDITIONS_OPEN = "approved, conditions open"
    OVERDUE = "approved, a condition overdue"
    TOLERATED = "tolerated, not assessed"
    RUN_OUT = "run out"
    NO_LONGER_TOLERATED = "no longer tolerated"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    ON_HOLD = "on hold"
    UNCONFIRMED = "to be confirmed"
    UNDER_REVIEW = "under review"

    @property
    def is_in_force(self) -> bool:
        """Whether the tool may be used and nothing is overdue."""
        return self in (Stands.APPROVED, Stands.CONDITIONS_OPEN)

    @property
    def may_be_used(self) -> bool:
        """Whether the tool is approved or tolerated, though a condition may be overdue."""
        return self.is_in_force or self in (Stands.OVERDUE, Stands.TOLERATED)

    @property
    def has_ended(self) -> bool:
        """Whether it was approved and is no longer."""
        return self in (Stands.RUN_OUT, Stands.WITHDRAWN)

    @property
    def is_past(self) -> bool:
        """Whether it was approved or tolerated and is no longer."""
        return self.has_ended or self is Stands.NO_LONGER_TOLERATED

    @property
    def is_no_approval(self) -> bool:
        """Whether nothing was approved, without any doubt."""
        return self in (Stands.REFUSED, Stands.ON_HOLD, Stands.UNDER_REVIEW, Stands.TOLERATED)


class EndKind(StrEnum):
    APPROVAL = "approval"
    WAIVER = "waiver"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class End:
    """One of the ends of an approval: the last day it covers. `question` is the id for a waiver."""

    day: date
    kind: EndKind
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands on the day `on`.

    `approves` says that it approved the tool, though that may have ended. `ends` are sorted by day, then kind; they
    and `overdue` are empty where nothing is approved. `doubts` are sentences on why the decision does not count as it
    is; with any of them nothing is approved. `tolerated_until` is the last day of a tool that is only tolerated.
    `is_again` says that the tool is under review again: a newer assessment has no decision of its own yet.
    """

    on: date
    approves: bool
    decision: DecisionKind | None = None
    ends: tuple[End, ...] = ()
    conditions: tuple[ConditionState, ...] = ()
    withdrawn: Record | None = None
    doubts: tuple[str, ...] = ()
    tolerated_until: date | None = None
    is_again: bool = False

    @property
    def stands(self) -> Stands:
        if self.withdrawn is not None:
            return Stands.WITHDRAWN  # with or without doubts
        if self.doubts:
            return Stands.UNCONFIRMED
        if self.decision is Toleration.TOLERATE:
            is_over = self.tolerated_until is not None and self.tolerated_until < self.on
            return Stands.NO_LONGER_TOLERATED if is_over else Stands.TOLERATED
        if not self.approves:
            names: dict[DecisionKind, Stands] = {Verdict.REJECT: Stands.REFUSED, Verdict.HOLD: Stands.ON_HOLD}
            return Stands.UNDER_REVIEW if self.decision is None else names[self.decision]
        if self.run_out:
            return Stands.RUN_OUT
        if self.overdue:
            return Stands.OVERDUE
        return Stands.CONDITIONS_OPEN if self.open else Stands.APPROVED

    @property
    def is_closed(self) -> bool:
        """Whether it was withdrawn and nobody reviews it again: nothing at all is due of the tool."""
        return self.withdrawn is not None and not self.is_again

    @property
    def by_due(self) -> tuple[ConditionState, ...]:
        """All conditions, the first due first and those without a day last."""
        return tuple(sorted(self.conditions, key=lambda state: state.due or date.max))

    @property
    def open(self) -> tuple[ConditionState, ...]:
        """The conditions that are not met, overdue or not, the first due first."""
        return tuple(state for state in self.by_due if state.met is None)

    @property
    def overdue(self) -> tuple[Condition, ...]:
        """The conditions past their day, with the day they were moved to, of an approval that nobody withdrew."""
        if self.decision not in APPROVALS or self.withdrawn is not None:
            return ()
        return tuple(replace(state.condition, due=state.due) for state in self.conditions if state.is_overdue)

    @property
    def run_out(self) -> tuple[End, ...]:
        """The ends that have passed."""
        return tuple(end for end in self.ends if end.day < self.on)

    @property
    def holds_until(self) -> date | None:
        """The last day on which all of it holds, or held; None without an end."""
        return self.ends[0].day if self.ends else None

    @property
    def run_out_since(self) -> date | None:
        """The first day on which it no longer held; None while it holds."""
        return self.run_out[0].day + timedelta(days=1) if self.run_out else None


def stands_on(standing: Standing | None) -> Stands:
    """How a subject stands; without any decision it is under review."""
    return Stands.UNDER_REVIEW if standing is None else standing.stands


def standing_of(decision: Decision, on: date, doubts: tuple[str, ...] = (), records: Sequence[Record] = ()) -> Standing:
    """How the decision stands on that day, with the records about it. With `doubts` it approves nothing.

    An approval ends on its own last day, with its first waiver, or on the day before it is withdrawn, whichever comes
    first. Nothing holds before its day, records included.
    """
    if decision.decided_on > on:
        return Standing(on, approves=False, doubts=doubts)
    conditions = condition_states(decision, records, on)
    if not decision.is_approval:
        return Standing(
            on,
            approves=False,
            decision=decision.decision,
            conditions=conditions,
            doubts=doubts,
            tolerated_until=decision.valid_until if decision.tolerates else None,
        )
    order = tuple(EndKind)
    withdrawn = withdrawal(decision, records, on)
    return Standing(
        on,
        approves=not doubts,
        decision=decision.decision,
        ends=tuple(sorted(_ends(decision, withdrawn), key=lambda end: (end.day, order.index(end.kind)))),
        conditions=conditions,
        withdrawn=withdrawn,
        doubts=doubts,
    )


def last_day_of(decision: Decision, standing: Standing | None) -> date | None:
    """The one day on which the decision ends, wherever it is shown; None without an end."""
    return standing.holds_until if decision.is_approval and standing is not None else decision.valid_until


def _ends(decision: Decision, withdrawn: Record | None) -> Iterator[End]:
    if decision.valid_until is not None:
        yield End(decision.valid_until, EndKind.APPROVAL)
    for waiver in decision.waivers:
        yield End(waiver.expires, EndKind.WAIVER, waiver.question)
    if withdrawn is not None:
        yield End(withdrawn.on - timedelta(days=1), EndKind.WITHDRAWAL)
