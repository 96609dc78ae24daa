"""`toolvet report`, `questions`, `list`, `rubrics`, `schema`, `assess --plain` and `demo`."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from house import DAY, FAILED, GOOD, assessed, house_rubric
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Subject
from toolvet.storage.reader import read_assessment
from toolvet.storage.schema import schema_text


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def test_report_is_markdown_on_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["report", "tool", "--on", "2026-11-20"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("# Tool: ")
    assert shown.err == ""


def test_report_of_a_file_is_that_of_its_subject(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    main(["report", "tool", "--on", "2026-11-20"])
    by_name = capsys.readouterr().out
    main(["report", str(path), "--on", "2026-11-20"])
    assert capsys.readouterr().out == by_name


@pytest.mark.parametrize(("ending", "start"), [("md", "# Tool: "), ("html", "<!doctype html>"), ("json", "{\n")])
def test_the_ending_says_what_is_written(
    ending: str, start: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    assert main(["report", "tool", "-o", f"report.{ending}"]) == 0
    assert capsys.readouterr() == ("", f"Written: report.{ending}\n")
    assert Path(f"report.{ending}").read_text(encoding="utf-8").lower().startswith(start.lower())


def test_a_report_is_written_over_an_earlier_one(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    for day in ("2026-11-20", "2026-11-27"):
        assert main(["report", "tool", "-o", "report.json", "--on", day]) == 0
    assert json.loads(Path("report.json").read_text(encoding="utf-8"))["on"] == "2026-11-27"


@pytest.mark.parametrize("command", ["report", "score", "compare", "check"])
def test_a_name_too_long_for_a_file_is_no_bug(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "x" * 300]) in (2, 3)
    assert "bug" not in capsys.readouterr().err


def test_an_ending_that_is_not_known_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["report", "tool", "-o", "report.odt"]) == 2
    assert capsys.readouterr().err == (
        "--output report.odt: the ending 'odt' is not known; it can be md, html, json, pdf, docx\n"
    )


def test_a_report_is_not_written_through_a_link(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    target = tmp_path / "precious.md"
    target.write_text("precious", encoding="utf-8")
    Path("report.md").symlink_to(target)
    assert main(["report", "tool", "-o", "report.md"]) == 2
    assert main(["report", "tool", "-o", "report.md", "--force"]) == 3
    assert target.read_text(encoding="utf-8") == "precious"


def test_report_for_the_requester_is_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["report", "tool", "--for", "requester"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# Your request: Tool\n")
    assert len(shown.splitlines()) < 40


def test_a_report_says_what_else_of_the_subject_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = assessed(tmp_path, GOOD).with_name("broken.toml")
    broken.write_text("format = 1\n[rubric\n", encoding="utf-8")
    assert main(["report", "tool"]) == 3
    shown = capsys.readouterr()
    assert shown.out.startswith("# Tool: ")
    assert "assessments/tool/broken.toml cannot be used" in shown.out.split("## ")[0]
    assert shown.err.startswith(f"{broken}:2: ")


@pytest.mark.parametrize("command", [["report", "tool"], ["assess", "tool", "--plain"]])
def test_a_subject_of_which_nothing_can_be_read_cannot_be_used(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assessed(tmp_path, GOOD)
    path.write_text("format = 1\n[rubric\n", encoding="utf-8")
    assert main(command) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{path}:2: ")


def test_questions_of_one_sitting_leave_the_others_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house_rubric(tmp_path)
    assert main(["questions", "house", "--where", "trial"]) == 0
    shown = capsys.readouterr().out
    assert "Which devices can join?" in shown
    assert "Which networks will do?" not in shown


def test_questions_are_csv_where_the_file_ends_so(tmp_path: Path) -> None:
    house_rubric(tmp_path)
    assert main(["questions", "house", "-o", "sheet.csv"]) == 0
    text = Path("sheet.csv").read_text(encoding="utf-8-sig")
    assert text.startswith("question,title,text,")
    assert [row["question"] for row in csv.DictReader(io.StringIO(text)) if "." not in row["question"]] == [
        "devices",
        "network",
    ]


def test_a_mistyped_rubric_is_asked_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions", "colaboration-tool"]) == 2
    said = "subject or rubric 'colaboration-tool' is not known; did you mean 'collaboration-tool'?\n"
    assert capsys.readouterr().err == said


def test_questions_are_those_for_tools_where_no_rubric_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions"]) == 0
    assert capsys.readouterr().out.startswith("# Collaboration and video tools: questions\n")


def test_rubrics_of_the_workspace_stand_beside_the_shipped_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house_rubric(tmp_path)
    assert main(["rubrics", "--json"]) == 0
    listed = {(rubric["id"], rubric["shipped"]) for rubric in json.loads(capsys.readouterr().out)}
    assert listed >= {("house", False), ("collaboration-tool", True)}


def test_a_broken_rubric_is_said_beside_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house_rubric(tmp_path)
    broken = tmp_path / "rubrics" / "broken.toml"
    broken.write_text("format = 1\n[criteria\n", encoding="utf-8")
    assert main(["rubrics"]) == 3
    shown = capsys.readouterr()
    assert "House rubric" in shown.out
    assert shown.err.startswith(f"{broken}:2: ")


def test_schema_is_the_one_in_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "decision"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(schema_text("decision"))


def test_list_has_one_line_for_each_subject(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assessed(tmp_path, {}, subject=Subject("Other"), reviewer="Ben")
    assert main(["list", "--on", "2026-11-20"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[2:4]] == [
        ["Other", "(Ben)", "0/2", "–", "not", "started"],
        ["Tool", "(Ada)", "2/2", "100.0–100.0", "approve"],
    ]


@pytest.mark.parametrize(("days", "due"), [("29", []), ("30", ["2027-11-02"])])
def test_due_looks_so_many_days_ahead(
    days: str, due: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    assert main(["list", "--due", days, "--on", "2027-10-03", "--json"]) == 0
    assert [item["day"] for entry in json.loads(capsys.readouterr().out) for item in entry["due"]] == due


def test_nothing_due_is_said_and_nothing_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["list", "--due", "1", "--on", "2026-11-20"]) == 0
    assert capsys.readouterr() == ("", "Nothing is due in the next 1 day.\n")


def test_a_condition_of_two_reviewers_subject_is_due_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = assessed(tmp_path, GOOD, reviewer="Ada")
    assessed(tmp_path, GOOD, reviewer="Ben")
    decided = ("--decision", "approve", "--by", "Board", "--on", "2026-11-20")
    main(["decide", "tool", "--assessment", str(first), *decided, "--condition", "Report", "--due", "2026-12-01"])
    capsys.readouterr()
    main(["list", "--due", "30", "--on", "2026-11-20", "--json"])
    listed = json.loads(capsys.readouterr().out)
    assert [item["text"] for entry in listed for item in entry["due"]] == ["Condition due: Report"]


def test_an_unreadable_assessment_is_said_beside_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    broken = path.with_name("broken.toml")
    broken.write_text("format = 1\n[rubric\n", encoding="utf-8")
    assert main(["list", "--on", "2026-11-20"]) == 3
    shown = capsys.readouterr()
    assert "Tool (Ada)" in shown.out
    assert shown.err.startswith(f"{broken}:2: ")


def test_an_empty_workspace_says_how_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert capsys.readouterr() == ("", "No assessments here yet. Start one with: toolvet assess\n")


def test_the_workspace_can_be_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "named").mkdir()
    assessed(tmp_path / "named", GOOD)
    monkeypatch.setenv("TOOLVET_WORKSPACE", str(tmp_path / "named"))
    main(["list", "--on", "2026-11-20"])
    assert "Tool (Ada)" in capsys.readouterr().out


def test_plain_assessing_resumes_ones_own_assessment_by_the_start_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Answer(level=2, evidence=GOOD["devices"].evidence)  # without a date, so that it never expires
    own = assessed(tmp_path, {"devices": given}, reviewer="Ada")
    assessed(tmp_path, {}, reviewer="Ben", on=date(2026, 11, 9))
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada")
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
    assert main(["assess", "to", "--plain"]) == 0
    answers = read_assessment(own).assessment.answers
    assert answers["network"].level == 1
    assert answers["devices"] == given


def test_demo_line_by_line_takes_commands_from_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO("readiness\nquit\n"))
    assert main(["demo", "--plain"]) == 0
    assert "toolvet> readiness\nHarbour Cooperative: " in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_demo_without_charts_draws_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["demo", "--no-charts"]) == 0
    shown = capsys.readouterr().out
    assert [mark for mark in "┣●━○" if mark in shown] == []


def test_demo_without_a_terminal_does_the_main_job_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["demo"]) == 0
    shown = capsys.readouterr()
    (folder,) = tmp_path.glob("toolvet-demo-*")
    (report,) = (folder / "reports").iterdir()
    assert shown.err == f"Here is a copy of the worked examples, yours to change: {folder}\n"
    assert shown.out.count("\nVerdict: ") == 5
    assert shown.out.endswith(
        f"Report written; open it in a browser: {report}\n\n\n"
        f"To open the app, run in a terminal: toolvet --workspace {folder}\n"
    )
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_file_that_cannot_be_used_is_not_called_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    path.write_text("format = 1\n[rubric\n", encoding="utf-8")
    assert main(["list", "--on", "2026-11-20"]) == 3
    assert capsys.readouterr().err.splitlines()[-1] == (
        "The files here cannot be used: see above. toolvet check names every problem with its line."
    )


def test_an_approval_whose_waiver_ran_out_is_listed_as_run_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, FAILED)
    waiver = ("--waive", "devices", "--reason", "Soon.", "--control", "Laptops.", "--owner", "CIO")
    decision = ("--decision", "approve", "--by", "Board", "--on", "2026-11-20", "--rationale", "Now.")
    assert main(["decide", "tool", *decision, *waiver, "--expires", "2027-02-28"]) == 0
    capsys.readouterr()
    main(["list", "--on", "2027-03-05", "--json"])
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["decision"]["stands"], listed["decision"]["run_out_since"]) == ("run out", "2027-03-01")


def _told_the_requester(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["report", "tool", "--for", "requester"])
    return capsys.readouterr().out


def test_the_requester_of_a_held_good_tool_is_not_told_that_the_decision_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", "--decision", "hold", "--by", "Board", "--rationale", "No budget."])
    said = _told_the_requester(capsys)
    assert "No budget." in said
    assert "only the decision is missing" not in said


def test_the_requester_is_sent_to_conditions_only_where_there_are_some(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", "--decision", "approve-with-conditions", "--by", "Board", "--rationale", "Well."])
    assert "**Yes, you may use Tool.**" in _told_the_requester(capsys)


def test_the_requester_hears_of_open_answers_only_where_there_are_some(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, {"devices": replace(GOOD["devices"], level=1), "network": Answer(level=0, answered=DAY)})
    said = _told_the_requester(capsys)
    assert 'It falls short in "Reach" and overall.' in said


def test_subjects_of_one_name_are_told_apart_by_their_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assessed(tmp_path, GOOD)
    copy = tmp_path / "assessments" / "copy" / path.name
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    capsys.readouterr()
    assert main(["list"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Tool [copy]" in shown
    assert "Tool [tool]" in shown
