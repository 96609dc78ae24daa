"""The report on a survey, and the page on which a survey is answered."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import escape

from toolvet.domain.gaps import NO_FIGURES, AnswerSide, AreaGap, QuestionGap, Readiness, is_asked_of
from toolvet.domain.rubric import Question, Reading, Rubric
from toolvet.report.approval.document import Fact, RubricPart
from toolvet.report.charts_svg import DUMBBELLS_CAPTION, Dumbbell, dumbbells_svg
from toolvet.report.comparison.tables import Cells
from toolvet.report.environments import (
    PageFront,
    page_with_script,
    template_text,
)
from toolvet.report.formats import Report, plain_fields
from toolvet.report.markup import Illustration, SafeMarkdown
from toolvet.report.survey.result import (
    Survey,
    moved,
    questions_of,
    readiness_json,
    shown_in,
    unjudged,
    with_reading,
)
from toolvet.report.survey.sentences import (
    CANNOT_TELL,
    HOUSE_POLICY,
    HOW_COMPUTED,
    READING_TITLES,
    answer_words,
    ask_again_words,
    asked_words,
    closed_words,
    figures_words,
    help_words,
    ladder_words,
    one_sided_words,
    open_words,
    pair_words,
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
from toolvet.text.escape import ended, fitted, markdown_cell, one_line, plural
from toolvet.text.labels import house_policy_words, iso
from toolvet.values import dataclass


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
class ReadingPart:
    """The questions of one reading, the widest gap first; `nothing` is the sentence for an empty list."""

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
    parts: tuple[ReadingPart, ...]
    areas: Cells
    area_dumbbells: tuple[Dumbbell, ...]
    questions: tuple[AreaPart, ...]
    groups: Cells | None
    groups_are_two: bool
    before: str
    moved: Cells | None
    withheld: str
    one_sided: str
    closed: str
    waiting: str
    left_out: tuple[str, ...]
    more: str
    wording: str
    how_computed: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    policy: tuple[Fact, ...]
    house_policy: str
    rubric: RubricPart
    files: str
    files_sha256: str | None


def readiness_document(survey: Survey, groups: Sequence[str] = ()) -> ReadinessDocument:
    """The document of a survey, with these two groups side by side, or else all groups that can be shown."""
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
        one_sided=one_sided_words(readiness),
        closed=closed_words(survey.now),
        waiting=open_words(survey.open),
        left_out=tuple(ended(words) for words in survey.left_out),
        more=help_words(readiness, survey.now.groups),
        wording=wording_words(survey.now),
        how_computed=HOW_COMPUTED,
        cannot_tell=CANNOT_TELL,
        policy=policy_words(rubric.policy),
        house_policy=house_policy_words(rubric, HOUSE_POLICY),
        rubric=RubricPart(rubric.id, rubric.version, rubric.title, rubric.digest),
        files=plural(readiness.people, "answer file"),
        files_sha256=survey.now.sha256,
    )


def _parts(readiness: Readiness) -> Iterator[ReadingPart]:
    none = "No question that can be judged" if unjudged(readiness) else "No question"
    for reading, title in READING_TITLES.items():
        items = tuple(_item(one) for one in with_reading(readiness, reading))
        yield ReadingPart(title, reading, items, f"{none} is {reading.value}.")


def _item(one: QuestionGap) -> Item:
    gap = one.whole.gap
    people = f", {plural(gap.people, 'person', 'people')}" if gap is not None else ""
    return Item(
        id=one.question.id,
        title=one.question.heading,
        area=one.criterion.title,
        expected_text=one.question.expected or one.question.text,
        delivered_text=one.question.delivered or one.question.text,
        figures=figures_words(one, one.whole) + people,
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
        dumbbells=tuple(_dumbbell(one) for one in questions if one.whole != NO_FIGURES),
        table=cells_of_area(questions),
    )


def _dumbbell(one: QuestionGap) -> Dumbbell:
    expected, delivered, gap = one.whole.expected, one.whole.delivered, one.whole.gap
    is_figure = gap is not None and gap.mean is not None
    return Dumbbell(
        title=one.question.heading,
        expected=None if expected is None else expected.position(one.question.top),
        delivered=None if delivered is None else delivered.position(one.question.top),
        gap=None if gap is None else gap.mean,
        top=one.question.top,
        words="" if is_figure else pair_words(one, one.whole),
    )


_BAR, _TITLE = 33, 32
_WORDS = (
    *("title", "answer", "sentences", "closed", "who", "ask_again", "waiting", "parts", "withheld", "one_sided"),
    *("more", "left_out", "wording", "how_computed", "cannot_tell", "policy", "house_policy"),
)


class ReadinessReport(Report):
    """The report on a survey; two groups are set side by side."""

    template = "readiness.md.j2"

    def __init__(self, survey: Survey, groups: Sequence[str] = ()) -> None:
        super().__init__(readiness_title(survey), survey.on)
        self._survey, self._groups = survey, groups
        self._document = readiness_document(survey, groups)

    def front(self) -> PageFront:
        document = self._document
        return PageFront(
            title=self.title,
            kicker=f"{document.title}, {document.people}",
            heading=document.organisation,
            answer=document.answer,
            summary=document.sentences,
            notes=tuple(filter(None, (document.closed, document.who, document.ask_again, document.waiting))),
        )

    def drawings(self) -> Iterator[Illustration]:
        document = self._document
        drawn = [(document.area_dumbbells, f"Areas of {document.organisation}")]
        drawn += [(part.dumbbells, f"{part.title}: expected and delivered") for part in document.questions]
        for dumbbells, title in drawn:
            if dumbbells:
                yield Illustration(dumbbells_svg(dumbbells, title), DUMBBELLS_CAPTION)

    def names(self) -> dict[str, object]:
        return {
            "document": self._document,
            "bars": _bars,
            "markdown_table": _markdown_table,
            "area_legend": AREA_LEGEND,
            "legend": LEGEND,
            "side_by_side_legend": SIDE_BY_SIDE_LEGEND,
            "dumbbell_legend": DUMBBELL_LEGEND,
        }

    def data(self) -> object:
        return {**readiness_json(self._survey, self._groups or None), **plain_fields(self._document, *_WORDS)}


def readiness_title(survey: Survey) -> str:
    """What the report is called, as a page or a file."""
    return f"{survey.organisation}: {survey.now.rubric.title}"


def _bars(rows: Sequence[Dumbbell]) -> SafeMarkdown:
    """The dumbbells in characters, for a block of code."""
    return SafeMarkdown(
        "\n".join(f"{dumbbell(row.expected, row.delivered, row.top, _BAR)}  {_name(row)}" for row in rows)
    )


def _name(row: Dumbbell) -> str:
    return fitted(one_line(row.title), _TITLE).rstrip()


def _markdown_table(cells: Cells) -> SafeMarkdown:
    ends = ["---:" if align == "right" else "---" for align in cells.align]
    rows = ([markdown_cell(cell) for cell in row] for row in (cells.headers, *cells.rows))
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return SafeMarkdown("\n".join([head, f"| {' | '.join(ends)} |", *others]))


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """How the page writes an answer file: the TOML of everything but the answers.

    `head` says what is answered about whom, `groups` gives each group as TOML writes it, and `comment` begins the
    first line, which ends with the respondent's number.
    """

    head: str
    groups: dict[str, str]
    comment: str


_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def form_words(language: str) -> Mapping[str, str]:
    """The form's own words in that language, or in English."""
    known: dict[str, dict[str, str]] = json.loads(template_text("form_words.json"))
    return known.get(language) or known.get(language.split("-")[0]) or known["en"]


def form_html(
    rubric: Rubric,
    organisation: str,
    file: AnswerFile,
    group: str | None = None,
    until: datetime.date | None = None,
    words: Mapping[str, str] | None = None,
) -> str:
    """The page, for that group or for one to be chosen on it, to be answered by that day.

    `words` are those of its own that are not as `form_words` has them.
    """
    style, script = template_text("form.css"), template_text("form.js")
    words = {**form_words(rubric.language), **(words or {})}
    names = {
        "rubric": rubric,
        "language": rubric.language,
        "direction": "rtl" if rubric.language.split("-")[0] in _RIGHT_TO_LEFT else "ltr",
        "words": words,
        "script_words": escape(json.dumps(words, ensure_ascii=False)),
        "organisation": organisation,
        "until": iso(until),
        "head": escape(file.head),
        "draft": escape(f"toolvet {rubric.id} {rubric.version} {organisation} {group or ''}".strip()),
        "comment": file.comment,
        "group": None if group is None else _group(group, file),
        "groups": [_group(one, file) for one in rubric.groups],
        "areas": list(_form_areas(rubric, group, words)),
    }
    return page_with_script("form.html.j2", style, script, names)


def _group(name: str, file: AnswerFile) -> dict[str, object]:
    # The value and its TOML have to stay as they are; what is shown beside them is made visible by the template.
    return {"name": name, "value": escape(name), "toml": escape(file.groups[name])}


def _form_areas(rubric: Rubric, group: str | None, words: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for criterion in rubric.criteria:
        questions = [
            _form_question(question, words)
            for question in criterion.questions
            if group is None or is_asked_of(question, group)
        ]
        if questions:
            yield {"id": criterion.id, "title": criterion.title, "questions": questions}


def _form_question(question: Question, words: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": question.id,
        "title": question.title,
        "think_of": question.think_of,
        "check": question.check,
        "levels": question.levels,
        "asked_of": escape(json.dumps(question.asked_of)),
        "sides": [
            {"key": side.value, "tag": words[side.value], "text": asked_words(question, side)} for side in AnswerSide
        ],
    }
