"""What a further person is asked about an organisation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from screens import ON
from survey_case import SURVEY, SurveyCase
from toolvet.domain.assessment import Answer, RubricRef, Subject
from toolvet.domain.gaps import unanswered
from toolvet.errors import UnusableFile
from toolvet.services.assessments import Session
from toolvet.services.survey_rounds import close_round, gather_folder
from toolvet.services.surveys import organisation_called, organisations, rubric_in_use, survey_rubrics


@pytest.fixture
def case(tmp_path: Path) -> SurveyCase:
    """Answers of 2026 to the first version, of which there is a second by now."""
    case = SurveyCase(tmp_path / "w", {"by-mail": Answer(expected=2)})
    newer = SURVEY.replace('version = "1.0.0"', 'version = "1.1.0"')
    (tmp_path / "w" / "rubrics" / "small-survey-1.1.0.toml").write_text(newer, encoding="utf-8")
    return case


def test_an_open_round_goes_on_with_the_version_it_began_with(case: SurveyCase) -> None:
    found = rubric_in_use(case.workspace, Subject("HARBOUR "))
    assert found is not None
    assert (found.id, found.version) == ("small-survey", "1.0.0")


def test_an_open_round_that_cannot_be_read_is_not_taken_for_none_once_somebody_answered(case: SurveyCase) -> None:
    (path,) = case.workspace.root.rglob("open.toml")
    path.write_bytes(b"<<<<<<< HEAD\n" + path.read_bytes())
    with pytest.raises(UnusableFile, match=r"open\.toml"):
        rubric_in_use(case.workspace, case.about)


def test_the_next_round_asks_the_newest_version(case: SurveyCase) -> None:
    for _ in range(5):
        case.add({"by-mail": Answer(expected=2, delivered=1)})
    close_round(Session(case.workspace, lambda: ON), "harbour")
    found = rubric_in_use(case.workspace, Subject("Harbour"))
    assert found is not None
    assert (found.id, found.version) == ("small-survey", "1.1.0")


def test_an_answer_of_a_wrong_clock_does_not_hold_the_next_round_to_its_version(case: SurveyCase) -> None:
    for _ in range(4):
        case.add({"by-mail": Answer(expected=2, delivered=1)})
    day = date(2031, 5, 5)
    late = case.workspace.start(unanswered(case.rubric, case.about, "staff", day), day)
    case.workspace.save(late, late.assessment.with_answer("by-mail", Answer(expected=2)))
    close_round(Session(case.workspace, lambda: ON), "harbour")
    found = rubric_in_use(case.workspace, case.about)
    assert found is not None
    assert found.version == "1.1.0"


def test_nothing_is_in_use_about_an_organisation_that_nobody_answered_about(case: SurveyCase) -> None:
    assert rubric_in_use(case.workspace, Subject("Quay")) is None


def test_the_newest_version_of_each_survey_is_offered(case: SurveyCase) -> None:
    offered = [(rubric.id, rubric.version) for rubric in survey_rubrics(case.workspace)]
    assert offered == [("small-survey", "1.1.0"), ("collaboration-readiness", "1.1.0")]


def test_an_organisation_keeps_the_name_that_its_answers_give_it(case: SurveyCase) -> None:
    day = date(2026, 11, 2)
    case.workspace.start(unanswered(case.rubric, Subject("Quay House", plan="North"), None, day), day)
    assert [organisation_called(organisations(case.workspace), name) for name in ("HARBOUR", "quay house", "Dock")] == [
        Subject("Harbour"),
        Subject("Quay House", plan="North"),
        Subject("Dock"),
    ]


def test_a_round_whose_rubric_was_changed_since_is_told_and_not_shown(case: SurveyCase) -> None:
    for _ in range(5):
        case.add({"by-mail": Answer(expected=2, delivered=1)})
    session = Session(case.workspace, lambda: ON)
    close_round(session, "harbour")
    path = case.workspace.root / "rubrics" / "small-survey-1.0.0.toml"
    path.write_text(SURVEY.replace('asked_of = ["guests"]', 'asked_of = ["staff"]'), encoding="utf-8")
    gathered = gather_folder(case.workspace.subject("harbour"), case.workspace, ON)
    assert gathered.survey is None
    assert any("small-survey 1.0.0 was changed since the round was closed" in words for words in gathered.left_out)


def test_a_form_that_nobody_answered_yet_binds_nobody_to_its_version(case: SurveyCase) -> None:
    workspace, about = case.workspace, Subject("Quay")
    workspace.surveys.note("quay", about, RubricRef("small-survey", "1.0.0"))
    found = rubric_in_use(workspace, about)
    assert found is not None
    assert found.version == "1.1.0"
    workspace.start(unanswered(found, about, "staff", ON), ON)
    workspace.start(unanswered(case.rubric, about, "staff", ON), ON)  # somebody with an old program
    assert workspace.surveys.asked_in("quay")[0] == RubricRef("small-survey", "1.1.0", found.digest)


def test_a_version_that_is_gone_is_replaced_by_the_newest(case: SurveyCase) -> None:
    (case.workspace.root / "rubrics" / "small-survey-1.0.0.toml").unlink()
    found = rubric_in_use(case.workspace, case.about)
    assert found is not None
    assert found.version == "1.1.0"
