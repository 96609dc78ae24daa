"""`toolvet condition`, `toolvet withdraw` and `toolvet tolerate`."""

from __future__ import annotations

import argparse
from shlex import quote

from toolvet.cli.output import Faults, put, put_json, say, session_given, tell_faults, warn
from toolvet.cli.select import tell_all_faults
from toolvet.domain.assessment import Subject
from toolvet.domain.records import Record, RecordKind
from toolvet.domain.standing import standing_of
from toolvet.errors import NoSuchSubject, UsageError
from toolvet.services.assessments import Session
from toolvet.services.decisions import record_doubts, to_supersede, tool_called
from toolvet.services.recording import (
    condition_called,
    decision_to_record_on,
    proof_of,
    save_record,
    tolerate,
)
from toolvet.storage.reader import DecisionFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.escape import ended, joined
from toolvet.text.record_words import condition_record_words, condition_status


def change_condition(options: argparse.Namespace) -> int:
    """Record that a condition is met or moved; without either, list the conditions.

    Status 3 if a file of the subject cannot be used; it is recorded all the same, as the decision counts.
    """
    session, faults = session_given(options), Faults()
    folder = tool_called(session.workspace, options.subject)
    decided = decision_to_record_on(session, folder)
    tell_all_faults(faults, session.workspace, folder)
    for doubt in record_doubts(session.workspace, folder, decided):
        warn(doubt)
    if options.condition is None:
        _list_conditions(options, session, decided)
        return faults.status
    name = condition_called(decided, options.condition)
    if options.met == (options.move is not None):
        raise UsageError("say what happened to the condition: --met, or --move DATE with --why TEXT")
    _refuse_stray(options)
    by = _name(options, session)
    if options.met:
        proofs = tuple(proof_of(session.workspace, given) for given in options.evidence)
        if not proofs:
            raise UsageError("--met needs a proof: --evidence with a file under evidence/, a link or a text")
        record = Record(
            RecordKind.CONDITION_MET, "", by, session.on, condition=name, note=options.note, evidence=proofs
        )
    else:
        record = Record(
            *(RecordKind.CONDITION_MOVED, "", by, session.on),
            condition=name,
            due=options.move,
            why=options.why,
            note=options.note,
        )
    put(f"Recorded: {save_record(session.workspace, folder, decided, record).path}")
    return faults.status


def _refuse_stray(options: argparse.Namespace) -> None:
    if options.met and options.why:
        raise UsageError("--why belongs to --move; with --met use --note")
    if options.move is not None and options.evidence:
        raise UsageError("--evidence belongs to --met; leave it out with --move")
    if options.move is not None and not options.why:
        raise UsageError("--move needs --why TEXT, the reason for the new day")


def _name(options: argparse.Namespace, session: Session) -> str:
    by = options.by or session.reviewer
    if not by:
        raise UsageError("say who records it with --by NAME, or set TOOLVET_REVIEWER")
    return str(by)


def _list_conditions(options: argparse.Namespace, session: Session, decided: DecisionFile) -> None:
    if options.met or options.move is not None:
        raise UsageError("name the condition; without --met and --move all of them are listed")
    states = standing_of(decided.decision, session.on, records=decided.records).conditions
    if options.json:
        put_json(
            [
                {
                    "condition": state.name,
                    "text": state.condition.text,
                    "owner": state.condition.owner,
                    "due": None if state.due is None else state.due.isoformat(),
                    "state": condition_status(state),
                }
                for state in states
            ]
        )
        return
    if not states:
        say(f"{decided.path.name} has no conditions.")
    for state in states:
        due = f", due {state.due}" if state.due else ""
        owner = f", {state.condition.owner}" if state.condition.owner else ""
        put(joined(f"{state.name}: {condition_status(state)}{due}{owner}"))
        for said in filter(None, (state.condition.text, condition_record_words(state))):
            put(f"  {joined(ended(said))}")


def tolerate_tool(options: argparse.Namespace) -> int:
    """Record that a tool may be used though nobody has assessed it; a tool that is new here is entered first."""
    session, faults = session_given(options), Faults()
    by = _name(options, session)
    tool: SubjectFolder | Subject
    try:
        tool = tool_called(session.workspace, options.subject)
        tell_faults(faults, session.workspace, tool, (), *to_supersede(tool))
    except NoSuchSubject:
        tool = Subject(options.subject, options.vendor, options.plan, job=options.job)
    if faults.status:
        warn("Not recorded: nobody can decide on files that cannot be used.")
        return faults.status
    recorded = tolerate(session, tool, by=by, owner=options.owner, why=options.why, until=options.until)
    put(f"Recorded: {recorded.path}")
    name = recorded.path.parent.name
    say(f"Tolerated until {options.until}, not approved. Assess it before that day: toolvet assess {quote(name)}")
    if isinstance(tool, SubjectFolder):
        tell_all_faults(faults, session.workspace, tool)
    return faults.status


def withdraw_approval(options: argparse.Namespace) -> int:
    """Record that the approval is withdrawn: from that day nothing is approved."""
    session, faults = session_given(options), Faults()
    folder = tool_called(session.workspace, options.subject)
    decided = decision_to_record_on(session, folder)
    tell_all_faults(faults, session.workspace, folder)
    record = Record(RecordKind.WITHDRAWN, "", _name(options, session), session.on, why=options.why, note=options.note)
    put(f"Recorded: {save_record(session.workspace, folder, decided, record).path}")
    tell = f"toolvet report {quote(folder.name)} --for requester"
    say(f"Nothing is approved from {session.on} on. Tell the requester: {tell}")
    return faults.status
