from __future__ import annotations

from toolvet.storage.faults import line_at, lines_of

TEXT = b"""# a comment
a = 1
b.c."d e" = [1,
  2, { x = 1, y.z = 2 }]
[t.u]
v = \"\"\"
several
lines\"\"\"
w = 2
[[list]]
k = 1
[[list.inner]]
k = 1
[[list]]
[list.deep]
"\\u0041" = [ # a comment
  1 ]
"""


def test_every_key_and_item_has_its_line() -> None:
    assert dict(lines_of(TEXT)) == {
        ("a",): 2,
        ("b",): 3,
        ("b", "c"): 3,
        ("b", "c", "d e"): 3,
        ("b", "c", "d e", 0): 3,
        ("b", "c", "d e", 1): 4,
        ("b", "c", "d e", 2): 4,
        ("b", "c", "d e", 2, "x"): 4,
        ("b", "c", "d e", 2, "y"): 4,
        ("b", "c", "d e", 2, "y", "z"): 4,
        ("t",): 5,
        ("t", "u"): 5,
        ("t", "u", "v"): 6,
        ("t", "u", "w"): 9,
        ("list",): 10,
        ("list", 0): 10,
        ("list", 0, "k"): 11,
        ("list", 0, "inner"): 12,
        ("list", 0, "inner", 0): 12,
        ("list", 0, "inner", 0, "k"): 13,
        ("list", 1): 14,
        ("list", 1, "deep"): 15,
        ("list", 1, "deep", "A"): 16,
        ("list", 1, "deep", "A", 0): 17,
    }


def test_missing_key_has_the_line_of_its_table() -> None:
    assert line_at(lines_of(TEXT), ("list", 0, "inner", 0, "missing")) == 12


def test_missing_key_of_the_document_has_the_first_line() -> None:
    assert line_at(lines_of(TEXT), ("missing",)) == 1
