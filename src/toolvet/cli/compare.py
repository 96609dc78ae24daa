"""`toolvet compare`, and `toolvet panel`: tools, and reviewers, side by side."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from types import ModuleType

from toolvet.cli.output import (
    REPORT_ENDINGS,
    Faults,
    ending_of,
    put,
    put_cells,
    put_exactly,
    put_into,
    put_json,
    save_workbook,
    say,
    session_given,
    table_width,
    warn,
    width,
)
from toolvet.cli.select import Judged, candidates, tell_all_faults
from toolvet.domain.comparison import BLOCK, DRAWS, Robustness, robustness
from toolvet.errors import UsageError
from toolvet.report.comparison.ranking import Comparison, Why, compare, why
from toolvet.report.comparison.tables import ComparisonChoices, comparison_text
from toolvet.report.panel_table import panel_json, panel_text, taken_over_words
from toolvet.services.assessments import refuse_survey
from toolvet.services.decisions import tool_called
from toolvet.services.panels import FewReviewers, find_panel, page_of, settle_panel
from toolvet.text.tables import TableFormat


def compare_tools(options: argparse.Namespace) -> int:
    """Print the comparison, or write its report. Status 3 if an assessment of the workspace cannot be used."""
    ending = (
        None if options.output in (None, "-") else ending_of(options.output, (*REPORT_ENDINGS, "pdf", "docx", "xlsx"))
    )
    faults = Faults()
    is_printed = ending is None and not options.json and options.format != TableFormat.JSON
    comparison = compare(candidates(options, faults, is_report=ending is not None, is_printed=is_printed))
    if ending is not None and faults.errors:
        root = f"{session_given(options).workspace.root}/"
        comparison = replace(comparison, unusable=tuple(error.replace(root, "") for error in faults.errors))
    reason = _why(comparison, options)
    if ending is not None:
        _write_report(comparison, ending, options)
    elif options.json or options.format == TableFormat.JSON:
        put_json(_as_json(comparison, reason, options))
    else:
        _print_text(comparison, reason, options)
    return faults.status


def panel(options: argparse.Namespace) -> int:
    """Print where the reviewers of a tool part, or begin to settle it. Status 3 if a file of it cannot be used."""
    session, faults = session_given(options), Faults()
    folder = tool_called(session.workspace, options.subject)
    refuse_survey(folder, session.workspace)
    if options.by and not options.settle:
        raise UsageError("--by belongs to --settle")
    tell_all_faults(faults, session.workspace, folder)
    if faults.status and options.settle:
        warn("Not settled: a file of this tool cannot be used.")
        return faults.status
    try:
        found = find_panel(session, folder)
    except FewReviewers as error:
        if not faults.status:
            raise
        warn(str(error))  # as far as the files can be used
        return faults.status
    if options.settle:
        begun = settle_panel(session, found, options.by)
        put(f"Saved: {begun.path}")
        say(f"{taken_over_words(found.panel)} Go on with toolvet assess {folder.name}.")
    elif options.json:
        put_json(panel_json(page_of(found), session.on))
    else:
        put(panel_text(page_of(found), folder.name, session.on, width()))
    return faults.status


def comparison_words(judged: Sequence[Judged]) -> str:
    """The comparison by criterion, as `toolvet compare` prints it on a terminal; all are of one rubric."""
    comparison = compare([replace(one.tool, findings=one.findings) for one in judged])
    choices = ComparisonChoices(table_width=width(), width=width())
    return comparison_text(comparison, _robustness(comparison, draws=0), None, choices)


def _why(comparison: Comparison, options: argparse.Namespace) -> Why | None:
    if not options.why:
        return None
    if len(comparison.entries) != 2:
        raise UsageError(f"--why compares two tools, not {len(comparison.entries)}; name the two")
    return why(*comparison.entries)


def _print_text(comparison: Comparison, reason: Why | None, options: argparse.Namespace) -> None:
    table_format = TableFormat(options.format or "simple")
    if not table_format.is_read and (options.robustness or options.why):
        say(f"--format {table_format.value} prints only the table; use simple, grid or -o report.md for the rest")
    choices = ComparisonChoices(
        table_format=table_format,
        by_question=options.by == "question" or options.differences,
        only_differences=options.differences,
        with_robustness=options.robustness,
        table_width=table_width(),
        width=width(),
    )
    # The sentence below the table only needs to know who else can lead; drawing weightings takes longest of all.
    draws = DRAWS if options.robustness else 0
    tried = _robustness(comparison, draws=draws) if table_format.is_read else None
    text = comparison_text(comparison, tried, reason, choices)
    if table_format in (TableFormat.CSV, TableFormat.TSV):
        put_cells(text)
    elif table_format.is_read:
        put(text)
    else:
        put_exactly(text)


def _as_json(comparison: Comparison, reason: Why | None, options: argparse.Namespace) -> dict[str, object]:
    found: dict[str, object] = _document().comparison_json(
        comparison,
        robustness=_robustness(comparison),
        reason=reason,
        by_question=options.by == "question" or options.differences,
    )
    return found


def _robustness(comparison: Comparison, *, draws: int = DRAWS) -> Robustness | None:
    ranked = comparison.ranked
    return robustness(ranked, draws=draws, is_stopped=_Progress(2 * draws // BLOCK).tell)


class _Progress:
    """Says how far drawing is, if it takes more than a second."""

    def __init__(self, steps: int) -> None:
        self._steps, self._done, self._told = max(1, steps), 0, monotonic()

    def tell(self) -> bool:
        """Count a step; it is never stopped."""
        self._done += 1
        if monotonic() - self._told > 1:
            self._told = monotonic()
            say(f"Drawing weightings: {min(99, 100 * self._done // self._steps)} % done.")
        return False


def _write_report(comparison: Comparison, ending: str, options: argparse.Namespace) -> None:
    if ending == "xlsx":
        sheets, on = _document().comparison_sheets(comparison), comparison.entries[0].scorecard.on
        save_workbook("Comparison", sheets, options.output, force=options.force, on=on)
        return
    report = _document().ComparisonReport(comparison, _robustness(comparison))
    put_into(report.written(ending), options.output, force=options.force)


def _document() -> ModuleType:
    from toolvet.report.comparison import document  # its templates take 0.1 s to import, and a table needs none

    return document
