"""Answering a survey line by line: what is asked, what is saved, and where it goes on."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from house import GOOD, assessed
from screens import ON
from survey_case import SurveyCase
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Reviewer, Subject
from toolvet.domain.gaps import unanswered
from toolvet.storage.reader import read_assessment

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def case(tmp_path: Path) -> SurveyCase:
    return SurveyCase(tmp_path / "w", {"how-long": Answer(delivered=4)}, group="guests")


@pytest.fixture
def say(case: SurveyCase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs `toolvet assess --plain` with these arguments, these lines being typed; then input ends."""

    def run(arguments: str, *lines: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        status = main(["assess", *arguments.split(), "--plain", "--workspace", str(case.workspace.root)])
        return status, capsys.readouterr().out

    return run


def new_file(case: SurveyCase) -> Path:
    """The only file beside the one that was there."""
    (path,) = (path for path in (case.workspace.root / "assessments").glob("*/*.toml") if path != case.file.path)
    return path


def test_both_sides_are_asked_about_and_saved_without_a_name(case: SurveyCase, say: Say) -> None:
    status, shown = say("harbour", "2", "3", "1", "skip", "0", "", "1", "quit")
    saved = read_assessment(new_file(case)).assessment
    assert (status, saved.reviewer, dict(saved.answers)) == (
        0,
        Reviewer(group="guests"),
        {
            "by-mail": Answer(expected=3, delivered=1),
            "welcome": Answer(delivered=0),
            "how-long": Answer(delivered=1),
        },
    )
    assert "short" not in shown
    assert "A. Reviewer" not in shown + new_file(case).read_text(encoding="utf-8")


def test_two_levels_in_one_line_are_not_taken_for_the_first(case: SurveyCase, say: Say) -> None:
    _, shown = say("harbour", "2", "3 1", "quit")
    assert "Type the level alone" in shown
    assert read_assessment(new_file(case)).assessment.answers == {}


def test_what_is_asked_of_other_groups_is_passed_over(say: Say) -> None:
    _, shown = say("harbour", "1", "", "", "quit")
    assert ("Question 2 of 2. Deciding. How long." in shown, "Welcome" in shown) == (True, False)


def test_who_comes_back_with_their_number_goes_on_where_they_left_off(case: SurveyCase, say: Say) -> None:
    _, begun = say("harbour", "2", "3", "1", "quit")
    number = new_file(case).stem[-12:]
    assert f"Your number: {number}. " in begun
    _, shown = say(number, "2", "quit")
    assert shown.count("Question ") == 1
    assert read_assessment(new_file(case)).assessment.answers == {
        "by-mail": Answer(expected=3, delivered=1),
        "welcome": Answer(expected=2),
    }


def test_nobody_is_shown_what_others_answered(case: SurveyCase, say: Say) -> None:
    say("harbour", "2", "3", "1", "quit")
    number = new_file(case).stem[-12:]
    _, shown = say("harbour", "quit")
    assert (number in shown, "Answered" in shown) == (False, False)


def test_the_number_is_told_at_the_start_and_not_again(case: SurveyCase, say: Say) -> None:
    _, shown = say("harbour", "2", "3", "1", "quit")
    number = new_file(case).stem[-12:]
    assert number not in shown.partition("It is not shown again.")[2]
    assert shown.endswith("\nSaved.\n")


def test_the_file_can_be_named_to_go_on(case: SurveyCase, say: Say) -> None:
    say(str(case.file.path), "1", "quit")
    assert read_assessment(case.file.path).assessment.answer("by-mail").expected == 1


def test_an_unknown_number_is_told(say: Say) -> None:
    assert say("000000000000")[0] == 2


def test_another_person_begins_a_new_file(case: SurveyCase, say: Say) -> None:
    say("harbour", "2", "3", "quit")
    say("--survey harbour", "skip", "2", "quit")
    there = [file.assessment for file in case.workspace.subject("harbour").assessments]
    assert sorted((each.reviewer.group or "", len(each.answers)) for each in there) == [
        ("", 1),
        ("guests", 1),
        ("guests", 1),
    ]


def test_a_survey_about_a_new_organisation_asks_for_its_name(case: SurveyCase, say: Say) -> None:
    say("--survey", "", "Quay", "1", "1", "3", "quit")
    saved = read_assessment(new_file(case)).assessment
    assert (saved.subject.name, dict(saved.answers)) == ("Quay", {"by-mail": Answer(expected=3)})


@pytest.mark.parametrize(
    ("lines", "answers"),
    [
        (("note Often.",), {"by-mail": Answer(note="Often.")}),
        (("note", "Often."), {"by-mail": Answer(note="Often.")}),
        (("3", "clear", "1"), {"by-mail": Answer(expected=3, delivered=1)}),
        (("3", "back", "clear"), {}),
        (("9", "2"), {"by-mail": Answer(expected=2)}),
        (("open", "2"), {"welcome": Answer(expected=2)}),
        (("hm", "again", "help", "2"), {"by-mail": Answer(expected=2)}),
        (("", "", "back", "2"), {"by-mail": Answer(expected=2)}),
    ],
)
def test_what_can_be_said_to_a_question(
    case: SurveyCase, say: Say, lines: tuple[str, ...], answers: dict[str, Answer]
) -> None:
    status, _ = say("harbour", "2", *lines)
    assert (status, dict(read_assessment(new_file(case)).assessment.answers)) == (0, answers)


def test_input_that_ends_before_the_group_starts_nothing(case: SurveyCase, say: Say) -> None:
    status, shown = say("--survey harbour")
    assert (status, shown.endswith("Nothing was started.\n")) == (0, True)
    assert len(case.workspace.subject("harbour").assessments) == 1


def test_answers_that_a_wrong_clock_dated_later_are_dated_today_when_their_owner_goes_on(
    case: SurveyCase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case.workspace.save(case.file, replace(case.file.assessment, started=date(2999, 1, 2)))
    monkeypatch.setattr("sys.stdin", io.StringIO("1\nquit\n"))
    assert main(["assess", str(case.file.path), "--plain", "--workspace", str(case.workspace.root)]) == 0
    assert "These answers were dated 2999-01-02, which is yet to come." in capsys.readouterr().err
    assert (case.saved.started, case.saved.answer("by-mail").expected) == (date.today(), 1)


@pytest.mark.parametrize("named", ["--survey harbour", "harbour"])
def test_nobody_answers_a_survey_again_from_what_is_there(case: SurveyCase, say: Say, named: str) -> None:
    assert say(f"{named} --again")[0] == 2
    assert len(case.workspace.subject("harbour").assessments) == 1


def test_a_tool_is_found_beside_surveys_whose_names_begin_like_it(case: SurveyCase, say: Say) -> None:
    assessed(case.workspace.root, GOOD)
    for name in ("Tool North", "Tool South"):
        case.workspace.start(unanswered(case.rubric, Subject(name), None, ON), ON)
    assert say("tool", "quit")[0] == 0
    assert say("--survey tool")[0] == 2


def test_outline_and_review_list_ones_own_answers_without_a_reading_and_go_goes_there(
    case: SurveyCase, say: Say
) -> None:
    number = case.file.path.stem.rpartition("-")[2]
    status, said = say(number, "3", "1", "outline", "review", "go 00019", "go 3", "quit")
    assert status == 0
    outline = said.partition("help: outline")[2].partition("0 to")[0].split("\n")[1:5]
    assert outline == [
        "  1: By mail: what you expect 3, what you get 1.",
        "  2: Welcome: open.",
        "  3: How long: what you expect open, what you get 4.",
        "1 of 3 answered on both sides, 1 on one side only.",
    ]
    review = said.partition("help: review")[2].partition("0 to")[0]
    assert "     What you get: By mail." in review.split("\n")
    assert "Say which question, by its number from 1 to 3." in said
    assert "Question 3 of 3." in said.partition("go 3")[2]
    assert not any(word in said.casefold() for word in ("gap", "short", "over-built", "sweet spot"))
