"""Every screen and dialog of the app, and the keys that lead there from Home."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from screens import ON, RUBRIC, Case, hostile_rubric
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, RubricRef, Subject
from toolvet.services.assessments import Session, clock_of
from toolvet.services.editing import keep_beside
from toolvet.services.survey_rounds import close_round

TYPED = "Halfway"
"""What the keys that lead to a field type there."""

DECIDED = ("--decision", "reject", "--by", "Board", "--rationale", "Not yet.", "--on", ON.isoformat())
IN_ASSESS = ("enter", "3")
IN_SURVEY = ("a", "f3", "1", "1", "enter", "1")
PLACES: dict[str, tuple[str, ...]] = {
    "HomeScreen": (),
    "KeyList": ("question_mark",),
    "CommandList": ("colon",),
    "FindOne": ("b", "slash"),
    "SettingsDialog": ("comma",),
    "NewScreen": ("a",),
    "AssessScreen": IN_ASSESS,
    "AskText": (*IN_ASSESS, "m", f"text:{TYPED}"),
    "EvidenceDialog": (*IN_ASSESS, "e"),
    "AskLine": (*IN_ASSESS, "e", "a", f"text:{TYPED}"),
    "FactsScreen": (*IN_ASSESS, "f"),
    "ChooseOne": (*IN_ASSESS, "l"),
    "Tell": (*IN_SURVEY, "i"),
    "ReviewScreen": (*IN_ASSESS, "r"),
    "DecideScreen": ("d",),
    "DecisionScreen": ("down", "D"),
    "AskFields": ("d", "a", f"text:{TYPED}"),
    "Confirm": ("d", "a", f"text:{TYPED}", "enter", "enter", "enter", "N"),
    "ReportScreen": ("w",),
    "CompareScreen": ("c",),
    "ComparisonReportScreen": ("c", "w"),
    "BothAnswersScreen": ("c", "2", "enter"),
    "ConflictScreen": ("end", "enter"),
    "YourNumber": IN_SURVEY[:-2],
    "SurveyScreen": IN_SURVEY,
    "SurveyReviewScreen": (*IN_SURVEY, "r"),
    "ReadinessScreen": ("v",),
    "OneGapScreen": ("v", "2", "enter"),
    "ReadinessReportScreen": ("v", "w"),
    "RubricsScreen": ("b",),
    "PreviewScreen": ("b", "enter"),
    "MigratingScreen": ("M",),
    "IntakeScreen": ("I", "text:~/sheet.csv", "enter", "enter", "enter"),
}

SENT_BACK = {
    "about.answered-by": {"answer": "Leo"},
    "does-it": {"answer": "3"},
    "how-fast": {"answer": "7"},
}
"""What a colleague put into a sheet."""

SURVEY = """
format = 1
id = "pulse"
version = "1.0.0"
title = "Pulse"
subject = "organisation"
ask = "gap"
groups = ["managers", "team"]

[policy]
smallest_group = 1

[[criteria]]
id = "reach"
title = "Reach"

[[criteria.questions]]
id = "mail"
expected = "How should work travel?"
delivered = "How did it travel?"
think_of = "A trip."
check = "Count it."
levels = ["By mail.", "By link.", "As before, and live."]
"""
"""A survey of which every answer may be shown, so that each place can be come to with few people."""


def all_there_is(root: Path, text: str = "Words.", rubric: str = RUBRIC) -> Case:
    """The same, a copy that a conflict left, and a newer version of the rubric, so that every place can be come to."""
    case = two_tools(root, text, rubric)
    newer = rubric.replace('version = "1.0.0"', 'version = "1.1.0"')
    (root / "rubrics" / "small-1.1.0.toml").write_text(newer, encoding="utf-8")
    answers = {**_answers(text), "does-it": Answer(level=1, note=f"{text} again"), "sign-in": Answer(level=1)}
    assert main(["--workspace", str(root), "decide", "tool-business", *DECIDED]) == 0
    copy = keep_beside(
        case.workspace, case.file, replace(case.file.assessment, scope={"records": "yes"}, answers=answers)
    )
    for path, minute in ((copy.path, 5), (case.file.path, 12)):
        at = datetime(2026, 11, 21, 14, minute).timestamp()
        os.utime(path, (at, at))
    _send_back(case)
    return case


def _send_back(case: Case) -> None:
    """A sheet of the first tool, filled in by a colleague whose answers are another's, at home."""
    sheet = Path.home() / "sheet.csv"
    sheet.parent.mkdir(parents=True, exist_ok=True)
    send = ["--workspace", str(case.workspace.root), "questions", case.file.path.parent.name]
    assert main([*send, "-o", str(sheet), "--force", "--on", ON.isoformat()]) == 0
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, **SENT_BACK.get(row["question"], {})} for row in rows)


def two_tools(root: Path, text: str = "Words.", rubric: str = RUBRIC) -> Case:
    """A workspace of two tools and a survey with that text wherever a text can stand; the case is of the first tool."""
    case = Case(root, rubric=rubric)
    first = replace(case.file.assessment, subject=_subject(text), reviewer=Reviewer(text, text), answers=_answers(text))
    case.workspace.save(case.file, replace(case.file.assessment, answers=_answers(text)))
    case.file = case.workspace.start(first, ON)
    _ask_four(case, text, SURVEY if rubric == RUBRIC else hostile_rubric(text, SURVEY))
    return case


def _ask_four(case: Case, text: str, rubric: str) -> None:
    """Four people's answers about an organisation that is the last in the list, in this round and the one before."""
    (case.workspace.root / "rubrics" / "pulse-1.0.0.toml").write_text(rubric, encoding="utf-8")
    subject = Subject(f"Z {text}", plan=text)
    for day in (ON.replace(year=ON.year - 1), ON):
        for group, expected, delivered in (("managers", 1, 1), ("managers", 2, 1), ("team", 2, 0), ("team", 2, 0)):
            answers = {"mail": Answer(expected=expected, delivered=delivered, note=text)}
            respondent = Assessment(RubricRef("pulse", "1.0.0"), subject, Reviewer(group=group), day, answers=answers)
            file = case.workspace.start(respondent, day)
        close_round(Session(case.workspace, clock_of(day)), file.path.parent.name)


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
