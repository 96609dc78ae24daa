"""Our Markdown as blocks and sections: text and what holds for it, with nothing left that is markup."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from markupsafe import Markup

from hostile_report import HOSTILE, hostile_document
from report_sample import make_decision, make_sample, markdown_report
from toolvet.report.approval.document import Document
from toolvet.report.markup import (
    LONGEST_ADDRESS,
    Illustration,
    blocks_of,
    illustrated,
    note_block,
    plain_text,
    sections_of,
)
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


def links_of(document: Document) -> set[object]:
    return {run["link"] for run in _runs(blocks_of(markdown_report(document))) if "link" in run}


def test_only_plain_addresses_are_links() -> None:
    assert links_of(make_sample(make_decision())) == {
        "https://support.example.com/kb/1",
        "https://tickets.example.com/4711",
    }
    assert links_of(hostile_document()) == set()


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


def test_a_note_comes_out_as_it_was_typed() -> None:
    note = f"one\n\n```\n  two\n```\n{HOSTILE}"
    assert blocks_of(note_block(note)) == [{"kind": "note", "text": note}]


def test_foreign_text_begins_no_note() -> None:
    assert [block["kind"] for block in blocks_of(markdown("```note\nb25l\n```"))] == ["paragraph"]


def test_drawings_in_letters_are_replaced_in_their_order() -> None:
    first, second = (Illustration(Markup("<svg/>"), words, 50) for words in ("one", "two"))
    blocks = illustrated(blocks_of("```text\n─\n```\n\nand\n\n```text\n│\n```"), (first, second))
    assert [block.get("alt") for block in blocks] == ["one", None, "two"]


def test_a_table_is_called_by_the_line_in_italics_above_it_or_by_its_heading() -> None:
    table = "| a |\n| --- |\n| b |"
    (section,) = sections_of(blocks_of(f"# Title\n\n## Files\n\n*Those read*\n\n{table}\n\n### More\n\n{table}"))
    captions = [block["caption"] for block in section.blocks if block["kind"] == "table"]
    assert (section.title, captions) == ("Files", ["Those read", "More"])
    assert [block["kind"] for block in section.blocks] == ["table", "heading", "table"]


def test_every_section_has_an_anchor_of_its_own() -> None:
    sections = sections_of(blocks_of("## The policy\n\n## The policy!\n\n## ?"))
    assert [section.id for section in sections] == ["the-policy", "section-2", "section-3"]
