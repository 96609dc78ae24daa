"""Ending the app, even if its terminal is gone or nobody reads its output any more."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

if sys.platform != "win32":
    import termios

_REACTS_SECONDS = 1.5
"""How long the app may take to begin to save: it is idle, or in the middle of a key."""
_SIGNAL_SECONDS = 0.3
_SAVES_SECONDS = 30.0
_ENDS_SECONDS = 2.0
HUNG_UP = int(getattr(signal, "SIGHUP", signal.SIGTERM))


_RUNNING: list[subprocess.Popen[bytes]] = []


@contextmanager
def ended_with_the_app(program: subprocess.Popen[bytes]) -> Iterator[None]:
    """While it runs, the program has the terminal; it is ended where the app is told to end."""
    _RUNNING.append(program)
    try:
        yield
    finally:
        _RUNNING.remove(program)


class Ending:
    """Ends the app by a signal or once its terminal is gone.

    `end` is called in the app with the number of the signal. Where that comes to nothing, because the app waits for a
    terminal that takes nothing more, `keep` saves from a thread of its own, and the process ends with the signal's
    status.
    """

    def __init__(self, keep: Callable[[], None], end: Callable[[int], None]) -> None:
        self._keep = keep
        self._end = end
        self._asked = threading.Event()
        self._began = threading.Event()
        self._kept = threading.Event()
        self._modes: list[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self) -> None:
        """Listen for signals and the end of the terminal, before anything is done to it."""
        self._loop = asyncio.get_running_loop()
        if sys.platform == "win32":
            return
        self.hear_signals()
        with suppress(termios.error, ValueError, OSError):
            self._modes = termios.tcgetattr(sys.__stdin__)  # type: ignore[arg-type]  # Python has none only without one
        # In a browser there is no terminal but a pipe, which ends with whoever serves the app.
        if self._modes is None and "TEXTUAL_DRIVER" not in os.environ:
            return
        threading.Thread(target=self._watch_terminal, name="toolvet-terminal", daemon=True).start()

    def hear_signals(self) -> None:
        """Hear them at once: a handler of the event loop would wait for all that is queued, or for a full terminal."""
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, self._on_signal)

    def keep_once(self) -> None:
        """Save in the app itself, so that no thread needs to."""
        self._began.set()
        try:
            self._keep()
        finally:
            self._kept.set()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._asked.set()
        self._begin(number)

    def _begin(self, number: int) -> None:
        threading.Thread(target=self._make_sure, args=(number,), name="toolvet-ending", daemon=True).start()
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and the program is about to
                self._loop.call_soon_threadsafe(self._end, number)

    def _watch_terminal(self) -> None:
        """Wait until the terminal hangs up. Reading from it would tell nothing and come back at once, without end."""
        watched = select.poll()
        try:
            watched.register(sys.__stdin__, 0)  # type: ignore[arg-type]  # as above
            watched.poll()
        except (OSError, ValueError):
            return
        # A signal often comes along, and then gives the status.
        if not self._asked.wait(_SIGNAL_SECONDS):
            self._begin(HUNG_UP)

    def _make_sure(self, number: int) -> None:
        for program in tuple(_RUNNING):
            with suppress(OSError):
                program.terminate()
        if self._began.wait(_REACTS_SECONDS):
            self._kept.wait(_SAVES_SECONDS)
        else:
            with suppress(Exception):  # what can be saved is; the program ends all the same
                self.keep_once()
        threading.Event().wait(_ENDS_SECONDS)
        if self._modes is not None:
            with suppress(termios.error, ValueError, OSError):
                termios.tcsetattr(sys.__stdin__, termios.TCSANOW, self._modes)  # type: ignore[arg-type]  # as above
        os._exit(128 + number)
