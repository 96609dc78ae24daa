"""The small questions over a screen, and that foreign text in them is only text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App
from textual.events import Key
from textual.pilot import Pilot

import toolvet.tui
from toolvet.tui import themes
from toolvet.tui.kit.dialogs import Choice, ChooseOne, Confirm, Dialog, Tell
from toolvet.tui.kit.text_dialogs import AskLine, AskText

HOSTILE = "[/] [@click=app.bell]x[/] $text \x1b]0;title\x07 \u202ex"


class Asking(App[Any]):
    """Shows one dialog and keeps its answer."""

    CSS_PATH = str(Path(toolvet.tui.__file__).with_name("toolvet.tcss"))

    def __init__(self, dialog: Dialog[Any]) -> None:
        super().__init__()
        self.register_theme(themes.DARK)
        self.theme = themes.DARK.name
        self.dialog = dialog
        self.answers: list[Any] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.answers.append)


async def answers_to(dialog: Dialog[Any], *keys: str) -> list[Any]:
    """What the dialog was dismissed with after these keys."""
    app = Asking(dialog)
    async with app.run_test(notifications=True) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
    return app.answers


async def test_a_line_is_given_with_enter_and_trimmed() -> None:
    assert await answers_to(AskLine("Name"), "space", "Z", "o", "space", "enter") == ["Zo"]


async def test_a_needed_line_keeps_the_dialog_open() -> None:
    assert await answers_to(AskLine("Name", required=True), "enter") == []


async def test_a_checked_line_keeps_the_dialog_open_until_it_is_right() -> None:
    def check(text: str) -> str | None:
        return None if text == "ab" else "Type ab."

    assert await answers_to(AskLine("Name", check=check), "a", "enter", "b", "enter") == ["ab"]


async def test_leaving_an_unchanged_line_gives_none() -> None:
    assert await answers_to(AskLine("Name", "Zoom"), "escape") == [None]


async def test_leaving_a_typed_line_asks_and_can_keep_it() -> None:
    assert await answers_to(AskLine("Name"), "Z", "escape", "1") == ["Z"]


async def test_leaving_a_typed_line_asks_and_can_drop_it() -> None:
    assert await answers_to(AskLine("Name"), "Z", "escape", "2") == [None]


async def test_leaving_a_typed_line_asks_and_can_go_on() -> None:
    assert await answers_to(AskLine("Name"), "Z", "escape", "3", "o", "enter") == ["Zo"]


async def test_a_longer_text_is_kept_with_enter_and_broken_with_ctrl_j() -> None:
    assert await answers_to(AskText("Note"), "a", "ctrl+j", "b", "enter") == ["a\nb"]


async def test_a_longer_text_goes_on_at_its_end() -> None:
    assert await answers_to(AskText("Note", "ab"), "c", "enter") == ["abc"]


async def test_confirm_takes_y() -> None:
    assert await answers_to(Confirm("Sure?", yes="Do it", no="Leave it"), "y") == [True]


async def test_a_careful_confirm_begins_with_no() -> None:
    assert await answers_to(Confirm("Sure?", yes="Do it", no="Leave it", careful=True), "enter") == [False]


async def test_going_back_from_confirm_is_no() -> None:
    assert await answers_to(Confirm("Sure?", yes="Do it", no="Leave it"), "escape") == [False]


async def test_a_digit_chooses() -> None:
    assert await answers_to(ChooseOne("Which?", [Choice(10, "ten"), Choice(20, "twenty")]), "2") == [20]


async def test_enter_takes_the_choice_that_was_set_before() -> None:
    assert await answers_to(ChooseOne("Which?", [Choice(10, "ten"), Choice(20, "twenty")], chosen=20), "enter") == [20]


async def test_hostile_text_is_shown_as_text() -> None:
    dialogs: list[Dialog[Any]] = [
        AskLine(HOSTILE, HOSTILE, text=HOSTILE, hint=HOSTILE),
        AskText(HOSTILE, HOSTILE, text=HOSTILE, hint=HOSTILE),
        Confirm(HOSTILE, HOSTILE, yes=HOSTILE, no=HOSTILE),
        ChooseOne(HOSTILE, [Choice(1, HOSTILE, HOSTILE)], text=HOSTILE),
        Tell(HOSTILE, HOSTILE),
    ]
    for dialog in dialogs:
        app = Asking(dialog)
        async with app.run_test(notifications=True) as pilot:
            await pilot.pause()
            title = app.screen.query_one("#dialog")._border_title
            assert str(title) == "[/] [@click=app.bell]x[/] $text ␛]0;title␇ <U+202E>x"
            assert not {"\x1b", "\x07", "\u202e"} & set(screen_text(pilot))


def screen_text(pilot: Pilot[Any]) -> str:
    """What is on the screen, row by row."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def test_a_second_key_typed_before_the_dialog_has_gone_leaves_nothing_else() -> None:
    app = Asking(ChooseOne("Which?", (Choice("a", "A"), Choice("b", "B"))))
    async with app.run_test() as pilot:
        await pilot.pause()
        first, second = Key("1", "1"), Key("2", "2")
        app.dialog.post_message(first)
        app.dialog.post_message(second)
        await pilot.pause()
        assert len(app.screen_stack) == 1
    assert app.answers == ["a"]
