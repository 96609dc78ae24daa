"""Half a page for whoever asked for the tool: the answer in words that need no rubric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import Decision
from toolvet.domain.decision_rules import Standing, Stands, is_approved
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Reason, ReasonCode, Scorecard, Verdict
from toolvet.report.approval.document import NewerDecision, Requester
from toolvet.report.approval.front_page import question_title, run_out_plainly
from toolvet.text.escape import ended, listed, plural, shortened
from toolvet.text.labels import day
from toolvet.text.reasons import reason_words

_ANSWERS = {
    Verdict.APPROVE: "Yes, you may use {tool}.",
    Verdict.APPROVE_WITH_CONDITIONS: "Yes, you may use {tool}, under the conditions below.",
    Verdict.HOLD: "Not yet. We cannot say yes or no to {tool} today.",
    Verdict.REJECT: "No, {tool} may not be used.",
}

_NO_TOOL = frozenset({"nothing", "none", "no tool", "do nothing"})


def requester_part(
    scorecard: Scorecard,
    assessment: Assessment,
    decision: Decision | None,
    standing: Standing | None,
    newer: NewerDecision | None = None,
) -> Requester:
    """The answer, why, on what terms, what to use meanwhile, and when to ask again."""
    if standing is not None and standing.doubts and (decision is None or is_approved(decision)):
        return _unconfirmed(assessment)
    if newer is not None:
        return _decided_elsewhere(assessment, decision, newer)
    return Requester(
        answer=_answer(assessment, decision, standing),
        because=tuple(_because(scorecard, decision, standing)),
        terms=tuple(_terms(scorecard, assessment, decision, standing)),
        meanwhile=_meanwhile(decision, standing),
        ask_again=_ask_again(assessment, decision, standing),
    )


def _decided_elsewhere(assessment: Assessment, decision: Decision | None, newer: NewerDecision) -> Requester:
    tool, on = assessment.subject.label, day(newer.decided_on)
    answer = (
        f"We decided on {tool} on {on}, and are looking at it again."
        if decision is None
        else f"We decided on {tool} anew on {on}. What stood here before does not count any more."
    )
    return Requester(
        answer=answer,
        because=(f"The decision that counts is by {newer.decided_by}, taken on {on}.",),
        terms=(),
        meanwhile="Ask IT for the newer answer, and keep to that.",
        ask_again="Ask again when you have read it.",
    )


def _unconfirmed(assessment: Assessment) -> Requester:
    promised = assessment.subject.answer_by
    return Requester(
        answer=f"We cannot say today whether you may use {assessment.subject.label}.",
        because=("What was decided on it has to be looked at once more before it counts.",),
        terms=(),
        meanwhile="Do not start to use it, and ask IT which approved tool does this job.",
        ask_again="Ask in a week, if you have not heard from us."
        if promised is None
        else f"You should hear from us by {day(promised)}. If not, ask then.",
    )


def _answer(assessment: Assessment, decision: Decision | None, standing: Standing | None) -> str:
    tool = assessment.subject.label
    if decision is None or standing is None:
        return f"We have not decided on {tool} yet."
    if standing.stands is Stands.RUN_OUT:
        return f"Not any more: the approval of {tool} has run out."
    if standing.stands is Stands.OVERDUE:
        overdue = plural(len(standing.overdue), "condition is", "conditions are")
        return f"Ask first: {tool} is approved, but {overdue} overdue."
    if decision.decision is Verdict.APPROVE and (decision.waivers or decision.conditions):
        return _ANSWERS[Verdict.APPROVE_WITH_CONDITIONS].format(tool=tool)
    return _ANSWERS[decision.decision].format(tool=tool)


def _because(scorecard: Scorecard, decision: Decision | None, standing: Standing | None) -> Iterator[str]:
    if standing is not None and standing.run_out:
        yield from run_out_plainly(standing)
        if decision is not None and decision.rationale:
            yield f"Why it was approved: {ended(decision.rationale)}"
        return
    if decision is not None and decision.rationale:
        yield ended(decision.rationale)
    if is_approved(decision):
        if decision is not None and decision.waivers:
            yield "Not all that we require of every tool of this kind is shown yet; the terms below stand in for it."
        elif decision is not None and not decision.rationale:
            yield "It does what you need, and it meets what we require of every tool of this kind."
        return
    if not scorecard.reasons:
        yield "What we looked at is good; the decision itself is still to be taken."
    by_code: dict[ReasonCode, list[Reason]] = {}
    for reason in scorecard.reasons:
        by_code.setdefault(reason.code, []).append(reason)
    for code, reasons in by_code.items():
        yield from _plainly(code, reasons, scorecard)


def _plainly(code: ReasonCode, reasons: Sequence[Reason], scorecard: Scorecard) -> Iterator[str]:
    match code:
        case ReasonCode.MUST_HAVE_FAILED:
            yield "It falls short of what we require of every tool of this kind:"
            yield from (_requirement(reason, scorecard) for reason in reasons)
        case ReasonCode.MUST_HAVE_MISSED:
            yield f"It does not yet do all that we require of every tool of this kind: {_titles(reasons, scorecard)}."
        case ReasonCode.MUST_HAVE_UNSUPPORTED:
            yield f"Nobody has recorded yet where this was seen: {_titles(reasons, scorecard)}."
        case ReasonCode.PROVEN_LOW:
            yield "Too little of what we know about it rests on more than somebody's word."
        case ReasonCode.CONTROL_ZERO:
            yield f"It offers nothing at all for: {_titles(reasons, scorecard)}."
        case ReasonCode.MUST_HAVE_UNKNOWN:
            titles = _titles(reasons, scorecard)
            yield f"We do not know enough yet about what we require of every tool of this kind: {titles}."
        case ReasonCode.MUST_HAVE_UNPROVEN:
            yield f"So far we only have somebody's word for: {_titles(reasons, scorecard)}."
        case ReasonCode.SCOPE_OPEN:
            texts = [fact.text for fact in scorecard.scope_open]
            yield f"We still need to know how you will use it. {' '.join(texts)}"
        case ReasonCode.CANNOT_REACH:
            yield f"It cannot become good enough in: {_criteria(reasons, scorecard)}."
        case ReasonCode.CRITERION_LOW | ReasonCode.OVERALL_LOW | ReasonCode.UNDECIDED:
            yield f"It is not shown to be good enough in: {_criteria(reasons, scorecard)}."
        case ReasonCode.COVERAGE_LOW:
            yield "Too much about it is still unanswered."
        case ReasonCode.NOTHING_TO_SCORE | ReasonCode.NOT_APPLICABLE_HIGH:
            yield "Too many of our questions were put aside as not applicable, so that we cannot judge it."


def _requirement(reason: Reason, scorecard: Scorecard) -> str:
    question = scorecard.rubric.question(reason.question) if reason.question else None
    if question is None or question.must_reach is None:
        return ended(reason_words(reason, scorecard))
    return f"{question.title}. {ended(question.must_reach.why)}"


def _titles(reasons: Sequence[Reason], scorecard: Scorecard) -> str:
    questions = (scorecard.rubric.question(reason.question) for reason in reasons if reason.question)
    return shortened([question.title for question in questions if question])


def _criteria(reasons: Sequence[Reason], scorecard: Scorecard) -> str:
    titles = {criterion.id: criterion.title for criterion in scorecard.rubric.criteria}
    named = [titles.get(reason.criterion, "") if reason.criterion else "the whole" for reason in reasons]
    return listed(list(dict.fromkeys(named)))


def _terms(
    scorecard: Scorecard, assessment: Assessment, decision: Decision | None, standing: Standing | None
) -> Iterator[str]:
    if decision is None or standing is None or standing.stands in (Stands.NOT_APPROVED, Stands.RUN_OUT):
        return
    subject, approved_for = assessment.subject, decision.approved_for
    if subject.job:
        yield f"Use it for: {ended(subject.job)}"
    data = approved_for.scope.get("data")
    if data:
        stricter = ", and less where a line below says so" if decision.waivers or decision.conditions else ""
        yield f"Put in nothing more sensitive than: {data}{stricter}."
    if approved_for.users is not None:
        yield f"It is meant for {approved_for.users} people at most."
    if approved_for.left_off:
        yield f"Leave off: {listed(approved_for.left_off)}."
    yield from _instead(decision, scorecard.rubric)
    for condition in decision.conditions:
        by = "" if condition.due is None else f" (by {day(condition.due)})"
        if condition in standing.overdue and condition.due:
            by = f" (overdue since {day(condition.due)})"
        yield f"Condition{by}: {ended(condition.text)}"


def _instead(decision: Decision, rubric: Rubric) -> Iterator[str]:
    """What stands in for the must-haves set aside, once for all that it stands in for."""
    by_control: dict[tuple[date, str], list[str]] = {}
    for waiver in decision.waivers:
        titles = by_control.setdefault((waiver.expires, waiver.compensating_control.strip()), [])
        titles.append(question_title(rubric, waiver.question))
    for (expires, control), titles in by_control.items():
        yield f"Until {day(expires)}: {ended(control)} This stands in for: {ended(shortened(titles))}"


def _meanwhile(decision: Decision | None, standing: Standing | None) -> str:
    others = [] if decision is None else [one for one in decision.considered if one.strip().lower() not in _NO_TOOL]
    if standing is not None and standing.stands is Stands.IN_FORCE:
        has_terms = decision is not None and (decision.waivers or decision.conditions)
        return "Keep to the terms above; nothing else is needed." if has_terms else "Nothing else is needed."
    if standing is not None and standing.stands is Stands.OVERDUE:
        return "Ask IT whether the overdue condition was met before you go on; if it was not, what else you may use."
    if others:
        return f"We also looked at {listed(others)}. Ask IT which of these you may use until then."
    return "Ask IT which approved tool does this job."


def _ask_again(assessment: Assessment, decision: Decision | None, standing: Standing | None) -> str:
    promised = assessment.subject.answer_by
    if decision is None or standing is None or decision.decision is Verdict.HOLD:
        if promised is not None:
            return f"You should hear from us by {day(promised)}. If not, ask then."
        return "Ask again in a month, if you have not heard from us."
    if standing.stands is Stands.RUN_OUT:
        return "Ask now for it to be looked at again."
    if standing.approves:
        last = standing.holds_until
        if last is None:
            return "Ask again when what you need changes."
        return f"This holds until {day(last)}. Ask again before that day, or when what you need changes."
    if decision.valid_until is not None:
        return f"Ask again after {day(decision.valid_until)}, or when the tool has changed in what is said above."
    return "Ask again when the tool has changed in what is said above."
