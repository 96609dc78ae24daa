"""What thousands of assessments cost, against reading and parsing the same files with the compiled tomli.

"Cold" is without the index that a listing leaves in the person's cache folder, "warm" with it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, milliseconds, percentile_95
from benchmarks.starts import ASSESS_TEXT, MINIMAL, MINIMAL_TEXT, TOOLVET, environment
from benchmarks.terminal import Terminal
from benchmarks.workspaces import make_answers, make_decisions, make_many

PARSE = """
import pathlib, sys, tomli
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.toml")):
    tomli.loads(path.read_bytes().decode())
"""
"""What the least program does with the same files."""

HOME = """
import pathlib, sys
from toolvet.services.assessments import Session, clock_of
from toolvet.services.overview import Overview
from toolvet.storage.workspace import Workspace
overview = Overview(Session(Workspace(pathlib.Path(sys.argv[1])), clock_of(None)))
overview.begin()
while not overview.step(1):
    pass
"""
"""What Home does until every row is there, without drawing it."""

NAME = "tool-00000"
ONE_SUBJECT = {
    "score": (),
    "report": (),
    "questions": (),
    "history": (),
    "decide": ("--decision", "hold", "--rationale", "We wait.", "--by", "Board", "--dry-run"),
}
"""What is asked of one subject, and how."""
DOWN = "\x1b[B"


def many_figures(folder: Path, count: int, rounds: int) -> list[Figure]:
    """Time and memory with so many assessments, and with two of one subject."""
    many, one, cache = folder / "many", folder / "one", folder / "cache"
    make_many(many, count)
    make_many(one, 2)
    time.sleep(2.1)  # younger files are not kept in the index
    return [
        *_listings(many, cache, count, rounds),
        *_one_subject(many, one, cache, count, rounds),
        *_home(many, cache, count, rounds),
    ]


def verify_figure(folder: Path, count: int, rounds: int) -> Figure:
    """Time of `verify` over so many decisions, against reading and parsing their files and the assessments'."""
    make_many(folder, count)
    make_decisions(folder)
    commands = {
        "tomli": (sys.executable, "-c", PARSE, str(folder)),
        "verify": (TOOLVET, "verify", str(folder)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seconds[name].append(_run(command, folder / "cache")[0])
    taken = {name: statistics.median(values) for name, values in seconds.items()}
    return Figure(
        f"verify {count:,} decisions",
        taken["verify"] / taken["tomli"],
        3,
        "x",
        f"{milliseconds(taken['verify'])}; tomli alone {milliseconds(taken['tomli'])}",
    )


def survey_figures(folder: Path, count: int) -> list[Figure]:
    """Closing a round of so many answer files, and its result, against reading and parsing them, in one run."""
    make_answers(folder, count)
    programs = {
        "close a round": (TOOLVET, "readiness", "--close", "--workspace", str(folder)),
        "its result": (TOOLVET, "readiness", "--json", "--workspace", str(folder)),
    }
    _run((sys.executable, "-c", PARSE, str(folder)), folder / "cache")  # only warms up
    parsing = _run((sys.executable, "-c", PARSE, str(folder / "assessments")), folder / "cache")[0]
    figures = []
    for name, command in programs.items():
        taken, peak = _run(command, folder / "cache")
        words = f"{milliseconds(taken)}; tomli alone {milliseconds(parsing)}"
        figures += [
            Figure(f"{name}, {count:,} answer files", taken / parsing, 1.5, "x", words),
            Figure(f"peak memory, {name}, {count:,}", peak / 2**20, 400, "MiB", "the whole process"),
        ]
    return figures


@dataclass(frozen=True, slots=True)
class Measured:
    """Processor seconds of reading and parsing and of each listing in each round, and the peak bytes of each."""

    parsing: list[float]
    seconds: dict[str, list[float]]
    memory: dict[str, float]

    def ratio(self, name: str) -> float:
        """What the listing takes, against reading and parsing in the same round."""
        return statistics.median(
            taken / parsing for taken, parsing in zip(self.seconds[name], self.parsing, strict=True)
        )


def measure_listings(many: Path, cache: Path, rounds: int) -> Measured:
    """Each listing without and with the index, and reading and parsing the same files, in turns."""
    programs: dict[str, Sequence[str]] = {
        "list": (TOOLVET, "list", "--workspace", str(many)),
        "list --due": (TOOLVET, "list", "--due", "30", "--json", "--workspace", str(many)),
        "register": (TOOLVET, "register", "--workspace", str(many)),
        "Home complete": (sys.executable, "-c", HOME, str(many)),
        "compare": (TOOLVET, "compare", "--workspace", str(many), "--format", "csv"),
        "compare in words": (TOOLVET, "compare", "--workspace", str(many)),
    }
    parse = (sys.executable, "-c", PARSE, str(many / "assessments"))
    measured = Measured([], {}, {})
    for _ in range(rounds):
        measured.parsing.append(_run(parse, cache)[0])
        for name, command in programs.items():
            shutil.rmtree(cache, ignore_errors=True)
            for state in ("cold", "warm"):
                taken, peak = _run(command, cache)
                measured.seconds.setdefault(f"{name}, {state}", []).append(taken)
                measured.memory[name] = max(measured.memory.get(name, 0), peak)
    return measured


def _listings(many: Path, cache: Path, count: int, rounds: int) -> list[Figure]:
    measured = measure_listings(many, cache, rounds)
    parsing = milliseconds(statistics.median(measured.parsing))
    times = [
        Figure(
            f"{name}, {count:,} assessments",
            measured.ratio(name),
            1.4 if name.endswith("cold") else 0.1,
            "x",
            f"{milliseconds(statistics.median(seconds))}; tomli alone {parsing}",
        )
        for name, seconds in measured.seconds.items()
    ]
    peaks = [
        Figure(f"peak memory, {name} {count:,}", peak / 2**20, 400, "MiB", "the whole process")
        for name, peak in measured.memory.items()
    ]
    return [*times, *peaks]


def _one_subject(many: Path, one: Path, cache: Path, count: int, rounds: int) -> list[Figure]:
    figures = []
    for name, options in ONE_SUBJECT.items():
        taken: dict[Path, list[float]] = {many: [], one: []}
        for turn in range(rounds + 1):
            for workspace, values in taken.items():
                seconds, _ = _run((TOOLVET, name, NAME, *options, "--workspace", str(workspace)), cache)
                if turn:  # the first only warms up
                    values.append(seconds)
        among, alone = (statistics.median(values) for values in taken.values())
        words = f"{milliseconds(among)}; with one subject {milliseconds(alone)}"
        figures.append(Figure(f"{name} of one subject, {count:,}", among / alone, 1.5, "x", words))
    return [*figures, _assess(many, one, cache, count, rounds)]


def _assess(many: Path, one: Path, cache: Path, count: int, rounds: int) -> Figure:
    """The first drawing of a question."""
    kept = {**environment(), "XDG_CACHE_HOME": str(cache)}
    drawn: dict[Path, list[float]] = {many: [], one: []}
    for _ in range(rounds):
        for workspace, values in drawn.items():
            with Terminal((TOOLVET, "assess", NAME), kept, workspace) as terminal:
                values.append(terminal.seconds_until(ASSESS_TEXT))
    among, alone = (statistics.median(values) for values in drawn.values())
    words = f"{milliseconds(among)}; with one subject {milliseconds(alone)}"
    return Figure(f"assess of one subject, {count:,}", among / alone, 1.5, "x", words)


def _home(many: Path, cache: Path, count: int, rounds: int) -> list[Figure]:
    kept = {**environment(), "XDG_CACHE_HOME": str(cache)}
    drawn: dict[str, list[float]] = {"least": [], "cold": [], "warm": []}
    peak = 0.0
    for _ in range(rounds):
        with Terminal(MINIMAL, kept, Path.cwd()) as terminal:
            drawn["least"].append(terminal.seconds_until(MINIMAL_TEXT))
        shutil.rmtree(cache, ignore_errors=True)
        for state in ("cold", "warm"):
            if state == "warm":
                _run((sys.executable, "-c", HOME, str(many)), cache)
            with Terminal((TOOLVET,), kept, many) as terminal:
                drawn[state].append(terminal.seconds_until("Tool number"))
    with Terminal((TOOLVET,), kept, many) as terminal:
        terminal.seconds_until("Tool number")
        terminal.settle(2.0)
        keys = [terminal.seconds_to_repaint(DOWN)[0] for _ in range(10 * rounds)]
        terminal.seconds_to_repaint("/")
        letters = [terminal.seconds_to_repaint(key)[0] for _ in range(rounds) for key in "umb\x7f\x7f\x7f"]
        terminal.settle(0.3)
    peak = terminal.peak_memory
    least = statistics.median(drawn["least"])
    return [
        *(
            Figure(
                f"first rows of Home, {state}, {count:,}",
                statistics.median(drawn[state]) / least,
                1.6,
                "x",
                f"{milliseconds(statistics.median(drawn[state]))}; least app {milliseconds(least)}",
            )
            for state in ("cold", "warm")
        ),
        Figure(f"key to repaint on Home, {count:,}", percentile_95(keys) * 1000, 50, "ms", f"{len(keys)} keys"),
        Figure(f"finding on Home, {count:,}", percentile_95(letters) * 1000, 50, "ms", f"{len(letters)} letters"),
        Figure(f"peak memory, Home {count:,}", peak / 2**20, 400, "MiB", "the whole process"),
    ]


def _run(command: Sequence[str], cache: Path) -> tuple[float, float]:
    """Seconds of the processor, so that others at work on the machine do not count, and peak bytes."""
    kept: Mapping[str, str] = {**environment(), "XDG_CACHE_HOME": str(cache)}
    process = subprocess.Popen(command, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
