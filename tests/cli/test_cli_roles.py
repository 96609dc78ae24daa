"""A file that cannot be used, in each role that it can have, for each command that rests on it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from house import DAY, GOOD, assessed
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.storage.toml_input import hex_digest

ON = ["--on", "2026-11-27"]
OLDER, NEWER = "assessments/tool/2026-10-01-ada.toml", "assessments/tool/2026-11-02-ada.toml"
BEFORE, DECISION = "decisions/tool/2026-11-03.toml", "decisions/tool/2026-11-20.toml"
RUBRIC, POLICY, PROOF = "rubrics/house-1.0.0.toml", "policy/house.toml", "evidence/trial.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tool with two assessments, two decisions, a house policy and a file of evidence, all of them good."""
    made = tmp_path_factory.mktemp("made")
    for name, content in ((PROOF, b"It joined."), (POLICY, b"[policy]\nvalid_months = 10\n")):
        (made / name).parent.mkdir()
        (made / name).write_bytes(content)
    seen = (Evidence(PROOF, Grade.TESTED, DAY, hex_digest(b"It joined.")),)
    answers = {question: replace(answer, evidence=seen) for question, answer in GOOD.items()}
    assessed(made, answers, on=date(2026, 10, 1))
    assessed(made, answers)
    for day in ("2026-11-03", "2026-11-20"):
        decided = ["decide", "tool", "--decision", "approve", "--by", "Board", "--on", day]
        assert main([*decided, "--workspace", str(made)]) == 0
    return made


@pytest.fixture
def root(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that workspace, where the command runs."""
    root = tmp_path / "workspace"
    shutil.copytree(made, root)
    monkeypatch.chdir(root)
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return root


def _marked(path: Path) -> None:
    path.write_bytes(b"<<<<<<< HEAD\n" + path.read_bytes())


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _linked(path: Path) -> None:
    path.symlink_to(path.rename(path.with_name(f"{path.name}.kept")))


def _folder_linked(path: Path) -> None:
    path.symlink_to(path.rename(path.parent.parent / f"kept-{path.name}"))


def _moved_up(path: Path) -> None:
    path.rename(path.parent.parent / path.name)


def _of_no_rubric(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"house"', b'"gone"'))


def _changed(path: Path) -> None:
    path.write_bytes(b"It did not.")


ROLES: list[tuple[str, Callable[[Path], object]]] = [
    *((name, _marked) for name in (OLDER, NEWER, BEFORE, DECISION, RUBRIC, POLICY)),
    (RUBRIC, _linked),
    (OLDER, _of_no_rubric),
    (NEWER, _moved_up),
    (DECISION, _moved_up),
    ("assessments/tool", _folder_linked),
    ("decisions/tool", _folder_linked),
]
PROOFS: list[tuple[str, Callable[[Path], object]]] = [(PROOF, Path.unlink), (PROOF, _changed)]
ALL = [["list"], ["list", "--json"], ["compare"]]
ONE = [
    ["score", "tool"],
    ["score", "tool", "--gate", "approve"],
    ["report", "tool"],
    ["report", "tool", "--for", "requester"],
    ["compare", "tool"],
    ["decide", "tool", "--decision", "approve", "--by", "Board", *ON],
    ["assess", "tool", "--plain"],
]


@pytest.mark.parametrize("command", [*ALL, *ONE], ids=" ".join)
def test_while_all_can_be_used_the_status_is_0(command: list[str], root: Path) -> None:
    assert root.is_dir()
    assert main(command) == 0


@pytest.mark.parametrize(("name", "harm"), ROLES)
@pytest.mark.parametrize("command", [*ALL, *ONE], ids=" ".join)
def test_whatever_rests_on_it_ends_with_3_and_names_it(
    command: list[str], name: str, harm: Callable[[Path], object], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(root / name)
    capsys.readouterr()
    assert main(command) == 3
    assert Path(name).name in capsys.readouterr().err


@pytest.mark.parametrize(("name", "harm"), PROOFS)
@pytest.mark.parametrize("command", [*ALL, ["register"], *ONE], ids=" ".join)
def test_evidence_that_is_not_as_it_was_is_told_where_a_tool_is_judged(
    command: list[str], name: str, harm: Callable[[Path], object], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(root / name)
    capsys.readouterr()
    assert main(command) == 3
    assert name in capsys.readouterr().err


RECORDS = [
    ["condition", "tool"],
    ["condition", "tool", "1", "--met", "--evidence", "Seen"],
    ["withdraw", "tool", "--why", "A breach"],
    ["history", "tool"],
    ["subject", "tool"],
    ["sign", "tool"],
    ["tolerate", "tool", "--owner", "CIO", "--why", "In use", "--until", "2027-01-31"],
    ["questions", "tool", "--open"],
    ["subject", "tool", "--archive"],
]


@pytest.mark.parametrize(("name", "harm"), [(OLDER, _a_folder), (RUBRIC, _marked), (POLICY, _a_folder), *PROOFS])
def test_what_is_recorded_later_says_it_too(
    name: str, harm: Callable[[Path], object], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided = ["decide", "tool", "--decision", "approve-with-conditions", "--by", "Board", "--rationale", "Soon"]
    assert (
        main([*decided, "--on", "2026-11-21", "--condition", "Training", "--owner", "Ada", "--due", "2027-01-31"]) == 0
    )
    harm(root / name)
    for command in RECORDS:
        capsys.readouterr()
        assert main(command) == 3, command
        assert Path(name).name in capsys.readouterr().err, command


def test_evidence_of_a_record_is_told_where_its_condition_counts(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided = ["decide", "tool", "--decision", "approve-with-conditions", "--by", "Board", "--rationale", "Soon"]
    assert (
        main([*decided, "--on", "2026-11-21", "--condition", "Training", "--owner", "Ada", "--due", "2027-01-31"]) == 0
    )
    proof = root / "evidence" / "met.txt"
    proof.write_bytes(b"Trained.")
    assert main(["condition", "tool", "1", "--met", "--evidence", "evidence/met.txt", "--on", "2026-11-22"]) == 0
    for command in (["list"], ["register"], ["report", "tool"], ["condition", "tool"]):
        assert main([*command, *ON]) == 0, command
    proof.write_bytes(b"Not trained.")
    for command in (["list"], ["register"], ["report", "tool"], ["condition", "tool"]):
        capsys.readouterr()
        assert main([*command, *ON]) == 3, command
        assert "evidence/met.txt" in capsys.readouterr().err, command


def test_evidence_of_an_earlier_condition_does_not_keep_anybody_from_deciding(root: Path) -> None:
    decided = ["decide", "tool", "--decision", "approve-with-conditions", "--by", "Board", "--rationale", "Soon"]
    assert (
        main([*decided, "--on", "2026-11-21", "--condition", "Training", "--owner", "Ada", "--due", "2027-01-31"]) == 0
    )
    proof = root / "evidence" / "met.txt"
    proof.write_bytes(b"Trained.")
    assert main(["condition", "tool", "1", "--met", "--evidence", "evidence/met.txt", "--on", "2026-11-22"]) == 0
    proof.unlink()
    assert main(["decide", "tool", "--decision", "reject", "--by", "Board", "--rationale", "A breach", *ON]) == 0


def test_a_decision_says_which_file_keeps_it_from_being_computed_anew(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _marked(root / POLICY)
    assert main(["check", "decisions"]) == 1
    assert "It cannot be computed again: policy/house.toml cannot be used" in capsys.readouterr().out


def test_a_survey_whose_rubric_cannot_be_used_is_not_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = tmp_path / "assessments" / "org" / "2026-11-02-123456789012.toml"
    answers.parent.mkdir(parents=True)
    answers.write_text(
        'format = 1\nrubric = { id = "gone", version = "1.0.0" }\nsubject.name = "Org"\nreviewer = {}\n'
        "[answers.mail]\nexpected = 3\ndelivered = 1\n",
        encoding="utf-8",
    )
    assert main(["readiness"]) == 3
    assert answers.name in capsys.readouterr().err


def test_a_file_of_a_newer_format_is_not_compared(root: Path) -> None:
    (root / OLDER).write_bytes((root / OLDER).read_bytes().replace(b"format = 1", b"format = 2"))
    assert main(["diff", OLDER, NEWER]) == 3


def test_a_new_tool_is_tolerated_no_longer_than_the_house_allows(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tolerated = ["tolerate", "New", "--owner", "CIO", "--why", "In use", "--on", "2026-11-27", "--until"]
    (root / RUBRIC).unlink()
    (root / POLICY).rename(root / "policy" / "collaboration-tool.toml")
    assert main([*tolerated, "2027-10-27"]) == 2
    assert "the policy allows 2027-09-27 at most" in capsys.readouterr().err
    (root / "policy" / "collaboration-tool.toml").write_bytes(b"[policy]\nvalid_months = ten\n")
    assert main([*tolerated, "2027-01-27"]) == 3


@pytest.mark.parametrize(("name", "harm"), [*ROLES, *PROOFS, (OLDER, _a_folder), (DECISION, _a_folder)])
def test_check_finds_it(
    name: str, harm: Callable[[Path], object], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(root / name)
    capsys.readouterr()
    assert main(["check", "."]) == 1
    assert Path(name).name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "harm"),
    [(OLDER, _marked), (BEFORE, _marked), (OLDER, _of_no_rubric), (DECISION, _moved_up), *PROOFS],
)
def test_the_first_page_of_the_report_says_it(
    name: str, harm: Callable[[Path], object], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(root / name)
    capsys.readouterr()
    main(["report", "tool", *ON])
    first = capsys.readouterr().out.split("## ")[0]
    assert Path(name).name in first.replace("\\", "")


def test_an_answer_file_whose_rubric_cannot_be_used_is_still_a_survey(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assessed(tmp_path, {"devices": Answer(level=1)})
    answers = tmp_path / "assessments" / "org" / "2026-11-02-123456789012.toml"
    answers.parent.mkdir()
    answers.write_text(
        'format = 1\nrubric = { id = "gone", version = "1.0.0" }\nsubject.name = "Org"\nreviewer = {}\n'
        "[answers.mail]\nexpected = 3\ndelivered = 1\n",
        encoding="utf-8",
    )
    assert main(["list"]) == 3
    shown = capsys.readouterr()
    assert "Org: its answers cannot be used" in shown.out
    assert answers.name in shown.err
    assert main(["report", "tool"]) == 3
    assert "The survey of Org cannot be counted" in capsys.readouterr().out.split("## ")[0]
