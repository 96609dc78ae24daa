"""`toolvet report`."""

from __future__ import annotations

import argparse
from itertools import chain
from pathlib import Path

from toolvet.cli.output import Faults, check_language, ending_of, put_into
from toolvet.cli.select import judge_named
from toolvet.errors import Problem, UnusableFile, UsageError
from toolvet.report.approval.document import Document
from toolvet.report.formats import (
    ApprovalReport,
    ReportFormat,
    RequesterReport,
    letter_mail,
    letter_text,
    markdown_pdf,
)
from toolvet.report.own_template import UnusableTemplate, report_within_limits
from toolvet.services.assessments import unproven_in
from toolvet.services.reports import count_surveys, gather
from toolvet.storage.toml_input import read_content, text_in

_PDF = "pdf"
_WORD = "docx"
_LETTERS = ("txt", "eml")


def write_report(options: argparse.Namespace) -> int:
    """Write the report into the file named, or print it as Markdown. Status 3 if a file it rests on cannot be used."""
    report_format = _format(options)
    own = _own_template(options, report_format)
    faults = Faults()
    judged = judge_named(options.subject, options, faults)
    check_language(options, judged.opened.rubric)
    workspace = judged.session.workspace
    if (folder := workspace.folder_of(judged.file)) is not None:
        faults.add(*folder.problems, *unproven_in(workspace, (), *folder.decisions))
    surveys = count_surveys(workspace, judged.session.on)
    faults.add(*chain.from_iterable(one.faults for one in surveys))
    document = gather(judged.session, judged.opened, surveys, folder)
    ending = Path(options.output or "").suffix.casefold().removeprefix(".")
    if own is not None:
        text = _by_own(document, *own, report_format)
        put_into(markdown_pdf(text) if ending == _PDF else text, options.output, force=options.force)
    elif ending in _LETTERS:
        letter = letter_mail(document) if ending == "eml" else letter_text(document).encode()
        put_into(letter, options.output, force=options.force)
    else:
        report = RequesterReport(document) if options.audience == "requester" else ApprovalReport(document)
        content = report.written(ending if ending in (_PDF, _WORD) else report_format)
        put_into(content, options.output, force=options.force)
    return faults.status


def _own_template(options: argparse.Namespace, report_format: ReportFormat) -> tuple[Path, str] | None:
    """The template of --template and its text."""
    if options.template is None:
        return None
    if options.audience == "requester":
        raise UsageError("a template decides for whom it writes; leave out --for, or leave out --template")
    ending = Path(options.output or "").suffix.casefold().removeprefix(".")
    if report_format is ReportFormat.JSON or ending in (_WORD, *_LETTERS):
        raise UsageError(
            f"--output {options.output}: a template writes Markdown or HTML; use a name ending in .md, .html or .pdf"
        )
    path = Path(options.template)
    return path, text_in(path, read_content(path))


def _by_own(document: Document, path: Path, template: str, report_format: ReportFormat) -> str:
    try:
        return report_within_limits(document, template, report_format)
    except UnusableTemplate as error:
        raise UnusableFile((Problem(path, error.line, str(error)),)) from error


def _format(options: argparse.Namespace) -> ReportFormat:
    """The format by the ending of the output, Markdown for PDF; without an output, by the ending of the template."""
    if options.output in (None, "-"):
        template = (options.template or "").casefold()
        is_page = ".html" in Path(template).suffixes[-2:]
        return ReportFormat.HTML if is_page else ReportFormat.MARKDOWN
    letters = _LETTERS if options.audience == "requester" else ()
    if not letters and Path(options.output).suffix.casefold().removeprefix(".") in _LETTERS:
        raise UsageError(f"--output {options.output}: only the letter can be text or mail; add --for requester")
    ending = ending_of(options.output, [*(each.value for each in ReportFormat), _PDF, _WORD, *letters])
    return ReportFormat.MARKDOWN if ending in (_PDF, _WORD, *_LETTERS) else ReportFormat(ending)
