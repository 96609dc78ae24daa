"""From Home, New and the command line to somebody's answers to a survey."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from screens import HOSTILE, LIVE, ON, hostile_rubric, picture, press, until
from survey_case import SURVEY, SurveyCase
from surveys import put, respondent
from toolvet.domain.assessment import Answer, Reviewer
from toolvet.storage.names import number_in
from toolvet.storage.reader import read_assessment
from toolvet.storage.survey_import import toml_string
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.assess.new import NewScreen
from toolvet.tui.home.screen import HomeScreen
from toolvet.tui.kit.dialogs import ChooseOne
from toolvet.tui.kit.text_dialogs import AskLine
from toolvet.tui.readiness.screen import ReadinessScreen
from toolvet.tui.start import Opening, Start
from toolvet.tui.survey.respondents import YourNumber
from toolvet.tui.survey.screen import SurveyScreen

WIDE, NARROW = (120, 40), (80, 24)


async def at(
    app: ToolvetApp, kind: type[Screen[Any]], pilot: Pilot[None], *, behind: Screen[Any] | None = None
) -> None:
    """Wait until such a screen, another one than that, is the one that is seen."""
    await until(lambda: isinstance(app.screen, kind) and app.screen is not behind and app.screen.is_mounted)
    await pilot.pause()


async def begun(app: ToolvetApp, *steps: tuple[type[Screen[Any]], str]) -> None:
    """Press the keys at each screen, once it is there, until a question of a survey is; that is answered with 2."""
    before: Screen[Any] | None = None
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        for kind, keys in steps:
            await at(app, kind, pilot, behind=before)
            before = app.screen
            await press(pilot, *keys.split())
        await at(app, SurveyScreen, pilot)
        screen = app.screen
        assert isinstance(screen, SurveyScreen)
        await press(pilot, "2")
        await until(lambda: screen.answer.is_given and screen.editor.keeping.is_saved(screen.editor.assessment))


def only_file(root: Path) -> Path:
    (path,) = (root / "assessments").glob("*/*.toml")
    return path


async def test_new_leads_to_a_survey_in_which_nobodys_name_is_written(tmp_path: Path) -> None:
    root = tmp_path / "w"
    app = ToolvetApp(Workspace(root), ON)
    await begun(
        app,
        (HomeScreen, "a"),
        (NewScreen, "f3"),
        (AskLine, "text:Harbour enter"),
        (ChooseOne, "2"),
        (YourNumber, "enter"),
    )
    path = only_file(root)
    saved = read_assessment(path).assessment
    assert (saved.subject.name, saved.reviewer, dict(saved.answers)) == (
        "Harbour",
        Reviewer(group="managers"),
        {"beyond-email": Answer(expected=2)},
    )
    number = number_in(path.stem)
    assert number is not None
    assert (path.parent.name, path.stem, len(number)) == ("harbour", f"{ON.isoformat()}-{number}", 12)
    everything = "".join(each.read_text(encoding="utf-8") for each in root.rglob("*") if each.is_file())
    assert "A. Reviewer" not in everything


async def test_the_number_is_shown_once_and_neither_afterwards_nor_at_the_end(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON, Start(Opening.SURVEY, name="Harbour"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        for kind, keys in ((AskLine, "enter"), (ChooseOne, "2"), (YourNumber, "")):
            await at(app, kind, pilot)
            await press(pilot, *keys.split())
        number = number_in(only_file(tmp_path).stem)
        assert number is not None
        assert any(number in row for row in picture(app))
        await press(pilot, "enter")
        await at(app, SurveyScreen, pilot)
        await until(lambda: any("without a name" in row for row in picture(app)))
        assert not any(number in row for row in picture(app))
        assert [screen.saved_words() for screen in app.screen_stack if isinstance(screen, SurveyScreen)] == [
            "Saved: Harbour"
        ]


async def test_answers_that_cannot_be_begun_are_told(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await at(app, HomeScreen, pilot)
        await press(pilot, "2")
        await at(app, AskLine, pilot)
        await press(pilot, "text:Harbour", "enter")
        await at(app, ChooseOne, pilot)
        (tmp_path / "assessments").write_text("")
        await press(pilot, "2")
        await until(lambda: any("NOT SAVED" in each.message for each in app._notifications))
        assert isinstance(app.screen, HomeScreen)


async def test_an_organisation_that_is_there_is_offered_and_nobody_has_to_name_a_group(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON)
    await begun(app, (HomeScreen, "a"), (NewScreen, "f3"), (ChooseOne, "1"), (ChooseOne, "3"), (YourNumber, "enter"))
    there = case.workspace.subject("harbour").assessments
    assert sorted((file.assessment.reviewer.group or "") for file in there) == ["", "staff"]


async def test_another_organisation_may_be_named(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON, Start(Opening.SURVEY, name="Quay"))
    await begun(
        app, (ChooseOne, "enter"), (AskLine, "enter"), (ChooseOne, "2"), (ChooseOne, "6"), (YourNumber, "enter")
    )
    assert [folder.name for folder in case.workspace.subjects()] == ["harbour", "quay"]


async def test_going_back_from_the_group_asks_for_the_organisation_again(tmp_path: Path) -> None:
    app = ToolvetApp(SurveyCase(tmp_path / "w").workspace, ON, Start(Opening.SURVEY))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await at(app, ChooseOne, pilot)
        await until(lambda: any("which organisation" in row for row in picture(app)))
        await press(pilot, "1")
        await until(lambda: any("your group" in row for row in picture(app)))
        await press(pilot, "escape")
        await until(lambda: any("which organisation" in row for row in picture(app)))
        await press(pilot, "escape")
        await until(lambda: any("Nothing was started. What next?" in row for row in picture(app)))
        await press(pilot, "3")
        await at(app, HomeScreen, pilot)


async def test_what_was_typed_about_a_tool_is_there_again_behind_a_survey(tmp_path: Path) -> None:
    app = ToolvetApp(Workspace(tmp_path / "w"), ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "a")
        await at(app, NewScreen, pilot)
        await press(pilot, "text:Calls", "f3")
        await at(app, AskLine, pilot)
        await press(pilot, "escape")
        await at(app, HomeScreen, pilot)
        await press(pilot, "a")
        await at(app, NewScreen, pilot)
        await until(lambda: any("Calls" in row for row in picture(app)))


def choices(app: ToolvetApp) -> list[str]:
    """The lines of the dialog that begin a choice."""
    found = (re.search(r"│ [ ▌](\d  [^│]*)│", row) for row in picture(app))
    return [row[1].rstrip() for row in found if row is not None]


async def test_nobody_is_shown_that_others_answered(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w", {"by-mail": Answer(expected=1)})
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter")
        await at(app, ReadinessScreen, pilot)
        await press(pilot, "a")
        await at(app, ChooseOne, pilot)
        await until(lambda: len(choices(app)) == 2)
        assert choices(app) == ["1  Answer as a new person", "2  Go on with your own answers"]
        assert not any(case.file.path.stem in row for row in picture(app))


async def test_another_person_answers_the_same_survey_about_the_same_organisation(tmp_path: Path) -> None:
    case = SurveyCase(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON, Start(Opening.SURVEY, name="harbour"))
    await begun(app, (ChooseOne, "1"), (YourNumber, "enter"))
    there = [file.assessment for file in case.workspace.subject("harbour").assessments]
    assert [(each.rubric, each.subject) for each in there] == [(case.saved.rubric, case.saved.subject)] * 2


async def test_ones_own_answers_are_gone_on_with_by_their_number(tmp_path: Path) -> None:
    path = put(tmp_path, 123456, respondent({"any-device": Answer(expected=1, delivered=2)}, group="it", started=ON))
    app = ToolvetApp(Workspace(tmp_path), ON)
    await begun(
        app,
        (HomeScreen, "enter"),
        (ReadinessScreen, "a"),
        (ChooseOne, "2"),
        (AskLine, "text:000000123456 enter"),
    )
    assert read_assessment(path).assessment.answer("beyond-email") == Answer(expected=2)


async def test_ones_own_answers_of_a_wrong_clock_are_dated_today(tmp_path: Path) -> None:
    later = date(2999, 1, 2)
    path = put(tmp_path, 123456, respondent({"any-device": Answer(expected=1, delivered=2)}, group="it", started=later))
    app = ToolvetApp(Workspace(tmp_path), ON)
    number = (AskLine, "text:000000123456 enter")
    await begun(app, (HomeScreen, "enter"), (ReadinessScreen, "a"), (ChooseOne, "2"), number)
    saved = read_assessment(path).assessment
    assert (saved.started, saved.answer("beyond-email")) == (ON, Answer(expected=2))


async def test_foreign_text_in_the_dialogs_is_shown_and_never_acted_upon(tmp_path: Path) -> None:
    rubric = hostile_rubric(HOSTILE, SURVEY).replace('groups = ["staff"', f'groups = [{toml_string(HOSTILE)}, "staff"')
    case = SurveyCase(tmp_path / "w", rubric=rubric, about=HOSTILE)
    app = ToolvetApp(case.workspace, ON, Start(Opening.SURVEY))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await at(app, ChooseOne, pilot)
        await press(pilot, "1")
        await until(lambda: any("your group" in row for row in picture(app)))
        assert not LIVE & set("".join(picture(app)))
        await press(pilot, "1")
        await at(app, YourNumber, pilot)
        await press(pilot, "enter")
        await at(app, SurveyScreen, pilot)
        assert not LIVE & set("".join(picture(app)))
