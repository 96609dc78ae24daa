"""`toolvet register`."""

from __future__ import annotations

import argparse

from toolvet.cli.output import Faults, ending_of, put, put_cells, save_into, save_workbook, session_given, tell_skipped
from toolvet.report.register import register_csv, register_html, register_json, register_markdown, register_sheet
from toolvet.services.register_entries import gather_register
from toolvet.storage.evidence_files import OVERVIEW_BYTES

ENDINGS = ("md", "html", "csv", "json", "xlsx")
_WRITERS = {"md": register_markdown, "html": register_html, "csv": register_csv, "json": register_json}


def write_register(options: argparse.Namespace) -> int:
    """Write the register, or print it as Markdown. Status 3 if a file it rests on cannot be used."""
    is_printed = options.output in (None, "-")
    ending = ("json" if options.json else "md") if is_printed else ending_of(options.output, ENDINGS)
    faults, session = Faults(), session_given(options)
    session.workspace.evidence.most_bytes = OVERVIEW_BYTES
    gathered = gather_register(session, with_evidence=True)
    faults.add(*gathered.errors)
    tell_skipped(session.workspace)
    if ending == "xlsx":
        sheet = register_sheet(gathered.entries, session.on)
        save_workbook("Register", [sheet], options.output, force=options.force, on=session.on)
        return faults.status
    text = _WRITERS[ending](gathered.entries, session.on)
    if not is_printed:
        save_into(text.encode(), options.output, force=options.force)
    elif ending == "md":
        put(text)
    else:
        put_cells(text)
    return faults.status
