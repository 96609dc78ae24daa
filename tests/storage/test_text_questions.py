"""Questions that are answered in words: no ladder, no weight, and their answers are kept wherever answers are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from house import HEAD, criterion, question
from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.migration import migrate
from toolvet.domain.rubric import Rubric, TextQuestion
from toolvet.domain.scoring import score
from toolvet.domain.sheet import Audience
from toolvet.errors import UnusableFile
from toolvet.report.approval.builder import answer_parts
from toolvet.report.question_sheet import question_sheet, sheet_csv
from toolvet.storage.filled_sheet import read_answers, read_filled_sheet
from toolvet.storage.reader import rubric_from

ON = date(2026, 11, 2)
RUBRIC = (
    HEAD
    + criterion("general", question("vendor", "Who makes it?", more='kind = "text"\nref = "GNRL-01"\n'))
    + criterion("reach", question("devices", "Which devices can join?", "None.", "All."))
)


def rubric(text: str = RUBRIC) -> Rubric:
    return rubric_from(Path("house.toml"), text.encode())


def assessment(**answers: Answer) -> Assessment:
    return Assessment(RubricRef("house", "1.0.0"), Subject("Tool"), Reviewer("Ada"), answers=answers)


WORDS = Answer(note="Acme Corp, of Reykjavik.")


def test_it_counts_nowhere() -> None:
    found = rubric()
    assert found.texts == (TextQuestion("vendor", "Who makes it?", "General", "general", ref="GNRL-01"),)
    card = score(found, assessment(vendor=WORDS, devices=Answer(level=1)), ON)
    assert [each.criterion.id for each in card.criteria] == ["reach"]
    assert card.complete is True


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "text"\n', "", "in entry 1 of questions: levels is missing; add it: the ladder"),
        ('kind = "text"\n', 'kind = "text"\nweight = 2\n', "a question of the kind text has no weight"),
        ('levels = ["None.", "All."]', 'kind = "text"', "every question is answered in words"),
    ],
)
def test_what_does_not_fit_is_told(old: str, new: str, said: str) -> None:
    with pytest.raises(UnusableFile, match=said):
        rubric(RUBRIC.replace(old, new))


def test_its_answer_goes_out_and_comes_back(tmp_path: Path) -> None:
    given, found = assessment(vendor=WORDS), rubric()
    sheet = question_sheet(found, tuple(found.questions()), given, Audience.COLLEAGUE, found.texts)
    path = tmp_path / "a.csv"
    path.write_text(sheet_csv(sheet), encoding="utf-8")
    assert read_answers(read_filled_sheet(path), found).answers == {"vendor": WORDS}


def test_its_answer_is_in_the_report() -> None:
    found, given = rubric(), assessment(vendor=WORDS)
    part = answer_parts(score(found, given, ON), given)[-1]
    assert (part.title, part.answers[0].title, part.answers[0].note) == (
        "General, in words",
        "GNRL-01 Vendor",
        WORDS.note,
    )


def test_its_answer_is_carried_to_another_version() -> None:
    new = rubric(RUBRIC.replace('version = "1.0.0"', 'version = "2.0.0"'))
    assert migrate(assessment(vendor=WORDS), rubric(), new).assessment.answers == {"vendor": WORDS}
