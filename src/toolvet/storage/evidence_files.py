"""Evidence that is a file of the workspace: its digest, read in pieces, and whether it is still what was recorded."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from toolvet.storage.names import is_inside
from toolvet.storage.toml_input import FILE_BYTES, OPEN_FLAGS, SETTLED_NS, note

LARGE = 64 * FILE_BYTES
"""What is larger is read only while somebody watches how far that is, and may stop it."""

OVERVIEW_BYTES = 64 * FILE_BYTES
"""How much evidence a list of many tools reads: what it takes a tenth of a second."""

EVIDENCE_FOLDER = "evidence"
PIECE = FILE_BYTES

Watch = Callable[[str, int, int], None]
"""Called after each piece with the source, the bytes read and the size; what it raises stops the reading."""

_Mark = tuple[int, ...]


class EvidenceState(StrEnum):
    """How a file of evidence compares with what was recorded."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    SKIPPED = "skipped"


class EvidenceFiles:
    """The files under `evidence/`. What was read once is read again only after it changed; a failure is forgotten.

    Without a `watch`, files over 64 MiB are not read. With `most_bytes`, no more than so many are read in all, for a
    list that must not wait; `skipped` are the files left out.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, tuple[_Mark, str]] = {}
        self._paths: dict[Path, Path] = {}
        self.watch: Watch | None = None
        self.most_bytes: int | None = None
        self.skipped: set[str] = set()

    def sha256(self, source: str) -> str | None:
        """The sha256, 64 hex digits, of the file that the source names, if there is one to read in full.

        Links, devices, files with holes and files that grow meanwhile have none.
        """
        mark = self._mark(source)
        if mark is None or (mark[2] > LARGE and self.watch is None and not self._knows(source, mark)):
            return None
        return self._read(source, mark, self.watch)

    def compare(self, source: str, recorded: str) -> EvidenceState:
        """Whether the file is what was recorded, as far as it may be read."""
        mark = self._mark(source)
        if mark is None:
            is_there = is_inside(source) and os.path.lexists(self._root / source)
            return EvidenceState.UNREADABLE if is_there else EvidenceState.GONE
        if not self._knows(source, mark):
            if self.most_bytes is not None and mark[2] > self.most_bytes:
                self.skipped.add(source)
                return EvidenceState.SKIPPED
            if mark[2] > LARGE and self.watch is None:
                return EvidenceState.TOO_LARGE
            if self.most_bytes is not None:
                self.most_bytes -= mark[2]
        found = self._read(source, mark, self.watch)
        if found is None:
            return EvidenceState.UNREADABLE
        return EvidenceState.SAME if found == recorded else EvidenceState.CHANGED

    def unread(self, sources: Iterable[str]) -> dict[str, int]:
        """Which of these files were not read as they are now, with their sizes."""
        found = {source: self._mark(source) for source in sources}
        return {source: mark[2] for source, mark in found.items() if mark and not self._knows(source, mark)}

    def read(self, source: str, watch: Watch) -> None:
        """Read a file of any size, so that it is known; `watch` is told how far that is."""
        mark = self._mark(source)
        if mark is not None:
            self._read(source, mark, watch)

    def _mark(self, source: str) -> _Mark | None:
        """What changes with the file; None where there is no regular file of the workspace."""
        if not source.startswith(f"{EVIDENCE_FOLDER}/") or not is_inside(source):
            return None
        note(self._root / source)
        try:
            found = (self._root / source).stat()
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev

    def _real(self, path: Path) -> Path:
        """The path without links; looked up once, as that takes as long as reading a small file."""
        if path not in self._paths:
            try:
                self._paths[path] = path.resolve()
            except RuntimeError as error:
                raise OSError(f"{path} is a link that goes in a circle") from error
        return self._paths[path]

    def _knows(self, source: str, mark: _Mark) -> bool:
        return source in self._known and self._known[source][0] == mark

    def _read(self, source: str, mark: _Mark, watch: Watch | None) -> str | None:
        if self._knows(source, mark):
            return self._known[source][1]
        self._known.pop(source, None)
        path = self._root / source
        try:
            real = self._real(path) if path.is_symlink() else self._real(path.parent) / path.name
            if not real.is_relative_to(self._real(self._root / EVIDENCE_FOLDER)):
                return None
            found = _sha256_of(real, source, watch)
        except OSError:
            return None  # evidence that cannot be read is named all the same
        if found is not None and self._mark(source) == mark and _is_settled(mark):
            self._known[source] = (mark, found)
        return found


def _is_settled(mark: _Mark) -> bool:
    return time.time_ns() - max(mark[:2]) > SETTLED_NS


def _sha256_of(path: Path, source: str, watch: Watch | None) -> str | None:
    descriptor = os.open(path, OPEN_FLAGS)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or _has_holes(descriptor, found.st_size):
            return None
        digest, done = hashlib.sha256(), 0
        while piece := os.read(descriptor, PIECE):
            digest.update(piece)
            done += len(piece)
            if done > found.st_size:
                return None  # it grows: nobody knows where it would end
            if watch is not None:
                watch(source, done, found.st_size)
        return digest.hexdigest() if done == found.st_size else None
    finally:
        with suppress(OSError):
            os.close(descriptor)


def _has_holes(descriptor: int, size: int) -> bool:
    """Whether a large file has parts that were never written: 20 GB of nothing take as long as 20 GB."""
    if size <= LARGE or not hasattr(os, "SEEK_HOLE"):
        return False
    try:
        hole = os.lseek(descriptor, 0, os.SEEK_HOLE)
    except OSError:
        return False  # the file system does not say
    os.lseek(descriptor, 0, os.SEEK_SET)
    return hole < size
