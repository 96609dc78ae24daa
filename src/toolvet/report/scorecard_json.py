"""A scorecard as JSON: the fields of `toolvet score --json`."""

from __future__ import annotations

from collections.abc import Sequence

from toolvet.domain.assessment import Assessment
from toolvet.domain.findings import Finding
from toolvet.domain.scorecard import CriterionScore, MustHave, QuestionScore, Reason, Scorecard, ScoreRange
from toolvet.report.words import plain_number

Json = dict[str, object]


def scorecard_json(scorecard: Scorecard, assessment: Assessment, findings: Sequence[Finding], *, file: str) -> Json:
    """One scorecard for a list of them. Percentages are not rounded; null stands for none."""
    rubric = scorecard.rubric
    return {
        "file": file,
        "subject": assessment.subject.label,
        "rubric": {"id": rubric.id, "version": rubric.version, "digest": rubric.digest},
        "on": scorecard.on.isoformat(),
        "complete": scorecard.complete,
        "verdict": scorecard.verdict.value,
        "reasons": [_reason(reason) for reason in scorecard.reasons],
        "overall": range_json(scorecard.overall),
        "criteria": [_criterion(scored) for scored in scorecard.criteria],
        "must_haves": [_must_have(must_have) for must_have in scorecard.must_haves],
        "questions": [_question(scored) for scored in scorecard.questions],
        "findings": [
            {"code": finding.code.value, "question": finding.question, "text": finding.text} for finding in findings
        ],
    }


def range_json(score_range: ScoreRange | None) -> Json:
    """The four figures in percent, null where there is none."""
    if score_range is None:
        return {"floor": None, "observed": None, "ceiling": None, "coverage": None}
    observed = score_range.observed
    return {
        "floor": float(score_range.floor),
        "observed": None if observed is None else float(observed),
        "ceiling": float(score_range.ceiling),
        "coverage": float(score_range.coverage),
    }


def _reason(reason: Reason) -> Json:
    return {
        "code": reason.code.value,
        "question": reason.question,
        "criterion": reason.criterion,
        "text": reason.text,
    }


def _criterion(scored: CriterionScore) -> Json:
    criterion = scored.criterion
    return {
        "id": criterion.id,
        "title": criterion.title,
        "weight": plain_number(criterion.weight),
        **range_json(scored.range),
    }


def _must_have(must_have: MustHave) -> Json:
    return {
        "question": must_have.question.id,
        "must_reach": must_have.must_reach,
        "level": must_have.level,
        "state": must_have.state.value,
        "proven": must_have.proven,
    }


def _question(scored: QuestionScore) -> Json:
    return {
        "id": scored.question.id,
        "criterion": scored.criterion.id,
        "applies": "open" if scored.applies is None else scored.applies,
        "state": scored.state.value,
        "level": scored.level,
        "value": None if scored.value is None else float(scored.value),
        "weight": plain_number(scored.question.weight),
    }
