"""`toolvet check`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from toolvet.cli.output import Faults, put, put_cells, put_json, say, session_given
from toolvet.errors import Problem, ToolvetError, UsageError
from toolvet.services.file_check import FolderNamed, check_file, files_in
from toolvet.storage.subjects import odd_folders
from toolvet.storage.toml_input import is_there
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import listed, plural, visible


def check(options: argparse.Namespace) -> int:
    """Print every problem. Status 3 if a path does not exist, else 1 if there is a problem beyond a warning.

    UsageError if there was nothing to check.
    """
    faults = Faults()
    problems: list[Problem] = []
    checked = 0
    seen: set[Path] = set()
    for path in map(Path, options.paths):
        if is_there(path):
            files = [file for file in files_in(path) if file.absolute() not in seen]
            seen.update(file.absolute() for file in files)
            checked += len(files)
            problems += _problems_in(files, options)
        else:
            faults.add(ToolvetError(f"{path}: does not exist; check the name"))
    if not checked and not faults.status:
        where = listed(options.paths)
        raise UsageError(f"nothing was checked: there is no .toml file in {where}; name a file or another folder")
    if options.json or options.format == "json":
        put_json([_as_json(problem) for problem in problems])
    elif problems and options.format == "github":
        put_cells("\n".join(map(_annotation, problems)))
    elif problems:
        put("\n".join(map(_line, problems)))
    if problems or not faults.status:
        say(_counted(problems))
    return faults.status or int(any(not problem.warning for problem in problems))


def _problems_in(files: Iterable[Path], options: argparse.Namespace) -> Iterator[Problem]:
    """The problems of each file, judged by the rubrics of the workspace around it."""
    workspaces: dict[Path, tuple[Workspace, FolderNamed]] = {}
    odd: dict[Path, str] = {}
    for file in files:
        session = session_given(options, file.absolute().parent)
        found = session.workspace
        if found.root not in workspaces:
            workspaces[found.root] = found, cache(found.folder_named)
            odd |= {path.absolute(): words for path, words in odd_folders(found.root).items()}
        workspace, folder_named = workspaces[found.root]
        for folder in (file.parent, file.parent.parent):
            if words := odd.pop(folder.absolute(), ""):
                yield Problem(folder, None, words)
        yield from check_file(file, workspace, folder_named, session.on)


def _counted(problems: Sequence[Problem]) -> str:
    warnings = sum(problem.warning for problem in problems)
    errors = len(problems) - warnings
    found = [plural(errors, "error")] * bool(errors) + [plural(warnings, "warning")] * bool(warnings)
    return f"{listed(found)}." if found else "No problems found."


def _line(problem: Problem) -> str:
    if not problem.warning:
        return str(problem)
    return str(Problem(problem.path, problem.line, f"warning: {problem.message}"))


def _annotation(problem: Problem) -> str:
    """A workflow command that GitHub shows beside the line; the path is seen from where the workflow runs."""
    path = problem.path.absolute()
    here = Path.cwd()
    file = path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()
    line = "" if problem.line is None else f",line={problem.line}"
    kind = "warning" if problem.warning else "error"
    return f"::{kind} file={_escaped(file, in_property=True)}{line}::{_escaped(problem.message)}"


def _escaped(text: str, *, in_property: bool = False) -> str:
    """Percent-encode what would end a command, a property or a line."""
    escaped = visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escaped.replace(":", "%3A").replace(",", "%2C") if in_property else escaped


def _as_json(problem: Problem) -> dict[str, object]:
    return {
        "file": str(problem.path),
        "line": problem.line,
        "message": problem.message,
        "warning": problem.warning,
    }
