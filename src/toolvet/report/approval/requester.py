"""Half a page for whoever asked for the tool, in words that need no knowledge of the rubric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import Decision, DecisionKind, Toleration
from toolvet.domain.decision_rules import is_approved
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import AnswerState, Reason, ReasonCode, Scorecard, Verdict
from toolvet.domain.standing import Standing, Stands, stands_on
from toolvet.report.approval.document import NewerDecision, Requester
from toolvet.report.approval.front_page import quoted_title, run_out_plainly
from toolvet.text.escape import ended, listed, plural, shortened
from toolvet.text.labels import day
from toolvet.text.sentences import reason_words

_ANSWERS: Mapping[DecisionKind, str] = {
    Verdict.APPROVE: "Yes, you may use {tool}.",
    Verdict.APPROVE_WITH_CONDITIONS: "Yes, you may use {tool}, under the conditions below.",
    Verdict.HOLD: "Not yet. We cannot say yes or no to {tool} today.",
    Verdict.REJECT: "No, {tool} may not be used.",
    Toleration.TOLERATE: "For now you may go on using {tool}, but it is not approved.",
}

_NO_TOOL = frozenset({"nothing", "none", "no tool", "do nothing"})


def requester_part(
    scorecard: Scorecard,
    assessment: Assessment,
    decision: Decision | None,
    standing: Standing | None,
    newer: NewerDecision | None = None,
    instead: Sequence[str] = (),
    in_force: tuple[Decision, Standing] | None = None,
) -> Requester:
    """The answer, why, on what terms, what to use meanwhile, and when to ask again.

    `instead` are the approved tools for the same job. While a new review has no decision of its own, the answer is that
    of the decision `in_force`.
    """
    if stands_on(standing) is Stands.UNCONFIRMED and (decision is None or decision.is_approval or decision.tolerates):
        return _unconfirmed(assessment, instead, scorecard.on)
    if in_force is not None:
        decision, standing = in_force
        if standing.stands is Stands.UNCONFIRMED and (decision.is_approval or decision.tolerates):
            return _unconfirmed(assessment, instead, scorecard.on)
    elif newer is not None:
        return _decided_elsewhere(assessment, decision, newer)
    return Requester(
        answer=_answer(assessment, decision, standing),
        decided=_decided(decision, standing),
        because=(
            *_because(scorecard, decision, standing),
            *(("We are looking at it again.",) if standing is not None and standing.is_again else ()),
        ),
        terms=tuple(_terms(scorecard, assessment, decision, standing)),
        meanwhile=_meanwhile(decision, standing, instead),
        ask_again=_ask_again(assessment, decision, standing, scorecard.on),
    )


def _decided_elsewhere(assessment: Assessment, decision: Decision | None, newer: NewerDecision) -> Requester:
    tool, on = assessment.subject.label, day(newer.decided_on)
    answer = (
        f"We decided on {tool} on {on}, and are looking at it again."
        if decision is None
        else f"We made a new decision on {tool} on {on}. It replaces what this page said before."
    )
    return Requester(
        answer=answer,
        decided="",
        because=(f"The decision in force was taken by {newer.decided_by} on {on}.",),
        terms=(),
        meanwhile="Ask IT for the new answer and follow it.",
        ask_again="Ask again once you have read it.",
    )


def _unconfirmed(assessment: Assessment, instead: Sequence[str], on: date) -> Requester:
    promised = assessment.subject.answer_by
    other = (
        f"Use {listed(instead, last='or')} meanwhile" if instead else "Ask IT which approved tool you can use instead"
    )
    return Requester(
        answer=f"We cannot say today whether you may use {assessment.subject.label}.",
        decided="",
        because=("The decision on it has to be confirmed before it counts.",),
        terms=(),
        meanwhile=f"Do not start using it. {other}.",
        ask_again="Ask in a week, if you have not heard from us." if promised is None else _promise(promised, on),
    )


def _promise(promised: date, on: date) -> str:
    if promised < on:
        return f"We promised an answer by {day(promised)} and are late. Ask us now."
    return f"You should hear from us by {day(promised)}. If not, ask then."


def _answer(assessment: Assessment, decision: Decision | None, standing: Standing | None) -> str:
    tool = assessment.subject.label
    if decision is None or standing is None:
        return f"We have not decided on {tool} yet."
    if standing.withdrawn is not None:
        return f"No longer: the approval of {tool} was withdrawn on {day(standing.withdrawn.on)}."
    if standing.stands is Stands.NO_LONGER_TOLERATED:
        return f"Not any more: {tool} was tolerated for a time, and that time is over."
    if standing.stands is Stands.RUN_OUT:
        return f"Not any more: the approval of {tool} has expired."
    if standing.stands is Stands.OVERDUE:
        overdue = plural(len(standing.overdue), "condition is", "conditions are")
        return f"Ask first: {tool} is approved, but {overdue} overdue."
    if is_approved(decision):
        has_terms = decision.waivers or standing.open
        return _ANSWERS[Verdict.APPROVE_WITH_CONDITIONS if has_terms else Verdict.APPROVE].format(tool=tool)
    return _ANSWERS[decision.decision].format(tool=tool)


def _decided(decision: Decision | None, standing: Standing | None) -> str:
    if decision is None or standing is None:
        return ""
    who = f"by {decision.decided_by} on {day(decision.decided_on)}."
    return f"Decided {who}" if standing.withdrawn is None else f"Withdrawn by {standing.withdrawn.by}; approved {who}"


def _because(scorecard: Scorecard, decision: Decision | None, standing: Standing | None) -> Iterator[str]:
    if standing is not None and standing.run_out:
        yield from run_out_plainly(standing)
        if standing.doubts:
            yield "What was decided before has been changed since and has to be confirmed."
        elif decision is not None and decision.rationale:
            yield f"Why it was approved: {ended(decision.rationale)}"
        return
    if decision is not None and decision.rationale:
        yield ended(decision.rationale)
    if is_approved(decision):
        if decision is not None and decision.waivers:
            yield "Some requirements are not confirmed yet; the terms below cover the gap."
        elif decision is not None and not decision.rationale:
            yield "It does what you need and meets our requirements for tools of this kind."
        return
    if decision is not None and decision.tolerates:
        yield "Nobody has assessed it yet."
        return
    if decision is None and not scorecard.reasons:
        yield "Everything we looked at is good; only the decision is missing."
    by_code: dict[ReasonCode, list[Reason]] = {}
    for reason in scorecard.reasons:
        by_code.setdefault(reason.code, []).append(reason)
    for code, reasons in by_code.items():
        yield from _plainly(code, reasons, scorecard)


def _plainly(code: ReasonCode, reasons: Sequence[Reason], scorecard: Scorecard) -> Iterator[str]:
    match code:
        case ReasonCode.MUST_HAVE_FAILED:
            yield "It does not meet what we require of every tool of this kind:"
            yield from (_requirement(reason, scorecard) for reason in reasons)
        case ReasonCode.MUST_HAVE_MISSED:
            yield f"It does not fully meet what we require for {_titles(reasons, scorecard)}."
        case ReasonCode.MUST_HAVE_UNSUPPORTED:
            yield f"We have no evidence yet for {_titles(reasons, scorecard)}."
        case ReasonCode.PROVEN_LOW:
            yield "Too much of what we know about it is only somebody's word."
        case ReasonCode.CONTROL_ZERO:
            yield f"It offers nothing at all for {_titles(reasons, scorecard)}."
        case ReasonCode.MUST_HAVE_UNKNOWN:
            titles = _titles(reasons, scorecard)
            yield f"We have yet to find out whether it meets what we require for {titles}."
        case ReasonCode.MUST_HAVE_UNPROVEN:
            yield f"So far we only have somebody's word for {_titles(reasons, scorecard)}."
        case ReasonCode.SCOPE_OPEN:
            texts = [fact.text for fact in scorecard.scope_open]
            yield f"We still need to know how you will use it. {' '.join(texts)}"
        case ReasonCode.CANNOT_REACH:
            is_open = any(one.counts and one.state is not AnswerState.ANSWERED for one in scorecard.questions)
            whatever = ", whatever the open answers turn out to be" if is_open else ""
            yield f"It falls short {_where(reasons, scorecard)}{whatever}."
        case ReasonCode.CRITERION_LOW | ReasonCode.OVERALL_LOW:
            yield f"It falls short {_where(reasons, scorecard)}."
        case ReasonCode.UNDECIDED:
            yield f"Open answers will decide whether it is good enough {_where(reasons, scorecard)}."
        case ReasonCode.COVERAGE_LOW:
            yield _too_few_answers(scorecard)
        case ReasonCode.NOTHING_TO_SCORE:
            yield "None of our questions applies to it, so we cannot judge it."
        case ReasonCode.NOT_APPLICABLE_HIGH:
            yield "Too many of our questions were marked as not applicable, so we cannot judge it."


def _too_few_answers(scorecard: Scorecard) -> str:
    counting = [one for one in scorecard.questions if one.counts]
    current = sum(one.state is AnswerState.ANSWERED for one in counting)
    asked = plural(len(counting), "question")
    return f"We have up-to-date answers to {current} of {asked}, which is too few to judge it."


def _requirement(reason: Reason, scorecard: Scorecard) -> str:
    question = scorecard.rubric.question(reason.question) if reason.question else None
    if question is None or question.must_reach is None:
        return ended(reason_words(reason, scorecard))
    return f"{question.heading}: {ended(question.must_reach.why)}"


def _titles(reasons: Sequence[Reason], scorecard: Scorecard) -> str:
    questions = (scorecard.rubric.question(reason.question) for reason in reasons if reason.question)
    return shortened([question.quoted for question in questions if question])


def _where(reasons: Sequence[Reason], scorecard: Scorecard) -> str:
    """In which criteria, and whether overall: 'in "Safe by default" and overall'."""
    titles = {criterion.id: f'"{criterion.title}"' for criterion in scorecard.rubric.criteria}
    named = list(dict.fromkeys(titles[one.criterion] for one in reasons if one.criterion in titles))
    overall = ["overall"] if any(one.criterion is None for one in reasons) else []
    return " and ".join([*([f"in {listed(named)}"] if named else []), *overall])


def _terms(
    scorecard: Scorecard, assessment: Assessment, decision: Decision | None, standing: Standing | None
) -> Iterator[str]:
    if decision is None or standing is None or not standing.approves or standing.stands.has_ended:
        return
    subject, approved_for = assessment.subject, decision.approved_for
    if subject.job:
        yield f"Use it for: {ended(subject.job)}"
    data = approved_for.scope.get("data")
    if data:
        stricter = ", unless a line below is stricter" if decision.waivers or standing.open else ""
        others = (
            f"; {fact.replace('-', ' ')}: {option}"
            for fact, option in approved_for.scope.items()
            if fact.endswith("-data")
        )
        yield f"Highest data class allowed: {data}{''.join(others)}{stricter}."
    if approved_for.users is not None:
        yield f"For {approved_for.users} people at most."
    if approved_for.left_off:
        yield f"Not covered: {listed(approved_for.left_off)}."
    yield from _instead(decision, scorecard.rubric)
    for state in standing.open:
        by = "" if state.due is None else f" (due {day(state.due)})"
        if state.is_overdue and state.due:
            by = f" (overdue since {day(state.due)})"
        yield f"Condition{by}: {ended(state.condition.text)}"


def _instead(decision: Decision, rubric: Rubric) -> Iterator[str]:
    """What stands in for the must-haves set aside, once for all that it stands in for."""
    by_control: dict[tuple[date, str], list[str]] = {}
    for waiver in decision.waivers:
        titles = by_control.setdefault((waiver.expires, waiver.compensating_control.strip()), [])
        titles.append(quoted_title(rubric, waiver.question))
    for (expires, control), titles in by_control.items():
        yield f"Until {day(expires)}: {ended(control)} This covers {ended(shortened(titles))}"


def _meanwhile(decision: Decision | None, standing: Standing | None, instead: Sequence[str]) -> str:
    others = [] if decision is None else [one for one in decision.considered if one.strip().lower() not in _NO_TOOL]
    if standing is not None and standing.stands.is_in_force:
        has_terms = decision is not None and (decision.waivers or standing.open)
        return "Keep to the terms above; nothing else is needed." if has_terms else "Nothing else is needed."
    if standing is not None and standing.stands is Stands.OVERDUE:
        met = "condition has" if len(standing.overdue) == 1 else "conditions have"
        return f"Before you go on, ask IT whether the overdue {met} been met and, if not, what else you may use."
    if standing is not None and standing.stands is Stands.TOLERATED:
        better = f", or use {listed(instead, last='or')}, which {_are_approved(instead)}" if instead else ""
        return f"Use it only where you use it today, and for nothing new{better}."
    if instead:
        are = "It is" if len(instead) == 1 else "They are"
        return f"Use {listed(instead, last='or')}{_until(decision, standing)}. {are} approved for the same job."
    if others:
        return f"We also looked at {listed(others)}. Ask IT which of these you may use{_until(decision, standing)}."
    return "Ask IT which approved tool you can use instead."


def _are_approved(tools: Sequence[str]) -> str:
    return f"{'is' if len(tools) == 1 else 'are'} approved for the same job"


def _until(decision: Decision | None, standing: Standing | None) -> str:
    if standing is not None and standing.stands.has_ended:
        return " until it is approved again"
    return " instead" if decision is not None and decision.decision is Verdict.REJECT else " until then"


def _ask_again(assessment: Assessment, decision: Decision | None, standing: Standing | None, on: date) -> str:
    promised = assessment.subject.answer_by
    if decision is None or standing is None or decision.decision is Verdict.HOLD:
        if promised is not None:
            return _promise(promised, on)
        return "Ask again in a month, if you have not heard from us."
    if standing.stands.is_past:
        return "Ask us now to review it again."
    if standing.tolerated_until is not None:
        return f"This holds until {day(standing.tolerated_until)}. Ask us before that day to assess it."
    if standing.approves:
        last = standing.holds_until
        if last is None:
            return "Ask again when what you need changes."
        return f"This is valid until {day(last)}. Ask again before that day, or when what you need changes."
    if decision.valid_until is not None:
        return f"Ask again after {day(decision.valid_until)}, or when the tool has improved on the points above."
    return "Ask again when the tool has improved on the points above."
