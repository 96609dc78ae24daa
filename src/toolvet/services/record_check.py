"""Problems of a decision's records, and which of them cast doubt on the decision."""

from __future__ import annotations

from collections.abc import Iterator

from toolvet.domain.records import RecordKind, broken_rules
from toolvet.services.assessments import evidence_trouble
from toolvet.storage.faults import Fault, quoted
from toolvet.storage.reader import DecisionFile, RecordFile
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.record_words import record_rule_words


def faults_of_record(workspace: Workspace, file: RecordFile, decided: DecisionFile | None) -> Iterator[Fault]:
    """What does not fit the decision that the record is about, or the evidence it names, each at its place."""
    record = file.record
    if decided is None:
        words = f"It is about {quoted(record.decision)}, which is not there or cannot be read; bring back that file."
        yield Fault(("decision",), words)
        return
    others = [other.record for other in decided.record_files if other.path.name < file.path.name]
    for rule in broken_rules(record, decided.decision, others):
        yield Fault(_PLACES.get(rule.value, ("on",)), record_rule_words(rule, record, decided.decision))
    if record.sha256 not in (None, decided.sha256):
        yield Fault(
            ("sha256",), f"{record.decision} was changed after this was recorded; check whether both still hold."
        )
    for at, proof in enumerate(record.evidence):
        if proof.sha256 is None:
            continue
        what = evidence_trouble(workspace, proof.source, proof.sha256)
        if what is not None:
            words = f"{quoted(proof.source)} {what}; bring back that file, or record the condition again."
            yield Fault(("evidence", at, "sha256"), words)


_PLACES = {
    "no-such-condition": ("condition",),
    "already-met": ("condition",),
    "moved-into-past": ("due",),
    "nothing-to-withdraw": ("decision",),
    "already-withdrawn": ("decision",),
}


def record_doubts(workspace: Workspace, decided: DecisionFile, stray: tuple[RecordFile, ...] = ()) -> Iterator[str]:
    """Why the decision's records shake it: one was edited, does not fit, or would withdraw it."""
    for file in decided.record_files:
        path = workspace.relative(file.path)
        if file.seal is Seal.BROKEN:
            yield f"{path} was changed outside toolvet, or cut short."
        if file.record.sha256 not in (None, decided.sha256):
            yield f"{decided.path.name} was changed after {path} was recorded."
        elif file.record.record is RecordKind.WITHDRAWN and broken_rules(file.record, decided.decision, ()):
            yield f"{path} withdraws it, but does not fit it."
    for file in stray:
        yield f"{workspace.relative(file.path)} is about {file.record.decision}, which is not there or cannot be read."
