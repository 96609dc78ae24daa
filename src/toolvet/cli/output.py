"""Printing: data on stdout, messages on stderr, foreign text made visible in both."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

from toolvet.errors import NotSaved, Problem, ToolvetError, UnusableFile, UsageError
from toolvet.storage.atomic import save, tell_as_not_saved
from toolvet.storage.overwriting import check_free, remember_written
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import is_folder
from toolvet.storage.workspace import Workspace, find_workspace
from toolvet.text.escape import visible

WIDEST = 100


def put(text: str) -> None:
    """Print data, with foreign control codes made visible."""
    _write(visible(text, keep_line_breaks=True))


def put_cells(text: str) -> None:
    """Print a table for programs, whose cells are safe already and whose tabs are part of it."""
    _write(text)


def _write(text: str) -> None:
    try:
        sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise lost(error) from error


def lost(error: OSError) -> NotSaved:
    """What to raise where stdout takes no more."""
    return NotSaved(f"the output could not be written: {error.strerror}")


def say(message: str) -> None:
    """Print a message; where nobody can be told, the status still tells."""
    with suppress(OSError):
        print(visible(message, keep_line_breaks=True), file=sys.stderr)


def width() -> int:
    """Columns to print text in: COLUMNS, else the terminal's, else 80; lines over 100 are hard to read."""
    return min(shutil.get_terminal_size().columns, WIDEST)


def put_into(text: str, output: str | None, *, force: bool = False) -> None:
    """Write a file and say so; without a name, or with "-", print it. What may be overwritten is as in save_into."""
    if output in (None, "-"):
        put(text)
    else:
        save_into(f"{text.rstrip()}\n".encode(), str(output), force=force)


@tell_as_not_saved
def save_into(content: bytes, output: str, *, force: bool = False) -> None:
    """Write a file and say so; over what was there only where that is toolvet's own, or, with `force`, another's."""
    path = Path(output)
    check_free(path, force=force)
    is_there = path.is_file() and not path.is_symlink()
    save(path, content, path.read_bytes() if is_there else None)
    remember_written(path, content)
    say(f"Written: {path}")


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
