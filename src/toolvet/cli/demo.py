"""`toolvet demo`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from toolvet.cli.compare import comparison_words
from toolvet.cli.list import list_entries
from toolvet.cli.output import Faults, day_given, put, say, width, workspace_given
from toolvet.cli.score import scorecard_words
from toolvet.cli.select import judge_files
from toolvet.report.formats import ReportFormat, report
from toolvet.report.listing import list_text
from toolvet.report.survey.tables import ReadinessChoices, readiness_text
from toolvet.services.assessments import is_survey
from toolvet.services.reports import gather
from toolvet.services.surveys import gather_folder
from toolvet.storage.rubric_library import shipped
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.workspace import Workspace


def demo(options: argparse.Namespace) -> int:
    """Open a copy of the worked examples; without a terminal do the main job as text."""
    folder = Path(tempfile.mkdtemp(prefix="toolvet-demo-"))
    # copyfile leaves out the modes: what an installed package holds may be read-only.
    shutil.copytree(shipped("examples"), folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    options.workspace = str(folder)
    workspace = workspace_given(options)
    say(f"A copy of the worked examples, yours to change: {folder}")
    if all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        # Textual takes 0.3 s to import; only the screen needs it.
        from toolvet.cli.assess import run_screens

        return run_screens(options, workspace)
    return _as_text(options, workspace)


def _as_text(options: argparse.Namespace, workspace: Workspace) -> int:
    faults = Faults()
    judged = list(judge_files(_tools(workspace.subjects(), workspace), options, faults))
    parts = [scorecard_words(one) for one in judged]
    if judged:
        parts.append(comparison_words(judged))
    parts += _surveys(options, workspace)
    entries = list_entries(options, workspace, Faults())
    parts.append(list_text(entries, day_given(options), width=width()))
    written = _write_report(options, workspace)
    if written is not None:
        parts.append(f"Report written, to be opened in a browser: {written}")
    parts.append(f"To open the app, in a terminal: toolvet --workspace {workspace.root}")
    put("\n\n\n".join(parts))
    return faults.status


def _tools(folders: Iterable[SubjectFolder], workspace: Workspace) -> Iterator[str]:
    for folder in folders:
        if not is_survey(folder, workspace):
            yield from (str(file.path) for file in workspace.latest(folder))


def _surveys(options: argparse.Namespace, workspace: Workspace) -> Iterator[str]:
    choices = ReadinessChoices(table_width=width(), width=width())
    for folder in workspace.subjects():
        if is_survey(folder, workspace):
            yield readiness_text(gather_folder(folder, workspace, day_given(options)).survey, choices)


def _write_report(options: argparse.Namespace, workspace: Workspace) -> Path | None:
    """The report on the subject that is decided, else on the first; None where there is no subject."""
    decided_first = sorted(workspace.subjects(), key=lambda folder: not folder.decisions)
    judged = next(judge_files(_tools(decided_first, workspace), options, Faults()), None)
    if judged is None:
        return None
    document = gather(workspace, judged.scorecard.rubric, judged.file, judged.scorecard.on)
    return workspace.save_report(f"{judged.file.path.parent.name}.html", report(document, ReportFormat.HTML))
