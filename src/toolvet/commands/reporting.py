"""`toolvet report`."""

from __future__ import annotations

import argparse
from pathlib import Path

from toolvet.commands.given import workspace_given
from toolvet.commands.judging import judge_file, latest_file
from toolvet.commands.output import put_into
from toolvet.commands.suggestions import not_one_of
from toolvet.errors import UsageError
from toolvet.files.content import is_file
from toolvet.gathering import gather
from toolvet.report.render import ReportFormat, report, requester_report


def write_report(options: argparse.Namespace) -> int:
    """Write the report into the file named, or print it as Markdown."""
    report_format = _format(options.output)
    name = options.subject
    path = Path(name)
    if is_file(path):
        workspace = workspace_given(options, path.absolute().parent)
    else:
        workspace = workspace_given(options)
        name = str(latest_file(workspace, workspace.subject(name), "its file").path)
    judged = judge_file(name, options)
    document = gather(workspace, judged.scorecard.rubric, judged.file, judged.scorecard.on)
    write = requester_report if options.audience == "requester" else report
    put_into(write(document, report_format), options.output)
    return 0


def _format(output: str | None) -> ReportFormat:
    if output in (None, "-"):
        return ReportFormat.MARKDOWN
    ending = Path(str(output)).suffix.removeprefix(".").casefold()
    endings = [each.value for each in ReportFormat]
    if ending not in endings:
        raise UsageError(f"--output {output}: the ending {not_one_of(ending, endings)}")
    return ReportFormat(ending)
