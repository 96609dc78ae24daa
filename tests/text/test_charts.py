"""Ranges and maps in characters."""

from __future__ import annotations

from fractions import Fraction

from toolvet.domain.scorecard import ScoreRange
from toolvet.text.charts import MapPoint, map_lines, range_bar


def a_range(floor: int, observed: int | None, ceiling: int) -> ScoreRange:
    return ScoreRange(
        Fraction(floor), None if observed is None else Fraction(observed), Fraction(ceiling), coverage=Fraction(50)
    )


def test_a_bar_reaches_from_floor_to_ceiling_with_observed_and_threshold() -> None:
    assert range_bar(a_range(40, 55, 80), 20, (Fraction(90),)) == "────────┣━━●━━━━┫─┊─"


def test_a_threshold_inside_the_range_crosses_it() -> None:
    assert range_bar(a_range(40, None, 80), 10, (Fraction(60),)) == "────┣━┿━┫─"


def test_a_range_of_one_point_is_its_observed_mark() -> None:
    assert range_bar(a_range(50, 50, 50), 10) == "─────●────"


def test_the_whole_width_is_an_unknown_tool() -> None:
    assert range_bar(a_range(0, None, 100), 6) == "┣━━━━┫"


def test_a_hundred_percent_stays_inside_the_bar() -> None:
    assert range_bar(a_range(100, 100, 100), 4) == "───●"


def test_no_width_is_no_bar() -> None:
    assert range_bar(a_range(0, 50, 100), 0) == ""


def test_the_map_places_a_point_with_its_whiskers() -> None:
    point = MapPoint("A", "Tool", experience=a_range(60, 70, 80), control=a_range(50, 70, 90))
    assert map_lines([point], Fraction(60), 46, 13) == [
        "control (up), experience (across)",
        "100 ┤ locked down            ┊ sweet spot",
        "    ┤                        ┊   │",
        "    ┤                        ┼───A────",
        " 60 ┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄",
        "    ┤                        ┊   │",
        "    ┤                        ┊",
        "    ┤                        ┊",
        "    ┤                        ┊",
        "    ┤                        ┊",
        "  0 ┤ neither                ┊ free for all",
        "    └────────────────────────────────────────",
        "     0                       60           100",
    ]


def test_points_in_one_place_stand_side_by_side() -> None:
    spot = a_range(70, 70, 70)
    points = [MapPoint(letter, letter, spot, spot) for letter in "ABC"]
    assert "CAB" in "\n".join(map_lines(points, Fraction(60), 46, 13))


def test_a_point_without_an_observed_figure_is_left_out() -> None:
    point = MapPoint("A", "Tool", a_range(0, None, 100), a_range(50, 70, 90))
    assert map_lines([point], Fraction(60), 46, 13) == map_lines([], Fraction(60), 46, 13)
