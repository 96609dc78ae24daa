"""A writer killed at any moment loses nothing that it acknowledged and leaves a whole file."""

from __future__ import annotations

from pathlib import Path

import pytest

from running import figures_of

KILLS = [100, pytest.param(1000, marks=pytest.mark.torture)]


@pytest.mark.parametrize("kills", KILLS)
@pytest.mark.parametrize("writer", ["saving", "workspace"])
def test_nothing_acknowledged_is_lost_to_kill_9(writer: str, kills: int, tmp_path: Path) -> None:
    figures = figures_of("kill_writers", writer, kills, tmp_path)
    print(f"killed at random: {writer}: {figures}")
    assert figures.pop("acknowledged") >= kills
    assert figures.pop("amid") > 0, "no kill fell into a save: the waits are wrong"
    assert figures == {"kills": kills, "lost": 0, "unreadable": 0, "left": []}


def test_plain_writer_fails_the_same_check(tmp_path: Path) -> None:
    figures = figures_of("kill_writers", "naive", 100, tmp_path)
    assert figures["unreadable"] + figures["lost"] > 0
