"""Records, rounds and decisions as files: they read back as they were, and what is wrong in them is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolvet.domain.assessment import RubricRef
from toolvet.domain.decision import CoveredFile
from toolvet.domain.disclosure import ClosedRound, OpenRound
from toolvet.domain.records import Proof, Record, RecordKind
from toolvet.errors import NotSaved, UnusableFile
from toolvet.storage.reader import open_round_of, record_of, round_of
from toolvet.storage.record_format import decision_faults, record_faults
from toolvet.storage.round_format import round_faults
from toolvet.storage.toml_input import Seal
from toolvet.storage.writer import open_round_bytes, record_bytes, round_bytes

DAY = date(2026, 11, 20)
DIGEST = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
FILE = st.builds(CoveredFile, st.just("rubrics/house-1.0.0.toml"), DIGEST)
FILES = st.lists(FILE, max_size=2).map(tuple)
OF_ALL = {
    "decision": st.just("2026-11-20.toml"),
    "by": WORDS,
    "on": st.dates(),
    "sha256": st.none() | DIGEST,
    "note": st.none() | WORDS,
    "earlier": FILES,
}
PROOFS = st.lists(st.builds(Proof, WORDS) | st.builds(Proof, st.just("evidence/a.pdf"), DIGEST), max_size=2).map(tuple)
RECORD = st.one_of(
    st.builds(Record, st.just(RecordKind.CONDITION_MET), condition=WORDS, evidence=PROOFS, **OF_ALL),
    st.builds(Record, st.just(RecordKind.CONDITION_MOVED), condition=WORDS, due=st.dates(), why=WORDS, **OF_ALL),
    st.builds(Record, st.just(RecordKind.WITHDRAWN), why=WORDS, **OF_ALL),
    st.builds(
        Record,
        st.just(RecordKind.SIGNED),
        files=st.lists(FILE, min_size=1, max_size=2).map(tuple),
        signature=WORDS,
        **OF_ALL,
    ),
)
ROUND = st.builds(
    ClosedRound,
    st.dates(),
    st.builds(RubricRef, st.just("pulse"), st.just("1.0.0"), st.none() | DIGEST.map("sha256:{}".format)),
    st.integers(2, 3),
    st.lists(DIGEST, min_size=3, max_size=5, unique=True).map(sorted).map(tuple),
)


@given(RECORD)
def test_a_record_reads_back_as_it_was(record: Record) -> None:
    content = record_bytes(record)
    file = record_of(Path("record"), content)
    assert (file.record, file.seal) == (record, Seal.INTACT)
    assert record_bytes(record) == content


@given(ROUND)
def test_a_closed_round_reads_back_as_it_was(closed: ClosedRound) -> None:
    file = round_of(Path("round"), round_bytes(closed))
    assert (file.round, file.seal) == (closed, Seal.INTACT)


@given(st.dates())
def test_an_open_round_reads_back_until_when_it_is_open(until: date) -> None:
    open_round = OpenRound(until=until)
    assert open_round_of(Path("open.toml"), open_round_bytes(open_round)) == open_round


def test_an_open_round_and_a_closed_one_are_not_taken_for_each_other() -> None:
    closed = round_bytes(ClosedRound(DAY, RubricRef("pulse", "1.0.0"), 2, ("ab" * 32, "cd" * 32)))
    with pytest.raises(UnusableFile, match="is about a round that is open"):
        round_of(Path("round"), open_round_bytes(OpenRound(until=DAY)))
    with pytest.raises(UnusableFile, match="is no open round: until is missing; add it, or remove the file"):
        open_round_of(Path("open.toml"), closed)


def test_a_record_that_the_reader_would_refuse_is_not_written() -> None:
    with pytest.raises(NotSaved, match="NOT SAVED: why is missing; a withdrawn record needs it"):
        record_bytes(Record(RecordKind.WITHDRAWN, "2026-11-20.toml", "Board", DAY))


MET = {"record": "condition-met", "decision": "2026-11-20.toml", "condition": "report"}


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        (MET, []),
        ({"record": "condition-met"}, [((), "condition is missing; a condition-met record needs it")]),
        (
            {**MET, "due": DAY, "signature": "x"},
            [
                (("due",), "due does not belong in a condition-met record; remove it"),
                (("signature",), "signature does not belong in a condition-met record; remove it"),
            ],
        ),
        (
            {**MET, "decision": "../2026-11-20.toml"},
            [
                (
                    ("decision",),
                    'decision "../2026-11-20.toml" is not a file name; name a file of the folder above, '
                    "like 2026-11-20.toml",
                )
            ],
        ),
        (
            {**MET, "evidence": [{"source": "a call"}, {"source": "../secret.pdf", "sha256": "0"}]},
            [(("evidence", 1, "source"), 'source "../secret.pdf" is not a file of this workspace')],
        ),
        (
            {**MET, "earlier": [{"path": "/etc/passwd", "sha256": "0"}]},
            [(("earlier", 0, "path"), 'path "/etc/passwd" is not a file of this workspace')],
        ),
        ({"record": 3, "decision": None, "evidence": "x", "files": [3]}, []),  # the schema tells of these
    ],
)
def test_what_is_wrong_in_a_record_is_told_where_it_is(document: dict[str, Any], faults: list[object]) -> None:
    assert [(fault.place, fault.message) for fault in record_faults(document)] == faults


CLOSED = {"closed_on": DAY, "rubric": {}, "smallest_group": 2, "counted": ["0" * 64, "1" * 64]}


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        (CLOSED, []),
        ({"until": DAY}, []),
        (
            {"until": DAY, "smallest_group": 2},
            [
                (
                    ("smallest_group",),
                    "smallest_group belongs to a closed round, and this is an open one; remove it",
                )
            ],
        ),
        (
            {key: value for key, value in CLOSED.items() if key != "closed_on"},
            [((), "closed_on is missing; bring back the file as it was")],
        ),
        (
            {**CLOSED, "counted": ["0" * 64, "F" * 40]},
            [(("counted", 1), f'"{"F" * 40}" is not the sha256 of a file; bring the file back')],
        ),
        (
            {**CLOSED, "smallest_group": 3},
            [(("counted",), "counts 2 answer files, fewer than smallest_group; bring the file back")],
        ),
        ({**CLOSED, "counted": "many"}, []),  # the schema tells of it
    ],
)
def test_what_is_wrong_in_a_round_is_told_where_it_is(document: dict[str, Any], faults: list[object]) -> None:
    assert [(fault.place, fault.message) for fault in round_faults(document)] == faults


ASSESSED = {"decision": "approve", "assessment": {"path": "assessments/zoom/a.toml"}, "computed": {}}
TOLERATED = {"decision": "tolerate", "rationale": "In use.", "owner": "CIO", "valid_until": DAY}


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        (ASSESSED, []),
        (TOLERATED, []),
        (
            {**ASSESSED, "owner": "CIO"},
            [(("owner",), "owner does not belong in a decision on an assessment; remove it")],
        ),
        (
            {**TOLERATED, "waivers": []},
            [(("waivers",), "waivers does not belong in a decision to tolerate; remove it")],
        ),
        (
            {"decision": "tolerate", "rationale": "In use."},
            [
                ((), "owner is missing; a decision to tolerate needs it"),
                ((), "valid_until is missing; a decision to tolerate needs it"),
            ],
        ),
        (
            {**ASSESSED, "assessment": {"path": "assessments/../../secret.toml"}},
            [
                (
                    ("assessment", "path"),
                    'path "assessments/../../secret.toml" is not an assessment in this workspace; '
                    "write it like assessments/zoom/….toml",
                )
            ],
        ),
        (
            {**ASSESSED, "supersedes": "a.toml", "also_supersedes": ["b.toml", "sub/c.toml"]},
            [
                (
                    ("also_supersedes", 1),
                    'also_supersedes "sub/c.toml" is not a file name; name the file beside this one, '
                    "like 2026-11-20.toml",
                )
            ],
        ),
    ],
)
def test_what_is_wrong_in_a_decision_is_told_where_it_is(document: dict[str, Any], faults: list[object]) -> None:
    assert [(fault.place, fault.message) for fault in decision_faults(document)] == faults
