"""The command line: runs a command, prints errors, and returns the exit status."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from toolvet.cli.commands import build_parser
from toolvet.errors import NotEnoughMemory, ToolvetError, UsageError

INTERRUPTED = 130
BROKEN_PIPE = 141
BUG = 70


def run() -> int:
    """Run the command that the program was started with."""
    # Starting the screens makes 70,000 objects that all stay, comparing thousands of tools a million; looking through
    # them for garbage takes 20 to 100 ms.
    gc.set_threshold(1_000_000, 20, 20)
    prepare_streams()
    try:
        status = main()
    finally:
        flush_streams()
        gc.freeze()  # the end of the program would look through all of it, too
    if _are_threads_left():
        # All is saved and said. A thread of Textual's that reads from a terminal which is gone would never end.
        os._exit(status)
    return status


def _are_threads_left() -> bool:
    threading = sys.modules.get("threading")  # importing it takes a while, and without it there are no threads
    return threading is not None and any(
        not thread.daemon and thread is not threading.main_thread() for thread in threading.enumerate()
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; None for the arguments the program was started with."""
    try:
        return _run_command(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever was reading stopped, which is their right.
        return BROKEN_PIPE
    except Exception as error:
        return _tell(error)


def _tell(error: Exception) -> int:
    """Say what went wrong, and give the exit status."""
    # Making text safe takes the text room; only mistakes need it.
    from toolvet.cli.output import refused, report_bug, warn

    if isinstance(error, ToolvetError):
        warn(*str(error).split("\n"))
        return error.status
    if isinstance(error, OSError):
        # Nobody foresaw that this call fails, but that it did is no bug.
        warn(refused(error))
        return ToolvetError.status
    if isinstance(error, MemoryError):
        warn(str(NotEnoughMemory()))
        return ToolvetError.status
    words = report_bug(error)
    with suppress(OSError):  # if stderr is gone, the status still tells
        print(words, file=sys.stderr)
    return BUG


def _run_command(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    if isinstance(options, int):
        return options
    try:
        os.getcwd()  # noqa: PTH109 - pathlib is not loaded yet
    except FileNotFoundError as error:
        raise UsageError("the current folder no longer exists; change to another folder and try again") from error
    module, function = options.run.split(":")
    # Only what this command needs is imported: the screens alone take ten times as long as all of --help.
    run_it = getattr(import_module(f"toolvet.cli.{module}"), function)
    with import_module("toolvet.cli.output").presenting(options):
        status: int = run_it(options)
    return status


def _parse(arguments: Sequence[str]) -> argparse.Namespace | int:
    """Parse the arguments; the exit status if that was all, as for --help and --version."""
    try:
        try:
            return build_parser(arguments).parse(arguments)
        except SystemExit as ending:
            sys.stdout.flush()
            return int(ending.code or 0)
    except BrokenPipeError:
        raise
    except OSError as error:
        from toolvet.cli.output import lost  # only mistakes need it

        raise lost(error) from error


def prepare_streams() -> None:
    """Replace closed streams, and let all of them read and show any text."""
    for name in ("stdin", "stdout", "stderr"):
        # Python has None for a stream that was closed before the start.
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Files and pipes are UTF-8 everywhere; bytes that are no text show as their numbers.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def flush_streams() -> None:
    """Write what stdout and stderr still hold, and give up what can no longer be written.

    Otherwise Python would try again at the very end, complain, and exit with 120 whatever the status was.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            if nowhere != stream.fileno():  # they are equal if the descriptor was closed
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
