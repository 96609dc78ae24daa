"""How long a sheet of a thousand questions takes to write and to take in."""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from benchmarks.figures import Figure, milliseconds
from benchmarks.starts import BARE, TOOLVET, environment
from benchmarks.workspaces import SUBJECT

MOST_SECONDS = 2.0


def sheet_figures(workspace: Path, rounds: int) -> list[Figure]:
    """Writing each kind, and previewing those that come back filled in, in seconds of the processor.

    A form saves a .csv.
    """
    commands: dict[str, Sequence[str]] = {"bare": BARE}
    for ending in ("xlsx", "csv", "html"):
        sheet = workspace / f"sheet.{ending}"
        write = (TOOLVET, "questions", SUBJECT, "--workspace", str(workspace), "--force", "-o", str(sheet))
        subprocess.run(write, capture_output=True, check=True)
        commands[f"write {ending}"] = write
        if ending == "html":
            continue
        filled = workspace / f"filled.{ending}"
        _fill(sheet, filled)
        take = (TOOLVET, "import", str(filled), "--for", SUBJECT, "--by", "Bench", "--workspace", str(workspace))
        commands[f"take in {ending}"] = take
    seconds = {name: statistics.median(_seconds(command) for _ in range(rounds)) for name, command in commands.items()}
    return [
        Figure(
            f"{name}, 1,000 questions",
            seconds[name],
            MOST_SECONDS,
            "s",
            f"{seconds[name] / seconds['bare']:.0f} x a bare interpreter of {milliseconds(seconds['bare'])}",
        )
        for name in commands
        if name != "bare"
    ]


_MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime)
"""


def _seconds(command: Sequence[str]) -> float:
    """Of the processor, which others on the machine do not change much."""
    measured = (sys.executable, "-c", _MEASURED, *command)
    return float(subprocess.run(measured, env=environment(), capture_output=True, check=True).stdout)


def _fill(sheet: Path, filled: Path) -> None:
    """Answer every question with its second rung and a note."""
    given = {"answer": "1", "note": "As our guide says."}
    if sheet.suffix == ".csv":
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        with filled.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row if "." in row["question"] else {**row, **given} for row in rows)
        return
    workbook = openpyxl.load_workbook(sheet)
    for page in workbook.worksheets[1:]:
        headers = [cell.value for cell in page[1]]
        for row in page.iter_rows(min_row=2):
            for column, text in given.items():
                row[headers.index(column)].value = text
    workbook.save(filled)
