"""What is wrong in a document, the words that name it, and the lines of a TOML file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import tomli

if TYPE_CHECKING:
    from tree_sitter import Node

Place = tuple[str | int, ...]
"""Keys and positions from the top of a document down: ("criteria", 0, "weight")."""

_LONGEST = 60
_KEYS = frozenset({"bare_key", "quoted_key", "dotted_key"})
_NAMES = 200
"""Among how many names to look for the one nearest to a mistyped one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place, and what to do. With `is_warning` the file can still be used."""

    place: Place
    message: str
    is_warning: bool = False


def quoted(value: object) -> str:
    """The value in quotes, on one line, shortened to fit a message."""
    text = str(value)
    return json.dumps(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…", ensure_ascii=False)


def named(key: str) -> str:
    """A key for a message: bare if TOML allows it, else in quotes."""
    return key if re.fullmatch(f"[A-Za-z0-9_-]{{1,{_LONGEST}}}", key) else quoted(key)


def unknown(what: str, name: str, known: list[str], *, is_sentence: bool = False) -> str:
    """Say that a name is not known, with the nearest one or a list of those that are."""
    said = what if is_sentence else f"there is no {what}"
    known = known[:_NAMES]
    close = get_close_matches(name, known, n=1)
    if close:
        return f"{said}; did you mean {quoted(close[0])}?"
    return f"{said}; " + (f"there is {', '.join(known)}" if known else "the rubric has none")


@dataclass(frozen=True, slots=True)
class TomlTable:
    """A table and where it stands."""

    place: Place
    keys: Mapping[str, Any]

    def text(self, key: str) -> str | None:
        """The text under the key, if there is one."""
        value = self.keys.get(key)
        return value if isinstance(value, str) else None

    def tables(self, key: str) -> Iterator[TomlTable]:
        """The tables in the list of that key."""
        items = self.keys.get(key)
        for position, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield TomlTable((*self.place, key, position), item)

    def texts(self, key: str) -> list[str]:
        """The texts in the list of that key."""
        items = self.keys.get(key)
        return [item for item in items if isinstance(item, str)] if isinstance(items, list) else []


def lines_of(content: bytes) -> Mapping[Place, int]:
    """The line, from 1, of every key, table and list item in valid TOML; where a key has several, the first."""
    # 10 ms to import, and good files go without it.
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    finder = _Finder()
    for node in Parser(Language(tree_sitter_toml.language())).parse(content).root_node.named_children:
        finder.visit(node)
    return finder.lines


def line_at(lines: Mapping[Place, int], place: Place) -> int:
    """The line of the place, or of the nearest one around it; line 1 when there is none."""
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return 1


class _Finder:
    """Walks the tree once, counting the tables of each list of tables in `_counts`."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self._counts: dict[Place, int] = {}

    def visit(self, node: Node) -> None:
        match node.type:
            case "pair":
                self._pair(node, ())
            case "table" | "table_array_element":
                self._table(node)

    def _table(self, node: Node) -> None:
        parts = _key_of(node)
        if parts:
            place = self._header_place(parts, is_item=node.type == "table_array_element")
            self._note(place, node)
            for pair in node.named_children:
                self._pair(pair, place)

    def _header_place(self, parts: tuple[str, ...], *, is_item: bool) -> Place:
        place: Place = ()
        for part in parts[:-1]:
            place = self._latest((*place, part))
        place = (*place, parts[-1])
        if not is_item:
            return place
        self._counts[place] = self._counts.get(place, 0) + 1
        return self._latest(place)

    def _latest(self, place: Place) -> Place:
        return (*place, self._counts[place] - 1) if place in self._counts else place

    def _pair(self, node: Node, place: Place) -> None:
        if node.type != "pair":
            return
        for part in _key_of(node):
            place = (*place, part)
            self._note(place, node)
        for value in node.named_children:
            self._value(value, place)

    def _value(self, node: Node, place: Place) -> None:
        match node.type:
            case "inline_table":
                for pair in node.named_children:
                    self._pair(pair, place)
            case "array":
                items = [child for child in node.named_children if child.type != "comment"]
                for position, item in enumerate(items):
                    self._note((*place, position), item)
                    self._value(item, (*place, position))

    def _note(self, place: Place, node: Node) -> None:
        line = node.start_point.row + 1
        while place and place not in self.lines:
            self.lines[place] = line
            place = place[:-1]


def _key_of(node: Node) -> tuple[str, ...]:
    """The parts of the key that a pair or header begins with; empty where the tree has an error."""
    key = next((child for child in node.named_children if child.type in _KEYS), None)
    return () if key is None else tuple(_parts(key))


def _parts(key: Node) -> Iterator[str]:
    if key.type == "dotted_key":
        for part in key.named_children:
            if part.type in _KEYS:
                yield from _parts(part)
        return
    text = (key.text or b"").decode()
    # The parser that reads the files also says what a quoted key means.
    yield next(iter(tomli.loads(f"{text} = 0"))) if key.type == "quoted_key" else text
