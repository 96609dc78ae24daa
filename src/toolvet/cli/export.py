"""`toolvet export`: the workspace as tidy tables, or as OSCAL assessment results."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from toolvet.cli.output import Faults, ending_of, put_into, save_into, save_workbook, say, session_given
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.oscal_results import assessment_results
from toolvet.services.assessments import Session
from toolvet.services.tidy_tables import TIDY_TABLES, TableRow, TidyExport, decided_tools, export_workspace
from toolvet.storage.furnishing import make_folder
from toolvet.storage.toml_input import is_folder
from toolvet.storage.workspace import find_workspace
from toolvet.text.escape import csv_cell, json_text, plural
from toolvet.text.tables import WorkbookSheet

DICTIONARY = "dictionary"
_DICTIONARY_COLUMNS = ("table", "column", "type", "means")


def export_tables(options: argparse.Namespace) -> int:
    """Write the tables. Status 3 if a file of a workspace cannot be read; the others are written all the same."""
    output = Path(options.output)
    if options.format == "oscal":
        return _export_results(options)
    if output.suffix and output.suffix.casefold() != ".xlsx":
        raise UsageError(f"--output {output}: name a folder, or a workbook that ends in .xlsx")
    faults, export = Faults(), TidyExport()
    sessions = _sessions(options)
    for name, session in sessions:
        export_workspace(session, name, export)
    faults.add(*export.problems, *export.errors)
    if output.suffix:
        save_workbook("Export", _sheets(export), options.output, force=options.force, on=sessions[0][1].on)
    else:
        _write_folder(export, output, options)
    rows = sum(map(len, export.rows.values()))
    say(f"Exported: {plural(rows, 'row')} in {plural(len(TIDY_TABLES), 'table')}; answers to surveys stay out.")
    return faults.status


def _export_results(options: argparse.Namespace) -> int:
    ending_of(options.output, ("json",))
    faults, export = Faults(), TidyExport()
    sessions = _sessions(options)
    tools = [
        replace(tool, file=f"{name}/{tool.file}") if options.workspaces else tool
        for name, session in sessions
        for tool in decided_tools(session, export)
    ]
    faults.add(*export.problems, *export.errors)
    if not tools:
        words = "nothing to export: no assessment of a tool can be used; start one with toolvet assess"
        raise ToolvetError(words) if faults.status else UsageError(words)
    results = assessment_results(tools, sessions[0][1].on)
    put_into(json_text(results) + "\n", options.output, force=options.force)
    return faults.status


def _sessions(options: argparse.Namespace) -> list[tuple[str, Session]]:
    """The workspaces that are named, else the one at hand, each with its name."""
    here = session_given(options)
    if not options.workspaces:
        return [(here.workspace.root.resolve().name, here)]
    for name in options.workspaces:
        if not is_folder(Path(name)):
            raise UsageError(f'there is no folder "{name}"; name a workspace')
    return [(name, Session(find_workspace(Path(name), Path(name)), here.clock)) for name in options.workspaces]


def _write_folder(export: TidyExport, folder: Path, options: argparse.Namespace) -> None:
    written = _writer(options.format)
    make_folder(folder)
    tables = {name: {column.name: column.type.value for column in columns} for name, columns in TIDY_TABLES.items()}
    tables[DICTIONARY] = dict.fromkeys(_DICTIONARY_COLUMNS, "text")
    for name, columns in tables.items():
        content = written(columns, _dictionary() if name == DICTIONARY else export.rows[name])
        save_into(content, str(folder / f"{name}.{options.format}"), force=options.force)


def _writer(format_name: str) -> Callable[[Mapping[str, str], Sequence[TableRow]], bytes]:
    """What makes a file of columns, with their types, and rows."""
    if format_name == "parquet":
        # an extra that most have not installed
        writer: Callable[[Mapping[str, str], Sequence[TableRow]], bytes]
        writer = import_module("toolvet.report.parquet").parquet_bytes
        return writer
    return _as_csv if format_name == "csv" else _as_jsonl


def _dictionary() -> list[TableRow]:
    return [
        dict(zip(_DICTIONARY_COLUMNS, (table, column.name, column.type.value, column.means), strict=True))
        for table, columns in TIDY_TABLES.items()
        for column in columns
    ]


def _as_csv(columns: Mapping[str, str], rows: Sequence[TableRow]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_csv_value(row[column]) for column in columns])
    return text.getvalue().encode()


def _csv_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return csv_cell(value) if isinstance(value, str) else "" if value is None else str(value)


def _as_jsonl(_columns: Mapping[str, str], rows: Sequence[TableRow]) -> bytes:
    # In ASCII, so that no line holds what a terminal would act upon.
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def _sheets(export: TidyExport) -> list[WorkbookSheet]:
    sheets = []
    for name, columns in TIDY_TABLES.items():
        headers = tuple(column.name for column in columns)
        rows = [
            [str(row[each]) if isinstance(row[each], bool) else row[each] for each in headers]
            for row in export.rows[name]
        ]
        sheets.append(WorkbookSheet(name, headers, rows))
    words = [tuple(str(cell) for cell in row.values()) for row in _dictionary()]
    return [*sheets, WorkbookSheet(DICTIONARY, _DICTIONARY_COLUMNS, words, {"means": 70})]
