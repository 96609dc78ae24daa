"""Something wrong at a place in a document, before its line is known."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[str | int, ...]
"""Keys and positions from the top of a document down: ("criteria", 0, "weight")."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and what to do, at a place. `is_warning` says that the file can be used all the same."""

    place: Place
    message: str
    is_warning: bool = False


def quoted(value: object) -> str:
    """The value in quotes, cut to a length that fits a message."""
    text = str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def listed(values: object) -> str:
    """Values in a row, as a message names them: a, b, c."""
    return ", ".join(str(value) for value in values) if isinstance(values, list | tuple) else str(values)
