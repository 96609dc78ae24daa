"""The app in a real terminal, led by its own keys to a screen or dialog: `at_place.py WORKSPACE NAME HOW READY`.

The file READY is there once it is. Where HOW is "unread", it then draws for as long as the terminal takes it; where it
is "saving", READY is there in the middle of a save, which goes on for a moment.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import date
from functools import partialmethod
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from places import PLACES
from screens import ON, press, until
from toolvet.cli.main import run
from toolvet.storage.workspace import Workspace
from toolvet.tui import app as app_module
from toolvet.tui.start import Start

WORKSPACE, NAME, HOW, READY = sys.argv[1:]
_run_app = app_module.run_app
_run = app_module.ToolvetApp.run


def _ready() -> None:
    Path(READY).write_text("", encoding="utf-8")


def _slow_fsync(descriptor: int) -> None:
    _slow.stop()
    _ready()
    time.sleep(1)
    os.fsync(descriptor)


_slow = patch.object(os, "fsync", _slow_fsync)


async def _go(pilot: Pilot[None]) -> None:
    await press(pilot, *PLACES[NAME])
    await until(lambda: type(pilot.app.screen).__name__ == NAME)
    if HOW == "saving":
        _slow.start()
        await pilot.press("4")
        return
    _ready()
    while HOW == "unread":
        pilot.app.screen.refresh(layout=True)
        await asyncio.sleep(0)


def _led_app(workspace: Workspace, _on: date | None, start: Start | None = None) -> int:
    return _run_app(workspace, ON, start)


patch.object(app_module, "run_app", _led_app).start()
patch.object(app_module.ToolvetApp, "run", partialmethod(_run, auto_pilot=_go)).start()
sys.argv = ["toolvet", "--workspace", WORKSPACE]
raise SystemExit(run())
