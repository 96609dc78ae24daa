"""Whose answers `toolvet readiness` counts: by file, by organisation, or all of the workspace."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from toolvet.commands.given import Faults, day_given, workspace_given
from toolvet.commands.output import say
from toolvet.errors import ToolvetError
from toolvet.files.content import is_file
from toolvet.files.reading import read_assessment
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace
from toolvet.report.readiness import Survey
from toolvet.surveys import Answers, answers_in, answers_in_folder, gather_survey


def survey_given(options: argparse.Namespace, faults: Faults) -> Survey:
    """The organisation's survey as named, else the only one of the workspace.

    What cannot be used is said, counted among the faults and left out; UsageError where nothing is left or several
    organisations are. Answers of days after that of --on, or after today, are left out.
    """
    found = _named(options, faults) if options.names else _all(options, faults)
    wanted = (one for one in found if options.rubric in (None, one.rubric.id))
    gathered = gather_survey(wanted, day_given(options), options.since)
    for note in gathered.notes:
        say(note)
    for left_out in gathered.left_out:
        faults.add(ToolvetError(left_out))
    return gathered.survey


def _named(options: argparse.Namespace, faults: Faults) -> Iterator[Answers]:
    for name in options.names:
        path = Path(name)
        if is_file(path) or path.suffix == ".toml":
            try:
                yield answers_in(read_assessment(path), workspace_given(options, path.absolute().parent))
            except ToolvetError as error:
                faults.add(error)
        else:
            workspace = workspace_given(options)
            yield from _in_folder(workspace, workspace.subject(name), faults)


def _all(options: argparse.Namespace, faults: Faults) -> Iterator[Answers]:
    workspace = workspace_given(options)
    for folder in workspace.subjects():
        yield from _in_folder(workspace, folder, faults)


def _in_folder(workspace: Workspace, folder: SubjectFolder, faults: Faults) -> Iterator[Answers]:
    """The answers of that folder to surveys; what is wrong is told only where there are any, or nothing else is."""
    answers, errors = answers_in_folder(folder, workspace)
    yield from answers
    for error in errors:
        faults.add(error)
    for problem in folder.problems if answers or errors or not folder.assessments else ():
        faults.add_problem(problem)
