"""How long comparing and listing many assessments takes, against reading and parsing the same files with tomllib."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.figures import Figure, milliseconds
from benchmarks.starts import TOOLVET, environment
from benchmarks.workspaces import make_decisions, make_many

PARSE = """
import pathlib, sys, tomllib
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.toml")):
    tomllib.loads(path.read_bytes().decode())
"""
"""What the least program does with the same files."""


def many_figures(folder: Path, count: int, rounds: int) -> list[Figure]:
    """Time against tomllib alone, and peak memory, of `compare` and `list` with so many subjects."""
    make_many(folder, count)
    commands = {
        "tomllib": (sys.executable, "-c", PARSE, str(folder / "assessments")),
        "compare": (TOOLVET, "compare", "--workspace", str(folder), "--format", "csv"),
        "list": (TOOLVET, "list", "--workspace", str(folder)),
    }
    taken, memory = _in_turns(commands, rounds)
    return [
        figure
        for name in ("compare", "list")
        for figure in (
            Figure(
                f"{name} {count:,} assessments",
                taken[name] / taken["tomllib"],
                1.5,
                "x",
                f"{milliseconds(taken[name])}; tomllib alone {milliseconds(taken['tomllib'])}",
            ),
            Figure(f"peak memory, {name} {count:,}", memory[name] / 2**20, 400, "MiB", "the whole process"),
        )
    ]


def verify_figure(folder: Path, count: int, rounds: int) -> Figure:
    """Time of `verify` over so many decisions, against reading and parsing their files and the assessments'."""
    make_many(folder, count)
    make_decisions(folder)
    commands = {
        "tomllib": (sys.executable, "-c", PARSE, str(folder)),
        "verify": (TOOLVET, "verify", str(folder)),
    }
    taken, _ = _in_turns(commands, rounds)
    return Figure(
        f"verify {count:,} decisions",
        taken["verify"] / taken["tomllib"],
        3,
        "x",
        f"{milliseconds(taken['verify'])}; tomllib alone {milliseconds(taken['tomllib'])}",
    )


def _in_turns(commands: Mapping[str, Sequence[str]], rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Median seconds and peak bytes of each, each round with all of them; the first only warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    memory: dict[str, float] = {}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            taken, peak = _run(command)
            if turn:
                seconds[name].append(taken)
                memory[name] = max(memory.get(name, 0), peak)
    return {name: statistics.median(values) for name, values in seconds.items()}, memory


def _run(command: Sequence[str]) -> tuple[float, float]:
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - started, usage.ru_maxrss * 1024
