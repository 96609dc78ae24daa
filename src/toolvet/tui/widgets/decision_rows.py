"""The parts of a decision as rows of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from textual.content import Content

from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import MustHave, Scorecard
from toolvet.report.text import listed, plural
from toolvet.tui.draft import Draft, Offer, to_waive
from toolvet.tui.widgets.marks import VERDICT_STYLES, verdict_mark
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line

LABEL_WIDTH = 15
MISSING_SHOWN = 3
_BEFORE = " · of the decision before"


class Part(StrEnum):
    """What a row is about."""

    DECISION = "decision"
    RATIONALE = "rationale"
    CONDITION = "condition"
    OFFERS = "offers"
    ADD = "add"
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
class Row:
    """One row; `at` counts the conditions, `question` names the must-have of a waiver."""

    part: Part
    words: Content
    at: int = 0
    question: str = ""


def decision_rows(draft: Draft, scorecard: Scorecard, missing: int, *, width: int, all_offers: bool) -> tuple[Row, ...]:
    """Every row, in the order in which a decision is made; offered conditions that are not taken only on demand."""
    decision = draft.decision
    departs = decision.decision is not scorecard.verdict
    mark = Content.styled(verdict_mark(decision.decision), f"bold {VERDICT_STYLES[decision.decision]}")
    rationale = "needed: it departs from the verdict" if departs else "none needed; a sentence helps the reader"
    return (
        Row(Part.DECISION, _labelled("Decision", mark)),
        Row(Part.RATIONALE, _labelled("Rationale", _value(decision.rationale, rationale, needed=departs))),
        *_conditions(draft, width, all_offers=all_offers),
        *_waivers(draft, scorecard),
        *_approved_for(draft, scorecard.rubric),
        Row(Part.CONSULTED, _labelled("Consulted", _several(decision.consulted, draft.over.consulted, "nobody named"))),
        Row(
            Part.CONSIDERED,
            _labelled("Considered", _several(decision.considered, draft.over.considered, "no other way named")),
        ),
        Row(Part.LINKS, _labelled("Links", _several(decision.links, draft.over.links, "none"))),
        *_valid_until(draft),
        Row(Part.DECIDED_BY, _labelled("Decided by", _value(decision.decided_by, "needed", needed=True))),
        Row(Part.RECORD, below_each_other("", _record(missing))),
    )


def _conditions(draft: Draft, width: int, *, all_offers: bool) -> Iterator[Row]:
    label = "Conditions"
    for at, offer in enumerate(draft.offers):
        if offer.is_shown or all_offers:
            yield Row(Part.CONDITION, _labelled(label, _offer(offer, width - LABEL_WIDTH)), at=at)
            label = ""
    hidden = sum(not offer.is_shown for offer in draft.offers)
    if hidden and not all_offers:
        words = f"{hidden} offered from what fell short; enter shows them"
        yield Row(Part.OFFERS, _labelled(label, Content.styled(words, "$text-muted")))
        label = ""
    add = in_a_row(
        Content.styled("a", "bold $footer-key-foreground"), Content.styled("  add a condition", "$text-muted")
    )
    yield Row(Part.ADD, _labelled(label, add))


def _offer(offer: Offer, width: int) -> Content:
    """One line where it is not taken; else the whole text with owner and day below it."""
    if not offer.taken:
        text = on_one_line(offer.condition.text, "$text-muted").truncate(max(8, width - 4), ellipsis=True)
        return in_a_row(Content.styled("[ ] ", "$text-muted"), text)
    text = on_one_line(offer.condition.text)
    owner = on_one_line(offer.condition.owner or "nobody sees to it yet", "$text-muted")
    due = Content.styled(f" · due {offer.condition.due}" if offer.condition.due else " · no day", "$text-muted")
    origin = Content.styled(_BEFORE if offer.carried else "", "$text-muted")
    rows = [*text.wrap(max(8, width - 4)), in_a_row(owner, due, origin)]
    below = Content("\n" + " " * (LABEL_WIDTH + 4)).join(rows)
    return in_a_row(Content.styled("[x] ", "bold $text-success"), below)


def _waivers(draft: Draft, scorecard: Scorecard) -> Iterator[Row]:
    for at, must_have in enumerate(to_waive(draft, scorecard)):
        label = "Waivers" if at == 0 else ""
        yield Row(Part.WAIVER, _labelled(label, _waiver(draft, must_have)), question=must_have.question.id)


def _waiver(draft: Draft, must_have: MustHave) -> Content:
    waiver = draft.waiver(must_have.question.id)
    title = on_one_line(must_have.question.title)
    if waiver is None:
        return in_a_row(Content.styled("✗ ", "bold $text-error"), title, Content.styled("  needed", "$text-error"))
    said = f"  {waiver.owner}, until {waiver.expires.isoformat()}"
    origin = Content.styled(_BEFORE if waiver in draft.over.waivers else "", "$text-muted")
    return in_a_row(Content.styled("✓ ", "bold $text-success"), title, on_one_line(said, "$text-muted"), origin)


def _approved_for(draft: Draft, rubric: Rubric) -> Iterator[Row]:
    if not draft.is_approval:
        return
    approved = draft.decision.approved_for
    scope = f"{plural(len(approved.scope), 'scope fact')} of {len(rubric.scope)}"
    data = approved.scope.get("data")
    yield Row(Part.SCOPE, _labelled("Approved for", on_one_line(f"{scope}{f', data {data}' if data else ''}")))
    users = plural(approved.users, "user") if approved.users is not None else "any number of users"
    plan = f"plan {approved.plan}" if approved.plan else "any plan"
    off = _marked(approved.left_off, draft.over.left_off)
    left_off = f"left off: {listed(off)}" if off else "nothing left off"
    yield Row(Part.LIMITS, _labelled("", on_one_line(f"{users} · {plan} · {left_off}")))


def _valid_until(draft: Draft) -> Iterator[Row]:
    if draft.is_approval:
        yield Row(Part.VALID_UNTIL, _labelled("Valid until", _value(_day(draft.decision.valid_until), "no end")))


def _record(missing: int) -> Content:
    key = Content.styled("w  ", "bold $footer-key-foreground")
    if missing:
        return in_a_row(
            key, Content.styled(f"{plural(missing, 'thing')} missing before it can be recorded", "$text-warning")
        )
    return in_a_row(key, Content.styled("Look it over once more and record it", "bold"))


def _labelled(label: str, value: Content) -> Content:
    return in_a_row(Content.styled(f"{label:<{LABEL_WIDTH}}", "$text-muted"), value)


def _value(text: str | None, otherwise: str, *, needed: bool = False) -> Content:
    if text:
        return on_one_line(text)
    return Content.styled(otherwise, "$text-warning" if needed else "$text-muted")


def _several(texts: Sequence[str], before: Sequence[str], otherwise: str) -> Content:
    return _value("; ".join(_marked(texts, before)), otherwise)


def _marked(texts: Sequence[str], before: Sequence[str]) -> list[str]:
    """Each with whether it was taken over from the decision before."""
    return [f"{text} (of the decision before)" if text in before else text for text in texts]


def _day(day: object) -> str:
    return "" if day is None else str(day)


def missing_words(faults: Sequence[str]) -> Content:
    """The first things that are missing, and how many more there are."""
    more = len(faults) - MISSING_SHOWN
    rest = [Content.styled(f"and {more} more; w lists them all", "$text-muted")] if more > 0 else []
    return below_each_other(*(on_one_line(f"✗ {fault}") for fault in faults[:MISSING_SHOWN]), *rest)
