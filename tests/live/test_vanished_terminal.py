"""The app ends with its terminal, also where no signal says that it is gone, and where nobody reads it any more."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from real_terminal import PATIENCE, TOOLVET
from toolvet.storage.reader import read_assessment

EXAMPLES = Path(__file__).parents[2] / "examples"
SUBJECT = "zoom-workplace-business"
FILE = f"assessments/{SUBJECT}/2026-11-21-worked-example.toml"
HUNG_UP = 128 + signal.SIGHUP

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")


class Vanishing:
    """A program in a terminal that is not its own: no signal comes when it vanishes."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._owner, terminal = pty.openpty()
        termios.tcsetwinsize(terminal, (36, 100))
        home = {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
        self._program = subprocess.Popen(
            [TOOLVET, *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            cwd=folder,
            env={**os.environ, **home, "TERM": "xterm-256color", "TOOLVET_REVIEWER": "A. Reviewer"},
        )
        os.close(terminal)
        self._shown = b""

    def until(self, wanted: bytes) -> Vanishing:
        """Read until that is shown."""
        deadline = time.monotonic() + PATIENCE
        while wanted not in self._shown:
            assert time.monotonic() < deadline, f"{wanted!r} was never shown"
            if select.select([self._owner], [], [], 0.1)[0]:
                self._shown += os.read(self._owner, 65536)
        return self

    def press(self, keys: bytes) -> Vanishing:
        self._shown = b""
        os.write(self._owner, keys)
        return self

    def fill(self) -> Vanishing:
        """Press keys that draw, and read nothing, until the terminal takes no more keys or output."""
        os.set_blocking(self._owner, False)
        with suppress(BlockingIOError):
            for _ in range(4000):
                os.write(self._owner, b"np")
        return self

    def vanish(self) -> int:
        """Take the terminal away and give the exit status."""
        os.close(self._owner)
        return self._program.wait(PATIENCE)

    def end_by(self, number: int) -> int:
        self._program.send_signal(number)
        return self._program.wait(PATIENCE)

    def leave(self) -> None:
        self._program.kill()
        self._program.wait()


@contextmanager
def _started(folder: Path, *arguments: str) -> Iterator[Vanishing]:
    program = Vanishing(folder, *arguments)
    try:
        yield program
    finally:
        program.leave()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with the worked examples."""
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [((), b"Jitsi"), (("assess", SUBJECT), b"need it finish"), (("decide", SUBJECT), b"Decided by")],
    ids=["home", "assess", "decide"],
)
def test_the_app_ends_with_its_terminal(folder: Path, arguments: tuple[str, ...], shown: bytes) -> None:
    with _started(folder, *arguments) as program:
        assert program.until(shown).vanish() == HUNG_UP


def test_a_note_being_typed_is_saved_when_the_terminal_vanishes(folder: Path) -> None:
    with _started(folder, "assess", SUBJECT) as program:
        program.until(b"need it finish").press(b"m").until(b"Back").press(b"Half~").until(b"~")
        assert program.vanish() == HUNG_UP
    assert (read_assessment(folder / FILE).assessment.answer("does-the-job").note or "").endswith("Half~")


def test_a_signal_ends_the_app_whose_output_nobody_reads(folder: Path) -> None:
    with _started(folder, "assess", SUBJECT) as program:
        assert program.until(b"need it finish").fill().end_by(signal.SIGTERM) == 128 + signal.SIGTERM


def test_answering_line_by_line_ends_with_its_terminal(folder: Path) -> None:
    with _started(folder, "assess", SUBJECT, "--plain") as program:
        assert program.until(b"Type help").vanish() == HUNG_UP
