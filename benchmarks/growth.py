"""How the cost of thousands of assessments grows: a table for the guide, and docs/growth.svg."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path

from benchmarks.many import Measured, measure_listings
from benchmarks.workspaces import make_many

PICTURE = Path(__file__).parents[1] / "docs" / "growth.svg"
COUNTS = (1_000, 3_000, 10_000)
COMMANDS = ("list", "list --due", "register", "Home complete", "compare")
WIDTH, HEIGHT, LEFT, TOP = 150, 190, 62, 46
LOW, HIGH = 0.1, 10.0
"""Seconds at the bottom and at the top of a panel."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the lines of each panel: its name, and how it is drawn."""

    name: str
    style: str


LINES = (
    Line("reading and parsing alone", 'stroke="#8a8a8a" stroke-width="2" stroke-dasharray="2 3"'),
    Line("the first time", 'stroke="#b3541e" stroke-width="2"'),
    Line("again, with the index", 'stroke="#1f6f8b" stroke-width="2"'),
)


def main() -> int:
    """Measure with each number of assessments, print the table and draw the picture."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each is repeated; 3 if not given")
    options = parser.parse_args()
    measured: dict[int, Measured] = {}
    for count in COUNTS:
        with tempfile.TemporaryDirectory(prefix="toolvet-bench-") as folder:
            make_many(Path(folder, "many"), count)
            time.sleep(2.1)  # younger files are not kept in the index
            measured[count] = measure_listings(Path(folder, "many"), Path(folder, "cache"), options.rounds)
    print("\n".join(table_lines(measured)))
    PICTURE.write_text(picture(measured), encoding="utf-8")
    return 0


def table_lines(measured: Mapping[int, Measured]) -> list[str]:
    """A Markdown table: processor seconds of reading and parsing, and the ratio to that of everything else."""
    lines = [f"| what | {' | '.join(f'{count:,}' for count in measured)} |", f"| --- |{' --- |' * len(measured)}"]
    parsing = [statistics.median(each.parsing) for each in measured.values()]
    lines.append(f"| reading and parsing alone | {' | '.join(f'{seconds:.2f} s' for seconds in parsing)} |")
    for name in COMMANDS:
        for state, words in (("cold", "the first time"), ("warm", "again")):
            taken = [each.ratio(f"{name}, {state}") for each in measured.values()]
            lines.append(f"| `{name}`, {words} | {' | '.join(f'{ratio:.2f}' for ratio in taken)} |")
    memory = [max(each.memory.values()) / 2**20 for each in measured.values()]
    return [*lines, f"| most memory of any of these | {' | '.join(f'{size:.0f} MiB' for size in memory)} |"]


def picture(measured: Mapping[int, Measured]) -> str:
    """A panel for each command, both scales logarithmic: what grows in proportion rises as steeply as the parsing."""
    total = LEFT + len(COMMANDS) * (WIDTH + 18)
    title = "Processor seconds of five commands with 1,000, 3,000 and 10,000 assessments"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {TOP + HEIGHT + 62}" role="img" '
        'font-family="sans-serif" font-size="12" fill="#333">',
        f"<title>{title}</title>",
        f'<rect width="{total}" height="{TOP + HEIGHT + 62}" fill="#fff"/>',
    ]
    for at, line in enumerate(LINES):
        x = LEFT + at * 240
        parts.append(f'<line x1="{x}" y1="14" x2="{x + 28}" y2="14" {line.style}/>')
        parts.append(f'<text x="{x + 36}" y="18">{line.name}</text>')
    for at, name in enumerate(COMMANDS):
        parts += _panel(name, LEFT + at * (WIDTH + 18), measured, is_first=at == 0)
    parts.append(f'<text x="{LEFT}" y="{TOP + HEIGHT + 44}">assessments, two of each tool</text>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(name: str, x: float, measured: Mapping[int, Measured], *, is_first: bool) -> list[str]:
    parts = [
        f'<text x="{x}" y="{TOP - 8}" font-weight="bold">{name}</text>',
        f'<rect x="{x}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#ccc"/>',
    ]
    for seconds in (0.1, 1, 10):
        y = _height(seconds)
        parts.append(f'<line x1="{x}" y1="{y:.1f}" x2="{x + WIDTH}" y2="{y:.1f}" stroke="#ddd"/>')
        if is_first:
            parts.append(f'<text x="{x - 8}" y="{y + 4:.1f}" text-anchor="end">{seconds:g} s</text>')
    places = [x + 18 + (WIDTH - 36) * log10(count / COUNTS[0]) / log10(COUNTS[-1] / COUNTS[0]) for count in measured]
    for place, count in zip(places, measured, strict=True):
        parts.append(f'<text x="{place:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{count:,}</text>')
    for line, key in zip(LINES, ("", f"{name}, cold", f"{name}, warm"), strict=True):
        seconds_each = [statistics.median(each.seconds[key] if key else each.parsing) for each in measured.values()]
        parts += _drawn(line, places, seconds_each)
    return parts


def _drawn(line: Line, places: Sequence[float], seconds: Sequence[float]) -> list[str]:
    points = [(place, _height(taken)) for place, taken in zip(places, seconds, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return [
        f'<polyline points="{path}" fill="none" {line.style}/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" {line.style} fill="#fff"/>' for x, y in points),
    ]


def _height(seconds: float) -> float:
    share = (log10(min(max(seconds, LOW), 2 * HIGH)) - log10(LOW)) / (log10(2 * HIGH) - log10(LOW))
    return TOP + HEIGHT * (1 - share)


if __name__ == "__main__":
    raise SystemExit(main())
