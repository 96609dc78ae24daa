"""Workbooks: text stays text, figures are numbers, and each opens again with what was written."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from house import GOOD, assessed
from toolvet.cli.main import main
from toolvet.domain.assessment import Subject
from toolvet.report.workbook import LONGEST_CELL, workbook_bytes
from toolvet.text.tables import WorkbookSheet

ON = ["--on", "2026-11-20"]


def opened(*sheets: WorkbookSheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes("Title", sheets)))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "1.10", "https://a.example", "{=1}", "007"])
def test_no_text_becomes_a_formula_a_number_or_a_link(text: str) -> None:
    cell = opened(WorkbookSheet("A", ("x",), [(text,)]))["A"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_number_is_a_number_and_nothing_is_nothing() -> None:
    sheet = opened(WorkbookSheet("A", ("x", "y", "z"), [(1.5, None, "")]))["A"]
    assert [cell.value for cell in sheet[2]] == [1.5, None, None]


def test_control_codes_are_shown_and_a_text_too_long_is_cut() -> None:
    sheet = opened(WorkbookSheet("A", ("x", "y"), [("a\x1bb", "x" * 40_000)]))["A"]
    assert sheet["A2"].value == "a␛b"
    assert sheet["B2"].value == "x" * (LONGEST_CELL - 1) + "…"


@pytest.mark.parametrize(
    ("choices", "formula"),
    [
        (("internal", "=1+1"), '"internal,=1+1"'),
        (("a", "b\u202e"), '"a,b<U+202E>"'),
        (('a "b"', "c"), None),
        (('x"&HYPERLINK("http://live.example")&"', "c"), None),
        (("a, b", "c"), None),
    ],
)
def test_no_choice_is_a_part_of_a_formula(choices: tuple[str, ...], formula: str | None) -> None:
    sheet = WorkbookSheet("Sheet", ("answer",), [("",)], choices={(0, "answer"): choices})
    (read,) = openpyxl.load_workbook(io.BytesIO(workbook_bytes("T", [sheet]))).worksheets
    assert [rule.formula1 for rule in read.data_validations.dataValidation] == ([] if formula is None else [formula])


def test_names_of_sheets_are_such_that_excel_takes() -> None:
    wanted = ("History", "a/b:c", "x" * 40, "X" * 40, "''")
    assert opened(*(WorkbookSheet(name, ("x",), []) for name in wanted)).sheetnames == [
        "History 2",
        "a b c",
        "x" * 31,
        "X" * 27 + " 2",
        "Sheet",
    ]


def test_the_same_sheets_make_the_same_bytes() -> None:
    sheets = [WorkbookSheet("A", ("x",), [("a",)])]
    assert workbook_bytes("T", sheets, date(2026, 11, 2)) == workbook_bytes("T", sheets, date(2026, 11, 2))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assessed(tmp_path, GOOD, subject=Subject("=Tool"))
    assessed(tmp_path, {"network": GOOD["network"]}, subject=Subject("Other"))
    return tmp_path


def rows_of(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def test_a_comparison_as_a_workbook_has_its_figures_as_numbers(workspace: Path) -> None:
    assert main(["compare", "-o", "out.xlsx", *ON]) == 0
    assert rows_of(workspace / "out.xlsx", "Decisions")[2] == (
        *("B. Other", "no decision yet", None, "hold, provisional", "none (1 not known)"),
        *(None, None, None),
    )
    ranking = rows_of(workspace / "out.xlsx", "Ranking")
    assert ranking[0][:6] == ("rank", "tool", "verdict", "floor", "observed", "ceiling")
    assert [row[:6] for row in ranking[1:]] == [
        (1, "=Tool", "approve", 100, 100, 100),
        (2, "Other", "hold", 50, 100, 100),
    ]
    assert rows_of(workspace / "out.xlsx", "Questions")[1:] == [
        ("devices", "Reach", "Devices", "2", None),
        ("network", "Reach", "Network", "1", "1"),
    ]


def test_the_workspace_as_a_workbook(workspace: Path) -> None:
    assert main(["list", "-o", "out.xlsx", *ON]) == 0
    assert [row[:9] for row in rows_of(workspace / "out.xlsx", "Workspace")[1:]] == [
        ("Other", "Ada", 1, 2, 50, 100, 100, 50, "hold"),
        ("=Tool", "Ada", 2, 2, 100, 100, 100, 100, "approve"),
    ]


def test_scorecards_as_a_workbook(workspace: Path) -> None:
    assert main(["score", "other", "-o", "out.xlsx", *ON]) == 0
    (file,) = (workspace / "assessments" / "other").glob("*.toml")
    path = workspace / "out.xlsx"
    assert rows_of(path, "Must-haves")[1:] == [("Other", str(file), "Devices", "unknown", None, 1, None)]
    assert rows_of(path, "Scores")[1] == ("Other", str(file), "Overall", "hold", 50, 100, 100, 50, 0)


@pytest.mark.parametrize("command", [["list"], ["score", "other"]])
def test_another_ending_is_refused(command: list[str], workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "-o", str(workspace / "out.ods"), *ON]) == 2
    assert "the ending 'ods' is not known; it can be xlsx" in capsys.readouterr().err
