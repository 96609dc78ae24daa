"""What differs between two of our files, key by key, in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from toolvet.text.escape import one_line

_LEFT_OUT = frozenset({"seal", "format"})
_NAMED_BY = ("id", "question", "source", "path")
_TABLES_OF_QUESTIONS = ("answers", "retired")

Lines = dict[tuple[str, ...], str]
"""Each value of a file by its key; what stands in a list is named by its id, question or source, else counted."""


def readable_lines(document: Mapping[str, object]) -> Lines:
    """Every value of the document under its key, without the seal."""
    return dict(_flat((), {key: value for key, value in document.items() if key not in _LEFT_OUT}))


def _flat(place: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat((*place, str(key)), item)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for name, item in _named(value):
            shown = item
            if isinstance(item, Mapping) and len(item) > 1:
                shown = {key: one for key, one in item.items() if not (key in _NAMED_BY and one == name)}
            yield from _flat((*place, name), shown)
    elif isinstance(value, list):
        yield place, "; ".join(_said(item) for item in value)
    else:
        yield place, _said(value)


def _named(items: list[object]) -> Iterator[tuple[str, object]]:
    """Each item with a name of its own: what identifies it, else its number."""
    met: set[str] = set()
    for number, item in enumerate(items, start=1):
        given = next((str(item[key]) for key in _NAMED_BY if key in item), "") if isinstance(item, Mapping) else ""
        name = given if given and given not in met else str(number)
        while name in met:
            name += "'"
        met.add(name)
        yield name, item


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def file_lines(lines: Lines, titles: Mapping[str, str]) -> Iterator[str]:
    """The file, one value a line; `titles` are those of its questions."""
    for place, value in lines.items():
        yield f"{_label(place, titles)}: {one_line(value)}"


def changed_lines(before: Lines, after: Lines, titles: Mapping[str, str]) -> Iterator[str]:
    """A line for each value that is not as it was, in the order of the later file."""
    for place in dict.fromkeys((*after, *before)):
        was, now = before.get(place), after.get(place)
        if was == now:
            continue
        label = _label(place, titles)
        if was is None:
            yield f"{label}: added, {one_line(now or '')}"
        elif now is None:
            yield f"{label}: removed, was {one_line(was)}"
        else:
            yield f"{label}: {one_line(was)} → {one_line(now)}"


def _label(place: tuple[str, ...], titles: Mapping[str, str]) -> str:
    parts = list(place)
    if len(parts) > 1 and parts[0] in _TABLES_OF_QUESTIONS:
        kept = "" if parts[0] == "answers" else "kept aside, "
        title = titles.get(parts[1])
        parts = [f'{kept}"{title}"' if title else f"{kept}{parts[1]}", *parts[2:]]
    return one_line(", ".join(part.replace("_", " ") if part.isidentifier() else part for part in parts))
