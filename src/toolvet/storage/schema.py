"""The JSON Schemas of the files, one for each kind of file and way of answering."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA_NAMES = ("rubric", "rubric-gap", "assessment", "assessment-gap", "decision", "policy")
_FOLDER = Path(__file__).parent / "schemas"


def schema_bytes(name: str) -> bytes:
    """The text of a schema, as it goes into a workspace."""
    return (_FOLDER / schema_file_name(name)).read_bytes()


def schema_text(kind: str) -> str:
    """The text of the schema of a kind: rubric, assessment (those answered with levels) or decision."""
    return schema_bytes(kind).decode()


def schema_file_name(name: str) -> str:
    """The name of the file in which a schema lies, here and in a workspace."""
    return f"{name}.schema.json"


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The schema of that name."""
    schema: dict[str, Any] = json.loads(schema_bytes(name))
    return schema


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


Schema = Mapping[str, Any]
Check = Callable[[Any], bool]
"""Whether a value is what a schema says."""


def fits(document: object, schema: Schema) -> bool:
    """Whether the document is what the schema says."""
    return make_check(schema)(document)


def make_check(schema: Schema) -> Check:
    """The check for that schema, for looking at many documents."""
    return _Checks(schema.get("$defs", {})).of(schema)


class _Checks:
    """Makes checks; those of shared definitions when they are first asked for, since some contain themselves."""

    def __init__(self, shared: Schema) -> None:
        self._shared = shared
        self._made: dict[str, Check] = {}

    def of(self, schema: Schema) -> Check:
        """The check for one schema and all that is in it."""
        reference = schema.get("$ref")
        if reference is not None:
            return self._named(reference.removeprefix("#/$defs/"))
        if "enum" in schema:
            return _is_one_of(schema["enum"])
        if "const" in schema:
            return _is_one_of([schema["const"]])
        match schema.get("type"):
            case "array":
                return self._list_check(schema)
            case "object":
                return self._table_check(schema)
            case "integer" | "number":
                return _number_check(schema)
        return _is_date if schema.get("format") == "date" else _text_check(schema)

    def _named(self, name: str) -> Check:
        def fits_definition(value: Any) -> bool:
            check = self._made.get(name)
            if check is None:
                check = self._made[name] = self.of(self._shared[name])
            return check(value)

        return fits_definition

    def _list_check(self, schema: Schema) -> Check:
        fewest, most, is_set = schema.get("minItems", 0), schema.get("maxItems"), schema.get("uniqueItems", False)
        fits_item = self.of(schema["items"])

        def fits_list(value: Any) -> bool:
            if value.__class__ is not list or len(value) < fewest or (most is not None and len(value) > most):
                return False
            return all(map(fits_item, value)) and (not is_set or len(set(value)) == len(value))

        return fits_list

    def _table_check(self, schema: Schema) -> Check:
        required = schema.get("required", ())
        known = {key: self.of(item) for key, item in schema.get("properties", {}).items()}
        others = schema.get("additionalProperties", True)
        fits_other = self.of(others) if isinstance(others, Mapping) else _always if others else _never
        fits_name = self.of(schema["propertyNames"]) if "propertyNames" in schema else None

        def fits_table(value: Any) -> bool:
            if value.__class__ is not dict:
                return False
            for key in required:
                if key not in value:
                    return False
            if fits_name is not None and not all(map(fits_name, value)):
                return False
            return all(known.get(key, fits_other)(item) for key, item in value.items())

        return fits_table


def _always(_: Any) -> bool:
    return True


def _never(_: Any) -> bool:
    return False


def _is_one_of(values: list[Any]) -> Check:
    return lambda value: value in values


def _is_date(value: Any) -> bool:
    return value.__class__ is date


def _text_check(schema: Schema) -> Check:
    fewest, most = schema.get("minLength", 0), schema.get("maxLength")
    matches = re.compile(schema["pattern"]).search if "pattern" in schema else None

    def fits_text(value: Any) -> bool:
        if value.__class__ is not str or len(value) < fewest or (most is not None and len(value) > most):
            return False
        return matches is None or matches(value) is not None

    return fits_text


def _number_check(schema: Schema) -> Check:
    kind: str = schema["type"]
    least, most, above = (schema.get(keyword) for keyword in ("minimum", "maximum", "exclusiveMinimum"))

    def fits_number(value: Any) -> bool:
        if not is_type(value, kind):
            return False
        if (least is not None and value < least) or (most is not None and value > most):
            return False
        return above is None or bool(value > above)

    return fits_number
