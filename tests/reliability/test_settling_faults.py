"""Whichever call of the system fails while a conflict is settled: no version is lost, and a further try ends it."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

from failing import CALLS, Fault, failing
from house import GOOD, assessed
from toolvet.domain.assessment import Answer, Assessment
from toolvet.errors import NotSaved
from toolvet.services.editing import keep_beside, settle
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.workspace import Workspace

MERGED = Answer(level=2, note="Of both.")


@pytest.fixture(autouse=True)
def _nothing_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Syncing takes most of the time of a save, and no power is cut here."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


class Dispute:
    """A file and a conflict copy beside it."""

    def __init__(self, root: Path) -> None:
        root.mkdir()
        self.workspace = Workspace(root)
        self.file: AssessmentFile = read_assessment(assessed(root, GOOD))
        self.copy = keep_beside(self.workspace, self.file, self.file.assessment.with_answer("devices", Answer(level=1)))
        self.merged: Assessment = self.file.assessment.with_answer("devices", MERGED)

    def settle(self) -> NotSaved | None:
        try:
            settle(self.workspace, self.copy, self.file.content, self.merged, drops_found=True)
        except NotSaved as error:
            return error
        return None

    def contents(self) -> list[bytes]:
        """What stands beside the file, and in it, other than what a save leaves for a moment."""
        folder = self.file.path.parent
        kept = [path for path in folder.iterdir() if path.suffix in (".toml", ".conflict", ".settled")]
        return [path.read_bytes() for path in kept if not path.name.startswith(".")]


FAULTS = [(call, fault, lasting) for call in CALLS for fault in (Fault.ENOSPC, Fault.EIO) for lasting in (False, True)]


@pytest.mark.parametrize(("call", "fault", "lasting"), [*FAULTS, ("write", Fault.SHORT, False)])
def test_no_version_is_lost_and_the_next_try_succeeds(tmp_path: Path, call: str, fault: Fault, lasting: bool) -> None:
    for nth in count(1):
        dispute = Dispute(tmp_path / str(nth))
        with failing(call, nth, fault, lasting=lasting) as counted:
            error = dispute.settle()
        contents = dispute.contents()
        assert {dispute.file.content, dispute.copy.content} <= set(contents)
        if error is not None:
            dispute.file = read_assessment(dispute.file.path)
            assert (nth, dispute.settle()) == (nth, None)
        assert read_assessment(dispute.file.path).assessment == dispute.merged
        if not counted.has_failed:
            break


def test_settled_versions_are_kept_once_however_often_it_is_tried(tmp_path: Path) -> None:
    dispute = Dispute(tmp_path / "w")
    with failing("replace", 1, Fault.EIO, lasting=True):
        assert dispute.settle() is not None
    assert dispute.settle() is None
    assert sorted(dispute.contents()) == sorted(
        [dispute.file.content, dispute.copy.content, dispute.file.path.read_bytes()]
    )
