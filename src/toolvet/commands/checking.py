"""`toolvet check`."""

from __future__ import annotations

import argparse
from pathlib import Path

from toolvet.commands.given import Faults, workspace_given
from toolvet.commands.output import put, say
from toolvet.errors import Problem, ToolvetError
from toolvet.files.checking import check_paths
from toolvet.report.text import json_text


def check(options: argparse.Namespace) -> int:
    """Print every problem. Status 3 where a path is not there, else 1 where there is a problem beyond a warning."""
    faults = Faults()
    problems: list[Problem] = []
    for path in map(Path, options.paths):
        if path.exists() or path.is_symlink():
            around = path.absolute() if path.is_dir() else path.absolute().parent
            problems += check_paths([path], workspace_given(options, around))
        else:
            faults.add(ToolvetError(f"{path}: is not there; check the name"))
    if options.json:
        put(json_text([_as_json(problem) for problem in problems]))
    elif problems:
        put("\n".join(map(str, problems)))
    elif not faults.status:
        say("No problems found.")
    return faults.status or int(any(not problem.warning for problem in problems))


def _as_json(problem: Problem) -> dict[str, object]:
    return {
        "file": str(problem.path),
        "line": problem.line,
        "message": problem.message,
        "warning": problem.warning,
    }
