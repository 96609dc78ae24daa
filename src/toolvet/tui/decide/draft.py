"""A decision in the making: what is chosen, what is missing, and a copy on disk until it is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import Any

from toolvet.domain.decision import ApprovedFor, Condition, Decision, Waiver
from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.scorecard import Scorecard, Verdict
from toolvet.domain.scoring import score
from toolvet.services.assessments import OpenedAssessment, Session, unusable_in
from toolvet.services.decision_draft import Draft, Offer, first_draft, to_waive
from toolvet.services.decisions import limiting, not_as_recorded_in, to_supersede
from toolvet.storage.reader import DecisionFile
from toolvet.storage.toml_input import Seal
from toolvet.storage.user_state import Left, Unfinished
from toolvet.text.sentences import refusals_in_words
from toolvet.values import dataclass

Work = Mapping[str, Any]
CHOSEN = ("decision", "rationale", "decided_by", "valid_until", "consulted", "considered", "links", "approved_for")
"""What a person chooses of a decision; the rest is computed anew."""


class FormPart(StrEnum):
    """What a row of the form is about."""

    DECISION = "decision"
    RATIONALE = "rationale"
    CONDITION = "condition"
    OFFERS = "offers"
    ADD = "add"
    WAIVERS = "waivers"
    WAIVER = "waiver"
    SCOPE = "scope"
    LIMITS = "limits"
    CONSULTED = "consulted"
    CONSIDERED = "considered"
    LINKS = "links"
    VALID_UNTIL = "valid-until"
    DECIDED_BY = "decided-by"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class PartAt:
    """One part of a decision: `at` is the index of a condition, `question` the must-have that a waiver is for."""

    part: FormPart
    at: int = 0
    question: str = ""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A draft as it was left: when, the part whose dialog was open with its texts by field, and what has changed.

    `elsewhere` is the folder of the workspace where that was, if it was another.
    """

    draft: Draft
    when: datetime | None
    asking: PartAt | None
    texts: Mapping[str, str]
    changes: tuple[str, ...]
    elsewhere: str | None


class OpenDraft:
    """The draft of a decision on one assessment, saved for the person after every change.

    Raises ToolvetError where a file of the subject cannot be used: nobody can decide on half of them.
    `resumed` is the draft of an earlier sitting, `damaged` where one lies that cannot be read, `trouble` why the last
    copy could not be saved; all may be None. `alternatives` are tools to offer as considered.
    """

    def __init__(self, session: Session, opened: OpenedAssessment, alternatives: Sequence[str] = ()) -> None:
        self.session = session
        self._alternatives = alternatives
        self.opened = opened
        self.scorecard = self._score()
        there = session.workspace.subject(opened.file.path.parent.name).decisions
        self._known = [record.path for file in there for record in file.record_files]
        self.first = self._first()
        self.trouble: str | None = None
        ground = self.first.decision.basis[0]
        self._place = Unfinished(session.workspace.root, "decision", path=ground.path, sha256=ground.sha256)
        self._work: Work | None = None
        self.resumed = self._resume()
        self.draft = self.first if self.resumed is None else self.resumed.draft

    def _score(self) -> Scorecard:
        return score(self.opened.rubric, self.opened.assessment, self.session.on)

    def _first(self) -> Draft:
        workspace, file = self.session.workspace, self.opened.file
        folder = workspace.subject(file.path.parent.name)
        for error in unusable_in(workspace, folder, [file], *to_supersede(folder)):
            raise error
        return first_draft(
            self.scorecard,
            file,
            workspace.relative(file.path),
            by=self.session.reviewer or "",
            earlier=to_supersede(folder),
            limits=limiting(folder),
            confirmed=not_as_recorded_in(workspace, folder),
            on=self.scorecard.on,
        )

    def _resume(self) -> Resumed | None:
        left = self._place.left()
        self.damaged = left.damaged
        if not left.work:
            return None
        try:
            resumed = _resumed(left, self.first)
            known = left.work.get("records", [path.name for path in self._known])
        except (AttributeError, KeyError, TypeError, ValueError):
            self.damaged = self._place.put_aside()  # nothing that this program wrote
            return None
        self._work = left.work
        new = [path.name for path in self._known if path.name not in known]
        new = [f"{name} was recorded in the meantime; look at it first." for name in new]
        return replace(resumed, changes=(*resumed.changes, *new))

    @property
    def subject(self) -> str:
        """The tool, as titles name it."""
        return self.opened.assessment.subject.label

    @property
    def to_consider(self) -> tuple[str, ...]:
        """The alternatives to offer, until the person said which ones were considered."""
        named = self.draft.decision.considered
        is_said = named != self.first.decision.considered
        return () if is_said else tuple(each for each in self._alternatives if each not in named)

    @property
    def is_untouched(self) -> bool:
        """Whether everything is as it was offered."""
        return self.draft == self.first

    @property
    def is_saved(self) -> bool:
        """Whether there is a copy to come back to."""
        return self._work is not None and self.trouble is None

    @property
    def has_broken_seal(self) -> bool:
        """Whether the assessment was changed outside toolvet."""
        return self.opened.file.seal is Seal.BROKEN

    def made(self) -> Decision:
        """The decision as it would be recorded."""
        return self.draft.made(self.scorecard)

    def missing(self) -> tuple[str, ...]:
        """What has to be mended before it can be recorded, in sentences."""
        decision = self.made()
        nobody = () if decision.decided_by else ("Say who decides.",)
        refused = refusals_in_words(
            decision,
            self.scorecard,
            seal_broken=self.has_broken_seal,
            rubric_changed=is_rubric_changed(self.opened.rubric, self.opened.assessment),
            carried=self.draft.carried,
            together=True,
        )
        ids = [f" ({question.id})" for _, question in self.opened.rubric.questions()]  # only options use them
        return nobody + tuple(reduce(lambda words, each: words.replace(each, ""), ids, said) for said in refused)

    def first_missing(self) -> FormPart | None:
        """The first part of the form in which something has to be mended, where there is one."""
        decision = self.draft.decision
        if not decision.decided_by:
            return FormPart.DECIDED_BY
        if not decision.rationale and decision.decision is not self.scorecard.verdict:
            return FormPart.RATIONALE
        is_bare = any(self.draft.waiver(each.question.id) is None for each in to_waive(self.draft, self.scorecard))
        return FormPart.WAIVERS if is_bare else None

    def can_ask(self, about: PartAt) -> bool:
        """Whether the draft still has that part."""
        match about.part:
            case FormPart.CONDITION:
                return about.at < len(self.draft.offers)
            case FormPart.WAIVER:
                return any(each.question.id == about.question for each in to_waive(self.draft, self.scorecard))
            case FormPart.SCOPE | FormPart.LIMITS | FormPart.VALID_UNTIL:
                return self.draft.is_approval
            case _:
                return True

    def change(self, draft: Draft) -> None:
        """Take that draft and save a copy."""
        self.draft = draft
        self._save(None, {})

    def save_typed(self, about: PartAt, texts: Mapping[str, str]) -> str | None:
        """Save what is typed about a part, before it is part of the draft. Returns why that failed, or None."""
        self._save(about, texts)
        return self.trouble

    def _save(self, about: PartAt | None, texts: Mapping[str, str]) -> None:
        if self.is_untouched and not texts:
            self.forget()
            return
        typed = {} if about is None else {"asking": asdict(about), "texts": dict(texts)}
        self._work = {**_saved(self.draft, self.first), "records": [path.name for path in self._known], **typed}
        self.save_again()

    def save_again(self) -> None:
        """Try again where the last copy could not be saved."""
        self.trouble = None if self._work is None else self._place.keep(self._work)

    def forget(self) -> None:
        """Delete the copy: the decision is recorded, or thrown away."""
        self._work = self.trouble = None
        self._place.forget()

    def catch_up(self) -> None:
        """Compute the verdict anew where the day has changed since."""
        if self.scorecard.on != self.session.on:
            self.scorecard = self._score()
            self.first = self._first()
            now = self.first.decision
            self.change(
                replace(
                    self.draft,
                    decision=replace(self.draft.decision, decided_on=now.decided_on, computed=now.computed),
                )
            )

    def confirm_seal(self) -> None:
        """Save the assessment with a new seal, and let the decision rest on it. Raises NotSaved."""
        file = self.session.workspace.save(self.opened.file, self.opened.assessment)
        self.opened = replace(self.opened, file=file)
        self.first = _resting_on(self.first, file.sha256)
        self._place.sha256 = file.sha256
        self.change(_resting_on(self.draft, file.sha256))

    def record(self) -> DecisionFile:
        """Write the decision to a file of its own. Raises NotSaved."""
        recorded = self.session.workspace.record(self.made(), self.opened.file.path.parent.name, self._known)
        self.forget()
        return recorded


def _resting_on(draft: Draft, sha256: str) -> Draft:
    reference = replace(draft.decision.basis[0], sha256=sha256)
    return replace(draft, decision=replace(draft.decision, assessment=reference))


def _saved(draft: Draft, first: Draft) -> dict[str, Any]:
    """What the person chose: of the decision only what differs from the offer, so that the rest is offered anew."""
    offered = first.decision
    ground, computed = offered.basis
    chosen = {name: getattr(draft.decision, name) for name in CHOSEN}
    return {
        "assessment": ground.sha256,
        "verdict": computed.verdict.value,
        "supersedes": offered.supersedes,
        "offered": [offer.condition.text for offer in first.offers],
        "approved_for": asdict(offered.approved_for),
        "chosen": {
            name: asdict(value) if isinstance(value, ApprovedFor) else value
            for name, value in chosen.items()
            if value != getattr(offered, name)
        },
        "offers": [asdict(offer) for offer in draft.offers],
        "waivers": [asdict(waiver) for waiver in draft.waivers],
    }


def _resumed(left: Left, first: Draft) -> Resumed:
    work = left.work
    draft = replace(
        first,
        decision=replace(
            first.decision, **{name: _chosen(name, value, work, first) for name, value in work["chosen"].items()}
        ),
        offers=tuple(_offers(work, first)),
        waivers=tuple(
            Waiver(**{**waiver, "expires": date.fromisoformat(waiver["expires"])}) for waiver in work["waivers"]
        ),
    )
    asking = _asking(work, first) if "asking" in work else None
    return Resumed(draft, left.at, asking, work.get("texts", {}), tuple(_changes(work, first)), left.elsewhere)


def _chosen(name: str, value: Any, work: Work, first: Draft) -> Any:
    match name:
        case "decision":
            return Verdict(value)
        case "valid_until":
            return _day(value)
        case "consulted" | "considered" | "links":
            return tuple(value)
        case "approved_for":
            # what was offered and left so is as it is offered now: it may have been corrected since
            offered, now = work.get("approved_for", {}), asdict(first.decision.approved_for)
            chosen = {part: now[part] if offered.get(part, ...) == each else each for part, each in value.items()}
            return ApprovedFor(chosen["scope"], chosen["users"], chosen["plan"], tuple(chosen["left_off"]))
        case "rationale" | "decided_by":
            return value
    raise KeyError(name)


def _offers(work: Work, first: Draft) -> Iterator[Offer]:
    """The saved offers; where others are offered now, those, taken or not as before, and what was taken besides."""
    saved = [_offer(offer) for offer in work["offers"]]
    if _is_offered_the_same(work, first):
        yield from saved
        return
    taken = {offer.condition.text: offer.taken for offer in saved}
    for offer in first.offers:
        yield replace(offer, taken=taken.get(offer.condition.text, offer.taken))
    now = {offer.condition.text for offer in first.offers}
    for offer in saved:
        if offer.condition.text not in now and (offer.own or offer.taken):
            yield replace(offer, own=True, carried=False)


def _is_offered_the_same(work: Work, first: Draft) -> bool:
    return bool(work["offered"] == [offer.condition.text for offer in first.offers])


def _offer(table: Work) -> Offer:
    saved = table["condition"]
    condition = Condition(saved["text"], saved["id"], saved["owner"], _day(saved["due"]))
    return Offer(condition, taken=table["taken"], own=table["own"], carried=table["carried"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _asking(work: Work, first: Draft) -> PartAt:
    asked = work["asking"]
    part = FormPart(asked["part"])
    if part is FormPart.CONDITION and not _is_offered_the_same(work, first):
        part = FormPart.ADD  # the conditions stand in other places now
    return PartAt(part, asked["at"], asked["question"])


def _changes(work: Work, first: Draft) -> Iterator[str]:
    now = first.decision
    ground, computed = now.basis
    if work["assessment"] != ground.sha256:
        before, verdict = Verdict(work["verdict"]).words, computed.verdict.words
        changed = f"is still {verdict}" if before == verdict else f"was {before} and is now {verdict}"
        yield f"The assessment has changed since: the verdict {changed}. Check that your texts still fit."
    offered = work.get("approved_for", {})
    for part, is_now in (("users", now.approved_for.users), ("plan", now.approved_for.plan)):
        if part in offered and offered[part] != is_now:
            yield f"{part.capitalize()} corrected since: {offered[part] or 'not stated'} → {is_now or 'not stated'}."
    if work["supersedes"] != now.supersedes:
        yield "Another decision was recorded in the meantime; this one would supersede it."
