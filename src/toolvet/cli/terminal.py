"""What a command does on a terminal: colours, a pager for what is long, and a line about what takes long."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress

from toolvet.cli.parser import terminal_columns
from toolvet.text.escape import fit_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

PATIENCE = 1.0
"""Seconds without output after which a command says that it is still working."""
TALKS = frozenset({"assess", "demo", "serve", "decide", "verify:sign_file"})
"""The modules whose commands talk with the person: no pager, and no line that would run into their questions."""
_SIGNS = {"✓": "32", "✗": "31", "?": "33", "!": "33", "▲": "36", "▼": "31", "▽": "33", "≈": "32"}
_SIGN = re.compile(r"(?:(?<=^)|(?<=  ))([✓✗?!▲▼▽≈])(?= )", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
_RULER = re.compile(r"^-+(?:  -+)*$", re.MULTILINE)


def is_dumb(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal can do nothing but print."""
    return environment.get("TERM", "-").casefold() in ("", "dumb", "unknown")


def wants_colour(when: str, environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Whether output is coloured: --color comes first, then NO_COLOR, FORCE_COLOR, and whether it is a terminal."""
    if when != "auto":
        return when == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal and not is_dumb(environment)


def coloured(text: str) -> str:
    """The text with colour on signs, headings and rulers. The signs say the same without it."""
    text = _SIGN.sub(lambda match: f"\x1b[{_SIGNS[match[1]]}m{match[1]}\x1b[0m", text)
    text = _HEADING.sub(lambda match: f"\x1b[1m{match[0]}\x1b[0m", text)
    return _RULER.sub(lambda match: f"\x1b[2m{match[0]}\x1b[0m", text)


class Presentation:
    """How the output of one command is shown. Until `finish`, what goes to a terminal is held for the pager."""

    def __init__(
        self, *, when_coloured: str = "auto", quiet: bool = False, verbose: bool = False, plain: bool = False
    ) -> None:
        self.is_quiet = quiet
        self.is_verbose = verbose
        self._is_plain = plain
        self._when_coloured = when_coloured
        self._held: list[str] | None = None
        self._waiting: Waiting | None = None
        self._started = time.monotonic()

    def begin(self, module: str) -> None:
        """Hold output for the pager and watch the time, unless the command talks with the person or is read aloud."""
        if self._is_plain or module in TALKS or module.split(":")[0] in TALKS:
            return
        if sys.stdout.isatty() and sys.stdin.isatty() and not is_dumb():
            self._held = []
        if sys.stderr.isatty() and not self.is_quiet and not is_dumb():
            self._waiting = Waiting(sys.stderr)

    def write(self, text: str, *, is_read: bool) -> None:
        """Print the text; one that is `read`, not taken by programs, is fitted to the terminal and coloured."""
        is_terminal = sys.stdout.isatty()
        if is_read and is_terminal:
            text = fit_text(text, terminal_columns())
        if is_read and wants_colour(self._when_coloured, os.environ, is_terminal=is_terminal):
            text = coloured(text)
        if self._held is not None:
            self._held.append(text)
        else:
            print_out(text)

    def interrupt(self) -> None:
        """Clear the line about waiting, because something else is printed there."""
        if self._waiting is not None:
            self._waiting.clear()

    def stop_waiting(self) -> None:
        """Say no more that the command is at work, because somebody is asked something."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None

    def seconds(self) -> float:
        """How long the command has taken so far."""
        return time.monotonic() - self._started

    def finish(self) -> None:
        """Print what was held, through a pager if it is longer than the terminal."""
        self.stop_waiting()
        text, self._held = "".join(self._held or ()), None
        if text and not _is_paged(text):
            print_out(text)


def print_out(text: str) -> None:
    """Write to stdout at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def _is_paged(text: str) -> bool:
    """Show the text in a pager if it is longer than the terminal; whether that was done."""
    if text.count("\n") < os.get_terminal_size(sys.stdout.fileno()).lines:
        return False
    named = os.environ.get("TOOLVET_PAGER", os.environ.get("PAGER", "less"))
    with suppress(ValueError, OSError):
        command = shlex.split(named)
        if not command or command == ["cat"] or shutil.which(command[0]) is None:
            return False
        # As git does: colours are shown, and what is on the screen stays there at the end.
        environment = {"LESS": "FRX", "LV": "-c", **os.environ}
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, encoding="utf-8")
        while True:
            try:
                pager.communicate(text)
            except KeyboardInterrupt:
                continue  # the pager decides what ctrl+c means
            return True
    return False


class Waiting:
    """Says on stderr, from a second on, that the command is still working, and clears that line at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._is_shown = False
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        seconds = 0
        while not self._ended.wait(PATIENCE):
            seconds += 1
            with self._lock, suppress(OSError, ValueError):
                self._stream.write(f"\rStill working … {seconds} s (ctrl+c stops)")
                self._stream.flush()
                self._is_shown = True

    def clear(self) -> None:
        """Clear the line; it comes back if the command goes on."""
        with self._lock, suppress(OSError, ValueError):
            if self._is_shown:
                self._stream.write("\r\x1b[K")
                self._stream.flush()
                self._is_shown = False

    def stop(self) -> None:
        """Clear the line for good."""
        self._ended.set()
        self._thread.join()
        self.clear()
