"""What few people answered cannot be worked out, tried with another way of solving equations than the program's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Reviewer
from toolvet.domain.disclosure import Counts, Shown, tells_on_few
from toolvet.domain.gaps import Figures, QuestionGap, measure
from toolvet.domain.rubric import Ask, Policy

People = Mapping[str, tuple[int, int, int]]
"""For each group how many gave both sides, only what they expect, and only what is delivered."""


def _measured(people: People, least: int) -> QuestionGap:
    criterion = make_criterion("a", make_question("x"))
    rubric = replace(make_rubric(criterion, policy=Policy(smallest_group=least)), ask=Ask.GAP)
    kinds = (Answer(expected=1, delivered=2), Answer(expected=1), Answer(delivered=2))
    respondents = [
        replace(make_assessment({"x": answer}), reviewer=Reviewer(group=group))
        for group, counts in people.items()
        for answer, count in zip(kinds, counts, strict=True)
        for _ in range(count)
    ]
    return measure(rubric, respondents).questions[0]


def _gaps(question: QuestionGap) -> set[str]:
    return {group for group, figures in question.groups.items() if figures.gap is not None}


def test_the_gap_of_a_group_does_not_give_away_that_of_another() -> None:
    # In a four gave both sides and one only what they expect: its gap would give that one away, and so would the
    # whole's less that of b.
    question = _measured({"a": (4, 1, 0), "b": (3, 3, 0)}, 3)
    assert question.whole.gap is not None
    assert (_gaps(question), question.withheld) == (set(), True)


def test_two_means_of_the_same_people_give_their_gap() -> None:
    # Everybody in c gave both, so its two means give its gap, and with the whole's that of the two in b.
    question = _measured({"a": (0, 0, 3), "b": (2, 2, 3), "c": (4, 0, 0)}, 3)
    assert "c" not in question.groups


def test_groups_of_which_everybody_gave_both_are_shown() -> None:
    assert _gaps(_measured({"a": (5, 0, 0), "b": (6, 0, 0)}, 5)) == {"a", "b"}


def test_a_sum_over_few_follows_from_a_mean_of_everybody_and_one_of_most() -> None:
    people = {"a": Counts(2, 0, 0), "b": Counts(9, 0, 0)}
    everybody = (frozenset({"a", "b"}), Shown.EXPECTED)
    assert not tells_on_few(people, [everybody], 5)
    assert tells_on_few(people, [everybody, (frozenset({"b"}), Shown.EXPECTED)], 5)


def test_two_means_and_the_gap_tell_the_difference_between_those_who_gave_one_side_only() -> None:
    people = {"a": Counts(9, 1, 1), "b": Counts(0, 1, 0)}
    figures = [(frozenset({"a", "b"}), shown) for shown in Shown]
    assert not tells_on_few(people, figures[:2], 5)
    assert tells_on_few(people, figures, 5)


counts = st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 3))


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from("abcd"), counts, min_size=1), st.integers(2, 3))
def test_nothing_that_few_people_gave_follows_from_what_is_shown(people: People, least: int) -> None:
    question = _measured(people, least)
    columns = [(group, part) for group in people for part in range(4)]
    sizes = {(group, part): people[group][(0, 1, 0, 2)[part]] for group, part in columns}
    columns = [column for column in columns if sizes[column]]
    known = [
        _sums(columns, groups, kind)
        for groups, figures in chain([(set(people), question.whole)], (({g}, f) for g, f in question.groups.items()))
        for kind in _kinds(figures)
    ]
    for side in ((0, 1), (2, 3)):
        mine = [column for column in columns if column[1] in side]
        for chosen in chain.from_iterable(combinations(mine, count) for count in range(1, len(mine) + 1)):
            if sum(sizes[column] for column in chosen) < least:
                wanted = [Fraction(column in chosen) for column in columns]
                assert _rank([*known, wanted]) > _rank(known), chosen


def _kinds(figures: Figures) -> Iterator[tuple[int, int, int, int]]:
    """How each shown figure counts the parts: expected of both and alone, delivered of both and alone."""
    if figures.expected is not None:
        yield 1, 1, 0, 0
    if figures.delivered is not None:
        yield 0, 0, 1, 1
    if figures.gap is not None:
        yield -1, 0, 1, 0


def _sums(columns: list[tuple[str, int]], groups: set[str], kind: tuple[int, int, int, int]) -> list[Fraction]:
    return [Fraction(kind[part] if group in groups else 0) for group, part in columns]


def _rank(rows: list[list[Fraction]]) -> int:
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[rank:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(rank, pivot)
        for row in rows[rank + 1 :]:
            factor = row[column] / pivot[column]
            row[:] = [value - factor * other for value, other in zip(row, pivot, strict=True)]
        rank += 1
    return rank
