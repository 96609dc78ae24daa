"""The blank sheet: every question of a sitting, with room to answer."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from build import make_criterion, make_question, make_rubric
from toolvet.domain.rubric import Ask, Sitting
from toolvet.report.rubric import blank_sheet

CONSOLE = replace(
    make_question("sign-in", levels=3, must_reach=1),
    where=Sitting.CONSOLE,
    minutes=5,
    why="Why so.",
    check="Look | up.",
)
TRIAL = replace(make_question("join"), where=Sitting.TRIAL)
RUBRIC = make_rubric(make_criterion("security", CONSOLE), make_criterion("devices", TRIAL))


def test_markdown_has_the_question_its_ladder_and_room_to_answer() -> None:
    text = blank_sheet(RUBRIC, Sitting.CONSOLE, "md")
    assert text.partition("## Security\n\n")[2] == "\n".join(
        (
            "### Sign in (must-have)",
            "",
            "**What of sign-in?**",
            "",
            "Why: Why so.",
            "",
            r"How to check: Look \| up.",
            "",
            "- [ ] 0: rung 0",
            "- [ ] 1: rung 1",
            "- [ ] 2: rung 2",
            "- [ ] unknown; what was tried: ______",
            "- [ ] not applicable; why: ______",
            "",
            "Note: ______",
            "",
            "Setting it depends on: ______",
            "",
            "Evidence (where seen, and its date): ______",
            "",
        )
    )


def test_the_heading_says_the_sitting_and_how_long_it_takes() -> None:
    lines = blank_sheet(RUBRIC, Sitting.CONSOLE, "md").splitlines()
    assert (lines[0], lines[2]) == (
        "# Small: questions to answer in its admin console",
        "1 question, about 5 minutes. Rubric small 1.0.0.",
    )


def test_the_reading_rule_stands_above_the_questions() -> None:
    assert "The highest rung that holds." in blank_sheet(
        replace(RUBRIC, how_to_answer="The highest rung that holds."), None, "md"
    )
    assert "Pick the highest rung that is wholly true" in blank_sheet(RUBRIC, None, "md")


def test_without_a_sitting_all_questions_are_there() -> None:
    rows = list(csv.DictReader(io.StringIO(blank_sheet(RUBRIC, None, "csv"))))
    assert [row["question"] for row in rows] == ["sign-in", "join"]


def test_csv_has_a_row_for_each_question_with_its_rungs_in_columns() -> None:
    (row,) = csv.DictReader(io.StringIO(blank_sheet(RUBRIC, Sitting.CONSOLE, "csv")))
    assert row == {
        "question": "sign-in",
        "criterion": "Security",
        "text": "What of sign-in?",
        "why": "Why so.",
        "how to check": "Look | up.",
        "must reach": "1",
        "minutes": "5",
        "rung 0": "rung 0",
        "rung 1": "rung 1",
        "rung 2": "rung 2",
        "level": "",
        "unknown: what was tried": "",
        "not applicable: why": "",
        "note": "",
        "setting": "",
        "evidence": "",
        "date": "",
    }


def test_a_formula_in_a_rubric_is_no_formula_in_the_sheet() -> None:
    rubric = make_rubric(make_criterion("security", replace(CONSOLE, text="=cmd()")))
    (row,) = csv.DictReader(io.StringIO(blank_sheet(rubric, None, "csv")))
    assert row["text"] == "'=cmd()"


GAP = replace(
    make_rubric(
        make_criterion(
            "work",
            replace(make_question("beyond-email", levels=2), expected="What would do?", delivered="What was true?"),
        )
    ),
    ask=Ask.GAP,
)


def test_a_survey_asks_both_sides_of_each_ladder() -> None:
    assert blank_sheet(GAP, None, "md").partition("### ")[2].splitlines() == [
        "Beyond email",
        "",
        "**E, expected: What would do?**",
        "",
        "**D, delivered: What was true?**",
        "",
        "- E [ ] D [ ] 0: rung 0",
        "- E [ ] D [ ] 1: rung 1",
        "",
        "Note: ______",
    ]


def test_a_survey_in_csv_has_a_column_for_each_side() -> None:
    (row,) = csv.DictReader(io.StringIO(blank_sheet(GAP, None, "csv")))
    assert (row["text"], list(row)[-4:]) == (
        "Expected: What would do? Delivered: What was true?",
        ["expected", "delivered", "note", "date"],
    )
