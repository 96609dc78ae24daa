"""Asking about one part of a decision, and the draft as the answer makes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.app import App

from toolvet.domain.scorecard import Scorecard
from toolvet.tui import decision_parts as parts
from toolvet.tui.dates import day_fault, read_day
from toolvet.tui.draft import Draft, to_waive
from toolvet.tui.facts import FactsScreen
from toolvet.tui.half_typed import HalfTyped
from toolvet.tui.text_dialogs import AskLine, AskText
from toolvet.tui.widgets.decision_rows import Part, Row

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
            choice = await app.push_screen_wait(parts.ask_decision(draft, scorecard))
            return None if choice is None else draft.decided(choice)
        case Part.CONDITION | Part.ADD:
            return await _ask_condition(app, draft, row.at if row.part is Part.CONDITION else None, half)
        case Part.WAIVER:
            return await _ask_waiver(app, draft, scorecard, row.question, half)
        case Part.SCOPE:
            return await _ask_scope(app, draft, scorecard, subject, half)
        case Part.LIMITS:
            typed = await app.push_screen_wait(parts.ask_limits(draft, half))
            return None if typed is None else parts.with_limits(draft, typed)
        case Part.RATIONALE | Part.VALID_UNTIL | Part.DECIDED_BY:
            return await _ask_text(app, draft, row.part, half)
        case Part.CONSULTED | Part.CONSIDERED | Part.LINKS:
            return await _ask_several(app, draft, row.part, half)
        case Part.OFFERS | Part.RECORD:
            return None


async def _ask_condition(app: App[Any], draft: Draft, at: int | None, half: HalfTyped) -> Draft | None:
    before = None if at is None else draft.offers[at]
    typed = await app.push_screen_wait(parts.ask_condition(before.condition if before else None, half))
    if typed is None:
        return None
    return draft.with_offer(len(draft.offers) if at is None else at, parts.made_condition(typed, before))


async def _ask_waiver(
    app: App[Any], draft: Draft, scorecard: Scorecard, question: str, half: HalfTyped
) -> Draft | None:
    must_have = next(each for each in to_waive(draft, scorecard) if each.question.id == question)
    latest = parts.latest_waiver(scorecard, draft.decision.decided_on)
    typed = await app.push_screen_wait(parts.ask_waiver(must_have, draft.waiver(question), half, latest=latest))
    return None if typed is None else draft.with_waiver(parts.made_waiver(typed, must_have))


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
    several = parts.several(text)
    match part:
        case Part.CONSULTED:
            return replace(draft, decision=replace(decision, consulted=several))
        case Part.CONSIDERED:
            return replace(draft, decision=replace(decision, considered=several))
        case _:
            return replace(draft, decision=replace(decision, links=several))
