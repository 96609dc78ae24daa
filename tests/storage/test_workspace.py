from __future__ import annotations

from pathlib import Path

import pytest

from house import FAILED, GOOD, assessed
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer
from toolvet.errors import NotSaved, UsageError
from toolvet.storage.reader import read_assessment
from toolvet.storage.rubric_library import shipped
from toolvet.storage.workspace import Workspace, find_workspace
from workspaces import DAY, assessment_of, decision_on


def test_named_workspace_comes_first(tmp_path: Path) -> None:
    (tmp_path / "assessments").mkdir()
    assert find_workspace(tmp_path, tmp_path / "other").root == tmp_path / "other"


def test_nearest_folder_upwards_with_assessments_is_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "assessments").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find_workspace(tmp_path / "a" / "b").root == tmp_path.resolve()


def test_without_one_the_start_becomes_the_workspace_and_nothing_is_made(tmp_path: Path) -> None:
    workspace = find_workspace(tmp_path)
    assert (workspace.root, workspace.exists, list(tmp_path.iterdir())) == (tmp_path, False, [])


def test_links_that_go_in_circles_are_no_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    circle = tmp_path / "assessments"
    circle.symlink_to(circle)
    assert find_workspace(circle / "tool").root == circle / "tool"
    assert main(["diff", str(circle / "tool" / "a.toml")]) == 3
    assert main(["list", "--workspace", str(circle)]) == 2
    assert "a bug" not in capsys.readouterr().err


def test_report_is_written_over_an_earlier_one(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.save_report("zoom.md", "first")
    path = workspace.save_report("zoom.md", "second, ü")
    assert (path, path.read_text()) == (tmp_path / "reports" / "zoom.md", "second, ü")


def test_a_report_that_somebody_edited_is_kept_and_the_next_gets_a_number(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    edited = workspace.save_report("zoom.md", "first")
    edited.write_text("first, with notes of mine", encoding="utf-8")
    assert workspace.save_report("zoom.md", "second").name == "zoom-2.md"
    assert edited.read_text(encoding="utf-8") == "first, with notes of mine"


def test_report_may_be_larger_than_what_is_read(tmp_path: Path) -> None:
    for content in (b"x" * 2_000_000, b"y" * 2_000_000):
        path = Workspace(tmp_path).save_report("zoom.pdf", content)
        assert path.read_bytes() == content


@pytest.mark.parametrize("name", ["../x.md", "a/b.md", "con.md", ".hidden"])
def test_report_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        Workspace(tmp_path).save_report(name, "x")


def test_one_after_the_other_they_are_the_same_subjects() -> None:
    workspace = Workspace(shipped("examples"))
    assert tuple(workspace.each_subject()) == workspace.subjects()
    assert len(workspace.subjects()) == 6


def test_of_two_assessments_of_one_day_the_first_is_the_earlier(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first, second = (read_assessment(assessed(tmp_path, answers)) for answers in (GOOD, FAILED))
    assert (workspace.earlier(second), workspace.earlier(first)) == (first.assessment, None)


def test_a_rubric_changed_between_two_subjects_is_read_again(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for name in ("a", "b"):
        (tmp_path / "assessments" / name).mkdir(parents=True)
    text = (shipped("rubrics") / "collaboration-tool.toml").read_text(encoding="utf-8")
    titles = []
    for folder in workspace.each_subject():
        own = tmp_path / "rubrics" / "collaboration-tool-9.0.0.toml"
        own.parent.mkdir(exist_ok=True)
        own.write_text(text.replace('"1.1.0"', '"9.0.0"', 1).replace("title = ", f"title = 'In {folder.name}' #", 1))
        titles += [workspace.rubric("collaboration-tool", "9.0.0").title for _ in range(2)]
    assert titles == ["In a", "In a", "In b", "In b"]


@pytest.mark.parametrize("linked", ["assessments", "assessments/zoom-workplace-business", ".toolvet"])
def test_nothing_is_saved_through_a_link_in_place_of_a_folder(tmp_path: Path, linked: str) -> None:
    workspace = Workspace(tmp_path / "here")
    file = workspace.start(assessment_of(), DAY)
    folder, away = workspace.root / linked, tmp_path / "away"
    folder.rename(away)
    folder.symlink_to(away)
    before = {path: path.read_bytes() for path in away.rglob("*") if path.is_file()}
    answered, decision = file.assessment.with_answer("does-the-job", Answer(level=2)), decision_on(file, workspace)
    with pytest.raises(NotSaved, match="is a link, through which nothing is saved"):
        workspace.record(decision, "zoom") if linked == ".toolvet" else workspace.save(file, answered)
    assert {path: path.read_bytes() for path in away.rglob("*") if path.is_file()} == before
