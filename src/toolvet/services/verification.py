"""Checks that a workspace is still as it was decided: seals, digests, verdicts, chain and signatures."""

from __future__ import annotations

import dataclasses
import errno
import os
import re
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import CoveredFile
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.services.assessments import evidence_trouble, panel_faults
from toolvet.services.decisions import (
    BROKEN_SEAL,
    counting,
    is_confirmed,
    missed_records,
    recomputed_faults,
    withdrawn_unawares,
)
from toolvet.services.file_check import FOLDERS_DEEP, faults_of_record
from toolvet.services.signing import (
    UNSIGNED,
    SignatureFound,
    digest_of,
    lacks_signature,
    signature_words,
    signatures_of,
)
from toolvet.storage.evidence_files import EVIDENCE_FOLDER
from toolvet.storage.faults import Fault
from toolvet.storage.reader import AssessmentFile, DecisionFile, Kind, RecordFile, check_answers, kind_of, problems_of
from toolvet.storage.signatures import ALLOWED_SIGNERS, SignatureState
from toolvet.storage.subjects import RECORDS, SubjectFolder, odd_folders
from toolvet.storage.toml_input import Seal, hex_digest, is_folder, is_toml, parse, read_content, reason
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural, shortened
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class VerifiedDecision:
    """A decision and, in words, whose signatures it has; without any it is unsigned.

    `unknown` of them are by keys that are not among the workspace's.
    """

    path: Path
    signatures: tuple[str, ...]
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, and everything that is not as it was recorded."""

    decisions: tuple[VerifiedDecision, ...]
    problems: tuple[Problem, ...]
    files: int
    chain: tuple[CoveredFile, ...] = ()
    signers: str | None = None
    """The sha256 of the signers that are known, if anything is signed and there are any."""

    @property
    def records(self) -> int:
        """How many records there are."""
        return len(self.chain) - len(self.decisions)

    @property
    def fingerprint(self) -> str:
        """One digest of all decisions and records by their names; one more, one less or a changed byte changes it."""
        lines = sorted(f"{file.sha256}  {file.path}\n" for file in self.chain)
        return hex_digest("".join(lines).encode())


@dataclasses.dataclass(slots=True)
class _Found:
    decisions: list[VerifiedDecision]
    problems: list[Problem]
    named: set[str]
    chain: list[CoveredFile]
    files: int = 0


def verify_workspace(workspace: Workspace, subjects: Collection[str] | None = None) -> Verification:
    """Verify those subjects by the names of their folders, or all of them with the rubrics and the evidence folder."""
    found = _Found([], [], set(), [])
    for folder in workspace.each_subject(with_archived=True):
        if subjects is None or folder.name in subjects:
            _verify_subject(workspace, folder, found)
    if subjects is None:
        found.problems += [problem for problem in workspace.rubric_problems if not problem.warning]
        found.problems += _orphans(workspace.root, found.named)
    odd = odd_folders(workspace.root).items()
    found.problems += [Problem(path, None, words) for path, words in odd if subjects is None or path.name in subjects]
    found.problems += _unread(workspace.root / "decisions", subjects)
    problems = tuple(dict.fromkeys(found.problems))
    is_signed = any(decided.signatures for decided in found.decisions)
    signers = digest_of(workspace.root / ALLOWED_SIGNERS) if is_signed else None
    return Verification(tuple(found.decisions), problems, found.files, tuple(found.chain), signers)


def _verify_subject(workspace: Workspace, folder: SubjectFolder, found: _Found) -> None:
    found.problems += (*folder.errors, *folder.correction_problems)  # those of later days too
    found.files += len(folder.assessments) + len(folder.decisions) + len(folder.stray_records)
    decided_on = {one.assessment.path for file in folder.decisions if (one := file.decision).assessment is not None}
    for file in folder.assessments:
        is_decided = workspace.relative(file.path) in decided_on
        found.problems += _assessment_problems(workspace, file, is_decided=is_decided)
        found.named.update(_sources(file.assessment))
    counts, rivals = counting(folder.decisions, date.max)
    if counts is not None and lacks_signature(workspace, folder, counts, date.max):
        found.problems.append(Problem(counts.path, None, UNSIGNED))
    for decided in folder.decisions:
        found.problems += _decision_problems(workspace, folder, decided, rivals)
        signatures = signatures_of(workspace, folder, decided)
        said = (*map(signature_words, signatures), *_uncovered(workspace, decided, signatures))
        checks = [one.check.state for one in signatures if one.check is not None]
        found.decisions.append(VerifiedDecision(decided.path, said, checks.count(SignatureState.UNKNOWN)))
        found.problems += [problem for one in signatures for problem in _signature_problems(one)]
        found.chain.append(CoveredFile(workspace.relative(decided.path), decided.sha256))
        for record in decided.record_files:
            found.files += 1
            _verify_record(workspace, folder, record, decided, found)
    for record in folder.stray_records:
        _verify_record(workspace, folder, record, None, found)


def _verify_record(
    workspace: Workspace, folder: SubjectFolder, record: RecordFile, decided: DecisionFile | None, found: _Found
) -> None:
    found.problems += _record_problems(workspace, folder, record, decided)
    found.named.update(proof.source for proof in record.record.evidence)
    found.chain.append(CoveredFile(workspace.relative(record.path), hex_digest(record.content)))


def _uncovered(workspace: Workspace, decided: DecisionFile, signatures: Collection[SignatureFound]) -> Iterator[str]:
    """That some records were made after the last signature, where there is one."""
    covered = {file.path for found in signatures for file in found.file.record.files}
    names = {workspace.relative(found.file.path) for found in signatures}
    later = [file for file in decided.record_files if workspace.relative(file.path) not in covered | names]
    if signatures and later:
        yield f"{plural(len(later), 'record is', 'records are')} not covered by a signature; sign again."


def _sources(assessment: Assessment) -> Iterator[str]:
    for answer in (*assessment.answers.values(), *(kept.answer for kept in assessment.retired.values())):
        yield from (evidence.source for evidence in answer.evidence)


def _assessment_problems(workspace: Workspace, file: AssessmentFile, *, is_decided: bool) -> Iterator[Problem]:
    yield from _seal_problem(file.path, file.seal, is_needed=is_decided)
    asked = file.assessment.rubric
    try:
        rubric = workspace.rubric(asked.id, asked.version)
    except UnusableFile as error:
        yield from error.problems
        return
    except ToolvetError as error:
        yield from problems_of(file.path, file.content, (Fault(("rubric", "id"), str(error)),))
        return
    yield from (problem for problem in check_answers(file, rubric) if not problem.warning)
    faults = list(panel_faults(file, workspace))
    if asked.digest not in (None, rubric.digest):
        words = f"{rubric.id} {rubric.version} is not the text that was answered: its digest differs."
        faults.append(Fault(("rubric", "digest"), words))
    for question, answer in file.assessment.answers.items():
        for at, evidence in enumerate(answer.evidence):
            if evidence.sha256 is not None:
                place = ("answers", question, "evidence", at, "sha256")
                faults += _evidence_fault(workspace, evidence.source, evidence.sha256, place)
    yield from problems_of(file.path, file.content, tuple(faults))


def _evidence_fault(workspace: Workspace, source: str, recorded: str, place: tuple[str | int, ...]) -> Iterator[Fault]:
    what = evidence_trouble(workspace, source, recorded)
    if what is not None:
        yield Fault(place, f'"{source}" {what}; bring back that file.')


def _decision_problems(
    workspace: Workspace, folder: SubjectFolder, decided: DecisionFile, rivals: Collection[DecisionFile]
) -> Iterator[Problem]:
    if not is_confirmed(folder, decided, BROKEN_SEAL):
        yield from _seal_problem(decided.path, decided.seal, is_needed=True)
    found = recomputed_faults(workspace, folder, decided)
    faults = [fault for fault in found if not is_confirmed(folder, decided, fault.message)]
    if any(rival.path == decided.path for rival in rivals):
        others = shortened([rival.path.name for rival in rivals if rival.path != decided.path]) or "itself"
        faults.append(Fault(("supersedes",), f"It is contradicted by {others}; none of them counts. Decide again."))
    faults += [Fault(("supersedes",), words) for words in withdrawn_unawares(workspace, folder, decided)]
    faults += missed_records(workspace, folder, decided.decision.records or (), "records")
    yield from problems_of(decided.path, decided.content, tuple(faults))


def _record_problems(
    workspace: Workspace, folder: SubjectFolder, file: RecordFile, decided: DecisionFile | None
) -> Iterator[Problem]:
    yield from _seal_problem(file.path, file.seal, is_needed=True)
    yield from problems_of(file.path, file.content, tuple(faults_of_record(workspace, folder, file, decided)))


def _seal_problem(path: Path, seal: Seal, *, is_needed: bool) -> Iterator[Problem]:
    if seal is Seal.BROKEN:
        yield Problem(path, None, "the seal does not match: the file was edited or cut off since toolvet wrote it")
    elif seal is Seal.MISSING and is_needed:
        yield Problem(path, None, "has no seal, so nothing shows whether it was changed; read it through")


def _signature_problems(found: SignatureFound) -> Iterator[Problem]:
    if found.check is None or found.check.state in (SignatureState.BAD, SignatureState.UNCHECKED):
        yield Problem(found.file.path, None, signature_words(found))


def _orphans(root: Path, named: Collection[str]) -> Iterator[Problem]:
    """Files under evidence/ that no answer and no record names."""
    folder = root / EVIDENCE_FOLDER
    if not is_folder(folder):
        return
    unlisted: list[OSError] = []
    for place, _, names in _walked(folder, unlisted):
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.relative_to(root).as_posix() not in named:
                yield Problem(path, None, "no answer and no record names this file; name it, or remove it")
    yield from map(_unlisted_problem, unlisted)


def _walked(root: Path, unlisted: list[OSError]) -> Iterator[tuple[str, list[str], list[str]]]:
    """As `os.walk`, in order and as deep as `check` looks; what is left out is among the unlisted."""
    deepest = len(root.parts) + FOLDERS_DEEP
    for place, folders, names in os.walk(root, onerror=unlisted.append):
        if folders and len(Path(place).parts) >= deepest:  # os.walk goes down by recursion, which ends
            unlisted.append(OSError(errno.ENAMETOOLONG, f"more than {FOLDERS_DEEP} folders in one another", place))
            folders.clear()
        folders.sort()
        yield place, folders, names


def _unlisted_problem(error: OSError) -> Problem:
    return Problem(Path(os.fsdecode(error.filename)), None, f"cannot be read: {reason(error)}")


def _unread(root: Path, subjects: Collection[str] | None) -> Iterator[Problem]:
    """Files among the decisions that are read as none, by their name or place: one put there counts no longer."""
    unlisted: list[OSError] = []
    for place, folders, names in _walked(root, unlisted):
        at = Path(place).relative_to(root).parts
        if not at and subjects is not None:
            folders[:], names = [name for name in folders if name in subjects], []
        is_place = (len(at) == 1 or (len(at) == 2 and at[1] == RECORDS)) and not at[0].startswith(".")
        for name in sorted(names):
            path = Path(place, name)
            is_read = is_place and is_toml(path) and not name.startswith(".")
            if not is_read and (is_toml(path) or not _LEFT_BY_SAVING.search(name) or _is_hidden_record(path)):
                yield Problem(path, None, "is read neither as a decision nor as a record; put it back, or move it away")
    yield from (_unlisted_problem(error) for error in unlisted if not isinstance(error, FileNotFoundError))


def _is_hidden_record(path: Path) -> bool:
    """Whether it holds a decision or a record, and is not what saving one has not yet put in its place."""
    if _HALF_SAVED.search(path.name):
        return False
    try:
        return kind_of(parse(path, read_content(path))) in (Kind.DECISION, Kind.RECORD)
    except UnusableFile:
        return False


_HALF_SAVED = re.compile(r"^\..*\.tmp$")
_LEFT_BY_SAVING = re.compile(r"^\.|\.lock$")
"""Hidden files and locks, which say nothing of a decision."""
