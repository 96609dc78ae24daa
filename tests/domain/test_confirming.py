"""What is to be confirmed is kept, and counts for nothing until it is answered anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import (
    Answer,
    Evidence,
    Grade,
    Reviewer,
    as_not_applicable,
    as_unknown,
    at_level,
    cleared,
    confirmed,
    next_open,
    to_confirm,
)
from toolvet.domain.findings import Finding, FindingCode, find
from toolvet.domain.gaps import measure
from toolvet.domain.merge import both_answers
from toolvet.domain.rubric import Ask, Policy
from toolvet.domain.scorecard import AnswerState, MustHaveState, ScoreRange, Verdict
from toolvet.domain.scoring import last_day, score

DAY = date(2026, 11, 2)
WHY = "reworded in 2.0.0"


@pytest.mark.parametrize("answer", [Answer(level=4), Answer(unknown=""), Answer(not_applicable="None here.")])
def test_it_counts_as_unanswered(answer: Answer) -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y")))
    scored = score(rubric, make_assessment({"x": replace(answer, confirm=WHY), "y": 4}), DAY)
    assert scored.question("x").state is AnswerState.UNANSWERED
    assert scored.overall == ScoreRange(Fraction(50), Fraction(100), Fraction(100), Fraction(50), Fraction(50))
    assert not scored.complete


def test_must_have_to_be_confirmed_is_unknown_and_holds() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2)))
    evidence = (Evidence("seen", Grade.TESTED),)
    scored = score(rubric, make_assessment({"x": Answer(level=4, confirm=WHY, evidence=evidence)}), DAY)
    assert scored.must_haves[0].state is MustHaveState.UNKNOWN
    assert scored.verdict is Verdict.HOLD


def test_it_is_the_next_open_question() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y")))
    scored = score(rubric, make_assessment({"x": 1, "y": Answer(level=1, confirm=WHY)}), DAY)
    assert next_open(scored, "x") == "y"


def test_it_does_not_expire() -> None:
    assert last_day(make_question("x", shelf_months=1), Answer(level=1, answered=DAY, confirm=WHY)) is None


def test_it_is_the_only_finding_about_the_answer() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=1)))
    found = find(rubric, make_assessment({"x": Answer(level=4, confirm=WHY)}), DAY, seal_broken=False)
    assert found == (Finding(FindingCode.TO_CONFIRM, ("x",), (WHY,)),)


@pytest.mark.parametrize(
    "answered",
    [
        lambda answer: at_level(answer, 2, DAY),
        lambda answer: as_unknown(answer, "Asked.", DAY),
        lambda answer: as_not_applicable(answer, "None here.", DAY),
        cleared,
    ],
)
def test_answering_again_confirms(answered: Callable[[Answer], Answer]) -> None:
    assert answered(Answer(level=2, confirm=WHY)).confirm is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(level=2, confirm=WHY), "level 2, reworded in 2.0.0"),
        (Answer(expected=2, delivered=0, confirm=WHY), "expected 2, delivered 0, reworded in 2.0.0"),
        (Answer(unknown="", confirm=WHY), "unknown, reworded in 2.0.0"),
        (Answer(not_applicable="No.", confirm=WHY), "not applicable, reworded in 2.0.0"),
        (Answer(level=2), None),
    ],
)
def test_words_for_an_answer_to_confirm(answer: Answer, words: str | None) -> None:
    assert to_confirm(answer) == words


def test_respondents_answer_to_be_confirmed_is_not_measured() -> None:
    rubric = replace(make_rubric(make_criterion("a", make_question("x")), policy=Policy(smallest_group=1)), ask=Ask.GAP)
    answers = (Answer(expected=3, delivered=1), Answer(expected=0, delivered=0, confirm=WHY))
    people = [replace(make_assessment({"x": answer}), reviewer=Reviewer()) for answer in answers]
    assert measure(rubric, people).questions == measure(rubric, people[:1]).questions


def test_confirming_keeps_the_answer_and_leaves_its_evidence_as_old_as_it_was() -> None:
    dated = Evidence("report", Grade.DOCUMENT, date(2025, 1, 1))
    answer = Answer(level=2, answered=date(2026, 1, 1), evidence=(Evidence("seen", Grade.TESTED), dated), confirm=WHY)
    assert confirmed(answer, DAY) == Answer(
        level=2, answered=DAY, evidence=(Evidence("seen", Grade.TESTED, date(2026, 1, 1)), dated)
    )


@pytest.mark.parametrize(
    "between",
    [
        lambda answer: answer,
        cleared,
        lambda answer: as_unknown(answer, "Asked.", date(2027, 6, 1)),
        lambda answer: as_not_applicable(answer, "None here.", date(2027, 6, 1)),
    ],
    ids=["at once", "cleared", "unknown", "not applicable"],
)
def test_an_answer_given_anew_renews_no_evidence_without_a_day(between: Callable[[Answer], Answer]) -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2, shelf_months=6)))
    answer = Answer(level=4, answered=DAY, evidence=(Evidence("seen", Grade.TESTED),))
    assert score(rubric, make_assessment({"x": answer}), DAY).verdict is Verdict.APPROVE
    on = date(2027, 11, 2)
    anew = at_level(between(answer), 4, on)
    scored = score(rubric, make_assessment({"x": anew}), on)
    assert scored.must_haves[0].state is MustHaveState.MET
    assert not scored.must_haves[0].proven
    assert scored.verdict is Verdict.APPROVE_WITH_CONDITIONS


def test_of_two_answers_the_later_day_renews_no_evidence_of_the_earlier() -> None:
    old = Answer(level=4, answered=DAY, evidence=(Evidence("seen", Grade.TESTED),))
    new = Answer(level=4, answered=date(2027, 11, 2))
    for both in both_answers(old, new), both_answers(new, old):
        assert (both.answered, both.evidence) == (new.answered, (Evidence("seen", Grade.TESTED, DAY),))
