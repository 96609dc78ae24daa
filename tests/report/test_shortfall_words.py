"""What a tool would do about a survey's shortfalls, in words and in each format of the report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from build import make_assessment, make_criterion, make_question, make_rubric
from golden_files import is_golden
from report_sample import (
    ASSESSMENT,
    ON,
    RUBRIC,
    html_report,
    json_report,
    make_decision,
    make_sample,
    make_survey,
    markdown_report,
)
from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.gaps import measure
from toolvet.domain.rubric import Ask
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.report.approval.document import LinkedAnswer, SurveyPart
from toolvet.report.approval.shortfalls import survey_part
from toolvet.report.survey.result import Round, Survey


def _scorecard(assessment: Assessment = ASSESSMENT) -> Scorecard:
    return score(RUBRIC, assessment, ON)


def _survey(*pairs: tuple[int, int]) -> Survey:
    """One question, answered by one person for each pair of expected and delivered."""
    rubric = replace(make_rubric(make_criterion("area", make_question("any-device"))), ask=Ask.GAP)
    people = [make_assessment({"any-device": Answer(expected=e, delivered=d)}) for e, d in pairs]
    return Survey("Harbour", ON, Round(measure(rubric, people), None, None, ""))


def _part(*pairs: tuple[int, int]) -> SurveyPart:
    return survey_part(_survey(*pairs), _scorecard())


def test_how_many_shortfalls_it_would_close_is_said_in_a_sentence() -> None:
    # off-hours: audit at 4/4; beyond-email: every-device at 3/4; any-device: old-phones has expired.
    assert survey_part(make_survey(), _scorecard()).answer == (
        "The survey of Harbour found 4 shortfalls. This tool would close 2. "
        "What it would do about 1 more is not known. The rubric does not ask about the other 1."
    )


def test_a_tool_that_nothing_is_known_of_is_told_so() -> None:
    assert survey_part(make_survey(), _scorecard(replace(ASSESSMENT, answers={}))).answer == (
        "The survey of Harbour found 4 shortfalls. What it would do about 3 is not known. "
        "The rubric does not ask about the other 1."
    )


def test_a_survey_that_has_run_out_is_told_so() -> None:
    part = survey_part(make_survey(on=date(2027, 10, 10)), _scorecard())
    assert "The survey of Harbour (out of date since 9 October 2027) found" in part.answer
    assert part.notes == ("This result is out of date: the survey was due again by 9 October 2027.",)


def test_a_survey_without_shortfalls_leaves_nothing_to_close() -> None:
    part = _part(*[(2, 3)] * 5)
    assert part.answer == "In the survey of Harbour, nothing falls short, so there is nothing for a tool to close."
    assert part.shortfalls == ()


def test_what_too_few_answered_is_not_shown() -> None:
    part = _part(*[(4, 0)] * 4)
    assert part.answer == "In the survey of Harbour, too few people answered to show any gap."
    assert part.shortfalls == ()


def test_the_figures_can_be_held_against_each_other() -> None:
    # Expected 3, 3, 3, 3, 2: mean 2.8 of 4, 70 percent. Delivered 1 of 4, 25 percent.
    part = _part((3, 1), (3, 1), (3, 1), (3, 1), (2, 1))
    (shortfall,) = part.shortfalls
    assert (shortfall.expected_words, shortfall.delivered_words) == (
        "2.80 of 4 (70.0%)",
        "1.00 of 4 (25.0%)",
    )
    assert shortfall.linked == (
        LinkedAnswer("every-device", "Every device", "3 of 4 (75.0%)", 3, 4),
        LinkedAnswer("old-phones", "Old phones", "expired", None, 3),
    )
    assert shortfall.effect_words == "? not known"


def test_what_was_left_out_is_said() -> None:
    notes = survey_part(make_survey(), _scorecard(), ("2 answer files cannot be used and are left out",)).notes
    assert notes[-1] == "2 answer files cannot be used and are left out."


def test_the_section_in_markdown_is_as_the_golden_file_has_it() -> None:
    text = markdown_report(make_sample(make_decision(), surveys=(make_survey(), make_survey("Town Hall"))))
    shown = f"## Which shortfalls{text.partition('## Which shortfalls')[2].partition('## Answers')[0]}"
    assert is_golden("report/shortfalls.md", shown)


def test_a_report_without_a_survey_says_nothing_of_one() -> None:
    document = make_sample(make_decision())
    assert "hortfall" not in markdown_report(document) + html_report(document)


def test_the_front_page_says_it_in_a_sentence() -> None:
    points = {point.heading: point.sentences for point in make_sample(None, surveys=(make_survey(),)).front.points}
    assert points["What people lack"] == (survey_part(make_survey(), _scorecard()).answer,)


def test_json_has_the_shortfalls() -> None:
    (survey,) = json.loads(json_report(make_sample(None, surveys=(make_survey(),))))["surveys"]
    assert survey["organisation"] == "Harbour"
    assert [(one["question"], one["reading"], one["effect"]) for one in survey["shortfalls"]] == [
        ("beyond-email", "short", "closes"),
        ("any-device", "short", "not-known"),
        ("off-hours", "short", "closes"),
        ("time-to-data", "short", "not-asked"),
    ]
    assert (survey["shortfalls"][0]["delivered"], survey["shortfalls"][0]["expected"]) == (None, 3)
