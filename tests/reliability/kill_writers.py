"""Kills a writer at random moments and looks at what stands on the disk. Prints its figures as JSON.

python kill_writers.py WRITER KILLS FOLDER
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from numbered import WRITERS, Writer, number_in, numbered_content
from toolvet.storage.atomic import save

_LONGEST_WAIT = 0.03


@dataclass(slots=True)
class Figures:
    """`amid` counts the kills that left a lock or a temporary file, so in the midst of a save."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    unreadable: int = 0
    amid: int = 0
    left: list[str] = field(default_factory=list)


def main(writer: str, kills: str, folder: str) -> None:
    path = Path(folder) / "assessment.toml"
    path.write_bytes(numbered_content(1))
    figures = Figures()
    waits = random.Random(7)
    for _ in range(int(kills)):
        _kill_one(WRITERS[writer], path, waits.uniform(0, _LONGEST_WAIT), figures)
    last = path.read_bytes()
    save(path, last.replace(b"users", b"users "), last)
    figures.left = sorted(entry.name for entry in path.parent.iterdir() if entry != path)
    print(json.dumps(asdict(figures)))


def _kill_one(writer: Callable[[Path], Writer], path: Path, wait: float, figures: Figures) -> None:
    first = (number_in(path) or 0) + 1
    reader, child = _start(writer, path, first)
    heard = os.read(reader, 4096)
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while more := os.read(reader, 4096):
        heard += more
    os.close(reader)
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise SystemExit("the writer ended by itself")
    _judge(path, int(heard.split()[-1]), first, figures)


def _judge(path: Path, acknowledged: int, first: int, figures: Figures) -> None:
    figures.kills += 1
    figures.acknowledged += acknowledged + 1 - first
    figures.amid += len(list(path.parent.iterdir())) > 1
    found = number_in(path)
    if found is None:
        figures.unreadable += 1
        path.write_bytes(numbered_content(acknowledged))
    elif found not in (acknowledged, acknowledged + 1):
        figures.lost += 1


def _start(writer: Callable[[Path], Writer], path: Path, first: int) -> tuple[int, int]:
    reader, pipe = os.pipe()
    child = os.fork()
    if child:
        os.close(pipe)
        return reader, child
    try:
        write = writer(path)
        number = first
        while True:
            write(number)
            os.write(pipe, b"%d\n" % number)
            number += 1
    finally:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
