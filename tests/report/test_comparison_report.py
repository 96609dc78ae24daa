"""The report on a comparison as Markdown, HTML and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from comparison_sample import DAY, by_levels, make_tool, three_tools, tried
from golden_files import is_golden
from toolvet.domain.scorecard import Verdict
from toolvet.domain.standing import End, EndKind, Standing
from toolvet.report.comparison.document import ComparisonReport, comparison_json
from toolvet.report.comparison.ranking import Comparison, compare
from toolvet.report.comparison.sentences import first_words
from toolvet.report.formats import ReportFormat

HOSTILE = "<script>alert(1)</script>|[x](javascript:1)\x1b[31m"


class _Tags(HTMLParser):
    """Collects the tags of a page, and the open ones at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def _report(comparison: Comparison, report_format: ReportFormat) -> str:
    return ComparisonReport(comparison, tried(comparison)).text(report_format)


def _hostile() -> Comparison:
    answers = {"every-device": 1, "old-phones": 4, "sign-in": 0}
    return compare([make_tool(HOSTILE, answers), make_tool("Plain", answers | {"sign-in": 1})])


@pytest.mark.parametrize("ending", ["md", "html"])
def test_as_the_golden_file_has_it(ending: str) -> None:
    shown = _report(three_tools(), ReportFormat(ending))
    shown = shown[max(shown.find("<main>"), 0) :]  # the head, with the style, is that of every report
    assert is_golden(f"comparison/report.{ending}", shown)


@pytest.mark.parametrize(
    ("comparison", "answer"),
    [
        (three_tools(), "Alpha ranks first and can be approved."),
        (by_levels(("A", 2, 2), ("B", 2, 2)), "A and B rank first and can be approved."),
        (compare([make_tool("A", {})]), "By today's verdicts none can be approved; A is first, on hold."),
        (
            compare([make_tool("A", {"every-device": 0, "old-phones": 4, "sign-in": 4})]),
            "By today's verdicts none can be approved; all are rejected.",
        ),
    ],
)
def test_the_answer_is_what_the_verdict_allows(comparison: Comparison, answer: str) -> None:
    assert json.loads(_report(comparison, ReportFormat.JSON))["answer"] == answer


def test_an_approval_that_stands_is_told_apart_from_todays_verdicts() -> None:
    standing = Standing(DAY, approves=True, decision=Verdict.APPROVE, ends=(End(date(2027, 2, 26), EndKind.APPROVAL),))
    tools = [replace(make_tool("A", {}), standing=standing), make_tool("B", {})]
    assert first_words(compare(tools).entries) == (
        "By today's verdicts none can be approved; A and B are first, on hold. "
        "Still approved by decision: A until 26 February 2027."
    )


def test_json_says_where_each_figure_comes_from() -> None:
    found = json.loads(_report(three_tools(), ReportFormat.JSON))
    assert found["files"] == [
        {"what": name, "path": f"{name}.toml", "sha256": "0" * 64} for name in ("Alpha", "Beta", "Gamma")
    ]
    assert found["on"] == "2026-11-21"
    assert found["house_policy"].startswith("The thresholds are house policy")


def test_json_has_what_compare_prints_and_more_of_each_tool() -> None:
    comparison = three_tools()
    printed = comparison_json(comparison, robustness=tried(comparison))
    written = json.loads(_report(comparison, ReportFormat.JSON))
    tools = printed.pop("tools")
    assert {name: written[name] for name in printed} == json.loads(json.dumps(printed))
    assert isinstance(tools, list)
    assert [{name: one[name] for name in tools[0]} for one in written["tools"]] == json.loads(json.dumps(tools))
    assert [one["letter"] for one in written["tools"]] == ["A", "B", "C"]


def test_json_has_the_map_in_figures() -> None:
    # Alpha: experience is the criterion "devices", 62.5; control is "security", 100.
    found = json.loads(_report(three_tools(), ReportFormat.JSON))["map"]
    range_ = {"coverage": 100, "proven": 100}
    assert found["places"][0] == {
        "letter": "A",
        "name": "Alpha",
        "placement": {
            "experience": {"floor": 62.5, "observed": 62.5, "ceiling": 62.5, **range_},
            "control": {"floor": 100, "observed": 100, "ceiling": 100, **range_},
            "fields": ["sweet spot"],
        },
        "field": "sweet spot",
    }


def test_html_lets_no_foreign_tag_live() -> None:
    page = _Tags()
    page.feed(_report(_hostile(), ReportFormat.HTML))
    assert page.tags & {"script", "img", "iframe"} == set()
    assert not any(name.startswith("on") for name in page.attributes)


def test_markdown_lets_no_foreign_mark_live() -> None:
    rendered = (
        MarkdownIt("commonmark", {"html": True}).enable("table").render(_report(_hostile(), ReportFormat.MARKDOWN))
    )
    page = _Tags()
    page.feed(rendered)
    assert page.tags & {"script", "a", "img"} == set()


@pytest.mark.parametrize("report_format", list(ReportFormat))
def test_control_codes_do_not_pass(report_format: ReportFormat) -> None:
    assert "\x1b" not in _report(_hostile(), report_format)


@pytest.mark.parametrize("report_format", list(ReportFormat))
def test_many_tools_with_nothing_to_place_can_be_reported(report_format: ReportFormat) -> None:
    comparison = by_levels(*((f"Tool {number}", number % 5, 2) for number in range(40)))
    assert "Tool 39" in _report(comparison, report_format)
