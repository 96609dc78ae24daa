"""What of a survey's result to look at first."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from toolvet.domain.gaps import AreaGap, Gap, QuestionGap, Readiness, Reading
from toolvet.report.readiness import questions_of

_WORST = (Reading.SHORT, Reading.SLIPPING, Reading.OVER_BUILT)


def balance_count(readiness: Readiness) -> tuple[int, int]:
    """How many areas are in balance, of how many with a gap that may be shown."""
    measured = [found for found in readiness.areas if found.gap is not None]
    return sum(found.in_balance is True for found in measured), len(measured)


def widest_gap(readiness: Readiness) -> QuestionGap | None:
    """The question to look at first: of those short, else slipping, else over-built, else any; None without a gap."""
    measured = [(one.whole.gap, one) for one in readiness.questions if one.whole.gap is not None]
    return min(measured, key=lambda pair: _urgency(pair[0]), default=(None, None))[1]


def with_reading(readiness: Readiness, reading: Reading) -> tuple[QuestionGap, ...]:
    """The questions of that reading, the widest gap first."""
    found = [
        (one.whole.gap.mean, one) for one in readiness.questions if one.whole.gap and one.whole.gap.reading is reading
    ]
    return tuple(one for _, one in sorted(found, key=lambda pair: -abs(pair[0])))


def out_of_balance(readiness: Readiness) -> tuple[AreaGap, ...]:
    """The areas that have a gap and are out of balance, the widest gap first."""
    found = [(found.gap, found) for found in readiness.areas if found.gap is not None and found.in_balance is False]
    return tuple(area for _, area in sorted(found, key=lambda pair: pair[0]))


def unjudged(readiness: Readiness) -> tuple[QuestionGap, ...]:
    """The questions whose gap is withheld, so that none of the readings can be said of them."""
    return tuple(one for one in readiness.questions if not one.is_judged)


def not_known(readiness: Readiness) -> tuple[AreaGap, ...]:
    """The areas that have a gap, and others that are withheld, so that their balance is not known."""
    return tuple(found for found in readiness.areas if found.gap is not None and found.in_balance is None)


def out_of_balance_first(readiness: Readiness) -> tuple[AreaGap, ...]:
    """The areas: those out of balance, those of which it is not known, those in balance, those without a gap."""
    return (
        *out_of_balance(readiness),
        *not_known(readiness),
        *(found for found in readiness.areas if found.in_balance),
        *(found for found in readiness.areas if found.gap is None),
    )


def worst_first(questions: Iterable[QuestionGap]) -> tuple[QuestionGap, ...]:
    """The short ones, the slipping and the over-built, the widest gap first; then the others as they stand."""

    def order(one: QuestionGap) -> tuple[int, Fraction]:
        gap = one.whole.gap
        if gap is None:
            return len(_WORST) + 1, Fraction(0)
        return _urgency(gap) if gap.reading in _WORST else (len(_WORST), Fraction(0))

    return tuple(sorted(questions, key=order))


def _urgency(gap: Gap) -> tuple[int, Fraction]:
    """The lower, the sooner it should be looked at."""
    place = _WORST.index(gap.reading) if gap.reading in _WORST else len(_WORST)
    return place, -abs(gap.mean)


def in_order(readiness: Readiness) -> tuple[QuestionGap, ...]:
    """Every question in that order: by area, and in each the worst first."""
    areas = out_of_balance_first(readiness)
    return tuple(one for found in areas for one in worst_first(questions_of(readiness, found)))
