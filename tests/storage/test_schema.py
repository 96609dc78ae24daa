"""The quick check of good files, held to jsonschema's verdict."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from toolvet.storage.schema import SCHEMA_NAMES, fits, load_schema, schema_text
from toolvet.storage.schema_errors import PATTERN_WORDS, schema_faults

GOOD = Path(__file__).parent.parent / "data" / "good"
KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "enum", "const", "format", "pattern",
    "properties", "required", "additionalProperties", "propertyNames",
    "items", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
}  # fmt: skip

ODD_VALUES: list[Any] = [
    *(True, 0, 1, 7, -1, 10**30, Decimal("1.5"), Decimal("3.0"), Decimal("-0.1"), float("nan"), float("inf")),
    *("", "x", "quiet-hours", "Quiet", "quiet-hours\n", "level", "trial", "x" * 20_001, "2026-11-02"),
    *(datetime.date(2026, 11, 2), datetime.datetime(2026, 11, 2, 10), datetime.time(10)),
    *([], ["a"], ["a", "a"], ["a"] * 8, [1], {}, {"a": 1}, {"A!": "x"}, {"scope": "data", "is": "x"}),
]


def good_document(name: str) -> dict[str, Any]:
    return tomllib.loads((GOOD / f"{name}.toml").read_text(), parse_float=Decimal)


def tables_and_lists(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from tables_and_lists(item)


@st.composite
def changed_documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A good document with one to three values changed, added or removed."""
    name = draw(st.sampled_from(SCHEMA_NAMES))
    document = deepcopy(good_document(name))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(list(tables_and_lists(document))))
        value = deepcopy(draw(st.sampled_from(ODD_VALUES)))
        if isinstance(place, list):
            position = draw(st.integers(0, len(place)))
            place[position : position + draw(st.integers(0, 1))] = [value]
            continue
        known = sorted({key for schema in subschemas(load_schema(name)) for key in schema.get("properties", ())})
        key = draw(st.sampled_from([*place, *known, "colour", "Not Kebab"]))
        if draw(st.booleans()):
            place.pop(key, None)
        else:
            place[key] = value
    return name, document


def subschemas(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for key, item in value.items():
            children = item.values() if key in ("properties", "$defs") else [item]
            for child in children:
                yield from subschemas(child)


@given(changed_documents())
def test_quick_check_agrees_with_jsonschema(changed: tuple[str, dict[str, Any]]) -> None:
    name, document = changed
    assert fits(document, load_schema(name)) is (next(schema_faults(document, load_schema(name)), None) is None)


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_good_document_fits(name: str) -> None:
    assert fits(good_document(name), load_schema(name))


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_schema_is_valid_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(load_schema(name))


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_schema_uses_only_keywords_that_the_quick_check_knows(name: str) -> None:
    used = {key for schema in subschemas(load_schema(name)) for key in schema}
    assert used - KNOWN == set()


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_key_has_a_description(name: str) -> None:
    without = [
        key
        for schema in subschemas(load_schema(name))
        for key, about in schema.get("properties", {}).items()
        if "description" not in about
    ]
    assert without == []


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_table_of_named_keys_refuses_others(name: str) -> None:
    open_tables = [
        schema["description"]
        for schema in subschemas(load_schema(name))
        if schema.get("type") == "object" and "additionalProperties" not in schema
    ]
    assert open_tables == []


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_a_written_schema_holds_every_definition_that_it_uses_and_no_other(name: str) -> None:
    schema = json.loads(schema_text(name))
    used = {found["$ref"].removeprefix("#/$defs/") for found in subschemas(schema) if "$ref" in found}
    assert used == set(schema["$defs"])


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_pattern_has_words(name: str) -> None:
    patterns = {schema["pattern"] for schema in subschemas(load_schema(name)) if "pattern" in schema}
    without = [pattern for pattern in patterns if not any(pattern.startswith(start) for start in PATTERN_WORDS)]
    assert without == []
