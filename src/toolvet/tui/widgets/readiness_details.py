"""What is said below the tables of the Readiness screen about the question at the cursor."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from toolvet.domain.gaps import Figures, Gap, QuestionGap, Side
from toolvet.report.dumbbells import DELIVERED, EXPECTED
from toolvet.report.readiness import Moved
from toolvet.report.readiness_words import (
    READING_MEANINGS,
    gap_figure,
    group_words,
    level_figure,
    marked_reading,
    nearest_rung,
    rung_words,
    withheld_here_words,
)
from toolvet.report.text import plural
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown
from toolvet.tui.widgets.readiness_cells import NOT_ASKED, figures_of, is_asked_of
from toolvet.tui.widgets.readiness_marks import READING_STYLES

NOBODY = "nobody answered this side"
WITHHELD_SIDE = "withheld: too few people gave it"


def about_gap(one: QuestionGap, group: str | None, least: int) -> Iterator[Content]:
    """The question with both means, how they spread, and the rungs they lie nearest to; of everybody or one group."""
    figures = figures_of(one, group)
    parts = (figures.expected, figures.delivered, figures.gap)
    of_whom = "" if group is None else f"  {group_words(group)} only"
    yield in_a_row(on_one_line(one.question.title, "bold"), on_one_line(of_whom, "$text-secondary"))
    if not is_asked_of(one, group):
        yield Content.styled(f"They are {NOT_ASKED} this.", "$text-muted")
        return
    yield _side(f"{EXPECTED} Expected ", one, figures.expected, up=True)
    yield _side(f"{DELIVERED} Delivered ", one, figures.delivered, up=False)
    yield gap_sentence(one, figures)
    if one.withheld and None in parts and is_asked_of(one, group):
        yield shown(withheld_here_words(least), "$text-muted")


def about_two(one: QuestionGap, groups: tuple[str, str]) -> Iterator[Content]:
    """The question as two groups see it, with the rungs in words."""
    yield on_one_line(one.question.title, "bold")
    for group in groups:
        figures = figures_of(one, group)
        name = group_words(group)
        head = on_one_line(f"{name[:1].upper()}{name[1:]}: ", "$text-secondary")
        sides = [
            f"{verb} {level_figure(side.mean)}, nearest to {rung_words(one.question, nearest_rung(side.mean, up=up))}"
            for verb, side, up in (("expect", figures.expected, True), ("see", figures.delivered, False))
            if side is not None
        ]
        nothing = nothing_sentence(one, group)
        people = "" if figures.gap is None else f"; {plural(figures.gap.people, 'person', 'people')} gave both"
        yield in_a_row(head, shown(f"{'; '.join(sides) or nothing}{people}."))


def about_moved(one: Moved, then: str, now: str) -> Iterator[Content]:
    """Both rounds' means of a question with people and spread."""
    yield on_one_line(one.question.question.title, "bold")
    for sign, name, before, after in (
        (EXPECTED, "Expected", one.before.expected, one.question.whole.expected),
        (DELIVERED, "Delivered", one.before.delivered, one.question.whole.delivered),
    ):
        both = "; ".join(
            f"{year} {'withheld' if side is None else side_words(side)}"
            for year, side in ((then, before), (now, after))
        )
        yield in_a_row(f"{sign} {name} ", shown(both))
    for year, gap in ((then, one.before.gap), (now, one.question.whole.gap)):
        if gap is not None:
            yield in_a_row(f"Gap {year}: ", _gap(gap))


def gap_sentence(one: QuestionGap, figures: Figures) -> Content:
    """The gap with what it means, and over how many people."""
    gap = figures.gap
    if gap is None:
        return Content.styled(f"No gap: {WITHHELD_SIDE if one.withheld else 'nobody gave both sides'}", "$text-muted")
    return in_a_row("Gap ", _gap(gap), f": {READING_MEANINGS[gap.reading]}")


def side_figures(one: QuestionGap, side: Side | None) -> Content:
    """A mean with its spread and people, or why there is none."""
    if side is None:
        return Content.styled(WITHHELD_SIDE if one.withheld else NOBODY, "$text-muted")
    return Content.styled(side_words(side), "bold")


def nothing_sentence(one: QuestionGap, group: str) -> str:
    """Why nothing is shown of that group."""
    if not is_asked_of(one, group):
        return NOT_ASKED
    return WITHHELD_SIDE if one.withheld else "did not answer"


def side_words(side: Side) -> str:
    """A mean with its spread and people: "2.75 ±0.60, 12 people"."""
    return f"{level_figure(side.mean)} ±{level_figure(side.spread)}, {plural(side.people, 'person', 'people')}"


def _side(name: str, one: QuestionGap, side: Side | None, *, up: bool) -> Content:
    if side is None:
        return in_a_row(name, side_figures(one, side))
    rung = rung_words(one.question, nearest_rung(side.mean, up=up))
    return in_a_row(name, side_figures(one, side), shown(f": nearest to {rung}"))


def _gap(gap: Gap) -> Content:
    reading = Content.styled(marked_reading(gap.reading), READING_STYLES[gap.reading])
    people = f" ({plural(gap.people, 'person', 'people')})"
    return in_a_row(Content.styled(gap_figure(gap.mean), "bold"), " ", reading, people)
