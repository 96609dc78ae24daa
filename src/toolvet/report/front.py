"""The report's first page: the answer, and what a board asks first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import Decision
from toolvet.domain.findings import Finding, FindingCode
from toolvet.domain.scorecard import Scorecard, Verdict
from toolvet.domain.standing import Standing, Stands, is_approved
from toolvet.report.document import FrontPage, Point
from toolvet.report.ground import ground, still_open
from toolvet.report.newer_decision import NewerDecision
from toolvet.report.shortfalls import SurveyPart
from toolvet.report.standing import (
    condition_owner,
    holds_until_words,
    set_aside_count,
    set_aside_words,
    standing_words,
    tone_of,
)
from toolvet.report.text import ended, listed, plural, shortened
from toolvet.report.words import day

NO_DECISION = "No decision recorded yet"
NOT_SETTLED = "It cannot be said what was decided"
NOT_CONFIRMED = "Not in force: what is said below has to be confirmed first"

DECISION_WORDS = {
    Verdict.APPROVE: "Approved",
    Verdict.APPROVE_WITH_CONDITIONS: "Approved with conditions",
    Verdict.HOLD: "On hold",
    Verdict.REJECT: "Rejected",
}

_FEW = 2
_LONGEST = 600


_ALARMS = (FindingCode.SEAL_BROKEN, FindingCode.RUBRIC_CHANGED)  # findings that shake the ground of a decision


def front_page(
    scorecard: Scorecard,
    assessment: Assessment,
    decision: Decision | None,
    standing: Standing | None,
    findings: Sequence[Finding],
    surveys: Sequence[SurveyPart] = (),
    newer: NewerDecision | None = None,
    unusable: Sequence[str] = (),
) -> FrontPage:
    """What is approved, for which data, whom and until when, on what it rests, what is open, who accepts, the cost."""
    alarms = [finding.text for finding in findings if finding.code in _ALARMS]
    points = (
        (_first_heading(standing, newer), _what(assessment, decision, standing)),
        *([("What people are short of", [survey.answer for survey in surveys])] if surveys else []),
        ("For which data", _data(scorecard, assessment, decision)),
        ("For whom", _whom(assessment, decision)),
        ("Until when", _until(scorecard, assessment, decision, standing, newer)),
        ("On what it rests", (*alarms, *ground(scorecard, assessment))),
        ("What is open", still_open(scorecard, decision)),
        ("Who accepts the rest", _accepted_by(scorecard, decision, standing, newer)),
        ("What it costs", _cost(assessment)),
    )
    return FrontPage(
        answer=_answer(decision, standing, newer),
        tone=tone_of(decision, standing) if newer is None else "undecided",
        summary=(*_doubts(decision, standing), *unusable, *_summary(scorecard, decision, standing, newer)),
        points=tuple(Point(heading, tuple(sentences)) for heading, sentences in points),
    )


def _doubts(decision: Decision | None, standing: Standing | None) -> tuple[str, ...]:
    """Why nothing counts as approved, where no decision of the report says so itself."""
    return standing.doubts if standing is not None and decision is None else ()


def _is_unconfirmed(decision: Decision | None, standing: Standing | None) -> bool:
    """Whether it would be approved, were there nothing to be looked at first."""
    return standing is not None and bool(standing.doubts) and (decision is None or is_approved(decision))


def _first_heading(standing: Standing | None, newer: NewerDecision | None) -> str:
    if standing is not None and standing.doubts and newer is None:
        return "What it is about"
    if standing is None or not standing.approves:
        return "What is proposed" if standing is None or newer is None else "What was proposed"
    is_over = standing.stands is Stands.RUN_OUT or newer is not None
    return "What was approved" if is_over else "What is approved"


def _answer(decision: Decision | None, standing: Standing | None, newer: NewerDecision | None) -> str:
    if decision is None and standing is not None:
        return NOT_SETTLED
    if decision is None or standing is None:
        return NO_DECISION if newer is None else "No decision rests on this assessment yet"
    if newer is not None:
        return f"Not in force: replaced on {day(newer.decided_on)}"
    if _is_unconfirmed(decision, standing):
        return NOT_CONFIRMED
    if standing.stands is Stands.RUN_OUT:
        return "The approval has run out"
    words = DECISION_WORDS[decision.decision]
    if standing.approves and decision.waivers:
        joint = " and with" if decision.decision is Verdict.APPROVE_WITH_CONDITIONS else ", with"
        words += f"{joint} {set_aside_count(decision)}"
    if standing.overdue:
        words += f"; {plural(len(standing.overdue), 'condition')} overdue"
    verdict = decision.computed.verdict
    return f"{words}; the verdict was {verdict.words}" if decision.decision.rank < verdict.rank else words


def _summary(
    scorecard: Scorecard, decision: Decision | None, standing: Standing | None, newer: NewerDecision | None
) -> Iterator[str]:
    if newer is not None:
        yield newer.words
    if decision is None or standing is None:
        yield f"The verdict as computed on {day(scorecard.on)} is {scorecard.verdict.words}."
        if not scorecard.complete:
            yield "The assessment is not complete."
        return
    yield from standing_words(standing, scorecard.rubric)
    yield f"Decided by {decision.decided_by} on {day(decision.decided_on)}{_as_what(decision, standing, newer)}."
    computed = decision.computed
    if decision.decision is computed.verdict:
        yield f"This follows the verdict as computed, {computed.verdict.words}."
    else:
        yield (
            f"The verdict as computed was {computed.verdict.words}, at a score of at least {computed.floor:.1f} of 100 "
            f"with {computed.coverage:.1f} percent answered; the decision departs from it."
        )
    if decision.rationale:
        yield _begun(decision.rationale)


def _as_what(decision: Decision, standing: Standing, newer: NewerDecision | None) -> str:
    """What was decided, where the answer does not say it any more."""
    is_over = standing.stands in (Stands.RUN_OUT, Stands.UNCONFIRMED) or newer is not None
    return f": {decision.decision.words}" if is_over else ""


def _begun(text: str) -> str:
    """The text as far as it fits on the first page; the section on the decision has it whole."""
    return ended(textwrap.shorten(text, _LONGEST, placeholder=" …"))


def _what(assessment: Assessment, decision: Decision | None, standing: Standing | None) -> Iterator[str]:
    subject = assessment.subject
    vendor = f" by {subject.vendor}" if subject.vendor and subject.vendor not in subject.name else ""
    deployment = f", {subject.deployment}" if subject.deployment else ""
    yield f"{subject.label}{vendor}{deployment}."
    if subject.job:
        yield f"The job: {ended(subject.job)}"
    if decision is not None and decision.decision is Verdict.REJECT:
        yield "It is not approved for any use."
    if decision is not None and decision.decision is Verdict.HOLD:
        yield "It is not approved yet."
    if decision is not None and standing is not None and standing.approves:
        if decision.approved_for.plan is not None and decision.approved_for.plan != subject.plan:
            yield f"Plan: {decision.approved_for.plan}."
        if decision.approved_for.left_off:
            yield f"Left off: {listed(decision.approved_for.left_off)}."
        yield "This and nothing more."


def _data(scorecard: Scorecard, assessment: Assessment, decision: Decision | None) -> Iterator[str]:
    scope = assessment.scope
    if decision is not None and decision.approved_for.scope:
        scope = decision.approved_for.scope
    facts = [fact for fact in scorecard.rubric.scope if fact.id == "data" or fact.id.endswith("-data")]
    for fact in facts:
        yield f"{fact.id.replace('-', ' ').capitalize()}: {scope.get(fact.id, 'not given')}."
    if not facts:
        yield "Not recorded."


def _whom(assessment: Assessment, decision: Decision | None) -> Iterator[str]:
    subject = assessment.subject
    users = subject.users
    if decision is not None and decision.approved_for.users is not None:
        users = decision.approved_for.users
    if users is not None:
        yield f"{plural(users, 'user')}{' at most' if is_approved(decision) else ''}."
    if subject.requested_by:
        on = f" on {day(subject.requested_on)}" if subject.requested_on else ""
        yield f"Requested by {subject.requested_by}{on}."
    if users is None and not subject.requested_by:
        yield "Not recorded."


def _until(
    scorecard: Scorecard,
    assessment: Assessment,
    decision: Decision | None,
    standing: Standing | None,
    newer: NewerDecision | None,
) -> Iterator[str]:
    if decision is not None and newer is not None:
        yield f"It was replaced on {day(newer.decided_on)}."
        return
    if decision is None or standing is None or decision.decision is Verdict.HOLD:
        promised = assessment.subject.answer_by
        yield f"An answer is promised by {day(promised)}." if promised else "No day is promised for an answer."
        return
    if _is_unconfirmed(decision, standing):
        yield "It does not hold before it is confirmed."
        return
    if not standing.approves:
        yield f"Until {day(decision.valid_until)}." if decision.valid_until else "No end is recorded."
        return
    if standing.run_out:
        yield f"It ran out on {day(standing.run_out[0].day)}."
    else:
        yield from holds_until_words(standing, decision)
    if standing.overdue:
        first = min(condition.due for condition in standing.overdue if condition.due)
        yield f"{plural(len(standing.overdue), 'condition')} overdue, the first since {day(first)}."
    due = [condition.due for condition in decision.conditions if condition.due and condition.due >= scorecard.on]
    if due:
        which = "The condition" if len(decision.conditions) == 1 else "The next condition"
        yield f"{which} falls due on {day(min(due))}."
    without = sum(condition.due is None for condition in decision.conditions)
    if without:
        yield f"{plural(without, 'condition')} without a day."


def _accepted_by(
    scorecard: Scorecard, decision: Decision | None, standing: Standing | None, newer: NewerDecision | None
) -> Iterator[str]:
    if newer is None and _is_unconfirmed(decision, standing):
        yield "Nobody yet: what was decided has to be confirmed first."
        return
    if decision is None:
        why = "no decision is recorded" if newer is None else "no decision rests on this assessment"
        yield f"Nobody yet: {why}."
        return
    if not is_approved(decision):
        yield "Nothing has to be accepted: the tool is not approved."
        return
    yield f"By this decision: {decision.decided_by}."
    yield from set_aside_words(decision, scorecard.rubric, scorecard.on)
    if len(decision.conditions) > _FEW:
        owners = dict.fromkeys(condition.owner for condition in decision.conditions if condition.owner)
        if owners:
            yield f"The {len(decision.conditions)} conditions are owned by {shortened(list(owners))}."
        nobody = sum(condition.owner is None for condition in decision.conditions)
        if nobody:
            yield f"{plural(nobody, 'condition')} without an owner."
        return
    for condition in decision.conditions:
        yield f"To be done, {condition_owner(condition)}: {_begun(condition.text)}"


def _cost(assessment: Assessment) -> Iterator[str]:
    subject = assessment.subject
    if not subject.yearly_cost:
        yield "Not recorded."
        return
    users = f" for {plural(subject.users, 'user')}" if subject.users is not None else ""
    yield f"{subject.yearly_cost} a year{users}."
