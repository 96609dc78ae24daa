"""What LibreOffice makes of our files, and we of its: a sheet goes out, comes back, is compared and handed over."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from house import DAY, DEVICES, HEAD, MUST_REACH, criterion, question
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Assessment
from toolvet.storage.reader import read_assessment

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not here")

ON = ["--on", "2026-11-20"]
LATER = ["--on", "2026-11-27"]
Convert = Callable[..., Path]

RUBRIC = (
    HEAD
    + '\n[[scope]]\nid = "data"\ntext = "Which data?"\noptions = ["internal", "confidential"]\n'
    + criterion(
        "reach",
        question(*DEVICES, more=MUST_REACH),
        question("network", "Which networks will do?", "The office's.", "=Any."),
    )
    + criterion(
        "control",
        question("sign-in", "Is there single sign-on?", "No.", "Yes.", more='references = ["HECVAT AAAI-01"]\n'),
        question("logs", "Are there logs?", "No.", "Yes.", more='ref = "LOG-01.1"\n'),
        question("deletion", "Is data deleted?", "No.", "Yes."),
    )
)

FILLED: Mapping[str, Mapping[str, str]] = {
    "about.answered-by": {"answer": "Söhne & Co"},
    "devices": {"answer": "2", "note": "“Any” – see page 4.", "source": "https://a.example/x", "seen on": "2026-10-01"},
    "network": {"answer": "1", "note": "=SUM(1)", "setting": "-5 °C"},
    "sign-in": {"answer": "unknown", "reason": "+49 30 1234: ask there."},
    "deletion": {"answer": "not applicable", "reason": "We keep nothing."},
}
"""What a vendor fills in, a date and what programs take for formulas among it."""


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Have LibreOffice open a file and save it as another."""

    def converted(path: Path, ending: str, *options: str) -> Path:
        folder = tmp_path / "converted" / ending
        profile = (tmp_path / ".profile").as_uri()
        name = re.match(r"\w+", ending)
        assert SOFFICE is not None
        assert name is not None
        subprocess.run(
            (
                *(SOFFICE, "--headless", f"-env:UserInstallation={profile}", *options),
                *("--convert-to", ending, "--outdir", str(folder), str(path)),
            ),
            check=True,
            capture_output=True,
        )
        made = folder / f"{path.stem}.{name[0]}"
        assert made.stat().st_size > 0
        return made

    return converted


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada")
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "house-1.0.0.toml").write_text(RUBRIC, encoding="utf-8")
    for name in ("Sheet", "Hecvat", "Caiq"):
        folder = tmp_path / "assessments" / name.casefold()
        folder.mkdir(parents=True)
        (folder / "2026-11-02-ada.toml").write_text(
            f'format = 1\nstarted = {DAY}\nrubric = {{ id = "house", version = "1.0.0" }}\n'
            f'subject.name = "{name}"\nreviewer.name = "Ada"\nscope.data = "internal"\n',
            encoding="utf-8",
        )


def run(*arguments: str) -> None:
    assert main(list(arguments)) == 0


def answers(name: str) -> Assessment:
    return read_assessment(next(Path("assessments", name).glob("*.toml"))).assessment


def fill_workbook(path: Path, cells: Mapping[str, Mapping[str, str]] = FILLED) -> None:
    book = openpyxl.load_workbook(path)
    for page in book.worksheets:
        headers = [cell.value for cell in page[1]]
        for row in page.iter_rows(min_row=2):
            for column, text in cells.get(str(row[0].value), {}).items():
                cell = row[headers.index(column)]
                cell.value, cell.data_type = text, "s"
    book.save(path)


def fill_table(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, **FILLED.get(row["question"], {})} for row in rows)


def given(name: str) -> dict[str, tuple[int | str | None, str | None, str | None]]:
    """The level or the reason, the note and the setting of each answer."""
    found: dict[str, Answer] = dict(answers(name).answers)
    return {
        question: (
            answer.level if answer.level is not None else answer.unknown or answer.not_applicable,
            answer.note,
            answer.setting,
        )
        for question, answer in found.items()
    }


EXPECTED = {
    "devices": (2, "“Any” – see page 4.", None),
    "network": (1, "=SUM(1)", "-5 °C"),
    "sign-in": ("+49 30 1234: ask there.", None, None),
    "deletion": ("We keep nothing.", None, None),
}


def test_a_workbook_filled_in_and_saved_by_libreoffice_comes_back_whole(convert: Convert) -> None:
    run("questions", "sheet", "--for", "vendor", "-o", "sheet.xlsx", *ON)
    fill_workbook(Path("sheet.xlsx"))
    sent = convert(convert(Path("sheet.xlsx"), "ods"), "xlsx")
    run("import", str(sent), "--for", "sheet", "--write", *ON)
    assert given("sheet") == EXPECTED
    (source, _) = answers("sheet").answer("devices").evidence
    assert (source.source, str(source.date)) == ("https://a.example/x", "2026-10-01")


@pytest.mark.parametrize("by", ["44,34,76", "59,34,76", "9,34,76"], ids=["commas", "semicolons", "tabs"])
def test_a_table_opened_and_saved_by_libreoffice_comes_back_whole(convert: Convert, by: str) -> None:
    """Every column read as text, as a person is asked to choose when they open it."""
    run("questions", "sheet", "--for", "vendor", "-o", "sheet.csv", *ON)
    columns = "/".join(f"{number}/2" for number in range(1, 20))
    fill_table(Path("sheet.csv"))
    book = convert(Path("sheet.csv"), "ods", f"--infilter=Text - txt - csv (StarCalc):44,34,76,1,{columns}")
    sent = convert(book, f"csv:Text - txt - csv (StarCalc):{by}")
    run("import", str(sent), "--for", "sheet", "--write", *ON)
    assert given("sheet") == EXPECTED


def test_a_table_that_libreoffice_read_in_another_encoding_comes_back_whole(convert: Convert) -> None:
    run("questions", "sheet", "--for", "vendor", "-o", "sheet.csv", *ON)
    fill_table(Path("sheet.csv"))
    columns = "/".join(f"{number}/2" for number in range(1, 20))
    sent = convert(Path("sheet.csv"), "xlsx", f"--infilter=Text - txt - csv (StarCalc):44,34,1,1,{columns}")
    run("import", str(sent), "--for", "sheet", "--write", *ON)
    assert given("sheet") == EXPECTED


def workbook(name: str, sheets: Mapping[str, Sequence[Sequence[str]]]) -> Path:
    made = xlsxwriter.Workbook(name)
    for title, rows in sheets.items():
        page = made.add_worksheet(title)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    made.close()
    return Path(name)


HECVAT: Mapping[str, Sequence[Sequence[str]]] = {
    "START HERE": [["HECVAT"], ["Date Completed", "", "2026-11-03"], ["GNRL-01", '=""&"Name"', "Acme"]],
    "Product": [
        ["ID", "Question", "Answer", "Additional Information"],
        ["AAAI-01", "=VLOOKUP(A2,Questions!A:B,2,FALSE)", "Yes", "SAML and OIDC."],
        ["AAAI-02", "=VLOOKUP(A3,Questions!A:B,2,FALSE)", ""],
    ],
    "Institution Evaluation": [["AAAI-01", "", "No"]],
    "Questions": [
        ["New ID", "Question", "Standard Guidance", "Reason for Question", "Compliant Response"],
        ["GNRL-01", "Solution Provider Name", "", "", "Not scored"],
        ["AAAI-01", "Is single sign-on supported?*", "", "", "Yes"],
        ["AAAI-02", "Are passwords stored in clear text?", "", "", "No"],
    ],
    "Auto Responses": [["", "Code", "Full Name"], ["", "AAAI", "Authentication"]],
}
CAIQ: Mapping[str, Sequence[Sequence[str]]] = {
    "Introduction": [["CAIQ"]],
    "CAIQv4.0.3": [
        ["CONSENSUS ASSESSMENTS INITIATIVE QUESTIONNAIRE v4.0.3"],
        ["Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CSP Implementation Description"],
        ["LOG-01.1", "Are logging policies established?", "Yes", "CSP-owned", "See our policy."],
        ["LOG-02.1", "Are audit logs protected?", ""],
    ],
}


def confirm(name: str) -> None:
    """Let every proposal count, as `K` does."""
    path = next(Path("assessments", name).glob("*.toml"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(("confirm", "seal"))), encoding="utf-8")


def test_three_ways_of_asking_are_compared_and_handed_over_and_one_row_comes_back(
    convert: Convert, capsys: pytest.CaptureFixture[str]
) -> None:
    run("questions", "sheet", "--for", "vendor", "-o", "sheet.xlsx", *ON)
    fill_workbook(Path("sheet.xlsx"))
    files = {"sheet": Path("sheet.xlsx"), "hecvat": workbook("h.xlsx", HECVAT), "caiq": workbook("c.xlsx", CAIQ)}
    for name, path in files.items():
        run("import", str(convert(convert(path, "ods"), "xlsx")), "--for", name, "--write", *ON)
        confirm(name)
    assert answers("hecvat").answer("sign-in").note == (
        "HECVAT AAAI-01 (Is single sign-on supported?): Yes. SAML and OIDC."
    )
    assert answers("caiq").answer("logs").level == 1
    run("score", "sheet", *ON)
    for ending in ("docx", "xlsx"):
        run("compare", "sheet", "hecvat", "caiq", "-o", f"comparison.{ending}", *ON)
        convert(Path(f"comparison.{ending}"), "pdf")
    later = {**FILLED, "network": {**FILLED["network"], "answer": "0"}}
    fill_workbook(Path("sheet.xlsx"), later)
    sent = convert(convert(Path("sheet.xlsx"), "ods"), "xlsx")
    capsys.readouterr()
    run("import", str(sent), "--for", "sheet", *LATER)
    shown = capsys.readouterr().out
    assert "0 new, 1 different, 3 kept, 0 unusable" in shown
    assert 'network: "Network"' in shown


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (("score", "sheet"), "score.xlsx"),
        (("compare", "sheet", "caiq"), "compare.xlsx"),
        (("compare", "sheet", "caiq"), "compare.docx"),
        (("list",), "list.xlsx"),
        (("list", "--due", "400"), "due.xlsx"),
        (("register",), "register.xlsx"),
        (("report", "sheet"), "report.docx"),
        (("export",), "tables.xlsx"),
        (("questions", "sheet"), "questions.xlsx"),
    ],
    ids=lambda each: each if isinstance(each, str) else each[0],
)
def test_libreoffice_opens_what_we_write(convert: Convert, command: tuple[str, ...], file: str) -> None:
    run(*command, "-o", file, *ON)
    if file.endswith(".xlsx"):
        assert openpyxl.load_workbook(file).sheetnames
    assert convert(Path(file), "pdf").read_bytes().startswith(b"%PDF")


def test_a_workbook_has_the_same_text_once_libreoffice_saved_it(convert: Convert) -> None:
    run("questions", "sheet", "--for", "vendor", "-o", "sheet.xlsx", *ON)
    run("import", "sheet.xlsx", "--for", "sheet", *ON)
    saved = convert(convert(Path("sheet.xlsx"), "ods"), "xlsx")
    before, after = (
        {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book.worksheets}
        for book in (openpyxl.load_workbook("sheet.xlsx"), openpyxl.load_workbook(saved))
    )
    assert list(after) == list(before)
    for title, rows in before.items():
        assert [row[: len(rows[0])] for row in after[title][: len(rows)]] == rows
