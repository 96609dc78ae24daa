"""Which decision counts, how it stands, what falls due, what to offer, and what forbids recording it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import ApprovedFor, Computed, Condition, Decision, Waiver
from toolvet.domain.rubric import Question
from toolvet.domain.scorecard import MustHave, MustHaveState, Scorecard, Verdict
from toolvet.domain.scoring import add_months, last_day


class Stands(StrEnum):
    """How a decision stands; the value is its label."""

    NOT_APPROVED = "not approved"
    IN_FORCE = "in force"
    OVERDUE = "in force, conditions overdue"
    RUN_OUT = "run out"
    UNCONFIRMED = "to be confirmed"


class EndKind(StrEnum):
    APPROVAL = "approval"
    WAIVER = "waiver"


@dataclass(frozen=True, slots=True)
class End:
    """One of the ends of an approval: the last day it covers. `question` is the id for a waiver."""

    day: date
    kind: EndKind
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands on the day `on`.

    `ends` are sorted by day, then kind. Both `ends` and `overdue` are empty where nothing is approved. No record says
    that a condition was met, so one past its due date is overdue. `doubts` are sentences on why the decision does not
    count as it is; with any of them nothing is approved.
    """

    on: date
    approves: bool
    ends: tuple[End, ...] = ()
    overdue: tuple[Condition, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def stands(self) -> Stands:
        if self.doubts:
            return Stands.UNCONFIRMED
        if not self.approves:
            return Stands.NOT_APPROVED
        if self.run_out:
            return Stands.RUN_OUT
        return Stands.OVERDUE if self.overdue else Stands.IN_FORCE

    @property
    def run_out(self) -> tuple[End, ...]:
        """The ends that have passed."""
        return tuple(end for end in self.ends if end.day < self.on)

    @property
    def holds_until(self) -> date | None:
        """The last day on which all of it holds, or held; None without an end."""
        return self.ends[0].day if self.ends else None

    @property
    def run_out_since(self) -> date | None:
        """The first day on which it no longer held; None while it holds."""
        return self.run_out[0].day + timedelta(days=1) if self.run_out else None


def is_approved(decision: Decision | None) -> bool:
    """Whether the decision is to approve the tool, with or without conditions."""
    return decision is not None and decision.decision in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)


def standing_of(decision: Decision, on: date, doubts: tuple[str, ...] = ()) -> Standing:
    """How the decision stands on that day. With `doubts` it approves nothing until a person confirms it.

    An approval runs out on its own last day, or with its first waiver if that is earlier.
    """
    if not is_approved(decision) or decision.decided_on > on:
        return Standing(on, approves=False, doubts=doubts)
    order = tuple(EndKind)
    return Standing(
        on,
        approves=not doubts,
        ends=tuple(sorted(_ends(decision), key=lambda end: (end.day, order.index(end.kind)))),
        overdue=tuple(one for one in decision.conditions if one.due is not None and one.due < on),
        doubts=doubts,
    )


def last_day_of(decision: Decision) -> date | None:
    """The one day on which the decision ends, wherever it is shown; None without an end."""
    days = [end.day for end in _ends(decision)] if is_approved(decision) else [decision.valid_until]
    return min((day for day in days if day is not None), default=None)


def _ends(decision: Decision) -> Iterator[End]:
    if decision.valid_until is not None:
        yield End(decision.valid_until, EndKind.APPROVAL)
    for waiver in decision.waivers:
        yield End(waiver.expires, EndKind.WAIVER, waiver.question)


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
    latest = add_months(decision.decided_on, scorecard.rubric.policy.valid_months)
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
    replaced = {earlier for name in taken for earlier in _superseded_by(name, decisions)}
    last = tuple(name for name in taken if name not in replaced)
    if len(last) == 1:
        return Succession(last[0])
    # In a circle, where each supersedes another, nobody can say which came last.
    return Succession(rivals=last or tuple(taken))


def latest(decisions: Mapping[str, Decision]) -> tuple[str, ...]:
    """What a next decision supersedes: the last one, whatever its day, or all that contradict each other."""
    found = succession(decisions, date.max)
    return found.rivals if found.counts is None else (found.counts,)


def _superseded_by(name: str, decisions: Mapping[str, Decision]) -> Iterator[str]:
    """Everything that the decision supersedes, itself included in a circle."""
    met: set[str] = set()
    waiting = list(decisions[name].replaces)
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

    Exclusions, conditions and waivers go over from approvals only. `ended` are running waivers whose must-have is met
    now; they are no longer needed and not taken over.
    """

    left_off: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    consulted: tuple[str, ...] = ()
    considered: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    ended: tuple[Waiver, ...] = ()


def taken_over(earlier: Sequence[Decision], scorecard: Scorecard, on: date) -> TakenOver:
    """What goes over from the previous decision, or from all that contradict each other.

    No record says that a condition was met, so all go over; waivers go over if they end after that day.
    """
    approvals = [decision for decision in earlier if is_approved(decision)]
    open_ones = {must_have.question.id for must_have in not_met(scorecard)}
    running = _once(
        (waiver for decision in approvals for waiver in decision.waivers if waiver.expires > on),
        key=lambda waiver: waiver.question,
    )
    return TakenOver(
        left_off=_once(text for decision in approvals for text in decision.approved_for.left_off),
        conditions=_once(condition for decision in approvals for condition in decision.conditions),
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
    `question` is an id.
    """

    day: date
    kind: DueKind
    about: str = ""
    question: str | None = None
    owner: str | None = None

    def is_past(self, on: date) -> bool:
        return self.day < on


def due_items(
    scorecard: Scorecard, assessment: Assessment, decision: Decision | None, *, until: date
) -> tuple[DueItem, ...]:
    """Everything due up to that day, overdue or not, by day, the most pressing first.

    `decision` is the one that counts. A promised answer is due until there is a decision.
    """
    found = list(_expiring(scorecard, assessment, until))
    subject = assessment.subject
    if decision is not None:
        found += _decided(decision, scorecard)
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


def _decided(decision: Decision, scorecard: Scorecard) -> Iterator[DueItem]:
    last = last_day_of(decision)
    if last is not None:
        yield DueItem(last, DueKind.APPROVAL, decision.decision.value)
    for waiver in decision.waivers:
        question = scorecard.rubric.question(waiver.question)
        title = waiver.question if question is None else question.heading
        yield DueItem(waiver.expires, DueKind.WAIVER, title, waiver.question, waiver.owner)
    for condition in decision.conditions:
        if condition.due is not None:
            yield DueItem(condition.due, DueKind.CONDITION, condition.text, owner=condition.owner)
