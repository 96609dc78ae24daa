"""What a decision changed against the one before, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolvet.domain.decision import Condition, Decision
from toolvet.domain.rubric import Rubric
from toolvet.domain.standing import is_approved
from toolvet.report.standing import question_title
from toolvet.report.text import ended, listed
from toolvet.report.words import day


def changed_words(before: Decision, now: Decision, rubric: Rubric) -> tuple[str, ...]:
    """A sentence for each thing that is not as it was; empty where only day and rationale are new."""
    return tuple(_changes(before, now, rubric))


def _changes(before: Decision, now: Decision, rubric: Rubric) -> Iterator[str]:
    if before.decision is not now.decision:
        yield f"The decision was {before.decision.words} and is {now.decision.words}."
    if before.decided_by != now.decided_by:
        yield f"It was decided by {before.decided_by}, and now by {now.decided_by}."
    if is_approved(now):
        yield from _limits(before, now, rubric)
        yield from _lists("Left off", before.approved_for.left_off, now.approved_for.left_off)
        yield from _conditions(before.conditions, now.conditions)
        yield from _waivers(before, now, rubric)
    yield from _lists("Consulted", before.consulted, now.consulted)
    yield from _lists("Considered", before.considered, now.considered)
    yield from _lists("Links", before.links, now.links)
    if is_approved(now) and before.valid_until != now.valid_until and now.valid_until is not None:
        was = "without an end" if before.valid_until is None else f"until {day(before.valid_until)}"
        yield f"It was valid {was}, and is valid until {day(now.valid_until)}."


def _limits(before: Decision, now: Decision, rubric: Rubric) -> Iterator[str]:
    was, is_now = before.approved_for, now.approved_for
    for name, old, new in (("Users", was.users, is_now.users), ("Plan", was.plan, is_now.plan)):
        if old != new:
            yield f"{name}: {_said(old)} before, {_said(new)} now."
    for fact_id in dict.fromkeys((*was.scope, *is_now.scope)):
        old_option, new_option = was.scope.get(fact_id), is_now.scope.get(fact_id)
        if old_option != new_option:
            fact = rubric.scope_fact(fact_id)
            name = fact_id if fact is None else fact.text
            yield f"{name} {_said(old_option)} before, {_said(new_option)} now."


def _conditions(before: Sequence[Condition], now: Sequence[Condition]) -> Iterator[str]:
    old, new = ({one.id or one.text: one for one in conditions} for conditions in (before, now))
    for key, condition in old.items():
        later = new.get(key)
        if later is None:
            yield f"Condition dropped: {ended(condition.text)}"
        elif later.due != condition.due:
            yield f"Condition moved from {_day(condition)} to {_day(later)}: {ended(condition.text)}"
    yield from (f"Condition added: {ended(condition.text)}" for key, condition in new.items() if key not in old)


def _day(condition: Condition) -> str:
    return "no day" if condition.due is None else day(condition.due)


def _waivers(before: Decision, now: Decision, rubric: Rubric) -> Iterator[str]:
    old, new = ({waiver.question: waiver for waiver in decision.waivers} for decision in (before, now))
    for question, waiver in old.items():
        title = question_title(rubric, question)
        later = new.get(question)
        if later is None:
            yield f"Waiver dropped: {ended(title)}"
        elif later.expires != waiver.expires:
            yield f"Waiver until {day(later.expires)} instead of {day(waiver.expires)}: {ended(title)}"
    yield from (f"Waiver added: {ended(question_title(rubric, name))}" for name in new if name not in old)


def _lists(what: str, before: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    gone = [text for text in before if text not in now]
    new = [text for text in now if text not in before]
    if gone:
        yield f"{what}, dropped: {ended(listed(gone))}"
    if new:
        yield f"{what}, added: {ended(listed(new))}"


def _said(value: object) -> str:
    return "not stated" if value is None else str(value)
