"""How long it takes from a key to what it changes on screen."""

from __future__ import annotations

import statistics
from pathlib import Path

from benchmarks.figures import Figure, milliseconds, percentile_95
from benchmarks.starts import ASSESS_TEXT, TOOLVET, environment
from benchmarks.terminal import Terminal
from benchmarks.workspaces import SUBJECT

KEYS = "n1n2n3npu1nn0p3"
"""A stretch of work: answering, changing an answer, going back and forth."""

QUIET = 0.12
"""Seconds without a drawing after which a key's work counts as done."""


def key_figure(name: str, workspace: Path, bar: float, rounds: int) -> Figure:
    """The 95th percentile from a key to the last thing it drew, with every answer saved on the way."""
    taken: list[float] = []
    with Terminal((TOOLVET, "assess", SUBJECT), environment(), workspace) as terminal:
        terminal.seconds_until(ASSESS_TEXT)
        terminal.settle()
        for _ in range(rounds):
            taken.extend(terminal.seconds_to_settle(key, QUIET) for key in KEYS)
    return Figure(
        f"key to repaint, {name}",
        percentile_95(taken) * 1000,
        bar,
        "ms",
        f"95th percentile of {len(taken)} keys; median {milliseconds(statistics.median(taken))}",
    )
