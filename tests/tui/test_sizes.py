"""Every screen and dialog bears any size of the terminal, down to a single cell, and is there again at its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from places import PLACES, all_there_is
from screens import ON, picture, press, until
from toolvet.tui.app import ToolvetApp

SIZES = ((1, 1), (200, 5), (10, 60), (60, 1), (120, 40))


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("TOOLVET_REVIEWER", "A. Reviewer")


def title(app: ToolvetApp) -> str:
    """The title bar without when it was saved, which another size may save anew."""
    return picture(app)[0].partition("✓")[0].rstrip()


@pytest.mark.parametrize("name", PLACES)
async def test_a_storm_of_sizes_ends_where_it_began(tmp_path: Path, name: str) -> None:
    app = ToolvetApp(all_there_is(tmp_path / "w").workspace, ON)
    async with app.run_test(size=SIZES[-1]) as pilot:
        await press(pilot, *PLACES[name])
        await until(lambda: type(app.screen).__name__ == name)
        await until(lambda: not any(worker._thread_worker and worker.is_running for worker in app.workers))
        await press(pilot)
        before = title(app)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await press(pilot)
        await until(lambda: title(app) == before)
        assert (type(app.screen).__name__, app.bug) == (name, None)


async def test_home_looks_the_same_again(tmp_path: Path) -> None:
    app = ToolvetApp(all_there_is(tmp_path / "w").workspace, ON)
    async with app.run_test(size=SIZES[-1]) as pilot:
        await press(pilot)
        await until(lambda: "in balance" in "".join(picture(app)))
        before = picture(app)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await press(pilot)
        await until(lambda: picture(app) == before)
