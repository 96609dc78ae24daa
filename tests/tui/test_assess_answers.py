"""Answering questions by keyboard and mouse, looked at in the assessment and in the saved file."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assess_screen import DOCUMENT, NARROW, TESTED, WIDE, answers_after, opened
from screens import ON, RUBRIC, Case, press
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.tui.assess.question import Ladder


async def test_a_digit_picks_the_rung_on_the_day_and_it_is_saved(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "3") == {"does-it": Answer(level=3, answered=ON)}


async def test_a_digit_picks_at_80_by_24_too(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "0", size=NARROW) == {"does-it": Answer(level=0, answered=ON)}


async def test_a_digit_beyond_the_ladder_changes_nothing(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "5") == {}


@pytest.mark.parametrize("key", ["K", "3"])
async def test_one_key_confirms_what_was_carried_over(tmp_path: Path, key: str) -> None:
    carried = Answer(level=3, answered=date(2026, 11, 1), evidence=(DOCUMENT,), confirm="carried over")
    case = Case(tmp_path / "w", {"does-it": carried})
    assert await answers_after(case, key) == {"does-it": replace(carried, answered=ON, confirm=None)}


async def test_down_and_enter_pick_a_rung(tmp_path: Path) -> None:
    keys = ("down", "down", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {"does-it": Answer(level=1, answered=ON)}


async def test_enter_without_a_cursor_picks_nothing(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "enter") == {}


async def test_a_click_on_a_rung_picks_it(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        await pilot.click(Ladder, offset=(10, 4))
        await press(pilot)
    assert case.saved.answers == {"does-it": Answer(level=4, answered=ON)}


async def test_a_rung_keeps_note_setting_and_evidence(tmp_path: Path) -> None:
    before = Answer(unknown="Asked.", answered=date(2026, 1, 1), note="N", setting="S", evidence=(DOCUMENT,))
    assert await answers_after(Case(tmp_path / "w", {"does-it": before}), "2") == {
        "does-it": Answer(level=2, answered=ON, note="N", setting="S", evidence=(DOCUMENT,))
    }


async def test_unknown_is_set_at_once(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "u") == {"does-it": Answer(unknown="", answered=ON)}


async def test_unknown_takes_what_was_tried(tmp_path: Path) -> None:
    keys = ("u", "text:Asked them.", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {"does-it": Answer(unknown="Asked them.", answered=ON)}


async def test_unknown_may_be_left_without_words(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "u", "enter") == {"does-it": Answer(unknown="", answered=ON)}


@pytest.mark.parametrize("keys", [("u", "escape"), ("u", "text:Asked.", "escape", "2"), ("u", "enter", "z")])
async def test_unknown_can_be_taken_back(tmp_path: Path, keys: tuple[str, ...]) -> None:
    before = {"does-it": Answer(level=2, answered=date(2026, 1, 1))}
    assert await answers_after(Case(tmp_path / "w", before), *keys) == before


async def test_not_applicable_without_a_reason_changes_nothing(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "x", "enter", "escape") == {}


async def test_not_applicable_takes_its_reason(tmp_path: Path) -> None:
    keys = ("x", "text:Never.", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {"does-it": Answer(not_applicable="Never.", answered=ON)}


@pytest.mark.parametrize("key", ["delete", "backspace"])
async def test_clearing_leaves_the_note(tmp_path: Path, key: str) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3, answered=ON, note="N")})
    assert await answers_after(case, key) == {"does-it": Answer(note="N")}


async def test_note_and_setting_are_written(tmp_path: Path) -> None:
    keys = ("m", "text:No search.", "enter", "s", "text:Lobby on.", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {
        "does-it": Answer(note="No search.", setting="Lobby on.")
    }


async def test_an_emptied_note_is_gone(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=1, note="N")})
    assert await answers_after(case, "m", "backspace", "enter") == {"does-it": Answer(level=1)}


async def test_letters_typed_into_a_note_are_no_keys(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "m", "text:3uxz", "enter") == {"does-it": Answer(note="3uxz")}


async def test_new_evidence_takes_a_source_a_grade_by_one_key_and_today(tmp_path: Path) -> None:
    keys = ("e", "text:Manual", "enter", "3", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {
        "does-it": Answer(evidence=(Evidence("Manual", Grade.DOCUMENT, ON),))
    }


async def test_a_large_file_is_read_out_of_the_keys_way_and_then_has_its_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolvet.storage.evidence_files.LARGE", 2)
    monkeypatch.setattr("toolvet.tui.navigation.MOST_AT_ONCE", 2)
    case = Case(tmp_path / "w")
    path = tmp_path / "w" / "evidence" / "a.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"abc")
    os.utime(path, (0, 0))
    monkeypatch.setattr("toolvet.storage.evidence_files.SETTLED_NS", -1)
    answers = await answers_after(case, "e", "text:evidence/a.txt", "enter", "1", "enter", "2")
    of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert answers["does-it"].evidence[0].sha256 == of_abc
    assert answers["does-it"].level == 2


async def test_a_file_of_the_workspace_is_evidence_with_its_digest(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    (tmp_path / "w" / "evidence").mkdir(exist_ok=True)
    (tmp_path / "w" / "evidence" / "a.txt").write_bytes(b"abc")
    answers = await answers_after(case, "e", "text:evidence/a.txt", "enter", "1", "enter")
    of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert answers["does-it"].evidence == (Evidence("evidence/a.txt", Grade.TESTED, ON, of_abc),)


async def test_a_source_used_before_takes_one_key(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"sign-in": Answer(level=2, answered=ON, evidence=(DOCUMENT,))})
    answers = await answers_after(case, "e", "1")
    assert answers["does-it"] == Answer(evidence=(DOCUMENT,))


async def test_the_source_used_last_comes_first(tmp_path: Path) -> None:
    case = Case(
        tmp_path / "w",
        {
            "does-it": Answer(level=2, answered=ON, evidence=(DOCUMENT,)),
            "how-fast": Answer(level=1, answered=date(2026, 1, 1), evidence=(TESTED,)),
        },
    )
    answers = await answers_after(case, "e", "1", "j", "e", "1")  # TESTED is taken to does-it, so it comes first then
    assert answers["sign-in"] == Answer(evidence=(TESTED,))


async def test_back_from_the_grade_leads_to_the_source_as_typed(tmp_path: Path) -> None:
    keys = ("e", "text:Manua", "enter", "escape", "end", "text:l", "enter", "3", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {
        "does-it": Answer(evidence=(Evidence("Manual", Grade.DOCUMENT, ON),))
    }


async def test_back_from_the_first_source_leads_to_the_question(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "e", "escape", "2") == {"does-it": Answer(level=2, answered=ON)}


async def test_evidence_is_graded_dated_and_removed(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=2, evidence=(DOCUMENT, TESTED))})
    answers = await answers_after(case, "e", "G", "4", "T", "down", "delete", "escape")
    assert answers == {"does-it": Answer(level=2, evidence=(Evidence(DOCUMENT.source, Grade.CLAIM, ON),))}


async def test_a_date_that_is_none_is_asked_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=2, evidence=(replace(DOCUMENT, date=None),))})
    keys = ("e", "Y", "text:2 May", "enter", *["backspace"] * 5, "text:2026-05-02", "enter", "escape")
    answers = await answers_after(case, *keys)
    assert answers["does-it"].evidence == (replace(DOCUMENT, date=date(2026, 5, 2)),)


async def test_a_question_in_words_is_found_and_answered(tmp_path: Path) -> None:
    in_words = '\n[[criteria.questions]]\nid = "maker"\nkind = "text"\ntext = "Who makes it?"\n'
    case = Case(tmp_path / "w", rubric=RUBRIC + in_words)
    answers = await answers_after(case, "slash", *"maker", "enter", "text:Acme", "enter")
    assert answers == {"maker": Answer(note="Acme", answered=ON)}
