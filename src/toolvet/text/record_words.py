"""Records of a decision, how it stands, and what was changed in a file of ours, in words."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from toolvet.domain.assessment import Amendment, FactValue
from toolvet.domain.decision import Condition, Decision
from toolvet.domain.records import ConditionState, Record, RecordKind, RecordRule, broken_rules, named_conditions
from toolvet.domain.standing import EndKind, Standing, Stands, last_day_of, stands_on
from toolvet.text.escape import ended, listed, one_line, plural, shortened
from toolvet.text.labels import day

REVIEWED_AGAIN = ", under review again"


def state_words_of(standing: Standing | None, said: Callable[[date], str] = str) -> str:
    """How a subject stands, in the same words everywhere: "approved, 2 conditions open", "withdrawn since …".

    A day is `said` as 2027-03-01 in tables and files; screens give `day`. A newer review comes last.
    """
    if standing is None:
        return stands_on(standing).value
    return f"{_stands_words(standing, said)}{REVIEWED_AGAIN if standing.is_again else ''}"


def _stands_words(standing: Standing, said: Callable[[date], str]) -> str:
    match stands := standing.stands:
        case Stands.CONDITIONS_OPEN:
            return f"approved, {plural(len(standing.open), 'condition')} open"
        case Stands.OVERDUE:
            return f"approved, {plural(len(standing.overdue), 'condition')} overdue"
        case Stands.NO_LONGER_TOLERATED if standing.tolerated_until is not None:
            return f"no longer tolerated since {said(standing.tolerated_until + timedelta(days=1))}"
        case Stands.RUN_OUT if standing.run_out_since is not None:
            return f"run out since {said(standing.run_out_since)}"
        case Stands.WITHDRAWN if standing.withdrawn is not None:
            return f"withdrawn since {said(standing.withdrawn.on)}{', to be confirmed' if standing.doubts else ''}"
        case _:
            return stands.value


def brief_standing(decision: Decision | None, standing: Standing | None) -> str:
    """How the decision stands in a few words: "approved, 1 condition overdue"; empty without one."""
    if decision is None:
        return "" if standing is None else "not settled"
    if standing is not None and standing.stands is Stands.UNCONFIRMED:
        return f"not confirmed ({decision.decision.words}){REVIEWED_AGAIN if standing.is_again else ''}"
    return state_words_of(standing) if standing is not None else decision.decision.words


def with_last_day(state: str, last: date | str | None) -> str:
    """The state with its last day, if it has one: "approved until 2027-02-26, 4 conditions open"."""
    if last is None:
        return state
    first, comma, more = state.partition(", ")
    return f"{first} until {last}{comma}{more}"


def standing_line(decision: Decision, standing: Standing) -> str:
    """How the decision stands, with its last day: "approved until 26 February 2027, 4 conditions open"."""
    last = None if standing.stands.is_past or standing.doubts else last_day_of(decision, standing)
    return with_last_day(state_words_of(standing, day), last and day(last))


def condition_owner(condition: Condition) -> str:
    """When the condition is due and who owns it: "due 31 March 2027, owned by the CIO", "no due date, no owner"."""
    due = f"due {day(condition.due)}" if condition.due else "no due date"
    return f"{due}, {f'owned by {condition.owner}' if condition.owner else 'no owner'}"


def last_day_words(decision: Decision, standing: Standing) -> str:
    """The day on which the decision ends, and why, if that is not the day it names; empty without an end."""
    last = last_day_of(decision, standing)
    if last is None:
        return ""
    waivers = sum(end.day == last and end.kind is EndKind.WAIVER for end in standing.ends)
    if last == decision.valid_until or not waivers:
        return day(last)
    named = f"; the decision itself says {day(decision.valid_until)}" if decision.valid_until else ""
    return f"{day(last)}, when the waiver of {plural(waivers, 'must-have')} expires{named}"


def withdrawn_words(record: Record) -> str:
    """Who withdrew the approval, when and why."""
    why = f": {ended(record.why)}" if record.why else "."
    return f"Withdrawn by {record.by} on {day(record.on)}{why}"


def condition_status(state: ConditionState) -> str:
    """Whether the condition is met, open or overdue, in one word."""
    if state.met is not None:
        return "met"
    return "overdue" if state.is_overdue else "open"


def condition_record_words(state: ConditionState) -> str:
    """What the records say about the condition: who met or moved it, when and on what proof; empty without one."""
    parts = []
    if state.moved is not None:
        reason = state.moved.why if state.met is None else (state.moved.why or "").removesuffix(".")
        why = f": {reason}" if reason else ""
        was = f" from {day(state.condition.due)}" if state.condition.due else ""
        parts.append(f"moved{was} by {state.moved.by} on {day(state.moved.on)}{why}")
    if state.met is not None:
        proof = [one.source for one in state.met.evidence] or ([state.met.note] if state.met.note else [])
        shown = _shown_by(proof)
        parts.append(f"met on {day(state.met.on)}, recorded by {state.met.by}{shown}")
    return "; ".join(parts)


def _shown_by(proofs: Sequence[str]) -> str:
    """What shows it, within a sentence: a proof in words loses its full stop."""
    return f", shown by {listed([proof.removesuffix('.') for proof in proofs])}" if proofs else ""


def record_words(record: Record, decision: Decision | None = None) -> str:
    """The record in one sentence, without its day."""
    condition = None if decision is None else named_conditions(decision).get(record.condition or "")
    named = f'"{condition.text}"' if condition is not None else record.condition or ""
    note = f" {ended(record.note)}" if record.note else ""
    match record.record:
        case RecordKind.CONDITION_MET:
            proof = _shown_by([one.source for one in record.evidence])
            return f"Condition met: {named}; recorded by {record.by}{proof}.{note}"
        case RecordKind.CONDITION_MOVED:
            until = "" if record.due is None else f" to {day(record.due)}"
            return f"Condition moved{until}: {named}; by {record.by}. {ended(record.why or '')}{note}"
        case RecordKind.WITHDRAWN:
            return f"Withdrawn by {record.by}. {ended(record.why or '')}{note}"
        case RecordKind.SIGNED:
            return f"Signed by {record.by}.{note}"
        case RecordKind.CORRECTED:
            return f"{corrected_words(record)}{note}"


def corrected_words(made: Record | Amendment) -> str:
    """What was corrected, by whom and why, without the day."""
    return f"Corrected by {made.by}: {correction_words(made)}.{f' {ended(made.why)}' if made.why else ''}"


def correction_words(made: Record | Amendment) -> str:
    """What is corrected, from what to what: "users 400 → 500"."""
    facts = (f"{one.fact.replace('_', ' ')} {fact_words(one.was)} → {fact_words(one.now)}" for one in made.corrections)
    return "; ".join(facts)


def fact_words(value: FactValue | None) -> str:
    """A fact within a sentence; a text loses its full stop."""
    if value is None:
        return "not given"
    return day(value) if isinstance(value, date) else str(value).removesuffix(".")


def not_counted_words(record: Record, decision: Decision) -> str:
    """Why the record by itself does not count for its decision; empty where it does."""
    return " ".join(record_rule_words(rule, record, decision) for rule in broken_rules(record, decision, ()))


def record_rule_words(rule: RecordRule, record: Record, decision: Decision) -> str:
    """What is wrong with the record, and what to do."""
    match rule:
        case RecordRule.NO_SUCH_CONDITION:
            names = list(named_conditions(decision))
            there = f"it has {shortened(names)}" if names else "it has no conditions"
            return f'{record.decision} has no condition "{record.condition}"; {there}.'
        case RecordRule.BEFORE_DECISION:
            return (
                f"It is dated {record.on}, before the decision of {decision.decided_on}; "
                "give it the day of the decision or a later one."
            )
        case RecordRule.MOVED_INTO_PAST:
            return f"It moves the condition to {record.due}, before {record.on}; give it a later day."
        case RecordRule.ALREADY_MET:
            return f'The condition "{record.condition}" is already recorded as met; nothing more is needed.'
        case RecordRule.NOTHING_TO_WITHDRAW:
            return f"{record.decision} approves nothing, so there is nothing to withdraw."
        case RecordRule.NOTHING_TO_CORRECT:
            return f"{record.decision} rests on no assessment; correct the assessment itself."
        case RecordRule.ALREADY_WITHDRAWN:
            return f"{record.decision} is already withdrawn; nothing more is needed."


_LEFT_OUT = frozenset({"seal", "format"})
_NAMED_BY = ("id", "question", "source", "path")
_TABLES_OF_QUESTIONS = ("answers", "retired")

Lines = dict[tuple[str, ...], str]
"""Each value of a file by its key; what stands in a list is named by its id, question or source, else counted."""


def readable_lines(document: Mapping[str, object]) -> Lines:
    """Every value of the document under its key, without the seal."""
    return dict(_flat((), {key: value for key, value in document.items() if key not in _LEFT_OUT}))


def _flat(place: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat((*place, str(key)), item)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for name, item in _named(value):
            shown = item
            if isinstance(item, Mapping) and len(item) > 1:
                shown = {key: one for key, one in item.items() if not (key in _NAMED_BY and one == name)}
            yield from _flat((*place, name), shown)
    elif isinstance(value, list):
        yield place, "; ".join(_said(item) for item in value)
    else:
        yield place, _said(value)


def _named(items: list[object]) -> Iterator[tuple[str, object]]:
    """Each item with a name of its own: what identifies it, else its number."""
    met: set[str] = set()
    for number, item in enumerate(items, start=1):
        given = next((str(item[key]) for key in _NAMED_BY if key in item), "") if isinstance(item, Mapping) else ""
        name = given if given and given not in met else str(number)
        while name in met:
            name += "'"
        met.add(name)
        yield name, item


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def file_lines(lines: Lines, titles: Mapping[str, str]) -> Iterator[str]:
    """The file, one value a line; `titles` are those of its questions."""
    for place, value in lines.items():
        yield f"{_label(place, titles)}: {one_line(value)}"


def changed_lines(before: Lines, after: Lines, titles: Mapping[str, str]) -> Iterator[str]:
    """A line for each value that is not as it was, in the order of the later file."""
    for place in dict.fromkeys((*after, *before)):
        was, now = before.get(place), after.get(place)
        if was == now:
            continue
        label = _label(place, titles)
        if was is None:
            yield f"{label}: added, {one_line(now or '')}"
        elif now is None:
            yield f"{label}: removed, was {one_line(was)}"
        else:
            yield f"{label}: {one_line(was)} → {one_line(now)}"


def _label(place: tuple[str, ...], titles: Mapping[str, str]) -> str:
    parts = list(place)
    if len(parts) > 1 and parts[0] in _TABLES_OF_QUESTIONS:
        kept = "" if parts[0] == "answers" else "kept aside, "
        title = titles.get(parts[1])
        parts = [f'{kept}"{title}"' if title else f"{kept}{parts[1]}", *parts[2:]]
    return one_line(", ".join(part.replace("_", " ") if part.isidentifier() else part for part in parts))
