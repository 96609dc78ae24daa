"""`toolvet list`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import timedelta

from toolvet.commands.given import Faults, day_given, workspace_given
from toolvet.commands.judging import Judged, Survey, judge
from toolvet.commands.output import put, say, width
from toolvet.domain.due import DueItem, due_items
from toolvet.errors import ToolvetError
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace
from toolvet.gathering import standing_in
from toolvet.report.listing import NOTHING_HERE, NOTHING_USABLE, ListEntry, list_due_text, list_json, list_text
from toolvet.report.text import json_text, plural

SOON_DAYS = 30
"""How far the plain list looks ahead."""


def list_subjects(options: argparse.Namespace) -> int:
    """Print what is in the workspace, or only what is due; status 3 where a file in it cannot be used."""
    faults = Faults()
    on = day_given(options)
    entries = list_entries(options, workspace_given(options), faults)
    if options.json:
        put(json_text(list_json([entry for entry in entries if entry.due or options.due is None], on)))
    elif not entries:
        say(NOTHING_USABLE if faults.status else NOTHING_HERE)
    elif options.due is None:
        put(list_text(entries, on, width=width()))
    elif due := list_due_text(entries, on, width=width()):
        put(due)
    else:
        say(f"Nothing is due in the next {plural(options.due, 'day')}.")
    return faults.status


def list_entries(options: argparse.Namespace, workspace: Workspace, faults: Faults) -> tuple[ListEntry, ...]:
    """The latest assessments of each subject with what is due; what cannot be used is said."""
    for problem in workspace.rubric_problems:
        faults.add_problem(problem)
    return tuple(entry for folder in workspace.each_subject() for entry in _entries(options, workspace, folder, faults))


def _entries(
    options: argparse.Namespace, workspace: Workspace, folder: SubjectFolder, faults: Faults
) -> Iterator[ListEntry]:
    for problem in folder.problems:
        faults.add_problem(problem)
    met: set[DueItem] = set()
    standing = standing_in(workspace, folder, day_given(options))
    for file in workspace.latest(folder):
        try:
            judged = judge(str(file.path), file, workspace, day_given(options))
        except Survey:
            continue
        except ToolvetError as error:
            faults.add(error)
            continue
        due = tuple(item for item in _due(judged, folder, options) if item not in met)
        met.update(due)
        yield ListEntry(
            standing=standing,
            folder=folder.name,
            file=workspace.relative(file.path),
            subject=file.assessment.subject.label,
            reviewer=file.assessment.reviewer.name,
            scorecard=judged.scorecard,
            decision=folder.decisions[0].decision if folder.decisions else None,
            due=due,
            doubts=workspace.doubts(file, folder),
        )


def _due(judged: Judged, folder: SubjectFolder, options: argparse.Namespace) -> tuple[DueItem, ...]:
    days = SOON_DAYS if options.due is None else options.due
    decision = folder.decisions[0].decision if folder.decisions else None
    on = judged.scorecard.on
    until = on + timedelta(days=min(days, (on.max - on).days))
    return due_items(judged.scorecard, judged.file.assessment, decision, until=until)
