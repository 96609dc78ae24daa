"""Tools to compare whose figures can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from build import make_assessment, make_criterion, make_question, make_rubric, weighted_rubric
from toolvet.domain.assessment import Answer, Evidence, Grade, Subject
from toolvet.domain.comparison import Ranked, Robustness, robustness
from toolvet.domain.rubric import Axis, Rubric, ScopeFact
from toolvet.domain.scoring import score
from toolvet.report.comparison.ranking import Comparison, Tool, compare

DAY = date(2026, 11, 21)
TRIAL = (Evidence("Trial of 2 November", Grade.TESTED, date(2026, 11, 2)),)
UNKNOWN = Answer(unknown="Asked the vendor.")

RUBRIC = make_rubric(
    make_criterion(
        "devices",
        make_question("every-device", must_reach=2),
        make_question("old-phones", weight=3),
        axis=Axis.EXPERIENCE,
    ),
    make_criterion("security", make_question("sign-in"), axis=Axis.CONTROL),
    scope=(ScopeFact("data", "What will it hold?", ("public", "internal"), "setting"),),
)


def make_tool(
    name: str, answers: Mapping[str, object], *, rubric: Rubric = RUBRIC, scope: Mapping[str, str] | None = None
) -> Tool:
    """A tool of that name, in a file of that name."""
    assessment = make_assessment(answers, scope={"data": "internal"} if scope is None else scope)
    assessment = replace(assessment, subject=Subject(name))
    return Tool(f"{name}.toml", "0" * 64, assessment, score(rubric, assessment, DAY))


def three_tools() -> Comparison:
    """Alpha is approved: devices (1 + 3/2) / 4 = 62.5, security 100, overall 81.25 and nothing open.

    Beta is on hold: devices from 3/4 / 4 = 18.75 to (3/4 + 3) / 4 = 93.75, overall from 59.375 to 96.875.
    Gamma is rejected: every-device is at 1; devices (1/4 + 3) / 4 = 81.25, security 0, overall 40.625.
    """
    return compare(
        [
            make_tool("Gamma", {"every-device": 1, "old-phones": 4, "sign-in": 0}),
            make_tool("Alpha", {"every-device": Answer(level=4, evidence=TRIAL), "old-phones": 2, "sign-in": 4}),
            make_tool("Beta", {"every-device": Answer(level=3, evidence=TRIAL), "old-phones": UNKNOWN, "sign-in": 4}),
        ]
    )


def by_levels(*tools: tuple[str, int, int], weights: tuple[int, int] = (1, 1)) -> Comparison:
    """Approved tools with a level from 0 to 4 on one question in each of two criteria, "c0" and "c1"."""
    rubric = weighted_rubric(*weights)
    return compare([make_tool(name, {"q0": one, "q1": other}, rubric=rubric) for name, one, other in tools])


def tried(comparison: Comparison, *, draws: int = 100) -> Robustness | None:
    """Its robustness by that many draws."""
    return robustness([Ranked(entry.rank, entry.candidate) for entry in comparison.entries], draws=draws)
