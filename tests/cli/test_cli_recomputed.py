"""A decision is what it says: whoever shows it computes it anew, and a difference approves nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from house import FAILED, GOOD, assessed, house_rubric
from toolvet.cli.main import main
from toolvet.domain.decision import Decision, Waiver
from toolvet.domain.rubric import Policy
from toolvet.domain.scorecard import Verdict
from toolvet.storage.reader import read_decision
from toolvet.storage.writer import decision_bytes

ON = ["--on", "2026-11-27"]
WAIVER = Waiver("network", "Later.", "None.", "CIO", date(2027, 1, 31))


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _approved(tmp_path: Path) -> Path:
    assessed(tmp_path, GOOD)
    assert main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-20"]) == 0
    return tmp_path / "decisions" / "tool" / "2026-11-20.toml"


def _told_everywhere(path: Path, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """That check, list and the report's first page say it, and that nothing is approved."""
    capsys.readouterr()
    assert main(["check", str(path)]) == 1
    assert words in capsys.readouterr().out
    main(["list", *ON, "--json"])
    (listed, *_) = json.loads(capsys.readouterr().out)
    assert words in " ".join(listed["doubts"])
    assert listed["decision"]["stands"] == "to be confirmed"
    main(["report", "tool", *ON])
    first = capsys.readouterr().out.split("## ")[0]
    assert words in first.replace("\\", "")
    assert "**Not in force" in first or "**It is unclear what was decided**" in first
    main(["report", "tool", "--for", "requester", *ON])
    assert "We cannot say today whether you may use Tool." in capsys.readouterr().out


def _edits() -> list[tuple[Callable[[Decision], Decision], str]]:
    def computed(**changes: object) -> Callable[[Decision], Decision]:
        return lambda old: replace(old, computed=replace(old.basis[1], **changes))  # type: ignore[arg-type]

    return [
        (computed(verdict=Verdict.REJECT), "It says the verdict was reject; computed again it is approve."),
        (computed(floor=12.5), "Its floor is 12.5; computed again it is 100.0."),
        (computed(coverage=1.0), "Its coverage is 1.0; computed again it is 100.0."),
        (computed(on=date(2026, 11, 19)), "It was computed for 2026-11-19 but decided on 2026-11-20."),
        (
            computed(policy=replace(Policy(), valid_months=60)),
            "It was computed under other thresholds than those in force on that day: valid months: 60 → 12.",
        ),
        (lambda old: replace(old, waivers=(WAIVER,)), 'The waiver for "Network" (network) sets aside no must-have'),
        (lambda old: replace(old, valid_until=None), "It names no last day; the policy allows 2027-11-20 at most."),
        (lambda old: replace(old, valid_until=date(2099, 1, 1)), "It is valid until 2099-01-01; the policy allows"),
        (
            lambda old: replace(old, supersedes="2020-01-01.toml"),
            "It supersedes 2020-01-01.toml, which does not",
        ),
        (
            lambda old: replace(old, assessment=replace(old.assessment, path="assessments/other/a.toml")),
            "It rests on assessments/other/a.toml, which is another subject's.",
        ),
    ]


@pytest.mark.parametrize(("edit", "words"), _edits())
def test_an_edited_decision_is_told_everywhere_though_its_seal_was_made_anew(
    edit: Callable[[Decision], Decision], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _approved(tmp_path)
    path.write_bytes(decision_bytes(edit(read_decision(path).decision)))
    said = words.replace('"Network" (network)', read_title(tmp_path))
    _told_everywhere(path, said, capsys)


def read_title(tmp_path: Path) -> str:
    """The question as a message names it."""
    from toolvet.storage.workspace import Workspace

    question = Workspace(tmp_path).rubric("house", "1.0.0").question("network")
    assert question is not None
    return f"{question.quoted} (network)"


def _waived(tmp_path: Path) -> Path:
    """An approval that sets a failed must-have aside."""
    assessed(tmp_path, FAILED)
    decided = ["decide", "tool", "--decision", "approve", "--by", "Board", "--rationale", "Pilot."]
    waiver = ["--waive", "devices", "--reason", "Later.", "--control", "None.", "--owner", "CIO"]
    assert main([*decided, *waiver, "--expires", "2027-01-31", "--on", "2026-11-20"]) == 0
    return tmp_path / "decisions" / "tool" / "2026-11-20.toml"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda old: replace(old, rationale=None), "The decision (approve) differs from the verdict (reject)"),
        (
            lambda old: replace(old, waivers=(replace(old.waivers[0], expires=date(2099, 1, 1)),)),
            "2099-01-01",
        ),
        (lambda old: replace(old, waivers=()), "is not met"),
    ],
    ids=["no rationale", "waiver too long", "no waiver"],
)
def test_a_decision_edited_against_the_rules_of_deciding_is_told_everywhere(
    edit: Callable[[Decision], Decision], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _waived(tmp_path)
    path.write_bytes(decision_bytes(edit(read_decision(path).decision)))
    _told_everywhere(path, words, capsys)


def test_a_changed_assessment_is_told_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _approved(tmp_path)
    assessment = next((tmp_path / "assessments" / "tool").glob("*.toml"))
    assessment.write_bytes(assessment.read_bytes().replace(b"level = 2", b"level = 1"))
    _told_everywhere(path, "The assessment was changed after the decision", capsys)


def test_thresholds_of_the_house_that_changed_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _approved(tmp_path)
    rubric = house_rubric(tmp_path)
    rubric.write_text(rubric.read_text(encoding="utf-8") + "\n[policy]\nvalid_months = 6\n", encoding="utf-8")
    _told_everywhere(path, "It was computed under other thresholds", capsys)


@pytest.mark.parametrize(("since", "is_told"), [("2026-11-20", True), ("2026-11-21", False)])
def test_thresholds_that_changed_on_a_day_leave_what_was_decided_before(
    since: str, is_told: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _approved(tmp_path)
    policy = tmp_path / "policy" / f"house-{since}.toml"
    policy.parent.mkdir()
    policy.write_text("[policy]\nvalid_months = 6\n", encoding="utf-8")
    if is_told:
        _told_everywhere(path, "under other thresholds than those in force on that day: valid months: 12 → 6.", capsys)
        return
    capsys.readouterr()
    main(["list", "--on", "2027-01-31", "--json"])
    (listed, *_) = json.loads(capsys.readouterr().out)
    assert (listed["decision"]["stands"], listed["doubts"]) == ("approved", [])
    assert main(["check", str(tmp_path)]) == 0


def test_a_decision_copied_from_another_subject_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _approved(tmp_path)
    copy = tmp_path / "decisions" / "other" / path.name
    copy.parent.mkdir()
    shutil.copyfile(path, copy)
    capsys.readouterr()
    assert main(["check", str(copy)]) == 1
    assert "which is another subject's" in capsys.readouterr().out


def test_deciding_anew_confirms_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _approved(tmp_path)
    path.write_bytes(decision_bytes(replace(read_decision(path).decision, valid_until=date(2099, 1, 1))))
    assert main(["decide", "tool", "--decision", "approve", "--by", "Board", *ON]) == 0
    capsys.readouterr()
    main(["report", "tool", "--for", "requester", *ON])
    assert "Yes, you may use Tool." in capsys.readouterr().out


def test_an_approved_tool_without_its_assessments_stays_in_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _approved(tmp_path)
    shutil.rmtree(tmp_path / "assessments" / "tool")
    capsys.readouterr()
    main(["list", *ON])
    shown = " ".join(capsys.readouterr().out.split())
    assert "no assessment" in shown
    assert "! tool: Its assessment cannot be used: does not exist; check the name. Decide again to confirm" in shown


@pytest.mark.parametrize(
    "command", [["report", "tool"], ["report", "tool", "--for", "requester"], ["score", "tool", "--gate", "approve"]]
)
def test_what_rests_on_a_deleted_assessment_ends_with_3_and_names_the_decision(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _approved(tmp_path)
    shutil.rmtree(tmp_path / "assessments" / "tool")
    capsys.readouterr()
    assert main([*command, *ON]) == 3
    told = capsys.readouterr().err
    assert f"{path}: rests on assessments/tool/" in told


def test_a_report_as_of_a_day_lists_no_later_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _approved(tmp_path)
    assert main(["withdraw", "tool", "--why", "A breach.", "--by", "CISO", "--on", "2026-11-25"]) == 0
    capsys.readouterr()
    main(["report", "tool", "--on", "2026-11-24"])
    assert "withdrawn" not in capsys.readouterr().out
    main(["report", "tool", "--on", "2026-11-25"])
    assert "2026-11-25-withdrawn.toml" in capsys.readouterr().out


def _renewed(tmp_path: Path) -> Path:
    """The superseded one of two approvals."""
    path = _approved(tmp_path)
    assert main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-21"]) == 0
    return path


def test_a_superseded_decision_that_was_edited_is_told_and_changes_nothing_of_what_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _renewed(tmp_path)
    path.write_bytes(decision_bytes(replace(read_decision(path).decision, waivers=(WAIVER,))))
    capsys.readouterr()
    assert main(["check", str(path)]) == 1
    main(["list", *ON, "--json"])
    (listed, *_) = json.loads(capsys.readouterr().out.split("\n", 1)[1])
    told = "decisions/tool/2026-11-20.toml, superseded since, is not as it was recorded."
    assert told in " ".join(listed["doubts"])
    assert listed["decision"]["stands"] == "approved"
    main(["report", "tool", *ON])
    assert told in capsys.readouterr().out.split("## ")[0].replace("\\", "")


def test_a_superseded_decision_whose_seal_is_broken_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _renewed(tmp_path)
    path.write_bytes(path.read_bytes() + b"# typed in\n")
    capsys.readouterr()
    main(["list", *ON])
    shown = " ".join(capsys.readouterr().out.split())
    assert "superseded since, is not as it was recorded. Its seal does not match." in shown


def test_what_a_later_decision_confirmed_is_not_told_again_as_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _renewed(tmp_path)
    path.write_bytes(decision_bytes(replace(read_decision(path).decision, waivers=(WAIVER,))))
    capsys.readouterr()
    assert main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-22"]) == 0
    assert "Confirms 2026-11-20.toml as it is. What was found in it: The waiver for" in capsys.readouterr().err
    assert main(["check", str(path)]) == 0
    assert "A later decision confirmed that." in capsys.readouterr().out
    assert main(["verify"]) == 0
    main(["list", *ON])
    assert "superseded since" not in capsys.readouterr().out
    assert main(["report", "tool", *ON]) == 0
    assert "Confirms 2026-11-20.toml as it is" in capsys.readouterr().out.replace("\\", "")

    path.write_bytes(decision_bytes(replace(read_decision(path).decision, waivers=(WAIVER,), rationale="Fits.")))
    main(["list", *ON])
    assert "superseded since, is not as it was recorded" in " ".join(capsys.readouterr().out.split())
    assert main(["check", str(path)]) == 1


def test_thresholds_that_changed_since_are_only_pointed_out_of_a_superseded_decision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _approved(tmp_path)
    policy = tmp_path / "policy" / "house.toml"
    policy.parent.mkdir()
    policy.write_text("[policy]\nvalid_months = 6\n", encoding="utf-8")
    assert main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-21"]) == 0
    capsys.readouterr()
    assert main(["check", str(path.parent)]) == 0
    assert "warning: It was computed under other thresholds" in capsys.readouterr().out
    main(["list", *ON])
    assert "superseded since" not in capsys.readouterr().out
