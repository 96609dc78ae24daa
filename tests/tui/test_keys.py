"""One key, one meaning: every key that a screen declares, walked."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from shutil import copytree

import pytest

from golden_walks import EXAMPLES
from places import two_tools
from screens import ON, Case, picture, press, until
from toolvet.cli.commands import COMMANDS
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.assess.screen import AssessScreen
from toolvet.tui.decision.screen import DecisionScreen
from toolvet.tui.home.details import DueList
from toolvet.tui.home.rows import SubjectList
from toolvet.tui.kit.content import Choices, Keys
from toolvet.tui.kit.find import ELSEWHERE
from toolvet.tui.kit.help import called_too, commands_for, declared_keys, done_elsewhere, keys_of
from toolvet.tui.review.screen import ReviewScreen
from toolvet.tui.rubrics.screen import RubricsScreen
from toolvet.tui.themes import THEMES

TWO_LABELS = {
    "y": "a dialog that asks for yes or no stands over the screen, and its two answers are y and n",
    "n": "as y",
    "o": "opens what the place is about: a report, or the evidence of an answer",
    "space": "marks what is under the cursor; in a text it turns the page",
}
"""Keys with two labels, each with the reason."""


def test_every_key_has_an_id_by_which_it_can_be_configured() -> None:
    assert [(key.where, key.key) for key in declared_keys() if not key.id] == []


def test_a_key_has_one_label_wherever_it_is_shown() -> None:
    labels = defaultdict(set)
    for key in declared_keys():
        if not key.is_of_place:
            labels[key.key].add(key.label)
    two = {key: found for key, found in labels.items() if len(found) > 1 and not TWO_LABELS.get(key)}
    assert two == {}


def test_an_id_stands_for_one_label() -> None:
    labels = defaultdict(set)
    for key in declared_keys():
        if not key.is_of_place:
            labels[key.id].add(key.label)
    assert {name: found for name, found in labels.items() if len(found) > 1} == {}


def test_nothing_needs_a_function_key_or_a_key_that_terminals_keep() -> None:
    """ctrl+s and ctrl+q stop some terminals, and not every keyboard has function keys."""
    ways = defaultdict(set)
    for key in declared_keys():
        ways[(key.where, key.id)].add(key.key)
    alone = {
        where
        for where, keys in ways.items()
        if all(each in ("ctrl+s", "ctrl+q") or _is_function(each) for each in keys)
    }
    assert alone == {("ToolvetApp", "light-or-dark")}, "the palette has this one"


def _is_function(key: str) -> bool:
    return key[:1] == "f" and key[1:].isdigit()


OF_DIALOGS = {"Yes", "No", "Date it today", "Change its grade", "Change its date", "New line", "Editor", "Further down"}
"""What a dialog or a text shows in its lower edge, or that moves about in it."""
SHOWN_THERE = {
    "Raise",
    "Lower",
    "Raise by ten",
    "Lower by ten",
    "All rows",
    "Who filled it in",
    "Save",
    "More",
    "Next",
    "Previous",
}
"""What the key bar of the only places that have it shows."""


def everywhere(app: ToolvetApp) -> list[str]:
    here = called_too(keys_of(app, app.screen))
    return [key.name for key in (*here, *done_elsewhere(app, here))]


async def test_the_palette_of_home_finds_whatever_any_screen_can_do(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        await press(pilot)
        labels = {key.label for key in declared_keys() if not key.is_of_place} - OF_DIALOGS - SHOWN_THERE
        known = {*everywhere(app), *(entry[0] for entry in ELSEWHERE)}
        assert labels - known == {"Find", "Mark", "Open", "Open report", "Copy"}, (
            "these need a list with something in it"
        )


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("weights", "Compare: 4"),
        ("undo", "Assess: z"),
        ("policy", "Review: 1"),
        ("threshold", "Review: 1"),
        ("export", "toolvet export"),
        ("excel", "toolvet export"),
        ("due", "toolvet list --due 30"),
        ("sign", "Decision: P"),
        ("withdraw", "Decision: W"),
        ("waiver", "Decide: enter"),
        ("half page", "Report: 2"),
        ("pdf", "Report: w"),
        ("evidence", "Assess: e"),
        ("theme", "f9"),
        ("language", ","),
        ("settings", ","),
        ("register", "L"),
    ],
)
async def test_the_palette_of_home_finds_plain_words_and_says_where_it_is(
    tmp_path: Path, words: str, where: str
) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        await press(pilot)
        here = called_too(keys_of(app, app.screen))
        found = commands_for(words, [*here, *done_elsewhere(app, here)])
        assert where in [key.keys.removeprefix("Home: ") for key in found[:2]]


def test_the_palette_names_keys_and_commands_as_they_are() -> None:
    names = {"=": "equals_sign"}
    declared = {(key.where.removesuffix("Screen"), key.key, key.id) for key in declared_keys()}
    lists = {"Report: w": "ReportPage", "Home: enter": "SubjectList", "Decide: enter": "DecisionForm"}
    lists |= {"Decision: enter": "ConditionList", "Add: f2": "New", "Add: f3": "New", "Add: f4": "New"}
    wrong = []
    for name, _, where, key_id in ELSEWHERE:
        place, _, key = where.partition(": ")
        if not key:
            assert place.split()[1] in COMMANDS, name
        elif (lists.get(where, place), names.get(key, key), key_id) not in declared:
            wrong.append(where)
    assert wrong == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("subject", "Edit"),
        ("vendor", "Edit"),
        ("vendor", "Import"),
        ("reject", "Decide"),
        ("hold", "Decide"),
        ("approve", "Decide"),
        ("questions", "Rubrics"),
        ("ranking", "Compare"),
        ("resume", "Assess"),
    ],
)
async def test_the_palette_finds_an_action_of_the_place_by_what_people_call_it(
    tmp_path: Path, words: str, name: str
) -> None:
    app = ToolvetApp(two_tools(tmp_path).workspace, ON)
    async with app.run_test() as pilot:
        await press(pilot, "colon", f"text:{words}")
        found = app.screen._found  # type: ignore[attr-defined]
        assert (name, "Run") in [(key.name, key.verb) for key in found]


async def test_the_palette_goes_to_a_page_that_a_key_leads_to(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test() as pilot:
        await press(pilot, "colon", "text:arithmetic")
        assert "Go to" in below(app)
        await press(pilot, "enter")
        await until(lambda: isinstance(app.screen, ReviewScreen) and app.screen.page == 6)
        await press(pilot, "colon", "text:arithmetic")
        assert "Run" in below(app)


async def test_the_palette_goes_back_to_home_for_what_is_done_there(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test() as pilot:
        await press(pilot, "r")
        await until(lambda: isinstance(app.screen, ReviewScreen))
        await press(pilot, "colon", "text:rubrics", "enter")
        await until(lambda: isinstance(app.screen, RubricsScreen))


async def test_of_what_changes_something_elsewhere_the_palette_says_the_key_there(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test(notifications=True) as pilot:
        await press(pilot, "colon", "text:not found, cannot", "enter")
        await until(lambda: [each.message for each in app._notifications] != [])
        assert isinstance(app.screen, AssessScreen)
        assert [each.message for each in app._notifications] == [
            "u Unknown: Not found in the time given; then what was tried."
        ]


async def test_the_palette_copies_a_command_with_the_tool_that_is_chosen(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test() as pilot:
        await press(pilot, "colon", "text:question sheet")
        assert "Copy" in below(app)
        await press(pilot, "enter")
        await until(lambda: app.clipboard == f"toolvet questions {app.session.workspace.subject_names()[0]}")


@pytest.mark.parametrize("theme", [each.name for each in THEMES])
async def test_the_chosen_row_of_the_palette_has_the_ground_of_the_cursor(tmp_path: Path, theme: str) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        app.theme = theme
        await press(pilot, "colon")
        row = app.screen.query_one(Choices).get_component_styles("option-list--option-highlighted")
        assert row.background.hex.lower() == app.get_css_variables()["block-cursor-background"]


def below(app: ToolvetApp) -> str:
    """What the lower edge of the dialog says."""
    return str(app.screen.query_one("#dialog")._border_subtitle)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_keys_of_each_screen_lead_to_the_palette(tmp_path: Path, size: tuple[int, int]) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test(size=size) as pilot:
        for key, palette in (("", ": Commands"), ("r", ": Commands"), ("d", "Commands"), ("a", "^p Commands")):
            await press(pilot, *([key] if key else []))
            await until(lambda: palette in str(app.screen.query_one(Keys).render()))  # noqa: B023 asked at once
            await press(pilot, *(["escape"] if key else []))


async def test_a_decided_tool_names_the_key_of_its_decision_and_what_is_due_leads_there(tmp_path: Path) -> None:
    copytree(EXAMPLES, tmp_path / "w")
    app = ToolvetApp(Workspace(tmp_path / "w"), ON)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(lambda: "condition due" in "".join(picture(app)))
        subjects, due = app.screen.query_one(SubjectList), app.screen.query_one(DueList)
        named = set()
        for at in range(len(app.screen._views)):  # type: ignore[attr-defined]
            subjects.highlighted = at
            await press(pilot)
            row = app.screen._views[at]  # type: ignore[attr-defined]
            named.add((getattr(row, "decision", None) is not None, "D Decision" in picture(app)[-1]))
        assert named == {(True, True), (False, False)}
        due.focus()
        due.at = next(at for at, (_, _, _, each) in enumerate(due._due) if each.words == "condition due")
        await press(pilot, "enter")
        await until(lambda: isinstance(app.screen, DecisionScreen))


async def test_the_palette_of_home_finds_every_command(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test() as pilot:
        await press(pilot)
        here = called_too(keys_of(app, app.screen))
        said = [f"{key.name} {key.more} {key.keys}".lower() for key in (*here, *done_elsewhere(app, here))]
    found = {name for name in COMMANDS if any(re.search(rf"\b{re.escape(name)}", words) for words in said)}
    assert set(COMMANDS) - found == set()


async def test_what_the_palette_finds_elsewhere_is_told_with_the_way_there(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test(notifications=True) as pilot:
        await press(pilot, "colon", "text:undo", "enter")
        await until(lambda: [each.message for each in app._notifications] != [])
        (told,) = [each.message for each in app._notifications]
    assert told == "Undo is in Assess, key z. enter on a tool on Home opens it."


async def test_a_key_that_was_changed_is_told_as_it_now_is(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    app.set_keymap({"undo": "ctrl+u,f7", "choose": "f6"})
    async with app.run_test(notifications=True) as pilot:
        await press(pilot, "colon", "text:undo", "enter")
        await until(lambda: [each.message for each in app._notifications] != [])
        (told,) = [each.message for each in app._notifications]
    assert told == "Undo is in Assess, key ^u. f6 on a tool on Home opens it."


async def test_the_palette_lists_no_name_twice(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test() as pilot:
        await press(pilot)
        names = everywhere(app)
        assert [name for name in names if names.count(name) > 1] == []
        await press(pilot, "enter")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await press(pilot)
        names = everywhere(app)
        assert [name for name in names if names.count(name) > 1] == []
