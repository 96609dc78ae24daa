"""What a next decision takes over from the one before."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from toolvet.domain.deciding import not_met
from toolvet.domain.decision import Condition, Decision, Waiver
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.standing import is_approved

_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What goes over into a next decision unless it is dropped by name.

    Exclusions, conditions and waivers belong to approvals and go over from those alone. `ended` are waivers that still
    run, for what is no open must-have any more: they are not needed, and not taken over.
    """

    left_off: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    consulted: tuple[str, ...] = ()
    considered: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    ended: tuple[Waiver, ...] = ()


def taken_over(earlier: Sequence[Decision], scorecard: Scorecard, on: date) -> TakenOver:
    """What goes over from these: the one decision before, or all that contradict each other.

    Nothing records that a condition was met, so all of them go over; of the waivers those that end after the day.
    """
    approvals = [decision for decision in earlier if is_approved(decision)]
    open_ones = {must_have.question.id for must_have in not_met(scorecard)}
    running = _once(
        (waiver for decision in approvals for waiver in decision.waivers if waiver.expires > on),
        key=lambda waiver: waiver.question,
    )
    return TakenOver(
        left_off=_once(text for decision in approvals for text in decision.approved_for.left_off),
        conditions=_once(condition for decision in approvals for condition in decision.conditions),
        waivers=tuple(waiver for waiver in running if waiver.question in open_ones),
        consulted=_once(name for decision in earlier for name in decision.consulted),
        considered=_once(name for decision in earlier for name in decision.considered),
        links=_once(link for decision in earlier for link in decision.links),
        ended=tuple(waiver for waiver in running if waiver.question not in open_ones),
    )


def _once(found: Iterable[_One], *, key: Callable[[_One], Hashable] = lambda one: one) -> tuple[_One, ...]:
    """Each of them once, the first of those that are alike."""
    by_key: dict[Hashable, _One] = {}
    for one in found:
        by_key.setdefault(key(one), one)
    return tuple(by_key.values())
