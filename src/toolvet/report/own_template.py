"""A report by a template of one's own: Jinja2, in a sandbox, with the names of our own templates."""

from __future__ import annotations

import re
from traceback import extract_tb

from jinja2 import Template, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from toolvet.errors import ToolvetError
from toolvet.report.document import Document
from toolvet.report.environments import html_environment, markdown_environment
from toolvet.report.render import ReportFormat, names_for, single_spaced

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
    try:
        compiled = environment.from_string(template)
    except TemplateSyntaxError as error:
        raise UnusableTemplate(
            error.lineno, f"is no template of Jinja2: {_ended(error.message)}mend it there"
        ) from error
    except RecursionError as error:
        raise UnusableTemplate(None, "is nested too deeply; flatten it") from error
    try:
        text = _filled_in(compiled, document).rstrip("\n") + "\n"
    except UnusableTemplate:
        raise
    # A template is a program of somebody else's: it can raise anything.
    except Exception as error:
        raise UnusableTemplate(_line_of(error), _what_happened(error)) from error
    return text if is_html else single_spaced(text)


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
            return f"does what no template may: {_ended(text)}leave that out"
        case TemplateNotFound():
            return f"names the template '{error.name}', and only toolvet's own can be named; put its text here"
        case TemplateSyntaxError() | UndefinedError():
            found = _OBJECT.match(text)
            what = f"{found[1]} has no '{found[2]}'" if found else text
            return f"{_ended(what)}the report as .json shows what names there are"
        case _:
            return f"cannot be filled in: {type(error).__name__}: {_ended(text)}mend it there"


def _ended(text: str | None) -> str:
    stripped = (text or "").strip().removesuffix(".")
    return f"{stripped}; " if stripped else ""
