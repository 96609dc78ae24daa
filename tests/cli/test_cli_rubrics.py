"""`toolvet new-rubric`, `rubrics --show`, `migrate`, and `check` for those who write rubrics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from house import DAY, GOOD, RUBRIC, assessed
from toolvet.cli.main import main
from toolvet.domain.assessment import Retired
from toolvet.domain.rubric import Rubric
from toolvet.storage.reader import read_assessment, read_rubric
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from workspaces import decision_on

NEW_TEXT = (
    RUBRIC.replace('version = "1.0.0"', 'version = "1.1.0"')
    .replace('id = "network"', 'id = "any-network"')
    .replace("Which networks will do?", "Over which networks can people join?")
    .replace("Which devices can join?", "On which devices can people join?")
)


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada")


def with_new_version(folder: Path, text: str = NEW_TEXT) -> Path:
    """An assessment under house 1.0.0, and house 1.1.0 beside it."""
    path = assessed(folder, GOOD)
    (folder / "rubrics" / "house-1.1.0.toml").write_text(text, encoding="utf-8")
    return path


def test_new_rubric_has_neither_errors_nor_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-rubric", "password-managers"]) == 0
    path = tmp_path / "rubrics" / "password-managers.toml"
    assert capsys.readouterr().err.startswith(f"Written: {Path('rubrics/password-managers.toml').absolute()}")
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr() == ("", "No problems found.\n")
    rubric = read_rubric(path)
    assert (rubric.id, rubric.version, rubric.title) == ("password-managers", "1.0.0", "Password managers")


def test_a_new_survey_has_neither_errors_nor_warnings_and_can_be_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-rubric", "pulse", "--survey"]) == 0
    assert main(["check", str(tmp_path / "rubrics" / "pulse.toml")]) == 0
    assert main(["readiness", "--form", "Harbour", "--rubric", "pulse"]) == 0
    assert "No problems found." in capsys.readouterr().err


def test_new_rubric_from_another_is_that_rubric_under_its_own_id(tmp_path: Path) -> None:
    main(["new-rubric", "first"])
    for other in ("collaboration-tool", "collaboration-readiness", "first"):
        assert main(["new-rubric", f"my-{other}", "--from", other]) == 0
        assert main(["check", "--json", f"rubrics/my-{other}.toml"]) == 0
        ours, theirs = (_newest_of(tmp_path, name) for name in (f"my-{other}", other))
        assert (ours.id, ours.version) == (f"my-{other}", "1.0.0")
        assert replace(ours, id=theirs.id, version=theirs.version, digest=theirs.digest) == theirs


def test_new_rubric_from_one_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-rubric", "mine", "--from", "collaboration-tols"]) == 2
    assert "did you mean 'collaboration-tool'" in capsys.readouterr().err


def _newest_of(root: Path, rubric_id: str) -> Rubric:
    return next(file.rubric for file in reversed(Workspace(root).rubrics()) if file.rubric.id == rubric_id)


def test_new_rubric_leads_editors_to_its_schema(tmp_path: Path) -> None:
    main(["new-rubric", "house"])
    path = tmp_path / "rubrics" / "house.toml"
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert json.loads((path.parent / first.removeprefix("#:schema ")).read_text())["title"] == "toolvet rubric"


def test_new_rubric_outside_a_workspace_brings_its_schema(tmp_path: Path) -> None:
    assert main(["new-rubric", "house", "-o", "drafts/house.toml"]) == 0
    assert sorted(path.name for path in (tmp_path / "drafts").iterdir()) == ["house.toml", "rubric.schema.json"]
    assert not (tmp_path / "assessments").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["house"], "there already is a rubric house; choose another id, "),
        (["collaboration-tool"], "there already is a rubric collaboration-tool; choose another id, "),
        (["other", "-o", "rubrics/house.toml"], "rubrics/house.toml already exists; choose another id, "),
        (["House Rules"], '"House Rules" cannot be an id; use lower-case letters, digits and hyphens, '),
    ],
)
def test_new_rubric_overwrites_nothing(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["new-rubric", "house"])
    before = sorted(tmp_path.rglob("*"))
    capsys.readouterr()
    assert main(["new-rubric", *arguments]) == 2
    assert capsys.readouterr().err.startswith(said)
    assert sorted(tmp_path.rglob("*")) == before


def test_own_rubric_is_kept_as_it_was_answered(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    (tmp_path / "rubrics" / "house-1.0.0.toml").rename(tmp_path / "rubrics" / "house.toml")
    workspace = Workspace(tmp_path)
    answered = workspace.start(workspace.subjects()[0].assessments[0].assessment, DAY).assessment
    (tmp_path / "rubrics" / "house.toml").write_text(NEW_TEXT, encoding="utf-8")
    assert workspace.rubric("house", "1.0.0").digest == answered.rubric.digest


def test_rubric_as_a_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_new_version(tmp_path)
    assert main(["rubrics", "--show", "house"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# House rubric\n\nRubric house 1.1.0 for a tool: ")
    assert "**On which devices can people join?**\n\n- 0: None.\n- 1: One.\n- 2: Two.\n" in shown
    assert "Must reach: level 1. Nobody could join. Missing it rejects.\n" in shown


def test_rubric_of_a_version_as_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_new_version(tmp_path)
    assert main(["rubrics", "--show", "house", "--version", "1.0.0", "-o", "house.html"]) == 0
    assert capsys.readouterr() == ("", "Written: house.html\n")
    page = Path("house.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "Which devices can join?" in page


def test_rubric_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rubrics", "--show", "collaboration-tol"]) == 2
    assert "did you mean 'collaboration-tool'?" in capsys.readouterr().err


def test_rubric_that_cannot_be_used_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "house.toml").write_text(RUBRIC.replace("levels", "lvels", 1), encoding="utf-8")
    assert main(["rubrics", "--show", "house"]) == 3
    assert 'unknown key "lvels"; did you mean levels?' in capsys.readouterr().err


def test_check_counts_errors_apart_from_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "house.toml"
    path.write_text(RUBRIC.replace("minutes", "minuets").replace("shelf_months = 12", "shelf_month = 12"))
    assert main(["check", "house.toml"]) == 1
    assert capsys.readouterr() == (
        "house.toml:9: warning: no condition asks for the scope fact outsiders; use it, or remove it\n"
        'house.toml:24: unknown key "shelf_month"; did you mean shelf_months?\n',
        "1 error and 1 warning.\n",
    )


def test_check_with_warnings_alone_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "house.toml").write_text(RUBRIC)
    assert main(["check", "house.toml"]) == 0
    assert capsys.readouterr().err == "1 warning.\n"


def test_check_as_annotations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "100%, mine:x.toml"
    path.write_text(RUBRIC.replace("shelf_months = 12", '"100%\\n::error::" = 12'))
    assert main(["check", str(path), "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "::warning file=100%25%2C mine%3Ax.toml,line=9::"
        "no condition asks for the scope fact outsiders; use it, or remove it"
    )
    assert lines[1].startswith('::error file=100%25%2C mine%3Ax.toml,line=24::unknown key "100%25\\n<U+003A>:error::"')
    assert len(lines) == 2


def test_check_tells_of_a_newer_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = with_new_version(tmp_path)
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out.endswith(
        ": warning: there is version 1.1.0 of house; toolvet migrate shows what becomes of each answer\n"
    )


def test_check_says_where_a_changed_rubric_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    (tmp_path / "rubrics" / "kept.toml").write_text(RUBRIC, encoding="utf-8")
    (tmp_path / "rubrics" / "house-1.0.0.toml").write_text(NEW_TEXT.replace("1.1.0", "1.0.0"), encoding="utf-8")
    assert main(["check", str(path)]) == 0
    assert (
        'house 1.0.0 is not the text that was answered (reworded: "Devices"; new: "Any network"; gone: "Network"); '
        "toolvet migrate shows what becomes of each answer"
    ) in capsys.readouterr().out


def test_score_tells_of_a_newer_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = with_new_version(tmp_path)
    assert main(["score", str(path), "--json"]) == 0
    assert capsys.readouterr().err == (
        f"{path}: scored under house 1.0.0, as answered. Version 1.1.0 is available; "
        "toolvet migrate shows what becomes of each answer\n"
    )


def test_migrate_shows_what_it_would_do_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = with_new_version(tmp_path)
    before = path.read_bytes()
    assert main(["migrate", str(path)]) == 0
    assert capsys.readouterr() == (
        "house 1.0.0 → 1.1.0\n"
        "\n"
        "scope fact  change  answer\n"
        "----------  ------  ------\n"
        "outsiders   same    kept\n"
        "\n"
        "question     change    answer\n"
        "-----------  --------  ---------------------\n"
        "devices      reworded  kept, to be confirmed\n"
        "any-network  new       open\n"
        "network      gone      kept aside\n"
        "\n"
        "3 questions: 1 to be confirmed, 1 kept aside under retired and 1 open.\n",
        "Nothing was written; add --write to write it.\n",
    )
    assert path.read_bytes() == before


def test_migrate_writes_when_told_to(tmp_path: Path) -> None:
    path = with_new_version(tmp_path)
    before = read_assessment(path).assessment
    assert main(["migrate", str(path), "--write"]) == 0
    file = read_assessment(path)
    assert (file.seal, file.assessment.rubric.version) == (Seal.INTACT, "1.1.0")
    assert file.assessment.answers["devices"].confirm == "reworded in 1.1.0"
    assert file.assessment.retired == {
        "network": Retired("1.0.0", "Which networks will do?", None, before.answers["network"])
    }
    assert main(["check", str(path)]) == 0


def test_migrate_of_what_was_answered_has_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    assert main(["migrate", str(path), "--write"]) == 0
    assert capsys.readouterr() == ("", f"{path}: already answers house 1.0.0; there is nothing to migrate.\n")


@pytest.mark.parametrize("version", [(), ("--to", "1.1.0")], ids=str)
def test_migrate_does_not_take_a_folder_that_cannot_be_listed_for_one_without_rubrics(
    version: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = with_new_version(tmp_path)
    before = path.read_bytes()
    listing = Path.iterdir

    def refusing(folder: Path) -> Iterator[Path]:
        if folder == tmp_path / "rubrics":
            raise PermissionError(13, "Permission denied")
        return listing(folder)

    monkeypatch.setattr(Path, "iterdir", refusing)
    assert main(["migrate", str(path), *version, "--write"]) == 3
    assert "rubrics" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_migrate_does_not_take_a_rubric_that_cannot_be_read_for_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = with_new_version(tmp_path)
    newer = next((tmp_path / "rubrics").glob("*1.1.0*"))
    newer.unlink()
    newer.mkdir()
    assert main(["migrate", str(path), "--write"]) == 3
    assert newer.name in capsys.readouterr().err


def test_migrate_leaves_what_a_decision_rests_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = with_new_version(tmp_path)
    workspace = Workspace(tmp_path)
    file = workspace.subjects()[0].assessments[0]
    workspace.record(decision_on(file, workspace), path.parent.name)
    before = path.read_bytes()
    assert main(["migrate", str(path), "--write", "--json"]) == 0
    written = Path(json.loads(capsys.readouterr().out)["written"])
    assert path.read_bytes() == before
    new = read_assessment(written).assessment
    assert (written.parent, new.rubric.version) == (path.parent, "1.1.0")


def test_migrate_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = with_new_version(tmp_path)
    assert main(["migrate", str(path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["from"]["version"], shown["to"]["version"], shown["written"]) == ("1.0.0", "1.1.0", None)
    assert shown["questions"][2] == {
        "id": "network",
        "change": "gone",
        "answer": "kept aside",
        "besides": [],
        "called_before": None,
        "level": None,
        "new_level": None,
    }


def test_migrate_to_a_version_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = with_new_version(tmp_path)
    assert main(["migrate", str(path), "--to", "9.0.0"]) == 3
    assert "there is version 1.0.0, 1.1.0" in capsys.readouterr().err


def test_migrate_of_a_text_that_is_not_here_leaves_everything_to_be_confirmed(tmp_path: Path) -> None:
    path = with_new_version(tmp_path)
    (tmp_path / "rubrics" / "house-1.0.0.toml").unlink()
    assert main(["migrate", str(path), "--write"]) == 0
    assert {answer.confirm for answer in read_assessment(path).assessment.answers.values()} == {
        "not compared with 1.1.0"
    }


def test_score_of_a_migrated_file_says_what_is_to_be_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = with_new_version(tmp_path)
    main(["migrate", str(path), "--write"])
    capsys.readouterr()
    main(["score", str(path), "--json"])
    scored = json.loads(capsys.readouterr().out)[0]
    assert scored["verdict"] == "hold"
    assert scored["findings"][0]["code"] == "to-confirm"


def test_migrate_writes_a_file_whose_seal_is_broken_only_when_it_was_read_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = with_new_version(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"As delivered.", b"As it came."))
    before = path.read_bytes()
    assert main(["migrate", str(path), "--write"]) == 2
    assert capsys.readouterr().err == (
        f"{path}: This file was changed outside toolvet, or cut short. Read it through, then add --confirm-seal.\n"
    )
    assert path.read_bytes() == before
    assert main(["migrate", str(path), "--write", "--confirm-seal"]) == 0
    assert capsys.readouterr().err == f"The previous version of the file is kept as {path}.orig.\nWritten: {path}\n"
    assert path.with_name(f"{path.name}.orig").read_bytes() == before
