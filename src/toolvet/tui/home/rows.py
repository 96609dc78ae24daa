"""The list of Home, the details of the highlighted subject, and the welcome of an empty workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from toolvet.domain.assessment import progress
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.standing import last_day_of
from toolvet.errors import Problem
from toolvet.services.overview import Due, SubjectView, Surveyed, Urgency, days_words
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.workspace import Workspace
from toolvet.text.charts import range_bar
from toolvet.text.escape import plural
from toolvet.text.labels import MARKED, VERDICT_SIGNS, VERDICT_STYLES, progress_words
from toolvet.text.record_words import state_words_of
from toolvet.text.sentences import reason_words
from toolvet.tui.kit.content import below_each_other, in_a_row, on_one_line, shown
from toolvet.tui.kit.score_panel import range_words, verdict_words

_VERDICT_WIDTH = 25
_PROGRESS_WIDTH = 27
_FIGURES_WIDTH = 27
_REASONS_SHOWN = 5
_URGENCY_STYLES = {Urgency.OVERDUE: "bold $text-error", Urgency.SOON: "$text-warning", Urgency.LATER: "$text-muted"}
_URGENCY_SIGNS = {Urgency.OVERDUE: "!", Urgency.SOON: "▸", Urgency.LATER: "·"}


class SubjectList(OptionList):
    """The list, in which enter opens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", tooltip="Answer its questions, where you left off."),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Without rows there is nothing to open."""
        return None if action == "select" and self.option_count == 0 else True

    def show(self, rows: Sequence[Content], problems: Sequence[Problem], root: Path) -> None:
        """Show these rows and, below them, the files with problems, with the highlight where it was."""
        at = self.highlighted or 0
        options = [Option(row) for row in rows]
        if problems:
            options.append(Option(_problems_heading(problems), disabled=True))
            for problem in problems:
                sign, style = ("!", "$text-warning") if problem.warning else ("✗", "$text-error")
                options.append(Option(on_one_line(f"{sign} {str(problem).replace(f'{root}/', '', 1)}", style)))
        self.set_options(options)
        if options:
            self.highlighted = min(at, len(options) - 1)


def _problems_heading(problems: Sequence[Problem]) -> Content:
    verb = "needs" if len(problems) == 1 else "need"
    what = f"{verb} a look" if all(problem.warning for problem in problems) else "cannot be read"
    words = f"{plural(len(problems), 'file')} {what} (enter says what to do)"
    return below_each_other("", Content.styled(words, "bold"))


def welcome(workspace: Workspace) -> Content:
    """What to do in an empty workspace."""
    key = Content.styled("n", "bold $footer-key-foreground")
    survey = Content.styled("f3", "bold $footer-key-foreground")
    return below_each_other(
        Content.styled("No tool is being vetted here yet.", "bold"),
        "",
        in_a_row("Press ", key, " to begin: name the tool and what people want to do with it."),
        "Then answer question by question; you can leave any of them open.",
        in_a_row("To answer a survey about an organisation instead, press ", key, " and then ", survey, "."),
        "",
        in_a_row("The first save makes a folder ", Content.styled("assessments", "bold"), " here:"),
        on_one_line(f"  {workspace.root}", "$text-muted"),
        "",
        in_a_row("To look around first, quit with q and run ", Content.styled("toolvet demo", "bold"), "."),
        "It opens a copy of worked examples that you can change as you like.",
    )


def subject_row(view: SubjectView, on: date, width: int, *, is_marked: bool = False) -> Content:
    """Name and verdict; progress and range; the first thing due and the decision. For a survey, its result."""
    name = in_a_row(f"{MARKED} " if is_marked else "", on_one_line(view.name, "bold"))
    second, third = Content(""), Content("")
    if view.survey is not None:
        head = Content.styled("◇ SURVEY", "bold $text-primary")
        if view.survey.gathered is not None:
            from toolvet.tui.home.survey_rows import survey_result_words

            second, widest = survey_result_words(view.survey.gathered)
            third = _urgent_and(view, on, widest)
        else:
            counting = f"counting {plural(view.survey.files, 'answer file')} …"
            second = on_one_line(view.fault or counting, "$text-muted")
    elif view.scorecard is None:
        head, second = Content(""), on_one_line(view.fault or "", "$text-muted")
        third = _urgent_and(view, on, decision_words(view))
    else:
        head, second = verdict_words(view.scorecard), _figures(view.scorecard, width)
        third = _urgent_and(view, on, decision_words(view))
    rows = (_columns(name, width - _VERDICT_WIDTH, head), in_a_row("  ", second), in_a_row("  ", third), Content(""))
    return below_each_other(*(row.truncate(width, ellipsis=True) for row in rows))


def _urgent_and(view: SubjectView, on: date, rest: Content) -> Content:
    """What needs attention first, if anything, before the rest."""
    if view.doubts:
        return in_a_row(_doubt_words(view), "   ", rest)
    urgent = next((due for due in view.due if due.urgency is not Urgency.LATER), None)
    return rest if urgent is None else in_a_row(_due_words(urgent, on, brief=True), "   ", rest)


def _due_words(due: Due, on: date, *, brief: bool = False) -> Content:
    """Such as "▸ answer due 2026-11-27, in 6 days"; in brief without the date."""
    soon = "" if due.day is None else f" {'' if brief else f'{due.day}, '}{days_words(due.day, on)}"
    about = f": {due.about}" if due.about else ""
    return on_one_line(f"{_URGENCY_SIGNS[due.urgency]} {due.words}{soon}{about}", _URGENCY_STYLES[due.urgency])


def decision_words(view: SubjectView) -> Content:
    """The decision and until when it is valid, or what limits it."""
    if view.decision is None:
        if view.standing is not None:
            return Content.styled("decision not settled", "bold $text-error")
        return Content.styled("no decision yet", "$text-muted")
    made = view.decision.decision
    if view.standing is not None and view.standing.doubts:
        return Content.styled(f"decision to be confirmed ({made.decision.words})", "bold $text-error")
    decided = f"{VERDICT_SIGNS[made.decision]} {state_words_of(view.standing)}"
    if view.standing is not None and not (view.standing.stands.is_in_force or view.standing.stands.is_no_approval):
        return Content.styled(decided, "bold $text-error")
    last = last_day_of(made, view.standing)
    return in_a_row(Content.styled(decided, VERDICT_STYLES[made.decision]), f" until {last}" if last else "")


def _doubt_words(view: SubjectView) -> Content:
    return Content.styled(", ".join(f"! {doubt}" for doubt in view.doubts), "bold $text-error")


def _figures(scorecard: Scorecard, width: int) -> Content:
    known = Content.styled(progress_words(progress(scorecard)), "$text-muted")
    overall = scorecard.overall
    if overall is None:
        return in_a_row(known, "  nothing counts yet")
    progress_width = max(_PROGRESS_WIDTH, known.cell_length + 1)
    room = min(32, max(10, width - progress_width - _FIGURES_WIDTH - 4))
    bar = range_bar(overall, room, (scorecard.rubric.policy.approve.overall,))
    return in_a_row(_columns(known, progress_width, Content.styled(bar, "$text-primary")), "  ", range_words(overall))


def _columns(left: Content, width: int, right: Content) -> Content:
    """The left one cut to that width, and the other beside it."""
    fitted = left.truncate(max(1, width - 1), ellipsis=True)
    return in_a_row(fitted.pad_right(max(1, width - fitted.cell_length)), right)


def subject_details(view: SubjectView, on: date) -> Content:
    """The tool and the job, the reasons for the verdict, the decision, what is due, and the files."""
    rows = _tool_rows(view, on) if view.survey is None else _survey_details(view, view.survey, on)
    problems = (shown(f"{'!' if each.warning else '✗'} {each}", "$text-error") for each in view.folder.problems)
    return below_each_other(on_one_line(view.name, "bold"), *rows, *problems)


def _survey_details(view: SubjectView, survey: Surveyed, on: date) -> Iterator[Content]:
    if view.fault is not None:
        yield shown(view.fault, "$text-warning")
    if survey.gathered is not None:
        from toolvet.tui.home.survey_rows import survey_result_rows  # as above

        due = [_due_words(each, on) for each in view.due]
        yield from survey_result_rows(survey.gathered, due)


def _tool_rows(view: SubjectView, on: date) -> Iterator[Content]:
    if view.files:
        yield from _about_rows(view)
    if view.doubts:
        yield from (Content(""), _doubt_words(view))
    if view.fault is not None:
        yield from (Content(""), shown(view.fault, "$text-warning"))
    if view.scorecard is not None and view.scorecard.reasons:
        yield from _reason_rows(view.scorecard)
    yield from (_heading_row("Decision"), decision_words(view))
    if view.standing is not None:
        yield from (shown(doubt, "$text-error") for doubt in view.standing.doubts)
    yield from (shown(note, "$text-warning") for note in view.notes)
    if view.due:
        yield from (_heading_row("Due"), *(_due_words(due, on) for due in view.due))
    yield _heading_row("Assessments")
    yield from (_file_row(file, is_latest=file in view.files) for file in view.folder.assessments)


def _about_rows(view: SubjectView) -> Iterator[Content]:
    subject = view.files[0].assessment.subject
    maker = " · ".join(part for part in (subject.vendor, subject.deployment) if part)
    if maker:
        yield on_one_line(maker, "$text-muted")
    if subject.job:
        yield from (Content(""), shown(subject.job))
    asked = f"Requested by {subject.requested_by}" if subject.requested_by else ""
    users = "" if subject.users is None else plural(subject.users, "user")
    request = " · ".join(part for part in (asked, users, subject.yearly_cost) if part)
    if request:
        yield on_one_line(request, "$text-muted")


def _reason_rows(scorecard: Scorecard) -> Iterator[Content]:
    yield _heading_row(f"Why {scorecard.verdict.words}")
    yield from (shown(f"· {reason_words(reason, scorecard)}") for reason in scorecard.reasons[:_REASONS_SHOWN])
    more = len(scorecard.reasons) - _REASONS_SHOWN
    if more > 0:
        yield Content.styled(f"  and {more} more", "$text-muted")


def _file_row(file: AssessmentFile, *, is_latest: bool) -> Content:
    started = f"{file.assessment.started}, " if file.assessment.started else ""
    words = f"{started}{file.assessment.reviewer.name or 'unnamed'}"
    return on_one_line(f"● {words}" if is_latest else f"○ {words} (older)")


def _heading_row(words: str) -> Content:
    return below_each_other("", Content.styled(words, "bold $text-primary"))
