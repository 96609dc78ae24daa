"""Pages of the Readiness screen: text in which questions can be opened, and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from toolvet.domain.gaps import AreaGap, QuestionGap, Readiness
from toolvet.domain.rubric import Reading
from toolvet.report.survey.result import (
    Survey,
    measured_in,
    moved,
    out_of_balance_first,
    questions_of,
    shown_in,
    unjudged,
    with_reading,
)
from toolvet.report.survey.sentences import (
    CANNOT_TELL,
    HOUSE_POLICY,
    HOW_COMPUTED,
    READING_TITLES,
    ask_again_words,
    balance_sentences,
    balance_words,
    closed_words,
    group_words,
    help_words,
    ladder_words,
    left_out_words,
    marked_reading,
    one_sided_words,
    open_words,
    people_words,
    policy_words,
    sides_words,
    who_words,
    withheld_words,
    wording_words,
)
from toolvet.text.charts import BOTH, DELIVERED, EXPECTED, dumbbell
from toolvet.text.escape import plural
from toolvet.text.labels import BALANCE_STYLES, READING_STYLES
from toolvet.tui.kit.content import bar, entitle, in_a_row, on_one_line, shown
from toolvet.tui.kit.grid import Table, TableGrid, TablePage
from toolvet.tui.kit.link_list import JumpList, PageRow, blank, line, quiet_line, title_line
from toolvet.tui.readiness.tables import (
    WIDE,
    GapTable,
    MovedTable,
    Row,
    SideBySideTable,
    about_gap,
    about_moved,
    about_two,
    area_figures,
    rows_by_area,
)
from toolvet.values import dataclass

BALANCE_WIDTH = len("✗ out of balance")
SHORTEST_BAR, LONGEST_BAR = 11, 33
SIGNS = f"{EXPECTED} expected  {DELIVERED} delivered  {BOTH} both"
OVERVIEW_LEGEND = f"✓ in balance  {SIGNS} · delivered of expected, gap"
PARTS = (
    (Reading.SHORT, READING_TITLES[Reading.SHORT], "Nothing is short."),
    (Reading.SLIPPING, READING_TITLES[Reading.SLIPPING], ""),
    (Reading.OVER_BUILT, READING_TITLES[Reading.OVER_BUILT], "Nothing is over-built."),
)


def overview_page(survey: Survey, notes: tuple[str, ...], width: int) -> Iterator[PageRow]:
    """Whether the areas are in balance, then what is short, slipping and over-built, in the words of its ladder."""
    readiness = survey.now.readiness
    yield line(shown(balance_sentences(readiness), "bold"))
    yield quiet_line(f"{people_words(survey.now)}. {who_words(survey.now)}")
    for note in notes:
        yield line(shown(f"! {note}", "$text-warning"))
    yield blank()
    yield from _areas(readiness, width)
    for reading, title, nothing in PARTS:
        items = with_reading(readiness, reading)
        if items or (nothing and not unjudged(readiness)):
            yield blank()
            yield line(Content.styled(title if items else nothing, "bold" if items else "$text-muted"))
        for one in items:
            yield _item(one)
            yield PageRow(in_a_row("      ", shown(ladder_words(one), "$text-muted")), indent=6)
    yield blank()
    for words in (
        closed_words(survey.now),
        open_words(survey.open),
        ask_again_words(survey),
        one_sided_words(readiness),
        withheld_words(readiness),
        help_words(readiness, survey.now.groups),
        wording_words(survey.now),
    ):
        if words:
            yield quiet_line(words)


def reading_page(survey: Survey) -> Iterator[PageRow]:
    """Who answered, how it was computed, what it cannot tell, and the policy."""
    now, rubric = survey.now, survey.now.rubric
    yield title_line("Who answered")
    for words in (f"{people_words(now)}.", who_words(now), ask_again_words(survey), withheld_words(now.readiness)):
        if words:
            yield line(shown(words))
    if survey.before is not None:
        yield line(shown(f"The previous round: {people_words(survey.before)}. {who_words(survey.before)}"))
    for title, sentences in (("How it is computed", HOW_COMPUTED), ("What it cannot tell", CANNOT_TELL)):
        yield blank()
        yield title_line(title)
        for sentence in sentences:
            yield PageRow(in_a_row(" · ", shown(sentence)), indent=3)
        if sentences is HOW_COMPUTED and (left_out := left_out_words(now.readiness)):
            yield PageRow(in_a_row(" · ", shown(left_out)), indent=3)
    yield blank()
    yield title_line("How a gap reads here")
    longest = max(len(fact.what) for fact in policy_words(rubric.policy))
    for fact in policy_words(rubric.policy):
        yield PageRow(in_a_row(f" {fact.what:<{longest}}  ", shown(fact.value)), indent=longest + 3)
    yield quiet_line(HOUSE_POLICY)
    yield blank()
    yield quiet_line(f"Rubric {rubric.id} {rubric.version}; {plural(now.readiness.people, 'answer file')}.")


def _areas(readiness: Readiness, width: int) -> Iterator[PageRow]:
    """Each area on one line, with bars of one length; where there is little room, a sign says whether in balance."""
    found_in = [(found, measured_in(readiness, found)) for found in out_of_balance_first(readiness)]
    areas = [(found, area_figures(found, measured, is_brief=True)) for found, measured in found_in]
    longest = max(len(found.criterion.title) for found, _ in areas)
    room = width - max(figures.cell_length for _, figures in areas) - 7
    has_words = room - longest - SHORTEST_BAR >= BALANCE_WIDTH
    room -= BALANCE_WIDTH if has_words else 1
    title_width = min(longest, max(12, room - SHORTEST_BAR))
    for found, figures in areas:
        words = f"{balance_words(found):<{BALANCE_WIDTH}}" if has_words else balance_words(found)[:1]
        balance = Content.styled(words, BALANCE_STYLES[found.in_balance])
        title = on_one_line(found.criterion.title, "bold").truncate(title_width, ellipsis=True)
        drawn = bar(_bar(readiness, found, min(LONGEST_BAR, room - title_width - 2)))
        named = title.pad_right(title_width + 2 - title.cell_length)
        yield PageRow(in_a_row(" ", balance, " ", named, drawn, figures), is_drawn=True)
    partly = next((measured for _, measured in found_in if 0 < measured[0] < measured[1]), None)
    if partly is not None:
        yield quiet_line(f"{partly[0]}/{partly[1]}: over {partly[0]} of the area's {partly[1]} questions.")


def _bar(readiness: Readiness, found: AreaGap, width: int) -> str:
    tops = {one.question.top for one in questions_of(readiness, found)}
    # ladders of different lengths have no common scale
    if len(tops) > 1 or found.gap is None:
        return ""
    return f"{dumbbell(found.expected, found.delivered, tops.pop(), width)}  "


def _item(one: QuestionGap) -> PageRow:
    gap = one.whole.gap
    reading = None if gap is None else gap.reading
    figures = f"  {sides_words(one.whole)} of {one.question.top}"
    people = "" if gap is None else f", {plural(gap.people, 'person', 'people')}"
    mark = marked_reading(reading).partition(" ")[0]
    row = in_a_row(
        "   ",
        Content.styled(mark, READING_STYLES[reading]),
        "  ",
        on_one_line(one.question.heading, "bold"),
        figures,
        Content.styled(people, "$text-muted"),
    )
    return PageRow(row, one.question.id, indent=6)


OPENS = "Its ladder with both means, by group, and the previous round."


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table with the question of each row, None for a title, the line that explains it, and its details."""

    table: Table
    questions: tuple[QuestionGap | None, ...]
    legend: Content
    about: Callable[[QuestionGap], Iterator[Content]]

    def row_of(self, question_id: str | None) -> int:
        """The row of that question; the first row where it has none."""
        rows = (row for row, one in enumerate(self.questions) if one is not None and one.question.id == question_id)
        return next(rows, 0)


class GapGrid(TableGrid):
    """A grid of questions, in which enter opens the question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", "Question", tooltip=OPENS, id="question"),
    ]


class GapRows(JumpList):
    """Rows of text, in which enter opens the question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", "Question", tooltip=OPENS, id="question"),
    ]


class GapPage(TablePage):
    """Whichever table is shown, of questions."""

    GRID = GapGrid

    def __init__(self) -> None:
        super().__init__()
        self._tabled: Tabled | None = None

    @property
    def question(self) -> QuestionGap | None:
        """The question at the cursor."""
        questions = () if self._tabled is None else self._tabled.questions
        return questions[self.grid.row] if self.grid.row < len(questions) else None

    def show(self, title: str, tabled: Tabled, question_id: str | None) -> None:
        """Show that table under that title, with the cursor on that question."""
        self._tabled = tabled
        self.frame(title, tabled.legend)
        self.grid.show(tabled.table, tabled.row_of(question_id))
        self.follow(self.grid.row, 0)

    def follow(self, row: int, column: int) -> None:  # noqa: ARG002 - the cursor is of rows
        question = self.question
        if self._tabled is not None and question is not None:
            entitle(self.details, question.question.heading)
            self.details.show(self._tabled.about(question))


NAMES = ("Overview", "Questions", "Two groups", "Last time", "How to read")
OVERVIEW, QUESTIONS, GROUPS, BEFORE, READING = range(len(NAMES))
TOO_FEW = (
    "Two groups cannot be set side by side here: too few of their people answered. A group is shown from {least} "
    "people on, and only where nobody's answers could be worked out from the rest."
)
NO_ROUND_BEFORE = (
    "There is no previous round to compare with. Ask again when this result has expired: what people expect changes, "
    "and then both rounds are shown here side by side."
)
NOTHING_ALIKE = "No question can be compared with the previous round: it asked others, or too few people answered."


@dataclass(frozen=True, slots=True)
class ResultView:
    """The survey, notes on how it was counted, the group whose answers are shown (None: everybody), and two groups."""

    survey: Survey
    notes: tuple[str, ...] = ()
    group: str | None = None
    pair: tuple[str, str] | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that may be shown."""
        return shown_in(self.survey.now.readiness)

    @property
    def two(self) -> tuple[str, str] | None:
        """The two groups to set side by side: the chosen ones, else the first; None where fewer than two are shown."""
        if self.pair is not None or len(self.groups) < 2:
            return self.pair
        return self.groups[0], self.groups[1]

    def of(self, survey: Survey, notes: tuple[str, ...]) -> ResultView:
        """The same view of a new count, without groups that may not be shown any more."""
        groups = shown_in(survey.now.readiness)
        kept = self.group if self.group in groups else None
        pair = self.pair if self.pair is not None and set(self.pair) <= set(groups) else None
        return ResultView(survey, notes, kept, pair)

    def with_people(self, group: str) -> str:
        """The group with the number of its people: "managers (6)"."""
        return f"{group_words(group)} ({self.survey.now.groups.get(group, 0)})"


def page_content(view: ResultView, page: int, width: int) -> tuple[PageRow, ...] | Tabled:
    """The rows or the table of that page."""
    if page == OVERVIEW:
        return tuple(overview_page(view.survey, view.notes, width))
    if page == READING:
        return tuple(reading_page(view.survey))
    return {QUESTIONS: _questions, GROUPS: _side_by_side, BEFORE: _rounds}[page](view, width)


def _questions(view: ResultView, width: int) -> Tabled:
    readiness = view.survey.now.readiness
    rows = rows_by_area(readiness)
    whose = f"everybody ({readiness.people})" if view.group is None else view.with_people(view.group)
    about = partial(about_gap, group=view.group, least=readiness.rubric.policy.smallest_group)
    return Tabled(GapTable(readiness, rows, view.group, width), _questions_in(rows), _legend(whose, SIGNS), about)


def _side_by_side(view: ResultView, width: int) -> tuple[PageRow, ...] | Tabled:
    readiness, two = view.survey.now.readiness, view.two
    if two is None:
        return (line(TOO_FEW.format(least=readiness.rubric.policy.smallest_group)),)
    rows = rows_by_area(readiness)
    names = (view.with_people(two[0]), view.with_people(two[1]))
    table = SideBySideTable(readiness, rows, two, names, width)
    further = "▼ short ▽ slipping" if width < WIDE else "~top: near the top · – withheld · 3/4 of its questions"
    legend = shown(f"{SIGNS} · {further}", "$text-muted")
    return Tabled(table, _questions_in(rows), legend, partial(about_two, groups=two))


def _rounds(view: ResultView, width: int) -> tuple[PageRow, ...] | Tabled:
    survey = view.survey
    found = moved(survey)
    if not found:
        return (line(NO_ROUND_BEFORE if survey.before is None else NOTHING_ALIKE),)
    by_question = {one.question.question.id: one for one in found}

    def about(one: QuestionGap) -> Iterator[Content]:
        return about_moved(by_question[one.question.id], *survey.round_names)

    legend = _legend("everybody", "moved: how much the mean rose or fell since then")
    return Tabled(MovedTable(survey, width), tuple(one.question for one in found), legend, about)


def _questions_in(rows: Sequence[Row]) -> tuple[QuestionGap | None, ...]:
    return tuple(row if isinstance(row, QuestionGap) else None for row in rows)


def _legend(whose: str, words: str) -> Content:
    return in_a_row(on_one_line(whose, "bold"), "  ", shown(words, "$text-muted"))
