"""`toolvet completion`: a script that completes commands, options, subjects and rubrics in a shell."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import Any

import shtab

from toolvet.cli.output import put_exactly, session_given
from toolvet.cli.program import TOPICS
from toolvet.errors import ToolvetError, UsageError

SUBJECTS = ("NAME", "SUBJECT", "SUBJECT|FILE", "NAME|FILE")
"""What the help calls an argument that may be a subject."""
FILES = ("FILE", "PATH")
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""bash expands the words it completes: a folder called $(…) would be run."""


def complete(options: argparse.Namespace) -> int:
    """Print the script for a shell; with --names, what the script completes, one name a line."""
    if options.names is not None:
        for name in sorted(_names(options)):
            put_exactly(name)
    elif options.shell is None:
        raise UsageError("name a shell: toolvet completion bash")
    else:
        for action in _all_actions(options.root):
            _complete_action(action)
        put_exactly(shtab.complete(options.root, shell=options.shell))
    return 0


def _names(options: argparse.Namespace) -> set[str]:
    """Names to complete; none if the workspace cannot be read, because nobody would see a message."""
    if options.names == "topics":
        return {*TOPICS, *options.root.commands}
    try:
        workspace = session_given(options).workspace
        if options.names == "rubrics":
            names = {file.rubric.id for file in workspace.rubrics()}
        else:
            names = {folder.name for folder in workspace.subjects()}
    except ToolvetError:
        return set()
    return {name for name in names if _SAFE_NAME.fullmatch(name)}


def _all_actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # private, but what shtab itself goes through
        if isinstance(action, argparse._SubParsersAction):
            for command in set(action.choices.values()):
                yield from _all_actions(command)
        else:
            yield action


def _asked(names: str) -> dict[str, Any]:
    """How each shell asks for these names when it completes one of them.

    For zsh, shtab would ask once for every argument when the script is read, which takes seconds, and never again.
    """
    command, function = f"toolvet completion --names {names}", f"_toolvet_{names}"
    found: dict[str, Any] = shtab.cmd(command)
    found["zsh"] = function
    found["preamble"]["zsh"] = f'{function}() {{ compadd -- ${{(f)"$({command} 2>/dev/null)"}} }}'
    return found


def _complete_action(action: argparse.Action) -> None:
    if action.choices is not None or action.nargs == 0:
        return
    called = str(action.metavar or "").upper()
    if called in SUBJECTS and not action.option_strings:
        complete = _asked("subjects")
    elif called == "RUBRIC" or (called == "ID" and "rubric" in str(action.help)):
        complete = _asked("rubrics")
    elif called == "TOPIC":
        complete = _asked("topics")
    elif called == "FOLDER":
        complete = shtab.DIRECTORY
    elif called in FILES:
        complete = shtab.FILE
    else:
        return
    action.complete = complete  # type: ignore[attr-defined] # where shtab looks for it
