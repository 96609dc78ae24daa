"""A scorecard as JSON: the fields of `toolvet score --json`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolvet.domain.advice import Advice
from toolvet.domain.assessment import Assessment
from toolvet.domain.findings import Finding
from toolvet.domain.following import Step
from toolvet.domain.scorecard import CriterionScore, MustHave, QuestionScore, Reason, Scorecard, ScoreRange
from toolvet.domain.step_search import MOST_STEPS
from toolvet.report.words import plain_number

Json = dict[str, object]


def scorecard_json(
    scorecard: Scorecard, assessment: Assessment, findings: Sequence[Finding], advice: Sequence[Advice], *, file: str
) -> Json:
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
            {"code": finding.code.value, "questions": list(finding.questions), "text": finding.text}
            for finding in findings
        ],
        "advice": [_advice(way) for way in advice],
    }


def range_json(score_range: ScoreRange | None) -> Json:
    """The five figures in percent, null where there is none."""
    if score_range is None:
        return {"floor": None, "observed": None, "ceiling": None, "coverage": None, "proven": None}
    observed = score_range.observed
    return {
        "floor": float(score_range.floor),
        "observed": None if observed is None else float(observed),
        "ceiling": float(score_range.ceiling),
        "coverage": float(score_range.coverage),
        "proven": float(score_range.proven),
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
        "if_missed": must_have.if_missed.value,
        "level": must_have.level,
        "state": must_have.state.value,
        "proven": must_have.proven,
        "supported": must_have.supported,
    }


def _question(scored: QuestionScore) -> Json:
    return {
        "id": scored.question.id,
        "title": scored.question.title,
        "ref": scored.question.ref,
        "criterion": scored.criterion.id,
        "applies": "open" if scored.applies is None else scored.applies,
        "state": scored.state.value,
        "level": scored.level,
        "value": None if scored.value is None else float(scored.value),
        "weight": plain_number(scored.question.weight),
        "proven": scored.proven,
    }


def _advice(way: Advice) -> Json:
    """One way; a step is one rung, so that a question raised by two of them is there twice.

    `steps_at_least` is null where the steps are all that it takes. `outcomes` is there where facts that are not given
    could break the promise.
    """
    steps = [each for step in way.further or () for each in _rungs(step)]
    outcomes = [
        {"fact": each.fact.id, "option": each.option, "verdicts": [verdict.value for verdict in each.verdicts]}
        for each in way.outcomes
    ]
    return {
        "verdict": way.target.value,
        "needs": [need for step in way.needed for need in _needs(step)],
        "steps": steps,
        "steps_at_least": MOST_STEPS + 1 if way.further is None else None,
        "sure": way.is_sure,
        "outcomes": outcomes,
    }


def _needs(step: Step) -> Iterator[Json]:
    if step.fact is not None:
        yield {"kind": step.kind.value, "fact": step.fact.id, "level": None, "idle": step.is_idle}
        return
    question = None if step.question is None else step.question.id
    yield {"kind": step.kind.value, "question": question, "level": step.rung}
    if step.evidence is not None:
        yield {"kind": step.evidence.value, "question": question, "level": step.rung}


def _rungs(step: Step) -> Iterator[Json]:
    if step.question is None or step.rung is None:
        return
    for level in range(step.rung - step.steps + 1, step.rung + 1):
        yield {"question": step.question.id, "level": level}
