"""The digest of evidence that is a file of the workspace, and of nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from toolvet.storage.workspace import evidence_sha256


def test_a_file_in_evidence_has_its_digest(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "a.txt").write_bytes(b"abc")
    of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert evidence_sha256(tmp_path, "evidence/a.txt") == of_abc


def test_a_file_over_64_mib_has_none_and_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    with (tmp_path / "evidence" / "sparse.iso").open("wb") as file:
        file.truncate(20 * 1024**3)
    assert evidence_sha256(tmp_path, "evidence/sparse.iso") is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_has_none(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    os.mkfifo(tmp_path / "evidence" / "pipe")
    assert evidence_sha256(tmp_path, "evidence/pipe") is None


@pytest.mark.parametrize(
    "source",
    [
        "https://a.example/",
        "evidence/none.txt",
        "evidence/../secret",
        "/etc/hostname",
        "secret",
        "evidence/out",
        "evidence/round",
    ],
)
def test_anything_else_has_none(tmp_path: Path, source: str) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "secret").write_bytes(b"abc")
    (tmp_path / "evidence" / "out").symlink_to(tmp_path / "secret")
    (tmp_path / "evidence" / "round").symlink_to("round")
    assert evidence_sha256(tmp_path, source) is None
