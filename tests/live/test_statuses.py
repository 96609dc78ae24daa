"""Every ending has its status, whether Python buffers or not, whatever the locale, and whichever stream is gone."""

from __future__ import annotations

import os
import pty
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from house import GOOD, assessed
from real_terminal import PATIENCE, TOOLVET, Terminal
from toolvet.storage.reader import read_assessment

EXAMPLES = Path(__file__).parents[2] / "examples"
FILE = "assessments/zoom-workplace-business/2026-11-21-worked-example.toml"
ASSESS = ("assess", "zoom-workplace-business")
SETTINGS = {
    "buffered": {"PYTHONUNBUFFERED": "", "LANG": "C.UTF-8"},
    "unbuffered": {"PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"},
    "LANG=C": {"PYTHONUNBUFFERED": "", "LANG": "C", "LC_ALL": "C"},
}


@pytest.fixture(params=SETTINGS)
def setting(request: pytest.FixtureRequest) -> dict[str, str]:
    """One of the settings that change how Python writes."""
    return SETTINGS[request.param]


@pytest.fixture
def environment(setting: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """That setting, and little else."""
    home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "TOOLVET_REVIEWER": "A. Reviewer"}
    return {"PATH": os.environ["PATH"], "TERM": "xterm-256color", **home, **setting}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with the worked examples."""
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    return tmp_path


def _traces(folder: Path) -> list[Path]:
    return list((folder / "state").rglob("toolvet.log"))


def test_a_closed_terminal_ends_with_129(folder: Path, setting: dict[str, str]) -> None:
    terminal = Terminal(folder, *ASSESS, environment=setting).until("Did the people").press("3").until("saved")
    assert terminal.hang_up() == 128 + signal.SIGHUP
    assert read_assessment(folder / FILE).assessment.answer("does-the-job").level == 3
    assert _traces(folder) == []


@contextmanager
def _running(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], streams: Sequence[int]
) -> Iterator[subprocess.Popen[bytes]]:
    """The program with those as stdin, stdout and stderr, in a session of its own; gone afterwards."""
    stdin, stdout, stderr = streams
    with subprocess.Popen(
        [TOOLVET, *arguments],
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        # A shell lets what it starts in the background ignore interrupts, and whatever that starts in its turn.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _until(descriptor: int, wanted: bytes) -> None:
    shown = b""
    while wanted not in shown:
        assert select.select([descriptor], [], [], PATIENCE)[0], f"{wanted!r} was never shown, but {shown[-500:]!r}"
        read = os.read(descriptor, 65536)
        assert read, f"it ended before {wanted!r} was shown"
        shown += read


def _until_it_sleeps(process_id: int) -> None:
    """Wait until it reads: a signal that comes between prompt and reading is seen only after the next line."""
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "S":
        assert time.monotonic() < deadline, "it never came to read"
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_its_status_where_the_terminal_has_gone_already(
    folder: Path, environment: dict[str, str], number: signal.Signals
) -> None:
    # a terminal that is not the controlling one goes without a signal: ours comes to a program without streams
    ours, theirs = pty.openpty()
    with _running(ASSESS, folder, environment, [theirs] * 3) as process:
        os.close(theirs)
        _until(ours, b"Did the people")
        os.write(ours, b"3")
        _until(ours, b"saved")
        os.close(ours)
        process.send_signal(number)
        assert process.wait(PATIENCE) == 128 + number
    assert _traces(folder) == []


def test_quitting_is_no_bug_where_the_last_words_cannot_be_shown(folder: Path, environment: dict[str, str]) -> None:
    keyboard, their_keyboard = pty.openpty()
    screen, their_screen = pty.openpty()
    with _running(ASSESS, folder, environment, [their_keyboard, their_screen, their_screen]) as process:
        os.close(their_keyboard)
        os.close(their_screen)
        _until(screen, b"Did the people")
        os.close(screen)
        os.write(keyboard, b"q")
        assert process.wait(PATIENCE) == 0
    os.close(keyboard)
    assert _traces(folder) == []


@contextmanager
def _talking_to_nobody(folder: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """An assessment line by line, whose first question is asked and whose output nobody reads any more."""
    assessed(folder, {}, scope={"outsiders": "no"}, reviewer="A. Reviewer")
    arguments = ["--workspace", str(folder), "assess", "tool", "--plain"]
    with _running(arguments, folder, environment, [subprocess.PIPE] * 3) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        _until(process.stdout.fileno(), b"0 to 2, u, x, or help:")
        _until_it_sleeps(process.pid)
        process.stdout.close()
        process.stderr.close()
        yield process


# A program that shows no screens is ended by SIGTERM itself, which a shell calls 143.
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_gives_its_status_where_nobody_reads(
    tmp_path: Path, environment: dict[str, str], number: signal.Signals, status: int
) -> None:
    with _talking_to_nobody(tmp_path, environment) as process:
        process.send_signal(number)
        assert process.wait(PATIENCE) == status
    assert _traces(tmp_path) == []


def test_going_on_where_nobody_reads_ends_with_141(tmp_path: Path, environment: dict[str, str]) -> None:
    with _talking_to_nobody(tmp_path, environment) as process:
        assert process.stdin is not None
        process.stdin.write(b"2\n")
        process.stdin.flush()
        assert process.wait(PATIENCE) == 141
    assert _traces(tmp_path) == []


def _commands(folder: Path) -> list[str]:
    """What prints, what complains of how it was called, what complains of a file, and what ends in the parser."""
    good, damaged = assessed(folder, GOOD), folder / "damaged.toml"
    damaged.write_text("=", encoding="utf-8")
    return [f"score {shlex.quote(str(good))}", "score --wrong", f"score {shlex.quote(str(damaged))}", "--version"]


def _statuses(
    folder: Path, environment: Mapping[str, str], redirection: str, output: int = subprocess.PIPE
) -> list[int]:
    """The statuses of those commands, with their streams redirected by a shell."""
    return [
        subprocess.run(
            ["bash", "-c", f"{shlex.quote(sys.executable)} -m toolvet {command} {redirection}"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            timeout=PATIENCE,
        ).returncode
        for command in _commands(folder)
    ]


@pytest.mark.parametrize("closed", ["", "<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_closed_from_the_start_changes_no_status(
    closed: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    assert _statuses(tmp_path, environment, closed) == [0, 2, 3, 0]
    assert _traces(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize(
    ("redirection", "statuses"),
    [("2>/dev/full", [0, 2, 3, 0]), (">/dev/full 2>/dev/full", [3, 2, 3, 3])],
)
def test_messages_that_cannot_be_written_change_no_status(
    redirection: str, statuses: list[int], tmp_path: Path, environment: dict[str, str]
) -> None:
    assert _statuses(tmp_path, environment, redirection) == statuses
    assert _traces(tmp_path) == []


def test_neither_output_nor_messages_have_a_reader(tmp_path: Path, environment: dict[str, str]) -> None:
    reader, unread = os.pipe()
    os.close(reader)
    assert _statuses(tmp_path, environment, "", unread) == [141, 2, 3, 141]
    os.close(unread)
    assert _traces(tmp_path) == []
