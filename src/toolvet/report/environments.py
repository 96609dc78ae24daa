"""How templates show values: every expression is escaped for the format, and the filters are defined here."""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from toolvet.domain.scorecard import ScoreRange
from toolvet.report.approval.arithmetic import term_cells
from toolvet.report.approval.document import FrontPoint, MapPart, RangeRow
from toolvet.report.charts_svg import map_svg, ranges_svg
from toolvet.report.markup import (
    Illustration,
    SafeMarkdown,
    blocks_of,
    illustrated,
    note_block,
    note_html,
    plain_text,
    sections_of,
)
from toolvet.report.survey.sentences import marked_reading
from toolvet.text.charts import MapPoint, map_lines, range_bar
from toolvet.text.escape import (
    is_address,
    listed,
    markdown,
    markdown_address,
    markdown_cell,
    markdown_lines,
    one_line,
    plural,
    spelled,
)
from toolvet.text.labels import day, figure, number
from toolvet.values import dataclass

TEMPLATES = Path(__file__).parent / "templates"


@cache
def html_environment() -> Environment:
    """The environment of HTML templates: everything shown is escaped."""
    environment = _environment(autoescape=True, shown=_html_text)
    environment.filters["note"] = lambda text: _Whole(note_html(text))
    environment.filters["ranges_svg"] = ranges_svg
    environment.filters["map_svg"] = one_map_svg
    environment.filters["words"] = plain_text
    return environment


@cache
def markdown_environment() -> Environment:
    """The environment of Markdown templates: everything shown is escaped."""
    return _markdown_environment(str, _quoted)


@cache
def _page_environment() -> Environment:
    """The same for the body of a page in HTML: control codes are spelled out, and notes keep their own Markdown."""
    return _markdown_environment(lambda text: spelled(text, keep_line_breaks=True), note_block)


def _markdown_environment(said: Callable[[str], str], quoted: Callable[[str], SafeMarkdown]) -> Environment:
    def shown(value: object) -> SafeMarkdown:
        # Jinja's own filters make Markup of anything; that is safe in HTML, and means nothing here.
        return value if isinstance(value, SafeMarkdown) else SafeMarkdown(markdown(said(_text(value))))

    environment = _environment(autoescape=False, shown=shown)
    environment.filters |= {
        "cell": lambda value: SafeMarkdown(markdown_cell(said(_text(value)))),
        "address": lambda text: SafeMarkdown(markdown_address(said(text))),
        "quoted": quoted,
        "bar": _bar,
        "code_line": _code_line,
        "map_lines": _map_lines,
    }
    return environment


def _environment(*, autoescape: bool, shown: Callable[[object], str]) -> Environment:
    # every expression of a template passes through `shown`, so that no forgotten filter lets foreign text live
    environment = _Sandbox(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=autoescape,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "day": day,
        "figure": figure,
        "number": number,
        "reading": marked_reading,
        "counted": plural,
        "listed": listed,
        "term_cells": term_cells,
        "verdict": lambda verdict: verdict.words.capitalize(),
    }
    environment.tests["address"] = is_address
    # What is safe in HTML is made from foreign text in one way alone, and nothing takes that back.
    environment.filters["replace"] = _replaced
    for name in ("safe", "urlize"):
        del environment.filters[name]
    return environment


class _Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox in which a text that is safe already has no methods: they would put the live letters back."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return not isinstance(obj, Markup) and super().is_safe_attribute(obj, attr, value)


class _Whole(Markup):
    """Markup of which a part is text, and so are its letters turned round: what was text there could be a tag."""

    def __getitem__(self, key: Any) -> Any:
        return str.__getitem__(self, key)


def _replaced(text: object, old: str, new: str) -> str:
    return _text(text).replace(str(old), str(new))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime.date():
            return day(value)
        case Fraction():
            return figure(value)
        case _:
            return str(value)


def _html_text(value: object) -> Markup:
    return value if isinstance(value, Markup) else escape(spelled(_text(value), keep_line_breaks=True))


def _quoted(text: str) -> SafeMarkdown:
    """Text of several lines as a quotation, every line break kept."""
    return SafeMarkdown("\\\n".join(f"> {line}" for line in markdown_lines(text.strip()) if line))


@pass_context
def _code_line(context: Context, text: str) -> str:
    """The text on one line of a block of code. Only our own templates are known to have it in one."""
    return text if context.name is None else SafeMarkdown(one_line(text))


def _bar(row: RangeRow) -> SafeMarkdown:
    if row.floor is None or row.ceiling is None or row.coverage is None:
        return SafeMarkdown("")
    return SafeMarkdown(range_bar(ScoreRange(row.floor, row.observed, row.ceiling, row.coverage), 50, (row.threshold,)))


def _map_point(part: MapPart, subject: str) -> MapPoint:
    return MapPoint("A", subject, part.experience, part.control)


def one_map_svg(part: MapPart, subject: str) -> Markup:
    """The map with that subject alone on it."""
    return map_svg((_map_point(part, subject),), part.split, f"Sweet-spot map of {subject}")


@pass_context
def _map_lines(context: Context, part: MapPart, subject: str) -> SafeMarkdown:
    # As with a line of code, nobody knows where somebody else's template has it: its letters alone cannot be live.
    named = re.sub(r"[^\w ,.()-]", "·", subject.replace("www.", "www·")) if context.name is None else subject
    return SafeMarkdown("\n".join(map_lines((_map_point(part, named),), part.split, 64, 19)))


def style_names() -> dict[str, object]:
    """The names that the head of every page needs: the style, and its digest for the content policy."""
    style = template_text("report.css")
    return {"style": Markup(style), "style_digest": _policy_digest(style)}


def page_with_script(template: str, style: str, script: str, names: dict[str, object]) -> str:
    """A page that works without a network; its content policy lets in this style and this script alone."""
    digests = {"style_digest": _policy_digest(style), "script_digest": _policy_digest(script)}
    page = html_environment().get_template(template)
    return page.render(**names, **digests, style=Markup(style), script=Markup(script))


def template_text(name: str) -> str:
    """The text of a style or script among the templates."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy_digest(text: str) -> str:
    """The digest by which a page's content policy lets that style or script in, and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@dataclass(frozen=True, slots=True)
class PageFront:
    """The top of a page in HTML, which is laid out by hand: the answer in the colour of `tone`, what goes with it.

    `summary` stands beside the answer, `notes` below it, `drawing` below the points. `kind` is "first-page" for one
    that is printed by itself, "brief" for a page without a table of contents.
    """

    title: str
    kicker: str
    heading: str
    answer: str = ""
    tone: str = ""
    summary: Sequence[str] = ()
    points: Sequence[FrontPoint] = ()
    notes: Sequence[str] = ()
    kind: str = ""
    drawing: Illustration | None = None


def filled_in_markdown(template: str, names: dict[str, object]) -> str:
    """Our Markdown template with these names."""
    return _filled_in(markdown_environment(), template, names)


def filled_in_page(
    front: PageFront, template: str, names: dict[str, object], drawings: Sequence[Illustration] = ()
) -> str:
    """A page in HTML: the front, and the sections of the Markdown template, with its drawings in letters drawn."""
    blocks = blocks_of(_filled_in(_page_environment(), template, names))
    sections = sections_of(illustrated(blocks, drawings))
    page = html_environment().get_template("document.html.j2")
    return page.render(front=front, sections=sections, **style_names()).rstrip("\n") + "\n"


def _filled_in(environment: Environment, template: str, names: dict[str, object]) -> str:
    return single_spaced(environment.get_template(template).render(**names)).rstrip("\n") + "\n"


def single_spaced(text: str) -> str:
    """At most one empty line at a time, and nothing at the ends of lines: what the templates' blocks leave behind."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<![ \t])[ \t]+\n", "\n", text))
