"""`toolvet readiness`: the result of a survey."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from toolvet.commands.given import Faults
from toolvet.commands.output import put, put_cells, put_into, say, width
from toolvet.commands.respondents import survey_given
from toolvet.commands.suggestions import not_one_of
from toolvet.commands.surveying import import_answers, write_form
from toolvet.errors import UsageError
from toolvet.report.readiness import Survey
from toolvet.report.readiness_json import readiness_json
from toolvet.report.readiness_text import Choices, readiness_text
from toolvet.report.tables import TableFormat
from toolvet.report.text import json_text


def readiness(options: argparse.Namespace) -> int:
    """Print the result, write its report, write the form, or take answers in; status 3 where a file cannot be used."""
    if options.form and options.imports:
        raise UsageError("--form writes the survey and --import takes its answers in; give one of them")
    if options.form:
        return write_form(options)
    if options.imports:
        return import_answers(options)
    _refuse_alone(options)
    faults = Faults()
    survey = survey_given(options, faults)
    groups = _groups_given(options, survey)
    if options.output not in (None, "-"):
        _write_report(survey, groups, options)
    elif options.json or options.format == TableFormat.JSON:
        put(json_text(readiness_json(survey, groups or None)))
    else:
        _print_text(survey, groups, options)
    return faults.status


def _refuse_alone(options: argparse.Namespace) -> None:
    for name, given in (("--group", options.group), ("--organisation", options.organisation)):
        if given is not None:
            instead = "--by group or --groups" if name == "--group" else "the name alone"
            raise UsageError(
                f"{name} goes with {'--form' if name == '--group' else '--import'}; for a result give {instead}"
            )


def _groups_given(options: argparse.Namespace, survey: Survey) -> tuple[str, ...]:
    """The two groups to be set side by side; UsageError for one that the rubric does not name."""
    if options.groups is None:
        return ()
    known = survey.now.rubric.groups
    for group in options.groups:
        if group not in known:
            raise UsageError(f"--groups: {not_one_of(group, list(known))}")
    if options.groups[0] == options.groups[1]:
        raise UsageError(f"--groups: {options.groups[0]} stands there twice; name two")
    return tuple(options.groups)


def _print_text(survey: Survey, groups: tuple[str, ...], options: argparse.Namespace) -> None:
    choices = Choices(
        table_format=TableFormat(options.format or "simple"),
        by_group=options.by == "group",
        groups=groups,
        table_width=shutil.get_terminal_size().columns if sys.stdout.isatty() else None,
        width=width(),
    )
    text = readiness_text(survey, choices)
    if choices.table_format in (TableFormat.CSV, TableFormat.TSV):
        put_cells(text)
    else:
        put(text)


def _write_report(survey: Survey, groups: tuple[str, ...], options: argparse.Namespace) -> None:
    # jinja2 takes longer to import than the table takes to print
    from toolvet.report.readiness_render import readiness_report
    from toolvet.report.render import ReportFormat

    ending = Path(options.output).suffix.removeprefix(".").casefold()
    endings = [each.value for each in ReportFormat]
    if ending not in endings:
        raise UsageError(f"--output {options.output}: the ending {not_one_of(ending, endings)}")
    if options.format is not None:
        say("--format is for what is printed; the report's format is told by its ending")
    put_into(readiness_report(survey, groups, ReportFormat(ending)), options.output, force=options.force)
