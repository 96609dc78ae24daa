"""The draft of a decision kept while it is made, and taken up again where the app was ended before it was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from textual.content import Content

from toolvet.domain.decision import ApprovedFor, Condition, Decision, Waiver
from toolvet.domain.scorecard import Verdict
from toolvet.services.decisions import Draft, Offer
from toolvet.storage.user_state import Left, Unfinished
from toolvet.tui.decide.parts import Part, Row
from toolvet.tui.kit.text_dialogs import HalfTyped, when_words

Work = Mapping[str, Any]
CHOSEN = ("decision", "rationale", "decided_by", "valid_until", "consulted", "considered", "links", "approved_for")
"""What of a decision is chosen; the rest is computed anew."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The dialog that was open: about which row, and the texts in it by field."""

    row: Row
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TakenUp:
    """The draft as it was left, the dialog that was open, if any, and what has to be said about it."""

    draft: Draft
    asking: Asking | None
    words: tuple[str, ...]


class KeptDecision:
    """The draft of a decision on the assessment at that path, as seen from the workspace."""

    def __init__(self, root: Path, path: str, first: Draft) -> None:
        self._place = Unfinished(root, f"decision on {path}")
        self.first = first
        self.work: Work | None = None
        """What there is to keep; None where nothing was chosen or typed."""
        self.trouble: str | None = None
        """Why that could not be kept; None where it was."""

    def left(self) -> TakenUp | None:
        """What was left; None where nothing was."""
        left = self._place.left()
        if not left.work:
            return None
        try:
            taken_up = TakenUp(
                _restored(left.work, self.first), _asking(left.work, self.first), tuple(_words(left, self.first))
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None  # nothing that this program wrote
        self.work = left.work
        return taken_up

    def keep(self, draft: Draft, row: Row | None = None, texts: Mapping[str, str] | None = None) -> str | None:
        """Keeps the draft and what is typed about that row; gives what stood in the way, or None."""
        if draft == self.first and not texts:
            self.forget()
        else:
            asked = {} if row is None or texts is None else _asked_table(row, texts)
            self.work = {**_table(draft, self.first), **asked}
            self.keep_again()
        return self.trouble

    def keep_again(self) -> None:
        """Keeps what there is to keep, where that failed before."""
        self.trouble = None if self.work is None else self._place.keep(self.work)

    def typing(self, draft: Draft, row: Row, texts: Mapping[str, str]) -> HalfTyped:
        """What keeps the texts typed about that row; `texts` are those that were left."""
        return HalfTyped(texts, partial(self.keep, draft, row))

    def forget(self) -> None:
        """There is no draft any more: it is recorded, or thrown away."""
        self.work = self.trouble = None
        self._place.forget()


def _table(draft: Draft, first: Draft) -> dict[str, Any]:
    """What the person chose: of the decision only what is not as it was offered, so that the rest is offered anew."""
    ground = first.decision
    return {
        "assessment": ground.assessment.sha256,
        "verdict": ground.computed.verdict.value,
        "supersedes": ground.supersedes,
        "offered": [offer.condition.text for offer in first.offers],
        "chosen": dict(_chosen(draft.decision, ground)),
        "offers": [asdict(offer) for offer in draft.offers],
        "waivers": [asdict(waiver) for waiver in draft.waivers],
    }


def _chosen(decision: Decision, offered: Decision) -> Iterator[tuple[str, Any]]:
    for name in CHOSEN:
        value = getattr(decision, name)
        if value != getattr(offered, name):
            yield name, asdict(value) if isinstance(value, ApprovedFor) else value


def _asked_table(row: Row, texts: Mapping[str, str]) -> dict[str, Any]:
    return {"asking": {"part": row.part.value, "at": row.at, "question": row.question}, "texts": dict(texts)}


def _restored(work: Work, first: Draft) -> Draft:
    decision = replace(first.decision, **{name: _value(name, value) for name, value in work["chosen"].items()})
    waivers = tuple(_waiver(waiver) for waiver in work["waivers"])
    return replace(first, decision=decision, offers=tuple(_offers(work, first)), waivers=waivers)


def _value(name: str, value: Any) -> Any:
    match name:
        case "decision":
            return Verdict(value)
        case "valid_until":
            return _day(value)
        case "consulted" | "considered" | "links":
            return tuple(value)
        case "approved_for":
            return ApprovedFor(value["scope"], value["users"], value["plan"], tuple(value["left_off"]))
        case "rationale" | "decided_by":
            return value
    raise KeyError(name)


def _offers(work: Work, first: Draft) -> Iterator[Offer]:
    """Those that were left; where others are offered now, these, taken or not as before, and what was taken besides."""
    left = [_offer(offer) for offer in work["offers"]]
    if _is_offered_the_same(work, first):
        yield from left
        return
    taken = {offer.condition.text: offer.taken for offer in left}
    for offer in first.offers:
        yield replace(offer, taken=taken.get(offer.condition.text, offer.taken))
    now = {offer.condition.text for offer in first.offers}
    for offer in left:
        if offer.condition.text not in now and (offer.own or offer.taken):
            yield replace(offer, own=True, carried=False)


def _is_offered_the_same(work: Work, first: Draft) -> bool:
    return bool(work["offered"] == [offer.condition.text for offer in first.offers])


def _offer(table: Work) -> Offer:
    condition = table["condition"]
    due = _day(condition["due"])
    return Offer(
        Condition(condition["text"], condition["id"], condition["owner"], due),
        taken=table["taken"],
        own=table["own"],
        carried=table["carried"],
    )


def _waiver(table: Work) -> Waiver:
    return Waiver(**{**table, "expires": date.fromisoformat(table["expires"])})


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _asking(work: Work, first: Draft) -> Asking | None:
    if "asking" not in work:
        return None
    asked = work["asking"]
    part = Part(asked["part"])
    if part is Part.CONDITION and not _is_offered_the_same(work, first):
        part = Part.ADD  # the conditions stand in other places now
    return Asking(Row(part, Content(""), at=asked["at"], question=asked["question"]), work["texts"])


def _words(left: Left, first: Draft) -> Iterator[str]:
    yield f"Taken up from {when_words(left.at)}; it is not recorded yet. f starts afresh."
    now = first.decision
    if left.work["assessment"] != now.assessment.sha256:
        before = Verdict(left.work["verdict"]).words
        verdict = now.computed.verdict.words
        changed = (
            f"the verdict was {before} and is {verdict}" if before != verdict else f"the verdict is still {verdict}"
        )
        yield f"The assessment has changed since: {changed}. What you wrote is here; look it over."
    if left.work["supersedes"] != now.supersedes:
        yield "Another decision was recorded since; this one would supersede it."
