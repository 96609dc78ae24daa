"""`toolvet check`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from toolvet.commands.given import Faults, workspace_given
from toolvet.commands.output import put, say
from toolvet.errors import Problem, ToolvetError
from toolvet.files.checking import check_paths, files_in
from toolvet.files.workspace import Workspace
from toolvet.report.text import json_text


def check(options: argparse.Namespace) -> int:
    """Print every problem. Status 3 where a path is not there, else 1 where there is a problem beyond a warning."""
    faults = Faults()
    problems: list[Problem] = []
    for path in map(Path, options.paths):
        if path.exists() or path.is_symlink():
            problems += _problems_in(path, options)
        else:
            faults.add(ToolvetError(f"{path}: is not there; check the name"))
    if options.json:
        put(json_text([_as_json(problem) for problem in problems]))
    elif problems:
        put("\n".join(map(str, problems)))
    elif not faults.status:
        say("No problems found.")
    return faults.status or int(any(not problem.warning for problem in problems))


def _problems_in(path: Path, options: argparse.Namespace) -> Iterator[Problem]:
    """The problems of each file, held against the rubrics of the workspace that it lies in."""
    workspaces: dict[Path, Workspace] = {}
    for file in files_in(path):
        found = workspace_given(options, file.absolute().parent)
        yield from check_paths([file], workspaces.setdefault(found.root, found))


def _as_json(problem: Problem) -> dict[str, object]:
    return {
        "file": str(problem.path),
        "line": problem.line,
        "message": problem.message,
        "warning": problem.warning,
    }
