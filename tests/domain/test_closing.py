"""Which shortfalls a tool would close; every share can be redone by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer
from toolvet.domain.gaps import Effect, Readiness, closings, measure
from toolvet.domain.rubric import Ask, Policy, Question
from toolvet.domain.scope import OneOf
from toolvet.domain.scoring import score

ON = date(2026, 11, 20)


def _survey(*answers: Mapping[str, tuple[int, int]], levels: int = 5, smallest_group: int = 1) -> Readiness:
    """A survey of these people's expected and delivered levels."""
    names = dict.fromkeys(name for person in answers for name in person)
    questions = (make_question(name, levels=levels) for name in names)
    rubric = make_rubric(make_criterion("a", *questions), policy=Policy(smallest_group=smallest_group))
    people = [
        make_assessment({name: Answer(expected=pair[0], delivered=pair[1]) for name, pair in person.items()})
        for person in answers
    ]
    return measure(replace(rubric, ask=Ask.GAP), people)


def _linked(name: str, *closes: str, question: Question | None = None) -> Question:
    return replace(question or make_question(name), closes=closes)


def _effects(questions: Sequence[Question], answers: Mapping[str, object], survey: Readiness) -> list[Effect]:
    scorecard = score(make_rubric(make_criterion("c", *questions)), make_assessment(answers, scope={}), ON)
    return [one.effect for one in closings(scorecard, survey)]


@pytest.mark.parametrize(
    ("level", "effect"),
    [
        (4, Effect.CLOSES),  # 4/4 is above the expected 3/4
        (3, Effect.CLOSES),  # 3/4 is the expected 3/4
        (2, Effect.NARROWS),  # 2/4 lies between the delivered 1/4 and the expected 3/4
        (1, Effect.DOES_NOT),  # 1/4 is the delivered 1/4
        (0, Effect.DOES_NOT),
    ],
)
def test_one_answer_is_held_against_both_means(level: int, effect: Effect) -> None:
    assert _effects([_linked("x", "mail")], {"x": level}, _survey({"mail": (3, 1)})) == [effect]


def test_ladders_of_different_length_meet_as_shares() -> None:
    # Expected 4 of 6 is two thirds; level 2 of 3 is two thirds as well.
    three_steps = _linked("x", "mail", question=make_question("x", levels=4))
    assert _effects([three_steps], {"x": 2}, _survey({"mail": (4, 1)}, levels=7)) == [Effect.CLOSES]


def test_the_lowest_of_several_answers_decides() -> None:
    questions = [_linked("x", "mail"), _linked("y", "mail")]
    survey = _survey({"mail": (3, 1)})
    assert _effects(questions, {"x": 4, "y": 2}, survey) == [Effect.NARROWS]
    assert _effects(questions, {"x": 4, "y": 1}, survey) == [Effect.DOES_NOT]


def test_an_open_question_leaves_it_unknown() -> None:
    questions = [_linked("x", "mail"), _linked("y", "mail")]
    survey = _survey({"mail": (3, 1)})
    assert _effects(questions, {"x": 4, "y": Answer(unknown="Asked.")}, survey) == [Effect.NOT_KNOWN]
    assert _effects(questions, {"x": 4}, survey) == [Effect.NOT_KNOWN]
    assert _effects(questions, {}, survey) == [Effect.NOT_KNOWN]


def test_an_open_question_changes_nothing_where_another_is_too_low_already() -> None:
    questions = [_linked("x", "mail"), _linked("y", "mail")]
    assert _effects(questions, {"x": 1}, _survey({"mail": (3, 1)})) == [Effect.DOES_NOT]


def test_an_expired_answer_counts_as_open() -> None:
    question = _linked("x", "mail", question=make_question("x", shelf_months=12))
    answers = {"x": Answer(level=0, answered=date(2025, 11, 19))}
    assert _effects([question], answers, _survey({"mail": (3, 1)})) == [Effect.NOT_KNOWN]


def test_a_question_that_does_not_count_is_passed_over() -> None:
    survey = _survey({"mail": (3, 1)})
    questions = [_linked("x", "mail"), _linked("y", "mail")]
    assert _effects(questions, {"x": 4, "y": Answer(not_applicable="No such thing.")}, survey) == [Effect.CLOSES]


def test_a_shortfall_that_no_question_counts_for_is_not_spoken_to() -> None:
    asked_for_guests = make_question("x", applies_when=OneOf("guests", frozenset({"yes"}), "guests is yes"))
    rubric = make_rubric(make_criterion("c", _linked("x", "mail", question=asked_for_guests), make_question("y")))
    scorecard = score(rubric, make_assessment({"x": 4, "y": 4}, scope={"guests": "no"}), ON)
    found = closings(scorecard, _survey({"mail": (3, 1)}))
    assert [(one.linked, one.effect) for one in found] == [((), Effect.NOT_ASKED)]


def test_only_what_is_short_or_slipping_is_a_shortfall_and_the_widest_comes_first() -> None:
    # Gaps 0, -1/2 (near), -3/4 (slipping), -2 and -1 (short), over four people.
    people = [
        {"even": (2, 2), "near": (2, 2), "slipping": (3, 2), "wide": (4, 2), "short": (3, 2)},
        {"even": (2, 2), "near": (2, 2), "slipping": (3, 2), "wide": (4, 2), "short": (3, 2)},
        {"even": (2, 2), "near": (3, 2), "slipping": (3, 2), "wide": (4, 2), "short": (3, 2)},
        {"even": (2, 2), "near": (3, 2), "slipping": (2, 2), "wide": (4, 2), "short": (3, 2)},
    ]
    scorecard = score(make_rubric(make_criterion("c", make_question("x"))), make_assessment({}), ON)
    found = closings(scorecard, _survey(*people))
    assert [one.shortfall.question.id for one in found] == ["wide", "short", "slipping"]


def test_a_gap_that_too_few_gave_is_no_shortfall() -> None:
    survey = _survey(*[{"mail": (3, 1)}] * 4, smallest_group=5)
    assert _effects([_linked("x", "mail")], {"x": 4}, survey) == []


def test_linked_questions_come_in_the_rubrics_order() -> None:
    questions = [_linked("y", "mail"), make_question("z"), _linked("x", "other", "mail")]
    scorecard = score(make_rubric(make_criterion("c", *questions)), make_assessment({"x": 2}), ON)
    found = closings(scorecard, _survey({"mail": (3, 1)}))
    assert [linked.question.id for linked in found[0].linked] == ["y", "x"]
