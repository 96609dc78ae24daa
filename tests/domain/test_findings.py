from __future__ import annotations

from dataclasses import replace
from datetime import date

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, RubricRef
from toolvet.domain.findings import Finding, FindingCode, find
from toolvet.domain.rubric import Axis, Question, ScopeFact
from toolvet.domain.scope import OneOf

DAY = date(2026, 11, 21)


def _codes(question: Question, answer: Answer) -> list[FindingCode]:
    rubric = make_rubric(make_criterion("a", question))
    found = find(rubric, make_assessment({question.id: answer}), DAY, seal_broken=False)
    return [finding.code for finding in found]


def _seen(grade: Grade | None = Grade.DOCUMENT, day: date | None = DAY) -> tuple[Evidence, ...]:
    return (Evidence("page", grade, day),)


def test_top_quarter_of_a_ladder_needs_evidence() -> None:
    lowest_high = {2: 1, 3: 2, 4: 3, 5: 3, 6: 4, 7: 5}
    for levels, high in lowest_high.items():
        question = make_question("x", levels=levels)
        assert _codes(question, Answer(level=high)) == [FindingCode.NO_EVIDENCE]
        assert _codes(question, Answer(level=high - 1)) == []
        assert _codes(question, Answer(level=high, evidence=_seen())) == []


def test_like_findings_are_one_with_their_questions() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y"), make_question("z")))
    answers = {"x": Answer(level=4), "y": Answer(level=0), "z": Answer(level=3)}
    assert find(rubric, make_assessment(answers), DAY, seal_broken=False) == (
        Finding(FindingCode.NO_EVIDENCE, ("x", "z"), (4, 3)),
    )


def test_question_of_control_at_level_0() -> None:
    assert _codes(make_question("x", axis=Axis.CONTROL), Answer(level=0)) == [FindingCode.CONTROL_ZERO]
    assert _codes(make_question("x", axis=Axis.EXPERIENCE), Answer(level=0)) == []


def test_answer_changed_to_not_applicable_that_would_have_lowered_the_verdict() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", weight=3), make_question("y")))
    now = make_assessment({"x": 3, "y": Answer(not_applicable="Not ours.")})
    found = [
        finding.code
        for level in (0, 4)
        for finding in find(rubric, now, DAY, seal_broken=False, before=make_assessment({"x": 3, "y": level}))
    ]
    assert found == [FindingCode.NOT_APPLICABLE_HELPS]


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
    assert _codes(make_question("x"), answer) == [FindingCode.EVIDENCE_IN_FUTURE, FindingCode.ANSWER_IN_FUTURE]


def test_hands_on_evidence_wanted_and_not_given() -> None:
    question = replace(make_question("x"), evidence="tested")
    assert _codes(question, Answer(level=1, evidence=_seen())) == [FindingCode.NOT_TESTED]
    assert _codes(question, Answer(level=1, evidence=_seen(Grade.TESTED))) == []


def test_passing_must_have_of_control_without_a_setting() -> None:
    question = make_question("x", must_reach=2, axis=Axis.CONTROL)
    assert _codes(question, Answer(level=2, evidence=_seen())) == [FindingCode.NO_SETTING]
    assert _codes(question, Answer(level=1, evidence=_seen())) == []
    assert _codes(replace(question, axis=Axis.EXPERIENCE), Answer(level=2, evidence=_seen())) == []


def test_answer_to_a_question_that_does_not_apply() -> None:
    fact = ScopeFact("guests", "Guests?", ("no", "yes"))
    question = make_question("x", applies_when=OneOf("guests", frozenset({"yes"}), "guests is yes"))
    rubric = make_rubric(make_criterion("a", question), scope=[fact])
    assessment = make_assessment({"x": 4}, scope={"guests": "no"})
    (found,) = find(rubric, assessment, DAY, seal_broken=False)
    assert (found.code, found.questions) == (FindingCode.DOES_NOT_APPLY, ("x",))


def test_broken_seal_and_changed_rubric() -> None:
    rubric = replace(make_rubric(make_criterion("a", make_question("x"))), digest="sha256:new")
    assessment = replace(make_assessment(), rubric=RubricRef("small", "1.0.0", "sha256:old"))
    found = find(rubric, assessment, DAY, seal_broken=True)
    assert [finding.code for finding in found] == [FindingCode.SEAL_BROKEN, FindingCode.RUBRIC_CHANGED]
    assert find(rubric, _without_digest(assessment), DAY, seal_broken=False) == ()


def _without_digest(assessment: Assessment) -> Assessment:
    return replace(assessment, rubric=RubricRef("small", "1.0.0"))
