"""Writing files whole or not at all, and never over a version not yet seen or a file that is not toolvet's."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar

from toolvet.errors import Conflict, NotSaved, Problem, UnusableFile, UsageError
from toolvet.storage.lock import locked
from toolvet.storage.reader import AssessmentFile, kind_of
from toolvet.storage.toml_input import (
    FILE_BYTES,
    entries_of,
    hex_digest,
    is_folder,
    is_there,
    parse,
    read_content,
    reason,
)
from toolvet.storage.user_state import state_folder

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NEW |= getattr(os, "O_BINARY", 0)
_BUSY_SECONDS = 2.0
_MOST = 64 * FILE_BYTES
"""What stands in a file's place is compared, and so read as a whole."""
_MOST_WRITTEN = 200
_WORDS = {
    errno.ENOSPC: "no space left",
    errno.EDQUOT: "your disk quota is used up",
    errno.EACCES: "no permission to write there",
    errno.EPERM: "no permission to write there",
    errno.EROFS: "the disk is read-only",
    errno.EIO: "the disk reports an error",
}
_UNSETTLED: dict[Path, bytes] = {}
"""What this process put in place and could not make last: not saved, but no stranger's either at the next try."""

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def save(path: Path, content: bytes, seen: bytes | None) -> None:
    """Put the content at the path; it is saved once this returns.

    `seen` is what this program last read there, or None if there must be no file yet. If something else is there now,
    ours is kept as `<name>.<n>.conflict` and Conflict is raised. On NotSaved the old file is unchanged.
    """
    with locked(path):
        found = content_there(path)
        if found == content:
            # A save that failed in its last step, or somebody wrote the very same: only make sure that it lasts.
            _on_disk(path, lambda: _sync_folder(path.parent))
        elif found not in (seen, _UNSETTLED.get(path, seen)):
            raise _conflict(path, content, found)
        else:
            _on_disk(path, lambda: _replace(path, content))
        _UNSETTLED.pop(path, None)


def withdraw(path: Path) -> None:
    """Remove a new file that could not be made to last, so that the next try finds its name free."""
    if _UNSETTLED.pop(path, None) is not None:
        with suppress(OSError):
            path.unlink()


def create_beside(path: Path, ending: Callable[[int], str], content: bytes) -> Path:
    """Create a file named like the path, with the first ending that is free; never overwrite."""
    number = _free_number(lambda number: path.with_name(path.name + ending(number)))
    while True:
        beside = path.with_name(path.name + ending(number))
        try:
            _write_new(beside, content, None)
        except FileExistsError:
            number += 1
            continue
        try:
            _sync_folder(beside.parent)
        except OSError:
            # It may not last, so it is not said to be kept; nor is it left for the next try to find its name taken.
            with suppress(OSError):
                beside.unlink()
            raise
        return beside


def conflict_ending(number: int) -> str:
    """The ending of the copies that a conflict leaves beside a file."""
    return f".{number}.conflict"


def _free_number(beside: Callable[[int], Path]) -> int:
    """A number whose name is free, found in a few looks even if thousands are taken."""
    taken, free = 0, 1
    while os.path.lexists(beside(free)):
        taken, free = free, 2 * free
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (middle, free) if os.path.lexists(beside(middle)) else (taken, middle)
    return free


def tell_as_not_saved(write: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Raise NotSaved for every OSError that the function meets while saving."""

    @wraps(write)
    def told(*given: _Given.args, **named: _Given.kwargs) -> _Made:
        try:
            return write(*given, **named)
        except OSError as error:
            raise NotSaved(f"NOT SAVED: {error.filename or 'a file'}: {_words(error)}") from error

    return told


def content_there(path: Path) -> bytes | None:
    """What stands at the path now, None for nothing. NotSaved where it is no file of ours to replace."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _not_saved(path, error) from error
    if not stat.S_ISREG(kind):
        what = "a link" if stat.S_ISLNK(kind) else "not a regular file"
        raise NotSaved(f"NOT SAVED: {path} is {what}; toolvet only writes regular files")
    try:
        return read_content(path, most=_MOST)
    except UnusableFile as error:
        raise NotSaved(f"NOT SAVED: {error}") from error


def _conflict(path: Path, content: bytes, found: bytes | None) -> Conflict:
    what = "was removed" if found is None else "was changed by somebody else" if found else "was emptied"
    try:
        kept = create_beside(path, conflict_ending, content)
    except OSError as error:
        return Conflict(f"NOT SAVED: {path} {what}, and yours could not be kept beside it: {_words(error)}", None)
    return Conflict(f"NOT SAVED: {path} {what} since it was read; yours is kept as {kept.name}", kept)


def _on_disk(path: Path, step: Callable[[], None]) -> None:
    try:
        step()
    except OSError as error:
        raise _not_saved(path, error) from error


def _replace(path: Path, content: bytes) -> None:
    _remove_left_behind(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        _write_new(temporary, content, _mode_of(path))
        _rename(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    _UNSETTLED[path] = content
    _sync_folder(path.parent)


def _remove_left_behind(path: Path) -> None:
    """Temporaries of this file whose process ended; we hold the lock, so nobody is writing one."""
    for left in path.parent.glob(f".{_literal(path.name)}.*.tmp"):
        with suppress(OSError):
            left.unlink()


def _literal(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def _mode_of(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.lstat().st_mode) & 0o777
    except FileNotFoundError:
        return None


def _write_new(path: Path, content: bytes, mode: int | None) -> None:
    descriptor = os.open(path, _NEW, 0o666)
    try:
        try:
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode)
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise


def _rename(temporary: Path, path: Path) -> None:
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            temporary.replace(path)
        except PermissionError:
            # On Windows a virus scanner or an editor may have the target open for a moment.
            if sys.platform != "win32" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems cannot do this for folders.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def _not_saved(path: Path, error: OSError) -> NotSaved:
    return NotSaved(f"NOT SAVED: {path}: {_words(error)}")


def _words(error: OSError) -> str:
    return _WORDS.get(error.errno or 0, reason(error))


def save_new(folder: Path, names: Iterator[str], content: bytes) -> Path:
    """Save under the first of the endless names that is free, even if somebody takes it at this moment."""
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


def hide_time(path: Path, day: date) -> None:
    """Set the file's times to the day in its name, which would else tell in which order people answered."""
    seconds = (day - date(1970, 1, 1)).days * 86_400
    with suppress(OSError):  # a file system that keeps no times tells none
        os.utime(path, (seconds, seconds))


def keep_original(file: AssessmentFile) -> Path:
    """Keep the bytes of the file beside it, once, as `.orig`, `.orig.2`, … and return the path."""
    for kept in sorted(file.path.parent.glob("*.orig*")):
        if kept.name.startswith(f"{file.path.name}.orig") and has_content(kept, file.content):
            return kept
    try:
        return create_beside(file.path, _ending, file.content)
    except OSError as error:
        message = f"NOT SAVED: the original of {file.path} could not be kept beside it: {reason(error)}"
        raise NotSaved(message) from error


def _ending(number: int) -> str:
    return ".orig" if number == 1 else f".orig.{number}"


def has_content(path: Path, content: bytes) -> bool:
    """Whether that file can be read and holds just these bytes."""
    try:
        return read_content(path, most=_MOST) == content
    except UnusableFile:
        return False


_KEPT_IN = ("assessments", "decisions", "rubrics", "policy")
_KEPT_AS = re.compile(r"\.toml(\.|$)")
_SEALED = re.compile(rb"^[ \t]*[\"']?seal[\"']?[ \t]*=[ \t]*[\"']sha256:", re.MULTILINE)


def check_free(path: Path, *, force: bool) -> None:
    """UsageError if what is there must not be overwritten.

    Rubrics, policies, assessments, decisions and anything sealed never are. Other files are if toolvet wrote them and
    nobody changed them since, or with `force`.
    """
    if not is_there(path):
        return
    if is_folder(path):
        raise UsageError(f"{path} is a folder; name a file in it")
    content = _content(path)
    if _is_kept(path, content):
        raise UsageError(f"{path} is part of a workspace and is never overwritten; choose another name")
    if not force and (content is None or not _is_ours(path, content)):
        raise UsageError(
            f"{path} already exists and is not as toolvet wrote it; choose another name, or overwrite it with --force"
        )


def is_replaceable(path: Path, content: bytes) -> bool:
    """Whether that content may go there: nothing else is there, or a report as toolvet wrote it.

    So may it where what is there cannot be read: saving tells why.
    """
    if is_folder(path):
        return False
    found = _content(path)
    return found is None or found == content or (_is_ours(path, found) and not _is_kept(path, found))


def remember_written(path: Path, content: bytes) -> None:
    """Remember, before it is there, that this content is toolvet's; if that fails, the next time needs --force."""
    note, digest = _note(path), hex_digest(content)
    known = _written(note)
    if note is None or digest in known:
        return
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        if len(known) > _MOST_WRITTEN:
            note.write_text(known[-1], encoding="ascii")
        with note.open("a", encoding="ascii") as adding:  # killed meanwhile, the others stay
            adding.write(f"\n{digest}")


def newest_report(folder: Path, subject: str) -> Path | None:
    """The newest report on the subject in that folder which is as toolvet wrote it for this person.

    Any other file may be a program of somebody else. UnusableFile if one that may be it cannot be read.
    """
    name = re.compile(rf"{re.escape(subject)}-\d{{4}}-\d\d-\d\d[^/]*")
    found = [each for each in entries_of(folder) if name.fullmatch(each.name) and each.is_file(follow_symlinks=False)]
    try:
        newest_first = sorted(found, key=lambda each: each.stat(follow_symlinks=False).st_mtime, reverse=True)
    except OSError as error:
        raise UnusableFile((Problem(folder, None, f"cannot be read: {reason(error)}"),)) from error
    paths = (folder / each.name for each in newest_first)
    return next((path for path in paths if _is_ours(path, read_content(path, most=_MOST))), None)


def _content(path: Path) -> bytes | None:
    """The bytes; None for what cannot be read, which is never overwritten without --force."""
    try:
        return read_content(path, most=_MOST)
    except UnusableFile:
        return None


def _is_kept(path: Path, content: bytes | None) -> bool:
    """Whether the file is part of a workspace, by its place (even if damaged) or by what is in it."""
    return _lies_among_kept(path) or (
        content is not None and (bool(_SEALED.search(content)) or _is_kind(path, content))
    )


def _lies_among_kept(path: Path) -> bool:
    whole = path.absolute()
    if not _KEPT_AS.search(path.name):
        return False
    return any(
        folder.name in _KEPT_IN and is_folder(folder.parent / "assessments")
        for folder in (*whole.parents, *_real(whole))
    )


def _real(path: Path) -> tuple[Path, ...]:
    try:
        return tuple(path.resolve().parents)
    except (OSError, RuntimeError):
        return ()


def _is_kind(path: Path, content: bytes) -> bool:
    try:
        return kind_of(parse(path, content)) is not None
    except UnusableFile:
        return False


def _is_ours(path: Path, content: bytes) -> bool:
    return hex_digest(content) in _written(_note(path))


def _written(note: Path | None) -> list[str]:
    """The digests of what toolvet wrote there, the latest last."""
    try:
        return [] if note is None else note.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return []


def _note(path: Path) -> Path | None:
    folder = state_folder()
    name = sha256(str(path.absolute()).encode(errors="surrogatepass")).hexdigest()[:32]
    return None if folder is None else folder / "written" / name
