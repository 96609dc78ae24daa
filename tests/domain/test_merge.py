"""Two versions of one assessment: where they differ, what is offered, and what is made of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import make_assessment, make_criterion, make_question, make_rubric, without_evidence
from toolvet.domain.assessment import (
    Amendment,
    Answer,
    Assessment,
    Correction,
    Evidence,
    Retired,
    Reviewer,
    RubricRef,
    Subject,
)
from toolvet.domain.merge import About, Keep, Point, both_answers, points, settled

RUBRIC = make_rubric(make_criterion("work", make_question("a"), make_question("b"), make_question("c")))
EARLY, LATE = date(2026, 11, 2), date(2026, 11, 9)


def found(ours: Assessment, theirs: Assessment, before: Assessment | None = None) -> tuple[Point, ...]:
    return points(ours, theirs, before, RUBRIC)


def test_the_same_differ_in_nothing() -> None:
    assert found(make_assessment(without_evidence({"a": 1})), make_assessment(without_evidence({"a": 1}))) == ()


def test_what_only_one_changed_is_kept_as_that_one_has_it() -> None:
    before = make_assessment(without_evidence({"a": 1, "b": 1}))
    ours, theirs = (
        make_assessment(without_evidence({"a": 2, "b": 1})),
        make_assessment(without_evidence({"a": 1, "b": 3})),
    )
    assert found(ours, theirs, before) == (
        Point(About.ANSWER, "a", Answer(level=2), Answer(level=1), Keep.OURS, is_disputed=False),
        Point(About.ANSWER, "b", Answer(level=1), Answer(level=3), Keep.THEIRS, is_disputed=False),
    )
    assert settled(ours, theirs, found(ours, theirs, before), {}) == make_assessment(without_evidence({"a": 2, "b": 3}))


def test_what_both_changed_is_disputed_and_both_are_offered() -> None:
    ours, theirs = make_assessment(without_evidence({"a": 2})), make_assessment(without_evidence({"a": 3}))
    disputed = Point(About.ANSWER, "a", Answer(level=2), Answer(level=3), Keep.BOTH, is_disputed=True)
    assert found(ours, theirs, make_assessment(without_evidence({"a": 1}))) == (disputed,)
    assert found(ours, theirs) == (disputed,)


def test_without_the_version_before_what_only_one_has_is_kept() -> None:
    ours, theirs = make_assessment(without_evidence({"a": 2})), make_assessment(without_evidence({"b": 3}))
    assert settled(ours, theirs, found(ours, theirs), {}) == make_assessment(without_evidence({"a": 2, "b": 3}))


def test_what_one_took_off_stays_off_where_the_other_left_it_alone() -> None:
    before = make_assessment(without_evidence({"a": 1, "b": 1}))
    ours, theirs = make_assessment(without_evidence({"a": 1})), make_assessment(without_evidence({"a": 1, "b": 1}))
    assert settled(ours, theirs, found(ours, theirs, before), {}) == ours


def test_points_come_in_the_rubrics_order_after_the_fields() -> None:
    ours = replace(make_assessment(without_evidence({"c": 1, "a": 1})), subject=Subject("Zoom", vendor="Zoom"))
    theirs = make_assessment({}, scope={"data": "secret"})
    assert [(point.about.value, point.id) for point in found(ours, theirs)] == [
        ("subject", "name"),
        ("subject", "vendor"),
        ("scope", "data"),
        ("answer", "a"),
        ("answer", "c"),
    ]


def test_of_two_names_ours_is_offered_and_there_is_no_both() -> None:
    ours, theirs = make_assessment(), replace(make_assessment(), subject=Subject("Other"))
    [point] = found(ours, theirs)
    assert (point.offered, point.can_be_both, point.is_disputed) == (Keep.OURS, False, True)


def test_of_two_options_both_leaves_the_fact_open() -> None:
    ours, theirs = make_assessment(scope={"data": "public"}), make_assessment(scope={"data": "secret"})
    assert settled(ours, theirs, found(ours, theirs), {}) == make_assessment(scope={})


def test_another_rubric_is_one_point_for_everything() -> None:
    ours = make_assessment(without_evidence({"a": 1}))
    theirs = replace(make_assessment(without_evidence({"b": 1})), rubric=RubricRef("small", "2.0.0"))
    [point] = found(ours, theirs)
    assert (point.about, point.can_be_both) == (About.RUBRIC, False)
    assert settled(ours, theirs, (point,), {point.key: Keep.OURS}) == ours
    assert settled(ours, theirs, (point,), {point.key: Keep.THEIRS}) == theirs


def test_what_was_kept_from_an_earlier_rubric_is_kept_of_either() -> None:
    ours = replace(make_assessment(), retired={"x": Retired("0.9.0")})
    theirs = replace(make_assessment(), retired={"y": Retired("0.9.0")})
    assert settled(ours, theirs, found(ours, theirs), {}).retired == {"x": Retired("0.9.0"), "y": Retired("0.9.0")}


def amended(fact: str, was: str, now: str, on: date = EARLY) -> Amendment:
    return Amendment(on, "A. Reviewer", (Correction(fact, was, now),))


def test_what_either_corrected_stays_told_by_day() -> None:
    known = Subject("Tool", vendor="Zom", job="Cals")
    before = replace(make_assessment(), subject=known, amended=(amended("name", "Tol", "Tool"),))
    vendor, job = amended("vendor", "Zom", "Zoom"), amended("job", "Cals", "Calls", LATE)
    ours = replace(before, subject=replace(known, job="Calls"), amended=(*before.amended, job))
    theirs = replace(before, subject=replace(known, vendor="Zoom"), amended=(*before.amended, vendor))
    merged = settled(ours, theirs, found(ours, theirs, before), {})
    assert merged == replace(
        before, subject=Subject("Tool", vendor="Zoom", job="Calls"), amended=(*before.amended, vendor, job)
    )


@pytest.mark.parametrize("keep", [Keep.OURS, Keep.THEIRS])
def test_of_two_corrections_of_one_fact_that_of_the_version_kept_is_told(keep: Keep) -> None:
    before = replace(make_assessment(), subject=Subject("Tool", vendor="Zom"))
    ours = replace(before, subject=Subject("Tool", vendor="Zoom"), amended=(amended("vendor", "Zom", "Zoom"),))
    theirs = replace(
        before, subject=Subject("Tool", vendor="Zoom Inc."), amended=(amended("vendor", "Zom", "Zoom Inc."),)
    )
    merged = settled(ours, theirs, found(ours, theirs, before), {(About.SUBJECT, "vendor"): keep})
    assert merged == (ours if keep is Keep.OURS else theirs)


def test_of_two_corrections_of_the_reviewer_that_of_the_version_kept_is_told() -> None:
    before = make_assessment()
    ours = replace(before, reviewer=Reviewer("Ann"), amended=(amended("reviewer", "A. Reviewer", "Ann"),))
    theirs = replace(before, reviewer=Reviewer("Bob"), amended=(amended("reviewer", "A. Reviewer", "Bob"),))
    assert settled(ours, theirs, found(ours, theirs, before), {}) == ours


SEEN, HEARD = Evidence("https://a.example"), Evidence("https://b.example")


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        (Answer(note="One."), Answer(note="Two."), Answer(note="One.\n\nThe other version: Two.")),
        (Answer(note="One and two."), Answer(note="two"), Answer(note="One and two.")),
        (Answer(setting="On."), Answer(level=2, answered=EARLY), Answer(level=2, answered=EARLY, setting="On.")),
        (Answer(evidence=(SEEN,)), Answer(evidence=(HEARD, SEEN)), Answer(evidence=(SEEN, HEARD))),
        (Answer(level=2, answered=LATE), Answer(level=2, answered=EARLY), Answer(level=2, answered=LATE)),
        (
            Answer(level=2, answered=EARLY),
            Answer(level=1, answered=LATE),
            Answer(level=2, answered=LATE, confirm="The other version: level 1"),
        ),
        (
            Answer(level=2),
            Answer(unknown="Asked them."),
            Answer(level=2, confirm="The other version: unknown", note="The other version: unknown: Asked them."),
        ),
        (Answer(unknown="Asked."), Answer(unknown=""), Answer(unknown="Asked.")),
        (Answer(expected=3), Answer(delivered=1), Answer(expected=3, delivered=1)),
        (
            Answer(expected=3, delivered=2),
            Answer(delivered=1),
            Answer(expected=3, delivered=2, confirm="The other version: delivered 1"),
        ),
    ],
)
def test_both_answers_keep_everything_and_a_dispute_has_to_be_confirmed(
    ours: Answer, theirs: Answer, both: Answer
) -> None:
    assert both_answers(ours, theirs) == both


ANSWERS = st.builds(
    Answer,
    level=st.sampled_from([None, 0, 3]),
    note=st.sampled_from([None, "one", "two"]),
    setting=st.sampled_from([None, "on"]),
    evidence=st.sampled_from([(), (SEEN,), (HEARD,)]),
)
VERSIONS = st.dictionaries(st.sampled_from("abc"), ANSWERS.filter(lambda answer: answer != Answer()))


@given(VERSIONS, VERSIONS, VERSIONS, st.sampled_from([Keep.OURS, Keep.THEIRS]))
def test_one_side_throughout_is_that_version(
    ours: dict[str, Answer], theirs: dict[str, Answer], before: dict[str, Answer], keep: Keep
) -> None:
    mine, other = make_assessment(ours), make_assessment(theirs)
    differing = found(mine, other, make_assessment(before))
    assert settled(mine, other, differing, {point.key: keep for point in differing}) == (
        mine if keep is Keep.OURS else other
    )


@given(VERSIONS, VERSIONS)
def test_both_throughout_has_every_text_and_source_of_either(
    ours: dict[str, Answer], theirs: dict[str, Answer]
) -> None:
    mine, other = make_assessment(ours), make_assessment(theirs)
    differing = found(mine, other)
    merged = settled(mine, other, differing, {point.key: Keep.BOTH for point in differing})
    for version in (ours, theirs):
        for question, answer in version.items():
            kept = merged.answer(question)
            assert (answer.note or "") in (kept.note or "")
            assert (answer.setting or "") in (kept.setting or "")
            assert set(answer.evidence) <= set(kept.evidence)
            assert answer.level in (None, kept.level) or f"level {answer.level}" in (kept.confirm or "")


@pytest.mark.parametrize(
    ("before", "keep", "drops"),
    [(None, Keep.THEIRS, False), (None, Keep.OURS, True), (None, Keep.BOTH, True), (3, Keep.OURS, False)],
)
def test_it_is_known_whether_something_of_theirs_does_not_stand_as_it_was(
    before: int | None, keep: Keep, drops: bool
) -> None:
    was = None if before is None else make_assessment(without_evidence({"a": before}))
    [point] = found(make_assessment(without_evidence({"a": 2})), make_assessment(without_evidence({"a": 3})), was)
    assert point.drops_theirs(keep) is drops
