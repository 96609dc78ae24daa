"""Figures worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Reviewer
from toolvet.domain.disclosure import shown_groups
from toolvet.domain.gaps import AreaGap, Figures, Gap, Readiness, Reading, Side, measure, read
from toolvet.domain.rubric import Ask, Policy, Question, Rubric

NOTHING = Figures(None, None, None)
OPEN_POLICY = Policy(smallest_group=1)


def _rubric(*questions: Question, policy: Policy = OPEN_POLICY) -> Rubric:
    return replace(make_rubric(make_criterion("a", *questions), policy=policy), ask=Ask.GAP)


def _people(
    question: str, pairs: Sequence[tuple[int | None, int | None]], group: str | None = None
) -> list[Assessment]:
    return [
        replace(
            make_assessment({question: Answer(expected=expected, delivered=delivered)}),
            reviewer=Reviewer(group=group),
        )
        for expected, delivered in pairs
    ]


def _measure(question: Question, people: Sequence[Assessment], policy: Policy = OPEN_POLICY) -> Readiness:
    return measure(_rubric(question, policy=policy), people)


def test_means_and_gap_have_their_own_people() -> None:
    # Expected 3, 4, 2: mean 3, spread sqrt(2/3). Delivered 1, 2: mean 3/2. Both: 1-3 and 2-4, so -2.
    result = _measure(make_question("x"), _people("x", [(3, 1), (4, 2), (2, None)]))
    assert result.questions[0].whole == Figures(
        Side(Fraction(3), 3, sqrt(2 / 3)), Side(Fraction(3, 2), 2, 0.5), Gap(Fraction(-2), 2, Reading.SHORT)
    )


def test_area_is_the_weighted_mean_of_its_questions() -> None:
    # x: gap 1 with weight 1; y: gap -1/2 with weight 3. (1 - 3/2) / 4 = -1/8.
    rubric = _rubric(make_question("x"), make_question("y", weight=3))
    people = [
        make_assessment({"x": Answer(expected=1, delivered=2), "y": Answer(expected=2, delivered=1)}),
        make_assessment({"x": Answer(expected=1, delivered=2), "y": Answer(expected=2, delivered=2)}),
    ]
    assert measure(rubric, people).areas == (
        AreaGap(
            rubric.criteria[0],
            expected=Fraction(7, 4),
            delivered=Fraction(13, 8),
            gap=Fraction(-1, 8),
            reading=Reading.NEAR,
            in_balance=False,
        ),
    )


def test_a_short_question_takes_an_area_out_of_balance() -> None:
    rubric = _rubric(make_question("x", weight=9), make_question("y"))
    even = make_assessment({"x": Answer(expected=1, delivered=2), "y": Answer(expected=1, delivered=1)})
    torn = make_assessment({"x": Answer(expected=1, delivered=2), "y": Answer(expected=2, delivered=1)})
    assert measure(rubric, [even]).areas[0].in_balance
    assert not measure(rubric, [torn]).areas[0].in_balance
    assert measure(rubric, [torn]).areas[0].reading is Reading.SWEET_SPOT


@pytest.mark.parametrize(
    ("gap", "reading"),
    [
        ("2", Reading.OVER_BUILT),
        ("1.99", Reading.SWEET_SPOT),
        ("0", Reading.SWEET_SPOT),
        ("-0.01", Reading.NEAR),
        ("-0.5", Reading.NEAR),
        ("-0.51", Reading.SLIPPING),
        ("-0.99", Reading.SLIPPING),
        ("-1", Reading.SHORT),
    ],
)
def test_readings_at_their_edges(gap: str, reading: Reading) -> None:
    assert read(Fraction(gap), Policy()) is reading


def test_a_question_is_asked_of_its_groups_only() -> None:
    question = replace(make_question("x"), asked_of=("it",))
    people = _people("x", [(4, 4)], "it") + _people("x", [(0, 0)], "managers") + _people("x", [(0, 0)])
    assert list(_measure(question, people).questions[0].groups) == ["it"]
    assert _measure(question, people).questions[0].whole.expected == Side(Fraction(4), 1, 0.0)


def test_a_whole_smaller_than_the_smallest_group_is_not_shown() -> None:
    result = _measure(make_question("x"), _people("x", [(1, 1)] * 4, "it"), Policy(smallest_group=5))
    assert (result.questions[0].whole, result.questions[0].groups, result.questions[0].withheld) == (NOTHING, {}, True)


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert shown_groups({"it": 2, "managers": 5, "employees": 9}, 5) == {"employees"}


def test_groups_that_are_large_enough_are_all_shown() -> None:
    assert shown_groups({"it": 5, "managers": 6, "nobody": 0}, 5) == {"it", "managers"}


def test_two_small_groups_may_hide_each_other() -> None:
    assert shown_groups({"it": 2, "managers": 3, "employees": 9}, 5) == {"employees"}


def test_a_side_that_few_of_a_group_answered_is_withheld() -> None:
    policy = Policy(smallest_group=2)
    people = _people("x", [(1, 1), (2, None)], "it") + _people("x", [(3, 3)] * 3, "managers")
    shown = _measure(make_question("x"), people, policy).questions[0]
    assert shown.groups["it"].expected is not None
    # One answer to "delivered" in it: withheld, and so is the larger group's, or it could be worked out.
    assert (shown.groups["it"].delivered, shown.groups["managers"].delivered) == (None, None)


def test_a_gap_that_would_tell_on_one_person_is_withheld() -> None:
    policy = Policy(smallest_group=2)
    shown = _measure(make_question("x"), _people("x", [(1, 2), (3, 4), (2, None)]), policy).questions[0]
    assert shown.whole.expected is not None
    assert shown.whole.delivered is not None
    assert shown.whole.gap is None
    assert shown.withheld


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12)), st.integers(1, 6))
def test_what_is_withheld_is_never_a_few(people: dict[str, int], smallest: int) -> None:
    shown = shown_groups(people, smallest)
    withheld = sum(count for group, count in people.items() if group not in shown)
    assert all(people[group] >= smallest for group in shown)
    assert withheld == 0 or withheld >= smallest or not shown


def test_a_gap_is_withheld_where_those_who_gave_one_side_only_are_few_together() -> None:
    # 9 gave both, one expected alone and one delivered alone: 9 - 31 + 18 = -4 would tell that they said 4 and 0.
    people = _people("x", [(3, number % 3) for number in range(9)] + [(4, None), (None, 0)])
    [question] = _measure(make_question("x"), people, Policy(smallest_group=5)).questions
    numbers = [side and side.people for side in (question.whole.expected, question.whole.delivered)]
    assert (numbers, question.whole.gap, question.is_judged) == ([10, 10], None, False)


def test_balance_is_not_known_where_a_gap_is_withheld_and_none_is_short() -> None:
    rubric = _rubric(make_question("x"), make_question("y"), policy=Policy(smallest_group=5))
    even = {"x": Answer(expected=1, delivered=1)}
    torn = {"x": Answer(expected=2, delivered=0)}
    one_side = {"y": Answer(expected=4)}
    assert [
        measure(rubric, [make_assessment(answers | one_side)] + [make_assessment(answers)] * 5).areas[0].in_balance
        for answers in (even, torn)
    ] == [None, False]
    assert measure(rubric, [make_assessment(even)] * 5).areas[0].in_balance is True
