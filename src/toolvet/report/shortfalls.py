"""What a report says of a survey's shortfalls, as values. The field names are those of the JSON report."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from toolvet.domain.closing import Effect
from toolvet.domain.gaps import Reading


@dataclass(frozen=True, slots=True)
class LinkedAnswer:
    """A question of the tool that is linked to a shortfall.

    `level` is None where there is no current one; `words` is "3 of 4 (75.0 percent)", or why there is none.
    """

    question: str
    title: str
    words: str
    level: int | None
    top: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A question of the survey that falls short, both means in levels and in words, and what the tool does about it.

    `ladder` says the two means in words of the ladder; `effect_words` has the mark: "✓ would close it".
    """

    question: str
    title: str
    reading: Reading
    delivered: Fraction
    expected: Fraction
    top: int
    people: int
    delivered_words: str
    expected_words: str
    ladder: str
    linked: tuple[LinkedAnswer, ...]
    effect: Effect
    effect_words: str


@dataclass(frozen=True, slots=True)
class SurveyPart:
    """One organisation's shortfalls, the widest gap first.

    `answer` says in a sentence how many the tool would close; `notes` how far to trust it: when to ask again, and what
    was left out. `sha256` is over the sorted digests of the answer files.
    """

    organisation: str
    people: str
    answer: str
    notes: tuple[str, ...]
    shortfalls: tuple[Shortfall, ...]
    rubric: str
    sha256: str
