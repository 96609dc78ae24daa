"""Where the app begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import overload

from textual.dom import DOMNode

from toolvet.storage.reader import AssessmentFile


class Opening(StrEnum):
    """The first screen. Home comes when that one is left."""

    HOME = "home"
    NEW = "new"
    ASSESS = "assess"
    SURVEY = "survey"
    DECIDE = "decide"
    REPORT = "report"


FIRST_STYLES = {
    Opening.HOME: "home/home.tcss",
    Opening.NEW: "assess/new.tcss",
    Opening.ASSESS: "assess/assess.tcss",
    Opening.SURVEY: "survey/survey.tcss",
    Opening.DECIDE: "decide/decide.tcss",
    Opening.REPORT: "kit/report.tcss",
}
"""The style sheet of each first screen."""


@dataclass(frozen=True, slots=True)
class Start:
    """The first screen, the assessment that it is about, and for NEW and SURVEY a name, where it is known."""

    opening: Opening = Opening.HOME
    file: AssessmentFile | None = None
    name: str = ""


Clock = Callable[[], date]


def clock_of(on: date | None) -> Clock:
    """The day that was given, always; without one the day by the system's clock."""
    return date.today if on is None else lambda: on


class Today:
    """The day on a screen: by the app's clock, or the one that it was set to where the app has none."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._given = f"_given_{name}"

    @overload
    def __get__(self, screen: None, owner: type) -> Today: ...

    @overload
    def __get__(self, screen: DOMNode, owner: type) -> date: ...

    def __get__(self, screen: DOMNode | None, owner: type) -> Today | date:
        if screen is None:
            return self
        try:
            today = getattr(screen.app, "today", None)
        except RuntimeError:  # no app is running yet
            today = None
        found: date = getattr(screen, self._given) if today is None else today()
        return found

    def __set__(self, screen: DOMNode, on: date) -> None:
        setattr(screen, self._given, on)
