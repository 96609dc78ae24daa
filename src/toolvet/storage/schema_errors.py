"""Violations of a schema, in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from toolvet.storage.faults import Fault, Place, named, quoted
from toolvet.storage.schema import KINDS, is_kind, is_type, make_check, words_of_type, words_of_value

_Schema = Mapping[str, Any]
_LONG = 10**15
PATTERN_WORDS = {
    "^[a-z0-9]": "must be lower-case letters, digits and hyphens, like quiet-hours",
    "^([a-z0-9]": "must be lower-case letters, digits and hyphens, like quiet-hours",
    "^[0-9A-Za-z]": "must be letters and digits joined by dots, hyphens or plus signs, like 1.0.0",
    "^[0-9a-f]": "must be 64 hexadecimal digits",
    "^sha256:": 'must be "sha256:" and 64 hexadecimal digits',
    "^[a-z]{2,3}": "must be a language code, like de or pt-BR",
}
"""What each pattern of our schemas asks for, by how it begins."""


def schema_faults(document: Mapping[str, Any], schema: _Schema) -> Iterator[Fault]:
    """Every fault of the document against the schema, as it is found."""
    validator = _passing_over_what_fits(schema.get("$defs", {}))
    for error in validator(schema, registry=Registry()).iter_errors(document):
        yield from _faults(error, schema)


def _passing_over_what_fits(shared: _Schema) -> Any:
    """The validator of schemas with these definitions, quick where a table has thousands of keys that fit."""

    def names(validator: Any, wanted: _Schema, table: Any, _schema: _Schema) -> Iterator[ValidationError]:
        fits = make_check({**wanted, "$defs": shared})
        for name in _keys(table):
            if not fits(name):
                yield from validator.descend(name, wanted)

    def others(validator: Any, wanted: _Schema | bool, table: Any, schema: _Schema) -> Iterator[ValidationError]:
        extras = [key for key in _keys(table) if key not in schema.get("properties", {})]
        if isinstance(wanted, bool):
            if extras and not wanted:
                yield ValidationError("unknown keys")
            return
        fits = make_check({**wanted, "$defs": shared})
        for key in extras:
            if not fits(table[key]):
                yield from validator.descend(table[key], wanted, path=key)

    return extend(_Validator, validators={"propertyNames": names, "additionalProperties": others})  # type: ignore[no-untyped-call]  # as below


def _keys(table: object) -> list[str]:
    return list(table) if isinstance(table, dict) else []


def _toml_kind(_validator: object, _name: object, value: object, schema: _Schema) -> Iterator[ValidationError]:
    if not is_kind(value, schema):
        yield ValidationError("kind")


def _missing_keys(_validator: object, keys: list[str], value: object, _schema: _Schema) -> Iterator[ValidationError]:
    """As jsonschema tells them, one by one, but each error's message is the key alone."""
    for key in keys:
        if isinstance(value, dict) and key not in value:
            yield ValidationError(key)


def _checker(name: str) -> Any:
    return lambda _checker, value: is_type(value, name)


_Validator = extend(  # type: ignore[no-untyped-call]  # jsonschema's stubs leave it untyped
    Draft202012Validator,
    validators={"type": _toml_kind, "required": _missing_keys},
    type_checker=TypeChecker({name: _checker(name) for name in KINDS}),
)


def _faults(error: ValidationError, whole: _Schema) -> Iterator[Fault]:
    place: Place = tuple(error.absolute_path)
    schema: _Schema = error.schema if isinstance(error.schema, dict) else {}
    known = schema.get("properties", {})
    if error.validator == "required":
        what: str = known[error.message]["description"]
        advice = what[:1].lower() + what[1:].rstrip(".")
        yield Fault(place, f"{_within(place)}{error.message} is missing; add it: {advice}")
    elif error.validator == "additionalProperties":
        table: Any = error.instance
        for key in table:
            if key not in known:
                yield Fault((*place, key), _unknown_key(key, table[key], list(known), whole))
    elif "propertyNames" in error.absolute_schema_path:
        yield Fault((*place, str(error.instance)), f"the name {quoted(error.instance)} {_shortcoming(error, schema)}")
    else:
        yield Fault(place, f"{_called(place)} {_shortcoming(error, schema)}")


def _unknown_key(key: str, value: object, known: list[str], whole: _Schema) -> str:
    elsewhere = list(dict.fromkeys(_tables_with(key, whole, whole.get("$defs", {}), "")))
    if elsewhere and isinstance(value, list) and all(isinstance(item, dict) for item in value):
        header = elsewhere[0].removeprefix("under ").strip("[]")
        nested = f"write [[{header}.{named(key)}]], below the [[{header}]] it belongs to"
        return f"[[{named(key)}]] does not belong here; {nested}"
    if elsewhere:
        return f"{named(key)} does not belong here; move it {' or '.join(elsewhere)}, or remove it"
    close = get_close_matches(key, known, n=1)
    if close:
        return f"unknown key {quoted(key)}; did you mean {close[0]}?"
    return f"unknown key {quoted(key)}; remove it, or choose from {', '.join(known)}"


def _tables_with(key: str, schema: _Schema, shared: _Schema, name: str) -> Iterator[str]:
    """Where in a file the key belongs, as a phrase for each heading that can have it."""
    properties: _Schema = schema.get("properties", {})
    if key in properties:
        yield f"under {name}" if name else "to the top of the file, above the first heading"
    bare = name.strip("[]")
    for inner, found in properties.items():
        if inner == "translations":
            continue  # they repeat the words of what they translate
        header = f"{bare}.{inner}" if bare else inner
        is_list = found.get("type") == "array"
        item = _resolved(found["items"] if is_list else found, shared)
        # Conditions contain themselves, and nobody gives them headings.
        if item.get("type") != "object" or "not" in item.get("properties", {}):
            continue
        others = item.get("additionalProperties")
        if isinstance(others, Mapping):
            yield from _tables_with(key, _resolved(others, shared), shared, f"[{header}.…]")
        else:
            yield from _tables_with(key, item, shared, f"[[{header}]]" if is_list else f"[{header}]")


def _resolved(schema: _Schema, shared: _Schema) -> _Schema:
    return shared[schema["$ref"].removeprefix("#/$defs/")] if "$ref" in schema else schema


def _shortcoming(error: ValidationError, schema: _Schema) -> str:
    value: Any = error.instance
    bound: Any = error.validator_value
    match error.validator:
        case "type":
            return _wrong_type(tuple(error.absolute_path), schema, value)
        case "enum":
            known = [each if isinstance(each, str) else str(each).lower() for each in bound]  # true and false
            close = get_close_matches(str(value), known, n=1)
            advice = f"; did you mean {close[0]}?" if close else ""
            choice = f"one of {', '.join(known)}" if len(known) > 1 else f'"{known[0]}"'
            return f"must be {choice}, not {_shown(value)}{advice}"
        case "const":
            return f'must be "{bound}", not {_shown(value)}'
        case "pattern":
            form = next(words for start, words in PATTERN_WORDS.items() if bound.startswith(start))
            return f"{form}, not {_shown(value)}"
        case _:
            return _out_of_bounds(str(error.validator), value, bound)


def _wrong_type(place: Place, schema: _Schema, value: Any) -> str:
    header = ".".join(part for part in place if isinstance(part, str))
    if schema["type"] == "array" and isinstance(value, dict) and "$ref" in schema["items"]:
        return f"must be a list of tables; write [[{header}]], with two brackets, above each of them"
    if schema["type"] == "object" and isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return f"must be one table; write [{header}], with one bracket"
    return f"must be {words_of_type(schema)}, not {_shown(value)}"


def _out_of_bounds(keyword: str, value: Any, bound: int) -> str:
    match keyword:
        case "minLength":
            return "must not be empty; say something"
        case "maxLength":
            return f"is {len(value):,} characters long; at most {bound:,} are kept, so shorten it"
        case "minItems":
            return f"has {_entries(value)}; it needs at least {bound}"
        case "maxItems":
            return f"has {_entries(value)}; it may have at most {bound}"
        case "uniqueItems":
            repeated = next(item for position, item in enumerate(value) if item in value[:position])
            return f"has {quoted(repeated)} twice; remove one"
        case "minimum":
            return f"must be {bound} or more, not {_shown(value)}"
        case "maximum":
            return f"must be {bound} or less, not {_shown(value)}"
        case "exclusiveMinimum":
            return f"must be more than {bound}, not {_shown(value)}"
    raise AssertionError(f"our schemas do not use {keyword}")


def _called(place: Place) -> str:
    """How a message calls what stands at a place: the last key, and the position in a list."""
    if not place:
        return "the file"
    if isinstance(place[-1], int):
        return f"entry {place[-1] + 1} of {named(str(place[-2]))}"
    return named(place[-1])


def _entries(items: list[object]) -> str:
    return "1 entry" if len(items) == 1 else f"{len(items)} entries"


def _within(place: Place) -> str:
    return f"in {_called(place)}: " if place else ""


def _shown(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return _short(value)
    if isinstance(value, datetime.date):
        return f"{words_of_value(value)} ({value.isoformat()})"
    return words_of_value(value)


def _short(value: int | Decimal) -> str:
    is_long = value >= _LONG or value <= -_LONG
    return "so large a number" if is_long else f"{value}"
