"""Files read once and given again while they stay as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from toolvet.errors import UnusableFile

Value = TypeVar("Value")
_Mark = tuple[int, int, int]


class Remembered(Generic[Value]):
    """A way of reading files that reads each again only after it changed; what was wrong is remembered too."""

    def __init__(self, read: Callable[[Path], Value]) -> None:
        self._read = read
        self._known: dict[Path, tuple[_Mark, Value | UnusableFile]] = {}

    def __call__(self, path: Path) -> Value:
        """What the file holds. UnusableFile as the reading raises it."""
        try:
            found = path.lstat()
        except OSError:
            return self._read(path)
        mark = (found.st_mtime_ns, found.st_size, found.st_ino)
        known = self._known.get(path)
        if known is None or known[0] != mark:
            known = (mark, self._outcome(path))
            self._known[path] = known
        if isinstance(known[1], UnusableFile):
            raise known[1]
        return known[1]

    def _outcome(self, path: Path) -> Value | UnusableFile:
        try:
            return self._read(path)
        except UnusableFile as error:
            return error
