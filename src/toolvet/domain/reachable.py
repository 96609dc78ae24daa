"""Which scope facts make a condition true and which make it false, found by trying them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolvet.domain.scope import ScopeCondition, facts_of, holds

Options = Mapping[str, tuple[str, ...]]
"""The options of each scope fact, by its id."""

MOST_COMPARISONS = 50_000
"""Beyond so many comparisons of a fact with its options the search is given up."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Facts for which a condition is true, and for which it is false; None where none were found.

    `is_complete` says that all were tried, so that None means there are none.
    """

    true: Mapping[str, str] | None
    false: Mapping[str, str] | None
    is_complete: bool

    @property
    def is_never_true(self) -> bool:
        """Whether no facts make it true."""
        return self.true is None and self.is_complete

    @property
    def is_never_false(self) -> bool:
        """Whether no facts make it false."""
        return self.false is None and self.is_complete


def outcomes(condition: ScopeCondition, options: Options) -> Outcomes:
    """What the condition can come to over all the options of the facts it looks at, which must be known.

    Facts are given one after the other, and only as long as the condition is open: where three facts decide it, the
    thirteen others are not tried.
    """
    facts = tuple(dict.fromkeys(facts_of(condition)))
    search = _Search(condition, options, facts, len(list(facts_of(condition))))
    is_complete = search.run()
    return Outcomes(search.found.get(True), search.found.get(False), is_complete)


class _Search:
    """One search: `found` keeps the first facts for each outcome."""

    def __init__(self, condition: ScopeCondition, options: Options, facts: tuple[str, ...], cost: int) -> None:
        self.found: dict[bool, Mapping[str, str]] = {}
        self._condition, self._options, self._facts = condition, options, facts
        self._tries_left = MOST_COMPARISONS // max(1, cost)

    def run(self) -> bool:
        """Whether everything was tried, or both outcomes found."""
        waiting: list[dict[str, str]] = [{}]
        while waiting and len(self.found) < 2:
            if self._tries_left == 0:
                return False
            self._tries_left -= 1
            scope = waiting.pop()
            outcome = holds(self._condition, scope)
            if outcome is not None:
                self.found.setdefault(outcome, scope)
                continue
            fact = next(fact for fact in self._facts if fact not in scope)
            waiting.extend({**scope, fact: option} for option in reversed(self._options[fact]))
        return True
