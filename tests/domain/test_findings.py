from __future__ import annotations

from dataclasses import replace
from datetime import date

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, RubricRef
from toolvet.domain.findings import FindingCode, find
from toolvet.domain.rubric import Question, ScopeFact
from toolvet.domain.scope import OneOf

DAY = date(2026, 11, 21)


def _codes(question: Question, answer: Answer) -> list[FindingCode]:
    rubric = make_rubric(make_criterion("a", question))
    found = find(rubric, make_assessment({question.id: answer}), DAY, seal_broken=False)
    return [finding.code for finding in found]


def _seen(grade: Grade | None = Grade.DOCUMENT, day: date | None = DAY) -> tuple[Evidence, ...]:
    return (Evidence("page", grade, day),)


def test_high_level_needs_evidence() -> None:
    assert _codes(make_question("x"), Answer(level=3)) == [FindingCode.NO_EVIDENCE]
    assert _codes(make_question("x"), Answer(level=2)) == []
    assert _codes(make_question("x"), Answer(level=3, evidence=_seen())) == []


def test_must_have_on_a_claim_alone() -> None:
    question = make_question("x", must_reach=2)
    answer = Answer(level=2, setting="As sold.", evidence=_seen(Grade.CLAIM))
    assert _codes(question, answer) == [FindingCode.CLAIM_ONLY]
    assert _codes(question, replace(answer, evidence=_seen(Grade.CLAIM) + _seen(Grade.TESTED))) == []


def test_evidence_older_than_the_shelf_life() -> None:
    question = make_question("x", shelf_months=12)
    assert _codes(question, Answer(level=1, evidence=_seen(day=date(2025, 11, 21)))) == []
    assert _codes(question, Answer(level=1, evidence=_seen(day=date(2025, 11, 20)))) == [FindingCode.EVIDENCE_OLD]


def test_dates_after_the_day() -> None:
    tomorrow = date(2026, 11, 22)
    answer = Answer(level=1, answered=tomorrow, evidence=_seen(day=tomorrow))
    assert _codes(make_question("x"), answer) == [FindingCode.ANSWER_IN_FUTURE, FindingCode.EVIDENCE_IN_FUTURE]


def test_hands_on_evidence_wanted_and_not_given() -> None:
    question = replace(make_question("x"), evidence="tested")
    assert _codes(question, Answer(level=1, evidence=_seen())) == [FindingCode.NOT_TESTED]
    assert _codes(question, Answer(level=1, evidence=_seen(Grade.TESTED))) == []


def test_passing_must_have_without_a_setting() -> None:
    question = make_question("x", must_reach=2)
    assert _codes(question, Answer(level=2, evidence=_seen())) == [FindingCode.NO_SETTING]
    assert _codes(question, Answer(level=1, evidence=_seen())) == []


def test_missing_setting_is_said_in_words() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2)))
    (found,) = find(rubric, make_assessment({"x": Answer(level=2, evidence=_seen())}), DAY, seal_broken=False)
    assert found.text == "X is a must-have that passes, but no setting says with which configuration."


def test_answer_to_a_question_that_does_not_apply() -> None:
    fact = ScopeFact("guests", "Guests?", ("no", "yes"))
    question = make_question("x", applies_when=OneOf("guests", frozenset({"yes"}), "guests is yes"))
    rubric = make_rubric(make_criterion("a", question), scope=[fact])
    assessment = make_assessment({"x": 4}, scope={"guests": "no"})
    (found,) = find(rubric, assessment, DAY, seal_broken=False)
    assert (found.code, found.question) == (FindingCode.DOES_NOT_APPLY, "x")


def test_broken_seal_and_changed_rubric() -> None:
    rubric = replace(make_rubric(make_criterion("a", make_question("x"))), digest="sha256:new")
    assessment = replace(make_assessment(), rubric=RubricRef("small", "1.0.0", "sha256:old"))
    found = find(rubric, assessment, DAY, seal_broken=True)
    assert [finding.code for finding in found] == [FindingCode.SEAL_BROKEN, FindingCode.RUBRIC_CHANGED]
    assert find(rubric, _without_digest(assessment), DAY, seal_broken=False) == ()


def _without_digest(assessment: Assessment) -> Assessment:
    return replace(assessment, rubric=RubricRef("small", "1.0.0"))
