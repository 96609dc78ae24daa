from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolvet.storage.toml_input import MOST_MARKS, first_excess, is_plainly_within, look_closely

ROOT = Path(__file__).parents[2]

LONG_KEY = (3, "a key of more than 8 parts; no toolvet key is that long")
DEEP = (1, "brackets more than 32 deep; flatten it")


@pytest.mark.parametrize(
    "text",
    [
        "a.b.c.d.e.f.g.h = 1",
        'note = "a.b.c.d.e.f.g.h.i.j and [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["',
        "note = 'a.b.c.d.e.f.g.h.i.j'",
        'note = """\na.b.c.d.e.f.g.h.i.j\n"quoted" [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ """',
        "note = '''\na.b.c.d.e.f.g.h.i.j\n'''''",
        "# a.b.c.d.e.f.g.h.i.j",
        'note = "ends in a backslash \\\\" # "a.b.c.d.e.f.g.h.i',
        "list = [1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]",
        "a = " + "[" * 32 + "]" * 32,
        "[[a]]\n" * 40,
    ],
)
def test_what_is_within_the_limits_passes(text: str) -> None:
    assert first_excess(text) is None


@pytest.mark.parametrize(
    "key",
    ["a.b.c.d.e.f.g.h.i", 'a."b".c.d.e.f.g.h.i', "a . b . c . d . e . f . g . h . i", "'a'.'b'.c.d.e.f.g.h.\"i.j\""],
)
def test_key_of_nine_parts_is_found_with_its_line(key: str) -> None:
    assert first_excess(f"x = 1\ny = 'it''s'\n{key} = 1") == LONG_KEY


def test_header_of_nine_parts_is_found() -> None:
    assert first_excess("\n\n[a.b.c.d.e.f.g.h.i]") == LONG_KEY


@pytest.mark.parametrize("bracket", ["[", "{"])
def test_brackets_33_deep_are_found(bracket: str) -> None:
    assert first_excess(f"a = {bracket * 33}") == DEEP


def test_text_without_end_stops_the_look_where_the_parser_stops() -> None:
    assert first_excess('a = "no end\nb = 1\n' + "a." * 20) is None


PIECES = ['"', '"""', "'", "'''", "\\", "#", "\n", ".", "[", "]", "{", "}", ",", "=", " ", "a", "é", "a" * 70_000]
SKEWED = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from([1, 1, 1, 2, 7, 8, 9, 31, 32, 33])).map(
        lambda pair: pair[0] * pair[1]
    ),
    max_size=30,
).map("".join)


@given(SKEWED)
def test_what_looks_plainly_within_the_limits_is_found_so_token_by_token(text: str) -> None:
    assert not is_plainly_within(text) or look_closely(text) is None


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "examples").rglob("*.toml")) + sorted((ROOT / "rubrics").glob("*.toml")),
    ids=lambda path: path.name,
)
def test_our_own_files_are_plainly_within_the_limits(path: Path) -> None:
    assert is_plainly_within(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "a.b.c.d.e.f.g.h.i = 1",
        "'a'.\"b\".c.d.e.f.g.h.i = 1",
        "a = " + "[" * 33 + "]" * 33,
        "a = " + "[{" * 17 + "}]" * 17,
        "a = [[]" * 33,
        "a = [" + "1," * MOST_MARKS + "]",
        "#\n" * (MOST_MARKS + 1),
        f"a = '{'x' * 200_005}'",
    ],
    ids=lambda text: text[:16],
)
def test_what_is_beyond_a_limit_does_not_look_plainly_within(text: str) -> None:
    assert not is_plainly_within(text)
    assert look_closely(text) is not None
