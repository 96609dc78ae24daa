from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Evidence
from toolvet.domain.decision import Condition
from toolvet.domain.records import Proof, Record, RecordKind
from toolvet.domain.scorecard import Verdict
from toolvet.services.file_check import check_file, check_paths
from toolvet.services.verification import verify_workspace
from toolvet.storage.workspace import Workspace
from toolvet.storage.writer import assessment_bytes, decision_bytes, record_bytes
from workspaces import DAY, assessment_of, decision_on


def said(paths: list[Path], workspace: Workspace) -> list[str]:
    return [str(problem).removeprefix(f"{workspace.root}/") for problem in check_paths(paths, workspace)]


def test_workspace_as_it_is_written_has_no_problems(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    workspace.record(decision_on(file, workspace), file.path.parent.name)
    assert said([tmp_path], workspace) == []


def with_evidence(workspace: Workspace, content: bytes) -> Path:
    """An assessment that rests on a file of evidence, and its path."""
    seen = workspace.root / "evidence" / "trial.txt"
    seen.parent.mkdir()
    seen.write_bytes(content)
    evidence = Evidence("evidence/trial.txt", sha256=workspace.evidence.sha256("evidence/trial.txt"))
    answers = {"does-the-job": Answer(level=2, answered=DAY, evidence=(Evidence("Trial"), evidence))}
    return workspace.start(replace(assessment_of(), answers=answers), DAY).path


def test_evidence_that_is_as_it_was_is_no_problem(tmp_path: Path) -> None:
    with_evidence(Workspace(tmp_path), b"It worked.")
    assert said([tmp_path], Workspace(tmp_path)) == []


@pytest.mark.parametrize(
    ("now", "what"), [(b"It failed.", "was changed since it was recorded"), (None, "is gone or cannot be read")]
)
def test_evidence_that_is_not_what_it_was_is_told_with_its_line(now: bytes | None, what: str, tmp_path: Path) -> None:
    path = with_evidence(Workspace(tmp_path), b"It worked.")
    seen = tmp_path / "evidence" / "trial.txt"
    seen.unlink() if now is None else seen.write_bytes(now)
    (line,) = [number for number, text in enumerate(path.read_text().splitlines(), 1) if text.startswith("sha256")]
    (problem,) = check_paths([tmp_path], Workspace(tmp_path))
    assert (problem.path, problem.line, problem.warning) == (path, line, False)
    assert problem.message == (f'"evidence/trial.txt" {what}; bring back that file, or look at the evidence again')


def test_every_file_of_a_folder_is_checked(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    file.path.with_name("b.toml").write_text("format = 9\nanswers = {}")
    (tmp_path / "rubrics" / "a.toml").write_text("format = 1\ncriteria = 3\nask = 1")
    assert said([tmp_path], workspace) == [
        "assessments/zoom-workplace-business/b.toml:1: written by a newer toolvet (format 9, not 1); update toolvet",
        'rubrics/a.toml:3: ask must be "level" or "gap", not "1"',
    ]


def test_a_copy_left_by_a_conflict_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    copy = file.path.with_name(f"{file.path.name}.1.conflict")
    copy.write_text("nothing")
    (problem,) = check_paths([tmp_path], workspace)
    assert (problem.path, problem.warning) == (copy, True)
    assert [str(each) for each in workspace.subjects()[0].problems] == [str(problem)]
    assert problem.message == (
        f"holds changes that could not be saved because somebody else had changed {file.path.name}; "
        "press enter on it in toolvet to compare the two and keep one or both"
    )


def test_what_was_kept_aside_is_not_checked(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    for ending in (".orig", ".lock"):
        file.path.with_name(file.path.name + ending).write_text("nothing")
    assert said([tmp_path], workspace) == []


def test_broken_seal_is_a_problem(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    path = workspace.start(assessment_of(), DAY).path
    path.write_text(path.read_text() + "# a note\n")
    (problem,) = check_paths([path], workspace)
    assert (problem.message, problem.warning) == (
        "the seal does not match: the file was edited or cut off since toolvet wrote it; read it through",
        False,
    )


def test_assessment_that_was_changed_after_its_decision_is_a_problem(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    decision = workspace.record(decision_on(file, workspace), file.path.parent.name)
    file.path.write_bytes(assessment_bytes(file.assessment.with_scope("data", "internal")))
    (problem,) = check_paths([decision.path], workspace)
    assert (problem.message, problem.warning) == (
        "The assessment was changed after the decision; check whether it still holds, and decide again.",
        False,
    )


def test_folders_nested_without_end_are_told_of(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(70):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "rubric.toml").write_text("format = 1")
    (problem,) = check_paths([tmp_path], Workspace(tmp_path))
    assert problem.message == "lies 64 folders deep; check it by itself, or move it up"


@pytest.mark.parametrize("target", ["cobalt", "nowhere"], ids=["circle", "nowhere"])
@pytest.mark.parametrize("kind", ["assessments", "decisions"])
def test_a_link_in_place_of_a_subject_that_leads_nowhere_is_told(tmp_path: Path, kind: str, target: str) -> None:
    link = tmp_path / kind / "cobalt"
    link.parent.mkdir()
    link.symlink_to(target)
    assert f"{kind}/cobalt: is a link; name the file it points to" in said([tmp_path], Workspace(tmp_path))


@pytest.mark.parametrize("place", ["evidence", "decisions/cobalt"])
def test_verify_tells_of_folders_nested_without_end(tmp_path: Path, place: str) -> None:
    folder = tmp_path / place
    for _ in range(70):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "proof.txt").write_text("It works.")
    (problem,) = verify_workspace(Workspace(tmp_path)).problems
    assert problem.message == "cannot be read: more than 64 folders in one another"


def test_a_path_longer_than_the_system_takes_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(25):
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
    os.chdir(tmp_path)
    (problem,) = check_paths([tmp_path], Workspace(tmp_path))
    assert problem.message == "cannot be opened: file name too long"


@pytest.mark.parametrize(
    "name", ["assessments", "decisions", "rubrics", "policy", "decisions/cobalt/records", "assessments/cobalt/rounds"]
)
def test_file_in_place_of_a_folder_is_told(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("not a folder")
    assert said([tmp_path], Workspace(tmp_path)) == [f"{name}: is not a folder; move it elsewhere"]


def test_file_with_the_name_of_a_folder_is_no_problem_elsewhere(tmp_path: Path) -> None:
    for name in ("notes/records", "notes/assessments", "assessments/cobalt/records"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("not a folder")
    assert said([tmp_path], Workspace(tmp_path)) == []


def test_an_assessment_dated_in_the_future_is_warned_of(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    assert list(check_file(file.path, workspace, workspace.folder_named, DAY)) == []
    (problem,) = check_file(file.path, workspace, workspace.folder_named, DAY - timedelta(days=1))
    assert (problem.warning, problem.line) == (True, 4)
    assert problem.message == f"begun on {DAY}, which lies in the future; correct the day if it is wrong"


def _with_records(root: Path, count: int) -> None:
    """An approval with so many conditions, each of them met, one record a condition."""
    workspace = Workspace(root)
    file = workspace.start(assessment_of(), DAY)
    conditions = tuple(Condition(f"Do {number}.", id=f"c{number}") for number in range(count))
    decision = replace(
        decision_on(file, workspace), decision=Verdict.APPROVE_WITH_CONDITIONS, conditions=conditions, valid_until=DAY
    )
    path = root / "decisions" / file.path.parent.name / f"{DAY}.toml"
    (path.parent / "records").mkdir(parents=True)
    path.write_bytes(decision_bytes(decision))
    for number in range(count):
        met = Record(
            RecordKind.CONDITION_MET, path.name, "Ada", DAY, condition=f"c{number}", evidence=(Proof("A call."),)
        )
        (path.parent / "records" / f"{DAY}-{number}.toml").write_bytes(record_bytes(met))


def _reviewed(root: Path, count: int) -> None:
    """So many reviewers' assessments of one tool."""
    workspace = Workspace(root)
    for number in range(count):
        workspace.start(assessment_of(reviewer=f"Reviewer {number}"), DAY)


def _steps(*arguments: str) -> int:
    """How many functions the command calls: what it costs, whatever else the machine does."""
    called = 0

    def count(_frame: object, event: str, _given: object) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        main([*arguments])
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.parametrize(
    ("make", "command"),
    [
        (_with_records, ("check",)),
        (_with_records, ("verify",)),
        (_reviewed, ("list", "--workspace")),
        (_reviewed, ("history", "zoom-workplace-business", "--workspace")),
        (_reviewed, ("panel", "zoom-workplace-business", "--workspace")),
        (_reviewed, ("export", "-o", "tables", "--force", "--workspace")),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else given.__name__.strip("_"),
)
def test_twice_as_many_files_take_twice_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path, int], None], command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    steps = []
    for count in (10, 40, 80, 160):  # the first one imports and looks up what is needed once
        make(tmp_path / str(count), count)
        steps.append(_steps(*command, str(tmp_path / str(count))))
    assert steps[3] - steps[2] < 2.3 * (steps[2] - steps[1]), steps
