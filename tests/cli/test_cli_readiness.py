"""`toolvet readiness`: the result, its report, the form and what is taken in."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import jsonschema
import pytest

from surveys import DOCUMENT, HARBOUR, close, pair, put, put_all, respondent, twelve
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Assessment
from toolvet.report.listing import output_schema
from toolvet.storage.reader import read_round
from toolvet.storage.toml_input import Seal, hex_digest

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


def _closed(tmp_path: Path, people: Sequence[Assessment], on: date = DAY) -> list[Path]:
    """Their files, counted in a round that was closed that day."""
    paths = put_all(tmp_path, people)
    close(tmp_path, on, about=people[0].subject.name)
    return paths


def _result(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["readiness", *arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def _of(result: dict[str, Any], question: str, group: str | None = None) -> dict[str, Any]:
    found = next(one for one in result["questions"] if one["id"] == question)
    return found if group is None else next(one for one in found["groups"] if one["group"] == group)


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The status and the message of a call that prints no data."""
    status = main(["readiness", *arguments])
    shown = capsys.readouterr()
    assert shown.out == ""
    return status, shown.err


# Twelve people, worked by hand in docs/readiness.md.


@pytest.mark.usefixtures("_twelve")
def test_twelve_people_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    mail = _of(_result(capsys, *ON), "beyond-email")
    # Expected 3 3 4 3 2 3 | 3 2 3 2 3 2 is 33, delivered 1 2 1 2 1 1 | 2 2 3 2 2 1 is 20, of 12.
    # A spread beside both groups' means would all but tell that every employee expects 3, and every manager gets 2.
    assert mail["expected"] == {"mean": 2.75, "people": 12, "spread": None, "near": None}
    assert mail["delivered"] == {"mean": float(Fraction(20, 12)), "people": 12, "spread": None, "near": None}
    assert mail["gap"] == {"mean": float(Fraction(-13, 12)), "people": 12, "reading": "short"}


@pytest.mark.usefixtures("_twelve")
def test_the_document_has_the_figures_that_the_program_gives(capsys: pytest.CaptureFixture[str]) -> None:
    result = _result(capsys, *ON)
    rows = re.findall(r"^\| ([a-z-]+) \| (everybody|employees|managers) \| (.*) \|$", DOCUMENT, re.MULTILINE)
    assert len(rows) == 11
    for question, who, cells in rows:
        found = _of(result, question, None if who == "everybody" else who)
        gap = found["gap"]
        sides = [f"{found[side]['mean']:.2f}" for side in ("expected", "delivered")]
        assert cells.split(" | ") == [*sides, f"{gap['mean']:+.2f}", gap["reading"], str(gap["people"])]


@pytest.mark.usefixtures("_twelve")
def test_areas_of_the_twelve(capsys: pytest.CaptureFixture[str]) -> None:
    areas = _result(capsys, *ON)["areas"]
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


# Whose answers are counted.


def _five(expected: int, delivered: int, **about: Any) -> list[Assessment]:
    return [respondent({"off-hours": pair(expected, delivered)}, **about) for _ in range(5)]


def test_an_open_round_shows_only_how_many_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, _five(3, 1))
    assert main(["readiness"]) == 0
    assert capsys.readouterr().out == (
        "Harbour Cooperative: 5 people answered; close the round to see the result.\n"
        "Who may answer: employees, managers, it, client-facing, customers.\n"
    )
    found = _result(capsys)
    assert (found["open"]["people"], found["round"], found["questions"]) == (5, None, [])
    jsonschema.validate(found, json.loads(output_schema("readiness")))


def test_a_report_of_an_open_round_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, _five(3, 1))
    status, said = _said(capsys, "-o", "r.html")
    assert (status, said[:36]) == (2, "there is no result to report yet. 5 ")


def test_the_same_file_twice_is_counted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = put_all(tmp_path, _five(3, 1))
    paths[0].with_name("again.toml").write_bytes(paths[0].read_bytes())
    assert _result(capsys)["open"]["people"] == 5
    close(tmp_path)
    assert _result(capsys)["round"]["people"] == 5


def test_a_file_that_was_edited_counts_with_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = put_all(tmp_path, _five(3, 1))
    paths[0].write_bytes(paths[0].read_bytes().replace(b"expected = 3", b"expected = 4"))
    assert main(["readiness", "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["open"]["people"] == 5
    assert shown.err == f"1 file ({paths[0].name}) changed since toolvet wrote it: counted.\n"


def test_a_file_without_an_answer_is_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, [*_five(3, 1), respondent({"off-hours": Answer(note="Hm.")})])
    assert _result(capsys)["open"]["people"] == 5


def test_a_file_of_a_later_day_is_told_and_hides_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, [*_five(3, 1), respondent({"off-hours": pair(0, 4)}, started=date(2036, 11, 2))])
    assert main(["readiness", "--json", *ON]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["open"]["people"] == 5
    assert shown.err.startswith("1 answer file dated after 2026-11-20 is not counted: 2036-11-02-")


def test_several_organisations_have_to_be_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, [*_five(3, 1), *_five(2, 2, about="Other House")])
    assert _said(capsys) == (
        2,
        "there are answers about several organisations; name one of them: Harbour Cooperative, Other House\n",
    )
    assert _result(capsys, "other")["organisation"] == "Other House"


def test_nobody_answered(capsys: pytest.CaptureFixture[str]) -> None:
    status, message = _said(capsys)
    assert (status, message[:37]) == (2, "there are no answers to a survey here")


def test_a_file_that_cannot_be_used_is_told_and_keeps_the_round_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = put_all(tmp_path, _five(3, 1))
    broken = paths[0].with_name("2026-11-02-999.toml")
    broken.write_text(paths[0].read_text().replace("expected = 3", "expected = 9"))
    assert main(["readiness", "--json"]) == 3
    shown = capsys.readouterr()
    assert json.loads(shown.out)["open"]["people"] == 5
    assert shown.err.startswith(f"{broken}:")
    assert "expected must be 6 or less, not 9" in shown.err
    assert _said(capsys, "--close")[0] == 3
    assert not (broken.parent / "rounds").exists()


def test_an_answer_file_is_not_shown_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put_all(tmp_path, _five(3, 1))[0]
    status, message = _said(capsys, str(path))
    assert status == 2
    assert message.startswith(f"{path}: answers are only shown in a closed round; name the organisation, or a round ")


# Rounds.


def test_a_round_of_few_cannot_be_closed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, _five(3, 1)[:4])
    assert _said(capsys, "--close") == (
        1,
        "4 people have answered; a round needs 5 (smallest_group), so that nobody's answer can be worked out. Wait for "
        "more people, then close it.\n",
    )


def test_a_closed_round_lists_what_it_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = put_all(tmp_path, _five(3, 1))
    status, said = _said(capsys, "--close", *ON)
    assert (status, said[:84]) == (
        0,
        "Closed: 5 people, in assessments/harbour-cooperative/rounds/2026-11-20.toml. toolvet",
    )
    file = read_round(paths[0].parent / "rounds" / "2026-11-20.toml")
    assert file.seal is Seal.INTACT
    assert file.round.counted == tuple(sorted(hex_digest(path.read_bytes()) for path in paths))
    assert (file.round.closed_on, file.round.smallest_group) == (DAY, 5)


def test_a_late_answer_goes_to_the_next_round(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _closed(tmp_path, _five(3, 1))
    before = _result(capsys, *ON)
    put(tmp_path, 77, respondent({"off-hours": pair(0, 4)}, started=date(2026, 11, 19)))
    after = _result(capsys, *ON)
    assert after.pop("open")["people"] == 1
    assert before.pop("open")["people"] == 0
    assert after == before


def test_a_round_without_one_of_its_files_is_told_and_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = _closed(tmp_path, _five(3, 1))
    paths[0].unlink()
    assert main(["readiness"]) == 3
    shown = capsys.readouterr()
    assert "short" not in shown.out
    assert "counts 5 answer files, of which 1 is missing, changed or unusable" in shown.err


def test_an_edited_round_is_told_and_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = _closed(tmp_path, [*_five(3, 1), *_five(2, 2)])
    file = paths[0].parent / "rounds" / "2026-11-20.toml"
    digest = hex_digest(paths[0].read_bytes())
    file.write_text(file.read_text().replace(f'    "{digest}",\n', "", 1))
    assert main(["readiness"]) == 3
    shown = capsys.readouterr()
    assert "short" not in shown.out
    assert "was changed since toolvet closed the round" in shown.err
    assert main(["check", str(file)]) == 1


def test_two_rounds_that_count_the_same_answers_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Closed on two machines, one of which had an answer more.
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, people in ((first, _five(3, 1)), (second, [*_five(3, 1), *_five(2, 2)])):
        put_all(folder, people)
    close(first)
    close(second, date(2026, 11, 21))
    rounds = "assessments/harbour-cooperative/rounds"
    (second / rounds / "2026-11-20.toml").write_bytes((first / rounds / "2026-11-20.toml").read_bytes())
    assert main(["readiness", "--workspace", str(second)]) == 3
    shown = capsys.readouterr()
    assert "short" not in shown.out
    assert "counts answers that 2026-11-21.toml counts too; keep the round that was published" in shown.err


def test_an_earlier_round_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _two_years(tmp_path)
    found = _result(capsys, "assessments/harbour-cooperative/rounds/2025-11-10.toml", *ON)
    assert (found["round"]["closed"], found["before"]) == ("2025-11-10", None)


def test_answers_that_a_round_counts_cannot_be_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _closed(tmp_path, _five(3, 1))[0]
    assert main(["assess", str(path), "--plain"]) == 2
    assert (
        "the round closed on 2026-11-20 counts these answers; answer the next one as a new " in capsys.readouterr().err
    )


def _two_years(tmp_path: Path) -> None:
    put_all(tmp_path, _five(2, 2, started=date(2025, 11, 3)))
    close(tmp_path, date(2025, 11, 10))
    for number, one in enumerate(_five(3, 2, started=date(2026, 11, 2)), start=10):
        put(tmp_path, number, one)
    close(tmp_path)


def test_last_years_figures_stand_beside_this_years(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _two_years(tmp_path)
    result = _result(capsys, *ON)
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
    _closed(tmp_path, _five(3, 1, started=date(2026, 11, 2)))
    assert main(["readiness", "--on", "2027-11-03"]) == 0
    assert "This result is out of date: the survey was due again by 2 November 2027." in capsys.readouterr().out


# What is not shown.


def _small_group(tmp_path: Path) -> None:
    """Eight employees who got 1, and two of IT who got 4."""
    people = [respondent({"off-hours": pair(3, 1)}, group="employees") for _ in range(8)]
    people += [respondent({"off-hours": pair(3, 4)}, group="it") for _ in range(2)]
    _closed(tmp_path, people)


def test_a_small_group_is_in_no_output_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _small_group(tmp_path)
    result = _result(capsys)
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
    people = _five(3, 1)
    people[0] = respondent({"off-hours": Answer(expected=3)}, group="it")
    _closed(tmp_path, people)
    found = _of(_result(capsys), "off-hours")
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
    paths = _closed(
        tmp_path,
        [respondent({"off-hours": Answer(expected=3, delivered=1, note="I am Ada.")}, group="it") for _ in range(5)],
    )
    assert main(["readiness", "-o", f"r.{ending}", *ON]) == 0
    report = (tmp_path / f"r.{ending}").read_text()
    told = [path.name for path in paths if path.stem[11:] in report]
    assert (told, "Ada" in report) == ([], False)


def test_the_digest_over_the_files_can_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = _closed(tmp_path, _five(3, 1))
    lines = "".join(f"{digest}\n" for digest in sorted(hex_digest(path.read_bytes()) for path in paths))
    assert _result(capsys)["round"]["files"] == {"count": 5, "sha256": hex_digest(lines.encode())}


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
    _closed(tmp_path, _five(3, 1, about='<script>alert("x")</script> | [x](http://y)'))
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
    status, said = _said(capsys, *arguments)
    assert (status, said[: len(message)]) == (2, message)


def test_an_unknown_group_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _closed(tmp_path, _five(3, 1))
    status, said = _said(capsys, "--groups", "managers", "staff")
    assert (status, said[:31]) == (2, "--groups: 'staff' is not known;")


# Taking answers in.


def test_files_that_come_again_are_counted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    away = tmp_path / "mail"
    first, second = (str(put(away, number, one)) for number, one in enumerate(_five(3, 1)[:2]))
    folder = tmp_path / "assessments" / "harbour-cooperative"
    assert _said(capsys, "--import", first) == (0, f"Imported: 1 respondent, into {folder}.\n")
    assert _said(capsys, "--import", first, second) == (
        0,
        f"Imported: 1 respondent, into {folder}. Already there, and counted once: 1.\n",
    )
    assert sorted(path.name for path in folder.glob("*.toml")) != []


@pytest.mark.usefixtures("_twelve")
def test_a_later_export_adds_the_new_rows_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text(twelve() + "managers,2026-11-10,2,1,3,4,3,3,3,2\n", encoding="utf-8")
    status, said = _said(capsys, "--import", "answers.csv")
    assert status == 0
    assert said.startswith("Imported: 1 respondent, into ")
    assert said.endswith(" Already there, and counted once: 12.\n")


def test_a_bad_file_does_not_keep_the_good_ones_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = put(tmp_path / "mail", 1, respondent({"off-hours": pair(3, 1)}))
    bad = tmp_path / "bad.toml"
    bad.write_text("format = 1\n[rubric\n")
    status, said = _said(capsys, "--import", str(bad), str(good))
    assert status == 3
    assert said.splitlines()[0].startswith(f"{bad}:2: not valid TOML")
    assert said.splitlines()[1].startswith("Imported: 1 respondent, into ")


def test_a_spreadsheet_has_to_be_told_whom_it_is_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.csv").write_text(twelve(), encoding="utf-8")
    status, said = _said(capsys, "--import", "answers.csv")
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
    assert _result(capsys)["open"]["people"] == 5


def test_an_answer_to_another_version_is_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = Path(__file__).parents[2] / "rubrics" / "collaboration-readiness.toml"
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "mine.toml").write_text(shipped.read_text().replace('"1.1.0"', '"2.0.0"', 1))
    paths = put_all(tmp_path, [*_five(3, 1), *_five(2, 2)[:1]])
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
    _closed(tmp_path, _five(3, 1))
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


def test_the_form_opens_a_round_until_a_day_and_later_answers_go_to_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["readiness", "--form", HARBOUR, "--until", "2026-11-25", "-o", "form.html", *ON]) == 0
    assert '<time datetime="2026-11-25">' in (tmp_path / "form.html").read_text(encoding="utf-8")
    people = [*_five(3, 1, started=DAY), *_five(2, 2, started=date(2026, 11, 26))]
    put_all(tmp_path, people)
    assert _result(capsys, "--on", "2026-12-01")["open"] == {
        "people": 5,
        "groups": ["employees", "managers", "it", "client-facing", "customers"],
        "until": "2026-11-25",
    }
    assert main(["readiness", "--on", "2026-12-01"]) == 0
    shown = capsys.readouterr()
    assert "Answers up to 25 November 2026 count.\nWho may answer: employees, managers" in shown.out
    assert shown.err.startswith("5 answer files dated after 2026-11-25 are not counted")
    assert main(["readiness", "--close", "--on", "2026-12-01"]) == 0
    assert _result(capsys, "--on", "2026-12-01")["open"]["until"] is None
    assert _result(capsys, "--on", "2026-12-01")["open"]["people"] == 5


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("format = 1\nuntil = 2026-11-25\ncounted = []\n", "counted belongs to a closed round"),
        ("format = 1\nuntil = 7\n", "until must be a date"),
        ("format = 1\n", "this is not a toolvet file, but a round is needed"),
    ],
)
def test_an_open_round_that_cannot_be_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    put_all(tmp_path, _five(3, 1))
    place = tmp_path / "assessments" / "harbour-cooperative" / "rounds"
    place.mkdir()
    (place / "open.toml").write_text(text)
    assert main(["readiness", *ON]) == 3
    assert problem in capsys.readouterr().err
    assert main(["check", "."]) == 1
    assert problem in capsys.readouterr().out


def test_a_day_that_is_over_opens_no_round(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, _five(3, 1))
    assert _said(capsys, "--until", "2026-11-02", *ON) == (
        2,
        "--until 2026-11-02: that day is over; name today or a later day\n",
    )
