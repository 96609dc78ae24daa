"""A look at TOML text before it is parsed: keys of many parts and deep brackets cost the parser its memory."""

from __future__ import annotations

import re

from toolvet.files.limits import BRACKETS_DEEP, KEY_PARTS, MARKS, TEXT_CHARACTERS

_TEXT_SOURCE = 10 * TEXT_CHARACTERS + 6
"""A text's longest source: every character written as \\U0001F600, between three quotes."""

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<text>                                         # a dot or bracket in one means nothing
      \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\"(?:"{0,2})
    | '''(?:[^']|'(?!''))*+'''(?:'{0,2})
    | "(?!"")(?:[^"\\\n]|\\.)*+"
    | '(?!'')[^'\n]*+'
      )
    | (?P<unended>["'])
    | (?P<mark>[][{}.,=\n])
    """,
    re.DOTALL | re.VERBOSE,
)


def first_excess(text: str) -> tuple[int, str] | None:
    """The line and the words of the first key, bracket or text beyond the limits; None where there is none.

    A text without an end stops the look: the parser stops there too.
    """
    depth = dots = marks = 0
    for token in _TOKEN.finditer(text):
        mark = token["mark"]
        match token.lastgroup:
            case "unended":
                return None
            case "text":
                if token.end() - token.start() > _TEXT_SOURCE:
                    return _line(text, token), f"a text of more than {TEXT_CHARACTERS:,} characters; shorten it"
                continue
        if mark == "\n":
            dots = 0
            continue
        marks += 1
        if marks > MARKS:
            return _line(text, token), f"more than {MARKS:,} keys, entries and comments; remove what is not needed"
        if mark == ".":
            dots += 1
            if dots >= KEY_PARTS:
                return _line(text, token), f"a key of more than {KEY_PARTS} parts; no key of toolvet is that long"
            continue
        dots = 0
        if mark in ("[", "{"):
            depth += 1
            if depth > BRACKETS_DEEP:
                return _line(text, token), f"brackets more than {BRACKETS_DEEP} deep; flatten it"
        elif mark in ("]", "}"):
            depth = max(0, depth - 1)
    return None


def _line(text: str, token: re.Match[str]) -> int:
    return text.count("\n", 0, token.start()) + 1
