"""Reads every file of a folder as what it claims to be, each in a process of its own that is measured.

python read_hostile.py READER FOLDER
The name of a file begins with its kind. Prints a JSON list of what came of each.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tomllib
import traceback
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from toolvet.domain.assessment import Subject
from toolvet.domain.scorecard import Verdict
from toolvet.errors import UnusableFile
from toolvet.services.file_check import check_paths
from toolvet.storage import faults, schema_errors
from toolvet.storage.reader import read_assessment, read_decision, read_rubric
from toolvet.storage.record_format import make_assessment, make_decision
from toolvet.storage.rubric_format import make_rubric
from toolvet.storage.survey_table import rows_in
from toolvet.storage.workspace import Workspace

Reader = Callable[[Path], object]
PROCESSOR_SECONDS = {"toolvet": 60, "naive": 6}
SECONDS = {"toolvet": 600, "naive": 10}
"""When a reader is ended that does not end: bounds for one that hangs, which the naive one does."""
_MEGABYTE = 1024 * 1024
_ROOM = 1024 * _MEGABYTE
LOADED = (schema_errors, faults, Verdict)


def main(reader: str, folder: str) -> None:
    print(json.dumps([_measure(path, reader) for path in sorted(Path(folder).iterdir())]))


def _measure(path: Path, reader: str) -> dict[str, object]:
    heard, pipe = os.pipe()
    child = os.fork()
    if not child:
        _read_and_tell(path, reader, pipe)
    os.close(pipe)
    with os.fdopen(heard) as told:
        said = told.read() or "killed"
    _, _, used = os.wait4(child, 0)
    seconds = round(used.ru_utime + used.ru_stime, 2)
    # A forked process is not charged for the libraries that it shares with us: some ten megabytes.
    return {"file": path.name, "said": said, "seconds": seconds, "megabytes": used.ru_maxrss // 1024}


def _read_and_tell(path: Path, reader: str, pipe: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ROOM, _ROOM))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS[reader], PROCESSOR_SECONDS[reader]))
    signal.alarm(SECONDS[reader])
    try:
        _READERS[reader][path.name.split(":")[0]](path)
        said = "read"
    except UnusableFile as error:
        said = "\n".join(str(problem).removeprefix(str(path)) for problem in error.problems[:3])
    except BaseException:
        said = "TRACEBACK " + traceback.format_exc(limit=-3)
    os.write(pipe, said.encode(errors="replace")[:4000])
    os._exit(0)


def _checked(read: Reader) -> Reader:
    """Checked as the command does, and where all is well read as the screens do."""

    def both(path: Path) -> None:
        problems = check_paths([path], Workspace(path.parent.parent))
        if problems:
            raise UnusableFile(problems)
        read(path)

    return both


def _naive(make: Callable[[Mapping[str, object]], object]) -> Reader:
    def read(path: Path) -> None:
        with path.open("rb") as file:
            make(tomllib.load(file))

    return read


def _survey(path: Path) -> None:
    rubric = Workspace(path.parent).rubric("collaboration-readiness", "1.1.0")
    rows_in(path, rubric, Subject("Org"), date(2026, 11, 20))


_READERS: dict[str, dict[str, Reader]] = {
    "toolvet": {
        "rubric": _checked(read_rubric),
        "assessment": _checked(read_assessment),
        "decision": _checked(read_decision),
        "survey": _survey,
    },
    "naive": {
        "rubric": _naive(lambda document: make_rubric(document, "")),
        "assessment": _naive(make_assessment),
        "decision": _naive(make_decision),
    },
}

if __name__ == "__main__":
    main(*sys.argv[1:])
