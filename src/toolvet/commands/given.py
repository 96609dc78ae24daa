"""What the options of a command name, and what is done about problems while the rest goes on."""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path

from toolvet.commands.output import say
from toolvet.errors import Problem, ToolvetError, UnusableFile, UsageError
from toolvet.files.content import is_folder
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace, find_workspace


def workspace_given(options: argparse.Namespace, near: Path | None = None) -> Workspace:
    """The workspace named by --workspace or TOOLVET_WORKSPACE, else the one around `near` or the current folder."""
    named = options.workspace or os.environ.get("TOOLVET_WORKSPACE")
    if named and not is_folder(Path(named)):
        raise UsageError(f"there is no folder {named}; make it first, or leave out --workspace and TOOLVET_WORKSPACE")
    return find_workspace(near or Path.cwd(), Path(named) if named else None)


def day_given(options: argparse.Namespace) -> date:
    """The day of --on, else today."""
    given: date | None = options.on
    return given or date.today()


class Faults:
    """Collects what could not be done while the rest goes on: says each problem, and keeps the exit status."""

    def __init__(self) -> None:
        self.status = 0
        self._said: set[str] = set()

    def add(self, error: ToolvetError) -> None:
        """Say the problem, once; the status becomes that of the worst."""
        self._say(str(error))
        self.status = max(self.status, error.status)

    def add_problem(self, problem: Problem) -> None:
        """Say a problem of a file; a warning leaves the status as it is."""
        if problem.warning:
            self._say(str(problem))
        else:
            self.add(UnusableFile((problem,)))

    def add_subject(self, folder: SubjectFolder | None) -> None:
        """Say what is wrong with a subject's files: whatever rests on it is not to be relied on."""
        for problem in () if folder is None else folder.problems:
            self.add_problem(problem)

    def _say(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            say(message)
