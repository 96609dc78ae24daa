"""The list of Home, and what stands where it is empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from toolvet.domain.decision_rules import last_day_of
from toolvet.domain.gaps import Readiness
from toolvet.domain.progress import progress
from toolvet.domain.scorecard import Scorecard
from toolvet.errors import Problem
from toolvet.report.approval.front_page import brief_standing
from toolvet.report.survey.result import widest_gap
from toolvet.report.survey.sentences import (
    answer_words,
    answered_words,
    balance_count_words,
    marked_reading,
    pair_words,
    people_words,
    reading_sentences,
    who_words,
)
from toolvet.services.overview import Due, SubjectView, Surveyed, Urgency, days_words
from toolvet.services.surveys import Gathered
from toolvet.storage.workspace import Workspace
from toolvet.text.charts import range_bar
from toolvet.text.escape import plural
from toolvet.text.labels import MARKED, READING_STYLES, VERDICT_STYLES, progress_words, verdict_mark
from toolvet.text.reasons import reason_words
from toolvet.tui.kit.content import below_each_other, in_a_row, on_one_line, shown
from toolvet.tui.kit.score_panel import range_words, verdict_words


class SubjectList(OptionList):
    """The list, in which enter opens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", tooltip="Answer its questions, where you left off."),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Without lines there is nothing to open."""
        return None if action == "select" and self.option_count == 0 else True

    def show(self, rows: Sequence[Content], problems: Sequence[Problem], root: Path) -> None:
        """Show these rows and below them the files to be looked at, with the highlight on the line where it was."""
        at = self.highlighted or 0
        options = [Option(row) for row in rows]
        if problems:
            options.append(Option(_heading(problems), disabled=True))
            options += [Option(_problem(problem, root)) for problem in problems]
        self.set_options(options)
        if options:
            self.highlighted = min(at, len(options) - 1)


def _problem(problem: Problem, root: Path) -> Content:
    sign, style = ("!", "$text-warning") if problem.warning else ("✗", "$text-error")
    return on_one_line(f"{sign} {str(problem).replace(f'{root}/', '', 1)}", style)


def _heading(problems: Sequence[Problem]) -> Content:
    what = "to be looked at" if all(problem.warning for problem in problems) else "that cannot be used"
    return below_each_other("", Content.styled(f"{plural(len(problems), 'file')} {what} (enter says more)", "bold"))


def welcome(workspace: Workspace) -> Content:
    key = Content.styled("n", "bold $footer-key-foreground")
    survey = Content.styled("f3", "bold $footer-key-foreground")
    demo = Content.styled("toolvet demo", "bold")
    return below_each_other(
        Content.styled("No tool is being vetted here yet.", "bold"),
        "",
        in_a_row("Press ", key, " to begin: say what the tool is and what people want to do with it."),
        "Then answer question by question; nothing has to be known at once.",
        in_a_row("To answer a survey about an organisation instead, press ", key, " and then ", survey, "."),
        "",
        in_a_row("The first save makes a folder ", Content.styled("assessments", "bold"), " here:"),
        on_one_line(f"  {workspace.root}", "$text-muted"),
        "",
        in_a_row("To look around first, quit with q and run ", demo, "."),
        "It opens a copy of worked examples that you can change as you like.",
    )


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


def result_lines(view: SubjectView, readiness: Readiness, on: date) -> tuple[Content, Content]:
    """How many answered and the areas in balance; the widest gap, and what is due."""
    answered = Content.styled(answered_words(readiness), "$text-muted")
    return in_a_row(answered, "   ", balance_count_words(readiness)), _third(view, readiness, on)


def result_paragraphs(view: SubjectView, gathered: Gathered, on: date) -> Iterator[Content]:
    """The result in sentences, who answered, when to ask again, and what was left out."""
    result = gathered.survey
    yield on_one_line(result.now.rubric.title, "$text-muted")
    yield Content("")
    yield shown(answer_words(result.now.readiness))
    for sentence in reading_sentences(result.now.readiness):
        yield shown(sentence)
    yield Content("")
    yield shown(f"{people_words(result.now)}. {who_words(result.now)}", "$text-muted")
    if result.before is not None:
        yield shown(f"The round before: {people_words(result.before)}.", "$text-muted")
    yield Content("")
    for due in view.due:
        yield due_words(due, on)
    for words in (*gathered.notes, *gathered.left_out):
        yield shown(f"! {words}", "$text-warning")


def _third(view: SubjectView, readiness: Readiness, on: date) -> Content:
    if view.doubts:
        return in_a_row(doubt_words(view), "   ", _widest(readiness))
    urgent = [due for due in view.due if due.urgency is not Urgency.LATER]
    return in_a_row(*_all_due(urgent[:1], on), _widest(readiness))


def _all_due(urgent: list[Due], on: date) -> Iterator[Content]:
    for due in urgent:
        yield brief_due(due, on)
        yield Content("   ")


def _widest(readiness: Readiness) -> Content:
    widest = widest_gap(readiness)
    if widest is None or widest.whole.gap is None:
        return Content.styled("no gap can be shown", "$text-muted")
    gap = widest.whole.gap
    reading = Content.styled(marked_reading(gap.reading), READING_STYLES[gap.reading])
    figures = pair_words(widest, widest.whole)
    return in_a_row("widest gap: ", on_one_line(widest.question.title), f" {figures} ", reading)


REASONS_SHOWN = 5


def subject_details(view: SubjectView, on: date) -> Content:
    """The tool and the job, the reasons for the verdict, the decision, what is due, and the files."""
    if view.survey is not None:
        return below_each_other(*_survey(view, view.survey, on), *_problems(view))
    parts: list[Content] = [on_one_line(view.name, "bold")]
    if view.files:
        parts += _about(view)
    if view.doubts:
        parts += [Content(""), doubt_words(view)]
    if view.fault is not None:
        parts += [Content(""), shown(view.fault, "$text-warning")]
    if view.scorecard is not None and view.scorecard.reasons:
        parts += [_details_heading(f"Why {view.scorecard.verdict.words}"), *_reasons(view)]
    parts += [_details_heading("Decision"), decision_words(view)]
    parts += [shown(doubt, "$text-error") for doubt in (view.standing.doubts if view.standing is not None else ())]
    if view.due:
        parts += [_details_heading("Due"), *(due_words(due, on) for due in view.due)]
    parts += [_details_heading("Assessments"), *(_file(view, index) for index in range(len(view.folder.assessments)))]
    return below_each_other(*parts, *_problems(view))


def _survey(view: SubjectView, survey: Surveyed, on: date) -> Iterator[Content]:
    yield on_one_line(view.name, "bold")
    if view.fault is not None:
        yield shown(view.fault, "$text-warning")
    if survey.gathered is not None:
        yield from result_paragraphs(view, survey.gathered, on)


def _problems(view: SubjectView) -> list[Content]:
    return [shown(f"{'!' if problem.warning else '✗'} {problem}", "$text-error") for problem in view.folder.problems]


def _about(view: SubjectView) -> list[Content]:
    subject = view.files[0].assessment.subject
    maker = " · ".join(part for part in (subject.vendor, subject.deployment) if part)
    asked = f"Asked by {subject.requested_by}" if subject.requested_by else ""
    users = f"{subject.users} people" if subject.users is not None else ""
    request = " · ".join(part for part in (asked, users, subject.yearly_cost) if part)
    return [
        *([on_one_line(maker, "$text-muted")] if maker else []),
        *([Content(""), shown(subject.job)] if subject.job else []),
        *([on_one_line(request, "$text-muted")] if request else []),
    ]


def _reasons(view: SubjectView) -> list[Content]:
    assert view.scorecard is not None
    reasons = [shown(f"· {reason_words(reason, view.scorecard)}") for reason in view.scorecard.reasons[:REASONS_SHOWN]]
    more = len(view.scorecard.reasons) - REASONS_SHOWN
    return reasons + ([Content.styled(f"  and {more} more", "$text-muted")] if more > 0 else [])


def _file(view: SubjectView, index: int) -> Content:
    file = view.folder.assessments[index]
    reviewer = file.assessment.reviewer.name or "somebody"
    started = f"{file.assessment.started.isoformat()}, " if file.assessment.started else ""
    mark = "●" if file in view.files else "○"
    return on_one_line(f"{mark} {started}{reviewer}" + ("" if file in view.files else " (older)"))


def _details_heading(words: str) -> Content:
    return below_each_other("", Content.styled(words, "bold $text-primary"))
