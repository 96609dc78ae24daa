"""A look at TOML text before it is parsed: keys of many parts and deep brackets cost the parser its memory."""

from __future__ import annotations

import re

from toolvet.files.limits import BRACKETS_DEEP, KEY_PARTS, LINES, MARKS, TEXT_CHARACTERS

_TEXT_SOURCE = 10 * TEXT_CHARACTERS + 6
"""A text's longest source: every character written as \\U0001F600, between three quotes."""

_COMMENT = r"\#[^\n]*+"
_TEXT = r"""
      \"\"\"(?:[^"\\]++|\\.|"(?!""))*+\"\"\"(?:"{0,2})
    | '''(?:[^']++|'(?!''))*+'''(?:'{0,2})
    | "(?!"")(?:[^"\\\n]++|\\.)*+"
    | '(?!'')[^'\n]*+'
"""
_TOKEN = rf"(?P<comment>{_COMMENT}) | (?P<text>{_TEXT}) | (?P<unended>[\"']) | (?P<mark>[][{{}}.,=\n])"
_WORDS = re.compile(rf"{_COMMENT} | {_TEXT} | \".*+ | '.*+", re.DOTALL | re.VERBOSE)
"""Comments and texts, and all that stands behind a text without an end: a dot or bracket in them means nothing."""

_LONG_KEY = re.compile(rf"\.(?:[^][{{}}.,=\n]*+\.){{{KEY_PARTS - 1}}}")
_ONLY_BRACKETS = dict.fromkeys(range(128)) | {ord("["): "[", ord("{"): "[", ord("]"): "]", ord("}"): "]"}


def first_excess(text: str) -> tuple[int, str] | None:
    """The line and the words of the first key, bracket or text beyond the limits; None where there is none.

    A text without an end stops the look: the parser stops there too.
    """
    # Nearly every file is far within the limits, which shows in a tenth of the time that its tokens take.
    return None if is_plainly_within(text) else look_closely(text)


def is_plainly_within(text: str) -> bool:
    """Whether nothing is beyond the limits, so far as that can be seen without going from token to token."""
    if len(text) > _TEXT_SOURCE:
        return False
    marks = _WORDS.sub("", text)
    count = text.count("#") + sum(marks.count(mark) for mark in "[]{}.,=")
    return count <= MARKS and _LONG_KEY.search(marks) is None and _is_shallow(marks)


def _is_shallow(marks: str) -> bool:
    """Whether every bracket is closed and none too deep: each time, the innermost pairs are taken out."""
    brackets = marks.translate(_ONLY_BRACKETS)
    for _ in range(BRACKETS_DEEP):
        if not brackets:
            break
        brackets = brackets.replace("[]", "")
    return not brackets


def look_closely(text: str) -> tuple[int, str] | None:
    """What `first_excess` gives, found token by token."""
    if text.count("\n") > LINES:
        return LINES + 1, f"more than {LINES:,} lines; remove the empty ones"
    depth = dots = marks = 0
    for token in re.finditer(_TOKEN, text, re.DOTALL | re.VERBOSE):
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
