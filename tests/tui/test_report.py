"""The report is shown and written by one key each."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from textual.app import App

from report_sample import requester_report
from screens import HOSTILE, LIVE, ON, Case, Host, picture, press
from toolvet.domain.assessment import Answer
from toolvet.report.formats import ApprovalReport, ReportFormat
from toolvet.services.assessments import Session, open_tool
from toolvet.services.reports import gather
from toolvet.tui.kit.content import Trouble
from toolvet.tui.kit.outside import how_to_open
from toolvet.tui.kit.report_screen import ReportPage, ReportScreen

NARROW = (80, 24)


def opened(case: Case) -> Host:
    return Host(lambda: ReportScreen(case.session, case.opened))


@pytest.mark.parametrize(("key", "form"), [("1", "html"), ("2", "md"), ("3", "json")])
async def test_each_form_is_written_by_its_key(tmp_path: Path, key: str, form: str) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3, answered=ON)})
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "w", key)
    document = gather(Session(case.workspace, lambda: ON), open_tool(case.workspace, case.file))
    written = (tmp_path / "w" / "reports" / f"tool-business-2026-11-21.{form}").read_text(encoding="utf-8")
    assert written == ApprovalReport(document).text(ReportFormat(form))


async def test_the_half_page_for_whoever_asked_is_written(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "w", "4")
    document = gather(Session(case.workspace, lambda: ON), open_tool(case.workspace, case.file))
    written = (tmp_path / "w" / "reports" / "tool-business-2026-11-21-for-requester.md").read_text(encoding="utf-8")
    assert written == requester_report(document, ReportFormat.MARKDOWN)


async def test_it_says_where_it_was_written(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "w", "1")
        assert any("Written reports/tool-business-2026-11-21.html" in row for row in picture(app))


async def test_the_preview_shows_the_report_and_turns_to_the_half_page(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        whole = "\n".join(picture(app))
        await press(pilot, "2")
        half = "\n".join(picture(app))
    assert ("approval report" in whole, "Your request" in half) == (True, True)


async def test_a_report_that_cannot_be_written_is_told_and_stays_told(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    target = tmp_path / "w" / "reports" / "tool-business-2026-11-21.html"
    target.parent.mkdir(exist_ok=True)
    target.symlink_to(tmp_path / "elsewhere")
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "w", "1")
        assert app.screen.query_one(Trouble).has_class("-shown")
    assert not (tmp_path / "elsewhere").exists()


async def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3, note=HOSTILE, setting=HOSTILE, answered=ON)})
    app = opened(case)
    shown: list[str] = []
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await press(pilot)
        for _ in range(12):
            shown += picture(app)
            await press(pilot, "pagedown")
    assert "[@click=app.quit]x[/]" in "".join(shown)
    assert not LIVE & set("".join(shown))


@pytest.mark.parametrize(("platform", "command"), [("linux", "xdg-open"), ("darwin", "open"), ("win32", 'start ""')])
def test_how_to_open_a_report_depends_on_the_system(platform: str, command: str) -> None:
    assert how_to_open(Path("/w/reports/a b.html"), platform) == f'{command} "/w/reports/a b.html"'


async def test_without_the_extra_the_key_for_pdf_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "w", "5")
        await app.workers.wait_for_complete()
        await press(pilot)
        assert any("a PDF needs the package typst" in row for row in picture(app))


async def test_a_pdf_is_written_by_its_key(tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "w", "5")
        await app.workers.wait_for_complete()
    assert (tmp_path / "w" / "reports" / "tool-business-2026-11-21.pdf").read_bytes().startswith(b"%PDF")


async def test_find_reverses_the_lines_and_y_copies_one(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        await press(pilot, "slash", "text:must-have", "enter", "n", "y")
        rows = picture(app)
        found = list(app.screen.query_one(ReportPage).found.values())
        await press(pilot, "slash", "escape")
        assert not app.screen.query_one(ReportPage).found
    assert found
    assert all("must-have" in words.lower() for words in found)
    assert any("Copied the line: " in row for row in rows)


def shown_without_gaps(app: App[None]) -> str:
    """What the screen shows, wherever a long path makes it wrap."""
    return re.sub(r"[\s┃│]", "", "".join(picture(app)))


async def test_what_cannot_be_read_is_told_where_the_report_would_be_and_when_it_is_written(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    decisions = case.workspace.root / "decisions"
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        decisions.rename(decisions.with_name("moved"))
        decisions.touch()
        for keys in ("2", "1", "w1"):
            app.screen.query_one(Trouble).show(None)
            await press(pilot, *keys)
            assert "decisions:cannotberead" in shown_without_gaps(app)
        decisions.unlink()
        await press(pilot, "2", "1")
        assert "cannotberead" not in shown_without_gaps(app)
