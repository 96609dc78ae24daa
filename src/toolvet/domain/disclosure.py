"""Which figures of a survey can be shown together without giving away what a few people answered.

A mean and a number of people give a sum, and the whole minus the groups shown is the sum of those withheld. So the
withheld must not be few, and no sum that can be worked out may be at an end of the ladder, where it gives each answer
away. Whoever knows these rules also learns from what is not shown; so either the number of people alone decides on it,
or it is withheld from all groups at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum
from functools import reduce

from toolvet.domain.assessment import RubricRef, Subject
from toolvet.values import dataclass

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
    def slack(self) -> int:
        """How far the sum of squares is above the least for this total: 0 if all are on one rung or on two in a row."""
        level, above = divmod(self.total, self.people)
        return self.squares - (self.people - above) * level**2 - above * (level + 1) ** 2

    def reach(self, top: int) -> int:
        """Up to here, the slack of so many people with this total can be any even number.

        Two people on one rung between the ends can part, one up and one down, which adds two.
        """
        level, above = divmod(self.total, self.people)
        on = [0] * (top + 2)
        on[level], on[level + 1] = self.people - above, above
        parted = 0
        while any(count > 1 for count in on[1:top]):
            for rung in range(1, top):
                pairs = on[rung] // 2
                on[rung - 1 : rung + 2] = on[rung - 1] + pairs, on[rung] - 2 * pairs, on[rung + 1] + pairs
                parted += pairs
        return 2 * parted

    def without(self, shown: Iterable[Tally]) -> Tally:
        """The others, once these are taken away."""
        known = reduce(Tally.__add__, shown, Tally())
        return Tally(self.people - known.people, self.total - known.total, self.squares - known.squares)


@dataclass(frozen=True, slots=True)
class SideShown:
    """What may be shown of one side beside its whole: the groups with a mean, and with a spread.

    `near` is the end that a group's mean is near; it is that of the whole, where everybody is of that group.
    """

    means: frozenset[str] = frozenset()
    spreads: frozenset[str] = frozenset()
    near: Mapping[str, LadderEnd] = field(default_factory=dict)
    has_spread: bool = False


def disclose(tallies: Mapping[str, Tally], top: int, least: int) -> SideShown:
    """What may be shown of the groups, by name, and whether the whole's spread may be.

    Nothing is shown of the groups where the whole's own mean is shown in words: any figure beside it would narrow it.
    Nor is any spread, or anything of the groups, where one of them, or the rest, is near an end. With `least` 1 a house
    has single answers shown, so there is nothing to protect.
    """
    whole = reduce(Tally.__add__, tallies.values(), Tally())
    if whole.people < least:
        return SideShown()
    if least == 1:
        many = frozenset(group for group, tally in tallies.items() if tally.people >= SPREAD_FROM)
        return SideShown(frozenset(tallies), many, has_spread=whole.people >= SPREAD_FROM)
    end = whole.near(top)
    if end is not None:
        return SideShown(near=dict.fromkeys(tallies, end) if len(tallies) == 1 else {})
    means = _large_enough(tallies, least, whole)
    parts = _parts(tallies, means, whole)
    if len(parts) > 1 and any(part.near(top) is not None for part in parts):
        return SideShown()
    spreads = _large_enough({group: tallies[group] for group in means}, SPREAD_FROM, whole)
    others = [tallies[group] for group in means - spreads]
    rest = whole.without(tallies[group] for group in means)
    alone = ([tallies[group]] for group in spreads)
    together = [*others, rest] if rest.people else others
    has_spread = whole.people >= SPREAD_FROM and not any(_are_alike(parts, top) for parts in (*alone, together))
    return SideShown(means, spreads if has_spread else frozenset(), has_spread=has_spread)


def _are_alike(parts: Sequence[Tally], top: int) -> bool:
    """Whether their means with the one spread over all of them would tell, or nearly, that all of a part said the same.

    Nearly, because a spread withheld for this reason alone would tell it, too. It also would if the spread is so wide
    that the other parts alone can have it.
    """
    if not any(part.total % part.people == 0 for part in parts):
        return False
    slack = sum(part.slack for part in parts)
    return slack <= 2 or (len(parts) > 1 and slack > sum(part.reach(top) for part in parts))


def _large_enough(tallies: Mapping[str, Tally], least: int, whole: Tally) -> frozenset[str]:
    """The groups of so many people; as long as the others are fewer, the smallest of these is one of them too."""
    shown = {group: tally.people for group, tally in tallies.items() if tally.people >= least}
    while shown and 0 < whole.people - sum(shown.values()) < least:
        del shown[min(shown, key=lambda group: (shown[group], group))]
    return frozenset(shown)


def _parts(tallies: Mapping[str, Tally], shown: Collection[str], whole: Tally) -> tuple[Tally, ...]:
    """The groups shown and, if there are others, these together."""
    own = [tallies[group] for group in shown]
    rest = whole.without(own)
    return (*own, rest) if rest.people else tuple(own)


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """Answers to a survey that are counted together, by the sha256 of their files, sorted: their order tells nothing.

    `smallest_group` is the policy's of that day, and stays: shown with another one too, a round tells more than with
    either. `salt` is random: without it, whoever knows the questions could try answers until the published digest of
    the round's file fits.
    """

    closed_on: date
    rubric: RubricRef
    smallest_group: int
    counted: tuple[str, ...]
    salt: str | None = None

    @property
    def people(self) -> int:
        return len(self.counted)


@dataclass(frozen=True, slots=True)
class OpenRound:
    """What is known of a survey without opening anybody's answers: whom it is about, and what the open round asks.

    `until` is the last day whose answers the open round counts, if that was said.
    """

    until: date | None = None
    organisation: Subject | None = None
    rubric: RubricRef | None = None


def missing_in(closed: ClosedRound, present: Sequence[str]) -> int:
    """How many of the counted files are not among those of these digests."""
    return sum((Counter(closed.counted) - Counter(present)).values())


def rivals_of(closed: ClosedRound, others: Sequence[ClosedRound]) -> tuple[int, ...]:
    """The places among the others of those that count an answer of this one too.

    Their results would differ by a few people, and so tell what these said.
    """
    own = set(closed.counted)
    return tuple(place for place, other in enumerate(others) if not own.isdisjoint(other.counted))
