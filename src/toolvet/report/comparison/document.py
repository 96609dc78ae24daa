"""The document of a comparison's report, as one value. The templates decide how it looks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from fractions import Fraction

from toolvet.domain.comparison import LeaderHolds, Robustness
from toolvet.domain.scorecard import QuestionScore, Verdict
from toolvet.domain.scoring import Placement, place
from toolvet.domain.separation import Separation, separated_pairs
from toolvet.report.approval.builder import criterion_rows, overall_row
from toolvet.report.approval.decision_words import policy_facts
from toolvet.report.approval.document import Fact, FileDigest, RangeRow, RubricPart
from toolvet.report.charts_svg import RANGES_CAPTION, map_caption, map_svg, ranges_svg
from toolvet.report.comparison.ranking import (
    BOARD_HEADERS,
    BoardRow,
    Comparison,
    Entry,
    Why,
    WhyPart,
    board_row,
    signed_points,
    total_words,
    why,
    why_heading,
)
from toolvet.report.comparison.sentences import (
    NOT_TRIED,
    caveats,
    first_words,
    robustness_lines,
    separation_lines,
    why_first,
)
from toolvet.report.comparison.tables import (
    HOLD_HEADERS,
    MATRIX_LEGEND,
    NOT_APPLICABLE_CELL,
    UNKNOWN_CELL,
    criterion_data,
    holds_cells,
    level_cell,
    marked_level,
    must_haves_in,
    question_rows,
)
from toolvet.report.environments import PageFront
from toolvet.report.formats import Report, plain_fields
from toolvet.report.markup import Illustration, SafeMarkdown
from toolvet.report.scorecard import (
    Json,
    criteria_json,
    findings_json,
    range_cell,
    range_json,
    reasons_json,
    rubric_json,
)
from toolvet.text.charts import MapPoint, map_lines, range_legend
from toolvet.text.escape import ended, listed, plural
from toolvet.text.labels import (
    NO_FIGURE,
    day,
    field_words,
    figure,
    grade_words,
    house_policy_words,
    map_leans,
    reviewer_words,
)
from toolvet.text.tables import WorkbookSheet
from toolvet.values import dataclass

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
    reasons: Sequence[Json]
    overall: RangeRow
    criteria: tuple[RangeRow, ...]
    failed: int
    unknown: int
    findings: Sequence[Json]
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
    board: tuple[BoardRow, ...]
    separation: tuple[str, ...]
    caveats: tuple[str, ...]
    tools: tuple[ToolPart, ...]
    columns: tuple[str, ...]
    ranges: tuple[RangeRow, ...]
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
    rubric, entries = comparison.rubric, comparison.entries
    return ComparisonDocument(
        title=_title(entries),
        on=comparison.on,
        answer=first_words(entries),
        verdict=entries[0].scorecard.verdict,
        why_first=" ".join((why_first(comparison, robustness), *map(ended, comparison.unusable))),
        board=tuple(board_row(entry) for entry in entries),
        separation=separation_lines(comparison),
        caveats=caveats(comparison),
        tools=tuple(_tool_part(entry) for entry in entries),
        columns=tuple(entry.name if len(entries) <= _NAMED else entry.letter for entry in entries),
        ranges=tuple(overall_row(entry.scorecard, entry.name) for entry in entries),
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


def _tool_part(entry: Entry) -> ToolPart:
    scorecard = entry.scorecard
    failed, unknown = must_haves_in(entry)
    found = entry.tool.findings
    more = len(found) - _FINDINGS
    return ToolPart(
        rank=entry.rank,
        letter=entry.letter,
        name=entry.name,
        verdict=scorecard.verdict,
        reasons=reasons_json(scorecard),
        overall=overall_row(scorecard),
        criteria=criterion_rows(scorecard),
        failed=failed,
        unknown=unknown,
        findings=findings_json(found[:_FINDINGS], scorecard),
        more_findings=f"and {plural(more, 'further finding')}; toolvet score shows them" if more > 0 else "",
        reviewer=reviewer_words(entry.tool.assessment.reviewer),
        file=entry.candidate.file,
    )


def _matrix(comparison: Comparison) -> tuple[MatrixPart, ...]:
    parts: dict[str, list[MatrixRow]] = {criterion.title: [] for criterion in comparison.rubric.criteria}
    for scores in question_rows(comparison, only_differences=False):
        cells = tuple(marked_level(one, entry.scorecard) for one, entry in zip(scores, comparison.entries, strict=True))
        question = scores[0].question
        parts[scores[0].criterion.title].append(MatrixRow(question.id, question.heading, cells))
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
    return PlacePart(entry.letter, entry.name, placement, field_words(placement))


def comparison_json(
    comparison: Comparison,
    *,
    robustness: Robustness | None,
    reason: Why | None = None,
    by_question: bool = False,
) -> Json:
    """The tools in ranked order, whom the evidence separates, and robustness, null where weights cannot be tried.

    The matrix and the reasons are there where they are asked for.
    """
    rubric = comparison.rubric
    ranked = comparison.ranked
    found: Json = {
        "rubric": rubric_json(rubric),
        "on": comparison.on.isoformat(),
        "tools": [_tool(entry) for entry in comparison.entries],
        "separated": [
            [pair.better.file, pair.worse.file]
            for pair in separated_pairs(ranked)
            if pair.separation is Separation.CLEAR
        ],
    }
    found["robustness"] = None if robustness is None else robustness_json(robustness)
    if by_question:
        found["questions"] = _questions(comparison)
    if reason is not None:
        found["why"] = _why(reason)
    return found


def robustness_json(robustness: Robustness) -> Json:
    """Weights as shares of one."""
    return {
        "leader": robustness.leader.name,
        "seed": robustness.seed,
        "draws": robustness.draws,
        "first_share": {file: float(share) for file, share in robustness.first_share.items()},
        "first_share_open": {file: float(share) for file, share in robustness.first_share_open.items()},
        "left_out": [candidate.file for candidate in robustness.left_out],
        "leader_holds": [_holds(hold) for hold in robustness.holds],
    }


def _tool(entry: Entry) -> Json:
    scorecard = entry.scorecard
    return {
        "file": entry.candidate.file,
        "name": entry.name,
        "rank": entry.rank,
        "verdict": scorecard.verdict.value,
        "overall": range_json(scorecard.overall),
        "criteria": criteria_json(scorecard),
    }


def _holds(hold: LeaderHolds) -> Json:
    return {
        "criterion": hold.criterion.id,
        "weight": float(hold.weight),
        "from": float(hold.low.share),
        "to": float(hold.high.share),
    }


def _questions(comparison: Comparison) -> list[Json]:
    return [
        {
            "id": question.id,
            "criterion": criterion.id,
            "answers": [
                _answer_json(entry.candidate.file, entry.scorecard.question(question.id))
                for entry in comparison.entries
            ],
        }
        for criterion, question in comparison.rubric.questions()
    ]


def _answer_json(file: str, scored: QuestionScore) -> Json:
    applies = "open" if scored.applies is None else scored.applies
    return {"file": file, "applies": applies, "state": scored.state.value, "level": scored.level}


def _why(reason: Why) -> Json:
    return {
        "first": reason.first.candidate.file,
        "second": reason.second.candidate.file,
        "total": float(reason.total),
        "questions": [_part(part) for part in reason.parts],
    }


def _part(part: WhyPart) -> Json:
    return {
        "question": part.question,
        "points": float(part.points),
        "first": part.first.level,
        "second": part.second.level,
    }


_MAP_WIDTH, _MAP_HEIGHT = 72, 23


class ComparisonReport(Report):
    """The report on a comparison, with a first page for a board."""

    template = "comparison.md.j2"
    sections_first = 1

    def __init__(self, comparison: Comparison, robustness: Robustness | None) -> None:
        self._document = comparison_document(comparison, robustness)
        super().__init__(f"{self._document.title}: comparison", comparison.on)
        self._comparison, self._robustness = comparison, robustness

    def front(self) -> PageFront:
        document = self._document
        return PageFront(
            title=self.title,
            kicker=f"Comparison, {day(self.on)}",
            heading=document.title,
            answer=document.answer,
            tone=document.verdict.value,
            summary=(document.why_first,),
            kind="board",
        )

    def drawings(self) -> Iterator[Illustration]:
        document = self._document
        drawn, split = document.map.points, document.map.split
        ranges = ranges_svg(document.ranges, f"Overall ranges of {document.title}")
        yield Illustration(ranges, f"Overall. {RANGES_CAPTION}")
        if drawn:
            yield Illustration(map_svg(drawn, split, f"Sweet-spot map: {document.title}"), map_caption(split), 50)

    def names(self) -> dict[str, object]:
        drawn, split = self._document.map.points, self._document.map.split
        return {
            "document": self._document,
            "points": signed_points,
            "heading": why_heading,
            "total_words": total_words,
            "grade_words": grade_words,
            "range_cell": range_cell,
            "hold_headers": HOLD_HEADERS,
            "figures_cell": _figures_cell,
            "range_legend": SafeMarkdown(range_legend()),
            "questions_legend": MATRIX_LEGEND,
            "map_text": SafeMarkdown("\n".join(map_lines(drawn, split, _MAP_WIDTH, _MAP_HEIGHT))) if drawn else "",
        }

    def data(self) -> object:
        """What `toolvet compare --json` prints with everything in it, and under further names what the report says."""
        comparison, document = self._comparison, self._document
        data = comparison_json(comparison, robustness=self._robustness, reason=document.why, by_question=True)
        parts = zip(document.tools, comparison.entries, strict=True)
        tools = [{**plain_fields(part), **_tool(entry)} for part, entry in parts]
        places = plain_fields(document.map, "split", "places")
        return {**data, "tools": tools, **plain_fields(document, *_IN_WORDS), "map": places}


_IN_WORDS = (
    *("title", "answer", "why_first", "board", "separation", "caveats", "trust"),
    *("house_policy", "policy", "files"),
)


def _figures_cell(one: RangeRow) -> str:
    return NO_FIGURE if one.floor is None else f"{figure(one.floor)}–{figure(one.ceiling)}"


_WIDTHS = {"tool": 30, "decision": 30, "must-haves failed": 40, "job": 50}


def comparison_sheets(comparison: Comparison) -> tuple[WorkbookSheet, ...]:
    """A workbook: the decisions, the ranking with its figures as numbers, the questions, and where it is from."""
    ranking = criterion_data(comparison)
    rows = [
        tuple(_figure_cell(cell, align) for cell, align in zip(row, ranking.align, strict=True)) for row in ranking.rows
    ]
    names = tuple(entry.name for entry in comparison.entries)
    questions = [
        (each[0].question.id, each[0].criterion.title, each[0].question.heading, *map(level_cell, each))
        for each in question_rows(comparison, only_differences=False)
    ]
    rubric = comparison.rubric
    about = [
        ("As of", day(comparison.entries[0].scorecard.on)),
        ("Rubric", f"{rubric.id} {rubric.version}"),
        ("Digest", rubric.digest),
        ("Thresholds", house_policy_words(rubric)),
        ("Signs", f"{UNKNOWN_CELL} unknown, {NOT_APPLICABLE_CELL} not applicable, empty: not answered"),
        *((entry.name, entry.tool.file) for entry in comparison.entries),
    ]
    return (
        WorkbookSheet("Decisions", BOARD_HEADERS, [astuple(board_row(entry)) for entry in comparison.entries], _WIDTHS),
        WorkbookSheet("Ranking", ranking.headers, rows, {"tool": 30}),
        WorkbookSheet(
            "Questions", ("question", "criterion", "title", *names), questions, {"title": 40, "question": 28}
        ),
        WorkbookSheet("About", ("about", ""), about, {"about": 30, "": 90}),
    )


def _figure_cell(cell: str, align: str) -> str | float:
    return float(cell) if align == "right" and cell else cell
