"""A subject as two or three lines of the list on the home screen."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from toolvet.domain.passes import progress, progress_words
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.standing import last_day_of
from toolvet.report.charts import range_bar
from toolvet.report.standing import brief_standing
from toolvet.report.text import plural
from toolvet.tui.subjects import Due, SubjectView, Surveyed, Urgency, days_words
from toolvet.tui.widgets.marks import MARKED, VERDICT_STYLES, verdict_mark
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line
from toolvet.tui.widgets.score_panel import range_words, verdict_words

VERDICT_WIDTH = 25
PROGRESS_WIDTH = 27
FIGURES_WIDTH = 27
SURVEY = "◇ SURVEY"

URGENCY_STYLES = {Urgency.OVERDUE: "bold $text-error", Urgency.SOON: "$text-warning", Urgency.LATER: "$text-muted"}
URGENCY_SIGNS = {Urgency.OVERDUE: "!", Urgency.SOON: "▸", Urgency.LATER: "·"}


def subject_row(view: SubjectView, on: date, width: int, *, is_marked: bool = False) -> Content:
    """Name and verdict; progress, range and figures; the first thing due and the decision. Of a survey its result."""
    if view.survey is not None:
        return _survey_row(view, view.survey, on, width)
    name = in_a_row(f"{MARKED} " if is_marked else "", on_one_line(view.name, "bold"))
    verdict = Content("") if view.scorecard is None else verdict_words(view.scorecard)
    first = columns(name, width - VERDICT_WIDTH, verdict)
    second = on_one_line(view.fault or "", "$text-muted") if view.scorecard is None else _figures(view.scorecard, width)
    third = _standing(view, on)
    return three_lines(first, second, third, width)


def _survey_row(view: SubjectView, survey: Surveyed, on: date, width: int) -> Content:
    first = columns(on_one_line(view.name, "bold"), width - VERDICT_WIDTH, Content.styled(SURVEY, "bold $text-primary"))
    if survey.gathered is None:
        counting = f"counting {plural(survey.files, 'answer file')} …"
        return three_lines(first, on_one_line(view.fault or counting, "$text-muted"), Content(""), width)
    from toolvet.tui.widgets.home_survey import result_lines  # loaded with what counted it

    return three_lines(first, *result_lines(view, survey.gathered.survey.now.readiness, on), width)


def three_lines(first: Content, second: Content, third: Content, width: int) -> Content:
    """A row of the list: the name, and two lines below it a little to the right."""
    rows = [first, in_a_row("  ", second), in_a_row("  ", third), Content("")]
    return below_each_other(*(row.truncate(width, ellipsis=True) for row in rows))


def due_words(due: Due, on: date) -> Content:
    """What is due, when, and how soon: "▸ answer due 2026-11-27, in 6 days"."""
    return _due(due, "" if due.day is None else f" {due.day.isoformat()}, {days_words(due.day, on)}")


def decision_words(view: SubjectView) -> Content:
    """The decision and until when it is valid, or what limits it; "no decision yet" where there is none."""
    if view.decision is None:
        if view.standing is not None:
            return Content.styled("decision not settled", "bold $text-error")
        return Content.styled("no decision yet", "$text-muted")
    made = view.decision.decision
    if view.standing is not None and view.standing.doubts:
        return Content.styled(f"decision to be confirmed ({made.decision.words})", "bold $text-error")
    limits = brief_standing(made, view.standing).removeprefix(made.decision.words)
    if limits:
        return Content.styled(f"decided {verdict_mark(made.decision).lower()}{limits}", "bold $text-error")
    last = last_day_of(made)
    until = f" until {last.isoformat()}" if last else ""
    style = VERDICT_STYLES[made.decision]
    return in_a_row(Content.styled(f"decided {verdict_mark(made.decision).lower()}", style), until)


def doubt_words(view: SubjectView) -> Content:
    """Why its files should not be relied on as they are: "! seal broken"."""
    return Content.styled(", ".join(f"! {doubt}" for doubt in view.doubts), "bold $text-error")


def _figures(scorecard: Scorecard, width: int) -> Content:
    known = Content.styled(progress_words(progress(scorecard)), "$text-muted")
    overall = scorecard.overall
    if overall is None:
        return in_a_row(known, "  nothing counts yet")
    policy = scorecard.rubric.policy
    progress_width = max(PROGRESS_WIDTH, known.cell_length + 1)
    room = min(32, max(10, width - progress_width - FIGURES_WIDTH - 4))
    bar = range_bar(overall, room, (policy.approve.overall,))
    ranged = Content.styled(bar, "$text-primary")
    return in_a_row(columns(known, progress_width, ranged), "  ", range_words(overall))


def _standing(view: SubjectView, on: date) -> Content:
    decision = decision_words(view)
    if view.doubts:
        return in_a_row(doubt_words(view), "   ", decision)
    urgent = [due for due in view.due if due.urgency is not Urgency.LATER]
    return in_a_row(brief_due(urgent[0], on), "   ", decision) if urgent else decision


def brief_due(due: Due, on: date) -> Content:
    """What is due and how soon: "▸ answer due in 6 days"."""
    return _due(due, "" if due.day is None else f" {days_words(due.day, on)}")


def _due(due: Due, when: str) -> Content:
    about = f": {due.about}" if due.about else ""
    return on_one_line(f"{URGENCY_SIGNS[due.urgency]} {due.words}{when}{about}", URGENCY_STYLES[due.urgency])


def columns(left: Content, width: int, right: Content) -> Content:
    """The one at the left, cut to that width, and the other beside it."""
    fitted = left.truncate(max(1, width - 1), ellipsis=True)
    return in_a_row(fitted.pad_right(max(1, width - fitted.cell_length)), right)
