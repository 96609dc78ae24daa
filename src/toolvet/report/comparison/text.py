"""A comparison as plain text: the table, then what it says in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from toolvet.domain.robustness import Robustness
from toolvet.report.comparison.ranking import Comparison
from toolvet.report.comparison.sentences import (
    NOT_TRIED,
    Why,
    holds_cells,
    robustness_lines,
    scope_lines,
    separation_lines,
    why_first,
    why_text,
)
from toolvet.report.comparison.tables import (
    Cells,
    Fitted,
    criterion_cells,
    criterion_data,
    fit_criteria,
    fit_questions,
    question_cells,
    question_data,
    wrapped_table,
)
from toolvet.text.escape import visible, wrapped
from toolvet.text.labels import day, house_policy_words
from toolvet.text.tables import TableFormat, table

_DATA = frozenset({TableFormat.CSV, TableFormat.TSV})
_READ = frozenset({TableFormat.SIMPLE, TableFormat.GRID})

CRITERIA_LEGEND = "A criterion shows floor–ceiling; failed and unknown count must-haves."
QUESTIONS_LEGEND = (
    "Levels; must-haves ✓ met, ✗ failed, ? not known; ↻ expired; ? unknown, - does not apply, · not answered."
)


@dataclass(frozen=True, slots=True)
class Choices:
    """How the text is wanted: `table_width` None is as wide as it takes, `width` is for sentences."""

    table_format: TableFormat = TableFormat.SIMPLE
    by_question: bool = False
    only_differences: bool = False
    with_robustness: bool = False
    table_width: int | None = None
    width: int = 80


def is_read(table_format: TableFormat) -> bool:
    """Whether people read the format where it is printed, so that sentences stand below the table."""
    return table_format in _READ


def comparison_text(comparison: Comparison, robustness: Robustness | None, reason: Why | None, choices: Choices) -> str:
    """The table as chosen. For those that read it, the sentences, weights and reasons come below.

    The formats that other programs read are the table alone.
    """
    if not is_read(choices.table_format):
        return _whole_table(comparison, choices)
    fitted = _fitted(comparison, choices)
    legend = QUESTIONS_LEGEND if choices.by_question else CRITERIA_LEGEND
    parts = [
        fitted.text,
        _paragraph((fitted.note, legend), choices.width),
        _paragraph((why_first(comparison, robustness), *scope_lines(comparison)), choices.width),
        _paragraph(separation_lines(comparison), choices.width),
    ]
    if reason is not None:
        parts.append(why_text(reason, choices.width))
    if choices.with_robustness:
        parts.append(_robustness(comparison, robustness, choices))
    parts.append(_origin(comparison, choices.width))
    return "\n\n".join(part for part in parts if part)


def _whole_table(comparison: Comparison, choices: Choices) -> str:
    cells = _cells(comparison, choices, is_data=choices.table_format in _DATA)
    return table(cells.rows, cells.headers, choices.table_format, cells.align)


def _cells(comparison: Comparison, choices: Choices, *, is_data: bool) -> Cells:
    if choices.by_question:
        make = question_data if is_data else question_cells
        return make(comparison, only_differences=choices.only_differences)
    return criterion_data(comparison) if is_data else criterion_cells(comparison).in_full()


def _fitted(comparison: Comparison, choices: Choices) -> Fitted:
    if not choices.by_question:
        return fit_criteria(comparison, choices.table_format, choices.table_width)
    fitted = fit_questions(
        comparison, choices.table_format, choices.table_width, only_differences=choices.only_differences
    )
    if choices.only_differences and not question_cells(comparison, only_differences=True).rows:
        return Fitted("On no question do they differ.")
    return fitted


def _robustness(comparison: Comparison, robustness: Robustness | None, choices: Choices) -> str:
    if robustness is None:
        return _paragraph((NOT_TRIED,), choices.width)
    cells = holds_cells(robustness)
    drawn = None
    for longest_word in (16, 8, 3):
        drawn = drawn or wrapped_table(
            cells, choices.table_format, choices.table_width or 10_000, longest_word=longest_word
        )
    first, *others = robustness_lines(comparison, robustness)
    return "\n".join(
        part for part in (_paragraph((first,), choices.width), drawn, _paragraph(others, choices.width)) if part
    )


def _origin(comparison: Comparison, width: int) -> str:
    rubric = comparison.rubric
    digest = f", {rubric.digest}" if rubric.digest else ""
    lines = [f"Scored as of {day(comparison.on)}.", f"Rubric {visible(rubric.id)} {visible(rubric.version)}{digest}"]
    lines += [f"File {entry.rank}: {visible(entry.candidate.file)}" for entry in comparison.entries]
    return "\n".join([*lines, wrapped(house_policy_words(rubric), width)])


def _paragraph(sentences: Iterable[str], width: int) -> str:
    return "\n".join(wrapped(sentence, width) for sentence in sentences if sentence)
