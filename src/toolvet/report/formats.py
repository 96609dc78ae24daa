"""The approval report as Markdown, HTML, JSON and PDF, and the requester's half page as a letter, too."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any

from toolvet.report.approval.arithmetic import HOW_IT_ADDS_UP, SUM_HEADERS
from toolvet.report.approval.document import Document
from toolvet.report.approval.shortfalls import HOW_TOLD, ONLY_A_POINTER
from toolvet.report.charts_svg import RANGES_CAPTION, map_caption, ranges_svg
from toolvet.report.environments import (
    TEMPLATES,
    PageFront,
    filled_in_markdown,
    filled_in_page,
    one_map_svg,
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
from toolvet.report.native import pdf_bytes
from toolvet.text.charts import range_legend
from toolvet.text.escape import json_text, one_line, spelled, wrapped
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
            return plain_fields(value)
        case _:
            return value


def plain_fields(value: Any, *names: str) -> dict[str, object]:
    """The fields of a dataclass, all or those named, each as `plain_value` has it."""
    wanted = names or [field.name for field in dataclasses.fields(value)]
    return {name: plain_value(getattr(value, name)) for name in wanted}


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
            about = plain_fields(document, "subject", "on")
            return json_text({**about, **plain_fields(document.requester)}) + "\n"


_LETTER_WIDTH = 72


def letter_text(document: Document) -> str:
    """The letter as lines of at most 72 columns."""
    blocks = blocks_of(requester_report(document, ReportFormat.MARKDOWN))
    return spelled("\n\n".join(_paragraphs(blocks)), keep_line_breaks=True) + "\n"


def letter_mail(document: Document) -> bytes:
    """The letter as a draft without an address, which mail programs open to be sent."""
    # Mail takes 50 ms to import.
    from email.message import EmailMessage
    from email.policy import SMTP

    mail = EmailMessage(policy=SMTP)
    # "=?" begins an encoded word, which the mail would decode: whatever it holds could be a header of its own.
    mail["Subject"] = one_line(f"Your request: {document.subject}").replace("=?", "= ?")
    mail["X-Unsent"] = "1"
    mail.set_content(letter_text(document))
    return mail.as_bytes()


def _paragraphs(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        match block["kind"]:
            case "heading":
                title = plain_text(block["runs"])
                yield f"{title}\n{'-' * min(len(title), _LETTER_WIDTH)}"
            case "list":
                items = (plain_text(inner["runs"]) for item in block["items"] for inner in item)
                yield "\n".join(wrapped(f"- {one_line(item)}", _LETTER_WIDTH, hanging=2) for item in items)
            case _:
                yield wrapped(one_line(plain_text(block.get("runs", ()))), _LETTER_WIDTH)


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
    heading = next((block for block in blocks if block["kind"] == "heading"), None)
    title = "" if heading is None else plain_text(heading["runs"])  # type: ignore[arg-type]  # of a heading, runs
    footer = textwrap.shorten(title, _LONGEST_FOOTER, placeholder=" …")
    report = json.dumps({"title": title, "footer": footer, "blocks": blocks}, ensure_ascii=False)
    return pdf_bytes(_spelled(report), TEMPLATES / "report.typ")


def _spelled(text: str) -> str:
    """The text with control codes as code points, for which every font has letters, and without what is no letter."""
    return _NO_LETTER.sub("\ufffd", _PICTURE.sub(_code_point, text))


def _code_point(match: re.Match[str]) -> str:
    return "<U+007F>" if match[0] == "␡" else f"<U+{ord(match[0]) - 0x2400:04X}>"
