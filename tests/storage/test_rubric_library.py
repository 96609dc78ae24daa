from __future__ import annotations

import os
from pathlib import Path

import pytest

from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.storage.rubric_library import Remembered, shipped
from toolvet.storage.workspace import Workspace

HOUSE = """
format = 1
id = "collaboration-tool"
version = "{version}"
title = "Ours"
subject = "tool"
ask = "level"
[[criteria]]
id = "one"
title = "One"
[[criteria.questions]]
id = "first"
text = "Well?"
levels = ["No.", "Yes."]
"""


def put(root: Path, name: str, *, version: str = "1.1.0") -> Path:
    path = root / "rubrics" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(HOUSE.format(version=version))
    return path


def listed(workspace: Workspace) -> list[tuple[str, str, str, bool]]:
    return [(file.rubric.id, file.rubric.version, file.rubric.title, file.shipped) for file in workspace.rubrics()]


def test_shipped_rubrics_are_there_without_a_workspace(tmp_path: Path) -> None:
    assert listed(Workspace(tmp_path)) == [
        ("collaboration-readiness", "1.1.0", "Collaboration readiness", True),
        ("collaboration-tool", "1.1.0", "Collaboration and video tools", True),
    ]


def test_house_rubric_stands_in_for_the_shipped_one_of_its_id_and_version(tmp_path: Path) -> None:
    put(tmp_path, "any-name.toml")
    workspace = Workspace(tmp_path)
    assert listed(workspace) == [
        ("collaboration-tool", "1.1.0", "Ours", False),
        ("collaboration-readiness", "1.1.0", "Collaboration readiness", True),
    ]
    assert workspace.rubric("collaboration-tool", "1.1.0").title == "Ours"


def test_house_rubric_of_another_version_stands_beside_the_shipped_one(tmp_path: Path) -> None:
    put(tmp_path, "ours.toml", version="2.0.0")
    workspace = Workspace(tmp_path)
    assert workspace.rubric("collaboration-tool", "1.1.0").title == "Collaboration and video tools"
    assert workspace.rubric("collaboration-tool", "2.0.0").title == "Ours"


def test_missing_version_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ToolvetError) as caught:
        Workspace(tmp_path).rubric("collaboration-tool", "9")
    assert str(caught.value) == (
        f'rubric "collaboration-tool" 9 is neither in {tmp_path / "rubrics"} nor among those that ship; '
        "there is version 1.1.0"
    )


def test_broken_rubric_is_a_problem_and_the_others_can_be_used(tmp_path: Path) -> None:
    path = put(tmp_path, "ours.toml")
    path.write_text(path.read_text().replace('levels = ["No.", "Yes."]', 'levels = ["No."]'))
    workspace = Workspace(tmp_path)
    assert [str(problem) for problem in workspace.rubric_problems] == [
        f"{path}:14: levels has 1 entry; it needs at least 2"
    ]
    assert workspace.rubric("collaboration-tool", "1.1.0").title == "Collaboration and video tools"


def test_broken_rubric_under_the_very_name_is_not_passed_over(tmp_path: Path) -> None:
    path = put(tmp_path, "collaboration-tool-1.1.0.toml")
    path.write_text("format = 1")
    with pytest.raises(UnusableFile):
        Workspace(tmp_path).rubric("collaboration-tool", "1.1.0")


def test_broken_rubric_under_its_id_is_told_of_where_no_other_has_that_id(tmp_path: Path) -> None:
    path = put(tmp_path, "house.toml")
    path.write_text("format = 1")
    with pytest.raises(UnusableFile) as caught:
        Workspace(tmp_path).rubric("house", "1.1.0")
    assert [problem.path for problem in caught.value.problems] == [path]


def test_rubric_that_changed_is_read_again(tmp_path: Path) -> None:
    path = put(tmp_path, "ours.toml", version="2.0.0")
    workspace = Workspace(tmp_path)
    workspace.rubric("collaboration-tool", "2.0.0")
    path.write_text(path.read_text().replace("Ours", "Ours, renamed"))
    assert workspace.rubric("collaboration-tool", "2.0.0").title == "Ours, renamed"


def test_shipped_folders_are_there() -> None:
    assert shipped("rubrics").is_dir()


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


def test_a_change_that_keeps_its_time_and_length_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("one")
    remembered = Remembered(Counting())
    remembered(path)
    before = path.stat()
    while path.stat().st_ctime_ns == before.st_ctime_ns:
        path.write_text("two")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert remembered(path) == "two"


def test_what_was_wrong_is_read_again(tmp_path: Path) -> None:
    path, read = tmp_path / "a", Counting()
    path.write_text("bad")
    remembered = Remembered(read)
    for _ in range(2):
        with pytest.raises(UnusableFile):
            remembered(path)
    assert read.times == 2


def test_file_that_is_gone_is_told_as_the_reading_tells_it(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile):
        Remembered(Counting())(tmp_path / "gone")
