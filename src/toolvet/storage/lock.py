"""The lock beside a file, which says who is saving it."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import tomli
import tomli_w

from toolvet.errors import NotSaved
from toolvet.storage.toml_input import reason

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PATIENCE_SECONDS = 0.5
"""How long to wait for somebody else's save to end; one takes a few milliseconds."""

_WRITE_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_WRITE_OLD = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_READ_OLD = _WRITE_OLD & ~os.O_RDWR | os.O_RDONLY
_POLL_SECONDS = 0.01
_ENTRY_BYTES = 4096
_STALE_SECONDS = 60
"""A save takes milliseconds: a lock of an earlier boot, or with nothing to read in it, was left behind by then."""
_UNSIGNED_SECONDS = 0.25
"""A lock that stays empty for so long was left by a process that ended between making and signing it."""
_BEYOND_ENTRY = 1 << 30


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold `<name>.lock` beside the target. NotSaved, with who holds it and since when, if somebody else does."""
    lock = target.with_name(f"{target.name}.lock")
    descriptor = _acquire(lock, target)
    try:
        yield
    finally:
        _release(lock, descriptor)


def _acquire(lock: Path, target: Path) -> int:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            descriptor = _create(lock)
            if descriptor is None:
                descriptor = _take_over(lock)
        except OSError as error:
            raise NotSaved(f"NOT SAVED: {target}: no lock could be made: {reason(error)}") from error
        if descriptor is not None:
            return descriptor
        if time.monotonic() > deadline:
            raise NotSaved(
                f"NOT SAVED: {target} is locked by {_holder_words(lock)}; if that program is gone, remove {lock}"
            )
        time.sleep(_POLL_SECONDS)


def _release(lock: Path, descriptor: int) -> None:
    # An open file cannot be removed on Windows; elsewhere the name goes first, so that nobody holds a lock removed.
    with suppress(OSError):
        if sys.platform == "win32":
            os.close(descriptor)
            lock.unlink()
        else:
            lock.unlink()
    if sys.platform != "win32":
        with suppress(OSError):
            os.close(descriptor)


def _create(lock: Path) -> int | None:
    """The descriptor of a new lock; None if one exists."""
    try:
        descriptor = os.open(lock, _WRITE_NEW, 0o666)
    except FileExistsError:
        return None
    try:
        # Somebody may have taken it for one left behind before we held it.
        if hold(descriptor) is not False and _has_name(descriptor, lock):
            sign(descriptor)
            return descriptor
    except OSError:
        _release(lock, descriptor)
        raise
    os.close(descriptor)
    return None


def _take_over(lock: Path) -> int | None:
    """The descriptor of a lock that was left behind on this host; None if somebody else keeps it."""
    if not _is_left_behind(lock):
        return None
    try:
        descriptor = os.open(lock, _WRITE_OLD)
    except PermissionError:
        return _replace(lock)
    except OSError:
        return None
    with suppress(OSError):
        # Somebody else may have taken it over in the meantime, and be done with it too: look again, holding it.
        if can_hold(descriptor, lock) and _has_name(descriptor, lock) and _is_left_behind(lock):
            sign(descriptor)
            return descriptor
    os.close(descriptor)
    return None


def _replace(lock: Path) -> int | None:
    """The descriptor of a new lock in place of one that another account left behind; None if that cannot be."""
    try:
        descriptor = os.open(lock, _READ_OLD)
    except OSError:
        return None
    try:
        if not (hold(descriptor) and _has_name(descriptor, lock) and _is_left_behind(lock)):
            return None
        lock.unlink()
        return _create(lock)
    finally:
        os.close(descriptor)


def hold(descriptor: int) -> bool | None:
    """Whether the system's own lock, which ends with the process, could be had; None where there are no such locks."""
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _BEYOND_ENTRY, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        # A file system without locks, as some network ones: the name alone has to do.
        return None
    return True


def can_hold(descriptor: int, file: Path) -> bool:
    """Whether nobody holds the file; where there are no such locks, whether whoever signed it has ended."""
    is_had = hold(descriptor)
    if is_had is not None:
        return is_had
    entry = _entry(file)
    if entry and entry.get("host") != _host():
        return False  # nobody can tell
    return entry.get("boot") != _boot() or not is_running(entry.get("pid"))


def _has_name(descriptor: int, lock: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), lock.lstat())
    except FileNotFoundError:
        return False


def sign(descriptor: int) -> None:
    """Write into it who holds it, and since when."""
    entry = {
        "pid": os.getpid(),
        "host": _host(),
        "boot": _boot(),
        "user": _user(),
        "time": datetime.now(UTC).replace(microsecond=0),
    }
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, tomli_w.dumps(entry).encode(errors="replace"))


def _entry(lock: Path) -> dict[str, object]:
    """What the lock says about its holder; empty if it cannot be read."""
    try:
        descriptor = os.open(lock, _READ_OLD)
    except OSError:
        return {}
    try:
        return tomli.loads(os.read(descriptor, _ENTRY_BYTES).decode())
    except (OSError, ValueError, RecursionError):
        return {}
    finally:
        with suppress(OSError):
            os.close(descriptor)


def _is_left_behind(lock: Path) -> bool:
    """Whether nobody holds the lock, if the system's own lock can be had too."""
    entry = _entry(lock)
    # Of this boot, whatever the host was called then: whoever made it holds the system's lock for as long as it runs.
    if entry and entry.get("boot") == _boot() and (_boot() or entry.get("host") == _host()):
        return True
    # What another host means to leave, only the person can know.
    return not (entry and entry.get("host") != _host()) and _is_stale(lock)


def _is_stale(lock: Path) -> bool:
    """Whether it is too old for a save that goes on, or dated in the future."""
    try:
        found = lock.lstat()
    except OSError:
        return False
    age = abs(time.time() - found.st_mtime)
    return stat.S_ISREG(found.st_mode) and age > (_STALE_SECONDS if found.st_size else _UNSIGNED_SECONDS)


def is_running(pid: object) -> bool:
    """Whether another process with that id runs. Ours does not count: the system's lock tells about it."""
    if not isinstance(pid, int) or pid == os.getpid() or sys.platform == "win32":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _holder_words(lock: Path) -> str:
    entry = _entry(lock)
    if not entry:
        return "somebody unknown"
    return f"{entry.get('user')} on {entry.get('host')} (process {entry.get('pid')}) since {entry.get('time')}"


def _boot() -> str:
    """The id of this boot of the system, or empty."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _host() -> str:
    # socket takes 4 ms to import; only saving needs it.
    import socket

    return socket.gethostname()


def _user() -> str:
    # getpass brings termios and more along; only saving needs it.
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
