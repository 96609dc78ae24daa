"""A program in a real pseudo-terminal, and what a person would see of it."""

from __future__ import annotations

import os
import re
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pexpect
import pyte

PATIENCE = 60.0
"""Seconds after which what should appear is given up: a bound for a test that hangs, not a speed to keep."""

TOOLVET = str(Path(sys.executable).parent / "toolvet")
KEYS = {
    "enter": "\r",
    # as terminals send it that tell keys apart: behind a bare one the next key could be taken for alt and that key
    "esc": "\x1b[27u",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "f2": "\x1bOQ",
    "ctrl+q": "\x11",
}
# What pyte does not know and would print: private modes and keyboard queries, and device strings.
UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;:]*(?:\$p|u|c|q|n|t)|\x1b[P_^X].*?\x1b\\", re.DOTALL)


class Terminal:
    """toolvet, or another command, in a terminal of so many columns and rows."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        command: str = TOOLVET,
        size: tuple[int, int] = (100, 36),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._columns, self._rows = size
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            command,
            list(arguments),
            cwd=str(folder),
            env={**_environment(folder), **(environment or {})},
            dimensions=(self._rows, self._columns),
            timeout=1,
        )
        self._screen = pyte.Screen(self._columns, self._rows)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def until(self, wanted: str) -> Terminal:
        """Wait until the text is on the screen, its line breaks and indents aside."""
        self._wait(lambda: squeezed(wanted) in squeezed(self.text), f"{wanted!r} was never shown")
        return self

    def until_so(self, holds: Callable[[], bool], complaint: str) -> Terminal:
        """Wait until that holds, such as something in a file."""
        self._wait(holds, complaint)
        return self

    def until_gone(self, unwanted: str) -> Terminal:
        """Wait until the text is not on the screen any more."""
        self._wait(lambda: squeezed(unwanted) not in squeezed(self.text), f"{unwanted!r} never went away")
        return self

    def press(self, *keys: str) -> Terminal:
        """Press keys, each by name or as text."""
        for key in keys:
            self.child.send(KEYS.get(key, key))
            self._read(0.1)
        return self

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        self.child.setwinsize(rows, columns)
        self._read(0.05)

    def kill(self, number: int) -> None:
        """Send a signal."""
        self.child.kill(number)

    def hang_up(self) -> int:
        """Close the terminal, as a dropped connection does, and give the exit status."""
        # by the file that owns the descriptor: closed by its number, it would be closed once more with that file
        self.child.ptyproc.fileobj.close()  # type: ignore[attr-defined]  # the stubs leave it out
        until = time.monotonic() + PATIENCE
        while self.child.isalive():
            assert time.monotonic() < until, "the program does not end"
            time.sleep(0.02)
        self.child.close()
        assert self.child.exitstatus is not None, f"ended by signal {self.child.signalstatus} itself"
        return self.child.exitstatus

    def end(self) -> int:
        """Wait for the end and give the exit status; 128 + n for one ended by signal n itself."""
        return self.end_with_modes()[0]

    def end_with_modes(self) -> tuple[int, list[object]]:
        """The exit status, and the modes that the terminal was left in."""
        until = time.monotonic() + PATIENCE
        while self._read(0.1):
            assert time.monotonic() < until, f"the program does not end; on screen:\n{self.text}"
        self.child.wait()
        modes = termios.tcgetattr(self.child.child_fd)
        self.child.close()
        if self.child.exitstatus is not None:
            return self.child.exitstatus, modes
        return 128 + (self.child.signalstatus or 0), modes

    def _wait(self, is_there: Callable[[], bool], complaint: str) -> None:
        until = time.monotonic() + PATIENCE
        while not is_there():
            alive = self._read(0.05)
            if not is_there():
                assert alive, f"{complaint}: the program ended; on screen:\n{self.text}"
                assert time.monotonic() < until, f"{complaint}; on screen:\n{self.text}"

    def _read(self, seconds: float) -> bool:
        """Take what comes within so many seconds; False when the program has ended."""
        end = time.monotonic() + seconds
        while True:
            try:
                taken = self.child.read_nonblocking(65536, timeout=max(0.01, end - time.monotonic()))
                self.raw += taken
                self._stream.feed(UNKNOWN.sub(b"", taken))
            except pexpect.TIMEOUT:
                pass
            except pexpect.EOF:
                return False
            if time.monotonic() >= end:
                return True


def _environment(folder: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOOLVET_", "NO_COLOR"))}
    home = {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    # this terminal answers nothing, so it need not be asked for its background
    shown = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLORFGBG": "15;0"}
    return {**kept, **home, **shown, "TOOLVET_REVIEWER": "A. Reviewer"}


def squeezed(text: str) -> str:
    """The text without its line breaks and indents."""
    return " ".join(text.split())
