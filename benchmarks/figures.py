"""What was measured, beside the bar it has to keep under."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. `value` has to be at most `bar`, both in `unit`; `detail` says what it was made from."""

    name: str
    value: float
    bar: float
    unit: str
    detail: str

    @property
    def is_met(self) -> bool:
        """Whether it keeps its bar."""
        return self.value <= self.bar

    def row(self) -> tuple[str, str, str, str, str]:
        """Its cells, as `HEADERS` names them."""
        return (
            self.name,
            f"{self.value:.2f} {self.unit}",
            f"{self.bar:g} {self.unit}",
            "yes" if self.is_met else "NO",
            self.detail,
        )


HEADERS = ("what", "measured", "bar", "met", "from")


def milliseconds(seconds: float) -> str:
    """Seconds as a person compares them: "31 ms"."""
    return f"{seconds * 1000:.0f} ms"


def percentile_95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
