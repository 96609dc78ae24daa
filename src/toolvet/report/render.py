"""The report as Markdown, HTML and JSON."""

from __future__ import annotations

import re
from enum import StrEnum

from jinja2 import Environment
from markupsafe import Markup

from toolvet.report.charts import range_legend
from toolvet.report.document import Document
from toolvet.report.environments import html_environment, markdown_environment, style_names
from toolvet.report.explain import HEADERS, HOW_IT_ADDS_UP
from toolvet.report.plain_values import plain_value
from toolvet.report.shortfall_words import HOW_TOLD, ONLY_A_POINTER
from toolvet.report.text import json_text


class ReportFormat(StrEnum):
    """What a report can be written as; the value is the file's suffix."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


def report(document: Document, report_format: ReportFormat) -> str:
    """The whole report in that format, with a line end after the last line."""
    match report_format:
        case ReportFormat.MARKDOWN:
            return markdown_report(document)
        case ReportFormat.HTML:
            return html_report(document)
        case ReportFormat.JSON:
            return json_report(document)


def markdown_report(document: Document) -> str:
    """The report in Markdown; foreign text in it is text and nothing else."""
    return single_spaced(_rendered(markdown_environment(), "report.md.j2", document))


def html_report(document: Document) -> str:
    """The report as one HTML file that fetches nothing and runs nothing."""
    return _rendered(html_environment(), "report.html.j2", document)


def json_report(document: Document) -> str:
    """The report as JSON: the fields of `Document`, percentages not rounded."""
    return json_text(plain_value(document)) + "\n"


def requester_report(document: Document, report_format: ReportFormat) -> str:
    """Half a page in plain words for whoever asked."""
    match report_format:
        case ReportFormat.MARKDOWN:
            return single_spaced(_rendered(markdown_environment(), "requester.md.j2", document))
        case ReportFormat.HTML:
            return _rendered(html_environment(), "requester.html.j2", document)
        case ReportFormat.JSON:
            content = {"subject": document.subject, "on": document.on, **_fields(document)}
            return json_text(plain_value(content)) + "\n"


def _fields(document: Document) -> dict[str, object]:
    requester = document.requester
    return {name: getattr(requester, name) for name in ("answer", "because", "terms", "meanwhile", "ask_again")}


def _rendered(environment: Environment, name: str, document: Document) -> str:
    return environment.get_template(name).render(document=document, **names_for(document)).rstrip("\n") + "\n"


def single_spaced(text: str) -> str:
    """At most one empty line at a time, and nothing at the ends of lines: what the templates' blocks leave behind."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text))


def names_for(document: Document) -> dict[str, object]:
    """What a template has to show besides the document itself."""
    return {
        **style_names(),
        "sum_headers": HEADERS,
        "how_it_adds_up": HOW_IT_ADDS_UP,
        "ranges": (*document.criteria, document.overall),
        "range_legend": Markup(range_legend()),
        "shortfalls_told": HOW_TOLD,
        "only_a_pointer": ONLY_A_POINTER,
    }
