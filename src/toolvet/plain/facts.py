"""The scope facts, one by one."""

from __future__ import annotations

from toolvet.domain.rubric import ScopeFact
from toolvet.plain.keeping import Kept
from toolvet.plain.talk import Special, ask_choice, tell


def ask_facts(kept: Kept, *, again: bool = False) -> None:
    """Ask for the facts that are open, or, with `again`, for all of them. Ended where the person quits."""
    facts = [fact for fact in kept.rubric.scope if again or fact.id not in kept.assessment.scope]
    if facts:
        tell("Facts about the tool and its setting. They decide which questions apply.")
    at = 0
    while at < len(facts):
        chosen = _ask(kept, facts[at], f"Fact {at + 1} of {len(facts)}.")
        if chosen is Special.BACK:
            at = max(at - 1, 0)
            continue
        if isinstance(chosen, int):
            kept.change(kept.assessment.with_scope(facts[at].id, facts[at].options[chosen]))
        at += 1


def _ask(kept: Kept, fact: ScopeFact, place: str) -> int | Special:
    tell()
    tell(f"{place} {fact.text}")
    given = kept.assessment.scope.get(fact.id)
    if given is not None:
        tell(f"Given: {given}.")
    return ask_choice("Number, skip or back:", fact.options)
