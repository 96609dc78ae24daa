"""A tool is described and its scope facts are given by keyboard; the saved file is looked at."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from screens import HOSTILE, LIVE, ON, RUBRIC, Case, Host, picture, press, until
from toolvet.domain.assessment import Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.decision import Toleration
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.user_state import Unfinished, preferred
from toolvet.tui.app import ToolvetApp
from toolvet.tui.assess.facts import FactsScreen
from toolvet.tui.assess.new import NewScreen
from toolvet.tui.kit.content import LineField
from toolvet.tui.kit.dialogs import ChooseOne
from toolvet.tui.kit.text_dialogs import day_fault, read_day

NARROW = (80, 24)
SECOND = RUBRIC.replace('id = "small"', 'id = "other"', 1).replace('title = "Small"', 'title = "Other"', 1)


def opened(case: Case, *, name: str = "") -> Host:
    return Host(lambda: NewScreen(case.session, [case.rubric], name=name))


async def started(case: Case, *keys: str) -> list[Assessment]:
    """The assessments that the screen was dismissed with after these keys."""
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, *keys)
    return [result.assessment for result in app.results if isinstance(result, AssessmentFile)]


async def test_the_job_comes_first_and_everything_typed_is_saved(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    keys = [
        *("text:Calls", "enter", "text:Sales", "enter", "text:400", "enter", "text:Zoom", "enter", "text:Pro", "enter"),
        *("text:Zoom Inc", "enter", "text:cloud", "enter", "text:EUR 5", "enter", "enter", "text:2026-11-27", "enter"),
        *("enter", "2"),
    ]
    assert await started(case, *keys) == [
        Assessment(
            rubric=RubricRef("small", "1.0.0", case.rubric.digest),
            subject=Subject(
                name="Zoom",
                vendor="Zoom Inc",
                plan="Pro",
                deployment="cloud",
                job="Calls",
                requested_by="Sales",
                requested_on=ON,
                answer_by=date(2026, 11, 27),
                users=400,
                yearly_cost="EUR 5",
            ),
            reviewer=Reviewer("A. Reviewer"),
            started=ON,
            scope={"records": "yes"},
        )
    ]


async def test_the_name_alone_is_enough_and_facts_can_be_left_open(tmp_path: Path) -> None:
    [assessment] = await started(Case(tmp_path / "w"), "down", "down", "down", "text:Zoom", "f2", "right")
    assert (assessment.subject, assessment.scope) == (Subject("Zoom", requested_on=ON), {})


async def test_without_a_name_the_form_says_so_and_goes_there(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "f2")
        assert app.focused is not None
        assert (app.focused.id, "✗ Name: this is required." in "\n".join(picture(app))) == ("field-name", True)


async def test_what_is_wrong_stands_right_below_its_field_and_what_is_required_beside_it(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "f2")
        rows = picture(app)
    at = next(place for place, row in enumerate(rows) if "✗ Name: this is required." in row)
    assert ("Name" in rows[at - 1], "required" in rows[at - 1]) == (True, True)


async def test_a_wrong_date_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"), name="Zoom")
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, *["down"] * 9, "text:27.11.2026", "f2")
        field = app.screen.query_one("#field-answer_by", LineField)
        told = "✗ Answer due: Type the date as year-month-day" in "\n".join(picture(app))
        assert (field.value, told) == ("27.11.2026", True)


async def test_going_back_from_the_facts_keeps_the_form_and_the_facts(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"), name="Zoom")
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "text:Calls", "f2", "escape")
        assert isinstance(app.screen, NewScreen)
        assert app.screen.query_one("#field-job", LineField).value == "Calls"


async def test_esc_asks_before_it_throws_typed_text_away(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "text:Calls", "escape")
        assert isinstance(app.screen, ChooseOne)
        await press(pilot, "3")
        assert (isinstance(app.screen, NewScreen), app.results) == (True, [])
        await press(pilot, "escape", "2")
    assert app.results == [None]


async def test_esc_leaves_an_untouched_form_at_once(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "escape")
    assert app.results == [None]


async def test_an_unknown_reviewer_is_asked_once_and_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOOLVET_REVIEWER")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.chdir(tmp_path)
    keys = (*["down"] * 3, "text:Zoom", *["down"] * 7, "text:Kim", "enter", "1")
    [assessment] = await started(Case(tmp_path / "w"), *keys)
    assert (assessment.reviewer, preferred("reviewer")) == (Reviewer("Kim"), "Kim")


async def test_several_rubrics_are_chosen_from(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    (tmp_path / "w" / "rubrics" / "other-1.0.0.toml").write_text(SECOND, encoding="utf-8")
    rubrics = [case.rubric, case.workspace.rubric("other", "1.0.0")]
    app = Host(lambda: NewScreen(case.session, rubrics, name="Zoom"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "f2")
        assert isinstance(app.screen, ChooseOne)
        await press(pilot, "2", "1")
    assert [result.assessment.rubric.id for result in app.results] == ["other"]


async def test_hostile_text_in_fields_and_facts_is_shown_as_text(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case, name=HOSTILE)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await press(pilot)
        shown = picture(app)
        await press(pilot, "f2")
        shown += picture(app)
        assert isinstance(app.screen, FactsScreen)
        assert not LIVE & set("".join(shown))


async def facts_after(case: Case, *keys: str) -> list[tuple[dict[str, str], bool]]:
    """What the facts screen was dismissed with after these keys."""
    app = Host(lambda: FactsScreen(case.rubric, {}, subject="Tool", ending="Then the questions begin."))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, *keys)
    return [(dict(given.scope), given.finished) for given in app.results]


MORE_FACTS = RUBRIC.replace(
    "[[criteria]]",
    '[[scope]]\nid = "data"\ntext = "How sensitive?"\noptions = ["public", "internal", "secret"]\n\n[[criteria]]',
    1,
)


@pytest.mark.parametrize(
    ("keys", "given"),
    [
        (("1", "3"), ({"records": "no", "data": "secret"}, True)),
        (("right", "2"), ({"data": "internal"}, True)),
        (("y", "2"), ({"records": "yes", "data": "internal"}, True)),
        (("n", "n"), ({"records": "no"}, True)),
        (("1", "p", "2", "n"), ({"records": "yes"}, True)),
        (("2", "f"), ({"records": "yes"}, True)),
        (("2", "escape"), ({"records": "yes"}, False)),
        (("9", "2", "p", "delete", "f"), ({}, True)),
        (("down", "down", "enter", "down", "enter"), ({"records": "yes", "data": "public"}, True)),
    ],
)
async def test_facts_are_given_skipped_changed_and_left(
    tmp_path: Path, keys: tuple[str, ...], given: tuple[dict[str, str], bool]
) -> None:
    assert await facts_after(Case(tmp_path / "w", rubric=MORE_FACTS), *keys) == [given]


@pytest.mark.parametrize(
    ("text", "day", "fault"),
    [
        ("2026-11-27", date(2026, 11, 27), None),
        (" 2026-11-27 ", date(2026, 11, 27), None),
        ("", None, None),
        ("2026-02-30", None, "There is no day 2026-02-30."),
        ("20261127", None, "Type the date as year-month-day, such as 2027-06-30."),
        ("27.11.2026", None, "Type the date as year-month-day, such as 2027-06-30."),
    ],
)
def test_days_are_typed_as_year_month_day(text: str, day: date | None, fault: str | None) -> None:
    assert (read_day(text), day_fault(text)) == (day, fault)


def draft(case: Case) -> dict[str, str]:
    """The fields that are kept to be offered again."""
    return Unfinished(case.workspace.root, "new tool").left().texts("fields")


async def test_what_was_typed_is_offered_again_where_the_app_was_ended(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "text:Calls")
        await until(lambda: draft(case).get("job") == "Calls")
    again = opened(case)
    async with again.run_test(size=NARROW) as pilot:
        await press(pilot)
        assert again.screen.query_one("#field-job", LineField).value == "Calls"


async def test_a_half_typed_date_is_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    async with opened(case).run_test(size=NARROW) as pilot:
        await press(pilot, *["down"] * 9, "text:2026-1")
        await until(lambda: draft(case).get("answer_by") == "2026-1")
    again = opened(case)
    async with again.run_test(size=NARROW) as pilot:
        await press(pilot)
        assert again.screen.query_one("#field-answer_by", LineField).value == "2026-1"


async def test_a_field_that_was_emptied_stays_empty_where_it_is_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    async with opened(case).run_test(size=NARROW) as pilot:
        await press(pilot, "text:Calls", *["down"] * 8, "backspace")
        await until(lambda: "job" in draft(case) and "requested_on" not in draft(case))
    again = opened(case)
    async with again.run_test(size=NARROW) as pilot:
        await press(pilot)
        assert again.screen.query_one("#field-requested_on", LineField).value == ""


async def test_scope_facts_given_before_the_file_begins_are_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", rubric=MORE_FACTS)
    async with opened(case, name="Zoom").run_test(size=NARROW) as pilot:
        await press(pilot, "f2", "2")
    again = opened(case, name="Zoom")
    async with again.run_test(size=NARROW) as pilot:
        await press(pilot, "f2", "3")
    assert [dict(result.assessment.scope) for result in again.results] == [{"records": "yes", "data": "secret"}]


async def test_what_is_left_to_be_kept_is_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "text:Calls", "escape", "1")
    assert (app.results, draft(case)["job"]) == ([None], "Calls")


async def test_quitting_says_that_what_was_typed_is_kept_and_asks_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "a", "text:Calls", "ctrl+q")
    words = "Kept as a draft: what you typed about the new tool; Add restores it.\n"
    assert (capsys.readouterr().err, draft(case)["job"]) == (words, "Calls")


async def test_what_was_thrown_away_is_not_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "text:Calls")
        await until(lambda: draft(case) != {})
        await press(pilot, "escape", "2")
    assert draft(case) == {}


async def test_what_became_an_assessment_is_not_offered_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case, name="Zoom")
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "text:Calls")
        await until(lambda: draft(case) != {})
        await press(pilot, "f2", "f")
    assert (len(app.results), draft(case)) == (1, {})


@pytest.mark.parametrize(
    ("users", "words"),
    [
        ("forty", "type a whole number, such as 40, or nothing."),
        ("1234567890", "that is too large; type at most 9 digits."),
    ],
)
async def test_how_many_use_it_is_refused_at_its_field(tmp_path: Path, users: str, words: str) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "enter", "enter", f"text:{users}", "enter")
        assert f"✗ Users: {words}" in " ".join(picture(app))
        assert isinstance(app.focused, LineField)
        assert app.focused.value == users


async def test_a_tool_in_use_is_tolerated_without_an_assessment_but_not_for_too_long(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case, name="Old Chat")
    until_then = ("end", *["backspace"] * 10)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "f4", "text:Head of Sales", "enter", *until_then, "text:2040-01-01", "enter")
        await press(pilot, "text:In use since 2019.", "enter", "enter")
        await until(lambda: "Not recorded" in "\n".join(picture(app)))
        await press(pilot, "enter", *until_then, "text:2027-06-30", "enter", "enter", "enter")
    (file,) = case.workspace.subject("old-chat").decisions
    made = file.decision
    assert (made.decision, made.owner, made.decided_by, made.rationale, made.valid_until) == (
        Toleration.TOLERATE,
        "Head of Sales",
        "A. Reviewer",
        "In use since 2019.",
        date(2027, 6, 30),
    )


async def test_a_tool_that_is_here_already_is_pointed_out(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    known = case.file.assessment.subject
    app = opened(case, name=known.name)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        app.screen.query_one("#field-plan", LineField).value = known.plan or ""
        app.screen.query_one("#field-deployment", LineField).value = known.deployment or ""
        await press(pilot, "f2")
        await until(lambda: "This tool is here already" in "\n".join(picture(app)))
