"""Settings, and problems that a person can mend in what a screen does by itself: told, and the app goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import work
from textual.binding import Binding

from screens import ON, press, until
from toolvet.errors import NotSaved, ToolvetError
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.kit.dialogs import Confirm
from toolvet.tui.screen import Place
from toolvet.tui.settings import SettingsDialog


def a_link(config: Path) -> None:
    kept = config.with_name("kept.toml")
    kept.write_text('theme = "dark"\n')
    config.symlink_to(kept)


def cannot_save(*_: object) -> None:
    raise NotSaved("NOT SAVED: a link")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "own" / "config.toml"
    path.parent.mkdir()
    monkeypatch.setenv("TOOLVET_CONFIG", str(path))
    return path


def told(app: ToolvetApp) -> str:
    return "\n".join(notice.message for notice in app._notifications)


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    "keys", [("down", "enter", *"Me", "enter"), ("enter", "down", "enter"), ("down", "down", "down", "down", "enter")]
)
async def test_a_setting_that_cannot_be_saved_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    monkeypatch.setattr("toolvet.tui.settings.change_setting", cannot_save)
    app = ToolvetApp(Workspace(tmp_path / "w"), ON)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await press(pilot, "comma")
        await press(pilot, *keys)
        await until(lambda: "NOT SAVED" in told(app))
        assert isinstance(app.screen, SettingsDialog)
    assert app.bug is None


async def test_settings_that_cannot_be_read_are_told_and_not_shown(tmp_path: Path, config: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path / "w"), ON)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        a_link(config)
        home = app.screen
        await press(pilot, "comma")
        await until(lambda: app.screen is home)
        assert "is a link" in told(app)
        await press(pilot, "a")
        await until(lambda: app.screen is not home)
    assert app.bug is None


class Failing(Place[None]):
    """A screen each of whose keys sets off something that fails later."""

    BINDINGS = [Binding(key, f"{key}_way", key) for key in "cdtw"]  # noqa: RUF012 Textual's own way

    def action_c_way(self) -> None:
        self.app.push_screen(Confirm("Do it?", yes="Do it", no="Leave it"), lambda _: self.fail())

    def action_d_way(self) -> None:
        self.call_after_refresh(self.fail)

    def action_t_way(self) -> None:
        self.set_timer(0.01, self.fail)

    @work
    async def action_w_way(self) -> None:
        self.fail()

    def fail(self) -> None:
        raise ToolvetError("a problem")


@pytest.mark.parametrize("keys", ["cy", "d", "t", "w"])
async def test_a_problem_after_a_dialog_a_pause_or_in_a_worker_is_told(tmp_path: Path, keys: str) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        app.push_screen(Failing())
        await press(pilot, *keys)
        await until(lambda: told(app) == "✗ a problem")
        await press(pilot, *keys)
        await until(lambda: told(app) == "✗ a problem\n✗ a problem")
    assert app.bug is None


@pytest.mark.parametrize("keys", ["cy", "d", "t", "w"])
async def test_a_bug_in_the_same_places_ends_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Failing, "fail", fail)
    app = ToolvetApp(Workspace(tmp_path), ON)
    with pytest.raises(Exception, match="a bug"):  # noqa: PT012 the test's own app raises it again at its end
        async with app.run_test() as pilot:
            app.push_screen(Failing())
            await press(pilot, *keys)
            await until(lambda: app.bug is not None)
