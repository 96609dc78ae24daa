from __future__ import annotations

import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, RubricRef, Subject
from toolvet.domain.decision import ApprovedFor, AssessmentRef, Computed, Condition, Decision, Waiver
from toolvet.domain.rubric import Ask, Axis, Criterion, MustReach, Policy, Question, Rubric, ScopeFact, Sitting
from toolvet.domain.scope import AllOf, Not, OneOf
from toolvet.domain.scorecard import Verdict
from toolvet.storage.reader import check_answers, read_assessment, read_decision, read_rubric
from toolvet.storage.rubric_library import shipped
from toolvet.storage.toml_input import Seal

GOOD = Path(__file__).parent.parent / "data" / "good"

RUBRIC = Rubric(
    id="small",
    version="1.0.0",
    title="A small rubric",
    subject="tool",
    ask=Ask.LEVEL,
    summary="Two questions.",
    policy=Policy(coverage=Fraction(80)),
    scope=(
        ScopeFact("data", "What is the most sensitive content?", ("public", "internal", "confidential"), "setting"),
    ),
    criteria=(
        Criterion(
            id="away",
            title="Away from the office",
            axis=Axis.EXPERIENCE,
            weight=Fraction(3, 2),
            questions=(
                Question(
                    id="quiet-hours",
                    text="Can people be left alone?",
                    where=Sitting.TRIAL,
                    minutes=5,
                    weight=Fraction(2),
                    must_reach=MustReach(
                        1,
                        "People need rest.",
                        OneOf("data", frozenset({"internal", "confidential"}), "data is at least internal"),
                    ),
                    shelf_months=12,
                    levels=("No.", "By hand.", "By rule."),
                ),
                Question(
                    id="admission",
                    text="Can people be kept out?",
                    applies_when=AllOf(
                        (
                            OneOf("data", frozenset({"internal"}), "data is internal"),
                            Not(OneOf("data", frozenset({"public"}), "data is one of public")),
                        )
                    ),
                    evidence="tested",
                    levels=("No.", "Yes."),
                ),
            ),
        ),
    ),
)


def test_rubric_is_read_as_it_stands() -> None:
    rubric = read_rubric(GOOD / "rubric.toml")
    digest = "sha256:be1361670067e41cdbad3901b2a98ffb2459be5e27714aa98f67675f548149de"
    assert rubric.digest == digest
    assert Rubric(**{name: getattr(rubric, name) for name in Rubric.__slots__} | {"digest": ""}) == RUBRIC


def test_gap_question_without_text_is_listed_by_what_is_delivered() -> None:
    rubric = read_rubric(GOOD / "rubric-gap.toml")
    (question,) = rubric.criteria[0].questions
    assert question == Question(
        id="beyond-email",
        text="How did it travel?",
        expected="How should joint work travel?",
        delivered="How did it travel?",
        asked_of=("employees",),
        levels=("By mail.", "Through a shared place."),
    )


@pytest.mark.parametrize(
    ("name", "criteria", "questions", "must_haves", "facts"),
    [("collaboration-tool", 4, 44, 23, 16), ("collaboration-readiness", 4, 24, 0, 0)],
)
def test_shipped_rubrics_read_in_full(name: str, criteria: int, questions: int, must_haves: int, facts: int) -> None:
    rubric = read_rubric(shipped("rubrics") / f"{name}.toml")
    all_questions = [question for _, question in rubric.questions()]
    must = [question for question in all_questions if question.must_reach is not None]
    assert (len(rubric.criteria), len(all_questions), len(must), len(rubric.scope)) == (
        criteria,
        questions,
        must_haves,
        facts,
    )


def test_policy_defaults_are_those_of_the_shipped_rubrics() -> None:
    assert read_rubric(shipped("rubrics") / "collaboration-tool.toml").policy == Policy()
    assert read_rubric(shipped("rubrics") / "collaboration-readiness.toml").policy == Policy()


def test_assessment_is_read_as_it_stands() -> None:
    file = read_assessment(GOOD / "assessment.toml")
    assert file.seal is Seal.MISSING
    assert file.assessment == Assessment(
        rubric=RubricRef("small", "1.0.0"),
        subject=Subject("Zoom Workplace", plan="Business", answer_by=date(2026, 11, 27), users=400),
        reviewer=Reviewer("A. Reviewer"),
        started=date(2026, 11, 2),
        scope={"data": "internal"},
        answers={
            "quiet-hours": Answer(
                level=2,
                answered=date(2026, 11, 2),
                note="Only on phones.",
                evidence=(Evidence("https://support.example.com/kb/61900", Grade.DOCUMENT, date(2026, 10, 30)),),
            ),
            "admission": Answer(unknown="Asked the vendor."),
        },
    )


def test_gap_assessment_needs_no_name() -> None:
    assessment = read_assessment(GOOD / "assessment-gap.toml").assessment
    assert (assessment.reviewer, assessment.answers) == (
        Reviewer(group="employees"),
        {"beyond-email": Answer(expected=1)},
    )


def test_decision_is_read_as_it_stands() -> None:
    assert read_decision(GOOD / "decision.toml").decision == Decision(
        decision=Verdict.APPROVE_WITH_CONDITIONS,
        rationale="The rest is strong.",
        decided_by="Tool approval board",
        decided_on=date(2026, 11, 20),
        valid_until=date(2027, 11, 20),
        supersedes="2025-11-18.toml",
        consulted=("Data protection",),
        assessment=AssessmentRef(
            "assessments/zoom-workplace-business/2026-11-02-a-reviewer.toml", "0123456789abcdef" * 4
        ),
        computed=Computed(
            on=date(2026, 11, 20),
            verdict=Verdict.HOLD,
            reasons=("must-have-unknown: quiet-hours",),
            floor=71.2,
            observed=None,
            ceiling=84.9,
            coverage=91.0,
            policy=Policy(),
        ),
        approved_for=ApprovedFor({"data": "internal"}, users=400, left_off=("AI companion",)),
        conditions=(Condition("Vendor supplies a report.", id="report", due=date(2027, 3, 31)),),
        waivers=(Waiver("quiet-hours", "Promised for spring.", "Phones are switched off.", "CIO", date(2027, 3, 31)),),
    )


def changed(tmp_path: Path, old: str, new: str) -> Path:
    path = tmp_path / "changed.toml"
    path.write_text((GOOD / "assessment.toml").read_text().replace(old, new))
    return path


def test_answer_to_a_question_that_a_changed_rubric_lost_is_only_a_warning(tmp_path: Path) -> None:
    digest = 'version = "1.0.0"\ndigest = "sha256:' + "0" * 64 + '"'
    path = changed(tmp_path, 'version = "1.0.0"', digest)
    path.write_text(path.read_text().replace("[answers.admission]", "[answers.gone]"))
    (problem,) = check_answers(read_assessment(path), RUBRIC)
    assert (problem.line, problem.message, problem.warning) == (
        31,
        'there is no question "gone" in small, which was changed since; what was entered is kept',
        True,
    )


def test_assessment_with_its_rubric_is_held_against_it(tmp_path: Path) -> None:
    path = changed(tmp_path, "level = 2", "level = 3")
    problems = check_answers(read_assessment(path), RUBRIC)
    assert [(problem.line, problem.warning) for problem in problems] == [(21, False)]


def test_good_files_are_read_without_jsonschema_or_tree_sitter() -> None:
    program = (
        "import sys; from pathlib import Path; from toolvet.storage.reader import *; "
        f"read_rubric(Path({str(GOOD / 'rubric.toml')!r})); read_assessment(Path({str(GOOD / 'assessment.toml')!r})); "
        "print(sorted({'jsonschema', 'tree_sitter', 'textual'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
