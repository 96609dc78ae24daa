"""Faults in a document: their wording, and their lines in a TOML file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import tomli

if TYPE_CHECKING:
    from tree_sitter import Node


from pathlib import Path

from toolvet.values import dataclass

Place = tuple[str | int, ...]
"""Keys and positions from the top of a document down: ("criteria", 0, "weight")."""

_LONGEST = 60
_KEYS = frozenset({"bare_key", "quoted_key", "dotted_key"})
_NAMES = 200
"""Among how many names to look for the one nearest to a mistyped one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place, and what to do. With `is_warning` the file can still be used.

    `is_unread`: the system cannot read a file now, so nothing is known to be wrong in it.
    """

    place: Place
    message: str
    is_warning: bool = False
    is_unread: bool = False


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


_POSITION = r"(?s)^(.*) \(at line (\d+), column (\d+)\)$"
_LINE_CHARACTERS = 200
_SINGLE = "\u2018\u2019\u201a\u201b"
_CURLY = f"[{_SINGLE}\u201c-\u201f\u00ab\u00bb]"
_WHOLE_TEXTS = r"""\"(?:[^\"\\]|\\.)*\"|'[^']*'"""
_STRANGE_BLANK = "[\u00a0\u2000-\u200b\u202f\u3000\ufeff]"
_HEADER = r"^\s*(\[{1,2})\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$"
_KEY = r"^\s*([A-Za-z0-9_.\"'-]+)\s*="
_OTHER_DATE = r"=\s*(\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}[./]\d{1,2}[./]\d{1,2})\b"
_REPEATED = ("Cannot overwrite a value", "Cannot declare ", "Duplicate inline table key", "Cannot mutate immutable")
_LIKELY = {
    "Unclosed array": "add the comma before it, or the closing ]",
    "Illegal character '\\n'": "end the text with a quote on its line",
    "Invalid value": "put a text in quotes; write numbers, dates, true and false without",
    "Expected '=' after a key in a key/value pair": "write it as key = value",
    "Expected newline or end of document after a statement": "put a text, such as a version, in quotes",
}
"""What has most often gone wrong, by what the parser says."""


def syntax_mistake(text: str, message: str) -> tuple[int | None, str]:
    """The line, and what is wrong there and what to do, from what Python's TOML parser says."""
    found = re.match(_POSITION, message)
    if found is None:
        if message.endswith(" (at end of document)"):
            return _at_the_end(text, message)
        if "digits" in message:
            return None, "not valid TOML: a whole number in it has thousands of digits; shorten it"
        return None, f"not valid TOML: {_lower_first(message)}"
    said, line = found[1], int(found[2])
    lines = _starts(text)
    if strange := _strange_character(lines[line - 1]):
        return line, f"not valid TOML: {strange}"
    if said.startswith(_REPEATED) and (repeated := _repetition(lines, line)):
        return line, f"not valid TOML: {repeated}"
    advice = _of_habit(lines[line - 1], said) or _LIKELY.get(said, "correct it there")
    return line, f"not valid TOML: {_lower_first(said)} at column {found[3]}; {advice}"


def _of_habit(line: str, said: str) -> str | None:
    """What to write instead of what people write elsewhere."""
    if "hex value" in said or "Unescaped" in said:
        return "write a backslash twice (\\\\), or put the text in single quotes"
    if re.search(_OTHER_DATE, line):
        return "write a date as 2026-11-02"
    if "//" in re.sub(_WHOLE_TEXTS, "", line):
        return "begin a comment with #"
    return None


def _starts(text: str) -> list[str]:
    """The lines, each cut to what people write: a look at a line of a megabyte would take minutes."""
    return [line[:_LINE_CHARACTERS] for line in text.split("\n")]


def _at_the_end(text: str, message: str) -> tuple[int, str]:
    for number, line in enumerate(_starts(text), 1):
        # A text begun with a straight quote and ended with a curly one runs on to the end of the file.
        strange = _strange_character(line) if re.search(r"=\s*[\"'].*\W$", line) else None
        if strange is not None:
            return number, f"not valid TOML: {strange}"
    lines = _starts(text)
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    if message.startswith(_REPEATED) and (repeated := _repetition(lines, last)):
        return last, f"not valid TOML: {repeated}"
    return text.count("\n") + 1, f"not valid TOML: {_lower_first(message)}; the file may have been cut off"


def _strange_character(line: str) -> str | None:
    """What to say of a character that an editor or a web page put in outside of whole texts."""
    bare = re.sub(_WHOLE_TEXTS, "", line).split("#")[0]
    if curly := re.search(_CURLY, bare):
        straight = "'" if curly[0] in _SINGLE else '"'
        return f"the quote {curly[0]} is curly; write straight quotes ({straight})"
    if blank := re.search(_STRANGE_BLANK, bare):
        return f"there is a special space (U+{ord(blank[0]):04X}); type an ordinary one instead"
    return None


def _repetition(lines: list[str], line: int) -> str | None:
    """What is said of the heading or key on that line that stood in the file before, if it can be found."""
    there = lines[line - 1]
    if header := re.match(_HEADER, there):
        return _heading_again(lines, line, header)
    key = re.match(_KEY, there)
    if key is None:
        return None
    for number in range(line - 1, 0, -1):
        before = lines[number - 1]
        if re.match(_HEADER, before):
            break
        if (again := re.match(_KEY, before)) and again[1] == key[1]:
            return f"{key[1]} is there twice, first on line {number}; keep one of the two"
    return None


def _heading_again(lines: list[str], line: int, header: re.Match[str]) -> str | None:
    for number, before in enumerate(lines[: line - 1], 1):
        first = re.match(_HEADER, before)
        if first is None or first[2] != header[2]:
            continue
        if first[1] == header[1] == "[":
            return (
                f"[{header[2]}] is there twice, first on line {number}; put all its keys under one of the two, "
                f"or write [[{header[2]}]] each time if it is a list"
            )
        return (
            f"{header[2]} is headed once [{header[2]}] and once [[{header[2]}]] (line {number}); "
            "write the same each time: [[…]] for a list of tables, […] for one table"
        )
    return None


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def other_kind(path: Path, content: bytes) -> str | None:
    """What a file that is not TOML is instead, by its first bytes or its ending, with what to do."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    name = path.suffix.casefold()
    if start.startswith(b"pk\x03\x04"):
        what = "an Excel workbook" if name in (".xlsx", ".xlsm") else "a zip archive or an office document"
    elif start.startswith(b"%pdf"):
        what = "a PDF"
    elif start.startswith((b"<!doctype html", b"<html")):
        what = "an HTML page"
    elif start.startswith((b"<?xml", b"<svg")):
        what = "an XML or SVG file"
    elif start.startswith((b"{", b"[")) and _is_json(content):
        what = "a JSON file"
    elif name in (".csv", ".tsv"):
        what = "a spreadsheet's table (CSV)"
    elif name in (".md", ".markdown"):
        what = "a Markdown document"
    else:
        return None
    return f"is {what}, not TOML; name a rubric, policy, assessment or decision (.toml)"


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
