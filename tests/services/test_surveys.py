"""What a further person is asked about an organisation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from survey_case import SURVEY, SurveyCase
from toolvet.domain.assessment import Subject
from toolvet.domain.gaps import unanswered
from toolvet.services.surveys import organisation_called, rubric_in_use, survey_rubrics


@pytest.fixture
def case(tmp_path: Path) -> SurveyCase:
    """Answers of 2026 to the first version, of which there is a second by now."""
    case = SurveyCase(tmp_path / "w")
    newer = SURVEY.replace('version = "1.0.0"', 'version = "1.1.0"')
    (tmp_path / "w" / "rubrics" / "small-survey-1.1.0.toml").write_text(newer, encoding="utf-8")
    return case


@pytest.mark.parametrize(("on", "version"), [(date(2026, 12, 31), "1.0.0"), (date(2027, 1, 1), "1.1.0")])
def test_a_round_goes_on_with_the_version_it_began_with(case: SurveyCase, on: date, version: str) -> None:
    found = rubric_in_use(case.workspace, Subject("HARBOUR "), on)
    assert found is not None
    assert (found.id, found.version) == ("small-survey", version)


def test_nothing_is_in_use_about_an_organisation_that_nobody_answered_about(case: SurveyCase) -> None:
    assert rubric_in_use(case.workspace, Subject("Quay"), date(2026, 12, 31)) is None


def test_the_newest_version_of_each_survey_is_offered(case: SurveyCase) -> None:
    offered = [(rubric.id, rubric.version) for rubric in survey_rubrics(case.workspace)]
    assert offered == [("small-survey", "1.1.0"), ("collaboration-readiness", "1.1.0")]


def test_an_organisation_keeps_the_name_that_its_answers_give_it(case: SurveyCase) -> None:
    day = date(2026, 11, 2)
    case.workspace.start(unanswered(case.rubric, Subject("Quay House", plan="North"), None, day), day)
    assert [organisation_called(case.workspace, name) for name in ("HARBOUR", "quay house", "Dock")] == [
        Subject("Harbour"),
        Subject("Quay House", plan="North"),
        Subject("Dock"),
    ]
