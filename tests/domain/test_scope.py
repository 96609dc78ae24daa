from __future__ import annotations

import pytest

from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf, ScopeCondition, facts_of, holds

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
