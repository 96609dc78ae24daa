"""`toolvet demo`."""

from __future__ import annotations

import argparse
import filecmp
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from toolvet.cli.assess import open_workspace
from toolvet.cli.output import say, session_given
from toolvet.errors import NoTemporaryFolder
from toolvet.storage.rubric_library import shipped


def demo(options: argparse.Namespace) -> int:
    """Open a copy of the worked examples, on screen or line by line; without a terminal print them as text."""
    folder = _copied()
    options.workspace = str(folder)
    session = session_given(options)
    say(f"Here is a copy of the worked examples, yours to change: {folder}")
    if options.plain or all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        try:
            return open_workspace(options)
        finally:
            with suppress(OSError):  # it may be gone; how the app ended is told all the same
                if _is_unchanged(filecmp.dircmp(shipped("examples"), folder)):
                    shutil.rmtree(folder, ignore_errors=True)
                    say("Nothing was changed in the copy, so it is deleted.")
    from toolvet.cli.demo_text import print_demo  # reports and tables, which the screens do not need to start

    return print_demo(options, session)


def _copied() -> Path:
    """A copy of the examples in a new folder, which is deleted again if the copy cannot be completed."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="toolvet-demo-"))
    except OSError as error:
        raise NoTemporaryFolder("the demo", error) from error
    try:
        # copyfile leaves out the modes, because an installed package may be read-only.
        shutil.copytree(shipped("examples"), folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        first = OSError(error.args[0][0][2]) if isinstance(error, shutil.Error) else error
        raise NoTemporaryFolder("the demo", first) from error
    return folder


def _is_unchanged(compared: filecmp.dircmp[str]) -> bool:
    """Whether the copy holds just what was copied."""
    differs = compared.left_only or compared.right_only or compared.diff_files or compared.funny_files
    return not differs and all(_is_unchanged(each) for each in compared.subdirs.values())
