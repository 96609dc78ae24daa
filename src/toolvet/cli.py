"""The command line: what is called, what is printed when it goes wrong, and the exit status."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from toolvet.commands.arguments import build_parser
from toolvet.errors import ToolvetError

INTERRUPTED = 130
BROKEN_PIPE = 141
BUG = 70


def run() -> int:
    """Run the command that the program was started with."""
    # Starting the screens makes 70,000 objects, all of which stay; looking through them for garbage takes 10 to 20 ms.
    gc.set_threshold(200_000, 20, 20)
    for name in ("stdin", "stdout", "stderr"):
        # Python has None for a stream that was closed before the start.
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A file or pipe is UTF-8 everywhere; what cannot be read or shown as text stands there as its number.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    return main()


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
        from toolvet.commands.output import abandon_stdout

        abandon_stdout()
        return BROKEN_PIPE
    except Exception as error:
        # A bug: it must not end in a screenful of our own code, nor be lost.
        from toolvet.commands.crash import report_bug

        print(report_bug(error), file=sys.stderr)
        return BUG


def _run_command(arguments: Sequence[str]) -> int:
    try:
        options = build_parser().parse(arguments)
    except SystemExit as ending:
        # How argparse ends after --help and --version.
        _flush()
        return int(ending.code or 0)
    module, function = options.run.split(":")
    # Only what this command needs is imported: the screens alone take ten times as long as the whole of --help.
    status: int = getattr(import_module(f"toolvet.commands.{module}"), function)(options)
    return status


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from toolvet.commands.output import lost

        raise lost(error) from error


def _tell(error: ToolvetError) -> int:
    # Making text safe takes the report room; it is needed for mistakes only.
    from toolvet.commands.output import say

    say(str(error))
    return error.status
