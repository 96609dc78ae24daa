from __future__ import annotations

from pathlib import Path

import pytest

from toolvet.domain.assessment import Answer
from toolvet.errors import Conflict
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from workspaces import DAY, assessment_of, hand_written, names


def test_saved_file_is_what_is_read_back(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    saved = workspace.save(file, file.assessment.with_answer("does-the-job", Answer(level=2)))
    assert workspace.subject("zoom-workplace-business").assessments == (saved,)


def test_change_of_somebody_else_is_a_conflict_that_is_never_scanned(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    workspace.save(file, file.assessment.with_answer("does-the-job", Answer(level=2)))
    with pytest.raises(Conflict) as caught:
        workspace.save(file, file.assessment.with_answer("does-the-job", Answer(level=3)))
    assert caught.value.kept == file.path.with_name("2026-11-02-a-reviewer.toml.1.conflict")
    folder = workspace.subject("zoom-workplace-business")
    assert names(folder.assessments) == ["2026-11-02-a-reviewer.toml"]
    assert [(problem.path, problem.warning) for problem in folder.problems] == [(caught.value.kept, True)]


def test_first_save_of_a_hand_written_file_keeps_the_original(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    path = hand_written(workspace)
    original = path.read_bytes()
    (file,) = workspace.subject("zoom").assessments
    saved = workspace.save(file, file.assessment.with_answer("does-the-job", Answer(level=2)))
    assert saved.kept_original == path.with_name("2026-11-02-me.toml.orig")
    assert saved.kept_original.read_bytes() == original
    again = workspace.save(saved, file.assessment)
    assert (again.kept_original, len(list(path.parent.iterdir()))) == (saved.kept_original, 2)


def test_original_kept_earlier_is_not_overwritten(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    path = hand_written(workspace)
    path.with_name("2026-11-02-me.toml.orig").write_text("earlier")
    (file,) = workspace.subject("zoom").assessments
    saved = workspace.save(file, file.assessment)
    assert saved.kept_original == path.with_name("2026-11-02-me.toml.orig.2")
    assert path.with_name("2026-11-02-me.toml.orig").read_text() == "earlier"


def test_save_tried_again_keeps_the_original_once(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    path = hand_written(workspace)
    (file,) = workspace.subject("zoom").assessments
    path.write_text(path.read_text() + "# changed by somebody\n")
    for _ in range(2):
        with pytest.raises(Conflict):
            workspace.save(file, file.assessment)
    assert [kept.name for kept in path.parent.glob("*.orig*")] == ["2026-11-02-me.toml.orig"]


def test_edited_file_is_kept_before_it_is_written_over(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    path = workspace.start(assessment_of(), DAY).path
    path.write_text(path.read_text() + "# a note by hand\n")
    (file,) = workspace.subject("zoom-workplace-business").assessments
    saved = workspace.save(file, file.assessment)
    assert (file.seal, saved.seal) == (Seal.BROKEN, Seal.INTACT)
    assert saved.kept_original is not None


def test_save_brings_the_rubric_along(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    hand_written(workspace)
    (file,) = workspace.subject("zoom").assessments
    workspace.save(file, file.assessment)
    assert (tmp_path / "rubrics" / "collaboration-tool-1.1.0.toml").exists()
