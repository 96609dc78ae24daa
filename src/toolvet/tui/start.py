"""Where the app begins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from toolvet.files.reading import AssessmentFile


class Opening(StrEnum):
    """The first screen. Home comes when that one is left."""

    HOME = "home"
    NEW = "new"
    ASSESS = "assess"
    SURVEY = "survey"
    DECIDE = "decide"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Start:
    """The first screen, the assessment that it is about, and for NEW and SURVEY a name, where it is known."""

    opening: Opening = Opening.HOME
    file: AssessmentFile | None = None
    name: str = ""
