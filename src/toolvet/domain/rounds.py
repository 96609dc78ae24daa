"""Rounds of a survey: answers that are counted together, closed for good on a given day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from toolvet.domain.assessment import RubricRef


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """The sha256 of every answer file it counts, sorted so that their order tells nothing.

    `smallest_group` is the policy's of that day: no later one may show fewer people.
    """

    closed_on: date
    rubric: RubricRef
    smallest_group: int
    counted: tuple[str, ...]

    @property
    def people(self) -> int:
        return len(self.counted)


def missing_in(closed: ClosedRound, present: Sequence[str]) -> int:
    """How many of the counted files are not among those of these digests."""
    return sum((Counter(closed.counted) - Counter(present)).values())


def rivals_of(closed: ClosedRound, others: Sequence[ClosedRound]) -> tuple[int, ...]:
    """The places among the others of those that count an answer of this one too.

    Their results would differ by a few people, and so tell what these said.
    """
    own = set(closed.counted)
    return tuple(place for place, other in enumerate(others) if not own.isdisjoint(other.counted))
