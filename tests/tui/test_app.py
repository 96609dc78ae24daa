"""What holds on every screen: themes, help, the palette, and each way of ending."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import pexpect
import pytest
from textual.app import App
from textual.binding import Binding
from textual.color import Color
from textual.events import Event, Key
from textual.theme import Theme
from textual.widgets import Static

import toolvet.tui
from places import two_tools
from screens import HOSTILE, LIVE, ON, PATIENCE, Case, picture, press, until
from toolvet.errors import ToolvetError, UsageError
from toolvet.storage.user_state import prefer, preferred
from toolvet.storage.workspace import Workspace
from toolvet.tui import themes
from toolvet.tui.app import ToolvetApp, run_app
from toolvet.tui.kit.help import KeyRows, commands_for, keys_of
from toolvet.tui.screen import InTurn, Place


class Trying(Place[None]):
    """A screen whose keys fail, and which counts how often its work was kept."""

    BINDINGS = [  # noqa: RUF012 Textual's own way
        Binding("e", "fail", "Fail"),
        Binding("b", "break", "Break"),
    ]

    def __init__(self, *, lost: str | None = None) -> None:
        super().__init__()
        self.kept = 0
        self.lost = lost

    def compose(self) -> Any:
        yield Static("trying")

    def action_fail(self) -> None:
        raise ToolvetError(HOSTILE)

    def action_break(self) -> None:
        raise RuntimeError("a bug")

    def keep_work(self) -> None:
        self.kept += 1

    def would_be_lost(self) -> str | None:
        return self.lost

    def saved_words(self) -> str | None:
        return "Saved: everything"


TEXT_CONTRAST = {theme.name: 7.0 if theme is themes.CONTRAST else 4.5 for theme in themes.THEMES}
"""The least contrast of text in each theme; WCAG 2.2 asks for 4.5 (AA) or 7 (AAA)."""

TEXT_COLOURS = (
    "text",
    "text-muted",
    "text-disabled",
    "text-primary",
    "text-secondary",
    "text-success",
    "text-warning",
    "text-error",
    "text-conditions",
    "footer-key-foreground",
    "footer-description-foreground",
)
"""The colours of text."""

GROUNDS = (
    "background",
    "surface",
    "panel",
    "block-cursor-background",
    "block-cursor-blurred-background",
    "block-hover-background",
    "footer-background",
)
"""The backgrounds of text."""


OTHER_PAIRS = (
    ("block-cursor-foreground", "block-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("text", "input-selection-background"),
    ("input-cursor-foreground", "input-cursor-background"),
    ("link-color", "background"),
    ("link-color-hover", "link-background-hover"),
)
"""Text that has one ground only."""

FOCUS_COLOURS = ("primary", "footer-key-foreground")
"""What shows where the focus is; at least 3:1 on every ground."""

RINGS = ("ring", "border", "border-blurred", "scrollbar", "scrollbar-hover", "scrollbar-active")
RING_GROUNDS = ("background", "surface", "panel", "block-cursor-blurred-background", "block-hover-background")
"""What rings, tracks and scrollbars are drawn on, at 3:1 or more."""


def shades(theme: Theme) -> dict[str, Color]:
    values = {**theme.to_color_system().generate(), **theme.variables}  # a colour of our own is in the second alone
    return {name: Color.parse(value) for name, value in values.items() if value[:1] == "#"}


def weak(theme: Theme, pairs: Iterable[tuple[str, str]], least: float) -> set[tuple[str, str]]:
    colours = shades(theme)
    return {pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < least}


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_every_text_colour_can_be_read_on_every_ground(theme: Theme) -> None:
    pairs = [*product(TEXT_COLOURS, GROUNDS), *OTHER_PAIRS]
    assert weak(theme, pairs, TEXT_CONTRAST[theme.name]) == set()


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_focus_rings_and_scrollbars_have_a_contrast_of_3(theme: Theme) -> None:
    pairs = [*product(FOCUS_COLOURS, GROUNDS), *product(RINGS, RING_GROUNDS)]
    assert weak(theme, pairs, 3) == set()


def test_no_screen_uses_a_colour_whose_contrast_is_not_measured() -> None:
    folder = Path(toolvet.tui.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".py", ".tcss")]
    used = {name for text in texts for name in re.findall(r"\$([a-z][a-z-]+)", text)}
    pairs = {name for pair in OTHER_PAIRS for name in pair}
    measured = {*TEXT_COLOURS, *GROUNDS, *FOCUS_COLOURS, *RINGS, *pairs}
    assert used - measured == {"foreground"}, "which is the same as text"


def contrast(one: Color, other: Color) -> float:
    """The ratio of WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Color) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("said", "theme"), [("15;0", "toolvet-dark"), ("0;15", "toolvet-light"), ("", "toolvet-dark")])
def test_the_theme_suits_the_ground_that_the_terminal_names(said: str, theme: str) -> None:
    assert themes.theme_for({"COLORFGBG": said}) == theme


async def test_f9_goes_through_the_themes(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        seen = [app.theme]
        for _ in range(3):
            await press(pilot, "f9")
            seen.append(app.theme)
    assert seen == ["toolvet-dark", "toolvet-light", "toolvet-contrast", "toolvet-dark"]


async def test_the_theme_that_was_chosen_is_there_again(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        await press(pilot, "f9")
    assert ToolvetApp(Workspace(tmp_path), ON).theme == app.theme


def test_a_theme_that_there_is_no_more_is_not_taken() -> None:
    prefer("theme", "toolvet-sepia")
    assert themes.chosen_theme("auto", preferred("theme")) is None
    assert themes.theme_for({"COLORFGBG": "0;15"}) == "toolvet-light"


async def test_the_palette_has_every_action_of_the_place(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test() as pilot:
        await press(pilot)
        commands = {key.name for key in keys_of(app, app.screen)}
        names = {
            "Open",
            "Open report",
            "Add",
            "Review",
            "Decide",
            "Write report",
            "Compare",
            "Mark",
            "Readiness",
            "Rubrics",
            "Migrate",
            "Import",
        }
        more = {"Sort", "Find", "Copy", "Read again", "Help", "Quit", "Commands", "Settings", "Suspend"}
        assert commands == names | more | {"Next theme", "Decision", "Edit", "Write register", "Import"}


async def test_help_finds_a_key_by_what_it_does(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "question_mark", "slash", "text:compare")
        found = "\n".join(picture(app))
        await press(pilot, "escape")
        whole = "\n".join(picture(app))
    assert "Compare" in found
    assert "Answer its questions" not in found
    assert "Answer its questions" in whole


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (61, 50)])
async def test_in_the_help_what_a_key_does_hangs_beside_its_name(tmp_path: Path, size: tuple[int, int]) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "question_mark")
        rows = app.screen.query_one(KeyRows)
        lines = str(rows.render()).split("\n")
        keys = max(line.index("Commands") for line in lines if "Commands" in line and line.startswith(":"))
        assert max(map(len, map(str.rstrip, lines))) <= rows.size.width
        listed = lines[lines.index("Everywhere") : lines.index("", lines.index("Everywhere"))]
        assert [line for line in listed if line.startswith(" ") and line[:keys].strip()] == []


async def test_where_there_is_room_the_help_does_not_scroll(tmp_path: Path) -> None:
    app = ToolvetApp(two_tools(tmp_path).workspace, ON)
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, "question_mark")
        assert app.screen.query_one("#key-list").max_scroll_y == 0


async def test_a_command_of_the_palette_runs(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        before = app.theme
        await press(pilot, "colon", "text:next theme", "enter")
        await until(lambda: app.theme != before)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("re", ["Review", "Readiness", "Read again"]),
        ("sort", ["Sort"]),
        ("withdraw", ["Decision"]),
        ("import sheet", ["Import"]),
    ],
)
async def test_the_palette_finds_names_first_and_then_what_an_action_does(
    tmp_path: Path, words: str, names: list[str]
) -> None:
    app = ToolvetApp(two_tools(tmp_path).workspace, ON)
    async with app.run_test() as pilot:
        await press(pilot)
        found = [key.name for key in commands_for(words, keys_of(app, app.screen))]
        assert found[: len(names)] == names
        assert "Compare" not in found


async def test_the_palette_goes_by_letters_where_no_action_says_the_words(tmp_path: Path) -> None:
    app = ToolvetApp(two_tools(tmp_path).workspace, ON)
    async with app.run_test() as pilot:
        await press(pilot)
        assert "Compare" in [key.name for key in commands_for("cmpr", keys_of(app, app.screen))]


async def test_help_says_of_every_key_in_our_own_words_what_it_does(tmp_path: Path) -> None:
    app = ToolvetApp(two_tools(tmp_path).workspace, ON)
    async with app.run_test() as pilot:
        await press(pilot, "a")
        assert {key.name: key.more for key in keys_of(app, app.screen)}["Quit"] == "End toolvet and say what is saved."


async def test_help_lists_the_keys_of_the_place(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test(size=(120, 60)) as pilot:
        await press(pilot)
        keys = [(key.keys, key.name) for key in keys_of(app, app.screen)]
        await press(pilot, "question_mark")
        shown = "\n".join(picture(app))
        assert [name for _, name in keys if name not in shown] == []


async def test_esc_on_home_does_not_quit(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        await press(pilot, "escape", "escape")
        assert app.is_running


async def test_a_second_esc_typed_before_a_screen_has_gone_leaves_the_one_below(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        below, above = Trying(), Trying()
        await app.push_screen(below)
        await app.push_screen(above)
        above.action_back()
        above.action_back()
        await pilot.pause()
        assert app.screen is below


async def test_q_ends_and_says_what_is_saved(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    place = Trying()
    async with app.run_test() as pilot:
        app.push_screen(place)
        await press(pilot, "q")
        said = [str(renderable) for renderable in app._exit_renderables]
    assert (place.kept, said, app.return_code) == (1, ["Saved: everything"], 0)


async def test_q_asks_first_where_something_would_be_lost(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        app.push_screen(Trying(lost="A draft would be lost."))
        await press(pilot, "q")
        assert any("A draft would be lost." in row for row in picture(app))
        await press(pilot, "n")
        assert app.is_running


async def test_a_problem_in_an_action_is_told_and_made_visible(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        app.push_screen(Trying())
        await press(pilot, "e")
        assert [notice.message[:2] for notice in app._notifications] == ["✗ "]
        assert not LIVE & set("".join(picture(app)))


async def test_a_bug_ends_the_app_with_the_work_kept_and_nothing_printed(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    place = Trying()
    with pytest.raises(RuntimeError, match="a bug"):  # noqa: PT012 the test's own app raises it again at its end
        async with app.run_test() as pilot:
            app.push_screen(place)
            await press(pilot, "b")
    assert (place.kept, str(app.bug), app.return_code, app._exit_renderables) == (1, "a bug", 1, [])


async def test_a_signal_keeps_the_work_and_ends_with_its_status(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    place = Trying(lost="A draft.")
    async with app.run_test() as pilot:
        app.push_screen(place)
        await press(pilot)
        app.end_by_signal(signal.SIGTERM)
    assert (place.kept, app.return_code) == (1, 143)


def test_without_a_terminal_it_says_what_to_do_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="--plain"):
        run_app(Workspace(tmp_path), ON)


ENTERED = r"\x1b\[\?1049h"
RUN = """
import sys
from datetime import date
from pathlib import Path
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import run_app
sys.exit(run_app(Workspace(Path(sys.argv[1])), date(2026, 11, 21)))
"""


@pytest.mark.parametrize("shown", [ENTERED, "Business"], ids=["as soon as it is ours", "with a screen on it"])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_real_terminal_is_restored_after_a_signal(tmp_path: Path, number: int, status: int, shown: str) -> None:
    case = Case(tmp_path / "w")
    child = pexpect.spawn(
        sys.executable,
        ["-c", RUN, str(case.workspace.root)],
        dimensions=(24, 80),
        env={**os.environ, "TERM": "xterm-256color"},
        timeout=PATIENCE,
    )
    child.expect(shown)
    child.kill(number)
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, "1049l" in str(child.before)) == (status, True)


class Gone(Static, can_focus=True):
    """A widget as it is while it is removed: it takes what is to follow a key, and never calls it."""

    def call_later(self, callback: Any, *arguments: Any, **options: Any) -> bool:
        is_of_a_turn = getattr(callback, "__func__", None) is InTurn._follow
        return True if is_of_a_turn else super().call_later(callback, *arguments, **options)


class Typing(App[None]):
    """Takes keys in turn and keeps when each was passed on."""

    def __init__(self) -> None:
        super().__init__()
        self.passed: list[str] = []
        self.in_turn = InTurn(self, self._pass_on)

    def compose(self) -> Any:
        yield Gone("gone")

    async def _pass_on(self, event: Event) -> None:
        assert isinstance(event, Key)
        self.passed.append(event.key)
        if event.key == "b":
            self.set_focus(None)


async def test_a_key_whose_widget_is_gone_holds_up_the_next_only_for_a_moment() -> None:
    app = Typing()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.focused, Gone)
        for key in "abc":
            await app.in_turn.take(Key(key, key))
        assert app.passed == ["a"]
        await until(lambda: app.passed == ["a", "b", "c"])
