"""`toolvet decide`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from toolvet.commands.carrying import carried_conditions, tell_carried, tell_ended
from toolvet.commands.given import day_given, workspace_given
from toolvet.commands.judging import Judged, judge_file, latest_file
from toolvet.commands.output import put, say
from toolvet.commands.suggestions import not_one_of
from toolvet.domain.deciding import (
    faults,
    make_computed,
    new_among,
    offered_approved_for,
    offered_conditions,
    offered_valid_until,
    warnings,
)
from toolvet.domain.decision import ApprovedFor, AssessmentRef, Condition, Decision, Waiver
from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Verdict
from toolvet.domain.standing import is_approved
from toolvet.errors import UsageError
from toolvet.files.reading import AssessmentFile
from toolvet.files.seal import Seal
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace

Part = Mapping[str, str | date]
"""A condition or waiver as it was given: what each of its options said."""

_WAIVER_OPTIONS = ("reason", "control", "owner", "expires")


def decide(options: argparse.Namespace) -> int:
    """Record a decision: on screen where none was given by options."""
    workspace = workspace_given(options)
    folder = workspace.subject(options.subject)
    judged = judge_file(options.assessment or str(latest_file(workspace, folder, "--assessment").path), options)
    if options.decision is None:
        return _on_screen(options, workspace, judged.file)
    if not options.by:
        raise UsageError("--decision needs --by NAME: who decides")
    carried = carried_conditions(folder, options.drop_condition)
    decision = _decision(options, workspace, folder, judged, carried)
    _refuse_faults(options, decision, judged, carried)
    if judged.file.seal is Seal.BROKEN:
        decision = _sealed(decision, workspace, judged.file)
    recorded = workspace.record(decision, folder.name).path
    if is_approved(decision):
        tell_carried(folder, carried)
    else:
        tell_ended(folder)
    for warning in warnings(decision):
        say(warning)
    put(f"Recorded: {recorded}")
    return 0


def _sealed(decision: Decision, workspace: Workspace, file: AssessmentFile) -> Decision:
    """The same decision, resting on the file with a new seal; the file as it was is kept beside it."""
    saved = workspace.save(file, file.assessment)
    kept = f"; as it was it is kept as {saved.kept_original}" if saved.kept_original else ""
    say(f"Sealed anew: {workspace.relative(saved.path)}{kept}")
    return replace(decision, assessment=replace(decision.assessment, sha256=saved.sha256))


def _on_screen(options: argparse.Namespace, workspace: Workspace, file: AssessmentFile) -> int:
    given = [
        name
        for name in ("by", "rationale", "valid_until", "parts", "offered_conditions", "drop_condition")
        if getattr(options, name)
    ]
    if given:
        raise UsageError(f"--{given[0].replace('parts', 'condition').replace('_', '-')} needs --decision VERDICT")
    # Textual takes 0.3 s to import; only the screen needs it.
    from toolvet.commands.screens import run_screens
    from toolvet.tui.start import Opening, Start

    return run_screens(options, workspace, Start(Opening.DECIDE, file))


def _decision(
    options: argparse.Namespace,
    workspace: Workspace,
    folder: SubjectFolder,
    judged: Judged,
    carried: Sequence[Condition],
) -> Decision:
    assessment, scorecard = judged.file.assessment, judged.scorecard
    taken = Verdict(options.decision)
    on = day_given(options)
    is_approval = taken in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)
    offered = offered_valid_until(scorecard, assessment, on) if is_approval else None
    return Decision(
        decision=taken,
        decided_by=options.by,
        decided_on=on,
        assessment=AssessmentRef(workspace.relative(judged.file.path), judged.file.sha256),
        computed=make_computed(scorecard),
        rationale=options.rationale,
        valid_until=options.valid_until or offered,
        supersedes=folder.decisions[0].path.name if folder.decisions else None,
        consulted=tuple(options.consulted),
        considered=tuple(options.considered),
        links=tuple(options.link),
        approved_for=_approved_for(options, judged) if is_approval else ApprovedFor(),
        conditions=_conditions(options, judged, carried if is_approval else ()),
        waivers=tuple(_waiver(part, scorecard.rubric) for part in options.parts if "waive" in part),
    )


def _approved_for(options: argparse.Namespace, judged: Judged) -> ApprovedFor:
    offered = offered_approved_for(judged.file.assessment)
    users = offered.users if options.users is None else options.users
    return replace(offered, users=users, left_off=tuple(options.left_off))


def _conditions(options: argparse.Namespace, judged: Judged, carried: Sequence[Condition]) -> tuple[Condition, ...]:
    """Those taken over, then those given, then those offered; the first to say a thing says it."""
    found = tuple(carried)
    found += new_among(found, [_condition(part) for part in options.parts if "condition" in part])
    if options.offered_conditions:
        found += new_among(found, offered_conditions(judged.scorecard, judged.file.assessment))
    return found


def _condition(part: Part) -> Condition:
    due = part.get("due")
    owner = part.get("owner")
    return Condition(
        text=str(part["condition"]),
        owner=None if owner is None else str(owner),
        due=due if isinstance(due, date) else None,
    )


def _waiver(part: Part, rubric: Rubric) -> Waiver:
    question = str(part["waive"])
    known = [each.id for _, each in rubric.questions() if each.must_reach is not None]
    if question not in known:
        raise UsageError(f"--waive: {not_one_of(question, known)}")
    missing = [f"--{name}" for name in _WAIVER_OPTIONS if name not in part]
    if missing:
        raise UsageError(f"--waive {question} needs {', '.join(missing)} after it")
    expires = part["expires"]
    assert isinstance(expires, date)
    return Waiver(question, str(part["reason"]), str(part["control"]), str(part["owner"]), expires)


def _refuse_faults(
    options: argparse.Namespace, decision: Decision, judged: Judged, carried: Sequence[Condition]
) -> None:
    found = faults(
        decision,
        judged.scorecard,
        seal_broken=judged.file.seal is Seal.BROKEN and not options.confirm_seal,
        rubric_changed=is_rubric_changed(judged.scorecard.rubric, judged.file.assessment),
        carried=carried,
    )
    if found:
        hint = ["--confirm-seal says that you have read the file through."] if judged.file.seal is Seal.BROKEN else []
        raise UsageError("\n".join(["Not recorded:", *(f"- {fault}" for fault in found), *hint]))
