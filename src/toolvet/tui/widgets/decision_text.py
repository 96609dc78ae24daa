"""A decision in plain words, for the look before it is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from toolvet.domain.deciding import warnings
from toolvet.domain.decision import Condition, Decision, Waiver
from toolvet.domain.rubric import Rubric
from toolvet.report.decision_changes import changed_words
from toolvet.report.standing import question_title
from toolvet.report.text import listed, one_line
from toolvet.tui.widgets.marks import verdict_mark


def decision_text(decision: Decision, rubric: Rubric, earlier: Sequence[Decision] = ()) -> str:
    """Everything that will be recorded, a line or two each, and first what should be meant.

    `earlier` are the decisions that this one supersedes; what it changes against them is said.
    """
    return "\n".join(_lines(decision, rubric, earlier))


def _lines(decision: Decision, rubric: Rubric, earlier: Sequence[Decision]) -> Iterator[str]:
    yield f"{verdict_mark(decision.decision)}   (the verdict is {decision.computed.verdict.words})"
    yield f"by {one_line(decision.decided_by)} on {decision.decided_on.isoformat()}{_until(decision.valid_until)}"
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
        yield from ("", "Waivers", *(_waiver(waiver, rubric) for waiver in decision.waivers))
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


def _waiver(waiver: Waiver, rubric: Rubric) -> str:
    said = f"{one_line(waiver.reason)} Instead: {one_line(waiver.compensating_control)}"
    title = one_line(question_title(rubric, waiver.question))
    return f"· {title}: {said} ({one_line(waiver.owner)}, until {waiver.expires.isoformat()})"


def _until(day: date | None) -> str:
    return f", valid until {day.isoformat()}" if day is not None else ""
