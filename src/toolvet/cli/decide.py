"""`toolvet decide`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from shlex import quote
from typing import TypeVar

from toolvet.cli.assess import is_plain, run_screens
from toolvet.cli.output import Faults, put, say, session_given, tell_faults, warn
from toolvet.cli.parser import not_one_of
from toolvet.cli.select import Judged, judge_file, latest_file
from toolvet.domain.decision import ApprovedFor, AssessmentRef, Condition, Decision, Waiver
from toolvet.domain.decision_rules import (
    TakenOver,
    is_approved,
    make_computed,
    new_among,
    offered_approved_for,
    offered_valid_until,
    taken_over,
)
from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Scorecard, Verdict
from toolvet.errors import UnusableFile, UsageError
from toolvet.report.approval.decision_words import changed_words
from toolvet.services.assessments import Session
from toolvet.services.decision_draft import decision_lines, offered_conditions
from toolvet.services.decisions import limiting, not_as_recorded_in, to_supersede, tool_called, with_open_ones
from toolvet.storage.reader import AssessmentFile, DecisionFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.workspace import Workspace
from toolvet.text.sentences import cautions_in_words, refusals_in_words
from toolvet.tui.start import Opening, Start

_One = TypeVar("_One")


def carried_over(
    options: argparse.Namespace, folder: SubjectFolder, scorecard: Scorecard, *, approves: bool
) -> TakenOver:
    """What carries over, without what is dropped. UsageError for dropping what does not carry over."""
    on = scorecard.on
    earlier = [with_open_ones(file, on) for file in to_supersede(folder)]
    limits = [with_open_ones(file, on) for file in limiting(folder)]
    found = taken_over(earlier, limits, scorecard, on)
    if not approves:
        found = replace(found, left_off=(), conditions=(), waivers=(), ended=())
    return replace(
        found,
        left_off=_kept(found.left_off, found.left_off, options.drop_left_off, "--drop-left-off"),
        conditions=_kept(
            found.conditions,
            (condition.id or condition.text for condition in found.conditions),
            options.drop_condition,
            "--drop-condition",
        ),
        waivers=_kept(
            found.waivers, (waiver.question for waiver in found.waivers), options.drop_waiver, "--drop-waiver"
        ),
        consulted=_kept(found.consulted, found.consulted, options.drop_consulted, "--drop-consulted"),
        considered=_kept(found.considered, found.considered, options.drop_considered, "--drop-considered"),
        links=_kept(found.links, found.links, options.drop_link, "--drop-link"),
    )


def tell_carried(earlier: Sequence[DecisionFile], carried: TakenOver, *, approves: bool) -> None:
    """Say what is carried over, how to drop it, and what ends with the previous decision."""
    names = ", ".join(file.path.name for file in earlier)
    for line in _carried_lines(carried):
        say(f"Carried over from {names}: {line}")
    for waiver in carried.ended:
        say(f"Not carried over from {names}: the waiver for {waiver.question}, which is no longer an open must-have")
    if not approves and any(is_approved(file.decision) and file.decision.conditions for file in earlier):
        say(f"Nothing is approved any more; the conditions of {names} wait until an approval takes them over.")


def tell_changed(earlier: Sequence[DecisionFile], decision: Decision, rubric: Rubric) -> None:
    """Say what the decision changes about each one before, as far back as the last approval."""
    for file in earlier:
        for line in changed_words(with_open_ones(file, decision.decided_on), decision, rubric):
            say(f"Changed since {file.path.name}: {line}")


def _carried_lines(carried: TakenOver) -> Iterator[str]:
    yield from (f"not covered: {text}" for text in carried.left_off)
    for condition in carried.conditions:
        due = f", due {condition.due}" if condition.due else ""
        named = f"{condition.id}: " if condition.id else ""
        yield f"{named}{condition.text} ({condition.owner or 'no owner'}{due})"
    for waiver in carried.waivers:
        yield f"waiver for {waiver.question} ({waiver.owner}, until {waiver.expires})"
    for word, names in (("consulted", carried.consulted), ("considered", carried.considered), ("link", carried.links)):
        yield from (f"{word}: {name}" for name in names)


def _kept(found: Sequence[_One], names: Iterable[str], dropped: Sequence[str], option: str) -> tuple[_One, ...]:
    named = list(names)
    for name in dropped:
        if name not in named:
            raise UsageError(f"{option}: {not_one_of(name, named) if named else 'nothing of that kind carries over'}")
    return tuple(one for one, name in zip(found, named, strict=True) if name not in dropped)


_Part = Mapping[str, str | date]
"""A condition or waiver as given: the value of each of its options."""

_WAIVER_OPTIONS = ("reason", "control", "owner", "expires")


def decide(options: argparse.Namespace) -> int:
    """Record a decision, or open the screen if none is given."""
    session = session_given(options)
    folder = tool_called(session.workspace, options.subject)
    if folder.errors:
        raise UnusableFile(folder.errors)  # nobody can say what the new decision would supersede
    faults = Faults()
    named = options.assessment or str(latest_file(session, folder, "--assessment", faults).path)
    judged = judge_file(named, options)
    # A refusal needs no proof that the conditions of before were met.
    approves = options.decision is None or Verdict(options.decision).rank <= Verdict.APPROVE_WITH_CONDITIONS.rank
    tell_faults(faults, session.workspace, folder, [judged.file], *(to_supersede(folder) if approves else ()))
    if faults.status:
        warn("Not recorded: nobody can decide on files that cannot be used.")
        return faults.status
    if is_plain(options):
        from toolvet.prompt.decide import decide_plainly  # only a conversation needs it

        _refuse_without_decision(options)
        return decide_plainly(session, folder, judged.opened)
    if options.decision is None:
        return _on_screen(options, session, judged.file)
    if not options.by:
        raise UsageError("--decision needs --by NAME: say who decides")
    _refuse_limits(options, approves=approves)
    carried = carried_over(options, folder, judged.scorecard, approves=approves)
    decision = _decision(options, session, folder, judged, carried)
    _refuse_faults(options, decision, judged, carried.conditions)
    before = limiting(folder)
    if options.dry_run:
        put("\n".join(decision_lines(decision, judged.scorecard.rubric)))
        _tell_all(before, carried, decision, judged, approves=approves)
        if any(_carried_lines(carried)):
            say("To leave out what is carried over, use its --drop option; see toolvet decide --help.")
        say("Not recorded: this was a dry run.")
        return 0
    if judged.opened.is_seal_broken:
        decision = _sealed(decision, session.workspace, judged.file)
    recorded = session.workspace.record(decision, folder.name).path
    _tell_all(before, carried, decision, judged, approves=approves)
    put(f"Recorded: {recorded}")
    if approves and judged.scorecard.rubric.policy.require_signature:
        say(f"It counts once it is signed, as the policy requires: toolvet sign {quote(folder.name)}")
    return 0


def _tell_all(
    earlier: Sequence[DecisionFile], carried: TakenOver, decision: Decision, judged: Judged, *, approves: bool
) -> None:
    tell_carried(earlier, carried, approves=approves)
    tell_changed(earlier, decision, judged.scorecard.rubric)
    for warning in cautions_in_words(decision):
        warn(warning)


def _refuse_limits(options: argparse.Namespace, *, approves: bool) -> None:
    """Refuse options that only an approval records, rather than drop them."""
    given = [name for name in ("users", "left_off") if _is_given(options, name)]
    if given and not approves:
        raise UsageError(
            f"--{given[0].replace('_', '-')} limits an approval, and --decision {options.decision} approves nothing; "
            "leave it out"
        )


def _sealed(decision: Decision, workspace: Workspace, file: AssessmentFile) -> Decision:
    """Seal the file anew, keeping the old one beside it, and let the decision rest on it."""
    saved = workspace.save(file, file.assessment)
    kept = f"; the previous version is kept as {saved.kept_original}" if saved.kept_original else ""
    say(f"Sealed again: {workspace.relative(saved.path)}{kept}")
    return replace(decision, assessment=replace(decision.basis[0], sha256=saved.sha256))


def _on_screen(options: argparse.Namespace, session: Session, file: AssessmentFile) -> int:
    _refuse_without_decision(options)

    return run_screens(options, session, Start(Opening.DECIDE, file))


def _refuse_without_decision(options: argparse.Namespace) -> None:
    given = [name for name in _WITH_DECISION if _is_given(options, name)]
    if given:
        raise UsageError(f"--{given[0].replace('parts', 'condition').replace('_', '-')} needs --decision VERDICT")


def _is_given(options: argparse.Namespace, name: str) -> bool:
    value = getattr(options, name)
    return value is not None and value is not False and value != []


_WITH_DECISION = (
    *("by", "rationale", "valid_until", "dry_run", "parts", "offered_conditions", "confirm_seal", "users"),
    *("consulted", "considered", "link", "left_off", "drop_condition", "drop_waiver", "drop_left_off"),
    *("drop_consulted", "drop_considered", "drop_link"),
)
"""Options of a decision, which the screen does not take."""


def _decision(
    options: argparse.Namespace,
    session: Session,
    folder: SubjectFolder,
    judged: Judged,
    carried: TakenOver,
) -> Decision:
    assessment, scorecard = judged.file.assessment, judged.scorecard
    taken = Verdict(options.decision)
    on = session.on
    is_approval = taken in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)
    offered = offered_valid_until(scorecard, assessment, on) if is_approval else None
    names = [file.path.name for file in to_supersede(folder)]
    return Decision(
        decision=taken,
        decided_by=options.by,
        decided_on=on,
        assessment=AssessmentRef(session.workspace.relative(judged.file.path), judged.file.sha256),
        computed=make_computed(scorecard),
        rationale=options.rationale,
        valid_until=options.valid_until or offered,
        supersedes=names[0] if names else None,
        also_supersedes=tuple(names[1:]),
        consulted=_with(carried.consulted, options.consulted),
        considered=_with(carried.considered, options.considered),
        links=_with(carried.links, options.link),
        approved_for=_approved_for(options, judged, carried) if is_approval else ApprovedFor(),
        conditions=_conditions(options, judged, carried.conditions),
        waivers=_waivers(options, scorecard.rubric, carried.waivers),
        confirmed=not_as_recorded_in(session.workspace, folder),
    )


def _with(carried: Sequence[str], given: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*carried, *given)))


def _waivers(options: argparse.Namespace, rubric: Rubric, carried: Sequence[Waiver]) -> tuple[Waiver, ...]:
    """The given waivers, and the carried ones for other must-haves."""
    given = tuple(_waiver(part, rubric) for part in options.parts if "waive" in part)
    anew = {waiver.question for waiver in given}
    return (*(waiver for waiver in carried if waiver.question not in anew), *given)


def _approved_for(options: argparse.Namespace, judged: Judged, carried: TakenOver) -> ApprovedFor:
    offered = offered_approved_for(judged.file.assessment)
    users = offered.users if options.users is None else options.users
    return replace(offered, users=users, left_off=_with(carried.left_off, options.left_off))


def _conditions(options: argparse.Namespace, judged: Judged, carried: Sequence[Condition]) -> tuple[Condition, ...]:
    """The carried conditions, then the given, then the offered, without repetitions."""
    found = tuple(carried)
    found += new_among(found, [_condition(part) for part in options.parts if "condition" in part])
    if options.offered_conditions:
        offered = offered_conditions(judged.scorecard, judged.file.assessment)
        if not offered:
            say("Nothing fell short, so there is no condition to offer.")
        found += new_among(found, offered)
    return found


def _condition(part: _Part) -> Condition:
    due = part.get("due")
    owner = part.get("owner")
    return Condition(
        text=str(part["condition"]),
        owner=None if owner is None else str(owner),
        due=due if isinstance(due, date) else None,
    )


def _waiver(part: _Part, rubric: Rubric) -> Waiver:
    question = str(part["waive"])
    known = [each.id for _, each in rubric.questions() if each.must_reach is not None]
    if not known:
        raise UsageError(f"--waive {question}: the rubric has no must-have, so there is nothing to waive")
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
    is_broken = judged.opened.is_seal_broken
    found = refusals_in_words(
        decision,
        judged.scorecard,
        seal_broken=is_broken and not options.confirm_seal,
        rubric_changed=is_rubric_changed(judged.scorecard.rubric, judged.opened.assessment),
        carried=carried,
    )
    if found:
        hint = ["Read the file through, then confirm it with --confirm-seal."] if is_broken else []
        raise UsageError("Not recorded:", *(f"- {fault}" for fault in found), *hint)
