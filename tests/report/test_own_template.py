"""Reports by a template of one's own: filled in, safe, and told of where something is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile_report import Page, hostile_document, markdown_tokens
from real_terminal import PATIENCE
from report_sample import make_decision, make_sample
from toolvet.report.formats import ReportFormat
from toolvet.report.own_template import UnusableTemplate, own_report, report_within_limits
from toolvet.text.escape import UNLINKED

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "reports.md"


def _refused(template: str, report_format: ReportFormat = ReportFormat.MARKDOWN) -> tuple[int | None, str]:
    with pytest.raises(UnusableTemplate) as caught:
        own_report(make_sample(None), template, report_format)
    return caught.value.line, str(caught.value)


def test_the_example_in_the_documentation_is_filled_in() -> None:
    found = re.search(r"```jinja\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    assert own_report(make_sample(make_decision()), found[1], ReportFormat.MARKDOWN) == (
        "# Tool Business\n"
        "\n"
        "**Approved with conditions, with 1 must-have waived until 31 March 2027; the verdict was hold**, "
        "as of 20 November 2026. Verdict as computed: Hold.\n"
        "\n"
        "Decided by the tool board on 20 November 2026.\n"
        "\n"
        "- Vendor supplies sign-in (Vendor management, 31 March 2027)\n"
        "\n"
        "| criterion | at least | at most |\n"
        "| --- | ---: | ---: |\n"
        "| Devices | 60.0 | 80.0 |\n"
        "| Security | 50.0 | 100.0 |\n"
        "| Overall | 53.3 | 93.3 |\n"
        "\n"
        "- Sign in: ? unknown\n"
    )


def test_foreign_text_is_text_in_html() -> None:
    text = own_report(hostile_document(), "<p>{{ document.subject }}</p>", ReportFormat.HTML)
    assert [tag for tag, _ in Page(text).tags] == ["meta", "p"]


@pytest.mark.parametrize(
    "template",
    [
        "{% autoescape false %}<p>{{ document.subject }}</p>{% endautoescape %}",
        "<p>{{ document.subject ~ document.reviewer }}</p>",
        "<p>{{ [document.subject, document.reviewer] | join(', ') }}</p>",
        "<p>{% set name %}{{ document.subject }}{% endset %}{{ name }}</p>",
        "<p>{% set less %}<{% endset %}{{ document.subject | e | replace('&lt;', less) }}</p>",
        "<p>{{ ('%s' | e) | format(document.subject) }}</p>",
        "<p>{{ document.subject | e | striptags }}</p>",
    ],
)
def test_foreign_text_stays_text_in_html_however_it_is_put_together(template: str) -> None:
    assert [tag for tag, _ in Page(own_report(hostile_document(), template, ReportFormat.HTML)).tags] == ["meta", "p"]


@pytest.mark.parametrize(
    "template",
    [
        "{{ document.subject }}",
        "{% autoescape true %}{{ document.subject }}{% endautoescape %}",
        "{{ document.subject ~ document.reviewer }}",
        "{{ [document.subject, document.reviewer] | join(', ') }}",
        "{% macro named(one) %}{{ one }}{% endmacro %}{{ named(document.subject) }}",
        "{{ document.subject | e }}",
        "{{ document.subject | forceescape }}",
        "{{ document.subject | tojson }}",
        "{{ ('%s' | e) | format(document.subject) }}",
        "{{ document.subject | cell | replace('\\\\', '') }}",
        "{{ document.subject | urlencode | e }}",
        "{{ document.subject | code_line }}",
        "{{ document.subject | string | e | string }}",
        "{% autoescape true %}{% set name %}{{ document.subject }}{% endset %}{{ name }}{% endautoescape %}",
    ],
)
def test_foreign_text_is_text_in_markdown(template: str) -> None:
    tokens = markdown_tokens(own_report(hostile_document(), template, ReportFormat.MARKDOWN))
    live = [token for token in tokens if token.type in ("html_block", "html_inline", "image", "link_open")]
    assert [token for token in live if token.content != UNLINKED] == []


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        (
            "one\n\n{% for %}",
            3,
            "is not a valid Jinja2 template: Expected an expression, got 'end of statement block'; ",
        ),
        (
            "one\n{{ document.subject | safe }}",
            2,
            "is not a valid Jinja2 template: No filter named 'safe'; fix it there",
        ),
        ("one\n{{ document.nothing }}", 2, "Document has no 'nothing'; the report as .json shows what names there are"),
        ("{{ nothing }}", 1, "'nothing' is undefined; the report as .json shows what names there are"),
        ("one\n{{ 1 / 0 }}", 2, "cannot be filled in: ZeroDivisionError: division by zero; fix it there"),
        ('{% include "/etc/passwd" %}', 1, "names the template '/etc/passwd', and only toolvet's own can be named; "),
        ('{% include "../report.css" %}', 1, "names the template '../report.css', and only toolvet's own can be named"),
        ("{{ document.__class__.__mro__ }}", 1, "does what no template may do: access to attribute '__class__'"),
        ("{% for one in range(100001) %}{% endfor %}", 1, "cannot be filled in: OverflowError: Range too big"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(template: str, line: int, message: str) -> None:
    told = _refused(template)
    assert (told[0], told[1][: len(message)]) == (line, message)


@pytest.mark.parametrize("template", ["{{ (document.subject | e).unescape() }}", "{{ ('a' | e).replace('a', 'b') }}"])
def test_what_is_safe_has_no_methods(template: str) -> None:
    line, message = _refused(template, ReportFormat.HTML)
    assert (line, message[:36]) == (1, "does what no template may do: access")


@pytest.mark.parametrize("report_format", [ReportFormat.HTML, ReportFormat.MARKDOWN])
@pytest.mark.parametrize(
    "template",
    [
        "one\n{% filter striptags %}{{ document.subject }}{% endfilter %}",
        "one\n{% set x | replace('&lt;', '<') %}{{ document.subject }}{% endset %}{{ x }}",
        "one{% if true %}{% for a in [1] %}\n{% filter upper %}a{% endfilter %}{% endfor %}{% endif %}",
        "one{% macro m() %}\n{% filter upper %}a{% endfilter %}{% endmacro %}",
    ],
)
def test_no_block_is_filtered(template: str, report_format: ReportFormat) -> None:
    told = "filters a whole block; filter single values: {{ value | upper }}"
    assert _refused(template, report_format) == (2, told)


@pytest.mark.parametrize("part", ["{{ n | note | reverse }}", "{{ (n | note)[::-1] }}", "{{ (n | note)[4:] }}"])
def test_a_part_of_markup_is_text_and_so_is_markup_turned_round(part: str) -> None:
    template = f"{{% set n = 'a *x=crs gmi*' %}}{part}"  # between <em> and </em>, "img src=x" is a tag from behind
    page = own_report(make_sample(None), template, ReportFormat.HTML)
    assert [tag for tag, _ in Page(page).tags] == ["meta"]


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("<!doctype html>\n<html lang='en'><p>x</p>", "<!doctype html>\n{}\n<html lang='en'><p>x</p>\n"),
        ("<script src='//x'></script>", "{}\n<script src='//x'></script>\n"),
        ("<!doctype html x='>'><head>", "{}\n<!doctype html x='>'><head>\n"),
    ],
)
def test_a_page_begins_with_a_policy_that_lets_nothing_run(template: str, page: str) -> None:
    text = own_report(make_sample(None), template, ReportFormat.HTML)
    policy = re.search(r"<meta[^>]*>", text)
    assert policy is not None
    assert "default-src 'none'" in policy[0]
    assert text == page.replace("{}", policy[0])


def test_a_template_is_filled_in_by_a_process_as_it_is_here() -> None:
    document = make_sample(make_decision())
    template = "{{ document.subject }} {{ document.on }} {{ ranges | length }}"
    filled = own_report(document, template, ReportFormat.MARKDOWN)
    assert report_within_limits(document, template, ReportFormat.MARKDOWN) == filled


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("one\n{{ nothing }}", 2, "'nothing' is undefined; the report as .json shows what names there are"),
        (
            "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
            None,
            "takes more than 5 seconds; look for a loop that repeats itself",
        ),
        (
            "{{ '%2000000000d' | format(1) }}",
            None,
            "takes more than 300 MiB of memory; look for a loop that repeats itself",
        ),
    ],
    ids=["fault", "loop", "memory"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends it by the clock alone")
def test_a_process_ends_a_template_that_takes_too_much(template: str, line: int | None, message: str) -> None:
    with pytest.raises(UnusableTemplate) as caught:
        report_within_limits(make_sample(None), template, ReportFormat.MARKDOWN)
    assert (caught.value.line, str(caught.value)) == (line, message)


def test_a_template_that_repeats_itself_for_ever_is_stopped() -> None:
    template = (
        f"{{% for one in range(100000) %}}{{% for two in range(100000) %}}{'x' * 1000}{{% endfor %}}{{% endfor %}}"
    )
    assert _refused(template) == (None, "writes more than 16 MiB; look for a loop that repeats itself")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the processes cannot be seen here")
def test_it_ends_with_the_program_that_waits_for_it() -> None:
    program = (
        "import os, subprocess, sys\n"
        "command = [sys.executable, '-P', '-m', 'toolvet.report.own_template', str(os.getpid())]\n"
        "started = subprocess.Popen(command)\n"
        "print(started.pid, flush=True)\n"
        "started.wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as waiting:
        assert waiting.stdout is not None
        command = Path("/proc", waiting.stdout.readline().strip(), "cmdline")
        wait_until(lambda: b"own_template" in content_of(command))
        waiting.kill()
        wait_until(lambda: not content_of(command))


def content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it has ended


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def test_one_of_our_own_templates_can_be_included() -> None:
    text = own_report(make_sample(None), '{% include "requester.md.j2" %}', ReportFormat.MARKDOWN)
    assert text.startswith("# Your request: Tool Business")
