"""Tables of a survey's result as rows of text: areas, questions, groups, and what has moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from toolvet.domain.gaps import NO_FIGURES, AreaGap, Figures, QuestionGap, Readiness, Side, is_asked_of
from toolvet.report.comparison.tables import Cells
from toolvet.report.survey.result import (
    Moved,
    Survey,
    group_areas,
    measured_in,
    moved,
    of_group,
    questions_of,
    shown_in,
)
from toolvet.report.survey.sentences import (
    CANNOT_TELL,
    HOUSE_POLICY,
    answer_words,
    ask_again_words,
    balance_words,
    brief_mean_words,
    closed_words,
    gap_figure,
    group_words,
    help_words,
    level_figure,
    marked_reading,
    mean_words,
    nothing_words,
    one_sided_words,
    open_words,
    pair_words,
    people_words,
    reading_sentences,
    who_words,
    withheld_words,
    wording_words,
)
from toolvet.text.charts import DUMBBELL_LEGEND, dumbbell
from toolvet.text.escape import columns_of, listed, one_line, paragraph, plural, visible, wrapped
from toolvet.text.labels import NO_FIGURE, day, house_policy_words, plain_number
from toolvet.text.tables import TableFormat, WorkbookSheet, table
from toolvet.values import dataclass

_FIGURES = ("expected", "delivered", "gap", "reading")
_RIGHT = ("right", "right", "right", "left")
_DATA_SIDES = tuple(
    f"{side}{what}" for side in ("expected", "delivered") for what in ("", " near", " people", " spread")
)
AREA_LEGEND = (
    '"Questions" counts the questions whose gap is shown, of those asked (for a group: asked of that group). The means '
    "are over these, so compare two groups only where both have all."
)
LEGEND = '± is the spread, shown from 10 people on. "People" counts who answered both sides; every figure is over them.'
SIDE_BY_SIDE_LEGEND = "1.50 of 3.00: delivered of expected; then the gap with its reading."


def area_cells(readiness: Readiness, groups: Sequence[str] = (), bar: int = 17, *, has_counts: bool = True) -> Cells:
    """A row for each area, and below it one for each of these groups; without bars where `bar` is 0.

    Without a column for counts, how many questions have a figure stands behind the area where that is not all.
    """
    by_group = {group: group_areas(readiness, group) for group in groups}
    rows: list[tuple[str, ...]] = []
    for place, found in enumerate(readiness.areas):
        areas = ((found, None), *((by_group[group][place], group) for group in groups))
        rows += [_area_row(readiness, area, group, bar, has_counts=has_counts) for area, group in areas]
    headers = ("area", "0 to top", *_FIGURES, "questions", "balance")
    cells = Cells(headers, tuple(rows), ("left", "left", *_RIGHT, "right", "left"))
    return cells.without(frozenset({*(() if bar else ("0 to top",)), *(() if has_counts else ("questions",))}))


def question_gap_cells(readiness: Readiness, groups: Sequence[str] = (), bar: int = 17) -> Cells:
    """A row for each question below its area's title, and below it one for each of these groups."""
    rows: list[tuple[str, ...]] = []
    for found in readiness.areas:
        rows.append((found.criterion.title.upper(), *[""] * 6))
        for one in questions_of(readiness, found):
            rows.append(_question_row(one, one.question.heading, one.whole, bar))
            rows += [
                _question_row(one, f"– {group_words(group)}", of_group(one, group), bar, group) for group in groups
            ]
    return _with_question_headers(rows, bar)


def cells_of_area(questions: Sequence[QuestionGap]) -> Cells:
    """A row for each of these questions, without bars."""
    return _with_question_headers([_question_row(one, one.question.heading, one.whole, 0) for one in questions], 0)


def _with_question_headers(rows: Sequence[tuple[str, ...]], bar: int) -> Cells:
    headers = ("question", "0 to top", *_FIGURES, "people")
    cells = Cells(headers, tuple(rows), ("left", "left", *_RIGHT, "right"))
    return cells if bar else cells.without(frozenset({"0 to top"}))


def side_by_side_cells(readiness: Readiness, groups: Sequence[str]) -> Cells:
    """A row for each area and question, a column for each of these groups."""
    by_group = [group_areas(readiness, group) for group in groups]
    rows: list[tuple[str, ...]] = []
    for place, found in enumerate(readiness.areas):
        cells = (
            _area_cell(areas[place], measured_in(readiness, found, group))
            for group, areas in zip(groups, by_group, strict=True)
        )
        rows.append((found.criterion.title.upper(), *cells))
        rows += [
            (one.question.heading, *(_pair_cell(one, group) for group in groups))
            for one in questions_of(readiness, found)
        ]
    headers = ("question", *(group_words(group) for group in groups))
    return Cells(headers, tuple(rows), ("left", *["left"] * len(groups)))


def moved_cells(survey: Survey) -> Cells:
    """Both rounds' means of every question that both asked alike."""
    if survey.before is None:
        return Cells((), (), ())
    then, now = survey.round_names
    headers = (
        "question",
        f"expected {then}",
        f"expected {now}",
        "moved",
        f"delivered {then}",
        f"delivered {now}",
        "moved",
    )
    rows = tuple(_moved_row(one) for one in moved(survey))
    return Cells(headers, rows, ("left", *["right"] * 6))


def survey_data(survey: Survey, groups: Sequence[str]) -> Cells:
    """Everything for programs: a row for each area and question, and for each of these groups; a figure in a cell."""
    headers = (
        *("area", "question", "group", *_DATA_SIDES, "gap", "people", "reading", "balance", "withheld", "one-sided"),
        *("expected before", "expected before near", "delivered before", "delivered before near"),
    )
    earlier = {one.question.question.id: one.before for one in moved(survey)}
    rows = tuple(_data_rows(survey.now.readiness, groups, earlier))
    return Cells(headers, rows, ("left", "left", "left", *["right"] * 10, "left", "left", "left", *["right"] * 5))


def readiness_sheet(survey: Survey, groups: Sequence[str]) -> WorkbookSheet:
    """The same as a sheet: areas and questions by their titles, figures as numbers."""
    cells, areas = survey_data(survey, groups), survey.now.readiness.areas
    titles = {found.criterion.id: found.criterion.title for found in areas}
    headings = {one.question.id: one.question.heading for one in survey.now.readiness.questions}
    rows = [
        (
            titles.get(area, area),
            headings.get(question, question),
            *(_figure(header, cell) for header, cell in zip(cells.headers[2:], others, strict=True)),
        )
        for area, question, *others in cells.rows
    ]
    return WorkbookSheet("Readiness", tuple(cells.headers), rows, widths={"area": 28, "question": 40})


def _figure(header: str, cell: str) -> str | float:
    is_word = header in ("group", "reading", "balance", "withheld") or header.endswith("near")
    return cell if is_word or not cell else float(cell)


def _data_rows(readiness: Readiness, groups: Sequence[str], earlier: dict[str, Figures]) -> Iterator[tuple[str, ...]]:
    for place, found in enumerate(readiness.areas):
        yield _area_data(found, None)
        for group in groups:
            yield _area_data(group_areas(readiness, group)[place], group)
        for one in questions_of(readiness, found):
            before = earlier.get(one.question.id, NO_FIGURES)
            earlier_sides = (*_side_data(before.expected)[:2], *_side_data(before.delivered)[:2])
            yield (*_question_data(one, one.whole, None), *earlier_sides)
            for group in groups:
                yield (*_question_data(one, of_group(one, group), group), *[""] * 4)


def _group_cell(group: str | None) -> str:
    """A group by its name; nothing for everybody."""
    return "" if group is None else group_words(group)


def _area_data(found: AreaGap, group: str | None) -> tuple[str, ...]:
    reading = "" if found.reading is None else found.reading.value
    balance = "" if found.in_balance is None else "yes" if found.in_balance else "no"
    expected, delivered, gap = (_plain(mean) for mean in (found.expected, found.delivered, found.gap))
    figures = (expected, *[""] * 3, delivered, *[""] * 3, gap, "")
    return (found.criterion.id, "", _group_cell(group), *figures, reading, balance, *[""] * 6)


def _question_data(one: QuestionGap, figures: Figures, group: str | None) -> tuple[str, ...]:
    gap, is_withheld = figures.gap, one.withheld and (group is None or is_asked_of(one.question, group))
    return (
        *(one.criterion.id, one.question.id, _group_cell(group)),
        *_side_data(figures.expected),
        *_side_data(figures.delivered),
        *(("", "", "") if gap is None else (_plain(gap.mean), str(gap.people), gap.reading.value)),
        "",
        "yes" if gap is None and is_withheld else "no",
        str(one.one_sided) if group is None else "",
    )


def _side_data(side: Side | None) -> tuple[str, str, str, str]:
    if side is None:
        return "", "", "", ""
    near = "" if side.near is None else side.near.value
    return _plain(side.mean), near, str(side.people), "" if side.spread is None else f"{side.spread:.4f}"


def _plain(mean: Fraction | None) -> str:
    return "" if mean is None else f"{round(plain_number(mean), 4)}"


def _area_row(
    readiness: Readiness, found: AreaGap, group: str | None, bar: int, *, has_counts: bool
) -> tuple[str, ...]:
    tops = {one.question.top for one in questions_of(readiness, found)}
    shown, total = measured_in(readiness, found, group)
    # Ladders of different lengths have no common scale to draw a mean on.
    drawn = (
        dumbbell(found.expected, found.delivered, tops.pop(), bar) if len(tops) == 1 and found.gap is not None else ""
    )
    title = found.criterion.title if group is None else f"– {group_words(group)}"
    return (
        title if has_counts or shown == total else f"{title} ({shown} of {total})",
        drawn,
        level_figure(found.expected),
        level_figure(found.delivered),
        gap_figure(found.gap),
        marked_reading(found.reading),
        f"{shown} of {total}",
        balance_words(found),
    )


def _question_row(
    one: QuestionGap, title: str, figures: Figures, bar: int, group: str | None = None
) -> tuple[str, ...]:
    nothing = nothing_words(one, group)
    if figures == NO_FIGURES:
        return (title, "", "", "", "", nothing, "")
    return (
        title,
        dumbbell(*positions(one, figures), one.question.top, bar),
        _side_cell(figures.expected, nothing),
        _side_cell(figures.delivered, nothing),
        nothing if figures.gap is None else gap_figure(figures.gap.mean),
        "" if figures.gap is None else marked_reading(figures.gap.reading),
        people_cell(figures),
    )


def _side_cell(side: Side | None, nothing: str) -> str:
    if side is None or side.spread is None:
        return mean_words(side, nothing)
    return f"{mean_words(side)} ±{level_figure(side.spread)}"


def people_cell(figures: Figures) -> str:
    """How many answered both sides."""
    parts = (figures.expected, figures.delivered)
    return next((str(part.people) for part in parts if part is not None), NO_FIGURE)


def positions(one: QuestionGap, figures: Figures) -> tuple[Fraction | None, Fraction | None]:
    """Where expected and delivered stand on the ladder; None for a side that is not shown."""
    expected, delivered = (
        None if side is None else side.position(one.question.top) for side in (figures.expected, figures.delivered)
    )
    return expected, delivered


def _pair_cell(one: QuestionGap, group: str) -> str:
    figures = of_group(one, group)
    if figures == NO_FIGURES:
        return nothing_words(one, group)
    reading = f" {marked_reading(figures.gap.reading)}" if figures.gap is not None else ""
    return f"{pair_words(one, figures)}{reading}".replace(", gap ", ", ")


def _area_cell(found: AreaGap, measured: tuple[int, int]) -> str:
    if found.gap is None or found.reading is None:
        return "no gap can be shown"
    sides = f"{level_figure(found.delivered)} of {level_figure(found.expected)}"
    shown, asked = measured
    over = "" if shown == asked else f", over {shown} of {plural(asked, 'question')}"
    return f"{sides}, {gap_figure(found.gap)} {marked_reading(found.reading)}{over}"


def _moved_row(one: Moved) -> tuple[str, ...]:
    now, before = one.question.whole, one.before
    return (
        one.question.question.heading,
        *_then_and_now(before.expected, now.expected),
        *_then_and_now(before.delivered, now.delivered),
    )


def _then_and_now(then: Side | None, now: Side | None) -> tuple[str, str, str]:
    before, after = _mean(then), _mean(now)
    step = None if before is None or after is None else round(after - before, 2)
    was, is_now = (NO_FIGURE if side is None else brief_mean_words(side) for side in (then, now))
    return was, is_now, gap_figure(step)


def _mean(side: Side | None) -> Fraction | None:
    return None if side is None else side.mean


_BARS = (17, 9, 0)
_NARROWEST = 16


@dataclass(frozen=True, slots=True)
class ReadinessChoices:
    """How the text is wanted: `table_width` None is as wide as it takes, `width` is for sentences.

    `groups` are two to be set side by side; with `by_group` every group that may be shown gets rows of its own.
    """

    table_format: TableFormat = TableFormat.SIMPLE
    by_group: bool = False
    groups: tuple[str, ...] = ()
    table_width: int | None = None
    width: int = 80
    has_charts: bool = True


def readiness_text(survey: Survey, choices: ReadinessChoices) -> str:
    """The tables as chosen, with the sentences below where people read it; else one table alone."""
    readiness = survey.now.readiness
    shown = shown_in(readiness) if choices.by_group else ()
    if choices.table_format.is_data:
        cells = survey_data(survey, choices.groups or shown)
        return table(cells.rows, cells.headers, choices.table_format, cells.align)
    if not choices.table_format.is_read:
        cells = (
            side_by_side_cells(readiness, choices.groups) if choices.groups else question_gap_cells(readiness, shown)
        )
        return table(cells.rows, cells.headers, choices.table_format, cells.align)
    parts = [
        _heading(survey, choices.width),
        _areas(survey, shown, choices),
        _questions(survey, shown, choices),
        _groups_note(survey, shown, choices),
        _moved(survey, choices),
        paragraph(
            (
                one_sided_words(readiness),
                withheld_words(readiness),
                help_words(readiness, survey.now.groups),
                wording_words(survey.now),
            ),
            choices.width,
        ),
        paragraph((ask_again_words(survey), CANNOT_TELL[0], CANNOT_TELL[1]), choices.width),
        _origin(survey, choices.width),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(survey: Survey, width: int) -> str:
    readiness = survey.now.readiness
    title = f"{survey.organisation}: {readiness.rubric.title}, {people_words(survey.now)}"
    sentences = (answer_words(readiness), *reading_sentences(readiness))
    notes = (closed_words(survey.now), who_words(survey.now), open_words(survey.open))
    return "\n".join([wrapped(title, width), "", paragraph((*sentences, *notes), width)])


def _areas(survey: Survey, shown: Sequence[str], choices: ReadinessChoices) -> str:
    attempts = [area_cells(survey.now.readiness, shown, bar) for bar in _bars(choices)]
    attempts.append(area_cells(survey.now.readiness, shown, _bars(choices)[-1], has_counts=False))
    cells, drawn = _fitting(attempts, choices)
    legend = AREA_LEGEND
    if cells is attempts[-1]:
        legend = legend.replace('"Questions" counts', '"4 of 5" behind an area counts')
    return f"{drawn}\n\n{wrapped(legend, choices.width)}"


def _questions(survey: Survey, shown: Sequence[str], choices: ReadinessChoices) -> str:
    readiness = survey.now.readiness
    if choices.groups:
        drawn = _side_by_side(side_by_side_cells(readiness, choices.groups), choices)
        return f"{drawn}\n\n{wrapped(SIDE_BY_SIDE_LEGEND, choices.width)}"
    drawn = _drawn([question_gap_cells(readiness, shown, bar) for bar in _bars(choices)], choices)
    legend = (f"{DUMBBELL_LEGEND}.", LEGEND) if choices.has_charts else (LEGEND,)
    return "\n\n".join([drawn, paragraph(legend, choices.width)])


def _bars(choices: ReadinessChoices) -> tuple[int, ...]:
    return _BARS if choices.has_charts else (0,)


def _side_by_side(cells: Cells, choices: ReadinessChoices) -> str:
    """The table as it is where it fits; else with every column broken at spaces, the groups in equal shares."""
    drawn = table(cells.rows, cells.headers, choices.table_format, cells.align)
    if choices.table_width is None or _columns(drawn) <= choices.table_width:
        return drawn
    groups = len(cells.headers) - 1
    title = max(_NARROWEST, choices.table_width // (2 * groups))
    share = max(_NARROWEST, (choices.table_width - title) // groups - 3)
    return table(cells.rows, cells.headers, choices.table_format, cells.align, [title, *[share] * groups])


def _groups_note(survey: Survey, shown: Sequence[str], choices: ReadinessChoices) -> str:
    """What has to be said where groups were asked for and none, or not all of them, can be shown."""
    can_show = shown_in(survey.now.readiness)
    if choices.by_group and not shown:
        return wrapped("No group is large enough to be shown.", choices.width)
    missing = [group_words(group) for group in choices.groups if group not in can_show]
    if not missing:
        return ""
    return wrapped(f"Nothing can be shown for {listed(missing)}: too few people answered, or nobody.", choices.width)


def _moved(survey: Survey, choices: ReadinessChoices) -> str:
    if survey.before is None:
        return ""
    before = f"The previous round: {people_words(survey.before)}."
    if not moved(survey):
        nothing = f"{before} No question can be compared: others were asked, or too few people answered."
        return wrapped(nothing, choices.width)
    return f"{wrapped(before, choices.width)}\n\n{_drawn([moved_cells(survey)], choices)}"


def _drawn(attempts: Sequence[Cells], choices: ReadinessChoices) -> str:
    return _fitting(attempts, choices)[1]


def _fitting(attempts: Sequence[Cells], choices: ReadinessChoices) -> tuple[Cells, str]:
    """The first of the tables that fits as it is; else the first that does with its first column broken at spaces."""
    drawn = [table(cells.rows, cells.headers, choices.table_format, cells.align) for cells in attempts]
    excess = [0 if choices.table_width is None else _columns(text) - choices.table_width for text in drawn]
    if min(excess) <= 0:
        return next((cells, text) for cells, text, over in zip(attempts, drawn, excess, strict=True) if over <= 0)
    narrowed = [_longest(cells) - over for cells, over in zip(attempts, excess, strict=True)]
    place = next((place for place, width in enumerate(narrowed) if width >= _NARROWEST), len(attempts) - 1)
    cells, first = attempts[place], max(narrowed[place], _NARROWEST)
    widths = [first, *[None] * (len(cells.headers) - 1)]
    return cells, table(cells.rows, cells.headers, choices.table_format, cells.align, widths)


def _longest(cells: Cells) -> int:
    return max((columns_of(one_line(row[0])) for row in cells.rows), default=0)


def _columns(text: str) -> int:
    return max(map(columns_of, text.split("\n")), default=0)


def _origin(survey: Survey, width: int) -> str:
    rubric, people = survey.now.rubric, survey.now.readiness.people
    lines = [f"Computed as of {day(survey.on)}.", f"Rubric {visible(rubric.id)} {visible(rubric.version)}"]
    if rubric.digest:
        lines[-1] += f", {rubric.digest}"
    if survey.now.sha256 is not None:
        lines.append(f"{plural(people, 'answer file')}, listed in the file of the round: sha256:{survey.now.sha256}")
    return "\n".join([*lines, wrapped(house_policy_words(rubric, HOUSE_POLICY), width)])
