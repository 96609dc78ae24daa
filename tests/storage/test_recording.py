from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from toolvet.domain.assessment import Answer
from toolvet.domain.decision import AssessmentRef
from toolvet.domain.records import Record, RecordKind
from toolvet.domain.rubric import Rubric
from toolvet.errors import NotSaved, UnusableFile, UsageError
from toolvet.services.assessments import notices
from toolvet.storage.lock import locked
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace
from workspaces import DAY, assessment_of, decision_on


def test_decision_is_recorded_and_found_by_what_it_rests_on(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    other = workspace.start(assessment_of(reviewer="Bert"), DAY)
    recorded = workspace.record(decision_on(file, workspace), "zoom-workplace-business")
    assert recorded.path == tmp_path / "decisions" / "zoom-workplace-business" / "2026-11-02.toml"
    assert (workspace.decision_on(file), workspace.decision_on(other)) == (recorded, None)
    assert workspace.subject("zoom").decisions == (recorded,)


def test_second_decision_of_a_day_does_not_overwrite_the_first(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    decision = decision_on(file, workspace)
    first = workspace.record(replace(decision, rationale="Something else."), "zoom-workplace-business")
    next_one = replace(decision, rationale="We wait for the contract.", supersedes=first.path.name)
    second = workspace.record(next_one, "zoom-workplace-business")
    assert [one.path.name for one in (first, second)] == ["2026-11-02.toml", "2026-11-02-2.toml"]
    assert workspace.decision_on(file) == second


def test_a_decision_that_does_not_know_of_one_recorded_meanwhile_is_refused(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    decision = decision_on(workspace.start(assessment_of(), DAY), workspace)
    recorded = workspace.record(decision, "zoom-workplace-business")
    assert workspace.record(decision, "zoom-workplace-business") == recorded
    with pytest.raises(NotSaved, match=r"2026-11-02\.toml was recorded meanwhile; look at it and decide again"):
        workspace.record(replace(decision, rationale="Something else."), "zoom-workplace-business")
    with locked(workspace.root / "decisions" / ".decide"), pytest.raises(NotSaved, match="is locked by"):
        workspace.record(replace(decision, supersedes="2026-11-02.toml"), "zoom-workplace-business")


def test_a_decision_that_does_not_know_of_a_record_made_meanwhile_is_refused(tmp_path: Path) -> None:
    workspace, subject = Workspace(tmp_path), "zoom-workplace-business"
    decision = decision_on(workspace.start(assessment_of(), DAY), workspace)
    recorded = workspace.record(decision, subject)
    withdrawn = workspace.add_record(Record(RecordKind.WITHDRAWN, recorded.path.name, "Board", DAY, why="No."), subject)
    again = replace(decision, supersedes=recorded.path.name)
    with pytest.raises(NotSaved, match=r"withdrawn\.toml was recorded meanwhile; look at it and decide again"):
        workspace.record(again, subject, [])
    assert workspace.record(again, subject, [withdrawn.path]).path.name == "2026-11-02-2.toml"


def test_decision_on_an_assessment_that_was_changed_since_is_refused(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    workspace.save(file, file.assessment.with_answer("does-the-job", Answer(level=2)))
    with pytest.raises(NotSaved, match="was changed since it was judged; look at it again"):
        workspace.record(decision_on(file, workspace), "zoom-workplace-business")


@pytest.mark.parametrize("path", ["../outside.toml", "/etc/passwd", "assessments/../../x.toml"])
def test_path_in_a_decision_never_leaves_the_workspace(tmp_path: Path, path: str) -> None:
    workspace = Workspace(tmp_path)
    decision = decision_on(workspace.start(assessment_of(), DAY), workspace)
    assert workspace.assessment_behind(replace(decision, assessment=AssessmentRef(path, "0" * 64))) is None


def test_path_in_a_decision_does_not_leave_the_workspace_by_a_link(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "here")
    decision = decision_on(workspace.start(assessment_of(), DAY), workspace)
    (workspace.root / "assessments" / "linked").symlink_to(tmp_path)
    linked = replace(decision, assessment=AssessmentRef("assessments/linked/x.toml", "0" * 64))
    assert workspace.assessment_behind(linked) is None


@pytest.mark.parametrize("folder", ["../x", "a/b", "", "."])
def test_decision_is_not_put_outside_the_subjects(tmp_path: Path, folder: str) -> None:
    workspace = Workspace(tmp_path)
    decision = decision_on(workspace.start(assessment_of(), DAY), workspace)
    with pytest.raises(UsageError):
        workspace.record(decision, folder)


def test_assessment_that_a_decision_rests_on_is_not_written_over(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    workspace.record(decision_on(file, workspace), file.path.parent.name)
    with pytest.raises(NotSaved) as caught:
        workspace.save(file, file.assessment.with_answer("does-the-job", Answer(level=2)))
    assert str(caught.value) == (
        "NOT SAVED: a decision of 2026-11-02 rests on this assessment; "
        "continue assessments/zoom-workplace-business/2026-11-02-a-reviewer.toml as a new assessment"
    )
    assert file.path.read_bytes() == file.content


def test_answers_are_saved_though_their_rubric_cannot_be_copied_and_no_decision_is(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    shutil.rmtree(tmp_path / "rubrics")
    (tmp_path / "rubrics").write_text("no folder", encoding="utf-8")
    saved = workspace.save(file, file.assessment.with_answer("quiet-hours", Answer(level=1)))
    assert read_assessment(file.path).assessment == saved.assessment
    assert saved.not_copied is not None
    assert any(saved.not_copied in words for words in notices(saved, _rubric(workspace)))
    with pytest.raises(NotSaved):
        workspace.record(decision_on(saved, workspace), file.path.parent.name)
    assert not list((tmp_path / "decisions").rglob("*.toml"))


def test_a_decision_keeps_the_rubric_that_it_can_be_computed_anew_with(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    copy = tmp_path / "rubrics" / "collaboration-tool-1.1.0.toml"
    copy.unlink()
    workspace.record(decision_on(file, workspace), file.path.parent.name)
    assert copy.is_file()


def test_a_rubric_as_answered_that_cannot_be_read_is_not_taken_for_gone(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    copy = tmp_path / "rubrics" / "collaboration-tool-1.1.0.toml"
    other = copy.rename(copy.with_name("collaboration-tool-1.1.0-0123456789ab.toml"))
    other.write_text("<<<<<<< HEAD", encoding="utf-8")
    reference = replace(file.assessment.rubric, digest=f"sha256:{'0' * 64}")
    with pytest.raises(UnusableFile, match="0123456789ab"):
        workspace.rubric_as_answered(reference)


def _rubric(workspace: Workspace) -> Rubric:
    return workspace.rubric("collaboration-tool", "1.1.0")
