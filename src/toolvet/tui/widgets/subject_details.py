"""More about one subject, beside the list on wide screens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from textual.content import Content

from toolvet.tui.subjects import SubjectView, Surveyed
from toolvet.tui.widgets.plain_text import below_each_other, on_one_line, shown
from toolvet.tui.widgets.subject_row import decision_words, doubt_words, due_words

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
        parts += [_heading(f"Why {view.scorecard.verdict.words}"), *_reasons(view)]
    parts += [_heading("Decision"), decision_words(view)]
    parts += [shown(doubt, "$text-error") for doubt in (view.standing.doubts if view.standing is not None else ())]
    if view.due:
        parts += [_heading("Due"), *(due_words(due, on) for due in view.due)]
    parts += [_heading("Assessments"), *(_file(view, index) for index in range(len(view.folder.assessments)))]
    return below_each_other(*parts, *_problems(view))


def _survey(view: SubjectView, survey: Surveyed, on: date) -> Iterator[Content]:
    yield on_one_line(view.name, "bold")
    if view.fault is not None:
        yield shown(view.fault, "$text-warning")
    if survey.gathered is not None:
        from toolvet.tui.widgets.home_survey import result_paragraphs  # loaded with what counted it

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
    reasons = [shown(f"· {reason.text}") for reason in view.scorecard.reasons[:REASONS_SHOWN]]
    more = len(view.scorecard.reasons) - REASONS_SHOWN
    return reasons + ([Content.styled(f"  and {more} more", "$text-muted")] if more > 0 else [])


def _file(view: SubjectView, index: int) -> Content:
    file = view.folder.assessments[index]
    reviewer = file.assessment.reviewer.name or "somebody"
    started = f"{file.assessment.started.isoformat()}, " if file.assessment.started else ""
    mark = "●" if file in view.files else "○"
    return on_one_line(f"{mark} {started}{reviewer}" + ("" if file in view.files else " (older)"))


def _heading(words: str) -> Content:
    return below_each_other("", Content.styled(words, "bold $text-primary"))
