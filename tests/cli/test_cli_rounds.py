"""The rounds of a survey: open until a day, closed, and what each of them counts."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from house import GOOD, assessed
from surveys import HARBOUR, close, closed, five, pair, put, put_all, respondent, result_of, said_by
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Subject
from toolvet.report.listing import output_schema
from toolvet.storage.reader import read_round
from toolvet.storage.rubric_library import shipped
from toolvet.storage.toml_input import Seal, hex_digest
from toolvet.storage.workspace import Workspace

DAY = date(2026, 11, 20)
ON = ("--on", "2026-11-20")


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def test_an_open_round_shows_only_how_many_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, five(3, 1))
    assert main(["readiness"]) == 0
    assert capsys.readouterr().out == (
        "Harbour Cooperative: 5 people answered; close the round to see the result.\n"
        "Who may answer: employees, managers, it, client-facing, customers.\n"
    )
    found = result_of(capsys)
    assert (found["open"]["people"], found["round"], found["questions"]) == (5, None, [])
    jsonschema.validate(found, json.loads(output_schema("readiness")))


def test_a_report_of_an_open_round_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, five(3, 1))
    status, said = said_by(capsys, "-o", "r.html")
    assert (status, said[:36]) == (2, "there is no result to report yet. 5 ")


def test_the_same_file_twice_is_counted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = put_all(tmp_path, five(3, 1))
    paths[0].with_name("again.toml").write_bytes(paths[0].read_bytes())
    assert result_of(capsys)["open"]["people"] == 5
    close(tmp_path)
    assert result_of(capsys)["round"]["people"] == 5


def test_a_file_that_was_edited_counts_with_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = put_all(tmp_path, five(3, 1))
    paths[0].write_bytes(paths[0].read_bytes().replace(b"expected = 3", b"expected = 4"))
    assert main(["readiness", "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["open"]["people"] == 5
    assert shown.err == f"1 file ({paths[0].name}) changed since toolvet wrote it: counted.\n"


def test_a_file_without_an_answer_is_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, [*five(3, 1), respondent({"off-hours": Answer(note="Hm.")})])
    assert result_of(capsys)["open"]["people"] == 5


def test_a_file_of_a_later_day_is_told_and_hides_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, [*five(3, 1), respondent({"off-hours": pair(0, 4)}, started=date(2036, 11, 2))])
    assert main(["readiness", "--json", *ON]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["open"]["people"] == 5
    assert shown.err.startswith("1 answer file dated after 2026-11-20 is not counted: 2036-11-02-")


def test_several_organisations_have_to_be_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, [*five(3, 1), *five(2, 2, about="Other House")])
    assert said_by(capsys) == (
        2,
        "there are answers about several organisations; name one of them: Harbour Cooperative, Other House\n",
    )
    assert result_of(capsys, "other")["organisation"] == "Other House"


def test_nobody_answered(capsys: pytest.CaptureFixture[str]) -> None:
    status, message = said_by(capsys)
    assert (status, message[:37]) == (2, "there are no answers to a survey here")


def test_a_file_that_cannot_be_used_is_told_and_keeps_the_round_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = put_all(tmp_path, five(3, 1))
    broken = paths[0].with_name("2026-11-02-999.toml")
    broken.write_text(paths[0].read_text().replace("expected = 3", "expected = 9"))
    assert main(["readiness", "--json"]) == 3
    shown = capsys.readouterr()
    assert json.loads(shown.out)["open"]["people"] == 5
    assert shown.err.startswith(f"{broken}:")
    assert "expected must be 6 or less, not 9" in shown.err
    assert said_by(capsys, "--close")[0] == 3
    assert not (broken.parent / "rounds").exists()


def test_an_answer_file_is_not_shown_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put_all(tmp_path, five(3, 1))[0]
    status, message = said_by(capsys, str(path))
    assert status == 2
    assert message.startswith(f"{path}: answers are only shown in a closed round; name the organisation, or a round ")


# Rounds.


def test_a_round_of_few_cannot_be_closed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, five(3, 1)[:4])
    assert said_by(capsys, "--close") == (
        1,
        "4 people have answered; a round needs 5 (smallest_group), so that nobody's answer can be worked out. Wait for "
        "more people, then close it.\n",
    )


def test_a_closed_round_lists_what_it_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = put_all(tmp_path, five(3, 1))
    status, said = said_by(capsys, "--close", *ON)
    assert (status, said[:84]) == (
        0,
        "Closed: 5 people, in assessments/harbour-cooperative/rounds/2026-11-20.toml. toolvet",
    )
    file = read_round(paths[0].parent / "rounds" / "2026-11-20.toml")
    assert file.seal is Seal.INTACT
    assert file.round.counted == tuple(sorted(hex_digest(path.read_bytes()) for path in paths))
    assert (file.round.closed_on, file.round.smallest_group) == (DAY, 5)


def test_a_late_answer_goes_to_the_next_round(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed(tmp_path, five(3, 1))
    before = result_of(capsys, *ON)
    put(tmp_path, 77, respondent({"off-hours": pair(0, 4)}, started=date(2026, 11, 19)))
    after = result_of(capsys, *ON)
    assert after.pop("open")["people"] == 1
    assert before.pop("open")["people"] == 0
    assert after == before


def test_a_round_without_one_of_its_files_is_told_and_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = closed(tmp_path, five(3, 1))
    paths[0].unlink()
    assert main(["readiness"]) == 3
    shown = capsys.readouterr()
    assert "short" not in shown.out
    assert "counts 5 answer files, of which 1 is missing, changed or unusable" in shown.err


def test_an_edited_round_is_told_and_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = closed(tmp_path, [*five(3, 1), *five(2, 2)])
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
    for folder, people in ((first, five(3, 1)), (second, [*five(3, 1), *five(2, 2)])):
        put_all(folder, people)
    close(first)
    close(second, date(2026, 11, 21))
    rounds = "assessments/harbour-cooperative/rounds"
    (second / rounds / "2026-11-20.toml").write_bytes((first / rounds / "2026-11-20.toml").read_bytes())
    assert main(["readiness", "--workspace", str(second)]) == 3
    shown = capsys.readouterr()
    assert "short" not in shown.out
    assert "counts answers that 2026-11-21.toml counts too; keep the round that was published" in shown.err


def test_answers_that_a_round_counts_cannot_be_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = closed(tmp_path, five(3, 1))[0]
    assert main(["assess", str(path), "--plain"]) == 2
    assert (
        "the round closed on 2026-11-20 counts these answers; answer the next one as a new " in capsys.readouterr().err
    )


def test_the_form_opens_a_round_until_a_day_and_later_answers_go_to_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["readiness", "--form", HARBOUR, "--until", "2026-11-25", "-o", "form.html", *ON]) == 0
    assert '<time datetime="2026-11-25">' in (tmp_path / "form.html").read_text(encoding="utf-8")
    people = [*five(3, 1, started=DAY), *five(2, 2, started=date(2026, 11, 26))]
    put_all(tmp_path, people)
    assert result_of(capsys, "--on", "2026-12-01")["open"] == {
        "people": 5,
        "groups": ["employees", "managers", "it", "client-facing", "customers"],
        "until": "2026-11-25",
    }
    assert main(["readiness", "--on", "2026-12-01"]) == 0
    shown = capsys.readouterr()
    assert "Answers up to 25 November 2026 count.\nWho may answer: employees, managers" in shown.out
    assert shown.err.startswith("5 answer files dated after 2026-11-25 are not counted")
    assert main(["readiness", "--close", "--on", "2026-12-01"]) == 0
    assert result_of(capsys, "--on", "2026-12-01")["open"]["until"] is None
    assert result_of(capsys, "--on", "2026-12-01")["open"]["people"] == 5


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
    put_all(tmp_path, five(3, 1))
    place = tmp_path / "assessments" / "harbour-cooperative" / "rounds"
    place.mkdir()
    (place / "open.toml").write_text(text)
    assert main(["readiness", *ON]) == 3
    assert problem in capsys.readouterr().err
    assert main(["check", "."]) == 1
    assert problem in capsys.readouterr().out


def test_a_day_that_is_over_opens_no_round(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_all(tmp_path, five(3, 1))
    assert said_by(capsys, "--until", "2026-11-02", *ON) == (
        2,
        "--until 2026-11-02: that day is over; name today or a later day\n",
    )


@pytest.mark.parametrize("command", [["readiness"], ["readiness", "harbour-cooperative"], ["list"], ["report", "tool"]])
def test_answers_that_cannot_be_read_are_never_nobody(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    paths = closed(tmp_path, five(3, 1))
    for path in paths:
        path.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    capsys.readouterr()
    assert main([*command, *ON]) == 3
    told = capsys.readouterr()
    assert len(paths) == 5
    assert [path for path in paths if f"{path.name}:1" not in told.err] == []
    assert "there are no answers" not in told.err


def test_of_two_rounds_closed_on_one_day_the_second_is_the_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for place, people in enumerate((five(3, 1), five(2, 1), five(1, 1))):
        for number, one in enumerate(people):
            put(tmp_path, 100 * place + number, one)
        close(tmp_path, DAY)
    found = result_of(capsys, *ON)
    (asked,) = (one for one in found["questions"] if one["id"] == "off-hours")
    (before,) = (one for one in found["before"]["questions"] if one["id"] == "off-hours")
    assert (asked["expected"]["mean"], before["expected"]["mean"]) == (1, 2)


@pytest.mark.parametrize("named", [(), ("harbour-cooperative",), (HARBOUR,)])
def test_an_open_round_that_nobody_answered_is_no_missing_survey(
    named: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["readiness", "--form", HARBOUR, "--until", "2026-12-11", *ON, "-o", "survey.html"]) == 0
    capsys.readouterr()
    told = (
        "nobody has answered yet; answers up to 2026-12-11 count, once toolvet readiness --import has taken them in\n"
    )
    assert said_by(capsys, *named, *ON) == (2, told)
    assert said_by(capsys, *named, "--close", *ON) == (2, told)
    assert said_by(capsys, *named, "--until", "2026-12-18", *ON)[0] == 0


def test_a_closed_round_shows_the_same_under_another_smallest_group(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # With 5, nothing is shown of the groups, because the managers are at the top; with 6 they would be in the rest.
    people = [(3, 1, "it")] * 6 + [(2, 1, "employees")] * 6 + [(4, 1, "managers")] * 5
    closed(tmp_path, [respondent({"off-hours": pair(e, d)}, group=group) for e, d, group in people])
    before = result_of(capsys, *ON)
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "collaboration-readiness.toml").write_text("[policy]\nsmallest_group = 6\n")
    after = result_of(capsys, *ON)
    assert [after[key] for key in ("smallest_group", "areas", "questions")] == [
        before[key] for key in ("smallest_group", "areas", "questions")
    ]


def test_a_closed_round_is_read_under_the_rubric_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed(tmp_path, five(3, 1))
    before = result_of(capsys, *ON)
    (tmp_path / "rubrics").mkdir(exist_ok=True)
    text = (shipped("rubrics") / "collaboration-readiness.toml").read_text()
    changed = text.replace('["client-facing", "customers"]', '["customers"]')
    assert changed != text
    (tmp_path / "rubrics" / "collaboration-readiness-1.1.0.toml").write_text(changed)
    assert result_of(capsys, *ON) == before


def test_a_round_is_not_closed_before_the_day_that_people_were_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["readiness", "--form", HARBOUR, "--until", "2026-12-11", *ON, "-o", "survey.html"]) == 0
    put_all(tmp_path, five(3, 1)[:4])
    capsys.readouterr()
    assert (main(["readiness", *ON]), capsys.readouterr().err) == (0, "")
    status, said = said_by(capsys, "--close", *ON)
    assert (status, said.startswith("4 people have answered; a round needs 5")) == (1, True)
    put_all(tmp_path, five(3, 1))
    hint = "toolvet readiness --close closes the round after 11 December 2026.\n"
    assert (main(["readiness", *ON]), capsys.readouterr().err) == (0, hint)
    status, said = said_by(capsys, "--close", *ON)
    assert (status, said.startswith("people were told that answers up to 2026-12-11 count")) == (2, True)
    assert main(["readiness", "--until", "2026-11-20", *ON]) == 0
    assert main(["readiness", "--close", *ON]) == 0


def test_the_form_and_a_spreadsheet_are_of_what_the_open_round_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_all(tmp_path, five(3, 1)[:1])
    (tmp_path / "rubrics").mkdir()
    assert main(["new-rubric", "a-pulse", "--survey"]) == 0  # of two surveys, the first by its name
    shown = []
    for rubric in ("collaboration-readiness", "a-pulse"):
        about = ["--form", f"{rubric} Ltd", "--until", "2026-12-11", *ON]
        assert main(["readiness", *about, "--rubric", rubric, "-o", f"{rubric}.html"]) == 0
        assert main(["readiness", "--form", f"{rubric} Ltd", *ON, "-o", f"{rubric}.csv"]) == 0
        shown.append("off-hours" in (tmp_path / f"{rubric}.csv").read_text())
    assert shown == [True, False]
    capsys.readouterr()


def test_a_tool_has_no_round_to_close(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    status, said = said_by(capsys, "tool", "--close", *ON)
    assert (status, said[:31]) == (2, "there are no answers to a surve")


def test_before_its_round_was_closed_a_survey_says_how_many_had_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_all(tmp_path, five(3, 1))
    assert main(["readiness", "--close", "--on", "2026-11-25"]) == 0
    capsys.readouterr()
    assert main(["list", *ON]) == 0
    assert "5 people answered; close the round to see the result" in " ".join(capsys.readouterr().out.split())
    assert main(["readiness", *ON]) == 0
    assert "5 people answered; close the round" in capsys.readouterr().out


def test_an_answer_of_a_wrong_clock_is_put_right_by_importing_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "respondent,started,off-hours.expected,off-hours.delivered\n"
    for day, told in (("2031-05-05", "is dated 2031-05-05, after today"), ("2026-11-19", "Replaced what they said")):
        (tmp_path / "answers.csv").write_text(f"{header}77,{day},3,1\n")
        assert main(["readiness", "--import", "answers.csv", "--organisation", HARBOUR, *ON]) == 0
        assert told in capsys.readouterr().err
    assert main(["readiness", "--json", *ON]) == 0
    assert json.loads(capsys.readouterr().out)["open"]["people"] == 1


def test_the_difference_of_two_peoples_answers_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = put_all(tmp_path, [*five(3, 1)[:1], *five(2, 4)[:1]])
    assert main(["diff", str(one), str(other)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{one}: holds one person's answers to a survey, which are not shown")


def test_one_persons_answers_in_words_are_only_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = put_all(tmp_path, five(3, 1, group="it")[:1])
    assert main(["diff", str(path)]) == 0
    shown = capsys.readouterr().out
    assert shown.endswith("One person's answers to a survey, which are not shown.\n")
    assert not any(word in shown for word in ("off-hours", "fter hours", "expected", "group"))


def test_what_a_group_is_not_asked_is_not_called_withheld(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [respondent({"one-live-figure": pair(3, 1), "off-hours": pair(2, 1)}, group="it") for _ in range(5)]
    people += five(2, 1, group="employees")
    closed(tmp_path, people)
    assert main(["readiness", "--format", "csv", "--by", "group", *ON]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    (row,) = (row for row in rows if (row["question"], row["group"]) == ("one-live-figure", "employees"))
    assert row["withheld"] == "no"


def test_a_closed_round_leaves_behind_whom_the_survey_is_about(tmp_path: Path) -> None:
    closed(tmp_path, five(3, 1))
    workspace = Workspace(tmp_path)
    assert dict(workspace.surveys.known(workspace.subject_names())) == {"harbour-cooperative": Subject(HARBOUR)}
