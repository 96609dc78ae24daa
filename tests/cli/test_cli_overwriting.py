"""What -o writes over, and what never."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from house import GOOD, assessed, house_rubric
from toolvet.cli.main import main
from toolvet.cli.output import save_into
from toolvet.storage.atomic import save

REPORTS = [["report", "tool"], ["compare", "tool"], ["questions", "house"], ["rubrics", "--show", "house"]]
APPROVED = ["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-20"]


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _kept(tmp_path: Path) -> list[Path]:
    """The files that a workspace rests on, one of each kind, the decision damaged and then whole."""
    path = assessed(tmp_path, GOOD)
    main(APPROVED)
    decision = tmp_path / "decisions" / "tool" / "2026-11-20.toml"
    damaged = decision.with_name("2026-11-21.toml")
    damaged.write_bytes(b"<<<<<<< HEAD\n" + decision.read_bytes())
    policy = tmp_path / "policy" / "house.toml"
    policy.parent.mkdir()
    policy.write_text("coverage = 90\n", encoding="utf-8")
    return [path, decision, damaged, house_rubric(tmp_path), policy]


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize("command", REPORTS)
def test_what_a_workspace_rests_on_is_never_written_over(command: list[str], force: list[str], tmp_path: Path) -> None:
    for path in _kept(tmp_path):
        before = path.read_bytes()
        assert main([*command, "-o", str(path), *force]) == 2
        assert path.read_bytes() == before


@pytest.mark.parametrize("command", REPORTS)
def test_the_same_under_another_ending_is_not_written_over_either(command: list[str], tmp_path: Path) -> None:
    copy = tmp_path / "copy.md"
    copy.write_bytes(assessed(tmp_path, GOOD).read_bytes())
    before = copy.read_bytes()
    assert main([*command, "-o", str(copy), "--force"]) == 2
    assert copy.read_bytes() == before


@pytest.mark.parametrize("command", REPORTS)
def test_another_file_is_written_over_by_force_alone(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    path = tmp_path / "notes.md"
    path.write_text("Mine.\n", encoding="utf-8")
    assert main([*command, "-o", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "Mine.\n"
    assert "or overwrite it with --force" in capsys.readouterr().err
    assert main([*command, "-o", str(path), "--force"]) == 0


@pytest.mark.parametrize("command", REPORTS)
def test_a_report_of_toolvet_is_written_over_until_somebody_changed_it(command: list[str], tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    path = tmp_path / "report.md"
    assert [main([*command, "-o", str(path)]) for _ in range(2)] == [0, 0]
    path.write_text(path.read_text(encoding="utf-8") + "A note of mine.\n", encoding="utf-8")
    assert main([*command, "-o", str(path)]) == 2


@pytest.mark.parametrize("command", [*REPORTS, ["readiness", "--form", "House"], ["new-rubric", "mine"]])
@pytest.mark.parametrize("name", ["report.exe", "report.odt", "report"])
def test_an_unknown_ending_is_refused(command: list[str], name: str, tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    assert main([*command, "-o", str(tmp_path / name)]) == 2
    assert not (tmp_path / name).exists()


def test_a_format_and_an_ending_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    house_rubric(tmp_path)
    assert main(["questions", "house", "--format", "csv", "-o", str(tmp_path / "sheet.md")]) == 2


@pytest.mark.parametrize("command", REPORTS)
def test_what_was_written_by_a_command_that_was_killed_then_is_written_over(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessed(tmp_path, GOOD)
    path = tmp_path / "report.md"
    for content in (b"The first.\n", b"The second.\n"):
        with monkeypatch.context() as patch:
            patch.setattr("toolvet.cli.output.save", killed_after(save))
            with pytest.raises(Killed):
                save_into(content, str(path))
        assert path.read_bytes() == content
    assert main([*command, "-o", str(path)]) == 0


class Killed(BaseException):
    """The end of the program."""


def killed_after(write: Callable[[Path, bytes, bytes | None], None]) -> Callable[[Path, bytes, bytes | None], None]:
    def written(path: Path, content: bytes, seen: bytes | None) -> None:
        write(path, content, seen)
        raise Killed

    return written
