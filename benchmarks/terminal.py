"""Programs run in a real terminal, timed from outside."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

ROWS, COLUMNS = 36, 120
PATIENCE = 20.0
"""Seconds until something that should appear is given up."""

QUIET = 0.12
"""Seconds without a drawing after which a key's work counts as done."""
DRAWING_GAP = 0.008
"""Seconds that part one drawing from the next."""
CURSOR_BYTES = 40
"""What moving the cursor takes at most."""

_ESCAPES = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[P_^X][^\x1b]*\x1b\\|[ -/]*[0-~])")


class NeverShown(Exception):
    """The program ended, or went on for too long, without showing what was waited for."""


class Terminal:
    """A program in a terminal of its own; used with `with`, which ends it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._started = time.perf_counter()
        self._pid, self._descriptor = pty.fork()
        if self._pid == 0:
            os.chdir(folder)
            os.execve(command[0], list(command), dict(environment))
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._shown = b""
        self._last_read = 0
        self.peak_memory = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def seconds_until(self, text: str) -> float:
        """Seconds from the start of the program until the text was on screen."""
        wanted = text.encode()
        while wanted not in _ESCAPES.sub(b"", self._shown):
            if not self._read(PATIENCE - (time.perf_counter() - self._started)):
                raise NeverShown(f"{text!r} was never shown; the last that was: {self.last_words()}")
        return time.perf_counter() - self._started

    def seconds_to_repaint(self, key: str) -> tuple[float, float]:
        """Seconds from sending the key to the end of the drawing that follows, and to the last thing drawn.

        A drawing ends where nothing comes for 8 ms. What comes later is, for one, the word that it is saved.
        """
        self.settle(QUIET)
        sent = last = time.perf_counter()
        os.write(self._descriptor, key.encode())
        repainted = None
        bytes_drawn = 0
        while self._read(QUIET):
            now = time.perf_counter()
            # A few bytes alone only move the cursor.
            if repainted is None and now - last > DRAWING_GAP and bytes_drawn > CURSOR_BYTES:
                repainted = last
            bytes_drawn += self._last_read
            last = now
        return (repainted or last) - sent, last - sent

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until nothing more is drawn."""
        while self._read(quiet):
            pass

    def last_words(self) -> str:
        """The end of what was written, without control codes."""
        return _ESCAPES.sub(b"", self._shown)[-300:].decode(errors="replace")

    def end(self) -> None:
        """End the program; `peak_memory` is then known, in bytes."""
        if self._pid == 0:
            return
        os.kill(self._pid, signal.SIGTERM)
        until = time.perf_counter() + 3
        while time.perf_counter() < until:
            # A program that draws on a terminal nobody reads from cannot end.
            self._read(0.02)
            ended, _, usage = os.wait4(self._pid, os.WNOHANG)
            if ended:
                break
        else:
            os.kill(self._pid, signal.SIGKILL)
            _, _, usage = os.wait4(self._pid, 0)
        self._pid = 0
        self.peak_memory = usage.ru_maxrss * 1024
        os.close(self._descriptor)

    def _read(self, patience: float) -> bool:
        """Take what was written; False where nothing was within so many seconds, or the program has ended."""
        ready, _, _ = select.select([self._descriptor], [], [], max(patience, 0))
        if not ready:
            return False
        try:
            chunk = os.read(self._descriptor, 65536)
        except OSError:
            return False
        self._shown = (self._shown + chunk)[-200_000:]
        self._last_read = len(chunk)
        return bool(chunk)
