"""The JSON Schemas of the files, and a quick check of documents against them."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA_NAMES = ("rubric", "rubric-gap", "assessment", "assessment-gap", "decision", "record", "policy", "round")
_FOLDER = Path(__file__).parent / "schemas"
_BASES = {"rubric-gap": "rubric", "assessment-gap": "assessment"}
"""The schemas that are kept as changes (RFC 7396, JSON Merge Patch) to another one."""


def schema_file_name(name: str) -> str:
    """The name that a schema's file has in a workspace."""
    return f"{name}.schema.json"


def schema_text(name: str) -> str:
    """The schema as it is printed and written into a workspace."""
    return json.dumps(load_schema(name), indent=2, ensure_ascii=False) + "\n"


def schema_bytes(name: str) -> bytes:
    """The same as UTF-8."""
    return schema_text(name).encode()


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The schema put together from what is kept here: its own part, its base and the definitions it uses."""
    schema = _part(_BASES[name]) if name in _BASES else _part(name)
    if name in _BASES:
        schema = _changed(schema, _part(name))
    own = schema.pop("$defs", {})
    definitions = _part("shared") | own
    used = _used(schema, definitions)
    return schema | {"$defs": {key: definitions[key] for key in definitions if key in used}}


def _part(name: str) -> dict[str, Any]:
    part: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_bytes())
    return part


def _changed(schema: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with each change made: a table is changed in turn, null takes a key away, other values replace."""
    changed = dict(schema)
    for key, change in changes.items():
        if change is None:
            changed.pop(key)
        else:
            changed[key] = _changed(changed.get(key, {}), change) if isinstance(change, dict) else change
    return changed


def _used(value: object, definitions: Mapping[str, Any], used: frozenset[str] = frozenset()) -> frozenset[str]:
    """The definitions that a schema refers to, and those that these refer to; some refer to themselves."""
    if isinstance(value, dict):
        name = str(value.get("$ref", "")).removeprefix("#/$defs/")
        if name and name not in used:
            used = _used(definitions[name], definitions, used | {name})
        for item in value.values():
            used = _used(item, definitions, used)
    elif isinstance(value, list):
        for item in value:
            used = _used(item, definitions, used)
    return used


def is_kind(value: object, schema: Mapping[str, Any]) -> bool:
    """Whether the value has the schema's type; a string of format "date" must be a TOML date."""
    return value.__class__ is datetime.date if schema.get("format") == "date" else is_type(value, schema["type"])


def is_type(value: object, name: str) -> bool:
    """Whether the value has that JSON type. Numbers are int or Decimal; the float nan is not one."""
    return value.__class__ in KINDS[name]


def words_of_type(schema: Mapping[str, Any]) -> str:
    """The schema's type, as a person writes it in TOML."""
    return "a date as 2026-11-02, without quotes" if schema.get("format") == "date" else _WORDS[schema["type"]]


def words_of_value(value: object) -> str:
    """What kind of value this is, for a message that it is the wrong one."""
    return next((words for kind, words in _VALUE_WORDS if isinstance(value, kind)), "something else")


KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
}
_WORDS = {
    "object": "a table",
    "array": "a list in square brackets",
    "string": "a text in quotes",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
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


def fits(document: object, schema: Schema) -> bool:
    """Whether the document fits the schema."""
    return make_check(schema)(document)


def make_check(schema: Schema) -> Check:
    """A function that says whether a value fits the schema, for many values."""
    return _Checks(schema.get("$defs", {})).of(schema)


class _Checks:
    """Makes checks; those of definitions on first use, since some contain themselves."""

    def __init__(self, shared: Schema) -> None:
        self._shared = shared
        self._made: dict[str, Check] = {}

    def of(self, schema: Schema) -> Check:
        reference = schema.get("$ref")
        if reference is not None:
            return self._named(reference.removeprefix("#/$defs/"))
        if "enum" in schema:
            return lambda value: value in schema["enum"]
        if "const" in schema:
            return lambda value: bool(value == schema["const"])
        match schema.get("type"):
            case "array":
                return self._list_check(schema)
            case "object":
                return self._table_check(schema)
            case "integer" | "number":
                return _number_check(schema)
            case "boolean":
                return lambda value: value.__class__ is bool
        if schema.get("format") == "date":
            return lambda value: value.__class__ is datetime.date
        return _text_check(schema)

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
        fits_other = self.of(others) if isinstance(others, Mapping) else lambda _: bool(others)
        fits_name = self.of(schema["propertyNames"]) if "propertyNames" in schema else None

        def fits_table(value: Any) -> bool:
            if value.__class__ is not dict:
                return False
            for key in required:
                if key not in value:
                    return False
            if fits_name is not None and not all(map(fits_name, value)):
                return False
            for key, item in value.items():  # noqa: SIM110 - a generator for each of a million tables takes as long again
                if not known.get(key, fits_other)(item):
                    return False
            return True

        return fits_table


_REMEMBERED = 2_000


def _text_check(schema: Schema) -> Check:
    fewest, most = schema.get("minLength", 0), schema.get("maxLength")
    matches = re.compile(schema["pattern"]).search if "pattern" in schema else None

    seen: set[str] = set()  # thousands of files name the same questions

    def fits_text(value: Any) -> bool:
        if value.__class__ is not str:
            return False
        if value in seen:
            return True
        if len(value) < fewest or (most is not None and len(value) > most):
            return False
        fits = matches is None or matches(value) is not None
        if fits and matches is not None and len(seen) < _REMEMBERED:
            seen.add(value)
        return fits

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
