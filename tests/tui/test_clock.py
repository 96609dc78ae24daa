"""An app left open over midnight: what is dated by the day it is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from screens import Case, press
from toolvet.domain.assessment import Answer
from toolvet.storage.reader import read_assessment
from toolvet.tui.app import ToolvetApp
from toolvet.tui.screen import Opening, Start

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
    assert (file.decision.decided_on, file.decision.computed.on) == (clock.day, clock.day)
