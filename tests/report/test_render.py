"""The report in each format: complete, safe, and readable by a machine."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from golden_files import is_golden
from hostile_report import Page, hostile_document, markdown_tokens
from report_sample import (
    ASSESSMENT,
    ON,
    RUBRIC,
    html_report,
    json_report,
    make_decision,
    make_sample,
    make_survey,
    markdown_report,
    requester_report,
)
from toolvet.domain.advice import advise
from toolvet.domain.assessment import Answer, Reviewer
from toolvet.domain.decision import Decision
from toolvet.domain.findings import find
from toolvet.domain.scoring import score
from toolvet.report.approval.document import Document
from toolvet.report.formats import ApprovalReport, ReportFormat, RequesterReport
from toolvet.report.scorecard import scorecard_json
from toolvet.text.escape import UNLINKED


def test_the_report_in_markdown_says_everything() -> None:
    other = replace(
        ASSESSMENT,
        reviewer=Reviewer("B. Colleague"),
        answers={**ASSESSMENT.answers, "every-device": Answer(level=1)},
    )
    assert is_golden("report/decided.md", markdown_report(make_sample(make_decision(), others=(other,))))


def test_the_report_without_a_decision_and_with_open_scope_says_so() -> None:
    started = replace(ASSESSMENT, scope={}, answers={})
    assert is_golden("report/just-started.md", markdown_report(make_sample(None, assessment=started)))


def test_markdown_has_only_the_links_that_are_plain_addresses() -> None:
    tokens = markdown_tokens(markdown_report(make_sample(make_decision())))
    links = {token.attrs["href"] for token in tokens if token.type == "link_open"}
    assert links == {"https://support.example.com/kb/1", "https://tickets.example.com/4711"}


@pytest.mark.parametrize("write", [markdown_report, lambda document: requester_report(document, ReportFormat.MARKDOWN)])
def test_nothing_foreign_is_live_in_markdown(write) -> None:  # type: ignore[no-untyped-def]  # two writers of one shape
    tokens = markdown_tokens(write(hostile_document()))
    live = [token for token in tokens if token.type in ("html_block", "html_inline", "image", "link_open")]
    assert [token for token in live if token.content != UNLINKED] == []


def test_foreign_text_makes_no_heading_in_markdown() -> None:
    tokens = markdown_tokens(markdown_report(hostile_document()))
    headings = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    assert "h" not in headings


@pytest.mark.parametrize("write", [html_report, lambda document: requester_report(document, ReportFormat.HTML)])
def test_nothing_foreign_is_live_in_html(write) -> None:  # type: ignore[no-untyped-def]  # two writers of one shape
    page = Page(write(hostile_document()))
    assert page.having("script", "img", "iframe", "object", "embed", "form", "link", "base", "image", "use") == []
    assert [name for _, attributes in page.tags for name in attributes if name.startswith("on")] == []
    assert {attributes["href"].partition(":")[0] for attributes in page.having("a")} <= {
        "http",
        "https",
        *(attributes["href"] for attributes in page.having("a") if attributes["href"].startswith("#")),
    }
    assert not any("src" in attributes or "style" in attributes for _, attributes in page.tags)


def test_foreign_text_can_still_be_read_in_html() -> None:
    text = Page(html_report(hostile_document())).text
    assert "<script>alert(1)</script>" in text
    assert "<U+001B>]0;title<U+0007><U+202E>{{ 7*7 }}{% raw %}" in text


def test_no_control_code_passes_in_any_format() -> None:
    document = hostile_document()
    for text in (markdown_report(document), html_report(document), json_report(document)):
        assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text) is None


def test_html_fetches_and_runs_nothing() -> None:
    text = html_report(make_sample(make_decision()))
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(tag["content"] for tag in Page(text).having("meta") if "http-equiv" in tag)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style
    assert "@import" not in style


def test_html_can_be_read_aloud() -> None:
    page = Page(html_report(make_sample(make_decision(), surveys=(make_survey(),))))
    tags = [tag for tag, _ in page.tags]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert page.having("html") == [{"lang": "en"}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert tags.count("caption") == tags.count("table")
    assert {"scope" in attributes for attributes in page.having("th")} == {True}
    assert [attributes["role"] for attributes in page.having("svg")] == ["img", "img"]
    assert [tags[place + 1] for place, tag in enumerate(tags) if tag == "svg"] == ["title", "title"]


def test_every_link_inside_the_page_has_its_place() -> None:
    page = Page(html_report(make_sample(make_decision(), surveys=(make_survey(),))))
    places = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    inside = {attributes["href"][1:] for attributes in page.having("a") if attributes["href"].startswith("#")}
    assert inside <= set(places)
    assert len(places) == len(set(places))


def test_json_has_every_part_of_the_document() -> None:
    document = make_sample(make_decision())
    written = json.loads(json_report(document))
    assert list(written) == list(Document.__slots__)
    assert written["decision"]["decision"] == "approve-with-conditions"
    assert written["overall"]["floor"] == pytest.approx(160 / 3)
    assert written["files"][0] == {
        "what": "assessment",
        "path": "assessments/tool/2026-11-02-a-reviewer.toml",
        "sha256": "12" * 32,
    }


def test_json_says_what_the_scorecard_says_under_the_same_names() -> None:
    scorecard = score(RUBRIC, ASSESSMENT, ON)
    findings = find(RUBRIC, ASSESSMENT, ON, seal_broken=False)
    scored = scorecard_json(scorecard, ASSESSMENT, findings, advise(RUBRIC, ASSESSMENT, ON), file="a.toml")
    written = json.loads(json_report(make_sample(make_decision())))
    del scored["file"]  # the report names its files with what they are
    assert _kept(written, scored) == json.loads(json.dumps(scored))


def _kept(written: Any, names: Any) -> Any:
    """Of what was written, what stands under these names."""
    match names:
        case dict():
            return {name: _kept(written[name], part) for name, part in names.items()}
        case list():
            assert len(written) == len(names)
            return [_kept(one, part) for one, part in zip(written, names, strict=True)]
        case _:
            return written


def test_the_requester_gets_half_a_page_of_plain_words() -> None:
    assert is_golden("report/requester.md", requester_report(make_sample(make_decision()), ReportFormat.MARKDOWN))


def test_the_requester_of_a_tool_on_hold_hears_why_and_when() -> None:
    assert is_golden("report/requester-undecided.md", requester_report(make_sample(None), ReportFormat.MARKDOWN))


@pytest.mark.parametrize("report_format", list(ReportFormat))
@pytest.mark.parametrize("decision", [make_decision(), None])
def test_the_requester_reads_no_jargon(decision: Decision | None, report_format: ReportFormat) -> None:
    text = requester_report(make_sample(decision), report_format)
    assert re.search("floor|ceiling|coverage|must-have|verdict|rubric", Page(text).text) is None


def test_a_name_of_any_length_can_be_written_for_word() -> None:
    document = replace(hostile_document(), subject="W" * 20_000)
    assert ApprovalReport(document).word()[:2] == RequesterReport(document).word()[:2] == b"PK"
