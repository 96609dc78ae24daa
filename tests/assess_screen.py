"""The Assess screen for tests: opened on a case, and what comes of keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from screens import Case, Host, press
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.tui.assess.screen import AssessScreen

WIDE, NARROW = (120, 36), (80, 24)
DOCUMENT = Evidence("https://a.example/1", Grade.DOCUMENT, date(2026, 10, 30))
TESTED = Evidence("Our trial", Grade.TESTED, date(2026, 11, 2))


def opened(case: Case, *, at: str | None = None, read_only: bool = False) -> Host:
    decided = replace(case.opened, read_only="a decision rests on it" if read_only else None)
    return Host(lambda: AssessScreen(case.session, decided, start_at=at))


def screen_of(app: Host) -> AssessScreen:
    screen = next(screen for screen in app.screen_stack if isinstance(screen, AssessScreen))
    return screen


async def answers_after(case: Case, *keys: str, size: tuple[int, int] = WIDE) -> Mapping[str, Answer]:
    """The saved answers after these keys; what stands on the screen is the same."""
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
        assert screen_of(app).editor.assessment.answers == case.saved.answers
    return case.saved.answers


async def place_after(case: Case, *keys: str, size: tuple[int, int] = WIDE, at: str | None = None) -> str:
    """The question on the screen after these keys."""
    app = opened(case, at=at)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
        return screen_of(app).navigator.at
