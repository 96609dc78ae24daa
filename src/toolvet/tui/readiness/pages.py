"""What the pages of text of the Readiness screen say. A row that is about a question leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from toolvet.domain.gaps import AreaGap, QuestionGap, Readiness, Reading
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
    answer_words,
    ask_again_words,
    balance_words,
    gap_figure,
    group_words,
    ladder_words,
    level_figure,
    marked_reading,
    people_words,
    policy_words,
    who_words,
    withheld_words,
    wording_words,
)
from toolvet.text.charts import BOTH, DELIVERED, EXPECTED, dumbbell
from toolvet.text.escape import plural
from toolvet.text.labels import BALANCE_STYLES, READING_STYLES
from toolvet.tui.compare.tables import Details
from toolvet.tui.kit.content import in_a_row, on_one_line, shown
from toolvet.tui.kit.grid import CompareGrid
from toolvet.tui.kit.link_list import JumpList, PageRow
from toolvet.tui.readiness.tables import (
    GapTable,
    MovedTable,
    SideBySideTable,
    about_gap,
    about_moved,
    about_two,
    area_figures,
)

BALANCE_WIDTH = len("✗ out of balance")
SHORTEST_BAR, LONGEST_BAR = 17, 33
SIGNS = f"{EXPECTED} expected  {DELIVERED} delivered  {BOTH} both"
PARTS = (
    (Reading.SHORT, "Short: a whole rung is missing", "Nothing is short."),
    (Reading.SLIPPING, "Slipping: on the way to short", ""),
    (Reading.OVER_BUILT, "Over-built: more than people ask for, look at what it costs", "Nothing is over-built."),
)


def overview_page(survey: Survey, notes: tuple[str, ...], width: int) -> Iterator[PageRow]:
    """Whether the areas are in balance; then what is short, slipping and over-built, each in words of its ladder."""
    readiness = survey.now.readiness
    yield _line(shown(answer_words(readiness), "bold"))
    yield _quiet(f"{people_words(survey.now)}. {who_words(survey.now)}")
    for note in notes:
        yield _line(shown(f"! {note}", "$text-warning"))
    yield _blank()
    yield from _areas(readiness, width)
    yield _quiet(f"{SIGNS}  2.10 of 2.71: delivered of expected")
    for reading, title, nothing in PARTS:
        items = with_reading(readiness, reading)
        if items or (nothing and not unjudged(readiness)):
            yield _blank()
            yield _line(Content.styled(title if items else nothing, "bold $text-secondary" if items else "$text-muted"))
        for one in items:
            yield _item(one)
            yield PageRow(in_a_row("      ", shown(ladder_words(one), "$text-muted")), indent=6)
    yield _blank()
    for words in (ask_again_words(survey), withheld_words(readiness), wording_words(survey.now)):
        if words:
            yield _quiet(words)


def only_words(words: str) -> Iterator[PageRow]:
    """A page that says why it has nothing to show."""
    yield _line(shown(words))


def reading_page(survey: Survey) -> Iterator[PageRow]:
    """Who answered, how it was computed, what it cannot tell, and the policy."""
    now, rubric = survey.now, survey.now.rubric
    yield _heading("Who answered")
    for words in (f"{people_words(now)}.", who_words(now), ask_again_words(survey), withheld_words(now.readiness)):
        if words:
            yield _line(shown(words))
    if survey.before is not None:
        yield _line(shown(f"The round before: {people_words(survey.before)}. {who_words(survey.before)}"))
    for title, sentences in (("How it is computed", HOW_COMPUTED), ("What it cannot tell", CANNOT_TELL)):
        yield _blank()
        yield _heading(title)
        for sentence in sentences:
            yield PageRow(in_a_row(" · ", shown(sentence)), indent=3)
    yield _blank()
    yield _heading("How a gap reads here")
    longest = max(len(fact.what) for fact in policy_words(rubric.policy))
    for fact in policy_words(rubric.policy):
        yield PageRow(in_a_row(f" {fact.what:<{longest}}  ", shown(fact.value)), indent=longest + 3)
    yield _quiet(HOUSE_POLICY)
    yield _blank()
    yield _quiet(f"Rubric {rubric.id} {rubric.version}; {plural(now.readiness.people, 'answer file')}.")


def _areas(readiness: Readiness, width: int) -> Iterator[PageRow]:
    """The areas on a line each, or on two where there is little room; all bars as long."""
    areas = [(found, area_figures(found, measured_in(readiness, found))) for found in out_of_balance_first(readiness)]
    longest = max(len(found.criterion.title) for found, _ in areas)
    widest = max(figures.cell_length for _, figures in areas)
    room = width - BALANCE_WIDTH - longest - widest - 8
    is_one_line = room >= SHORTEST_BAR
    bar_width = min(LONGEST_BAR, room if is_one_line else width - widest - 6)
    for found, figures in areas:
        balance = Content.styled(f"{balance_words(found):<{BALANCE_WIDTH}}", BALANCE_STYLES[found.in_balance])
        title = on_one_line(found.criterion.title, "bold")
        second = in_a_row(Content.styled(_bar(readiness, found, bar_width), "$text-primary"), figures)
        if is_one_line:
            title = title.pad_right(longest - title.cell_length)
            yield PageRow(in_a_row(" ", balance, "  ", title, "  ", second), is_drawn=True)
        else:
            yield _line(in_a_row(balance, "  ", title))
            yield PageRow(in_a_row("   ", second), indent=3)


def _bar(readiness: Readiness, found: AreaGap, width: int) -> str:
    tops = {one.question.top for one in questions_of(readiness, found)}
    # ladders of different lengths have no common scale to draw a mean on
    if len(tops) > 1 or found.gap is None:
        return ""
    return f"{dumbbell(found.expected, found.delivered, tops.pop(), width)}  "


def _item(one: QuestionGap) -> PageRow:
    expected, delivered, gap = one.whole.expected, one.whole.delivered, one.whole.gap
    reading = None if gap is None else gap.reading
    figures = (
        f"  expected {level_figure(None if expected is None else expected.mean)}, "
        f"delivered {level_figure(None if delivered is None else delivered.mean)}, "
        f"gap {gap_figure(None if gap is None else gap.mean)}"
    )
    people = "" if gap is None else f", {plural(gap.people, 'person', 'people')}"
    mark = marked_reading(reading).partition(" ")[0]
    row = in_a_row(
        "   ",
        Content.styled(mark, READING_STYLES[reading]),
        "  ",
        on_one_line(one.question.title, "bold"),
        figures,
        Content.styled(people, "$text-muted"),
    )
    return PageRow(row, one.question.id, indent=6)


def _heading(words: str) -> PageRow:
    return PageRow(in_a_row(" ", Content.styled(words, "bold $text-secondary")))


def _line(words: Content) -> PageRow:
    return PageRow(in_a_row(" ", words), indent=1)


def _quiet(words: str) -> PageRow:
    return _line(shown(words, "$text-muted"))


def _blank() -> PageRow:
    return PageRow(Content(""))


OPENS = "Its ladder with both means, by group, and last time's."


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table, the line that explains it, and what is said about a question of it."""

    table: GapTable | SideBySideTable | MovedTable
    legend: Content
    about: Callable[[QuestionGap], Iterator[Content]]


class GapGrid(CompareGrid):
    """A grid of questions, in which enter opens the question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", "The question", tooltip=OPENS),
    ]


class GapRows(JumpList):
    """Rows of text, in which enter opens the question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "pick", "The question", tooltip=OPENS),
    ]


class GapPage(Vertical):
    """The grid with its legend, and the details below."""

    grid = query_one(GapGrid)

    def __init__(self) -> None:
        super().__init__()
        self._tabled: Tabled | None = None

    def compose(self) -> ComposeResult:
        yield GapGrid(self._follow)
        yield Static(classes="legend")
        yield Details()

    @property
    def question(self) -> QuestionGap | None:
        """The question at the cursor."""
        return None if self._tabled is None else self._tabled.table.question(self.grid.row)

    def show(self, tabled: Tabled, question_id: str | None) -> None:
        """Show that table with the cursor on that question."""
        self._tabled = tabled
        self.query_one(".legend", Static).update(tabled.legend)
        self.grid.show(tabled.table, tabled.table.row_of(question_id))
        self._tell()

    def _follow(self, row: int, column: int) -> None:  # noqa: ARG002 - the cursor is of rows
        self._tell()

    def _tell(self) -> None:
        question = self.question
        if self._tabled is not None and question is not None:
            self.query_one(Details).show(self._tabled.about(question))


NAMES = ("Overview", "Questions", "Two groups", "Last time", "How to read")
OVERVIEW, QUESTIONS, GROUPS, BEFORE, READING = range(len(NAMES))
TOO_FEW = (
    "Two groups cannot be set side by side here: not enough people of them answered. A group is shown from {least} "
    "people on, and only where nobody's answers could be worked out from the rest."
)
NO_ROUND_BEFORE = (
    "There is no round before this one to hold it against. Ask again when this result has run out: what people "
    "expect moves, and both rounds then stand here side by side."
)
NOTHING_ALIKE = "No question of the round before can be set beside this one's: others were asked, or too few answered."


@dataclass(frozen=True, slots=True)
class View:
    """The survey, what a person should know of how it was counted, and which groups are wanted.

    `group` is that of which the questions are shown, None for everybody.
    """

    survey: Survey
    notes: tuple[str, ...] = ()
    group: str | None = None
    pair: tuple[str, str] | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of which something may be shown."""
        return shown_in(self.survey.now.readiness)

    @property
    def two(self) -> tuple[str, str] | None:
        """The two groups to set side by side: those chosen, else the first; None where fewer than two are shown."""
        if self.pair is not None or len(self.groups) < 2:
            return self.pair
        return self.groups[0], self.groups[1]

    def of(self, survey: Survey, notes: tuple[str, ...]) -> View:
        """The same view of a result counted anew; a group that is not shown any more is left."""
        groups = shown_in(survey.now.readiness)
        kept = self.group if self.group in groups else None
        pair = self.pair if self.pair is not None and set(self.pair) <= set(groups) else None
        return View(survey, notes, kept, pair)

    def named(self, group: str) -> str:
        """The group with the number of its people: "managers (6)"."""
        return f"{group_words(group)} ({self.survey.now.groups.get(group, 0)})"


def content_of(view: View, page: int, width: int) -> tuple[PageRow, ...] | Tabled:
    """What that page holds."""
    return (_overview, _questions, _side_by_side, _rounds, _reading)[page](view, width)


def _overview(view: View, width: int) -> tuple[PageRow, ...]:
    return tuple(overview_page(view.survey, view.notes, width))


def _questions(view: View, width: int) -> Tabled:
    readiness = view.survey.now.readiness
    whose = f"everybody ({readiness.people})" if view.group is None else view.named(view.group)
    legend = _legend(whose, SIGNS)
    about = partial(about_gap, group=view.group, least=readiness.rubric.policy.smallest_group)
    return Tabled(GapTable(readiness, view.group, width), legend, about)


def _side_by_side(view: View, width: int) -> tuple[PageRow, ...] | Tabled:
    readiness, two = view.survey.now.readiness, view.two
    if two is None:
        return tuple(only_words(TOO_FEW.format(least=readiness.rubric.policy.smallest_group)))
    names = (view.named(two[0]), view.named(two[1]))
    figures = "2.10 of 2.71: delivered of expected  3/4: over 3 of 4 questions"
    legend = _legend(f"{names[0]} and {names[1]}", f"{SIGNS}  {figures}")
    return Tabled(SideBySideTable(readiness, two, names, width), legend, partial(about_two, groups=two))


def _rounds(view: View, width: int) -> tuple[PageRow, ...] | Tabled:
    survey = view.survey
    if survey.before is None:
        return tuple(only_words(NO_ROUND_BEFORE))
    found = {one.question.question.id: one for one in moved(survey)}
    if not found:
        return tuple(only_words(NOTHING_ALIKE))

    def about(one: QuestionGap) -> Iterator[Content]:
        return about_moved(found[one.question.id], *survey.round_names)

    legend = _legend("everybody", "moved: by how much the mean went up since, or down")
    return Tabled(MovedTable(survey, width), legend, about)


def _reading(view: View, width: int) -> tuple[PageRow, ...]:  # noqa: ARG001 - all pages are made alike
    return tuple(reading_page(view.survey))


def _legend(whose: str, words: str) -> Content:
    return in_a_row(on_one_line(whose, "bold $text-secondary"), "  ", shown(words, "$text-muted"))
