from __future__ import annotations

from pathlib import Path

import pytest

from toolvet.errors import Problem, UnusableFile
from toolvet.storage.rubric_library import Remembered


class Counting:
    """Reads a file's text and counts how often; a file that says "bad" cannot be used."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, path: Path) -> str:
        self.times += 1
        if not path.exists() or path.read_text() == "bad":
            raise UnusableFile((Problem(path, None, "is bad"),))
        return path.read_text()


def test_file_that_stays_is_read_once(tmp_path: Path) -> None:
    path, read = tmp_path / "a", Counting()
    path.write_text("one")
    remembered = Remembered(read)
    assert ([remembered(path), remembered(path)], read.times) == (["one", "one"], 1)


def test_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("one")
    remembered = Remembered(Counting())
    remembered(path)
    path.write_text("another")
    assert remembered(path) == "another"


def test_what_was_wrong_is_remembered_too(tmp_path: Path) -> None:
    path, read = tmp_path / "a", Counting()
    path.write_text("bad")
    remembered = Remembered(read)
    for _ in range(2):
        with pytest.raises(UnusableFile):
            remembered(path)
    assert read.times == 1


def test_file_that_is_gone_is_told_as_the_reading_tells_it(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile):
        Remembered(Counting())(tmp_path / "gone")
