"""The decision that counts where it is not the one a report is about."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from toolvet.domain.decision import Decision
from toolvet.domain.scorecard import Verdict
from toolvet.report.words import day


@dataclass(frozen=True, slots=True)
class NewerDecision:
    """The newest decision on the subject; it replaces the report's own, or rests on another assessment.

    `path` is its file inside the workspace, `words` the whole in a sentence.
    """

    decision: Verdict
    decided_by: str
    decided_on: datetime.date
    path: str
    words: str


def newer_decision(newest: Decision, path: str, own: Decision | None) -> NewerDecision:
    """The newest decision, beside that which the report is about; None where no decision rests on its assessment."""
    said = f"of {day(newest.decided_on)} by {newest.decided_by}: {newest.decision.words} ({path})."
    words = (
        f"The newest decision on this tool rests on another assessment; it is that {said}"
        if own is None
        else f"Replaced by the decision {said}"
    )
    return NewerDecision(newest.decision, newest.decided_by, newest.decided_on, path, words)
