"""The list of a workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from report_sample import ASSESSMENT, ON, RUBRIC, make_decision
from toolvet.domain.decision import Decision
from toolvet.domain.decision_rules import DueItem, DueKind, due_items
from toolvet.domain.scoring import score
from toolvet.domain.standing import Standing, standing_of
from toolvet.report.listing import (
    NOTHING_HERE,
    ListEntry,
    list_due_text,
    list_json,
    list_text,
    listed_score,
    with_decision,
)
from toolvet.text.record_words import brief_standing

FAR = date(2099, 1, 1)


def entry(decision: Decision | None, due: tuple[DueItem, ...] = (), standing: Standing | None = None) -> ListEntry:
    scorecard = score(RUBRIC, ASSESSMENT, ON)
    file = "assessments/tool/2026-11-02-a-reviewer.toml"
    found = ListEntry("tool", file, ASSESSMENT.subject.label, "A. Reviewer", listed_score(scorecard), "", None, due)
    return with_decision(found, decision, standing)


def test_the_list_says_how_far_each_is_and_what_is_due() -> None:
    decision = make_decision()
    due = due_items(score(RUBRIC, ASSESSMENT, ON), ASSESSMENT, decision, until=FAR)
    assert list_text([entry(decision, due)], ON, width=110).splitlines() == [
        "subject                      known      range  verdict  decision",
        "---------------------------  -----  ---------  -------  -----------------------",
        "Tool Business (A. Reviewer)    2/4  53.3–93.3  hold     approve with conditions",
        "",
        "Due",
        '2025-01-31  OVERDUE  Tool Business: Answer to renew: "Old phones"',
        "2027-03-31  Tool Business: Approval ends: approve with conditions",
        '2027-03-31  Tool Business: Waiver ends: "Sign in" (the CIO)',
        "2027-03-31  Tool Business: Condition due: Vendor supplies sign-in (Vendor management)",
    ]


def test_a_tool_without_any_answer_is_not_started_and_has_no_range() -> None:
    scorecard = score(RUBRIC, replace(ASSESSMENT, answers={}), ON)
    listed = ListEntry("tool", "a.toml", "Tool", "", listed_score(scorecard), "", None, ())
    assert list_text([listed], ON, width=80).splitlines()[2].split() == ["Tool", "0/4", "–", "not", "started"]


def test_a_narrow_list_breaks_its_cells() -> None:
    assert list_text([entry(make_decision())], ON, width=66).splitlines() == [
        "subject            known      range  verdict  decision",
        "-----------------  -----  ---------  -------  ------------",
        "Tool Business (A.    2/4  53.3–93.3  hold     approve with",
        "Reviewer)                                     conditions",
    ]


def test_answers_that_expire_on_one_day_make_one_line() -> None:
    due = tuple(DueItem(ON, DueKind.ANSWER, f"Question {letter}") for letter in "ABCDE")
    assert list_due_text([entry(None, due)], ON) == (
        "2026-11-20  Tool Business: Answers to renew: Question A, Question B, Question C\n            and 2 more"
    )


def test_the_decision_says_that_it_has_run_out() -> None:
    later = date(2027, 4, 5)
    standing = standing_of(make_decision(), later)
    listed = entry(make_decision(), standing=standing)
    assert list_text([listed], later, width=200).splitlines()[2].endswith("run out since 2027-04-01")
    (json,) = list_json([listed], later)
    assert json["decision"] == {
        "decision": "approve-with-conditions",
        "decided_on": "2026-11-20",
        "decided_by": "the tool board",
        "valid_until": "2027-11-02",
        "ends": "2027-03-31",
        "stands": "run out",
        "under_review_again": False,
        "run_out_since": "2027-04-01",
        "withdrawn": None,
        "conditions_overdue": 1,
        "conditions": [
            {
                "condition": "sign-in",
                "text": "Vendor supplies sign-in",
                "owner": "Vendor management",
                "due": "2027-03-31",
                "state": "overdue",
                "recorded": None,
            }
        ],
    }


def test_the_decision_says_that_conditions_are_overdue() -> None:
    decision = replace(make_decision(), waivers=())
    standing = standing_of(decision, date(2027, 4, 5))
    assert brief_standing(decision, standing) == "approved, 1 condition overdue"


def test_an_empty_workspace_says_what_to_do() -> None:
    assert list_text([], ON) == NOTHING_HERE


def test_json_has_one_object_for_each_assessment() -> None:
    due = (DueItem(date(2026, 11, 19), DueKind.PROMISED, "Sales"),)
    (listed,) = list_json([entry(None, due)], ON)
    assert {key: listed[key] for key in ("file", "subject", "answered", "questions", "verdict", "decision", "due")} == {
        "file": "assessments/tool/2026-11-02-a-reviewer.toml",
        "subject": "Tool Business",
        "answered": 4,
        "questions": 4,
        "verdict": "hold",
        "decision": None,
        "due": [
            {
                "day": "2026-11-19",
                "kind": "promised",
                "text": "Answer promised to Sales",
                "question": None,
                "owner": None,
                "overdue": True,
            }
        ],
    }
