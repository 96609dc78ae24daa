"""For every test: a person of its own, screens that are not drawn, and how Hypothesis searches.

The same examples each time, in as much time as the machine needs; `--hypothesis-profile=searching` looks for new ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from textual._compositor import Compositor

from screens import draw_nothing

settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("searching"), derandomize=True)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of somebody named A. Reviewer of whom nothing is kept yet, in place of whoever runs the tests."""
    folder = tmp_path / ".person"
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(folder / name))
    monkeypatch.setenv("TOOLVET_REVIEWER", "A. Reviewer")
    monkeypatch.delenv("TOOLVET_WORKSPACE", raising=False)
    return folder


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out drawing all that changes, which takes half of the time; pictures are taken by other means."""
    monkeypatch.setattr(Compositor, "render_update", draw_nothing)
