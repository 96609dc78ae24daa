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

LIGHTEST_CRITERION = Fraction(1, 10)
"""A criterion under this part of the heaviest one's weight hardly moves the total."""


def weight_warnings(criteria: Sequence[TomlTable], questions: Sequence[Sequence[TomlTable]]) -> Iterator[Fault]:
    """Criteria and questions that weigh next to nothing beside the heaviest of their kind."""
    yield from _light_criteria(criteria)
    for group in questions:
        yield from _light_questions(group)


def _light_criteria(criteria: Sequence[TomlTable]) -> Iterator[Fault]:
    heaviest = max((_weight(criterion) for criterion in criteria), default=Fraction(0))
    for criterion in criteria:
        if _weight(criterion) < heaviest * LIGHTEST_CRITERION:
            message = (
                f"the weight is less than a tenth of the heaviest criterion's ({_shown(heaviest)}), so that it hardly "
                "moves the total; raise it, or put its questions into another criterion"
            )
            yield Fault((*criterion.place, "weight"), message, is_warning=True)


def _light_questions(group: Sequence[TomlTable]) -> Iterator[Fault]:
    """Questions whose whole ladder weighs less than one rung of the heaviest beside them."""
    heaviest = max(group, key=_weight, default=None)
    if heaviest is None:
        return
    rung = _weight(heaviest) / max(1, len(heaviest.texts("levels")) - 1)
    for question in group:
        if _weight(question) < rung:
            message = (
                f"the weight is so small that the whole ladder counts less than one rung of {heaviest.text('id')} "
                f"({_shown(_weight(heaviest))}); raise it, or leave the question out"
            )
            yield Fault((*question.place, "weight"), message, is_warning=True)


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
