"""A report in Markdown as plain values: text and what holds for it, with nothing left that is markup."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hostile_report import HOSTILE, hostile_document
from toolvet.report.formats import markdown_report
from toolvet.report.markup import LONGEST_ADDRESS, blocks_of, plain_text
from toolvet.text.escape import markdown


def _text(text: str, **style: object) -> dict[str, object]:
    return {"kind": "text", "text": text, **style}


def test_headings_paragraphs_and_what_is_strong() -> None:
    assert blocks_of("## One\n\ntwo **three** *four* `five`\\\nsix\nseven") == [
        {"kind": "heading", "level": 2, "runs": [_text("One")]},
        {
            "kind": "paragraph",
            "runs": [
                _text("two "),
                _text("three", strong=True),
                _text(" "),
                _text("four", emphasis=True),
                _text(" "),
                _text("five", code=True),
                {"kind": "break"},
                _text("six"),
                _text(" "),
                _text("seven"),
            ],
        },
    ]


def test_lists_hold_blocks() -> None:
    inner = {"kind": "list", "ordered": False, "start": 1, "items": [[_paragraph("two")]]}
    assert blocks_of("3. one\n   - two\n4. three") == [
        {"kind": "list", "ordered": True, "start": 3, "items": [[_paragraph("one"), inner], [_paragraph("three")]]}
    ]


def _paragraph(text: str) -> dict[str, object]:
    return {"kind": "paragraph", "runs": [_text(text)]}


def test_a_table_has_a_head_and_columns_as_wide_as_their_words() -> None:
    long = "x" * 50
    assert blocks_of(f"| a | b |\n| --- | ---: |\n| {long} | 1 |") == [
        {
            "kind": "table",
            "widths": [40, 0],
            "align": ["left", "right"],
            "head": [[_text("a")], [_text("b")]],
            "rows": [[[_text(long)], [_text("1")]]],
        }
    ]


def test_a_table_without_words_in_its_head_has_none() -> None:
    (table,) = blocks_of("| | |\n| --- | --- |\n| a | b |")
    assert (table["head"], table["rows"]) == ([], [[[_text("a")], [_text("b")]]])


def test_quotations_and_drawings_of_letters() -> None:
    assert blocks_of("> one\n\n```text\n─┼─\n```") == [
        {"kind": "quote", "blocks": [_paragraph("one")]},
        {"kind": "code", "text": "─┼─"},
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", f"https://e.example/{'x' * LONGEST_ADDRESS}"]
)
def test_what_is_no_plain_address_is_no_link(address: str) -> None:
    assert not any("link" in run for run in _runs(blocks_of(f"[one](<{address}>)")))


def test_a_plain_address_is_a_link() -> None:
    assert [*_runs(blocks_of("[one](https://e.example)"))] == [_text("one", link="https://e.example")]


@pytest.mark.parametrize(
    "text", [HOSTILE.replace("\n", " ").replace("\x1b", "").replace("\x07", ""), "#let x = 1 $ @a"]
)
def test_foreign_text_comes_through_as_it_is(text: str) -> None:
    plain = text.replace("\u202e", "<U+202E>")
    assert plain_text([*_runs(blocks_of(markdown(text)))]) == plain


def test_of_a_hostile_report_only_plain_addresses_are_links() -> None:
    links = {run["link"] for run in _runs(blocks_of(markdown_report(hostile_document()))) if "link" in run}
    assert all(str(link).startswith(("http://", "https://")) for link in links)


def _runs(value: object) -> Iterator[dict[str, object]]:
    """Every run of text, wherever it stands."""
    match value:
        case {"kind": "text" | "break"}:
            assert isinstance(value, dict)
            yield value
        case dict():
            for one in value.values():
                yield from _runs(one)
        case list():
            for one in value:
                yield from _runs(one)
