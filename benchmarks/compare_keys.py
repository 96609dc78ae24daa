"""How long the Compare screen with many candidates takes from a key until it is drawn."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from textual._compositor import CompositorUpdate
from textual.app import App
from textual.events import Key

import toolvet.tui
from benchmarks.figures import Figure, milliseconds, percentile_95
from benchmarks.workspaces import SHIPPED
from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Policy, Rubric, Thresholds
from toolvet.domain.scoring import score
from toolvet.report.comparison.ranking import Comparison, Tool, compare
from toolvet.storage.reader import read_rubric
from toolvet.tui import themes
from toolvet.tui.app import collect_seldom
from toolvet.tui.compare.screen import CompareScreen

TOOLS = 200
SIZE = (120, 36)
DAY = date(2026, 11, 21)

STRETCHES = {
    "criteria": ("1", "down", "down", "down", "pagedown", "down", "right", "up", "space", "n", "end", "home"),
    "questions": ("2", "right", "right", "down", "right", "down", "left", "pagedown", "right", "=", "right", "="),
    "map": ("3", "down", "down", "n", "n", "pagedown", "up", "p", "down", "down", "up", "up"),
    "weights": ("4", "right", "right", "right", "down", "right", "left", ">", "<", "down", "right", "0"),
    "why": ("5", "down", "down", "n", "n", "down", "pagedown", "p", "n", "end", "home", "n"),
}
"""A stretch of work on each page."""

QUIET = 0.06
"""Seconds without a drawing after which a key's work counts as done. The draws for new weights begin later than that,
so that the next key finds them at work."""


class Watched(App[None]):
    """Shows the screen and notes when something was last drawn."""

    CSS_PATH = str(Path(toolvet.tui.__file__).with_name("toolvet.tcss"))

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self.register_theme(themes.DARK)
        self.theme = themes.DARK.name
        self._comparison = comparison
        self.drawn = 0.0

    def on_mount(self) -> None:
        """Open the screen."""
        self.push_screen(CompareScreen(self._comparison))

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, renderable)
        if isinstance(renderable, CompositorUpdate):  # else nothing that is seen has changed
            renderable.render_segments(self.console)  # what a terminal is sent, which an app in a test leaves out
            self.drawn = time.perf_counter()

    async def seconds_to_draw(self, key: str) -> float:
        """Seconds from the key to the last thing drawn before it was quiet."""
        driver = self._driver
        assert driver is not None
        sent = time.perf_counter()
        name = {"=": "equals_sign", ">": "greater_than_sign", "<": "less_than_sign"}.get(key, key)
        driver.send_message(Key(name, key if len(key) == 1 else None))
        while time.perf_counter() - max(sent, self.drawn) < QUIET:
            await asyncio.sleep(0.001)
        return max(self.drawn - sent, 0.0)


def compare_key_figures(rounds: int) -> list[Figure]:
    """The 95th percentile for each page, with weightings being drawn meanwhile."""
    collect_seldom()
    taken = asyncio.run(_press_all(many_tools(TOOLS), rounds))
    return [
        Figure(
            f"key to repaint, compare {TOOLS}: {page}",
            percentile_95(seconds) * 1000,
            50,
            "ms",
            f"95th percentile of {len(seconds)} keys; median {milliseconds(statistics.median(seconds))}",
        )
        for page, seconds in taken.items()
    ]


def many_tools(count: int) -> Comparison:
    """So many tools with every question answered, all of one verdict, so that each could lead."""
    rubric = _lenient(read_rubric(SHIPPED))
    chance = random.Random(2026)
    return compare([_tool(rubric, f"Tool number {number}", chance) for number in range(count)])


def _lenient(rubric: Rubric) -> Rubric:
    none = Thresholds(Fraction(0), Fraction(0))
    criteria = tuple(
        replace(criterion, questions=tuple(replace(question, must_reach=None) for question in criterion.questions))
        for criterion in rubric.criteria
    )
    return replace(rubric, criteria=criteria, policy=Policy(approve=none, conditional=none, coverage=Fraction(0)))


def _tool(rubric: Rubric, name: str, chance: random.Random) -> Tool:
    answers = {question.id: Answer(level=chance.randint(0, question.top)) for _, question in rubric.questions()}
    scope = {fact.id: fact.options[-1] for fact in rubric.scope}
    reference = RubricRef(rubric.id, rubric.version)
    assessment = Assessment(reference, Subject(name), Reviewer("Bench"), scope=scope, answers=answers)
    return Tool(f"{name}.toml", "", assessment, score(rubric, assessment, DAY))


async def _press_all(comparison: Comparison, rounds: int) -> dict[str, list[float]]:
    app = Watched(comparison)
    taken: dict[str, list[float]] = {page: [] for page in STRETCHES}
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(1.0)
        for _ in range(rounds):
            for page, keys in STRETCHES.items():
                for key in keys:
                    taken[page].append(await app.seconds_to_draw(key))
    return taken
