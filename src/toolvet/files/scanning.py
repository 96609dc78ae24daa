"""A look at TOML text before it is parsed: keys of many parts and deep brackets cost the parser its memory."""

from __future__ import annotations

import re

from toolvet.files.limits import BRACKETS_DEEP, KEY_PARTS

_TOKEN = re.compile(
    r"""
      \#[^\n]*                                          # a comment
    | \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\"(?:"{0,2})    # texts, of which a dot or bracket inside means nothing
    | '''(?:[^']|'(?!''))*+'''(?:'{0,2})
    | "(?!"")(?:[^"\\\n]|\\.)*+"
    | '(?!'')[^'\n]*+'
    | (?P<unended>["'])
    | (?P<mark>[][{}.,=\n])
    """,
    re.DOTALL | re.VERBOSE,
)


def first_excess(text: str) -> tuple[int, str] | None:
    """The line and the words of the first key of too many parts or bracket too deep; None where there is none.

    A text without an end stops the look: the parser stops there too.
    """
    depth = dots = 0
    for token in _TOKEN.finditer(text):
        if token["unended"]:
            return None
        mark = token["mark"]
        if mark is None:
            continue
        if mark == ".":
            dots += 1
            if dots >= KEY_PARTS:
                return _line(text, token), f"a key of more than {KEY_PARTS} parts; no key of toolvet is that long"
            continue
        dots = 0
        if mark in "[{":
            depth += 1
            if depth > BRACKETS_DEEP:
                return _line(text, token), f"brackets more than {BRACKETS_DEEP} deep; flatten it"
        elif mark in "]}":
            depth = max(0, depth - 1)
    return None


def _line(text: str, token: re.Match[str]) -> int:
    return text.count("\n", 0, token.start()) + 1
