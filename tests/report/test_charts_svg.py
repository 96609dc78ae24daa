"""Charts as SVG: well formed, titled, with their figures as text."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

from toolvet.domain.scorecard import ScoreRange
from toolvet.report.approval.document import RangeRow
from toolvet.report.charts_svg import ACCENT, map_svg, ranges_svg
from toolvet.text.charts import MapPoint

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = 'A "tool" <script>x</script> & \x1b[31m'


def range_row(title: str, floor: int, observed: int | None, ceiling: int) -> RangeRow:
    seen = None if observed is None else Fraction(observed)
    return RangeRow(
        None, title, Fraction(1), Fraction(floor), seen, Fraction(ceiling), Fraction(80), Fraction(70), Fraction(60)
    )


def score_range(floor: int, observed: int | None, ceiling: int) -> ScoreRange:
    seen = None if observed is None else Fraction(observed)
    return ScoreRange(Fraction(floor), seen, Fraction(ceiling), Fraction(80))


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_ranges_are_drawn_with_title_description_and_figures() -> None:
    svg = ranges_svg([range_row("Devices", 40, 55, 80)], "Ranges of Tool")
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert [root.findtext(f"{SVG}{tag}") for tag in ("title", "desc")] == [
        "Ranges of Tool",
        "Devices: floor 40.0, observed 55.0, ceiling 80.0, threshold 60.0",
    ]
    assert {"Devices", "40.0 – 80.0"} <= set(texts(svg))


def test_a_bar_reaches_from_floor_to_ceiling() -> None:
    svg = ranges_svg([range_row("Devices", 0, 50, 100)], "Ranges")
    bar = next(ElementTree.fromstring(svg).iter(f"{SVG}rect"))
    dot = next(ElementTree.fromstring(svg).iter(f"{SVG}circle"))
    assert (bar.get("x"), bar.get("width"), dot.get("cx")) == ("190.0", "460.0", "420.0")


def test_what_has_no_range_is_left_out() -> None:
    nothing = RangeRow(None, "Devices", Fraction(1), None, None, None, None, None, Fraction(60))
    assert "Devices" not in texts(ranges_svg([nothing], "Ranges"))


def test_without_an_observed_figure_there_is_no_dot() -> None:
    svg = ranges_svg([range_row("Devices", 0, None, 100)], "Ranges")
    assert list(ElementTree.fromstring(svg).iter(f"{SVG}circle")) == []


def test_the_map_names_its_fields_and_letters_its_points() -> None:
    point = MapPoint("A", "Tool", score_range(60, 70, 80), score_range(50, 65, 90))
    svg = map_svg([point], Fraction(60), "Map")
    assert {"sweet spot", "locked down", "free for all", "neither", "A"} <= set(texts(svg))
    assert ElementTree.fromstring(svg).findtext(f"{SVG}desc") == "Tool: experience 70.0, control 65.0"


def test_a_point_without_an_observed_figure_is_not_drawn() -> None:
    point = MapPoint("A", "Tool", score_range(0, None, 100), score_range(50, 65, 90))
    assert "A" not in texts(map_svg([point], Fraction(60), "Map"))


def test_foreign_text_is_text() -> None:
    point = MapPoint("A", HOSTILE, score_range(60, 70, 80), score_range(50, 65, 90))
    for svg in (ranges_svg([range_row(HOSTILE, 1, 2, 3)], HOSTILE), map_svg([point], Fraction(60), HOSTILE)):
        root = ElementTree.fromstring(svg)
        assert list(root.iter(f"{SVG}script")) == []
        assert root.findtext(f"{SVG}title") == 'A "tool" <script>x</script> & <U+001B>[31m'


def test_nothing_is_fetched() -> None:
    svg = ranges_svg([range_row("Devices", 40, 55, 80)], "Ranges")
    assert re.findall(r"(?:href|url|src)\b", svg) == []


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_one_colour_stands_out_on_light_and_on_dark() -> None:
    accent, paper, night = (luminance(colour) for colour in (ACCENT, "#ffffff", "#15181c"))
    assert (paper + 0.05) / (accent + 0.05) >= 3
    assert (accent + 0.05) / (night + 0.05) >= 3
