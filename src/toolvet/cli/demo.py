"""`toolvet demo`."""

from __future__ import annotations

import argparse
import filecmp
import shutil
import sys
import tempfile
from pathlib import Path

from toolvet.cli.assess import is_plain, run_screens
from toolvet.cli.output import say, session_given
from toolvet.errors import UsageError
from toolvet.storage.rubric_library import shipped


def demo(options: argparse.Namespace) -> int:
    """Open a copy of the worked examples; without a terminal do the main job as text."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="toolvet-demo-"))
        # copyfile leaves out the modes, because an installed package may be read-only.
        shutil.copytree(shipped("examples"), folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    except OSError as error:
        problem = error.strerror or error
        raise UsageError(
            f"the demo needs a temporary folder; set TMPDIR to one you can write to ({problem})"
        ) from error
    options.workspace = str(folder)
    session = session_given(options)
    say(f"Here is a copy of the worked examples, yours to change: {folder}")
    if all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)) and not is_plain(options):
        status = run_screens(options, session)
        if _is_unchanged(filecmp.dircmp(shipped("examples"), folder)):
            shutil.rmtree(folder, ignore_errors=True)
            say("Nothing was changed in the copy, so it is deleted.")
        return status
    from toolvet.cli.demo_text import print_demo  # reports and tables, which the screens do not need to start

    return print_demo(options, session)


def _is_unchanged(compared: filecmp.dircmp[str]) -> bool:
    """Whether the copy holds just what was copied."""
    differs = compared.left_only or compared.right_only or compared.diff_files or compared.funny_files
    return not differs and all(_is_unchanged(each) for each in compared.subdirs.values())
