"""What a decision takes over from the one before, unless it is dropped by name."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from toolvet.commands.output import say
from toolvet.commands.suggestions import not_one_of
from toolvet.domain.decision import Condition, Decision
from toolvet.domain.renewal import TakenOver, taken_over
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.standing import is_approved
from toolvet.errors import UsageError
from toolvet.files.reading import DecisionFile
from toolvet.report.decision_changes import changed_words

_One = TypeVar("_One")


def carried_over(
    options: argparse.Namespace, earlier: Sequence[DecisionFile], scorecard: Scorecard, *, approves: bool
) -> TakenOver:
    """What goes over, without what is dropped. UsageError where something is dropped that does not go over."""
    found = taken_over([file.decision for file in earlier], scorecard, scorecard.on)
    if not approves:
        found = replace(found, left_off=(), conditions=(), waivers=(), ended=())
    return replace(
        found,
        left_off=_kept(found.left_off, found.left_off, options.drop_left_off, "--drop-left-off"),
        conditions=_kept(
            found.conditions, map(_condition_name, found.conditions), options.drop_condition, "--drop-condition"
        ),
        waivers=_kept(
            found.waivers, (waiver.question for waiver in found.waivers), options.drop_waiver, "--drop-waiver"
        ),
        consulted=_kept(found.consulted, found.consulted, options.drop_consulted, "--drop-consulted"),
        considered=_kept(found.considered, found.considered, options.drop_considered, "--drop-considered"),
        links=_kept(found.links, found.links, options.drop_link, "--drop-link"),
    )


def tell_carried(earlier: Sequence[DecisionFile], carried: TakenOver, *, approves: bool) -> None:
    """Say what is taken over and how each is dropped, and what ends with the decision before."""
    names = ", ".join(file.path.name for file in earlier)
    lines = list(_carried_lines(carried))
    for line in lines:
        say(f"Taken over from {names}: {line}")
    if lines:
        say("Each is left out by its --drop- option; toolvet decide --help lists them.")
    for waiver in carried.ended:
        say(f"Not taken over from {names}: the waiver for {waiver.question}, which is no open must-have any more")
    if not approves and any(is_approved(file.decision) and file.decision.conditions for file in earlier):
        say(f"Nothing is approved any more, so the conditions of {names} end.")


def tell_changed(earlier: Sequence[DecisionFile], decision: Decision, rubric: Rubric) -> None:
    """Say what the decision changed against each one that it supersedes."""
    for file in earlier:
        for line in changed_words(file.decision, decision, rubric):
            say(f"Changed since {file.path.name}: {line}")


def _carried_lines(carried: TakenOver) -> Iterator[str]:
    yield from (f"left off: {text}" for text in carried.left_off)
    for condition in carried.conditions:
        due = f", due {condition.due}" if condition.due else ""
        named = f"{condition.id}: " if condition.id else ""
        yield f"{named}{condition.text} ({condition.owner or 'no owner'}{due})"
    for waiver in carried.waivers:
        yield f"waiver for {waiver.question} ({waiver.owner}, until {waiver.expires})"
    for word, names in (("consulted", carried.consulted), ("considered", carried.considered), ("link", carried.links)):
        yield from (f"{word}: {name}" for name in names)


def _kept(found: Sequence[_One], names: Iterable[str], dropped: Sequence[str], option: str) -> tuple[_One, ...]:
    named = list(names)
    for name in dropped:
        if name not in named:
            raise UsageError(f"{option}: {not_one_of(name, named) if named else 'nothing of that kind goes over'}")
    return tuple(one for one, name in zip(found, named, strict=True) if name not in dropped)


def _condition_name(condition: Condition) -> str:
    return condition.id or condition.text
