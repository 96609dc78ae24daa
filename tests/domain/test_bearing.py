"""Answers of other tools' questionnaires, and which of our questions each bears on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer
from toolvet.domain.bearing import (
    THREE_STEPS,
    YES_NO,
    Bearing,
    SentAnswer,
    SentAnswers,
    SentStanding,
    bearing_on,
    numbers_in,
)
from toolvet.domain.rubric import Question, TextQuestion

REFS = st.sampled_from(["LOG-01", "LOG-02", "DATA-01", "ENC-09"])
SENT = st.builds(
    SentAnswer,
    REFS,
    st.just("row 1"),
    st.sampled_from(["Yes", "No", "NA", ""]),
    note=st.sampled_from(["", "A year."]),
    standing=st.one_of(st.none(), st.sampled_from(SentStanding)),
)


def bearing(question: Question, *items: SentAnswer, names: tuple[str, ...] = ("HECVAT",)) -> Bearing:
    return bearing_on(make_rubric(make_criterion("security", question)), SentAnswers("HECVAT", names, items))


def test_numbers_in_a_reference_are_written_out() -> None:
    assert list(numbers_in("HECVAT DPAI-02, -03, DRPV-08")) == ["DPAI-02", "DPAI-03", "DRPV-08"]
    assert list(numbers_in("CISA SCuBA MS.AAD.3.1, 3.2v1 (SHALL)")) == ["CISA", "MS.AAD.3.1", "MS.AAD.3.2v1"]
    assert list(numbers_in('CSA CCM UEM "Remote Wipe"')) == ["CSA", "CCM", "UEM"]


def test_a_reference_makes_evidence_but_no_level() -> None:
    """A question of ours has its own ladder: yes is none of its rungs."""
    question = replace(make_question("audit"), references=("HECVAT LOGG-01, -02", "CSA CCM LOG"))
    items = (
        SentAnswer("LOGG-02", "row 9", "Yes", "Are logs kept?", "A year.", SentStanding.FULL),
        SentAnswer("DATA-01", "row 10", "No", standing=SentStanding.NONE),
    )
    found = bearing_on(make_rubric(make_criterion("security", question)), SentAnswers("HECVAT", ("HECVAT",), items))
    assert found.answers == {"audit": Answer(note="HECVAT LOGG-02 (Are logs kept?): Yes. A year.")}
    assert found.unused == items[1:]


def test_of_two_answers_to_one_number_none_is_taken() -> None:
    question = replace(make_question("audit"), ref="LOG-01", references=("HECVAT LOG",), levels=YES_NO)
    yes = SentAnswer("LOG-01", "row 2", "Yes", standing=SentStanding.FULL)
    no = SentAnswer("LOG-01", "row 9", "No", standing=SentStanding.NONE)
    found = bearing(question, yes, no)
    assert (found.answers, found.contradicted, found.unused) == ({}, (yes, no), ())
    assert bearing(question, yes, replace(no, given="", standing=None, note="More.")).answers["audit"].level == 1
    assert bearing(question, yes, replace(yes, place="row 9", given="YES")).contradicted == ()


def test_a_reference_to_a_group_counts_its_answers() -> None:
    question = replace(make_question("audit"), references=("CSA CCM LOG",))
    items = (
        SentAnswer("LOG-01.1", "row 3", "Yes", standing=SentStanding.FULL),
        SentAnswer("LOG-02.1", "row 4", "No", standing=SentStanding.NONE),
        SentAnswer("LOG-03.1", "row 5", "NA", standing=SentStanding.NOT_APPLICABLE),
    )
    found = bearing_on(make_rubric(make_criterion("security", question)), SentAnswers("CAIQ", ("CCM",), items))
    assert found.answers["audit"].note == "CAIQ LOG: 1 of 2 answered in full; not LOG-02.1 No."
    assert found.unused == ()


def test_a_group_in_which_nothing_applies_says_so() -> None:
    question = replace(make_question("audit"), references=("CSA CCM LOG",))
    items = (SentAnswer("LOG-03.1", "row 5", "NA", standing=SentStanding.NOT_APPLICABLE),)
    found = bearing_on(make_rubric(make_criterion("security", question)), SentAnswers("CAIQ", ("CCM",), items))
    assert found.answers["audit"].note == "CAIQ LOG: LOG-03.1 answered as not applicable."


@pytest.mark.parametrize(
    ("given_answer", "standing", "expected"),
    [
        ("Yes", SentStanding.FULL, Answer(level=1)),
        ("no.", SentStanding.NONE, Answer(level=0)),
        ("Partly", SentStanding.PART, Answer(note="HECVAT LOG-01: Partly.")),
        ("NA", SentStanding.NOT_APPLICABLE, Answer(not_applicable='Answered with "NA".', note="HECVAT LOG-01: NA.")),
    ],
)
def test_a_question_with_the_items_number_takes_the_rung_of_the_same_words(
    given_answer: str, standing: SentStanding, expected: Answer
) -> None:
    question = replace(make_question("logs"), ref="LOG-01", levels=YES_NO)
    item = SentAnswer("LOG-01", "row 3", given_answer, standing=standing)
    assert bearing(question, item) == Bearing({"logs": expected}, {"logs": "row 3"}, ())


@pytest.mark.parametrize(
    ("standing", "level"),
    [(SentStanding.FULL, 2), (SentStanding.PART, 1), (SentStanding.NONE, 0), (None, None)],
)
def test_the_ladder_of_a_draft_takes_how_far_it_was_answered(standing: SentStanding | None, level: int | None) -> None:
    question = replace(make_question("logs"), references=("HECVAT LOG-01",), levels=THREE_STEPS)
    found = bearing(question, SentAnswer("LOG-01", "row 3", "Mostly", standing=standing)).answers
    assert found["logs"].level == level


def test_a_version_in_a_number_counts_for_nothing() -> None:
    question = replace(make_question("logs"), ref="MS.AAD.3.1v2", levels=YES_NO)
    assert bearing(question, SentAnswer("MS.AAD.3.1v1", "row 3", "Yes")).answers == {"logs": Answer(level=1)}


def test_a_question_in_words_takes_what_was_given_and_noted() -> None:
    text = TextQuestion("vendor", "Who makes it?", "General", "general", ref="GNRL-01")
    rubric = replace(make_rubric(make_criterion("a", make_question("x"))), texts=(text,))
    items = (SentAnswer("GNRL-01", "row 2", "Zoom", note="Since 2011."), SentAnswer("GNRL-02", "row 3", "Ohio"))
    found = bearing_on(rubric, SentAnswers("HECVAT", ("HECVAT",), items))
    assert found == Bearing({"vendor": Answer(note="Zoom\nSince 2011.")}, {"vendor": "row 2"}, items[1:])


def test_a_question_that_asks_for_the_report_gets_its_summary() -> None:
    question = replace(make_question("accessibility"), check="Ask for the VPAT.")
    sent = SentAnswers("OpenACR", ("WCAG",), (), report_words=("VPAT",), summary="40 of 50 criteria are supported.")
    found = bearing_on(make_rubric(make_criterion("a", question, make_question("other"))), sent)
    assert found == Bearing(
        {"accessibility": Answer(note="40 of 50 criteria are supported.")}, {"accessibility": "the whole report"}, ()
    )


def test_a_note_that_would_be_too_long_says_where_the_rest_is() -> None:
    question = replace(make_question("logs"), ref="LOG-01")
    note = bearing(question, SentAnswer("LOG-01", "row 3", "Yes", note="x" * 20_000)).answers["logs"].note
    assert note == f"HECVAT LOG-01: Yes. {'x' * (16_000 - len('HECVAT LOG-01: Yes. '))}… (more in the file)"


@given(st.lists(SENT, max_size=5, unique_by=lambda item: item.ref))
def test_every_item_is_either_used_or_listed(items: list[SentAnswer]) -> None:
    question = replace(make_question("logs"), references=("HECVAT LOG-01, -02",))
    found = bearing(question, *items)
    used = {"LOG-01", "LOG-02"} & {item.ref for item in items}
    assert {item.ref for item in found.unused} == {item.ref for item in items} - used
    assert set(found.answers) == ({"logs"} if used else set())
