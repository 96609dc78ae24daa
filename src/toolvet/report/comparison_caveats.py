"""What to bear in mind before a ranking is followed."""

from __future__ import annotations

from collections.abc import Iterator

from toolvet.domain.findings import FindingCode
from toolvet.domain.rubric import ScopeFact
from toolvet.report.comparison import Comparison, Entry
from toolvet.report.text import listed
from toolvet.report.words import observed_over

_GRAVE = {
    FindingCode.RUBRIC_CHANGED: "was answered before the rubric changed",
    FindingCode.SEAL_BROKEN: "was changed outside toolvet: its seal does not match",
}

NOT_GIVEN = "not given"


def scope_lines(comparison: Comparison) -> tuple[str, ...]:
    """Where tools were judged for different settings, so that their figures do not answer the same need."""
    if len(comparison.entries) == 1:
        return ()
    facts = [fact for fact in comparison.rubric.scope if fact.about == "setting"]
    return tuple(line for fact in facts for line in _differing(fact, comparison))


def caveats(comparison: Comparison) -> tuple[str, ...]:
    """Different settings, what is not complete, what was observed in part, and files that need a look."""
    entries = comparison.entries
    open_ones = [entry.name for entry in entries if not entry.scorecard.complete]
    incomplete = (f"Not complete: {listed(open_ones)}.",) if open_ones else ()
    return (*scope_lines(comparison), *incomplete, *_partly_observed(entries), *_grave_findings(entries))


def _differing(fact: ScopeFact, comparison: Comparison) -> Iterator[str]:
    by_option: dict[str, list[str]] = {}
    for entry in comparison.entries:
        by_option.setdefault(entry.tool.assessment.scope.get(fact.id, NOT_GIVEN), []).append(entry.name)
    if len(by_option) > 1:
        parts = "; ".join(f"{option} for {listed(names)}" for option, names in by_option.items())
        yield f"Judged for different settings. {fact.text} {parts}."


def _partly_observed(entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in entries:
        over = observed_over(entry.scorecard.observed_over, entry.scorecard.criteria)
        if over:
            yield f"{entry.name}: {over[:1].lower()}{over[1:]}"


def _grave_findings(entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in entries:
        codes = [finding.code for finding in entry.tool.findings]
        for code, words in _GRAVE.items():
            if code in codes:
                yield f"{entry.name} {words}."
