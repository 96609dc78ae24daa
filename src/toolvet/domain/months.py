"""Calendar months: 31 August plus one month is 30 September."""

from __future__ import annotations

import datetime
from calendar import monthrange


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or that month's last; the last date there is where it would be later."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > datetime.MAXYEAR:
        return datetime.date.max
    last = day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1])
    return datetime.date(year, month + 1, last)
