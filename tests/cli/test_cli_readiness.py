"""`toolvet readiness`: the result, its report, the form and what is taken in."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from surveys import DOCUMENT, HARBOUR, close, closed, five, pair, put, put_all, respondent, result_of, said_by, twelve
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer
from toolvet.storage.reader import read_round
from toolvet.storage.toml_input import hex_digest
from toolvet.storage.writer import round_bytes

DAY = date(2026, 11, 20)
ON = ("--on", "2026-11-20")


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def _twelve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text(twelve(), encoding="utf-8")
    assert main(["readiness", "--import", "answers.csv", "--organisation", HARBOUR]) == 0
    assert main(["readiness", "--close", *ON]) == 0
    capsys.readouterr()


def _of(result: dict[str, Any], question: str, group: str | None = None) -> dict[str, Any]:
    found = next(one for one in result["questions"] if one["id"] == question)
    return found if group is None else next(one for one in found["groups"] if one["group"] == group)


@pytest.mark.usefixtures("_twelve")
def test_twelve_people_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    mail = _of(result_of(capsys, *ON), "beyond-email")
    # Expected 3 3 4 3 2 3 | 3 2 3 2 3 2 is 33, delivered 1 2 1 2 1 1 | 2 2 3 2 2 1 is 20, of 12.
    # A spread beside both groups' means would all but tell that every employee expects 3, and every manager gets 2.
    assert mail["expected"] == {"mean": 2.75, "people": 12, "spread": None, "near": None}
    assert mail["delivered"] == {"mean": float(Fraction(20, 12)), "people": 12, "spread": None, "near": None}
    assert mail["gap"] == {"mean": float(Fraction(-13, 12)), "people": 12, "reading": "short"}


@pytest.mark.usefixtures("_twelve")
def test_the_document_has_the_figures_that_the_program_gives(capsys: pytest.CaptureFixture[str]) -> None:
    result = result_of(capsys, *ON)
    rows = re.findall(r"^\| ([a-z-]+) \| (everybody|employees|managers) \| (.*) \|$", DOCUMENT, re.MULTILINE)
    assert len(rows) == 11
    for question, who, cells in rows:
        found = _of(result, question, None if who == "everybody" else who)
        gap = found["gap"]
        sides = [f"{found[side]['mean']:.2f}" for side in ("expected", "delivered")]
        assert cells.split(" | ") == [*sides, f"{gap['mean']:+.2f}", gap["reading"], str(gap["people"])]


@pytest.mark.usefixtures("_twelve")
def test_areas_of_the_twelve(capsys: pytest.CaptureFixture[str]) -> None:
    areas = result_of(capsys, *ON)["areas"]
    assert [(one["id"], one["gap"], one["in_balance"]) for one in areas] == [
        ("communication", float(Fraction(13, 24)), False),
        ("decision-making", -0.5, False),
        ("productivity", None, None),
        ("expectations", float(Fraction(5, 12)), True),
    ]


@pytest.mark.usefixtures("_twelve")
def test_the_text_says_what_is_short_and_what_is_over_built(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["readiness", *ON]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(
        "Harbour Cooperative: Collaboration readiness, 12 people, 2 November 2026 to 9\n"
        "November 2026\n\n"
        '1 of 3 areas in balance. Out of balance: "Decision making" and "Communication\n'
        'and collaboration".\n'
        'Short: "Beyond e-mail".\n'
        'Over-built: "Any device".\n'
        "Round closed on 20 November 2026.\n"
        "Who answered: employees 6, managers 6.\n"
    )
    assert (
        "Beyond e-mail                     ───────●━━━○─────        2.75        1.67  -1.08  ▼ short              12\n"
    ) in shown
    assert "Ask again by 9 November 2027" in shown


@pytest.mark.usefixtures("_twelve")
def test_two_groups_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["readiness", "--groups", "managers", "employees", "--format", "github", *ON]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [cell.strip() for cell in lines[0].split("|")[1:-1]] == ["question", "managers", "employees"]
    assert [cell.strip() for cell in lines[3].split("|")[1:-1]] == [
        "Beyond e-mail",
        "2.00 of 2.50, -0.50 ≈ near",
        "1.33 of 3.00, -1.67 ▼ short",
    ]


@pytest.mark.usefixtures("_twelve")
def test_by_group_stands_below_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["readiness", "--by", "group", "--format", "csv", *ON]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    mail = [row for row in rows if row["question"] == "beyond-email"]
    assert [(row["group"], row["expected"], row["delivered"], row["gap"], row["people"]) for row in mail] == [
        ("", "2.75", "1.6667", "-1.0833", "12"),
        ("employees", "3", "1.3333", "-1.6667", "6"),
        ("managers", "2.5", "2", "-0.5", "6"),
    ]


@pytest.mark.parametrize("options", [(), ("--by", "group"), ("--groups", "employees", "managers")], ids=len)
@pytest.mark.usefixtures("_twelve")
def test_the_workbook_has_the_figures_of_the_table_and_no_more(
    options: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["readiness", *options, "-o", "r.xlsx", *ON]) == 0
    capsys.readouterr()
    assert main(["readiness", *options, "--format", "csv", *ON]) == 0
    headers, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Readiness"]
    first, *found = sheet.iter_rows(values_only=True)
    assert list(first) == headers
    assert [[_figure(cell) for cell in row[2:]] for row in found] == [
        [_figure(cell) for cell in row[2:]] for row in rows
    ]
    assert {(row[0], row[1]) for row in found} >= {("Communication and collaboration", "Beyond e-mail")}


def _figure(cell: object) -> object:
    """A cell as its number, if it is one."""
    try:
        return float(str(cell))
    except ValueError:
        return cell or None


# Whose answers are counted.


def _two_years(tmp_path: Path) -> None:
    put_all(tmp_path, five(2, 2, started=date(2025, 11, 3)))
    close(tmp_path, date(2025, 11, 10))
    for number, one in enumerate(five(3, 2, started=date(2026, 11, 2)), start=10):
        put(tmp_path, number, one)
    close(tmp_path)


def test_an_earlier_round_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _two_years(tmp_path)
    found = result_of(capsys, "assessments/harbour-cooperative/rounds/2025-11-10.toml", *ON)
    assert (found["round"]["closed"], found["before"]) == ("2025-11-10", None)


def test_last_years_figures_stand_beside_this_years(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _two_years(tmp_path)
    result = result_of(capsys, *ON)
    assert (result["round"]["people"], result["before"]["people"]) == (5, 5)
    assert [
        (one["id"], one["expected"]["mean"], one["delivered"]["mean"]) for one in result["before"]["questions"]
    ] == [("off-hours", 2, 2)]
    assert main(["readiness", *ON]) == 0
    heading = next(line for line in capsys.readouterr().out.splitlines() if "2025" in line and "moved" in line)
    assert re.split(r"  +", heading.strip()) == [
        *("question", "expected 2025", "expected 2026", "moved"),
        *("delivered 2025", "delivered 2026", "moved"),
    ]


def test_a_round_that_has_run_out_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed(tmp_path, five(3, 1, started=date(2026, 11, 2)))
    assert main(["readiness", "--on", "2027-11-03"]) == 0
    assert "This result is out of date: the survey was due again by 2 November 2027." in capsys.readouterr().out


# What is not shown.


def _small_group(tmp_path: Path) -> None:
    """Eight employees who got 1, and two of IT who got 4."""
    people = [respondent({"off-hours": pair(3, 1)}, group="employees") for _ in range(8)]
    people += [respondent({"off-hours": pair(3, 4)}, group="it") for _ in range(2)]
    closed(tmp_path, people)


def test_a_small_group_is_in_no_output_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _small_group(tmp_path)
    result = result_of(capsys)
    assert (_of(result, "off-hours")["groups"], _of(result, "off-hours")["withheld_by_group"]) == ([], True)
    assert main(["readiness", "--by", "group"]) == 0
    shown = capsys.readouterr().out
    assert "No group is large enough to be shown." in shown
    assert "of a single group on 1 question" in shown
    assert "Who answered: employees 8, 2 in groups of fewer than 5.\n" in shown
    assert main(["readiness", "--groups", "it", "employees", "--format", "csv"]) == 0
    rows = [row for row in csv.DictReader(io.StringIO(capsys.readouterr().out)) if row["question"] == "off-hours"]
    assert [(row["group"], row["expected"], row["delivered"], row["gap"], row["withheld"]) for row in rows] == [
        ("", "3", "1.6", "-1.4", "no"),
        ("it", "", "", "", "yes"),
        ("employees", "", "", "", "yes"),
    ]


@pytest.mark.parametrize("ending", ["md", "html", "json"])
def test_a_report_withholds_and_says_so(ending: str, tmp_path: Path) -> None:
    _small_group(tmp_path)
    assert main(["readiness", "--groups", "it", "employees", "-o", f"r.{ending}", *ON]) == 0
    report = (tmp_path / f"r.{ending}").read_text()
    assert "of a single group on 1 question" in report
    assert "4.00" not in report.replace("4.0.0", "")
    assert '"mean": 4' not in report


def test_a_question_of_four_is_not_shown_and_what_would_help_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = five(3, 1)
    people[0] = respondent({"off-hours": Answer(expected=3)}, group="it")
    closed(tmp_path, people)
    found = _of(result_of(capsys), "off-hours")
    assert found == {
        "id": "off-hours",
        "area": "expectations",
        "expected": None,
        "delivered": None,
        "gap": None,
        "one_sided": 1,
        "withheld": True,
        "withheld_by_group": True,
        "groups": [],
    }
    assert main(["readiness"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Too few people answered both sides of a question for any gap to be shown." in shown
    assert 'Answered on one side only, and in no figure: "Contact out of hours" 1.' in shown
    assert 'To show more next time, get 4 more people from "it" and at least 1 more answer to both sides of' in shown


@pytest.mark.parametrize("ending", ["md", "html", "json"])
def test_no_report_names_a_file_or_repeats_a_note(ending: str, tmp_path: Path) -> None:
    paths = closed(
        tmp_path,
        [respondent({"off-hours": Answer(expected=3, delivered=1, note="I am Ada.")}, group="it") for _ in range(5)],
    )
    assert main(["readiness", "-o", f"r.{ending}", *ON]) == 0
    report = (tmp_path / f"r.{ending}").read_text()
    told = [path.name for path in paths if path.stem[11:] in report]
    assert (told, "Ada" in report) == ([], False)


def test_the_digest_of_the_rounds_file_can_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed(tmp_path, five(3, 1))
    (path,) = (tmp_path / "assessments").glob("*/rounds/2*.toml")
    assert result_of(capsys)["round"]["files"] == {"count": 5, "sha256": hex_digest(path.read_bytes())}


def test_no_digest_is_published_from_which_answers_could_be_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = []
    for place in ("one", "other"):
        paths = put_all(tmp_path / place, five(3, 1))
        close(tmp_path / place)
        shown.append(result_of(capsys, "--workspace", str(tmp_path / place))["round"]["files"]["sha256"])
        assert paths[0].read_bytes() == (tmp_path / "one" / paths[0].relative_to(tmp_path / place)).read_bytes()
    assert shown[0] != shown[1]


def test_a_round_without_a_random_mark_has_no_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed(tmp_path, five(3, 1))
    (path,) = (tmp_path / "assessments").glob("*/rounds/2*.toml")
    path.write_bytes(round_bytes(replace(read_round(path).round, salt=None)))
    assert result_of(capsys)["round"]["files"] == {"count": 5, "sha256": None}
    assert main(["readiness", *ON]) == 0
    assert "file of the round" not in capsys.readouterr().out


# The report.


@pytest.mark.usefixtures("_twelve")
def test_the_report_puts_gaps_in_words_of_the_ladder(tmp_path: Path) -> None:
    assert main(["readiness", "-o", "r.md", *ON]) == 0
    report = (tmp_path / "r.md").read_text()
    assert (
        '  - Delivered is nearest to "Shared space inside the team, mail across teams." (rung 2 of 4); '
        'expected is "Shared space across teams; mail only for outsiders." (rung 3 of 4).\n'
    ) in report
    assert 'people ask only for "One laptop." (rung 1 of 4).\n' in report
    assert report.index("### Short") < report.index("### Slipping") < report.index("### Over-built")


@pytest.mark.usefixtures("_twelve")
def test_the_report_as_html_draws_dumbbells_with_their_figures_as_text(tmp_path: Path) -> None:
    assert main(["readiness", "-o", "r.html", *ON]) == 0
    report = (tmp_path / "r.html").read_text()
    assert '<svg xmlns="http://www.w3.org/2000/svg" role="img"' in report
    assert "<title>Communication and collaboration: expected and delivered</title>" in report
    assert "Beyond e-mail: expected 2.75, delivered 1.67, gap -1.08, of 4; Any device: expected 1.33" in report


def test_foreign_text_in_a_report_is_text(tmp_path: Path) -> None:
    closed(tmp_path, five(3, 1, about='<script>alert("x")</script> | [x](http://y)'))
    assert main(["readiness", "-o", "r.html"]) == 0
    assert main(["readiness", "-o", "r.md"]) == 0
    assert "<script" not in (tmp_path / "r.html").read_text()
    assert "# \\<script\\>alert" in (tmp_path / "r.md").read_text()


# Wrong usage.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--form", "--import"], "give one of --form (writes the survey), --import (takes answers) and --close "),
        (["--import"], "name the answer files to import: toolvet readiness --import FILE...\n"),
        (["--group", "it"], "--group goes with --form; to see a result, use --by group or --groups\n"),
        (["--form", "X", "--group", "managrs"], "--group: 'managrs' is not known; did you mean 'managers'?\n"),
        (["--form", "X", "--rubric", "collaboration-tool"], "--rubric collaboration-tool rates tools; "),
        (["--form"], "name the organisation that the survey is about: toolvet readiness --form NAME -o survey.html\n"),
        (["--form", "X", "Y"], "a form is about one organisation; put a name of several words in quotes\n"),
        (["--form", "X", "-o", "survey.md"], "--output survey.md: the form is a page; use a name ending in .html"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = said_by(capsys, *arguments)
    assert (status, said[: len(message)]) == (2, message)


def test_an_unknown_group_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed(tmp_path, five(3, 1))
    status, said = said_by(capsys, "--groups", "managers", "staff")
    assert (status, said[:31]) == (2, "--groups: 'staff' is not known;")


# Taking answers in.


def test_files_that_come_again_are_counted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    away = tmp_path / "mail"
    first, second = (str(put(away, number, one)) for number, one in enumerate(five(3, 1)[:2]))
    folder = tmp_path / "assessments" / "harbour-cooperative"
    assert said_by(capsys, "--import", first) == (0, f"Imported: 1 respondent, into {folder}.\n")
    assert said_by(capsys, "--import", first, second) == (
        0,
        f"Imported: 1 respondent, into {folder}. Already there, and counted once: 1.\n",
    )
    assert sorted(path.name for path in folder.glob("*.toml")) != []


@pytest.mark.usefixtures("_twelve")
def test_a_later_export_adds_the_new_rows_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text(twelve() + "managers,2026-11-10,2,1,3,4,3,3,3,2\n", encoding="utf-8")
    status, said = said_by(capsys, "--import", "answers.csv")
    assert status == 0
    assert said.startswith("Imported: 1 respondent, into ")
    assert said.endswith(" Already there, and counted once: 12.\n")


def test_a_bad_file_does_not_keep_the_good_ones_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = put(tmp_path / "mail", 1, respondent({"off-hours": pair(3, 1)}))
    bad = tmp_path / "bad.toml"
    bad.write_text("format = 1\n[rubric\n")
    status, said = said_by(capsys, "--import", str(bad), str(good))
    assert status == 3
    assert said.splitlines()[0].startswith(f"{bad}:2: not valid TOML")
    assert said.splitlines()[1].startswith("Imported: 1 respondent, into ")


def test_a_spreadsheet_has_to_be_told_whom_it_is_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text(twelve(), encoding="utf-8")
    status, said = said_by(capsys, "--import", "answers.csv")
    assert status == 3
    assert said.splitlines()[0] == (
        "answers.csv: nothing says which organisation it is about; give --organisation NAME"
    )


def test_the_blank_sheet_has_every_column(tmp_path: Path) -> None:
    assert main(["readiness", "--form", "-o", "blank.csv"]) == 0
    columns = (tmp_path / "blank.csv").read_text().strip().split(",")
    assert (columns[:5], len(columns)) == (
        ["respondent", "started", "group", "beyond-email.expected", "beyond-email.delivered"],
        3 + 2 * 24,
    )


def test_two_rows_alike_are_two_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text("started,off-hours.expected\n" + "2026-11-02,3\n" * 5)
    for _ in range(2):
        assert main(["readiness", "--import", "answers.csv", "--organisation", HARBOUR]) == 0
    capsys.readouterr()
    assert result_of(capsys)["open"]["people"] == 5


def test_an_answer_to_another_version_is_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = Path(__file__).parents[2] / "rubrics" / "collaboration-readiness.toml"
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "mine.toml").write_text(shipped.read_text().replace('"1.1.0"', '"2.0.0"', 1))
    paths = put_all(tmp_path, [*five(3, 1), *five(2, 2)[:1]])
    other = paths[-1].read_text().replace('version = "1.1.0"', 'version = "2.0.0"').splitlines()
    paths[-1].write_text("\n".join(line for line in other if not line.startswith(("seal", "digest"))) + "\n")
    assert main(["readiness", "--json"]) == 3
    shown = capsys.readouterr()
    assert json.loads(shown.out)["open"]["people"] == 5
    assert shown.err == (
        f"1 file ({paths[-1].name}) to another rubric or version than collaboration-readiness 1.1.0: left out; "
        "see --rubric\n"
    )


def test_the_word_report_has_what_the_markdown_has_and_which_files_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed(tmp_path, five(3, 1))
    blank = put(tmp_path, 77, respondent({}))
    assert main(["readiness", "-o", "result.docx", *ON]) == 0
    assert main(["readiness", "-o", "result.md", *ON]) == 0
    assert f"1 file ({blank.name}) without any answer: not counted." in capsys.readouterr().err
    word = docx.Document(str(tmp_path / "result.docx"))
    texts = [paragraph.text for paragraph in word.paragraphs]
    headings = re.findall(r"^#+ (.*)$", (tmp_path / "result.md").read_text(), re.MULTILINE)
    assert set(headings) <= set(texts)
    assert f"1 file ({blank.name}) without any answer: not counted." in texts
    assert (texts[0], word.core_properties.title) == (headings[0], headings[0])


# Until when a round is open.


def _form_with(folder: Path, words: str) -> int:
    (folder / "words.toml").write_text(words, encoding="utf-8")
    return main(["readiness", "--form", HARBOUR, "--words", "words.toml", "-o", "survey.html"])


def test_the_forms_own_words_come_from_a_file(tmp_path: Path) -> None:
    assert _form_with(tmp_path, 'save = "Antwoorden & <opslaan>"\nprogress = "{done} van {total}"\n') == 0
    page = (tmp_path / "survey.html").read_text(encoding="utf-8")
    assert 'id="save">Antwoorden &amp; &lt;opslaan&gt;</button>' in page
    assert ("{done} van {total}" in page, "How to answer" in page) == (True, True)


def test_the_words_that_are_written_are_those_that_are_read(tmp_path: Path) -> None:
    assert main(["readiness", "--form", HARBOUR, "-o", "plain.html"]) == 0
    assert main(["readiness", "--form", HARBOUR, "-o", "out.toml"]) == 0
    assert _form_with(tmp_path, (tmp_path / "out.toml").read_text(encoding="utf-8")) == 0
    assert (tmp_path / "survey.html").read_bytes() == (tmp_path / "plain.html").read_bytes()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('sav = "x"', "'sav' is not known; did you mean 'save'?"),
        ("save = 3", "save must be a text"),
        ('save = " "', "save must be a text"),
        ('save = "{x}"', "remove {x} from save"),
        ('progress = "{done}"', "progress needs {total}, which the form fills in"),
    ],
)
def test_a_word_that_the_form_cannot_use_is_told_with_its_line(
    line: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _form_with(tmp_path, f'how = "x"\n{line}\n') == 3
    assert capsys.readouterr().err == f"words.toml:2: {told}\n"
    assert not (tmp_path / "survey.html").exists()


def test_a_name_that_no_file_can_hold_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["readiness", "--form", "q\udcff", "-o", "form.html"]) == 2
    assert capsys.readouterr().err == "a text holds half a character ('\\udcff'); type it again\n"
