from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Retired, Reviewer, RubricRef, Subject
from toolvet.domain.decision import ApprovedFor, AssessmentRef, Computed, Condition, Decision, Waiver
from toolvet.domain.rubric import Ask, Policy, ScopeFact
from toolvet.domain.scorecard import Verdict
from toolvet.errors import NotSaved
from toolvet.storage.reader import assessment_of, decision_of
from toolvet.storage.toml_input import Seal
from toolvet.storage.writer import assessment_bytes, decision_bytes

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
DAY = st.dates()
ID = st.from_regex(re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,2}", re.ASCII), fullmatch=True).filter(lambda x: len(x) <= 64)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


EVIDENCE = st.builds(Evidence, source=NAME, grade=maybe(st.sampled_from(Grade)), date=maybe(DAY))
NOTES = {"answered": maybe(DAY), "note": maybe(TEXT), "setting": maybe(TEXT), "confirm": maybe(NAME)}
ANSWER = st.one_of(
    st.builds(Answer, level=maybe(st.integers(0, 6)), evidence=st.lists(EVIDENCE, max_size=3).map(tuple), **NOTES),
    st.builds(Answer, unknown=TEXT, **NOTES),
    st.builds(Answer, not_applicable=TEXT, **NOTES),
)
RETIRED = st.builds(Retired, version=st.just("0.9.0"), text=maybe(TEXT), option=maybe(NAME), answer=ANSWER)
ASSESSMENT = st.builds(
    Assessment,
    rubric=st.just(RubricRef("small", "1.0.0", "sha256:" + "0" * 64)),
    subject=st.builds(
        Subject,
        name=NAME,
        vendor=maybe(TEXT),
        plan=maybe(TEXT),
        job=maybe(TEXT),
        requested_on=maybe(DAY),
        users=maybe(st.integers(0, 10**6)),
    ),
    reviewer=st.builds(Reviewer, name=NAME, role=maybe(TEXT)),
    started=maybe(DAY),
    scope=st.dictionaries(ID, NAME, max_size=3),
    answers=st.dictionaries(ID, ANSWER, max_size=4),
    retired=st.dictionaries(ID, RETIRED, max_size=2),
    panel=st.sampled_from([(), tuple(AssessmentRef(f"assessments/x/{name}.toml", "0" * 64) for name in "ab")]),
)


@given(ASSESSMENT)
def test_assessment_reads_back_as_it_was(assessment: Assessment) -> None:
    file = assessment_of(Path("a.toml"), assessment_bytes(assessment))
    assert (file.assessment, file.seal) == (assessment, Seal.INTACT)


@given(ASSESSMENT)
def test_the_same_assessment_gives_the_same_bytes(assessment: Assessment) -> None:
    content = assessment_bytes(assessment)
    assert assessment_bytes(assessment_of(Path("a.toml"), content).assessment) == content


def test_answer_kept_aside_of_a_survey_reads_back_with_its_own_schema() -> None:
    kept = Retired("0.9.0", "What?", None, Answer(expected=1, delivered=2))
    assessment = replace(make_assessment(), retired={"gone": kept})
    rubric = replace(make_rubric(make_criterion("one", make_question("first"))), ask=Ask.GAP)
    assert assessment_of(Path("a.toml"), assessment_bytes(assessment, rubric)).assessment == assessment


DECISION = Decision(
    decision=Verdict.APPROVE_WITH_CONDITIONS,
    rationale="Because.",
    decided_by="Board",
    decided_on=date(2026, 11, 20),
    valid_until=date(2027, 11, 20),
    supersedes="2025-11-18.toml",
    consulted=("Works council",),
    considered=("Nothing",),
    links=("https://tickets.example.com/4711",),
    assessment=AssessmentRef("assessments/zoom/2026-11-02-a.toml", "0" * 64),
    computed=Computed(
        on=date(2026, 11, 20),
        verdict=Verdict.HOLD,
        reasons=("undecided",),
        floor=100 / 3,
        observed=None,
        ceiling=1e-13,
        coverage=91.0,
        policy=Policy(coverage=Fraction(665, 10), slipping=Fraction(-1, 4)),
    ),
    approved_for=ApprovedFor({"data": "internal"}, users=400, plan="Business", left_off=("AI companion",)),
    conditions=(Condition("Report.", id="report", owner="Vendor", due=date(2027, 3, 31)), Condition("Training.")),
    waivers=(Waiver("quiet-hours", "Spring.", "Phones off.", "CIO", date(2027, 3, 31)),),
)


def test_decision_reads_back_as_it_was() -> None:
    file = decision_of(Path("d.toml"), decision_bytes(DECISION))
    assert (file.decision, file.seal) == (DECISION, Seal.INTACT)


@given(TEXT, TEXT, NAME, NAME)
def test_decision_keeps_every_text(rationale: str, owner: str, condition: str, left_off: str) -> None:
    decision = replace(
        DECISION,
        rationale=rationale,
        conditions=(Condition(condition, owner=owner),),
        approved_for=ApprovedFor(left_off=(left_off,)),
    )
    assert decision_of(Path("d.toml"), decision_bytes(decision)).decision == decision


def test_assessment_is_written_in_the_order_of_the_rubric() -> None:
    rubric = make_rubric(
        make_criterion("one", make_question("first"), make_question("second")),
        scope=[ScopeFact("data", "What?", ("internal",)), ScopeFact("outsiders", "Who?", ("yes",))],
    )
    assessment = replace(
        make_assessment(
            {
                "second": Answer(level=1),
                "first": Answer(
                    level=3,
                    answered=date(2026, 11, 2),
                    note="Two\nlines.",
                    evidence=(Evidence("https://support.example.com/kb/61900", Grade.DOCUMENT, date(2026, 10, 30)),),
                ),
            },
            scope={"outsiders": "yes", "data": "internal"},
        ),
        started=date(2026, 11, 2),
    )
    lines = assessment_bytes(assessment, rubric).decode().splitlines()
    assert lines[0] == "#:schema ../../.toolvet/assessment.schema.json"
    assert re.fullmatch('seal = "sha256:[0-9a-f]{64}"', lines[1])
    assert lines[2:] == [
        "format = 1",
        "started = 2026-11-02",
        "",
        "[rubric]",
        'id = "small"',
        'version = "1.0.0"',
        "",
        "[subject]",
        'name = "Tool"',
        "",
        "[reviewer]",
        'name = "A. Reviewer"',
        "",
        "[scope]",
        'data = "internal"',
        'outsiders = "yes"',
        "",
        "[answers.first]",
        "level = 3",
        "answered = 2026-11-02",
        'note = "Two\\nlines."',
        "evidence = [",
        '    { source = "https://support.example.com/kb/61900", grade = "document", date = 2026-10-30 },',
        "]",
        "",
        "[answers.second]",
        "level = 1",
    ]


def test_gap_assessment_names_its_own_schema() -> None:
    rubric = replace(make_rubric(make_criterion("one", make_question("first"))), ask=Ask.GAP)
    assessment = replace(make_assessment({"first": Answer(expected=1)}), reviewer=Reviewer(group="employees"))
    first_line = assessment_bytes(assessment, rubric).decode().splitlines()[0]
    assert first_line == "#:schema ../../.toolvet/assessment-gap.schema.json"


def test_gap_assessment_without_name_or_answer_can_be_written() -> None:
    assessment = replace(make_assessment(), reviewer=Reviewer())
    assert assessment_of(Path("a.toml"), assessment_bytes(assessment)).assessment == assessment


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            Answer(level=1, note="\ud800"),
            "NOT SAVED: a text holds half a character ('\\ud800'); type it again",
        ),
        (
            Answer(level=1, note="x" * 20_001),
            "NOT SAVED: note is 20,001 characters long; at most 20,000 are kept, so shorten it",
        ),
        (Answer(level=7), "NOT SAVED: level must be 6 or less, not 7"),
        (Answer(level=1, unknown=""), "NOT SAVED: q has level and unknown; keep one of them"),
    ],
)
def test_what_the_reader_would_refuse_is_not_written(answer: Answer, message: str) -> None:
    with pytest.raises(NotSaved) as caught:
        assessment_bytes(make_assessment({"q": answer}))
    assert str(caught.value) == message


def test_more_than_one_mebibyte_is_not_written() -> None:
    answers = {f"q{number}": Answer(level=1, note="x" * 20_000) for number in range(53)}
    with pytest.raises(NotSaved) as caught:
        assessment_bytes(make_assessment(answers))
    assert str(caught.value) == "NOT SAVED: the file would be larger than 1 MiB; shorten the notes"
