"""`toolvet config` and `toolvet keys`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolvet.cli.main import main


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("TOOLVET_CONFIG", str(path))
    return path


def test_the_path_is_printed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["config", "path"]), capsys.readouterr().out) == (0, f"{file}\n")


def test_what_is_set_is_shown(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('theme = "dark"\n')
    assert main(["config", "show"]) == 0
    assert "theme            dark" in capsys.readouterr().out


def test_a_key_that_would_mean_two_things_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('[keys]\nreview = "d"\n')
    assert main(["config", "check"]) == 1
    assert "d would mean decide and review in HomeScreen" in capsys.readouterr().out


def test_an_id_that_there_is_not_is_told_with_the_nearest(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('[keys]\nreviw = "d"\n')
    assert main(["config", "check"]) == 1
    assert 'did you mean "review"?' in capsys.readouterr().out


def test_a_file_that_cannot_be_used_ends_with_3(file: Path) -> None:
    file.write_text("theme =\n")
    assert main(["config", "show"]) == 3


@pytest.mark.usefixtures("file")
def test_every_key_is_listed_with_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"key": "u", "does": "Unknown", "id": "unknown", "where": "Assess"} in listed
