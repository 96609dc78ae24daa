"""Whether a document fits a schema: the quick yes for good files.

jsonschema takes 0.13 s to import, so it only explains files that do not fit. This knows the keywords that our schemas
use and no others; a test holds its answers to jsonschema's. A schema is made into functions once: looking its keywords
up anew for each of a file's 500 values takes twice as long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from toolvet.files.kinds import is_type

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
