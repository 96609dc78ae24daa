"""The command line: what is called, what is printed when it goes wrong, and the exit status."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path

from platformdirs import user_log_path

from toolvet import __version__
from toolvet.cli.arguments import build_parser
from toolvet.cli.streams import make_ready, write_what_is_left
from toolvet.errors import ToolvetError

INTERRUPTED = 130
BROKEN_PIPE = 141
BUG = 70


def run() -> int:
    """Run the command that the program was started with."""
    # Starting the screens makes 70,000 objects, all of which stay; looking through them for garbage takes 10 to 20 ms.
    gc.set_threshold(200_000, 20, 20)
    make_ready()
    try:
        return main()
    finally:
        write_what_is_left()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; None for those the program was started with."""
    try:
        return _run_command(sys.argv[1:] if arguments is None else arguments)
    except ToolvetError as error:
        return _tell(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has stopped, which is their right.
        return BROKEN_PIPE
    except Exception as error:
        # A bug: it must not end in a screenful of our own code, nor be lost.

        words = report_bug(error)
        with suppress(OSError):  # where nobody can be told, the status still tells
            print(words, file=sys.stderr)
        return BUG


def _run_command(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    if isinstance(options, int):
        return options
    module, function = options.run.split(":")
    # Only what this command needs is imported: the screens alone take ten times as long as the whole of --help.
    status: int = getattr(import_module(f"toolvet.cli.{module}"), function)(options)
    return status


def _parse(arguments: Sequence[str]) -> argparse.Namespace | int:
    """What the arguments say; the status where that was all, as of --help and --version."""
    try:
        try:
            return build_parser().parse(arguments)
        except SystemExit as ending:
            sys.stdout.flush()
            return int(ending.code or 0)
    except BrokenPipeError:
        raise
    except OSError as error:
        from toolvet.cli.output import lost

        raise lost(error) from error


def _tell(error: ToolvetError) -> int:
    # Making text safe takes the report room; it is needed for mistakes only.
    from toolvet.cli.output import say

    say(str(error))
    return error.status


def report_bug(error: BaseException) -> str:
    """Writes the trace of the error to the log and gives the message for the person."""
    summary = f"toolvet: a bug in toolvet stopped it ({type(error).__name__}). What was saved is safe."
    try:
        path = _write_trace(error)
    except OSError as problem:
        return f"{summary}\nThe trace could not be written: {problem.strerror}"
    return f"{summary}\nThe trace is in {path}; please send it in, after reading it over."


def _write_trace(error: BaseException) -> Path:
    folder = user_log_path("toolvet", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "toolvet.log"
    # The trace may hold words of an assessment, so nobody else reads it. Without the values of local variables.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, 0o600)  # it may be there already, open to others
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"{datetime.now().astimezone().isoformat()} toolvet {__version__}\n")
        log.write("".join(traceback.format_exception(error)))
        log.write("\n")
    return path
