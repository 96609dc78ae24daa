"""The digest of evidence that is a file of the workspace, and of nothing else."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from toolvet.storage.evidence_files import LARGE, EvidenceFiles, EvidenceState


def test_a_file_in_evidence_has_its_digest(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "a.txt").write_bytes(b"abc")
    of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert EvidenceFiles(tmp_path).sha256("evidence/a.txt") == of_abc


def _stop(*_: object) -> None:
    raise RuntimeError


def test_a_file_over_64_mib_is_read_only_while_somebody_watches_and_may_stop_it(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    path = tmp_path / "evidence" / "large.iso"
    path.write_bytes(bytes(LARGE + 1))
    os.utime(path, (0, 0))
    files, seen = EvidenceFiles(tmp_path), []
    assert files.sha256("evidence/large.iso") is None
    assert files.compare("evidence/large.iso", "0" * 64) is EvidenceState.TOO_LARGE
    with pytest.raises(RuntimeError):
        files.read("evidence/large.iso", _stop)
    files.watch = lambda _, done, size: seen.append((done, size))
    assert files.sha256("evidence/large.iso") == hashlib.sha256(bytes(LARGE + 1)).hexdigest()
    assert seen[-1] == (LARGE + 1, LARGE + 1)


def test_a_large_file_with_holes_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    with (tmp_path / "evidence" / "sparse.iso").open("wb") as file:
        file.truncate(20 * 1024**3)
    files = EvidenceFiles(tmp_path)
    files.watch = _stop
    assert files.sha256("evidence/sparse.iso") is None


def test_a_file_that_grows_while_it_is_read_has_none(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    path = tmp_path / "evidence" / "log.txt"
    path.write_bytes(b"one\n")
    files = EvidenceFiles(tmp_path)

    def grow(*_: object) -> None:
        with path.open("ab") as file:
            file.write(b"more\n")

    files.watch = grow
    assert files.sha256("evidence/log.txt") is None
    assert files.compare("evidence/log.txt", "0" * 64) is EvidenceState.UNREADABLE


def test_a_file_is_read_again_once_it_changed(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    path, files = tmp_path / "evidence" / "a.txt", EvidenceFiles(tmp_path)
    for content in (b"one", b"two"):
        path.write_bytes(content)
        os.utime(path, (0, 0))
        assert files.sha256("evidence/a.txt") == hashlib.sha256(content).hexdigest()


def test_a_list_reads_no_more_than_it_may(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "evidence" / name).write_bytes(b"four")
    files = EvidenceFiles(tmp_path)
    files.most_bytes = 7
    assert files.compare("evidence/a.txt", "0" * 64) is EvidenceState.CHANGED
    assert files.compare("evidence/b.txt", "0" * 64) is EvidenceState.SKIPPED
    assert files.compare("evidence/c.txt", "0" * 64) is EvidenceState.GONE
    assert files.skipped == {"evidence/b.txt"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_has_none(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    os.mkfifo(tmp_path / "evidence" / "pipe")
    assert EvidenceFiles(tmp_path).sha256("evidence/pipe") is None


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
    assert EvidenceFiles(tmp_path).sha256(source) is None
