"""Dates as they are typed: 2026-11-27."""

from __future__ import annotations

import re
from datetime import date

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_day(text: str) -> date | None:
    """The day; None where the text is not one in the form YYYY-MM-DD."""
    if _FORM.fullmatch(text.strip()) is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def day_fault(text: str) -> str | None:
    """What is wrong with a typed day, and what to do; None where nothing is, or nothing was typed."""
    if not text.strip() or read_day(text) is not None:
        return None
    if _FORM.fullmatch(text.strip()):
        return f"There is no day {text.strip()}."
    return "Type the date as year-month-day, such as 2026-11-27."
