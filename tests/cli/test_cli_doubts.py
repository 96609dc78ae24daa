"""What keeps a decision from counting or from being made: lost proofs, contradictions, a withdrawal passed over."""

from __future__ import annotations

import errno
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from house import GOOD, approved, assessed, sealed_again
from toolvet.cli.main import main
from toolvet.services.overview import view_of
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import UNLINKED


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


DECIDE = ("decide", "tool", "--by", "Board", "--decision", "approve", "--rationale", "Fine.")
MOVE = ("condition", "tool", "1", "--move", "2027-04-30", "--why", "Late.")
WITHDRAW = ("withdraw", "tool", "--why", "A breach.", "--by", "CISO")


def out(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def proved(folder: Path) -> Path:
    """The file that shows that the second condition of an approved tool is met."""
    approved(folder)
    (folder / "evidence").mkdir(exist_ok=True)
    proof = folder / "evidence" / "locked.txt"
    proof.write_text("Locked.")
    assert main(["condition", "tool", "2", "--met", "--evidence", "evidence/locked.txt", "--on", "2026-12-01"]) == 0
    return proof


@pytest.mark.parametrize(
    "command",
    [
        ("decide", "tool", "--decision", "approve", "--by", "Board"),
        ("tolerate", "tool", "--owner", "Sales", "--until", "2027-03-01", "--why", "x"),
        ("sign", "tool", "--key", "no-key"),
    ],
)
def test_nothing_is_decided_or_signed_while_a_proof_is_not_as_it_was_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    proved(tmp_path).write_text("Open.")
    before = sorted((tmp_path / "decisions").rglob("*.toml"))
    capsys.readouterr()
    assert main([*command, "--on", "2026-12-05"]) == 3
    assert '"evidence/locked.txt" was changed since it was recorded' in capsys.readouterr().err
    assert sorted((tmp_path / "decisions").rglob("*.toml")) == before


def test_a_condition_whose_proof_is_lost_is_recorded_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof = proved(tmp_path)
    again = ("condition", "tool", "2", "--met", "--evidence", "A call with IT.", "--on", "2026-12-05")
    assert main([*again]) == 2  # it is met
    proof.unlink()
    assert main(["verify"]) == 1
    assert "bring back that file, or record the condition again" in out(capsys)
    main([*again])
    assert main(["verify"]) == main(["list", "--on", "2026-12-05"]) == 0
    capsys.readouterr()
    main(["condition", "tool", "--on", "2026-12-05"])
    assert "met on 5 December 2026, recorded by A. Reviewer, shown by A call with IT." in out(capsys)
    proof.write_text("Locked.")
    assert main(["verify"]) == main(["check", "."]) == 0  # the first record holds as well


def test_two_records_of_one_day_are_told_in_the_order_in_which_they_were_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    for due in ("2027-03-01", "2027-04-01"):
        main(["condition", "tool", "2", "--move", due, "--why", "x", "--on", "2026-12-01"])
    capsys.readouterr()
    main(["history", "tool", "--on", "2026-12-02"])
    told = out(capsys)
    assert told.index("moved to 1 March 2027") < told.index("moved to 1 April 2027")


def test_where_decisions_contradict_each_other_every_page_says_that_none_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    decide = ("decide", "tool", "--by", "Board", "--rationale", "x", "--on")
    folder = tmp_path / "decisions" / "tool"
    main([*decide, "2026-12-01", "--decision", "hold"])
    held = (folder / "2026-12-01.toml").read_bytes()
    (folder / "2026-12-01.toml").unlink()
    main([*decide, "2026-12-02", "--decision", "approve"])
    (folder / "2026-12-01.toml").write_bytes(held)
    capsys.readouterr()
    main(["report", "tool", "--on", "2026-12-03"])
    assert "**It is unclear what was decided**" in out(capsys)
    main(["report", "tool", "--for", "requester", "--on", "2026-12-03"])
    letter = out(capsys)
    assert "We cannot say today whether you may use Tool." in letter
    assert "Decided by" not in letter


def test_of_many_decisions_that_contradict_each_other_each_names_a_few(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = approved(tmp_path)
    for number in range(2, 22):
        first.with_stem(f"{first.stem}-{number}").write_bytes(first.read_bytes())
    capsys.readouterr()
    for command in (["check", "."], ["verify"]):
        assert main(command) == 1
        told = [line for line in out(capsys).splitlines() if "It is contradicted by" in line]
        assert len(told) == 21
        assert all("and 14 more; none of them counts" in line for line in told)


def test_a_withdrawal_that_a_decision_in_another_copy_did_not_know_of_is_not_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").mkdir()
    monkeypatch.chdir(tmp_path / "one")
    approved(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    main([*WITHDRAW, "--on", "2026-11-29"])
    monkeypatch.chdir(tmp_path / "other")
    main([*DECIDE, "--on", "2026-11-29"])
    monkeypatch.chdir(tmp_path / "one")
    there = tmp_path / "other" / "decisions" / "tool" / "2026-11-29.toml"
    shutil.copy(there, tmp_path / "one" / "decisions" / "tool")  # as git merges them
    assert main(["verify"]) == main(["check", "decisions"]) == 1
    assert out(capsys).count("does not take that into account. Decide again to settle it.") == 2
    main(["report", "tool", "--for", "requester", "--on", "2026-11-29"])
    assert "We cannot say today whether you may use Tool." in out(capsys)
    main([*DECIDE, "--on", "2026-11-30"])
    assert main(["verify"]) == 0
    main(["report", "tool", "--for", "requester", "--on", "2026-11-30"])
    assert "Yes, you may use Tool" in out(capsys)


@pytest.mark.parametrize(
    ("record", "old", "new", "why"),
    [
        (MOVE, b'condition = "condition-1"', b'condition = "hold"', 'has no condition "hold"'),
        (MOVE, b"on = 2026-11-29", b"on = 2026-11-19", "before the decision of 2026-11-20"),
        (MOVE, b"due = 2027-04-30", b"due = 2026-11-28", "moves the condition to 2026-11-28, before 2026-11-29"),
        (WITHDRAW, b"on = 2026-11-29", b"on = 2026-11-19", "before the decision of 2026-11-20"),
    ],
)
def test_a_record_that_does_not_fit_is_told_wherever_the_decision_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], record: tuple[str, ...], old: bytes, new: bytes, why: str
) -> None:
    approved(tmp_path)
    assert main([*record, "--on", "2026-11-29"]) == 0
    (path,) = (tmp_path / "decisions" / "tool" / "records").glob("*.toml")
    sealed_again(path, old, new)
    for command in (["list"], ["report", "tool"], ["condition", "tool"], ["history", "tool"]):
        capsys.readouterr()
        main([*command, "--on", "2026-12-01"])
        told = " ".join("".join(capsys.readouterr()).replace(UNLINKED, "").split())
        assert "does not count" in told, command
        assert "Decisions/tool" not in told, command
        assert why in told, command
    main(["register", "--on", "2026-12-01"])
    assert "The decision on it has to be confirmed before it counts." in out(capsys)
    main(["decide", "tool", "--decision", "hold", "--by", "Board", "--rationale", "Again.", "--on", "2026-12-01"])
    capsys.readouterr()
    main(["list", "--on", "2026-12-01"])
    assert "does not count" not in out(capsys)


@pytest.mark.parametrize("day", ["2026-11-28", "2027-06-01"])
def test_a_decision_of_another_day_does_not_undo_a_withdrawal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    approved(tmp_path)
    steps = [[*WITHDRAW, "--on", "2026-11-29"], [*DECIDE, "--on", day]]
    for step in steps if day < "2026-11-29" else reversed(steps):
        assert main(step) == 0
    capsys.readouterr()
    main(["report", "tool", "--for", "requester", "--on", max(day, "2026-11-29")])
    assert "We cannot say today whether you may use Tool." in out(capsys)


def test_a_decision_after_a_withdrawal_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    main([*WITHDRAW, "--on", "2026-11-29"])
    main([*DECIDE, "--on", "2026-11-29"])
    assert main(["verify"]) == 0
    capsys.readouterr()
    main(["report", "tool", "--for", "requester", "--on", "2026-11-29"])
    assert "Yes, you may use Tool" in out(capsys)


def test_the_same_decision_after_a_withdrawal_is_another_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    again = [*DECIDE, "--on", "2026-11-20"]
    for step in (again, again, [*WITHDRAW, "--on", "2026-11-20"], again):
        assert main(step) == 0
    assert sorted(path.name for path in (tmp_path / "decisions" / "tool").glob("*.toml")) == [
        "2026-11-20-2.toml",
        "2026-11-20.toml",
    ]
    capsys.readouterr()
    main(["report", "tool", "--for", "requester", "--on", "2026-11-20"])
    assert "Yes, you may use Tool" in out(capsys)


def test_a_command_that_is_suggested_can_be_typed_whatever_the_folder_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    for kind in ("assessments", "decisions"):
        (tmp_path / kind / "tool").rename(tmp_path / kind / "x;touch y")
    capsys.readouterr()
    main(["withdraw", "x;touch y", "--why", "A breach.", "--by", "CISO", "--on", "2026-11-29"])
    assert "toolvet report 'x;touch y' --for requester" in capsys.readouterr().err


def test_a_decision_to_tolerate_counts_for_no_other_tool(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("Old chat", "New chat"):
        given = ("--owner", "Sales", "--why", "In use.", "--until", "2027-01-31", "--by", "CIO", "--on", "2026-11-20")
        assert main(["tolerate", name, *given]) == 0
    folders = sorted((tmp_path / "decisions").iterdir())
    shutil.copy(folders[0] / "2026-11-20.toml", folders[1] / "2026-11-20.toml")
    capsys.readouterr()
    assert main(["verify"]) == main(["check", "decisions"]) == 1
    told = out(capsys)
    assert told.count(f"It is about {folders[0].name}, another subject.") == 2
    main(["report", folders[1].name, "--for", "requester", "--on", "2026-11-21"])
    assert "We cannot say today" in out(capsys)


def test_a_record_that_is_gone_is_told_at_the_later_one_and_the_later_decision_that_name_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    for number, on in (("1", "2026-12-01"), ("2", "2026-12-02")):
        main(["condition", "tool", number, "--met", "--evidence", "Seen.", "--on", on])
    main([*DECIDE, "--on", "2026-12-03"])
    first, _ = sorted((tmp_path / "decisions" / "tool" / "records").iterdir())
    first.unlink()
    told = f"decisions/tool/records/{first.name} was recorded, and is gone or cannot be read"
    for command in ("check", "."), ("verify",):
        capsys.readouterr()
        assert main([*command]) == 1
        assert out(capsys).count(told) == 2


@pytest.mark.parametrize("what", ["its seal is broken", "a record does not fit"])
def test_the_same_decision_on_the_same_day_confirms_what_is_not_as_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    assessed(tmp_path, GOOD)
    decide = (*DECIDE, "--on", "2026-12-01", "--condition", "Lock the rooms.", "--owner", "IT", "--due", "2027-01-15")
    main([*decide])
    folder = tmp_path / "decisions" / "tool"
    if what == "its seal is broken":
        with (folder / "2026-12-01.toml").open("ab") as file:
            file.write(b"# Read.\n")
    else:
        main(["condition", "tool", "1", "--met", "--evidence", "Seen.", "--on", "2026-12-01"])
        (record,) = (folder / "records").iterdir()
        sealed_again(record, b"condition-1", b"condition-9")
    for _ in range(2):  # recorded once, and the second time it is what was recorded
        assert main([*DECIDE, "--on", "2026-12-01", "--confirm-seal"]) == 0
    assert sorted(path.name for path in folder.glob("*.toml")) == ["2026-12-01-2.toml", "2026-12-01.toml"]
    capsys.readouterr()
    main(["list", "--on", "2026-12-01"])
    assert "approved until" in out(capsys)


def test_a_calendar_does_not_call_an_approval_one_that_is_to_be_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = approved(tmp_path)
    path.write_bytes(path.read_bytes() + b"# Edited.\n")
    for options in (), ("--format", "csv"), ("--format", "ics"):
        capsys.readouterr()
        main(["list", "--due", "400", *options, "--on", "2026-12-01"])
        assert "Approval ends (to be confirmed): approve with conditions" in out(capsys).replace("\r\n ", "")


def test_home_says_of_the_end_of_an_approval_that_it_is_to_be_confirmed(tmp_path: Path) -> None:
    path = approved(tmp_path)
    workspace, on = Workspace(tmp_path), date(2026, 12, 1)
    assert view_of(workspace, workspace.subject("tool"), on).due[-1].about == ""
    path.write_bytes(path.read_bytes() + b"# Edited.\n")
    due = view_of(workspace, workspace.subject("tool"), on).due[-1]
    assert (due.words, due.about) == ("approval ends", "to be confirmed")


def test_a_rubric_that_cannot_be_read_for_a_moment_is_not_confirmed_as_unusable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rubric = assessed(tmp_path, GOOD).parents[2] / "rubrics" / "house-1.0.0.toml"
    assert main([*DECIDE, "--on", "2026-12-01"]) == 0
    folder, real, opened = tmp_path / "decisions" / "tool", os.open, []

    def failing(path: Any, *rest: Any, **options: Any) -> int:
        opened.append(Path(path))
        if opened.count(rubric) == 2 and opened[-1] == rubric:  # the first time it is read for today's verdict
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, *rest, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", failing)
        assert main([*DECIDE, "--on", "2026-12-02"]) == 3
    assert "rubrics/house-1.0.0.toml cannot be used: cannot be opened: " in capsys.readouterr().err
    assert not (folder / "2026-12-02.toml").exists()
    assert main([*DECIDE, "--on", "2026-12-02"]) == 0
    assert b"confirmed" not in (folder / "2026-12-02.toml").read_bytes()
