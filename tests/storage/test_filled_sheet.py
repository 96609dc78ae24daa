"""Filled sheets read as answers: what people and their programs make of them, and what comes back as it went out."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import ScopeFact
from toolvet.domain.sheet import AboutRow, Audience
from toolvet.errors import UnusableFile
from toolvet.report.question_sheet import question_sheet, sheet_csv, workbook_sheets
from toolvet.report.workbook import workbook_bytes
from toolvet.storage.filled_sheet import FilledSheet, SheetAnswers, read_answers, read_filled_sheet

RUBRIC = make_rubric(
    make_criterion("security", make_question("sign-in", levels=4), make_question("audit", levels=3)),
    make_criterion("devices", make_question("join")),
    scope=(ScopeFact("data", "Which data?", ("internal", "confidential")),),
)
ON = date(2026, 11, 2)


def filled(folder: Path, text: str, encoding: str = "utf-8") -> FilledSheet:
    path = folder / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    return read_filled_sheet(path)


def answered(folder: Path, text: str) -> SheetAnswers:
    return read_answers(filled(folder, text), RUBRIC)


def said(found: SheetAnswers) -> list[str]:
    return [f"{row.place}: {row.message}" for row in found.unusable]


@pytest.mark.parametrize("cell", ["#NAME?", "#REF!", "#N/A", "Err:508"])
def test_an_error_of_a_spreadsheet_program_is_no_text(tmp_path: Path, cell: str) -> None:
    found = answered(tmp_path, f"question,answer,note\nsign-in,2,{cell}\naudit,{cell},\n")
    what = f'"{cell}", an error of the spreadsheet program; type it as text'
    assert (found.answers, said(found)) == ({}, [f"row 2: note is {what}", f"row 3: answer is {what}"])


@pytest.mark.parametrize("own", [0x0000, 0xF100], ids=["Excel", "LibreOffice"])
@pytest.mark.parametrize(
    "letters", ["caf\u00e9", "\u201cquoted\u201d", "\u00c1 \u00cd \u00cf \u00d0 \u00dd", "\u65e5\u672c"]
)
def test_letters_that_a_program_took_for_windows_1252_are_put_right(tmp_path: Path, letters: str, own: int) -> None:
    """Bytes that are no letter there come as characters of the program's own."""
    text = f"question,answer,note\nsign-in,2,{letters}\n".encode("utf-8-sig")
    no_letters = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    seen = "".join(chr(own + byte) if byte in no_letters else bytes([byte]).decode("cp1252") for byte in text)
    sheet = filled(tmp_path, seen)
    assert read_answers(sheet, RUBRIC).answers["sign-in"].note == letters
    assert len(sheet.notes) == 1


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("2", Answer(level=2)),
        ("3.0", Answer(level=3)),
        ('"3,0"', Answer(level=3)),
        ("level 1", Answer(level=1)),
        ("2: rung 2", Answer(level=2)),
        ("Rung 0", Answer(level=0)),
        ("Unknown", Answer(unknown="")),
        ("don\u2019t know", Answer(unknown="")),
        ("N/A", Answer(not_applicable="")),
        ("", Answer()),
    ],
)
def test_an_answer_is_read_however_it_is_typed(cell: str, answer: Answer, tmp_path: Path) -> None:
    note = Answer(note="x") if answer == Answer() else answer
    found = answered(tmp_path, f"question,answer,note\nsign-in,{cell},{'x' if note.note else ''}\n")
    assert (found.answers, found.unusable) == ({"sign-in": note}, ())


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("sign-in,7,,,", 'row 2: sign-in is "7"; answer with a rung, 0 to 3, unknown or not applicable'),
        *(
            (f"sign-in,{cell},,,", f'row 2: its answer is "{cell}"; give the rung alone, and move the rest to the note')
            for cell in ("2-3", "2\u20133", "3-Feb", "3 - if we buy the add-on", "1: rung 2")
        ),
        ("sign-in,=1+1,,,", 'row 2: its answer is a formula, "=1+1"; type the rung, 0 to 3'),
        (
            "sign-in,,why,,",
            "row 2: has a reason but no answer; choose unknown or not applicable, or move it to the note",
        ),
        ("sign-on,2,,,", 'row 2: there is no question "sign-on" in small; did you mean "sign-in"?'),
        (",2,,,", "row 2: is filled in, but names no question; undo merged cells, or put its id back"),
        ("sign-in,2,,,tested", "row 2: has a grade but no source; say where it was seen"),
        ("scope.data,secret,,,", 'row 2: data has no option "secret"; there is internal, confidential'),
    ],
)
def test_what_cannot_be_used_is_named_with_its_row_and_what_to_do(row: str, problem: str, tmp_path: Path) -> None:
    assert said(answered(tmp_path, f"question,answer,reason,source,grade\n{row}\n")) == [problem]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-05-13", date(2026, 5, 13)),
        ("13.5.2026", date(2026, 5, 13)),
        ("4.3.2026", date(2026, 3, 4)),
        ("13/05/2026", date(2026, 5, 13)),
        ("5/13/2026", date(2026, 5, 13)),
        ("5/5/2026", date(2026, 5, 5)),
        ("13 May 2026", date(2026, 5, 13)),
        ('"May 13, 2026"', date(2026, 5, 13)),
        ("2026-05-13 00:00:00", date(2026, 5, 13)),
    ],
)
def test_a_date_is_read_where_it_can_mean_one_day_only(cell: str, day: date, tmp_path: Path) -> None:
    found = answered(tmp_path, f"question,answer,answered\nsign-in,2,{cell}\n")
    assert found.answers["sign-in"].answered == day


def test_a_date_that_may_be_two_days_is_asked_about(tmp_path: Path) -> None:
    found = answered(tmp_path, "question,answer,answered\nsign-in,2,03/04/2026\n")
    assert said(found) == ['row 2: answered "03/04/2026" may be 2026-04-03 or 2026-03-04; write the day as 2026-11-02']


def test_columns_come_in_any_order_and_added_ones_are_told(tmp_path: Path) -> None:
    sheet = filled(tmp_path, "Our sheet\n\nNote;ANSWER;Owner;Question\nx;2;Ada;sign-in\n")
    assert read_answers(sheet, RUBRIC).answers == {"sign-in": Answer(level=2, note="x")}
    assert sheet.notes == ("These columns are unknown and were left out: Owner.",)


def test_a_sheet_in_the_encoding_of_windows_is_read_and_told(tmp_path: Path) -> None:
    sheet = filled(tmp_path, "question;answer;note\nsign-in;2;naïve\n", "cp1252")
    assert read_answers(sheet, RUBRIC).answers["sign-in"].note == "naïve"
    assert sheet.notes == ("Read as Windows-1252, because it is not UTF-8; check letters with accents.",)


def test_a_question_answered_twice_is_told_and_the_same_twice_is_not(tmp_path: Path) -> None:
    found = answered(tmp_path, "question,answer\nsign-in,2\nsign-in,1\naudit,1\naudit,1\n")
    assert said(found) == ["row 3: answers sign-in again, after row 2; keep one of the two"]
    assert found.answers == {"sign-in": Answer(level=2), "audit": Answer(level=1)}


def test_a_column_that_stands_twice_is_told_where_both_are_filled_in(tmp_path: Path) -> None:
    found = answered(tmp_path, "question,answer,Answer\nsign-in,2,1\naudit,,1\n")
    assert said(found) == ["row 2: fills in two columns named answer; keep one of the two"]
    assert found.answers == {"audit": Answer(level=1)}


def test_a_file_without_our_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="holds no question sheet"):
        filled(tmp_path, "name,value\na,1\n")


def test_the_form_itself_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match='is the form itself; open it in a browser, press "Save my answers"'):
        read_filled_sheet(tmp_path / "form.html")


def test_a_reason_for_a_level_becomes_a_note(tmp_path: Path) -> None:
    found = answered(tmp_path, "question,answer,reason,note\nsign-in,2,because,seen\n")
    assert found.answers["sign-in"] == Answer(level=2, note="seen\n\nbecause")


TEXTS = st.text(
    st.characters(exclude_categories=("Cn", "Co", "Cs", "Z"), include_characters=" \n'\"=;,+-@"), min_size=1
)
WORDS = TEXTS.map(lambda text: " ".join(text.split(" ")).strip().replace("\r", "").replace("\t", "")).filter(bool)
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
SEEN = st.builds(Evidence, WORDS, st.none() | st.sampled_from(Grade), st.none() | DAYS)


def judged(answer: Answer, judgement: tuple[str, object]) -> Answer:
    name, value = judgement
    return replace(answer, **{name: value})  # type: ignore[arg-type]


ANSWERS = st.builds(
    judged,
    st.builds(
        Answer,
        answered=st.none() | DAYS,
        note=st.none() | WORDS,
        setting=st.none() | WORDS,
        evidence=st.lists(SEEN, max_size=3).map(tuple),
    ),
    st.tuples(st.just("level"), st.none() | st.integers(0, 2))
    | st.tuples(st.sampled_from(["unknown", "not_applicable"]), st.just("") | WORDS),
)


@settings(max_examples=25)
@given(answers=st.dictionaries(st.sampled_from(["sign-in", "audit", "join"]), ANSWERS))
def test_answers_come_back_as_they_went_out(
    answers: Mapping[str, Answer], tmp_path_factory: pytest.TempPathFactory
) -> None:
    about = Assessment(
        RubricRef("small", "1.0.0"), Subject("Tool"), Reviewer("Ada"), scope={"data": "internal"}, answers=answers
    )
    sheet = question_sheet(RUBRIC, tuple(RUBRIC.questions()), about, Audience.COLLEAGUE)
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "a.csv").write_bytes(codecs.BOM_UTF8 + sheet_csv(sheet).encode())
    (folder / "a.xlsx").write_bytes(workbook_bytes(sheet.title, workbook_sheets(sheet), ON))
    given_answers = {name: answer for name, answer in answers.items() if answer != Answer()}
    for name in ("a.csv", "a.xlsx"):
        filled_sheet = read_filled_sheet(folder / name)
        found = read_answers(filled_sheet, RUBRIC)
        assert (found.answers, found.scope, found.unusable) == (given_answers, {"data": "internal"}, ())
        assert filled_sheet.about(AboutRow.RUBRIC) == "small 1.0.0"
