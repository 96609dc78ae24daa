from __future__ import annotations

from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf
from toolvet.text.labels import condition_words, plain_condition_words

GUESTS = OneOf("guests", frozenset({"yes"}), "guests is yes")
SECRET = OneOf("data", frozenset({"confidential", "restricted"}), "data is at least confidential")


def test_words_keep_the_grouping() -> None:
    condition = AllOf((AnyOf((GUESTS, SECRET)), Not(GUESTS)))
    assert condition_words(condition) == "(guests is yes or data is at least confidential) and not guests is yes"


def test_plain_words_say_ids_with_spaces_and_options_after_a_colon() -> None:
    content = OneOf("keeps-content", frozenset({"yes"}), "keeps-content is yes")
    assert plain_condition_words(AllOf((content, AnyOf((SECRET, Not(GUESTS)))))) == (
        "keeps content: yes and (data at least confidential or not guests: yes)"
    )
