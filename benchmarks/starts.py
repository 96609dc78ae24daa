"""How long commands and screens take to start, and how much memory they take."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.figures import Figure, milliseconds
from benchmarks.terminal import Terminal
from benchmarks.workspaces import SUBJECT, assessment_in

PYTHON = sys.executable
TOOLVET = str(Path(sys.executable).parent / "toolvet")
BARE = (PYTHON, "-c", "pass")
MINIMAL = (PYTHON, "-m", "benchmarks.minimal")
MINIMAL_TEXT = "minimal-app-ready"
HOME_TEXT = "Bench Tool"
ASSESS_TEXT = "highest rung"


def environment() -> Mapping[str, str]:
    """That of this process, as on a machine where the program was started before: byte code is kept."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "NO_COLOR")}
    # its terminal answers nothing, so it need not be asked for its background
    shown = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLORFGBG": "15;0"}
    return {**kept, **shown, "TOOLVET_REVIEWER": "Bench"}


def command_figures(workspace: Path, rounds: int) -> list[Figure]:
    """`--version`, `--help` and `check` against a bare interpreter."""
    commands = {
        "bare": BARE,
        "--version": (TOOLVET, "--version"),
        "--help": (TOOLVET, "--help"),
        "check": (TOOLVET, "check", str(assessment_in(workspace))),
    }
    seconds = _medians(commands, rounds)
    bars = {"--version": 3.0, "--help": 3.0, "check": 0.2 / 0.016}
    return [
        Figure(
            f"toolvet {name}",
            seconds[name] / seconds["bare"],
            bar,
            "x",
            f"{milliseconds(seconds[name])}; bare interpreter {milliseconds(seconds['bare'])}",
        )
        for name, bar in bars.items()
    ]


def screen_figures(workspace: Path, rounds: int) -> list[Figure]:
    """First drawing of home and of a question, and peak memory, against the least app."""
    programs = {
        "minimal": (MINIMAL, MINIMAL_TEXT),
        "home": ((TOOLVET,), HOME_TEXT),
        "assess": ((TOOLVET, "assess", SUBJECT), ASSESS_TEXT),
    }
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    memory: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(rounds + 1):
        for name, (command, text) in programs.items():
            drawn, peak = _first_drawing(command, text, Path.cwd() if name == "minimal" else workspace)
            if turn:  # the first only warms up
                seconds[name].append(drawn)
                memory[name].append(peak)
    times = {name: statistics.median(values) for name, values in seconds.items()}
    peaks = {name: statistics.median(values) for name, values in memory.items()}
    return [
        figure
        for name, words in (("home", "home screen"), ("assess", "question"))
        for figure in (
            Figure(
                f"start to the {words}",
                times[name] / times["minimal"],
                1.6,
                "x",
                f"{milliseconds(times[name])}; least app {milliseconds(times['minimal'])}",
            ),
            Figure(
                f"peak memory, {words}",
                peaks[name] / peaks["minimal"],
                1.5,
                "x",
                f"{peaks[name] / 2**20:.0f} MiB; least app {peaks['minimal'] / 2**20:.0f} MiB",
            ),
        )
    ]


def _medians(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, float]:
    """Median seconds of each, taken in turns so that a busy moment meets all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
            if turn:
                seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def _first_drawing(command: Sequence[str], text: str, folder: Path) -> tuple[float, float]:
    with Terminal(command, environment(), folder) as terminal:
        drawn = terminal.seconds_until(text)
        terminal.settle()
    return drawn, terminal.peak_memory
