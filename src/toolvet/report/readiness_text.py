"""A survey's result as plain text: the tables, then what they say in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from toolvet.report.comparison_tables import Cells
from toolvet.report.dumbbells import LEGEND as DUMBBELL_LEGEND
from toolvet.report.readiness import Survey, moved, shown_in
from toolvet.report.readiness_tables import (
    AREA_LEGEND,
    LEGEND,
    SIDE_BY_SIDE_LEGEND,
    area_cells,
    moved_cells,
    question_cells,
    side_by_side_cells,
    survey_data,
)
from toolvet.report.readiness_words import (
    CANNOT_TELL,
    answer_words,
    ask_again_words,
    group_words,
    house_policy_words,
    people_words,
    reading_sentences,
    who_words,
    withheld_words,
    wording_words,
)
from toolvet.report.tables import TableFormat, table
from toolvet.report.text import columns_of, listed, one_line, plural, visible, wrapped
from toolvet.report.words import day

_DATA = frozenset({TableFormat.CSV, TableFormat.TSV})
_READ = frozenset({TableFormat.SIMPLE, TableFormat.GRID})
_BARS = (17, 9, 0)
_NARROWEST = 16


@dataclass(frozen=True, slots=True)
class Choices:
    """How the text is wanted: `table_width` None is as wide as it takes, `width` is for sentences.

    `groups` are two to be set side by side; with `by_group` every group that may be shown gets rows of its own.
    """

    table_format: TableFormat = TableFormat.SIMPLE
    by_group: bool = False
    groups: tuple[str, ...] = ()
    table_width: int | None = None
    width: int = 80


def readiness_text(survey: Survey, choices: Choices) -> str:
    """The tables as chosen, with the sentences below where people read it; else one table alone."""
    readiness = survey.now.readiness
    shown = shown_in(readiness) if choices.by_group else ()
    if choices.table_format in _DATA:
        cells = survey_data(survey, choices.groups or shown)
        return table(cells.rows, cells.headers, choices.table_format, cells.align)
    if choices.table_format not in _READ:
        cells = side_by_side_cells(readiness, choices.groups) if choices.groups else question_cells(readiness, shown)
        return table(cells.rows, cells.headers, choices.table_format, cells.align)
    parts = [
        _heading(survey, choices.width),
        _areas(survey, shown, choices),
        _questions(survey, shown, choices),
        _groups_note(survey, shown, choices),
        _moved(survey, choices),
        _paragraph((withheld_words(readiness), wording_words(survey.now)), choices.width),
        _paragraph((ask_again_words(survey), CANNOT_TELL[0], CANNOT_TELL[1]), choices.width),
        _origin(survey, choices.width),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(survey: Survey, width: int) -> str:
    readiness = survey.now.readiness
    title = f"{survey.organisation}: {readiness.rubric.title}, {people_words(survey.now)}"
    sentences = (answer_words(readiness), *reading_sentences(readiness))
    return "\n".join([wrapped(title, width), "", _paragraph((*sentences, who_words(survey.now)), width)])


def _areas(survey: Survey, shown: Sequence[str], choices: Choices) -> str:
    attempts = [area_cells(survey.now.readiness, shown, bar) for bar in _BARS]
    attempts.append(attempts[-1].without(frozenset({"questions"})))
    drawn = _drawn(attempts, choices)
    # The count goes first where the terminal is narrow, and its legend with it.
    return f"{drawn}\n\n{wrapped(AREA_LEGEND, choices.width)}" if "questions" in drawn.split("\n")[0] else drawn


def _questions(survey: Survey, shown: Sequence[str], choices: Choices) -> str:
    readiness = survey.now.readiness
    if choices.groups:
        drawn = _drawn([side_by_side_cells(readiness, choices.groups)], choices)
        return f"{drawn}\n\n{wrapped(SIDE_BY_SIDE_LEGEND, choices.width)}"
    drawn = _drawn([question_cells(readiness, shown, bar) for bar in _BARS], choices)
    return "\n\n".join([drawn, _paragraph((f"{DUMBBELL_LEGEND}.", LEGEND), choices.width)])


def _groups_note(survey: Survey, shown: Sequence[str], choices: Choices) -> str:
    """What has to be said where groups were asked for and none, or not all of them, can be shown."""
    can_show = shown_in(survey.now.readiness)
    if choices.by_group and not shown:
        return wrapped("No group is large enough to be shown.", choices.width)
    missing = [group_words(group) for group in choices.groups if group not in can_show]
    if not missing:
        return ""
    return wrapped(f"Nothing can be shown of {listed(missing)}: too few answered, or nobody.", choices.width)


def _moved(survey: Survey, choices: Choices) -> str:
    if survey.before is None:
        return ""
    before = f"The round before: {people_words(survey.before)}."
    if not moved(survey):
        nothing = f"{before} No question of it can be set beside this one's: others were asked, or too few answered."
        return wrapped(nothing, choices.width)
    return f"{wrapped(before, choices.width)}\n\n{_drawn([moved_cells(survey)], choices)}"


def _drawn(attempts: Sequence[Cells], choices: Choices) -> str:
    """The first of the tables that fits as it is; else the first that does with its first column broken at spaces."""
    drawn = [table(cells.rows, cells.headers, choices.table_format, cells.align) for cells in attempts]
    excess = [0 if choices.table_width is None else _columns(text) - choices.table_width for text in drawn]
    if min(excess) <= 0:
        return next(text for text, over in zip(drawn, excess, strict=True) if over <= 0)
    narrowed = [_longest(cells) - over for cells, over in zip(attempts, excess, strict=True)]
    place = next((place for place, width in enumerate(narrowed) if width >= _NARROWEST), len(attempts) - 1)
    cells, first = attempts[place], max(narrowed[place], _NARROWEST)
    widths = [first, *[None] * (len(cells.headers) - 1)]
    return table(cells.rows, cells.headers, choices.table_format, cells.align, widths)


def _longest(cells: Cells) -> int:
    return max((columns_of(one_line(row[0])) for row in cells.rows), default=0)


def _columns(text: str) -> int:
    return max(map(columns_of, text.split("\n")), default=0)


def _origin(survey: Survey, width: int) -> str:
    rubric, people = survey.now.rubric, survey.now.readiness.people
    lines = [f"Computed as of {day(survey.on)}.", f"Rubric {visible(rubric.id)} {visible(rubric.version)}"]
    if rubric.digest:
        lines[-1] += f", {rubric.digest}"
    lines.append(f"{plural(people, 'answer file')}; digest over theirs sha256:{survey.now.sha256}")
    return "\n".join([*lines, wrapped(house_policy_words(rubric), width)])


def _paragraph(sentences: Iterable[str], width: int) -> str:
    return "\n".join(wrapped(sentence, width) for sentence in sentences if sentence)
