"""The report's first page: the answer, and what a board asks first."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from toolvet.domain.assessment import Assessment, Grade
from toolvet.domain.decision import Decision, DecisionKind, Toleration, Waiver
from toolvet.domain.decision_rules import is_approved
from toolvet.domain.findings import Finding, FindingCode
from toolvet.domain.records import ConditionState
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import AnswerState, MustHaveState, Scorecard, ScoreRange, Verdict
from toolvet.domain.standing import End, EndKind, Standing, Stands, stands_on
from toolvet.report.approval.document import FrontPage, FrontPoint, NewerDecision, SurveyPart
from toolvet.text.escape import ended, listed, plural, shortened
from toolvet.text.labels import day, figure, reviewer_words, share, state_words
from toolvet.text.record_words import (
    condition_owner,
    condition_record_words,
    condition_status,
    last_day_words,
    withdrawn_words,
)
from toolvet.text.sentences import finding_words, weak_spots


def ground(scorecard: Scorecard, assessment: Assessment) -> Iterator[str]:
    """Who assessed it, how much is answered and proven, and the score."""
    started = f", started {day(assessment.started)}" if assessment.started else ""
    panel = f", from the assessments of {len(assessment.panel)} reviewers" if assessment.panel else ""
    answered = "Settled" if panel else "Assessed"
    did = answered if assessment.answers else "Nobody has answered anything yet; entered"
    yield f"{did} by {reviewer_words(assessment.reviewer)}{started}{panel}."
    counting = [scored for scored in scorecard.questions if scored.counts]
    current = [scored for scored in counting if scored.state is AnswerState.ANSWERED]
    answers = [assessment.answer(scored.question.id) for scored in current]
    proven = sum(scored.proven for scored in current)
    tested = sum(any(evidence.grade is Grade.TESTED for evidence in answer.evidence) for answer in answers)
    if not current:
        yield f"None of {plural(len(counting), 'question')} has a current answer."
        return
    have = "has" if len(current) == 1 else "have"
    applying = [scored for scored in scorecard.questions if scored.applies is not False]
    left_out = len(applying) - len(counting)
    besides = f"; {left_out} more {'is' if left_out == 1 else 'are'} not applicable" if left_out else ""
    yield f"{len(current)} of the {plural(len(counting), 'question')} that count {have} a current answer{besides}."
    yield (f"Proven by more than a claim: {plural(proven, 'answer')}; tested by hand: {plural(tested, 'answer')}.")
    if scorecard.overall is not None:
        yield _score_words(scorecard.overall)


def _score_words(overall: ScoreRange) -> str:
    if overall.floor == overall.ceiling:
        return f"Score: {figure(overall.floor)} of 100."
    observed = "" if overall.observed is None else f"; {figure(overall.observed)} on what was answered"
    return f"Score: between {figure(overall.floor)} and {figure(overall.ceiling)} of 100{observed}."


def still_open(scorecard: Scorecard, decision: Decision | None) -> Iterator[str]:
    """Scope facts not given, must-haves that are not met or not proven, and other questions without an answer."""
    if scorecard.scope_open:
        yield f"{plural(len(scorecard.scope_open), 'scope fact is', 'scope facts are')} not given."
    gates = {must_have.question.id for must_have in scorecard.must_haves}
    waivers = decision.waivers if decision is not None and is_approved(decision) else ()
    waived = {waiver.question for waiver in waivers if waiver.expires >= scorecard.on}
    for state in MustHaveState:
        if state is not MustHaveState.MET:
            yield from _must_haves_in(state, scorecard, waived)
    unproven = [
        one.question.quoted for one in scorecard.must_haves if one.state is MustHaveState.MET and not one.proven
    ]
    if unproven:
        lack = plural(len(unproven), "must-have lacks", "must-haves lack")
        yield f"{lack} current evidence better than a claim: {listed(unproven)}."
    others = [
        scored.question.quoted
        for scored in scorecard.questions
        if scored.counts and scored.state.is_open and scored.question.id not in gates
    ]
    if others:
        have = plural(len(others), "other question has", "other questions have")
        yield f"{have} no current answer: {shortened(others)}."
    elif not gates or all(one.state is MustHaveState.MET and one.proven for one in scorecard.must_haves):
        yield "Nothing: every question that counts has a current answer." if not scorecard.scope_open else ""


def _must_haves_in(state: MustHaveState, scorecard: Scorecard, waived: Collection[str]) -> Iterator[str]:
    found = [one.question for one in scorecard.must_haves if one.state is state]
    titles = [question.quoted for question in found if question.id not in waived]
    if titles:
        yield f"{plural(len(titles), 'must-have')} {state_words(state)}: {listed(titles)}."
    if len(found) > len(titles):
        yield f"{plural(len(found) - len(titles), 'must-have')} {state_words(state)} and waived, as named below."


_FEW = 3


def question_title(rubric: Rubric, question_id: str) -> str:
    """The question's title; its id where the rubric has no such question."""
    question = rubric.question(question_id)
    return question_id if question is None else question.heading


def quoted_title(rubric: Rubric, question_id: str) -> str:
    """The same as it stands within a sentence."""
    return f'"{question_title(rubric, question_id)}"'


def run_out_words(standing: Standing, rubric: Rubric) -> Iterator[str]:
    """A sentence for each thing that has expired; more than a few must-haves are only counted."""
    for (on, kind), group in groupby(standing.run_out, key=lambda end: (end.day, end.kind)):
        titles = _titles(group, rubric)
        named = f": {listed(titles)}" if 0 < len(titles) <= _FEW else ""
        waiver = "waiver" if len(titles) == 1 else "waivers"
        match kind:
            case EndKind.APPROVAL:
                yield f"The approval expired on {day(on)}."
            case EndKind.WAIVER:
                yield f"The {waiver} of {plural(len(titles), 'must-have')} expired on {day(on)}{named}."
            case EndKind.WITHDRAWAL if standing.withdrawn is not None:
                yield withdrawn_words(standing.withdrawn)


def run_out_plainly(standing: Standing) -> Iterator[str]:
    """The same for a reader who does not know the rubric."""
    for (on, kind), group in groupby(standing.run_out, key=lambda end: (end.day, end.kind)):
        exceptions = plural(len(list(group)), "exception")
        match kind:
            case EndKind.APPROVAL:
                yield f"It was approved until {day(on)}."
            case EndKind.WAIVER:
                yield f"We had made {exceptions} to our requirements until {day(on)}, and that time is over."
            case EndKind.WITHDRAWAL if standing.withdrawn is not None:
                yield f"We withdrew the approval on {day(standing.withdrawn.on)}: {ended(standing.withdrawn.why or '')}"


def overdue_words(standing: Standing) -> Iterator[str]:
    """A sentence for each condition that is overdue."""
    for condition in standing.overdue:
        yield f"Overdue ({condition_owner(condition)}): {ended(condition.text)}"


def standing_words(standing: Standing, rubric: Rubric) -> tuple[str, ...]:
    """Why it does not count, what has expired and what is overdue; empty while all is well."""
    return (*standing.doubts, *run_out_words(standing, rubric), *overdue_words(standing))


def set_aside_words(decision: Decision, rubric: Rubric, on: date) -> Iterator[str]:
    """The waived must-haves, one sentence for each owner and day."""
    by_owner: dict[tuple[date, str], list[Waiver]] = {}
    for waiver in decision.waivers:
        by_owner.setdefault((waiver.expires, waiver.owner), []).append(waiver)
    for (expires, owner), waivers in by_owner.items():
        titles = [quoted_title(rubric, waiver.question) for waiver in waivers]
        is_over = expires < on
        named = plural(len(titles), "must-have") if is_over and len(titles) > _FEW else listed(titles)
        until = f"{day(expires)}{' and no longer' if is_over else ''}"
        yield f"Waived until {until}, owned by {owner}: {ended(named)}"


def set_aside_count(decision: Decision) -> str:
    """How many must-haves are waived, and until when: "17 must-haves waived until 28 February 2027"."""
    days = sorted({waiver.expires for waiver in decision.waivers})
    until = f"until {day(days[0])}" if len(days) == 1 else f"the first until {day(days[0])}"
    return f"{plural(len(decision.waivers), 'must-have')} waived {until}"


def tone_of(decision: Decision | None, standing: Standing | None) -> str:
    """The colour of the answer: that of approve only if nothing limits the approval."""
    if decision is None or standing is None:
        return "undecided"
    if standing.stands.has_ended or standing.doubts:
        return "hold" if is_approved(decision) else decision.decision.value
    if decision.tolerates:
        return "hold"
    is_overdue = standing.stands is Stands.OVERDUE
    limited = decision.is_more_favourable or is_overdue or (standing.approves and decision.waivers)
    return "approve-with-conditions" if limited else decision.decision.value


def _titles(ends: Iterable[End], rubric: Rubric) -> list[str]:
    return [quoted_title(rubric, end.question) for end in ends if end.question is not None]


NO_DECISION = "No decision recorded yet"
NOT_SETTLED = "It is unclear what was decided"
NOT_CONFIRMED = "Not in force until the points below are confirmed"

DECISION_WORDS: Mapping[DecisionKind, str] = {
    Verdict.APPROVE: "Approved",
    Verdict.APPROVE_WITH_CONDITIONS: "Approved with conditions",
    Verdict.HOLD: "On hold",
    Verdict.REJECT: "Rejected",
    Toleration.TOLERATE: "Tolerated without an assessment, not approved",
}

_LONGEST = 1000
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
    signed: Sequence[str] = (),
) -> FrontPage:
    """What is approved, for which data, whom and until when, on what it rests, what is open, who accepts, the cost."""
    alarms = [finding_words(finding, scorecard) for finding in findings if finding.code in _ALARMS]
    points = (
        (_first_heading(standing, newer), _what(assessment, decision, standing)),
        *([("What people lack", [survey.answer for survey in surveys])] if surveys else []),
        ("For which data", _data(scorecard, assessment, decision)),
        ("For whom", _whom(assessment, decision)),
        ("Until when", _until(scorecard, assessment, decision, standing, newer)),
        ("What it is based on", (*alarms, *ground(scorecard, assessment))),
        ("What is open", still_open(scorecard, decision)),
        ("Who accepts what is open", _accepted_by(scorecard, decision, standing, newer)),
        ("What it costs", _cost(assessment)),
        ("Signature", _to_sign(decision, signed, newer)),
    )
    lists = (
        ("Weak spots", weak_spots(scorecard)),
        ("Conditions", tuple(_conditions(decision, standing))),
        ("What is waived", tuple(_waived(decision, scorecard.rubric, scorecard.on))),
    )
    return FrontPage(
        answer=_answer(decision, standing, newer),
        tone=tone_of(decision, standing) if newer is None else "undecided",
        summary=(*_doubts(decision, standing), *unusable, *_summary(scorecard, decision, standing, newer)),
        points=tuple(_placed([FrontPoint(heading, tuple(sentences)) for heading, sentences in points], lists)),
    )


def _placed(points: Sequence[FrontPoint], lists: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[FrontPoint]:
    """The points that say something, with the lists before the cost."""
    for point in points:
        if point.heading == "What it costs":
            yield from (FrontPoint(heading, lines, is_list=True) for heading, lines in lists if lines)
        if point.sentences:
            yield point


def _doubts(decision: Decision | None, standing: Standing | None) -> tuple[str, ...]:
    """Why nothing counts as approved, if the report has no decision that says so."""
    return standing.doubts if standing is not None and decision is None else ()


def _is_unconfirmed(decision: Decision | None, standing: Standing | None) -> bool:
    """Whether it would be approved once the doubts are cleared up."""
    return stands_on(standing) is Stands.UNCONFIRMED and (decision is None or is_approved(decision))


def _first_heading(standing: Standing | None, newer: NewerDecision | None) -> str:
    if standing is not None and standing.doubts and newer is None:
        return "What it is about"
    if standing is None or not standing.approves:
        return "What is proposed" if standing is None or newer is None else "What was proposed"
    is_over = standing.stands.has_ended or newer is not None
    return "What was approved" if is_over else "What is approved"


def _answer(decision: Decision | None, standing: Standing | None, newer: NewerDecision | None) -> str:
    if decision is None and standing is not None:
        return NOT_SETTLED
    if decision is None or standing is None:
        if newer is not None and newer.state:
            other = "An earlier assessment" if newer.is_later else "A second opinion"
            rests = f"{other}; the decision rests on {'a later one' if newer.is_later else 'another assessment'}"
            return f"{'Under review again; until then' if newer.is_again else rests}: {newer.state}"
        return NO_DECISION if newer is None else "No decision rests on this assessment yet"
    if newer is not None:
        return f"Not in force: replaced on {day(newer.decided_on)}"
    if _is_unconfirmed(decision, standing):
        return NOT_CONFIRMED
    if standing.stands is Stands.NO_LONGER_TOLERATED:
        return "No longer tolerated, and not approved"
    if standing.withdrawn is not None:
        return f"The approval was withdrawn on {day(standing.withdrawn.on)}"
    if standing.stands is Stands.RUN_OUT:
        return "The approval has expired"
    words = DECISION_WORDS[decision.decision]
    if standing.approves and decision.waivers:
        words += f", with {set_aside_count(decision)}"
    if standing.overdue:
        words += f"; {plural(len(standing.overdue), 'condition')} overdue"
    if decision.is_more_favourable and decision.verdict is not None:
        return f"{words}; the verdict was {decision.verdict.words}"
    return words


def _summary(
    scorecard: Scorecard, decision: Decision | None, standing: Standing | None, newer: NewerDecision | None
) -> Iterator[str]:
    if newer is not None:
        yield newer.words
    if decision is None or standing is None:
        yield f"The computed verdict on {day(scorecard.on)} is {scorecard.verdict.words}."
        if not scorecard.complete:
            yield "The assessment is not complete."
        return
    yield from standing_words(standing, scorecard.rubric)
    if standing.is_again:
        yield "It is under review again: a newer assessment has no decision yet."
    yield f"Decided by {decision.decided_by} on {day(decision.decided_on)}{_as_what(decision, standing, newer)}."
    computed = decision.computed
    if computed is None:
        yield f"Nobody has assessed it for this decision; {decision.owner} answers for it."
    elif decision.decision is computed.verdict:
        yield f"This follows the computed verdict, {computed.verdict.words}."
    else:
        yield (
            f"The computed verdict was {computed.verdict.words} (a score of at least {figure(computed.floor)} of 100, "
            f"with {share(computed.coverage)} answered); the decision is {departure(decision)}."
        )
    if decision.rationale:
        yield _begun(decision.rationale)


def departure(decision: Decision) -> str:
    """How a decision that departs from the computed verdict compares with it."""
    return "more favourable" if decision.is_more_favourable else "stricter"


def _as_what(decision: Decision, standing: Standing, newer: NewerDecision | None) -> str:
    """What was decided, if the answer no longer says it."""
    is_over = standing.stands.has_ended or bool(standing.doubts) or newer is not None
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
    if decision is not None and (decision.decision is Verdict.HOLD or decision.tolerates):
        yield "It is not approved yet."
    if decision is not None and standing is not None and standing.approves:
        if decision.approved_for.plan is not None and decision.approved_for.plan != subject.plan:
            yield f"Plan: {decision.approved_for.plan}."
        yield "This and nothing more."
        if decision.approved_for.left_off:
            yield f"Not covered: {listed(decision.approved_for.left_off)}."


def _data(scorecard: Scorecard, assessment: Assessment, decision: Decision | None) -> Iterator[str]:
    scope = assessment.scope
    if decision is not None and decision.approved_for.scope:
        scope = decision.approved_for.scope
    facts = [fact for fact in scorecard.rubric.scope if fact.id == "data" or fact.id.endswith("-data")]
    for fact in facts:
        yield f"{fact.id.replace('-', ' ').capitalize()}: {scope.get(fact.id, 'not given')}."
    if not facts:
        yield "Not recorded."
    elif is_approved(decision) and decision is not None and (decision.waivers or decision.conditions):
        yield "A waiver or condition may be stricter."


def _whom(assessment: Assessment, decision: Decision | None) -> Iterator[str]:
    subject = assessment.subject
    users = subject.users
    if decision is not None and decision.approved_for.users is not None:
        users = decision.approved_for.users
    if users is not None:
        yield f"{plural(users, 'user')}{' at most' if is_approved(decision) else ''}."
    if users is not None and subject.users is not None and subject.users > users and is_approved(decision):
        yield f"{plural(subject.users, 'user')} are planned; the others are not covered."
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
        yield f"An answer is promised by {day(promised)}." if promised else "No date is promised for an answer."
        return
    if _is_unconfirmed(decision, standing):
        yield "It is not in force until it is confirmed."
        return
    if standing.withdrawn is not None:
        yield f"It was withdrawn on {day(standing.withdrawn.on)}."
        return
    if not standing.approves:
        yield f"Until {day(decision.valid_until)}." if decision.valid_until else "No end is recorded."
        return
    if standing.run_out:
        yield f"It expired on {day(standing.run_out[0].day)}."
    else:
        last = last_day_words(decision, standing)
        yield f"Until {last}." if last else "No end is recorded."
    if standing.overdue:
        first = min(condition.due for condition in standing.overdue if condition.due)
        yield f"{plural(len(standing.overdue), 'condition')} overdue, the first since {day(first)}."
    due = [state.due for state in standing.open if state.due and state.due >= scorecard.on]
    if due:
        which = "The condition" if len(standing.open) == 1 else "The next open condition"
        yield f"{which} is due on {day(min(due))}."
    without = sum(state.due is None for state in standing.open)
    if without:
        yield f"{plural(without, 'condition has', 'conditions have')} no due date."


def _accepted_by(
    scorecard: Scorecard, decision: Decision | None, standing: Standing | None, newer: NewerDecision | None
) -> Iterator[str]:
    if newer is None and _is_unconfirmed(decision, standing):
        yield "Nobody yet: the decision has to be confirmed first."
        return
    if decision is None:
        why = "no decision is recorded" if newer is None else "no decision rests on this assessment"
        yield f"Nobody yet: {why}."
        return
    if decision.tolerates:
        yield f"{decision.owner}, by the decision of {decision.decided_by}."
        return
    if not is_approved(decision):
        yield "Nothing has to be accepted: the tool is not approved."
        return
    yield f"By this decision: {decision.decided_by}."
    if len(decision.waivers) > _FEW:
        yield from set_aside_words(decision, scorecard.rubric, scorecard.on)


def _conditions(decision: Decision | None, standing: Standing | None) -> Iterator[str]:
    """Each condition in a line: how it stands, when it is due, who owns it, and what is recorded of it."""
    if decision is not None and is_approved(decision) and standing is not None:
        for state in standing.by_due:
            line = _condition_line(state, has_ended=standing.stands.has_ended)
            yield f"{line[0].upper()}{line[1:]}: {_begun(state.condition.text)}"


def _waived(decision: Decision | None, rubric: Rubric, on: date) -> Iterator[str]:
    """Each must-have that is set aside, with the risk and what stands in for it; many are told in brief elsewhere."""
    if decision is None or not is_approved(decision) or len(decision.waivers) > _FEW:
        return
    for waiver in decision.waivers:
        until = f"until {day(waiver.expires)}{' and no longer' if waiver.expires < on else ''}"
        title = quoted_title(rubric, waiver.question)
        why, control = _begun(waiver.reason), _begun(waiver.compensating_control)
        yield f"{title}, {until}, owned by {waiver.owner}: {why} Instead: {control}"


def _to_sign(decision: Decision | None, signed: Sequence[str], newer: NewerDecision | None) -> Iterator[str]:
    if decision is not None and newer is None:
        yield from signed or ("Not signed with a key.",)
        yield f"Name, date and signature: {'…' * 30}"


def _condition_line(state: ConditionState, *, has_ended: bool) -> str:
    """How the condition stands: "open, due 31 March 2027, owned by the CIO", "met on 3 March 2027, recorded by …".

    Nothing is open or overdue any more where the approval has ended.
    """
    said = condition_record_words(state)
    if state.met is not None:
        return said
    owner = condition_owner(replace(state.condition, due=state.due))
    status = "not met" if has_ended else condition_status(state)
    return f"{status}, {owner}{f' ({said})' if said else ''}"


def _cost(assessment: Assessment) -> Iterator[str]:
    subject = assessment.subject
    if not subject.yearly_cost:
        yield "Not recorded."
        return
    users = f" for {plural(subject.users, 'user')}" if subject.users is not None else ""
    yield f"{subject.yearly_cost} a year{users}."
