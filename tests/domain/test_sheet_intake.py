"""What a filled sheet means for an answer that is there: new, different or kept; and never the same twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolvet.domain.assessment import Answer, Evidence, Grade, dated_evidence
from toolvet.domain.sheet import Intake, Proposal, Taken, answer_cells, same_text

ON = date(2026, 11, 20)
DAY = date(2026, 11, 2)
PROPOSAL = Proposal(Evidence("evidence/sheet.xlsx", Grade.CLAIM, ON, "ab" * 32), "proposed by Sales in sheet.xlsx")
COLLEAGUE = Intake(ON, str)
VENDOR = Intake(ON, str, PROPOSAL)
CLAIMED = Evidence("a", Grade.CLAIM, DAY)


@pytest.mark.parametrize(
    ("ours", "theirs", "taken"),
    [
        (Answer(), Answer(level=2), Taken.NEW),
        (Answer(level=2), Answer(level=2), Taken.KEPT),
        (Answer(level=2), Answer(level=3), Taken.DIFFERS),
        (Answer(level=2), Answer(not_applicable="No such thing."), Taken.DIFFERS),
        (Answer(unknown="Asked."), Answer(level=3), Taken.NEW),
        (Answer(unknown="Asked."), Answer(unknown="Asked."), Taken.KEPT),
        (Answer(level=2), Answer(), Taken.KEPT),
        (Answer(level=2), Answer(level=2, note="x"), Taken.NEW),
        (Answer(level=2, note="a  “b”"), Answer(level=2, note='a\n"b"'), Taken.KEPT),
        (Answer(level=2, note="a"), Answer(level=2, note="b"), Taken.DIFFERS),
        (Answer(evidence=(Evidence("a"),)), Answer(evidence=(Evidence("b"),)), Taken.NEW),
        (
            Answer(evidence=(Evidence("a", Grade.CLAIM),)),
            Answer(evidence=(Evidence("a", Grade.TESTED),)),
            Taken.DIFFERS,
        ),
    ],
)
def test_a_colleagues_row_is_new_different_or_kept(ours: Answer, theirs: Answer, taken: Taken) -> None:
    assert COLLEAGUE.take("q", ours, theirs).taken is taken


def test_a_vendor_never_says_better_than_a_claim() -> None:
    theirs = Answer(level=2, evidence=(Evidence("https://a.example", Grade.TESTED),))
    merged = VENDOR.take("q", Answer(), theirs).merged
    assert {each.grade for each in merged.evidence} == {Grade.CLAIM}


def test_a_vendor_leaves_the_grade_of_our_evidence_alone() -> None:
    ours = Answer(level=2, evidence=(Evidence("a", Grade.TESTED, DAY),))
    found = VENDOR.take("q", ours, Answer(level=2, evidence=(Evidence("a", Grade.CLAIM, ON),)))
    assert (found.taken, found.merged) == (Taken.KEPT, ours)


def test_that_a_vendor_does_not_know_says_nothing_against_a_level() -> None:
    assert VENDOR.take("q", Answer(level=2), Answer(unknown="")).taken is Taken.KEPT


def test_a_vendors_note_stands_below_ours() -> None:
    merged = VENDOR.take("q", Answer(level=2, note="Ours."), Answer(level=2, note="Theirs.")).merged
    assert merged.note == "Ours.\n\nTheirs."


def test_an_agreeing_vendor_supports_a_level_that_has_no_evidence() -> None:
    found = VENDOR.take("q", Answer(level=2), Answer(level=2))
    assert (found.taken, found.merged) == (Taken.NEW, Answer(level=2, evidence=(PROPOSAL.sheet,)))


def test_text_shown_otherwise_in_a_sheet_is_the_same() -> None:
    shown = replace(COLLEAGUE, shown=lambda text: text.replace("\x1b", "␛"))
    assert shown.take("q", Answer(note="a\x1b"), Answer(note="a␛")).taken is Taken.KEPT


def test_an_answer_has_a_cell_for_each_part_it_has() -> None:
    answer = Answer(unknown="Asked.", answered=DAY, evidence=(Evidence("a"), Evidence("b", Grade.CLAIM, DAY)))
    assert answer_cells(answer) == {
        "answer": "unknown",
        "reason": "Asked.",
        "answered": "2026-11-02",
        "source": "a",
        "source 2": "b",
        "grade 2": "claim",
        "seen on 2": "2026-11-02",
    }


WORDS = st.sampled_from(["a", "b", "a b", "a\n\nb", "“a”", "c"])
DAYS = st.none() | st.sampled_from([DAY, ON])
PLAIN = st.builds(
    Answer,
    answered=DAYS,
    note=st.none() | WORDS,
    setting=st.none() | WORDS,
    evidence=st.lists(
        st.builds(Evidence, WORDS, st.none() | st.sampled_from(Grade), DAYS),
        max_size=3,
        unique_by=lambda each: each.source,
    ).map(tuple),
)
ANSWERS = (
    PLAIN
    | st.builds(lambda answer, level: replace(answer, level=level), PLAIN, st.integers(0, 2))
    | st.builds(lambda answer, tried: replace(answer, unknown=tried), PLAIN, st.just("") | WORDS)
    | st.builds(lambda answer, why: replace(answer, not_applicable=why), PLAIN, st.just("") | WORDS)
)


@settings(max_examples=150)
@given(ours=ANSWERS, theirs=ANSWERS, is_vendor=st.booleans())
def test_what_was_taken_in_once_is_kept_the_second_time(ours: Answer, theirs: Answer, is_vendor: bool) -> None:
    intake = VENDOR if is_vendor else COLLEAGUE
    once = intake.take("q", ours, theirs)
    again = intake.take("q", once.merged, theirs)
    assert (again.taken, again.merged) == (Taken.KEPT, once.merged)


@settings(max_examples=150)
@given(ours=ANSWERS, theirs=ANSWERS, is_vendor=st.booleans())
def test_nothing_of_ours_is_lost_where_nothing_differs(ours: Answer, theirs: Answer, is_vendor: bool) -> None:
    found = (VENDOR if is_vendor else COLLEAGUE).take("q", ours, theirs)
    if found.taken is not Taken.DIFFERS:
        merged = found.merged
        assert set(dated_evidence(ours, merged.answered)) <= set(merged.evidence)
        assert ours.note is None or (merged.note or "").startswith(ours.note)
        assert ours.setting is None or (merged.setting or "").startswith(ours.setting)
        assert ours.level is None or merged.level == ours.level


@given(text=st.text())
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert same_text(text, text)


@pytest.mark.parametrize("intake", [COLLEAGUE, VENDOR])
def test_a_sheets_answer_renews_no_evidence_of_ours_without_a_day(intake: Intake) -> None:
    ours = Answer(level=2, answered=DAY, evidence=(Evidence("a", Grade.TESTED),))
    merged = intake.take("q", ours, Answer(level=3)).merged
    assert (merged.answered, merged.evidence[0]) == (ON, Evidence("a", Grade.TESTED, DAY))
