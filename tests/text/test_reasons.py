from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade
from toolvet.domain.findings import Finding, FindingCode, find
from toolvet.domain.rubric import Axis, Policy, Question, Rubric, ScopeFact
from toolvet.domain.scope import OneOf
from toolvet.domain.scoring import score
from toolvet.text.sentences import finding_words, reason_words, reasons_in_words

DAY = date(2026, 11, 21)
GUESTS = ScopeFact("guests", "Guests?", ("no", "yes"))
WITH_GUESTS = OneOf("guests", frozenset({"yes"}), "guests is yes")
UNKNOWN = Answer(unknown="Asked the vendor.")


def _reasons(rubric: Rubric, assessment: Assessment) -> list[str]:
    scorecard = score(rubric, assessment, DAY)
    return [reason_words(reason, scorecard) for reason in scorecard.reasons]


def _must_have(answer: Answer | int) -> list[str]:
    question = make_question("sign-in", must_reach=2, shelf_months=12)
    rubric = make_rubric(make_criterion("devices", question, make_question("y", weight=9)))
    return _reasons(rubric, make_assessment({"sign-in": answer, "y": 4}))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (1, '"Sign in" is at level 1; level 2 is required.'),
        (UNKNOWN, 'The level of "Sign in" is not known; level 2 is required.'),
        (Answer(level=3, answered=date(2025, 1, 1)), 'The answer to "Sign in" has expired; level 2 is required.'),
        (
            Answer(level=3, answered=date(2027, 1, 1)),
            'The answer to "Sign in" is dated in the future and does not count yet; level 2 is required.',
        ),
        (
            Answer(not_applicable="No."),
            'The must-have "Sign in" is answered not applicable; level 2 is required.',
        ),
        (Answer(level=3), 'The must-have "Sign in" has no evidence at all.'),
        (
            Answer(level=3, evidence=(Evidence("Sales", Grade.CLAIM),)),
            '"Sign in" has no current evidence better than a claim.',
        ),
    ],
)
def test_reasons_for_a_must_have_not_met(answer: Answer | int, words: str) -> None:
    assert _must_have(answer)[0] == words


def test_what_three_must_haves_share_is_said_once_and_the_rest_stays_apart() -> None:
    questions = [make_question(name, must_reach=2) for name in ("a", "b", "c", "d")]
    rubric = make_rubric(make_criterion("devices", *questions, make_question("y", weight=90)))
    answers: dict[str, Answer | int] = {"a": UNKNOWN, "c": Answer(not_applicable="No."), "y": 4}
    assert reasons_in_words(score(rubric, make_assessment(answers), DAY))[:2] == (
        '3 must-haves are not known: "A", "B", "D".',
        'The must-have "C" is answered not applicable; level 2 is required.',
    )


def test_two_must_haves_are_each_in_a_sentence() -> None:
    questions = [make_question(name, must_reach=2) for name in ("a", "b")]
    rubric = make_rubric(make_criterion("devices", *questions, make_question("y", weight=90)))
    scorecard = score(rubric, make_assessment({"y": 4}), DAY)
    assert reasons_in_words(scorecard) == tuple(_reasons(rubric, make_assessment({"y": 4})))


def test_must_have_that_depends_on_scope() -> None:
    question = make_question("sign-in", must_reach=2, must_reach_when=WITH_GUESTS)
    rubric = make_rubric(make_criterion("devices", question), scope=[GUESTS])
    assert _reasons(rubric, make_assessment({"sign-in": 1})) == [
        "Scope not given: Guests?",
        'Whether "Sign in" must reach level 2 depends on scope facts that are not given.',
    ]


def test_figures_that_are_too_low() -> None:
    rubric = make_rubric(make_criterion("devices", make_question("x")), make_criterion("people", make_question("y")))
    assert _reasons(rubric, make_assessment({"x": 1, "y": 2})) == [
        "Devices: 25.0 can be reached at most; 40 is needed.",
        "Overall: 37.5 can be reached at most; 50 is needed.",
    ]
    assert _reasons(rubric, make_assessment({"x": 2, "y": 3})) == [
        "Devices: the floor 50.0 is below 60 to approve.",
        "Overall: the floor 62.5 is below 70 to approve.",
    ]
    open_rubric = replace(rubric, policy=Policy(coverage=Fraction(0)))
    assert _reasons(open_rubric, make_assessment({"x": 4})) == [
        "People: the floor 0.0 is below 40; open answers could still decide it.",
    ]


def test_shares_of_the_weight() -> None:
    rubric = make_rubric(make_criterion("devices", make_question("x", weight=3), make_question("y")))
    assert _reasons(rubric, make_assessment({"x": UNKNOWN, "y": Answer(level=4)})) == [
        "25.0% of the weight is answered with a level; 80% is needed."
    ]
    assert _reasons(rubric, make_assessment({"x": Answer(not_applicable="No."), "y": 4})) == [
        '75.0% of "Devices" is answered not applicable; the limit is 30%.'
    ]
    assert _reasons(rubric, make_assessment({"x": Answer(level=4), "y": 4})) == [
        "25.0% of the weight rests on current evidence better than a claim; 50% is needed to approve."
    ]


def test_nothing_to_score_and_control_at_0() -> None:
    control = make_question("x", axis=Axis.CONTROL)
    rubric = make_rubric(make_criterion("devices", control, make_question("y", weight=9)))
    left_out = make_assessment({"x": Answer(not_applicable="No."), "y": Answer(not_applicable="No.")})
    assert _reasons(rubric, left_out)[0] == "No question counts: none applies, or all are not applicable."
    assert _reasons(rubric, make_assessment({"x": 0, "y": 4})) == ['The control question "X" is at level 0.']


def _findings(answers: Mapping[str, Answer | int], *questions: Question, seal_broken: bool = False) -> list[str]:
    rubric = make_rubric(make_criterion("devices", *questions))
    assessment = make_assessment(answers)
    scorecard = score(rubric, assessment, DAY)
    return [finding_words(each, scorecard) for each in find(rubric, assessment, DAY, seal_broken=seal_broken)]


def test_like_findings_stand_in_one_line_with_their_questions() -> None:
    questions = [make_question(question_id) for question_id in "xyz"]
    answers = {"x": Answer(level=4), "y": Answer(level=0), "z": Answer(level=3)}
    assert _findings(answers, *questions) == ['Rated high without evidence: "X" (level 4), "Z" (level 3).']


def test_findings_name_what_they_are_about() -> None:
    confirmed = Answer(level=4, confirm="reworded in 2.0.0")
    old = Answer(level=1, evidence=(Evidence("Page", Grade.DOCUMENT, date(2025, 1, 2)),))
    assert _findings({"x": confirmed, "y": old}, make_question("x"), make_question("y", shelf_months=12)) == [
        'Evidence past its shelf life: "Y" (2 January 2025; good for 12 months).',
        'Kept from an earlier version; answer again to confirm: "X" (reworded in 2.0.0).',
    ]
    set_up = Answer(level=2, evidence=(Evidence("Page", Grade.DOCUMENT, DAY),))
    assert _findings({"x": set_up}, make_question("x", must_reach=2, axis=Axis.CONTROL)) == [
        'Must-have met with no setting recorded: "X".'
    ]


def test_findings_about_the_file() -> None:
    assert _findings({}, make_question("x"), seal_broken=True) == [
        "The file was changed outside toolvet, or cut short: its seal does not match."
    ]
    scorecard = score(make_rubric(make_criterion("a", make_question("x"))), make_assessment(), DAY)
    assert finding_words(Finding(FindingCode.RUBRIC_CHANGED), scorecard) == (
        "The rubric small 1.0.0 has changed since this was answered."
    )
