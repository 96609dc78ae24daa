"""What is asked about each part of a decision, and what the answer makes of the draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from textual.app import App
from textual.content import Content

from toolvet.domain.decision import Condition, Decision, Waiver
from toolvet.domain.decision_rules import warnings
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import MustHave, Scorecard, Verdict
from toolvet.domain.scoring import add_months
from toolvet.report.approval.decision_words import changed_words
from toolvet.report.approval.front_page import question_title
from toolvet.services.decisions import Draft, Offer, to_waive
from toolvet.text.escape import listed, one_line, plural
from toolvet.text.labels import VERDICT_STYLES, verdict_mark
from toolvet.tui.assess.facts import FactsScreen
from toolvet.tui.assess.new import fault_of
from toolvet.tui.kit.content import below_each_other, in_a_row, on_one_line
from toolvet.tui.kit.dialogs import Choice, ChooseOne
from toolvet.tui.kit.text_dialogs import Asked, AskFields, AskLine, AskText, HalfTyped, day_fault, read_day

MEANINGS = {
    Verdict.APPROVE: "It may be used as it was assessed.",
    Verdict.APPROVE_WITH_CONDITIONS: "It may be used once, or as long as, the conditions are met.",
    Verdict.HOLD: "Not yet: something has to be found out first.",
    Verdict.REJECT: "It may not be used.",
}


def ask_decision(draft: Draft, scorecard: Scorecard) -> ChooseOne[Verdict]:
    """Which of the four."""
    choices = [
        Choice(each, each.words + ("  (the verdict)" if each is scorecard.verdict else ""), MEANINGS[each])
        for each in Verdict
    ]
    return ChooseOne("What is decided?", choices, chosen=draft.decision.decision)


def ask_condition(condition: Condition | None, half: HalfTyped) -> AskFields:
    """The condition's text, owner and day."""
    known = condition or Condition("")
    fields = (
        Asked("text", "What has to be done", known.text, "Switch recording off for guests.", required=True),
        Asked("owner", "Who sees to it", known.owner or "", "Vendor management"),
        Asked("due", "By when", _day(known.due), "2027-03-31", check=day_fault),
    )
    return AskFields("Condition", fields, drafted=half.keep, taken_up=half.texts)


def made_condition(typed: Mapping[str, str], before: Offer | None) -> Offer:
    """The condition as it was typed; taken, since somebody cared to write it, and kept when the decision changes."""
    condition_id = before.condition.id if before else None
    condition = Condition(typed["text"], condition_id, typed["owner"] or None, read_day(typed["due"]))
    return Offer(condition, taken=True, own=before is None or before.own or before.carried)


def ask_waiver(must_have: MustHave, waiver: Waiver | None, half: HalfTyped, *, latest: date) -> AskFields:
    """Why the must-have may be set aside, what stands in for it, who answers for that, and until when."""
    text = f"{must_have.question.text}\n\nIt must reach {must_have.must_reach}; it is {must_have.state.value}."
    fields = (
        Asked("reason", "Why", waiver.reason if waiver else "", "Report promised for spring.", required=True),
        Asked(
            "control",
            "What stands in for it",
            waiver.compensating_control if waiver else "",
            "Captioned phone bridge on request.",
            required=True,
        ),
        Asked("owner", "Who answers for it", waiver.owner if waiver else "", "CIO", required=True),
        Asked("expires", "Until", _day(waiver.expires if waiver else latest), required=True, check=_until(latest)),
    )
    title = f"Waiver: {must_have.question.title}"
    return AskFields(title, fields, text=text, drafted=half.keep, taken_up=half.texts)


def made_waiver(typed: Mapping[str, str], must_have: MustHave) -> Waiver:
    """The waiver as it was typed."""
    expires = read_day(typed["expires"])
    assert expires is not None  # the dialog checks it
    return Waiver(must_have.question.id, typed["reason"], typed["control"], typed["owner"], expires)


def latest_waiver(scorecard: Scorecard, on: date) -> date:
    """The last day that the policy allows a waiver."""
    return add_months(on, scorecard.rubric.policy.waiver_months)


def ask_limits(draft: Draft, half: HalfTyped) -> AskFields:
    """For how many people, which plan, and what is left off."""
    approved = draft.decision.approved_for
    fields = (
        Asked("users", "Users", "" if approved.users is None else str(approved.users), "400", check=_whole),
        Asked("plan", "Plan", approved.plan or "", "Business"),
        Asked("left_off", "Left off", "; ".join(approved.left_off), "AI companion; cloud recording"),
    )
    text = "This and nothing more. Put a semicolon between several."
    return AskFields("Approved for", fields, text=text, drafted=half.keep, taken_up=half.texts)


def with_limits(draft: Draft, typed: Mapping[str, str]) -> Draft:
    """The draft with these limits."""
    approved = replace(
        draft.decision.approved_for,
        users=int(typed["users"]) if typed["users"] else None,
        plan=typed["plan"] or None,
        left_off=parts_of(typed["left_off"]),
    )
    return replace(draft, decision=replace(draft.decision, approved_for=approved))


def parts_of(text: str) -> tuple[str, ...]:
    """What stands between semicolons."""
    return tuple(part for each in text.split(";") if (part := each.strip()))


def _whole(text: str) -> str | None:
    return fault_of("users", text)


def _until(latest: date) -> Callable[[str], str | None]:
    def check(text: str) -> str | None:
        day = read_day(text)
        if day is None:
            return day_fault(text)
        return f"the policy allows {latest.isoformat()} at most." if day > latest else None

    return check


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


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
        yield Row(Part.VALID_UNTIL, _labelled("Valid until", _value(_day_words(draft.decision.valid_until), "no end")))


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


def _day_words(day: object) -> str:
    return "" if day is None else str(day)


def missing_words(faults: Sequence[str]) -> Content:
    """The first things that are missing, and how many more there are."""
    more = len(faults) - MISSING_SHOWN
    rest = [Content.styled(f"and {more} more; w lists them all", "$text-muted")] if more > 0 else []
    return below_each_other(*(on_one_line(f"✗ {fault}") for fault in faults[:MISSING_SHOWN]), *rest)


SEVERAL = {
    Part.CONSULTED: ("Who was consulted?", "Data protection; Works council"),
    Part.CONSIDERED: ("What else was considered?", "Microsoft Teams E3; Nothing"),
    Part.LINKS: ("Links to tickets or minutes", "https://tickets.example.com/4711"),
}
"""The question and an example for each part that names several."""


async def ask_about(
    app: App[Any], row: Row, draft: Draft, scorecard: Scorecard, subject: str, half: HalfTyped
) -> Draft | None:
    """The draft with the answer about that row; None where the person went back, or there is nothing to ask.

    `half` has what was typed about it where the app was ended, and keeps what is typed now.
    """
    match row.part:
        case Part.DECISION:
            choice = await app.push_screen_wait(ask_decision(draft, scorecard))
            return None if choice is None else draft.decided(choice)
        case Part.CONDITION | Part.ADD:
            return await _ask_condition(app, draft, row.at if row.part is Part.CONDITION else None, half)
        case Part.WAIVER:
            return await _ask_waiver(app, draft, scorecard, row.question, half)
        case Part.SCOPE:
            return await _ask_scope(app, draft, scorecard, subject, half)
        case Part.LIMITS:
            typed = await app.push_screen_wait(ask_limits(draft, half))
            return None if typed is None else with_limits(draft, typed)
        case Part.RATIONALE | Part.VALID_UNTIL | Part.DECIDED_BY:
            return await _ask_text(app, draft, row.part, half)
        case Part.CONSULTED | Part.CONSIDERED | Part.LINKS:
            return await _ask_several(app, draft, row.part, half)
        case Part.OFFERS | Part.RECORD:
            return None


async def _ask_condition(app: App[Any], draft: Draft, at: int | None, half: HalfTyped) -> Draft | None:
    before = None if at is None else draft.offers[at]
    typed = await app.push_screen_wait(ask_condition(before.condition if before else None, half))
    if typed is None:
        return None
    return draft.with_offer(len(draft.offers) if at is None else at, made_condition(typed, before))


async def _ask_waiver(
    app: App[Any], draft: Draft, scorecard: Scorecard, question: str, half: HalfTyped
) -> Draft | None:
    must_have = next(each for each in to_waive(draft, scorecard) if each.question.id == question)
    latest = latest_waiver(scorecard, draft.decision.decided_on)
    typed = await app.push_screen_wait(ask_waiver(must_have, draft.waiver(question), half, latest=latest))
    return None if typed is None else draft.with_waiver(made_waiver(typed, must_have))


async def _ask_scope(app: App[Any], draft: Draft, scorecard: Scorecard, subject: str, half: HalfTyped) -> Draft:
    approved = draft.decision.approved_for
    ending = "What is not given here is not approved."
    scope = half.texts or approved.scope
    facts = FactsScreen(scorecard.rubric, scope, subject=subject, ending=ending, given_now=half.keep)
    given = await app.push_screen_wait(facts)
    return replace(draft, decision=replace(draft.decision, approved_for=replace(approved, scope=given.scope)))


async def _ask_text(app: App[Any], draft: Draft, part: Part, half: HalfTyped) -> Draft | None:
    decision = draft.decision
    keep, taken_up = half.keep_text, half.text
    if part is Part.RATIONALE:
        hint = "Why this decision, for somebody who was not there."
        text = await app.push_screen_wait(
            AskText("Rationale", decision.rationale or "", hint=hint, drafted=keep, taken_up=taken_up)
        )
        return None if text is None else replace(draft, decision=replace(decision, rationale=text or None))
    if part is Part.DECIDED_BY:
        by = await app.push_screen_wait(
            AskLine("Who decides?", decision.decided_by, required=True, drafted=keep, taken_up=taken_up)
        )
        return None if by is None else replace(draft, decision=replace(decision, decided_by=by))
    until = decision.valid_until.isoformat() if decision.valid_until else ""
    day = await app.push_screen_wait(
        AskLine("Valid until", until, hint="e.g. 2027-11-20", check=day_fault, drafted=keep, taken_up=taken_up)
    )
    return None if day is None else replace(draft, decision=replace(decision, valid_until=read_day(day)))


async def _ask_several(app: App[Any], draft: Draft, part: Part, half: HalfTyped) -> Draft | None:
    decision = draft.decision
    named = {
        Part.CONSULTED: decision.consulted,
        Part.CONSIDERED: decision.considered,
        Part.LINKS: decision.links,
    }[part]
    title, example = SEVERAL[part]
    asking = AskLine(
        title,
        "; ".join(named),
        text="Put a semicolon between several.",
        hint=f"e.g. {example}",
        drafted=half.keep_text,
        taken_up=half.text,
    )
    text = await app.push_screen_wait(asking)
    if text is None:
        return None
    several = parts_of(text)
    match part:
        case Part.CONSULTED:
            return replace(draft, decision=replace(decision, consulted=several))
        case Part.CONSIDERED:
            return replace(draft, decision=replace(decision, considered=several))
        case _:
            return replace(draft, decision=replace(decision, links=several))


def decision_text(decision: Decision, rubric: Rubric, earlier: Sequence[Decision] = ()) -> str:
    """Everything that will be recorded, a line or two each, and first what should be meant.

    `earlier` are the decisions that this one supersedes; what it changes against them is said.
    """
    return "\n".join(_lines(decision, rubric, earlier))


def _lines(decision: Decision, rubric: Rubric, earlier: Sequence[Decision]) -> Iterator[str]:
    yield f"{verdict_mark(decision.decision)}   (the verdict is {decision.computed.verdict.words})"
    yield f"by {one_line(decision.decided_by)} on {decision.decided_on.isoformat()}{_until_words(decision.valid_until)}"
    if meant := warnings(decision):
        yield from ("", *(f"! {one_line(each)}" for each in meant))
    for before in earlier:
        changes = changed_words(before, decision, rubric) or ("Nothing but the day and the rationale.",)
        yield from (
            "",
            f"Changed since the decision of {before.decided_on}",
            *(f"· {one_line(each)}" for each in changes),
        )
    if decision.rationale:
        yield from ("", decision.rationale)
    approved = decision.approved_for
    if approved.scope or approved.users is not None or approved.plan:
        users = f"{approved.users} users" if approved.users is not None else "any number of users"
        plan = f", plan {one_line(approved.plan)}" if approved.plan else ""
        off = f", without {one_line(listed(approved.left_off))}" if approved.left_off else ""
        yield from ("", f"For {users}{plan}{off}; {len(approved.scope)} of {len(rubric.scope)} scope facts as given.")
    if decision.conditions:
        yield from ("", "Conditions", *(_condition(condition) for condition in decision.conditions))
    if decision.waivers:
        yield from ("", "Waivers", *(_waiver_words(waiver, rubric) for waiver in decision.waivers))
    named_lists = (
        ("Consulted", decision.consulted),
        ("Considered", decision.considered),
        ("Links", decision.links),
        ("Supersedes", decision.replaces),
    )
    for label, named in named_lists:
        if named:
            yield f"{label}: {one_line(listed(named))}"


def _condition(condition: Condition) -> str:
    owner = f" ({one_line(condition.owner)})" if condition.owner else " (no owner)"
    return f"· {one_line(condition.text)}{owner}{f', due {condition.due.isoformat()}' if condition.due else ', no day'}"


def _waiver_words(waiver: Waiver, rubric: Rubric) -> str:
    said = f"{one_line(waiver.reason)} Instead: {one_line(waiver.compensating_control)}"
    title = one_line(question_title(rubric, waiver.question))
    return f"· {title}: {said} ({one_line(waiver.owner)}, until {waiver.expires.isoformat()})"


def _until_words(day: date | None) -> str:
    return f", valid until {day.isoformat()}" if day is not None else ""
