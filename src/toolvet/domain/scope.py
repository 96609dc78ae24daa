"""Conditions over scope facts, in three values: true, false, and open (None) where a fact is not given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact is one of these options.

    `at_least` and `at_most` become the options from, or up to, the one named; `text` keeps the words of the file.
    """

    fact: str
    options: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[ScopeCondition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[ScopeCondition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: ScopeCondition


ScopeCondition = OneOf | AllOf | AnyOf | Not

_COMPARED = ("at least ", "at most ", "one of ")


def holds(condition: ScopeCondition | None, scope: Mapping[str, str]) -> bool | None:
    """Whether the condition holds for the facts given; None where that is open. No condition always holds."""
    match condition:
        case None:
            return True
        case OneOf(fact=fact, options=options):
            given = scope.get(fact)
            return None if given is None else given in options
        case AllOf(parts=parts):
            return _all(holds(part, scope) for part in parts)
        case AnyOf(parts=parts):
            return _negated(_all(_negated(holds(part, scope)) for part in parts))
        case Not(part=part):
            return _negated(holds(part, scope))
        case _:
            assert_never(condition)


def facts_of(condition: ScopeCondition | None) -> Iterator[str]:
    """The ids of the scope facts that the condition looks at, in its order, repeats included."""
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


def words_of(condition: ScopeCondition) -> str:
    """The condition in words, as it stands in the rubric."""
    return _in_words(condition, lambda one: one.text)


def plain_words_of(condition: ScopeCondition) -> str:
    """The condition for those who do not know the rubric: "keeps content: yes", "data at least internal"."""
    return _in_words(condition, _plainly)


def _in_words(condition: ScopeCondition, said: Callable[[OneOf], str]) -> str:
    match condition:
        case OneOf():
            return said(condition)
        case AllOf(parts=parts):
            return " and ".join(_grouped(part, said) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_grouped(part, said) for part in parts)
        case Not(part=part):
            return f"not {_grouped(part, said)}"
        case _:
            assert_never(condition)


def _grouped(part: ScopeCondition, said: Callable[[OneOf], str]) -> str:
    words = _in_words(part, said)
    return words if isinstance(part, OneOf | Not) else f"({words})"


def _plainly(condition: OneOf) -> str:
    start = f"{condition.fact} is "
    if not condition.text.startswith(start):
        return condition.text
    name, rest = condition.fact.replace("-", " "), condition.text.removeprefix(start)
    return f"{name} {rest}" if rest.startswith(_COMPARED) else f"{name}: {rest}"


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
