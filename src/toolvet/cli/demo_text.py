"""What `toolvet demo` prints without a terminal. A separate file, so that the screens need not load it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from toolvet.cli.compare import comparison_words
from toolvet.cli.list import list_entries
from toolvet.cli.output import Faults, put, width
from toolvet.cli.score import scorecard_words
from toolvet.cli.select import judge_files
from toolvet.errors import ToolvetError
from toolvet.report.formats import ApprovalReport, ReportFormat
from toolvet.report.listing import list_text
from toolvet.report.survey.tables import ReadinessChoices, readiness_text
from toolvet.services.assessments import Session, is_survey
from toolvet.services.reports import gather
from toolvet.services.survey_rounds import gather_folder
from toolvet.storage.subjects import SubjectFolder


def print_demo(options: argparse.Namespace, session: Session) -> int:
    """Print the examples scored, compared and listed, write one report, and say where."""
    workspace, faults = session.workspace, Faults()
    judged = list(judge_files(_tools(workspace.subjects(), session), options, faults))
    parts = [scorecard_words(one, has_charts=not options.no_charts) for one in judged]
    if judged:
        parts.append(comparison_words(judged))
    parts += _surveys(session, has_charts=not options.no_charts)
    parts.append(list_text(list_entries(session, None, Faults()), session.on, width=width()))
    try:
        if written := _write_report(options, session):
            parts.append(f"Report written; open it in a browser: {written}")
    except ToolvetError as error:  # the rest is shown all the same
        faults.add(error)
    parts.append(f"To open the app, run in a terminal: toolvet --workspace {workspace.root}")
    put("\n\n\n".join(parts))
    return faults.status


def _tools(folders: Iterable[SubjectFolder], session: Session) -> Iterator[str]:
    for folder in folders:
        if not is_survey(folder, session.workspace):
            yield from (str(file.path) for file in session.workspace.latest(folder, session.on))


def _surveys(session: Session, *, has_charts: bool) -> Iterator[str]:
    choices = ReadinessChoices(table_width=width(), width=width(), has_charts=has_charts)
    for folder in session.workspace.subjects():
        if is_survey(folder, session.workspace):
            survey = gather_folder(folder, session.workspace, session.on).survey
            if survey is not None:
                yield readiness_text(survey, choices)


def _write_report(options: argparse.Namespace, session: Session) -> Path | None:
    """Write the report on the first decided subject, else on the first of all."""
    decided_first = sorted(session.workspace.subjects(), key=lambda folder: not folder.decisions)
    judged = next(judge_files(_tools(decided_first, session), options, Faults()), None)
    if judged is None:
        return None
    page = ApprovalReport(gather(session, judged.opened)).text(ReportFormat.HTML)
    return session.workspace.save_report(f"{judged.file.path.parent.name}.html", page)
