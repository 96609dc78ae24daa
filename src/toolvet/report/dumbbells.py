"""Expected and delivered on one ladder, drawn in characters. Legible without any colour."""

from __future__ import annotations

from fractions import Fraction

EXPECTED, DELIVERED, BOTH, BETWEEN, LADDER = "○", "●", "◉", "━", "·"
LEGEND = (
    f"{EXPECTED} expected, {DELIVERED} delivered, {BOTH} both in one place; from the ladder's lowest rung to its top"
)


def dumbbell(expected: Fraction | None, delivered: Fraction | None, top: int, width: int) -> str:
    """A line of that many characters for the rungs from 0 to `top`: `··●━━━━○·`; a side that is None is left out."""
    if width <= 0:
        return ""
    cells = [LADDER] * width
    places = [None if mean is None else _cell(mean, top, width) for mean in (expected, delivered)]
    first, second = places
    if first is not None and second is not None:
        for at in range(min(first, second), max(first, second)):
            cells[at] = BETWEEN
    for place, sign in ((first, EXPECTED), (second, DELIVERED)):
        if place is not None:
            cells[place] = sign
    if first is not None and first == second:
        cells[first] = BOTH
    return "".join(cells)


def _cell(mean: Fraction, top: int, width: int) -> int:
    """The cell, counted from 0, in which a mean lies: rung 0 in the first, the top rung in the last."""
    return min(max(round(mean * (width - 1) / top), 0), width - 1)
