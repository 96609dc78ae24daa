"""Saves where there is no room, and again where there is. Prints what came of it as JSON.

python fill_disk.py WRITER LIMIT FOLDER
LIMIT is "limit" (no file may be longer than 20,000 bytes) or "disk" (a file system of 1 MiB is mounted and filled up;
to be started in a mount namespace of its own).
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from numbered import number_in, numbered_content
from toolvet.errors import NotSaved
from toolvet.storage.atomic import save

_FILE_BYTES = 20_000
_PAGE = 4096
_LONGER = b"# " + b"x" * 20 * _PAGE


def main(writer: str, limit: str, folder: str) -> None:
    path = Path(folder) / "assessment.toml"
    if limit == "disk":
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], check=True)
    path.write_bytes(numbered_content(1))
    rooms = _rooms_of_disk if limit == "disk" else _rooms_of_limit
    said = [_try(writer, path) for _ in rooms(path)]
    last = _try(writer, path)
    left = sorted(entry.name for entry in path.parent.iterdir() if entry != path)
    print(json.dumps({"tries": len(said), "said": sorted({str(words) for words in said}), "last": last, "left": left}))


def _rooms_of_limit(_path: Path) -> Iterator[None]:
    """No room for the file; then for not even the lock beside it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most in (_FILE_BYTES, 4096, 10, 0):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
        yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _rooms_of_disk(path: Path) -> Iterator[None]:
    """Full; and with so many pages free that the lock fits, but not the file. The file needs more."""
    for pages in range(9):
        filler = path.with_name("filler")
        _fill(filler, pages)
        yield
        filler.unlink()


def _fill(filler: Path, pages: int) -> None:
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * _PAGE)
    os.truncate(filler, filler.stat().st_size - pages * _PAGE)


def _try(writer: str, path: Path) -> str:
    """What is said of saving the next number, and what stands there then."""
    number = number_in(path) or 0
    try:
        _WRITERS[writer](path, numbered_content(number + 1, comment=_LONGER))
        words = "saved"
    except OSError as error:
        words = f"NOT SAVED: {error.strerror}"
    except NotSaved as error:
        words = str(error).replace(f"{path}: ", "").split(";")[0]
    found = number_in(path)
    there = {None: "nothing of use", number: "the old one", number + 1: "the new one"}.get(found, str(found))
    return f"{words}: {there}"


def _naive(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)


def _ours(path: Path, content: bytes) -> None:
    save(path, content, path.read_bytes())


_WRITERS: dict[str, Callable[[Path, bytes], None]] = {"saving": _ours, "naive": _naive}

if __name__ == "__main__":
    main(*sys.argv[1:])
