"""The list on Home, the details of the highlighted subject, and the welcome for an empty workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
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

from toolvet.domain.assessment import Pass, progress
from toolvet.domain.rubric import Sitting
from toolvet.domain.scorecard import MustHaveState, Scorecard, ScoreRange
from toolvet.errors import Problem
from toolvet.services.overview import Due, Row, SubjectView, Surveyed, ToolRow, Urgency, days_words, row_of
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import day_of
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
    day,
    percent,
    share_needed,
    short_day,
    verdict_mark,
)
from toolvet.text.record_words import REVIEWED_AGAIN, with_last_day, withdrawn_words
from toolvet.text.sentences import reason_words
from toolvet.tui import screens
from toolvet.tui.kit.content import Choices, Entry, bar, below_each_other, hanging, in_a_row, on_one_line, shown
from toolvet.tui.kit.score_panel import left_words, not_started_words, range_table, verdict_words
from toolvet.values import dataclass

_BAR_FROM = 104
"""Columns from which a row has room for a bar."""
_DUE_SHOWN, _MOST_DUE, _LABELS = 3, 200, 12
_BARS_FROM = 66  # columns of the details
_URGENCY_STYLES = {Urgency.OVERDUE: "bold $text-error", Urgency.SOON: "$text-warning", Urgency.LATER: "$text-muted"}
_URGENT = ((Urgency.OVERDUE, "overdue"), (Urgency.SOON, "due within 30 days"))
_URGENCY_SIGNS = {Urgency.OVERDUE: "!", Urgency.SOON: "▸", Urgency.LATER: "·"}

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
        if width < _BAR_FROM and any(row.decision is not None or row.is_unsettled for row in tools):
            verdict = len("✓ approved to 26 Feb 2027") + again
        else:
            marks = {verdict_mark(row.verdict) for row in tools if row.verdict is not None}
            verdict = max(map(len, (*marks, "○ NOT STARTED")))
        if width < _BAR_FROM:
            return cls(max(10, min(longest, width - verdict - 27)), verdict, 0, 5)
        last = min(34, 22 + again + max(0, width - 116) // 4)
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
    words = f"{sign} until {short_day(row.last)}" if row.last else f"{sign} {row.decided_state}"
    return Content.styled(words, DECISION_STYLES[row.decision])


def _short_decision(row: ToolRow) -> Content:
    """The decision in a word or two, with the day it ends, where the verdict would be."""
    if row.decision is not None and row.is_over and not row.is_unsettled:
        return Content.styled(f"! {row.brief_state}", "bold $text-error")
    if row.decision is None or row.last is None or row.is_unsettled or row.doubts:
        return _decision_cell(row)
    sign, style = DECISION_SIGNS[row.decision], DECISION_STYLES[row.decision]
    return Content.styled(f"{sign} {row.state.split(',')[0]} to {short_day(row.last)}", f"bold {style}")


def _due_cell(row: ToolRow) -> Content:
    """How much is overdue and soon due, in the signs of the headline: "!1 ▸3"."""
    if row.doubts:
        return Content.styled("!", "bold $text-error")
    counts = Counter(due.urgency for due in row.due)
    return Content(" ").join(
        Content.styled(f"{_URGENCY_SIGNS[urgency]}{counts[urgency]}", _URGENCY_STYLES[urgency])
        for urgency in (Urgency.OVERDUE, Urgency.SOON)
        if counts[urgency]
    )


def headline(rows: Sequence[Row], width: int) -> Content:
    """What is due at the left; at the right how many tools there are of each verdict, or of what the rows have."""
    due = Counter(each.urgency for row in rows for each in row.due)
    said = [(each, f"{due[each]} {words}") for each, words in _URGENT if due[each]]
    parts = [Content.styled(f"{_URGENCY_SIGNS[each]} {words}", _URGENCY_STYLES[each]) for each, words in said]
    left = Content("   ").join(parts or [Content.styled("Nothing is due within 30 days.", "$text-muted")])
    has_both = width >= _BAR_FROM
    kinds = (_counts_as(row, verdict_alone=has_both) for row in rows if isinstance(row, ToolRow))
    counted = Counter(each for each in kinds if each is not None)
    head = Content.styled("verdict today  ", "$text-muted") if has_both and counted else Content("")
    for space, is_named in (("   ", True), ("  ", True), ("   ", False)):
        cells = (
            Content.styled(f"{sign} {counted[sign, words, style]}{f' {words}' if is_named else ''}", style)
            for sign, words, style in sorted(counted, key=lambda each: "~✓◐‖✗○".index(each[0]))
        )
        right = head + Content(space).join(cells)
        if left.cell_length + right.cell_length + 2 <= width:
            break
    return left.pad_right(max(2, width - left.cell_length - right.cell_length)) + right


def _counts_as(row: ToolRow, *, verdict_alone: bool) -> tuple[str, str, str] | None:
    """Sign, words and style of the verdict, or of the decision where there is one and it holds."""
    if row.verdict is not None and not row.is_started and (verdict_alone or row.decision is None):
        return NOT_STARTED_SIGN, NOT_STARTED, "$text-muted"
    if (found := row.verdict if verdict_alone else row.counts_as) is None:
        return None
    words = found.words if verdict_alone or row.decision is None else row.state.split(",")[0]
    return DECISION_SIGNS[found], words, DECISION_STYLES[found]


def _due_words(due: Due, on: date) -> Content:
    """Such as "▸ answer due 27 Nov 2026, in 6 days"."""
    soon = "" if due.day is None else f" {short_day(due.day)}, {days_words(due.day, on)}"
    about = f": {due.about}" if due.about else ""
    return on_one_line(f"{_URGENCY_SIGNS[due.urgency]} {due.words}{soon}{about}", _URGENCY_STYLES[due.urgency])


def decision_words(row: ToolRow) -> Content:
    """The decision and until when it is valid, or what limits it."""
    if row.decision is None:
        unsettled = Content.styled("decision not settled", "bold $text-error")
        return unsettled if row.is_unsettled else Content.styled("not decided", "$text-muted")
    if row.is_unsettled:
        about = f"({row.decision.words}){REVIEWED_AGAIN * row.is_again}"
        return Content.styled(f"decision to be confirmed {about}", "bold $text-error")
    style, last = "bold $text-error" if row.is_over else DECISION_STYLES[row.decision], row.last
    sign = "!" if row.has_ended else DECISION_SIGNS[row.decision]
    return Content.styled(f"{sign} {with_last_day(row.state, last and day(last))}", style)


def subject_details(view: SubjectView, workspace: Workspace, on: date, room: Size, *, is_alone: bool) -> Content:
    """The tool and the job, its criteria, the decision, the reasons for the verdict, and the files.

    Where it `is_alone`, without the list of what is due beside it, that is said here, and before the tool and the job.
    """
    rows = (
        _tool_rows(view, row_of(view, workspace), on, room, is_alone=is_alone)
        if view.survey is None
        else _survey_details(view, view.survey, on)
    )
    problems = (shown(f"{'!' if each.warning else '✗'} {each}", "$text-error") for each in view.folder.problems)
    return below_each_other(*rows, *problems)


def details_edges(view: SubjectView) -> tuple[str, str]:
    """What stands in the edges of the details: the name with plan and deployment, and who assessed it when."""
    if not view.files or view.survey is not None:
        return view.name, ""
    assessment = view.files[0].assessment
    where = f" · {assessment.subject.deployment}" if assessment.subject.deployment else ""
    started = f" · {day(assessment.started)}" if assessment.started else ""
    return f"{view.name}{where}", f"{assessment.reviewer.name or 'unnamed'}{started}"


def _survey_details(view: SubjectView, survey: Surveyed, on: date) -> Iterator[Content]:
    if view.fault is not None:
        yield shown(view.fault, "$text-warning")
    if survey.gathered is not None:
        due = [_due_words(each, on) for each in view.due]
        yield from screens.survey_result_rows(survey.gathered, due)


def _tool_rows(view: SubjectView, row: ToolRow, on: date, room: Size, *, is_alone: bool) -> Iterator[Content]:
    if view.doubts:
        yield Content.styled(", ".join(f"! {doubt}" for doubt in view.doubts), "bold $text-error")
    if view.fault is not None:
        yield shown(view.fault, "$text-warning")
    scorecard, width = view.scorecard, room.width
    has_bars = scorecard is not None and scorecard.is_started and width >= _BARS_FROM
    about = [
        *(_about_rows(view) if view.files else ()),
        *((Content(""), *range_table(scorecard, width)) if scorecard is not None and has_bars else ()),
    ]
    reasons = max(2, room.height - 6) if is_alone else max(5, 2 * (room.height - 15) // 3)
    entries = _entries(view, row, on, width - _LABELS, reasons, with_due=is_alone)
    parts = [about, hanging(tuple(entries), width, _LABELS)]
    for at, part in enumerate(reversed(parts) if is_alone else parts):
        yield from (Content(""),) if at and part else ()
        yield from part


def _entries(
    view: SubjectView, row: ToolRow, on: date, width: int, most_reasons: int, *, with_due: bool
) -> Iterator[Entry]:
    yield "Decision", decision_words(row)
    if view.standing is not None and view.standing.withdrawn is not None:
        yield "", shown(withdrawn_words(view.standing.withdrawn))
    for doubt in () if view.standing is None else view.standing.doubts:
        yield "", shown(doubt, "$text-error")
    for note in view.notes:
        yield "", shown(note, "$text-warning")
    for at, due in enumerate(view.due[:_DUE_SHOWN] if with_due else ()):
        yield "Due" if at == 0 else "", _due_words(due, on).truncate(width, ellipsis=True)
    if with_due and len(view.due) > _DUE_SHOWN:
        yield "", Content.styled(f"and {len(view.due) - _DUE_SHOWN} more", "$text-muted")
    scorecard = view.scorecard
    if scorecard is not None and not scorecard.is_started:
        yield "Answers", Content("none yet: enter begins")
    elif scorecard is not None:
        met = sum(each.state is MustHaveState.MET for each in scorecard.must_haves)
        coverage = Fraction(0) if scorecard.overall is None else scorecard.overall.coverage
        needed = share_needed(coverage, scorecard.rubric.policy.coverage)
        yield "Must-haves", Content(f"{met} of {len(scorecard.must_haves)} met · coverage {needed}")
        for at, reason in enumerate(scorecard.reasons[:most_reasons]):
            yield "Why" if at == 0 else "", shown(reason_words(reason, scorecard))
        more = len(scorecard.reasons) - most_reasons
        if more > 0:
            yield "", Content.styled(f"and {more} more; r shows all", "$text-muted")
    if scorecard is not None and not with_due:
        yield from _to_do(scorecard)
    if len(view.folder.assessments) > 1:
        for at, file in enumerate(view.folder.assessments):
            yield "Files" if at == 0 else "", _file_row(file, view.files)


def _to_do(scorecard: Scorecard) -> Iterator[Entry]:
    """What is open, by sitting."""
    facts = len(scorecard.scope_open)
    rows = [f"{'facts':<10}{facts} open, a key each"] if facts else []
    sittings = (each for each in map(Pass, Sitting) if progress(scorecard, each).open)
    rows += [f"{each.value:<10}{left_words(each, scorecard)}" for each in sittings]
    yield from (("" if at else "To do", Content(words)) for at, words in enumerate(rows))


def _about_rows(view: SubjectView) -> Iterator[Content]:
    subject = view.files[0].assessment.subject
    if subject.job:
        yield shown(subject.job)
    asked = f"Requested by {subject.requested_by}" if subject.requested_by else ""
    users = "" if subject.users is None else plural(subject.users, "user")
    request = " · ".join(part for part in (subject.vendor, asked, users, subject.yearly_cost) if part)
    if request:
        yield on_one_line(request, "$text-muted")


def _file_row(file: AssessmentFile, speaking: Sequence[AssessmentFile]) -> Content:
    """The file with a full dot if it speaks for the tool; an unfinished one is passed over, though it is newer."""
    started = f"{day(file.assessment.started)}, " if file.assessment.started else ""
    words = f"{started}{file.assessment.reviewer.name or 'unnamed'}"
    is_newer = all(day_of(file) > day_of(other) for other in speaking)
    passed = f"○ {words} ({'not complete' if is_newer else 'older'})"
    return on_one_line(f"● {words}" if file in speaking else passed)


def due_rows(rows: Sequence[Row], on: date, width: int) -> Iterator[Content]:
    """What is due of all tools, the first first: when and of which tool, and below that what it is about."""
    every = ((due.day or date.min, row.name, due) for row in rows for due in row.due)
    found = sorted(every, key=lambda each: each[:2])
    for _, name, due in found[:_MOST_DUE]:
        when = "now" if due.day is None else days_words(due.day, on)
        about = f"{due.words}: {due.about}" if due.about else due.words
        head = Content.styled(f"{_URGENCY_SIGNS[due.urgency]} {when:<12} ", _URGENCY_STYLES[due.urgency])
        yield in_a_row(head, on_one_line(name)).truncate(width, ellipsis=True)
        first, *rest = on_one_line(about, "$text-muted").wrap(max(8, width - 2))
        yield in_a_row("  ", first)
        if rest:
            yield in_a_row("  ", Content(" ").join(rest)).truncate(width, ellipsis=True)
    if not found:
        yield Content.styled("Nothing is due.", "$text-muted")
    if len(found) > _MOST_DUE:
        yield Content.styled(f"and {len(found) - _MOST_DUE:,} more: toolvet list --due", "$text-muted")
