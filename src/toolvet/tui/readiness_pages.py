"""What the pages of text of the Readiness screen say. A row that is about a question leads to it."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from toolvet.domain.gaps import AreaGap, QuestionGap, Readiness, Reading
from toolvet.report.dumbbells import BOTH, DELIVERED, EXPECTED, dumbbell
from toolvet.report.readiness import Survey, measured_in, questions_of
from toolvet.report.readiness_order import out_of_balance_first, unjudged, with_reading
from toolvet.report.readiness_words import (
    CANNOT_TELL,
    HOUSE_POLICY,
    HOW_COMPUTED,
    answer_words,
    ask_again_words,
    balance_words,
    gap_figure,
    ladder_words,
    level_figure,
    marked_reading,
    people_words,
    policy_words,
    who_words,
    withheld_words,
    wording_words,
)
from toolvet.report.text import plural
from toolvet.tui.widgets.jump_list import PageRow
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown
from toolvet.tui.widgets.readiness_cells import area_figures
from toolvet.tui.widgets.readiness_marks import BALANCE_STYLES, READING_STYLES

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
