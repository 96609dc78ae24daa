from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from build import make_criterion, make_question, make_rubric
from toolvet.domain.migration import ChangeKind, QuestionChange, difference_words, question_changes
from toolvet.domain.rubric import Question, Rubric, newest, newest_of_each, rung_alone

OLD = make_question("a")


def rubric(*questions: Question) -> Rubric:
    return make_rubric(make_criterion("only", *questions))


def change_to(new: Question) -> QuestionChange:
    (change,) = question_changes(rubric(OLD), rubric(new))
    return change


def test_newest_counts_parts_as_numbers() -> None:
    assert newest(["1.9.0", "1.10.0", "1.10.0-draft"]) == "1.10.0"


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        (OLD, ChangeKind.SAME),
        (replace(OLD, text="What  of\na?"), ChangeKind.SAME),
        (replace(OLD, text="Which a?"), ChangeKind.REWORDED),
        (replace(OLD, check="Look there."), ChangeKind.REWORDED),
        (replace(OLD, levels=(*OLD.levels, "rung 5")), ChangeKind.RELADDERED),
        (replace(OLD, text="Which a?", levels=("no", "yes")), ChangeKind.RELADDERED),
    ],
)
def test_kind_of_a_change(new: Question, kind: ChangeKind) -> None:
    assert change_to(new).kind is kind


def test_weight_that_differs_leaves_the_question_the_same() -> None:
    change = change_to(replace(OLD, weight=Fraction(2), why="Because."))
    assert (change.kind, change.besides) == (ChangeKind.SAME, ("why", "weight"))


def test_new_ones_stand_in_their_place_and_gone_ones_at_the_end() -> None:
    changes = question_changes(rubric(OLD, make_question("b")), rubric(make_question("c"), make_question("b")))
    assert [(change.question, change.kind.value) for change in changes] == [
        ("c", "new"),
        ("b", "same"),
        ("a", "gone"),
    ]


def test_difference_in_a_line() -> None:
    new = rubric(replace(OLD, text="Which a?"), make_question("c"), make_question("d"))
    assert difference_words(question_changes(rubric(OLD), new)) == 'reworded: "A"; new: "C", "D"'


def test_difference_beside_the_questions() -> None:
    assert difference_words(question_changes(rubric(OLD), rubric(OLD))) == (
        "no question differs, only the text around them"
    )


def test_newest_of_each_keeps_the_order_in_which_they_come() -> None:
    named = [("house", "1.9.0"), ("other", "2.0.0"), ("house", "1.10.0"), ("house", "1.2.0")]
    rubrics = [replace(make_rubric(), id=rubric_id, version=version) for rubric_id, version in named]
    assert [(rubric.id, rubric.version) for rubric in newest_of_each(rubrics)] == [
        ("house", "1.10.0"),
        ("other", "2.0.0"),
    ]


REVISION_1 = replace(OLD, revision=1)


@pytest.mark.parametrize(
    ("old", "new", "kind", "besides"),
    [
        (OLD, REVISION_1, ChangeKind.SAME, ()),
        (OLD, replace(REVISION_1, text="Which a?", levels=("a", "b", "c", "d", "e")), "mended", ("text", "levels")),
        (REVISION_1, replace(REVISION_1, text="Which a?", revision=2), ChangeKind.REWORDED, ()),
        (REVISION_1, replace(REVISION_1, revision=2), ChangeKind.REVISED, ()),
        (OLD, replace(OLD, revision=2), ChangeKind.REVISED, ()),
        (REVISION_1, replace(REVISION_1, levels=("no", "yes")), ChangeKind.RELADDERED, ()),
        (REVISION_1, replace(OLD, text="Which a?"), ChangeKind.REWORDED, ()),
    ],
)
def test_revision_says_whether_answers_still_fit(
    old: Question, new: Question, kind: str, besides: tuple[str, ...]
) -> None:
    (change,) = question_changes(rubric(old), rubric(new))
    assert (change.kind, change.besides) == (kind, besides)


def test_question_that_moved_to_another_criterion_says_so() -> None:
    before = make_rubric(
        make_criterion("one", OLD, make_question("b", levels=3)), make_criterion("two", make_question("c", levels=4))
    )
    after = make_rubric(
        make_criterion("one", make_question("b", levels=3)), make_criterion("two", make_question("c", levels=4), OLD)
    )
    moved = {change.question: (change.kind.value, change.besides) for change in question_changes(before, after)}
    assert moved == {"b": ("same", ()), "c": ("same", ()), "a": ("same", ("criterion",))}


LADDER = ("Nothing.", "A rule.", "As before, and what it costs.", "as before, and who pays.", "Beforehand, by law.")


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (0, "Nothing."),
        (1, "A rule."),
        (2, "[A rule], and what it costs."),
        (3, "[A rule, and what it costs], and who pays."),
        (4, "Beforehand, by law."),
    ],
)
def test_a_rung_that_builds_on_the_one_below_is_quoted_with_it(level: int, words: str) -> None:
    assert rung_alone(LADDER, level) == words


def test_the_lowest_rung_has_nothing_to_build_on() -> None:
    assert rung_alone(("As before.", "More."), 0) == "As before."
