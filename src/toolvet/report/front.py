"""The report's first page: the answer, and what a board asks first."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence

from toolvet.domain.assessment import Assessment, Grade
from toolvet.domain.decision import Decision
from toolvet.domain.findings import Finding, FindingCode
from toolvet.domain.scorecard import AnswerState, MustHaveState, Scorecard, Verdict
from toolvet.domain.scoring import is_proven
from toolvet.domain.standing import Standing, Stands, is_approved
from toolvet.report.document import FrontPage, Point
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
    scorecard: Scorecard,
    assessment: Assessment,
    decision: Decision | None,
    standing: Standing | None,
    findings: Sequence[Finding],
    surveys: Sequence[SurveyPart] = (),
) -> FrontPage:
    """What is approved, for which data, whom and until when, on what it rests, what is open, who accepts, the cost."""
    alarms = [finding.text for finding in findings if finding.code in _ALARMS]
    points = (
        (_first_heading(standing), _what(assessment, decision)),
        *([("What people are short of", [survey.answer for survey in surveys])] if surveys else []),
        ("For which data", _data(scorecard, assessment, decision)),
        ("For whom", _whom(assessment, decision)),
        ("Until when", _until(scorecard, assessment, decision, standing)),
        ("On what it rests", (*alarms, *_ground(scorecard, assessment))),
        ("What is open", _still_open(scorecard, decision)),
        ("Who accepts the rest", _accepted_by(scorecard, decision)),
        ("What it costs", _cost(assessment)),
    )
    return FrontPage(
        answer=_answer(decision, standing),
        tone=tone_of(decision, standing),
        summary=tuple(_summary(scorecard, decision, standing)),
        points=tuple(Point(heading, tuple(sentences)) for heading, sentences in points),
    )


def _first_heading(standing: Standing | None) -> str:
    if standing is None or not standing.approves:
        return "What is proposed"
    return "What was approved" if standing.stands is Stands.RUN_OUT else "What is approved"


def _answer(decision: Decision | None, standing: Standing | None) -> str:
    if decision is None or standing is None:
        return NO_DECISION
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


def _summary(scorecard: Scorecard, decision: Decision | None, standing: Standing | None) -> Iterator[str]:
    if decision is None or standing is None:
        yield f"The verdict as computed on {day(scorecard.on)} is {scorecard.verdict.words}."
        if not scorecard.complete:
            yield "The assessment is not complete."
        return
    yield from standing_words(standing, scorecard.rubric)
    yield f"Decided by {decision.decided_by} on {day(decision.decided_on)}{_as_what(decision, standing)}."
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


def _as_what(decision: Decision, standing: Standing) -> str:
    """What was decided, where the answer does not say it any more."""
    return f": {decision.decision.words}" if standing.stands is Stands.RUN_OUT else ""


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


def _until(
    scorecard: Scorecard, assessment: Assessment, decision: Decision | None, standing: Standing | None
) -> Iterator[str]:
    if decision is None or standing is None or decision.decision is Verdict.HOLD:
        promised = assessment.subject.answer_by
        yield f"An answer is promised by {day(promised)}." if promised else "No day is promised for an answer."
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


def _still_open(scorecard: Scorecard, decision: Decision | None) -> Iterator[str]:
    if scorecard.scope_open:
        yield f"{plural(len(scorecard.scope_open), 'scope fact')} not given."
    gates = {must_have.question.id for must_have in scorecard.must_haves}
    waivers = decision.waivers if decision is not None and is_approved(decision) else ()
    waived = {waiver.question for waiver in waivers if waiver.expires >= scorecard.on}
    for state in MustHaveState:
        if state is not MustHaveState.MET:
            yield from _must_haves_in(state, scorecard, waived)
    unproven = [one.question.title for one in scorecard.must_haves if one.state is MustHaveState.MET and not one.proven]
    if unproven:
        yield f"{_must_haves(len(unproven))} without evidence better than a claim: {listed(unproven)}."
    others = [
        scored.question.title
        for scored in scorecard.questions
        if scored.counts and scored.state.is_open and scored.question.id not in gates
    ]
    if others:
        yield f"{plural(len(others), 'other question')} without a current answer: {shortened(others)}."
    elif not gates or all(one.state is MustHaveState.MET and one.proven for one in scorecard.must_haves):
        yield "Nothing: every question that counts has a current answer." if not scorecard.scope_open else ""


def _must_haves_in(state: MustHaveState, scorecard: Scorecard, waived: Collection[str]) -> Iterator[str]:
    """Those in that state; those set aside are named where it is said who accepts them."""
    found = [one.question for one in scorecard.must_haves if one.state is state]
    titles = [question.title for question in found if question.id not in waived]
    if titles:
        yield f"{_must_haves(len(titles))} {state_words(state)}: {listed(titles)}."
    if len(found) > len(titles):
        yield f"{_must_haves(len(found) - len(titles))} {state_words(state)} and set aside, named below."


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
