"""Which decision counts, what falls due, what to suggest, and what prevents recording a decision."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import ApprovedFor, Computed, Condition, Decision, Waiver
from toolvet.domain.records import Record, RecordKind
from toolvet.domain.rubric import Policy, Question, Rubric
from toolvet.domain.scorecard import MustHave, MustHaveState, Scorecard, Verdict
from toolvet.domain.scoring import add_months, last_day
from toolvet.domain.standing import Standing, last_day_of, standing_of
from toolvet.values import dataclass


def is_approved(decision: Decision | None) -> bool:
    """Whether the decision is to approve the tool, with or without conditions."""
    return decision is not None and decision.is_approval


TELLING_LEVELS = 2
"""From so many levels apart, two reviewers saw different things."""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """A question that another reviewer rates two or more levels apart."""

    question: Question
    reviewer: str
    ours: int
    theirs: int


def offered_valid_until(scorecard: Scorecard, assessment: Assessment, on: date) -> date:
    """The policy's months from that day, or the first current must-have to expire if that is earlier."""
    ends = [add_months(on, scorecard.rubric.policy.valid_months)]
    for must_have in scorecard.must_haves:
        last = last_day(must_have.question, assessment.answer(must_have.question.id))
        if last is not None and last >= on:
            ends.append(last)
    return min(ends)


def offered_approved_for(assessment: Assessment) -> ApprovedFor:
    """The scope, users and plan as assessed."""
    return ApprovedFor(scope=dict(assessment.scope), users=assessment.subject.users, plan=assessment.subject.plan)


def not_met(scorecard: Scorecard) -> tuple[MustHave, ...]:
    """The must-haves that an approval has to waive."""
    return tuple(must_have for must_have in scorecard.must_haves if must_have.state is not MustHaveState.MET)


def make_computed(scorecard: Scorecard) -> Computed:
    """What the scorecard says, as a decision records it: percent to one decimal, 0 where nothing counts."""
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


class DecisionRule(StrEnum):
    """What breaks one of these rules is refused; from `no-condition` on, it is only pointed out."""

    SEAL_BROKEN = "seal-broken"
    RUBRIC_CHANGED = "rubric-changed"
    NO_RATIONALE = "no-rationale"
    NO_WAIVER = "no-waiver"
    NOTHING_TO_WAIVE = "nothing-to-waive"
    NO_SUCH_MUST_HAVE = "no-such-must-have"
    WAIVER_TOO_LONG = "waiver-too-long"
    WAIVER_OVER = "waiver-over"
    CONDITION_PAST = "condition-past"
    VALID_BEFORE = "valid-before"
    VALID_TOO_LONG = "valid-too-long"
    NO_OWNER = "no-owner"
    NO_END = "no-end"
    NO_CONDITION = "no-condition"
    NO_OWNER_OR_DAY = "no-owner-or-day"
    CONDITION_OVERDUE = "condition-overdue"


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a decision breaks, with the id of the question, the waiver or the condition that breaks it.

    `latest` is the last day that the policy allows.
    """

    rule: DecisionRule
    question: str | None = None
    waiver: Waiver | None = None
    condition: Condition | None = None
    latest: date | None = None


def refusals(
    decision: Decision,
    scorecard: Scorecard,
    *,
    seal_broken: bool = False,
    rubric_changed: bool = False,
    carried: Sequence[Condition] = (),
) -> tuple[Breach, ...]:
    """What forbids recording this decision on this scorecard.

    `carried` are conditions of the previous decision; those may be overdue.
    """
    ground = ((seal_broken, DecisionRule.SEAL_BROKEN), (rubric_changed, DecisionRule.RUBRIC_CHANGED))
    found = [Breach(rule) for is_broken, rule in ground if is_broken]
    if decision.decision is not scorecard.verdict and not (decision.rationale or "").strip():
        found.append(Breach(DecisionRule.NO_RATIONALE))
    if is_approved(decision):
        waived = {waiver.question for waiver in decision.waivers}
        open_ones = [must_have.question.id for must_have in not_met(scorecard)]
        found += [Breach(DecisionRule.NO_WAIVER, question) for question in open_ones if question not in waived]
    return (*found, *_breaches_of_waivers(decision, scorecard), *_breaches_of_dates(decision, scorecard, carried))


def toleration_refusals(decision: Decision, policy: Policy) -> tuple[Breach, ...]:
    """What forbids tolerating a tool in this way; the policy says for how long it may be."""
    found = []
    if not (decision.rationale or "").strip():
        found.append(Breach(DecisionRule.NO_RATIONALE))
    if not (decision.owner or "").strip():
        found.append(Breach(DecisionRule.NO_OWNER))
    return (*found, *_breaches_of_end(decision, policy))


def cautions(decision: Decision) -> tuple[Breach, ...]:
    """What does not forbid recording the decision, but should be deliberate."""
    return tuple(_cautions(decision))


def new_among(carried: Sequence[Condition], others: Sequence[Condition]) -> tuple[Condition, ...]:
    """The others whose id and text no carried condition has."""
    said = {key for one in carried for key in (one.id, one.text) if key is not None}
    return tuple(one for one in others if one.id not in said and one.text not in said)


def second_opinions(
    scorecard: Scorecard, assessment: Assessment, others: Sequence[Assessment]
) -> tuple[SecondOpinion, ...]:
    """Where other assessments of the subject are two or more levels apart, in the rubric's order."""
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


def _rounded(value: Fraction) -> float:
    """To one decimal, half away from zero as by hand."""
    return int(value * 10 + Fraction(1, 2)) / 10


def _breaches_of_waivers(decision: Decision, scorecard: Scorecard) -> Iterator[Breach]:
    must_haves = {must_have.question.id for must_have in scorecard.must_haves}
    latest = add_months(decision.decided_on, scorecard.rubric.policy.waiver_months)
    if decision.waivers and not is_approved(decision):
        yield Breach(DecisionRule.NOTHING_TO_WAIVE)
        return
    for waiver in decision.waivers:
        if waiver.question not in must_haves:
            yield Breach(DecisionRule.NO_SUCH_MUST_HAVE, waiver=waiver)
        if waiver.expires > latest:
            yield Breach(DecisionRule.WAIVER_TOO_LONG, waiver=waiver, latest=latest)
        if waiver.expires <= decision.decided_on:
            yield Breach(DecisionRule.WAIVER_OVER, waiver=waiver)


def _breaches_of_dates(decision: Decision, scorecard: Scorecard, carried: Sequence[Condition]) -> Iterator[Breach]:
    for condition in decision.conditions:
        if condition.due is not None and condition.due < decision.decided_on and condition not in carried:
            yield Breach(DecisionRule.CONDITION_PAST, condition=condition)
    yield from _breaches_of_end(decision, scorecard.rubric.policy)


def _breaches_of_end(decision: Decision, policy: Policy) -> Iterator[Breach]:
    latest = add_months(decision.decided_on, policy.valid_months)
    if decision.valid_until is None and (is_approved(decision) or decision.tolerates):
        yield Breach(DecisionRule.NO_END, latest=latest)
    if decision.valid_until is not None and decision.valid_until < decision.decided_on:
        yield Breach(DecisionRule.VALID_BEFORE)
    if decision.valid_until is not None and decision.valid_until > latest:
        yield Breach(DecisionRule.VALID_TOO_LONG, latest=latest)


def _cautions(decision: Decision) -> Iterator[Breach]:
    if decision.decision is Verdict.APPROVE_WITH_CONDITIONS and not decision.conditions:
        yield Breach(DecisionRule.NO_CONDITION)
    for condition in decision.conditions:
        if condition.owner is None or condition.due is None:
            yield Breach(DecisionRule.NO_OWNER_OR_DAY, condition=condition)
        if condition.due is not None and condition.due < decision.decided_on:
            yield Breach(DecisionRule.CONDITION_OVERDUE, condition=condition)


@dataclass(frozen=True, slots=True)
class Succession:
    """The file name of the decision that counts, or of several that contradict each other, or neither.

    A decision that supersedes all the rivals settles it.
    """

    counts: str | None = None
    rivals: tuple[str, ...] = ()


def succession(decisions: Mapping[str, Decision], on: date) -> Succession:
    """Of the decisions up to that day, by file name, the one that no other supersedes.

    Superseding works along the chain, also through a decision whose day has not come.
    """
    taken = sorted(name for name, decision in decisions.items() if decision.decided_on <= on)
    # one walk for all of them: a walk for each grows with the square of a long chain
    replaced = {*_before((earlier for name in taken for earlier in decisions[name].replaces), decisions)}
    last = tuple(name for name in taken if name not in replaced)
    if len(last) == 1:
        return Succession(last[0])
    # In a circle, where each supersedes another, nobody can say which came last.
    return Succession(rivals=last or tuple(taken))


def latest(decisions: Mapping[str, Decision]) -> tuple[str, ...]:
    """What a next decision supersedes: the last one, whatever its day, or all that contradict each other."""
    found = succession(decisions, date.max)
    return found.rivals if found.counts is None else (found.counts,)


def back_to_approvals(names: Iterable[str], decisions: Mapping[str, Decision]) -> Iterator[str]:
    """These decisions and, where one approves nothing, those before it as far as the last approval, nearest first."""
    waiting = list(names)
    met: set[str] = set()
    for name in waiting:  # which grows on the way
        if name in decisions and name not in met:
            met.add(name)
            waiting += () if is_approved(decisions[name]) else decisions[name].replaces
            yield name


def superseded(decisions: Mapping[str, Decision], name: str) -> tuple[str, ...]:
    """The decisions there are that this one supersedes, the nearest first."""
    earlier = _before(decisions[name].replaces, decisions)
    return tuple(found for found in earlier if found in decisions and found != name)


def unheeded(
    name: str, decisions: Mapping[str, Decision], records: Iterable[tuple[str, Record]], on: date
) -> list[tuple[str, Record]]:
    """Of these records, each with its path, the withdrawals up to that day that the decision supersedes unawares.

    A withdrawal is known to a decision of that day or later that names it, or that does not say what it knew.
    """
    withdrawn = [each for each in records if each[1].record is RecordKind.WITHDRAWN and each[1].on <= on]
    earlier = {*superseded(decisions, name)} if withdrawn else set()
    return [
        (path, record)
        for path, record in withdrawn
        if record.decision in earlier
        and not any(_knows(decision, path, record) for decision in _superseding(record.decision, decisions))
    ]


def _superseding(name: str, decisions: Mapping[str, Decision]) -> Iterator[Decision]:
    later: dict[str, list[str]] = {}
    for each, decision in decisions.items():
        for earlier in decision.replaces:
            later.setdefault(earlier, []).append(each)
    met, waiting = {name}, [name]
    while waiting:
        for each in later.get(waiting.pop(), ()):
            if each not in met:
                met.add(each)
                waiting.append(each)
                yield decisions[each]


def _knows(decision: Decision, path: str, record: Record) -> bool:
    named = decision.records
    return decision.decided_on >= record.on and (named is None or any(file.path == path for file in named))


def _before(names: Iterable[str], decisions: Mapping[str, Decision]) -> Iterator[str]:
    """These and everything that they supersede, each once."""
    met: set[str] = set()
    waiting = list(names)
    while waiting:
        earlier = waiting.pop()
        if earlier not in met:
            met.add(earlier)
            yield earlier
            waiting += decisions[earlier].replaces if earlier in decisions else ()


_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What goes over into a next decision unless dropped by name.

    Exclusions, conditions and waivers go over from the last approval, also across a hold. `ended` are running waivers
    whose must-have is met now; they are no longer needed and not taken over.
    """

    left_off: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    consulted: tuple[str, ...] = ()
    considered: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    ended: tuple[Waiver, ...] = ()


def taken_over(earlier: Sequence[Decision], limiting: Sequence[Decision], scorecard: Scorecard, on: date) -> TakenOver:
    """What goes over from the previous decision, or from all that contradict each other.

    `limiting` are those and the ones before as far as the last approval: a hold between two must not widen the second.
    All conditions go over: `with_open_conditions` leaves out those that are met. Waivers go over if they end after
    that day.
    """
    open_ones = {must_have.question.id for must_have in not_met(scorecard)}
    running = _once(
        (waiver for decision in limiting for waiver in decision.waivers if waiver.expires > on),
        key=lambda waiver: waiver.question,
    )
    return TakenOver(
        left_off=_once(text for decision in limiting for text in decision.approved_for.left_off),
        conditions=_once(condition for decision in limiting for condition in decision.conditions),
        waivers=tuple(waiver for waiver in running if waiver.question in open_ones),
        consulted=_once(name for decision in earlier for name in decision.consulted),
        considered=_once(name for decision in earlier for name in decision.considered),
        links=_once(link for decision in earlier for link in decision.links),
        ended=tuple(waiver for waiver in running if waiver.question not in open_ones),
    )


def _once(found: Iterable[_One], *, key: Callable[[_One], Hashable] = lambda one: one) -> tuple[_One, ...]:
    """Each of them once, the first of its kind."""
    by_key: dict[Hashable, _One] = {}
    for one in found:
        by_key.setdefault(key(one), one)
    return tuple(by_key.values())


SOON_DAYS = 30
"""How many days ahead is shown without asking."""


class DueKind(StrEnum):
    """What is due, the most pressing first."""

    PROMISED = "promised"
    APPROVAL = "approval"
    WAIVER = "waiver"
    CONDITION = "condition"
    MUST_HAVE = "must-have"
    ANSWER = "answer"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing due; `day` is the last day on which it holds.

    `about` is the question's title, the condition, the decision as in its file, or who was promised an answer.
    `question` is an id, and so is `key`, of a condition that has one. `is_in_doubt` says that the decision is to be
    confirmed, so that nothing is approved until then.
    """

    day: date
    kind: DueKind
    about: str = ""
    question: str | None = None
    owner: str | None = None
    key: str = ""
    is_in_doubt: bool = False

    def is_past(self, on: date) -> bool:
        return self.day < on


def due_items(
    scorecard: Scorecard,
    assessment: Assessment,
    decision: Decision | None,
    *,
    until: date,
    standing: Standing | None = None,
) -> tuple[DueItem, ...]:
    """Everything due up to that day, overdue or not, by day, the most pressing first.

    `decision` is the one that counts, `standing` how it stands with its records. A promised answer is due until there
    is a decision; nothing is of a tool whose approval was withdrawn, until it is under review again.
    """
    subject = assessment.subject
    if decision is not None and standing is None:
        standing = standing_of(decision, scorecard.on)
    is_closed = standing is not None and standing.is_closed
    found = [] if is_closed else list(_expiring(scorecard, assessment, until))
    if decision is not None and standing is not None:
        found += decided_items(decision, standing, scorecard.rubric)
    elif subject.answer_by is not None:
        found.append(DueItem(subject.answer_by, DueKind.PROMISED, subject.requested_by or ""))
    order = tuple(DueKind)
    due = (item for item in found if item.day <= until)
    return tuple(sorted(due, key=lambda item: (item.day, order.index(item.kind))))


def _expiring(scorecard: Scorecard, assessment: Assessment, until: date) -> Iterator[DueItem]:
    must_haves = {must_have.question.id for must_have in scorecard.must_haves}
    for scored in scorecard.questions:
        question = scored.question
        last = last_day(question, assessment.answer(question.id))
        if last is None or last > until or not scored.counts:
            continue
        kind = DueKind.MUST_HAVE if question.id in must_haves else DueKind.ANSWER
        yield DueItem(last, kind, question.heading, question.id)


def decided_items(decision: Decision, standing: Standing, rubric: Rubric | None) -> Iterator[DueItem]:
    """What a decision makes due, in no order: its end, its waivers, and the conditions that are not met."""
    if standing.withdrawn is not None:
        return
    last = last_day_of(decision, standing)
    if last is not None:
        is_in_doubt = bool(standing.doubts)
        yield DueItem(last, DueKind.APPROVAL, decision.decision.value, owner=decision.owner, is_in_doubt=is_in_doubt)
    for waiver in decision.waivers:
        question = None if rubric is None else rubric.question(waiver.question)
        title = waiver.question if question is None else question.heading
        yield DueItem(waiver.expires, DueKind.WAIVER, title, waiver.question, waiver.owner)
    for state in standing.open:
        if state.due is not None:
            about, owner = state.condition.text, state.condition.owner
            yield DueItem(state.due, DueKind.CONDITION, about, owner=owner, key=state.condition.id or "")
