"""Signing a decision with everything it rests on, and whose signatures it has."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from toolvet.domain.decision import CoveredFile
from toolvet.domain.records import Record, RecordKind
from toolvet.errors import ToolvetError, UsageError
from toolvet.services.assessments import Session, evidence_trouble
from toolvet.storage.evidence_files import EVIDENCE_FOLDER
from toolvet.storage.names import from_home
from toolvet.storage.reader import AssessmentFile, DecisionFile, RecordFile, read_assessment
from toolvet.storage.signatures import (
    ALLOWED_SIGNERS,
    SignatureCheck,
    SignatureState,
    check_signature,
    make_signature,
    public_key,
)
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal, hex_digest, read_content
from toolvet.storage.workspace import Workspace
from toolvet.text.labels import day
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class SignatureFound:
    """A signature of a decision: the record, what the check of it found, and covered files that changed since.

    `check` is None where the record itself or a file that it covers was changed.
    """

    file: RecordFile
    check: SignatureCheck | None
    changed: tuple[str, ...]


def sign_decision(
    session: Session,
    folder: SubjectFolder,
    decided: DecisionFile,
    key: Path,
    *,
    by: str,
    has_terminal: bool,
    note: str | None = None,
) -> RecordFile:
    """Sign the decision, its records so far and all it rests on. UsageError as in `make_signature`.

    Where that key has signed the same that day, as before a kill, it is the record of that signature.
    """
    workspace = session.workspace
    if session.on < decided.decision.decided_on:
        raise UsageError(
            f"{decided.path.name} is of {decided.decision.decided_on}; it cannot be signed before that day"
        )
    files, ground = tuple(files_behind(workspace, decided)), decided.decision.assessment
    if ground is not None and any(one.path == ground.path and one.sha256 != ground.sha256 for one in files):
        raise UsageError(f"{ground.path} was changed after the decision; bring it back as it was, then sign")
    record = Record(RecordKind.SIGNED, decided.path.name, by, session.on, sha256=decided.sha256, note=note, files=files)
    signature = make_signature(signed_text(record, folder.name), key, has_terminal=has_terminal)
    for file in decided.record_files:
        if _is_same(workspace, file, record, signature) and _fits(workspace, folder.name, file):
            return file
    return workspace.add_record(replace(record, signature=signature), folder.name)


def _is_same(workspace: Workspace, before: RecordFile, record: Record, signature: str) -> bool:
    """Whether the record was signed before with the same key; a later one covers the signature before it, too."""
    itself = workspace.relative(before.path)
    rest = tuple(file for file in record.files if file.path != itself)
    if replace(before.record, signature=None) != replace(record, files=rest):
        return False
    return public_key(before.record.signature or "") == public_key(signature)


def _fits(workspace: Workspace, subject: str, file: RecordFile) -> bool:
    check = _found(workspace, subject, file).check
    return check is not None and check.state in (SignatureState.KNOWN, SignatureState.UNKNOWN)


def signed_text(record: Record, subject: str) -> bytes:
    """What is signed: whose decision, by whom, on which day, the note, and the digest of every file."""
    lines = [
        "toolvet signature 1",
        f"decision decisions/{subject}/{record.decision}",
        f"by {record.by!a}",
        f"on {record.on.isoformat()}",
        *(() if record.note is None else (f"note {record.note!a}",)),
        *(f"{file.sha256}  {file.path}" for file in record.files),
    ]
    return ("\n".join(lines) + "\n").encode()


def files_behind(workspace: Workspace, decided: DecisionFile) -> Iterator[CoveredFile]:
    """The decision, its assessment, rubric, policy, evidence and records, each with its digest as it is now.

    ToolvetError if the rubric is gone, UnusableFile if it or the house's policy cannot be used.
    """
    yield CoveredFile(workspace.relative(decided.path), decided.sha256)
    path = workspace.assessment_behind(decided.decision)
    if path is not None:
        yield from _behind_assessment(workspace, read_assessment(path), decided.decision.decided_on)
    for record in decided.record_files:
        yield CoveredFile(workspace.relative(record.path), hex_digest(record.content))
        for proof in record.record.evidence:
            if proof.sha256 is not None:
                yield CoveredFile(proof.source, proof.sha256)


def _behind_assessment(workspace: Workspace, file: AssessmentFile, on: date) -> Iterator[CoveredFile]:
    yield CoveredFile(workspace.relative(file.path), file.sha256)
    asked = file.assessment.rubric
    for found in workspace.rubric_texts(asked.id, asked.version, all_of_them=True):
        if not found.shipped and asked.digest in (None, found.rubric.digest):
            yield CoveredFile(workspace.relative(found.path), hex_digest(read_content(found.path)))
    policy = workspace.rubric(asked.id, asked.version).on(on).policy_from
    if policy is not None:
        yield CoveredFile(policy, hex_digest(read_content(workspace.root / policy)))
    evidence = {
        seen.source: seen.sha256
        for answer in file.assessment.answers.values()
        for seen in answer.evidence
        if seen.sha256 is not None
    }
    yield from (CoveredFile(source, sha256) for source, sha256 in evidence.items())


def signatures_of(
    workspace: Workspace, folder: SubjectFolder, decided: DecisionFile, on: date = date.max
) -> tuple[SignatureFound, ...]:
    """Every signature that the decision has by that day, in the order of their days."""
    signed = (file for file in decided.record_files if file.record.record is RecordKind.SIGNED)
    return tuple(_found(workspace, folder.name, file) for file in signed if file.record.on <= on)


UNSIGNED = (
    "It is not signed by anybody known here, and the policy requires that. Sign it with toolvet sign, and put the key "
    f"into {ALLOWED_SIGNERS}."
)


def lacks_signature(workspace: Workspace, folder: SubjectFolder, decided: DecisionFile, on: date) -> bool:
    """Whether it is an approval that counts only with a signature, by the policy, and has none that day."""
    decision = decided.decision
    if not decision.is_approval or not (
        decision.basis[1].policy.require_signature or _is_required(workspace, folder, decided, on)
    ):
        return False
    return not any(
        found.check is not None and found.check.state is SignatureState.KNOWN
        for found in signatures_of(workspace, folder, decided, on)
    )


def _is_required(workspace: Workspace, folder: SubjectFolder, decided: DecisionFile, on: date) -> bool:
    """Whether the policy of that day requires a signature."""
    behind = (one for one in folder.assessments if decided.decision.rests_on(workspace.relative(one.path)))
    for file in behind:
        with suppress(ToolvetError):
            asked = workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
            return asked.on(on).policy.require_signature
    return False


def _found(workspace: Workspace, subject: str, file: RecordFile) -> SignatureFound:
    changed = tuple(changed_since(workspace, file.record))
    if changed or file.seal is Seal.BROKEN:
        return SignatureFound(file, None, changed)  # whose it was no longer matters
    allowed = workspace.root / ALLOWED_SIGNERS
    check = check_signature(signed_text(file.record, subject), file.record.signature or "", allowed)
    return SignatureFound(file, check, ())


def changed_since(workspace: Workspace, record: Record) -> Iterator[str]:
    """What became of the files that a signature covers, where they are not as they were."""
    read: dict[str, str | None] = {}
    for file in record.files:
        if file.path.startswith(f"{EVIDENCE_FOLDER}/"):
            what = evidence_trouble(workspace, file.path, file.sha256)
            if what is not None:
                yield f"{file.path} {what}"
            continue
        if file.path not in read:
            read[file.path] = digest_of(workspace.root / file.path)
        if read[file.path] is None:
            yield f"{file.path} is gone or cannot be read"
        elif read[file.path] != file.sha256:
            yield f"{file.path} was changed"


def digest_of(path: Path) -> str | None:
    """The sha256 of the file as it is now; None if it cannot be read."""
    try:
        return hex_digest(read_content(path))
    except ToolvetError:
        return None


def signature_words(found: SignatureFound) -> str:
    """Whose signature it is, or why it does not count."""
    record, check = found.file.record, found.check
    if check is None:
        return f"Changed since {record.by} signed it on {day(record.on)}: {'; '.join(found.changed) or 'this record'}."
    if check.state is SignatureState.BAD:
        return (
            f"The signature of {record.by} of {day(record.on)} does not fit: it was changed, or made of something else."
        )
    if check.state is SignatureState.UNCHECKED:
        return f"The signature of {record.by} of {day(record.on)} could not be checked: {check.why}."
    if check.state is SignatureState.KNOWN:
        return f"Signed by {check.signer} on {day(record.on)}."
    return f"Signed as {record.by} on {day(record.on)}, but the signer is unknown here: {check.why}."


def behind_decision(workspace: Workspace, folder: SubjectFolder, decided: DecisionFile) -> list[AssessmentFile]:
    """The assessment that the decision rests on, where there is one."""
    behind = workspace.assessment_behind(decided.decision)
    return [file for file in folder.assessments if file.path == behind]


def default_key() -> Path:
    """The key that git signs with, if that is one of OpenSSH's, else the usual one."""
    if _git("gpg.format") == "ssh" and (named := _git("user.signingkey")):
        return from_home(named)
    return from_home("~/.ssh/id_ed25519")


def _git(name: str) -> str | None:
    try:
        ran = subprocess.run(["git", "config", "--get", name], capture_output=True, timeout=2, check=False)
    except (OSError, subprocess.SubprocessError):
        return None  # no git, or one that hangs
    return os.fsdecode(ran.stdout).strip() or None
