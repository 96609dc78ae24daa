"""Answer files and spreadsheets of a survey, taken into a workspace."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart

from surveys import HARBOUR, RUBRIC, pair, put, respondent
from toolvet.domain.assessment import Answer, Reviewer, RubricRef, Subject
from toolvet.errors import NotSaved, ToolvetError, UnusableFile
from toolvet.services.assessments import Session
from toolvet.services.survey_rounds import close_round
from toolvet.storage.reader import read_assessment
from toolvet.storage.survey_import import (
    ImportOutcome,
    Keeper,
    Respondent,
    answer_head,
    importing,
    respondents_in,
    toml_string,
)
from toolvet.storage.survey_table import csv_columns, is_spreadsheet, rows_in
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace

ON = date(2026, 11, 20)
ANSWER = {"off-hours": pair(3, 1)}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def _respondents(path: Path, workspace: Workspace) -> list[Respondent]:
    about = (workspace.rubric(*RUBRIC), Subject(HARBOUR))
    return list(respondents_in(path, workspace, about if is_spreadsheet(path) else None, ON))


def _sheet(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _faults(path: Path, workspace: Workspace) -> list[str]:
    with pytest.raises(UnusableFile) as raised:
        _respondents(path, workspace)
    return [str(problem).removeprefix(f"{path}") for problem in raised.value.problems]


def _keep(path: Path, workspace: Workspace) -> list[tuple[ImportOutcome, Path]]:
    """Take that file in, as one command does."""
    keeper = Keeper(workspace)
    kept = [keeper.keep(one, ON) for one in _respondents(path, workspace)]
    return [(one.outcome, one.path) for one in kept]


def _outcomes(path: Path, workspace: Workspace) -> list[ImportOutcome]:
    return [outcome for outcome, _ in _keep(path, workspace)]


def test_an_answer_file_is_kept_as_it_came(tmp_path: Path, workspace: Workspace) -> None:
    path = put(tmp_path, 42, respondent(ANSWER, group="it", started=date(2026, 11, 3)))
    ((outcome, kept),) = _keep(path, workspace)
    assert outcome is ImportOutcome.NEW
    assert kept == workspace.root / "assessments" / "harbour-cooperative" / "2026-11-03-000000000042.toml"
    assert kept.read_bytes() == path.read_bytes()


def test_an_import_waits_for_no_other_and_counts_nothing_twice(workspace: Workspace) -> None:
    with (
        importing(workspace),
        pytest.raises(NotSaved, match=r"\.import is locked by "),
        importing(workspace),
    ):
        pass


def test_the_same_content_under_another_name_is_there_already(tmp_path: Path, workspace: Workspace) -> None:
    path = put(tmp_path, 42, respondent(ANSWER))
    copy = tmp_path / "copy (1).toml"
    copy.write_bytes(path.read_bytes())
    assert [_outcomes(one, workspace) for one in (path, copy)] == [[ImportOutcome.NEW], [ImportOutcome.KNOWN]]


def test_two_people_with_the_same_answers_are_two(tmp_path: Path, workspace: Workspace) -> None:
    paths = {_keep(put(tmp_path, number, respondent(ANSWER)), workspace)[0][1] for number in (41, 42)}
    assert len(paths) == 2


def test_the_same_number_replaces_what_it_said(tmp_path: Path, workspace: Workspace) -> None:
    ((_, first),) = _keep(put(tmp_path, 42, respondent(ANSWER)), workspace)
    assert _keep(put(tmp_path, 42, respondent({"off-hours": pair(2, 2)})), workspace) == [
        (ImportOutcome.REPLACED, first)
    ]
    assert read_assessment(first).assessment.answers == {"off-hours": pair(2, 2)}


def test_a_corrected_row_replaces_what_it_said(tmp_path: Path, workspace: Workspace) -> None:
    rows = ("respondent,started,off-hours.expected,off-hours.delivered", "1,2026-11-02,3,1", "2,2026-11-02,3,1")
    assert _outcomes(_sheet(tmp_path, *rows), workspace) == [ImportOutcome.NEW, ImportOutcome.NEW]
    corrected = _sheet(tmp_path, *rows[:2], "2,2026-11-02,4,0")
    assert _outcomes(corrected, workspace) == [ImportOutcome.KNOWN, ImportOutcome.REPLACED]
    assert len(list((workspace.root / "assessments" / "harbour-cooperative").glob("*.toml"))) == 2


def test_a_row_that_a_closed_round_counts_goes_to_the_next(tmp_path: Path, workspace: Workspace) -> None:
    rows = [f"{number},2026-11-02,3,1" for number in range(1, 6)]
    header = "respondent,started,off-hours.expected,off-hours.delivered"
    _keep(_sheet(tmp_path, header, *rows), workspace)
    close_round(Session(workspace, lambda: ON), "harbour-cooperative")
    corrected = _sheet(tmp_path, header, *rows[:4], "5,2026-11-02,4,0")
    assert _outcomes(corrected, workspace) == [ImportOutcome.KNOWN] * 4 + [ImportOutcome.NEXT_ROUND]


def test_a_file_written_by_hand_gets_a_random_name(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'format = 1\nrubric = {id = "collaboration-readiness", version = "1.1.0"}\nsubject.name = "X"\n'
        "answers.off-hours.expected = 2\n"
    )
    ((_, kept),) = _keep(path, workspace)
    assert re.fullmatch(r"2026-11-20-\d{12}\.toml", kept.name)
    assert _outcomes(path, workspace) == [ImportOutcome.KNOWN]


def test_what_the_open_round_asks_stays_once_somebody_answered(tmp_path: Path, workspace: Workspace) -> None:
    _keep(put(tmp_path, 41, respondent(ANSWER)), workspace)
    rubrics = workspace.root / "rubrics"
    text = (rubrics / f"{'-'.join(RUBRIC)}.toml").read_text(encoding="utf-8")
    (rubrics / "later.toml").write_text(text.replace('version = "1.1.0"', 'version = "1.2.0"'), encoding="utf-8")
    _keep(put(tmp_path, 42, replace(respondent(ANSWER), rubric=RubricRef(RUBRIC[0], "1.2.0"))), workspace)
    asked, _ = workspace.surveys.asked_in("harbour-cooperative")
    assert asked is not None
    assert (asked.id, asked.version) == RUBRIC


def test_names_and_times_tell_nothing_of_a_row(tmp_path: Path, workspace: Workspace) -> None:
    sheet = _sheet(tmp_path, "respondent,started,off-hours.expected", "7,2026-11-02,3", "8,2026-11-02,3")
    paths = [path for _, path in _keep(sheet, workspace)]
    others = [path for _, path in _keep(sheet, Workspace(tmp_path / "another"))]
    assert {path.name for path in paths}.isdisjoint(path.name for path in others)
    assert len({path.stat().st_mtime_ns for path in paths}) == 1


def test_what_is_kept_of_an_answer_file_changed_by_hand_tells_no_time_either(
    tmp_path: Path, workspace: Workspace
) -> None:
    ((_, path),) = _keep(_sheet(tmp_path, "respondent,started,off-hours.expected", "7,2026-11-02,3"), workspace)
    path.write_bytes(path.read_bytes() + b"# mine\n")
    file = read_assessment(path)
    kept = workspace.save(file, file.assessment.with_answer("off-hours", Answer(expected=2))).kept_original
    assert kept is not None
    assert kept.stat().st_mtime_ns == path.stat().st_mtime_ns


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('reviewer.name = "Ada"', ":4: a survey is answered without a name; remove it"),
        ('reviewer.group = "staff"', ':4: there is no group "staff" in collaboration-readiness; '),
        ("answers.off-hours.expected = 5", ":4: off-hours has no level 5; its ladder ends at 4, so choose 0 to 4"),
        ("answers.off-hour.expected = 3", ':4: there is no question "off-hour" in collaboration-readiness; did you '),
        (
            'reviewer.name = "Ada"\nanswers.off-hours.level = 3',
            ":5: collaboration-readiness is answered with expected ",
        ),
        ("", ":1: holds no answer; leave it out"),
        ("answers.off-hours.expected = 3\nsurprise = 1", ':5: unknown key "surprise"; remove it, or choose from '),
    ],
)
def test_a_foreign_file_is_told_by_line(lines: str, fault: str, tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "foreign.toml"
    path.write_text(
        'format = 1\nrubric = {id = "collaboration-readiness", version = "1.1.0"}\nsubject.name = "X"\n' + lines + "\n"
    )
    assert fault in [one[: len(fault)] for one in _faults(path, workspace)]


def test_answers_on_a_tool_are_refused(workspace: Workspace) -> None:
    example = next((Path(__file__).parents[2] / "examples" / "assessments").rglob("*.toml"))
    faults = _faults(example, workspace)
    assert any("rates tools and is not a survey" in fault for fault in faults)


def test_a_missing_rubric_is_told_with_the_file(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "other.toml"
    path.write_text('format = 1\nrubric = {id = "nobodys", version = "1"}\nsubject.name = "X"\n')
    with pytest.raises(ToolvetError, match=re.escape(f'{path}: rubric "nobodys" 1 is neither in ')):
        _respondents(path, workspace)


def test_a_changed_seal_is_refused(tmp_path: Path, workspace: Workspace) -> None:
    path = put(tmp_path, 42, respondent(ANSWER))
    path.write_text(path.read_text().replace("expected = 3", "expected = 2"))
    assert _faults(path, workspace) == [
        ":2: was cut or changed since toolvet wrote it; ask for it again, or remove this line if the change is meant"
    ]


def test_the_workspace_is_furnished_with_the_rubric(tmp_path: Path, workspace: Workspace) -> None:
    _keep(put(tmp_path, 42, respondent(ANSWER)), workspace)
    assert (workspace.root / "rubrics" / "collaboration-readiness-1.1.0.toml").is_file()
    assert (workspace.root / ".toolvet" / "assessment-gap.schema.json").is_file()


def test_a_row_becomes_a_sealed_file(tmp_path: Path, workspace: Workspace) -> None:
    path = _sheet(tmp_path, "group,started,off-hours.expected,off-hours.delivered", "it,2026-11-02,3,")
    ((_, kept),) = _keep(path, workspace)
    file = read_assessment(kept)
    assert file.seal is Seal.INTACT
    assert (file.assessment.reviewer, file.assessment.started) == (Reviewer(group="it"), date(2026, 11, 2))
    assert file.assessment.answers == {"off-hours": Answer(expected=3)}


def test_rows_alike_are_people_and_stay_the_same_in_a_longer_sheet(tmp_path: Path, workspace: Workspace) -> None:
    rows = ["off-hours.expected", "3", "3", "2"]
    new, known = ImportOutcome.NEW, ImportOutcome.KNOWN
    assert _outcomes(_sheet(tmp_path, *rows), workspace) == [new] * 3
    assert _outcomes(_sheet(tmp_path, *rows, "3"), workspace) == [known] * 3 + [new]


def test_what_a_spreadsheet_program_writes_is_understood(tmp_path: Path, workspace: Workspace) -> None:
    sheet = _sheet(
        tmp_path, "Group,Started,off-hours.expected,,", " Managers,02.11.2026,3.0,,", "IT,2026-11-03 09:12,2,,"
    )
    found = [one.assessment for one in _respondents(sheet, workspace)]
    assert [(one.reviewer.group, one.started, one.answer("off-hours").expected) for one in found] == [
        ("managers", date(2026, 11, 2), 3),
        ("it", date(2026, 11, 3), 2),
    ]


def test_a_workbook_is_read_as_a_spreadsheet(tmp_path: Path, workspace: Workspace) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["group", "started", "off-hours.expected", "off-hours.delivered", None])
    sheet.append(["Managers", date(2026, 11, 2), 3, 1.0, None])
    book.save(tmp_path / "answers.xlsx")
    (one,) = _respondents(tmp_path / "answers.xlsx", workspace)
    assert (one.assessment.reviewer.group, one.assessment.started) == ("managers", date(2026, 11, 2))
    assert one.assessment.answers == {"off-hours": pair(3, 1)}


def test_a_workbook_of_charts_alone_holds_no_answer(tmp_path: Path, workspace: Workspace) -> None:
    path, made = tmp_path / "answers.xlsx", Workbook()
    made.remove(made.worksheets[0])
    made.create_chartsheet("Chart").add_chart(BarChart())
    made.save(path)
    assert _faults(path, workspace) == [":1: no column answers a question; name them as beyond-email.expected"]


def test_what_is_no_workbook_is_told(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(b"group,off-hours.expected")
    assert _faults(path, workspace) == [": is damaged, or locked by a password; save it again as .xlsx"]


@pytest.mark.parametrize("separator", [",", ";"])
def test_columns_in_any_order_and_either_separator(separator: str, tmp_path: Path, workspace: Workspace) -> None:
    header = separator.join(("off-hours.delivered", "respondent", "group", "off-hours.expected"))
    (one,) = _respondents(_sheet(tmp_path, header, separator.join(("1", "7", "managers", "3"))), workspace)
    assert one.assessment.answers == {"off-hours": pair(3, 1)}
    assert one.assessment.started == ON


def test_a_row_without_an_answer_is_nobody(tmp_path: Path, workspace: Workspace) -> None:
    rows = ("group,off-hours.expected", "it,", "", "it,3")
    assert len(_respondents(_sheet(tmp_path, *rows), workspace)) == 1


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (
            ["off-hour.expected", "3"],
            [':1: there is no column "off-hour.expected" for collaboration-readiness; did you '],
        ),
        (["group,group,off-hours.expected", "it,it,3"], [':1: column "group" is there twice; remove one']),
        (["group", "it"], [":1: no column answers a question; name them as beyond-email.expected"]),
        (
            ["off-hours.expected", "5", "-1", "3.5", "many"],
            [
                ':2: off-hours.expected is "5"; give 0 to 4, or leave it empty',
                ':3: off-hours.expected is "-1"; give 0 to 4, or leave it empty',
                ':4: off-hours.expected is "3.5"; give 0 to 4, or leave it empty',
                ':5: off-hours.expected is "many"; give 0 to 4, or leave it empty',
            ],
        ),
        (
            ["started,off-hours.expected", "11/02/2026,3"],
            [':2: started is "11/02/2026"; write the day as 2026-11-02 or 02.11.2026'],
        ),
        (
            ["Timestamp,off-hours.expected,Mail", "x,3,y"],
            [
                ':1: there is no column "timestamp" for collaboration-readiness; remove it',
                ':1: there is no column "mail" for collaboration-readiness; remove it',
            ],
        ),
        (
            ["respondent,off-hours.expected", "7,3", "007,2"],
            [":3: respondent 7 is on line 2 too; keep the row that counts"],
        ),
        (
            ["group,off-hours.expected", "managrs,3"],
            [':2: group is "managrs"; choose from employees, managers, it, client-facing, customers, or leave '],
        ),
        (["group,off-hours.expected", "it"], [":2: has 1 cells under 2 columns; give it as many"]),
        (
            ["respondent,off-hours.expected", "ada@example.com,3"],
            [":2: respondent is not a plain number; give none, or "],
        ),
        (["off-hours.expected"], [": holds no answer; it needs a header and a row for each respondent"]),
        (["off-hours.expected,group", '3,"it'], [":2: not valid CSV: unexpected end of data; export it again"]),
    ],
)
def test_what_is_wrong_in_a_sheet_is_told_by_line(
    lines: list[str], faults: list[str], tmp_path: Path, workspace: Workspace
) -> None:
    told = _faults(_sheet(tmp_path, *lines), workspace)
    assert [one[: len(fault)] for one, fault in zip(told, faults, strict=True)] == faults


def test_of_more_faults_than_are_told_it_says_so(tmp_path: Path, workspace: Workspace) -> None:
    told = _faults(_sheet(tmp_path, "off-hours.expected", *["9"] * 120), workspace)
    assert (len(told), told[-1]) == (101, ": was not read further; mend these first")


def test_a_sheet_in_another_encoding_is_told(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(b"off-hours.expected\n3\n\xe9\n")
    assert _faults(path, workspace) == [":3: is not UTF-8 text; export it again with that encoding"]


def test_a_sheet_of_a_spreadsheet_program_with_its_mark_is_read(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("\ufeffoff-hours.expected;group\r\n3;it\r\n".encode())
    rows = rows_in(path, workspace.rubric(*RUBRIC), Subject("X"), ON)
    assert [row.assessment.reviewer.group for row in rows] == ["it"]


def test_every_column_is_known(workspace: Workspace) -> None:
    columns = csv_columns(workspace.rubric(*RUBRIC))
    assert len(set(columns)) == len(columns) == 3 + 2 * 24


@pytest.mark.parametrize("name", ["X", 'A "b" \\ c', "line\nbreak", "\u202e\x7f", "Grüße 東京"])
def test_the_head_of_an_answer_file_says_any_name(name: str, tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "x.toml"
    path.write_text(
        f"format = 1\n{answer_head(workspace.rubric(*RUBRIC), name)}\n[reviewer]\ngroup = {toml_string('it')}\n"
        "[answers.off-hours]\nexpected = 1\n",
        encoding="utf-8",
        newline="",
    )
    (one,) = _respondents(path, workspace)
    assert (one.assessment.subject.name, one.assessment.reviewer.group) == (name, "it")
