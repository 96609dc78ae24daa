"""Everything a comparison's report says, as one value. How it looks is the templates' matter."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction

from toolvet.domain.robustness import Robustness
from toolvet.domain.scorecard import Verdict
from toolvet.domain.sweetspot import Placement, place
from toolvet.report.charts import MapPoint
from toolvet.report.comparison import Comparison, Entry
from toolvet.report.comparison_caveats import caveats
from toolvet.report.comparison_robustness import NOT_TRIED, holds_cells, robustness_lines
from toolvet.report.comparison_tables import marked_level, must_haves_in, question_rows
from toolvet.report.comparison_why import Why, why
from toolvet.report.comparison_words import separation_lines, why_first
from toolvet.report.decided import policy_facts
from toolvet.report.document import Fact, Figures, FileDigest, RubricPart
from toolvet.report.making import figures
from toolvet.report.text import listed, plural
from toolvet.report.words import house_policy_words, map_leans, reviewer_words

_MAPPED = 26
"""Tools that have a letter of one sign for the map."""

_NAMED = 6
"""Tools whose names fit above the columns of a page; of more there stand the letters."""

_FINDINGS = 5


@dataclass(frozen=True, slots=True)
class ToolPart:
    """One tool: its place, verdict with reasons, figures, must-haves, and findings, the first few in words."""

    rank: int
    letter: str
    name: str
    verdict: Verdict
    reasons: tuple[str, ...]
    overall: Figures
    criteria: tuple[Figures, ...]
    failed: int
    unknown: int
    findings: tuple[str, ...]
    more_findings: str
    reviewer: str
    file: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A question and the marked level of each tool."""

    id: str
    title: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixPart:
    """A criterion's questions."""

    title: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class PlacePart:
    """Where one tool lies on the map; `field` says why where it lies nowhere."""

    letter: str
    name: str
    placement: Placement | None
    field: str


@dataclass(frozen=True, slots=True)
class MapSection:
    """The sweet-spot map: the points that can be drawn, and every tool in figures."""

    points: tuple[MapPoint, ...]
    places: tuple[PlacePart, ...]
    split: Fraction
    leans: str


@dataclass(frozen=True, slots=True)
class ComparisonDocument:
    """The whole report on a comparison.

    `columns` head the tables with a column for each tool, `ranges` are their overall ranges; `holds` are the rows of
    the table of robustness, and `trust` the sentences about it, of which the first goes before it.
    """

    title: str
    on: datetime.date
    answer: str
    verdict: Verdict
    why_first: str
    separation: tuple[str, ...]
    caveats: tuple[str, ...]
    tools: tuple[ToolPart, ...]
    columns: tuple[str, ...]
    ranges: tuple[Figures, ...]
    matrix: tuple[MatrixPart, ...]
    map: MapSection
    holds: tuple[tuple[str, ...], ...]
    trust: tuple[str, ...]
    why: Why | None
    policy: tuple[Fact, ...]
    house_policy: str
    rubric: RubricPart
    files: tuple[FileDigest, ...]


def comparison_document(comparison: Comparison, robustness: Robustness | None) -> ComparisonDocument:
    """The document of a comparison."""
    rubric, entries = comparison.rubric, comparison.entries
    return ComparisonDocument(
        title=_title(entries),
        on=comparison.on,
        answer=_answer(entries),
        verdict=entries[0].scorecard.verdict,
        why_first=why_first(comparison, robustness),
        separation=separation_lines(comparison),
        caveats=caveats(comparison),
        tools=tuple(_tool_part(entry) for entry in entries),
        columns=tuple(entry.name if len(entries) <= _NAMED else entry.letter for entry in entries),
        ranges=tuple(figures(entry.name, entry.scorecard.overall, rubric.policy.approve.overall) for entry in entries),
        matrix=_matrix(comparison),
        map=_map(comparison),
        holds=holds_cells(robustness).rows if robustness is not None else (),
        trust=robustness_lines(comparison, robustness) if robustness is not None else (NOT_TRIED,),
        why=why(entries[0], entries[1]) if len(entries) > 1 else None,
        policy=policy_facts(rubric.policy),
        house_policy=house_policy_words(rubric),
        rubric=RubricPart(rubric.id, rubric.version, rubric.title, rubric.digest),
        files=tuple(FileDigest(entry.name, entry.candidate.file, entry.tool.sha256) for entry in entries),
    )


def _title(entries: tuple[Entry, ...]) -> str:
    names = [entry.name for entry in entries]
    return listed(names) if len(names) <= 3 else f"{names[0]}, {names[1]} and {len(names) - 2} more"


def _answer(entries: tuple[Entry, ...]) -> str:
    """What the rules recommend of the first, in a sentence; several where they share the place."""
    names = listed([entry.name for entry in entries if entry.rank == 1])
    place_words = f"{names} {'stands' if names == entries[0].name else 'stand'} first"
    match entries[0].scorecard.verdict:
        case Verdict.APPROVE:
            return f"{place_words} and can be approved."
        case Verdict.APPROVE_WITH_CONDITIONS:
            return f"{place_words} and can be approved with conditions."
        case Verdict.HOLD:
            return f"None can be approved yet. {place_words}, on hold."
        case Verdict.REJECT:
            return f"None can be approved. {place_words} among those rejected."


def _tool_part(entry: Entry) -> ToolPart:
    scorecard, policy = entry.scorecard, entry.scorecard.rubric.policy
    failed, unknown = must_haves_in(entry)
    found = entry.tool.findings
    more = len(found) - _FINDINGS
    return ToolPart(
        rank=entry.rank,
        letter=entry.letter,
        name=entry.name,
        verdict=scorecard.verdict,
        reasons=tuple(reason.text for reason in scorecard.reasons),
        overall=figures("Overall", scorecard.overall, policy.approve.overall),
        criteria=tuple(
            figures(scored.criterion.title, scored.range, policy.approve.criterion, scored.criterion.weight)
            for scored in scorecard.criteria
        ),
        failed=failed,
        unknown=unknown,
        findings=tuple(finding.text for finding in found[:_FINDINGS]),
        more_findings=f"and {plural(more, 'further finding')}; toolvet score shows them" if more > 0 else "",
        reviewer=reviewer_words(entry.tool.assessment.reviewer),
        file=entry.candidate.file,
    )


def _matrix(comparison: Comparison) -> tuple[MatrixPart, ...]:
    parts: dict[str, list[MatrixRow]] = {criterion.title: [] for criterion in comparison.rubric.criteria}
    for scores in question_rows(comparison, only_differences=False):
        cells = tuple(marked_level(one, entry.scorecard) for one, entry in zip(scores, comparison.entries, strict=True))
        question = scores[0].question
        parts[scores[0].criterion.title].append(MatrixRow(question.id, question.title, cells))
    return tuple(MatrixPart(title, tuple(rows)) for title, rows in parts.items())


def _map(comparison: Comparison) -> MapSection:
    places = tuple(_place(entry) for entry in comparison.entries)
    points = tuple(
        MapPoint(one.letter, one.name, one.placement.experience, one.placement.control)
        for one in places[:_MAPPED]
        if one.placement is not None
    )
    return MapSection(points, places, comparison.rubric.policy.approve.criterion, map_leans(comparison.rubric))


def _place(entry: Entry) -> PlacePart:
    placement = place(entry.scorecard)
    if placement is None:
        return PlacePart(entry.letter, entry.name, None, "not placed: no question on an axis counts")
    field = "not placed: too little is observed" if placement.field is None else placement.field.value
    return PlacePart(entry.letter, entry.name, placement, field)
