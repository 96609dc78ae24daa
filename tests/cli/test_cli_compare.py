"""`toolvet compare`."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sys
import time
from datetime import date
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import docx
import pexpect
import pytest

from house import DAY, FAILED, GOOD, RUBRIC, assessed
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Subject
from toolvet.domain.decision import AssessmentRef, Decision
from toolvet.domain.decision_rules import make_computed
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.storage import index
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace

ON = ("--on", "2026-11-20")
EXAMPLES = Path(__file__).parents[2] / "examples"
HALF = GOOD | {"network": Answer(unknown="Asked.")}


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def _three(folder: Path) -> list[str]:
    """Paths of three tools, the best first: approved at 100, on hold from 50 to 100, rejected at 50."""
    return [
        str(assessed(folder, answers, subject=Subject(name)).relative_to(folder))
        for name, answers in (("Good", GOOD), ("Half", HALF), ("Bad", FAILED))
    ]


def _compared(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(["compare", *arguments, "--json", *ON]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def _files(found: dict[str, object]) -> list[str]:
    tools = found["tools"]
    assert isinstance(tools, list)
    return [tool["file"] for tool in tools]


def test_all_of_the_workspace_by_rank(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _three(tmp_path)
    found = _compared(capsys)
    tools = found["tools"]
    assert isinstance(tools, list)
    assert [(tool["rank"], tool["name"], tool["verdict"], tool["overall"]["floor"]) for tool in tools] == [
        (1, "Good", "approve", 100.0),
        (2, "Half", "hold", 50.0),
        (3, "Bad", "reject", 50.0),
    ]


def test_separated_names_the_better_file_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, _, bad = _three(tmp_path)
    assert _compared(capsys, good, bad)["separated"] == [[good, bad]]


def test_files_and_subjects_can_be_named_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, _, bad = _three(tmp_path)
    assert _files(_compared(capsys, "bad", good)) == [good, str(tmp_path / bad)]


def test_a_file_named_twice_is_compared_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, *_ = _three(tmp_path)
    assert _files(_compared(capsys, good, good)) == [good]


def test_by_question_as_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _three(tmp_path)
    assert main(["compare", "--by", "question", "--format", "csv", *ON]) == 0
    assert list(csv.reader(capsys.readouterr().out.splitlines())) == [
        ["question", "Good", "Half", "Bad"],
        ["devices", "2", "2", "0"],
        ["network", "1", "?", "1"],
    ]


def test_only_where_they_differ_as_tsv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, half, _ = _three(tmp_path)
    assert main(["compare", good, half, "--differences", "--format", "tsv", *ON]) == 0
    assert capsys.readouterr().out == "question\tGood\tHalf\nnetwork\t1\t?\n"


def test_format_json_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _three(tmp_path)
    main(["compare", "--json", *ON])
    expected = capsys.readouterr().out
    assert main(["compare", "--format", "json", *ON]) == 0
    assert capsys.readouterr().out == expected


@pytest.mark.skipif(find_spec("typst") is None, reason="the extra for PDF is not installed")
def test_the_report_can_be_a_pdf(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    assert main(["compare", "-o", "compared.pdf"]) == 0
    assert (tmp_path / "compared.pdf").read_bytes().startswith(b"%PDF-")


def test_robustness_in_json_has_its_seed_and_shares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, half, _ = _three(tmp_path)
    assert _compared(capsys, good, half, "--robustness")["robustness"] == {
        "leader": "Good",
        "seed": 2026,
        "draws": 10000,
        "first_share": {good: 1.0},
        "first_share_open": {good: 1.0},
        "left_out": [half],
        "leader_holds": [{"criterion": "reach", "weight": 1.0, "from": 0.0, "to": 1.0}],
    }


def test_a_later_day_finds_answers_expired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, *_ = _three(tmp_path)
    assert main(["compare", good, "--on", "2027-11-03"]) == 0
    shown = capsys.readouterr().out
    assert "Scored as of 3 November 2027." in shown
    assert "   1  Good  hold " in shown


def test_why_is_for_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, half, bad = _three(tmp_path)
    assert main(["compare", good, half, bad, "--why"]) == 2
    assert capsys.readouterr().err == "--why compares two tools, not 3; name the two\n"
    assert main(["compare", good, half, "--why", *ON]) == 0
    assert "Why Good ranks above Half: approve ranks above hold" in capsys.readouterr().out


def test_two_reviewers_of_one_day_are_to_be_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ada = assessed(tmp_path, GOOD)
    ben = assessed(tmp_path, FAILED, reviewer="Ben")
    assert main(["compare", "tool"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "tool has several equally recent assessments; name the one to compare:",
        f"  {ben}",
        f"  {ada}",
    ]


def test_of_two_reviewers_the_one_a_decision_rests_on_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = assessed(tmp_path, GOOD)
    assessed(tmp_path, FAILED, reviewer="Ben")
    _decide(tmp_path, ada)
    assert _files(_compared(capsys, "tool")) == [str(ada)]


def test_the_later_of_two_days_speaks_for_the_subject(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    later = assessed(tmp_path, FAILED, reviewer="Ben", on=date(2026, 11, 3))
    assert _files(_compared(capsys, "tool")) == [str(later)]


def test_different_rubrics_are_never_ranked_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, *_ = _three(tmp_path)
    other = _under_another_rubric(tmp_path)
    assert main(["compare", good, str(other)]) == 2
    message = capsys.readouterr().err
    assert message.startswith("these were answered under different rubrics and cannot be ranked together. ")
    assert "  house 1.0.0, sha256:" in message
    assert "  other 1.0.0, sha256:" in message
    assert f"    {good}\n" in message
    assert f"    {other}\n" in message


def test_of_all_those_of_one_rubric_can_be_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _three(tmp_path)
    other = _under_another_rubric(tmp_path)
    assert main(["compare"]) == 2
    capsys.readouterr()
    assert _files(_compared(capsys, "--rubric", "other")) == [str(other)]


def test_answers_to_an_earlier_wording_are_not_ranked_with_later_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = assessed(tmp_path, GOOD, subject=Subject("Earlier"))
    rubric = tmp_path / "rubrics" / "house-1.0.0.toml"
    changed = RUBRIC.replace("Which devices can join?", "Which devices can join, and speak?")
    later = assessed(tmp_path, GOOD, subject=Subject("Later"))
    content = later.read_text(encoding="utf-8")
    rubric.write_text(changed, encoding="utf-8")
    digest = Workspace(tmp_path).rubric("house", "1.0.0").digest
    before = next(line for line in content.splitlines() if line.startswith("digest"))
    later.write_text(content.replace(before, f'digest = "{digest}"'), encoding="utf-8")
    assert main(["compare", str(earlier), str(later)]) == 2
    assert "answered when it was sha256:" in capsys.readouterr().err


def test_a_bad_file_that_is_named_stops_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, *_ = _three(tmp_path)
    (tmp_path / "bad.toml").write_text("format = 1\n[", encoding="utf-8")
    assert main(["compare", good, "bad.toml"]) == 3
    assert capsys.readouterr().err.startswith("bad.toml:2: ")


def test_a_bad_file_among_all_is_said_and_the_rest_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _three(tmp_path)
    (tmp_path / "assessments" / "good" / "bad.toml").write_text("format = 1\n[", encoding="utf-8")
    assert main(["compare", *ON]) == 3
    shown = capsys.readouterr()
    assert "bad.toml:2: " in shown.err
    assert "Good is first because" in shown.out


def test_the_text_says_of_which_tools_the_figures_need_a_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, _ = _three(tmp_path)
    assessed(tmp_path, {}, subject=Subject("Empty"))
    path = tmp_path / first
    path.write_bytes(path.read_bytes().replace(b"Trial of 2 November", b"Trial of 1 November"))
    assert main(["compare", first, second, "empty", *ON]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Assessments not complete: Empty." in shown
    assert "Good was changed outside toolvet: its seal does not match." in shown
    assert main(["compare", *ON]) == 0
    assert "Good was changed outside toolvet" in " ".join(capsys.readouterr().out.split())
    assert main(["compare", first, second, "--format", "csv", *ON]) == 0
    assert "seal" not in capsys.readouterr().out


def test_the_index_keeps_that_the_figures_need_a_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(index, "now_ns", lambda: time.time_ns() + 3_600_000_000_000)
    path = assessed(tmp_path, GOOD)
    path.write_bytes(path.read_bytes().replace(b"Trial of 2 November", b"Trial of 1 November"))
    for _ in range(2):
        assert main(["compare", *ON]) == 0
        assert "Tool was changed outside toolvet: its seal does not match." in capsys.readouterr().out
    assert list((tmp_path / "cache").rglob("*.sqlite"))


def test_an_unknown_name_is_asked_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _three(tmp_path)
    assert main(["compare", "goood"]) == 2
    assert capsys.readouterr().err == (
        'there is no file "goood", and there is no subject "goood"; did you mean "good"?\n'
    )


def test_an_empty_workspace_has_nothing_to_compare(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare"]) == 2
    assert capsys.readouterr().err.startswith("nothing to compare")


@pytest.mark.parametrize("ending", ["html", "md", "json"])
def test_the_report_is_written_where_it_is_named(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _three(tmp_path)
    assert main(["compare", "-o", f"comparison.{ending}", *ON]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"Written: comparison.{ending}\n")
    assert "Good ranks first" in (tmp_path / f"comparison.{ending}").read_text(encoding="utf-8")


def _tables_of(path: Path) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables]


def test_a_board_gets_decision_verdict_and_failed_must_haves_in_word(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD, subject=Subject("Good", job="Weekly calls", users=40, yearly_cost="EUR 900"))
    assessed(tmp_path, {"network": Answer(unknown="Asked.")}, subject=Subject("Half"))
    assessed(tmp_path, FAILED, subject=Subject("Bad"))
    decided = ("--decision", "approve", "--by", "Board", "--rationale", "It does the job.")
    assert main(["decide", "good", *decided, "--valid-until", "2027-06-30", *ON]) == 0
    assert main(["compare", "-o", "board.docx", *ON]) == 0
    decisions, purposes, *_ = _tables_of(tmp_path / "board.docx")
    assert decisions[1:] == [
        ["A. Good", "approved", "30 June 2027", "approve", "none"],
        ["B. Half", "no decision yet", "–", "hold, provisional", "none (1 not known)"],
        ["C. Bad", "no decision yet", "–", "reject", "Devices"],
    ]
    assert purposes[1] == ["A. Good", "Weekly calls", "40", "EUR 900"]


@pytest.mark.parametrize("ending", ["html", "md", "json"])
def test_reports_name_files_by_their_path_in_the_workspace(ending: str, tmp_path: Path) -> None:
    good, *_ = _three(tmp_path)
    assert main(["compare", "-o", f"comparison.{ending}", *ON]) == 0
    written = (tmp_path / f"comparison.{ending}").read_text(encoding="utf-8")
    assert good in written
    assert str(tmp_path) not in written


def test_a_report_of_another_ending_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _three(tmp_path)
    assert main(["compare", "-o", "comparison.doc"]) == 2
    assert capsys.readouterr().err.startswith("--output comparison.doc: the ending 'doc' is not known")


@pytest.mark.skipif(sys.platform == "win32", reason="pexpect needs a pty")
def test_on_a_terminal_it_asks_which(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    assessed(tmp_path, FAILED, reviewer="Ben")
    child = pexpect.spawn(sys.executable, ["-m", "toolvet", "compare", "tool", *ON], encoding="utf-8", timeout=60)
    child.expect(r"Which one, 1 to 2\? ")
    child.sendline("7")
    child.expect("'7' is none of them")
    child.expect(r"Which one, 1 to 2\? ")
    child.sendline("2")
    child.expect("Tool is the only tool compared")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.skipif(sys.platform == "win32", reason="pexpect needs a pty")
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_table_is_never_wider_than_the_terminal(columns: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"NO_COLOR": "1"}
    arguments = ["-m", "toolvet", "compare", "--workspace", str(EXAMPLES), "--on", "2026-11-21"]
    child = pexpect.spawn(
        sys.executable, arguments, dimensions=(50, columns), env=environment, encoding="utf-8", timeout=60
    )
    child.expect(pexpect.EOF)
    table = str(child.before).split("A criterion shows")[0].splitlines()
    assert len(table) > 10
    assert max(map(len, table)) <= columns


def test_the_worked_examples_are_ranked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--workspace", str(EXAMPLES), "--format", "csv", "--on", "2026-11-21"]) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert [row[:6] for row in rows[1:]] == [
        ["1", "Harbour Rooms Team", "hold", "67.7", "70.8", "72.5"],
        ["2", "Zoom Workplace Business", "hold", "24.0", "69.6", "88.8"],
        ["3", "Microsoft Teams E3", "hold", "21.7", "63.9", "88.2"],
        ["4", "Signal free", "hold", "12.4", "46.5", "83.5"],
        ["5", "Jitsi Meet public server", "reject", "19.6", "70.8", "92.2"],
    ]


def test_the_demo_compares_the_worked_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["demo"]) == 0
    assert " is first: " in capsys.readouterr().out  # which one it is depends on the day


def _decide(folder: Path, path: Path) -> None:
    workspace, file = Workspace(folder), read_assessment(path)
    scorecard = score(workspace.rubric("house", "1.0.0"), file.assessment, DAY)
    ground = AssessmentRef(workspace.relative(path), file.sha256)
    decision = Decision(Verdict.APPROVE, "Board", DAY, ground, make_computed(scorecard))
    workspace.record(decision, path.parent.name)


def _under_another_rubric(folder: Path) -> Path:
    (folder / "rubrics" / "other-1.0.0.toml").write_text(
        RUBRIC.replace('id = "house"', 'id = "other"'), encoding="utf-8"
    )
    path = folder / "assessments" / "other" / "2026-11-02-ada.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        'format = 1\n[rubric]\nid = "other"\nversion = "1.0.0"\n[subject]\nname = "Other"\n[reviewer]\nname = "Ada"\n',
        encoding="utf-8",
    )
    return path


def test_drawing_for_long_says_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = count(step=0.4)
    monkeypatch.setattr("toolvet.cli.compare.monotonic", lambda: next(seconds))
    assessed(tmp_path, GOOD)
    assessed(tmp_path, GOOD, subject=Subject("Other"))
    assert main(["compare", "--robustness", "--workspace", str(tmp_path)]) == 0
    told = capsys.readouterr().err.splitlines()
    assert (told[0], told[-1]) == ("Drawing weightings: 1 % done.", "Drawing weightings: 99 % done.")


def test_a_survey_is_no_possible_match(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = tmp_path / "examples"
    shutil.copytree(EXAMPLES, workspace)
    assert main(["compare", "harbour", "zoom", "--json", "--workspace", str(workspace)]) == 0
    assert "harbour-rooms-team" in _files(json.loads(capsys.readouterr().out))[0]
    for command in ("condition", "history", "panel", "score"):
        assert main([command, "harbour", "--json", "--workspace", str(workspace)]) == 0
    capsys.readouterr()
    shutil.copytree(workspace / "assessments" / "harbour-rooms-team", workspace / "assessments" / "harbour-two")
    assert main(["compare", "harbour", "zoom", "--workspace", str(workspace)]) == 2
    said = capsys.readouterr().err
    assert '"harbour" may be any of harbour-rooms-team, harbour-two; say which' in said
