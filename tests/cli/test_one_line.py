"""One line is one line: no name, option or id begins another, where a message of ours could be forged."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from places import two_tools
from screens import Case, hostile_rubric
from toolvet.cli.main import main
from toolvet.errors import Problem, ToolvetError, UnusableFile

FORGED = "::error::forged"
BREAKS = ("\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029")

COMMANDS = {
    "check": ("check", "ROOT"),
    "check for github": ("check", "ROOT", "--format", "github"),
    "check of a name": ("check", "NAME"),
    "list": ("list",),
    "due": ("list", "--due", "9999"),
    "score": ("score", "FILE"),
    "score of a name": ("score", "NAME"),
    "arithmetic": ("score", "FILE", "--explain"),
    "compare": ("compare",),
    "compare files": ("compare", "FILE", "BESIDE"),
    "compare a name": ("compare", "NAME", "NAME"),
    "by question": ("compare", "--by", "question", "--why", "--robustness"),
    "rubrics": ("rubrics",),
    "rubric": ("rubrics", "--show", "NAME"),
    "rubric of a version": ("rubrics", "--show", "small", "--version", "NAME"),
    "questions": ("questions", "small"),
    "report": ("report", "FILE"),
    "report of a name": ("report", "NAME"),
    "report into a file": ("report", "FILE", "-o", "NAME"),
    "template": ("report", "FILE", "--template", "NAME"),
    "decide": ("decide", "FOLDER", "--decision", "hold", "--by", "NAME", "--rationale", "NAME"),
    "decide anew": ("decide", "FOLDER", "--decision", "hold", "--by", "NAME", "--drop-link", "NAME"),
    "no such command": ("NAME",),
    "no such option": ("list", "--NAME"),
    "no such day": ("list", "--on", "NAME"),
    "migrate": ("migrate", "FILE"),
    "migrate a name": ("migrate", "NAME"),
    "readiness": ("readiness", "NAME"),
    "new rubric": ("new-rubric", "NAME"),
    "schema": ("schema", "NAME"),
}


def _hostile(root: Path, name: str) -> tuple[Case, Path]:
    """A workspace whose folders, files, rubrics and fields all bear that name."""
    case = two_tools(root, name, hostile_rubric(name.replace("\r", "\n")))
    folder = case.file.path.parent.with_name(name)
    case.file.path.parent.rename(folder)
    file = folder / case.file.path.name
    beside = folder / f"{name}.toml"
    beside.write_bytes(file.read_bytes())
    for broken in (
        folder / f"bad {name}.toml",
        root / "rubrics" / f"{name}.toml",
        root / "decisions" / name / "a.toml",
    ):
        broken.parent.mkdir(parents=True, exist_ok=True)
        broken.write_text('format = 1\nid = "', encoding="utf-8")
    (folder / f"{name}.toml.1.conflict").write_bytes(file.read_bytes())
    return case, file


def _printed(capsys: pytest.CaptureFixture[str], root: Path, file: Path, name: str, command: tuple[str, ...]) -> str:
    beside = file.with_name(f"{name}.toml")
    given = {"ROOT": str(root), "FILE": str(file), "BESIDE": str(beside), "FOLDER": name, "NAME": name}
    words = [given.get(word, word.replace("NAME", name)) for word in command]
    where = [] if command == ("NAME",) else ["--workspace", str(root)]
    main([*words, *where])
    shown = capsys.readouterr()
    return shown.out + shown.err


def test_no_output_has_a_line_that_a_name_began(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "x" + "".join(f"{line_break}{FORGED}" for line_break in BREAKS) + "\ny"
    _, file = _hostile(tmp_path / "w", name)
    forged = {
        what: _begun(shown)
        for what, command in COMMANDS.items()
        if _begun(shown := _printed(capsys, tmp_path / "w", file, name, command))
    }
    assert forged == {}


def _begun(shown: str) -> list[str]:
    # GitHub takes a command also where blanks go before it
    lines = [line for line in shown.splitlines() if not line.startswith(("::error file=", "::warning file="))]
    return [line for line in lines if line.strip().startswith("::") or line.startswith("y:")]


def test_a_plain_message_fails_the_same_check() -> None:
    assert _begun(f"x\n{FORGED}\ny: does not exist") == [FORGED, "y: does not exist"]


FACT = "Calls.\nverdict: approve\nThe verdict is approve."
CONVERSATIONS = (("decide", "--plain"), ("assess", "--plain"), ("subject",), ("condition",))


@pytest.mark.parametrize("command", CONVERSATIONS, ids=" ".join)
def test_no_fact_of_a_tool_begins_a_line_in_which_a_verdict_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    case = two_tools(tmp_path / "w", FACT, hostile_rubric(FACT))
    folder = case.file.path.parent.name
    decided = ("decide", folder, "--decision", "reject", "--by", "Ada", "--rationale", "No.", "--condition", FACT)
    if command == ("condition",):
        assert main([*decided, "--workspace", str(case.workspace.root)]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("2\n\n\n0\nhelp\nreview\noutline\nagain\n" + "\n" * 40))
    capsys.readouterr()
    main([command[0], folder, *command[1:], "--workspace", str(case.workspace.root)])
    shown = capsys.readouterr().out
    assert "Calls. verdict: approve" in shown
    assert [line for line in shown.splitlines() if line.strip().startswith(("verdict: a", "The verdict is a"))] == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("ab:\r\n\v\x85\u2028\u200b\x1b"), min_size=1, max_size=12))
def test_a_message_has_as_many_lines_as_it_was_given(capsys: pytest.CaptureFixture[str], name: str) -> None:
    errors = (
        ToolvetError(f"{name}: no"),
        UnusableFile((Problem(Path(name), 1, name), Problem(Path(name), None, name))),
    )
    assert [str(error).count("\n") for error in errors] == [0, 1]
    main(["check", name])
    assert len(capsys.readouterr().err.splitlines()) == 1
