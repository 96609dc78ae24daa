"""The theme follows the background that the terminal names, and no answer of a terminal is ever taken for keys."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from house import assessed
from real_terminal import Terminal
from toolvet.storage.reader import read_assessment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the console of Windows is not asked")

LIGHT, DARK = b"48;2;251;251;249", b"48;2;20;23;28"
"""The grounds of the two themes, as they are sent."""
QUESTION = b"\x1b]11;?"
NAME = "\x1b[?62;22c"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An assessment in which nothing is answered."""
    return assessed(tmp_path, {}, scope={"outsiders": "no"})


def begun(file: Path, **environment: str) -> Terminal:
    environment = {"COLORFGBG": "", **environment}
    return Terminal(file.parents[2], "assess", file.parent.name, size=(80, 24), environment=environment)


def grounds(terminal: Terminal) -> list[str]:
    return [name for name, ground in (("light", LIGHT), ("dark", DARK)) if ground in terminal.raw]


def ends_unanswered(terminal: Terminal, file: Path) -> None:
    assert read_assessment(file).assessment.answers == {}
    terminal.press("q")
    assert terminal.end() == 0


@pytest.mark.parametrize(
    ("answer", "theme"),
    [
        ("\x1b]11;rgb:ffff/ffff/dddd\x1b\\" + NAME, "light"),
        ("\x1b]11;rgb:fd/f6/e3\x07" + NAME, "light"),
        ("\x1b]11;rgba:1e1e/1e1e/2e2e/ffff\x1b\\" + NAME, "dark"),
        ("\x1b]11;rgb:22/11\x1b\\\x1b]11;?\x07" + NAME, "dark"),
        (NAME, "dark"),
    ],
)
def test_the_theme_is_the_one_for_what_the_terminal_answers(file: Path, answer: str, theme: str) -> None:
    terminal = begun(file)
    terminal.child.send(answer)  # it is there when the question comes, however busy this machine is
    terminal.until("Which devices can join")
    assert (grounds(terminal), QUESTION in terminal.raw) == ([theme], True)
    ends_unanswered(terminal, file)


def test_an_answer_that_comes_late_and_in_parts_is_no_key(file: Path) -> None:
    terminal = begun(file).until("Which devices can join")
    terminal.press("\x1b]11;rgb:22", "22/1111/1111", "\x1b", "\\\x1b[?62;", "1;2c")
    terminal.press("n").until("Which networks will do")
    assert grounds(terminal) == ["dark"]
    ends_unanswered(terminal, file)


def test_keys_pressed_before_the_question_count(file: Path) -> None:
    terminal = begun(file)
    terminal.child.send("2" + "\x1b]11;rgb:ffff/ffff/dddd\x1b\\" + NAME)
    terminal.until("saved")
    assert [answer.level for answer in read_assessment(file).assessment.answers.values()] == [2]
    assert grounds(terminal) == ["light"]
    terminal.press("q")
    assert terminal.end() == 0


@pytest.mark.parametrize("environment", [{"COLORFGBG": "0;15"}, {"TERM": "linux"}, {"TERM": "vt52"}])
def test_a_terminal_that_has_said_it_or_cannot_is_not_asked(file: Path, environment: dict[str, str]) -> None:
    terminal = begun(file, **environment).until("Which devices can join")
    assert QUESTION not in terminal.raw
    ends_unanswered(terminal, file)


@pytest.mark.parametrize("chosen", ["dark", "contrast"])
def test_who_has_chosen_a_theme_keeps_it_and_nothing_is_asked(file: Path, tmp_path: Path, chosen: str) -> None:
    config = tmp_path / "own.toml"
    config.write_text(f'theme = "{chosen}"\n', encoding="utf-8")
    terminal = begun(file, TOOLVET_CONFIG=str(config)).until("Which devices can join")
    assert QUESTION not in terminal.raw
    ends_unanswered(terminal, file)
