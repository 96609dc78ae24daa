"""What the keys make of answers, and undo, without a screen."""

from __future__ import annotations

from datetime import date

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Evidence, first_question, next_in, sources_used
from toolvet.tui.kit.undo import History

A, B, C = Evidence("a"), Evidence("b"), Evidence("c")
RUBRIC = make_rubric(make_criterion("one", make_question("q1"), make_question("q2"), make_question("q3")))


def test_sources_come_by_the_day_of_the_answer_the_latest_first_and_once() -> None:
    assessment = make_assessment(
        {
            "q1": Answer(answered=date(2026, 1, 1), evidence=(A, B)),
            "q2": Answer(answered=date(2026, 3, 1), evidence=(C,)),
            "q3": Answer(answered=date(2026, 2, 1), evidence=(A,)),
        }
    )
    assert sources_used(assessment, ()) == (C, A, B)


def test_sources_of_this_sitting_come_before_the_others() -> None:
    assessment = make_assessment({"q1": Answer(answered=date(2026, 1, 1), evidence=(A, B, C))})
    assert sources_used(assessment, ("b", "a", "gone")) == (A, B, C)


def test_it_begins_with_the_question_wanted_or_the_first() -> None:
    assert [first_question(RUBRIC, wanted) for wanted in ("q2", "gone", None)] == ["q2", "q1", "q1"]


def test_the_next_question_is_the_nearest_of_those_wanted() -> None:
    assert [next_in(RUBRIC, ("q1", "q3"), at, by) for at, by in (("q1", 1), ("q2", 1), ("q2", -1), ("q3", 1))] == [
        "q3",
        "q3",
        "q1",
        None,
    ]


def test_undo_and_redo_go_back_and_forth() -> None:
    history = History("a").change("b", "q1").change("c", "q2")
    assert [history.undo().now, history.undo().undo().now, history.undo().undo().redo().now] == ["b", "a", "b"]


def test_a_new_change_forgets_what_was_undone() -> None:
    history = History("a").change("b", "q1").undo().change("c", "q1")
    assert history.redo() is history


def test_no_change_is_no_step() -> None:
    history = History("a")
    assert history.change("a", "q1") is history
    assert history.undo() is history
