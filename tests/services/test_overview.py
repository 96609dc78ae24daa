"""The rows of Home: their order, and names that look alike."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from screens import ON, Case
from toolvet.services.assessments import Session
from toolvet.services.overview import Order, Overview, sorted_rows


def names_of(root: Path, *names: str) -> list[str]:
    """What Home calls tools of these names, in its order; each is saved in the folder `begun-N`."""
    case = Case(root / "w")
    for number, name in enumerate(names, 1):
        subject = replace(case.file.assessment.subject, name=f"begun {number}", plan=None)
        file = case.workspace.start(replace(case.file.assessment, subject=subject), ON)
        case.workspace.save(file, replace(file.assessment, subject=replace(subject, name=name)))
    overview = Overview(Session(case.workspace, lambda: ON))
    overview.begin([])
    assert overview.step(60)
    rows = (row for row in overview.rows if row.folder_name != "tool-business")
    return [row.name for row in sorted_rows(rows, Order.NAME, case.workspace.root)]


@pytest.mark.parametrize("digits", ["365²", "CO₂", "①", "٣", "7" * 5_000])
def test_every_digit_can_stand_in_a_name(tmp_path: Path, digits: str) -> None:
    assert sorted(names_of(tmp_path, digits, "Tool 2")) == sorted([digits, "Tool 2"])


def test_numbers_count_as_numbers_however_long(tmp_path: Path) -> None:
    ordered = ["Tool 0", "Tool 2", "Tool 010", f"Tool {10**30}", "Tool x"]
    shuffled = random.Random(1).sample(ordered, len(ordered))
    assert names_of(tmp_path, *shuffled) == ordered


@pytest.mark.parametrize("other", ["Zoom\u00a0", " Zoom", "\uff3aoom", "Zoom"])
def test_names_that_look_alike_have_their_folders_behind_them(tmp_path: Path, other: str) -> None:
    assert set(names_of(tmp_path, "Zoom", other, "Teams")) == {"Teams", "Zoom [begun-1]", f"{other} [begun-2]"}
