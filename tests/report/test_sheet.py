"""The blank sheet: every question of a sitting, with room to answer."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.rubric import Ask, Rubric, Sitting
from toolvet.domain.sheet import Audience
from toolvet.report.question_sheet import question_sheet, sheet_csv
from toolvet.report.rubric import blank_sheet, survey_csv

CONSOLE = replace(
    make_question("sign-in", levels=3, must_reach=1),
    where=Sitting.CONSOLE,
    minutes=5,
    why="Why so.",
    check="Look | up.",
)
TRIAL = replace(make_question("join"), where=Sitting.TRIAL)
RUBRIC = make_rubric(make_criterion("security", CONSOLE), make_criterion("devices", TRIAL))
SECURITY = RUBRIC.criteria[0]


def printed(rubric: Rubric) -> str:
    """The whole rubric as Markdown."""
    return blank_sheet(rubric, None, tuple(rubric.questions()))


def questions_of(text: str) -> list[dict[str, str]]:
    """The rows of a table that ask something."""
    return [row for row in csv.DictReader(io.StringIO(text)) if "." not in row["question"]]


def test_markdown_has_the_question_its_ladder_and_room_to_answer() -> None:
    text = blank_sheet(RUBRIC, Sitting.CONSOLE, [(SECURITY, CONSOLE)])
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
    lines = blank_sheet(RUBRIC, Sitting.CONSOLE, [(SECURITY, CONSOLE)]).splitlines()
    assert (lines[0], lines[2]) == (
        "# Small: questions to answer in its admin console",
        "1 question, about 5 minutes. Rubric small 1.0.0.",
    )


def test_the_reading_rule_stands_above_the_questions() -> None:
    assert "The highest rung that holds." in printed(replace(RUBRIC, how_to_answer="The highest rung that holds."))
    assert "Pick the highest rung that is wholly true" in printed(RUBRIC)


def test_an_answer_that_is_there_is_ticked_with_its_words() -> None:
    answer = Answer(level=1, note="Seen.", evidence=(Evidence("https://a.example", Grade.DOCUMENT, date(2026, 11, 2)),))
    lines = blank_sheet(RUBRIC, None, [(SECURITY, CONSOLE)], make_assessment({"sign-in": answer})).splitlines()
    assert [line for line in lines if "[x]" in line or line.startswith(("Note", "Evidence"))] == [
        "- [x] 1: rung 1",
        "Note: Seen.",
        r"Evidence (where seen, and its date): https\://a.example, 2026-11-02",
    ]


def test_a_table_has_a_row_for_each_question_with_its_rungs_in_one_cell() -> None:
    sheet = question_sheet(RUBRIC, [(SECURITY, CONSOLE)], None, Audience.COLLEAGUE)
    assert questions_of(sheet_csv(sheet)) == [
        {
            "question": "sign-in",
            "title": "Sign in (must-have)",
            "text": "What of sign-in?",
            "how to check": "Look | up.",
            "rungs": "0: rung 0\n1: rung 1\n2: rung 2",
            **dict.fromkeys(["answer", "reason", "note", "setting", "answered"], ""),
            **dict.fromkeys(["source", "grade", "seen on", "source 2", "grade 2", "seen on 2"], ""),
        }
    ]


def test_a_vendor_learns_neither_our_answers_nor_what_must_be_reached() -> None:
    about = make_assessment({"sign-in": Answer(level=1, note="They fail this.")})
    (row,) = questions_of(sheet_csv(question_sheet(RUBRIC, [(SECURITY, CONSOLE)], about, Audience.VENDOR)))
    assert (row["title"], row["answer"], row["note"]) == ("Sign in", "", "")
    assert "must-have" not in blank_sheet(RUBRIC, None, [(SECURITY, CONSOLE)], for_vendor=True)


def test_a_formula_in_a_rubric_is_no_formula_in_the_table() -> None:
    asked = [(SECURITY, replace(CONSOLE, text="=cmd()"))]
    (row,) = questions_of(sheet_csv(question_sheet(RUBRIC, asked, None, Audience.COLLEAGUE)))
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
    assert printed(GAP).partition("### ")[2].splitlines() == [
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
    (row,) = csv.DictReader(io.StringIO(survey_csv(tuple(GAP.questions()))))
    assert (row["text"], list(row)[-4:]) == (
        "Expected: What would do? Delivered: What was true?",
        ["expected", "delivered", "note", "date"],
    )
