"""Everything the report on a survey says, as one value. How it looks is the templates' matter."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolvet.domain.gaps import AreaGap, QuestionGap, Readiness, Reading
from toolvet.report.comparison_tables import Cells
from toolvet.report.document import Fact, RubricPart
from toolvet.report.dumbbells_svg import Dumbbell
from toolvet.report.readiness import NOTHING, Survey, moved, questions_of, shown_in
from toolvet.report.readiness_order import unjudged, with_reading
from toolvet.report.readiness_tables import area_cells, cells_of_area, moved_cells, side_by_side_cells
from toolvet.report.readiness_words import (
    CANNOT_TELL,
    HOW_COMPUTED,
    answer_words,
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
from toolvet.report.text import plural


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
