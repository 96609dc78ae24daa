"""Tables of a comparison, by criterion and by question, and the text that a terminal shows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from toolvet.domain.comparison import Edge, LeaderHolds, Robustness
from toolvet.domain.rubric import Criterion
from toolvet.domain.scorecard import AnswerState, MustHaveState, QuestionScore, Scorecard, ScoreRange
from toolvet.report.comparison.ranking import Comparison, Entry, Why, why_text
from toolvet.report.comparison.sentences import (
    NOT_TRIED,
    caveats,
    robustness_lines,
    separation_lines,
    why_first,
)
from toolvet.report.scorecard import range_cell, range_figures
from toolvet.text.escape import columns_of, listed, one_line, paragraph, plural, visible, wrapped
from toolvet.text.labels import MUST_HAVE_SIGNS, NO_FIGURE, NOT_STARTED, day, house_policy_words, percent
from toolvet.text.tables import TableFormat, draw_cells, table
from toolvet.values import dataclass, once_each

UNKNOWN_CELL, NOT_APPLICABLE_CELL, _UNANSWERED_CELL = "?", "-", "·"


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
    cell_of = once_each(range_cell)
    return Cells(
        ("rank", "tool", "verdict", "floor", "observed", "ceiling", *titles, "coverage", "proven", "failed", "unknown"),
        tuple(_criterion_row(entry, cell_of) for entry in comparison.entries),
        ("right", "left", "left", *["right"] * (7 + len(titles))),
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
    """The same for programs: one figure in each cell."""
    parts = ("floor", "observed", "ceiling")
    titles = tuple(f"{criterion.title} {part}" for criterion in comparison.rubric.criteria for part in parts)
    must_haves = ("must-haves failed", "must-haves unknown")
    headers = ("rank", "tool", "verdict", *parts, *titles, "coverage", "proven", *must_haves)
    cells_of = once_each(_range_data)
    rows = tuple(tuple(_criterion_data_row(entry, cells_of)) for entry in comparison.entries)
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
        rows.append((scores[0].question.heading, *cells))
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
        return NOT_APPLICABLE_CELL
    if scored.state is AnswerState.UNKNOWN:
        return UNKNOWN_CELL
    return "" if scored.level is None else str(scored.level)


def marked_level(scored: QuestionScore, scorecard: Scorecard) -> str:
    """The level as it is read in the table: with the mark of a must-have, and of what has expired."""
    level = level_cell(scored) or _UNANSWERED_CELL
    states = {must_have.question.id: must_have.state for must_have in scorecard.must_haves}
    state = states.get(scored.question.id)
    if state is None and scored.applies is not False and scored.state is AnswerState.EXPIRED:
        state = MustHaveState.EXPIRED
    if state is MustHaveState.NOT_APPLICABLE:
        state = MustHaveState.UNKNOWN  # as the verdict takes it; two dashes would say nothing
    return level if state is None or MUST_HAVE_SIGNS[state] == level else f"{level} {MUST_HAVE_SIGNS[state]}"


def must_haves_in(entry: Entry) -> tuple[int, int]:
    """How many must-haves failed, and how many are neither met nor failed."""
    states = [must_have.state for must_have in entry.scorecard.must_haves]
    failed = states.count(MustHaveState.FAILED)
    return failed, len(states) - failed - states.count(MustHaveState.MET)


def _criterion_row(entry: Entry, cell_of: Callable[[ScoreRange | None], str]) -> tuple[str, ...]:
    scorecard = entry.scorecard
    floor, observed, ceiling, coverage, proven = range_figures(scorecard.overall)
    failed, unknown = must_haves_in(entry)
    criteria = [cell_of(scored.range) for scored in scorecard.criteria]
    verdict = scorecard.verdict.words if scorecard.is_started else NOT_STARTED
    return (
        str(entry.rank),
        entry.name,
        verdict,
        floor,
        observed,
        ceiling,
        *criteria,
        coverage,
        proven,
        str(failed),
        str(unknown),
    )


def _criterion_data_row(entry: Entry, cells_of: Callable[[ScoreRange | None], tuple[str, ...]]) -> Iterator[str]:
    scorecard = entry.scorecard
    *overall, coverage, proven = _data_figures(scorecard.overall)
    yield from (str(entry.rank), entry.name, scorecard.verdict.value, *overall)
    for scored in scorecard.criteria:
        yield from cells_of(scored.range)
    yield from (coverage, proven)
    yield from map(str, must_haves_in(entry))


def _range_data(score_range: ScoreRange | None) -> tuple[str, ...]:
    return _data_figures(score_range)[:3]


def _data_figures(score_range: ScoreRange | None) -> tuple[str, ...]:
    return tuple("" if text == NO_FIGURE else text for text in range_figures(score_range))


def question_rows(comparison: Comparison, *, only_differences: bool) -> Iterator[tuple[QuestionScore, ...]]:
    """For each question how it counts for each tool; with `only_differences` where not all would be shown alike."""
    for scores in zip(*(entry.scorecard.questions for entry in comparison.entries), strict=True):
        shown = {marked_level(one, entry.scorecard) for one, entry in zip(scores, comparison.entries, strict=True)}
        if not only_differences or len(shown) > 1:
            yield scores


_WHOLE, _BREAKING, _NARROWEST = 16, 10, 4
"""Words up to here stay whole: as long as there is another way, before more is cut, and at the worst."""

_QUESTION = 24
"""Columns that titles of questions keep before the tools are called by letters."""

_EVERYTHING = "a wider terminal, a file or --format csv shows everything"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A drawn table, and in words what is not in it; empty where everything is."""

    text: str
    note: str = ""


def fit_criteria(comparison: Comparison, table_format: TableFormat, width: int | None) -> Fitted:
    """The table by criterion in at most that many columns; None for as many as it takes."""
    upright = criterion_cells(comparison)
    if width is None:
        return Fitted(table(upright.rows, upright.headers, table_format, upright.align))
    for longest_word in (_WHOLE, _BREAKING):
        for cells in (upright, turned_cells(comparison)):
            drawn = wrapped_table(cells, table_format, width, longest_word=longest_word)
            if drawn is not None:
                return Fitted(drawn)
    criteria = frozenset(criterion.title for criterion in comparison.rubric.criteria)
    for longest_word in (_BREAKING, _NARROWEST):
        for dropped, words in _droppable(criteria):
            drawn = wrapped_table(upright.without(dropped), table_format, width, longest_word=longest_word)
            if drawn is not None:
                return Fitted(drawn, f"Left out to fit {width} columns: {words}; {_EVERYTHING}.")
    return Fitted("", f"{width} columns are too few for a table; {_EVERYTHING}.")


def fit_questions(
    comparison: Comparison, table_format: TableFormat, width: int | None, *, only_differences: bool
) -> Fitted:
    """The table by question in at most that many columns; tools that do not fit are left out, the last first."""
    cells = question_cells(comparison, only_differences=only_differences)
    if width is None:
        return Fitted(table(cells.rows, cells.headers, table_format, cells.align))
    for longest_word in (_WHOLE, _BREAKING):
        drawn = wrapped_table(cells, table_format, width, longest_word=longest_word, first=_QUESTION)
        if drawn is not None:
            return Fitted(drawn)
    return _lettered(comparison, cells, table_format, width)


def _lettered(comparison: Comparison, cells: Cells, table_format: TableFormat, width: int) -> Fitted:
    """The table with letters for tools, of which as many as fit."""
    headers = ("question", *(entry.letter for entry in comparison.entries))
    counts = range(len(comparison.entries), 0, -1)
    for longest_word, count in ((_WHOLE, counts[0]), *product((_BREAKING, _NARROWEST), counts)):
        part = Cells(headers[: count + 1], tuple(row[: count + 1] for row in cells.rows), cells.align[: count + 1])
        drawn = wrapped_table(part, table_format, width, longest_word=longest_word)
        if drawn is not None:
            note = f"{', '.join(f'{entry.letter} {one_line(entry.name)}' for entry in comparison.entries[:count])}."
            left = comparison.entries[count:]
            if left:
                tools = f"{plural(len(left), 'tool')} from rank {left[0].rank} on"
                note += f" Left out to fit {width} columns: {tools}; {_EVERYTHING}."
            return Fitted(drawn, note)
    return Fitted("", f"{width} columns are too few for a table; {_EVERYTHING}.")


def wrapped_table(
    cells: Cells, table_format: TableFormat, width: int, *, longest_word: int, first: int = 1
) -> str | None:
    """The table with its cells wrapped to fit, the first column to no less than `first` columns.

    None if words of up to `longest_word` columns would have to be broken.
    """
    columns = [[one_line(cell) for cell in column] for column in zip(cells.headers, *cells.rows, strict=True)]
    widths = [max(max(map(columns_of, column)), 1) for column in columns]
    least = [max(min(longest_word, _longest(column)), 1) for column in columns]
    least[0] = max(least[0], min(first, widths[0]))
    frame = 3 * len(columns) + 1 if table_format is TableFormat.GRID else 2 * (len(columns) - 1)
    while sum(widths) + frame > width:
        candidates = [place for place in range(len(widths)) if widths[place] > least[place]]
        if not candidates:
            return None
        widest = max(candidates, key=lambda place: widths[place])
        widths[widest] -= 1
    filled = [["\n".join(wrap(cell, own)) for cell in column] for column, own in zip(columns, widths, strict=True)]
    headers, *rows = zip(*filled, strict=True)
    return draw_cells([list(row) for row in rows], list(headers), table_format, (cells.align, None))


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most that many columns; a word is broken only where it is longer than a line."""
    lines = [""]
    for word in text.split(" "):
        for part in _pieces(word, width):
            longer = f"{lines[-1]} {part}" if lines[-1] else part
            if columns_of(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return lines


def _pieces(word: str, width: int) -> Iterator[str]:
    piece = ""
    for letter in word:
        if piece and columns_of(piece + letter) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _longest(column: Sequence[str]) -> int:
    return max((columns_of(word) for cell in column for word in cell.split(" ")), default=0)


def _droppable(criteria: frozenset[str]) -> Iterator[tuple[frozenset[str], str]]:
    """What is left out first, and then further: the sum of it, with its words."""
    dropped, words = criteria, ["the criteria"]
    yield dropped, listed(words)
    for headers, more in (
        (("proven",), "proven"),
        (("coverage",), "coverage"),
        (("observed",), "observed"),
        (("failed", "unknown"), "must-haves"),
        (("ceiling",), "ceiling"),
        (("verdict",), "verdict"),
        (("floor",), "floor"),
    ):
        dropped, words = dropped | frozenset(headers), [*words, more]
        yield dropped, listed(words)


HOLD_HEADERS = ("criterion", "weight now", "first from", "to", "then leads")


def holds_cells(robustness: Robustness) -> Cells:
    """For each criterion the shares of weight between which the leader stays first, and who leads beyond."""
    rows = tuple(
        (
            hold.criterion.title,
            percent(100 * hold.weight),
            percent(100 * hold.low.share),
            percent(100 * hold.high.share),
            _beyond(hold),
        )
        for hold in robustness.holds
    )
    return Cells(HOLD_HEADERS, rows, ("left", "right", "right", "right", "left"))


def _beyond(hold: LeaderHolds) -> str:
    if hold.low.rival is None and hold.high.rival is None:
        return "nobody"
    return "; ".join(f"{side}: {edge.rival.name}" for side, edge in _sides(hold) if edge.rival is not None)


def _sides(hold: LeaderHolds) -> tuple[tuple[str, Edge], tuple[str, Edge]]:
    return ("below", hold.low), ("above", hold.high)


_CRITERIA_LEGEND = (
    "A criterion shows floor–ceiling; coverage and proven are shares of the weight; "
    "failed and unknown count must-haves."
)
MATRIX_LEGEND = (
    "Levels; must-haves: ✓ met, ✗ failed, ? not known; ↻ expired; ? unknown, - not applicable or not asked, "
    "· not answered."
)


@dataclass(frozen=True, slots=True)
class ComparisonChoices:
    """How the text is wanted: `table_width` None is as wide as it takes, `width` is for sentences."""

    table_format: TableFormat = TableFormat.SIMPLE
    by_question: bool = False
    only_differences: bool = False
    with_robustness: bool = False
    table_width: int | None = None
    width: int = 80


def comparison_text(
    comparison: Comparison, robustness: Robustness | None, reason: Why | None, choices: ComparisonChoices
) -> str:
    """The table as chosen. For those that read it, the sentences, weights and reasons come below.

    The formats that other programs read are the table alone.
    """
    if not choices.table_format.is_read:
        return _whole_table(comparison, choices)
    fitted = _fitted(comparison, choices)
    legend = MATRIX_LEGEND if choices.by_question else _CRITERIA_LEGEND
    parts = [
        fitted.text,
        paragraph((fitted.note, legend), choices.width),
        paragraph((why_first(comparison, robustness), *caveats(comparison)), choices.width),
        paragraph(separation_lines(comparison), choices.width),
    ]
    if reason is not None:
        parts.append(why_text(reason, choices.width))
    if choices.with_robustness:
        parts.append(_robustness(comparison, robustness, choices))
    parts.append(_origin(comparison, choices.width))
    return "\n\n".join(part for part in parts if part)


def _whole_table(comparison: Comparison, choices: ComparisonChoices) -> str:
    cells = _cells(comparison, choices, is_data=choices.table_format.is_data)
    return table(cells.rows, cells.headers, choices.table_format, cells.align)


def _cells(comparison: Comparison, choices: ComparisonChoices, *, is_data: bool) -> Cells:
    if choices.by_question:
        make = question_data if is_data else question_cells
        return make(comparison, only_differences=choices.only_differences)
    return criterion_data(comparison) if is_data else criterion_cells(comparison).in_full()


def _fitted(comparison: Comparison, choices: ComparisonChoices) -> Fitted:
    if not choices.by_question:
        return fit_criteria(comparison, choices.table_format, choices.table_width)
    fitted = fit_questions(
        comparison, choices.table_format, choices.table_width, only_differences=choices.only_differences
    )
    if choices.only_differences and not question_cells(comparison, only_differences=True).rows:
        return Fitted("They differ on no question.")
    return fitted


def _robustness(comparison: Comparison, robustness: Robustness | None, choices: ComparisonChoices) -> str:
    if robustness is None:
        return paragraph((NOT_TRIED,), choices.width)
    cells = holds_cells(robustness)
    drawn = None
    for longest_word in (16, 8, 3):
        drawn = drawn or wrapped_table(
            cells, choices.table_format, choices.table_width or 10_000, longest_word=longest_word
        )
    first, *others = robustness_lines(comparison, robustness)
    return "\n".join(
        part for part in (paragraph((first,), choices.width), drawn, paragraph(others, choices.width)) if part
    )


def _origin(comparison: Comparison, width: int) -> str:
    rubric = comparison.rubric
    digest = f", {rubric.digest}" if rubric.digest else ""
    lines = [f"Scored as of {day(comparison.on)}.", f"Rubric {visible(rubric.id)} {visible(rubric.version)}{digest}"]
    lines += [f"{visible(entry.name)}: {visible(entry.candidate.file)}" for entry in comparison.entries]
    return "\n".join([*lines, wrapped(house_policy_words(rubric), width)])
