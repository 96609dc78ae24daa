from __future__ import annotations

import pytest

from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf, ScopeCondition, facts_of, holds, plain_words_of, words_of

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


def test_words_keep_the_grouping() -> None:
    condition = AllOf((AnyOf((GUESTS, SECRET)), Not(GUESTS)))
    assert words_of(condition) == "(guests is yes or data is at least confidential) and not guests is yes"


def test_plain_words_say_ids_with_spaces_and_options_after_a_colon() -> None:
    content = OneOf("keeps-content", frozenset({"yes"}), "keeps-content is yes")
    assert plain_words_of(AllOf((content, AnyOf((SECRET, Not(GUESTS)))))) == (
        "keeps content: yes and (data at least confidential or not guests: yes)"
    )
