"""`toolvet score` and `toolvet check`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from house import DAY, FAILED, GOOD, assessed, house_rubric
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Subject


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def test_scorecard_names_verdict_figures_and_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    assert main(["score", str(path), "--on", "2026-11-20"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Tool\nVerdict: APPROVE\n")
    assert "Overall    100.0     100.0    100.0     100.0" in shown
    assert f"File {path}" in shown


def test_json_has_one_object_for_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, failed = assessed(tmp_path, GOOD), assessed(tmp_path, FAILED, subject=Subject("Other"))
    assert main(["score", str(good), str(failed), "--json", "--on", "2026-11-20"]) == 0
    cards = json.loads(capsys.readouterr().out)
    assert [(card["file"], card["subject"], card["verdict"], card["overall"]["floor"]) for card in cards] == [
        (str(good), "Tool", "approve", 100.0),
        (str(failed), "Other", "reject", 50.0),
    ]


def test_what_is_named_twice_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, FAILED)
    assert main(["score", "tool", str(path), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    path.write_bytes(b"answers = 1\n")
    main(["check", str(path)])
    once = capsys.readouterr()
    main(["check", str(path), str(path)])
    assert capsys.readouterr() == once


def test_explain_adds_the_arithmetic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    main(["score", str(path)])
    plain = capsys.readouterr().out
    main(["score", str(path), "--explain"])
    explained = capsys.readouterr().out
    assert explained.startswith(plain.rstrip("\n"))
    assert "Verdict: the first rule that applies" in explained


@pytest.mark.parametrize(("gate", "status"), [("approve", 1), ("approve-with-conditions", 1), ("reject", 0)])
def test_gate_fails_below_its_verdict(gate: str, status: int, tmp_path: Path) -> None:
    path = assessed(tmp_path, FAILED)
    assert main(["score", str(path), "--on", "2026-11-20", "--gate", gate]) == status


def test_a_day_after_the_shelf_life_finds_the_answer_expired(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assessed(tmp_path, GOOD)
    verdicts = []
    for day in ("2027-11-02", "2027-11-03"):
        main(["score", str(path), "--on", day, "--json"])
        verdicts.append(json.loads(capsys.readouterr().out)[0]["verdict"])
    assert verdicts == ["approve", "hold"]


def test_a_file_that_cannot_be_used_does_not_keep_the_others_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assessed(tmp_path, GOOD)
    broken = tmp_path / "broken.toml"
    broken.write_text("format = 1\n[rubric\n", encoding="utf-8")
    assert main(["score", str(broken), str(path), str(tmp_path / "none.toml"), "--json"]) == 3
    shown = capsys.readouterr()
    assert [card["file"] for card in json.loads(shown.out)] == [str(path)]
    assert [line.split(": ")[0] for line in shown.err.splitlines()] == [f"{broken}:2", str(tmp_path / "none.toml")]


def test_a_missing_rubric_is_named_with_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    house_rubric(tmp_path).unlink()
    assert main(["score", str(path)]) == 3
    assert capsys.readouterr().err == (
        f'{path}: rubric "house" 1.0.0 is neither in {tmp_path / "rubrics"} nor among those that ship; '
        "put it into that folder\n"
    )


def test_a_rubric_is_found_in_the_workspace_around_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "elsewhere").mkdir()
    path = assessed(tmp_path / "there", GOOD)
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["score", str(path)]) == 0
    assert capsys.readouterr().err == ""


def test_a_level_outside_its_ladder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    path.write_text(path.read_text(encoding="utf-8").replace("level = 2", "level = 5"), encoding="utf-8")
    assert main(["score", str(path)]) == 3
    assert capsys.readouterr().err.startswith(f"{path}:")


def test_foreign_control_codes_never_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "Tool \x1b]0;owned\x07 \x9b31m \u202eevil"
    path = assessed(tmp_path, GOOD, subject=Subject(name))
    for option in ("--explain", "--json"):
        main(["score", str(path), option])
        assert {"\x1b", "\x07", "\x9b", "\u202e"} & set(capsys.readouterr().out) == set()


def test_json_keeps_foreign_text_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "Tool \x1b]0;owned\x07 \x9b31m \u202eevil é"
    main(["score", str(assessed(tmp_path, GOOD, subject=Subject(name))), "--json"])
    assert json.loads(capsys.readouterr().out)[0]["subject"] == name


def test_check_of_a_sound_workspace_is_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["check", str(tmp_path / "assessments")]) == 0
    assert capsys.readouterr() == ("", "No problems found.\n")


def test_check_prints_every_problem_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rubric = house_rubric(tmp_path)
    text = rubric.read_text(encoding="utf-8").replace('where = "trial"', 'wher = "trial"')
    rubric.write_text(text.replace("shelf_months = 12", "shelf_months = -1"), encoding="utf-8")
    assert main(["check", str(rubric)]) == 1
    lines = text.splitlines()
    expected = [f"{rubric}:{lines.index(each) + 1}" for each in ('wher = "trial"', "shelf_months = 12")]
    errors = [line for line in capsys.readouterr().out.splitlines() if ": warning: " not in line]
    assert [line.split(": ")[0] for line in errors] == expected


def test_check_as_json_has_file_line_and_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("format = 1\n[rubric\n", encoding="utf-8")
    assert main(["check", str(broken), "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert (problem["file"], problem["line"], problem["warning"]) == (str(broken), 2, False)


def test_check_of_what_is_not_there_cannot_be_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "none")]) == 3
    assert capsys.readouterr().err == f"{tmp_path / 'none'}: does not exist; check the name\n"


def test_check_counts_a_broken_seal_as_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, {"network": Answer(level=1, note="Mine.")})
    path.write_text(path.read_text(encoding="utf-8").replace("Mine.", "Theirs."), encoding="utf-8")
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().out.startswith(f"{path}: the seal does not match")


def test_a_subject_is_scored_by_its_latest_assessment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD)
    assert main(["score", "too", "--json", "--on", "2026-11-20"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["file"] == str(path)


def test_neither_a_subject_nor_a_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["score", "tol"]) == 2
    assert capsys.readouterr().err == 'there is no file "tol", and there is no subject "tol"; did you mean "tool"?\n'


def test_answer_changed_to_not_applicable_that_would_lower_the_verdict_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {"devices": GOOD["devices"]}
    assessed(tmp_path, {**good, "network": Answer(level=0, answered=DAY)})
    away = Answer(not_applicable="Not ours.", answered=DAY)
    path = assessed(tmp_path, {**good, "network": away}, on=date(2026, 11, 3))
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "house.toml").write_text("[policy]\nnot_applicable_limit = 60\n", encoding="utf-8")
    assert main(["score", str(path), "--json", "--on", "2026-11-04"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["verdict"], [finding["code"] for finding in found["findings"]]) == (
        "approve",
        ["not-applicable-helps"],
    )


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.json", b'{"a": 1}', "a JSON file"),
        ("a.html", b"<!doctype html>", "an HTML page"),
        ("a.csv", b"a,b\n1,2\n", "a spreadsheet's table (CSV)"),
        ("a.xlsx", b"PK\x03\x04", "an Excel workbook"),
        ("no-ending", b"%PDF-1.7", "a PDF"),
    ],
)
def test_check_says_what_a_file_is_that_it_does_not_read(
    name: str, content: bytes, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert main(["check", str(path)]) == 1
    told = f"{path}: is {kind}, not TOML; name a rubric, policy, assessment or decision (.toml)\n"
    assert capsys.readouterr().out == told
