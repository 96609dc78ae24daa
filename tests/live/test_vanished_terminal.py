"""The app ends with its terminal, also where no signal says that it is gone, and where nobody reads it any more."""

from __future__ import annotations

import fcntl
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

from places import PLACES, TYPED, all_there_is
from real_terminal import PATIENCE, TOOLVET
from toolvet.storage.reader import read_assessment

HERE = Path(__file__).parent
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
        program.until(b"need it finish").press(b"m").until(b"Editor").press(b"Half~").until(b"~")
        assert program.vanish() == HUNG_UP
    assert (read_assessment(folder / FILE).assessment.answer("does-the-job").note or "").endswith("Half~")


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which an editor that saves, and then stays, says its process."""
    script, says = tmp_path / "editor", tmp_path / "editor.pid"
    script.write_text(f'#!/bin/sh\necho Saved. > "$1"\necho $$ > {says}\nexec sleep 600\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    return says


@pytest.mark.parametrize("by_signal", [True, False])
def test_what_was_saved_in_an_editor_is_kept_and_the_editor_ends(folder: Path, editor: Path, by_signal: bool) -> None:
    with _started(folder, "assess", SUBJECT) as program:
        program.until(b"need it finish").press(b"m").until(b"Editor").press(b"\x0f")
        deadline = time.monotonic() + PATIENCE
        while not editor.exists() or not editor.read_text().strip():
            assert time.monotonic() < deadline, "the editor never began"
            time.sleep(0.02)
        ended = program.end_by(signal.SIGTERM) if by_signal else program.vanish()
        assert ended == (128 + signal.SIGTERM if by_signal else HUNG_UP)
    with pytest.raises(ProcessLookupError):
        os.kill(int(editor.read_text()), 0)
    (kept,) = (folder / "state").rglob("edited/*.md")
    assert kept.read_text() == "Saved.\n"
    with _started(folder) as program:
        program.until(b"What you wrote")


def test_a_signal_ends_the_app_whose_output_nobody_reads(folder: Path) -> None:
    with _started(folder, "assess", SUBJECT) as program:
        assert program.until(b"need it finish").fill().end_by(signal.SIGTERM) == 128 + signal.SIGTERM


def test_answering_line_by_line_ends_with_its_terminal(folder: Path) -> None:
    with _started(folder, "assess", SUBJECT, "--plain") as program:
        assert program.until(b"Go on in").press(b"2\n").until(b"Type help").vanish() == HUNG_UP


class Owned:
    """The app led to a place, in a terminal that a process of its own reads until it is killed or stopped."""

    def __init__(self, folder: Path, name: str, how: str = "", *, hears: bool = True) -> None:
        all_there_is(folder / "w")
        self._ready = folder / "ready"
        owner, terminal = pty.openpty()
        termios.tcsetwinsize(terminal, (40, 120))
        reads = f"import os\nwhile os.read({owner}, 65536): pass"
        self._owner = subprocess.Popen([sys.executable, "-c", reads], pass_fds=[owner])
        home = {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
        paths = os.pathsep.join((str(HERE.parent), os.environ.get("PYTHONPATH", "")))
        self._program = subprocess.Popen(
            [sys.executable, HERE / "at_place.py", folder / "w", name, how, self._ready],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            cwd=folder,
            env={
                **os.environ,
                **home,
                "PYTHONPATH": paths,
                "TERM": "xterm-256color",
                "TOOLVET_REVIEWER": "A. Reviewer",
            },
            start_new_session=hears,
            # with it, the system says by a signal that the terminal is gone; without, nothing does
            preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if hears else None,
        )
        os.close(terminal)
        os.close(owner)

    def arrive(self) -> Owned:
        """Wait until the app is at the place."""
        deadline = time.monotonic() + PATIENCE
        while not self._ready.exists():
            assert self._program.poll() is None, f"it ended with {self._program.returncode}"
            assert time.monotonic() < deadline, "it never came there"
            time.sleep(0.02)
        return self

    def kill_owner(self) -> int:
        self._owner.kill()
        self._owner.wait()
        return self._program.wait(PATIENCE)

    def stop_reading(self) -> Owned:
        self._owner.send_signal(signal.SIGSTOP)
        return self

    def end(self) -> int:
        self._program.send_signal(signal.SIGTERM)
        return self._program.wait(PATIENCE)

    def leave(self) -> None:
        for process in (self._program, self._owner):
            process.kill()
            process.wait()


@contextmanager
def _owned(folder: Path, name: str, how: str = "", *, hears: bool = True) -> Iterator[Owned]:
    program = Owned(folder, name, how, hears=hears)
    try:
        yield program.arrive()
    finally:
        program.leave()


def _kept(folder: Path) -> bool:
    """Whether what was typed on the way is in a file of the workspace, or in one that is offered again."""
    files = (*folder.glob("w/**/*.*"), *folder.glob("state/**/*.*"))
    return any(TYPED.encode() in file.read_bytes() for file in files if file.is_file())


def _every(*some: str) -> list[object]:
    """Every screen and dialog there is (tests/tui/test_planted_crashes.py holds them to that); these in each run."""
    return [name if name in some else pytest.param(name, marks=pytest.mark.torture) for name in PLACES]


@pytest.mark.parametrize("name", _every("AskText", "CompareScreen"))
def test_it_ends_wherever_it_is_when_the_owner_of_its_terminal_is_killed(tmp_path: Path, name: str) -> None:
    with _owned(tmp_path, name) as program:
        assert program.kill_owner() == HUNG_UP
    assert _kept(tmp_path) or f"text:{TYPED}" not in PLACES[name]


@pytest.mark.parametrize("name", _every("AskFields"))
def test_it_ends_there_too_where_no_signal_says_that_the_owner_is_gone(tmp_path: Path, name: str) -> None:
    with _owned(tmp_path, name, hears=False) as program:
        assert program.kill_owner() == HUNG_UP
    assert _kept(tmp_path) or f"text:{TYPED}" not in PLACES[name]


@pytest.mark.parametrize("name", _every("Confirm"))
def test_a_signal_ends_it_wherever_it_is_while_nobody_reads(tmp_path: Path, name: str) -> None:
    with _owned(tmp_path, name, "unread") as program:
        assert program.stop_reading().end() == 128 + signal.SIGTERM
    assert _kept(tmp_path) or f"text:{TYPED}" not in PLACES[name]


def test_a_save_that_has_begun_is_finished_when_the_owner_is_killed(tmp_path: Path) -> None:
    with _owned(tmp_path, "AssessScreen", "saving") as program:
        assert program.kill_owner() == HUNG_UP
    levels = [
        read_assessment(file).assessment.answer("does-it").level for file in tmp_path.glob("w/assessments/a-*/*.toml")
    ]
    assert 4 in levels
