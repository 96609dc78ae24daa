"""A folder or file that we are not let into is told of; nothing falls over it."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bombs import GOOD
from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.errors import ToolvetError
from toolvet.services.assessments import Session
from toolvet.services.file_check import check_paths
from toolvet.services.overview import Overview
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.workspace import Workspace, find_workspace

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system keeps permissions another way")
DAY = date(2026, 11, 2)
NOBODY = 65534
PLACES = [
    ".", "rubrics", "assessments", "assessments/tool", "decisions", "reports", ".toolvet",
    "rubrics/small-1.0.0.toml", "assessments/tool/2026-11-02-a-reviewer.toml",
]  # fmt: skip


def assessment(name: str) -> Assessment:
    return Assessment(RubricRef("small", "1.0.0"), Subject(name), Reviewer("A. Reviewer"), started=DAY)


@pytest.fixture
def file() -> Iterator[AssessmentFile]:
    """An assessment in a workspace of somebody who is not root, whom no permission would hold up."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        (root / "rubrics").mkdir(parents=True)
        shutil.copy(GOOD / "rubric.toml", root / "rubrics" / "small-1.0.0.toml")
        Path(folder).chmod(0o755)
        file = Workspace(root).start(assessment("Tool"), DAY)
        # What is imported on the way is imported now: nobody may not be let into the folders of root's Python.
        check_paths([root / "gone.toml"], Workspace(root))
        for act in acts(root, file).values():
            said_of(act)
        is_root = os.geteuid() == 0
        if is_root:
            for path in (root, *root.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield file
        finally:
            if is_root:
                os.seteuid(0)
            for path in (root / place for place in PLACES):
                path.chmod(0o700)


def acts(root: Path, file: AssessmentFile) -> dict[str, Callable[[], object]]:
    workspace = Workspace(root)
    answered = file.assessment.with_answer("admission", Answer(level=1))
    return {
        "exists": lambda: workspace.exists,
        "find": lambda: find_workspace(root / "assessments"),
        "rubrics": workspace.rubrics,
        "rubric": lambda: workspace.rubric("small", "1.0.0"),
        "subjects": workspace.subjects,
        "latest": lambda: workspace.latest(workspace.subject("tool"), DAY),
        "decision": lambda: workspace.decision_on(file),
        "check": lambda: check_paths([root, file.path], workspace),
        "start": lambda: workspace.start(assessment("Another"), DAY),
        "save": lambda: workspace.save(file, answered),
        "report": lambda: workspace.save_report("a.md", "A report.\n"),
    }


def said_of(act: Callable[[], object]) -> str | None:
    try:
        act()
    except ToolvetError as error:
        return str(error)
    return None


@pytest.mark.parametrize("mode", [0o000, 0o400, 0o100, 0o500], ids=oct)
@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_done_is_done_or_told(place: str, mode: int, file: AssessmentFile) -> None:
    root = file.path.parents[2]
    (root / place).chmod(mode)
    said = {name: said_of(act) for name, act in acts(root, file).items()}
    assert "" not in said.values()


def test_save_into_a_closed_folder_is_told(file: AssessmentFile) -> None:
    file.path.parent.chmod(0o500)
    said = said_of(acts(file.path.parents[2], file)["save"])
    assert said == f"NOT SAVED: {file.path}: no lock could be made: permission denied"


def test_plain_listing_fails_the_same_check(file: AssessmentFile) -> None:
    file.path.parent.chmod(stat.S_IRUSR)
    with pytest.raises(PermissionError):
        [path.read_bytes() for path in file.path.parent.iterdir()]


@pytest.mark.parametrize("name", ["assessments", "decisions"])
def test_home_tells_of_a_folder_that_is_closed_while_it_looks(file: AssessmentFile, name: str) -> None:
    root = file.path.parents[2]
    (root / "decisions").mkdir(exist_ok=True)
    overview = Overview(Session(Workspace(root), lambda: DAY))
    overview.begin()
    (root / name).chmod(0)
    assert overview.step(60)
    assert root / name in {problem.path for problem in overview.problems}
