"""What a cell says of a survey's question or area: a dumbbell, a mean, a gap, or why there is none."""

from __future__ import annotations

from textual.content import Content

from toolvet.domain.gaps import AreaGap, Figures, QuestionGap, Side
from toolvet.report.dumbbells import dumbbell
from toolvet.report.readiness import NOTHING, of_group
from toolvet.report.readiness_words import WITHHELD, balance_words, gap_figure, level_figure, marked_reading
from toolvet.report.text import plural
from toolvet.report.words import NO_FIGURE
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line
from toolvet.tui.widgets.readiness_marks import BALANCE_STYLES, READING_STYLES

NOT_ASKED = "not asked"


def figures_of(one: QuestionGap, group: str | None) -> Figures:
    """What may be shown of that question: of everybody, or of that group."""
    return one.whole if group is None else of_group(one, group)


def bar_of(one: QuestionGap, figures: Figures, width: int) -> Content:
    """The dumbbell; empty where neither mean is shown."""
    if figures == NOTHING:
        return Content("")
    expected, delivered = (None if side is None else side.mean for side in (figures.expected, figures.delivered))
    return Content.styled(dumbbell(expected, delivered, one.question.top, width), "$text-primary")


def nothing_words(one: QuestionGap, group: str | None = None) -> Content:
    """What stands where no figure does."""
    if not is_asked_of(one, group):
        return Content.styled(NOT_ASKED, "$text-muted")
    return Content.styled(WITHHELD if one.withheld else NO_FIGURE, "$text-muted")


def is_asked_of(one: QuestionGap, group: str | None) -> bool:
    """Whether the question is asked of that group; None stands for everybody."""
    return group is None or not one.question.asked_of or group in one.question.asked_of


def mean_words(one: QuestionGap, side: Side | None) -> Content:
    """A mean with its spread: "2.75 ±0.60"."""
    if side is None:
        return nothing_words(one)
    return in_a_row(level_figure(side.mean), Content.styled(f" ±{level_figure(side.spread)}", "$text-muted"))


def gap_words(one: QuestionGap, figures: Figures) -> Content:
    """The gap with its reading: "-1.08 ▼ short"."""
    gap = figures.gap
    if gap is None:
        return nothing_words(one)
    return in_a_row(
        f"{gap_figure(gap.mean):>5} ", Content.styled(marked_reading(gap.reading), READING_STYLES[gap.reading])
    )


def area_words(found: AreaGap, measured: tuple[int, int], *, is_whole: bool) -> Content:
    """An area on a line: "✗ Productivity  2.10 of 2.71, -0.61 ▽ slipping"."""
    title = on_one_line(found.criterion.title, "bold $text-secondary")
    shown, asked = measured
    is_judged = found.gap is not None and (is_whole or shown == asked)
    mark = Content.styled(f"{balance_words(found)[0]} ", BALANCE_STYLES[found.in_balance])
    return in_a_row(mark if is_judged else "  ", title, "  ", area_figures(found, measured))


def area_figures(found: AreaGap, measured: tuple[int, int]) -> Content:
    """Both means of an area with the gap, and over how many of its questions where not over all."""
    if found.gap is None:
        return Content.styled("no gap can be shown", "$text-muted")
    shown, asked = measured
    figures = f"{level_figure(found.delivered)} of {level_figure(found.expected)}, {gap_figure(found.gap)} "
    reading = Content.styled(marked_reading(found.reading), READING_STYLES[found.reading])
    over = "" if shown == asked else f", over {shown} of {plural(asked, 'question')}"
    return in_a_row(figures, reading, Content.styled(over, "$text-muted"))
