"""What is typed in a dialog is saved while it is typed, and is one step to undo; thrown away, all is as it was."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from textual.events import Paste

from places import PLACES, all_there_is
from screens import ON, RUBRIC, Case, Host, picture, press, until
from toolvet.domain.assessment import Answer, Evidence
from toolvet.storage.user_state import Unfinished
from toolvet.tui.app import ToolvetApp
from toolvet.tui.assess.screen import AssessScreen
from toolvet.tui.kit.content import FULL
from toolvet.tui.kit.dialogs import SOON
from toolvet.tui.kit.text_dialogs import AskFields, AskLine, AskText

ANSWER = Answer(level=2, answered=ON, note="Before.")


def opened(case: Case) -> Host:
    return Host(lambda: AssessScreen(case.session, case.opened, start_at="does-it"))


def saved(case: Case) -> Answer:
    return case.saved.answer("does-it")


def test_saving_begins_so_soon_that_half_a_second_is_enough() -> None:
    assert SOON <= 0.5 / 2


async def test_a_note_is_saved_while_it_is_typed(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": ANSWER})
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "m", "text:more")
        await until(lambda: saved(case).note == "Before.more")


async def test_an_unbroken_run_of_keys_does_not_put_saving_off(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "m")
        for _ in range(100):
            await pilot.press("a")
            await asyncio.sleep(0.02)
            if saved(case).note:
                return
    raise AssertionError("it was not saved before the typing ended")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("m", Answer(note="ab")),
        ("s", Answer(setting="ab")),
        ("u", Answer(unknown="ab", answered=ON)),
        ("e", Answer(evidence=(Evidence("ab", date=ON),))),
    ],
)
async def test_every_text_is_saved_while_it_is_typed(tmp_path: Path, key: str, expected: Answer) -> None:
    case = Case(tmp_path / "w")
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, key, "text:ab")
        await until(lambda: saved(case) == expected)


async def test_what_was_typed_and_thrown_away_is_gone_from_the_file(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": ANSWER})
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "m", "text:more")
        await until(lambda: saved(case).note == "Before.more")
        await press(pilot, "escape", "2")
        await until(lambda: saved(case) == ANSWER)


def half(case: Case, what: str) -> dict[str, str]:
    """What is half typed about the question and does not count yet."""
    place = Unfinished(case.workspace.root, f"{what} does-it", path=case.workspace.relative(case.file.path))
    return place.left().texts("texts")


async def test_half_a_reason_does_not_count_and_is_taken_up_where_the_app_was_ended(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": ANSWER})
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "x", "text:ab")
        await until(lambda: half(case, "not applicable") == {"text": "ab"})
    assert saved(case) == ANSWER
    app = opened(case)
    async with app.run_test(notifications=True) as pilot:
        await press(pilot)
        assert app.told == ["You were typing why this is not applicable: press x to go on."]
        await press(pilot, "x", "text:c", "enter")
        await until(lambda: saved(case).not_applicable == "abc")
    assert (saved(case).level, half(case, "not applicable")) == (None, {})


async def test_half_a_reason_thrown_away_is_not_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": ANSWER})
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "x", "text:ab")
        await until(lambda: half(case, "not applicable") == {"text": "ab"})
        await press(pilot, "escape", "2")
    assert (saved(case), half(case, "not applicable")) == (ANSWER, {})


async def test_half_a_date_of_evidence_is_taken_up_where_the_app_was_ended(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": replace(ANSWER, evidence=(Evidence("Try"), Evidence("Ask")))})
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "e", "Y", "text:2026-1")
        await until(lambda: half(case, "date of Try,") == {"text": "2026-1"})
    app = opened(case)
    async with app.run_test(notifications=True) as pilot:
        await press(pilot, "e", "down", "Y")
        assert isinstance(app.screen, AskLine)
        assert app.screen.typed == ""
        await press(pilot, "escape", "up", "Y", "text:1-21", "enter", "escape")
    assert [evidence.date for evidence in saved(case).evidence] == [date(2026, 11, 21), None]
    assert half(case, "date of Try,") == {}


async def test_a_typed_text_is_one_step_to_undo(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": ANSWER})
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "m", "text:one")
        await until(lambda: saved(case).note == "Before.one")
        await press(pilot, "text:two")
        await until(lambda: saved(case).note == "Before.onetwo")
        await press(pilot, "enter", "z")
        await until(lambda: saved(case) == ANSWER)


async def test_a_text_that_is_full_takes_no_more_and_says_so_once(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": replace(ANSWER, note="x" * 19_998)})
    app = opened(case)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await press(pilot, "m", "text:abcd")
        assert isinstance(app.screen, AskText)
        assert app.screen.typed == "x" * 19_998 + "ab"
        assert app.told == [FULL]
        assert "0 of 20,000 characters left." in " ".join(" ".join(picture(app)).split())
        await until(lambda: saved(case).note == "x" * 19_998 + "ab")


@pytest.mark.parametrize("pasted", ["y" * 1_000_000, "y\n" * 500_000])
async def test_a_paste_that_does_not_fit_is_not_cut_but_refused(tmp_path: Path, pasted: str) -> None:
    case = Case(tmp_path / "w", {"does-it": ANSWER})
    app = opened(case)
    async with app.run_test(notifications=True) as pilot:
        await press(pilot, "m")
        app.post_message(Paste(pasted))
        await until(lambda: app.told == [FULL])
        assert isinstance(app.screen, AskText)
        assert app.screen.typed == "Before."
        await press(pilot, "escape", "e")
        app.post_message(Paste(pasted))
        await until(lambda: app.told == [FULL, FULL])
        assert isinstance(app.screen, AskLine)
        assert app.screen.typed == ""


async def test_all_lines_of_a_paste_stand_on_the_one_line_of_a_field(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(notifications=True) as pilot:
        await press(pilot, "e")
        app.post_message(Paste("one\r\ntwo\nthree\n"))
        await until(lambda: [each.source for each in saved(case).evidence] == ["one two three"])


async def test_a_full_text_can_be_shortened_and_changed(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": replace(ANSWER, note="x" * 20_000)})
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "m", "text:a", "backspace", "text:b", "enter")
        await until(lambda: saved(case).note == "x" * 19_999 + "b")


async def test_a_source_taken_back_is_gone_from_the_file(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": ANSWER})
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "e", "text:ab")
        await until(lambda: saved(case).evidence != ())
        await press(pilot, "escape", "2")
        await until(lambda: saved(case) == ANSWER)


async def test_facts_are_saved_as_they_are_given(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", scope={})
    rubric = case.rubric
    async with opened(case).run_test(notifications=True) as pilot:
        assert len(rubric.scope) == 1
        await press(pilot, "f", "2")
        await until(lambda: dict(case.saved.scope) == {"records": "yes"})


async def test_an_answer_in_words_is_saved_while_it_is_typed(tmp_path: Path) -> None:
    in_words = '\n[[criteria.questions]]\nid = "maker"\nkind = "text"\ntext = "Who makes it?"\n'
    case = Case(tmp_path / "w", rubric=RUBRIC + in_words)
    async with opened(case).run_test(notifications=True) as pilot:
        await press(pilot, "slash", *"maker", "enter", "text:Acme")
        await until(lambda: case.saved.answer("maker") == Answer(note="Acme", answered=ON))
        await press(pilot, "escape", "2")
        await until(lambda: "maker" not in case.saved.answers)


TOLERATES = ("D", "2", "text:Sales", "enter", "enter", "text:Old")
CHANGES = ("E", "enter", "text:Calls")


@pytest.mark.parametrize(
    ("keys", "field", "text", "end", "told"),
    [
        (TOLERATES, "why", "Old", ("enter", "end", "enter", "enter", "enter", "enter"), "Tolerated until"),
        (CHANGES, "job", "Calls", (*["enter"] * 11, "text:Ada", "enter"), "Saved:"),
    ],
)
async def test_fields_that_were_half_typed_are_offered_again_until_they_are_saved(
    tmp_path: Path, keys: tuple[str, ...], field: str, text: str, end: tuple[str, ...], told: str
) -> None:
    case = Case(tmp_path / "w")
    kept = Path(os.environ["XDG_STATE_HOME"], "toolvet", "unfinished")
    async with ToolvetApp(case.workspace, ON).run_test(size=(120, 40), notifications=True) as pilot:
        await press(pilot, *keys)
        await until(lambda: any(text in file.read_text() for file in kept.glob("*.json")))
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await press(pilot, *[key for key in keys if key in ("D", "E", "2")], *["enter"] * (keys[0] == "E"))
        await until(lambda: isinstance(app.screen, AskFields))
        assert isinstance(app.screen, AskFields)
        assert app.screen.typed[field] == text
        await press(pilot, *end)
        await until(lambda: told in "\n".join(picture(app)))
    assert list(kept.glob("*.json")) == []


async def test_a_signature_that_was_half_typed_is_offered_again(tmp_path: Path) -> None:
    case = all_there_is(tmp_path / "w")
    opens = (*PLACES["DecisionScreen"], "P")
    kept = Path(os.environ["XDG_STATE_HOME"], "toolvet", "unfinished")
    async with ToolvetApp(case.workspace, ON).run_test(size=(120, 40)) as pilot:
        await press(pilot, *opens, "down", "down", "text:Held")
        await until(lambda: any('"note": "Held"' in file.read_text() for file in kept.glob("*.json")))
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, *opens)
        await until(lambda: isinstance(app.screen, AskFields) and app.screen.typed["note"] == "Held")
