"""`toolvet assess`."""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from datetime import date

from toolvet.cli.output import say, workspace_given
from toolvet.errors import NoSuchSubject, UnusableFile
from toolvet.services.assessments import is_answer_file, is_survey
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.user_state import last_place, reviewer_name
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import run_app
from toolvet.tui.start import Start


def assess(options: argparse.Namespace) -> int:
    """Resume the assessment of that name, or start one, on screen or line by line; or answers to a survey."""
    workspace = workspace_given(options)
    organisation = _organisation(workspace, options.name)
    if options.survey or organisation is not None:
        return _answer_survey(options, workspace, organisation)
    file = None if options.name is None else _to_resume(workspace, options.name)
    if options.plain:
        from toolvet.prompt.assess import assess_plainly  # the screens below and this exclude each other

        return assess_plainly(workspace, file, name=options.name or "", on=date.today())
    # Textual takes 0.3 s to import, which somebody who works line by line need not wait for.
    from toolvet.tui.start import Opening, Start

    opening = Opening.NEW if file is None else Opening.ASSESS
    return run_screens(options, workspace, Start(opening, file, options.name or ""))


def _organisation(workspace: Workspace, name: str | None) -> SubjectFolder | None:
    """The folder of that name, where a survey is answered in it."""
    if name is None:
        return None
    with suppress(NoSuchSubject):
        folder = workspace.subject(name)
        return folder if is_survey(folder, workspace) else None
    return None


def _answer_survey(options: argparse.Namespace, workspace: Workspace, organisation: SubjectFolder | None) -> int:
    """Go on with answers that this person had open before, or begin another's; on screen it is asked which."""
    name = options.name or ""
    if not options.plain:
        from toolvet.tui.start import Opening, Start

        named = name if organisation is None else organisation.name
        return run_screens(options, workspace, Start(Opening.SURVEY, name=named))
    from toolvet.prompt.survey import answer_plainly  # as below
    from toolvet.services.surveys import organisation_called

    if organisation is None:
        return answer_plainly(workspace, None, organisation_called(workspace, name) if name else None, on=date.today())
    files = [file for file in organisation.assessments if is_answer_file(file, workspace)]
    own = [] if options.survey else [file for file in files if last_place(file.path) is not None]
    return answer_plainly(workspace, next(iter(own), None), files[0].assessment.subject, on=date.today())


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


def open_workspace(options: argparse.Namespace) -> int:
    """Open the workspace on screen, whether or not there is anything in it yet."""
    return run_screens(options, workspace_given(options))


def run_screens(options: argparse.Namespace, workspace: Workspace, start: Start | None = None) -> int:
    """Run the app, in colour or not as --color says, and give its exit status."""
    if options.color == "never":
        os.environ["NO_COLOR"] = "1"
    elif options.color == "always":
        os.environ.pop("NO_COLOR", None)
    return run_app(workspace, getattr(options, "on", None), start)
