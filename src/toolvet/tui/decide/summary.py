"""Everything that a decision will say, in plain lines to review before it is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolvet.domain.decision import ApprovedFor, Condition, Decision, Waiver
from toolvet.domain.rubric import Rubric
from toolvet.report.approval.decision_words import changed_words
from toolvet.report.approval.front_page import question_title
from toolvet.text.escape import listed, one_line
from toolvet.text.labels import verdict_mark
from toolvet.text.sentences import cautions_in_words


def decision_text(decision: Decision, rubric: Rubric, earlier: Sequence[Decision] = ()) -> str:
    """What will be recorded: warnings first, and what changes against the `earlier` decisions that it supersedes."""
    return "\n".join(_lines(decision, rubric, earlier))


def _lines(decision: Decision, rubric: Rubric, earlier: Sequence[Decision]) -> Iterator[str]:
    yield f"{verdict_mark(decision.decision)}   (the verdict is {decision.computed.verdict.words})"
    until = "" if decision.valid_until is None else f", valid until {decision.valid_until}"
    yield f"by {one_line(decision.decided_by)} on {decision.decided_on}{until}"
    if warned := cautions_in_words(decision):
        yield from ("", *(f"! {one_line(each)}" for each in warned))
    for before in earlier:
        changes = changed_words(before, decision, rubric) or ("Only the date and the rationale.",)
        yield from (
            "",
            f"Changed since the decision of {before.decided_on}",
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
    due = "no due date" if condition.due is None else f"due {condition.due}"
    return f"· {one_line(condition.text)} ({one_line(condition.owner or 'no owner')}, {due})"


def _waiver_line(waiver: Waiver, rubric: Rubric) -> str:
    title = one_line(question_title(rubric, waiver.question))
    words = f"{one_line(waiver.reason)} Instead: {one_line(waiver.compensating_control)}"
    return f"· {title}: {words} ({one_line(waiver.owner)}, until {waiver.expires})"
