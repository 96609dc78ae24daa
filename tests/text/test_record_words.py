"""Records of a decision, and how it stands, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from build import make_approval
from toolvet.domain.decision import Condition, Decision, Waiver
from toolvet.domain.records import ConditionState, Proof, Record, RecordKind, RecordRule, broken_rules, condition_states
from toolvet.domain.standing import standing_of
from toolvet.text.record_words import (
    brief_standing,
    condition_owner,
    condition_record_words,
    condition_status,
    last_day_words,
    record_rule_words,
    record_words,
    standing_line,
    state_words_of,
    with_last_day,
    withdrawn_words,
)
from toolvet.text.sentences import why_words

DECIDED = date(2026, 11, 20)
DUE = date(2027, 1, 15)
LATER = date(2027, 2, 15)
MET_ON = date(2027, 1, 10)
DECISION = replace(
    make_approval(DECIDED),
    valid_until=date(2027, 11, 20),
    conditions=(Condition("Obtain a report.", id="report", owner="CIO", due=DUE), Condition("Lock the rooms.")),
)
MET = Record(RecordKind.CONDITION_MET, "2026-11-20.toml", "Ada", MET_ON, condition="report")
MOVED = replace(MET, record=RecordKind.CONDITION_MOVED, on=date(2027, 1, 5), due=LATER, why="The vendor is late.")
WITHDRAWN = Record(RecordKind.WITHDRAWN, "2026-11-20.toml", "Board", date(2027, 3, 1), why="It leaked.")


def report_state(on: date, *records: Record) -> ConditionState:
    return condition_states(DECISION, records, on)[0]


@pytest.mark.parametrize(
    ("on", "records", "words"),
    [
        (DECIDED, (), "approved, 2 conditions open"),
        (date(2027, 1, 16), (), "approved, 1 condition overdue"),
        (date(2027, 1, 16), (MET,), "approved, 1 condition open"),
        (date(2027, 1, 16), (MOVED,), "approved, 2 conditions open"),
        (date(2027, 11, 21), (), "run out since 2027-11-21"),
        (date(2027, 3, 1), (WITHDRAWN,), "withdrawn since 2027-03-01"),
        (date(2027, 2, 28), (WITHDRAWN,), "approved, 1 condition overdue"),
    ],
)
def test_how_a_decision_stands_is_said_with_what_is_open(on: date, records: tuple[Record, ...], words: str) -> None:
    assert state_words_of(standing_of(DECISION, on, records=records)) == words


def test_a_subject_without_a_decision_is_under_review_and_nothing_is_said_of_how_it_stands() -> None:
    assert state_words_of(None) == "under review"
    assert brief_standing(None, None) == ""
    assert brief_standing(None, standing_of(DECISION, DECIDED)) == "not settled"
    assert brief_standing(DECISION, None) == "approve"


@pytest.mark.parametrize(
    ("on", "records", "line"),
    [
        (DECIDED, (), "approved until 20 November 2027, 2 conditions open"),
        (date(2027, 11, 21), (), "run out since 21 November 2027"),
        (date(2027, 3, 2), (WITHDRAWN,), "withdrawn since 1 March 2027"),
    ],
)
def test_the_last_day_is_named_only_while_it_lies_ahead(on: date, records: tuple[Record, ...], line: str) -> None:
    assert standing_line(DECISION, standing_of(DECISION, on, records=records)) == line


def test_a_decision_to_be_confirmed_ends_on_no_day_yet() -> None:
    standing = replace(standing_of(DECISION, DECIDED), doubts=("Its floor differs.",))
    assert standing_line(DECISION, standing) == "to be confirmed"


def test_a_last_day_stands_behind_the_state_and_before_what_is_open() -> None:
    assert with_last_day("approved, 1 condition open", "2027-02-26") == "approved until 2027-02-26, 1 condition open"
    assert with_last_day("approved", None) == "approved"


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (make_approval(DECIDED), ""),
        (DECISION, "20 November 2027"),
        (
            replace(DECISION, waivers=(Waiver("x", "Promised.", "Phone.", "CIO", date(2027, 2, 28)),)),
            "28 February 2027, when the waiver of 1 must-have expires; the decision itself says 20 November 2027",
        ),
    ],
)
def test_the_last_day_says_why_where_the_decision_names_another(decision: Decision, words: str) -> None:
    assert last_day_words(decision, standing_of(decision, DECIDED)) == words


def test_a_condition_says_when_it_is_due_and_who_owns_it() -> None:
    assert [condition_owner(condition) for condition in DECISION.conditions] == [
        "due 15 January 2027, owned by CIO",
        "no due date, no owner",
    ]


@pytest.mark.parametrize(
    ("on", "records", "status", "words"),
    [
        (DUE, (), "open", ""),
        (date(2027, 1, 16), (), "overdue", ""),
        (DUE, (MET,), "met", "met on 10 January 2027, recorded by Ada"),
        (DUE, (replace(MET, note="Seen."),), "met", "met on 10 January 2027, recorded by Ada, shown by Seen"),
        (
            DUE,
            (MOVED,),
            "open",
            "moved from 15 January 2027 by Ada on 5 January 2027: The vendor is late.",
        ),
        (
            DUE,
            (MOVED, replace(MET, evidence=(Proof("vpat.pdf"), Proof("a call")))),
            "met",
            "moved from 15 January 2027 by Ada on 5 January 2027: The vendor is late; "
            "met on 10 January 2027, recorded by Ada, shown by vpat.pdf and a call",
        ),
    ],
)
def test_a_condition_says_what_its_records_say(on: date, records: tuple[Record, ...], status: str, words: str) -> None:
    state = report_state(on, *records)
    assert (condition_status(state), condition_record_words(state)) == (status, words)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (MET, 'Condition met: "Obtain a report."; recorded by Ada.'),
        (
            replace(MET, note="On paper", evidence=(Proof("vpat.pdf"),)),
            'Condition met: "Obtain a report."; recorded by Ada, shown by vpat.pdf. On paper.',
        ),
        (MOVED, 'Condition moved to 15 February 2027: "Obtain a report."; by Ada. The vendor is late.'),
        (WITHDRAWN, "Withdrawn by Board. It leaked."),
        (Record(RecordKind.SIGNED, "2026-11-20.toml", "Ada", DECIDED), "Signed by Ada."),
    ],
)
def test_each_kind_of_record_is_one_sentence(record: Record, words: str) -> None:
    assert record_words(record, DECISION) == words


def test_a_withdrawal_says_who_when_and_why() -> None:
    assert withdrawn_words(WITHDRAWN) == "Withdrawn by Board on 1 March 2027: It leaked."
    assert withdrawn_words(replace(WITHDRAWN, why=None)) == "Withdrawn by Board on 1 March 2027."


@pytest.mark.parametrize(
    ("record", "others", "rule", "words"),
    [
        (
            replace(MET, condition="repotr"),
            (),
            RecordRule.NO_SUCH_CONDITION,
            '2026-11-20.toml has no condition "repotr"; it has report and condition-2.',
        ),
        (
            replace(MET, on=date(2026, 11, 19)),
            (),
            RecordRule.BEFORE_DECISION,
            "It is dated 2026-11-19, before the decision of 2026-11-20; "
            "give it the day of the decision or a later one.",
        ),
        (
            replace(MOVED, due=date(2027, 1, 4)),
            (),
            RecordRule.MOVED_INTO_PAST,
            "It moves the condition to 2027-01-04, before 2027-01-05; give it a later day.",
        ),
        (
            MET,
            (MET,),
            RecordRule.ALREADY_MET,
            'The condition "report" is already recorded as met; nothing more is needed.',
        ),
        (
            WITHDRAWN,
            (WITHDRAWN,),
            RecordRule.ALREADY_WITHDRAWN,
            "2026-11-20.toml is already withdrawn; nothing more is needed.",
        ),
    ],
)
def test_a_broken_rule_is_found_and_says_what_to_do(
    record: Record, others: tuple[Record, ...], rule: RecordRule, words: str
) -> None:
    assert broken_rules(record, DECISION, others) == (rule,)
    assert record_rule_words(rule, record, DECISION) == words


def test_the_day_in_a_files_name_stays_as_it_is() -> None:
    assert why_words("a decision of 2026-11-28 rests on it") == "A decision of 28 November 2026 rests on it"
    assert why_words("decisions/zoom/2026-13-01 copy.toml cannot be read").endswith(
        "/2026-13-01 copy.toml cannot be read"
    )
