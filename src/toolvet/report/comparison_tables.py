"""The two tables of a comparison as rows of text: by criterion and by question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolvet.domain.rubric import Criterion
from toolvet.domain.scorecard import AnswerState, MustHaveState, QuestionScore, Scorecard, ScoreRange
from toolvet.report.comparison import Comparison, Entry
from toolvet.report.scorecard_text import range_figures
from toolvet.report.words import MUST_HAVE_MARKS, NO_FIGURE, figure

UNKNOWN, NOT_APPLICABLE, UNANSWERED = "?", "-", "·"


_IN_FULL = {"failed": "must-haves failed", "unknown": "must-haves unknown"}
"""What short headers stand for."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A table before it is drawn; `align` is "left" or "right" for each column."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[str, ...]

    def in_full(self) -> Cells:
        """The same with headers that need no legend."""
        return Cells(tuple(_IN_FULL.get(header, header) for header in self.headers), self.rows, self.align)

    def without(self, dropped: frozenset[str]) -> Cells:
        """The same without the columns of these headers."""
        kept = [place for place, header in enumerate(self.headers) if header not in dropped]
        return Cells(
            tuple(self.headers[place] for place in kept),
            tuple(tuple(row[place] for place in kept) for row in self.rows),
            tuple(self.align[place] for place in kept),
        )


def criterion_cells(comparison: Comparison) -> Cells:
    """A row for each tool, to be read: a criterion as its range, `45.8–79.2`."""
    titles = tuple(criterion.title for criterion in comparison.rubric.criteria)
    return Cells(
        ("rank", "tool", "verdict", "floor", "observed", "ceiling", *titles, "coverage", "failed", "unknown"),
        tuple(_criterion_row(entry) for entry in comparison.entries),
        ("right", "left", "left", *["right"] * (6 + len(titles))),
    )


def turned_cells(comparison: Comparison) -> Cells:
    """The same with a column for each tool; must-haves are named in full, for there is room."""
    upright = criterion_cells(comparison)
    figures = [header for header in upright.headers if header != "tool"]
    columns = dict(zip(upright.headers, zip(*upright.rows, strict=True), strict=True))
    return Cells(
        ("", *(entry.name for entry in comparison.entries)),
        tuple((_IN_FULL.get(header, header), *columns[header]) for header in figures),
        ("left", *["right"] * len(comparison.entries)),
    )


def criterion_data(comparison: Comparison) -> Cells:
    """The same for programs: one figure in each cell, none left empty for reading's sake."""
    parts = ("floor", "observed", "ceiling")
    titles = tuple(f"{criterion.title} {part}" for criterion in comparison.rubric.criteria for part in parts)
    headers = ("rank", "tool", "verdict", *parts, *titles, "coverage", "must-haves failed", "must-haves unknown")
    rows = tuple(tuple(_criterion_data_row(entry)) for entry in comparison.entries)
    return Cells(headers, rows, ("right", "left", "left", *["right"] * (len(headers) - 3)))


def question_cells(comparison: Comparison, *, only_differences: bool) -> Cells:
    """A row for each question, a column for each tool, a row with the title above each criterion's."""
    rows: list[tuple[str, ...]] = []
    above: Criterion | None = None
    for scores in question_rows(comparison, only_differences=only_differences):
        if scores[0].criterion is not above:
            above = scores[0].criterion
            rows.append((above.title.upper(), *[""] * len(scores)))
        cells = (marked_level(one, entry.scorecard) for one, entry in zip(scores, comparison.entries, strict=True))
        rows.append((scores[0].question.title, *cells))
    names = tuple(entry.name for entry in comparison.entries)
    return Cells(("question", *names), tuple(rows), ("left", *["left"] * len(names)))


def question_data(comparison: Comparison, *, only_differences: bool) -> Cells:
    """The same for programs: the question's id, and levels without their marks."""
    names = tuple(entry.name for entry in comparison.entries)
    rows = tuple(
        (scores[0].question.id, *(level_cell(one) for one in scores))
        for scores in question_rows(comparison, only_differences=only_differences)
    )
    return Cells(("question", *names), rows, ("left", *["left"] * len(names)))


def level_cell(scored: QuestionScore) -> str:
    """The level, `?` for unknown, `-` where it does not apply or is answered so, nothing where it is not answered."""
    if scored.applies is False or scored.state is AnswerState.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if scored.state is AnswerState.UNKNOWN:
        return UNKNOWN
    return "" if scored.level is None else str(scored.level)


def marked_level(scored: QuestionScore, scorecard: Scorecard) -> str:
    """The level as it is read in the table: with the mark of a must-have, and of what has expired."""
    level = level_cell(scored) or UNANSWERED
    states = {must_have.question.id: must_have.state for must_have in scorecard.must_haves}
    state = states.get(scored.question.id)
    if state is None and scored.applies is not False and scored.state is AnswerState.EXPIRED:
        state = MustHaveState.EXPIRED
    if state is MustHaveState.NOT_APPLICABLE:
        state = MustHaveState.UNKNOWN  # as the verdict takes it; two dashes would say nothing
    return level if state is None or MUST_HAVE_MARKS[state] == level else f"{level} {MUST_HAVE_MARKS[state]}"


def must_haves_in(entry: Entry) -> tuple[int, int]:
    """How many must-haves failed, and how many are not known: neither met nor failed."""
    states = [must_have.state for must_have in entry.scorecard.must_haves]
    failed = states.count(MustHaveState.FAILED)
    return failed, len(states) - failed - states.count(MustHaveState.MET)


def range_cell(score_range: ScoreRange | None) -> str:
    """Floor and ceiling: `45.8–79.2`."""
    return NO_FIGURE if score_range is None else f"{figure(score_range.floor)}–{figure(score_range.ceiling)}"


def _criterion_row(entry: Entry) -> tuple[str, ...]:
    scorecard = entry.scorecard
    floor, observed, ceiling, coverage, _ = range_figures(scorecard.overall)
    failed, unknown = must_haves_in(entry)
    criteria = [range_cell(scored.range) for scored in scorecard.criteria]
    verdict = scorecard.verdict.words
    return (
        str(entry.rank),
        entry.name,
        verdict,
        floor,
        observed,
        ceiling,
        *criteria,
        coverage,
        str(failed),
        str(unknown),
    )


def _criterion_data_row(entry: Entry) -> Iterator[str]:
    scorecard = entry.scorecard
    *overall, coverage, _ = _data_figures(scorecard.overall)
    yield from (str(entry.rank), entry.name, scorecard.verdict.value, *overall)
    for scored in scorecard.criteria:
        yield from _data_figures(scored.range)[:3]
    yield coverage
    yield from map(str, must_haves_in(entry))


def _data_figures(score_range: ScoreRange | None) -> tuple[str, ...]:
    return tuple("" if text == NO_FIGURE else text for text in range_figures(score_range))


def question_rows(comparison: Comparison, *, only_differences: bool) -> Iterator[tuple[QuestionScore, ...]]:
    """For each question how it counts for each tool; with `only_differences` where not all would be shown alike."""
    for scores in zip(*(entry.scorecard.questions for entry in comparison.entries), strict=True):
        shown = {marked_level(one, entry.scorecard) for one, entry in zip(scores, comparison.entries, strict=True)}
        if not only_differences or len(shown) > 1:
            yield scores
