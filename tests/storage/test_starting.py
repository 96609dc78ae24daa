from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest

from surveys import respondent
from toolvet.domain.assessment import Answer, Reviewer, RubricRef, Subject
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.storage import lock
from toolvet.storage.names import number_in
from toolvet.storage.rubric_library import shipped
from toolvet.storage.schema import SCHEMA_NAMES, schema_bytes
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from workspaces import DAY, ZOOM, assessment_of


def test_first_save_makes_the_workspace(tmp_path: Path) -> None:
    Workspace(tmp_path).start(assessment_of(), DAY)
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))
    assert found == sorted(
        [
            ".gitattributes",
            ".gitignore",
            ".toolvet",
            *(f".toolvet/{name}.schema.json" for name in SCHEMA_NAMES),
            "assessments",
            "assessments/zoom-workplace-business",
            "assessments/zoom-workplace-business/2026-11-02-a-reviewer.toml",
            "decisions",
            "evidence",
            "reports",
            "rubrics",
            "rubrics/collaboration-tool-1.1.0.toml",
        ]
    )


def test_git_leaves_the_bytes_alone_and_conflicts_visible(tmp_path: Path) -> None:
    Workspace(tmp_path).start(assessment_of(), DAY)
    assert "*.toml -text" in (tmp_path / ".gitattributes").read_text().splitlines()
    ignored = [line for line in (tmp_path / ".gitignore").read_text().splitlines() if not line.startswith("#")]
    assert ignored == ["*.lock", ".*.tmp"]


def test_files_for_git_that_are_there_stay(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    Workspace(tmp_path).start(assessment_of(), DAY)
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_schemas_of_an_older_toolvet_give_way(tmp_path: Path) -> None:
    (tmp_path / ".toolvet").mkdir()
    (tmp_path / ".toolvet" / "decision.schema.json").write_text("{}")
    Workspace(tmp_path).start(assessment_of(), DAY)
    assert (tmp_path / ".toolvet" / "decision.schema.json").read_bytes() == schema_bytes("decision")


def test_new_assessment_names_the_digest_of_its_rubric(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    digest = workspace.rubric("collaboration-tool", "1.1.0").digest
    assert (file.assessment.rubric.digest, file.seal) == (digest, Seal.INTACT)


def test_schema_line_leads_to_the_schema(tmp_path: Path) -> None:
    file = Workspace(tmp_path).start(assessment_of(), DAY)
    first_line = file.path.read_text().splitlines()[0]
    assert json.loads((file.path.parent / first_line.removeprefix("#:schema ")).read_text())["title"]


def test_rubric_is_copied_byte_by_byte(tmp_path: Path) -> None:
    Workspace(tmp_path).start(assessment_of(), DAY)
    copy = tmp_path / "rubrics" / "collaboration-tool-1.1.0.toml"
    assert copy.read_bytes() == (shipped("rubrics") / "collaboration-tool.toml").read_bytes()


def test_rubric_is_kept_under_its_digest_where_another_has_its_name(tmp_path: Path) -> None:
    other = tmp_path / "rubrics" / "collaboration-tool-1.1.0.toml"
    other.parent.mkdir()
    other.write_bytes((shipped("rubrics") / "collaboration-readiness.toml").read_bytes())
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(), DAY)
    workspace.save(file, file.assessment.with_scope("data", "internal"))
    asked = file.assessment.rubric
    copy = tmp_path / "rubrics" / f"collaboration-tool-1.1.0-{str(asked.digest)[7:19]}.toml"
    assert sorted((tmp_path / "rubrics").iterdir()) == [copy, other]
    assert copy.read_bytes() == (shipped("rubrics") / "collaboration-tool.toml").read_bytes()
    assert [found.path for found in workspace.rubric_texts(asked.id, asked.version) if not found.shipped] == [copy]
    assert workspace.rubric_as_answered(asked) == workspace.rubric(asked.id, asked.version)


def test_second_file_of_the_day_gets_a_number(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    started = [workspace.start(assessment_of(), DAY) for _ in range(3)]
    assert [file.path.name for file in started] == [
        "2026-11-02-a-reviewer.toml",
        "2026-11-02-a-reviewer-2.toml",
        "2026-11-02-a-reviewer-3.toml",
    ]


def test_same_subject_resumes_its_folder_however_it_is_written(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first = workspace.start(assessment_of(), DAY)
    second = workspace.start(assessment_of(replace(ZOOM, name="ZOOM  workplace")), DAY)
    assert first.path.parent == second.path.parent


@pytest.mark.parametrize(
    ("one", "other", "folder"),
    [
        (ZOOM, replace(ZOOM, deployment="own server"), "zoom-workplace-business-own-server"),
        (Subject("Zoom!"), Subject("Zoom?"), "zoom-2"),
        (Subject("会议"), Subject("視訊"), "subject-2"),
        (Subject("Zoom Business"), Subject("Zoom", plan="Business"), "zoom-business-2"),
    ],
)
def test_two_subjects_never_share_a_folder(tmp_path: Path, one: Subject, other: Subject, folder: str) -> None:
    workspace = Workspace(tmp_path)
    workspace.start(assessment_of(one), DAY)
    assert workspace.start(assessment_of(other), DAY).path.parent.name == folder


class Hesitant(Workspace):
    """Waits, once it has chosen a folder, for another that is choosing too."""

    meeting = Barrier(2, timeout=1)

    def folder_for(self, subject: Subject) -> str:
        name = super().folder_for(subject)
        with suppress(BrokenBarrierError):
            self.meeting.wait()
        return name


@pytest.mark.parametrize(
    ("other", "folders"),
    [(Subject("Zoom?"), {"zoom", "zoom-2"}), (Subject("Zoom!"), {"zoom"})],
    ids=["two subjects", "one subject"],
)
def test_two_who_start_at_once_share_a_folder_for_one_subject_only(
    other: Subject, folders: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 60)
    monkeypatch.setattr(Hesitant, "meeting", Barrier(2, timeout=1))
    with ThreadPoolExecutor() as both:
        starting = [
            both.submit(Hesitant(tmp_path).start, assessment_of(each, reviewer=name), DAY)
            for each, name in ((Subject("Zoom!"), "Ada"), (other, "Ben"))
        ]
        started = [each.result() for each in starting]
    assert {file.path.parent.name for file in started} == folders
    assert {file.path for file in started} == set((tmp_path / "assessments").rglob("*.toml"))


def test_folder_that_differs_in_case_only_is_taken(tmp_path: Path) -> None:
    (tmp_path / "assessments" / "ZOOM-Workplace-Business").mkdir(parents=True)
    file = Workspace(tmp_path).start(assessment_of(), DAY)
    assert file.path.parent.name == "zoom-workplace-business-vendor-cloud"


def test_renamed_subject_keeps_its_folder_and_leaves_the_old_name_free(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    file = workspace.start(assessment_of(Subject("Skype")), DAY)
    renamed = workspace.save(file, replace(file.assessment, subject=Subject("Teams")))
    assert renamed.path == file.path
    assert workspace.start(assessment_of(Subject("Teams")), DAY).path.parent.name == "skype"
    assert workspace.start(assessment_of(Subject("Skype")), DAY).path.parent.name == "skype-2"


def test_name_that_climbs_stays_inside(tmp_path: Path) -> None:
    file = Workspace(tmp_path).start(assessment_of(Subject("../../etc/passwd"), reviewer="../x"), DAY)
    assert file.path == tmp_path / "assessments" / "etc-passwd" / "2026-11-02-x.toml"


def test_unknown_rubric_makes_nothing(tmp_path: Path) -> None:
    assessment = replace(assessment_of(), rubric=RubricRef("collaboration-tol", "1.0.0"))
    with pytest.raises(ToolvetError) as caught:
        Workspace(tmp_path).start(assessment, DAY)
    assert str(caught.value) == (
        f'rubric "collaboration-tol" 1.0.0 is neither in {tmp_path / "rubrics"} nor among those that ship; '
        'did you mean "collaboration-tool"?'
    )
    assert list(tmp_path.iterdir()) == []


def test_answers_to_a_survey_are_kept_without_a_name_or_a_role_under_a_number(tmp_path: Path) -> None:
    named = respondent({"any-device": Answer(expected=1)}, group="it", started=DAY)
    named = replace(named, reviewer=Reviewer("A. Reviewer", "Security", "it"))
    workspace = Workspace(tmp_path)
    files = [workspace.start(named, DAY) for _ in range(2)]
    numbers = {number_in(file.path.stem) for file in files}
    assert (len(numbers), None in numbers) == (2, False)
    assert [file.assessment.reviewer for file in files] == [Reviewer(group="it")] * 2
    assert [b"Reviewer" in file.path.read_bytes() for file in files] == [False, False]


def test_a_folder_that_may_be_of_the_subject_but_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    subject = Subject("Tool")
    path = workspace.start(assessment_of(subject), DAY).path
    path.write_bytes(b"<<<<<<< HEAD\n" + path.read_bytes())
    with pytest.raises(UnusableFile, match=path.name):
        workspace.start(assessment_of(subject), DAY)
    assert [folder.name for folder in (tmp_path / "assessments").iterdir()] == ["tool"]
    assert workspace.start(assessment_of(Subject("Other")), DAY).path.parent.name == "other"


@pytest.mark.parametrize("name", ["2026-11-02-ada.toml", "rounds/open.toml"])
def test_a_folder_that_may_be_of_the_survey_but_cannot_be_read_is_not_passed_over(tmp_path: Path, name: str) -> None:
    path = tmp_path / "assessments" / "harbour-cooperative" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"<<<<<<< HEAD\n")
    workspace = Workspace(tmp_path)
    with pytest.raises(UnusableFile, match=path.name):
        workspace.start(respondent({"any-device": Answer(expected=1)}), DAY)
    assert [folder.name for folder in (tmp_path / "assessments").iterdir() if folder.is_dir()] == [
        "harbour-cooperative"
    ]
    other = respondent({"any-device": Answer(expected=1)}, about="Other")
    assert workspace.start(other, DAY).path.parent.name == "other"


def test_the_newest_review_says_what_the_folder_of_new_answers_is_about(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    first = workspace.start(assessment_of(Subject("Tool")), DAY).path
    renamed = ("2026-11-03", "Harbour Cooperative")
    for day, name in (("2026-10-01", "Tool"), renamed, ("2026-10-02", "Tool"), ("2026-10-03", "Tool")):
        text = first.read_text(encoding="utf-8").split("\n", maxsplit=2)[2]
        text = text.replace(f"started = {DAY}", f"started = {day}").replace('"Tool"', f'"{name}"')
        first.with_name(f"{day}-ada.toml").write_text(text, encoding="utf-8")
    assert workspace.surveys.folder_for(Subject("Harbour Cooperative"), ["tool"]) == "tool"
    assert workspace.surveys.folder_for(Subject("Tool"), ["tool"]) == "tool-2"
