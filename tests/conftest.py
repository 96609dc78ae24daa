"""For every test: a person of its own, screens that are not drawn, and how Hypothesis searches.

The same examples each time, in as much time as the machine needs; `--hypothesis-profile=searching` looks for new ones.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from textual._compositor import Compositor
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from screens import draw_nothing

settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("searching"), derandomize=True)
settings.load_profile("steady")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, because many tests wait for a terminal or a process."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of somebody named A. Reviewer of whom nothing is kept yet, in place of whoever runs the tests."""
    folder = tmp_path / ".person"
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(folder / name))
    monkeypatch.setenv("TOOLVET_REVIEWER", "A. Reviewer")
    monkeypatch.setenv("TOOLVET_PAGER", "cat")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")  # nothing is shown in the language of whoever runs the tests
    monkeypatch.delenv("TOOLVET_WORKSPACE", raising=False)
    return folder


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> None:
    """Parse each style sheet once in a process and not once in every app, which takes a seventh of the time."""
    parse, parsed = Stylesheet._parse_rules, {}

    def parse_once(self: Stylesheet, *css: Any, **read: Any) -> list[RuleSet]:
        key = (tuple(self._variables.items()), css, tuple(read.items()))
        if key not in parsed:
            parsed[key] = parse(self, *css, **read)
        return parsed[key]

    Stylesheet._parse_rules = parse_once  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def unsynced(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no disk, but where tests are about what a disk does."""
    if "reliability" not in request.path.parts:
        monkeypatch.setattr("os.fsync", lambda _descriptor: None)


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out drawing all that changes, which takes half of the time; pictures are taken by other means."""
    monkeypatch.setattr(Compositor, "render_update", draw_nothing)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say nothing about how far a command is, which depends on how busy the machine is."""
    for module in ("compare", "output"):
        monkeypatch.setattr(f"toolvet.cli.{module}.monotonic", lambda: 0.0)
