"""The report's first page: the answer, and what a board asks first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date

from toolvet.domain.assessment import Assessment, Grade
from toolvet.domain.decision import Decision
from toolvet.domain.findings import Finding, FindingCode
from toolvet.domain.scorecard import AnswerState, MustHaveState, Scorecard, Verdict
from toolvet.domain.scoring import is_proven
from toolvet.report.decided import has_run_out, is_approved, question_title
from toolvet.report.document import FrontPage, Point
from toolvet.report.text import ended, listed, plural, shortened
from toolvet.report.words import day, figure, reviewer_words, state_words

NO_DECISION = "No decision recorded yet"

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
    scorecard: Scorecard, assessment: Assessment, decision: Decision | None, findings: Sequence[Finding]
) -> FrontPage:
    """What is approved, for which data, whom and until when, on what it rests, what is open, who accepts, the cost."""
    alarms = [finding.text for finding in findings if finding.code in _ALARMS]
    first = "What is approved" if is_approved(decision) else "What is proposed"
    points = (
        (first, _what(assessment, decision)),
        ("For which data", _data(scorecard, assessment, decision)),
        ("For whom", _whom(assessment, decision)),
        ("Until when", _until(scorecard.on, assessment, decision)),
        ("On what it rests", (*alarms, *_ground(scorecard, assessment))),
        ("What is open", _still_open(scorecard)),
        ("Who accepts the rest", _accepted_by(scorecard, decision)),
        ("What it costs", _cost(assessment)),
    )
    return FrontPage(
        answer=_answer(scorecard.on, decision),
        summary=tuple(_summary(scorecard, decision)),
        points=tuple(Point(heading, tuple(sentences)) for heading, sentences in points),
    )


def _answer(on: date, decision: Decision | None) -> str:
    if decision is None:
        return NO_DECISION
    return "The approval has run out" if has_run_out(decision, on) else DECISION_WORDS[decision.decision]


def _summary(scorecard: Scorecard, decision: Decision | None) -> Iterator[str]:
    if decision is None:
        yield f"The verdict as computed on {day(scorecard.on)} is {scorecard.verdict.words}."
        if not scorecard.complete:
            yield "The assessment is not complete."
        return
    yield f"Decided by {decision.decided_by} on {day(decision.decided_on)}."
    if decision.decision is decision.computed.verdict:
        yield f"This follows the verdict as computed, {decision.computed.verdict.words}."
    else:
        yield f"The verdict as computed was {decision.computed.verdict.words}; the decision departs from it."
    if decision.rationale:
        yield _begun(decision.rationale)


def _begun(text: str) -> str:
    """The text as far as it fits on the first page; the section on the decision has it whole."""
    return ended(textwrap.shorten(text, _LONGEST, placeholder=" …"))


def _what(assessment: Assessment, decision: Decision | None) -> Iterator[str]:
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
    if is_approved(decision) and decision is not None:
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


def _until(on: date, assessment: Assessment, decision: Decision | None) -> Iterator[str]:
    if decision is None or decision.decision is Verdict.HOLD:
        promised = assessment.subject.answer_by
        yield f"An answer is promised by {day(promised)}." if promised else "No day is promised for an answer."
        return
    if decision.valid_until is None:
        yield "No end is recorded."
    elif decision.valid_until < on:
        yield f"It ran out on {day(decision.valid_until)}."
    else:
        yield f"Until {day(decision.valid_until)}."
    due = [condition.due for condition in decision.conditions if condition.due is not None]
    if due:
        which = "The condition" if len(decision.conditions) == 1 else "The first condition"
        yield f"{which} falls due on {day(min(due))}."


def _ground(scorecard: Scorecard, assessment: Assessment) -> Iterator[str]:
    started = f", started {day(assessment.started)}" if assessment.started else ""
    yield f"One assessment by {reviewer_words(assessment.reviewer)}{started}."
    counting = [scored for scored in scorecard.questions if scored.counts]
    current = [scored for scored in counting if scored.state is AnswerState.ANSWERED]
    answers = [assessment.answer(scored.question.id) for scored in current]
    proven = sum(is_proven(answer) for answer in answers)
    tested = sum(any(evidence.grade is Grade.TESTED for evidence in answer.evidence) for answer in answers)
    if not current:
        yield f"None of {plural(len(counting), 'question')} has a current answer."
        return
    yield f"{len(current)} of {plural(len(counting), 'question')} that count {_have(len(current))} a current answer."
    yield f"{proven} of these {_rest(proven)} on evidence better than a claim; {tested} {_was(tested)} tried by hand."
    overall = scorecard.overall
    if overall is not None:
        yield (
            f"Of 100, the score is at least {figure(overall.floor)} and at most {figure(overall.ceiling)}"
            f"{'' if overall.observed is None else f'; what was seen stands at {figure(overall.observed)}'}."
        )


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _rest(count: int) -> str:
    return "rests" if count == 1 else "rest"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _still_open(scorecard: Scorecard) -> Iterator[str]:
    if scorecard.scope_open:
        yield f"{plural(len(scorecard.scope_open), 'scope fact')} not given."
    gates = {must_have.question.id for must_have in scorecard.must_haves}
    for state in MustHaveState:
        titles = [one.question.title for one in scorecard.must_haves if one.state is state]
        if titles and state is not MustHaveState.MET:
            yield f"{_must_haves(len(titles))} {state_words(state)}: {shortened(titles)}."
    unproven = [one.question.title for one in scorecard.must_haves if one.state is MustHaveState.MET and not one.proven]
    if unproven:
        yield f"{_must_haves(len(unproven))} without evidence better than a claim: {shortened(unproven)}."
    others = [
        scored.question.title
        for scored in scorecard.questions
        if scored.counts and scored.state.is_open and scored.question.id not in gates
    ]
    if others:
        yield f"{plural(len(others), 'other question')} without a current answer: {shortened(others)}."
    elif not gates or all(one.state is MustHaveState.MET and one.proven for one in scorecard.must_haves):
        yield "Nothing: every question that counts has a current answer." if not scorecard.scope_open else ""


def _must_haves(count: int) -> str:
    return plural(count, "must-have")


def _accepted_by(scorecard: Scorecard, decision: Decision | None) -> Iterator[str]:
    if decision is None:
        yield "Nobody yet: no decision is recorded."
        return
    if not is_approved(decision):
        yield "Nothing has to be accepted: the tool is not approved."
        return
    yield f"By this decision: {decision.decided_by}."
    for waiver in decision.waivers:
        title = question_title(scorecard.rubric, waiver.question)
        yield f"Set aside until {day(waiver.expires)}, owned by {waiver.owner}: {title}."
    if len(decision.conditions) > _FEW:
        owners = dict.fromkeys(condition.owner or "nobody named" for condition in decision.conditions)
        yield f"The {len(decision.conditions)} conditions are owned by {shortened(list(owners))}."
        return
    for condition in decision.conditions:
        due = f" by {day(condition.due)}" if condition.due else ""
        yield f"To be done{due}, owned by {condition.owner or 'nobody named'}: {_begun(condition.text)}"


def _cost(assessment: Assessment) -> Iterator[str]:
    subject = assessment.subject
    if not subject.yearly_cost:
        yield "Not recorded."
        return
    users = f" for {plural(subject.users, 'user')}" if subject.users is not None else ""
    yield f"{subject.yearly_cost} a year{users}."
