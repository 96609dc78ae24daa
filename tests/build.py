"""Small rubrics and assessments for tests, with everything that matters said where they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, RubricRef, Subject
from toolvet.domain.comparison import Candidate
from toolvet.domain.decision import AssessmentRef, Computed, Decision
from toolvet.domain.rubric import Ask, Axis, Criterion, MustReach, Policy, Question, Rubric, ScopeFact, Thresholds
from toolvet.domain.scope import ScopeCondition
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score

_NOTHING = Thresholds(Fraction(0), Fraction(0))
LENIENT = Policy(approve=_NOTHING, conditional=_NOTHING, coverage=Fraction(0))
"""Under this policy everything is approved, so that only the figures order the tools."""


def make_question(
    question_id: str,
    *,
    weight: float | Fraction = 1,
    levels: int = 5,
    must_reach: int | None = None,
    must_reach_when: ScopeCondition | None = None,
    applies_when: ScopeCondition | None = None,
    shelf_months: int | None = None,
    axis: Axis | None = None,
    closes: tuple[str, ...] = (),
) -> Question:
    """A question of that many levels, whose rungs read "rung 0", "rung 1", …"""
    return Question(
        id=question_id,
        text=f"What of {question_id}?",
        levels=tuple(f"rung {level}" for level in range(levels)),
        weight=Fraction(weight),
        must_reach=None if must_reach is None else MustReach(must_reach, "Because.", must_reach_when),
        applies_when=applies_when,
        shelf_months=shelf_months,
        axis=axis,
        closes=closes,
    )


def make_criterion(
    criterion_id: str, *questions: Question, weight: float | Fraction = 1, axis: Axis | None = None
) -> Criterion:
    """A criterion of these questions."""
    return Criterion(
        id=criterion_id, title=criterion_id.title(), questions=questions, weight=Fraction(weight), axis=axis
    )


def make_rubric(*criteria: Criterion, scope: Sequence[ScopeFact] = (), policy: Policy | None = None) -> Rubric:
    """A rubric of these criteria under the default policy, or that one."""
    return Rubric(
        id="small",
        version="1.0.0",
        title="Small",
        subject="tool",
        ask=Ask.LEVEL,
        criteria=criteria,
        scope=tuple(scope),
        policy=policy or Policy(),
    )


def make_assessment(
    answers: Mapping[str, object] | None = None, *, scope: Mapping[str, str] | None = None
) -> Assessment:
    """An assessment of "Tool" by "A. Reviewer"; a whole number is short for that level, tried by hand."""
    return Assessment(
        rubric=RubricRef("small", "1.0.0"),
        subject=Subject("Tool"),
        reviewer=Reviewer("A. Reviewer"),
        scope=dict(scope or {}),
        answers={question_id: _answer(answer) for question_id, answer in (answers or {}).items()},
    )


def without_evidence(levels: Mapping[str, int]) -> dict[str, Answer]:
    """Answers of these levels and nothing else."""
    return {question_id: Answer(level=level) for question_id, level in levels.items()}


def _answer(answer: object) -> Answer:
    if isinstance(answer, int):
        return Answer(level=answer, evidence=(Evidence("Trial", Grade.TESTED),))
    assert isinstance(answer, Answer)
    return answer


def weighted_rubric(*weights: int) -> Rubric:
    """Criteria c0, c1, … of these weights, each with one question of five levels: q0, q1, …"""
    criteria = [
        make_criterion(f"c{number}", make_question(f"q{number}"), weight=weight)
        for number, weight in enumerate(weights)
    ]
    return make_rubric(*criteria, policy=LENIENT)


def make_candidate(rubric: Rubric, name: str, *answers: object) -> Candidate:
    """A tool in the file of its name, with these answers to q0, q1, …"""
    assessment = make_assessment({f"q{number}": answer for number, answer in enumerate(answers)})
    return Candidate(name, name, score(rubric, assessment, date(2026, 11, 21)))


def make_approval(decided_on: date) -> Decision:
    """An approval by the board of that day, without a last day and with nothing besides."""
    return Decision(
        decision=Verdict.APPROVE,
        decided_by="Board",
        decided_on=decided_on,
        assessment=AssessmentRef("assessments/tool/a.toml", "0" * 64),
        computed=Computed(decided_on, Verdict.APPROVE, (), 80.0, 80.0, 80.0, 100.0, Policy()),
    )
