"""The program as the system sees it: streams, signals, and a real terminal."""

from __future__ import annotations

import os
import shutil
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
def test_a_demo_whose_copy_is_gone_ends_with_the_status_of_the_app(tmp_path: Path, environment: dict[str, str]) -> None:
    environment = {**environment, "TMPDIR": str(tmp_path)}
    child = pexpect.spawn(
        PROGRAM[0], [*PROGRAM[1:], "demo"], env=environment, dimensions=(36, 120), encoding="utf-8", timeout=60
    )
    child.expect("Harbour Rooms Team")
    (copy,) = tmp_path.glob("toolvet-demo-*")
    shutil.rmtree(copy)
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, "system says" in str(child.before)) == (0, False)


@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX")
def test_demo_line_by_line_takes_commands_and_deletes_its_copy(tmp_path: Path, environment: dict[str, str]) -> None:
    environment = {**environment, "ACCESSIBLE": "1", "TMPDIR": str(tmp_path)}
    child = pexpect.spawn(PROGRAM[0], [*PROGRAM[1:], "demo"], env=environment, encoding="utf-8", timeout=60)
    child.expect("Type a command")
    child.sendline("list")
    child.expect("Harbour Rooms")
    child.sendline("quit")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert list(tmp_path.glob("toolvet-demo-*")) == []


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


@pytest.mark.skipif(os.name == "nt", reason="a folder in use can be removed on POSIX only")
@pytest.mark.parametrize("command", ["list", "demo", "check ."])
def test_a_current_folder_that_is_gone_is_told(command: str, tmp_path: Path, environment: dict[str, str]) -> None:
    program = (
        "import os, sys; from pathlib import Path; from toolvet.cli.main import main\n"
        "here = Path('gone'); here.mkdir(); os.chdir(here); Path(os.getcwd()).rmdir()\n"
        f"sys.exit(main({command.split()}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, env=environment, check=False
    )
    told = b"the current folder no longer exists; change to another folder and try again\n"
    assert (ran.returncode, ran.stderr) == (2, told)


def test_the_demo_without_a_temporary_folder_says_what_to_do(tmp_path: Path, environment: dict[str, str]) -> None:
    program = (
        "import sys, tempfile; from toolvet.cli.main import main\n"
        "tempfile._candidate_tempdir_list = lambda: ['nowhere/at/all']\n"
        "sys.exit(main(['demo']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, env=environment, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"the demo needs a temporary folder; set TMPDIR to one you can write to (")


@pytest.mark.skipif(os.name == "nt", reason="homes of POSIX")
@pytest.mark.parametrize("home", ["'rel'", "''", "None"])
def test_without_a_home_folder_it_works_and_says_once_that_it_remembers_nothing(
    home: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    path = assessed(tmp_path, {}, scope={"outsiders": "no"})
    program = (
        "import os, pwd, sys; from toolvet.cli.main import main\n"
        "def gone(_): raise KeyError('no such user')\n"
        f"pwd.getpwuid = gone; home = {home}; os.environ.pop('HOME')\n"
        "if home is not None: os.environ['HOME'] = home\n"
        f"sys.exit(main(['--workspace', {str(tmp_path)!r}, 'assess', 'tool', '--plain']))"
    )
    homeless = {name: value for name, value in environment.items() if not name.startswith("XDG_")}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        input=b"2\nquit\n",
        capture_output=True,
        env=homeless,
        check=False,
    )
    told = b"There is no home folder, so toolvet cannot remember where you were. Set HOME to an absolute path.\n"
    assert (ran.returncode, ran.stderr) == (0, told)
    assert "level = 2" in path.read_text(encoding="utf-8")
    assert not (tmp_path / "rel").exists()


@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX")
@pytest.mark.parametrize(
    ("kind", "answers", "shown", "status"),
    [("dumb", ("no",), "Add --plain to go", 2), ("unknown", ("yes", "quit"), "Type a command", 0)],
)
def test_a_terminal_that_shows_no_screens_is_offered_plain_mode(
    kind: str, answers: tuple[str, ...], shown: str, status: int, tmp_path: Path, environment: dict[str, str]
) -> None:
    child = pexpect.spawn(
        PROGRAM[0], PROGRAM[1:], cwd=tmp_path, env={**environment, "TERM": kind}, encoding="utf-8", timeout=60
    )
    child.expect("Go on line by line")
    for answer in answers:
        child.sendline(answer)
    child.expect(shown)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == status


@pytest.mark.skipif(os.name == "nt", reason="a terminal of POSIX")
def test_text_is_as_wide_as_the_terminal_whatever_columns_says(tmp_path: Path, environment: dict[str, str]) -> None:
    child = pexpect.spawn(
        PROGRAM[0],
        [*PROGRAM[1:], "--help"],
        cwd=tmp_path,
        env={**environment, "COLUMNS": "40"},
        dimensions=(24, 90),
        encoding="utf-8",
        timeout=60,
    )
    child.expect(pexpect.EOF)
    child.close()
    options = [line for line in (child.before or "").splitlines() if "--workspace FOLDER" in line]
    assert [line.rstrip().endswith("the nearest one upwards") for line in options] == [True]
