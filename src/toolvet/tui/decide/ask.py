"""The dialog for each part of a decision; each returns the draft with the new part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from textual.app import App

from toolvet.domain.decision import ApprovedFor, Condition, Decision, Waiver
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import MustHave, Verdict
from toolvet.domain.scoring import add_months
from toolvet.domain.standing import standing_of
from toolvet.report.approval.decision_words import changed_words
from toolvet.report.approval.front_page import question_title
from toolvet.services.decision_draft import Draft, Offer, to_waive
from toolvet.text.escape import listed, one_line, plural
from toolvet.text.labels import day, state_words, verdict_mark
from toolvet.text.record_words import last_day_words
from toolvet.text.sentences import cautions_in_words
from toolvet.tui.assess.facts import FactsScreen
from toolvet.tui.assess.new import fault_of
from toolvet.tui.decide.draft import FormPart, OpenDraft, PartAt
from toolvet.tui.kit.dialogs import Choice, ChooseOne
from toolvet.tui.kit.text_dialogs import Asked, AskFields, AskLine, AskText, HalfTyped, day_fault, read_day

_MEANINGS = {
    Verdict.APPROVE: "It may be used as assessed.",
    Verdict.APPROVE_WITH_CONDITIONS: "It may be used as long as the conditions are met.",
    Verdict.HOLD: "Not yet: something has to be found out first.",
    Verdict.REJECT: "It may not be used.",
}
_SEVERAL = {
    FormPart.CONSULTED: ("Who was consulted?", "Data protection; Works council"),
    FormPart.CONSIDERED: ("Which alternatives were considered?", "Microsoft Teams E3; Nothing"),
    FormPart.LINKS: ("Links to tickets or minutes", "https://tickets.example.com/4711"),
}
_SEPARATE = "Separate several with semicolons."


async def ask_about(app: App[Any], about: PartAt, decided: OpenDraft, half: HalfTyped) -> Draft | None:
    """Ask about that part; None where the person went back, or there is nothing to ask.

    `half` holds the texts of an interrupted dialog, and saves what is typed in this one.
    """
    draft = decided.draft
    match about.part:
        case FormPart.DECISION:
            choice = await app.push_screen_wait(_decision_dialog(decided))
            return None if choice is None else draft.decided(choice)
        case FormPart.CONDITION | FormPart.ADD:
            return await _ask_condition(app, draft, about, half)
        case FormPart.WAIVER:
            return await _ask_waiver(app, decided, about.question, half)
        case FormPart.SCOPE:
            return await _ask_scope(app, decided, half)
        case FormPart.LIMITS:
            typed = await app.push_screen_wait(_limits_dialog(draft, half))
            return None if typed is None else _with_limits(draft, typed)
        case FormPart.OFFERS | FormPart.RECORD:
            return None
        case _:
            text: str | None = await app.push_screen_wait(_text_dialog(about.part, draft.decision, half))
            return None if text is None else replace(draft, decision=_with_text(about.part, draft.decision, text))


def _decision_dialog(decided: OpenDraft) -> ChooseOne[Verdict]:
    verdict = decided.scorecard.verdict
    choices = [
        Choice(each, f"{each.words}  (the verdict)" if each is verdict else each.words, _MEANINGS[each])
        for each in Verdict
    ]
    chosen = decided.draft.decision.decision
    return ChooseOne("What do you decide?", choices, chosen=chosen if isinstance(chosen, Verdict) else None)


async def _ask_condition(app: App[Any], draft: Draft, about: PartAt, half: HalfTyped) -> Draft | None:
    at = about.at if about.part is FormPart.CONDITION else len(draft.offers)
    before = draft.offers[at] if at < len(draft.offers) else None
    known = Condition("") if before is None else before.condition
    fields = (
        Asked("text", "What has to be done", known.text, "Switch recording off for guests.", required=True),
        Asked("owner", "Owner", known.owner or "", "Vendor management"),
        Asked("due", "Due date", _iso(known.due), "2027-03-31", check=day_fault),
    )
    typed = await app.push_screen_wait(AskFields("Condition", fields, drafted=half.keep, taken_up=half.texts))
    if typed is None:
        return None
    condition = Condition(typed["text"], known.id, typed["owner"] or None, read_day(typed["due"]))
    # somebody cared to write it, so it is taken, and stays when the decision changes
    return draft.with_offer(at, Offer(condition, taken=True, own=before is None or before.own or before.carried))


async def _ask_waiver(app: App[Any], decided: OpenDraft, question: str, half: HalfTyped) -> Draft | None:
    draft, scorecard = decided.draft, decided.scorecard
    must_have = next(each for each in to_waive(draft, scorecard) if each.question.id == question)
    latest = add_months(draft.decision.decided_on, scorecard.rubric.policy.waiver_months)
    typed = await app.push_screen_wait(_waiver_dialog(must_have, draft.waiver(question), half, latest))
    if typed is None:
        return None
    expires = read_day(typed["expires"])
    assert expires is not None  # the dialog checks it
    return draft.with_waiver(Waiver(question, typed["reason"], typed["control"], typed["owner"], expires))


def _waiver_dialog(must_have: MustHave, waiver: Waiver | None, half: HalfTyped, latest: date) -> AskFields:
    known = waiver or Waiver("", "", "", "", latest)
    fields = (
        Asked("reason", "Reason", known.reason, "Report promised for spring.", required=True),
        Asked(
            "control",
            "Compensating control",
            known.compensating_control,
            "Captioned phone bridge on request.",
            required=True,
        ),
        Asked("owner", "Owner", known.owner, "CIO", required=True),
        Asked("expires", "Expires", _iso(known.expires), required=True, check=_until(latest)),
    )
    state = f"Required level: {must_have.must_reach}. State: {state_words(must_have.state)}."
    return AskFields(
        f"Waiver: {must_have.question.heading}",
        fields,
        text=f"{must_have.question.text}\n\n{state}",
        drafted=half.keep,
        taken_up=half.texts,
    )


def _until(latest: date) -> Callable[[str], str | None]:
    def check(text: str) -> str | None:
        found = read_day(text)
        if found is None:
            return day_fault(text)
        return f"the policy allows {latest} at the latest." if found > latest else None

    return check


async def _ask_scope(app: App[Any], decided: OpenDraft, half: HalfTyped) -> Draft:
    draft = decided.draft
    approved = draft.decision.approved_for
    facts = FactsScreen(
        decided.opened.rubric,
        half.texts or approved.scope,
        subject=decided.subject,
        ending="Facts left blank are not covered by the approval.",
        given_now=half.keep,
    )
    given = await app.push_screen_wait(facts)
    return replace(draft, decision=replace(draft.decision, approved_for=replace(approved, scope=given.scope)))


def _limits_dialog(draft: Draft, half: HalfTyped) -> AskFields:
    approved = draft.decision.approved_for
    users = "" if approved.users is None else str(approved.users)
    fields = (
        Asked("users", "Users", users, "400", check=lambda text: fault_of("users", text)),
        Asked("plan", "Plan", approved.plan or "", "Business"),
        Asked("left_off", "Not covered", "; ".join(approved.left_off), "AI companion; cloud recording"),
    )
    text = f"The approval covers this and nothing more. {_SEPARATE}"
    return AskFields("Approved for", fields, text=text, drafted=half.keep, taken_up=half.texts)


def _with_limits(draft: Draft, typed: Mapping[str, str]) -> Draft:
    approved = replace(
        draft.decision.approved_for,
        users=int(typed["users"]) if typed["users"] else None,
        plan=typed["plan"] or None,
        left_off=_parts(typed["left_off"]),
    )
    return replace(draft, decision=replace(draft.decision, approved_for=approved))


def _text_dialog(part: FormPart, decision: Decision, half: HalfTyped) -> AskLine | AskText:
    keep, text = half.keep_text, half.text
    match part:
        case FormPart.RATIONALE:
            hint = "The reasons, for somebody who was not there."
            return AskText("Rationale", decision.rationale or "", hint=hint, drafted=keep, taken_up=text)
        case FormPart.DECIDED_BY:
            return AskLine("Who decides?", decision.decided_by, required=True, drafted=keep, taken_up=text)
        case FormPart.VALID_UNTIL:
            day, hint = _iso(decision.valid_until), "e.g. 2027-11-20"
            return AskLine("Valid until", day, hint=hint, check=day_fault, drafted=keep, taken_up=text)
    title, example = _SEVERAL[part]
    named = "; ".join(getattr(decision, part.value))
    return AskLine(title, named, text=_SEPARATE, hint=f"e.g. {example}", drafted=keep, taken_up=text)


def _with_text(part: FormPart, decision: Decision, text: str) -> Decision:
    match part:
        case FormPart.RATIONALE:
            return replace(decision, rationale=text or None)
        case FormPart.DECIDED_BY:
            return replace(decision, decided_by=text)
        case FormPart.VALID_UNTIL:
            return replace(decision, valid_until=read_day(text))
        case FormPart.CONSULTED:
            return replace(decision, consulted=_parts(text))
        case FormPart.CONSIDERED:
            return replace(decision, considered=_parts(text))
    return replace(decision, links=_parts(text))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for each in text.split(";") if (part := each.strip()))


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def decision_text(decision: Decision, rubric: Rubric, earlier: Sequence[Decision] = (), *, unmet: int = 0) -> str:
    """What will be recorded: warnings first, and what changes against the `earlier` decisions that it supersedes."""
    kept = "It is kept as it is: a later decision replaces it, and both stay in the history."
    return "\n".join((*_lines(decision, rubric, earlier, unmet), "", kept))


def _lines(decision: Decision, rubric: Rubric, earlier: Sequence[Decision], unmet: int) -> Iterator[str]:
    yield f"{verdict_mark(decision.decision)}   (the verdict is {decision.basis[1].verdict.words})"
    last = last_day_words(decision, standing_of(decision, decision.decided_on))
    until = f", valid until {last}" if last else ", with no end date" if decision.is_approval else ""
    yield f"by {one_line(decision.decided_by)} on {day(decision.decided_on)}{until}"
    yield " · ".join(
        (
            plural(len(decision.conditions), "condition") if decision.conditions else "no conditions",
            plural(len(decision.waivers), "waiver") if decision.waivers else "no waivers",
            f"{plural(unmet, 'must-have')} not met" if unmet else "every must-have met",
        )
    )
    if warned := cautions_in_words(decision):
        yield from ("", *(f"! {one_line(each)}" for each in warned))
    for before in earlier:
        changes = changed_words(before, decision, rubric) or ("Only the date and the rationale.",)
        yield from (
            "",
            f"Changed since the decision of {day(before.decided_on)}",
            *(f"· {one_line(each)}" for each in changes),
        )
    if decision.rationale:
        yield from ("", decision.rationale)
    yield from _approved_lines(decision.approved_for, rubric)
    if decision.conditions:
        yield from ("", "Conditions", *map(_condition_line, decision.conditions))
    if decision.waivers:
        yield from ("", "Waivers", *(_waiver_line(waiver, rubric) for waiver in decision.waivers))
    named_lists = (
        ("Consulted", decision.consulted),
        ("Considered", decision.considered),
        ("Links", decision.links),
        ("Supersedes", decision.replaces),
    )
    yield from (f"{label}: {one_line(listed(named))}" for label, named in named_lists if named)


def _approved_lines(approved: ApprovedFor, rubric: Rubric) -> Iterator[str]:
    if approved.scope or approved.users is not None or approved.plan:
        users = "any number of users" if approved.users is None else f"{approved.users} users"
        plan = f", plan {one_line(approved.plan)}" if approved.plan else ""
        off = f", not covering {one_line(listed(approved.left_off))}" if approved.left_off else ""
        yield from ("", f"For {users}{plan}{off}; {len(approved.scope)} of {len(rubric.scope)} scope facts as given.")


def _condition_line(condition: Condition) -> str:
    due = "no due date" if condition.due is None else f"due {day(condition.due)}"
    return f"· {one_line(condition.text)} ({one_line(condition.owner or 'no owner')}, {due})"


def _waiver_line(waiver: Waiver, rubric: Rubric) -> str:
    title = one_line(question_title(rubric, waiver.question))
    words = f"{one_line(waiver.reason)} Instead: {one_line(waiver.compensating_control)}"
    return f"· {title}: {words} ({one_line(waiver.owner)}, until {day(waiver.expires)})"
