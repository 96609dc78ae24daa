from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from toolvet.errors import NoSuchSubject, UsageError
from toolvet.storage.workspace import Workspace
from workspaces import DAY, ZOOM, assessment_of, complete, names


def test_broken_file_is_a_problem_and_the_others_are_shown(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    broken = file.path.with_name("2026-11-03-b.toml")
    broken.write_text("format = ")
    (folder,) = workspace.subjects()
    assert folder.assessments == (file,)
    assert [str(problem) for problem in folder.problems] == [
        f"{broken}:1: not valid TOML: invalid value (at end of document); the file may have been cut off"
    ]


def test_folder_that_is_a_link_is_told_and_not_read(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "here")
    workspace.start(assessment_of(), DAY)
    (tmp_path / "elsewhere").mkdir()
    linked = workspace.root / "assessments" / "linked"
    linked.symlink_to(tmp_path / "elsewhere")
    told, subject = workspace.subjects()
    assert (told.assessments, [problem.path for problem in told.errors]) == ((), [linked])
    assert (subject.name, subject.problems) == ("zoom-workplace-business", ())


def test_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.start(assessment_of(), DAY)
    linked = tmp_path / "decisions" / "lost"
    linked.symlink_to(tmp_path / "nowhere")
    assert [problem.path for folder in workspace.subjects() for problem in folder.errors] == [linked]


def test_file_in_place_of_a_folder_of_decisions_is_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    place = tmp_path / "decisions" / file.path.parent.name
    place.write_text("")
    (folder,) = workspace.subjects()
    assert [str(problem) for problem in folder.decision_problems] == [f"{place}: is not a folder; move it elsewhere"]


@pytest.mark.parametrize("name", ["zoom-workplace-business", "Zoom Workplace", "zoom workplace business", "zoom"])
def test_subject_is_found_by_folder_name_label_or_beginning(tmp_path: Path, name: str) -> None:
    workspace = Workspace(tmp_path)
    workspace.start(assessment_of(), DAY)
    assert workspace.subject(name).name == "zoom-workplace-business"


def test_mistyped_subject_gets_a_proposal(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.start(assessment_of(), DAY)
    with pytest.raises(NoSuchSubject) as caught:
        workspace.subject("Zom Workplace")
    assert str(caught.value) == 'there is no subject "Zom Workplace"; did you mean "zoom-workplace-business"?'


def test_beginning_of_several_subjects_asks_which(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for plan in ("Basic", "Business"):
        workspace.start(assessment_of(replace(ZOOM, plan=plan)), DAY)
    with pytest.raises(UsageError) as caught:
        workspace.subject("zoom")
    assert str(caught.value) == '"zoom" may be any of zoom-workplace-basic, zoom-workplace-business; say which'


def test_assessments_come_newest_first(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for day in (DAY, date(2026, 11, 9), date(2025, 1, 1), DAY):
        workspace.start(assessment_of(started=day), day)
    assert names(workspace.subject("zoom").assessments) == [
        "2026-11-09-a-reviewer.toml",
        "2026-11-02-a-reviewer-2.toml",
        "2026-11-02-a-reviewer.toml",
        "2025-01-01-a-reviewer.toml",
    ]


def test_complete_assessment_goes_before_a_newer_incomplete_one(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    complete(workspace.start(assessment_of(), DAY), workspace)
    workspace.start(assessment_of(started=date(2026, 11, 9)), date(2026, 11, 9))
    assert names(workspace.latest(workspace.subject("zoom"), date(2026, 11, 30))) == ["2026-11-02-a-reviewer.toml"]


def test_newest_speaks_where_none_is_complete(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for day in (DAY, date(2026, 11, 9)):
        workspace.start(assessment_of(started=day), day)
    assert names(workspace.latest(workspace.subject("zoom"), date(2026, 11, 30))) == ["2026-11-09-a-reviewer.toml"]


def test_one_begun_after_the_day_speaks_only_where_there_is_no_other(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for day in (DAY, date(2026, 11, 9)):
        complete(workspace.start(assessment_of(started=day), day), workspace)
    zoom = workspace.subject("zoom")
    assert names(workspace.latest(zoom, date(2026, 11, 8))) == ["2026-11-02-a-reviewer.toml"]
    assert names(workspace.latest(zoom, date(2026, 11, 9))) == ["2026-11-09-a-reviewer.toml"]
    assert names(workspace.latest(zoom, date(2026, 11, 1))) == ["2026-11-09-a-reviewer.toml"]


def test_equally_recent_ones_of_several_reviewers_are_all_listed_each_with_the_last(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for reviewer in ("Anna", "Anna", "Bert"):
        workspace.start(assessment_of(reviewer=reviewer), DAY)
    assert sorted(names(workspace.latest(workspace.subject("zoom"), date(2026, 11, 30)))) == [
        "2026-11-02-anna-2.toml",
        "2026-11-02-bert.toml",
    ]


def test_folder_that_cannot_be_looked_into_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path)
    folder = workspace.start(assessment_of(), DAY).path.parent
    real = os.listdir

    def listdir(path: Path) -> list[str]:
        if Path(path) == folder:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "listdir", listdir)
    (found,) = workspace.subjects()
    assert [str(problem) for problem in found.problems] == [f"{folder}: cannot be read: permission denied"]
