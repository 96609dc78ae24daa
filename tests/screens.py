"""A small workspace on disk, and an app around one screen, for the tests of screens."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from textual._compositor import Compositor
from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen

import toolvet.tui
from naughty import toml_text
from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Rubric
from toolvet.services.assessments import OpenedAssessment, Session, clock_of, open_assessment
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.workspace import Workspace
from toolvet.tui import themes

ON = date(2026, 11, 21)

RUBRIC = """
format = 1
id = "small"
version = "1.0.0"
title = "Small"
subject = "tool"
ask = "level"
how_to_answer = "Pick the highest rung wholly true. What it lacks is 0."

[[scope]]
id = "records"
text = "Can it record?"
options = ["no", "yes"]

[[criteria]]
id = "work"
title = "Work"
axis = "experience"

[[criteria.questions]]
id = "does-it"
text = "Does it do the job?"
why = "Nothing else matters."
check = "Try the job."
where = "trial"
minutes = 10
must_reach = 2
must_reach_why = "A tool has to work."
levels = ["Not at all.", "With help.", "Alone.", "Alone and fast.", "With joy."]

[[criteria.questions]]
id = "how-fast"
text = "How fast is it?"
where = "reading"
minutes = 5
levels = ["Slow.", "So so.", "Fast."]

[[criteria]]
id = "safety"
title = "Safety"
axis = "control"

[[criteria.questions]]
id = "sign-in"
text = "How do people sign in?"
where = "console"
minutes = 5
must_reach = 2
must_reach_why = "Passwords leak."
shelf_months = 12
levels = ["With a password.", "With a code by SMS.", "With a second factor.", "With keys.", "With keys only."]

[[criteria.questions]]
id = "recording"
text = "Who may record?"
applies_when = { scope = "records", is = "yes" }
levels = ["Anybody.", "Members.", "The host."]
"""


class Case:
    """A workspace of one assessment under that rubric."""

    def __init__(
        self,
        root: Path,
        answers: Mapping[str, Answer] | None = None,
        *,
        scope: Mapping[str, str] | None = None,
        rubric: str = RUBRIC,
    ) -> None:
        (root / "rubrics").mkdir(parents=True)
        (root / "rubrics" / "small-1.0.0.toml").write_text(rubric, encoding="utf-8")
        self.workspace = Workspace(root)
        self.rubric: Rubric = self.workspace.rubric("small", "1.0.0")
        assessment = Assessment(
            RubricRef("small", "1.0.0", self.rubric.digest),
            Subject("Tool", plan="Business"),
            Reviewer("A. Reviewer"),
            started=ON,
            scope=dict({"records": "no"} if scope is None else scope),
            answers=dict(answers or {}),
        )
        self.file: AssessmentFile = self.workspace.start(assessment, ON)

    @property
    def session(self) -> Session:
        """The workspace on the day of the tests."""
        return Session(self.workspace, clock_of(ON))

    @property
    def opened(self) -> OpenedAssessment:
        """The file with its rubric."""
        return open_assessment(self.workspace, self.file)

    @property
    def saved(self) -> Assessment:
        """What the file holds now."""
        return read_assessment(self.file.path).assessment


class Host(App[None]):
    """Shows one screen and keeps what it was dismissed with, and what was told in passing."""

    CSS_PATH = str(Path(toolvet.tui.__file__).with_name("toolvet.tcss"))

    def __init__(self, screen: Callable[[], Screen[Any]]) -> None:
        super().__init__()
        self.register_theme(themes.DARK)
        self.theme = themes.DARK.name
        self._screen_to_show = screen
        self.results: list[Any] = []
        self.told: list[str] = []

    def notify(self, message: str, **options: Any) -> None:
        self.told.append(message)
        super().notify(message, **options)

    def on_mount(self) -> None:
        self.push_screen(self._screen_to_show(), self.results.append)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press the keys one by one and let each take its effect, saving included.

    "text:…" is typed letter by letter, "paste:…" comes at once.
    """
    await pilot.pause()
    for key in keys:
        if key.startswith("text:"):
            for letter in key.removeprefix("text:"):
                await pilot.press(LETTERS.get(letter, letter))
        elif key.startswith("paste:"):
            pilot.app.post_message(Paste(key.removeprefix("paste:")))
        else:
            await pilot.press(key)
        await pilot.pause()
        await pilot.pause()


PATIENCE = 60.0
"""Seconds after which what should come about is given up: a bound for a test that hangs, not a speed to keep."""


async def until(holds: Callable[[], bool]) -> None:
    """Wait until that holds."""
    given_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < given_up, "it never held"
        await asyncio.sleep(0.02)


LETTERS = {" ": "space", "-": "minus", ".": "full_stop", "/": "slash", ":": "colon", "~": "tilde"}


def draw_nothing(compositor: Compositor, **options: object) -> None:  # noqa: ARG001 - as Textual calls it
    """In place of `Compositor.render_update`: pictures are taken by other means."""
    compositor._dirty_regions.clear()


def picture(app: App[Any]) -> list[str]:
    """The rows of text on the screen."""
    return ["".join(segment.text for segment in strip).rstrip() for strip in app.screen._compositor.render_strips()]


def inside(row: str) -> str:
    """A row of text without the rings of the panes."""
    return re.sub("[┃│]", "", row).rstrip()


HOSTILE = "[@click=app.quit]x[/] [/] [b] $x \x1b]0;pwned\x07 \x1b[31m \x9b5m \u202ekcab"
"""Markup, sequences that set the title or a colour, and an override that turns text round."""

LIVE = frozenset("\x1b\x07\x9b\u202e")
"""Characters of it that must not reach a terminal."""


def hostile_rubric(text: str = HOSTILE, rubric: str = RUBRIC) -> str:
    """The rubric with the hostile string in every text."""
    return re.sub(r'"(?=[A-Z])', lambda _: f'"{toml_text(text)} ', rubric)
