"""An app left open over midnight: what is dated by the day it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from screens import Case, picture, press
from survey_case import SurveyCase
from toolvet.domain.assessment import Answer, Evidence, Subject
from toolvet.domain.scorecard import AnswerState
from toolvet.services.assessments import Session
from toolvet.storage.reader import read_assessment
from toolvet.text.labels import day
from toolvet.tui.app import ToolvetApp
from toolvet.tui.compare.screen import BothAnswersScreen, CompareScreen
from toolvet.tui.compare.weights import WeightsPage
from toolvet.tui.readiness.screen import ReadinessScreen
from toolvet.tui.review.screen import ReviewScreen
from toolvet.tui.start import Opening, Start

EVENING = date(2026, 11, 21)
MET = Answer(level=4, answered=EVENING)


class MovingClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.day = EVENING

    def __call__(self) -> date:
        return self.day


async def test_an_answer_after_midnight_is_of_the_new_day(tmp_path: Path) -> None:
    case, clock = Case(tmp_path / "w", {}), MovingClock()
    app = ToolvetApp(case.workspace, clock, Start(Opening.ASSESS, case.file))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "1")
        clock.day = EVENING + timedelta(days=1)
        await press(pilot, "n", "1")
    days = {answer.answered for answer in read_assessment(case.file.path).assessment.answers.values()}
    assert days == {EVENING, EVENING + timedelta(days=1)}


async def test_a_decision_recorded_after_midnight_is_of_the_new_day(tmp_path: Path) -> None:
    case, clock = Case(tmp_path / "w", {"sign-in": MET}), MovingClock()
    app = ToolvetApp(case.workspace, clock, Start(Opening.DECIDE, case.file))
    async with app.run_test(size=(120, 40)) as pilot:
        clock.day = EVENING + timedelta(days=30)
        await press(pilot, "enter", "3", "down", "enter", "text:Wait.", "enter", "d", "y")
    (file,) = case.workspace.subject("tool").decisions
    assert (file.decision.decided_on, file.decision.basis[1].on) == (clock.day, clock.day)


async def test_evidence_dated_today_after_midnight_is_of_the_new_day(tmp_path: Path) -> None:
    case, clock = Case(tmp_path / "w", {"does-it": Answer(level=2, evidence=(Evidence("A trial"),))}), MovingClock()
    app = ToolvetApp(case.workspace, clock, Start(Opening.ASSESS, case.file))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "e")
        clock.day = EVENING + timedelta(days=1)
        await press(pilot, "up", "up", "T", "escape")
    (evidence,) = read_assessment(case.file.path).assessment.answer("does-it").evidence
    assert evidence.date == clock.day


async def test_what_was_tried_typed_after_midnight_is_of_the_new_day(tmp_path: Path) -> None:
    case, clock = Case(tmp_path / "w", {}), MovingClock()
    app = ToolvetApp(case.workspace, clock, Start(Opening.ASSESS, case.file))
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "u")
        clock.day = EVENING + timedelta(days=1)
        await press(pilot, "text:Asked.", "enter")
    assert read_assessment(case.file.path).assessment.answer("does-it").answered == clock.day


@pytest.mark.parametrize("opening", [Opening.HOME, Opening.REPORT])
async def test_an_open_screen_takes_the_new_day(opening: Opening, tmp_path: Path) -> None:
    case, clock = Case(tmp_path / "w", {"sign-in": MET}), MovingClock()
    app = ToolvetApp(case.workspace, clock, Start(opening, case.file if opening is Opening.REPORT else None))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        clock.day = date(2028, 1, 1)
        app.look_at_clock()
        await pilot.pause()
        text = "\n".join(picture(app))
    assert ("1 answer expired" if opening is Opening.HOME else "1 January 2028") in text


async def test_review_judges_an_answer_that_expires_overnight(tmp_path: Path) -> None:
    case, clock = Case(tmp_path / "w", {"sign-in": MET}), MovingClock()
    app = ToolvetApp(case.workspace, clock)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "r")
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        clock.day = date(2028, 1, 1)
        app.look_at_clock()
        await pilot.pause()
        states = {scored.question.id: scored.state for scored in screen.reviewed.scorecard.questions}
    assert states["sign-in"] is AnswerState.EXPIRED


async def test_a_comparison_is_made_anew_and_keeps_the_weights_being_tried(tmp_path: Path) -> None:
    case, clock = Case(tmp_path / "w", {"sign-in": MET}), MovingClock()
    other = replace(case.file.assessment, subject=Subject("Another"), answers={})
    case.workspace.start(other, EVENING)
    app = ToolvetApp(case.workspace, clock)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "c", "2", "enter")
        both = app.screen
        assert isinstance(both, BothAnswersScreen)
        compare = app.screen_stack[-2]
        assert isinstance(compare, CompareScreen)
        compare.query_one(WeightsPage).take_shares((Fraction(1, 4), Fraction(3, 4)))
        clock.day = date(2028, 1, 1)
        app.look_at_clock()
        for _ in range(5):
            await pilot.pause()
        assert compare.view.comparison.on == clock.day
        assert compare.view.pair == both.pair
        assert {scored.state for entry in both.pair for scored in entry.scorecard.questions} >= {AnswerState.EXPIRED}
        assert compare.query_one(WeightsPage).what_if.shares == (Fraction(1, 4), Fraction(3, 4))
        await press(pilot, "escape")
        assert "1 January 2028" in "\n".join(picture(app))


async def test_an_open_survey_is_counted_as_of_the_new_day(tmp_path: Path) -> None:
    case, clock = SurveyCase(tmp_path / "w", {}), MovingClock()
    session = Session(case.workspace, clock)
    app = ToolvetApp(case.workspace, clock)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.push_screen(ReadinessScreen(session, case.workspace.subjects()[0]))
        clock.day = EVENING + timedelta(days=1)
        app.look_at_clock()
        await pilot.pause()
        assert day(clock.day) in "\n".join(picture(app))
