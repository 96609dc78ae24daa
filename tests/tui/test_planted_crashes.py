"""A bug in any action: what was typed and answered is safe, the status says so, and none of it is printed."""

from __future__ import annotations

import importlib
import pkgutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

import toolvet.tui
from places import IN_ASSESS, IN_SURVEY, PLACES, TYPED, all_there_is
from screens import ON, Case, press, until
from toolvet.cli.output import report_bug
from toolvet.domain.assessment import Answer
from toolvet.storage.user_state import Unfinished
from toolvet.tui.app import ToolvetApp
from toolvet.tui.screen import KeepsWork

SECRET = "the words of a note"
BASES = {"Place", "Dialog"}


class Planted(RuntimeError):
    """The bug; its message holds what nobody else is to read."""


def screens_there_are() -> Iterator[str]:
    """The class of every screen and dialog of ours."""
    for module in pkgutil.walk_packages(toolvet.tui.__path__, "toolvet.tui."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, type) and issubclass(value, KeepsWork) and value.__module__ == module.name:
                yield name


def test_every_screen_and_dialog_has_its_place_here() -> None:
    assert set(screens_there_are()) - BASES - {"KeepsWork"} == set(PLACES)


async def at_place(app: ToolvetApp, pilot: Pilot[None], name: str) -> Screen[Any]:
    """The screen of that name, once its keys have led to it."""
    await press(pilot, *PLACES[name])
    await until(lambda: type(app.screen).__name__ == name)
    await pilot.pause()
    return app.screen


@dataclass(frozen=True)
class Key:
    """A key that runs an action of ours, and where that action is."""

    key: str
    owner: type
    method: str


async def keys_of(case: Case, name: str) -> list[Key]:
    """One key for each action of ours that can be run there."""
    app = ToolvetApp(case.workspace, ON)
    found: dict[tuple[type, str], Key] = {}
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await at_place(app, pilot, name)
        for key, active in screen.active_bindings.items():
            target, _, action = active.binding.action.rpartition(".")
            owner = type({"app": app, "screen": screen}.get(target, active.node))
            method = f"action_{action.partition('(')[0]}"
            if active.enabled and getattr(owner, method).__module__.startswith("toolvet."):
                found.setdefault((owner, method), Key(key, owner, method))
    return list(found.values())


async def crash(case: Case, name: str, key: Key, monkeypatch: pytest.MonkeyPatch) -> ToolvetApp:
    """The app after that key's action failed in that place."""

    def fail(*_: object) -> None:
        raise Planted(SECRET)

    app = ToolvetApp(case.workspace, ON)
    with pytest.raises(Planted), monkeypatch.context() as planting:  # noqa: PT012 the test's own app raises it again
        async with app.run_test(size=(120, 40)) as pilot:
            await at_place(app, pilot, name)
            planting.setattr(key.owner, key.method, fail)
            await pilot.press(key.key)
            await pilot.pause()
    return app


def check_all_is_safe(case: Case, name: str, app: ToolvetApp) -> None:
    """What the keys that led there had answered and typed is in the file, and nothing of it is printed."""
    answer = case.saved.answer("does-it")
    if PLACES[name][: len(IN_ASSESS)] == IN_ASSESS:
        assert answer.level == 3
    if PLACES[name][: len(IN_SURVEY)] == IN_SURVEY:
        files = case.workspace.subjects()[-1].assessments
        assert [file.assessment.answers for file in files].count({"mail": Answer(expected=1)}) == 1
    if name == "AskText":
        assert answer.note == f"{SECRET}{TYPED}"
    if name == "AskLine":
        assert answer.evidence[-1].source == TYPED
    if name in ("AskFields", "Confirm"):
        draft = Unfinished(case.workspace.root, "decision", path=case.workspace.relative(case.file.path)).left()
        assert TYPED in str(draft.work)
    assert isinstance(app.bug, Planted)
    assert (app.return_code, app._exit_renderables) == (1, [])
    message = report_bug(app.bug)
    assert SECRET not in message
    log = Path(message.partition("The trace is in ")[2].partition(";")[0])
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "most"),
    [
        *((name, 1) for name in PLACES),
        *(pytest.param(name, 1000, marks=pytest.mark.torture) for name in PLACES),
    ],
)
async def test_a_bug_in_an_action_loses_and_prints_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    keys = await keys_of(all_there_is(tmp_path / "keys", SECRET), name)
    assert keys != []
    for number, key in enumerate(keys[:most]):
        case = all_there_is(tmp_path / str(number), SECRET)
        check_all_is_safe(case, name, await crash(case, name, key, monkeypatch))


def test_a_log_that_others_could_read_is_closed_to_them() -> None:
    message = report_bug(Planted(SECRET))
    log = Path(message.partition("The trace is in ")[2].partition(";")[0])
    log.chmod(0o644)
    report_bug(Planted(SECRET))
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
