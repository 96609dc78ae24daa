"""A decision while it is being made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from toolvet.domain.deciding import (
    make_computed,
    new_among,
    not_met,
    offered_approved_for,
    offered_conditions,
    offered_valid_until,
)
from toolvet.domain.decision import ApprovedFor, AssessmentRef, Condition, Decision, Waiver
from toolvet.domain.renewal import TakenOver, taken_over
from toolvet.domain.scorecard import MustHave, Scorecard, Verdict
from toolvet.files.reading import AssessmentFile, DecisionFile


@dataclass(frozen=True, slots=True)
class Offer:
    """A condition that may be taken.

    `own` says that a person added it, `carried` that it is one of the decision before, which an approval takes over.
    """

    condition: Condition
    taken: bool
    own: bool = False
    carried: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether it is in sight also while it is not taken."""
        return self.taken or self.own or self.carried

    def decided(self, choice: Verdict) -> Offer:
        """The same where that is decided: one of one's own stays as it is."""
        if self.own:
            return self
        is_approval = choice in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)
        return replace(self, taken=is_approval if self.carried else choice is Verdict.APPROVE_WITH_CONDITIONS)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is chosen so far. The conditions and waivers of `decision` are empty; they stand beside it."""

    decision: Decision
    offers: tuple[Offer, ...]
    waivers: tuple[Waiver, ...] = ()
    earlier: tuple[DecisionFile, ...] = ()
    """The decisions that this one supersedes: the one before, or all that contradict each other."""
    over: TakenOver = field(default_factory=TakenOver)
    """What was taken over from them, as it was offered."""

    @property
    def is_approval(self) -> bool:
        """Whether something is approved; only that has an end and limits."""
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
        """The same with that decision; the offered conditions are taken where it has conditions."""
        offers = tuple(offer.decided(choice) for offer in self.offers)
        return replace(self, decision=replace(self.decision, decision=choice), offers=offers)

    @property
    def carried(self) -> tuple[Condition, ...]:
        """The conditions of the decision before, as they were."""
        return tuple(offer.condition for offer in self.offers if offer.carried)

    def with_offer(self, at: int, offer: Offer | None) -> Draft:
        """The same with that condition at its place, or, with None, without it."""
        new = () if offer is None else (offer,)
        return replace(self, offers=(*self.offers[:at], *new, *self.offers[at + 1 :]))

    def with_waiver(self, waiver: Waiver) -> Draft:
        """The same with that waiver in place of one for the same question."""
        others = tuple(other for other in self.waivers if other.question != waiver.question)
        return replace(self, waivers=(*others, waiver))

    def waiver(self, question_id: str) -> Waiver | None:
        """The waiver for that question, None where there is none yet."""
        return next((waiver for waiver in self.waivers if waiver.question == question_id), None)


def first_draft(
    scorecard: Scorecard, file: AssessmentFile, path: str, *, by: str, earlier: tuple[DecisionFile, ...], on: date
) -> Draft:
    """The verdict as the decision, with everything that can be offered; `path` is the file's inside the workspace.

    `earlier` are the decisions that this one supersedes; what goes over from them stands first.
    """
    over = taken_over([each.decision for each in earlier], scorecard, on)
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
    )
    carried = over.conditions
    new = new_among(carried, offered_conditions(scorecard, file.assessment))
    offers = (
        *(Offer(condition, taken=False, carried=True) for condition in carried),
        *(Offer(condition, taken=False) for condition in new),
    )
    return Draft(decision, offers, over.waivers, earlier, over).decided(scorecard.verdict)


def to_waive(draft: Draft, scorecard: Scorecard) -> tuple[MustHave, ...]:
    """The must-haves that need a waiver: those not met, where the decision approves."""
    return not_met(scorecard) if draft.is_approval else ()
