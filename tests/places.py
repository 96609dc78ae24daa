"""Every screen and dialog of the app, and the keys that lead there from Home."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from screens import ON, RUBRIC, Case
from toolvet.domain.assessment import Answer, Evidence, Grade, Reviewer, Subject

TYPED = "Halfway"
"""What the keys that lead to a field type there."""

IN_ASSESS = ("enter", "3")
IN_SURVEY = ("n", "f3", f"text:{TYPED}", "enter", "1", "3")
PLACES: dict[str, tuple[str, ...]] = {
    "HomeScreen": (),
    "KeyList": ("question_mark",),
    "NewScreen": ("n",),
    "AssessScreen": IN_ASSESS,
    "AskText": (*IN_ASSESS, "m", f"text:{TYPED}"),
    "EvidenceDialog": (*IN_ASSESS, "e"),
    "AskLine": (*IN_ASSESS, "e", "a", f"text:{TYPED}"),
    "FactsScreen": (*IN_ASSESS, "f"),
    "ChooseOne": (*IN_ASSESS, "v"),
    "Tell": (*IN_ASSESS, "h"),
    "ReviewScreen": (*IN_ASSESS, "r"),
    "DecideScreen": ("d",),
    "AskFields": ("d", "a", f"text:{TYPED}"),
    "Confirm": ("d", "a", f"text:{TYPED}", "enter", "enter", "enter", "f"),
    "ReportScreen": ("r",),
    "CompareScreen": ("c",),
    "BothAnswersScreen": ("c", "2", "enter"),
    "SurveyScreen": IN_SURVEY,
    "SurveyReviewScreen": (*IN_SURVEY, "r"),
    "RubricsScreen": ("b",),
    "PreviewScreen": ("b", "enter"),
}


def two_tools(root: Path, text: str = "Words.", rubric: str = RUBRIC) -> Case:
    """A workspace of two tools with that text wherever a text can stand; the case is of the first in the list."""
    case = Case(root, rubric=rubric)
    first = replace(case.file.assessment, subject=_subject(text), reviewer=Reviewer(text, text), answers=_answers(text))
    case.workspace.save(case.file, replace(case.file.assessment, answers=_answers(text)))
    case.file = case.workspace.start(first, ON)
    return case


def _subject(text: str) -> Subject:
    return Subject(
        name=f"A {text}",
        vendor=text,
        plan=text,
        deployment=text,
        job=text,
        requested_by=text,
        requested_on=ON,
        answer_by=ON,
        users=400,
        yearly_cost=text,
    )


def _answers(text: str) -> dict[str, Answer]:
    evidence = (Evidence(text, Grade.TESTED, date(2026, 11, 2)),)
    return {
        "does-it": Answer(level=2, answered=ON, note=text, setting=text, evidence=evidence),
        "how-fast": Answer(unknown=text, answered=ON),
        "sign-in": Answer(not_applicable=text, answered=ON),
    }
