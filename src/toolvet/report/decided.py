"""The report's part about the decision."""

from __future__ import annotations

from toolvet.domain.decision import ApprovedFor, Computed, Decision
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.report.document import ConditionRow, DecisionPart, Fact, WaiverRow
from toolvet.report.words import NO_FIGURE, day


def decision_part(decision: Decision, scorecard: Scorecard) -> DecisionPart:
    """The decision with question ids put in words."""
    rubric = scorecard.rubric
    return DecisionPart(
        decision=decision.decision,
        decided_by=decision.decided_by,
        decided_on=decision.decided_on,
        valid_until=decision.valid_until,
        rationale=decision.rationale,
        departs=_departs(decision),
        approved_for=_approved_for(decision.approved_for, rubric),
        left_off=decision.approved_for.left_off,
        conditions=tuple(ConditionRow(one.text, one.owner, one.due) for one in decision.conditions),
        waivers=tuple(
            WaiverRow(
                title=question_title(rubric, one.question),
                reason=one.reason,
                compensating_control=one.compensating_control,
                owner=one.owner,
                expires=one.expires,
            )
            for one in decision.waivers
        ),
        considered=decision.considered,
        consulted=decision.consulted,
        links=decision.links,
        supersedes=decision.supersedes,
        computed=computed_words(decision.computed),
    )


def question_title(rubric: Rubric, question_id: str) -> str:
    """The question's title; its id where the rubric has no such question."""
    question = rubric.question(question_id)
    return question_id if question is None else question.title


def computed_words(computed: Computed) -> tuple[str, ...]:
    """What the scorecard said on the day of the decision, as the decision recorded it."""
    observed = NO_FIGURE if computed.observed is None else f"{computed.observed:.1f}"
    return (
        f"Computed on {day(computed.on)}: {computed.verdict.words}.",
        f"Floor {computed.floor:.1f}, observed {observed}, ceiling {computed.ceiling:.1f}, "
        f"coverage {computed.coverage:.1f}.",
    )


def _departs(decision: Decision) -> str:
    verdict = decision.computed.verdict
    if decision.decision is verdict:
        return "The decision follows the verdict as computed."
    side = "better" if decision.decision.rank < verdict.rank else "stricter"
    return f"The decision is {side} than the verdict as computed, which was {verdict.words}."


def _approved_for(approved_for: ApprovedFor, rubric: Rubric) -> tuple[Fact, ...]:
    """What is approved besides the rubric's scope facts, which have a table of their own."""
    facts = tuple(Fact(id_, option) for id_, option in approved_for.scope.items() if rubric.scope_fact(id_) is None)
    if approved_for.users is not None:
        facts += (Fact("Users", f"up to {approved_for.users}"),)
    if approved_for.plan is not None:
        facts += (Fact("Plan", approved_for.plan),)
    return facts
