"""A filled-in sheet taken in on screen: each row shown with what is here, chosen, and written once."""

from __future__ import annotations

import csv
import errno
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from screens import HOSTILE, LIVE, ON, RUBRIC, Case, hostile_rubric, picture, press, until
from toolvet.domain.assessment import Answer, Evidence, Grade, Reviewer
from toolvet.storage.toml_input import CHANGED_OUTSIDE, TEXT_CHARACTERS
from toolvet.tui.app import ToolvetApp
from toolvet.tui.home.screen import HomeScreen
from toolvet.tui.intake import IntakeScreen, typed_path
from toolvet.tui.kit.dialogs import ChooseOne, Confirm, Tell
from toolvet.tui.kit.text_dialogs import AskLine
from workspaces import decision_on

WIDE = (120, 40)
SMALL = (80, 24)
COLUMNS = ("question", "answer", "reason", "note", "source", "grade")
VENDOR: Mapping[str, Sequence[str]] = {
    "about.for": ("vendor",),
    "about.answered-by": ("Sales",),
    "does-it": ("3", "", "", "https://vendor.example/job", "tested"),
    "how-fast": ("1", "", "Two seconds."),
    "sign-in": ("9",),
}
"""A vendor's sheet: one answer that differs, one that is new, one that cannot be used."""
HERE = {"does-it": Answer(level=2, answered=ON, note="Tried it.")}


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A tool with one answer, and where the app is started."""
    monkeypatch.chdir(tmp_path)
    return Case(tmp_path / "w", HERE)


def sheet(rows: Mapping[str, Sequence[str]], name: str = "sheet.csv") -> None:
    with Path(name).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows((row, *cells) for row, cells in rows.items())


def opened(case: Case) -> ToolvetApp:
    return ToolvetApp(case.workspace, ON)


async def import_in(app: ToolvetApp, pilot: Any, name: str = "sheet.csv") -> None:
    """Ask for the file on Home, and wait for what comes then."""
    await until(lambda: bool(getattr(app.screen, "_all", ())))
    await press(pilot, "I", f"text:{name}")
    asked = app.screen
    await press(pilot, "enter")
    await until(lambda: app.screen is not asked and not isinstance(app.screen, HomeScreen))
    await press(pilot)


def shows(app: ToolvetApp, words: str) -> bool:
    return words in " ".join(" ".join(row.strip("┃│ ") for row in picture(app)).split())


def listed(app: ToolvetApp) -> list[str]:
    """The rows of the list."""
    rows = [row.strip("┃ ▌").rstrip() for row in picture(app) if row.startswith("┃")]
    return [row for row in rows if row]


def everything(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.suffix != ".lock"}


async def test_each_row_says_what_it_is_and_what_is_chosen_for_it(case: Case) -> None:
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        assert listed(app) == [
            "Different: what is here stays, unless you choose the sheet (1)",
            "● here  ○ sheet  ≠ Does it",
            "New: fills what is open, or adds to what is here (1)",
            "○ here  ● sheet  + How fast",
            "Unusable (1)",
            '✗ row 6: sign-in is "9"; answer with a rung, 0 to 4, unknown or not applicable',
        ]
        assert shows(app, "1 new, 1 different, 0 kept, 1 unusable")
        assert shows(app, "From Sales (vendor), into 2026-11-21-a-reviewer.toml")


async def test_both_sides_stand_beside_each_other_and_what_comes_of_them_below(case: Case) -> None:
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        assert shows(app, "1 Here 2 Sheet Answer level 2: Alone. Answer level 3: Alone and fast.")
        assert shows(app, "Stays as it is here")
        await press(pilot, "enter")
        assert shows(app, "After the import Answer level 3: Alone and fast.")
        assert shows(app, "proposed by Sales in sheet.csv")


async def test_what_is_new_is_written_once_and_what_differs_stays(case: Case) -> None:
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
        assert shows(app, "✓ 1 row imported. Confirm the proposed levels: enter, then j.")
    saved = case.saved
    kept = Evidence("evidence/tool-business-sheet.csv", Grade.CLAIM, ON)
    assert saved.answer("does-it") == HERE["does-it"]
    assert replace(saved.answer("how-fast"), evidence=()) == Answer(
        level=1, answered=ON, note="Two seconds.", confirm="proposed by Sales in sheet.csv"
    )
    assert [replace(each, sha256=None) for each in saved.answer("how-fast").evidence] == [kept]
    assert (case.workspace.root / kept.source).read_bytes() == Path("sheet.csv").read_bytes()


@pytest.mark.parametrize(
    ("keys", "levels"),
    [
        (("2",), [3, 1]),
        (("enter",), [3, 1]),
        (("enter", "1"), [2, 1]),
        (("2", "1"), [3, None]),
        (("A", "2"), [3, 1]),
        (("A", "3", "2"), [3, None]),
        (("2", "A", "1"), [2, 1]),
    ],
)
async def test_just_the_chosen_rows_are_written(case: Case, keys: tuple[str, ...], levels: list[int | None]) -> None:
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        await press(pilot, *keys)
        await until(lambda: isinstance(app.screen, IntakeScreen))
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
    assert [case.saved.answer(name).level for name in ("does-it", "how-fast")] == levels


async def test_a_fact_and_a_question_of_one_name_are_chosen_apart(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    case = Case(tmp_path / "w", HERE, rubric=RUBRIC.replace('"records"', '"does-it"'), scope={"does-it": "no"})
    sheet({**VENDOR, "scope.does-it": ("yes",)})
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        assert listed(app)[1:3] == ["● here  ○ sheet  ≠ Scope: Can it record?", "● here  ○ sheet  ≠ Does it"]
        await press(pilot, "2", "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
    assert (case.saved.scope, case.saved.answer("does-it")) == ({"does-it": "yes"}, HERE["does-it"])


@pytest.mark.parametrize("keys", [("escape",), ("2", "escape"), ("A", "2", "escape"), ("A", "3", "S", "escape")])
async def test_nothing_is_written_by_whoever_leaves(case: Case, keys: tuple[str, ...]) -> None:
    sheet(VENDOR)
    before = everything(case.workspace.root)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        await press(pilot, *keys)
        await until(lambda: isinstance(app.screen, HomeScreen))
    assert everything(case.workspace.root) == before


async def test_the_same_file_twice_changes_nothing(case: Case) -> None:
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        await press(pilot, "A", "2", "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
        before = everything(case.workspace.root)
        await import_in(app, pilot)
        assert shows(app, "Nothing to import: 0 new, 0 different, 2 kept, 1 unusable")
        assert "Kept as they are (2)" in listed(app)
        await press(pilot, "S")
        assert shows(app, "Nothing is chosen, so there is nothing to write.")
        await press(pilot, "escape")
        await until(lambda: isinstance(app.screen, HomeScreen))
    assert everything(case.workspace.root) == before


async def test_of_a_corrected_file_only_the_corrected_row_is_asked_about(case: Case) -> None:
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        await press(pilot, "A", "2", "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
        sheet({**VENDOR, "how-fast": ("2", "", "Two seconds.")}, "corrected.csv")
        await import_in(app, pilot, "corrected.csv")
        assert listed(app)[:2] == [
            "Different: what is here stays, unless you choose the sheet (1)",
            "● here  ○ sheet  ≠ How fast",
        ]
        assert shows(app, "0 new, 1 different, 1 kept, 1 unusable")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.csv", "does not exist"),
        ("w", "is a folder; name a file"),
        ("bomb.xlsx", "unpacks to more than 16 MiB; send only the sheets to import"),
        ("other.csv", "holds no question sheet"),
        ("quote.csv", "a quotation mark in row 2 is not closed"),
        ("survey.html", "is the form itself; open it in a browser"),
        ("other-rubric.csv", "answers other 1.0.0, but Tool Business is assessed with small"),
    ],
)
async def test_a_file_that_cannot_be_used_is_told_and_asked_for_again(case: Case, name: str, said: str) -> None:
    with zipfile.ZipFile("bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 17 * 1024 * 1024)
    Path("other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    Path("quote.csv").write_text('question,answer\n"does-it,2\n', encoding="utf-8")
    Path("survey.html").write_text("<html></html>", encoding="utf-8")
    sheet({**VENDOR, "about.rubric": ("other 1.0.0",)}, "other-rubric.csv")
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot, name)
        assert isinstance(app.screen, Tell)
        assert shows(app, said)
        await press(pilot, "enter")
        await until(lambda: isinstance(app.screen, AskLine))
        assert app.screen.query_one("#dialog-input").value == name  # type: ignore[attr-defined]
        await press(pilot, "escape")
        await until(lambda: isinstance(app.screen, HomeScreen))


async def test_where_the_workspace_cannot_be_written_the_choices_stay(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet(VENDOR)
    before = everything(case.workspace.root)
    app, there = opened(case), os.open

    def refused(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_CREAT and str(case.workspace.root) in str(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return there(path, flags, *more, **named)

    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        await press(pilot, "2")
        with monkeypatch.context() as reading_only:
            reading_only.setattr("os.open", refused)
            await press(pilot, "S")
        assert isinstance(app.screen, IntakeScreen)
        assert shows(app, "NOT SAVED")
        assert everything(case.workspace.root) == before
        assert listed(app)[1] == "○ here  ● sheet  ≠ Does it"
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
    assert case.saved.answer("does-it").level == 3


async def test_a_change_by_somebody_else_meanwhile_is_not_overwritten(case: Case) -> None:
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        case.workspace.save(case.file, case.file.assessment.with_answer("sign-in", Answer(level=1)))
        await press(pilot, "S")
        assert isinstance(app.screen, IntakeScreen)
    assert (case.saved.answer("sign-in").level, case.saved.answer("how-fast").level) == (1, None)


async def test_a_file_that_was_changed_outside_says_so_before_anything_is_chosen(case: Case) -> None:
    sheet(VENDOR)
    text = case.file.path.read_text(encoding="utf-8")
    case.file.path.write_text(text.replace("level = 2", "level = 1"), encoding="utf-8")
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        assert shows(app, f"{CHANGED_OUTSIDE}. Open it in toolvet and confirm its answers first.")
        await press(pilot, "S")
        assert isinstance(app.screen, IntakeScreen)


async def test_whose_sheet_it_is_is_asked_where_it_does_not_say(case: Case) -> None:
    sheet({"does-it": ("3",)})
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        assert isinstance(app.screen, ChooseOne)
        await press(pilot, "2", "text:Leo", "enter")
        await until(lambda: isinstance(app.screen, IntakeScreen))
        await press(pilot)
        assert shows(app, "From Leo (colleague), into a new assessment")
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
    files = case.workspace.subject("tool-business").assessments
    assert {file.assessment.reviewer: file.assessment.answer("does-it").level for file in files} == {
        Reviewer("Leo"): 3,
        Reviewer("A. Reviewer"): 2,
    }


async def test_who_sent_it_can_be_corrected_and_the_preview_follows(case: Case) -> None:
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        await press(pilot, "F", "2", "text:A. Reviewer", "enter")
        await until(lambda: shows(app, "From A. Reviewer (colleague), into 2026-11-21-a-reviewer.toml"))
        assert any("tested ·" in row for row in picture(app))
        await press(pilot, "2")
        assert shows(app, "2 of 2 chosen")
        await press(pilot, "F", "1")
        await until(lambda: shows(app, "From Sales (vendor), into 2026-11-21-a-reviewer.toml"))
        assert listed(app)[1] == "● here  ○ sheet  ≠ Does it"


async def test_the_sheet_of_another_tool_is_said_to_be_so_and_asked_about_before_it_is_written(case: Case) -> None:
    sheet({**VENDOR, "about.subject": ("Another tool",)})
    before = everything(case.workspace.root)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        assert picture(app)[1].strip() == "! The sheet is about Another tool, not Tool Business."
        await press(pilot, "S", "enter")
        assert isinstance(app.screen, IntakeScreen)
        assert everything(case.workspace.root) == before
        await press(pilot, "S", "y")
        await until(lambda: isinstance(app.screen, HomeScreen))
    assert case.saved.answer("how-fast").note


async def test_an_assessment_that_a_decision_rests_on_stays_as_it_is(case: Case) -> None:
    case.workspace.record(decision_on(case.file, case.workspace), "tool-business")
    before = case.file.path.read_bytes()
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        assert shows(app, "into a new assessment, because")
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
    assert case.file.path.read_bytes() == before
    assert len(case.workspace.subject("tool-business").assessments) == 2


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_nothing_of_a_hostile_sheet_is_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    case = Case(tmp_path / "w", HERE, rubric=hostile_rubric())
    rows = {name: (*cells[:2], HOSTILE, HOSTILE, "claim") for name, cells in VENDOR.items() if "." not in name}
    about = {"about.for": ("vendor",), "about.answered-by": (HOSTILE,), "about.subject": (HOSTILE,)}
    sheet({**about, **rows, HOSTILE: ("2",)})
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await import_in(app, pilot)
        for key in ("end", "home", "enter", "pagedown", "down", "down", "down"):
            await press(pilot, key)
            assert {*"".join(picture(app))} & LIVE == set()
        await press(pilot, "S")
        assert {*"".join(picture(app))} & LIVE == set()
        await press(pilot, "y")
        await until(lambda: isinstance(app.screen, HomeScreen))
        assert {*"".join(picture(app))} & LIVE == set()
    assert HOSTILE in (case.saved.answer("how-fast").note or "")


async def test_a_long_text_is_shown_in_full_and_one_that_no_file_takes_is_refused(case: Case) -> None:
    longest = "word " * (TEXT_CHARACTERS // 5 - 1) + "last"
    sheet({**VENDOR, "how-fast": ("1", "", longest), "sign-in": ("1", "", longest + " and more")})
    app = opened(case)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await import_in(app, pilot)
        assert f"✗ row 6: note has more than {TEXT_CHARACTERS:,} characters; shorten it" in listed(app)
        await press(pilot, "down")
        versions = app.screen.query_one("#versions")
        await press(pilot, "tab")
        while versions.scroll_offset.y < versions.max_scroll_y:
            await press(pilot, "pagedown")
        assert shows(app, "last Evidence claim")
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
    assert case.saved.answer("how-fast").note == longest


async def test_quitting_asks_where_something_was_chosen(case: Case) -> None:
    sheet(VENDOR)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        await press(pilot, "2", "q")
        assert isinstance(app.screen, Confirm)
        assert shows(app, "Nothing that you chose from sheet.csv is written yet.")
        await press(pilot, "n", "home", "down", "1", "q")
    assert case.saved.answers == HERE


async def test_what_of_another_tools_file_bears_on_no_question_is_listed(case: Case) -> None:
    control = {"Control ID": "MS.TEAMS.1.2v2", "Requirement": "No anonymous starts.", "Result": "Pass", "Details": ""}
    about = {"Tool": "ScubaGear", "ToolVersion": "1.8.0", "TimestampZulu": "2026-11-03T10:00:00Z"}
    results = {"MetaData": about, "Results": {"Teams": [{"Controls": [control]}]}}
    Path("results.json").write_text(json.dumps(results), encoding="utf-8")
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot, "results.json")
        assert listed(app)[-2:] == ["Not used (1)", "– No anonymous starts.: Pass"]
        await press(pilot, "end")
        assert shows(app, "no question of small refers to MS.TEAMS.1.2v2")


async def test_an_answer_in_words_is_listed_by_its_title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = '\n[[criteria.questions]]\nid = "contact"\nkind = "text"\ntitle = "Help desk"\ntext = "Whom do we call?"\n'
    case = Case(tmp_path / "w", HERE, rubric=RUBRIC + words)
    sheet({**VENDOR, "contact": ("Ask for Pat.",)})
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await import_in(app, pilot)
        assert "○ here  ● sheet  + Help desk" in listed(app)
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, HomeScreen))
    assert case.saved.answer("contact").note == "Ask for Pat."


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("sheet.csv", "sheet.csv"),
        ("~/sheet.csv", "{home}/sheet.csv"),
        ("'/a b/sheet.csv'", "/a b/sheet.csv"),
        ('"/a b/sheet.csv"', "/a b/sheet.csv"),
        ("/a\\ b/sheet.csv", "/a b/sheet.csv"),
        ("file:///a%20b/sheet.csv", "/a b/sheet.csv"),
        (" sheet.csv ", "sheet.csv"),
        ("file://[/sheet.csv", "file:/[/sheet.csv"),
        ("file:///a%00b", "/a%00b"),
    ],
)
def test_a_file_is_found_however_the_terminal_writes_its_path(typed: str, path: str) -> None:
    assert typed_path(typed) == Path(path.format(home=os.environ["HOME"]))
