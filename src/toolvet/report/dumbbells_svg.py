"""Expected and delivered on one ladder as SVG: titled, with the figures as text, nothing by colour alone.

Expected is a ring, delivered a filled dot, and what lies between them a line; all take the colour of the text around
them or one with enough contrast on light and on dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from toolvet.report.charts_svg import ACCENT
from toolvet.report.markup import html
from toolvet.report.readiness_words import gap_figure, level_figure
from toolvet.report.text import joined

_WIDTH, _LEFT, _RIGHT, _ROW, _TOP, _LONGEST = 760, 230, 170, 30, 26, 32
_FONT = 'font-family="system-ui, sans-serif" font-size="13" fill="currentColor"'


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """A row: both means, the gap between them, and the top of the ladder they lie on."""

    title: str
    expected: Fraction | None
    delivered: Fraction | None
    gap: Fraction | None
    top: int


def dumbbells_svg(rows: Sequence[Dumbbell], title: str) -> Markup:
    """One line for each row with at least one mean, from the lowest rung at the left to the top at the right."""
    shown = [row for row in rows if row.expected is not None or row.delivered is not None]
    height = _TOP + _ROW * len(shown) + 28
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}" {_FONT}>\n'
        f"<title>{html(joined(title))}</title>\n<desc>{html(joined('; '.join(map(_in_words, shown))))}</desc>",
        *_frame(_TOP + _ROW * len(shown)),
        *(_row(row, _TOP + _ROW * place) for place, row in enumerate(shown)),
        "</svg>",
    ]
    return Markup("\n").join(Markup(part) for part in parts)


def _in_words(row: Dumbbell) -> str:
    return (
        f"{row.title}: expected {level_figure(row.expected)}, delivered {level_figure(row.delivered)}, "
        f"gap {gap_figure(row.gap)}, of {row.top}"
    )


def _frame(bottom: int) -> list[str]:
    parts = []
    for share, words in ((0, "lowest rung"), (1, "top rung")):
        x = _x(Fraction(share))
        parts.append(
            f'<line x1="{x}" y1="{_TOP - 6}" x2="{x}" y2="{bottom}" stroke="currentColor" stroke-opacity="0.25"/>'
            f'<text x="{x}" y="{bottom + 18}" text-anchor="middle" font-size="11">{words}</text>'
        )
    right = _WIDTH - _RIGHT + 16
    parts.append(f'<text x="{right}" y="{_TOP - 10}" font-size="11">delivered of expected, gap</text>')
    return parts


def _row(row: Dumbbell, top: int) -> str:
    middle = top + _ROW // 2
    parts = [
        f'<text x="0" y="{middle + 5}">{html(_short(row.title))}</text>',
        f'<line x1="{_x(Fraction(0))}" y1="{middle}" x2="{_x(Fraction(1))}" y2="{middle}" stroke="currentColor" '
        'stroke-opacity="0.25" stroke-dasharray="2 4"/>',
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
    figures = f"{level_figure(row.delivered)} of {level_figure(row.expected)}, {gap_figure(row.gap)}"
    parts.append(f'<text x="{_WIDTH - _RIGHT + 16}" y="{middle + 5}">{figures}</text>')
    return "".join(parts)


def _at(mean: Fraction, row: Dumbbell) -> str:
    return _x(mean / row.top)


def _x(share: Fraction) -> str:
    return f"{_LEFT + float(share) * (_WIDTH - _LEFT - _RIGHT):.1f}"


def _short(title: str) -> str:
    line = joined(title)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
