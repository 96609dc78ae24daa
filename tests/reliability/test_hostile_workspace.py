"""Values that are almost right are told of with their line, and bad files leave the others usable."""

from __future__ import annotations

import os
import shutil
import tomllib
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from bombs import EIGHT, GOOD
from toolvet.errors import NotSaved, ToolvetError, UnusableFile
from toolvet.storage.reader import read_assessment, read_decision, read_rubric
from toolvet.storage.workspace import Workspace

NOT_WHOLE = [
    "nan",
    "inf",
    "-inf",
    "3.0",
    "true",
    "2026-11-02",
    "12:00:00",
    '"2"',
    "[]",
    "{}",
    "-1",
    "1_0",
    "0xffffffffff",
]
NOT_A_WEIGHT = [
    "nan",
    "inf",
    "-inf",
    "true",
    "2026-11-02",
    '"2"',
    "[2]",
    "{}",
    "0",
    "-1",
    "1e-50",
    "1e30",
    "0x" + "f" * 5000,
]
PLACES = [
    *(("assessment", "level = 2", f"level = {value}") for value in NOT_WHOLE),
    *(("assessment", "users = 400", f"users = {value}") for value in NOT_WHOLE if value not in ("1_0", "0xffffffffff")),
    *(("rubric", "weight = 2", f"weight = {value}") for value in NOT_A_WEIGHT),
    *(("rubric", "weight = 1.5", f"weight = {value}") for value in NOT_A_WEIGHT),
    *(("rubric", "must_reach = 1", f"must_reach = {value}") for value in NOT_WHOLE),
    *(
        ("rubric", "coverage = 80", f"coverage = {value}")
        for value in ("nan", "inf", "true", "2026-11-02", '"80"', "101")
    ),
    *(
        ("decision", "floor = 71.2", f"floor = {value}")
        for value in ("nan", "inf", "true", "2026-11-02", '"80"', "101")
    ),
    *(("decision", "users = 400", f"users = {value}") for value in ("nan", "inf", "3.0", "true", "2026-11-02", '"4"')),
]
READ = {"rubric": read_rubric, "assessment": read_assessment, "decision": read_decision}


@pytest.mark.parametrize(("kind", "old", "new"), PLACES, ids=[f"{kind}: {new[:30]}" for kind, _, new in PLACES])
def test_value_of_the_wrong_kind_is_told_of_with_its_line(kind: str, old: str, new: str, tmp_path: Path) -> None:
    text = (GOOD / f"{kind}.toml").read_text()
    assert text.count(f"\n{old}\n") == 1
    line = text[: text.index(f"\n{old}\n")].count("\n") + 2
    path = tmp_path / "odd.toml"
    path.write_text(text.replace(f"\n{old}\n", f"\n{new}\n"))
    with pytest.raises(UnusableFile) as caught:
        READ[kind](path)
    assert {problem.line for problem in caught.value.problems} == {line}


def test_plain_reader_fails_the_same_check() -> None:
    """`int()` takes what is no level for one; what it does not take it tells without a line."""
    text = (GOOD / "assessment.toml").read_text()
    taken = {}
    for value in NOT_WHOLE:
        answers = tomllib.loads(text.replace("\nlevel = 2\n", f"\nlevel = {value}\n"))["answers"]
        with suppress(TypeError, ValueError, OverflowError):
            taken[value] = int(answers["quiet-hours"]["level"])
    assert taken == {"3.0": 3, "true": 1, '"2"': 2, "-1": -1, "1_0": 10, "0xffffffffff": 0xFFFFFFFFFF}


BAD = {
    "brackets.toml": b"x = " + b"[" * 500,
    "cut.toml": b'format = 1\nid = "sm',
    "empty.toml": b"",
    "latin.toml": b"format = 1 # \xff",
    "deep.toml": f"format = 1\nx = {{ {EIGHT} = 1 }}".encode(),
    "large.toml": b"#" * (1024 * 1024 + 1),
    "other.toml": b'name = "something else"\n',
}


def put_bad_files(folder: Path) -> None:
    """Every kind of thing that no file of ours is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in BAD.items():
        (folder / name).write_bytes(content)
    (folder / "folder.toml").mkdir()
    (folder / "link.toml").symlink_to("nowhere")
    (folder / "device.toml").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.toml")


def bad_workspace(root: Path) -> Workspace:
    """One good file of each kind, in folders full of bad ones."""
    for kind, place in (
        ("rubric", "rubrics/small-1.0.0.toml"),
        ("assessment", "assessments/zoom/good.toml"),
        ("decision", "decisions/zoom/good.toml"),
    ):
        path = root / place
        put_bad_files(path.parent)
        shutil.copy(GOOD / f"{kind}.toml", path)
    put_bad_files(root / "assessments" / "another")
    put_bad_files(root / "assessments")
    return Workspace(root)


def named(problems: object) -> set[str]:
    assert isinstance(problems, tuple)
    return {problem.path.name for problem in problems}


EXPECTED = {*BAD, "folder.toml", "link.toml", "device.toml", "pipe.toml"}


def test_good_files_beside_bad_ones_are_still_read(tmp_path: Path) -> None:
    workspace = bad_workspace(tmp_path)
    zoom = workspace.subject("zoom")
    assert [file.path.name for file in zoom.assessments] == ["good.toml"]
    assert [file.path.name for file in zoom.decisions] == ["good.toml"]
    assert [file.path.name for file in workspace.latest(zoom, date(2026, 11, 30))] == ["good.toml"]
    assert workspace.rubric("small", "1.0.0").title == "A small rubric"


def test_every_bad_file_is_a_problem_of_its_folder(tmp_path: Path) -> None:
    workspace = bad_workspace(tmp_path)
    assert named(workspace.rubric_problems) == EXPECTED
    found = {folder.name: named(folder.problems) for folder in workspace.subjects()}
    assert (found["another"], found["zoom"]) == (EXPECTED, EXPECTED)


def test_assessment_beside_bad_files_can_be_saved_once_every_decision_can_be_read(tmp_path: Path) -> None:
    workspace = bad_workspace(tmp_path)
    (file,) = workspace.subject("zoom").assessments
    changed = file.assessment.with_answer("quiet-hours", file.assessment.answers["admission"])
    with pytest.raises(NotSaved, match="cannot be read, and that decision may rest on this assessment"):
        workspace.save(file, changed)
    (tmp_path / "aside").mkdir()
    for path in {problem.path for problem in workspace.subject("zoom").decision_problems}:
        path.rename(tmp_path / "aside" / path.name)
    assert workspace.save(file, changed).assessment == changed


def test_plain_workspace_fails_the_same_check(tmp_path: Path) -> None:
    """One file that cannot be read takes all the others along where each is just read in turn."""
    workspace = bad_workspace(tmp_path)
    with pytest.raises(ToolvetError):
        [read_assessment(path) for path in sorted((workspace.root / "assessments" / "zoom").glob("*.toml"))]
