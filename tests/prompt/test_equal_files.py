"""What is done on a screen, line by line and by options ends in the same files, byte by byte."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from assess_screen import answers_after
from screens import ON, Case, Host, press, until
from survey_case import SurveyCase
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.prompt.assess import assess_plainly
from toolvet.services.assessments import Session, clock_of, open_assessment
from toolvet.tui.app import ToolvetApp
from toolvet.tui.decide.screen import DecideScreen
from toolvet.tui.home.screen import HomeScreen
from toolvet.tui.survey.screen import SurveyScreen

DAY = ("--on", ON.isoformat())


def say(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def contents(root: Path) -> dict[str, bytes]:
    """Every file that toolvet keeps there, by its path."""
    found = (path for path in root.rglob("*.toml"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


async def test_answers_changed_cleared_and_brought_back_and_every_grade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, pipe = Case(tmp_path / "screen"), Case(tmp_path / "pipe")
    keys: tuple[str, ...] = ("2", "delete", "z", "Z", "3", "e", "text:Trial", "enter", "1", "enter", "n")
    keys = (*keys, "1", "e", "a", "text:Leaflet", "enter", "4", "enter", "n")
    keys = (*keys, "4", "e", "a", "text:Manual", "enter", "3", "enter", "e", "G", "2", "escape", "f", "y")
    await answers_after(screen, *keys)
    lines: tuple[str, ...] = ("2", "back", "clear", "undo", "redo", "3", "back", "evidence Trial", "tested", "", "skip")
    lines = (
        *lines,
        "1",
        "back",
        "evidence Leaflet",
        "claim",
        "",
        "skip",
        "4",
        "back",
        "evidence Manual",
        "document",
        "",
    )
    say(monkeypatch, *lines, "change 1", "", "independent", "", "facts", "yes", "quit")
    assert assess_plainly(pipe.session, pipe.file, name="Tool") == 0
    grades = [each.grade for answer in screen.saved.answers.values() for each in answer.evidence]
    assert grades == [Grade.TESTED, Grade.CLAIM, Grade.INDEPENDENT]
    assert pipe.saved == screen.saved
    assert contents(pipe.workspace.root) == contents(screen.workspace.root)


FAILING = {
    name: Answer(level=level, answered=ON, evidence=(Evidence("Trial", Grade.TESTED, ON),))
    for name, level in (("does-it", 4), ("how-fast", 2), ("sign-in", 1))
}


async def test_a_decision_with_a_condition_and_a_waiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen, pipe, options = (Case(tmp_path / name, FAILING) for name in ("screen", "pipe", "options"))
    app = Host(lambda: DecideScreen(screen.session, screen.opened))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "enter", "2", "down", "enter", "text:Needed now.", "enter", "down", "down", "down", "enter")
        await press(pilot, "text:Soon", "enter", "text:VPN", "enter", "text:CIO", "enter", "enter")
        await press(pilot, "a", "text:Write.", "enter", "text:IT", "enter", "text:2027-03-31", "enter", "d", "y")
    lines = ("2", "", "Needed now.", "", "", "", "Soon", "VPN", "CIO", "2027-11-21", "", "Write.", "IT", "2027-03-31")
    say(monkeypatch, *lines, "", "", "", "", "yes")
    assert main(["decide", "tool", "--plain", *DAY, "--workspace", str(pipe.workspace.root)]) == 0
    given = ("--by", "A. Reviewer", "--rationale", "Needed now.")
    waiver = ("--waive", "sign-in", "--reason", "Soon", "--control", "VPN", "--owner", "CIO", "--expires", "2027-11-21")
    condition = ("--condition", "Write.", "--owner", "IT", "--due", "2027-03-31")
    command = ["decide", "tool", "--decision", "approve-with-conditions", *given, *waiver, *condition, *DAY]
    assert main([*command, "--workspace", str(options.workspace.root)]) == 0
    found = [contents(case.workspace.root) for case in (screen, pipe, options)]
    assert "decisions/tool-business/2026-11-21.toml" in found[0]
    assert found[1] == found[0]
    assert found[2] == found[0]


async def test_both_sides_of_a_survey_and_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen, pipe = (SurveyCase(tmp_path / name, group="guests") for name in ("screen", "pipe"))
    app = Host(
        lambda: SurveyScreen(Session(screen.workspace, clock_of(ON)), open_assessment(screen.workspace, screen.file))
    )
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "3", "m", "text:By fax.", "enter", "1", "n", "n", "tab", "0", "n", "4", "z")
    say(monkeypatch, "3", "note By fax.", "1", "skip", "skip", "skip", "0", "quit")
    number = pipe.file.path.stem.rpartition("-")[2]
    assert main(["assess", number, "--plain", "--workspace", str(pipe.workspace.root)]) == 0
    assert screen.saved.answers["how-long"] == Answer(delivered=0)
    assert pipe.file.path.read_bytes() == screen.file.path.read_bytes()


async def test_a_sheet_that_came_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"does-it": Answer(level=2, answered=ON, note="Tried it.")}
    screen, pipe = (Case(tmp_path / name, here) for name in ("screen", "pipe"))
    monkeypatch.chdir(tmp_path)
    rows: tuple[str, ...] = ("question,answer,note,source,grade", "about.for,vendor", "about.answered-by,Sales")
    rows = (*rows, "does-it,3,,https://vendor.example/job,tested", "how-fast,1,Two seconds.,,")
    Path("sheet.csv").write_text("\n".join(rows), encoding="utf-8")
    app = ToolvetApp(screen.workspace, ON)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(lambda: bool(getattr(app.screen, "_all", ())))
        await press(pilot, "I", "text:sheet.csv")
        asked = app.screen
        await press(pilot, "enter")
        await until(lambda: app.screen is not asked and not isinstance(app.screen, HomeScreen))
        await press(pilot, "S")
        await press(pilot)
    assert main(["import", "sheet.csv", "--for", "tool", "--write", *DAY, "--workspace", str(pipe.workspace.root)]) == 0
    assert contents(pipe.workspace.root) == contents(screen.workspace.root)
