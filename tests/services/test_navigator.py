"""Going from question to question without a screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Evidence, Pass, first_question, next_in, sources_used
from toolvet.domain.scoring import score
from toolvet.services.editing import Navigator, Route, assessment_route

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


def route(*stops: str, applying: tuple[str, ...] | None = None) -> Route:
    return Route(stops if applying is None else applying, stops, lambda _: None)


def test_it_steps_along_the_stops_and_says_where_they_end() -> None:
    navigator = Navigator(RUBRIC, route("q1", "q3", applying=("q1", "q2", "q3")))
    assert (navigator.step(-1), navigator.step(1), navigator.place) == (None, "q3", "1")
    navigator.at = "q2"
    assert (navigator.step(-1), navigator.step(1), navigator.place) == ("q1", "q3", "–")


def test_it_goes_to_the_nearest_question_when_its_own_stops_applying() -> None:
    navigator = Navigator(RUBRIC, route("q1", "q2", "q3"), "q3")
    assert (navigator.follow(route("q1", "q2")), navigator.at) == (True, "q2")


def test_it_stays_at_a_question_that_did_not_apply_before_either() -> None:
    navigator = Navigator(RUBRIC, route("q1", "q2"), "q3")
    assert (navigator.follow(route("q1", "q2")), navigator.at) == (False, "q3")


def test_it_stays_where_nothing_applies() -> None:
    navigator = Navigator(RUBRIC, route("q1", "q2", "q3"), "q2")
    navigator.follow(route())
    assert (navigator.at, navigator.step(1)) == ("q2", None)


def test_an_assessment_stops_at_the_questions_of_the_pass_and_finds_the_next_open_one() -> None:
    assessment = make_assessment({"q2": Answer(level=1)})
    scorecard = score(RUBRIC, assessment, date(2026, 1, 1))
    navigator = Navigator(RUBRIC, assessment_route(scorecard, Pass.OPEN), "q1")
    assert (navigator.route.applying, navigator.route.stops) == (("q1", "q2", "q3"), ("q1", "q3"))
    assert navigator.next_open() == "q3"


def test_ranked_stops_are_gone_through_in_their_own_order_from_the_first() -> None:
    ranked = replace(route("q1", "q2", "q3"), stops=("q3", "q1"), is_ranked=True)
    navigator = Navigator(RUBRIC, ranked, "q2")
    assert (navigator.step(1), navigator.step(-1)) == ("q3", "q3")
    navigator.at = "q3"
    assert (navigator.step(1), navigator.step(-1)) == ("q1", None)
    navigator.at = "q1"
    assert (navigator.step(1), navigator.step(-1)) == (None, "q3")
