"""What a file that is not valid TOML most likely has wrong, in words for whoever edited it."""

from __future__ import annotations

import json
import re
from pathlib import Path

_POSITION = re.compile(r"^(.*) \(at line (\d+), column (\d+)\)$", re.DOTALL)
_LINE_CHARACTERS = 200
_SINGLE = "\u2018\u2019\u201a\u201b"
_CURLY = re.compile(f"[{_SINGLE}\u201c-\u201f\u00ab\u00bb]")
_WHOLE_TEXTS = re.compile(r"""\"(?:[^\"\\]|\\.)*\"|'[^']*'""")
_STRANGE_BLANK = re.compile("[\u00a0\u2000-\u200b\u202f\u3000\ufeff]")
_HEADER = re.compile(r"^\s*(\[{1,2})\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")
_REPEATED = ("Cannot overwrite a value", "Cannot declare ", "Duplicate inline table key", "Cannot mutate immutable")
_LIKELY = {
    "Unclosed array": "add the comma before it, or the closing ]",
    "Illegal character '\\n'": "end the text with a quote on its line",
    "Invalid value": "put a text in quotes; write numbers, dates, true and false without",
    "Expected '=' after a key in a key/value pair": "write it as key = value",
}
"""What has most often gone wrong, by what the parser says."""


def syntax_mistake(text: str, message: str) -> tuple[int | None, str]:
    """The line, and what is wrong there and what to do, from what Python's TOML parser says."""
    found = _POSITION.match(message)
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
    return line, f"not valid TOML: {_lower_first(said)} at column {found[3]}; {_LIKELY.get(said, 'correct it there')}"


def _starts(text: str) -> list[str]:
    """The lines, each cut to what people write: a look at a line of a megabyte would take minutes."""
    return [line[:_LINE_CHARACTERS] for line in text.split("\n")]


def _at_the_end(text: str, message: str) -> tuple[int, str]:
    for number, line in enumerate(_starts(text), 1):
        # A text begun with a straight quote and ended with a curly one runs on to the end of the file.
        strange = _strange_character(line) if re.search(r"=\s*[\"'].*\W$", line) else None
        if strange is not None:
            return number, f"not valid TOML: {strange}"
    return text.count("\n") + 1, f"not valid TOML: {_lower_first(message)}; the file may have been cut off"


def _strange_character(line: str) -> str | None:
    """What to say of a character that an editor or a web page put in outside of whole texts."""
    bare = _WHOLE_TEXTS.sub("", line).split("#")[0]
    if curly := _CURLY.search(bare):
        straight = "'" if curly[0] in _SINGLE else '"'
        return f"the quote {curly[0]} is curly; write straight quotes ({straight})"
    if blank := _STRANGE_BLANK.search(bare):
        return f"there is a special blank (U+{ord(blank[0]):04X}); type a plain one in its place"
    return None


def _repetition(lines: list[str], line: int) -> str | None:
    """What is said of the heading or key on that line that stood in the file before, if it can be found."""
    there = lines[line - 1]
    if header := _HEADER.match(there):
        return _heading_again(lines, line, header)
    key = _KEY.match(there)
    if key is None:
        return None
    for number in range(line - 1, 0, -1):
        before = lines[number - 1]
        if _HEADER.match(before):
            break
        if (again := _KEY.match(before)) and again[1] == key[1]:
            return f"{key[1]} is there twice, first on line {number}; keep one of the two"
    return None


def _heading_again(lines: list[str], line: int, header: re.Match[str]) -> str | None:
    for number, before in enumerate(lines[: line - 1], 1):
        first = _HEADER.match(before)
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
