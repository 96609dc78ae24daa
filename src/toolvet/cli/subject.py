"""`toolvet subject`, `toolvet history` and `toolvet diff`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from toolvet.cli.output import Faults, put, put_json, say, session_given, width
from toolvet.cli.select import tell_all_faults
from toolvet.domain.assessment import Amendment, FactValue, Subject
from toolvet.domain.records import Record
from toolvet.errors import UsageError
from toolvet.services.assessments import Session, is_answer_file, refuse_survey
from toolvet.services.decisions import decided_in, tool_called
from toolvet.services.events import file_difference, file_in_words, history_of, history_text
from toolvet.services.recording import change_subject, newest_subject
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.escape import joined
from toolvet.text.record_words import correction_words, state_words_of

_FACTS = (
    *("name", "vendor", "plan", "deployment", "job", "requested_by", "requested_on", "answer_by", "users"),
    "yearly_cost",
)


def show_subject(options: argparse.Namespace) -> int:
    """Show what is known of the tool, or change it; archive it, or take it back."""
    faults, session = Faults(), session_given(options)
    workspace = session.workspace
    folder = workspace.subject(options.subject, with_archived=True)
    facts = {name: given for name in _FACTS if (given := getattr(options, name)) is not None}
    is_changed = bool(facts) or options.reviewer is not None
    if not is_changed:
        tell_all_faults(faults, workspace, folder)
    if options.archive or options.restore:
        if is_changed or (options.archive and options.restore):
            raise UsageError(
                "use --archive or --restore alone; change what is known about the tool in a command of its own"
            )
        if (options.why, options.by, options.json) != (None, None, False):
            raise UsageError("--archive and --restore keep no --why or --by and print no --json; leave them out")
        workspace.archive(folder.name, on=session.on if options.archive else None)
        said = "is archived: it is no longer listed, and nothing is deleted" if options.archive else "is back"
        say(f"{folder.name} {said}.")
        return faults.status
    refuse_survey(folder, workspace)
    if is_changed:
        _change(options, session, folder, facts)
        tell_all_faults(faults, workspace, workspace.folder_named(folder.name))
    elif options.why is not None or options.by is not None:
        raise UsageError("--why and --by belong to a fact that is changed; name it, as in --users 600")
    elif options.json:
        put_json(dict(_json(session, folder)))
    else:
        put("\n".join(f"{name}: {joined(value)}" for name, value in _lines(session, folder)))
    return faults.status


def _change(
    options: argparse.Namespace, session: Session, folder: SubjectFolder, facts: Mapping[str, FactValue]
) -> None:
    for needed in ("name", "reviewer"):
        if getattr(options, needed) == "":
            raise UsageError(f"--{needed} needs a name")
    given = {name: None if value == "" else value for name, value in facts.items()}
    if options.reviewer is not None:
        given["reviewer"] = options.reviewer
    changed = change_subject(session, folder, given, by=options.by or session.reviewer or "", why=options.why or "")
    for record in changed.records:
        put(f"Recorded: {record.path}")
    if changed.records:
        say("The decision and its assessment stay as they are. Every page has the new facts and says so.")
    for file in changed.saved:
        put(f"Saved: {file.path}")
    if not changed.saved and not changed.records:
        say("Nothing was changed: that is what is known already.")


def _lines(session: Session, folder: SubjectFolder) -> Iterator[tuple[str, str]]:
    yield "folder", folder.name
    for name, value in _given(newest_subject(folder)):
        yield name.replace("_", " "), str(value)
    yield "state", state_words_of(decided_in(session.workspace, folder, session.on).standing)
    for record in _corrections(folder):
        yield "corrected", f"{correction_words(record)}, by {record.by} on {record.on}"
    for path in _rated(session, folder):
        yield "assessment", path
    for decided in folder.decisions:
        yield "decision", session.workspace.relative(decided.path)


def _json(session: Session, folder: SubjectFolder) -> Iterator[tuple[str, object]]:
    yield "folder", folder.name
    for name, value in _given(newest_subject(folder)):
        yield name, _plain(value)
    yield "state", state_words_of(decided_in(session.workspace, folder, session.on).standing)
    yield (
        "corrected",
        [
            {
                "on": record.on.isoformat(),
                "by": record.by,
                "why": record.why,
                "facts": {one.fact: {"was": _plain(one.was), "now": _plain(one.now)} for one in record.corrections},
            }
            for record in _corrections(folder)
        ],
    )
    yield "assessments", list(_rated(session, folder))
    yield "decisions", [session.workspace.relative(file.path) for file in folder.decisions]


def _rated(session: Session, folder: SubjectFolder) -> Iterator[str]:
    """The assessments; answers to a survey are nobody's to list."""
    workspace = session.workspace
    return (workspace.relative(file.path) for file in folder.assessments if not is_answer_file(file, workspace))


def _corrections(folder: SubjectFolder) -> Iterator[Record | Amendment]:
    """What was corrected since it was typed, the newest assessment first."""
    for file in folder.assessments:
        yield from file.assessment.amended
        yield from file.corrections


def _plain(value: FactValue | None) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def _given(subject: Subject) -> Iterator[tuple[str, FactValue]]:
    for name in _FACTS:
        value = getattr(subject, name)
        if value is not None:
            yield name, value


def show_history(options: argparse.Namespace) -> int:
    """Print assessments, decisions and records in order. Status 3 if a file of the subject cannot be used."""
    faults, session = Faults(), session_given(options)
    folder = tool_called(session.workspace, options.subject)
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
