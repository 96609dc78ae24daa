from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.rubric import IfMissed, MustReach, Raise, ScopeFact
from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf
from toolvet.domain.scoring import score
from toolvet.text.labels import condition_words, plain_condition_words, required_words, share, share_needed, short_day

GUESTS = OneOf("guests", frozenset({"yes"}), "guests is yes")
SECRET = OneOf("data", frozenset({"confidential", "restricted"}), "data is at least confidential")


def test_a_share_has_its_sign_beside_what_is_needed_too() -> None:
    assert (share(Fraction(952, 10)), share(None)) == ("95.2%", "–")
    assert share_needed(Fraction(952, 10), Fraction(80)) == "95.2%, needs 80%"


def test_a_date_in_a_narrow_column_has_three_letters_of_the_month() -> None:
    assert (short_day(date(2026, 9, 30)), short_day(date(2027, 5, 1))) == ("30 Sep 2026", "1 May 2027")


def test_words_keep_the_grouping() -> None:
    condition = AllOf((AnyOf((GUESTS, SECRET)), Not(GUESTS)))
    assert condition_words(condition) == "(guests is yes or data is at least confidential) and not guests is yes"


def test_plain_words_say_ids_with_spaces_and_options_after_a_colon() -> None:
    content = OneOf("keeps-content", frozenset({"yes"}), "keeps-content is yes")
    assert plain_condition_words(AllOf((content, AnyOf((SECRET, Not(GUESTS)))))) == (
        "keeps content: yes and (data at least confidential or not guests: yes)"
    )


@pytest.mark.parametrize(
    ("if_missed", "data", "words"),
    [
        (IfMissed.REJECT, "low", "must reach 2, else rejected"),
        (IfMissed.REJECT, "restricted", "must reach 2, else rejected; 3, else on hold"),
        (IfMissed.REJECT, None, "must reach 2, else rejected; perhaps 3"),
        (IfMissed.HOLD, "low", "must reach 2, else on hold"),
        (IfMissed.HOLD, "restricted", "must reach 3, else on hold"),
    ],
)
def test_a_must_have_says_what_missing_it_does(if_missed: IfMissed, data: str | None, words: str) -> None:
    raised = Raise(3, OneOf("data", frozenset({"restricted"}), "data is restricted"), "More is at stake.")
    question = replace(make_question("x"), must_reach=MustReach(2, "Because.", None, if_missed, (raised,)))
    rubric = make_rubric(make_criterion("a", question), scope=[ScopeFact("data", "Data?", ("low", "restricted"))])
    scope = {} if data is None else {"data": data}
    (must_have,) = score(rubric, make_assessment({}, scope=scope), date(2026, 11, 21)).must_haves
    assert required_words(must_have) == words
