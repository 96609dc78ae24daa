"""A rung quoted by itself says what "As before" stands for."""

from __future__ import annotations

import pytest

from toolvet.domain.rubric import rung_alone

LADDER = ("Nothing.", "A rule.", "As before, and what it costs.", "as before, and who pays.", "Beforehand, by law.")


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (0, "Nothing."),
        (1, "A rule."),
        (2, "[A rule], and what it costs."),
        (3, "[A rule, and what it costs], and who pays."),
        (4, "Beforehand, by law."),
    ],
)
def test_a_rung_that_builds_on_the_one_below_is_quoted_with_it(level: int, words: str) -> None:
    assert rung_alone(LADDER, level) == words


def test_the_lowest_rung_has_nothing_to_build_on() -> None:
    assert rung_alone(("As before.", "More."), 0) == "As before."
