"""`toolvet demo`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from toolvet.commands.compare import comparison_words
from toolvet.commands.given import Faults, day_given, workspace_given
from toolvet.commands.judging import judge_files
from toolvet.commands.listing import list_entries
from toolvet.commands.output import put, say, width
from toolvet.commands.scoring import scorecard_words
from toolvet.files.shipped import shipped
from toolvet.files.workspace import Workspace
from toolvet.gathering import gather
from toolvet.report.listing import list_text
from toolvet.report.render import ReportFormat, report


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
        from toolvet.commands.screens import run_screens

        return run_screens(options, workspace)
    return _as_text(options, workspace)


def _as_text(options: argparse.Namespace, workspace: Workspace) -> int:
    faults = Faults()
    names = [str(file.path) for folder in workspace.subjects() for file in workspace.latest(folder)]
    judged = list(judge_files(names, options, faults))
    parts = [scorecard_words(one) for one in judged]
    if judged:
        parts.append(comparison_words(judged))
    entries = list_entries(options, workspace, Faults())
    parts.append(list_text(entries, day_given(options), width=width()))
    written = _write_report(options, workspace)
    if written is not None:
        parts.append(f"Report written, to be opened in a browser: {written}")
    parts.append(f"To open the app, in a terminal: toolvet --workspace {workspace.root}")
    put("\n\n\n".join(parts))
    return faults.status


def _write_report(options: argparse.Namespace, workspace: Workspace) -> Path | None:
    """The report on the subject that is decided, else on the first; None where there is no subject."""
    folders = sorted(workspace.subjects(), key=lambda folder: not folder.decisions)
    names = [str(file.path) for folder in folders for file in workspace.latest(folder)]
    judged = next(judge_files(names, options, Faults()), None)
    if judged is None:
        return None
    document = gather(workspace, judged.scorecard.rubric, judged.file, judged.scorecard.on)
    return workspace.save_report(f"{judged.file.path.parent.name}.html", report(document, ReportFormat.HTML))
