"""What each page of the Readiness screen holds: rows of text, or a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from textual.content import Content

from toolvet.domain.gaps import QuestionGap
from toolvet.report.readiness import Survey, moved, shown_in
from toolvet.report.readiness_words import group_words
from toolvet.tui.readiness_pages import SIGNS, only_words, overview_page, reading_page
from toolvet.tui.widgets.gap_page import Tabled
from toolvet.tui.widgets.jump_list import PageRow
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown
from toolvet.tui.widgets.readiness_details import about_gap, about_moved, about_two
from toolvet.tui.widgets.readiness_tables import GapTable, MovedTable, SideBySideTable

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
