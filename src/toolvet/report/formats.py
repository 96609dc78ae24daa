"""The approval report as Markdown, HTML, JSON and PDF, and filling in a template of your own."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from fractions import Fraction
from itertools import chain
from traceback import extract_tb

from jinja2 import Environment, Template, TemplateNotFound, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError

from toolvet.errors import ToolvetError, UsageError
from toolvet.report.approval.arithmetic import HOW_IT_ADDS_UP, SUM_HEADERS
from toolvet.report.approval.document import Document, Requester
from toolvet.report.approval.shortfalls import HOW_TOLD, ONLY_A_POINTER
from toolvet.report.charts_svg import RANGES_CAPTION, map_caption, ranges_svg
from toolvet.report.environments import (
    TEMPLATES,
    PageFront,
    filled_in_markdown,
    filled_in_page,
    html_environment,
    markdown_environment,
    one_map_svg,
    single_spaced,
    style_names,
)
from toolvet.report.markup import (
    Block,
    Illustration,
    SafeMarkdown,
    blocks_of,
    illustrated,
    plain_text,
    with_first_page,
)
from toolvet.text.charts import range_legend
from toolvet.text.escape import how_to_add, json_text
from toolvet.text.labels import day, plain_number


def plain_value(value: object) -> object:
    """Dataclasses as objects, tuples as lists, enums as their value, fractions as numbers, dates as ISO text."""
    match value:
        case Enum():
            return value.value
        case Fraction():
            return plain_number(value)
        case datetime.date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain_value(one) for key, one in value.items()}
        case tuple() | list():
            return [plain_value(one) for one in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {field.name: plain_value(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            return value


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
    return filled_in_markdown("report.md.j2", _names(document))


def html_report(document: Document) -> str:
    """The report as one HTML file that fetches nothing and runs nothing."""
    drawings = drawings_of(document)
    front = PageFront(
        title=f"{document.subject}: approval report",
        kicker=f"Approval report, {day(document.on)}",
        heading=document.subject,
        answer=document.front.answer,
        tone=document.front.tone,
        summary=document.front.summary,
        points=document.front.points,
        kind="first-page",
        drawing=drawings[0],
    )
    return filled_in_page(front, "report.md.j2", _names(document), drawings)


def drawings_of(document: Document) -> list[Illustration]:
    """What takes the place of the drawings in letters: the ranges on the first page, and the map where there is one."""
    ranges = ranges_svg((*document.criteria, document.overall), f"Score ranges of {document.subject}")
    drawings = [Illustration(ranges, RANGES_CAPTION)]
    if document.map is not None:
        caption = f"A: {document.subject}. {map_caption(document.map.split)}"
        drawings.append(Illustration(one_map_svg(document.map, document.subject), caption, 50))
    return drawings


def json_report(document: Document) -> str:
    """The report as JSON: the fields of `Document`, percentages not rounded."""
    return json_text(plain_value(document)) + "\n"


def requester_report(document: Document, report_format: ReportFormat) -> str:
    """Half a page in plain words for whoever asked."""
    match report_format:
        case ReportFormat.MARKDOWN:
            return filled_in_markdown("requester.md.j2", _names(document))
        case ReportFormat.HTML:
            front = PageFront(
                title=f"Your request: {document.subject}",
                kicker=f"Your request, as of {day(document.on)}",
                heading=document.subject,
                answer=document.requester.answer,
                tone=document.front.tone,
                kind="brief",
            )
            return filled_in_page(front, "requester.md.j2", _names(document))
        case ReportFormat.JSON:
            content = {"subject": document.subject, "on": document.on, **_fields(document.requester)}
            return json_text(plain_value(content)) + "\n"


def _fields(value: Requester) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def names_for(document: Document) -> dict[str, object]:
    """What a template has to show besides the document itself."""
    return {
        **style_names(),
        "sum_headers": SUM_HEADERS,
        "how_it_adds_up": HOW_IT_ADDS_UP,
        "ranges": (*document.criteria, document.overall),
        "range_legend": SafeMarkdown(range_legend()),
        "shortfalls_told": HOW_TOLD,
        "only_a_pointer": ONLY_A_POINTER,
    }


def _names(document: Document) -> dict[str, object]:
    return {"document": document, **names_for(document)}


MOST = 16 * 1024 * 1024
"""Characters that a report may have; a loop that never ends is noticed by it."""
_OWN = "<template>"  # what jinja calls a template that came as text
_OBJECT = re.compile(r"^'(?:[\w.]*\.)?(\w+) object' has no attribute '(\w+)'$")


class UnusableTemplate(ToolvetError):
    """A template that cannot be read or filled in: the line where that shows, and what to do."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.line = line


def own_report(document: Document, template: str, report_format: ReportFormat) -> str:
    """The report by that template, foreign text in it made safe. UnusableTemplate where something is wrong with it.

    What came with the template can neither reach files nor change values. It writes Markdown or HTML.
    """
    is_html = report_format is ReportFormat.HTML
    environment = html_environment() if is_html else markdown_environment()
    compiled = _compiled(environment, template)
    try:
        text = _filled_in(compiled, document).rstrip("\n") + "\n"
    except UnusableTemplate:
        raise
    # A template is a program of somebody else's: it can raise anything.
    except Exception as error:
        raise UnusableTemplate(_line_of(error), _what_happened(error)) from error
    return _with_policy(text) if is_html else single_spaced(text)


def _compiled(environment: Environment, template: str) -> Template:
    try:
        parsed = environment.parse(template)
        blocks: Iterator[nodes.FilterBlock | nodes.AssignBlock]
        blocks = chain(parsed.find_all(nodes.FilterBlock), parsed.find_all(nodes.AssignBlock))
        for block in blocks:
            if block.filter is not None:  # what comes out of it would no longer be told from the template's own text
                raise UnusableTemplate(block.lineno, "filters a whole block; filter single values: {{ value | upper }}")
        return environment.from_string(parsed)
    except TemplateSyntaxError as error:
        raise UnusableTemplate(
            error.lineno, f"is not a valid Jinja2 template: {_ended(error.message)}fix it there"
        ) from error
    except RecursionError as error:
        raise UnusableTemplate(None, "is nested too deeply; flatten it") from error


_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'\">"
)
_DOCTYPE = re.compile(r"^\ufeff?\s*<!doctype\s[a-z0-9 \"'./:+-]*>\n?", re.IGNORECASE)


def _with_policy(page: str) -> str:
    """The page with a policy that lets nothing run or be fetched, before anything that could.

    Browsers put it into the head, whatever of a head follows.
    """
    doctype = _DOCTYPE.match(page)
    start = 0 if doctype is None else doctype.end()
    return f"{page[:start]}{_POLICY}\n{page[start:]}"


def _filled_in(template: Template, document: Document) -> str:
    parts, length = [], 0
    for part in template.generate(document=document, **names_for(document)):
        parts.append(part)
        length += len(part)
        if length > MOST:
            raise UnusableTemplate(None, "writes more than 16 MiB; look for a loop that repeats itself")
    return "".join(parts)


def _line_of(error: Exception) -> int | None:
    """The line of the template where it happened; what it includes of ours lies below that."""
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == _OWN]
    return lines[-1] if lines else None


def _what_happened(error: Exception) -> str:
    text = str(error)
    match error:
        case SecurityError():
            return f"does what no template may do: {_ended(text)}remove that"
        case TemplateNotFound():
            return f"names the template '{error.name}', and only toolvet's own can be named; put its text here"
        case TemplateSyntaxError() | UndefinedError():
            found = _OBJECT.match(text)
            what = f"{found[1]} has no '{found[2]}'" if found else text
            return f"{_ended(what)}the report as .json shows what names there are"
        case _:
            return f"cannot be filled in: {type(error).__name__}: {_ended(text)}fix it there"


def _ended(text: str | None) -> str:
    stripped = (text or "").strip().removesuffix(".")
    return f"{stripped}; " if stripped else ""


NO_TYPST = (
    f"a PDF needs the package typst (toolvet's extra pdf): {how_to_add('typst')}; the HTML report prints well, too"
)
_LONGEST_FOOTER = 90
_PICTURE = re.compile("[\u2400-\u2421]")
_NO_LETTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


def pdf_report(document: Document) -> bytes:
    """The whole report, its first page by itself. UsageError where the extra is not installed."""
    blocks = [*illustrated(blocks_of(markdown_report(document)), drawings_of(document))]
    return laid_out(with_first_page(blocks, 0))


def requester_pdf(document: Document) -> bytes:
    """Half a page in plain words for whoever asked."""
    return markdown_pdf(requester_report(document, ReportFormat.MARKDOWN))


def markdown_pdf(text: str) -> bytes:
    """Markdown in which everything foreign is escaped already, laid out as it is."""
    return laid_out(blocks_of(text))


def laid_out(blocks: list[Block]) -> bytes:
    """The blocks as a PDF. UsageError where the extra is not installed."""
    try:
        # An extra of 80 MB, and not there where types are checked.
        import typst  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise UsageError(NO_TYPST) from error
    heading = next((block for block in blocks if block["kind"] == "heading"), None)
    title = "" if heading is None else plain_text(heading["runs"])  # type: ignore[arg-type]  # of a heading, runs
    footer = textwrap.shorten(title, _LONGEST_FOOTER, placeholder=" …")
    inputs = {"report": _spelled(json.dumps({"title": title, "footer": footer, "blocks": blocks}, ensure_ascii=False))}
    template = TEMPLATES / "report.typ"
    try:
        pdf: bytes = typst.compile(template, root=TEMPLATES, sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError:
        # No font here has some letter of it: it cannot be promised to be read aloud, and is written all the same.
        pdf = typst.compile(template, root=TEMPLATES, sys_inputs=inputs)
    return pdf


def _spelled(text: str) -> str:
    """The text with control codes as code points, for which every font has letters, and without what is no letter."""
    return _NO_LETTER.sub("\ufffd", _PICTURE.sub(_code_point, text))


def _code_point(match: re.Match[str]) -> str:
    return "<U+007F>" if match[0] == "␡" else f"<U+{ord(match[0]) - 0x2400:04X}>"
