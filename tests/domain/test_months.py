from __future__ import annotations

from datetime import date

import pytest

from toolvet.domain.scoring import add_months


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 21), 18, date(2028, 5, 21)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
        (date(9999, 6, 1), 12, date.max),
    ],
)
def test_calendar_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
