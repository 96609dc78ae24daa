"""What a decision's records say against it, or against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePosixPath

from toolvet.domain.decision import CoveredFile
from toolvet.domain.decision_rules import unheeded
from toolvet.domain.records import RecordKind, broken_rules, is_proved_again
from toolvet.services.assessments import proof_faults
from toolvet.storage.faults import Fault, quoted
from toolvet.storage.reader import DecisionFile, RecordFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal, hex_digest
from toolvet.storage.workspace import Workspace
from toolvet.text.labels import day
from toolvet.text.record_words import not_counted_words, record_rule_words


def faults_of_record(workspace: Workspace, file: RecordFile, decided: DecisionFile | None) -> Iterator[Fault]:
    """What does not fit the decision that the record is about, or the evidence it names, each at its place."""
    record = file.record
    if decided is None:
        words = f"It is about {quoted(record.decision)}, which is not there or cannot be read; bring back that file."
        yield Fault(("decision",), words)
        return
    others = [
        other.record
        for other in decided.record_files
        if other.path.name < file.path.name and not _came_later(other, file)
    ]
    is_met_again = any(is_proved_again(other, [record]) for other in others)
    is_told = record.record is RecordKind.CORRECTED  # among the problems of its folder
    for rule in () if is_told else broken_rules(record, decided.decision, () if is_met_again else others):
        yield Fault(_PLACES.get(rule.value, ("on",)), record_rule_words(rule, record, decided.decision))
    if record.sha256 not in (None, decided.sha256):
        yield Fault(
            ("sha256",), f"{record.decision} was changed after this was recorded; check whether both still hold."
        )
    if not is_proved_again(record, decided.records):
        yield from proof_faults(workspace, file)


def _came_later(other: RecordFile, file: RecordFile) -> bool:
    """Whether the other was recorded after that file, though it may be about an earlier day."""
    return any(PurePosixPath(one.path).name == file.path.name for one in other.record.earlier)


_PLACES = {
    "no-such-condition": ("condition",),
    "already-met": ("condition",),
    "moved-into-past": ("due",),
    "nothing-to-withdraw": ("decision",),
    "already-withdrawn": ("decision",),
}


def missed_records(
    workspace: Workspace, folder: SubjectFolder, known: Iterable[CoveredFile]
) -> Iterator[tuple[int, str]]:
    """The places of records that a later file names and that are gone or changed by now, each with words on it."""
    files = (*(file for decided in folder.decisions for file in decided.record_files), *folder.stray_records)
    digests = {workspace.relative(file.path): hex_digest(file.content) for file in files}
    for at, one in enumerate(known):
        found = digests.get(one.path)
        if found is None:
            yield at, f"{one.path} was recorded, and is gone or cannot be read; bring back that file."
        elif found != one.sha256:
            yield at, f"{one.path} was changed after it was recorded; bring back that file as it was."


def record_doubts(workspace: Workspace, folder: SubjectFolder, decided: DecisionFile) -> Iterator[str]:
    """Why the decision's records shake it: one is gone, was edited, or does not fit."""
    known = dict.fromkeys(one for file in decided.record_files for one in file.record.earlier)
    if known:
        yield from (words for _, words in missed_records(workspace, folder, known))
    for file in decided.record_files:
        path = workspace.relative(file.path)
        if file.seal is Seal.BROKEN:
            yield f"{path} was changed outside toolvet, or cut short."
        if file.record.sha256 not in (None, decided.sha256):
            yield f"{decided.path.name} was changed after {path} was recorded."
        elif file.record.record is not RecordKind.CORRECTED and (  # those are among the problems of the folder
            why := not_counted_words(file.record, decided.decision)
        ):
            yield f"{path} does not count. {why}"
    for file in folder.stray_records:
        yield f"{workspace.relative(file.path)} is about {file.record.decision}, which is not there or cannot be read."


def withdrawn_unawares(
    workspace: Workspace, folder: SubjectFolder, decided: DecisionFile, on: date = date.max
) -> Iterator[str]:
    """That the decision supersedes one that was withdrawn by that day, without having known of it.

    Two people may withdraw and decide at the same moment, each in a copy of their own.
    """
    if not (decided.decision.replaces and (decided.decision.is_approval or decided.decision.tolerates)):
        return
    decisions = {file.path.name: file.decision for file in (*folder.decisions, decided)}
    records = ((workspace.relative(one.path), one.record) for file in folder.decisions for one in file.record_files)
    for path, record in unheeded(decided.path.name, decisions, records, on):
        yield (
            f"{record.decision} was withdrawn on {day(record.on)} ({path}), and {decided.path.name}, which supersedes "
            "it, does not take that into account. Decide again to settle it."
        )
