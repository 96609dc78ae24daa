"""Tables that fit the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison_sample import by_levels, make_tool, three_tools
from toolvet.report.comparison.ranking import Comparison, compare
from toolvet.report.comparison.tables import fit_criteria, fit_questions, wrap
from toolvet.text.escape import columns_of
from toolvet.text.tables import TableFormat


def _many(count: int) -> Comparison:
    return by_levels(*((f"Tool number {number}", 4 - number % 5, number % 5) for number in range(count)))


def _hostile() -> Comparison:
    names = ("a|b\nc", "<b>\x1b[31mred", "=cmd()", "会議ツール", "x" * 200)
    answers = {"every-device": 1, "old-phones": 4, "sign-in": 0}
    return compare([make_tool(name, answers) for name in names])


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("table_format", [TableFormat.SIMPLE, TableFormat.GRID])
@pytest.mark.parametrize("comparison", [three_tools(), _many(12), _hostile()], ids=["three", "twelve", "hostile"])
def test_no_line_is_wider_than_the_terminal(comparison: Comparison, table_format: TableFormat, width: int) -> None:
    for fitted in (
        fit_criteria(comparison, table_format, width),
        fit_questions(comparison, table_format, width, only_differences=False),
    ):
        assert max(columns_of(line) for line in fitted.text.split("\n")) <= width


def test_a_wide_terminal_gets_the_table_as_it_is() -> None:
    comparison = three_tools()
    whole = fit_criteria(comparison, TableFormat.SIMPLE, None)
    assert fit_criteria(comparison, TableFormat.SIMPLE, 200) == whole


def test_a_narrower_one_gets_it_wrapped_then_turned() -> None:
    comparison = three_tools()
    wrapped = fit_criteria(comparison, TableFormat.SIMPLE, 106)
    turned = fit_criteria(comparison, TableFormat.SIMPLE, 60)
    assert wrapped.text.splitlines()[0].split()[:3] == ["rank", "tool", "verdict"]
    assert turned.text.splitlines()[0].split() == ["Alpha", "Beta", "Gamma"]
    assert (wrapped.note, turned.note) == ("", "")


def test_what_is_cut_is_said() -> None:
    fitted = fit_criteria(_many(12), TableFormat.SIMPLE, 80)
    assert fitted.text.splitlines()[0].split() == [
        *("rank", "tool", "verdict", "floor", "observed", "ceiling", "coverage", "failed", "unknown"),
    ]
    assert fitted.note == (
        "Left out to fit 80 columns: the criteria and proven; "
        "a wider terminal, a file or --format csv shows everything."
    )


def test_tools_that_do_not_fit_by_question_are_called_by_letters_then_left_out() -> None:
    lettered = fit_questions(_many(12), TableFormat.SIMPLE, 60, only_differences=False)
    cut = fit_questions(_many(12), TableFormat.SIMPLE, 30, only_differences=False)
    assert lettered.text.splitlines()[0].split() == ["question", *"ABCDEFGHIJKL"]
    assert lettered.note.startswith("A Tool number ")
    assert cut.text.splitlines()[0].split() == ["question", *"ABCDEFG"]
    assert "Left out to fit 30 columns: 5 tools from rank " in cut.note


def test_wide_characters_count_double() -> None:
    assert wrap("会議ツール tool", 6) == ["会議ツ", "ール", "tool"]


def test_words_are_broken_only_where_they_must_be() -> None:
    assert wrap("one two-part", 8) == ["one", "two-part"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_foreign_names_are_one_visible_line() -> None:
    comparison = compare([make_tool("a\nb\x1b[31m", {})])
    assert "a b␛[31m" in fit_criteria(comparison, TableFormat.SIMPLE, None).text


@given(st.text(alphabet="ab 会é-", max_size=40), st.integers(2, 12))
def test_wrapping_keeps_every_letter_and_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert max(map(columns_of, lines)) <= width
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
