"""Whether a document fits a schema: the quick yes for good files.

jsonschema takes 0.13 s to import, so it only explains files that do not fit. This knows the keywords that our schemas
use and no others; a test holds its answers to jsonschema's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from toolvet.files.kinds import is_kind

Schema = Mapping[str, Any]


def fits(document: object, schema: Schema) -> bool:
    """Whether the document is what the schema says."""
    return _fits(document, schema, schema.get("$defs", {}))


def _fits(value: object, schema: Schema, shared: Schema) -> bool:
    reference = schema.get("$ref")
    if reference is not None:
        schema = shared[reference.removeprefix("#/$defs/")]
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "type" in schema and not is_kind(value, schema):
        return False
    if isinstance(value, str):
        return _text_fits(value, schema)
    if isinstance(value, list):
        return _list_fits(value, schema, shared)
    if isinstance(value, dict):
        return _table_fits(value, schema, shared)
    return all(within(value, schema[keyword]) for keyword, within in _BOUNDS.items() if keyword in schema)


def _text_fits(value: str, schema: Schema) -> bool:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return False
    return "pattern" not in schema or _compiled(schema["pattern"]).search(value) is not None


def _list_fits(value: list[Any], schema: Schema, shared: Schema) -> bool:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return False
    if not all(_fits(item, schema["items"], shared) for item in value):
        return False
    return not schema.get("uniqueItems") or len(set(value)) == len(value)


def _table_fits(value: dict[str, Any], schema: Schema, shared: Schema) -> bool:
    if not all(key in value for key in schema.get("required", ())):
        return False
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    names = schema.get("propertyNames")
    for key, item in value.items():
        if names is not None and not _fits(key, names, shared):
            return False
        expected = known.get(key, others)
        if expected is False or (expected is not True and not _fits(item, expected, shared)):
            return False
    return True


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, bound: bool(value >= bound),
    "maximum": lambda value, bound: bool(value <= bound),
    "exclusiveMinimum": lambda value, bound: bool(value > bound),
}
