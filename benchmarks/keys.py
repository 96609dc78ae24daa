"""How long it takes from a key to what it changes on screen."""

from __future__ import annotations

import statistics
from pathlib import Path

from benchmarks.figures import Figure, milliseconds, percentile_95
from benchmarks.starts import ASSESS_TEXT, TOOLVET, environment
from benchmarks.terminal import Terminal
from benchmarks.workspaces import SUBJECT

KEYS = "n1n2n3npn1nn0p3"
"""A stretch of work: answering, changing an answer, going back and forth."""


def key_figure(name: str, workspace: Path, bar: float, rounds: int) -> Figure:
    """The 95th percentile from a key to the end of its drawing, with every answer saved on the way."""
    with Terminal((TOOLVET, "assess", SUBJECT), environment(), workspace) as terminal:
        terminal.seconds_until(ASSESS_TEXT)
        terminal.settle()
        taken = [terminal.seconds_to_repaint(key) for _ in range(rounds) for key in KEYS]
    repainted, settled = zip(*taken, strict=True)
    return Figure(
        f"key to repaint, {name}",
        percentile_95(repainted) * 1000,
        bar,
        "ms",
        f"95th percentile of {len(taken)} keys; median {milliseconds(statistics.median(repainted))}, "
        f"until saved and still {milliseconds(statistics.median(settled))}",
    )
