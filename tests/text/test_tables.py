"""Tables say what their cells say, in every format."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolvet.text.escape import columns_of, is_narrow, one_line
from toolvet.text.tables import TableFormat, draw_cells, table

HEADERS = ("tool", "floor")
ROWS = (("A|B", "1.10"), ("=cmd\x1b[2J", "-"), ("two\nlines", "<b>"))


def test_simple_keeps_figures_as_written_and_aligns_them() -> None:
    assert table(ROWS, HEADERS, "simple", ("left", "right")) == "\n".join(
        (
            "tool       floor",
            "---------  -----",
            "A|B         1.10",
            "=cmd␛[2J       -",
            "two lines    <b>",
        )
    )


def test_github_escapes_bars_tags_and_line_breaks() -> None:
    assert table(ROWS, HEADERS, "github") == "\n".join(
        (
            "| tool      | floor |",
            "|-----------|-------|",
            r"| A\|B      | 1.10  |",
            r"| =cmd␛\[2J | -     |",
            r"| two lines | \<b\> |",
        )
    )


def test_html_escapes_tags() -> None:
    assert "&lt;b&gt;" in table(ROWS, HEADERS, "html")


def test_csv_guards_formulas_and_keeps_line_breaks() -> None:
    assert list(csv.reader(io.StringIO(table(ROWS, HEADERS, "csv")))) == [
        ["tool", "floor"],
        ["A|B", "1.10"],
        ["'=cmd␛[2J", "-"],
        ["two\nlines", "<b>"],
    ]


def test_tsv_has_one_line_for_each_row_and_no_padding() -> None:
    assert table(ROWS, HEADERS, "tsv") == "tool\tfloor\nA|B\t1.10\n'=cmd␛[2J\t-\ntwo␊lines\t<b>"


def test_json_has_the_values_as_they_are() -> None:
    assert json.loads(table(ROWS, HEADERS, "json")) == [dict(zip(HEADERS, row, strict=True)) for row in ROWS]


@pytest.mark.parametrize("table_format", list(TableFormat))
def test_no_control_code_passes(table_format: TableFormat) -> None:
    assert "\x1b" not in table(ROWS, HEADERS, table_format)


@pytest.mark.parametrize(
    ("table_format", "drawn"),
    [
        (TableFormat.SIMPLE, "tool  floor\n----  -----"),
        (TableFormat.GRID, "+------+-------+\n| tool | floor |\n+======+=======+\n+------+-------+"),
        (TableFormat.GITHUB, "| tool | floor |\n|------|-------|"),
        (
            TableFormat.HTML,
            "<table>\n<thead>\n<tr><th>tool</th><th>floor</th></tr>\n</thead>\n<tbody>\n</tbody>\n</table>",
        ),
        (
            TableFormat.LATEX,
            "\\begin{tabular}{lr}\n\\hline\n tool & floor \\\\\n\\hline\n\\hline\n\\end{tabular}",
        ),
        (TableFormat.TSV, "tool\tfloor"),
        (TableFormat.CSV, "tool,floor"),
        (TableFormat.JSON, "[]"),
    ],
)
def test_without_rows_the_headers_stand_alone(table_format: TableFormat, drawn: str) -> None:
    assert table((), HEADERS, table_format, ("left", "right")) == drawn


def test_a_letter_that_is_narrow_takes_one_column_and_stays_as_it_is() -> None:
    narrow = [letter for letter in map(chr, range(sys.maxunicode + 1)) if is_narrow(letter)]
    assert len(narrow) > 600
    assert [letter for letter in narrow if columns_of(letter) != 1 or one_line(letter) != letter] == []
    assert not any(map(is_narrow, ("::error::", "##[group]", "two\nlines", "日本")))


CELLS = st.text(st.sampled_from("ab 1.–|é")) | st.sampled_from(
    ["", " ", "日本", "two\nlines", "::error::", "-1e5", "%s"]
)


@given(st.integers(1, 4).flatmap(lambda count: st.lists(st.tuples(*[CELLS] * count), min_size=2)), st.data())
def test_a_simple_table_of_narrow_letters_is_as_tabulate_draws_it(
    rows: list[tuple[str, ...]], data: st.DataObject
) -> None:
    headers, *others = rows
    align = data.draw(st.tuples(*[st.sampled_from(["left", "right"]) for _ in headers]))
    safe = [[one_line(cell) for cell in row] for row in others]
    drawn = draw_cells(safe, [one_line(header) for header in headers], TableFormat.SIMPLE, (align, None))
    assert table(others, headers, TableFormat.SIMPLE, align) == drawn
