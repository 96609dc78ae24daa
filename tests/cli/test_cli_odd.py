"""Odd surroundings: names of folders, clocks that were wrong, little memory, words meant for other programs."""

from __future__ import annotations

import io
import os
import shutil
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from house import GOOD, approved, assessed
from surveys import HARBOUR, twelve
from toolvet.cli import assess
from toolvet.cli.main import main
from toolvet.errors import NotEnoughMemory
from toolvet.services.file_check import check_file
from toolvet.services.signing import default_key
from toolvet.storage.workspace import Workspace


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Tool", 'has the name of "Tool" but for case'),
        ("con", "has a name that not every system can have"),
        ("tool.", "has a name that not every system can have"),
        ("tool\nx", "has a name that not every system can have"),
        (os.fsdecode(b"tool-\xff"), "has a name that not every system can have"),
    ],
)
def test_a_folder_that_other_systems_cannot_have_or_would_take_for_another_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    assessed(tmp_path, GOOD)
    folder = tmp_path / "assessments"
    assert main(["check", "."]) == 0
    if not (folder / name).exists():
        shutil.copytree(folder / "tool", folder / name)
    capsys.readouterr()
    assert main(["check", "."]) == 1
    assert main(["verify"]) == 1
    assert capsys.readouterr().out.count(words) == 2


def test_folders_that_differ_in_composition_alone_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    folder = tmp_path / "assessments"
    shutil.copytree(folder / "tool", folder / "caf\u00e9")
    assert main(["check", "."]) == 0
    (tmp_path / "decisions" / "cafe\u0301").mkdir(parents=True)
    assert main(["verify"]) == 1
    assert "has the name of" in capsys.readouterr().out


def test_a_decision_and_a_record_dated_in_the_future_are_warned_of(tmp_path: Path) -> None:
    approved(tmp_path)
    assert main(["withdraw", "tool", "--by", "Board", "--why", "No.", "--on", "2026-12-02"]) == 0
    workspace = Workspace(tmp_path)
    (decided,) = workspace.folder_named("tool").decisions
    for path, words in ((decided.path, "decided on 2026-11-20"), (decided.record_files[0].path, "dated 2026-12-02")):
        (told,) = check_file(path, workspace, workspace.folder_named, date(2026, 11, 1))
        assert (told.warning, told.message.partition(",")[0], told.line is None) == (True, words, False)
        assert list(check_file(path, workspace, workspace.folder_named, date(2026, 12, 2))) == []


@pytest.mark.parametrize("aside", ["x.lock", ".x"])
def test_a_decision_hidden_as_what_saving_leaves_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], aside: str
) -> None:
    approved(tmp_path)
    (decision,) = Workspace(tmp_path).folder_named("tool").decisions
    decision.path.rename(decision.path.with_name(aside))
    main(["verify"])
    assert f"{aside}: is read neither as a decision nor as a record" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the memory of a process so")
@pytest.mark.parametrize("megabytes", [70, 90, 110, 160, 200])
@pytest.mark.parametrize(
    ("package", "command"),
    [("typst", ("report", "tool", "-o", "report.pdf")), ("duckdb", ("export", "--format", "parquet", "-o", "out"))],
)
def test_too_little_memory_is_told(package: str, command: tuple[str, ...], megabytes: int, tmp_path: Path) -> None:
    pytest.importorskip(package)
    assessed(tmp_path, GOOD)
    limited = f'ulimit -c 0; ulimit -v {megabytes * 1024}; exec "$@"'
    words = ["bash", "-c", limited, "bash", sys.executable, "-m", "toolvet", *command]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    told = "Written" if ran.stderr.startswith("Written: ") else ran.stderr
    assert (ran.returncode, told) in ((0, "Written"), (3, f"{NotEnoughMemory()}\n"))


def test_a_quote_in_the_path_of_temporary_files_is_no_sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("duckdb")
    assessed(tmp_path, GOOD)
    (tmp_path / "it's").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "it's"))
    assert main(["export", "--format", "parquet", "-o", "out"]) == 0


def test_variables_for_those_who_write_apps_are_not_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"TEXTUAL": "devtools", "TEXTUAL_LOG": "log", "TEXTUAL_COLOR_SYSTEM": "zz", "TEXTUAL_FPS": "30"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("toolvet.tui.app.run_app", lambda *_: 0)
    monkeypatch.setenv("TERM", "xterm")
    options = SimpleNamespace(color="auto", on=None)
    assert assess.run_screens(options, SimpleNamespace(workspace=Workspace(tmp_path))) == 0  # type: ignore[arg-type]
    assert given.keys() & os.environ.keys() == {"TEXTUAL_FPS"}


@pytest.mark.parametrize(
    ("says", "key"),
    [("printf '\\377'", os.fsdecode(b"\xff")), ("echo '~nosuchuser/x'", "~nosuchuser/x"), ("exec sleep 60", None)],
)
def test_what_git_says_of_a_key_is_taken_as_it_is_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, key: str | None
) -> None:
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(f'#!/bin/sh\ncase "$*" in *format*) {"" if key is None else "exec echo ssh"};; esac\n{says}\n')
    git.chmod(git.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{git.parent}{os.pathsep}{os.environ['PATH']}")
    if key is None:
        run = subprocess.run
        monkeypatch.setattr(
            subprocess, "run", lambda *given, **more: run(*given, **more | {"timeout": more["timeout"] / 20})
        )
    assert str(default_key()) == (key or str(Path("~/.ssh/id_ed25519").expanduser()))


def test_a_key_of_an_unknown_user_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    assert main(["sign", "tool", "--key", "~nosuchuser/x"]) in (2, 3)
    assert "~nosuchuser/x" in capsys.readouterr().err


IN_USE = ("--owner", "Sales", "--until", "2027-01-31", "--why", "In use.", "--by", "CIO", "--on", "2026-11-28")


@pytest.mark.parametrize("command", [("assess", "Tool", "--plain"), ("tolerate", "TOOL", *IN_USE), ("report", "tool")])
def test_nothing_is_begun_or_recorded_of_an_archived_tool_which_is_listed_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    assessed(tmp_path, GOOD)
    main(["subject", "tool", "--archive"])
    before = sorted(tmp_path.rglob("*.toml"))
    capsys.readouterr()
    assert main([*command]) == 2
    assert capsys.readouterr().err == "tool is archived; toolvet subject tool --restore brings it back\n"
    assert sorted(tmp_path.rglob("*.toml")) == before


@pytest.mark.parametrize("options", [(), ("--survey",)])
def test_no_answers_are_begun_about_an_archived_organisation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "answers.csv").write_text(twelve(), encoding="utf-8")
    imported = ("readiness", "--import", "answers.csv", "--organisation", HARBOUR)
    assert main([*imported]) == 0
    main(["subject", HARBOUR, "--archive"])
    before = sorted(tmp_path.rglob("*.toml"))
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n1\n"))
    assert main(["assess", HARBOUR, "--plain", *options]) == 2
    assert "is archived; toolvet subject" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*.toml")) == before


def test_a_survey_is_not_tolerated_like_a_tool(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text(twelve(), encoding="utf-8")
    main(["readiness", "--import", "answers.csv", "--organisation", HARBOUR])
    capsys.readouterr()
    assert main(["tolerate", HARBOUR, *IN_USE]) == 3
    assert "is a survey" in capsys.readouterr().err
    assert not list((tmp_path / "decisions").rglob("*.toml"))
