"""The report's part about the decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolvet.domain.decision import ApprovedFor, Computed, Decision
from toolvet.domain.rubric import Policy, Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.standing import Standing, is_approved
from toolvet.domain.verdict import threshold
from toolvet.report.decision_changes import changed_words
from toolvet.report.document import ConditionRow, DecisionPart, Fact, WaiverRow
from toolvet.report.standing import question_title, standing_words
from toolvet.report.text import listed, plural
from toolvet.report.words import NO_FIGURE, day


def decision_part(
    decision: Decision, scorecard: Scorecard, standing: Standing, earlier: Sequence[Decision] = ()
) -> DecisionPart:
    """The decision with question ids put in words; `earlier` are those that it supersedes."""
    rubric = scorecard.rubric
    return DecisionPart(
        decision=decision.decision,
        decided_by=decision.decided_by,
        decided_on=decision.decided_on,
        valid_until=decision.valid_until,
        rationale=decision.rationale,
        departs=_departs(decision),
        standing=standing_words(standing, rubric),
        approves=is_approved(decision) and not standing.doubts,
        approved_for=_approved_for(decision.approved_for, rubric),
        left_off=decision.approved_for.left_off,
        conditions=tuple(
            ConditionRow(one.text, one.owner, one.due, one in standing.overdue) for one in decision.conditions
        ),
        waivers=tuple(
            WaiverRow(
                title=question_title(rubric, one.question),
                reason=one.reason,
                compensating_control=one.compensating_control,
                owner=one.owner,
                expires=one.expires,
                run_out=one.expires < standing.on,
            )
            for one in decision.waivers
        ),
        considered=decision.considered,
        consulted=decision.consulted,
        links=decision.links,
        supersedes=listed(decision.replaces) or None,
        computed=(*computed_words(decision.computed), *_other_policy(decision.computed, rubric)),
        changed=tuple(dict.fromkeys(words for before in earlier for words in changed_words(before, decision, rubric))),
    )


def computed_words(computed: Computed) -> tuple[str, ...]:
    """What the scorecard said on the day of the decision, as the decision recorded it."""
    observed = NO_FIGURE if computed.observed is None else f"{computed.observed:.1f}"
    return (
        f"Computed on {day(computed.on)}: {computed.verdict.words}.",
        f"Floor {computed.floor:.1f}, observed {observed}, ceiling {computed.ceiling:.1f}, "
        f"coverage {computed.coverage:.1f}.",
    )


def policy_facts(policy: Policy) -> tuple[Fact, ...]:
    """The policy in words."""
    approve, conditional = policy.approve, policy.conditional
    return (
        Fact("To approve", f"every criterion {threshold(approve.criterion)}, overall {threshold(approve.overall)}"),
        Fact(
            "To approve with conditions",
            f"every criterion {threshold(conditional.criterion)}, overall {threshold(conditional.overall)}",
        ),
        Fact("Coverage needed", f"{threshold(policy.coverage)} percent of the weight"),
        Fact("Proven, to approve", f"{threshold(policy.proven)} percent of the weight, and every must-have"),
        Fact("Not applicable", f"at most {threshold(policy.not_applicable_limit)} percent of a criterion"),
        Fact("An approval is valid", f"at most {plural(policy.valid_months, 'month')}"),
        Fact("A waiver runs", f"at most {plural(policy.waiver_months, 'month')}"),
    )


def _other_policy(computed: Computed, rubric: Rubric) -> Iterator[str]:
    """What was different on the day of the decision, where the policy has changed since."""
    then, now = policy_facts(computed.policy), policy_facts(rubric.policy)
    changed = [old for old, new in zip(then, now, strict=True) if old != new]
    if changed:
        yield "The policy has changed since. On that day:"
        yield from (f"{fact.what}: {fact.value}." for fact in changed)


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
