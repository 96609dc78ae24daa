"""Which TOML value is of which JSON Schema type.

TOML knows more than JSON: dates are not texts, 3.0 is not a whole number, and nan is no number to count with.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def is_kind(value: object, schema: Mapping[str, Any]) -> bool:
    """Whether the value is of the type that the schema names; a text of format "date" has to be a TOML date."""
    return value.__class__ is datetime.date if schema.get("format") == "date" else is_type(value, schema["type"])


def is_type(value: object, name: str) -> bool:
    """Whether the value is of the type of that name. Numbers are whole or Decimal; the float nan is none."""
    return value.__class__ in _KINDS[name]


def words_of_type(schema: Mapping[str, Any]) -> str:
    """The type that a schema names, as a person writes it in TOML."""
    return "a date as 2026-11-02, without quotes" if schema.get("format") == "date" else _WORDS[schema["type"]]


def words_of_value(value: object) -> str:
    """What kind of thing a value is, for a message that it is the wrong one."""
    return next((words for kind, words in _VALUE_WORDS if isinstance(value, kind)), "something else")


_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
}
_WORDS = {
    "object": "a table",
    "array": "a list in square brackets",
    "string": "a text in quotes",
    "integer": "a whole number",
    "number": "a number",
}
_VALUE_WORDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a whole number"),
    (Decimal, "a decimal number"),
    (float, "one that is nan, infinite or too long"),
    (datetime.datetime, "a date with a time"),
    (datetime.date, "a date"),
    (datetime.time, "a time"),
    (str, "a text"),
    (list, "a list"),
    (dict, "a table"),
)
