"""A survey answered by keyboard in a real terminal: killed in the midst of it, gone on with, others' files closed."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from real_terminal import Terminal
from surveys import close, five, put, put_all
from toolvet.domain.assessment import Answer, Reviewer, Subject
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace


def test_a_survey_is_begun_killed_and_gone_on_with(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "assess", "--survey", "Harbour Cooperative").until("which organisation?")
    terminal.until("Harbour Cooperative").press("enter").until("your group?").press("2").until("Your number")
    terminal.press("enter").until("Beyond e-mail")
    terminal.press("3").until("only answers on both sides").until("saved")
    terminal.until("▸get").press("1").until("both sides are answered")
    terminal.press("n").until("question 2").press("\x1b[C").until("▸get").press("4").until("1 of 21 answered")
    terminal.until("tab, then 0–4: what you expect").until("saved")
    terminal.press("n").until("question 3")
    (path,) = (tmp_path / "assessments").glob("*/*.toml")
    terminal.until_so(lambda: "delivered = 4" in path.read_text(), "the last answer was never saved")
    terminal.kill(signal.SIGKILL)
    assert terminal.end() == 128 + signal.SIGKILL
    saved = read_assessment(path).assessment
    assert (saved.reviewer, dict(saved.answers)) == (
        Reviewer(group="managers"),
        {"beyond-email": Answer(expected=3, delivered=1), "any-device": Answer(delivered=4)},
    )

    places = tmp_path / "state" / "toolvet" / "places.json"
    assert not places.exists() or path.stem not in places.read_text()
    terminal = Terminal(tmp_path, "assess", path.stem[-12:]).until("question 3").until("1 of 21 answered").press("q")
    assert terminal.end() == 0
    assert "Saved: Harbour Cooperative" in terminal.text


WATCHED = """
import os, sys
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        os.write(log, os.fsencode(arguments[0]) + b"\\n")
log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
sys.addaudithook(watch)
from toolvet.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
"""Runs toolvet and writes down every file that it opens."""


class Watch:
    """A workspace with a closed round of five people, and an open one of six in which the first is 000000000100."""

    def __init__(self, root: Path) -> None:
        self.root, self._log = root, root / "opened"
        put_all(root, five(3, 1))
        close(root, date(2026, 11, 20))
        for number, one in enumerate([*five(2, 2), *five(1, 1)[:1]], start=100):
            put(root, number, one)
        rubric = five(1, 1)[0].rubric
        Workspace(root).surveys.note("harbour-cooperative", Subject("Harbour Cooperative"), rubric)
        self.there = {path.name for path in (root / "assessments").glob("*/2*.toml")}

    @property
    def command(self) -> list[str]:
        return ["-c", WATCHED, str(self._log), "assess"]

    def opened(self) -> set[str]:
        """Which of the answer files that were there have been opened."""
        return {Path(line).name for line in self._log.read_text().splitlines()} & self.there

    def plainly(self, *arguments: str, lines: str) -> str:
        done = subprocess.run(
            [sys.executable, *self.command, *arguments, "--plain"],
            cwd=self.root,
            input=lines,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


def test_whoever_answers_line_by_line_opens_nobody_elses_answers(watch: Watch) -> None:
    shown = watch.plainly("--survey", "Harbour Cooperative", lines="2\n3\n1\nquit\n")
    assert "Question 2 of 21" in shown
    assert watch.opened() == set()


def test_whoever_goes_on_line_by_line_opens_their_own_answers_alone(watch: Watch) -> None:
    for named in ("000000000100", "assessments/harbour-cooperative/2026-11-02-000000000100.toml"):
        watch.plainly(named, lines="3\nquit\n")
        assert watch.opened() == {"2026-11-02-000000000100.toml"}


def test_whoever_answers_on_screen_opens_nobody_elses_answers_up_to_the_end(watch: Watch) -> None:
    terminal = Terminal(watch.root, *watch.command, "--survey", "harbour", command=sys.executable)
    terminal.until("your group?").press("2").until("Your number").press("enter").until("Beyond e-mail")
    terminal.press("3").until("saved").press("r").until("Your answers").press("esc").until("Beyond e-mail").press("esc")
    terminal.until("Your answers are saved. What next?").press("1").until("your group?").press("esc")
    terminal.until("Nothing was started. What next?").press("2")
    assert terminal.end() == 0
    assert watch.opened() == set()
    (path,) = (path for path in (watch.root / "assessments").glob("*/2*.toml") if path.name not in watch.there)
    assert read_assessment(path).assessment.answer("beyond-email") == Answer(expected=3)


def test_whoever_goes_on_by_number_on_screen_opens_their_own_answers_alone(watch: Watch) -> None:
    terminal = Terminal(watch.root, *watch.command, "000000000100", command=sys.executable)
    terminal.until("Beyond e-mail").press("3").until("saved").press("esc")
    terminal.until("Your answers are saved. What next?")
    assert watch.opened() == {"2026-11-02-000000000100.toml"}
    terminal.press("esc").until("toolvet Home").press("q")
    assert terminal.end() == 0


def test_the_next_person_is_not_led_back_to_the_answers_of_the_one_before(watch: Watch) -> None:
    terminal = Terminal(watch.root, *watch.command, "000000000100", command=sys.executable)
    terminal.until("Beyond e-mail").press("3").until("saved").press("esc")
    terminal.until("Your answers are saved. What next?").press("1").until("your group?").press("2").until("Your number")
    terminal.press("enter").until("0 of 21 answered").press("q")
    assert terminal.end() == 0
    assert watch.opened() == {"2026-11-02-000000000100.toml"}
