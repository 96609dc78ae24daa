"""A decision in words, next to the verdict it was based on, and what changed since the decision before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from toolvet.domain.decision import ApprovedFor, Computed, Condition, Decision
from toolvet.domain.decision_rules import is_approved
from toolvet.domain.records import ConditionState
from toolvet.domain.rubric import Policy, Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.standing import Standing, last_day_of, standing_of
from toolvet.report.approval.document import ConditionRow, DecisionPart, Fact, WaiverRow
from toolvet.report.approval.front_page import departure, question_title, quoted_title, standing_words
from toolvet.text.escape import ended, listed, plural
from toolvet.text.labels import day, figure, number, share
from toolvet.text.record_words import condition_record_words, condition_status, last_day_words
from toolvet.text.sentences import confirmed_words


def decision_part(
    decision: Decision, scorecard: Scorecard, standing: Standing, earlier: Sequence[Decision] = ()
) -> DecisionPart:
    """The decision with question ids put in words; `earlier` are those that it is held against."""
    rubric = scorecard.rubric
    return DecisionPart(
        decision=decision.decision,
        stands=standing.stands,
        ends=last_day_of(decision, standing),
        run_out_since=standing.run_out_since,
        decided_by=decision.decided_by,
        decided_on=decision.decided_on,
        valid_until=decision.valid_until,
        last_day=last_day_words(decision, standing),
        rationale=decision.rationale,
        departs=_departs(decision),
        standing=standing_words(standing, rubric),
        approves=is_approved(decision) and not standing.doubts,
        approved_for=_approved_for(decision.approved_for, rubric),
        left_off=decision.approved_for.left_off,
        conditions=tuple(_condition_row(state, decision) for state in standing.by_due),
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
        computed=() if (seen := decision.computed) is None else (*computed_words(seen), *_other_policy(seen, rubric)),
        changed=(
            *dict.fromkeys(words for before in earlier for words in changed_words(before, decision, rubric)),
            *confirmed_words(decision),
        ),
    )


def _condition_row(state: ConditionState, decision: Decision) -> ConditionRow:
    return ConditionRow(
        text=state.condition.text,
        owner=state.condition.owner,
        due=state.due,
        overdue=state.is_overdue and decision.is_approval,
        status=condition_status(state),
        recorded=condition_record_words(state),
    )


def computed_words(computed: Computed) -> tuple[str, ...]:
    """What the scorecard said on the day of the decision, as the decision recorded it."""
    return (
        f"Computed verdict on {day(computed.on)}: {computed.verdict.words}.",
        f"Floor {figure(computed.floor)}, observed {figure(computed.observed)}, ceiling {figure(computed.ceiling)}, "
        f"coverage {share(computed.coverage)}.",
    )


def policy_facts(policy: Policy) -> tuple[Fact, ...]:
    approve, conditional = policy.approve, policy.conditional
    return (
        Fact("To approve", f"every criterion {number(approve.criterion)}, overall {number(approve.overall)}"),
        Fact(
            "To approve with conditions",
            f"every criterion {number(conditional.criterion)}, overall {number(conditional.overall)}",
        ),
        Fact("Coverage needed", f"{number(policy.coverage)}% of the weight"),
        Fact("Proven, to approve", f"{number(policy.proven)}% of the weight, and every must-have"),
        Fact("Not applicable", f"at most {number(policy.not_applicable_limit)}% of a criterion"),
        Fact("An approval is valid", f"at most {plural(policy.valid_months, 'month')}"),
        Fact("A waiver is valid", f"at most {plural(policy.waiver_months, 'month')}"),
        *(
            [Fact("An approval counts", "only with a signature of somebody known here")]
            if policy.require_signature
            else []
        ),
    )


def _other_policy(computed: Computed, rubric: Rubric) -> Iterator[str]:
    """What was different on the day of the decision, where the policy has changed since."""
    then, now = policy_facts(computed.policy), policy_facts(rubric.policy)
    changed = [old for old in then if old not in now]
    if changed:
        yield "The policy has changed since. On that day:"
        yield from (f"{fact.what}: {fact.value}." for fact in changed)


def _departs(decision: Decision) -> str:
    verdict = decision.verdict
    if verdict is None:
        return f"It rests on no assessment; {decision.owner} answers for the tool."
    if decision.decision is verdict:
        return "The decision follows the computed verdict."
    return f"The decision is {departure(decision)} than the computed verdict, which was {verdict.words}."


def _approved_for(approved_for: ApprovedFor, rubric: Rubric) -> tuple[Fact, ...]:
    """What is approved besides the rubric's scope facts, which have a table of their own."""
    facts = tuple(Fact(id_, option) for id_, option in approved_for.scope.items() if rubric.scope_fact(id_) is None)
    if approved_for.users is not None:
        facts += (Fact("Users", f"up to {approved_for.users}"),)
    if approved_for.plan is not None:
        facts += (Fact("Plan", approved_for.plan),)
    return facts


def changed_words(before: Decision, now: Decision, rubric: Rubric) -> tuple[str, ...]:
    """A sentence for each thing that is not as it was; empty where only day and rationale are new."""
    return tuple(_changes(before, now, rubric))


def _changes(before: Decision, now: Decision, rubric: Rubric) -> Iterator[str]:
    if before.decision is not now.decision:
        yield f"The decision was {before.decision.words} and is {now.decision.words}."
    if before.decided_by != now.decided_by:
        yield f"It was decided by {now.decided_by}; the previous one by {before.decided_by}."
    both_approve = is_approved(before) and is_approved(now)
    if both_approve:
        yield from _limits(before, now, rubric)
        yield from _lists("Not covered", before.approved_for.left_off, now.approved_for.left_off)
        yield from _conditions(before.conditions, now.conditions)
        yield from _waivers(before, now, rubric)
    yield from _lists("Consulted", before.consulted, now.consulted)
    yield from _lists("Considered", before.considered, now.considered)
    yield from _lists("Links", before.links, now.links)
    ended_on, ends_on = _decided_end(before), _decided_end(now)
    if both_approve and ends_on not in (None, ended_on):
        was = "without an end" if ended_on is None else f"until {day(ended_on)}"
        yield f"It was valid {was}, and is now valid until {day(ends_on)}."


def _decided_end(decision: Decision) -> date | None:
    """The day on which it was to end when it was decided."""
    return last_day_of(decision, standing_of(decision, decision.decided_on))


def _limits(before: Decision, now: Decision, rubric: Rubric) -> Iterator[str]:
    was, is_now = before.approved_for, now.approved_for
    for name, old, new in (("Users", was.users, is_now.users), ("Plan", was.plan, is_now.plan)):
        if old != new:
            yield f"{name}: {_said(old)} before, {_said(new)} now."
    for fact_id in dict.fromkeys((*was.scope, *is_now.scope)):
        old_option, new_option = was.scope.get(fact_id), is_now.scope.get(fact_id)
        if old_option != new_option:
            fact = rubric.scope_fact(fact_id)
            name = fact_id if fact is None else fact.text
            yield f"{name} {_said(old_option)} before, {_said(new_option)} now."


def _conditions(before: Sequence[Condition], now: Sequence[Condition]) -> Iterator[str]:
    old, new = ({one.id or one.text: one for one in conditions} for conditions in (before, now))
    for key, condition in old.items():
        later = new.get(key)
        if later is None:
            yield f"Condition dropped: {ended(condition.text)}"
        elif later.due != condition.due:
            yield f"Condition moved from {_day(condition)} to {_day(later)}: {ended(condition.text)}"
    yield from (f"Condition added: {ended(condition.text)}" for key, condition in new.items() if key not in old)


def _day(condition: Condition) -> str:
    return "no due date" if condition.due is None else day(condition.due)


def _waivers(before: Decision, now: Decision, rubric: Rubric) -> Iterator[str]:
    old, new = ({waiver.question: waiver for waiver in decision.waivers} for decision in (before, now))
    for question, waiver in old.items():
        title = quoted_title(rubric, question)
        later = new.get(question)
        if later is None:
            yield f"Waiver dropped: {ended(title)}"
        elif later.expires != waiver.expires:
            yield f"Waiver until {day(later.expires)} instead of {day(waiver.expires)}: {ended(title)}"
    yield from (f"Waiver added: {ended(quoted_title(rubric, name))}" for name in new if name not in old)


def _lists(what: str, before: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    gone = [text for text in before if text not in now]
    new = [text for text in now if text not in before]
    if gone:
        yield f"{what}, dropped: {ended(listed(gone))}"
    if new:
        yield f"{what}, added: {ended(listed(new))}"


def _said(value: object) -> str:
    return "not stated" if value is None else str(value)
