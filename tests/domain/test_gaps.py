"""Figures worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Reviewer
from toolvet.domain.disclosure import LadderEnd, SideShown, Tally, disclose
from toolvet.domain.gaps import AreaGap, Figures, Gap, Readiness, Side, measure, read
from toolvet.domain.rubric import Ask, Policy, Question, Reading, Rubric

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


def test_every_figure_is_over_the_people_who_answered_both_sides() -> None:
    # Both: 3 and 1, 4 and 2, so means 7/2 and 3/2 and a gap of -2; the third gave one side, which is only counted.
    question = _measure(make_question("x"), _people("x", [(3, 1), (4, 2), (2, None)])).questions[0]
    sides = (Side(Fraction(7, 2), 2), Side(Fraction(3, 2), 2))
    assert question.whole == Figures(*sides, Gap(Fraction(-2), 2, Reading.SHORT))
    assert (question.people, question.one_sided) == (2, 1)


def test_a_spread_is_shown_from_ten_people_on() -> None:
    for people, spread in ((9, None), (10, 0.5)):
        pairs = [(1 + number % 2, 1) for number in range(people)]
        side = _measure(make_question("x"), _people("x", pairs)).questions[0].whole.expected
        assert side is not None
        assert side.spread == spread


@pytest.mark.parametrize(
    ("expected", "near"),
    [
        ([4] * 5, LadderEnd.TOP),
        ([4, 4, 4, 4, 3], LadderEnd.TOP),
        ([4, 4, 4, 3, 3], None),
        ([0] * 5, LadderEnd.BOTTOM),
        ([2] * 5, None),
    ],
)
def test_a_mean_at_or_near_an_end_is_in_words(expected: list[int], near: LadderEnd | None) -> None:
    people = _people("x", [(level, 2) for level in expected])
    side = _measure(make_question("x"), people, Policy(smallest_group=5)).questions[0].whole.expected
    assert side is not None
    assert (side.near, side.mean is None) == (near, near is not None)


def test_the_gap_beside_a_mean_in_words_is_a_reading_alone() -> None:
    people = _people("x", [(4, 1)] * 3 + [(4, 2)] * 3)
    gap = _measure(make_question("x"), people, Policy(smallest_group=5)).questions[0].whole.gap
    assert gap == Gap(None, 6, Reading.SHORT)


def test_a_spread_that_says_that_all_agree_is_withheld() -> None:
    people = _people("x", [(2, number % 3 + 1) for number in range(12)])
    whole = _measure(make_question("x"), people, Policy(smallest_group=5)).questions[0].whole
    assert whole.expected == Side(Fraction(2), 12)
    assert whole.delivered is not None
    assert whole.delivered.spread is not None


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
    assert _measure(question, people).questions[0].whole.expected == Side(Fraction(4), 1)


def test_a_whole_smaller_than_the_smallest_group_is_not_shown() -> None:
    result = _measure(make_question("x"), _people("x", [(1, 1)] * 4, "it"), Policy(smallest_group=5))
    assert (result.questions[0].whole, result.questions[0].groups, result.questions[0].withheld) == (NOTHING, {}, True)


def _shown(people: dict[str, int], least: int = 5) -> frozenset[str]:
    return disclose({group: Tally(count, 2 * count, 5 * count) for group, count in people.items()}, 4, least).means


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert _shown({"it": 2, "managers": 5, "employees": 9}) == {"employees"}


def test_groups_that_are_large_enough_are_all_shown() -> None:
    assert _shown({"it": 5, "managers": 6, "nobody": 0}) == {"it", "managers"}


def test_two_small_groups_may_hide_each_other() -> None:
    assert _shown({"it": 2, "managers": 3, "employees": 9}) == {"employees"}


def test_no_group_is_shown_where_one_of_them_or_the_rest_is_near_an_end() -> None:
    # Which of them it is would tell what its people said.
    assert disclose({"a": Tally(6, 12, 30), "b": Tally(5, 20, 80), "c": Tally(9, 18, 45)}, 4, 5) == SideShown()


def test_people_who_gave_one_side_hide_nothing() -> None:
    people = _people("x", [(3, number % 3 + 1) for number in range(9)] + [(4, None), (None, 0)])
    [question] = _measure(make_question("x"), people, Policy(smallest_group=5)).questions
    assert question.whole.gap == Gap(Fraction(-1), 9, Reading.SHORT)
    assert (question.one_sided, question.withheld) == (2, False)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12)), st.integers(2, 6))
def test_what_is_withheld_is_never_a_few(people: dict[str, int], smallest: int) -> None:
    shown = _shown(people, smallest)
    withheld = sum(count for group, count in people.items() if group not in shown)
    assert all(people[group] >= smallest for group in shown)
    assert withheld == 0 or withheld >= smallest or not shown


def test_balance_is_not_known_where_a_gap_is_withheld_and_none_is_short() -> None:
    rubric = _rubric(make_question("x"), make_question("y"), policy=Policy(smallest_group=5))
    even = {"x": Answer(expected=1, delivered=1)}
    torn = {"x": Answer(expected=2, delivered=1)}
    both = {"y": Answer(expected=3, delivered=1)}
    assert [
        measure(rubric, [make_assessment(answers | both)] + [make_assessment(answers)] * 5).areas[0].in_balance
        for answers in (even, torn)
    ] == [None, False]
    assert measure(rubric, [make_assessment(even)] * 5).areas[0].in_balance is True
