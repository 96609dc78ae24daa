"""`toolvet list`, `score` and `demo` where a survey lies among the tools, or alone."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest

from house import GOOD, assessed
from surveys import close, pair, put, put_all, respondent
from toolvet.cli.main import main

DAY = date(2026, 11, 2)
ON = ("--on", "2026-11-20")
LINE = (
    "Harbour Cooperative: 6 people answered; 0 of 1 area in balance; widest\n"
    '  shortfall: "Beyond e-mail", expected 3.00, delivered 1.00, of 4; gap -2.00 ▼\n'
    "  short\n"
)


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def six(folder: Path) -> Path:
    """Six people's answers in a closed round, and where the first of them lies."""
    paths = put_all(folder, [respondent({"beyond-email": pair(3, 1)}, started=DAY) for _ in range(6)])
    close(folder)
    return paths[0]


def test_a_workspace_with_a_survey_alone_lists_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    six(tmp_path)
    assert main(["list", *ON]) == 0
    assert capsys.readouterr() == (f"Surveys (toolvet readiness shows them)\n{LINE}", "")


def test_a_survey_stands_below_the_tools(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    six(tmp_path)
    assessed(tmp_path, GOOD)
    assert main(["list", *ON]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("subject     known")
    assert shown.endswith(f"\n\nSurveys (toolvet readiness shows them)\n{LINE}")


def test_the_list_for_programs_has_an_object_for_each_survey(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    six(tmp_path)
    assessed(tmp_path, GOOD)
    assert main(["list", *ON, "--json"]) == 0
    survey, tool = json.loads(capsys.readouterr().out)
    sides = {
        side: {"mean": mean, "people": 6, "spread": None, "near": None}
        for side, mean in (("expected", 3), ("delivered", 1))
    }
    assert {key: survey[key] for key in ("kind", "folder", "subject", "areas", "widest_gap", "due")} == {
        "kind": "survey",
        "folder": "harbour-cooperative",
        "subject": "Harbour Cooperative",
        "areas": {"in_balance": 0, "measured": 1, "asked": 4},
        "widest_gap": {"question": "beyond-email", **sides, "gap": {"mean": -2, "people": 6, "reading": "short"}},
        "due": [],
    }
    assert (survey["round"]["people"], survey["round"]["ask_again"]) == (6, "2027-11-02")
    assert tool["kind"] == "assessment"


def test_a_survey_is_due_when_it_is_to_be_asked_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    six(tmp_path)
    assert main(["list", "--due", "30", "--on", "2027-10-20"]) == 0
    assert capsys.readouterr().out == "2027-11-02  Harbour Cooperative: Ask the survey again\n"


def test_a_survey_that_nobody_answered_is_listed_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, 0, respondent({}, started=DAY))
    assert main(["list", *ON]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "Harbour Cooperative: nobody has answered yet"


def test_an_open_round_is_listed_with_how_many_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, [respondent({"beyond-email": pair(3, 1)}, started=DAY) for _ in range(4)])
    assert main(["list", *ON]) == 0
    assert " ".join(capsys.readouterr().out.split()).endswith(
        "Harbour Cooperative: 4 people answered; the round can be closed with 1 more person"
    )
    assert main(["list", *ON, "--json"]) == 0
    (survey,) = json.loads(capsys.readouterr().out)
    assert (survey["open"], survey["round"]) == ({"people": 4}, None)


def test_who_answered_since_the_round_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    six(tmp_path)
    put(tmp_path, 9, respondent({"beyond-email": pair(0, 4)}, started=DAY))
    assert main(["list", *ON]) == 0
    assert capsys.readouterr().out.endswith("gap -2.00 ▼\n  short; 1 person answered since\n")


@pytest.mark.parametrize("command", ["score", "report"])
def test_what_is_for_tools_points_to_readiness(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = six(tmp_path)
    assert main([command, str(path)]) != 0
    assert capsys.readouterr() == (
        "",
        '"Harbour Cooperative" is a survey, which has no verdict; see toolvet readiness\n',
    )


def test_the_demo_without_a_terminal_shows_the_survey_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["demo"]) == 0
    shown = capsys.readouterr().out
    assert "Harbour Cooperative: Collaboration readiness, 16 people, 2 November 2026 to" in shown
    assert "Harbour Cooperative: 16 people answered; 2 of 4 areas in balance; widest" in shown


@pytest.mark.parametrize(
    "command",
    [
        ("history", "harbour"),
        ("history", "harbour", "--json"),
        ("subject", "harbour"),
        ("subject", "harbour", "--json"),
    ],
)
def test_no_command_lists_peoples_answers(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_all(tmp_path, [respondent({"beyond-email": pair(3, 1)}, started=DAY) for _ in range(6)])
    assert main([*command, *ON]) == 3
    assert capsys.readouterr() == (
        "",
        '"Harbour Cooperative" is a survey, whose answers are not shown one by one; see toolvet readiness\n',
    )


def test_what_people_said_about_an_organisation_is_not_changed_as_a_subject(tmp_path: Path) -> None:
    path = put_all(tmp_path, [respondent({"beyond-email": pair(3, 1)}, started=DAY)])[0]
    before = path.read_bytes()
    assert main(["subject", "harbour", "--name", "Other"]) == 3
    assert path.read_bytes() == before
