"""Whether the figures shown give away what a few people answered.

A mean and a number of people make a sum. The sums over groups and over everybody are equations; this module solves
them, as a reader could, for every sum over fewer people than may be shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

_Item = TypeVar("_Item")


class Shown(StrEnum):
    EXPECTED = "expected"
    DELIVERED = "delivered"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a group gave both sides, and how many only one."""

    both: int
    only_expected: int
    only_delivered: int


Figure = tuple[frozenset[str], Shown]
"""A figure over these groups taken together."""

_Row = list[Fraction]
_Basis = list[tuple[int, _Row]]


def tells_on_few(people: Mapping[str, Counts], figures: Iterable[Figure], least: int) -> bool:
    """Whether a sum over one to `least` - 1 people follows from these figures."""
    parts = _parts(people)
    basis: _Basis = []
    for groups, shown in figures:
        row = _reduced([_factor(part, groups, shown) for part, _ in parts], basis)
        place = next((place for place, value in enumerate(row) if value), None)
        if place is not None:
            basis.append((place, [value / row[place] for value in row]))
    return any(not any(_reduced(sum_, basis)) for sum_ in _sums_over_few(parts, people, least))


_Part = tuple[str, Shown, bool]
"""A group's answers to one side, from those who gave both sides (True) or only that one."""


def _parts(people: Mapping[str, Counts]) -> list[tuple[_Part, int]]:
    found: list[tuple[_Part, int]] = []
    for group, counts in people.items():
        found += [
            ((group, Shown.EXPECTED, True), counts.both),
            ((group, Shown.EXPECTED, False), counts.only_expected),
            ((group, Shown.DELIVERED, True), counts.both),
            ((group, Shown.DELIVERED, False), counts.only_delivered),
        ]
    return [(part, count) for part, count in found if count]


def _factor(part: _Part, groups: Collection[str], shown: Shown) -> Fraction:
    """How often the part counts in the figure's sum: a gap is delivered minus expected of those who gave both."""
    group, side, is_both = part
    if group not in groups:
        return Fraction(0)
    if shown is Shown.GAP:
        return Fraction(0 if not is_both else 1 if side is Shown.DELIVERED else -1)
    return Fraction(side is shown)


def _reduced(row: Sequence[Fraction], basis: _Basis) -> _Row:
    """What remains of the row after taking away all that is known; zeros where it follows from that."""
    rest = list(row)
    for place, known in basis:
        if rest[place]:
            factor = rest[place]
            rest = [value - factor * other for value, other in zip(rest, known, strict=True)]
    return rest


def _sums_over_few(parts: Sequence[tuple[_Part, int]], people: Mapping[str, Counts], least: int) -> Iterator[_Row]:
    for side in (Shown.EXPECTED, Shown.DELIVERED):
        few = [(part, count) for part, count in parts if part[1] is side and count < least]
        for chosen in _choices(few, least):
            yield [Fraction(part in chosen) for part, _ in parts]
    # Delivered minus expected: over those who gave both sides, and over those who gave only one.
    differences = [(unit, count) for unit, count in _units(people) if 0 < count < least]
    for units in _choices(differences, least):
        chosen_parts = {part for unit in units for part in unit}
        yield [Fraction(_SIGNS[part[1]] if part in chosen_parts else 0) for part, _ in parts]


def _units(people: Mapping[str, Counts]) -> Iterator[tuple[tuple[_Part, ...], int]]:
    """The parts that the same people of a group gave, with the number of these people."""
    for group, counts in people.items():
        yield ((group, Shown.EXPECTED, True), (group, Shown.DELIVERED, True)), counts.both
        yield ((group, Shown.EXPECTED, False),), counts.only_expected
        yield ((group, Shown.DELIVERED, False),), counts.only_delivered


_SIGNS = {Shown.EXPECTED: -1, Shown.DELIVERED: 1}


def _choices(items: Sequence[tuple[_Item, int]], least: int) -> Iterator[list[_Item]]:
    """Every choice of at least one item with fewer than `least` people in all."""
    open_: list[tuple[list[_Item], int, int]] = [([], 0, 0)]
    while open_:
        chosen, total, start = open_.pop()
        for place in range(start, len(items)):
            item, count = items[place]
            if total + count < least:
                yield [*chosen, item]
                open_.append(([*chosen, item], total + count, place + 1))


def shown_groups(people: Mapping[str, int], smallest: int) -> frozenset[str]:
    """The groups that may be shown beside the whole.

    A group of fewer than `smallest` people is withheld, and then further ones, the smallest first, until those withheld
    have `smallest` people or more in all: the difference to the whole must not be a few people either. Nothing is shown
    of a whole smaller than that.
    """
    present = {group: count for group, count in people.items() if count}
    if sum(present.values()) < smallest:
        return frozenset()
    shown = {group: count for group, count in present.items() if count >= smallest}
    withheld = sum(present.values()) - sum(shown.values())
    while 0 < withheld < smallest and shown:
        next_one = min(shown, key=lambda group: (shown[group], group))
        withheld += shown.pop(next_one)
    return frozenset(shown)
