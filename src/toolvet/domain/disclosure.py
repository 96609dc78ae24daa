"""Which figures of a survey can be shown together without giving away what a few people answered.

A mean and a number of people give a sum, and the whole minus the groups shown is the sum of those withheld. So the
withheld must not be few, and no sum that can be worked out may be at an end of the ladder, where it gives each answer
away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

SPREAD_FROM = 10
"""A spread is shown from this many people on."""


class LadderEnd(StrEnum):
    """An end of a ladder."""

    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Tally:
    """The levels that some people gave on one side: how many people, their sum, and the sum of their squares."""

    people: int = 0
    total: int = 0
    squares: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.people + other.people, self.total + other.total, self.squares + other.squares)

    def near(self, top: int) -> LadderEnd | None:
        """The end that the mean is within a quarter of a rung of, or one rung of one person away from.

        That much leeway is needed: words said only of a mean exactly at the end would tell as much as the figure.
        """
        above = self.total
        below = self.people * top - self.total
        distance = min(above, below)
        if not self.people or above == below or (distance > 1 and 4 * distance >= self.people):
            return None
        return LadderEnd.TOP if below < above else LadderEnd.BOTTOM

    @property
    def is_alike(self) -> bool:
        """Whether the spread is no wider than if all but one said the same and that one was a rung away."""
        return self.people * self.squares - self.total**2 <= self.people - 1


@dataclass(frozen=True, slots=True)
class SideShown:
    """What may be shown of one side beside its whole: the groups with a mean, with a spread, and those in words."""

    means: frozenset[str] = frozenset()
    spreads: frozenset[str] = frozenset()
    near: Mapping[str, LadderEnd] | None = None
    has_spread: bool = False


def disclose(tallies: Mapping[str, Tally], top: int, least: int) -> SideShown:
    """What may be shown of the groups, by name, and whether the whole's spread may be.

    Nothing is shown of the groups where the whole's own mean is shown in words: any figure beside it would narrow it.
    With `least` 1 a house has single answers shown, so there is nothing to protect.
    """
    whole = reduce(Tally.__add__, tallies.values(), Tally())
    if whole.people < least:
        return SideShown()
    if least == 1:
        many = frozenset(group for group, tally in tallies.items() if tally.people >= SPREAD_FROM)
        return SideShown(frozenset(tallies), many, has_spread=whole.people >= SPREAD_FROM)
    end = whole.near(top)
    if end is not None:
        return SideShown(near=dict.fromkeys(tallies, end) if len(tallies) == 1 else None)
    means = _apart(tallies, least, lambda tally: tally.near(top) is not None)
    has_spread = whole.people >= SPREAD_FROM and not whole.is_alike
    shown = {group: tallies[group] for group in means}
    spreads = _apart(shown, SPREAD_FROM, lambda tally: tally.is_alike, whole) if has_spread else frozenset()
    hidden = {group: tally for group, tally in tallies.items() if group not in means}
    return SideShown(means, spreads, _in_words(hidden, top, least), has_spread)


def _apart(
    tallies: Mapping[str, Tally], least: int, tells: Callable[[Tally], bool], whole: Tally | None = None
) -> frozenset[str]:
    """The groups that can be shown apart: further ones, the smallest first, are withheld as long as the rest tells.

    The rest is the whole (these groups together, where none is given) without the groups shown.
    """
    everybody = reduce(Tally.__add__, tallies.values(), Tally()) if whole is None else whole
    shown = {group: tally for group, tally in tallies.items() if tally.people >= least and not tells(tally)}
    while shown:
        kept = reduce(Tally.__add__, shown.values())
        rest = Tally(everybody.people - kept.people, everybody.total - kept.total, everybody.squares - kept.squares)
        if not rest.people or (rest.people >= least and not tells(rest)):
            break
        del shown[min(shown, key=lambda group: (shown[group].people, group))]
    return frozenset(shown)


def _in_words(hidden: Mapping[str, Tally], top: int, least: int) -> dict[str, LadderEnd]:
    """The withheld groups whose mean is near an end, where saying so does not pin down what another one said.

    The sum over all of them is known. With each one's narrowest and widest sum beside it, none may have one sum left.
    """
    near = {group: end for group, tally in hidden.items() if tally.people >= least and (end := tally.near(top))}
    bounds = [_bounds(tally, near.get(group), top, is_few=tally.people < least) for group, tally in hidden.items()]
    total = sum(tally.total for tally in hidden.values())
    lowest, highest = (sum(bound[place] for bound in bounds) for place in (0, 1))
    for low, high in bounds:
        if max(low, total - (highest - high)) >= min(high, total - (lowest - low)):
            return {}
    return near


def _bounds(tally: Tally, end: LadderEnd | None, top: int, *, is_few: bool) -> tuple[int, int]:
    """The lowest and the highest sum that fit what is said of a group."""
    highest = tally.people * top
    leeway = max(1, (tally.people - 1) // 4)
    if end is LadderEnd.TOP:
        return highest - leeway, highest
    if end is LadderEnd.BOTTOM:
        return 0, leeway
    return (0, highest) if is_few else (leeway + 1, highest - leeway - 1)
