"""Answering a survey by keyboard and mouse, looked at on the screen and in the saved file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from screens import HOSTILE, LIVE, ON, Host, hostile_rubric, inside, picture, press
from survey_case import SURVEY, SurveyCase
from toolvet.domain.assessment import Answer, Reviewer
from toolvet.domain.gaps import AnswerSide
from toolvet.services.assessments import Session, clock_of, open_assessment
from toolvet.storage.user_state import last_place
from toolvet.tui.kit.dialogs import Confirm
from toolvet.tui.survey.respondents import SurveyReviewScreen
from toolvet.tui.survey.screen import SurveyScreen
from toolvet.tui.survey.widgets import BothQuestions, TwoSidedLadder

WIDE, ROOMY, NARROW = (120, 40), (100, 30), (80, 24)


def opened(case: SurveyCase, *, read_only: bool = False) -> Host:
    opened = replace(open_assessment(case.workspace, case.file), read_only="it is decided" if read_only else None)
    return Host(lambda: SurveyScreen(Session(case.workspace, clock_of(ON)), opened))


def screen_of(app: Host) -> SurveyScreen:
    return next(screen for screen in app.screen_stack if isinstance(screen, SurveyScreen))


async def answers_after(case: SurveyCase, *keys: str, size: tuple[int, int] = WIDE) -> Mapping[str, Answer]:
    """The saved answers after these keys; what stands on the screen is the same."""
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
        assert screen_of(app).editor.assessment.answers == case.saved.answers
    return case.saved.answers


async def place_after(case: SurveyCase, *keys: str, size: tuple[int, int] = WIDE) -> tuple[str, AnswerSide]:
    """The question and the side on the screen after these keys."""
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
        return screen_of(app).navigator.at, screen_of(app).side


async def rows_after(case: SurveyCase, *keys: str, size: tuple[int, int]) -> list[str]:
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
        return picture(app)


async def test_two_digits_answer_a_question_without_a_date_or_a_name(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    assert await answers_after(case, "3", "1") == {"by-mail": Answer(expected=3, delivered=1)}
    text = case.file.path.read_text(encoding="utf-8")
    assert ("A. Reviewer" in text, "answered" in text, 'group = "staff"' in text) == (False, False, True)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (("right", "2"), Answer(delivered=2)),
        (("right", "left", "2"), Answer(expected=2)),
        (("tab", "tab", "2"), Answer(expected=2)),
        (("shift+tab", "2"), Answer(delivered=2)),
        (("down", "down", "enter"), Answer(expected=1)),
        (("down", "down", "enter", "enter"), Answer(expected=1, delivered=1)),
        (("2", "enter"), Answer(expected=2)),
        (("4",), None),
        (("3", "tab", "0"), Answer(expected=0)),
        (("3", "z", "0"), Answer(expected=0)),
        (("3", "1", "z", "2"), Answer(expected=3, delivered=2)),
        (("3", "1", "2"), Answer(expected=3, delivered=2)),
        (("3", "tab", "delete", "2"), Answer(expected=2)),
    ],
)
async def test_keys_answer_a_side(tmp_path: Path, keys: tuple[str, ...], answer: Answer | None) -> None:
    expected = {} if answer is None else {"by-mail": answer}
    assert await answers_after(SurveyCase(tmp_path / "w"), *keys) == expected


@pytest.mark.parametrize("key", ["delete", "backspace"])
async def test_clearing_takes_off_the_side_that_has_the_focus(tmp_path: Path, key: str) -> None:
    case = SurveyCase(tmp_path / "w", {"by-mail": Answer(expected=3, delivered=1, note="N")})
    assert await answers_after(case, "tab", key) == {"by-mail": Answer(expected=3, note="N")}


async def test_a_rung_given_anew_confirms_it(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w", {"by-mail": Answer(expected=3, delivered=1, confirm="reworded in 1.1.0")})
    assert await answers_after(case, "3") == {"by-mail": Answer(expected=3, delivered=1)}


async def test_what_is_to_be_answered_anew_is_said(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w", {"by-mail": Answer(expected=3, delivered=1, confirm="reworded in 1.1.0")})
    text = " ".join(" ".join(await rows_after(case, size=NARROW)).split())
    assert "to be answered again (expected 3, delivered 1, reworded in" in text


async def test_a_note_is_written(tmp_path: Path) -> None:
    assert await answers_after(SurveyCase(tmp_path / "w"), "m", "text:Often.", "enter") == {
        "by-mail": Answer(note="Often.")
    }


async def test_undo_and_redo_go_to_where_it_was(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    assert await answers_after(case, "3", "n", "2", "z", "z", "Z") == {"by-mail": Answer(expected=3)}
    assert await place_after(SurveyCase(tmp_path / "v"), "3", "n", "z") == ("by-mail", AnswerSide.EXPECTED)


async def test_next_and_previous_begin_with_what_is_expected(tmp_path: Path) -> None:
    assert await place_after(SurveyCase(tmp_path / "w"), "right", "n") == ("how-long", AnswerSide.EXPECTED)
    assert await place_after(SurveyCase(tmp_path / "v"), "n", "n", "p") == ("by-mail", AnswerSide.EXPECTED)


async def test_what_is_asked_of_other_groups_is_passed_over(tmp_path: Path) -> None:
    assert (await place_after(SurveyCase(tmp_path / "w", group="guests"), "n"))[0] == "welcome"
    rows = await rows_after(SurveyCase(tmp_path / "v"), size=WIDE)
    assert ("Welcome" in "\n".join(rows), "question 1 · 0 of 2 answered" in "\n".join(rows)) == (False, True)


async def test_another_group_is_asked_other_questions_and_loses_no_answer(tmp_path: Path) -> None:
    answers = {"welcome": Answer(expected=1)}
    case = SurveyCase(tmp_path / "w", answers, group="guests")
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "n", "f", "1")
        screen = screen_of(app)
        assert (screen.navigator.at, list(screen.navigator.route.stops), case.saved.reviewer) == (
            "by-mail",
            ["by-mail", "how-long"],
            Reviewer(group="staff"),
        )
        assert picture(app)[0].startswith(" toolvet  Survey  Harbour · staff")
        await press(pilot, "f", "3")
        assert (case.saved.reviewer, case.saved.answers) == (Reviewer(), answers)
        await press(pilot, "z", "z")
        assert (case.saved.reviewer, len(screen.navigator.route.stops)) == (Reviewer(group="guests"), 3)


async def test_where_nothing_is_asked_of_the_group_that_is_said(tmp_path: Path) -> None:
    nobody = SURVEY.replace('expected = "', 'asked_of = ["guests"]\nexpected = "').replace(
        'delivered = "How did you get in?"\nasked_of = ["guests"]', 'delivered = "How did you get in?"'
    )
    rows = await rows_after(SurveyCase(tmp_path / "w", rubric=nobody), "r", "escape", "g", size=NARROW)
    assert "nothing is asked of this group: f changes it" in "\n".join(rows)


@pytest.mark.parametrize(
    ("keys", "at"),
    [(("j",), "welcome"), (("j", "1", "j"), "by-mail"), (("j", "1", "j", "1", "j"), "welcome")],
)
async def test_open_goes_to_the_next_without_an_answer_and_then_to_sides_that_are_missing(
    tmp_path: Path, keys: tuple[str, ...], at: str
) -> None:
    case = SurveyCase(tmp_path / "w", {"how-long": Answer(delivered=1)}, group="guests")
    assert (await place_after(case, *keys))[0] == at


async def test_what_a_person_had_open_is_remembered_nowhere(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "n", "escape")
    assert last_place(case.file.path) is None


async def test_the_outline_leads_to_a_question_and_hides_no_key_it_needs(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    assert (await place_after(case, "g", "down", "enter", size=NARROW))[0] == "how-long"
    assert await answers_after(case, "g", "3", "tab", "escape", size=NARROW) == {}


async def test_a_click_on_a_column_turns_to_its_side_and_picks(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        await pilot.click(TwoSidedLadder, offset=(8, 4))
        await press(pilot)
        await pilot.click(TwoSidedLadder, offset=(2, 6))
        await press(pilot)
        await pilot.click(TwoSidedLadder, offset=(20, 2))
        await press(pilot)
    assert case.saved.answers == {"by-mail": Answer(expected=3, delivered=1)}


@pytest.mark.parametrize(("size", "at"), [(WIDE, (60, 0)), (NARROW, (4, 1))])
async def test_a_click_on_a_question_turns_to_its_side(
    tmp_path: Path, size: tuple[int, int], at: tuple[int, int]
) -> None:
    app = opened(SurveyCase(tmp_path / "w"))
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot)
        await pilot.click(BothQuestions, offset=at)
        await press(pilot)
        assert screen_of(app).side is AnswerSide.DELIVERED


async def test_at_80_columns_the_questions_stand_below_each_other_and_the_marks_side_by_side(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w", {"by-mail": Answer(expected=3, delivered=1)})
    rows = await rows_after(case, "tab", size=NARROW)
    assert [inside(row) for row in rows[2:20]] == [
        " Talking",
        " Think of: A trip with friends.",
        "",
        "   What you expect  How should work travel, at the least?",
        " ▸ What you get     How did it travel the last time?",
        "",
        "  expect    ▸get",
        "    ·     0   ·    By post.",
        "    ·     1   ● ◂  By mail.",
        "    ·     2       In a shared place.",
        "    ●     3   ·    In one that outsiders enter.",
        "",
        " Answer    both sides are answered; n goes on, tab changes the other side",
        "",
        " Check     Count the attachments.",
        "",
        "",
        "",
    ]


async def test_from_96_columns_the_questions_stand_side_by_side(tmp_path: Path) -> None:
    rows = await rows_after(SurveyCase(tmp_path / "w"), size=ROOMY)
    rows = [inside(row) for row in rows]
    at = next(index for index, row in enumerate(rows) if "What you expect" in row)
    assert [rows[at].split("  ")[-1].strip(), rows[at + 1].split("  ")[-1].strip()] == [
        "What you get",
        "How did it travel the last time?",
    ]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(expected=1, delivered=3), "both sides are answered"),
        (Answer(expected=3), "tab, then 0–3: what you get; only answers on both sides are"),
        (Answer(), "0–3: what you expect; tab, then 0–3: what you get"),
    ],
)
async def test_what_can_still_be_answered_is_said_and_no_gap(tmp_path: Path, answer: Answer, words: str) -> None:
    rows = await rows_after(SurveyCase(tmp_path / "w", {"by-mail": answer}), size=NARROW)
    assert any(words in row for row in rows)
    assert not any("▼" in row or "▲" in row for row in rows)


async def test_the_review_lists_both_rungs_and_leads_back(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w", {"by-mail": Answer(expected=3, delivered=1)})
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "r")
        reviews = isinstance(app.screen, SurveyReviewScreen)
        rows = [row.strip("┃").rstrip() for row in picture(app)[2:10]]
        await press(pilot, "down", "enter")
        assert (reviews, screen_of(app).navigator.at) == (True, "how-long")
    assert rows == [
        " 1 of 2 answered on both sides. 1 open.",
        "",
        " Talking",
        "▌ 3│1  By mail",
        "       expect 3  In one that outsiders enter.",
        "       get    1  By mail.",
        "",
        " Deciding",
    ]


async def test_a_file_saved_by_the_form_is_kept_beside_at_the_first_change(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    text = "\n".join(line for line in case.file.path.read_text().splitlines() if not line.startswith(("#", "seal")))
    case.file.path.write_text(f"# Respondent 000000000001\n{text}\n", encoding="utf-8")
    case.file = case.workspace.subject("harbour").assessments[0]
    assert await answers_after(case, "3") == {"by-mail": Answer(expected=3)}
    assert len(list(case.file.path.parent.glob("*.orig"))) == 1


async def test_a_broken_seal_is_asked_about_before_the_first_change(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w", {"by-mail": Answer(expected=3)})
    case.file.path.write_text(case.file.path.read_text().replace("expected = 3", "expected = 2"))
    case.file = case.workspace.subject("harbour").assessments[0]
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "0")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "y")
        assert screen_of(app).answer == Answer(expected=0)


async def test_one_that_a_decision_rests_on_is_only_read(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    app = opened(case, read_only=True)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "3", "m")
        assert (app.screen, screen_of(app).answer) == (screen_of(app), Answer())


@pytest.mark.parametrize("size", [WIDE, ROOMY, NARROW, (20, 6)])
async def test_foreign_text_is_shown_and_never_acted_upon(tmp_path: Path, size: tuple[int, int]) -> None:
    case = SurveyCase(
        tmp_path / "w",
        {"by-mail": Answer(expected=3, delivered=1, note=HOSTILE, confirm=HOSTILE)},
        rubric=hostile_rubric(HOSTILE, SURVEY),
        about=HOSTILE,
    )
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        for keys in ((), ("i",), ("escape", "g"), ("escape", "m"), ("escape", "r")):
            await press(pilot, *keys)
            assert not LIVE & set("".join(picture(app)))
        assert app.is_running
