"""`toolvet report`."""

from __future__ import annotations

import argparse
from pathlib import Path

from toolvet.cli.output import Faults, day_given, put_into, save_into, workspace_given
from toolvet.cli.parser import not_one_of
from toolvet.cli.select import Judged, judge_file, latest_file
from toolvet.errors import Problem, UnusableFile, UsageError
from toolvet.report.approval.document import Document
from toolvet.report.formats import ReportFormat, report, requester_report
from toolvet.services.reports import gather
from toolvet.storage.toml_input import is_file, read_content, text_in
from toolvet.storage.workspace import Workspace

_PDF = "pdf"


def write_report(options: argparse.Namespace) -> int:
    """Write the report into the file named, or print it as Markdown; status 3 where a file of it cannot be used."""
    report_format = _format(options)
    own = _own_template(options, report_format)
    faults = Faults()
    path = Path(options.subject)
    workspace = workspace_given(options, path.absolute().parent if is_file(path) else None)
    judged = _judged(options, workspace, faults)
    document = gather(workspace, judged.scorecard.rubric, judged.file, judged.scorecard.on)
    if _is_pdf(options):
        save_into(_pdf(document, own, options), options.output, force=options.force)
    elif own is not None:
        put_into(_by_own(document, *own, report_format), options.output, force=options.force)
    else:
        write = requester_report if options.audience == "requester" else report
        put_into(write(document, report_format), options.output, force=options.force)
    return faults.status


def _judged(options: argparse.Namespace, workspace: Workspace, faults: Faults) -> Judged:
    """The assessment in the file that was named, else the one that speaks for that subject."""
    name = options.subject
    if not is_file(Path(name)):
        folder = workspace.subject(name)
        name = str(latest_file(workspace, folder, "its file", day_given(options), faults).path)
    judged = judge_file(name, options)
    faults.add_subject(workspace.folder_of(judged.file))
    return judged


def _pdf(document: Document, own: tuple[Path, str] | None, options: argparse.Namespace) -> bytes:
    from toolvet.report.pdf import markdown_pdf, pdf_report, requester_pdf  # needed for this alone

    if own is not None:
        return markdown_pdf(_by_own(document, *own, ReportFormat.MARKDOWN))
    return requester_pdf(document) if options.audience == "requester" else pdf_report(document)


def _own_template(options: argparse.Namespace, report_format: ReportFormat) -> tuple[Path, str] | None:
    """The template that was named and its text; None where none was."""
    if options.template is None:
        return None
    if options.audience == "requester":
        raise UsageError("--template says itself for whom it writes; leave out --for, or the template")
    if report_format is ReportFormat.JSON:
        raise UsageError(
            f"--output {options.output}: a template writes Markdown or HTML; let the name end in .md, .html or .pdf"
        )
    path = Path(options.template)
    return path, text_in(path, read_content(path))


def _by_own(document: Document, path: Path, template: str, report_format: ReportFormat) -> str:
    from toolvet.report.formats import UnusableTemplate, own_report  # needed for this alone

    try:
        return own_report(document, template, report_format)
    except UnusableTemplate as error:
        raise UnusableFile((Problem(path, error.line, str(error)),)) from error


def _format(options: argparse.Namespace) -> ReportFormat:
    """What the ending of the output says, Markdown for PDF; of what is printed by a template, that of the template."""
    if options.output in (None, "-"):
        template = (options.template or "").casefold()
        is_page = ".html" in Path(template).suffixes[-2:]
        return ReportFormat.HTML if is_page else ReportFormat.MARKDOWN
    ending = Path(options.output).suffix.removeprefix(".").casefold()
    endings = [*(each.value for each in ReportFormat), _PDF]
    if ending not in endings:
        raise UsageError(f"--output {options.output}: the ending {not_one_of(ending, endings)}")
    return ReportFormat.MARKDOWN if ending == _PDF else ReportFormat(ending)


def _is_pdf(options: argparse.Namespace) -> bool:
    return Path(options.output or "").suffix.casefold() == f".{_PDF}"
