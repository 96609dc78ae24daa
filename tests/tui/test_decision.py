"""Decision: conditions are met and moved, an approval is withdrawn, and the next review begins, by keys."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from house import GOOD, assessed
from screens import Host, picture, press
from toolvet.cli.main import main
from toolvet.domain.assessment import Subject
from toolvet.domain.records import RecordKind
from toolvet.services.assessments import Session, clock_of
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.decision.screen import DecisionScreen
from toolvet.tui.kit.text_dialogs import AskLine

ON = date(2027, 1, 10)


def session(folder: Path) -> Session:
    assessed(folder, GOOD)
    due = ("--condition", "Obtain a report.", "--owner", "IT", "--due", "2027-03-31")
    given = ("--decision", "approve-with-conditions", "--by", "Board", "--rationale", "Fits.", "--on", "2026-11-20")
    assert main(["--workspace", str(folder), "decide", "tool", *given, *due]) == 0
    return Session(Workspace(folder), clock_of(ON))


def shown(found: Session) -> Host:
    return Host(lambda: DecisionScreen(found, found.workspace.folder_named("tool")))


async def kept(folder: Path, *keys: str) -> tuple[list[str], Session]:
    """The rows of the screen after these keys."""
    found = session(folder)
    app = Host(lambda: DecisionScreen(found, found.workspace.folder_named("tool")))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, *keys)
        await press(pilot)
        return picture(app), found


async def test_it_shows_how_the_decision_stands(tmp_path: Path) -> None:
    rows, _ = await kept(tmp_path)
    page = "\n".join(rows)
    assert "Approved until 2 November 2027, 1 condition open." in page
    assert "Today:  ✓ APPROVE" in page
    assert [" ".join(row.split()) for row in rows if "31 March" in row or "Obtain" in row] == [
        "┃▌· in 80 days 31 March 2027 IT ┃",
        "┃▌ Obtain a report. ┃",
    ]
    assert "Unsigned. P signs it with your ssh key; a seal alone proves no author." in page


async def test_nothing_is_shown_before_its_day(tmp_path: Path) -> None:
    found = session(tmp_path)
    given = ("--met", "--evidence", "By mail", "--by", "Ada", "--on", "2027-01-11")
    assert main(["--workspace", str(tmp_path), "condition", "tool", "1", *given]) == 0
    app = Host(lambda: DecisionScreen(found, found.workspace.folder_named("tool")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        page = "\n".join(picture(app))
    assert "1 condition open" in page
    assert "Since then" not in page


async def test_a_condition_falls_overdue_while_the_page_is_open(tmp_path: Path) -> None:
    found, days = session(tmp_path), [ON]
    moving = Session(found.workspace, lambda: days[-1])
    app = Host(lambda: DecisionScreen(moving, found.workspace.folder_named("tool")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        days.append(date(2027, 4, 1))
        screen = app.screen
        assert isinstance(screen, DecisionScreen)
        screen.take_new_day()
        await pilot.pause()
        page = "\n".join(picture(app))
    assert "1 April 2027" in page
    assert "! 1 day ago" in page


async def test_a_condition_is_met_with_its_proof(tmp_path: Path) -> None:
    rows, found = await kept(tmp_path, "enter", "enter", "text:By mail", "enter", "enter")
    (record,) = found.workspace.folder_named("tool").decisions[0].records
    assert (record.record, record.on, record.by) == (RecordKind.CONDITION_MET, ON, "A. Reviewer")
    assert record.evidence[0].source == "By mail"
    assert any("Approved until 2 November 2027." in row for row in rows)


async def test_a_condition_is_moved_with_a_reason(tmp_path: Path) -> None:
    keys = ("enter", "down", "enter", "text:2027-06-30", "enter", "text:Later", "enter", "enter")
    _, found = await kept(tmp_path, *keys)
    (record,) = found.workspace.folder_named("tool").decisions[0].records
    assert (record.record, record.due, record.why) == (RecordKind.CONDITION_MOVED, date(2027, 6, 30), "Later")


@pytest.mark.parametrize(("is_lost", "records"), [(False, 1), (True, 2)])
async def test_a_condition_is_met_again_where_its_proof_was_lost(tmp_path: Path, is_lost: bool, records: int) -> None:
    found = session(tmp_path)
    proof = tmp_path / "evidence" / "report.txt"
    proof.write_text("It conforms.")
    given = ("--met", "--evidence", "evidence/report.txt", "--by", "Ada", "--on", "2027-01-05")
    assert main(["--workspace", str(tmp_path), "condition", "tool", "1", *given]) == 0
    if is_lost:
        proof.unlink()
    app = Host(lambda: DecisionScreen(found, found.workspace.folder_named("tool")))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "enter", *(("enter", "text:By mail", "enter", "enter") if is_lost else ()))
        page = "\n".join(picture(app))
    assert len(found.workspace.folder_named("tool").decisions[0].records) == records
    assert ("its proof is as it was recorded" in page) is not is_lost


@pytest.mark.parametrize(("answer", "records"), [("y", 1), ("n", 0)])
async def test_an_approval_is_withdrawn_once_it_is_confirmed(tmp_path: Path, answer: str, records: int) -> None:
    rows, found = await kept(tmp_path, "W", "text:Breach", "enter", "enter", answer)
    assert len(found.workspace.folder_named("tool").decisions[0].records) == records
    assert any("Withdrawn since" in row for row in rows) == bool(records)


async def test_withdrawing_says_at_each_step_what_enter_does(tmp_path: Path) -> None:
    steps = [("W",), ("text:Breach", "enter"), ("enter",)]
    seen = []
    for count in range(1, len(steps) + 1):
        folder = tmp_path / str(count)
        folder.mkdir()
        rows, _ = await kept(folder, *(key for step in steps[:count] for key in step))
        seen.append("\n".join(rows))
    assert ["enter Next" in words for words in seen] == [True, True, False]
    assert "y  Withdraw the approval" in seen[-1]
    assert "n  Leave it as it is" in seen[-1]


async def test_the_next_review_begins_from_the_last_answers(tmp_path: Path) -> None:
    _, found = await kept(tmp_path, "V", "y")
    newest = found.workspace.folder_named("tool").assessments[0].assessment
    assert newest.started == ON
    assert all(answer.confirm for answer in newest.answers.values())


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("down", "enter", "text:2026-01-01", "enter"), "that is before 2027-01-10; give a later day."),
        (("enter", "text:evidence/none.txt", "enter"), "evidence/none.txt does not exist; check the name"),
    ],
)
async def test_what_cannot_be_recorded_is_told_where_it_is_typed(
    tmp_path: Path, keys: tuple[str, ...], told: str
) -> None:
    rows, found = await kept(tmp_path, "enter", *keys)
    assert any(told in row for row in rows)
    assert found.workspace.folder_named("tool").decisions[0].records == ()


async def test_history_names_files_without_their_folders_and_hangs_under_its_words(tmp_path: Path) -> None:
    rows, _ = await kept(tmp_path, "h")
    page = [row.strip("┃│ ") for row in rows]
    at = page.index("20 November 2026")
    assert page[at + 1].startswith("· Decided by Board")
    assert page[at + 1].endswith("2026-11-20.toml")
    assert not any("decisions/tool" in row for row in page)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not here")
@pytest.mark.parametrize(("passphrase", "told"), [("", "Signed as A. Reviewer"), ("secret", "toolvet sign tool --key")])
async def test_it_is_signed_and_where_nobody_can_type_a_passphrase_the_command_is_told(
    tmp_path: Path, passphrase: str, told: str
) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", key], check=True)
    rows, found = await kept(tmp_path, "P", "ctrl+u", f"text:{key}", "enter", "enter", "text:In May", "enter")
    assert told in " ".join(" ".join(rows).split())
    records = found.workspace.folder_named("tool").decisions[0].records
    assert [(one.record, one.by, one.note) for one in records] == (
        [] if passphrase else [(RecordKind.SIGNED, "A. Reviewer", "In May")]
    )


async def test_a_key_that_is_not_there_is_told_where_it_is_typed(tmp_path: Path) -> None:
    rows, _ = await kept(tmp_path, "P", "ctrl+u", "text:/none", "enter", "enter", "enter")
    assert any("Key: there is no such file; ssh-keygen -t ed25519 makes a key." in row for row in rows)


async def test_tab_on_home_leads_into_the_details_which_scroll_by_key(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD, subject=Subject("Tool", job="Weekly calls with clients. " * 60))
    app = ToolvetApp(Workspace(tmp_path), lambda: ON)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "tab", "end")
        details = app.screen.query_one("#details")
        assert (details.has_focus, details.scroll_offset.y) == (True, details.max_scroll_y)
        assert details.max_scroll_y > 0
        assert "tab, then ↑ ↓: scroll" in "\n".join(picture(app))
        await press(pilot, "shift+tab")
        assert app.screen.query_one("#subjects").has_focus


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_home_marks_what_is_under_review_again(tmp_path: Path, size: tuple[int, int]) -> None:
    workspace = session(tmp_path).workspace
    assessed(tmp_path, GOOD, on=ON)
    for on, is_marked in ((date(2027, 1, 9), False), (ON, True)):
        app = ToolvetApp(workspace, clock_of(on))
        async with app.run_test(size=size) as pilot:
            await press(pilot, "tab", "shift+tab")
            page = "\n".join(picture(app))
            assert ("2 Nov 2027 ◔" in page, "again" in page) == (is_marked, is_marked)


async def test_nobody_signs_what_was_recorded_since_they_looked(tmp_path: Path) -> None:
    found, key = session(tmp_path), tmp_path / "key"
    key.touch()
    app = Host(lambda: DecisionScreen(found, found.workspace.folder_named("tool")))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "P")
        withdraw = ("withdraw", "tool", "--why", "A breach.", "--by", "CISO", "--on", "2027-01-09")
        assert main(["--workspace", str(tmp_path), *withdraw]) == 0
        await press(pilot, "ctrl+u", f"text:{key}", "enter", "enter", "enter")
        await press(pilot)
        page = " ".join(" ".join(picture(app)).split())
    assert "Not signed: something was recorded meanwhile" in page
    assert "A breach." in page


@pytest.mark.parametrize(
    ("keys", "asked"), [(("enter", "enter"), "met?"), (("enter", "down", "enter"), "due now?"), (("W",), "withdrawn?")]
)
async def test_what_is_half_typed_is_offered_again_even_if_the_workspace_was_renamed(
    tmp_path: Path, keys: tuple[str, ...], asked: str
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    found = session(old)
    for more in (("text:half",), ()):
        if not more:
            found = replace(found, workspace=Workspace(old.rename(new)))
        app = shown(found)
        async with app.run_test(size=(80, 24)) as pilot:
            await press(pilot, *keys, *more)
            assert isinstance(app.screen, AskLine)
            app.screen.keep_work()
            page = "\n".join(picture(app))
        assert asked in page
        assert "half" in page


async def test_what_was_recorded_is_offered_no_more(tmp_path: Path) -> None:
    found = session(tmp_path)
    for keys in (("enter", "down", "enter", "text:2027-06-30", "enter", "text:Later", "enter", "enter"), ()):
        app = Host(lambda: DecisionScreen(found, found.workspace.folder_named("tool")))
        async with app.run_test(size=(80, 24)) as pilot:
            await press(pilot, *keys, "enter", "down", "enter")
            assert isinstance(app.screen, AskLine)
            assert "Restored" not in "\n".join(picture(app))


async def test_what_was_recorded_meanwhile_is_shown_before_anything_is_recorded(tmp_path: Path) -> None:
    found = session(tmp_path)
    app = Host(lambda: DecisionScreen(found, found.workspace.folder_named("tool")))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "enter", "enter", "text:By mail")
        assert (
            main(
                ["--workspace", str(tmp_path), "withdraw", "tool", "--by", "CISO", "--why", "No.", "--on", "2027-01-10"]
            )
            == 0
        )
        await press(pilot, "enter", "enter")
        page = "\n".join(picture(app))
    assert len(found.workspace.folder_named("tool").decisions[0].records) == 1
    assert "NOT SAVED: something was recorded meanwhile" in page
    assert "Withdrawn since" in page
