"""One person's answers to a survey, without any screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from build import make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Reviewer, Subject
from toolvet.domain.gaps import (
    AnswerSide,
    Given,
    SurveyProgress,
    asked,
    given,
    next_unanswered,
    survey_progress,
    unanswered,
    with_rung,
)
from toolvet.domain.rubric import Ask
from toolvet.text.labels import survey_progress_words

DAY = date(2026, 11, 21)
E, D = AnswerSide.EXPECTED, AnswerSide.DELIVERED
RUBRIC = replace(
    make_rubric(
        make_criterion("talk", make_question("a"), replace(make_question("b"), asked_of=("guests",))),
        make_criterion("decide", make_question("c"), make_question("d")),
    ),
    ask=Ask.GAP,
    groups=("staff", "guests"),
)


def answered(answers: Mapping[str, Answer], group: str | None = "staff") -> Assessment:
    return replace(unanswered(RUBRIC, Subject("Harbour"), group, DAY), answers=dict(answers))


def test_answers_begin_with_nobodys_name_and_only_what_tells_the_organisation_apart() -> None:
    known = Subject("Harbour", vendor="V", plan="North", deployment="Rotterdam", requested_by="A. Person", users=4)
    begun = unanswered(RUBRIC, known, "staff", DAY)
    assert (begun.reviewer, begun.subject) == (
        Reviewer(None, None, "staff"),
        Subject("Harbour", plan="North", deployment="Rotterdam"),
    )


@pytest.mark.parametrize(
    ("group", "ids"), [("guests", ["a", "b", "c", "d"]), ("staff", ["a", "c", "d"]), (None, ["a", "c", "d"])]
)
def test_what_is_asked_of_some_groups_is_asked_of_nobody_else(group: str | None, ids: list[str]) -> None:
    assert [question.id for question in asked(RUBRIC, answered({}, group))] == ids


def test_each_side_is_set_by_itself_and_the_note_stays() -> None:
    answer = with_rung(with_rung(Answer(note="N"), E, 3), D, 1)
    assert (answer, with_rung(answer, E, None)) == (
        Answer(expected=3, delivered=1, note="N"),
        Answer(delivered=1, note="N"),
    )


def test_a_new_rung_confirms() -> None:
    assert with_rung(Answer(expected=3, confirm="reworded in 1.1.0"), E, 3) == Answer(expected=3)


def test_taking_one_side_off_does_not_confirm_the_other() -> None:
    both = Answer(expected=3, delivered=1, confirm="reworded in 1.1.0")
    assert with_rung(both, E, None) == Answer(delivered=1, confirm="reworded in 1.1.0")


def test_with_no_side_left_there_is_nothing_to_confirm() -> None:
    assert with_rung(Answer(expected=3, confirm="reworded in 1.1.0"), E, None) == Answer()


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(), Given.NOTHING),
        (Answer(note="N"), Given.NOTHING),
        (Answer(expected=0), Given.ONE_SIDE),
        (Answer(delivered=2), Given.ONE_SIDE),
        (Answer(expected=3, delivered=1), Given.BOTH),
        (Answer(expected=3, delivered=1, confirm="new words"), Given.TO_CONFIRM),
    ],
)
def test_how_much_is_given(answer: Answer, state: Given) -> None:
    assert given(answer) is state


def test_progress_counts_the_questions_this_person_is_asked() -> None:
    answers = {"a": Answer(expected=1, delivered=2), "b": Answer(expected=1, delivered=1), "c": Answer(delivered=0)}
    done = survey_progress(RUBRIC, answered(answers))
    assert (done, survey_progress_words(done)) == (
        SurveyProgress(1, 1, 1),
        "1 of 3 answered on both sides, 1 on one side only",
    )


def test_answer_to_confirm_is_open() -> None:
    assert survey_progress(
        RUBRIC, answered({"a": Answer(expected=1, delivered=2, confirm="new words")})
    ) == SurveyProgress(0, 0, 3)


@pytest.mark.parametrize(
    ("answers", "after", "found"),
    [
        ({}, None, "a"),
        ({}, "a", "c"),
        ({}, "d", "a"),
        ({"c": Answer(expected=1)}, "a", "d"),
        ({"c": Answer(expected=1), "d": Answer(expected=1, delivered=1)}, "a", "c"),
        ({"c": Answer(expected=1, delivered=1, confirm="new")}, "a", "c"),
        ({"c": Answer(expected=1, delivered=1), "d": Answer(expected=1, delivered=1)}, "a", None),
    ],
)
def test_the_next_open_one_goes_round_and_sides_that_are_missing_come_last(
    answers: Mapping[str, Answer], after: str | None, found: str | None
) -> None:
    assert next_unanswered(RUBRIC, answered(answers), after) == found
