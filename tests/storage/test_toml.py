"""The compiled parser and Python's own judge every text alike: files are TOML 1.0 on every machine."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
FILES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "data" / "good").glob("*.toml"))]
MARKS = ['"', '"""', "'", "'''", "\\", "#", ".", "[", "]", "[[", "]]", "{", "}", ",", "=", " ", "\t"]
ODD = ["\n", "\r", "\r\n", "\x00", "\x7f", "é", "\\u00e9", "\\ud800", "\\e", "\\x41"]
VALUES = ["a", "1", "-1", "1_0", "0x1F", "1.5", "1e3", "nan", "-inf", "true", "2026-11-02", "07:32", "07:32:01.5"]
PIECES = [*MARKS, *ODD, *VALUES, "2026-11-02T07:32:00Z", "2026-13-01", "a = 1\n", "[a]\n", "[[a]]\n", "a.b = 2\n"]


def outcome(parser: Any, text: str) -> str:
    """What it gives, as text, since nan is not equal to itself; or how it complains."""
    try:
        return repr(parser.loads(text, parse_float=Decimal))
    except ValueError as error:
        return f"not TOML: {error}"


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_odd_texts_are_judged_alike(text: str) -> None:
    assert outcome(tomli, text) == outcome(tomllib, text)


@given(st.sampled_from(FILES), st.floats(0, 1), st.floats(0, 0.01), st.lists(st.sampled_from(PIECES), max_size=3))
def test_damaged_files_are_judged_alike(text: str, where: float, length: float, pieces: list[str]) -> None:
    start, end = int(where * len(text)), int((where + length) * len(text))
    damaged = text[:start] + "".join(pieces) + text[end:]
    assert outcome(tomli, damaged) == outcome(tomllib, damaged)


@pytest.mark.parametrize("text", ["a = {\n b = 1\n}", "a = { b = 1, }", 'a = "\\e"', 'a = "\\x41"', "a = 07:32"])
def test_what_only_toml_1_1_knows_is_refused(text: str) -> None:
    assert outcome(tomli, text).startswith("not TOML: ")
