"""`toolvet new-rubric`."""

from __future__ import annotations

import argparse
from pathlib import Path

from toolvet.commands.given import workspace_given
from toolvet.commands.output import say
from toolvet.errors import UsageError
from toolvet.files.new_rubric import begin_rubric, check_rubric_id, write_rubric


def new_rubric(options: argparse.Namespace) -> int:
    """Write a small rubric to begin with, and say what to do next."""
    output = None if options.output is None else Path(options.output)
    workspace = workspace_given(options, None if output is None else output.absolute().parent)
    check_rubric_id(options.id)
    if any(file.rubric.id == options.id for file in workspace.rubrics()):
        raise UsageError(f"there is a rubric {options.id} already; choose another id, or change that one")
    path = begin_rubric(workspace, options.id) if output is None else write_rubric(output, options.id, workspace)
    say(f"Written: {path}")
    say(f"It works as it stands: change it, and run toolvet check {path} until nothing is wrong.")
    say("In toolvet, b walks through it as a reviewer would see it. docs/rubrics.md goes through all of it.")
    return 0
