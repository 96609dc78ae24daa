"""`toolvet panel`: what it prints, how it settles, and what then rests on the reviewers' files."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from house import GOOD, NEXT_RUBRIC, RUBRIC, assessed, house_rubric, sealed_again
from screens import Case
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Reviewer, Subject
from toolvet.errors import NotSaved, UsageError
from toolvet.services.assessments import Session
from toolvet.services.panels import find_panel, settle_panel
from toolvet.storage.reader import read_assessment
from toolvet.storage.toml_input import hex_digest
from toolvet.storage.workspace import Workspace

ON = ("--on", "2026-11-28")
LOWER = {**GOOD, "devices": replace(GOOD["devices"], level=1, note="One only.")}
DECIDE = ("decide", "tool", "--decision", "approve", "--by", "Board", "--rationale", "Fits.", *ON)


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOOLVET_REVIEWER", "Board")
    house_rubric(tmp_path)


def two(folder: Path) -> tuple[Path, Path]:
    """Two reviewers who part on one question."""
    return assessed(folder, GOOD), assessed(folder, LOWER, reviewer="Tom", on=date(2026, 11, 9))


def begun(folder: Path) -> Path:
    """The assessment in which the two settle it."""
    two(folder)
    assert main(["panel", "tool", "--settle", *ON]) == 0
    return folder / "assessments" / "tool" / "2026-11-28-board.toml"


def complete(folder: Path) -> Path:
    """The same with its open question answered."""
    path, workspace = begun(folder), Workspace(folder)
    file = read_assessment(path)
    answer = replace(GOOD["devices"], note="Tom's device was old.")
    workspace.save(file, file.assessment.with_answer("devices", answer))
    return path


def test_it_shows_who_answered_where_they_part_and_how_far_they_agree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two(tmp_path)
    assert main(["panel", "tool", *ON]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "They part on 1 of 2 questions, the widest first." in shown
    assert "1 Devices 2 1" in shown
    assert "all gave the same level on 1 (50.0%) and were within one level on 2" in shown


def test_its_json_has_the_levels_in_the_order_of_the_reviewers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two(tmp_path)
    assert main(["panel", "tool", "--json", *ON]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in found["reviewers"]] == ["Ada", "Tom"]
    assert [
        (one["question"], one["spread"], [each["level"] for each in one["said"]]) for one in found["questions"]
    ] == [("devices", 1, [2, 1])]


def test_one_reviewer_is_no_panel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["panel", "tool", *ON]) == 2
    assert "only Ada has assessed it in this review, and a panel takes two" in capsys.readouterr().err


def test_the_newest_of_each_reviewer_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two(tmp_path)
    assessed(tmp_path, GOOD, reviewer="Tom", on=date(2026, 11, 12))
    assert main(["panel", "tool", *ON]) == 0
    assert "They part on none of 2 questions." in capsys.readouterr().out


def test_an_earlier_review_is_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two(tmp_path)
    assert main([*DECIDE[:-2], "--on", "2026-11-20"]) == 0
    assessed(tmp_path, GOOD, reviewer="Tom", on=date(2026, 11, 27))
    assert main(["panel", "tool", *ON]) == 2
    assert "only Tom has assessed it in this review" in capsys.readouterr().err


def test_a_tool_that_is_tolerated_meanwhile_is_in_the_same_review(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two(tmp_path)
    tolerate = ("--owner", "Sales", "--until", "2027-01-31", "--why", "In use.", "--by", "CIO", "--on", "2026-11-05")
    assert main(["tolerate", "tool", *tolerate]) == 0
    assert main(["panel", "tool", *ON]) == 0
    assert "Tool: 2 reviewers" in capsys.readouterr().out


def test_different_texts_of_a_rubric_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = two(tmp_path)
    (tmp_path / "rubrics" / "house-1.1.0.toml").write_text(NEXT_RUBRIC, encoding="utf-8")
    assert main(["migrate", str(second), "--write"]) == 0
    assert main(["panel", "tool", *ON]) == 2
    told = capsys.readouterr().err
    assert "different rubrics" in told
    assert f"assessments/tool/{first.name}: house 1.0.0, sha256:" in told


def test_a_file_that_cannot_be_read_is_told_and_nothing_is_settled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = two(tmp_path)
    (first.parent / "2026-11-03-kim.toml").write_text("format = 1\nno", encoding="utf-8")
    assert main(["panel", "tool", *ON]) == 3
    captured = capsys.readouterr()
    assert "They part on 1 of 2 questions" in captured.out
    assert "2026-11-03-kim.toml" in captured.err
    assert main(["panel", "tool", "--settle", *ON]) == 3
    assert not (first.parent / "2026-11-28-board.toml").exists()


def test_settling_takes_over_what_all_agree_on(tmp_path: Path) -> None:
    found = read_assessment(begun(tmp_path)).assessment
    assert found.answers == {"network": GOOD["network"]}
    assert found.scope == {"outsiders": "no"}
    assert [one.path for one in found.panel] == [
        "assessments/tool/2026-11-02-ada.toml",
        "assessments/tool/2026-11-09-tom.toml",
    ]
    assert main(["verify"]) == 0


def test_it_is_settled_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begun(tmp_path)
    assert main(["panel", "tool", "--settle", *ON]) == 2
    assert "it is settled in assessments/tool/2026-11-28-board.toml" in capsys.readouterr().err


def test_of_two_who_settle_it_at_once_the_later_is_told(tmp_path: Path) -> None:
    two(tmp_path)
    session = Session(Workspace(tmp_path), lambda: date(2026, 11, 28))
    seen = find_panel(session, session.workspace.folder_named("tool"))
    begun = settle_panel(session, seen, "Kim")
    with pytest.raises(UsageError, match=r"it is settled in assessments/tool/2026-11-28-kim\.toml"):
        settle_panel(session, seen, "Lee")
    begun.path.unlink()
    assessed(tmp_path, GOOD, reviewer="Tom", on=date(2026, 11, 28))
    with pytest.raises(NotSaved, match="a reviewer's assessment was changed meanwhile"):
        settle_panel(session, seen, "Lee")


def test_it_is_settled_anew_once_a_reviewer_changed_their_mind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(tmp_path)
    assessed(tmp_path, GOOD, reviewer="Tom", on=date(2026, 11, 28))
    capsys.readouterr()
    assert main(["panel", "tool", *ON]) == 0
    assert "Not settled." in capsys.readouterr().out
    assert main(["panel", "tool", "--settle", *ON]) == 0
    found = read_assessment(tmp_path / "assessments" / "tool" / "2026-11-28-board-2.toml").assessment
    assert found.answers == GOOD
    assert main(["check", "."]) == 0


def test_settling_renews_no_answer_to_a_rubric_that_was_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two(tmp_path)
    text = RUBRIC.replace("Which networks will do?", "Which networks are shut out?")
    (tmp_path / "rubrics" / "house-1.0.0.toml").write_text(text, encoding="utf-8")
    assert main(["panel", "tool", "--settle", *ON]) == 0
    path, workspace = tmp_path / "assessments" / "tool" / "2026-11-28-board.toml", Workspace(tmp_path)
    file = read_assessment(path)
    workspace.save(file, file.assessment.with_answer("devices", GOOD["devices"]))
    assert main(DECIDE) == 2
    assert "The rubric has changed since this was answered" in capsys.readouterr().err


def test_settling_confirms_no_file_that_was_edited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, second = two(tmp_path)
    second.write_bytes(second.read_bytes().replace(b"level = 1", b"level = 2", 1))
    assert main(["panel", "tool", "--settle", *ON]) == 2
    assert f"the seal of assessments/tool/{second.name} does not match" in capsys.readouterr().err
    assert len(list(second.parent.glob("*.toml"))) == 2


def test_a_name_is_needed_to_settle_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TOOLVET_REVIEWER")
    monkeypatch.setattr("toolvet.services.assessments.reviewer_name", lambda _: None)
    monkeypatch.setattr("toolvet.services.assessments.preferred", lambda _: None)
    two(tmp_path)
    assert main(["panel", "tool", "--settle", *ON]) == 2
    assert "who settles it? Give --by NAME" in capsys.readouterr().err
    assert main(["panel", "tool", "--settle", "--by", "Kim", *ON]) == 0


def test_the_settled_assessment_speaks_for_the_reviewers_once_it_is_complete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = complete(tmp_path)
    capsys.readouterr()
    assert main(["score", "tool", "--json", *ON]) == 0
    assert json.loads(capsys.readouterr().out)[0]["file"].endswith(path.name)


def test_a_settled_panel_of_the_same_day_speaks_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD, on=date(2026, 11, 28))
    assessed(tmp_path, GOOD, reviewer="Tom", on=date(2026, 11, 28))
    assert main(["score", "tool", *ON]) == 2  # which of the two?
    assert main(["panel", "tool", "--settle", *ON]) == 0
    assert main(["score", "tool", *ON]) == 0
    assert "2026-11-28-board.toml" in capsys.readouterr().out


def test_a_decision_rests_on_a_panel_as_on_any_assessment(tmp_path: Path) -> None:
    complete(tmp_path)
    assert main(DECIDE) == 0
    assert main(["verify"]) == 0
    assert main(["check", "."]) == 0


def test_a_reviewers_file_stays_as_the_panel_found_it(tmp_path: Path) -> None:
    path = begun(tmp_path)
    workspace = Workspace(tmp_path)
    member = read_assessment(path.with_name("2026-11-02-ada.toml"))
    assert workspace.why_read_only(member) == "the panel of 2026-11-28 was settled from this assessment"
    assert workspace.why_read_only(read_assessment(path)) is None


@pytest.mark.parametrize("what", ["changed", "gone"])
def test_a_reviewers_file_that_is_not_as_it_was_is_told_and_no_decision_rests_on_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    path = complete(tmp_path)
    member = path.with_name("2026-11-02-ada.toml")
    if what == "gone":
        member.unlink()
    else:
        member.write_bytes(member.read_bytes().replace(b"level = 2", b"level = 1"))
    told = 'ada.toml", which the panel was settled from, ' + ("is gone" if what == "gone" else "was changed since")
    assert main(DECIDE) == 3
    assert told in capsys.readouterr().err
    assert main(["verify"]) == 1
    assert told in capsys.readouterr().out
    assert main(["check", "."]) == 1
    assert not list((tmp_path / "decisions").rglob("*.toml"))


def test_a_decision_counts_no_longer_once_a_reviewers_file_is_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = complete(tmp_path)
    assert main(DECIDE) == 0
    member = path.with_name("2026-11-02-ada.toml")
    member.write_bytes(member.read_bytes() + b"# later\n")
    capsys.readouterr()
    main(["list", "--json", *ON])
    (entry,) = json.loads(capsys.readouterr().out)
    assert any("which the panel was settled from, was changed since" in doubt for doubt in entry["doubts"])


def test_the_next_review_is_no_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complete(tmp_path)
    assert main(DECIDE) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    assert main(["assess", "tool", "--again", "--plain", "--on", "2027-11-20"]) == 0
    assert read_assessment(tmp_path / "assessments" / "tool" / "2027-11-20-board.toml").assessment.panel == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('path = "../else.toml"', "is not a file of this workspace"),
        ('file = "x"', 'unknown key "file"'),
    ],
)
def test_a_panel_that_leads_elsewhere_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, words: str
) -> None:
    path = begun(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('path = "assessments/tool/2026-11-02-ada.toml"', line), encoding="utf-8")
    assert main(["check", str(path)]) == 1
    assert words in capsys.readouterr().out


def test_its_history_tells_of_the_panel_and_of_no_change_beside_those_behind_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two(tmp_path)
    assert main(["panel", "tool", "--settle", "--by", "Ada", *ON]) == 0
    capsys.readouterr()
    assert main(["history", "tool", *ON]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Settled from the assessments of 2 reviewers by Ada: hold" in told
    assert "level: removed" not in told


def test_a_reviewer_goes_on_with_the_panel_and_not_with_what_was_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(tmp_path)
    monkeypatch.setenv("TOOLVET_REVIEWER", "Tom")
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    assert main(["assess", "tool", "--plain", *ON]) == 0
    assert "Saved: assessments/tool/2026-11-28-board.toml" in capsys.readouterr().out


def test_a_second_reviewers_file_that_cannot_be_read_is_no_missing_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, second = two(tmp_path)
    second.write_text("format = 1\nno", encoding="utf-8")
    assert main(["panel", "tool", *ON]) == 3
    assert second.name in capsys.readouterr().err


def test_corrections_go_into_the_panel_and_leave_the_reviewers_files(tmp_path: Path) -> None:
    path = begun(tmp_path)
    member = path.with_name("2026-11-02-ada.toml")
    before = member.read_bytes()
    assert main(["subject", "tool", "--users", "40", *ON]) == 0
    assert (member.read_bytes(), read_assessment(path).assessment.subject.users) == (before, 40)


def test_the_report_says_who_took_part_where_they_part_and_why_it_was_settled_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = complete(tmp_path)
    capsys.readouterr()
    assert main(["report", "tool", *ON]) == 0
    report = capsys.readouterr().out
    panel = report[report.index("## Panel") : report.index("## Answers")]
    assert panel.splitlines()[4:6] == [
        "- Ada, begun 2 November 2026: approve, floor 100.0, ceiling 100.0",
        "- Tom, begun 9 November 2026: approve, floor 75.0, ceiling 75.0",
    ]
    assert "  - Ada: level 2\n  - Tom: level 1. One only.\n  - Settled: level 2. Why: Tom's device was old." in panel
    assert "Second opinions" not in report
    assert "Settled by Board, started 28 November 2026, from the assessments of 2 reviewers." in report
    assert f"reviewer's assessment | assessments/tool/{path.with_name('2026-11-02-ada.toml').name}" in report


def test_the_report_names_what_was_settled_otherwise_than_all_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, workspace = complete(tmp_path), Workspace(tmp_path)
    file = read_assessment(path)
    workspace.save(file, file.assessment.with_answer("network", Answer(level=0, note="It fails on trains.")))
    capsys.readouterr()
    assert main(["report", "tool", *ON]) == 0
    report = " ".join(capsys.readouterr().out.split())
    assert "They part on 1 of 2 questions, and 1 settled otherwise than all said:" in report
    assert "- Settled: level 0. Why: It fails on trains." in report


def test_the_report_calls_no_panel_agreed_of_which_a_file_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    complete(tmp_path).with_name("2026-11-09-tom.toml").unlink()
    capsys.readouterr()
    assert main(["report", "tool", "-o", "-", *ON]) == 3
    told = capsys.readouterr().out
    assert 'tom.toml", which the panel was settled from, is gone' in told
    assert "They part on none" not in told


def test_a_third_reviewer_stays_a_second_opinion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    complete(tmp_path)
    lowest = {**GOOD, "devices": replace(GOOD["devices"], level=0)}
    assessed(tmp_path, lowest, reviewer="Kim", on=date(2026, 11, 27))
    capsys.readouterr()
    assert main(["report", "tool", *ON]) == 0
    report = capsys.readouterr().out
    assert "- Kim: reject" in report[report.index("## Second opinions") :]


def test_line_by_line_each_reviewers_answer_stands_below_a_question_on_which_they_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("2\nquit\n"))
    assert main(["assess", "tool", "--plain", *ON]) == 0
    shown = capsys.readouterr().out
    assert "Not answered yet.\nAda: level 2\nTom: level 1. One only.\n" in shown
    assert shown.count("Tom: level 1") == 1  # the other question has an answer of both


@pytest.mark.parametrize(
    ("named", "trouble"),
    [
        ("assessments/other/2026-11-02-ada.toml", "is of another subject"),
        ("assessments/tool/2026-11-02-ada.toml", "is named twice"),
        ("rubrics/house-1.0.0.toml", "is gone or cannot be read"),
    ],
)
def test_a_panel_that_names_what_was_never_settled_there_is_told_and_nothing_is_approved_on_it(
    named: str, trouble: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = complete(tmp_path)
    assessed(tmp_path, GOOD, subject=Subject("Other"))
    tom = path.with_name("2026-11-09-tom.toml")
    sealed_again(path, f"assessments/tool/{tom.name}".encode(), named.encode())
    sealed_again(path, *(hex_digest(each.read_bytes()).encode() for each in (tom, tmp_path / named)))
    capsys.readouterr()
    told = f'"{named}", which the panel was settled from, {trouble}'
    assert (main(["check", "assessments"]), main(["verify"])) == (1, 1)
    assert capsys.readouterr().out.count(told) == 2
    assert main([*DECIDE]) == 3
    assert told in capsys.readouterr().err


def answered_as(reviewer: str, monkeypatch: pytest.MonkeyPatch, *lines: str, options: Sequence[str] = ()) -> int:
    monkeypatch.setenv("TOOLVET_REVIEWER", reviewer)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    return main(["assess", "tool", "--plain", *options, "--on", "2026-11-21"])


@pytest.mark.parametrize(("lines", "options"), [(("1", "skip", "2"), ()), (("skip", "2"), ("--new",))])
def test_a_second_reviewer_begins_their_own_and_the_first_file_stays(
    lines: Sequence[str], options: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=4)})
    monkeypatch.chdir(case.workspace.root)
    before = case.file.path.read_bytes()
    assert answered_as("B. Second", monkeypatch, *lines, options=options) == 0
    assert case.file.path.read_bytes() == before
    files = Workspace(case.workspace.root).subject("tool").assessments
    own = next(file for file in files if file.path != case.file.path)
    assert (own.assessment.reviewer, dict(own.assessment.answers)) == (
        Reviewer("B. Second"),
        {"does-it": Answer(level=2, answered=date(2026, 11, 21))},
    )
    assert own.assessment.subject == case.file.assessment.subject


@pytest.mark.parametrize("lines", [(), ("",), ("quit",)])
def test_nothing_is_begun_or_changed_before_a_second_reviewer_says_which(
    lines: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(tmp_path / "w")
    monkeypatch.chdir(case.workspace.root)
    before = case.file.path.read_bytes()
    assert answered_as("B. Second", monkeypatch, *lines) == 0
    assert "Tool Business was assessed by A. Reviewer; you are B. Second." in capsys.readouterr().out
    assert [file.path.read_bytes() for file in Workspace(case.workspace.root).subject("tool").assessments] == [before]


def test_a_second_reviewer_goes_on_in_the_first_ones_file_where_they_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(tmp_path / "w")
    monkeypatch.chdir(case.workspace.root)
    assert answered_as("B. Second", monkeypatch, "2", "3") == 0
    (file,) = Workspace(case.workspace.root).subject("tool").assessments
    assert (file.assessment.reviewer.name, file.assessment.answers["does-it"].level) == ("A. Reviewer", 3)
