"""A survey answered by keyboard in a real terminal, killed in the midst of it, and gone on with."""

from __future__ import annotations

import signal
from pathlib import Path

from real_terminal import Terminal
from toolvet.domain.assessment import Answer, Reviewer
from toolvet.storage.reader import read_assessment


def test_a_survey_is_begun_killed_and_gone_on_with(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "assess", "--survey", "Harbour Cooperative").until("which organisation?")
    terminal.until("Harbour Cooperative").press("enter").until("your group?").press("2").until("Your number")
    terminal.press("enter").until("Beyond e-mail")
    terminal.press("3").until("only answers on both sides").until("saved")
    terminal.press("\t").until("[D]").press("1").until("both sides are answered")
    terminal.press("n").until("question 2").press("\x1b[C").until("[D]").press("4").until("1 of 21 answered")
    terminal.until("tab, then 0–4: what you expect").until("saved")
    terminal.press("n").until("question 3")
    (path,) = (tmp_path / "assessments").rglob("*.toml")
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
