"""Conditions on scope facts. They are true, false, or open (None) while a fact is not given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact is one of these options.

    `at_least` and `at_most` become the options from, or up to, the one named; `text` keeps the file's words.
    """

    fact: str
    options: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[ScopeCondition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[ScopeCondition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: ScopeCondition


ScopeCondition = OneOf | AllOf | AnyOf | Not


def holds(condition: ScopeCondition | None, scope: Mapping[str, str]) -> bool | None:
    """Whether the condition holds for these facts; None while that is open. No condition always holds."""
    if condition is None:
        return True
    if isinstance(condition, OneOf):  # nearly all of them are
        given = scope.get(condition.fact)
        return None if given is None else given in condition.options
    match condition:
        case AllOf(parts=parts):
            return _all(holds(part, scope) for part in parts)
        case AnyOf(parts=parts):
            return _negated(_all(_negated(holds(part, scope)) for part in parts))
        case Not(part=part):
            return _negated(holds(part, scope))
        case _:
            assert_never(condition)


def facts_of(condition: ScopeCondition | None) -> Iterator[str]:
    """The ids of the condition's facts, in order, with repeats."""
    match condition:
        case None:
            return
        case OneOf(fact=fact):
            yield fact
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from facts_of(part)
        case Not(part=part):
            yield from facts_of(part)
        case _:
            assert_never(condition)


def _all(values: Iterable[bool | None]) -> bool | None:
    result: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


Options = Mapping[str, tuple[str, ...]]
"""The options by fact id."""

MOST_COMPARISONS = 50_000
"""The search gives up after so many comparisons of a fact with its options."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Facts that make a condition true, and facts that make it false; None where none were found.

    `is_complete`: everything was tried, so None means that there are none.
    """

    true: Mapping[str, str] | None
    false: Mapping[str, str] | None
    is_complete: bool

    @property
    def is_never_true(self) -> bool:
        return self.true is None and self.is_complete

    @property
    def is_never_false(self) -> bool:
        return self.false is None and self.is_complete


def outcomes(condition: ScopeCondition, options: Options) -> Outcomes:
    """What the condition can come to over all options of its facts, which must be known.

    Facts are given one by one while the condition is open: if three facts decide it, the other thirteen are not tried.
    """
    facts = list(facts_of(condition))
    tries = MOST_COMPARISONS // max(1, len(facts))
    found: dict[bool, Mapping[str, str]] = {}
    waiting: list[dict[str, str]] = [{}]
    while waiting and len(found) < 2 and tries:
        tries -= 1
        scope = waiting.pop()
        outcome = holds(condition, scope)
        if outcome is not None:
            found.setdefault(outcome, scope)
            continue
        fact = next(fact for fact in facts if fact not in scope)
        waiting.extend({**scope, fact: option} for option in reversed(options[fact]))
    return Outcomes(found.get(True), found.get(False), is_complete=not waiting or len(found) == 2)
