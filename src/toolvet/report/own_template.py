"""Filling in somebody else's template in a process with limits, since it is a program."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
import time
from contextlib import suppress

from toolvet.report.approval.document import Document
from toolvet.report.formats import ReportFormat, UnusableTemplate, own_report

MOST_SECONDS = 5
"""Of the processor; by the clock the process has six times as long, for a machine that is busy."""
MOST_BYTES = 300 * 1024 * 1024
_LOOKS_SECONDS = 0.2

_TOO_LONG = f"takes more than {MOST_SECONDS} seconds; look for a loop that repeats itself"
_TOO_LARGE = f"takes more than {MOST_BYTES // 1024**2} MiB of memory; look for a loop that repeats itself"


def report_within_limits(document: Document, template: str, report_format: ReportFormat) -> str:
    """The report by that template, as `own_report` makes it. UnusableTemplate, too, where it takes too much."""
    # -P: nothing that lies in the current folder is taken for a module of ours.
    command = (sys.executable, "-P", "-m", "toolvet.report.own_template", str(os.getpid()))
    given = pickle.dumps((document, template, report_format))
    try:
        ran = subprocess.run(command, input=given, capture_output=True, timeout=6 * MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnusableTemplate(None, _TOO_LONG) from error
    try:
        told = json.loads(ran.stdout)
    except ValueError as error:
        raise UnusableTemplate(None, _TOO_LONG if ran.returncode < 0 else _TOO_LARGE) from error
    if "text" in told:
        return str(told["text"])
    raise UnusableTemplate(told["line"], told["message"])


def _fill_in() -> dict[str, object]:
    threading.Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    # Only the parent writes here, and only what it holds itself.
    document, template, report_format = pickle.load(sys.stdin.buffer)
    _limit()
    try:
        return {"text": own_report(document, template, report_format)}
    except UnusableTemplate as error:
        if isinstance(error.__cause__, MemoryError):
            return {"line": None, "message": _TOO_LARGE}
        return {"line": error.line, "message": str(error)}


def _end_with(parent: int) -> None:
    """End once nobody waits for the report any more: whoever asked for it may be killed."""
    while os.getppid() == parent:
        time.sleep(_LOOKS_SECONDS)
    os._exit(1)


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):  # Windows has none of these: there the clock alone ends it
        import resource  # not on Windows

        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + MOST_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))


if __name__ == "__main__":
    answer = json.dumps(_fill_in())
    sys.stdout.write(answer)
