"""From nothing to a report, by keyboard alone, in a real terminal."""

from __future__ import annotations

import signal
from pathlib import Path

from real_terminal import KEYS, Terminal
from toolvet.domain.scorecard import Verdict
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace


def _only_file(folder: Path) -> Path:
    (path,) = (folder / "assessments").rglob("*.toml")
    return path


def _start(folder: Path) -> Terminal:
    """A new tool, its scope given, at the first question."""
    terminal = Terminal(folder).until("No tool is being vetted here yet")
    terminal.press("a").until("Job to be done")
    for typed in ("Weekly calls", "Sales", "40", "Acme Meet", "Business"):
        terminal.press(typed).until(typed).press("enter")
    terminal.press("f2").until("1 of 16")
    for number in range(1, 17):
        terminal.until(f"{number} of 16").press("2")
    return terminal.until("Does the job")


def test_from_nothing_to_a_report(tmp_path: Path) -> None:
    terminal = _start(tmp_path)
    terminal.press("3").until("saved")
    terminal.press("n").until("Which devices can finish the jobs").press("2").until("saved")
    terminal.press("n").until("ordinary browser").press("u").until("Unknown: what was tried?")
    terminal.press("Asked the vendor").press("enter").until_gone("what was tried?")
    terminal.kill(signal.SIGKILL)
    assert terminal.end() == 128 + signal.SIGKILL
    answers = read_assessment(_only_file(tmp_path)).assessment.answers
    assert [(name, answer.level, answer.unknown) for name, answer in answers.items()] == [
        ("does-the-job", 3, None),
        ("core-jobs-on-every-device", 2, None),
        ("browser-no-install", None, "Asked the vendor"),
    ]

    before = _only_file(tmp_path).read_bytes()
    terminal = Terminal(tmp_path).until("Acme Meet").press("enter").until("ordinary browser").until("Asked the vendor")
    assert _only_file(tmp_path).read_bytes() == before
    terminal.press("r").until("On hold")
    terminal.press("d").until("Decided by")
    _record(terminal)
    (decision,) = Workspace(tmp_path).subjects()[0].decisions
    assert decision.decision.decision is Verdict.HOLD
    assert decision.decision.basis[0].path == _only_file(tmp_path).relative_to(tmp_path).as_posix()
    terminal.press("ctrl+q")
    assert terminal.end() == 0

    terminal = (
        Terminal(tmp_path)
        .until("Acme Meet")
        .press("w")
        .until("Report")
        .press("w")
        .until("Write the report")
        .press("1")
        .until("reports/")
    )
    (report,) = (tmp_path / "reports").glob("*.html")
    assert "Acme Meet" in report.read_text(encoding="utf-8")
    terminal.press("q")
    assert terminal.end() == 0


def test_what_is_typed_ahead_goes_where_the_keys_before_it_lead(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path).until("No tool is being vetted here yet")
    terminal.child.send("aWeekly calls\rSales\r40\rAcme Meet\rBusiness" + KEYS["f2"] + "2" * 16)  # as a slow line does
    terminal.until("Does the job")
    assessment = read_assessment(_only_file(tmp_path)).assessment
    subject = assessment.subject
    assert (subject.job, subject.requested_by, subject.users, subject.label) == (
        *("Weekly calls", "Sales", 40),
        "Acme Meet Business",
    )
    assert len(assessment.scope) == 16
    terminal.child.send("3nuAsked 3 times\rn2")
    terminal.until_so(lambda: len(read_assessment(_only_file(tmp_path)).assessment.answers) == 3, "it is not saved")
    answers = read_assessment(_only_file(tmp_path)).assessment.answers.values()
    assert [(answer.level, answer.unknown) for answer in answers] == [(3, None), (None, "Asked 3 times"), (2, None)]
    terminal.press("q")
    assert terminal.end() == 0


def _record(terminal: Terminal) -> None:
    """Take the decision that the verdict suggests."""
    terminal.press("d").until("Record this decision?").press("enter").until("Recorded in")


def test_the_worked_examples_open_from_an_empty_home_and_lead_back_to_it(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path).until("No tool is being vetted here yet").press("3")
    terminal.until("Harbour Rooms Team").press("q")
    terminal.until("No tool is being vetted here yet").press("q")
    assert terminal.end() == 0
