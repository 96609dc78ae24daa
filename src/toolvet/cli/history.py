"""`toolvet history` and `toolvet diff`."""

from __future__ import annotations

import argparse
from pathlib import Path

from toolvet.cli.output import Faults, put, put_json, say, session_given, width
from toolvet.cli.select import tell_all_faults
from toolvet.services.assessments import refuse_survey
from toolvet.services.events import file_difference, file_in_words, history_of, history_text


def show_history(options: argparse.Namespace) -> int:
    """Print assessments, decisions and records in order. Status 3 if a file of the subject cannot be used."""
    faults, session = Faults(), session_given(options)
    folder = session.workspace.subject(options.subject)
    refuse_survey(folder, session.workspace)
    tell_all_faults(faults, session.workspace, folder)
    events = history_of(session, folder)
    if options.json:
        put_json(
            [
                {
                    "on": event.on.isoformat(),
                    "what": event.what,
                    "text": event.words,
                    "file": event.file,
                    "changes": list(event.changes),
                }
                for event in events
            ]
        )
        return faults.status
    if events:
        put(history_text(events, width()))
    else:
        say(f"Nothing had happened to {folder.name} by {session.on}.")
    return faults.status


def show_difference(options: argparse.Namespace) -> int:
    """Print what differs between two files, or one file in words."""
    first = Path(options.before)
    workspace = session_given(options, first.absolute().parent).workspace
    if options.after is None:
        put("\n".join(file_in_words(workspace, first)))
        return 0
    lines = file_difference(workspace, first, Path(options.after))
    if lines:
        put("\n".join(lines))
    else:
        say("Nothing differs, except perhaps layout and comments.")
    return 0
