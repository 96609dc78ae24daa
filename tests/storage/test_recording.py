from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from toolvet.domain.assessment import Answer
from toolvet.domain.decision import AssessmentRef
from toolvet.errors import NotSaved, UsageError
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
    recorded = [workspace.record(decision_on(file, workspace), "zoom-workplace-business") for _ in range(2)]
    assert [decision.path.name for decision in recorded] == ["2026-11-02.toml", "2026-11-02-2.toml"]
    assert workspace.decision_on(file) == recorded[1]


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
