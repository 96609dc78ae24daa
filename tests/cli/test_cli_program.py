"""The commands about the program itself: help, completion and doctor."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house import GOOD, assessed
from toolvet.cli.commands import build_parser
from toolvet.cli.main import main
from toolvet.cli.program import TOPICS
from toolvet.cli.program_arguments import SHELLS


def test_help_shows_the_same_as_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    main(["help", "decide"])
    asked = capsys.readouterr().out
    main(["decide", "--help"])
    assert asked == capsys.readouterr().out


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_fits_a_small_terminal(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", topic]) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 84


def test_the_option_names_every_topic() -> None:
    (action,) = (each for each in build_parser().commands["help"]._actions if each.dest == "topic")
    assert [topic for topic in TOPICS if topic not in str(action.help)] == []


@pytest.mark.parametrize("topic", ["docs/first-review.md", "first-review"])
def test_a_page_of_the_guide_can_be_read_where_it_is_installed(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", topic]) == 0
    assert capsys.readouterr().out.startswith("# A first review\n")


def test_a_mistyped_topic_gets_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "scorin"]) == 2
    assert "did you mean 'scoring'?" in capsys.readouterr().err


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_with_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert [command for command in build_parser().commands if command not in script] == []


def completed(words: str, folder: Path, script: str) -> set[str]:
    """What bash offers in place of the last of these words."""
    asked = f"{script}\nCOMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _shtab_toolvet"
    done = subprocess.run(
        ["bash", "-c", f'{asked}; printf "%s\\n" "${{COMPREPLY[@]}}"'],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.split())


def test_bash_completes_commands_and_subjects(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assessed(tmp_path, GOOD)
    (tmp_path / "assessments" / "$(touch run)").mkdir()
    main(["completion", "bash"])
    script = capsys.readouterr().out
    program = Path(sys.executable).parent
    monkeypatch.setenv("PATH", str(program), prepend=":")
    assert completed("toolvet sco", tmp_path, script) == {"score"}
    assert completed("toolvet score to", tmp_path, script) == {"tool"}
    assert completed("toolvet help scor", tmp_path, script) == {"score", "scoring"}
    assert not (tmp_path / "run").exists()


def test_zsh_asks_for_subjects_when_it_completes_one_and_not_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["completion", "zsh"])
    script = capsys.readouterr().out
    assert [line for line in script.splitlines() if "$(toolvet" in line and not line.startswith("_toolvet_")] == []
    if (zsh := shutil.which("zsh")) is None:
        return
    (tmp_path / "toolvet").write_text('#!/bin/sh\necho "$@" >> asked; printf "one\\ntwo\\n"\n')
    (tmp_path / "toolvet").chmod(0o755)
    (tmp_path / "_toolvet").write_text(script)
    read = 'compdef() { :; }; compadd() { print -l -- "$@"; }; path=($PWD $path); eval "$(<_toolvet)"'
    said = [
        subprocess.run([zsh, "-fc", each], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True).stdout
        for each in (f"{read}; ls asked 2>/dev/null || print none", f"{read}; _toolvet_subjects")
    ]
    assert said == ["none\n", "--\none\ntwo\n"]


def doctor_rows(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What doctor printed, by what it is about."""
    lines = re.sub(r"\n +", " ", capsys.readouterr().out).splitlines()
    return dict(line.split(maxsplit=1) for line in lines)


def test_doctor_names_the_workspace_and_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assessed(tmp_path, GOOD)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["doctor", "--workspace", str(tmp_path)]) == 0
    rows = doctor_rows(capsys)
    assert rows["workspace"] == str(tmp_path)
    assert rows["ssh-keygen"] == "not found; needed for signing decisions and verifying signatures"


def test_doctor_says_who_you_are_and_what_is_wrong_with_your_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOLVET_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada Marsh")
    monkeypatch.setenv("EDITOR", "nano")
    for wrong in ('theme = "pink"\n', "theme = [\n"):
        (tmp_path / "config.toml").write_text(wrong)
        assert main(["doctor", "--workspace", str(tmp_path)]) == 0
        rows = doctor_rows(capsys)
        assert rows["config"] == f"{tmp_path / 'config.toml'}: 1 problem; see toolvet config check"
    (tmp_path / "config.toml").unlink()
    assert main(["doctor", "--workspace", str(tmp_path)]) == 0
    rows = doctor_rows(capsys)
    assert (rows["reviewer"], rows["editor"]) == ("Ada Marsh", "nano")
    assert {"toolvet", "Python", "terminal", "git", "typst", "textual-serve", "duckdb"} <= set(rows)


def test_doctor_counts_what_was_half_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    path.with_name(".2026-11-02-123456789012.toml.99-0a.tmp").write_text("half")
    assert main(["doctor", "--workspace", str(tmp_path)]) == 0
    assert "1 half-written file (.*.tmp) in assessments/tool; delete at will" in capsys.readouterr().out
