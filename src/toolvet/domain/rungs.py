"""A rung of a ladder, quoted by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

_AS_BEFORE = re.compile(r"\s*as before\b", re.IGNORECASE)


def rung_alone(levels: Sequence[str], level: int) -> str:
    """The rung's words, with what "As before" stands for in brackets: "[Minutes on request], and in time."."""
    text = levels[level]
    behind = _behind(levels, level)
    return text if behind is None else f"[{_spelled_out(levels, level - 1)}]{behind}"


def _spelled_out(levels: Sequence[str], level: int) -> str:
    """The rung with those it builds on, ready for something to follow."""
    behind = _behind(levels, level)
    text = levels[level] if behind is None else f"{_spelled_out(levels, level - 1)}{behind}"
    return text.strip().rstrip(".")


def _behind(levels: Sequence[str], level: int) -> str | None:
    """What follows "As before"; None where the rung does not begin so, and on the lowest, below which is nothing."""
    refers = _AS_BEFORE.match(levels[level]) if level else None
    return None if refers is None else levels[level][refers.end() :]
