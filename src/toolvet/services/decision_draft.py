"""The draft of a decision: what is offered, what is chosen so far, and what would be recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from toolvet.domain.advice import advise
from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import ApprovedFor, AssessmentRef, Condition, Confirmed, Decision, Waiver
from toolvet.domain.decision_rules import (
    TakenOver,
    make_computed,
    new_among,
    not_met,
    offered_approved_for,
    offered_valid_until,
    taken_over,
)
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import MustHave, Scorecard, Verdict
from toolvet.domain.standing import standing_of
from toolvet.report.approval.decision_words import changed_words
from toolvet.report.approval.front_page import question_title
from toolvet.services.decisions import with_open_ones
from toolvet.storage.reader import AssessmentFile, DecisionFile
from toolvet.storage.toml_input import parse
from toolvet.storage.writer import decision_bytes
from toolvet.text.advice_words import step_words
from toolvet.text.escape import listed, one_line, plural
from toolvet.text.labels import day
from toolvet.text.record_words import file_lines, last_day_words, readable_lines
from toolvet.text.sentences import cautions_in_words
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """A condition that may be set.

    `own`: a person added it. `carried`: the previous decision set it, and an approval keeps it.
    """

    condition: Condition
    taken: bool
    own: bool = False
    carried: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether it is shown even while it is not set."""
        return self.taken or self.own or self.carried

    def decided(self, choice: Verdict) -> Offer:
        """The same under that decision. A person's own condition stays; an offered one is never set unasked."""
        if self.own:
            return self
        is_approval = choice in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)
        return replace(self, taken=is_approval and (self.carried or self.taken))


@dataclass(frozen=True, slots=True)
class Draft:
    """What is chosen so far. `decision` itself has no conditions or waivers; they are kept beside it."""

    decision: Decision
    offers: tuple[Offer, ...]
    waivers: tuple[Waiver, ...] = ()
    earlier: tuple[DecisionFile, ...] = ()
    """The decisions that this one is held against, as far back as the last approval."""
    over: TakenOver = field(default_factory=TakenOver)
    """What was carried over from them, as it was offered."""

    @property
    def is_approval(self) -> bool:
        """Whether something is approved; only then there are an end and limits."""
        return self.decision.decision in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)

    def made(self, scorecard: Scorecard) -> Decision:
        """The decision as it would be recorded."""
        asked = {must_have.question.id for must_have in to_waive(self, scorecard)}
        decision = self.decision
        if not self.is_approval:
            decision = replace(decision, valid_until=None, approved_for=ApprovedFor())
        return replace(
            decision,
            conditions=tuple(offer.condition for offer in self.offers if offer.taken),
            waivers=tuple(waiver for waiver in self.waivers if waiver.question in asked),
        )

    def decided(self, choice: Verdict) -> Draft:
        """The same with that decision; the carried conditions are set if it is an approval."""
        offers = tuple(offer.decided(choice) for offer in self.offers)
        return replace(self, decision=replace(self.decision, decision=choice), offers=offers)

    @property
    def carried(self) -> tuple[Condition, ...]:
        """The conditions of the previous decision, as they were."""
        return tuple(offer.condition for offer in self.offers if offer.carried)

    def with_offer(self, at: int, offer: Offer | None) -> Draft:
        """The same with that condition in its place; None removes it."""
        new = () if offer is None else (offer,)
        return replace(self, offers=(*self.offers[:at], *new, *self.offers[at + 1 :]))

    def with_waiver(self, waiver: Waiver) -> Draft:
        """The same with that waiver, replacing one for the same question."""
        others = tuple(other for other in self.waivers if other.question != waiver.question)
        return replace(self, waivers=(*others, waiver))

    def waiver(self, question_id: str) -> Waiver | None:
        """The waiver for that question, if there is one yet."""
        return next((waiver for waiver in self.waivers if waiver.question == question_id), None)


def first_draft(
    scorecard: Scorecard,
    file: AssessmentFile,
    path: str,
    *,
    by: str,
    earlier: tuple[DecisionFile, ...],
    limits: tuple[DecisionFile, ...],
    confirmed: tuple[Confirmed, ...],
    on: date,
) -> Draft:
    """Draft the verdict as the decision, with everything that can be offered; `path` is seen from the workspace.

    `earlier` are the decisions that this one supersedes, `limits` are from `limiting`, and `confirmed` is from
    `not_as_recorded_in`; what carries over comes first.
    """
    over = taken_over(
        [with_open_ones(each, on) for each in earlier], [with_open_ones(each, on) for each in limits], scorecard, on
    )
    names = [each.path.name for each in earlier]
    decision = Decision(
        decision=scorecard.verdict,
        decided_by=by,
        decided_on=on,
        assessment=AssessmentRef(path, file.sha256),
        computed=make_computed(scorecard),
        valid_until=offered_valid_until(scorecard, file.assessment, on),
        supersedes=names[0] if names else None,
        also_supersedes=tuple(names[1:]),
        consulted=over.consulted,
        considered=over.considered,
        links=over.links,
        approved_for=replace(offered_approved_for(file.assessment), left_off=over.left_off),
        confirmed=confirmed,
    )
    carried = over.conditions
    new = new_among(carried, offered_conditions(scorecard, file.assessment))
    offers = (
        *(Offer(condition, taken=False, carried=True) for condition in carried),
        *(Offer(condition, taken=False) for condition in new),
    )
    return Draft(decision, offers, over.waivers, limits, over).decided(scorecard.verdict)


def decision_lines(decision: Decision, rubric: Rubric) -> tuple[str, ...]:
    """The file that would be recorded, a line for each value but those of the policy, and the one day it ends."""
    titles = {question.id: question.title for _, question in rubric.questions()}
    lines = readable_lines(parse(Path("decision"), decision_bytes(decision)))
    shown = {place: value for place, value in lines.items() if place[:2] != ("computed", "policy")}
    last = last_day_words(decision, standing_of(decision, decision.decided_on)) if decision.is_approval else ""
    return (*file_lines(shown, titles), *([f"ends: {last}"] if last else []))


def decision_sentences(draft: Draft, decision: Decision, scorecard: Scorecard) -> Iterator[str]:
    """What would be recorded, line by line, with a blank one before each part."""
    for at, (heading, lines) in enumerate(decision_parts(draft, decision, scorecard)):
        if at:
            yield ""
        if heading:
            yield heading
        yield from lines


def decision_parts(draft: Draft, decision: Decision, scorecard: Scorecard) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What would be recorded, for a person: the figures, warnings, and what changes against the decisions before.

    Each part is its heading, empty for some, and its lines.
    """
    rubric = scorecard.rubric
    yield "", _figure_lines(decision, scorecard)
    if warned := cautions_in_words(decision):
        yield "", tuple(f"! {one_line(each)}" for each in warned)
    for before in (with_open_ones(each, decision.decided_on) for each in draft.earlier):
        changes = changed_words(before, decision, rubric) or ("Only the date and the rationale.",)
        yield (
            f"Changed since the decision of {day(before.decided_on)}",
            tuple(f"· {one_line(each)}" for each in changes),
        )
    if decision.rationale:
        yield "Rationale", (decision.rationale,)
    if approved := _approved_line(decision.approved_for, rubric):
        yield "Approved for", (approved,)
    if decision.conditions:
        yield "Conditions", tuple(map(_condition_line, decision.conditions))
    if decision.waivers:
        yield "Waivers", tuple(_waiver_line(waiver, rubric) for waiver in decision.waivers)
    named_lists = (
        ("Consulted", decision.consulted),
        ("Considered", decision.considered),
        ("Links", decision.links),
        ("Supersedes", decision.replaces),
    )
    if any(named for _, named in named_lists):
        yield "", tuple(f"{label}: {one_line(listed(named))}" for label, named in named_lists if named)
    yield "", ("It is kept as it is: a later decision replaces it, and both stay in the history.",)


def _figure_lines(decision: Decision, scorecard: Scorecard) -> tuple[str, ...]:
    """Who decides and until when, and how many conditions, waivers and unmet must-haves there are."""
    unmet = len(not_met(scorecard))
    last = last_day_words(decision, standing_of(decision, decision.decided_on))
    until = f", valid until {last}" if last else ", with no end date" if decision.is_approval else ""
    counts = (
        plural(len(decision.conditions), "condition") if decision.conditions else "no conditions",
        plural(len(decision.waivers), "waiver") if decision.waivers else "no waivers",
        f"{plural(unmet, 'must-have')} not met" if unmet else "every must-have met",
    )
    return f"by {one_line(decision.decided_by)} on {day(decision.decided_on)}{until}", " · ".join(counts)


def _approved_line(approved: ApprovedFor, rubric: Rubric) -> str:
    """For whom, under which plan and facts; empty where nothing of that is said."""
    if not (approved.scope or approved.users is not None or approved.plan):
        return ""
    users = "any number of users" if approved.users is None else plural(approved.users, "user")
    plan = f", plan {one_line(approved.plan)}" if approved.plan else ""
    off = f", not covering {one_line(listed(approved.left_off))}" if approved.left_off else ""
    return f"{users}{plan}{off}; {len(approved.scope)} of {plural(len(rubric.scope), 'scope fact')} as given."


def _condition_line(condition: Condition) -> str:
    due = "no due date" if condition.due is None else f"due {day(condition.due)}"
    return f"· {one_line(condition.text)} ({one_line(condition.owner or 'no owner')}, {due})"


def _waiver_line(waiver: Waiver, rubric: Rubric) -> str:
    title = one_line(question_title(rubric, waiver.question))
    words = f"{one_line(waiver.reason)} Instead: {one_line(waiver.compensating_control)}"
    return f"· {title}: {words} ({one_line(waiver.owner)}, until {day(waiver.expires)})"


def to_waive(draft: Draft, scorecard: Scorecard) -> tuple[MustHave, ...]:
    """The must-haves that need a waiver: those not met, if the decision approves."""
    return not_met(scorecard) if draft.is_approval else ()


def offered_conditions(scorecard: Scorecard, assessment: Assessment) -> tuple[Condition, ...]:
    """A condition for each thing between the answers and approve."""
    ways = advise(scorecard.rubric, assessment, scorecard.on)
    if not ways:
        return ()
    steps = (*ways[-1].needed, *(ways[-1].further or ()))
    asked = ((step, step.question) for step in steps)
    return tuple(Condition(step_words(step, is_task=True), id=one.id) for step, one in asked if one is not None)
