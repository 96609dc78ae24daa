from __future__ import annotations

from dataclasses import replace

import pytest

from build import make_criterion, make_question, make_rubric
from toolvet.domain.rubric import Ask, Axis, Rubric, ScopeFact
from toolvet.domain.scope import AllOf, Not, OneOf
from toolvet.report.rubric import FactPart, RubricFormat, rubric_document, rubric_page
from toolvet.storage.reader import read_rubric
from toolvet.storage.rubric_library import shipped

DATA = OneOf("data", frozenset({"internal"}), "data is at least internal")
GUESTS = OneOf("guests", frozenset({"yes"}), "guests is yes")
FACTS = (ScopeFact("data", "What will it hold?", ("public", "internal")), ScopeFact("guests", "Guests?", ("no", "yes")))
HOSTILE = "<script>alert(1)</script> **bold** [link](https://example.com) \x1b[31m"


def rubric() -> Rubric:
    first = make_question("first", must_reach=2, must_reach_when=DATA)
    second = make_question("second", applies_when=AllOf((GUESTS, Not(DATA))), axis=Axis.CONTROL)
    return make_rubric(make_criterion("one", first, second, axis=Axis.EXPERIENCE, weight=2), scope=FACTS)


def test_conditions_and_must_haves_stand_in_words() -> None:
    first, second = rubric_page(rubric()).criteria[0].questions
    assert first.details[0] == ("Must reach", "level 2 when data is at least internal. Because. Missing it rejects.")
    assert second.details[0] == ("Applies", "when guests is yes and not data is at least internal")


def test_axis_is_said_of_a_question_where_it_is_another_than_its_criterions() -> None:
    first, second = rubric_page(rubric()).criteria[0].questions
    assert "Axis" not in dict(first.details)
    assert dict(second.details)["Axis"] == "control"


def test_fact_names_the_questions_that_hang_on_it() -> None:
    assert rubric_page(rubric()).facts == (
        FactPart("data", "What will it hold?", "public · internal", "First, Second"),
        FactPart("guests", "Guests?", "no · yes", "Second"),
    )


def test_survey_shows_both_questions_and_how_gaps_are_read() -> None:
    asked = replace(make_question("first"), expected="What would do?", delivered="What was true?")
    page = rubric_page(replace(make_rubric(make_criterion("one", asked)), ask=Ask.GAP))
    assert page.criteria[0].questions[0].asked == ("Expected: What would do?", "Delivered: What was true?")
    assert [fact.what for fact in page.policy] == [
        "Over-built",
        "Sweet spot",
        "Near",
        "Slipping",
        "Short",
        "Smallest group shown",
        "Ask again",
    ]


@pytest.mark.parametrize("rubric_format", RubricFormat)
def test_foreign_text_is_text_and_nothing_else(rubric_format: RubricFormat) -> None:
    question = replace(make_question("first"), text=HOSTILE, why=HOSTILE, levels=(HOSTILE, "yes"))
    fact = ScopeFact("data", HOSTILE, (HOSTILE, "b"))
    text = rubric_document(
        replace(make_rubric(make_criterion("one", question), scope=[fact]), title=HOSTILE), rubric_format
    )
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "\x1b" not in text
    if rubric_format is RubricFormat.MARKDOWN:
        assert "**bold**" not in text
        assert "[link](" not in text


@pytest.mark.parametrize("rubric_format", RubricFormat)
@pytest.mark.parametrize("name", ["collaboration-tool.toml", "collaboration-readiness.toml"])
def test_every_question_of_the_rubrics_that_ship_is_in_it(name: str, rubric_format: RubricFormat) -> None:
    shown = read_rubric(shipped("rubrics") / name)
    text = rubric_document(shown, rubric_format)
    assert [question.id for _, question in shown.questions() if question.id not in text] == []
    assert text.endswith("\n")
