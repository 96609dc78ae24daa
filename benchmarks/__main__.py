"""Measures everything and prints it beside its bars."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.compare_keys import compare_key_figures
from benchmarks.figures import HEADERS, Figure
from benchmarks.hostile import hostile_figure, import_figures
from benchmarks.keys import key_figure
from benchmarks.many import many_figures, survey_figures, verify_figure
from benchmarks.rubrics import check_figure
from benchmarks.sheets import sheet_figures
from benchmarks.starts import command_figures, screen_figures
from benchmarks.steps import steps_figures
from benchmarks.workspaces import make_workspaces
from toolvet.text.tables import TableFormat, table


def main() -> int:
    """Status 1 with `--strict` where a bar was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="status 1 if a bar was missed")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="how often each is repeated; 9 if not given")
    parser.add_argument(
        "--only",
        choices=(
            "commands",
            "screens",
            "keys",
            "compare",
            "rubrics",
            "sheets",
            "steps",
            "many",
            "verify",
            "survey",
            "hostile",
        ),
        help="measure only these",
    )
    parser.add_argument("--many", type=int, default=1000, metavar="N", help="how many assessments; 1000 if not given")
    parser.add_argument(
        "--answers", type=int, default=10_000, metavar="N", help="how many answer files; 10000 if not given"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="toolvet-bench-") as folder:
        figures = _measure(Path(folder), options)
    print(table([figure.row() for figure in figures], HEADERS, TableFormat.SIMPLE))
    return 1 if options.strict and not all(figure.is_met for figure in figures) else 0


def _measure(folder: Path, options: argparse.Namespace) -> list[Figure]:
    rounds, only = options.rounds, options.only
    shipped, thousand = make_workspaces(folder)
    figures: list[Figure] = []
    if only in (None, "commands"):
        figures += command_figures(shipped, rounds)
    if only in (None, "screens"):
        figures += screen_figures(shipped, rounds)
    if only in (None, "keys"):
        figures.append(key_figure("shipped rubric", shipped, 50, rounds))
        figures.append(key_figure("1,000 questions", thousand, 60, rounds))
    if only in (None, "compare"):
        figures += compare_key_figures(rounds)
    if only in (None, "rubrics"):
        figures.append(check_figure(folder, rounds))
    if only in (None, "sheets"):
        figures += sheet_figures(thousand, rounds)
    if only in (None, "steps"):
        figures += steps_figures()
    if only in (None, "many"):
        figures += many_figures(folder / "many", options.many, rounds)
    if only in (None, "verify"):
        figures.append(verify_figure(folder / "decided", options.many, rounds))
    if only in (None, "survey"):
        figures += survey_figures(folder / "survey", options.answers)
    # Last: what follows would be charged for the memory that making the files took.
    if only in (None, "hostile"):
        figures.append(hostile_figure(folder / "hostile"))
        figures += import_figures(thousand, folder / "sent")
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
