"""Several processes edit one file at once; then every edit is looked for. Prints its figures as JSON.

python crowd_writers.py WRITER PROCESSES EDITS FOLDER
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from build import make_assessment
from toolvet.domain.assessment import Answer, Assessment
from toolvet.errors import Conflict, NotSaved, UnusableFile
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.workspace import Workspace
from toolvet.storage.writer import assessment_bytes

_MOST_TRIES = {"workspace": 1000, "naive": 50}
"""Ours come through sooner or later; a file that the naive one broke stays broken."""
Save = Callable[[AssessmentFile, Assessment], object]


@dataclass(slots=True)
class Figures:
    """`told` counts saves that were refused because of a lock, and then tried again."""

    edits: int = 0
    saved: int = 0
    refused: int = 0
    told: int = 0
    lost: int = 0
    unreadable: int = 0
    left: list[str] = field(default_factory=list)


def main(writer: str, processes: str, edits: str, folder: str) -> None:
    path = Path(folder) / "assessment.toml"
    path.write_bytes(assessment_bytes(make_assessment(), schemas=None))
    children = [_start(writer, path, process, int(edits)) for process in range(int(processes))]
    for child in children:
        if os.waitpid(child, 0)[1] != 0:
            raise SystemExit("a writer ended early")
    print(json.dumps(asdict(_judge(path, int(processes) * int(edits)))))


def _start(writer: str, path: Path, process: int, edits: int) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        with _log(path, process).open("w") as log:
            for edit in range(edits):
                for line in _edit(writer, path, process, edit):
                    print(edit, line, file=log)
        status = 0
    finally:
        if status:
            sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        os._exit(status)
    raise AssertionError


def _edit(writer: str, path: Path, process: int, edit: int) -> Iterator[str]:
    """Tries until the edit is saved, or kept in a conflict file, and says what became of each try."""
    save = _save_of(writer, path)
    for _ in range(_MOST_TRIES[writer]):
        try:
            file = read_assessment(path)
        except UnusableFile:
            yield "unreadable"
            time.sleep(0.001)
            continue
        try:
            save(file, _with_edit(file.assessment, process, edit))
        except Conflict as conflict:
            yield "refused" if _was_kept(conflict.kept, process, edit) else "lost"
            return
        except NotSaved:
            yield "told"
            continue
        yield "saved"
        return
    yield "lost"


def _with_edit(assessment: Assessment, process: int, edit: int) -> Assessment:
    question = f"writer-{process}"
    note = assessment.answers[question].note if question in assessment.answers else ""
    return assessment.with_answer(question, Answer(note=f"{note} {edit}."))


def _save_of(writer: str, path: Path) -> Save:
    if writer == "workspace":
        return Workspace(path.parent).save

    def save(file: AssessmentFile, assessment: Assessment) -> None:
        with file.path.open("wb") as opened:
            opened.write(assessment_bytes(assessment, schemas=None))

    return save


def _was_kept(kept: Path | None, process: int, edit: int) -> bool:
    """Whether the edit is in the file beside; which is then thrown away, as the person would who has looked at it."""
    if kept is None:
        return False
    is_there = _has_edit(read_assessment(kept).assessment, process, edit)
    kept.unlink()
    return is_there


def _judge(path: Path, edits: int) -> Figures:
    figures = Figures(edits=edits)
    try:
        last = read_assessment(path).assessment
    except UnusableFile:
        last = make_assessment()
    for log in sorted(path.parent.glob("log-*")):
        process = int(log.name.removeprefix("log-"))
        for line in log.read_text().splitlines():
            edit, what = line.split()
            setattr(figures, what, getattr(figures, what) + 1)
            if what == "saved" and not _has_edit(last, process, int(edit)):
                figures.lost += 1
    figures.left = [
        entry.name for entry in path.parent.iterdir() if entry != path and not entry.name.startswith("log-")
    ]
    return figures


def _has_edit(assessment: Assessment, process: int, edit: int) -> bool:
    answer = assessment.answers.get(f"writer-{process}")
    return answer is not None and f" {edit}." in (answer.note or "")


def _log(path: Path, process: int) -> Path:
    return path.parent / f"log-{process}"


if __name__ == "__main__":
    main(*sys.argv[1:])
