"""The program as the system sees it: streams, signals, and a real terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from house import GOOD, assessed
from toolvet.domain.assessment import Subject

PROGRAM = [sys.executable, "-m", "toolvet"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """That of a person of whom nothing is known yet."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOOLVET_", "PYTHONIO"))}
    home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "TMPDIR": str(tmp_path)}
    return {**kept, **home, "TERM": "xterm-256color", "TOOLVET_REVIEWER": "Ada"}


@pytest.mark.skipif(os.name == "nt", reason="pipes and signals of POSIX")
def test_output_into_a_pipe_is_utf_8_whatever_the_locale(tmp_path: Path, environment: dict[str, str]) -> None:
    path = assessed(tmp_path, GOOD, subject=Subject("Zoë"))
    latin = {**environment, "LC_ALL": "en_US.ISO-8859-1", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
    ran = subprocess.run([*PROGRAM, "score", path], capture_output=True, env=latin, check=True)
    assert ran.stdout.decode().startswith("Zoë\nVerdict: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_output_that_cannot_be_written_is_told(tmp_path: Path, environment: dict[str, str]) -> None:
    path = assessed(tmp_path, GOOD)
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*PROGRAM, "score", path], stdout=full, stderr=subprocess.PIPE, env=environment, check=False
        )
    assert (ran.returncode, ran.stderr) == (3, b"the output could not be written: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream_is_no_bug(closed: str, tmp_path: Path, environment: dict[str, str]) -> None:
    path = assessed(tmp_path, GOOD)
    command = f"'{sys.executable}' -m toolvet score '{path}' {closed}"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, env=environment, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_bytes_that_are_no_text_are_taken_as_their_numbers(tmp_path: Path, environment: dict[str, str]) -> None:
    path = assessed(tmp_path, {}, scope={"outsiders": "no"})
    ran = subprocess.run(
        [*PROGRAM, "--workspace", tmp_path, "assess", "tool", "--plain"],
        input=b"note caf\xe9\nquit\n",
        capture_output=True,
        env=environment,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert r"caf\\xe9" in path.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_ends_with_130_and_keeps_what_was_answered(tmp_path: Path, environment: dict[str, str]) -> None:
    path = assessed(tmp_path, {}, scope={"outsiders": "no"})
    command = [*PROGRAM, "--workspace", str(tmp_path), "assess", "tool", "--plain"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        # A shell lets what it starts in the background ignore interrupts, and whatever that starts in its turn.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"2\n")
        process.stdin.flush()
        shown = read = b""
        while b"Saved." not in shown and (read := os.read(process.stdout.fileno(), 4096)):
            shown += read
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert "level = 2" in path.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX")
def test_demo_in_a_terminal_opens_the_examples(environment: dict[str, str]) -> None:
    child = pexpect.spawn(
        PROGRAM[0], [*PROGRAM[1:], "demo"], env=environment, dimensions=(36, 120), encoding="utf-8", timeout=60
    )
    child.expect("Harbour Rooms")
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX")
def test_assess_in_a_terminal_opens_the_question(tmp_path: Path, environment: dict[str, str]) -> None:
    assessed(tmp_path, {}, scope={"outsiders": "no"})
    child = pexpect.spawn(
        PROGRAM[0],
        [*PROGRAM[1:], "--workspace", str(tmp_path), "assess", "tool"],
        env=environment,
        dimensions=(36, 120),
        encoding="utf-8",
        timeout=60,
    )
    child.expect("Which devices can join")
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
