"""The list on Home, and the welcome for an empty workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.css.styles import RulesMap
from textual.events import Key
from textual.geometry import Size
from textual.widgets import Static
from textual.widgets.option_list import Option

from toolvet.domain.scorecard import ScoreRange
from toolvet.errors import Problem
from toolvet.services.overview import Row, SubjectView, Surveyed, ToolRow, Urgency
from toolvet.storage.workspace import Workspace
from toolvet.text.charts import range_bar
from toolvet.text.escape import plural
from toolvet.text.labels import (
    AGAIN_SIGN,
    DECISION_SIGNS,
    DECISION_STYLES,
    MARKED,
    NO_FIGURE,
    NOT_STARTED,
    NOT_STARTED_SIGN,
    percent,
    short_day,
    verdict_mark,
)
from toolvet.tui import screens
from toolvet.tui.home.details import URGENCY_SIGNS, URGENCY_STYLES, decision_words
from toolvet.tui.kit.content import Choices, bar, below_each_other, in_a_row, on_one_line
from toolvet.tui.kit.score_panel import not_started_words, verdict_words
from toolvet.values import dataclass

_BAR_FROM = 104
"""Columns from which a row has room for a bar."""
_URGENT = ((Urgency.OVERDUE, "overdue"), (Urgency.SOON, "due within 30 days"))

FIRST_STEPS = ("Vet a tool", "Answer a survey about an organisation", "Look at the worked examples")


class FirstSteps(Choices):
    """What to do first, each with its digit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Choose", tooltip="Take the highlighted step.", id="choose")
    ]

    def on_key(self, event: Key) -> None:
        """A digit takes the step of that number."""
        digits = [str(at) for at in range(1, self.option_count + 1)]
        if event.character in digits:
            event.stop()
            self.highlighted = digits.index(event.character)
            self.action_select()


class SubjectList(Choices):
    """The list, in which enter opens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", tooltip="Answer its questions, where you left off.", id="choose"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Without rows there is nothing to open."""
        return None if action == "select" and self.option_count == 0 else True

    def show(self, rows: Sequence[LazyRow], problems: Sequence[Problem], root: Path, chosen: int | None) -> None:
        """Show these rows and, below them, the files with problems, with the highlight on that row or where it was."""
        at, scrolled = self.highlighted or 0, self.scroll_y
        options: list[Option] = [*rows]
        if problems:
            options.append(Option(_problems_heading(problems), disabled=True))
            for problem in problems[:_MOST_PROBLEMS]:
                sign, style = ("!", "$text-warning") if problem.warning else ("✗", "$text-error")
                options.append(Option(on_one_line(f" {sign} {str(problem).replace(f'{root}/', '', 1)}", style)))
        self.set_options(options)
        if options:
            self.scroll_to(y=scrolled, animate=False, immediate=True)
            self.highlighted = min(at if chosen is None else chosen, len(options) - 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        """As many lines as there are rows, with what stands below them."""
        below = [option for option in self.options if not isinstance(option, LazyRow)]
        room = width - self.get_component_styles("option-list--option").padding.width
        heights = (self._get_visual(option).get_height(cast(RulesMap, self.styles), room) for option in below)
        return len(self.options) - len(below) + sum(heights)

    def _update_lines(self) -> None:
        """A row takes one line: thousands of them are not drawn only to know that."""
        cache = self._line_cache
        if not cache.lines and self.scrollable_content_region:
            for at, option in enumerate(self.options):
                if not isinstance(option, LazyRow):
                    break
                cache.index_to_line[at], cache.heights[at] = at, 1
                cache.lines.append((at, 0))
        super()._update_lines()


_MOST_PROBLEMS = 500
"""More of them would not be read one after another; toolvet check lists them all."""


class LazyRow(Option):
    """A row that is drawn when it comes into sight."""

    def __init__(self, draw: Callable[[], Content]) -> None:
        super().__init__("")
        self._draw = draw

    @property
    def prompt(self) -> Content:
        return self._draw()


def _problems_heading(problems: Sequence[Problem]) -> Content:
    verb = "needs" if len(problems) == 1 else "need"
    words = f" {plural(len(problems), 'file')} {verb} a look (enter says what to do)"
    return below_each_other("", Content.styled(words, "bold"))


class Welcome(Container):
    """What an empty workspace shows: the ways to begin, and where everything will be kept."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(id="welcome")
        self._workspace = workspace

    def compose(self) -> ComposeResult:
        with Vertical(id="welcome-card", classes="pane"):
            yield Static("No tool is being vetted here yet. What do you want to do?", id="welcome-head")
            yield FirstSteps(*(Option(f"{at}  {words}") for at, words in enumerate(FIRST_STEPS, 1)), id="first-steps")
            yield Static(
                below_each_other(
                    "Ask people by a form: toolvet readiness --form NAME -o survey.html",
                    "",
                    "Answers, decisions and reports will be kept in",
                    on_one_line(f"{self._workspace.root}", "$text-muted"),
                    "",
                    Content.styled(": finds any action, ? says what the keys do, q quits.", "$text-muted"),
                ),
                id="welcome-text",
            )

    def on_mount(self) -> None:
        self.query_one(FirstSteps).focus()


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of a row of Home; without room for a bar it has figures alone."""

    name: int
    verdict: int
    bar: int
    last: int

    def known(self, words: str) -> str:
        """The column of what is known, set apart as far as there is room."""
        gap = "  " if self.bar else " "
        return f"{gap}{words:>5}{gap}"

    @property
    def range(self) -> int:
        """The width of floor and ceiling, with the bar between them."""
        return self.bar + 12 if self.bar else 10

    @classmethod
    def within(cls, width: int, rows: Sequence[Row]) -> Columns:
        """As wide as these rows need: what short names and verdicts leave, the bar takes."""
        longest = max(24, *(len(row.name) for row in rows), 0)
        tools = [row for row in rows if isinstance(row, ToolRow)]
        again = 2 * any(row.is_again for row in tools)
        decision = len("✓ approved to 26 Feb 2027") + again
        if width < _BAR_FROM and any(row.decision is not None or row.is_unsettled for row in tools):
            verdict = decision
        else:
            marks = {verdict_mark(row.verdict) for row in tools if row.verdict is not None}
            verdict = max(map(len, (*marks, "○ NOT STARTED")))
        if width < _BAR_FROM:
            return cls(max(10, min(longest, width - verdict - 27)), verdict, 0, 5)
        last = min(34, decision + max(0, width - 116) // 4)
        room = width - verdict - last - 27
        name = max(14, min(longest, 48, room - 20))
        return cls(name, verdict, max(20, min(40, room - name)), last)


def heads_row(columns: Columns) -> Content:
    """The heads of the columns."""
    track = f"floor {'0':<{columns.bar - 3}}100 ceil." if columns.bar else f"{'range':>{columns.range}}"
    first = "verdict today" if columns.bar or columns.verdict < 25 else "decision or verdict"
    last = "decision" if columns.bar else "due"
    gap, known = "  " if columns.bar else " ", columns.known("known")
    words = f"   {'tool':<{columns.name}} {first:<{columns.verdict}}{gap}{track}{known}{last}"
    return Content.styled(words, "$text-muted")


def subject_row(row: Row, columns: Columns, *, is_marked: bool = False) -> Content:
    """One line: the name, the verdict, its range, how much is known, and the decision.

    Without room for the bar what is due comes last, and the decision, where there is one, in the verdict's place.
    """
    name = on_one_line(row.name, "bold").truncate(columns.name, ellipsis=True)
    lead = in_a_row(f" {MARKED if is_marked else ' '} ", name.pad_right(columns.name + 1 - name.cell_length))
    if isinstance(row, SubjectView):
        return in_a_row(
            lead, on_one_line(row.fault or "") if row.survey is None else _survey_cells(row, row.survey, columns)
        )
    if row.verdict is None or row.progress is None:
        return in_a_row(lead, on_one_line(row.fault or "", "$text-warning"), "  ", _decision_cell(row))
    is_short = not columns.bar and (row.decision is not None or row.is_unsettled)
    named = verdict_words(row.verdict) if row.is_started else not_started_words()
    verdict = _decided(row, _short_decision(row), columns.verdict) if is_short else named
    known = f"{row.progress.known}/{row.progress.total}"
    cells = _range_cells(row.overall, row.marks, columns) if row.is_started else _no_range("no answer yet", columns)
    middle = in_a_row(verdict.pad_right(columns.verdict + 1 - verdict.cell_length), " " if columns.bar else "", cells)
    last = _decided(row, _decision_cell(row), columns.last) if columns.bar else _due_cell(row)
    return in_a_row(lead, middle, columns.known(known), last)


def _decided(row: ToolRow, cell: Content, width: int) -> Content:
    """The cell of a decision, with a sign where the tool is under review again."""
    again = f" {AGAIN_SIGN}" if row.is_again else ""
    return cell.truncate(width - len(again), ellipsis=True) + again


def _range_cells(overall: ScoreRange | None, marks: Sequence[Fraction], columns: Columns) -> Content:
    if overall is None:
        return _no_range("nothing counts yet", columns)
    floor, ceiling = percent(overall.floor), percent(overall.ceiling)
    if not columns.bar:
        return Content(f"{floor if floor == ceiling else f'{floor}–{ceiling}':>{columns.range}}")
    drawn = bar(range_bar(overall, columns.bar, marks))
    return in_a_row(f"{floor:>5} ", drawn, f" {ceiling:>5}")


def _no_range(why: str, columns: Columns) -> Content:
    """What stands in place of the figures: the reason, or without room for it a dash."""
    words = f"{'':6}{why:<{columns.range - 6}}" if columns.bar else f"{NO_FIGURE:>{columns.range}}"
    return Content.styled(words, "$text-muted")


def _survey_cells(view: SubjectView, survey: Surveyed, columns: Columns) -> Content:
    """The result as far as it fits, in words that are not cut; without room for bars it begins right after the sign."""
    head = Content.styled("◇ SURVEY", "bold").pad_right(columns.verdict + 2 - 8 if columns.bar else 2)
    if survey.gathered is None:
        counting = f"counting {plural(survey.files, 'answer file')} …"
        return in_a_row(head, on_one_line(view.fault or counting, "$text-muted"))
    first, *more = screens.survey_result_words(survey.gathered)
    words = in_a_row(head, first)
    room = columns.verdict + columns.range + columns.last + 10
    for part in more:
        if words.cell_length + 2 + part.cell_length <= room:
            words = in_a_row(words, "  ", part)
    return words


def _decision_cell(row: ToolRow) -> Content:
    """The decision with the day it ends, or what is wrong with it."""
    if row.doubts:
        told = (row.decided_state, *row.doubts) if row.is_over and not row.is_unsettled else row.doubts
        return Content.styled(", ".join(f"! {words}" for words in told), "bold $text-error")
    if row.decision is None:
        return decision_words(row)
    if row.is_unsettled:
        return Content.styled("! to be confirmed", "bold $text-error")
    if row.is_over:
        return Content.styled(f"! {row.brief_state}", "bold $text-error")
    sign = DECISION_SIGNS[row.decision]
    words = f"{row.state.split(',')[0]} to {short_day(row.last)}" if row.last else row.decided_state
    return Content.styled(f"{sign} {words}", DECISION_STYLES[row.decision])


def _short_decision(row: ToolRow) -> Content:
    """The same where the verdict would be; what is doubtful about it stands elsewhere."""
    if row.decision is not None and row.is_over and not row.is_unsettled:
        return Content.styled(f"! {row.brief_state}", "bold $text-error")
    return _decision_cell(row).stylize("bold")


def _due_cell(row: ToolRow) -> Content:
    """How much is overdue and soon due, in the signs of the headline: "!1 ▸3"."""
    if row.doubts:
        return Content.styled("!", "bold $text-error")
    counts = Counter(due.urgency for due in row.due)
    return Content(" ").join(
        Content.styled(f"{URGENCY_SIGNS[urgency]}{counts[urgency]}", URGENCY_STYLES[urgency])
        for urgency in (Urgency.OVERDUE, Urgency.SOON)
        if counts[urgency]
    )


def headline(rows: Sequence[Row], width: int) -> Content:
    """What is due at the left; at the right how many tools there are of each decision, and of each verdict without."""
    due = Counter(each.urgency for row in rows for each in row.due)
    said = [(each, f"{due[each]} {words}") for each, words in _URGENT if due[each]]
    parts = [Content.styled(f"{URGENCY_SIGNS[each]} {words}", URGENCY_STYLES[each]) for each, words in said]
    left = Content("   ").join(parts or [Content.styled("Nothing is due within 30 days.", "$text-muted")])
    counted = Counter(kind for row in rows if isinstance(row, ToolRow) and (kind := _counts_as(row)) is not None)
    for space, is_named in (("   ", True), ("  ", True), ("   ", False)):
        cells = (
            Content.styled(f"{sign} {counted[sign, words, style]}{f' {words}' if is_named else ''}", style)
            for sign, words, style in sorted(counted, key=lambda each: "~✓◐‖✗○".index(each[0]))
        )
        right = Content(space).join(cells)
        if left.cell_length + right.cell_length + 2 <= width:
            break
    return left.pad_right(max(2, width - left.cell_length - right.cell_length)) + right


def _counts_as(row: ToolRow) -> tuple[str, str, str] | None:
    """Sign, words and style of the decision where there is one and it holds, else of the verdict."""
    if row.verdict is not None and not row.is_started and row.decision is None:
        return NOT_STARTED_SIGN, NOT_STARTED, "$text-muted"
    if (found := row.counts_as) is None:
        return None
    words = found.words if row.decision is None else row.state.split(",")[0]
    return DECISION_SIGNS[found], words, DECISION_STYLES[found]


def is_uncounted(row: Row) -> bool:
    return isinstance(row, SubjectView) and row.survey is not None and row.survey.gathered is None and not row.fault


def has_proofs(row: Row) -> bool:
    return not isinstance(row, SubjectView) and bool(row.proofs)
