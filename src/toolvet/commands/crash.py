"""What a bug leaves behind: a short message, and the full trace in a file that only its owner reads."""

from __future__ import annotations

import os
import traceback
from datetime import datetime
from pathlib import Path

from platformdirs import user_log_path

from toolvet import __version__


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
