"""A system whose Nth call of one function fails, in this process, for as long as the block lasts."""

from __future__ import annotations

import builtins
import errno
import io
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

try:
    import fcntl
except ImportError:  # this system keeps locks another way
    fcntl = None  # type: ignore[assignment]

_PLACES: dict[str, tuple[tuple[Any, str], ...]] = {
    "open": ((os, "open"), (io, "open"), (builtins, "open")),
    "read": ((os, "read"),),
    "write": ((os, "write"),),
    "fsync": ((os, "fsync"),),
    "replace": ((os, "replace"), (os, "rename")),
    "close": ((os, "close"),),
    "unlink": ((os, "unlink"), (os, "remove"), (os, "rmdir")),
    "mkdir": ((os, "mkdir"),),
    "stat": ((os, "stat"), (os, "lstat"), (os, "fstat")),
    "scandir": ((os, "scandir"), (os, "listdir")),
    "getcwd": ((os, "getcwd"),),
    "flock": () if fcntl is None else ((fcntl, "flock"),),
    "truncate": ((os, "ftruncate"), (os, "lseek")),
    "readlink": ((os, "readlink"),),
    "chmod": ((os, "fchmod"), (os, "chmod")),
    "utime": ((os, "utime"),),
    "spawn": ((subprocess.Popen, "_execute_child"),),
}
CALLS = tuple(_PLACES)


class Fault(Enum):
    """How a call fails. FILLING writes a part and then has no space left, as a real disk does."""

    ENOSPC = errno.ENOSPC
    EIO = errno.EIO
    EACCES = errno.EACCES
    EMFILE = errno.EMFILE
    SHORT = "short"
    FILLING = "filling"


def may_fail_so(call: str, fault: Fault) -> bool:
    """Whether that call can fail so: without a lock for the asking, somebody else has it, which is no failure."""
    match fault:
        case Fault.SHORT | Fault.FILLING:
            return call == "write"
        case Fault.EMFILE:
            return call in ("open", "scandir")
        case Fault.EACCES:
            return call != "flock"
        case _:
            return True


@dataclass(slots=True)
class Count:
    """How often the function was called, whether a call failed, and the file that the first such call was about."""

    calls: int = 0
    has_failed: bool = False
    path: Path | None = None


@contextmanager
def failing(call: str, nth: int, fault: Fault, *, lasting: bool, count: Count | None = None) -> Iterator[Count]:
    """From its Nth call, or at that one only, the function fails."""
    count = count or Count()

    def failing_one(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            count.calls += 1
            if count.calls == nth or (lasting and count.calls > nth):
                if not count.has_failed:
                    count.has_failed, count.path = True, _path_of(given)
                return _fail(call, fault, real, *given, is_first=count.calls == nth)
            return real(*given, **named)

        return called

    with pytest.MonkeyPatch.context() as patch:
        for module, name in _PLACES[call]:
            patch.setattr(module, name, failing_one(getattr(module, name)))
        yield count


@contextmanager
def counting(counts: Counter[str]) -> Iterator[None]:
    """Count how often each function is called meanwhile, as `failing` does."""

    def counted(call: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            counts[call] += 1
            return real(*given, **named)

        return called

    with pytest.MonkeyPatch.context() as patch:
        for call, places in _PLACES.items():
            for module, name in places:
                patch.setattr(module, name, counted(call, getattr(module, name)))
        yield


def _path_of(given: tuple[Any, ...]) -> Path | None:
    """The file that a call is about; None where only the system knows."""
    about = given[0] if given else None
    if isinstance(about, int):
        with suppress(OSError):
            return Path(f"/proc/self/fd/{about}").readlink()
        return None
    return Path(os.fsdecode(about)) if isinstance(about, str | bytes | os.PathLike) else None


def _fail(call: str, fault: Fault, real: Callable[..., Any], *given: Any, is_first: bool) -> Any:
    if fault is Fault.SHORT or (fault is Fault.FILLING and is_first):
        descriptor, content = given
        return real(descriptor, content[: max(1, len(content) // 2)])
    if call == "close":
        # The system closes it and then tells that what was written before did not reach the disk.
        real(*given)
    number = errno.ENOSPC if fault is Fault.FILLING else fault.value
    raise OSError(number, os.strerror(number), *given[:1])
