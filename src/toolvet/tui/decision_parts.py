"""What is asked about each part of a decision, and what the answer makes of the draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from toolvet.domain.decision import Condition, Waiver
from toolvet.domain.months import add_months
from toolvet.domain.scorecard import MustHave, Scorecard, Verdict
from toolvet.tui.dates import day_fault, read_day
from toolvet.tui.dialogs import Choice, ChooseOne
from toolvet.tui.draft import Draft, Offer
from toolvet.tui.field_dialog import Asked, AskFields
from toolvet.tui.half_typed import HalfTyped
from toolvet.tui.widgets.tool_form import fault_of

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
        left_off=several(typed["left_off"]),
    )
    return replace(draft, decision=replace(draft.decision, approved_for=approved))


def several(text: str) -> tuple[str, ...]:
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
