"""Where there is no room the old file stays whole, it is said, and the next save succeeds once there is room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from running import figures_of

OWN_MOUNTS = ("unshare", "--map-root-user", "--mount")


@pytest.fixture
def own_mounts(tmp_path: Path) -> tuple[str, ...]:
    """The command that runs another where it may mount a file system that nobody else sees."""
    command = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "none", str(tmp_path)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no file system can be mounted here: {error}")
    return OWN_MOUNTS


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits to set on this system")
def test_limit_on_the_length_of_files(tmp_path: Path) -> None:
    assert figures_of("fill_disk", "saving", "limit", tmp_path) == {
        "tries": 4,
        "said": [
            "NOT SAVED: file too large: the old one",
            "NOT SAVED: no lock could be made: file too large: the old one",
        ],
        "last": "saved: the new one",
        "left": [],
    }


def test_file_system_of_one_mebibyte_that_is_full(own_mounts: tuple[str, ...], tmp_path: Path) -> None:
    assert figures_of("fill_disk", "saving", "disk", tmp_path, within=own_mounts) == {
        "tries": 9,
        "said": [
            "NOT SAVED: no lock could be made: no space left on device: the old one",
            "NOT SAVED: no space left: the old one",
        ],
        "last": "saved: the new one",
        "left": [],
    }


def test_plain_writer_fails_the_same_check_at_a_limit(tmp_path: Path) -> None:
    figures = figures_of("fill_disk", "naive", "limit", tmp_path)
    assert figures["said"] == ["NOT SAVED: File too large: nothing of use"]


def test_plain_writer_fails_the_same_check_on_a_full_disk(own_mounts: tuple[str, ...], tmp_path: Path) -> None:
    figures = figures_of("fill_disk", "naive", "disk", tmp_path, within=own_mounts)
    assert "NOT SAVED: No space left on device: nothing of use" in figures["said"]
