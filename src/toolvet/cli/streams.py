"""The standard streams: there from the start, and at the end no reason for another exit status."""

from __future__ import annotations

import io
import os
import sys


def make_ready() -> None:
    """Put something in place of a stream that is closed, and let all of them read and show any text."""
    for name in ("stdin", "stdout", "stderr"):
        # Python has None for a stream that was closed before the start.
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A file or pipe is UTF-8 everywhere; what cannot be read or shown as text stands there as its number.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def write_what_is_left() -> None:
    """Write what stdout and stderr still hold, and let go of what can no longer be written.

    Python would try once more at the very end, complain, and end with 120 whatever the status was.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _lead_nowhere(stream.fileno())


def _lead_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if nowhere != descriptor:  # it is, where the descriptor was closed
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
