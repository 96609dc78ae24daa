"""The conditions of the decision before, which a new approval takes over unless they are left out."""

from __future__ import annotations

from collections.abc import Sequence

from toolvet.commands.output import say
from toolvet.commands.suggestions import not_one_of
from toolvet.domain.deciding import open_conditions
from toolvet.domain.decision import Condition
from toolvet.errors import UsageError
from toolvet.files.subjects import SubjectFolder


def carried_conditions(folder: SubjectFolder, dropped: Sequence[str]) -> tuple[Condition, ...]:
    """What is taken over from the newest decision, but for what is dropped, by id, or by text where it has no id."""
    earlier = folder.decisions[0].decision if folder.decisions else None
    found = open_conditions(earlier)
    names = [_name(condition) for condition in found]
    for name in dropped:
        if name not in names:
            known = not_one_of(name, names) if names else "no decision before this one has open conditions"
            raise UsageError(f"--drop-condition: {known}")
    return tuple(condition for condition in found if _name(condition) not in dropped)


def tell_carried(folder: SubjectFolder, carried: Sequence[Condition]) -> None:
    """Say which conditions are taken over, and how to leave one out."""
    for condition in carried:
        due = f", due {condition.due}" if condition.due else ""
        named = f"{condition.id}: " if condition.id else ""
        said = f"{named}{condition.text} ({condition.owner or 'no owner'}{due})"
        say(f"Taken over from {folder.decisions[0].path.name}: {said}")
    if carried:
        say("--drop-condition ID leaves one out, by its id, or by its text where it has none.")


def tell_ended(folder: SubjectFolder) -> None:
    """Say that the conditions of the approval before end, where nothing is approved any more."""
    earlier = folder.decisions[0] if folder.decisions else None
    if earlier is not None and open_conditions(earlier.decision):
        say(f"Nothing is approved any more, so the conditions of {earlier.path.name} end.")


def _name(condition: Condition) -> str:
    return condition.id or condition.text
