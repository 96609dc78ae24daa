"""Something wrong at a place in a document, before its line is known."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

Place = tuple[str | int, ...]
"""Keys and positions from the top of a document down: ("criteria", 0, "weight")."""

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and what to do, at a place. `is_warning` says that the file can be used all the same."""

    place: Place
    message: str
    is_warning: bool = False


def quoted(value: object) -> str:
    """The value in quotes, on one line, cut to a length that fits a message."""
    text = str(value)
    return json.dumps(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…", ensure_ascii=False)


def named(key: str) -> str:
    """A key as a message names it: bare where TOML lets it stand bare, else in quotes."""
    return key if re.fullmatch(f"[A-Za-z0-9_-]{{1,{_LONGEST}}}", key) else quoted(key)
