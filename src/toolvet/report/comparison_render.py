"""The report on a comparison as Markdown, HTML and JSON."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from toolvet.domain.robustness import Robustness
from toolvet.report.charts import map_lines
from toolvet.report.charts_svg import map_svg
from toolvet.report.comparison import Comparison
from toolvet.report.comparison_document import ComparisonDocument, comparison_document
from toolvet.report.comparison_json import comparison_json
from toolvet.report.comparison_robustness import HEADERS
from toolvet.report.comparison_tables import range_cell
from toolvet.report.comparison_text import QUESTIONS_LEGEND
from toolvet.report.comparison_why import heading, total_words
from toolvet.report.comparison_words import points
from toolvet.report.document import Figures
from toolvet.report.environments import html_environment, markdown_environment, style_names
from toolvet.report.plain_values import plain_value
from toolvet.report.render import ReportFormat
from toolvet.report.text import json_text
from toolvet.report.words import NO_FIGURE, figure, grade_words

_MAP_WIDTH, _MAP_HEIGHT = 72, 23


def comparison_report(comparison: Comparison, robustness: Robustness | None, report_format: ReportFormat) -> str:
    """The whole report in that format, with a line end after the last line."""
    document = comparison_document(comparison, robustness)
    match report_format:
        case ReportFormat.MARKDOWN:
            return _rendered(markdown_environment(), "comparison.md.j2", document)
        case ReportFormat.HTML:
            return _rendered(html_environment(), "comparison.html.j2", document)
        case ReportFormat.JSON:
            return json_text(_as_json(comparison, robustness, document)) + "\n"


def _rendered(environment: Environment, name: str, document: ComparisonDocument) -> str:
    return environment.get_template(name).render(document=document, **_names(document)).rstrip("\n") + "\n"


def _names(document: ComparisonDocument) -> dict[str, object]:
    drawn, split = document.map.points, document.map.split
    return {
        **style_names(),
        "points": points,
        "heading": heading,
        "total_words": total_words,
        "grade_words": grade_words,
        "range_cell": range_cell,
        "hold_headers": HEADERS,
        "figures_cell": _figures_cell,
        "questions_legend": QUESTIONS_LEGEND,
        "map_svg": map_svg(drawn, split, f"Sweet-spot map: {document.title}") if drawn else "",
        "map_text": Markup("\n".join(map_lines(drawn, split, _MAP_WIDTH, _MAP_HEIGHT))) if drawn else "",
    }


def _figures_cell(one: Figures) -> str:
    return NO_FIGURE if one.floor is None else f"{figure(one.floor)}–{figure(one.ceiling)}"


def _as_json(comparison: Comparison, robustness: Robustness | None, document: ComparisonDocument) -> dict[str, object]:
    """The fields of `toolvet compare --json` with everything in it, and what the report says in words."""
    data = comparison_json(comparison, robustness=robustness, reason=document.why, by_question=True)
    words = ("title", "answer", "why_first", "separation", "caveats", "trust", "house_policy", "policy", "files")
    return {
        **data,
        **{name: plain_value(getattr(document, name)) for name in words},
        "map": {"split": plain_value(document.map.split), "places": plain_value(document.map.places)},
        "details": plain_value(document.tools),
    }
