"""The Readiness screen: what docs/readiness.md works by hand, page by page, and nothing that is withheld."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from places import two_tools
from screens import HOSTILE, LIVE, Host, hostile_rubric, inside, picture, press, until
from surveys import HARBOUR, close, pair, put, put_all, respondent, twelve
from toolvet.cli.main import main
from toolvet.report.formats import ReportFormat
from toolvet.report.survey.document import ReadinessReport
from toolvet.services.assessments import Session, clock_of
from toolvet.services.survey_counts import AT_ONCE
from toolvet.services.survey_rounds import gather_folder
from toolvet.storage.workspace import Workspace
from toolvet.tui.kit.dialogs import ChooseOne
from toolvet.tui.kit.report_screen import ReadinessReportScreen
from toolvet.tui.readiness.question import OneGapScreen
from toolvet.tui.readiness.screen import ReadinessScreen

ON = date(2026, 11, 20)
NARROW, WIDE, HIGH = (80, 24), (120, 40), (120, 100)


@pytest.fixture
def organisation(tmp_path: Path) -> Workspace:
    """The twelve people of docs/readiness.md."""
    (tmp_path / "answers.csv").write_text(twelve(), encoding="utf-8")
    root = tmp_path / "w"
    root.mkdir()
    arguments = ["readiness", "--import", str(tmp_path / "answers.csv"), "--organisation", HARBOUR]
    assert main([*arguments, "--workspace", str(root)]) == 0
    close(root, ON)
    return Workspace(root)


def opened(workspace: Workspace, on: date = ON) -> Host:
    return Host(lambda: ReadinessScreen(Session(workspace, clock_of(on)), workspace.subjects()[0]))


def rows(app: Host) -> list[str]:
    """The rows that hold something, without what leads and ends them."""
    held = (inside(row) for row in picture(app) if row[:1] not in "┏┗╭╰")
    return [stripped for row in held if (stripped := row.strip(" ▌▂▃▄▅▆▇█▁"))]


def row_of(app: Host, words: str) -> str:
    return next(row for row in rows(app) if row.startswith(words))


async def everything(pilot: Pilot[None], app: Host) -> str:
    """All that can be read on any page and of any question, where the terminal is high enough for each."""
    seen: list[str] = []
    for page in "12345":
        await press(pilot, page)
        seen += picture(app)
    await press(pilot, "2", "enter")
    assert isinstance(app.screen, OneGapScreen)
    first = app.screen.question
    seen += picture(app)
    await press(pilot, "n")
    while app.screen.question is not first:
        seen += picture(app)
        await press(pilot, "n")
    await press(pilot, "escape")
    return "\n".join(seen)


@pytest.mark.parametrize("columns", [94, 100])
async def test_no_word_is_hidden_under_the_bar_of_a_long_page(organisation: Workspace, columns: int) -> None:
    app = opened(organisation)
    async with app.run_test(size=(columns, 24)) as pilot:
        await press(pilot, "4", "5")  # from a page without a bar
        words = " ".join(" ".join(rows(app)).split())
        assert "the gap is delivered minus expected. The spread" in words


async def test_it_begins_with_what_is_in_balance_and_what_is_not(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        assert rows(app)[2:11] == [
            '1 of 3 areas in balance. Out of balance: "Decision making" and',
            '"Communication and collaboration".',
            "12 people, 2 November 2026 to 9 November 2026. Who answered: employees 6,",
            "managers 6.",
            "✗ Decision making         ──────●○─  3.00 of 3.50, -0.50 ≈ near, 1/6",
            "✗ Communication and col…  ────○●───  2.58 of 2.04, +0.54 ✓ sweet spot, 2/5",
            "✓ Expectations            ──────◉──  3.25 of 2.83, +0.42 ✓ sweet spot, 1/8",
            "– Productivity            no gap can be shown",
            "1/6: over 1 of the area's 6 questions.",
        ]


async def test_what_is_short_stands_with_both_means_and_its_rungs(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        shown = rows(app)
        at = shown.index("Short: a whole rung is missing")
        assert shown[at + 1 : at + 6] == [
            "▼  Beyond e-mail  expected 2.75, delivered 1.67 of 4, 12 people",
            'Delivered is nearest to "Shared space inside the team, mail across teams." (rung 2 of 4); '
            'expected is "Shared',
            'space across teams; mail only for outsiders." (rung 3 of 4).',
            "Over-built: more than people ask for; look at what it costs",
            "▲  Any device  expected 1.33, delivered 3.50 of 4, 12 people",
        ]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (NARROW, "Beyond e-mail           ───●━━○──       2.75       1.67  -1.08 ▼ short"),
        (
            WIDE,
            "Beyond e-mail                     ────────────●━━━━━━○─────────        2.75        1.67  -1.08 ▼ short",
        ),
    ],
)
async def test_a_question_is_a_dumbbell_with_its_figures(
    organisation: Workspace, size: tuple[int, int], words: str
) -> None:
    app = opened(organisation)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, "2")
        assert row_of(app, "Beyond e-mail").startswith(words)


async def test_the_question_at_the_cursor_is_described_by_its_rungs(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "2", "down", "up", "home")
        assert rows(app)[-5:-1] == [
            '○ Expected 3.50, 6 people: nearest to "One, live." (rung 4 of 4)',
            '● Delivered 3.00, 6 people: nearest to "One, as of a past date." (rung 3 of',
            "4)",
            "Gap -0.50 ≈ near (6 people): almost enough; leave it and ask again",
        ]


async def test_one_group_is_shown_by_itself(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "l", "2")
        assert row_of(app, "Beyond e-mail") == "Beyond e-mail           ───●━━○──       3.00       1.33  -1.67 ▼ short"
        assert any("employees (6)  ○ expected  ● delivered  ◉ both" in row for row in picture(app))
        assert row_of(app, "One live figure") == f"One live figure{'not asked':>51}"


async def test_everybody_is_shown_again(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "l", "2", "l", "1")
        assert row_of(app, "Beyond e-mail") == "Beyond e-mail           ───●━━○──       2.75       1.67  -1.08 ▼ short"


async def test_two_groups_stand_side_by_side(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "3")
        shown = rows(app)
        at = shown.index(row_of(app, "Beyond e-mail"))
        assert [" ".join(row.split()) for row in shown[at - 1 : at + 1]] == [
            "Communication and collaboration 2/4 2.17 2.50 +0.33 ✓ sweet spot 2/4 1.92 2.67 +0.75 ✓ sweet spot",
            "Beyond e-mail ───●━━━○── 3.00 1.33 -1.67 ▼ short ────●━○─── 2.50 2.00 -0.50 ≈ near",
        ]


async def test_with_two_groups_the_key_makes_them_change_sides(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "3", "l")
        assert rows(app)[2].split() == ["managers", "(6)", "employees", "(6)"]


async def test_of_three_groups_two_are_chosen(tmp_path: Path) -> None:
    answers = {"beyond-email": pair(3, 1)}
    groups = ("employees", "managers", "it")
    put_all(tmp_path, [respondent(answers, group=group, started=ON) for group in groups for _ in range(5)])
    close(tmp_path, ON)
    app = opened(Workspace(tmp_path))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "3", "l", "3", "2")
        assert rows(app)[2].split() == ["it", "(5)", "managers", "(5)"]


async def test_without_a_previous_round_it_says_so(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "4")
        assert rows(app)[2].startswith("There is no previous round to compare with.")


async def test_last_time_stands_beside_this_time(tmp_path: Path) -> None:
    last = [respondent({"beyond-email": pair(2, 1)}, started=date(2025, 11, 3)) for _ in range(5)]
    this = [respondent({"beyond-email": pair(3, 1)}, started=date(2026, 11, 3)) for _ in range(4)]
    this.append(respondent({"beyond-email": pair(4, 2)}, started=date(2026, 11, 3)))
    put_all(tmp_path, last)
    close(tmp_path, date(2025, 11, 10))
    for number, one in enumerate(this, start=10):
        put(tmp_path, number, one)
    close(tmp_path, ON)
    app = opened(Workspace(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "4")
        assert [row.split() for row in rows(app)[2:5]] == [
            ["expected", "expected", "delivered", "delivered"],
            ["question", "2025", "2026", "moved", "2025", "2026", "moved"],
            ["Beyond", "e-mail", "2.00", "3.20", "+1.20", "1.00", "1.20", "+0.20"],
        ]


async def test_a_question_opens_with_its_ladder_and_its_groups(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter")
        assert isinstance(app.screen, OneGapScreen)
        shown = rows(app)
        assert row_of(app, "Gap") == "Gap -1.08 ▼ short (12 people): a whole rung is missing; start here"
        at = shown.index("4  Outsiders work in the shared space too; mail only tells people to look.")
        assert shown[at : at + 5] == [
            "4  Outsiders work in the shared space too; mail only tells people to look.",
            "○ 3  Shared space across teams; mail only for outsiders.",
            "● 2  Shared space inside the team, mail across teams.",
            "1  Another tool exists; the work still travelled as attachments.",
            "0  Mail and attachments only.",
        ]
        assert row_of(app, "employees") == "employees (6)  ─────●━━━━━━○────        3.00        1.33  -1.67 ▼ short"
        assert row_of(app, "managers") == "managers (6)   ────────●━○──────        2.50        2.00  -0.50 ≈ near"


async def test_questions_are_turned_through_what_is_out_of_balance_first(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "2", "enter")
        seen = []
        for _ in range(7):
            assert isinstance(app.screen, OneGapScreen)
            seen.append(app.screen.question.question.id)
            await press(pilot, "n")
        assert (seen[0], seen[6]) == ("one-live-figure", "beyond-email")
        await press(pilot, "escape")
        assert isinstance(app.screen, ReadinessScreen)


async def test_the_cursor_stays_on_its_question(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "2", "down", "down", "down", "3")
        there = at_cursor(app)
        await pilot.resize_terminal(*NARROW)
        await press(pilot, "2")
        assert (there != "one-live-figure", at_cursor(app)) == (True, there)


async def test_back_from_a_question_the_cursor_is_on_it(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "2", "enter", "n", "n")
        assert isinstance(app.screen, OneGapScreen)
        shown = app.screen.question.question.id
        await press(pilot, "escape")
        assert at_cursor(app) == shown


def at_cursor(app: Host) -> str:
    assert isinstance(app.screen, ReadinessScreen)
    assert app.screen.table.question is not None
    return app.screen.table.question.question.id


async def test_a_folder_that_is_gone_is_reported(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        (organisation.root / "assessments" / "harbour-cooperative").rename(organisation.root / "elsewhere")
        await press(pilot, "f5")
        assert rows(app)[1].startswith('there is no subject "harbour-cooperative"')


async def test_the_report_is_shown_and_written(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "w")
        assert isinstance(app.screen, ReadinessReportScreen)
        await press(pilot, "w", "2")
        assert any("Written reports/harbour-cooperative-2026-11-20.md" in row for row in picture(app))
    survey = gather_folder(organisation.subjects()[0], organisation, ON).survey
    assert survey is not None
    written = (organisation.root / "reports" / "harbour-cooperative-2026-11-20.md").read_text(encoding="utf-8")
    assert written == ReadinessReport(survey).text(ReportFormat.MARKDOWN)


async def test_what_is_withheld_is_on_no_page_and_cannot_be_chosen(tmp_path: Path) -> None:
    many = [respondent({"beyond-email": pair(3, 1)}, group="employees", started=ON) for _ in range(8)]
    some = [respondent({"beyond-email": pair(2, 1)}, group="managers", started=ON) for _ in range(5)]
    few = [respondent({"beyond-email": pair(0, 4)}, group="it", started=ON) for _ in range(2)]
    put_all(tmp_path, [*many, *some, *few])
    close(tmp_path, ON)
    app = opened(Workspace(tmp_path))
    async with app.run_test(size=HIGH, notifications=True) as pilot:
        await press(pilot, "l")
        assert isinstance(app.screen, ChooseOne)
        # of the five managers nothing is shown either: two could be told from the whole and the employees
        assert [choice.label for choice in app.screen._choices] == ["everybody (15)", "employees (8)"]
        await press(pilot, "escape")
        shown = await everything(pilot, app)
    assert "employees 8, managers 5, 2 in groups of fewer than 5" in shown
    assert [words for words in ("it (2)", "managers (5)", "it 2", "4.00 of 0.00", "+4.00") if words in shown] == []
    assert "Two groups cannot be set side by side here" in shown


async def test_an_open_round_shows_only_how_many_answered(tmp_path: Path) -> None:
    put_all(tmp_path, [respondent({"beyond-email": pair(4, 0)}, group="it", started=ON) for _ in range(4)])
    app = opened(Workspace(tmp_path))
    async with app.run_test(size=HIGH, notifications=True) as pilot:
        await press(pilot)
        assert rows(app)[1] == "4 people answered; the round can be closed with 1 more person."
        shown = "\n".join(picture(app))
    assert [words for words in ("4.00", "-4.00", "it (4)") if words in shown] == []


async def test_a_round_is_closed_and_its_result_shown(tmp_path: Path) -> None:
    put_all(tmp_path, [respondent({"beyond-email": pair(3, 1)}, started=ON) for _ in range(5)])
    app = opened(Workspace(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "C")
        await until(lambda: isinstance(app.screen, ChooseOne))
        await press(pilot, "2")
        await until(lambda: any("5 people, 20 November 2026" in row for row in picture(app)))
        await until(lambda: any(f"Closed, with 5 people: rounds/{ON}.toml" in row for row in picture(app)))
        assert "1 Overview" in picture(app)[1]
    assert (tmp_path / "assessments" / "harbour-cooperative" / "rounds" / f"{ON}.toml").is_file()


async def keys_of(folder: Path) -> str:
    """The line of keys, once it is drawn."""
    app = opened(Workspace(folder))
    async with app.run_test(size=NARROW):
        await until(lambda: "esc Back" in picture(app)[-1])
        return picture(app)[-1]


async def test_a_round_that_too_few_answered_cannot_be_closed_and_offers_no_key_for_it(tmp_path: Path) -> None:
    put_all(tmp_path, [respondent({"beyond-email": pair(3, 1)}, started=ON) for _ in range(5)])
    before = await keys_of(tmp_path)
    close(tmp_path, ON)
    assert ("C Close round" in before, "C Close round" in await keys_of(tmp_path)) == (True, False)


async def test_hundreds_of_answers_are_counted_while_the_screen_waits(tmp_path: Path) -> None:
    put_all(tmp_path, [respondent({"beyond-email": pair(3, 1)}, started=ON) for _ in range(AT_ONCE + 1)])
    close(tmp_path, ON)
    app = opened(Workspace(tmp_path))
    async with app.run_test(size=NARROW, notifications=True):
        screen = app.screen
        assert isinstance(screen, ReadinessScreen)
        await until(lambda: screen.view is not None)
        assert screen.view is not None
        assert screen.view.survey.now.readiness.people == AT_ONCE + 1


async def test_an_answer_that_came_since_waits_for_the_next_round(tmp_path: Path) -> None:
    put_all(tmp_path, [respondent({"beyond-email": pair(3, 1)}, started=ON) for _ in range(5)])
    close(tmp_path, ON)
    app = opened(Workspace(tmp_path))
    async with app.run_test(size=HIGH, notifications=True) as pilot:
        await press(pilot)
        put(tmp_path, 5, respondent({"beyond-email": pair(3, 1)}, started=ON))
        await press(pilot, "f5")
        shown = " ".join(rows(app))
        assert "5 people, 20 November 2026. Who answered: no group given 5." in shown
        assert "Since the round was closed, 1 person answered" in shown


async def test_files_without_an_answer_are_reported(tmp_path: Path) -> None:
    put(tmp_path, 0, respondent({}, started=ON))
    app = opened(Workspace(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "2", "l", "w")
        assert isinstance(app.screen, ReadinessScreen)
        assert rows(app)[1].startswith("there are no answers to a survey here")


async def test_what_is_left_out_is_reported(tmp_path: Path) -> None:
    put_all(tmp_path, [respondent({"beyond-email": pair(3, 1)}, started=ON) for _ in range(5)])
    close(tmp_path, ON)
    wrong = tmp_path / "assessments" / "harbour-cooperative" / "2026-11-20-000000000009.toml"
    wrong.write_text(
        'format = 1\nsubject.name = "Harbour Cooperative"\n'
        'rubric = { id = "collaboration-readiness", version = "1.1.0" }\nanswers.beyond-email.expected = 9\n',
        encoding="utf-8",
    )
    app = opened(Workspace(tmp_path))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        assert rows(app)[4].startswith("! assessments/harbour-cooperative/2026-11-20-000000000009.toml:4: ")


async def test_the_survey_can_be_answered_from_here(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "a")
        await until(lambda: isinstance(app.screen, ChooseOne))


async def test_hostile_text_is_shown_as_text_on_every_page(tmp_path: Path) -> None:
    case = two_tools(tmp_path / "w", HOSTILE, hostile_rubric())
    folder = case.workspace.subjects()[-1]
    app = Host(lambda: ReadinessScreen(Session(case.workspace, clock_of(ON.replace(day=21))), folder))
    async with app.run_test(size=HIGH, notifications=True) as pilot:
        shown = await everything(pilot, app)
    assert "[@click=app.quit]x[/]" in shown
    assert not LIVE & set(shown)


async def test_going_back_leaves(organisation: Workspace) -> None:
    app = opened(organisation)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "escape")
        assert app.results == [None]
