"""`toolvet list`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date, timedelta

from toolvet.cli.output import Faults, day_given, put, say, width, workspace_given
from toolvet.cli.select import Judged, Survey, judge
from toolvet.domain.decision import Decision
from toolvet.domain.due import DueItem, due_items
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.listing import (
    NOTHING_HERE,
    NOTHING_USABLE,
    Entry,
    ListEntry,
    SurveyEntry,
    list_due_text,
    list_json,
    list_text,
    survey_due,
)
from toolvet.services.assessments import is_survey
from toolvet.services.decisions import decided_in
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import json_text, plural

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


def list_entries(options: argparse.Namespace, workspace: Workspace, faults: Faults) -> tuple[Entry, ...]:
    """The latest assessments of each subject, and each survey, with what is due; what cannot be used is said."""
    for problem in workspace.rubric_problems:
        faults.add_problem(problem)
    return tuple(entry for folder in workspace.each_subject() for entry in _entries(options, workspace, folder, faults))


def _entries(
    options: argparse.Namespace, workspace: Workspace, folder: SubjectFolder, faults: Faults
) -> Iterator[Entry]:
    faults.add_subject(folder)
    if is_survey(folder, workspace):
        yield _survey(options, workspace, folder, faults)
        return
    met: set[DueItem] = set()
    decided = decided_in(workspace, folder, day_given(options))
    decision = None if decided.file is None else decided.file.decision
    if not folder.assessments and decided.standing is not None:
        yield ListEntry(folder.name, None, folder.name, None, None, decision, standing=decided.standing)
    for file in workspace.latest(folder):
        try:
            judged = judge(str(file.path), file, workspace, day_given(options))
        except Survey:
            continue
        except ToolvetError as error:
            faults.add(error)
            continue
        due = tuple(item for item in _due(judged, decision, options) if item not in met)
        met.update(due)
        yield ListEntry(
            standing=decided.standing,
            folder=folder.name,
            file=workspace.relative(file.path),
            subject=file.assessment.subject.label,
            reviewer=file.assessment.reviewer.name,
            scorecard=judged.scorecard,
            decision=decision,
            due=due,
            doubts=workspace.doubts(file, folder),
        )


def _survey(options: argparse.Namespace, workspace: Workspace, folder: SubjectFolder, faults: Faults) -> SurveyEntry:
    from toolvet.services.surveys import gather_folder  # a workspace without surveys does not wait for it

    name = folder.assessments[0].assessment.subject.label
    try:
        gathered = gather_folder(folder, workspace, day_given(options))
    except UsageError:
        return SurveyEntry(folder.name, name, None)
    for note in gathered.later:
        say(note)
    for left_out in gathered.left_out:
        faults.add(ToolvetError(left_out))
    return SurveyEntry(folder.name, name, gathered.survey, survey_due(gathered.survey, _until(options)))


def _due(judged: Judged, decision: Decision | None, options: argparse.Namespace) -> tuple[DueItem, ...]:
    return due_items(judged.scorecard, judged.file.assessment, decision, until=_until(options))


def _until(options: argparse.Namespace) -> date:
    """The last day that the list looks ahead to."""
    on = day_given(options)
    days = SOON_DAYS if options.due is None else options.due
    return on + timedelta(days=min(days, (on.max - on).days))
