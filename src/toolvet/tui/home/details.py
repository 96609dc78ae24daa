"""What Home shows beside its list: the details of the highlighted subject, and what is due of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size

from toolvet.domain.assessment import Pass, progress
from toolvet.domain.rubric import Sitting
from toolvet.domain.scorecard import MustHaveState, Scorecard
from toolvet.services.overview import Due, Row, SubjectView, Surveyed, ToolRow, Urgency, days_words, row_of
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import day_of
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural
from toolvet.text.labels import DECISION_SIGNS, DECISION_STYLES, day, share_needed, short_day
from toolvet.text.record_words import REVIEWED_AGAIN, with_last_day, withdrawn_words
from toolvet.text.sentences import reason_words
from toolvet.tui import screens
from toolvet.tui.kit.content import Entry, below_each_other, entitle, hanging, in_a_row, on_one_line, shown
from toolvet.tui.kit.link_list import JumpList, PageRow
from toolvet.tui.kit.score_panel import left_words, range_table

_DUE_SHOWN, _MOST_DUE, _LABELS = 3, 200, 12
_BARS_FROM = 66  # columns of the details
URGENCY_STYLES = {Urgency.OVERDUE: "bold $text-error", Urgency.SOON: "$text-warning", Urgency.LATER: "$text-muted"}
URGENCY_SIGNS = {Urgency.OVERDUE: "!", Urgency.SOON: "▸", Urgency.LATER: "·"}


def _due_words(due: Due, on: date) -> Content:
    """Such as "▸ answer due 27 Nov 2026, in 6 days"."""
    soon = "" if due.day is None else f" {short_day(due.day)}, {days_words(due.day, on)}"
    about = f": {due.about}" if due.about else ""
    return on_one_line(f"{URGENCY_SIGNS[due.urgency]} {due.words}{soon}{about}", URGENCY_STYLES[due.urgency])


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


class DueList(JumpList):
    """What is due of all tools, the first first: when and of which tool, and below that what it is about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "pick", "Open", tooltip="Open its decision; before there is one, its questions.", id="open-due"
        )
    ]

    def __init__(self) -> None:
        super().__init__()
        self._due: list[tuple[date, str, str, Due]] = []
        self._on = date.min

    def on_mount(self) -> None:
        entitle(self, "Due, all tools")

    def take(self, rows: Sequence[Row], on: date) -> None:
        """Show what is due of these rows; the cursor stays where it is."""
        every = [(due.day or date.min, row.name, row.folder_name, due) for row in rows for due in row.due]
        every.sort(key=lambda each: each[:2])
        if (every, on) == (self._due, self._on) and self._rows:
            return
        self._due, self._on, at = every, on, self.at
        more = len(every) - _MOST_DUE
        listed = [PageRow(Content(""), folder) for _, _, folder, _ in every[:_MOST_DUE]]
        words = f" and {more:,} more: toolvet list --due" if more > 0 else " Nothing is due."
        told = PageRow(Content.styled(words, "$text-muted"))
        self.show([*listed, *([told] if more > 0 or not every else [])])
        if self._lines:  # else there is no room for it here
            self.at = at

    def _lines_of(self, width: int) -> list[tuple[int, Content]]:
        dues = self._due[:_MOST_DUE]
        lines = [
            (at, line) for at, (_, name, _, due) in enumerate(dues) for line in _due_lines(due, name, self._on, width)
        ]
        return [*lines, *((at, self._rows[at].text) for at in range(len(dues), len(self._rows)))]


def _due_lines(due: Due, name: str, on: date, width: int) -> Iterator[Content]:
    when = "now" if due.day is None else days_words(due.day, on)
    head = Content.styled(f" {URGENCY_SIGNS[due.urgency]} {when:<12} ", URGENCY_STYLES[due.urgency])
    yield in_a_row(head, on_one_line(name)).truncate(width, ellipsis=True)
    about = f"{due.words}: {due.about}" if due.about else due.words
    first, *rest = on_one_line(about, "$text-muted").wrap(max(8, width - 3))
    yield in_a_row("   ", first)
    if rest:
        yield in_a_row("   ", Content(" ").join(rest)).truncate(width, ellipsis=True)
