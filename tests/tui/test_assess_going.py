"""From one question to the next: passes, the outline, undo, and where it resumes."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import OptionList

from assess_screen import NARROW, WIDE, answers_after, opened, place_after, screen_of
from screens import ON, Case, picture, press
from toolvet.domain.assessment import Answer
from toolvet.storage.user_state import last_place
from toolvet.tui.assess.outline import Outline


async def test_undo_and_redo(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "1", "2", "3", "z", "z", "Z") == {
        "does-it": Answer(level=2, answered=ON)
    }


async def test_undo_goes_to_the_question_it_changes(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "1", "n", "n", "z") == "does-it"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("1", "n", "z"), "Undone: Does it, no answer."),
        (("1", "2", "z"), "Undone: Does it, level 1."),
        (("1", "z", "Z"), "Redone: Does it, level 1."),
        (("m", "text:Seen.", "enter", "z"), "Undone: Does it, the note."),
        (("z",), "There is nothing to undo."),
    ],
)
async def test_undo_and_redo_say_what_they_changed(tmp_path: Path, keys: tuple[str, ...], said: str) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, *keys)
        assert any(said in row for row in picture(app))


async def test_next_and_previous_leave_out_what_does_not_apply(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "n", "right", "n", "p") == "how-fast"
    assert await place_after(Case(tmp_path / "v"), "n", "n", "left") == "how-fast"


async def test_j_goes_to_the_next_open_question(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"how-fast": Answer(level=1)})
    assert await place_after(case, "j") == "sign-in"


async def test_a_pass_goes_through_its_questions_only(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "l", "2", "n") == "sign-in"


async def test_a_pass_without_this_question_begins_with_its_first(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "l", "6") == "sign-in"


async def test_the_passes_say_how_many_questions_and_minutes(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", {"does-it": Answer(level=2, answered=ON)}))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "l")
        options = app.screen.query_one(OptionList).options
        words = [str(option.prompt).split("\n")[1].strip() for option in options]
    assert words == [
        "3 questions, 2 open, 10 min left",
        "2 questions, 1 open, 5 min left",
        "2 questions, 2 open, 10 min left",
        "2 questions, 10 min at most",
        "1 question, all known",
        "1 question, 1 open, 5 min left",
        "1 question, 1 open, 5 min left",
        "no questions",
    ]


async def test_an_answered_question_leaves_the_open_pass_and_next_goes_on_behind_it(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "l", "3", "2", "n") == "how-fast"


async def test_the_quickest_way_begins_with_a_must_have_and_says_when_the_verdict_is_settled(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"), at="how-fast")
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "l", "4")
        assert screen_of(app).navigator.at == "sign-in"
        await press(pilot, "0")
        assert any("Rejected: nothing that is open can change it." in row for row in picture(app))


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_outline_leads_to_a_question(tmp_path: Path, size: tuple[int, int]) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, "g", "down", "down", "enter", "2")
    assert case.saved.answers == {"sign-in": Answer(level=2, answered=ON)}


async def test_no_answering_while_the_outline_hides_the_question(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "g", "3", size=NARROW) == {}


async def test_esc_leaves_the_outline_first(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "g", "escape")
        assert app.results == []
        await press(pilot, "escape")
        assert len(app.results) == 1


async def test_a_click_in_the_outline_goes_there(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        await pilot.click(Outline, offset=(8, 5))
        await press(pilot)
        assert screen_of(app).navigator.at == "sign-in"


async def test_a_scope_fact_brings_in_its_questions(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", scope={})
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "f", "2")
        assert screen_of(app).editor.assessment.scope == {"records": "yes"}
    assert case.saved.scope == {"records": "yes"}


async def test_it_resumes_at_the_question_it_was_left_at_and_changes_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=1, answered=ON)})
    before = case.file.path.read_bytes()
    assert await place_after(case, "n", "n") == "sign-in"
    assert last_place(case.file.path) == "sign-in"
    assert await place_after(case) == "sign-in"
    assert case.file.path.read_bytes() == before


async def test_the_next_open_question_is_one_of_the_pass(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=2, answered=ON)})
    assert await place_after(case, "l", "2", "j", "j") == "sign-in"


async def test_a_question_that_no_longer_applies_makes_way_for_the_nearest(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", scope={"records": "yes"}), at="recording")
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        assert "Recording" in picture(app)[2]
        await press(pilot, "f", "1")
        assert screen_of(app).navigator.at == "sign-in"
        assert any("4 → 3 questions apply." in row for row in picture(app))


async def test_a_key_right_behind_one_that_opens_a_dialog_does_not_reach_the_screen(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        app.post_message(Key("m", "m"))
        app.post_message(Key("n", "n"))
        await press(pilot)
        assert [type(each).__name__ for each in app.screen_stack[2:]] == ["AskText"]
        assert screen_of(app).navigator.at == "does-it"
