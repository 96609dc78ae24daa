"""New files under names that nobody has, and originals kept aside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from toolvet.errors import Conflict, NotSaved
from toolvet.files.content import is_there, reason
from toolvet.files.reading import AssessmentFile
from toolvet.files.saving import create_beside, save, withdraw


def save_new(folder: Path, names: Iterator[str], content: bytes) -> Path:
    """Saves under the first of the names, without end, that nobody has; also where somebody takes it this moment."""
    for name in names:
        path = folder / f"{name}.toml"
        if is_there(path):
            continue
        try:
            save(path, content, None)
        except Conflict as conflict:
            if conflict.kept is not None:
                conflict.kept.unlink(missing_ok=True)
            continue
        except NotSaved:
            withdraw(path)
            raise
        return path
    raise AssertionError("the numbers never end")


def keep_original(file: AssessmentFile) -> Path:
    """Where the bytes of the file are kept beside it as `.orig`, `.orig.2`, …; a save tried again keeps them once."""
    for kept in sorted(file.path.parent.glob("*.orig*")):
        if kept.name.startswith(f"{file.path.name}.orig") and _has_content(kept, file.content):
            return kept
    try:
        return create_beside(file.path, _ending, file.content)
    except OSError as error:
        message = f"NOT SAVED: the original of {file.path} could not be kept beside it: {reason(error)}"
        raise NotSaved(message) from error


def _ending(number: int) -> str:
    return ".orig" if number == 1 else f".orig.{number}"


def _has_content(path: Path, content: bytes) -> bool:
    try:
        return not path.is_symlink() and path.is_file() and path.read_bytes() == content
    except OSError:
        return False
