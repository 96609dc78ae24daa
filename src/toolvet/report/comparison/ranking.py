"""A comparison as one value: the candidates by rank, with the answers behind their scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from toolvet.domain.assessment import Assessment
from toolvet.domain.comparison import Candidate, rank
from toolvet.domain.findings import Finding
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Tool:
    """What is compared: an assessment's file as it is named, the sha256 of its bytes, and what follows from it."""

    file: str
    sha256: str
    assessment: Assessment
    scorecard: Scorecard
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A tool in its place. `name` is its own in this comparison, `letter` stands for it on the map: A is the first."""

    rank: int
    letter: str
    candidate: Candidate
    tool: Tool

    @property
    def name(self) -> str:
        """The name it is shown by."""
        return self.candidate.name

    @property
    def scorecard(self) -> Scorecard:
        """Its scorecard."""
        return self.tool.scorecard


@dataclass(frozen=True, slots=True)
class Comparison:
    """At least one tool, in ranked order, all scored with one rubric on one day."""

    rubric: Rubric
    on: date
    entries: tuple[Entry, ...]


def compare(tools: Sequence[Tool]) -> Comparison:
    """The comparison of tools that were scored with the same rubric on the same day; ValueError for none."""
    if not tools:
        raise ValueError("nothing to compare")
    by_file = {tool.file: tool for tool in tools}
    candidates = [
        Candidate(tool.file, name, tool.scorecard) for tool, name in zip(tools, unique_names(tools), strict=True)
    ]
    entries = tuple(
        Entry(ranked.rank, letters(place), ranked.candidate, by_file[ranked.candidate.file])
        for place, ranked in enumerate(rank(candidates))
    )
    return Comparison(tools[0].scorecard.rubric, tools[0].scorecard.on, entries)


def unique_names(tools: Sequence[Tool]) -> tuple[str, ...]:
    """A name for each: the subject's label, with deployment, reviewer or file where that tells apart what it names."""
    names = [tool.assessment.subject.label for tool in tools]
    for more in (_deployment, _reviewer, _file):
        longer = [more(name, tool) for name, tool in zip(names, tools, strict=True)]
        called: dict[str, set[str]] = {}
        for name, long_name in zip(names, longer, strict=True):
            called.setdefault(name.casefold(), set()).add(long_name)
        names = [
            long_name if len(called[name.casefold()]) > 1 else name
            for name, long_name in zip(names, longer, strict=True)
        ]
    return tuple(names)


def letters(place: int) -> str:
    """A, B, … Z, AA, AB, … for the places from 0 up."""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def _deployment(name: str, tool: Tool) -> str:
    deployment = tool.assessment.subject.deployment
    return f"{name}, {deployment}" if deployment else name


def _reviewer(name: str, tool: Tool) -> str:
    reviewer = tool.assessment.reviewer.name
    return f"{name} ({reviewer})" if reviewer else name


def _file(name: str, tool: Tool) -> str:
    return f"{name} [{tool.file}]"
