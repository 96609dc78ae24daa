"""Rubrics and their preview: walked through, with switches, and nothing is saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens import HOSTILE, LIVE, RUBRIC, Case, Host, hostile_rubric, inside, picture, press, until
from toolvet.tui.rubrics.preview import PreviewScreen
from toolvet.tui.rubrics.screen import RubricsScreen

WIDE = (120, 40)
SMALL = (80, 24)


def rubrics(case: Case) -> Host:
    return Host(lambda: RubricsScreen(case.session))


def walk(case: Case) -> Host:
    return Host(lambda: PreviewScreen(case.session, case.workspace.rubric_texts("small", "1.0.0")[0]))


def files(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def shows(app: Host, words: str) -> bool:
    return any(words in row for row in picture(app))


async def test_the_list_says_how_large_each_is_and_where_it_lies(tmp_path: Path) -> None:
    app = rubrics(Case(tmp_path))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot)
        rows = [inside(row).strip(" ▌") for row in picture(app)]
    assert rows[2:4] == ["small 1.0.0  Small", "4 questions · 2 must-haves · rubrics/small-1.0.0.toml"]
    assert rows[4:6] == [
        "collaboration-readiness 1.1.0  Collaboration readiness",
        "survey · 24 questions · shipped with toolvet",
    ]


async def test_a_faulty_rubric_stands_below_with_its_line(tmp_path: Path) -> None:
    case = Case(tmp_path)
    (tmp_path / "rubrics" / "mine.toml").write_text(RUBRIC.replace("levels", "ladder", 1), encoding="utf-8")
    app = rubrics(case)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot, "end", "enter")
        await until(lambda: type(app.screen).__name__ == "Tell")
        assert shows(app, "This file cannot be used")
        assert shows(app, "mine.toml:")


async def test_enter_walks_through_a_rubric(tmp_path: Path) -> None:
    app = rubrics(Case(tmp_path))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot, "enter")
        await until(lambda: isinstance(app.screen, PreviewScreen))
        assert shows(app, "small 1.0.0 · rubrics/small-1.0.0.toml")
        assert shows(app, "Does it do the job?")


async def test_another_file_of_the_same_version_is_listed_and_said_not_to_be_used(tmp_path: Path) -> None:
    case = Case(tmp_path)
    mine = tmp_path / "rubrics" / "small.toml"
    mine.write_text(RUBRIC.replace("Does it do the job?", "Does it do the work?"), encoding="utf-8")
    app = rubrics(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        rows = [
            row.partition(" · ")[2].rpartition(" · ")[2].rstrip()
            for row in map(inside, picture(app))
            if "2 must-haves" in row
        ]
        assert rows[:2] == ["rubrics/small.toml  ! not used", "rubrics/small-1.0.0.toml, a kept copy"]


async def test_a_switch_shows_what_went_and_what_came(tmp_path: Path) -> None:
    app = walk(Case(tmp_path))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "f", "right")
        assert shows(app, " -    Recording")
        assert shows(app, "records: no")
        assert shows(app, "- 1 no longer asked: Recording")
        assert shows(app, "3 of 4 questions asked")
        await press(pilot, "right")
        assert shows(app, " +    Recording")
        assert shows(app, "+ 1 more asked: Recording")
        assert shows(app, "4 of 4 questions asked")
        await press(pilot, "right")
        assert shows(app, " ?    Recording")
        assert shows(app, "? 1 depends on a fact not given")


async def test_a_question_that_is_not_asked_is_passed_over_and_can_be_looked_at(tmp_path: Path) -> None:
    app = walk(Case(tmp_path))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "f", "1", "f", "n", "n", "n")
        screen = app.screen
        assert isinstance(screen, PreviewScreen)
        assert screen.navigator.at == "sign-in"
        await press(pilot, "g", "end", "enter")
        assert screen.navigator.at == "recording"
        assert shows(app, "Does not apply here.")


async def test_at_80_columns_the_facts_have_a_page_beside_the_outline(tmp_path: Path) -> None:
    app = walk(Case(tmp_path))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot)
        assert not shows(app, "· not given")
        await press(pilot, "f")
        assert shows(app, "records             · not given")
        assert shows(app, "◆ Does it")
        await press(pilot, "escape")
        assert shows(app, "Does it do the job?")


async def test_nothing_is_answered_and_nothing_is_saved(tmp_path: Path) -> None:
    case = Case(tmp_path)
    before = files(tmp_path)
    app = walk(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "down", "enter", "f", "right", "f", "n", "escape")
        assert app.results == [None]
    assert files(tmp_path) == before


async def test_reading_again_shows_what_was_changed(tmp_path: Path) -> None:
    case = Case(tmp_path)
    app = walk(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "f", "right", "f", "n")
        changed = RUBRIC.replace("How fast is it?", "How quick is it?").replace("1.0.0", "1.1.0")
        (tmp_path / "rubrics" / "small-1.0.0.toml").write_text(changed, encoding="utf-8")
        await press(pilot, "f5")
        assert shows(app, "How quick is it?")
        assert shows(app, "small 1.1.0")
        assert shows(app, "3 of 4 questions asked")
        await until(lambda: shows(app, "reworded: "))


async def test_a_file_that_became_faulty_leaves_the_text_read_before(tmp_path: Path) -> None:
    case = Case(tmp_path)
    path = tmp_path / "rubrics" / "small-1.0.0.toml"
    app = walk(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        path.write_text(RUBRIC.replace('axis = "control"', 'axis = "controll"'), encoding="utf-8")
        await press(pilot, "f5")
        line = RUBRIC.splitlines().index('axis = "control"') + 1
        assert shows(app, f"rubrics/small-1.0.0.toml:{line}: ")
        assert shows(app, "Shown as last read; the file now has 1 problem")
        assert shows(app, "Does it do the job?")
        path.write_text(RUBRIC, encoding="utf-8")
        await press(pilot, "f5")
        assert not shows(app, "Shown as last read; the file now has 1 problem")


async def test_check_tells_all_that_is_odd(tmp_path: Path) -> None:
    case = Case(tmp_path, rubric=RUBRIC.replace('"Slow."', '"So so."'))
    app = walk(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "k")
        assert shows(app, "What toolvet check says")
        assert shows(app, "warning: rubrics/small-1.0.0.toml:")


async def test_a_survey_shows_both_questions_and_switches_by_group(tmp_path: Path) -> None:
    case = Case(tmp_path)
    file = case.workspace.rubric_texts("collaboration-readiness", "1.1.0")[0]
    app = Host(lambda: PreviewScreen(case.session, file))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        assert shows(app, "Think of: A trip planned with friends.")
        assert shows(app, "Expected   At a minimum")
        assert shows(app, "Delivered  Think of your")
        await press(pilot, "f", "1")
        assert shows(app, "group: employees")
        assert shows(app, "17 of 24 questions asked")


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_hostile_text_is_shown_and_does_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    case = Case(tmp_path, rubric=hostile_rubric())
    app = rubrics(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        seen = []
        for keys in (("down", "up"), ("enter",), ("f", "right"), ("f", "n", "i"), ("escape", "k"), ("escape", "f5")):
            await press(pilot, *keys)
            seen += picture(app)
        assert app.is_running
    text = "\n".join(seen)
    assert not LIVE & set(text)
    assert HOSTILE.split(" ", maxsplit=1)[0] in text
