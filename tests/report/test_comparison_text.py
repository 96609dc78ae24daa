"""The whole text of a comparison, in each format, and its JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from comparison_sample import by_levels, make_tool, three_tools, tried
from golden_files import is_golden
from toolvet.report.comparison.document import comparison_json
from toolvet.report.comparison.ranking import Comparison, compare, why
from toolvet.report.comparison.tables import ComparisonChoices, comparison_text
from toolvet.text.tables import TableFormat


def _text(comparison: Comparison, choices: ComparisonChoices) -> str:
    return comparison_text(comparison, tried(comparison), None, choices)


@pytest.mark.parametrize("table_format", [each for each in TableFormat if each is not TableFormat.JSON])
def test_by_criterion_as_the_golden_file_has_it(table_format: TableFormat) -> None:
    assert is_golden(
        f"comparison/criterion-{table_format.value}.txt", _text(three_tools(), ComparisonChoices(table_format))
    )


@pytest.mark.parametrize("table_format", [each for each in TableFormat if each is not TableFormat.JSON])
def test_by_question_as_the_golden_file_has_it(table_format: TableFormat) -> None:
    choices = ComparisonChoices(table_format, by_question=True)
    assert is_golden(f"comparison/question-{table_format.value}.txt", _text(three_tools(), choices))


def test_why_and_robustness_as_the_golden_file_has_it() -> None:
    comparison = by_levels(("A", 4, 2), ("B", 2, 3))
    choices = ComparisonChoices(with_robustness=True, table_width=60, width=60)
    shown = comparison_text(comparison, tried(comparison, draws=1000), why(*comparison.entries), choices)
    assert is_golden("comparison/why-robustness.txt", shown)


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_no_table_is_wider_than_the_terminal(width: int) -> None:
    comparison = three_tools()
    choices = ComparisonChoices(with_robustness=True, table_width=width, width=width)
    shown = comparison_text(comparison, tried(comparison), None, choices)
    assert max(map(len, shown.splitlines())) <= width


def test_no_difference_is_said() -> None:
    choices = ComparisonChoices(by_question=True, only_differences=True)
    shown = _text(by_levels(("A", 2, 2), ("B", 2, 2)), choices)
    assert shown.startswith("They differ on no question.\n")


@pytest.mark.parametrize(
    ("table_format", "cell"),
    [
        (TableFormat.SIMPLE, "=1|<b> x␛[0m"),
        (TableFormat.GITHUB, r"=1\|\<b\> x␛\[0m"),
        (TableFormat.HTML, "=1|&lt;b&gt; x␛[0m"),
        (TableFormat.LATEX, r"=1|\ensuremath{<}b\ensuremath{>} x␛[0m"),
        (TableFormat.CSV, "'=1|<b>\nx␛[0m"),
        (TableFormat.TSV, "'=1|<b>␊x␛[0m"),
    ],
)
def test_foreign_text_is_safe_in_each_format(table_format: TableFormat, cell: str) -> None:
    comparison = compare([make_tool("=1|<b>\nx\x1b[0m", {})])
    assert cell in _text(comparison, ComparisonChoices(table_format))


def test_json_has_the_fields_of_the_contract() -> None:
    comparison = by_levels(("A", 4, 2), ("B", 2, 3))
    found = comparison_json(comparison, robustness=tried(comparison, draws=1))
    range_ = {"observed": 100.0, "ceiling": 100.0, "coverage": 100.0, "proven": 100.0}
    assert json.loads(json.dumps(found)) == {
        "rubric": {"id": "small", "version": "1.0.0", "digest": ""},
        "on": "2026-11-21",
        "tools": [
            {
                "file": f"{name}.toml",
                "name": name,
                "rank": rank,
                "verdict": "approve",
                "overall": {**range_, "floor": whole, "observed": whole, "ceiling": whole},
                "criteria": [
                    {
                        "id": f"c{at}",
                        "title": f"C{at}",
                        "weight": 1,
                        **range_,
                        "floor": part,
                        "observed": part,
                        "ceiling": part,
                    }
                    for at, part in enumerate(parts)
                ],
            }
            for rank, name, whole, parts in ((1, "A", 75.0, (100.0, 50.0)), (2, "B", 62.5, (50.0, 75.0)))
        ],
        "separated": [],  # with all weight on c1 B would be ahead
        "robustness": {
            "leader": "A",
            "seed": 2026,
            "draws": 1,
            "first_share": found["robustness"]["first_share"],  # type: ignore[index]
            "first_share_open": found["robustness"]["first_share"],  # type: ignore[index]
            "left_out": [],
            "leader_holds": [
                {"criterion": "c0", "weight": 0.5, "from": 1 / 3, "to": 1.0},
                {"criterion": "c1", "weight": 0.5, "from": 0.0, "to": 2 / 3},
            ],
        },
    }


def test_json_says_where_weights_cannot_be_tried() -> None:
    assert comparison_json(three_tools(), robustness=None)["robustness"] is None


def test_json_by_question_says_level_and_state() -> None:
    comparison = three_tools()
    questions = comparison_json(comparison, robustness=None, by_question=True)["questions"]
    assert isinstance(questions, list)
    assert questions[1]["answers"] == [
        {"file": "Alpha.toml", "applies": True, "state": "answered", "level": 2},
        {"file": "Beta.toml", "applies": True, "state": "unknown", "level": None},
        {"file": "Gamma.toml", "applies": True, "state": "answered", "level": 4},
    ]


def test_json_of_why_adds_up() -> None:
    first, second, _ = three_tools().entries
    found = comparison_json(three_tools(), robustness=None, reason=why(first, second))["why"]
    assert found == {
        "first": "Alpha.toml",
        "second": "Beta.toml",
        "total": 21.875,
        "questions": [
            {"question": "old-phones", "points": 18.75, "first": "level 2 of 4", "second": "unknown"},
            {"question": "every-device", "points": 3.125, "first": "level 4 of 4", "second": "level 3 of 4"},
        ],
    }


def test_a_file_name_with_control_codes_stays_visible() -> None:
    tool = replace(make_tool("Tool", {}), file="a\x1b.toml")
    assert "\x1b" not in _text(compare([tool]), ComparisonChoices())
