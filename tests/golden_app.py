"""The app as the golden pictures see it: started in one way, led by keys alone, and looked at once nothing moves."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import string
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual._context import visible_screen_stack
from textual.dom import DOMNode
from textual.pilot import Pilot

from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp

CHECKOUT = Path(__file__).resolve().parents[1]
ON = date(2026, 11, 28)
PATIENCE = 120.0
"""Seconds after which an app that does not come to rest is given up: a bound for a test that hangs."""

KEYS = {"_": "space", "-": "minus", ".": "full_stop", "/": "slash", ":": "colon", ",": "comma", ";": "semicolon"}
NORMAL = (
    (re.compile(r"\b\d\d:\d\d:\d\d\b"), "HH:MM:SS"),
    (re.compile(r"(\b\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d) {2,}(?=\d )"), r"\1  "),
    (re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d\b( [━─]+[┓╮]| +[│┃]$)?", re.MULTILINE), "D MONTH YYYY, HH:MM"),
    (re.compile(r"\btoolvet-demo-\w{8}\b"), "toolvet-demo-XXXXXXXX"),
    (re.compile(rf"\b({ON.isoformat()})-\d{{12}}\b"), r"\1-NNNNNNNNNNNN"),
)
"""What is another each time, and what stands for it; of a day in an edge or at the end of a row, with what follows it.

A time that a dialog hides in part is not found: no picture can be taken of that.
"""


@contextmanager
def workspace_copy(source: Path | None) -> Iterator[Path]:
    """A copy of that folder, or an empty one, at a path that is as long each time."""
    above = Path("/tmp") / "".join(random.SystemRandom().choices(string.ascii_lowercase, k=8))
    above.mkdir(mode=0o700)
    try:
        root = above / "work"
        if source is None:
            root.mkdir()
        else:
            shutil.copytree(source, root)
        yield root
    finally:
        shutil.rmtree(above, ignore_errors=True)


def normal(text: str, root: Path) -> str:
    """The text without what is another each time, or on each computer."""
    text = text.replace(root.parent.name, "X" * len(root.parent.name))
    text = text.replace(f"{CHECKOUT}/", "CHECKOUT/")
    for pattern, instead in NORMAL:
        text = pattern.sub(instead, text)
    return text


@asynccontextmanager
async def opened(root: Path, size: tuple[int, int], *, with_toasts: bool) -> AsyncIterator[Walk]:
    """The app opened on that workspace. What it tells in passing is kept; toasts stay, where they are to be seen."""
    app = ToolvetApp(Workspace(root), ON)
    app.animation_level = "none"
    told: list[str] = []
    tell = app.notify

    def notify(message: str, *, title: str = "", severity: Any = "information", **options: Any) -> None:
        told.append(f"{severity}: {f'{title}: ' if title else ''}{message}")
        tell(message, title=title, severity=severity, **{**options, "timeout": 3600})

    with patch.object(app, "notify", notify):
        async with app.run_test(size=size, notifications=with_toasts) as pilot:
            yield Walk(app, pilot, root, told)
    assert app.bug is None


class Walk:
    """Keys pressed one by one, and a picture of what is there then."""

    def __init__(self, app: ToolvetApp, pilot: Pilot[None], root: Path, told: list[str]) -> None:
        self._app, self._pilot, self._root, self._told = app, pilot, root, told

    async def go(self, steps: str, take: Callable[[str, str], None]) -> None:
        """Go these steps, set apart by blanks.

        "=name" takes a picture, "'some_text" types, "!path" does away with a file of the workspace, or puts a file in
        the place of a folder, "!path:text" adds text to a file, "~words" waits until they are on the screen, where a
        thread puts them; all else is a key.
        """
        await self._rest()
        for step in steps.split():
            if step.startswith("="):
                take(step[1:], await self._picture())
            elif step.startswith("~"):
                await self._appears(step[1:])
            elif step.startswith("!"):
                name, _, more = step[1:].partition(":")
                _disturb(self._root, name, more)
            else:
                letters = [KEYS.get(letter, letter) for letter in step[1:]]
                await self._pilot.press(*(letters if step.startswith("'") else (step,)))
                await self._rest()

    async def _picture(self) -> str:
        parts = ["\n".join(await self._settled()).rstrip(), *(f"[told] {words}" for words in self._told)]
        self._told.clear()
        return normal("\n".join(parts), self._root)

    def _rows(self) -> list[str]:
        visible_screen_stack.set(self._app._background_screens)
        strips = self._app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    async def _appears(self, words: str) -> None:
        given_up = time.monotonic() + PATIENCE
        while words not in "\n".join(self._rows()):
            assert time.monotonic() < given_up, "\n".join(self._rows())
            await self._pilot.pause()
        await self._rest()

    async def _rest(self) -> None:
        """Until nothing is under way any more, twice in a row."""
        given_up = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < 2:
            await self._pilot.pause()
            assert time.monotonic() < given_up, "\n".join(self._rows())
            quiet = 0 if self._is_busy() else quiet + 1

    async def _settled(self) -> list[str]:
        """The rows once they stay as they are."""
        given_up = time.monotonic() + PATIENCE
        before: list[str] = []
        while before != (rows := self._rows()):
            assert time.monotonic() < given_up, "\n".join(rows)
            before = rows
            await self._rest()
        return rows

    def _is_busy(self) -> bool:
        app = self._app
        if len(asyncio.get_running_loop()._ready) > 1:  # type: ignore[attr-defined] # more than what goes on behind this
            return True
        if any(worker._thread_worker and not worker.is_finished for worker in app.workers):
            return True
        screen = app.screen
        if screen._callbacks or screen._dirty_widgets or screen._layout_required:
            return True
        return any(_is_waited_for(node) for node in _nodes(app))


def _nodes(app: ToolvetApp) -> Iterable[DOMNode]:
    yield app
    for screen in app.screen_stack:
        yield from (node for node in screen.walk_children(with_self=True) if "toast" not in type(node).__name__.lower())


def _is_waited_for(node: DOMNode) -> bool:
    """Whether there are messages for it, or something set to happen once in a moment."""
    once = (timer._task for timer in node._timers if timer._repeat == 0)
    return not node._message_queue.empty() or any(task is not None and not task.done() for task in once)


def _disturb(root: Path, name: str, more: str) -> None:
    (path,) = root.glob(name)
    if path.is_dir():
        shutil.rmtree(path)
        path.touch()
    elif more:
        path.write_text(path.read_text(encoding="utf-8") + f"\n# {more}\n", encoding="utf-8")
    else:
        path.unlink()
