"""Several processes that edit one file at once lose nothing of each other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from running import figures_of

EDITS = [40, pytest.param(500, marks=pytest.mark.torture)]


@pytest.mark.parametrize("edits", EDITS)
def test_every_edit_of_eight_processes_is_saved_or_kept_beside(edits: int, tmp_path: Path) -> None:
    figures = figures_of("crowd_writers", "workspace", 8, edits, tmp_path)
    print(f"eight writers: {figures}")
    assert figures["refused"] > 0, "the writers did not meet: nothing was tested"
    assert figures["saved"] + figures["refused"] == 8 * edits
    assert {name: figures[name] for name in ("lost", "unreadable", "left")} == {"lost": 0, "unreadable": 0, "left": []}


def test_plain_writers_fail_the_same_check(tmp_path: Path) -> None:
    figures = figures_of("crowd_writers", "naive", 8, 40, tmp_path)
    assert figures["lost"] > 0
