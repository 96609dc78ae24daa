"""States and due items against an oracle that was written from PRODUCT.md alone, on every boundary day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from toolvet.domain.assessment import Assessment, Correction, FactValue, Reviewer, RubricRef, Subject, known_facts
from toolvet.domain.decision import AssessmentRef, Computed, Condition, CoveredFile, Decision, Waiver
from toolvet.domain.decision_rules import DueKind, decided_items, succession
from toolvet.domain.records import Record, RecordKind
from toolvet.domain.rubric import Policy
from toolvet.domain.scorecard import Verdict
from toolvet.domain.standing import standing_of, stands_on
from toolvet.storage.reader import AssessmentFile, DecisionFile, RecordFile
from toolvet.storage.subjects import SubjectFolder, corrected_folder
from toolvet.storage.toml_input import Seal

START = date(2026, 1, 1)
COMPUTED = Computed(START, Verdict.HOLD, (), 50.0, 50.0, 50.0, 100.0, Policy())
DAYS = st.integers(0, 60).map(lambda days: START + timedelta(days=days))


def days_from(start: date) -> st.SearchStrategy[date]:
    return st.integers(0, 40).map(lambda days: start + timedelta(days=days))


@dataclass(frozen=True)
class Made:
    """A decision and what happened to it."""

    decision: Decision
    records: tuple[Record, ...]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Made, ...]:
    """A few decisions, each superseding the one before, with records that keep the rules."""
    made: list[Made] = []
    for number in range(draw(st.integers(1, 3))):
        decided_on = draw(DAYS)
        later = days_from(decided_on)
        conditions = tuple(
            Condition(f"Do {name}", id=name, due=draw(st.none() | later))
            for name in ("a", "b")[: draw(st.integers(0, 2))]
        )
        choice = draw(st.sampled_from(Verdict))
        is_approval = choice in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)
        waivers = tuple(
            Waiver("q", "Why.", "Control.", "Owner", draw(later)) for _ in range(draw(st.integers(0, 1)) * is_approval)
        )
        decision = Decision(
            choice,
            "Board",
            decided_on,
            AssessmentRef("assessments/t/a.toml", "0" * 64),
            COMPUTED,
            valid_until=draw(st.none() | later),
            supersedes=f"{number - 1}.toml" if number else None,
            conditions=conditions,
            waivers=waivers,
        )
        made.append(Made(decision, tuple(draw_records(draw, decision, f"{number}.toml", later, is_approval))))
    return tuple(made)


def draw_records(
    draw: st.DrawFn, decision: Decision, name: str, later: st.SearchStrategy[date], is_approval: bool
) -> Iterator[Record]:
    for condition in decision.conditions:
        moved_on = draw(st.none() | later)
        if moved_on is not None:
            due = moved_on + timedelta(days=draw(st.integers(0, 20)))
            yield Record(RecordKind.CONDITION_MOVED, name, "A", moved_on, condition=condition.id, due=due, why="W")
        met_on = draw(st.none() | later)
        if met_on is not None and (moved_on is None or moved_on <= met_on):
            yield Record(RecordKind.CONDITION_MET, name, "A", met_on, condition=condition.id)
    withdrawn_on = draw(st.none() | later) if is_approval else None
    if withdrawn_on is not None:
        yield Record(RecordKind.WITHDRAWN, name, "A", withdrawn_on, why="W")


# The oracle: plain sentences of PRODUCT.md, with nothing of the program but its values.


def counting(made: tuple[Made, ...], on: date) -> Made | None:
    """Of those decided on or before the day, the one that no other of them supersedes, also along the chain."""
    there = [number for number, one in enumerate(made) if one.decision.decided_on <= on]
    return made[max(there)] if there else None


def due_of(made: Made, name: str, on: date) -> date | None:
    due = next(one.due for one in made.decision.conditions if one.id == name)
    for record in made.records:
        if record.record is RecordKind.CONDITION_MOVED and record.condition == name and record.on <= on:
            due = record.due
    return due


def open_names(made: Made, on: date) -> list[str]:
    met = {one.condition for one in made.records if one.record is RecordKind.CONDITION_MET and one.on <= on}
    return [str(one.id) for one in made.decision.conditions if one.id not in met]


def state(made: tuple[Made, ...], on: date) -> str:
    one = counting(made, on)
    if one is None:
        return "under review"
    if one.decision.decision is Verdict.REJECT:
        return "refused"
    if one.decision.decision is Verdict.HOLD:
        return "on hold"
    if any(record.record is RecordKind.WITHDRAWN and record.on <= on for record in one.records):
        return "withdrawn"
    ends = [one.decision.valid_until, *(waiver.expires for waiver in one.decision.waivers)]
    if any(end is not None and end < on for end in ends):
        return "run out"
    dues = [due_of(one, name, on) for name in open_names(one, on)]
    if any(due is not None and due < on for due in dues):
        return "approved, a condition overdue"
    return "approved, conditions open" if dues else "approved"


def due(made: tuple[Made, ...], on: date) -> set[tuple[str, date]]:
    """What a decision makes due: its end, its waivers, and each open condition; nothing once it is withdrawn."""
    one = counting(made, on)
    if one is None or state(made, on) == "withdrawn":
        return set()
    decision = one.decision
    found: set[tuple[str, date]] = {("waiver", waiver.expires) for waiver in decision.waivers}
    ends = [end for end in (decision.valid_until, *(waiver.expires for waiver in decision.waivers)) if end is not None]
    if ends:
        found.add(("approval", min(ends)))
    for name in open_names(one, on):
        day = due_of(one, name, on)
        if day is not None:
            found.add(("condition", day))
    return found


def boundary_days(made: tuple[Made, ...]) -> set[date]:
    days = {one.decision.decided_on for one in made}
    for one in made:
        days |= {record.on for record in one.records}
        given = [one.decision.valid_until, *(waiver.expires for waiver in one.decision.waivers)]
        given += [condition.due for condition in one.decision.conditions]
        given += [record.due for record in one.records]
        days |= {day for day in given if day is not None}
    return {day + timedelta(days=shift) for day in days for shift in (-1, 0, 1)}


@given(histories())
@settings(max_examples=100)
def test_states_and_due_items_are_those_of_the_contract(made: tuple[Made, ...]) -> None:
    named = {f"{number}.toml": one for number, one in enumerate(made)}
    for on in boundary_days(made):
        counts = succession({name: one.decision for name, one in named.items()}, on).counts
        one = None if counts is None else named[counts]
        standing = None if one is None else standing_of(one.decision, on, records=one.records)
        assert stands_on(standing).value == state(made, on)
        items = () if one is None or standing is None else decided_items(one.decision, standing, None)
        kinds = {DueKind.APPROVAL: "approval", DueKind.WAIVER: "waiver", DueKind.CONDITION: "condition"}
        assert {(kinds[item.kind], item.day) for item in items} == due(made, on)


TYPED = Assessment(RubricRef("r", "1"), Subject("Tool", plan="Old", users=1), Reviewer("Ada"))
VALUES: dict[str, tuple[FactValue | None, ...]] = {"users": (None, 1, 2), "plan": (None, "Old", "New")}


@st.composite
def corrections(draw: st.DrawFn, made: tuple[Made, ...]) -> tuple[Record, ...]:
    """Records in the order of their days, some of them about what did not stand there or dated before the decision."""
    days = sorted(draw(st.lists(DAYS, max_size=6)))
    records: list[Record] = []
    for on in days:
        facts = draw(st.sets(st.sampled_from(sorted(VALUES)), min_size=1))
        known = [CoveredFile(f"decisions/t/records/{at}.toml", "0" * 64) for at in range(len(records))]
        records.append(
            Record(
                RecordKind.CORRECTED,
                f"{draw(st.integers(0, len(made) - 1))}.toml",
                "A",
                on,
                corrections=tuple(
                    Correction(fact, draw(st.sampled_from(VALUES[fact])), draw(st.sampled_from(VALUES[fact])))
                    for fact in sorted(facts)
                ),
                earlier=tuple(one for one in known if draw(st.booleans())),
            )
        )
    return tuple(records)


def facts_on(made: tuple[Made, ...], records: tuple[Record, ...], on: date) -> dict[str, FactValue | None]:
    """A correction holds from its day on; one of what did not stand there, or before its decision, changes nothing."""
    facts: dict[str, FactValue | None] = {"users": 1, "plan": "Old"}
    for record in records:
        decided_on = made[int(record.decision.removesuffix(".toml"))].decision.decided_on
        if decided_on <= record.on <= on and all(facts[one.fact] == one.was for one in record.corrections):
            facts |= {one.fact: one.now for one in record.corrections}
    return facts


def told(made: tuple[Made, ...], records: tuple[Record, ...]) -> set[str]:
    """Those that changed nothing, unless each of their facts was corrected later by somebody who knew of them."""
    found = set()
    for at, record in enumerate(records):
        decided_on = made[int(record.decision.removesuffix(".toml"))].decision.decided_on
        before = facts_on(made, records[:at], date.max)
        if record.on < decided_on:
            found.add(f"{at}.toml")
        elif any(before[one.fact] != one.was for one in record.corrections):
            left = {one.fact for one in record.corrections}
            for later_at, later in enumerate(records):
                is_known = any(one.path.endswith(f"/{at}.toml") for one in later.earlier)
                then = facts_on(made, records[:later_at], date.max)
                counts = later.on >= made[int(later.decision.removesuffix(".toml"))].decision.decided_on and all(
                    then[one.fact] == one.was for one in later.corrections
                )
                if later_at > at and is_known and counts:
                    left -= {one.fact for one in later.corrections}
            if left:
                found.add(f"{at}.toml")
    return found


@given(st.data())
@settings(max_examples=100)
def test_facts_and_their_corrections_are_those_of_the_contract(data: st.DataObject) -> None:
    made = data.draw(histories())
    records = data.draw(corrections(made))
    files = [RecordFile(Path(f"{at}.toml"), record, Seal.INTACT, b"") for at, record in enumerate(records)]
    decisions = tuple(
        DecisionFile(
            *(Path(f"{at}.toml"), one.decision, Seal.INTACT, b""),
            tuple(file for file in files if file.record.decision == f"{at}.toml"),
        )
        for at, one in enumerate(made)
    )
    folder = SubjectFolder("t", (AssessmentFile(Path("a.toml"), TYPED, Seal.INTACT, b""),), decisions, ())
    for on in {record.on + timedelta(days=shift) for record in records for shift in (-1, 0, 1)}:
        found = corrected_folder(folder, on)
        facts = known_facts(found.assessments[0].assessment)
        assert {name: facts[name] for name in VALUES} == facts_on(made, records, on)
        assert {problem.path.name for problem in found.correction_problems} == told(made, records)
        standing = standing_of(made[0].decision, on, records=made[0].records)
        assert standing == standing_of(made[0].decision, on, records=(*made[0].records, *records))
