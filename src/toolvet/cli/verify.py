"""`toolvet verify` and `toolvet sign`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from toolvet.cli.output import Faults, put, put_json, say, session_given, tell_faults, warn
from toolvet.errors import NoSuchSubject, Problem, UsageError
from toolvet.services.assessments import Session
from toolvet.services.recording import decision_to_record_on
from toolvet.services.signing import behind_decision, default_key, sign_decision
from toolvet.services.verification import Verification, verify_workspace
from toolvet.storage.names import from_home
from toolvet.storage.reader import DecisionFile, read_decision
from toolvet.storage.signatures import ALLOWED_SIGNERS
from toolvet.storage.subjects import RECORDS, SubjectFolder
from toolvet.storage.toml_input import is_named, may_be_folder
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import listed, plural

_UNSIGNED = "Unsigned: a seal does not prove who wrote a file; anybody can seal it again."


def verify(options: argparse.Namespace) -> int:
    """Print everything that is not as it was recorded, and who signed. Status 1 if there is a problem.

    UsageError if there was nothing to verify.
    """
    found = [verify_workspace(workspace, subjects) for workspace, subjects in _meant(options)]
    problems = [problem for one in found for problem in one.problems]
    if not problems and not any(one.files for one in found):
        where = listed(options.paths) if options.paths else str(session_given(options).workspace.root)
        raise UsageError(f"nothing was verified: there is no assessment or decision in {where}; name a workspace")
    if options.json:
        put_json(
            {
                "problems": [_problem_json(one) for one in problems],
                "decisions": list(_decisions_json(found)),
                "fingerprints": [one.fingerprint for one in found],
                "signers": [one.signers for one in found],
            }
        )
    else:
        for problem in problems:
            put(str(problem))
        for one in found:
            for decided in one.decisions:
                put("\n".join(f"{decided.path}: {words}" for words in decided.signatures or (_UNSIGNED,)))
            what = f"{plural(len(one.decisions), 'decision')} and {plural(one.records, 'record')}"
            put(f"Fingerprint of {what}: {one.fingerprint}")
            if one.signers is not None:
                put(f"Signatures were checked against {ALLOWED_SIGNERS}, sha256 {one.signers}")
    files = plural(sum(one.files for one in found), "file")
    unknown = sum(decided.unknown for one in found for decided in one.decisions)
    but = f", but {plural(unknown, 'signature is', 'signatures are')} of nobody known here" if unknown else ""
    said = f"{plural(len(problems), 'problem')} in {files}" if problems else f"{files} verified: all as recorded"
    say(f"{said}{but}.")
    return int(bool(problems))


def _problem_json(problem: Problem) -> dict[str, object]:
    return {"file": str(problem.path), "line": problem.line, "message": problem.message}


def _decisions_json(found: Sequence[Verification]) -> Iterator[dict[str, object]]:
    for one in found:
        for decided in one.decisions:
            yield {"file": str(decided.path), "signatures": list(decided.signatures)}


def _meant(options: argparse.Namespace) -> Iterator[tuple[Workspace, frozenset[str] | None]]:
    """The workspaces of the paths, each with the subjects meant; None for all of them."""
    if not options.paths:
        yield session_given(options).workspace, None
    subjects: dict[Path, tuple[Workspace, set[str] | None]] = {}
    for path in map(Path, options.paths):
        if not is_named(path):
            raise UsageError(f"{path}: does not exist; check the name")
        whole = path.absolute()
        workspace = session_given(options, whole if may_be_folder(whole) else whole.parent).workspace
        root = workspace.root.absolute()
        parts = whole.relative_to(root).parts if whole.is_relative_to(root) else ()
        is_subject = len(parts) > 1 and parts[0] in ("decisions", "assessments")
        named = {parts[1]} if is_subject else None
        known = subjects.setdefault(root, (workspace, set()))[1]
        subjects[root] = (workspace, None if named is None or known is None else known | named)
    for workspace, names in subjects.values():
        yield workspace, None if names is None else frozenset(names)


def sign_file(options: argparse.Namespace) -> int:
    """Sign a decision with everything it rests on, with the person's own key."""
    session = session_given(options)
    by = options.by or session.reviewer
    if not by:
        raise UsageError("say who signs with --by NAME, or set TOOLVET_REVIEWER")
    folder, decided = _decision(session, options.decision)
    faults = Faults()
    tell_faults(faults, session.workspace, folder, behind_decision(session.workspace, folder, decided), decided)
    if faults.status:
        warn("Not signed: nobody can vouch for files that cannot be used.")
        return faults.status
    key = from_home(options.key) if options.key else default_key()
    has_terminal = sys.stdin.isatty()
    record = sign_decision(session, folder, decided, key, by=by, has_terminal=has_terminal, note=options.note)
    known = any(record.path == each.path for each in decided.record_files)
    put(f"{'Already signed' if known else 'Recorded'}: {record.path}")
    say(f"It covers {plural(len(record.record.files), 'file')}. toolvet verify says whether they have changed.")
    return 0


def _decision(session: Session, named: str) -> tuple[SubjectFolder, DecisionFile]:
    """The decision in that file, or the one of that subject that counts."""
    path = Path(named)
    if path.suffix != ".toml":
        folder = session.workspace.subject(named)
        return folder, decision_to_record_on(session, folder)
    place = path.absolute().parent
    folder = session.workspace.folder_named(place.parent.name if place.name == RECORDS else place.name)
    for decided in folder.decisions:
        if decided.path.absolute() == path.absolute() or any(
            record.path.absolute() == path.absolute() for record in decided.record_files
        ):
            return folder, decided
    if is_named(path):
        read_decision(path)
    raise NoSuchSubject(f"{named} is not a decision of this workspace; check the name")
