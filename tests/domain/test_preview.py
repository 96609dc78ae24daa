"""A rubric under facts that are tried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from build import make_criterion, make_question, make_rubric
from toolvet.domain.preview import GROUP, PreviewChange, Switch, difference, preview, switches_of
from toolvet.domain.rubric import Ask, Rubric, ScopeFact
from toolvet.domain.scope import OneOf

DAY = date(2026, 11, 2)
RECORDS = ScopeFact("records", "Can it record?", ("no", "yes"))
SWITCH = Switch("records", "Can it record?", ("no", "yes"))
IF_IT_RECORDS = OneOf("records", frozenset({"yes"}), "records is yes")


def tools() -> Rubric:
    """Always asked: a, a must-have if it records. Asked if it records: b, a must-have, two minutes."""
    a = make_question("a", must_reach=1, must_reach_when=IF_IT_RECORDS)
    b = replace(make_question("b", must_reach=1, applies_when=IF_IT_RECORDS), minutes=2)
    return make_rubric(make_criterion("one", a, b), scope=[RECORDS])


def survey() -> Rubric:
    """Asked of all: a. Asked of managers: b."""
    rubric = make_rubric(make_criterion("one", make_question("a"), replace(make_question("b"), asked_of=("managers",))))
    return replace(rubric, ask=Ask.GAP, groups=("employees", "managers"))


def test_what_hangs_on_a_fact_not_given_counts_as_asked() -> None:
    now = preview(tools(), {}, DAY)
    assert (now.asked, now.may_be_asked) == (("a", "b"), 1)
    assert (now.must_haves, now.may_be_must_haves) == (("a", "b"), 2)
    assert now.minutes == 2


def test_a_fact_takes_questions_away() -> None:
    now = preview(tools(), {SWITCH: "no"}, DAY)
    assert (now.asked, now.may_be_asked, now.must_haves, now.minutes) == (("a",), 0, (), 0)


def test_a_fact_that_is_given_leaves_nothing_open() -> None:
    now = preview(tools(), {SWITCH: "yes"}, DAY)
    assert (now.may_be_asked, now.may_be_must_haves) == (0, 0)


def test_difference_names_what_came_and_went() -> None:
    without, with_records = preview(tools(), {SWITCH: "no"}, DAY), preview(tools(), {SWITCH: "yes"}, DAY)
    assert difference(without, with_records) == PreviewChange(("b",), (), ("a", "b"), ())
    assert difference(with_records, without) == PreviewChange((), ("b",), (), ("a", "b"))


def test_scope_facts_are_the_switches() -> None:
    assert switches_of(tools()) == (SWITCH,)


def test_the_group_is_a_switch_where_a_question_is_asked_of_some() -> None:
    assert [(switch.id, switch.options) for switch in switches_of(survey())] == [(GROUP, ("employees", "managers"))]
    everybody = replace(survey(), criteria=(make_criterion("one", make_question("a")),))
    assert switches_of(everybody) == ()


def test_a_question_for_some_groups_is_open_until_the_group_is_given() -> None:
    switch = switches_of(survey())[0]
    asked = {option: preview(survey(), {switch: option}, DAY).asked for option in switch.options}
    assert preview(survey(), {}, DAY).may_be_asked == 1
    assert asked == {"employees": ("a",), "managers": ("a", "b")}
