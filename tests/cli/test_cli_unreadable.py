"""A file that cannot be read is never none: whatever rests on its subject says so and ends with status 3."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from house import GOOD, approved, assessed
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer
from toolvet.errors import NotSaved
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace

APPROVED = ["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-20"]
LATER = ["--on", "2026-11-27"]


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _conflict_marker(path: Path) -> None:
    path.write_bytes(b"<<<<<<< HEAD\n" + path.read_bytes())


def _newer_format(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"format = 1", b"format = 2"))


def _link(path: Path) -> None:
    kept = path.rename(path.with_suffix(".kept"))
    path.symlink_to(kept)


def _not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")


DAMAGES = [_conflict_marker, _newer_format, _link, _not_text]


def _damaged(tmp_path: Path, damage: Callable[[Path], None]) -> tuple[Path, Path]:
    """A decided tool whose decision cannot be read: its assessment and its decision."""
    path = assessed(tmp_path, GOOD)
    assert main(APPROVED) == 0
    decision = tmp_path / "decisions" / "tool" / "2026-11-20.toml"
    damage(decision)
    return path, decision


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "command",
    [
        ["report", "tool"],
        ["report", "tool", "--for", "requester"],
        ["score", "tool"],
        ["score", "tool", "--gate", "approve"],
        ["compare", "tool"],
        ["compare"],
        ["list"],
        APPROVED[:-2],
    ],
)
def test_whatever_rests_on_the_subject_ends_with_3_and_names_the_file(
    command: list[str], damage: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, decision = _damaged(tmp_path, damage)
    capsys.readouterr()
    assert main([*command, *LATER] if command[0] != "compare" else command) == 3
    shown = capsys.readouterr()
    assert str(decision) in shown.err
    assert "No decision recorded" not in shown.out
    assert "may use Tool." not in shown.out.replace("We cannot say today whether you may use Tool.", "")


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_first_page_says_it(
    damage: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _damaged(tmp_path, damage)
    capsys.readouterr()
    main(["report", "tool", *LATER])
    first = capsys.readouterr().out.split("## ")[0]
    assert "**It is unclear what was decided**" in first
    assert "decisions/tool/2026-11-20.toml cannot be read" in first


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_assessment_is_not_changed_any_more(damage: Callable[[Path], None], tmp_path: Path) -> None:
    path, _ = _damaged(tmp_path, damage)
    file = read_assessment(path)
    with pytest.raises(NotSaved, match="that decision may rest on this assessment"):
        Workspace(tmp_path).save(file, file.assessment.with_answer("network", Answer(level=0)))


@pytest.mark.parametrize("command", [["score"], ["score", "--gate", "approve"], ["report"], ["compare"]])
def test_a_file_that_is_named_rests_on_its_subject(command: list[str], tmp_path: Path) -> None:
    path, _ = _damaged(tmp_path, _conflict_marker)
    assert main([command[0], str(path), *command[1:]]) == 3


def test_a_linked_folder_is_told_like_a_linked_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    linked = tmp_path / "assessments" / "other"
    linked.symlink_to(tmp_path / "assessments" / "tool")
    capsys.readouterr()
    assert main(["list"]) == 3
    assert f"{linked}: is a link" in capsys.readouterr().err
    assert main(["check", "."]) == 1
    assert "assessments/other: is a link" in capsys.readouterr().out


def test_check_of_nothing_says_that_it_checked_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["check", "empty"]) == 2
    assert capsys.readouterr() == (
        "",
        "nothing was checked: there is no .toml file in empty; name a file or another folder\n",
    )


@pytest.mark.parametrize("place", ["assessments/tool/2026-11-28-b.toml", "assessments/other/2026-11-28-b.toml"])
@pytest.mark.parametrize("ending", ["md", "html"])
def test_a_comparison_says_on_its_first_page_what_cannot_be_read(ending: str, place: str, tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    broken = tmp_path / place
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    assert main(["compare", "-o", f"all.{ending}"]) == 3
    page = (tmp_path / f"all.{ending}").read_text(encoding="utf-8")
    assert f"{place}:1: not valid TOML" in page.split("Decisions and verdicts")[0].replace("\\", "")


def test_a_proof_that_cannot_be_read_is_no_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    approved(tmp_path)
    (tmp_path / "evidence").mkdir(exist_ok=True)
    with (tmp_path / "evidence" / "holes.txt").open("wb") as holes:
        holes.truncate(65 << 20)
    assert main(["condition", "tool", "1", "--met", "--evidence", "evidence/holes.txt", "--on", "2026-11-21"]) == 3
