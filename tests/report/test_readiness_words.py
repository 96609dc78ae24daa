"""Figures, rungs and sentences of a survey's result."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer
from toolvet.domain.gaps import Readiness, measure
from toolvet.domain.rubric import Ask, Policy, Reading
from toolvet.report.survey.result import Round, Survey
from toolvet.report.survey.sentences import (
    READING_MARKS,
    answer_words,
    ask_again_words,
    gap_figure,
    ladder_words,
    nearest_rung,
    people_words,
    policy_words,
    reading_sentences,
)


def _result(*pairs: tuple[int, int]) -> Readiness:
    """One question answered by one person for each pair of expected and delivered, however few they are."""
    criterion = make_criterion("area", make_question("mail"))
    rubric = replace(make_rubric(criterion, policy=Policy(smallest_group=1)), ask=Ask.GAP)
    return measure(rubric, [make_assessment({"mail": Answer(expected=e, delivered=d)}) for e, d in pairs])


def _round(*days: date) -> Round:
    return Round(_result((1, 1)), min(days, default=None), max(days, default=None), "")


@pytest.mark.parametrize(
    ("gap", "shown"), [(Fraction(-3, 2), "-1.50"), (Fraction(1, 4), "+0.25"), (Fraction(0), "0.00"), (None, "–")]
)
def test_a_gap_has_its_sign(gap: Fraction | None, shown: str) -> None:
    assert gap_figure(gap) == shown


@pytest.mark.parametrize(("mean", "down", "up"), [("2", 2, 2), ("2.4", 2, 2), ("2.5", 2, 3), ("2.6", 3, 3)])
def test_half_way_counts_against_what_is_delivered_and_for_what_is_expected(mean: str, down: int, up: int) -> None:
    assert (nearest_rung(Fraction(mean), up=False), nearest_rung(Fraction(mean), up=True)) == (down, up)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([(3, 1)], 'Delivered is nearest to "rung 1" (rung 1 of 4); expected is "rung 3" (rung 3 of 4).'),
        ([(1, 4)], 'Delivered is nearest to "rung 4" (rung 4 of 4); people ask only for "rung 1" (rung 1 of 4).'),
        (
            [(2, 2), (3, 2), (2, 2)],
            'Both are nearest to "rung 2" (rung 2 of 4); the difference is smaller than a rung.',
        ),
    ],
)
def test_a_gap_in_words_of_the_ladder(pairs: list[tuple[int, int]], words: str) -> None:
    assert ladder_words(_result(*pairs).questions[0]) == words


def test_over_built_is_told_as_plainly_as_short() -> None:
    assert list(reading_sentences(_result((0, 4)))) == ["Short: nothing.", 'Over-built: "Mail".']
    assert list(reading_sentences(_result((4, 0)))) == ['Short: "Mail".', "Over-built: nothing."]


def test_all_in_balance() -> None:
    assert answer_words(_result((2, 2))) == "The one area that could be measured is in balance."


def test_every_reading_has_a_mark_of_its_own() -> None:
    assert (set(READING_MARKS), len(set(READING_MARKS.values()))) == (set(Reading), len(Reading))


def test_the_day_to_ask_again_comes_from_the_last_answer() -> None:
    found = _round(date(2026, 11, 2), date(2026, 11, 9))
    assert ask_again_words(Survey("X", date(2026, 12, 1), found)) == (
        "Ask again by 9 November 2027: expectations change."
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "1 person, undated"),
        ([date(2026, 11, 2)], "1 person, 2 November 2026"),
        ([date(2026, 11, 2), date(2026, 12, 1)], "1 person, 2 November 2026 to 1 December 2026"),
    ],
)
def test_who_answered_and_when(days: list[date], words: str) -> None:
    assert people_words(_round(*days)) == words


def test_the_policy_in_words() -> None:
    assert [(fact.what, fact.value) for fact in policy_words(Policy())] == [
        ("Over-built", "a gap of +2 or more: more than people ask for, check the cost"),
        ("Sweet spot", "from 0 up to +2"),
        ("Near", "below 0, down to -0.5"),
        ("Slipping", "below -0.5, above -1"),
        ("Short", "-1 or less"),
        ("Smallest group shown", "5 people"),
        ("Ask again", "after 12 months"),
    ]
