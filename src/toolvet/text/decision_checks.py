"""What forbids recording a decision, and what should be deliberate, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from toolvet.domain.decision import Condition, Decision
from toolvet.domain.decision_rules import Breach, DecisionRule, cautions, refusals
from toolvet.domain.scorecard import Scorecard


def refusals_in_words(
    decision: Decision,
    scorecard: Scorecard,
    *,
    seal_broken: bool = False,
    rubric_changed: bool = False,
    carried: Sequence[Condition] = (),
) -> tuple[str, ...]:
    """What forbids recording the decision, and what to do; arguments as for `refusals`."""
    found = refusals(decision, scorecard, seal_broken=seal_broken, rubric_changed=rubric_changed, carried=carried)
    return tuple(_refusal(each, decision, scorecard) for each in found)


def cautions_in_words(decision: Decision) -> tuple[str, ...]:
    """What does not forbid recording the decision, but should be deliberate."""
    return tuple(_caution(each) for each in cautions(decision))


def _refusal(breach: Breach, decision: Decision, scorecard: Scorecard) -> str:
    if breach.waiver is not None:
        return _about_waiver(breach, scorecard)
    match breach.rule:
        case DecisionRule.SEAL_BROKEN:
            return (
                "The assessment's seal does not match: the file was changed outside toolvet, or cut short. "
                "Read it through and confirm it first."
            )
        case DecisionRule.RUBRIC_CHANGED:
            return "The rubric has changed since this was answered. Restore the old rubric, or answer the new one."
        case DecisionRule.NO_RATIONALE:
            return (
                f"The decision ({decision.decision.words}) differs from the verdict ({scorecard.verdict.words}): "
                "say why in the rationale."
            )
        case DecisionRule.NO_WAIVER:
            return _without_waiver(breach.question or "", scorecard)
        case DecisionRule.NOTHING_TO_WAIVE:
            return "A waiver belongs to an approval, and this decision approves nothing: leave it out."
        case _:
            return _about_dates(breach, decision)


def _without_waiver(question_id: str, scorecard: Scorecard) -> str:
    state = next(each.state for each in scorecard.must_haves if each.question.id == question_id)
    return f"The must-have {_called(question_id, scorecard)} is not met ({state}): an approval needs a waiver for it."


def _about_waiver(breach: Breach, scorecard: Scorecard) -> str:
    assert breach.waiver is not None
    named = f"The waiver for {_called(breach.waiver.question, scorecard)}"
    match breach.rule:
        case DecisionRule.WAIVER_TOO_LONG:
            return f"{named} runs until {breach.waiver.expires}; the policy allows {breach.latest} at most."
        case DecisionRule.WAIVER_OVER:
            return f"{named} is over on the day of the decision: give it a later day."
        case _:
            return f"{named} sets aside no must-have of this assessment: leave it out."


def _about_dates(breach: Breach, decision: Decision) -> str:
    match breach.rule:
        case DecisionRule.VALID_BEFORE:
            return f"Valid until {decision.valid_until} lies before the day of the decision, {decision.decided_on}."
        case DecisionRule.VALID_TOO_LONG:
            return f"It is valid until {decision.valid_until}; the policy allows {breach.latest} at most."
        case _:
            assert breach.condition is not None
            return (
                f"The condition “{breach.condition.text}” is due on {breach.condition.due}, before the day of the "
                f"decision, {decision.decided_on}: give it a later day."
            )


def _called(question_id: str, scorecard: Scorecard) -> str:
    """The question's title with its id, which options use; the id alone if there is no such question."""
    question = scorecard.rubric.question(question_id)
    return question_id if question is None else f"{question.quoted} ({question_id})"


def _caution(breach: Breach) -> str:
    condition = breach.condition
    if condition is None:
        return "The decision is to approve with conditions, but it names none."
    if breach.rule is DecisionRule.CONDITION_OVERDUE:
        return f"The condition “{condition.text}” has been overdue since {condition.due}."
    missing = [word for word, value in (("owner", condition.owner), ("due date", condition.due)) if value is None]
    return f"The condition “{condition.text}” has no {' and no '.join(missing)}."
