"""`toolvet subject`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date

from toolvet.cli.output import Faults, put, put_json, say, session_given
from toolvet.cli.select import tell_all_faults
from toolvet.domain.assessment import Subject
from toolvet.errors import UsageError
from toolvet.services.assessments import Session, is_answer_file, refuse_survey
from toolvet.services.decisions import decided_in
from toolvet.services.recording import change_subject, newest_subject
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.escape import plural
from toolvet.text.record_words import state_words_of

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
    tell_all_faults(faults, workspace, folder)
    if options.archive or options.restore:
        if facts or options.reviewer is not None or (options.archive and options.restore):
            raise UsageError(
                "use --archive or --restore alone; change what is known about the tool in a command of its own"
            )
        workspace.archive(folder.name, on=session.on if options.archive else None)
        said = "is archived: it is no longer listed, and nothing is deleted" if options.archive else "is back"
        say(f"{folder.name} {said}.")
        return faults.status
    refuse_survey(folder, workspace)
    if facts or options.reviewer is not None:
        for needed in ("name", "reviewer"):
            if getattr(options, needed) == "":
                raise UsageError(f"--{needed} needs a name")
        given = {name: value or None for name, value in facts.items()}
        changed = change_subject(session, folder, given, reviewer=options.reviewer)
        for file in changed.saved:
            put(f"Saved: {file.path}")
        if changed.kept:
            kept = plural(len(changed.kept), "assessment")
            say(f"Unchanged, because a decision rests on it: {kept}. The next review has the new facts.")
        return faults.status
    if options.json:
        put_json(dict(_json(session, folder)))
    else:
        put("\n".join(f"{name}: {value}" for name, value in _lines(session, folder)))
    return faults.status


def _lines(session: Session, folder: SubjectFolder) -> Iterator[tuple[str, str]]:
    yield "folder", folder.name
    for name, value in _given(newest_subject(folder)):
        yield name.replace("_", " "), value.isoformat() if isinstance(value, date) else str(value)
    yield "state", state_words_of(decided_in(session.workspace, folder, session.on).standing)
    for path in _rated(session, folder):
        yield "assessment", path
    for decided in folder.decisions:
        yield "decision", session.workspace.relative(decided.path)


def _json(session: Session, folder: SubjectFolder) -> Iterator[tuple[str, object]]:
    yield "folder", folder.name
    for name, value in _given(newest_subject(folder)):
        yield name, value.isoformat() if isinstance(value, date) else value
    yield "state", state_words_of(decided_in(session.workspace, folder, session.on).standing)
    yield "assessments", list(_rated(session, folder))
    yield "decisions", [session.workspace.relative(file.path) for file in folder.decisions]


def _rated(session: Session, folder: SubjectFolder) -> Iterator[str]:
    """The assessments; answers to a survey are nobody's to list."""
    workspace = session.workspace
    return (workspace.relative(file.path) for file in folder.assessments if not is_answer_file(file, workspace))


def _given(subject: Subject) -> Iterator[tuple[str, object]]:
    for name in _FACTS:
        value = getattr(subject, name)
        if value is not None:
            yield name, value
