"""`toolvet condition`: the list of conditions, and what goes with what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from house import approved
from toolvet.cli.main import main


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A workspace with a tool approved on two conditions, as the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada")
    approved(tmp_path)
    assert main(["condition", "tool", "condition-2", "--met", "--on", "2027-01-10", "--evidence", "a call"]) == 0
    capsys.readouterr()
    return tmp_path


@pytest.mark.usefixtures("tool")
def test_every_condition_is_listed_as_it_stands_that_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["condition", "tool", "--on", "2027-04-01"]) == 0
    assert capsys.readouterr().out == (
        "condition-1: overdue, due 2027-03-31, Vendor management\n"
        "  Obtain a report.\n"
        "condition-2: met, due 2027-01-15, IT\n"
        "  Lock the rooms.\n"
        "  met on 10 January 2027, recorded by Ada, shown by a call.\n"
    )


@pytest.mark.usefixtures("tool")
def test_a_program_gets_the_same_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["condition", "tool", "--json", "--on", "2027-01-09"]) == 0
    report, rooms = json.loads(capsys.readouterr().out)
    assert report == {
        "condition": "condition-1",
        "text": "Obtain a report.",
        "owner": "Vendor management",
        "due": "2027-03-31",
        "state": "open",
    }
    assert (rooms["condition"], rooms["state"]) == ("condition-2", "open")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--met"], "name the condition; without --met and --move all of them are listed"),
        (["condition-1", "--met", "--why", "Late."], "--why belongs to --move; with --met use --note"),
        (
            ["condition-1", "--move", "2027-06-30", "--evidence", "a call"],
            "--evidence belongs to --met; leave it out with --move",
        ),
        (["condition-1", "--move", "2027-06-30"], "--move needs --why TEXT, the reason for the new day"),
    ],
)
def test_what_does_not_go_together_is_refused_and_records_nothing(
    options: list[str], message: str, tool: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = sorted(tool.rglob("records/*"))
    assert main(["condition", "tool", *options]) == 2
    assert message in capsys.readouterr().err
    assert sorted(tool.rglob("records/*")) == records


def test_without_a_name_nobody_can_record_anything(
    tool: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOOLVET_REVIEWER")
    monkeypatch.setenv("PATH", str(tool))  # no git, which knows a name
    assert main(["condition", "tool", "condition-1", "--met", "--evidence", "a call"]) == 2
    assert "say who records it with --by NAME, or set TOOLVET_REVIEWER" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "99", "9" * 5_000, "²"])
def test_a_number_that_no_condition_has_is_told(tool: Path, number: str) -> None:
    assert main(["condition", "tool", number, "--met", "--evidence", "a call", "--workspace", str(tool)]) == 2


def test_the_same_move_given_twice_as_after_a_kill_is_one_record(
    tool: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for due, count in (("2027-06-30", 1), ("2027-06-30", 1), ("2027-07-31", 2), ("2027-06-30", 3), ("2027-06-30", 3)):
        move = ["condition", "tool", "condition-1", "--move", due, "--why", "Late.", "--on", "2027-02-01"]
        assert main(move) == 0
        assert "Recorded: " in capsys.readouterr().out
        assert len([*tool.rglob("records/*-condition-moved-*")]) == count
    main(["condition", "tool", "--on", "2027-02-01"])
    assert "condition-1: open, due 2027-06-30" in capsys.readouterr().out
