"""Which screen the app starts with. Nothing here needs Textual, which takes 0.3 s to import."""

from __future__ import annotations

from enum import StrEnum

from toolvet.storage.reader import AssessmentFile
from toolvet.values import dataclass


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
    """The first screen, the assessment that it is about, and for NEW and SURVEY a name, if known."""

    opening: Opening = Opening.HOME
    file: AssessmentFile | None = None
    name: str = ""
