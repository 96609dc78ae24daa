"""The tables of a survey's result: formats, widths, and areas of groups that were not wholly measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from golden_files import is_golden
from toolvet.domain.assessment import Answer, Assessment, Reviewer
from toolvet.domain.gaps import measure
from toolvet.domain.rubric import Ask, Policy, Rubric
from toolvet.report.survey.result import Round, Survey, readiness_json
from toolvet.report.survey.tables import ReadinessChoices, readiness_text
from toolvet.text.tables import TableFormat

DAY = date(2026, 11, 2)


def _rubric() -> Rubric:
    """One area of a question for everybody and one for managers only; two people are enough to be shown."""
    for_managers = replace(make_question("figure"), asked_of=("managers",))
    criterion = make_criterion("daily work", make_question("mail"), for_managers)
    rubric = make_rubric(criterion, policy=Policy(smallest_group=2))
    return replace(rubric, ask=Ask.GAP, groups=("managers", "it", "staff"))


def _person(group: str, **pairs: tuple[int, int]) -> Assessment:
    answers = {question: Answer(expected=e, delivered=d) for question, (e, d) in pairs.items()}
    return replace(make_assessment(answers), reviewer=Reviewer(group=group))


def _survey(people: Sequence[Assessment], before: Sequence[Assessment] = ()) -> Survey:
    rubric = _rubric()
    rounds = [
        Round(measure(rubric, given), day, day, "ab" * 32, {"managers": 2, "it": 2})
        for given, day in ((people, DAY), (before, date(2025, 11, 2)))
        if given
    ]
    return Survey("Harbour", DAY, rounds[0], rounds[1] if before else None)


PEOPLE = [
    *(_person("managers", mail=(3, 1), figure=(2, 2)) for _ in range(2)),
    *(_person("it", mail=(1, 3)) for _ in range(2)),
]


def test_the_text_is_as_the_golden_file_has_it() -> None:
    shown = readiness_text(_survey(PEOPLE, PEOPLE), ReadinessChoices(by_group=True)) + "\n"
    assert is_golden("readiness/by-group.txt", shown)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_tables_fit_the_terminal(width: int) -> None:
    text = readiness_text(_survey(PEOPLE), ReadinessChoices(by_group=True, table_width=width))
    tables = [line for line in text.splitlines() if "±" in line or "balance" in line]
    assert max(map(len, tables)) <= width


@pytest.mark.parametrize("table_format", [one for one in TableFormat if one is not TableFormat.JSON])
def test_every_format_has_both_means_beside_the_gap(table_format: TableFormat) -> None:
    text = readiness_text(
        _survey([_person("it", mail=(3, 1)), _person("it", mail=(2, 1))]), ReadinessChoices(table_format)
    )
    figures = ("2.5", "1", "-1.5") if table_format in (TableFormat.CSV, TableFormat.TSV) else ("2.50", "1.00", "-1.50")
    line = next(line for line in text.splitlines() if "mail" in line.casefold() and figures[2] in line)
    assert all(figure in line for figure in figures)


def test_an_area_of_a_group_counts_the_questions_asked_of_it() -> None:
    found = readiness_json(_survey(PEOPLE))["areas"]
    assert isinstance(found, list)
    assert [(one["group"], one["measured"], one["asked"]) for one in found[0]["groups"]] == [
        ("managers", 2, 2),
        ("it", 1, 1),
    ]


def test_the_legend_says_where_the_counts_are_in_every_format() -> None:
    for table_format, width in ((TableFormat.SIMPLE, None), (TableFormat.GRID, None), (TableFormat.GRID, 40)):
        choices = ReadinessChoices(table_format, by_group=True, table_width=width)
        text = readiness_text(_survey(PEOPLE), choices)
        assert ('"Questions" counts' in text) == (width is None)


def test_a_group_whose_area_is_measured_in_part_is_out_of_balance_where_a_question_is_short() -> None:
    people = [*PEOPLE, *(_person("staff", mail=(2, 2)) for _ in range(2))]
    less = [people[0], _person("managers", mail=(3, 1)), *people[2:]]
    lines = readiness_text(_survey(less), ReadinessChoices(by_group=True)).splitlines()
    row = next(line for line in lines if line.startswith("– managers"))
    assert row.split()[-4:] == ["✗", "out", "of", "balance"]


def test_rounds_of_one_year_are_told_apart() -> None:
    survey = _survey(PEOPLE, PEOPLE)
    assert survey.before is not None
    same_year = replace(survey, before=replace(survey.before, first=DAY, last=DAY))
    assert "expected before" in readiness_text(same_year, ReadinessChoices())


def test_two_groups_fit_eighty_columns() -> None:
    choices = ReadinessChoices(groups=("managers", "it"), table_width=80)
    shown = readiness_text(_survey(PEOPLE), choices)
    between = shown[shown.index("question ") : shown.index("1.50 of 3.00: delivered of expected")]
    assert max(map(len, between.splitlines())) <= 80
