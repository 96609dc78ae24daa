"""How a decision stands, in the sentences of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from toolvet.domain.decision import Condition, Decision, Waiver
from toolvet.domain.rubric import Rubric
from toolvet.domain.standing import End, EndKind, Standing, Stands, is_approved
from toolvet.report.text import ended, listed, plural
from toolvet.report.words import day

_FEW = 3


def question_title(rubric: Rubric, question_id: str) -> str:
    """The question's title; its id where the rubric has no such question."""
    question = rubric.question(question_id)
    return question_id if question is None else question.title


def run_out_words(standing: Standing, rubric: Rubric) -> Iterator[str]:
    """A sentence for each thing that has run out; of more than a few must-haves the number only."""
    for (on, kind), group in groupby(standing.run_out, key=lambda end: (end.day, end.kind)):
        titles = _titles(group, rubric)
        named = f": {listed(titles)}" if 0 < len(titles) <= _FEW else ""
        was = "was" if len(titles) == 1 else "were"
        match kind:
            case EndKind.APPROVAL:
                yield f"The last day of the approval was {day(on)}."
            case EndKind.WAIVER:
                yield f"{plural(len(titles), 'must-have')} {was} set aside until {day(on)}, and no longer{named}."


def run_out_plainly(standing: Standing) -> Iterator[str]:
    """The same for somebody who knows no rubric."""
    for (on, kind), group in groupby(standing.run_out, key=lambda end: (end.day, end.kind)):
        requirements = plural(len(list(group)), "requirement")
        match kind:
            case EndKind.APPROVAL:
                yield f"It was approved until {day(on)}."
            case EndKind.WAIVER:
                yield f"We had set aside {requirements} of ours until {day(on)}, and that time is over."


def overdue_words(standing: Standing) -> Iterator[str]:
    """A sentence for each condition that is overdue."""
    for condition in standing.overdue:
        yield f"Overdue, {condition_owner(condition)}: {ended(condition.text)}"


def standing_words(standing: Standing, rubric: Rubric) -> tuple[str, ...]:
    """Why it does not count, what has run out and what is overdue; nothing while all of it holds."""
    return (*standing.doubts, *run_out_words(standing, rubric), *overdue_words(standing))


def holds_until_words(standing: Standing, decision: Decision) -> Iterator[str]:
    """Until when the approval holds, and why not until the day it names."""
    last = standing.holds_until
    if last is None:
        yield "No end is recorded."
    elif last == decision.valid_until:
        yield f"Until {day(last)}."
    else:
        first = [end for end in standing.ends if end.day == last]
        count = plural(len(first), "must-have")
        named = f"; the decision itself names {day(decision.valid_until)}" if decision.valid_until else ""
        yield f"Until {day(last)}, when the waiver runs out for {count}{named}."


def set_aside_words(decision: Decision, rubric: Rubric, on: date) -> Iterator[str]:
    """The must-haves set aside: one sentence for each owner and day; those that no longer are stand among the open."""
    by_owner: dict[tuple[date, str], list[Waiver]] = {}
    for waiver in decision.waivers:
        by_owner.setdefault((waiver.expires, waiver.owner), []).append(waiver)
    for (expires, owner), waivers in by_owner.items():
        titles = [question_title(rubric, waiver.question) for waiver in waivers]
        is_over = expires < on
        named = plural(len(titles), "must-have") if is_over and len(titles) > _FEW else listed(titles)
        yield f"{'Was set' if is_over else 'Set'} aside until {day(expires)}, owned by {owner}: {ended(named)}"


def set_aside_count(decision: Decision) -> str:
    """How many must-haves are set aside, and until when: "17 must-haves set aside until 28 February 2027"."""
    days = sorted({waiver.expires for waiver in decision.waivers})
    until = f"until {day(days[0])}" if len(days) == 1 else f"the first until {day(days[0])}"
    return f"{plural(len(decision.waivers), 'must-have')} set aside {until}"


def brief_standing(decision: Decision | None, standing: Standing | None) -> str:
    """The decision in a few words, with what limits it: "approve, run out since 2027-03-01"; empty without one."""
    if decision is None:
        return "" if standing is None else "not settled"
    words = decision.decision.words
    if standing is not None and standing.stands is Stands.UNCONFIRMED:
        return f"not confirmed ({words})"
    if standing is None or standing.stands in (Stands.NOT_APPROVED, Stands.IN_FORCE):
        return words
    if standing.stands is Stands.RUN_OUT:
        return f"{words}, run out since {standing.run_out_since}"
    return f"{words}, {plural(len(standing.overdue), 'condition')} overdue"


def condition_owner(condition: Condition) -> str:
    """When the condition is due and who sees to it: "by 31 March 2027, owned by the CIO", "no day, no owner"."""
    due = f"by {day(condition.due)}" if condition.due else "no day"
    return f"{due}, {f'owned by {condition.owner}' if condition.owner else 'no owner'}"


def tone_of(decision: Decision | None, standing: Standing | None) -> str:
    """What colour the answer has: that of approve only where nothing limits the approval."""
    if decision is None or standing is None:
        return "undecided"
    if standing.stands in (Stands.RUN_OUT, Stands.UNCONFIRMED):
        return "hold" if is_approved(decision) else decision.decision.value
    departs = decision.decision.rank < decision.computed.verdict.rank
    limited = departs or standing.stands is Stands.OVERDUE or (standing.approves and decision.waivers)
    return "approve-with-conditions" if limited else decision.decision.value


def _titles(ends: Iterable[End], rubric: Rubric) -> list[str]:
    return [question_title(rubric, end.question) for end in ends if end.question is not None]
