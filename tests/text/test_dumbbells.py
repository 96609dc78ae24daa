"""Dumbbells in characters and as SVG."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from toolvet.report.charts_svg import Dumbbell, dumbbells_svg
from toolvet.text.charts import dumbbell


@pytest.mark.parametrize(
    ("expected", "delivered", "drawn"),
    [
        (Fraction(3), Fraction(1), "──●━━━○──"),
        (Fraction(1), Fraction(3), "──○━━━●──"),
        (Fraction(0), Fraction(4), "○━━━━━━━●"),
        (Fraction(2), Fraction(2), "────◉────"),
        (Fraction(2), None, "────○────"),
        (None, Fraction(2), "────●────"),
        (None, None, "─────────"),
    ],
)
def test_both_means_stand_on_the_ladder(expected: Fraction | None, delivered: Fraction | None, drawn: str) -> None:
    assert dumbbell(expected, delivered, 4, 9) == drawn


def test_a_bar_of_no_width_is_empty() -> None:
    assert dumbbell(Fraction(1), Fraction(2), 4, 0) == ""


def test_the_drawing_says_its_figures_as_text() -> None:
    rows = (
        Dumbbell("Off hours", Fraction(3), Fraction(3, 2), Fraction(-3, 2), 4),
        Dumbbell("Nobody", None, None, None, 4),
        Dumbbell("One <side>", Fraction(1), None, None, 4),
    )
    drawn = str(dumbbells_svg(rows, "A & B"))
    assert 'role="img"' in drawn
    assert re.findall(r"<(title|desc)>(.*)</", drawn) == [
        ("title", "A &amp; B"),
        (
            "desc",
            "Off hours: expected 3.00, delivered 1.50, gap -1.50, of 4; "
            "One &lt;side&gt;: expected 1.00, delivered –, gap –, of 4",
        ),
    ]
    assert drawn.count("<circle") == 3
