"""A system whose Nth call of one function fails, in this process, for as long as the block lasts."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest

CALLS = ("open", "read", "write", "fsync", "replace", "close", "unlink", "mkdir", "stat")
_PLACES: dict[str, tuple[tuple[Any, str], ...]] = {
    "open": ((os, "open"), (io, "open")),
    "replace": ((os, "replace"), (os, "rename")),
    "stat": ((os, "stat"), (os, "lstat")),
}


class Fault(Enum):
    """How a call fails. FILLING writes a part and then has no space left, as a real disk does."""

    ENOSPC = errno.ENOSPC
    EIO = errno.EIO
    EACCES = errno.EACCES
    SHORT = "short"
    FILLING = "filling"


@dataclass(slots=True)
class Count:
    """How often the function was called, and whether a call failed."""

    calls: int = 0
    has_failed: bool = False


@contextmanager
def failing(call: str, nth: int, fault: Fault, *, lasting: bool) -> Iterator[Count]:
    """From its Nth call, or at that one only, the function fails."""
    count = Count()

    def failing_one(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            count.calls += 1
            if count.calls == nth or (lasting and count.calls > nth):
                count.has_failed = True
                return _fail(call, fault, real, *given, is_first=count.calls == nth)
            return real(*given, **named)

        return called

    with pytest.MonkeyPatch.context() as patch:
        for module, name in _PLACES.get(call, ((os, call),)):
            patch.setattr(module, name, failing_one(getattr(module, name)))
        yield count


def _fail(call: str, fault: Fault, real: Callable[..., Any], *given: Any, is_first: bool) -> Any:
    if fault is Fault.SHORT or (fault is Fault.FILLING and is_first):
        descriptor, content = given
        return real(descriptor, content[: max(1, len(content) // 2)])
    if call == "close":
        # The system closes it and then tells that what was written before did not reach the disk.
        real(*given)
    number = errno.ENOSPC if fault is Fault.FILLING else fault.value
    raise OSError(number, os.strerror(number), *given[:1])
