"""How output looks on a terminal: its width, its colours, the pager, messages, and a file from stdin."""

from __future__ import annotations

import io
import os
import shlex
import sys
from pathlib import Path

import pytest

from golden_app import workspace_copy
from golden_commands import BY, ON, ROOMS
from golden_walks import EXAMPLES
from house import GOOD, assessed
from toolvet.cli import terminal
from toolvet.cli.commands import COMMANDS
from toolvet.cli.main import main
from toolvet.cli.program import TOPICS
from toolvet.cli.terminal import Presentation, coloured, wants_colour
from toolvet.text.escape import columns_of, fit_text

LINES = [
    *(f"{command} --help" for command in COMMANDS),
    *("--help", "help", "config", "rubrics", "verify", "subject zoom", "score nothing", "list --on tomorrow"),
    *(f"help {topic}" for topic in TOPICS),
    f"check {ROOMS}",
    f"diff assessments/harbour-rooms-team/2026-11-05-tom-pell.toml {ROOMS}",
    *(
        f"{line} {ON}"
        for line in (
            *("list", "list --due 400", "register", "condition harbour-rooms", "history harbour-rooms"),
            *("score harbour-rooms zoom --explain", "compare --by question", "compare harbour-rooms zoom --why"),
            *("report harbour-rooms", "report zoom --for requester", "readiness --by group", "questions zoom --open"),
            f"decide zoom --decision approve --dry-run {BY}",
        )
    ),
]


class Terminal(io.StringIO):
    """What a program takes for a terminal."""

    def isatty(self) -> bool:
        return True


def shown(line: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the command shows on a terminal of as many columns as COLUMNS says."""
    screen = Terminal()
    with monkeypatch.context() as here:
        here.setattr(sys, "stdout", screen)
        here.setattr(sys, "stderr", screen)
        here.setattr(sys, "stdin", io.StringIO())
        main(shlex.split(line))
    return screen.getvalue()


@pytest.mark.parametrize("columns", [60, 80])
def test_no_line_is_wider_than_the_terminal_unless_it_is_one_word(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(terminal, "PATIENCE", 1000.0)
    wide = []
    with workspace_copy(EXAMPLES) as root:
        monkeypatch.chdir(root)
        for command in LINES:
            lines = shown(command, monkeypatch).splitlines()
            wide += [(command, line) for line in lines if columns_of(line) > columns and " " in line.strip()]
    assert wide == []


TABLE = """\
id   what it is about
---  ------------------------------
a-b  A sentence of several words
c    会议 tools and their rooms, too"""


def test_a_table_that_is_too_wide_breaks_its_cells() -> None:
    assert (
        fit_text(TABLE, 22)
        == """\
id   what it is about
---  -----------------
a-b  A sentence of
     several words
c    会议 tools and
     their rooms, too"""
    )


def test_a_table_with_no_room_for_its_columns_becomes_a_block_a_row() -> None:
    assert fit_text(TABLE, 11).split("\n") == [
        *("id: a-b", "what it is", "  about: A", "  sentence", "  of", "  several", "  words", ""),
        *("id: c", "what it is", "  about:", "  会议", "  tools and", "  their", "  rooms,", "  too", ""),
    ]


@pytest.mark.parametrize(
    ("when", "environment", "is_terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"TERM": ""}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colour_follows_the_option_then_the_environment(
    when: str, environment: dict[str, str], is_terminal: bool, expected: bool
) -> None:
    assert wants_colour(when, environment, is_terminal=is_terminal) is expected


def test_colour_is_only_put_beside_words_that_say_the_same() -> None:
    assert coloured("✓ met") == "\x1b[32m✓\x1b[0m met"
    assert coloured("a hold on you") == "a hold on you"


def test_color_always_colours_what_goes_to_a_pipe(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    assert main(["score", "tool", "--workspace", str(tmp_path), "--color", "always"]) == 0
    assert "\x1b[32m✓" in capsys.readouterr().out


def test_quiet_leaves_out_messages_and_keeps_problems(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    assert main(["-q", "check", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""
    assert main(["check", "-q", str(tmp_path / "none")]) == 3
    assert "does not exist" in capsys.readouterr().err


def test_verbose_names_the_workspace_and_the_time(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    assert main(["list", "-v", "--workspace", str(tmp_path)]) == 0
    first, *_, last = capsys.readouterr().err.splitlines()
    assert first == f"Workspace: {tmp_path}"
    assert last.startswith("Took ")


@pytest.mark.skipif(os.name == "nt", reason="the pager is a shell command")
@pytest.mark.parametrize(("lines", "is_paged"), [(10, False), (30, True)])
def test_what_is_longer_than_the_terminal_goes_through_the_pager(
    lines: int, is_paged: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paged = tmp_path / "paged"
    monkeypatch.setenv("TOOLVET_PAGER", f"tee {paged}")
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((80, 24)))
    screen = Terminal()
    monkeypatch.setattr(screen, "fileno", lambda: 1)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stdin", Terminal())
    presentation = Presentation()
    presentation.begin("list:list_subjects")
    presentation.write("line\n" * lines, is_read=True)
    presentation.finish()
    assert paged.exists() is is_paged
    assert (screen.getvalue() != "") is not is_paged


def test_what_takes_long_says_so_and_clears_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "PATIENCE", 0.001)
    stream = Terminal()
    waiting = terminal.Waiting(stream)
    while "Still working" not in stream.getvalue():
        pass
    waiting.stop()
    assert stream.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("line", "status", "expected"),
    [("check -", 0, ""), ("score -", 0, "Verdict"), ("diff -", 0, "Tool"), ("diff - FILE", 0, "")],
)
def test_a_dash_reads_the_file_from_stdin(
    line: str,
    status: int,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = assessed(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert main(shlex.split(line.replace("FILE", str(path)))) == status
    assert expected in capsys.readouterr().out


def test_a_problem_of_stdin_names_the_dash(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"format = 1\nnonsense\n")))
    assert main(["check", "-"]) == 1
    assert capsys.readouterr().out.startswith("-:2: ")
