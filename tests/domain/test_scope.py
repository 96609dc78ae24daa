from __future__ import annotations

import pytest

from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf, Outcomes, ScopeCondition, facts_of, holds, outcomes

GUESTS = OneOf("guests", frozenset({"yes"}), "guests is yes")
SECRET = OneOf("data", frozenset({"confidential", "restricted"}), "data is at least confidential")


@pytest.mark.parametrize(
    ("condition", "scope", "expected"),
    [
        (None, {}, True),
        (GUESTS, {"guests": "yes"}, True),
        (GUESTS, {"guests": "no"}, False),
        (GUESTS, {}, None),
        (AllOf((GUESTS, SECRET)), {"guests": "no"}, False),
        (AllOf((GUESTS, SECRET)), {"guests": "yes"}, None),
        (AllOf((GUESTS, SECRET)), {"guests": "yes", "data": "restricted"}, True),
        (AnyOf((GUESTS, SECRET)), {"guests": "yes"}, True),
        (AnyOf((GUESTS, SECRET)), {"guests": "no"}, None),
        (AnyOf((GUESTS, SECRET)), {"guests": "no", "data": "public"}, False),
        (Not(GUESTS), {}, None),
        (Not(GUESTS), {"guests": "no"}, True),
        (Not(AllOf((GUESTS, SECRET))), {"data": "public"}, True),
    ],
)
def test_holds_in_three_values(condition: ScopeCondition | None, scope: dict[str, str], expected: bool | None) -> None:
    assert holds(condition, scope) is expected


def test_facts_are_named_in_order() -> None:
    assert list(facts_of(AnyOf((Not(SECRET), AllOf((GUESTS, SECRET)))))) == ["data", "guests", "data"]


OPTIONS = {"data": ("public", "internal"), "outsiders": ("no", "yes")}
INTERNAL = OneOf("data", frozenset({"internal"}), "data is internal")
ANY_DATA = OneOf("data", frozenset({"public", "internal"}), "data is at least public")
OUTSIDERS = OneOf("outsiders", frozenset({"yes"}), "outsiders is yes")


def test_condition_that_depends_has_facts_for_both() -> None:
    assert outcomes(INTERNAL, OPTIONS) == Outcomes({"data": "internal"}, {"data": "public"}, True)


def test_condition_over_every_option_is_never_false() -> None:
    found = outcomes(ANY_DATA, OPTIONS)
    assert (found.is_never_true, found.is_never_false) == (False, True)


def test_condition_that_contradicts_itself_is_never_true() -> None:
    found = outcomes(AllOf((OUTSIDERS, INTERNAL, Not(OUTSIDERS))), OPTIONS)
    assert (found.is_never_true, found.is_never_false) == (True, False)


def test_excluded_middle_is_never_false() -> None:
    assert outcomes(AnyOf((INTERNAL, Not(INTERNAL))), OPTIONS).is_never_false


def test_facts_that_do_not_matter_any_more_are_not_given() -> None:
    assert outcomes(AllOf((INTERNAL, OUTSIDERS)), OPTIONS).false == {"data": "public"}


def test_search_that_grows_too_large_claims_nothing() -> None:
    facts = {f"fact-{number}": ("no", "yes") for number in range(30)}
    given = [OneOf(fact, frozenset({"yes"}), fact) for fact in facts]
    always = [AnyOf((one, Not(one))) for one in given]
    found = outcomes(AllOf((*always, OUTSIDERS, Not(OUTSIDERS))), {**OPTIONS, **facts})
    assert (found.is_complete, found.is_never_true) == (False, False)
