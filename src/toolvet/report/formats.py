"""Reports in all their forms: the approval report, and the requester's half page, which is a letter, too."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any, ClassVar

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


class Report(ABC):
    """A report, to be written in every form. Pages and papers are laid out from the blocks of its Markdown."""

    template: ClassVar[str]
    sections_first: ClassVar[int | None] = None
    """After how many sections the first page ends on paper, where it stands by itself; it is drawn then, too."""

    def __init__(self, title: str, on: datetime.date) -> None:
        self.title, self.on = title, on

    @abstractmethod
    def front(self) -> PageFront:
        """The top of the page in HTML."""

    @abstractmethod
    def names(self) -> dict[str, object]:
        """What the template shows."""

    @abstractmethod
    def data(self) -> object:
        """The report for programs."""

    def drawings(self) -> Iterable[Illustration]:
        """What takes the place of the drawings in letters."""
        return ()

    def text(self, report_format: ReportFormat) -> str:
        """The whole report in that format, with a line end after the last line."""
        match report_format:
            case ReportFormat.MARKDOWN:
                return filled_in_markdown(self.template, self.names())
            case ReportFormat.HTML:
                return filled_in_page(self.front(), self.template, self.names(), [*self.drawings()])
            case ReportFormat.JSON:
                return json_text(self.data()) + "\n"

    def pdf(self) -> bytes:
        """The whole report on paper. UsageError where the extra is not installed."""
        return laid_out(self._pages([] if self.sections_first is None else self.drawings()))

    def word(self) -> bytes:
        from toolvet.report.word import word_document  # python-docx takes 0.2 s to import

        return word_document(self._pages([]), self.title, self.on)

    def _pages(self, drawings: Iterable[Illustration]) -> list[Block]:
        blocks = [*illustrated(blocks_of(self.text(ReportFormat.MARKDOWN)), drawings)]
        return blocks if self.sections_first is None else with_first_page(blocks, self.sections_first)

    def written(self, ending: str) -> str | bytes:
        """The report as a file with that ending: that of a format, pdf or docx."""
        match ending:
            case "pdf":
                return self.pdf()
            case "docx":
                return self.word()
            case _:
                return self.text(ReportFormat(ending))


class ApprovalReport(Report):
    """The report on one tool, for whoever decides; as JSON the fields of `Document`, percentages not rounded."""

    template = "report.md.j2"
    sections_first = 0

    def __init__(self, document: Document) -> None:
        super().__init__(f"{document.subject}: approval report", document.on)
        self._document = document

    def front(self) -> PageFront:
        front = self._document.front
        return PageFront(
            title=self.title,
            kicker=f"Approval report, {day(self.on)}",
            heading=self._document.subject,
            answer=front.answer,
            tone=front.tone,
            summary=front.summary,
            points=front.points,
            kind="first-page",
            drawing=next(self.drawings()),
        )

    def names(self) -> dict[str, object]:
        return {"document": self._document, **names_for(self._document)}

    def data(self) -> object:
        return plain_value(self._document)

    def drawings(self) -> Iterator[Illustration]:
        """The ranges on the first page, and the map where there is one."""
        document = self._document
        ranges = ranges_svg((*document.criteria, document.overall), f"Score ranges of {document.subject}")
        yield Illustration(ranges, RANGES_CAPTION)
        if document.map is not None:
            caption = f"A: {document.subject}. {map_caption(document.map.split)}"
            yield Illustration(one_map_svg(document.map, document.subject), caption, 50)


class RequesterReport(Report):
    """Half a page in plain words for whoever asked."""

    template = "requester.md.j2"

    def __init__(self, document: Document) -> None:
        super().__init__(f"Your request: {document.subject}", document.on)
        self._document = document

    def front(self) -> PageFront:
        return PageFront(
            title=self.title,
            kicker=f"Your request, as of {day(self.on)}",
            heading=self._document.subject,
            answer=self._document.requester.answer,
            tone=self._document.front.tone,
            kind="brief",
        )

    def names(self) -> dict[str, object]:
        return {"document": self._document, **names_for(self._document)}

    def data(self) -> object:
        return {**plain_fields(self._document, "subject", "on"), **plain_fields(self._document.requester)}


_LETTER_WIDTH = 72


def letter_text(document: Document) -> str:
    """The letter as lines of at most 72 columns."""
    blocks = blocks_of(RequesterReport(document).text(ReportFormat.MARKDOWN))
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


_LONGEST_FOOTER = 90
_PICTURE = re.compile("[\u2400-\u2421]")
_NO_LETTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")


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
