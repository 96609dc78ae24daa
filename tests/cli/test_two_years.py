"""Two years of one tool: at each step Home, list, report, requester's letter and register say the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from house import DAY, GOOD, JOB, assessed, calendar, in_words
from screens import picture, press
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Evidence, Grade, Subject
from toolvet.errors import ToolvetError
from toolvet.services.verification import verify_workspace
from toolvet.storage.reader import read_decision
from toolvet.storage.workspace import Workspace
from toolvet.text.labels import day, short_day
from toolvet.tui.app import ToolvetApp

HELD = {**GOOD, "devices": Answer(unknown="Asked the vendor.", answered=DAY)}
DECIDE = ("decide", "tool", "--decision", "approve-with-conditions", "--by", "Board")
FIRST = (
    *("--condition", "Obtain a report.", "--owner", "Vendor management", "--due", "2027-03-31"),
    *("--condition", "Lock the rooms.", "--owner", "IT", "--due", "2027-01-15"),
    *("--waive", "devices", "--reason", "Promised.", "--control", "Phone.", "--owner", "CIO"),
    *("--expires", "2027-05-20", "--left-off", "AI companion", "--rationale", "Fits."),
)
YES = "Yes, you may use Tool, under the conditions below."
ONCE_A_PLACE = ("must-have", "answer")
"""What `list --due` tells of each answer, and Home only once it has expired."""


@dataclass(frozen=True)
class Stand:
    """How the tool stands that day, as every page says it."""

    state: str
    ends: str
    answer: str
    due: tuple[str, ...]


class House:
    """The workspace that is walked through."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def run(self, *command: str, on: str) -> str:
        """What the command prints."""
        self._capsys.readouterr()
        assert main([*command, "--on", on]) == 0
        return self._capsys.readouterr().out

    async def stand(self, on: str) -> Stand:
        """How it stands, as long as every page says the same and nothing was changed."""
        (listed,) = json.loads(self.run("list", "--json", on=on))
        falls_due = [
            one for entry in json.loads(self.run("list", "--due", "500", "--json", on=on)) for one in entry["due"]
        ]
        (registered,) = json.loads(self.run("register", "--json", on=on))
        self.run("report", "tool", "-o", "report.json", "--force", on=on)
        reported = json.loads((self.folder / "report.json").read_text())
        decided = listed["decision"]
        state, ends = registered["state"], date.fromisoformat(decided["ends"])
        if reported["decision"] is None:  # under review again
            newer = reported["newer_decision"]
            assert newer["state"] + (", under review again" if newer["is_again"] else "") == in_words(state)
        else:
            told = reported["decision"]
            assert (decided["stands"], decided["ends"]) == (told["stands"], told["ends"])
        assert registered["until"] in (decided["ends"], None)
        assert in_words(state)[1:] in self.run("register", on=on)
        assert reported["requester"]["answer"] in self.run("report", "tool", "--for", "requester", on=on)
        due = tuple(one["day"] for one in falls_due if one["kind"] not in ONCE_A_PLACE)
        for size in ((80, 24), (120, 40)):
            self._is_on(await self._home(on, size), state, ends, due, size)
        assert verify_workspace(Workspace(self.folder)).problems == ()
        return Stand(in_words(state), decided["ends"], reported["requester"]["answer"], due)

    async def _home(self, on: str, size: tuple[int, int]) -> list[str]:
        app = ToolvetApp(Workspace(self.folder), date.fromisoformat(on))
        async with app.run_test(size=size) as pilot:
            await press(pilot)
            return picture(app)

    def _is_on(self, rows: list[str], state: str, ends: date, due: tuple[str, ...], size: tuple[int, int]) -> None:
        """Home's row of the tool, uncut, its details and what is due."""
        page = " ".join(" ".join(rows).replace("│", "").split())
        (row,) = (each for each in rows if each.startswith("┃▌"))
        assert "…" not in row
        is_approved = state.startswith("approved")
        if is_approved and "overdue" not in state:
            assert f"to {short_day(ends)}" in row
            full = state.replace("approved", f"approved until {day(ends)}")
        else:
            full = state.replace("approved", f"approved until {day(ends)}")
            brief = in_words(state).removeprefix("approved, ").removesuffix(", under review again")
            assert brief.replace(" since", "").replace("March", "Mar") in row
        assert ("◔" in row) is state.endswith(", under review again")
        assert in_words(full) in page
        assert ("◐ 1 approved" in rows[1]) is is_approved
        wanted = [short_day(date.fromisoformat(one)) for one in due]
        if size[0] < 120:  # the first of them, and how many more
            assert all(f"{one}," in page for one in wanted[:3])
        else:
            pane = [row.rpartition("││")[2] for row in rows if "││" in row]
            assert sum(cell.strip(" ▌").startswith(("!", "▸", "·")) for cell in pane) == len(wanted)


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.chdir(tmp_path)
    assessed(tmp_path, HELD, subject=Subject("Tool", job=JOB, requested_by="Sales", users=40))
    return House(tmp_path, capsys)


def key(folder: Path) -> Path:
    path = folder / ".key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", path], check=True)
    (folder / "allowed_signers").write_text(f"ada@example.com {Path(f'{path}.pub').read_text()}")
    return path


def again(folder: Path) -> None:
    """The review a half-year later, with both answers changed."""
    tried = (Evidence("Trial of 11 May", Grade.TESTED, date(2027, 5, 11)),)
    given = {"devices": 2, "network": 0}
    answers = {one: Answer(level=to, answered=date(2027, 5, 12), evidence=tried) for one, to in given.items()}
    assessed(folder, answers, subject=Subject("Tool", job=JOB, users=40), on=date(2027, 5, 12))


def unfound(folder: Path) -> list[str]:
    """The files of which a single changed byte is not found."""
    missed = []
    for path in sorted(
        each for part in ("assessments", "decisions", "evidence") for each in folder.rglob(f"{part}/**/*")
    ):
        if path.is_file():
            content = path.read_bytes()
            middle = len(content) // 2
            path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
            try:
                is_found = verify_workspace(Workspace(folder)).problems != ()
            except ToolvetError:
                is_found = True
            missed += [] if is_found else [path.name]
            path.write_bytes(content)
    return missed


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not here")
async def test_every_page_says_the_same_through_two_years(house: House) -> None:
    signing = ("sign", "tool", "--key", str(key(house.folder)), "--by", "Ada")
    house.run(*DECIDE, *FIRST, on="2026-11-20")
    house.run(*signing, on="2026-11-20")
    for ending in ("pdf", "docx"):
        house.run("report", "tool", "-o", f"report.{ending}", on="2026-11-21")
    assert "Signed by ada@" in house.run("report", "tool", on="2026-11-21")
    found = [await house.stand("2026-11-21")]

    (house.folder / "evidence" / "locked.txt").write_text("Locked.")
    house.run("condition", "tool", "2", "--met", "--evidence", "evidence/locked.txt", on="2027-01-10")
    house.run("condition", "tool", "1", "--move", "2027-04-30", "--why", "A month more.", on="2027-03-20")
    found += [await house.stand("2027-03-20"), await house.stand("2027-05-10")]
    events = house.run("list", "--due", "0", "--format", "ics", on="2027-05-10")
    assert date(2027, 4, 30) in calendar(events).values()
    assert "SUMMARY:Overdue: Tool: Condition due: Obtain a report." in events

    again(house.folder)
    found += [await house.stand("2027-05-13")]
    house.run("condition", "tool", "1", "--move", "2027-07-31", "--why", "In July.", on="2027-05-14")
    house.run(*DECIDE, "--rationale", "Renewed.", on="2027-05-15")
    house.run(*signing, on="2027-05-15")
    renewed = read_decision(house.folder / "decisions" / "tool" / "2027-05-15.toml").decision
    assert (renewed.approved_for.left_off, renewed.approved_for.users) == (("AI companion",), 40)
    found += [await house.stand("2027-05-16")]

    house.run("withdraw", "tool", "--why", "Breach.", on="2028-03-01")
    found += [await house.stand("2028-03-02")]
    overdue = Stand(
        "approved, 1 condition overdue",
        "2027-05-20",
        "Ask first: Tool is approved, but 1 condition is overdue.",
        ("2027-04-30", "2027-05-20", "2027-05-20"),
    )
    assert found == [
        Stand(
            *("approved, 2 conditions open", "2027-05-20", YES),
            ("2027-01-15", "2027-03-31", "2027-05-20", "2027-05-20"),
        ),
        Stand("approved, 1 condition open", "2027-05-20", YES, ("2027-04-30", "2027-05-20", "2027-05-20")),
        *(overdue, replace(overdue, state=f"{overdue.state}, under review again")),
        Stand("approved, 1 condition open", "2028-05-12", YES, ("2027-07-31", "2028-05-12")),
        Stand(
            *("withdrawn since 1 March 2028", "2028-02-29"),
            *("No longer: the approval of Tool was withdrawn on 1 March 2028.", ()),
        ),
    ]
    assert unfound(house.folder) == []
