"""A decision is made part by part and recorded; the recorded file is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from screens import HOSTILE, LIVE, ON, RUBRIC, Case, Host, hostile_rubric, inside, picture, press
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.decision import ApprovedFor, AssessmentRef, Condition, Decision, Waiver
from toolvet.domain.decision_rules import make_computed
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.storage.reader import DecisionFile, read_assessment
from toolvet.storage.toml_input import Seal
from toolvet.tui.decide.screen import DecideScreen
from toolvet.tui.kit.content import Trouble
from toolvet.tui.kit.dialogs import ChooseOne, Tell

WIDE, NARROW = (120, 36), (80, 24)
SEEN = (Evidence("https://a.example/1", Grade.DOCUMENT, date(2026, 10, 30)),)


def answered(does_it: int, how_fast: int, sign_in: int) -> dict[str, Answer]:
    levels = {"does-it": does_it, "how-fast": how_fast, "sign-in": sign_in}
    return {question: Answer(level=level, answered=ON, evidence=SEEN) for question, level in levels.items()}


GOOD = answered(4, 2, 4)
MIDDLING = answered(2, 1, 2)
FAILING = answered(4, 2, 1)


def opened(case: Case) -> Host:
    return Host(lambda: DecideScreen(case.session, case.opened))


async def recorded(case: Case, *keys: str, size: tuple[int, int] = NARROW) -> list[Decision]:
    """The decisions of the subject after these keys, newest first."""
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
    decisions = case.workspace.subject("tool").decisions
    given = [result.path for result in app.results if isinstance(result, DecisionFile)]
    assert given == [file.path for file in decisions[: len(given)]]
    return [file.decision for file in decisions]


def offered(case: Case, **changes: object) -> Decision:
    """What is offered for the case and taken as it is, with these changes."""
    scorecard = score(case.rubric, case.file.assessment, ON)
    decision = Decision(
        decision=scorecard.verdict,
        decided_by="A. Reviewer",
        decided_on=ON,
        assessment=AssessmentRef(case.workspace.relative(case.file.path), case.file.sha256),
        computed=make_computed(scorecard),
        valid_until=date(2027, 11, 21),
        approved_for=ApprovedFor(scope={"records": "no"}, plan="Business"),
    )
    return replace(decision, **changes)  # type: ignore[arg-type]


async def test_what_is_offered_is_recorded_after_a_last_look(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    assert await recorded(case, "d", "y") == [offered(case)]


async def test_nothing_is_recorded_before_the_last_look(tmp_path: Path) -> None:
    assert await recorded(Case(tmp_path / "w", GOOD), "d", "n") == []


async def test_a_decision_that_departs_needs_a_rationale(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "enter", "4", "d")
        assert isinstance(app.screen, Tell)
    assert case.workspace.subject("tool").decisions == ()


async def test_a_departing_decision_is_recorded_with_its_rationale(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    keys = ("enter", "4", "down", "enter", "text:Too dear.", "enter", "d", "y")
    rejected = offered(
        case, decision=Verdict.REJECT, rationale="Too dear.", valid_until=None, approved_for=ApprovedFor()
    )
    assert await recorded(case, *keys) == [rejected]


async def conditions_after(case: Case, *keys: str) -> tuple[Condition, ...]:
    [decision] = await recorded(case, *keys)
    return decision.conditions


SHOW_OFFERED = ("down", "down", "enter")
"""The keys that show the suggested conditions, with the cursor on the first."""


async def test_conditions_are_offered_from_what_fell_short_and_none_is_set_unasked(tmp_path: Path) -> None:
    assert await conditions_after(Case(tmp_path / "w", MIDDLING), "d", "y") == ()
    taken = await conditions_after(Case(tmp_path / "x", MIDDLING), *SHOW_OFFERED, "space", "d", "y")
    assert len(taken) == 1


async def test_a_condition_gets_an_owner_and_a_day(tmp_path: Path) -> None:
    keys = (*SHOW_OFFERED, "space", "enter", "enter", "text:IT", "enter", "text:2027-03-31", "enter", "d", "y")
    first, *_ = await conditions_after(Case(tmp_path / "w", MIDDLING), *keys)
    assert (first.owner, first.due) == ("IT", date(2027, 3, 31))


async def test_a_condition_of_ones_own_is_added(tmp_path: Path) -> None:
    keys = ("a", "text:Write.", "enter", "enter", "enter", "d", "y")
    assert await conditions_after(Case(tmp_path / "w", GOOD), *keys) == (Condition("Write."),)


async def test_a_condition_of_ones_own_is_taken_away(tmp_path: Path) -> None:
    keys = ("a", "text:Write.", "enter", "enter", "enter", "down", "down", "delete", "d", "y")
    assert await conditions_after(Case(tmp_path / "w", GOOD), *keys) == ()


async def test_a_wrong_day_keeps_the_dialog_open(tmp_path: Path) -> None:
    keys = ("a", "text:Write.", "enter", "enter", "text:soon", "enter")
    app = opened(Case(tmp_path / "w", GOOD))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, *keys)
        assert any("Due date: Type the date as year-month-day" in row for row in picture(app))


async def test_better_than_the_verdict_needs_a_waiver_for_each_must_have(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", FAILING)
    keys = (
        *("enter", "1", "down", "enter", "text:Needed now.", "enter"),
        *("down", "down", "down", "enter", "text:Soon", "enter", "text:VPN", "enter", "text:CIO", "enter", "enter"),
        *("d", "y"),
    )
    [decision] = await recorded(case, *keys)
    assert (decision.decision, decision.rationale, decision.waivers) == (
        Verdict.APPROVE,
        "Needed now.",
        (Waiver("sign-in", "Soon", "VPN", "CIO", date(2027, 11, 21)),),
    )


async def test_without_the_waiver_it_says_what_is_missing(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", FAILING))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "enter", "1")
        assert any("Before it can be recorded" in row for row in picture(app))
        assert "d 2 missing" in picture(app)[-1]
        await press(pilot, "d", "enter")
        assert any(inside(row).startswith("▌Rationale") for row in picture(app))


async def test_what_is_signed_is_summed_up_before_it_is_recorded(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", FAILING))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "d")
        assert any("no conditions · no waivers · 1 must-have not met" in row for row in picture(app))


async def test_esc_asks_before_a_changed_draft_is_lost(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", GOOD))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "enter", "4", "escape")
        assert isinstance(app.screen, ChooseOne)
        await press(pilot, "3")
        assert app.results == []
        await press(pilot, "escape", "2")
    assert app.results == [None]


async def test_a_later_decision_supersedes_the_one_before(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    await recorded(case, "d", "y")
    newest, *_ = await recorded(case, "down", "enter", "text:Once more.", "enter", "d", "y")
    assert newest.supersedes == "2026-11-21.toml"


async def test_everything_can_be_read_before_it_is_recorded_on_a_small_screen(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", MIDDLING)
    app = opened(case)
    seen: list[str] = []
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "down", "enter", f"paste:{'Why not? ' * 60}", "enter", "down", "enter", "space")
        await press(pilot, *row_of_consulted(), "d")
        for _ in range(3):
            seen += picture(app)
            await press(pilot, "pagedown")
        await press(pilot, "y")
    text = " ".join(seen)
    assert [words for words in ("by ", "Conditions", "Consulted: Legal", "y  Record it") if words not in text] == []
    assert len(case.workspace.subject("tool").decisions) == 1


def row_of_consulted() -> tuple[str, ...]:
    """The keys that name somebody who was consulted, from the row of the first condition."""
    return (*["down"] * 5, "enter", "text:Legal", "enter")


def edit(case: Case) -> None:
    """Change the case's file outside toolvet."""
    text = case.file.path.read_text(encoding="utf-8")
    case.file.path.write_text(text.replace("A. Reviewer", "B. Reviewer"), encoding="utf-8")
    case.file = read_assessment(case.file.path)


async def test_a_broken_seal_is_no_ground_until_it_is_confirmed(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    edit(case)
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "d", "n")
        assert (read_assessment(case.file.path).seal, app.results) == (Seal.BROKEN, [])
        await press(pilot, "d", "y", "y")
    file = read_assessment(case.file.path)
    [decision] = case.workspace.subject("tool").decisions
    assert (file.seal, decision.decision.basis[0].sha256) == (Seal.INTACT, file.sha256)


async def test_a_changed_rubric_is_no_ground(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    reference = replace(case.file.assessment.rubric, digest=f"sha256:{'0' * 64}")
    case.file = case.workspace.save(case.file, replace(case.file.assessment, rubric=reference))
    assert await recorded(case, "d") == []


async def test_an_assessment_changed_meanwhile_is_told_and_stays_told(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        edit(case)
        await press(pilot, "d", "y")
        assert app.screen.query_one(Trouble).has_class("-shown")
        assert any("NOT SAVED" in row for row in picture(app))


def with_hostile_text(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {question: replace(answer, note=HOSTILE, setting=HOSTILE) for question, answer in answers.items()}


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_hostile_text_is_shown_as_text(tmp_path: Path, size: tuple[int, int]) -> None:
    case = Case(tmp_path / "w", with_hostile_text(MIDDLING), rubric=hostile_rubric())
    app = opened(case)
    shown: list[str] = []
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot)
        shown += picture(app)
        for key in ("i", "escape", "d", "n"):
            await press(pilot, key)
            shown += picture(app)
        assert not LIVE & set("".join(shown))


def decided_before(case: Case) -> None:
    """An approval of the case with one condition, recorded the day before."""
    condition = Condition("Report", owner="CIO", due=date(2027, 1, 15))
    case.workspace.record(
        offered(case, decided_on=ON - timedelta(days=1), conditions=(condition,)), case.file.path.parent.name
    )


async def test_open_conditions_are_taken_over(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decided_before(case)
    now, before = await recorded(case, "d", "y")
    assert (now.conditions, now.supersedes) == (before.conditions, "2026-11-20.toml")


async def test_an_open_condition_is_left_out_in_plain_sight(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decided_before(case)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "down", "down", "space", "d")
        assert any("· Condition dropped: Report." in row for row in picture(app))
        await press(pilot, "y")
    assert case.workspace.subject("tool").decisions[0].decision.conditions == ()


async def test_approval_with_conditions_but_none_named_is_told_at_the_last_look(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", GOOD))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter", "2", "down", "enter", "text:Careful.", "enter", "d")
        assert any("! The decision is to approve with conditions, but it names none." in row for row in picture(app))


async def test_what_is_offered_can_be_read_in_full_before_it_is_taken(tmp_path: Path) -> None:
    words = "With keys that are kept in hardware, for whoever looks after it, and for everybody else by spring."
    app = opened(Case(tmp_path / "w", MIDDLING, rubric=RUBRIC.replace("With keys.", words)))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, *SHOW_OFFERED)
        assert "Meet: Sign in" in "\n".join(picture(app)), "in brief where the cursor is elsewhere"
        await press(pilot, "down")
        assert words in " ".join(" ".join(inside(row).replace("▌", " ") for row in picture(app)).split())


async def test_what_is_missing_names_a_question_by_its_title_alone(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", FAILING))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter", "1", "d")
        told = " ".join(" ".join(inside(row) for row in picture(app)).split())
        assert ('The must-have "Sign in" is not met (failed)' in told, "(sign-in)" in told) == (True, False)
