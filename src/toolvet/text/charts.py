"""Ranges, the sweet-spot map and dumbbells drawn in characters, legible without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from toolvet.domain.scorecard import ScoreRange
from toolvet.domain.scoring import Field
from toolvet.values import dataclass

TRACK, RANGE, FLOOR, CEILING, OBSERVED, MARK, MARK_IN_RANGE = "─", "━", "┣", "┫", "●", "┊", "┿"


def range_bar(score_range: ScoreRange, width: int, marks: Sequence[Fraction] = ()) -> str:
    """A bar of that many characters for 0 to 100: `────┣━━●━━┫─┊──`.

    It reaches from floor to ceiling with a dot at observed; `marks` are thresholds in percent. The dot covers an end,
    and an end covers a mark.
    """
    if width <= 0:
        return ""
    floor, ceiling = _cell(score_range.floor, width), _cell(score_range.ceiling, width)
    cells = [RANGE if floor <= at <= ceiling else TRACK for at in range(width)]
    for mark in marks:
        at = _cell(mark, width)
        cells[at] = MARK_IN_RANGE if floor <= at <= ceiling else MARK
    cells[floor], cells[ceiling] = FLOOR, CEILING
    if floor == ceiling:
        cells[floor] = "╋"
    if score_range.observed is not None:
        cells[_cell(score_range.observed, width)] = OBSERVED
    return "".join(cells)


def range_legend() -> str:
    return f"{FLOOR} floor   {OBSERVED} observed   {CEILING} ceiling   {MARK} threshold"


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One tool on the sweet-spot map; `letter` is drawn, `name` goes into the legend."""

    letter: str
    name: str
    experience: ScoreRange
    control: ScoreRange


def map_lines(points: Sequence[MapPoint], split: Fraction, width: int, height: int) -> list[str]:
    """The map in at most that many columns and lines: experience across, control up, fields split at `split` percent.

    A point is at observed, with whiskers from floor to ceiling where there is room; it is left out without an observed
    figure. Points in one place are drawn side by side.
    """
    inner_width, inner_height = max(width - _LEFT - 1, 9), max(height - 3, 5)
    canvas = _fields(split, inner_width, inner_height)
    for point in points:
        _draw_whiskers(canvas, point)
    for point in points:
        _draw_point(canvas, point)
    return _framed(canvas, split)


_LEFT = 5  # columns for the figures of the upright axis and its line


def _cell(percentage: Fraction, width: int) -> int:
    """The cell, from 0, that holds a percentage."""
    # in whole numbers: a map of many tools asks this a thousand times a key, and fractions take ten times as long
    return min(max(percentage.numerator * width // (100 * percentage.denominator), 0), width - 1)


def _row(percentage: Fraction, height: int) -> int:
    return height - 1 - _cell(percentage, height)


Canvas = list[list[str]]


def _fields(split: Fraction, width: int, height: int) -> Canvas:
    column, row = _cell(split, width), _row(split, height)
    canvas = [[" "] * width for _ in range(height)]
    for line in canvas:
        line[column] = "┊"
    canvas[row] = ["┄"] * width
    canvas[row][column] = "┼"
    _write(canvas, 0, 1, Field.LOCKED_DOWN, column)
    _write(canvas, 0, column + 2, Field.SWEET_SPOT, width)
    _write(canvas, height - 1, 1, Field.NEITHER, column)
    _write(canvas, height - 1, column + 2, Field.FREE_FOR_ALL, width)
    return canvas


def _write(canvas: Canvas, row: int, start: int, words: str, end: int) -> None:
    for at, letter in enumerate(words[: max(end - start, 0)], start):
        canvas[row][at] = letter


def _draw_whiskers(canvas: Canvas, point: MapPoint) -> None:
    if point.experience.observed is None or point.control.observed is None:
        return
    if point.experience.floor == point.experience.ceiling and point.control.floor == point.control.ceiling:
        return  # the letter stands where they would
    width, height = len(canvas[0]), len(canvas)
    row, column = _row(point.control.observed, height), _cell(point.experience.observed, width)
    for at in range(_cell(point.experience.floor, width), _cell(point.experience.ceiling, width) + 1):
        if canvas[row][at] in " ┊┄┼":
            canvas[row][at] = "┼" if canvas[row][at] in "┊┼" else "─"
    for at in range(_row(point.control.ceiling, height), _row(point.control.floor, height) + 1):
        if canvas[at][column] in " ┊┄┼─":
            canvas[at][column] = "┼" if canvas[at][column] in "─┄┼" else "│"


def _draw_point(canvas: Canvas, point: MapPoint) -> None:
    if point.experience.observed is None or point.control.observed is None:
        return
    width = len(canvas[0])
    row, column = _row(point.control.observed, len(canvas)), _cell(point.experience.observed, width)
    free = (at for at in _from(column, width) if not canvas[row][at].isupper())
    canvas[row][next(free, column)] = point.letter


def _from(column: int, width: int) -> Iterator[int]:
    """The columns by their distance from that one, the right before the left."""
    yield column
    for distance in range(1, width):
        yield from (at for at in (column + distance, column - distance) if 0 <= at < width)


def _framed(canvas: Canvas, split: Fraction) -> list[str]:
    width, height = len(canvas[0]), len(canvas)
    labels = {0: "100", _row(split, height): f"{round(split)}", height - 1: "0"}
    lines = ["control (up), experience (across)"]
    lines += [f"{labels.get(at, ''):>3} ┤" + "".join(cells).rstrip() for at, cells in enumerate(canvas)]
    lines.append("    └" + "─" * width)
    column = _cell(split, width)
    lines.append(f"     {f'{0:<{column}}{round(split)}':<{width - 3}}100")
    return lines


EXPECTED, DELIVERED, BOTH, BETWEEN = "○", "●", "◉", "━"
DUMBBELL_LEGEND = (
    f"{EXPECTED} expected, {DELIVERED} delivered, {BOTH} both in one place; from the ladder's lowest rung to its top"
)


def dumbbell(expected: Fraction | None, delivered: Fraction | None, top: int, width: int) -> str:
    """A line of that many characters for the rungs 0 to `top`: `──●━━━━○─`; a side that is None is left out."""
    if width <= 0:
        return ""
    cells = [TRACK] * width
    places = [None if mean is None else _dumbbell_cell(mean, top, width) for mean in (expected, delivered)]
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


def _dumbbell_cell(mean: Fraction, top: int, width: int) -> int:
    """The cell, from 0, that holds a mean: rung 0 in the first, the top rung in the last."""
    return min(max(round(mean * (width - 1) / top), 0), width - 1)
