"""`toolvet assess`."""

from __future__ import annotations

import argparse
from datetime import date

from toolvet.commands.given import workspace_given
from toolvet.commands.output import say
from toolvet.errors import NoSuchSubject, UnusableFile
from toolvet.files.reading import AssessmentFile
from toolvet.files.reviewer import reviewer_name
from toolvet.files.workspace import Workspace


def assess(options: argparse.Namespace) -> int:
    """Resume the assessment of that name, or start one, on screen or line by line."""
    workspace = workspace_given(options)
    file = None if options.name is None else _to_resume(workspace, options.name)
    if options.plain:
        from toolvet.plain import assess_plainly  # the screens below and this exclude each other

        return assess_plainly(workspace, file, name=options.name or "", on=date.today())
    # Textual takes 0.3 s to import, which somebody who works line by line need not wait for.
    from toolvet.commands.screens import run_screens
    from toolvet.tui.start import Opening, Start

    opening = Opening.NEW if file is None else Opening.ASSESS
    return run_screens(options, workspace, Start(opening, file, options.name or ""))


def _to_resume(workspace: Workspace, name: str) -> AssessmentFile | None:
    """The reviewer's own newest assessment of the subject, else anybody's; None where a new one is to be started.

    What cannot be read is said; UnusableFile where nothing can be read.
    """
    try:
        folder = workspace.subject(name)
    except NoSuchSubject as error:
        if workspace.exists:
            say(f"{error}. Starting a new one.")
        return None
    if folder.problems and not folder.assessments:
        raise UnusableFile(folder.problems)
    for problem in folder.problems:
        say(str(problem))
    reviewer = reviewer_name()
    own = [file for file in folder.assessments if file.assessment.reviewer.name == reviewer]
    return next(iter(own or folder.assessments), None)
