"""Which of a subject's decisions counts on a day: what they supersede tells, never a date or the time of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from toolvet.domain.decision import Decision


@dataclass(frozen=True, slots=True)
class Succession:
    """The file name of the decision that counts, or the names of several that contradict each other; else neither.

    Of several none counts: a decision that supersedes all of them settles it.
    """

    counts: str | None = None
    rivals: tuple[str, ...] = ()


def succession(decisions: Mapping[str, Decision], on: date) -> Succession:
    """Of those decided on or before the day, by file name, the one that no other of them supersedes.

    What a decision supersedes counts along the chain, also over one whose day has not come.
    """
    taken = sorted(name for name, decision in decisions.items() if decision.decided_on <= on)
    replaced = {earlier for name in taken for earlier in _superseded_by(name, decisions)}
    last = tuple(name for name in taken if name not in replaced)
    if len(last) == 1:
        return Succession(last[0])
    # Where each supersedes another, in a circle, nobody can say which came last.
    return Succession(rivals=last or tuple(taken))


def latest(decisions: Mapping[str, Decision]) -> tuple[str, ...]:
    """What a next decision supersedes: the last of all, whatever its day; all of them where several contradict."""
    found = succession(decisions, date.max)
    return found.rivals if found.counts is None else (found.counts,)


def _superseded_by(name: str, decisions: Mapping[str, Decision]) -> Iterator[str]:
    """All that the decision supersedes, itself too where it goes round in a circle."""
    met: set[str] = set()
    waiting = list(decisions[name].replaces)
    while waiting:
        earlier = waiting.pop()
        if earlier not in met:
            met.add(earlier)
            yield earlier
            waiting += decisions[earlier].replaces if earlier in decisions else ()
