"""config.toml: what it says, what is wrong with it, and one value changed in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from toolvet.errors import ToolvetError, UnusableFile
from toolvet.storage.config import (
    Config,
    change_setting,
    config_problems,
    configured,
    language_fault,
    read_config,
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("TOOLVET_CONFIG", str(path))
    return path


@pytest.mark.usefixtures("file")
def test_without_a_file_all_is_as_shipped() -> None:
    assert read_config() == Config()


def test_every_value_is_read(file: Path) -> None:
    file.write_text(
        'theme = "dark"\nreviewer = "Ada"\neditor = "nvim"\nlanguage = "pt-BR"\nreduced_motion = true\n'
        '[keys]\nreview = "r,f7"\n'
    )
    assert read_config() == Config("dark", "Ada", "nvim", "pt-BR", reduced_motion=True, keys={"review": "r,f7"})


def test_a_mistyped_value_is_told_with_its_line(file: Path) -> None:
    file.write_text('reviewer = "Ada"\ntheme = "sepia"\n')
    with pytest.raises(UnusableFile, match=r"config.toml:2: theme"):
        read_config()


def test_a_choice_between_yes_and_no_is_told_too(file: Path) -> None:
    file.write_text("reduced_motion = 5\n")
    (problem,) = config_problems(file)
    assert problem.message == "reduced_motion must be one of true, false, not 5"


def test_a_mistyped_key_is_told_with_the_nearest(file: Path) -> None:
    file.write_text('them = "dark"\n')
    (problem,) = config_problems(file)
    assert "did you mean theme?" in problem.message


def test_a_file_that_cannot_be_used_leaves_all_as_shipped(file: Path) -> None:
    file.write_text("theme = \n")
    assert configured() == Config()


def test_a_changed_value_leaves_comments_and_tables_as_they_are(file: Path) -> None:
    file.write_text('# mine\ntheme = "dark"\n\n[keys]\nreview = "f7"  # as before\n')
    change_setting("theme", "light")
    assert file.read_text() == '# mine\n\ntheme = "light"\n[keys]\nreview = "f7"  # as before\n'


def test_a_language_is_a_code() -> None:
    assert [language_fault(code) is None for code in ("", "de", "pt-BR", "German")] == [True, True, True, False]


def test_a_first_value_makes_the_file(file: Path) -> None:
    change_setting("reviewer", "Ada")
    assert file.read_text() == 'reviewer = "Ada"\n'


def test_a_value_is_taken_away(file: Path) -> None:
    file.write_text('reviewer = "Ada"\n')
    change_setting("reviewer", None)
    assert read_config() == Config()


@pytest.mark.parametrize(
    "written",
    ['\ufefftheme = "dark"\n', '"theme" = "dark"\n', '  theme = "dark"\n', 'theme = "dark"\n  [keys]\nreview = "r"\n'],
)
def test_a_value_is_changed_however_its_line_is_written(file: Path, written: str) -> None:
    file.write_text(written, encoding="utf-8")
    before = read_config()
    change_setting("theme", "light")
    assert read_config() == replace(before, theme="light")


def test_a_file_that_would_not_say_that_stays_as_it_is(file: Path) -> None:
    written = 'reviewer = """\ntheme = "of mine"\n"""\n'
    file.write_text(written)
    with pytest.raises(ToolvetError, match="change it in an editor"):
        change_setting("theme", "light")
    assert file.read_text() == written
