"""A survey among the tools on Home: its row, what opens it, and what is not done with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from places import two_tools
from screens import ON, Case, inside, picture, press, until
from surveys import RUBRIC, close, pair, put, put_all, respondent
from toolvet.domain.assessment import RubricRef
from toolvet.services.assessments import Session, clock_of
from toolvet.services.editing import keep_beside
from toolvet.services.overview import Due, Row, Urgency
from toolvet.services.survey_counts import AT_ONCE, SurveyCounts
from toolvet.storage.names import number_in
from toolvet.storage.rubric_library import shipped
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.compare.screen import CompareScreen
from toolvet.tui.conflict import ConflictScreen
from toolvet.tui.home.screen import HomeScreen
from toolvet.tui.kit.dialogs import ChooseOne
from toolvet.tui.kit.report_screen import ReadinessReportScreen
from toolvet.tui.kit.text_dialogs import AskLine
from toolvet.tui.readiness.screen import NO_SURVEY, ReadinessScreen

WIDE, NARROW = (120, 36), (80, 24)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Two tools and a survey, which is the last of the list."""
    return two_tools(tmp_path / "w")


def told(app: ToolvetApp) -> list[str]:
    return [notification.message for notification in app._notifications]


def surveyed(folder: Path, count: int) -> Workspace:
    put_all(folder, [respondent({"beyond-email": pair(3, 1)}, group="it", started=ON) for _ in range(count)])
    close(folder, ON)
    return Workspace(folder)


async def counted(app: ToolvetApp) -> None:
    """Wait until no survey of the list is still to be counted."""
    screen = app.screen
    assert isinstance(screen, HomeScreen)
    await until(lambda: all(view.survey is None or view.survey.gathered or view.fault for view in screen._views))


async def test_its_row_says_who_answered_and_the_widest_gap_with_both_means(tmp_path: Path) -> None:
    app = ToolvetApp(surveyed(tmp_path / "w", 6), ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await counted(app)
        await press(pilot)
        row = inside(picture(app)[4])
        assert " ".join(row.split()).startswith("▌ Harbour Cooperative ◇ SURVEY 0 of 1 area in balance")


async def test_the_first_drawing_has_all_of_a_few_subjects(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[list[str]] = []
    take = HomeScreen._take

    def spy(screen: HomeScreen, rows: tuple[Row, ...]) -> None:
        drawn.append(sorted(row.name for row in rows))
        take(screen, rows)

    monkeypatch.setattr(HomeScreen, "_take", spy)
    monkeypatch.setattr("toolvet.tui.home.screen._AT_ONCE", 0.0)
    async with ToolvetApp(case.workspace, ON).run_test(size=NARROW) as pilot:
        await press(pilot)
    assert len(drawn[0]) == 3
    assert drawn[0] == drawn[-1]


async def test_on_a_slow_machine_the_cursor_begins_at_the_first_row_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(tmp_path / "w")
    put_all(case.workspace.root, [respondent({"beyond-email": pair(3, 1)}, started=ON)])
    monkeypatch.setattr("toolvet.tui.home.screen._AT_ONCE", 0.0)
    monkeypatch.setattr("toolvet.tui.home.screen._FEW", 0)
    monkeypatch.setattr("toolvet.tui.home.screen._STEP", 0.0)
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE) as pilot:
        await counted(app)
        await press(pilot)
        assert inside(picture(app)[4]).startswith("▌")


async def test_tools_stand_before_surveys(case: Case) -> None:
    put_all(case.workspace.root, [respondent({"beyond-email": pair(3, 1)}, started=ON)])
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert [view.survey is None for view in app.screen._views] == [True, True, False, False]


async def test_beside_the_list_stands_what_the_survey_says(tmp_path: Path) -> None:
    app = ToolvetApp(surveyed(tmp_path / "w", 6), ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await counted(app)
        await press(pilot)
        assert isinstance(app.screen, HomeScreen)
        beside = " ".join(str(app.screen.details.content).split())
    assert beside == (
        "Collaboration readiness "
        'The one area that could be measured is out of balance: "Communication and collaboration". '
        'Short: "Beyond e-mail". Over-built: nothing. '
        "6 people, 21 November 2026. Who answered: it 6. · ask again 21 Nov 2027, in 365 days"
    )


async def test_nobody_answered_yet_is_said(tmp_path: Path) -> None:
    put_all(tmp_path / "w", [respondent({}, started=ON)])
    app = ToolvetApp(Workspace(tmp_path / "w"), ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await counted(app)
        await press(pilot)
        assert any("there are no answers" in row for row in picture(app))


async def test_hundreds_of_answers_are_counted_beside_the_list(tmp_path: Path) -> None:
    app = ToolvetApp(surveyed(tmp_path / "w", AT_ONCE + 1), ON)
    async with app.run_test(size=NARROW, notifications=True):
        await until(lambda: any(f"{AT_ONCE + 1} people" in row for row in picture(app)))


@pytest.mark.parametrize("key", ["enter", "r", "v"])
async def test_its_result_is_opened(case: Case, key: str) -> None:
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "end", key)
        await until(lambda: isinstance(app.screen, ReadinessScreen))


async def test_its_report_is_opened(case: Case) -> None:
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "end", "w")
        await until(lambda: isinstance(app.screen, ReadinessReportScreen))


async def test_the_only_survey_is_opened_from_any_row(case: Case) -> None:
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "home", "v")
        await until(lambda: isinstance(app.screen, ReadinessScreen))


async def test_of_several_surveys_one_is_chosen(case: Case) -> None:
    put_all(case.workspace.root, [respondent({"beyond-email": pair(3, 1)}, started=ON)])
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "home", "v")
        await until(lambda: isinstance(app.screen, ChooseOne))


async def test_without_a_survey_it_says_how_to_ask(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "v")
        await until(lambda: told(app) == [f"✗ {NO_SURVEY}"])


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("d", "Surveys cannot be decided on; press enter to see the result."),
        ("space", "Surveys cannot be compared; press enter to see the result."),
        ("c", "Surveys cannot be compared; press enter to see the result."),
    ],
)
async def test_what_is_not_done_with_a_survey_is_told(case: Case, key: str, words: str) -> None:
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "end", key)
        await until(lambda: told(app) == [words])
        assert isinstance(app.screen, HomeScreen)


async def test_the_line_of_keys_has_only_what_works_on_a_survey(tmp_path: Path) -> None:
    put_all(tmp_path / "w", [respondent({"beyond-email": pair(3, 1)}, started=ON)] * 5)
    app = ToolvetApp(Workspace(tmp_path / "w"), ON)
    async with app.run_test(size=WIDE) as pilot:
        await counted(app)
        await press(pilot)
        keys = picture(app)[-1]
    assert keys == " enter Open  a Add  r Review  / Find  b Rubrics  : Commands  ? Help  q Quit"


async def test_the_line_of_keys_follows_from_a_tool_to_a_survey(case: Case) -> None:
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE) as pilot:
        await counted(app)
        await press(pilot, "home")
        tool = picture(app)[-1]
        await press(pilot, "end")
        survey = picture(app)[-1]
        await press(pilot, "home", "space", "end")
        marked = picture(app)[-1]
    found = [[key in keys for key in ("d Decide", "c Compare", "w Write report")] for keys in (tool, survey, marked)]
    assert found == [[True, True, True], [False, False, True], [False, True, True]]


async def test_comparing_all_leaves_the_survey_out_without_a_word(case: Case) -> None:
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "home", "c")
        await until(lambda: isinstance(app.screen, CompareScreen))
        assert told(app) == []


def test_a_closed_round_is_counted_again_where_its_rubric_was_changed(tmp_path: Path) -> None:
    asked = tmp_path / "rubrics" / f"{RUBRIC[0]}-1.0.9.toml"
    asked.parent.mkdir()
    text = (shipped("rubrics") / f"{RUBRIC[0]}.toml").read_text(encoding="utf-8")
    asked.write_text(text.replace('version = "1.1.0"', 'version = "1.0.9"'), encoding="utf-8")
    one = respondent({"beyond-email": pair(3, 1)}, started=ON)
    put_all(tmp_path, [replace(one, rubric=RubricRef(RUBRIC[0], "1.0.9"))] * 6)
    close(tmp_path, ON)
    put(tmp_path, 7, one)
    workspace = Workspace(tmp_path)
    counts = SurveyCounts(Session(workspace, clock_of(ON)))
    assert counts.count(workspace.subjects()[0]).left_out == ()
    asked.write_text(asked.read_text(encoding="utf-8").replace('title = "', 'title = "Our ', 1), encoding="utf-8")
    changed = counts.known(workspace.subjects()[0])
    assert changed is not None
    assert ["was changed since the round was closed" in words for words in changed.left_out] == [True]


def test_a_result_that_has_run_out_is_overdue_to_be_asked_again(tmp_path: Path) -> None:
    workspace = surveyed(tmp_path / "w", 6)
    later = ON.replace(year=ON.year + 2)
    view = SurveyCounts(Session(workspace, clock_of(later))).view(workspace.subjects()[0])
    assert view.due == (Due("ask again", ON.replace(year=ON.year + 1), Urgency.OVERDUE),)


def test_what_was_counted_is_counted_again_only_where_a_file_changed(tmp_path: Path) -> None:
    workspace = surveyed(tmp_path / "w", 6)
    counts = SurveyCounts(Session(workspace, clock_of(ON)))
    first = counts.known(workspace.subjects()[0])
    again = counts.known(workspace.subjects()[0])
    put(tmp_path / "w", 7, respondent({"beyond-email": pair(0, 4)}, started=ON))
    changed = counts.known(workspace.subjects()[0])
    assert first is again
    assert changed is not None
    assert changed.open.people == 1


async def test_what_differs_in_two_copies_of_somebodys_answers_is_shown_to_whoever_has_their_number(
    tmp_path: Path,
) -> None:
    workspace = surveyed(tmp_path / "w", 6)
    file = workspace.start(respondent({"beyond-email": pair(4, 0)}, group="it", started=ON), ON)
    keep_beside(workspace, file, file.assessment.with_answer("beyond-email", pair(0, 4)))
    number = number_in(file.path.stem) or ""
    app = ToolvetApp(workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await counted(app)
        await press(pilot, "end", "enter")
        assert isinstance(app.screen, AskLine)
        await press(pilot, "text:1", "enter")
        assert "These answers have another number." in " ".join(picture(app))
        assert "delivered" not in " ".join(picture(app))
        await press(pilot, "backspace", f"text:{number}", "enter")
        await until(lambda: isinstance(app.screen, ConflictScreen))
