"""The report by somebody else's template, which is a program: it is filled in by a process with limits."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from traceback import extract_tb

from jinja2 import Environment, Template, TemplateNotFound, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError

from toolvet.errors import ToolvetError
from toolvet.report.approval.document import Document
from toolvet.report.environments import html_environment, markdown_environment, single_spaced
from toolvet.report.formats import ReportFormat, names_for

MOST_SECONDS = 5
"""Of the processor; by the clock the process has six times as long, for a machine that is busy."""
MOST_BYTES = 300 * 1024 * 1024
_LOOKS_SECONDS = 0.2

_TOO_LONG = f"takes more than {MOST_SECONDS} seconds; look for a loop that repeats itself"
_TOO_LARGE = f"takes more than {MOST_BYTES // 1024**2} MiB of memory; look for a loop that repeats itself"


_MOST_CHARACTERS = 16 * 1024 * 1024
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
        if length > _MOST_CHARACTERS:
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


def report_within_limits(document: Document, template: str, report_format: ReportFormat) -> str:
    """The report by that template, as `own_report` makes it. UnusableTemplate, too, where it takes too much."""
    # -P: nothing that lies in the current folder is taken for a module of ours.
    command = (sys.executable, "-P", "-m", "toolvet.report.own_template", str(os.getpid()))
    given = pickle.dumps((document, template, report_format))
    try:
        ran = subprocess.run(command, input=given, capture_output=True, timeout=6 * MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnusableTemplate(None, _TOO_LONG) from error
    try:
        told = json.loads(ran.stdout)
    except ValueError as error:
        raise UnusableTemplate(None, _TOO_LONG if ran.returncode < 0 else _TOO_LARGE) from error
    if "text" in told:
        return str(told["text"])
    raise UnusableTemplate(told["line"], told["message"])


def _fill_in() -> dict[str, object]:
    threading.Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    # Only the parent writes here, and only what it holds itself.
    document, template, report_format = pickle.load(sys.stdin.buffer)
    _limit()
    try:
        return {"text": own_report(document, template, report_format)}
    except UnusableTemplate as error:
        if isinstance(error.__cause__, MemoryError):
            return {"line": None, "message": _TOO_LARGE}
        return {"line": error.line, "message": str(error)}


def _end_with(parent: int) -> None:
    """End once nobody waits for the report any more: whoever asked for it may be killed."""
    while os.getppid() == parent:
        time.sleep(_LOOKS_SECONDS)
    os._exit(1)


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):  # Windows has none of these: there the clock alone ends it
        import resource  # not on Windows

        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + MOST_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))


if __name__ == "__main__":
    answer = json.dumps(_fill_in())
    sys.stdout.write(answer)
