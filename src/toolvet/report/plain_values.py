"""A value made of dataclasses, as JSON takes it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction

from toolvet.report.words import plain_number


def plain_value(value: object) -> object:
    """Dataclasses as objects, tuples as lists, enums as their value, fractions as numbers, dates as ISO text."""
    match value:
        case Enum():
            return value.value
        case Fraction():
            return plain_number(value)
        case datetime.date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain_value(one) for key, one in value.items()}
        case tuple() | list():
            return [plain_value(one) for one in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {field.name: plain_value(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            return value
