"""Whichever call fails while a conflict is settled: every version is in a file, and the next try settles it."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

from failing import Fault, failing
from test_failing_calls import FAULTS, assessment, started
from toolvet.errors import Conflict, NotSaved, ToolvetError
from toolvet.files.reading import AssessmentFile, read_assessment
from toolvet.files.settling import settle
from toolvet.files.workspace import Workspace


@pytest.fixture(autouse=True)
def _nothing_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Syncing takes most of the time of a save, and no power is cut here."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def in_conflict(root: Path) -> tuple[AssessmentFile, AssessmentFile]:
    """What somebody else saved, and our copy beside it."""
    seen = read_assessment(started(root))
    theirs = Workspace(root).save(seen, assessment(2))
    with pytest.raises(Conflict) as caught:
        Workspace(root).save(seen, assessment(3))
    assert caught.value.kept is not None
    return theirs, read_assessment(caught.value.kept)


def settled(root: Path, theirs: AssessmentFile, copy: AssessmentFile) -> None:
    """Ours is kept, and theirs put aside."""
    settle(Workspace(root), copy, theirs.content, copy.assessment, drops_found=True)


def contents(root: Path) -> list[bytes]:
    return [path.read_bytes() for path in (root / "assessments" / "tool").iterdir() if not path.name.startswith(".")]


@pytest.mark.parametrize(("call", "fault", "lasting"), FAULTS)
def test_no_version_is_lost_whichever_call_fails(call: str, fault: Fault, lasting: bool, tmp_path: Path) -> None:
    for nth in count(1):
        root = tmp_path / str(nth)
        theirs, copy = in_conflict(root)
        error: ToolvetError | None = None
        with failing(call, nth, fault, lasting=lasting) as counted:
            try:
                settled(root, theirs, copy)
            except ToolvetError as told:
                error = told
        there = contents(root)
        assert {theirs.content, copy.content} <= set(there), f"{call} number {nth}; told: {error}"
        assert theirs.path.read_bytes() in (theirs.content, copy.content)
        if error is None:
            assert theirs.path.read_bytes() == copy.content
        else:
            assert isinstance(error, NotSaved)
        if not counted.has_failed:
            return
        if error is not None:
            settled(root, theirs, copy)
        assert theirs.path.read_bytes() == copy.content
        assert list(theirs.path.parent.glob("*.tmp")) == []
