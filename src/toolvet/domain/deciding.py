"""What a decision is offered, and what forbids recording it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from toolvet.domain.advice import advise, step_words
from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import ApprovedFor, Computed, Condition, Decision, Waiver
from toolvet.domain.following import Step, StepKind
from toolvet.domain.months import add_months
from toolvet.domain.rubric import Question
from toolvet.domain.scorecard import MustHave, MustHaveState, Scorecard, Verdict
from toolvet.domain.scoring import last_day
from toolvet.domain.standing import is_approved
from toolvet.domain.verdict import percent

TELLING_LEVELS = 2
"""Two reviewers so many levels apart saw different things."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """A question on which another reviewer of the subject is two or more levels away."""

    question: Question
    reviewer: str
    ours: int
    theirs: int


def offered_conditions(scorecard: Scorecard, assessment: Assessment) -> tuple[Condition, ...]:
    """A condition for each thing that stands between the answers and approve, in the words of its rung."""
    ways = advise(scorecard.rubric, assessment, scorecard.on)
    if not ways:
        return ()
    steps = (*ways[-1].needed, *(ways[-1].further or ()))
    return tuple(_condition(step) for step in steps if step.kind is not StepKind.SCOPE)


def offered_valid_until(scorecard: Scorecard, assessment: Assessment, on: date) -> date:
    """The earlier of the policy's months from that day and the first current must-have to expire."""
    ends = [add_months(on, scorecard.rubric.policy.valid_months)]
    for must_have in scorecard.must_haves:
        last = last_day(must_have.question, assessment.answer(must_have.question.id))
        if last is not None and last >= on:
            ends.append(last)
    return min(ends)


def offered_approved_for(assessment: Assessment) -> ApprovedFor:
    """The scope, users and plan as they were assessed."""
    return ApprovedFor(scope=dict(assessment.scope), users=assessment.subject.users, plan=assessment.subject.plan)


def not_met(scorecard: Scorecard) -> tuple[MustHave, ...]:
    """The must-haves that a decision that approves has to waive."""
    return tuple(must_have for must_have in scorecard.must_haves if must_have.state is not MustHaveState.MET)


def make_computed(scorecard: Scorecard) -> Computed:
    """What the scorecard says, as a decision records it: percentages to one decimal, zero where nothing counts."""
    overall = scorecard.overall
    return Computed(
        on=scorecard.on,
        verdict=scorecard.verdict,
        reasons=tuple(reason.brief for reason in scorecard.reasons),
        floor=_rounded(overall.floor) if overall else 0.0,
        observed=_rounded(overall.observed) if overall and overall.observed is not None else None,
        ceiling=_rounded(overall.ceiling) if overall else 0.0,
        coverage=_rounded(overall.coverage) if overall else 0.0,
        policy=scorecard.rubric.policy,
    )


def faults(
    decision: Decision,
    scorecard: Scorecard,
    *,
    seal_broken: bool = False,
    rubric_changed: bool = False,
    carried: Sequence[Condition] = (),
) -> tuple[str, ...]:
    """What forbids recording this decision on this scorecard, each with what to do; empty where nothing does.

    `carried` are conditions of the decision before; those may be overdue.
    """
    return (
        *_faults_of_ground(seal_broken=seal_broken, rubric_changed=rubric_changed),
        *_faults_of_departure(decision, scorecard),
        *(_faults_of_missing_waivers(decision.waivers, scorecard) if is_approved(decision) else ()),
        *_faults_of_waivers(decision, scorecard),
        *_faults_of_dates(decision, scorecard, carried),
    )


def warnings(decision: Decision) -> tuple[str, ...]:
    """What does not forbid recording it, but should be meant."""
    return tuple(_warnings(decision))


def new_among(carried: Sequence[Condition], others: Sequence[Condition]) -> tuple[Condition, ...]:
    """Those of the others that none of the carried conditions says already, by id or by text."""
    said = {key for one in carried for key in (one.id, one.text) if key is not None}
    return tuple(one for one in others if one.id not in said and one.text not in said)


def second_opinions(
    scorecard: Scorecard, assessment: Assessment, others: Sequence[Assessment]
) -> tuple[SecondOpinion, ...]:
    """Where other assessments of the subject under this rubric are two or more levels away, in the rubric's order."""
    found = []
    for scored in scorecard.questions:
        ours = assessment.answer(scored.question.id).level
        if ours is None or scored.applies is False:
            continue
        for other in others:
            theirs = other.answer(scored.question.id).level
            if theirs is not None and abs(ours - theirs) >= TELLING_LEVELS:
                found.append(SecondOpinion(scored.question, other.reviewer.name or "unnamed", ours, theirs))
    return tuple(found)


def _condition(step: Step) -> Condition:
    if step.question is None:
        raise ValueError("a condition is about a question")
    return Condition(text=step_words(step), id=step.question.id)


def _rounded(value: Fraction) -> float:
    return float(percent(value))


def _faults_of_ground(*, seal_broken: bool, rubric_changed: bool) -> Iterator[str]:
    if seal_broken:
        yield (
            "The assessment's seal does not match: it was changed outside toolvet, or cut short. "
            "Read it through and confirm it first."
        )
    if rubric_changed:
        yield (
            "The rubric reads differently now than when this was answered. "
            "Put the old rubric back, or answer the present one."
        )


def _faults_of_departure(decision: Decision, scorecard: Scorecard) -> Iterator[str]:
    if decision.decision is scorecard.verdict:
        return
    if not (decision.rationale or "").strip():
        yield (
            f"The decision ({decision.decision.words}) departs from the verdict ({scorecard.verdict.words}): "
            "say why in the rationale."
        )


def _faults_of_missing_waivers(waivers: Sequence[Waiver], scorecard: Scorecard) -> Iterator[str]:
    waived = {waiver.question for waiver in waivers}
    for must_have in not_met(scorecard):
        if must_have.question.id not in waived:
            yield (
                f"{_called(must_have.question.id, scorecard)} is a must-have that is not met ({must_have.state}): "
                "a decision that approves needs a waiver for it."
            )


def _faults_of_waivers(decision: Decision, scorecard: Scorecard) -> Iterator[str]:
    must_haves: Mapping[str, MustHave] = {must_have.question.id: must_have for must_have in scorecard.must_haves}
    latest = add_months(decision.decided_on, scorecard.rubric.policy.waiver_months)
    if decision.waivers and not is_approved(decision):
        yield "A waiver sets a must-have aside for an approval, and nothing is approved: leave it out."
        return
    for waiver in decision.waivers:
        named = f"The waiver for {_called(waiver.question, scorecard)}"
        if waiver.question not in must_haves:
            yield f"{named} sets aside no must-have of this assessment: leave it out."
        if waiver.expires > latest:
            yield f"{named} runs until {waiver.expires}; the policy allows {latest} at most."
        if waiver.expires <= decision.decided_on:
            yield f"{named} is over on the day of the decision: give it a later day."


def _called(question_id: str, scorecard: Scorecard) -> str:
    """The question's title with its id, which is what an option names; the id alone where there is no such question."""
    question = scorecard.rubric.question(question_id)
    return question_id if question is None else f"{question.title} ({question_id})"


def _faults_of_dates(decision: Decision, scorecard: Scorecard, carried: Sequence[Condition]) -> Iterator[str]:
    for condition in decision.conditions:
        if condition.due is not None and condition.due < decision.decided_on and condition not in carried:
            yield (
                f"The condition “{condition.text}” is due on {condition.due}, before the day of the decision, "
                f"{decision.decided_on}: give it a later day."
            )
    if decision.valid_until is not None and decision.valid_until < decision.decided_on:
        yield f"Valid until {decision.valid_until} lies before the day of the decision, {decision.decided_on}."
    latest = add_months(decision.decided_on, scorecard.rubric.policy.valid_months)
    if decision.valid_until is not None and decision.valid_until > latest:
        yield f"It is valid until {decision.valid_until}; the policy allows {latest} at most."


def _warnings(decision: Decision) -> Iterator[str]:
    if decision.decision is Verdict.APPROVE_WITH_CONDITIONS and not decision.conditions:
        yield "It is approved with conditions, and no condition is named."
    for condition in decision.conditions:
        missing = [word for word, value in (("owner", condition.owner), ("day", condition.due)) if value is None]
        if missing:
            yield f"The condition “{condition.text}” has no {' and no '.join(missing)}."
        if condition.due is not None and condition.due < decision.decided_on:
            yield f"The condition “{condition.text}” is overdue since {condition.due}."
