"""Everything the report on a survey says, as one value. How it looks is the templates' matter."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from jinja2 import Environment
from markupsafe import Markup

from toolvet.domain.gaps import AreaGap, Figures, Gap, QuestionGap, Readiness, Reading, Side
from toolvet.report.approval.document import Fact, RubricPart
from toolvet.report.charts_svg import Dumbbell, dumbbells_svg
from toolvet.report.comparison.tables import Cells
from toolvet.report.environments import html_environment, markdown_environment, style_names
from toolvet.report.formats import ReportFormat, plain_value
from toolvet.report.scorecard import Json
from toolvet.report.survey.result import (
    NOTHING,
    Round,
    Survey,
    group_areas,
    measured_in,
    moved,
    of_group,
    questions_of,
    shown_in,
    unjudged,
    with_reading,
)
from toolvet.report.survey.sentences import (
    CANNOT_TELL,
    HOW_COMPUTED,
    answer_words,
    ask_again_on,
    ask_again_words,
    gap_figure,
    house_policy_words,
    ladder_words,
    level_figure,
    marked_reading,
    people_words,
    policy_words,
    reading_sentences,
    who_words,
    withheld_words,
    wording_words,
)
from toolvet.report.survey.tables import (
    AREA_LEGEND,
    LEGEND,
    SIDE_BY_SIDE_LEGEND,
    area_cells,
    cells_of_area,
    moved_cells,
    side_by_side_cells,
)
from toolvet.text.charts import DUMBBELL_LEGEND, dumbbell
from toolvet.text.escape import fitted, json_text, one_line, plural
from toolvet.text.labels import plain_number
from toolvet.text.tables import TableFormat, table


@dataclass(frozen=True, slots=True)
class Item:
    """A question out of balance: both means with their gap, and the step in words of the ladder."""

    id: str
    title: str
    area: str
    expected_text: str
    delivered_text: str
    figures: str
    ladder: str
    check: str


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one reading, the widest gap first; `nothing` is said where there is none."""

    title: str
    reading: Reading
    items: tuple[Item, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class AreaPart:
    """An area's questions as dumbbells and as a table."""

    id: str
    title: str
    dumbbells: tuple[Dumbbell, ...]
    table: Cells


@dataclass(frozen=True, slots=True)
class ReadinessDocument:
    """The whole report on a survey."""

    title: str
    organisation: str
    on: datetime.date
    people: str
    answer: str
    sentences: tuple[str, ...]
    who: str
    ask_again: str
    parts: tuple[Part, ...]
    areas: Cells
    area_dumbbells: tuple[Dumbbell, ...]
    questions: tuple[AreaPart, ...]
    groups: Cells | None
    groups_are_two: bool
    before: str
    moved: Cells | None
    withheld: str
    wording: str
    how_computed: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    policy: tuple[Fact, ...]
    house_policy: str
    rubric: RubricPart
    files: str
    files_sha256: str


def readiness_document(survey: Survey, groups: Sequence[str] = ()) -> ReadinessDocument:
    """The document of a survey; with two groups those side by side, else all that can be shown."""
    readiness, rubric = survey.now.readiness, survey.now.rubric
    shown = tuple(groups) or shown_in(readiness)
    return ReadinessDocument(
        title=rubric.title,
        organisation=survey.organisation,
        on=survey.on,
        people=people_words(survey.now),
        answer=answer_words(readiness),
        sentences=tuple(reading_sentences(readiness)),
        who=who_words(survey.now),
        ask_again=ask_again_words(survey),
        parts=tuple(_parts(readiness)),
        areas=area_cells(readiness, bar=0),
        area_dumbbells=tuple(_area_dumbbells(readiness)),
        questions=tuple(_area_part(readiness, found) for found in readiness.areas),
        groups=side_by_side_cells(readiness, shown) if shown else None,
        groups_are_two=bool(groups),
        before="" if survey.before is None else people_words(survey.before),
        moved=moved_cells(survey) if moved(survey) else None,
        withheld=withheld_words(readiness),
        wording=wording_words(survey.now),
        how_computed=HOW_COMPUTED,
        cannot_tell=CANNOT_TELL,
        policy=policy_words(rubric.policy),
        house_policy=house_policy_words(rubric),
        rubric=RubricPart(rubric.id, rubric.version, rubric.title, rubric.digest),
        files=plural(readiness.people, "answer file"),
        files_sha256=survey.now.sha256,
    )


def _parts(readiness: Readiness) -> Iterator[Part]:
    none = "No question that can be judged" if unjudged(readiness) else "No question"
    for reading, title in (
        (Reading.SHORT, "Short: less is delivered than would do"),
        (Reading.SLIPPING, "Slipping: on the way to short"),
        (Reading.OVER_BUILT, "Over-built: more is delivered than people ask for"),
    ):
        items = tuple(_item(one) for one in with_reading(readiness, reading))
        yield Part(title, reading, items, f"{none} is {reading.value}.")


def _item(one: QuestionGap) -> Item:
    expected, delivered, gap = one.whole.expected, one.whole.delivered, one.whole.gap
    figures = (
        f"expected {level_figure(None if expected is None else expected.mean)}, "
        f"delivered {level_figure(None if delivered is None else delivered.mean)}, of {one.question.top}; "
        f"gap {gap_figure(None if gap is None else gap.mean)} {marked_reading(None if gap is None else gap.reading)}"
    )
    people = f", {plural(gap.people, 'person', 'people')}" if gap is not None else ""
    return Item(
        id=one.question.id,
        title=one.question.title,
        area=one.criterion.title,
        expected_text=one.question.expected or one.question.text,
        delivered_text=one.question.delivered or one.question.text,
        figures=figures + people,
        ladder=ladder_words(one),
        check=one.question.check or "",
    )


def _area_dumbbells(readiness: Readiness) -> Iterator[Dumbbell]:
    for found in readiness.areas:
        tops = {one.question.top for one in questions_of(readiness, found)}
        if len(tops) == 1 and found.gap is not None:
            yield Dumbbell(found.criterion.title, found.expected, found.delivered, found.gap, tops.pop())


def _area_part(readiness: Readiness, found: AreaGap) -> AreaPart:
    questions = questions_of(readiness, found)
    return AreaPart(
        id=found.criterion.id,
        title=found.criterion.title,
        dumbbells=tuple(_dumbbell(one) for one in questions if one.whole != NOTHING),
        table=cells_of_area(questions),
    )


def _dumbbell(one: QuestionGap) -> Dumbbell:
    expected, delivered, gap = one.whole.expected, one.whole.delivered, one.whole.gap
    return Dumbbell(
        title=one.question.title,
        expected=None if expected is None else expected.mean,
        delivered=None if delivered is None else delivered.mean,
        gap=None if gap is None else gap.mean,
        top=one.question.top,
    )


def readiness_json(survey: Survey, groups: Sequence[str] | None = None) -> Json:
    """Means and gaps in rungs, not rounded, null where nobody answered or too few did; of every group or of these."""
    readiness = survey.now.readiness
    shown = [group for group in shown_in(readiness) if groups is None or group in groups]
    rubric = readiness.rubric
    return {
        "organisation": survey.organisation,
        "on": survey.on.isoformat(),
        "rubric": {"id": rubric.id, "version": rubric.version, "digest": rubric.digest},
        "round": round_json(survey.now),
        "smallest_group": rubric.policy.smallest_group,
        "areas": [_area(readiness, place, shown) for place in range(len(readiness.areas))],
        "questions": [_question(one, shown) for one in readiness.questions],
        "before": None if survey.before is None else _before(survey, survey.before),
    }


def round_json(found: Round) -> Json:
    """How many answered and when, when to ask again, and what they were counted from."""
    again = ask_again_on(found)
    return {
        "people": found.readiness.people,
        "first": None if found.first is None else found.first.isoformat(),
        "last": None if found.last is None else found.last.isoformat(),
        "ask_again": None if again is None else again.isoformat(),
        "earlier_wording": found.earlier_wording,
        "files": {"count": found.readiness.people, "sha256": found.sha256},
    }


def _area(readiness: Readiness, place: int, groups: Sequence[str]) -> Json:
    found = readiness.areas[place]
    return {
        "id": found.criterion.id,
        "title": found.criterion.title,
        **_area_figures(readiness, found, None),
        "in_balance": found.in_balance,
        "groups": [
            {"group": group, **_area_figures(readiness, group_areas(readiness, group)[place], group)}
            for group in groups
        ],
    }


def _area_figures(readiness: Readiness, found: AreaGap, group: str | None) -> Json:
    measured, asked = measured_in(readiness, found, group)
    return {
        "expected": _number(found.expected),
        "delivered": _number(found.delivered),
        "gap": _number(found.gap),
        "reading": None if found.reading is None else found.reading.value,
        "measured": measured,
        "asked": asked,
    }


def _question(one: QuestionGap, groups: Sequence[str]) -> Json:
    return {
        "id": one.question.id,
        "area": one.criterion.id,
        **figures_json(one.whole),
        "withheld": one.withheld,
        "groups": [{"group": group, **figures_json(of_group(one, group))} for group in groups],
    }


def figures_json(figures: Figures) -> Json:
    """Both sides and the gap, null where not shown."""
    return {"expected": _side(figures.expected), "delivered": _side(figures.delivered), "gap": _gap(figures.gap)}


def _side(side: Side | None) -> Json | None:
    return None if side is None else {"mean": _number(side.mean), "people": side.people, "spread": side.spread}


def _gap(gap: Gap | None) -> Json | None:
    if gap is None:
        return None
    return {"mean": _number(gap.mean), "people": gap.people, "reading": gap.reading.value}


def _before(survey: Survey, before: Round) -> Json:
    return {
        **round_json(before),
        "questions": [{"id": one.question.question.id, **figures_json(one.before)} for one in moved(survey)],
    }


def _number(mean: Fraction | None) -> int | float | None:
    return None if mean is None else plain_number(mean)


_BAR, _TITLE = 33, 32
_WORDS = (
    *("title", "answer", "sentences", "who", "ask_again", "parts", "withheld", "wording", "how_computed"),
    *("cannot_tell", "policy", "house_policy"),
)


def readiness_report(survey: Survey, groups: Sequence[str], report_format: ReportFormat) -> str:
    """The whole report in that format, with a line end after the last line; two groups are set side by side."""
    document = readiness_document(survey, groups)
    match report_format:
        case ReportFormat.MARKDOWN:
            return _rendered(markdown_environment(), "readiness.md.j2", document)
        case ReportFormat.HTML:
            return _rendered(html_environment(), "readiness.html.j2", document)
        case ReportFormat.JSON:
            words = {name: plain_value(getattr(document, name)) for name in _WORDS}
            return json_text({**readiness_json(survey, groups or None), **words}) + "\n"


def _rendered(environment: Environment, name: str, document: ReadinessDocument) -> str:
    return environment.get_template(name).render(document=document, **_names()).rstrip("\n") + "\n"


def _names() -> dict[str, object]:
    return {
        **style_names(),
        "dumbbells_svg": dumbbells_svg,
        "bars": _bars,
        "markdown_table": _markdown_table,
        "area_legend": AREA_LEGEND,
        "legend": LEGEND,
        "side_by_side_legend": SIDE_BY_SIDE_LEGEND,
        "dumbbell_legend": DUMBBELL_LEGEND,
    }


def _bars(rows: Sequence[Dumbbell]) -> Markup:
    """The dumbbells in characters, for a block of code."""
    return Markup("\n".join(f"{dumbbell(row.expected, row.delivered, row.top, _BAR)}  {_name(row)}" for row in rows))


def _name(row: Dumbbell) -> str:
    return fitted(one_line(row.title), _TITLE).rstrip()


def _markdown_table(cells: Cells) -> Markup:
    return Markup(table(cells.rows, cells.headers, TableFormat.GITHUB, cells.align))
