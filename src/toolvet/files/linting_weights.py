"""Warnings about figures of a rubric: weights too small to matter, thresholds that never decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from toolvet.domain.rubric import Policy, Thresholds
from toolvet.domain.verdict import threshold
from toolvet.files.faults import Fault
from toolvet.files.toml_table import TomlTable

LIGHTEST = Fraction(1, 10)
"""What weighs less than this part of the heaviest beside it hardly moves the sum.

HECVAT and OpenSSF Scorecard both give the heaviest four times the weight of the lightest.
"""


def weight_warnings(criteria: Sequence[TomlTable], questions: Sequence[Sequence[TomlTable]]) -> Iterator[Fault]:
    """Criteria and questions that weigh next to nothing beside the heaviest of their kind."""
    yield from _light(
        criteria, "criterion beside it", "the total; raise it, or put its questions into another criterion"
    )
    for group in questions:
        yield from _light(group, "question beside it", "its criterion; raise it, or leave the question out")


def _light(tables: Sequence[TomlTable], beside: str, advice: str) -> Iterator[Fault]:
    heaviest = max(tables, key=_weight, default=None)
    for table in tables:
        if heaviest is not None and _weight(table) < _weight(heaviest) * LIGHTEST:
            named = f"{heaviest.text('id')}, {_shown(_weight(heaviest))}"
            message = f"the weight is less than a tenth of the heaviest {beside} ({named}) and hardly moves {advice}"
            yield Fault((*table.place, "weight"), message, is_warning=True)


def threshold_warnings(policy: object) -> Iterator[Fault]:
    """Overall thresholds that say nothing: where every criterion reaches more, so does their mean."""
    if not isinstance(policy, dict):
        return
    for name in ("approve", "conditional"):
        default: Thresholds = getattr(Policy(), name)
        given = policy.get(name)
        if not isinstance(given, dict):
            continue
        overall, criterion = (_number(given, key, getattr(default, key)) for key in ("overall", "criterion"))
        if overall < criterion:
            message = (
                f"overall of {name} ({threshold(overall)}) is below criterion ({threshold(criterion)}) and never "
                "decides; raise it, or lower criterion"
            )
            yield Fault(("policy", name), message, is_warning=True)


def _weight(table: TomlTable) -> Fraction:
    return max(Fraction(0), _number(table.keys, "weight", Fraction(1)))


def _number(table: Mapping[str, Any], key: str, default: Fraction) -> Fraction:
    value = table.get(key, default)
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else default


def _shown(weight: Fraction) -> str:
    return f"{float(weight):g}"
