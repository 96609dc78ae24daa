"""The report on a survey as Markdown, HTML and JSON."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment
from markupsafe import Markup

from toolvet.report.comparison_tables import Cells
from toolvet.report.dumbbells import LEGEND as DUMBBELL_LEGEND
from toolvet.report.dumbbells import dumbbell
from toolvet.report.dumbbells_svg import Dumbbell, dumbbells_svg
from toolvet.report.environments import html_environment, markdown_environment, style_names
from toolvet.report.plain_values import plain_value
from toolvet.report.readiness import Survey
from toolvet.report.readiness_document import ReadinessDocument, readiness_document
from toolvet.report.readiness_json import readiness_json
from toolvet.report.readiness_tables import AREA_LEGEND, LEGEND, SIDE_BY_SIDE_LEGEND
from toolvet.report.render import ReportFormat
from toolvet.report.tables import TableFormat, table
from toolvet.report.text import fitted, json_text, one_line

_BAR, _TITLE = 33, 32
_WORDS = (
    *("title", "answer", "sentences", "who", "ask_again", "parts", "withheld", "wording", "how_computed"),
    *("cannot_tell", "policy", "house_policy"),
)


def readiness_report(survey: Survey, groups: Sequence[str], report_format: ReportFormat) -> str:
    """The whole report in that format, with a line end after the last line; two groups are set side by side."""
    document = readiness_document(survey, groups)
    match report_format:
        case ReportFormat.MARKDOWN:
            return _rendered(markdown_environment(), "readiness.md.j2", document)
        case ReportFormat.HTML:
            return _rendered(html_environment(), "readiness.html.j2", document)
        case ReportFormat.JSON:
            words = {name: plain_value(getattr(document, name)) for name in _WORDS}
            return json_text({**readiness_json(survey, groups or None), **words}) + "\n"


def _rendered(environment: Environment, name: str, document: ReadinessDocument) -> str:
    return environment.get_template(name).render(document=document, **_names()).rstrip("\n") + "\n"


def _names() -> dict[str, object]:
    return {
        **style_names(),
        "dumbbells_svg": dumbbells_svg,
        "bars": _bars,
        "markdown_table": _markdown_table,
        "area_legend": AREA_LEGEND,
        "legend": LEGEND,
        "side_by_side_legend": SIDE_BY_SIDE_LEGEND,
        "dumbbell_legend": DUMBBELL_LEGEND,
    }


def _bars(rows: Sequence[Dumbbell]) -> Markup:
    """The dumbbells in characters, for a block of code."""
    return Markup("\n".join(f"{dumbbell(row.expected, row.delivered, row.top, _BAR)}  {_name(row)}" for row in rows))


def _name(row: Dumbbell) -> str:
    return fitted(one_line(row.title), _TITLE).rstrip()


def _markdown_table(cells: Cells) -> Markup:
    return Markup(table(cells.rows, cells.headers, TableFormat.GITHUB, cells.align))
