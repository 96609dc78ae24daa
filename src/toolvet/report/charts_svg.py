"""Ranges and the sweet-spot map as SVG, with a title and figures as text. They fetch nothing and do not rely on colour.

Lines and letters take the colour of the text around them, so that they are legible on light and dark grounds. The only
colour of its own has a contrast of at least 3 to 1 on both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from markupsafe import Markup

from toolvet.report.approval.document import RangeRow
from toolvet.report.markup import html
from toolvet.report.survey.sentences import gap_figure, level_figure
from toolvet.text.charts import MapPoint
from toolvet.text.escape import joined
from toolvet.text.labels import figure, number
from toolvet.values import dataclass

ACCENT = "#3d7ab8"

RANGES_CAPTION = "Bar: floor to ceiling. Dot: observed. Dashed line: what the floor has to reach to approve."
DUMBBELLS_CAPTION = "Ring: expected. Dot: delivered. From the ladder's lowest rung to its top."


def map_caption(split: Fraction) -> str:
    """What the signs of the map mean."""
    return f"Dot: observed. Lines: floor to ceiling on each axis. Dashed: {number(split)}, where the fields part."


_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 760, 190, 110, 34, 22
_FONT = 'font-family="system-ui, sans-serif" font-size="13" fill="currentColor"'


def ranges_svg(rows: Sequence[RangeRow], title: str) -> Markup:
    """One bar for each row that has a range: floor to ceiling, a dot at observed, a dashed line at the threshold."""
    shown = [row for row in rows if row.floor is not None and row.ceiling is not None]
    height = _TOP + _ROW * len(shown) + 26
    rows_drawn = [_row(row, _TOP + _ROW * place) for place, row in enumerate(shown)]
    return _drawing(_WIDTH, height, title, map(_in_words, shown), [*_axis(_TOP + _ROW * len(shown)), *rows_drawn])


def _drawing(width: int, height: int, title: str, description: Iterable[str], parts: Iterable[str]) -> Markup:
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" {_FONT}>\n'
        f"<title>{html(joined(title))}</title>\n<desc>{html(joined('; '.join(description)))}</desc>"
    )
    return Markup("\n".join((opening, *parts, "</svg>")))


def _in_words(row: RangeRow) -> str:
    return (
        f"{row.title}: floor {figure(row.floor)}, observed {figure(row.observed)}, ceiling {figure(row.ceiling)}, "
        f"threshold {figure(row.threshold)}"
    )


def _x(percentage: Fraction) -> str:
    return f"{_LEFT + float(percentage) * (_WIDTH - _LEFT - _RIGHT) / 100:.1f}"


def _axis(bottom: int) -> list[str]:
    parts = []
    for tick in range(0, 101, 20):
        x = _x(Fraction(tick))
        parts.append(
            f'<line x1="{x}" y1="{_TOP - 6}" x2="{x}" y2="{bottom}" stroke="currentColor" stroke-opacity="0.18"/>'
            f'<text x="{x}" y="{bottom + 17}" text-anchor="middle" font-size="11">{tick}</text>'
        )
    parts.append(
        f'<text x="{_WIDTH - _RIGHT + 12}" y="{_TOP - 8}" font-size="11">floor – ceiling</text>',
    )
    return parts


def _row(row: RangeRow, top: int) -> str:
    if row.floor is None or row.ceiling is None:
        return ""
    middle = top + _ROW // 2
    floor, ceiling, mark = _x(row.floor), _x(row.ceiling), _x(row.threshold)
    width = max(float(ceiling) - float(floor), 2)
    parts = [
        f'<text x="0" y="{middle + 5}">{html(_short(row.title, 28))}</text>',
        f'<rect x="{floor}" y="{middle - 6}" width="{width:.1f}" height="12" fill="{ACCENT}" fill-opacity="0.45" '
        f'stroke="{ACCENT}" stroke-width="1.5"/>',
        f'<line x1="{mark}" y1="{middle - 14}" x2="{mark}" y2="{middle + 14}" stroke="currentColor" '
        f'stroke-width="1.5" stroke-dasharray="3 2"/>',
    ]
    if row.observed is not None:
        parts.append(f'<circle cx="{_x(row.observed)}" cy="{middle}" r="5" fill="currentColor"/>')
    parts.append(
        f'<text x="{_WIDTH - _RIGHT + 12}" y="{middle + 5}">{figure(row.floor)} – {figure(row.ceiling)}</text>'
    )
    return "".join(parts)


def _short(title: str, longest: int) -> str:
    line = joined(title)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


_SIDE, _MARGIN = 380, 46


def map_svg(points: Sequence[MapPoint], split: Fraction, title: str) -> Markup:
    """The sweet-spot map: experience across, control up, a lettered dot at observed, whiskers to floor and ceiling."""
    size = _SIDE + 2 * _MARGIN
    placed = filter(None, map(_placed, points))
    return _drawing(size, size, title, map(_point_in_words, points), [*_map_frame(split), *placed])


def _point_in_words(point: MapPoint) -> str:
    return f"{point.name}: experience {figure(point.experience.observed)}, control {figure(point.control.observed)}"


def _across(percentage: Fraction) -> float:
    return _MARGIN + float(percentage) * _SIDE / 100


def _up(percentage: Fraction) -> float:
    return _MARGIN + _SIDE - float(percentage) * _SIDE / 100


def _map_frame(split: Fraction) -> list[str]:
    left, right = _MARGIN, _MARGIN + _SIDE
    x, y = _across(split), _up(split)
    line = 'stroke="currentColor" stroke-width="1"'
    return [
        f'<rect x="{x:.1f}" y="{left}" width="{right - x:.1f}" height="{y - left:.1f}" fill="{ACCENT}" '
        'fill-opacity="0.12"/>',
        f'<rect x="{left}" y="{left}" width="{_SIDE}" height="{_SIDE}" fill="none" {line}/>',
        f'<line x1="{x:.1f}" y1="{left}" x2="{x:.1f}" y2="{right}" {line} stroke-dasharray="4 3"/>',
        f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" {line} stroke-dasharray="4 3"/>',
        f'<text x="{left + 8}" y="{left + 18}">locked down</text>',
        f'<text x="{right - 8}" y="{left + 18}" text-anchor="end" font-weight="bold">sweet spot</text>',
        f'<text x="{left + 8}" y="{right - 8}">neither</text>',
        f'<text x="{right - 8}" y="{right - 8}" text-anchor="end">free for all</text>',
        f'<text x="{left + _SIDE / 2}" y="{right + 36}" text-anchor="middle">experience →</text>',
        f'<text x="14" y="{left + _SIDE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {left + _SIDE / 2})">control →</text>',
        *_map_ticks(split),
    ]


def _map_ticks(split: Fraction) -> list[str]:
    bottom = _MARGIN + _SIDE
    return [
        f'<text x="{_across(tick):.1f}" y="{bottom + 16}" font-size="11" text-anchor="middle">{round(tick)}</text>'
        f'<text x="{_MARGIN - 6}" y="{_up(tick) + 4:.1f}" font-size="11" text-anchor="end">{round(tick)}</text>'
        for tick in (Fraction(0), split, Fraction(100))
    ]


def _placed(point: MapPoint) -> str:
    """The point with its whiskers; empty where it lies nowhere."""
    if point.experience.observed is None or point.control.observed is None:
        return ""
    x, y = _across(point.experience.observed), _up(point.control.observed)
    line = f'stroke="{ACCENT}" stroke-width="2.5"'
    return (
        f'<line x1="{_across(point.experience.floor):.1f}" y1="{y:.1f}" '
        f'x2="{_across(point.experience.ceiling):.1f}" y2="{y:.1f}" {line}/>'
        f'<line x1="{x:.1f}" y1="{_up(point.control.floor):.1f}" '
        f'x2="{x:.1f}" y2="{_up(point.control.ceiling):.1f}" {line}/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="currentColor"/>'
        f'<text x="{x + 9:.1f}" y="{y - 9:.1f}" font-weight="bold">{html(point.letter)}</text>'
    )


_GAP_WIDTH, _GAP_LEFT, _GAP_RIGHT, _GAP_ROW, _GAP_TOP = 760, 230, 170, 30, 26


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """A row: where both sides stand, the gap between them, and the top of the ladder they lie on.

    `words` are said instead of the figures, where one of them is not shown.
    """

    title: str
    expected: Fraction | None
    delivered: Fraction | None
    gap: Fraction | None
    top: int
    words: str = ""


def dumbbells_svg(rows: Sequence[Dumbbell], title: str) -> Markup:
    """One line for each row with at least one mean, from the lowest rung at the left to the top at the right."""
    shown = [row for row in rows if row.expected is not None or row.delivered is not None]
    height = _GAP_TOP + _GAP_ROW * len(shown) + 28
    rows_drawn = [_dumbbell_row(row, _GAP_TOP + _GAP_ROW * place) for place, row in enumerate(shown)]
    frame = _frame(_GAP_TOP + _GAP_ROW * len(shown))
    return _drawing(_GAP_WIDTH, height, title, map(_dumbbell_words, shown), [*frame, *rows_drawn])


def _dumbbell_words(row: Dumbbell) -> str:
    if row.words:
        return f"{row.title}: {row.words}, of {row.top}"
    return (
        f"{row.title}: expected {level_figure(row.expected)}, delivered {level_figure(row.delivered)}, "
        f"gap {gap_figure(row.gap)}, of {row.top}"
    )


def _frame(bottom: int) -> list[str]:
    parts = []
    for share, words in ((0, "lowest rung"), (1, "top rung")):
        x = _gap_x(Fraction(share))
        parts.append(
            f'<line x1="{x}" y1="{_GAP_TOP - 6}" x2="{x}" y2="{bottom}" stroke="currentColor" stroke-opacity="0.25"/>'
            f'<text x="{x}" y="{bottom + 18}" text-anchor="middle" font-size="11">{words}</text>'
        )
    right = _GAP_WIDTH - _GAP_RIGHT + 16
    parts.append(f'<text x="{right}" y="{_GAP_TOP - 10}" font-size="11">delivered of expected, gap</text>')
    return parts


def _dumbbell_row(row: Dumbbell, top: int) -> str:
    middle = top + _GAP_ROW // 2
    parts = [
        f'<text x="0" y="{middle + 5}">{html(_short(row.title, 32))}</text>',
        f'<line x1="{_gap_x(Fraction(0))}" y1="{middle}" x2="{_gap_x(Fraction(1))}" y2="{middle}" '
        'stroke="currentColor" stroke-opacity="0.25" stroke-dasharray="2 4"/>',
    ]
    if row.expected is not None and row.delivered is not None:
        parts.append(
            f'<line x1="{_at(row.expected, row)}" y1="{middle}" x2="{_at(row.delivered, row)}" y2="{middle}" '
            f'stroke="{ACCENT}" stroke-width="4"/>'
        )
    if row.delivered is not None:
        parts.append(f'<circle cx="{_at(row.delivered, row)}" cy="{middle}" r="5" fill="currentColor"/>')
    if row.expected is not None:
        ring = 'fill="none" stroke="currentColor" stroke-width="2"'
        parts.append(f'<circle cx="{_at(row.expected, row)}" cy="{middle}" r="8" {ring}/>')
    figures = row.words or f"{level_figure(row.delivered)} of {level_figure(row.expected)}, {gap_figure(row.gap)}"
    parts.append(f'<text x="{_GAP_WIDTH - _GAP_RIGHT + 16}" y="{middle + 5}">{figures}</text>')
    return "".join(parts)


def _at(mean: Fraction, row: Dumbbell) -> str:
    return _gap_x(mean / row.top)


def _gap_x(share: Fraction) -> str:
    return f"{_GAP_LEFT + float(share) * (_GAP_WIDTH - _GAP_LEFT - _GAP_RIGHT):.1f}"
