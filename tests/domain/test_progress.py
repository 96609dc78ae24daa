from __future__ import annotations

from dataclasses import replace
from datetime import date

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import (
    Answer,
    Evidence,
    Grade,
    Pass,
    Progress,
    first_question,
    minutes_left,
    next_in,
    next_open,
    progress,
    questions_in,
    sources_used,
)
from toolvet.domain.rubric import ScopeFact, Sitting
from toolvet.domain.scope import OneOf
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.text.labels import progress_words

DAY = date(2026, 11, 21)
GUESTS = ScopeFact("guests", "Guests?", ("no", "yes"))
WITH_GUESTS = OneOf("guests", frozenset({"yes"}), "guests is yes")


def _scorecard(answers: dict[str, int | Answer], guests: str = "yes") -> Scorecard:
    rubric = make_rubric(
        make_criterion(
            "a",
            replace(make_question("x", must_reach=2), where=Sitting.TRIAL, minutes=10),
            replace(make_question("y", applies_when=WITH_GUESTS), where=Sitting.TRIAL, minutes=5),
        ),
        make_criterion("b", replace(make_question("z"), where=Sitting.CONTRACT, minutes=3)),
        scope=[GUESTS],
    )
    return score(rubric, make_assessment(answers, scope={"guests": guests}), DAY)


def _ids(chosen: Pass, scorecard: Scorecard) -> list[str]:
    return [scored.question.id for scored in questions_in(chosen, scorecard)]


def test_passes_choose_questions_that_apply() -> None:
    scorecard = _scorecard({"z": 1}, guests="no")
    assert _ids(Pass.ALL, scorecard) == ["x", "z"]
    assert _ids(Pass.MUST_HAVES, scorecard) == ["x"]
    assert _ids(Pass.OPEN, scorecard) == ["x"]
    assert _ids(Pass.TRIAL, scorecard) == ["x"]
    assert _ids(Pass.CONTRACT, scorecard) == ["z"]
    assert _ids(Pass.CONSOLE, scorecard) == []


def test_minutes_are_of_what_is_not_answered_yet() -> None:
    scorecard = _scorecard({"x": Answer(unknown="Asked.")})
    assert minutes_left(Pass.ALL, scorecard) == 8
    assert minutes_left(Pass.TRIAL, scorecard) == 5


def test_progress_counts_only_what_applies() -> None:
    assert progress(_scorecard({"x": 1, "y": 1}, guests="no")) == Progress(1, 2)


def test_progress_tells_the_unknown_from_the_known() -> None:
    done = progress(_scorecard({"x": 1, "y": Answer(unknown="Asked.")}))
    assert (done, done.known, progress_words(done)) == (Progress(2, 3, unknown=1), 1, "1 known, 2 open of 3")


def test_an_answer_to_confirm_is_a_start() -> None:
    begun, untouched = _scorecard({"x": Answer(level=2, confirm="reworded in 1.1.0")}), _scorecard({})
    assert (begun.is_started, progress(begun).is_started) == (True, True)
    assert (untouched.is_started, progress(untouched).is_started) == (False, False)


def test_next_open_stays_in_its_pass() -> None:
    scorecard = _scorecard({"x": Answer(unknown="Asked."), "y": 1})
    assert next_open(scorecard, "y", Pass.TRIAL) == "x"
    assert next_open(scorecard, "x", Pass.TRIAL) is None


def test_next_open_goes_round_and_leaves_unknown_for_the_end() -> None:
    scorecard = _scorecard({"y": Answer(unknown="Asked.")})
    assert next_open(scorecard, "x") == "z"
    assert next_open(scorecard, "z") == "x"
    assert next_open(_scorecard({"x": 1, "y": Answer(unknown=""), "z": 1}), "x") == "y"
    assert next_open(_scorecard({"x": 1, "y": 1, "z": 1}), "x") is None


def test_the_next_question_that_is_wanted_lies_ahead_on_either_side() -> None:
    rubric = make_rubric(make_criterion("a", *map(make_question, "vwxyz")))
    assert [next_in(rubric, ("v", "x", "z"), at, by) for at in "vwz" for by in (1, -1)] == [
        *("x", None),
        *("x", "v"),
        *(None, "x"),
    ]


def test_work_begins_where_it_was_left_while_that_is_still_asked() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y")))
    assert [first_question(rubric, wanted) for wanted in ("y", "gone", None)] == ["y", "x", "x"]


def test_sources_of_this_sitting_come_first_then_those_of_the_latest_answers() -> None:
    def answer(day: date | None, *sources: str) -> Answer:
        return Answer(level=1, answered=day, evidence=tuple(Evidence(source, Grade.DOCUMENT) for source in sources))

    assessment = make_assessment(
        {"x": answer(None, "undated"), "y": answer(DAY, "one", "two"), "z": answer(date(2026, 1, 1), "old", "two")}
    )
    found = sources_used(assessment, recent=("gone", "old", "one"))
    assert [evidence.source for evidence in found] == ["one", "old", "two", "undated"]
