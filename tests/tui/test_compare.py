"""The Compare screen by keyboard and mouse: which tool is at hand, and what the pages show."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import pytest
from rich.cells import cell_len

from build import LENIENT, make_criterion, make_question, make_rubric
from comparison_sample import by_levels, make_tool, three_tools
from screens import HOSTILE, LIVE, Host, inside, picture, press, until
from toolvet.domain.assessment import Answer, Evidence, Subject
from toolvet.domain.findings import Finding, FindingCode
from toolvet.report.comparison.ranking import Comparison, compare, total_words, why
from toolvet.storage.workspace import Workspace
from toolvet.text.sentences import finding_words
from toolvet.tui.compare.pages import QuestionsPage
from toolvet.tui.compare.screen import CRITERIA, MAP, QUESTIONS, WEIGHTS, WHY, BothAnswersScreen, CompareScreen
from toolvet.tui.compare.weights import WeightsPage, WhatIf

WIDE, NARROW = (120, 36), (80, 24)
HUNDREDTH = Fraction(1, 100)


def screen_of(app: Host) -> CompareScreen:
    return next(screen for screen in app.screen_stack if isinstance(screen, CompareScreen))


def below_headline(app: Host) -> list[str]:
    """The rows of the screen without those of the headline."""
    rows = picture(app)
    headline = app.screen.query("#headline")
    del rows[2 : 2 + (headline.first().size.height + headline.first().styles.padding.height if headline else 0)]
    return rows


async def rows_after(comparison: Comparison, *keys: str, size: tuple[int, int] = WIDE) -> list[str]:
    """The rows of the screen after these keys, once the weightings are drawn."""
    app = Host(lambda: CompareScreen(comparison))
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(lambda: bool(screen_of(app).view.words))
        await press(pilot, *keys)
        return [inside(row) for row in below_headline(app)]


async def screen_after(comparison: Comparison, *keys: str, size: tuple[int, int] = WIDE) -> CompareScreen:
    """The Compare screen after these keys."""
    app = Host(lambda: CompareScreen(comparison))
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
        return screen_of(app)


async def what_if_after(comparison: Comparison, *keys: str) -> WhatIf:
    """The weights tried after these keys."""
    app = Host(lambda: CompareScreen(comparison))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, *keys)
        return screen_of(app).query_one(WeightsPage).what_if


async def test_the_table_by_criterion_gives_figures_verdicts_and_bars() -> None:
    rows = await rows_after(three_tools())
    assert rows[3:13] == [
        "                                                                              coverage",
        " #  tool, verdict              floor  obs. ceil.      Devices     Security  must-haves",
        "▌1  A Alpha                     81.3  81.3  81.3  ✓      62.5  ✓     100.0      100.0%",
        "▌   ✓ APPROVE                  ───────────┊─●───                                 ✓ all",
        "",
        " 2  B Beta                      59.4  87.5  96.9  ? 18.8–93.8  ✓     100.0       62.5%",
        "    ‖ HOLD                     ──────────┣┿━━●━┫                                 ✓ all",
        "",
        " 3  C Gamma                     40.6  40.6  40.6  ✓      81.3  ✗       0.0      100.0%",
        "    ✗ REJECT                   ──────●────┊─────                                    ✗1",
    ]


async def test_the_headline_says_who_is_first() -> None:
    app = Host(lambda: CompareScreen(three_tools()))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "y")
        rows = picture(app)
    assert rows[3].strip() == "✓ Alpha ranks first and can be approved."
    assert any("Copied the row: 1 A Alpha" in row for row in rows)


async def test_down_takes_the_next_tool_at_hand() -> None:
    assert (await screen_after(three_tools(), "down")).view.at == 1


async def test_the_tool_at_hand_is_the_same_on_each_page() -> None:
    assert (await screen_after(three_tools(), "down", "2", "3", "4", "5", "1")).view.at == 1


@pytest.mark.parametrize(("key", "page"), [("1", CRITERIA), ("2", QUESTIONS), ("3", MAP), ("4", WEIGHTS), ("5", WHY)])
async def test_a_digit_turns_to_its_page(key: str, page: int) -> None:
    assert (await screen_after(three_tools(), key)).page == page


async def test_at_80_columns_the_verdict_is_a_word_and_enter_tells_why() -> None:
    rows = await rows_after(three_tools(), size=NARROW)
    assert [verdict for verdict in ("✓ APPROVE", "‖ HOLD", "✗ REJECT") if not any(verdict in row for row in rows)] == []
    assert " Why  tab Next page" in rows[-1]


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_columns_of_weights_are_told_right_below_them(size: tuple[int, int]) -> None:
    rows = await rows_after(three_tools(), "4", size=size)
    assert any(row.count("leads %") == 3 for row in rows)
    assert any("+ answers: open ones drawn, too" in row for row in rows)


async def test_tab_goes_round() -> None:
    assert (await screen_after(three_tools(), *["tab"] * 5)).page == CRITERIA


async def test_escape_goes_back() -> None:
    app = Host(lambda: CompareScreen(three_tools()))
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "escape")
        assert app.results == [None]


async def test_it_says_why_the_first_is_first_and_what_the_evidence_separates() -> None:
    text = " ".join(row.strip() for row in await rows_after(three_tools()))
    assert "Alpha is first because its verdict, approve, ranks above that of Beta, hold" in text
    assert "A is not separated from B: too close to call." in text


async def test_coverage_and_what_is_proven_stand_in_the_details() -> None:
    # of Beta every-device is answered, a quarter of one criterion, and all of the other
    text = "\n".join(await rows_after(three_tools(), "down"))
    assert "Coverage 62.5%, needs 80%; proven 62.5%, needs 50% to approve." in text


async def test_not_applicable_that_helps_the_verdict_is_shown() -> None:
    comparison = three_tools()
    tools = [entry.tool for entry in comparison.entries]
    finding = Finding(FindingCode.NOT_APPLICABLE_HELPS, ("sign-in",), (None,))
    rows = await rows_after(compare([replace(tools[0], findings=(finding,)), *tools[1:]]))
    assert f" {finding_words(finding, tools[0].scorecard)}" in rows


async def test_a_control_number_stands_before_the_title() -> None:
    question = replace(make_question("q"), title="Strong sign-in", ref="AAAI-09")
    rubric = make_rubric(make_criterion("c", question), policy=LENIENT)
    comparison = compare([make_tool(name, {"q": level}, rubric=rubric) for name, level in (("One", 4), ("Two", 2))])
    assert "AAAI-09 Strong sign-in" in (await rows_after(comparison, "2"))[5]
    assert "AAAI-09 Strong sign-in" in (await rows_after(comparison, "5"))[4]


async def test_on_a_narrow_screen_a_tool_takes_one_line_with_all_its_criteria() -> None:
    rows = await rows_after(three_tools(), size=NARROW)
    assert rows[3:7] == [
        " #  tool                       verdict    Devices  Security",
        "▌1  A Alpha                    ✓ APPROVE  ✓  62.5   ✓ 100.0",
        " 2  B Beta                     ‖ HOLD     ? 18–94   ✓ 100.0",
        " 3  C Gamma                    ✗ REJECT   ✓  81.3   ✗   0.0",
    ]


async def test_on_a_narrow_screen_columns_that_do_not_fit_are_counted() -> None:
    assert " 2 columns ▸   (← → to see them)" in await rows_after(four_criteria(), size=(60, 24))


async def test_right_moves_past_the_columns_that_stay() -> None:
    rows = await rows_after(four_criteria(), "right", "right", size=(60, 24))
    assert rows[3] == " #  tool                       C1       C2       C3"
    assert " ◂ 2 columns   (← → to see them)" in rows


async def test_the_matrix_gives_level_and_mark_for_each_tool() -> None:
    rows = await rows_after(three_tools(), "2")
    assert rows[3:9] == [
        " question          A Alpha                 B Beta                  C Gamma",
        " Devices",
        " Every device     ▌4 ▰▰▰▰ ✓                3 ▰▰▰▱ ✓                1 ▰▱▱▱ ✗",
        " Old phones        2 ▰▰▱▱                  ?                       4 ▰▰▰▰",
        " Security",
        " Sign in           4 ▰▰▰▰                  4 ▰▰▰▰                  0 ▱▱▱▱",
    ]


async def test_only_differences_leaves_out_where_all_are_the_same() -> None:
    comparison = by_levels(("One", 4, 2), ("Two", 4, 3))
    rows = await rows_after(comparison, "2", "equals_sign")
    assert rows[4:7] == [" C1", " Q1               ▌3 ▰▰▰▱                  2 ▰▰▱▱", ""]


async def test_the_scrollbar_knows_of_the_rows_that_are_left() -> None:
    questions = [f"q{number}" for number in range(60)]
    rubric = make_rubric(make_criterion("c", *(make_question(name) for name in questions)), policy=LENIENT)
    same, higher = dict.fromkeys(questions, 3), dict.fromkeys(questions[:40], 4)
    comparison = compare([make_tool("A", same, rubric=rubric), make_tool("B", same | higher, rubric=rubric)])
    app = Host(lambda: CompareScreen(comparison))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "2", "equals_sign")
        grid = screen_of(app).query_one(QuestionsPage).grid
        # a line of heading, one of title, and the forty
        assert (grid.virtual_size.height, grid.vertical_scrollbar.window_virtual_size) == (42, 42)


async def test_the_screen_says_where_nothing_differs() -> None:
    comparison = by_levels(("One", 4, 2), ("Two", 4, 2))
    assert "The tools do not differ on any question" in "\n".join(await rows_after(comparison, "2", "equals_sign"))


async def test_the_cell_at_hand_is_described_in_words() -> None:
    text = "\n".join(await rows_after(three_tools(), "2", "right"))
    assert "B Beta  level 3 of 4: rung 3" in text
    assert "  tested · 2 November 2026 · Trial of 2 November" in text


async def test_enter_on_a_cell_shows_both_answers() -> None:
    rows = await rows_after(three_tools(), "2", "right", "enter")
    assert rows[2:12] == [
        " Devices",
        " ◆ Every device   must reach 2, else rejected",
        " What of every-device?",
        "",
        "     A ▸4  rung 4",
        "     B ▸3  rung 3",
        "        2  rung 2",
        "        1  rung 1",
        "        0  rung 0",
        "",
    ]
    assert (rows[12].startswith(" ╭─ A Alpha ─"), "╭─ B Beta ─" in rows[12]) == (True, True)
    assert ("4 ▰▰▰▰ ✓" in rows[13], "level 3 of 4: rung 3" in rows[15]) == (True, True)


async def test_turning_both_answers_comes_back_to_the_question() -> None:
    screen = await screen_after(three_tools(), "2", "enter", "n", "n", "escape")
    assert screen.view.place == 2


async def test_two_marked_tools_are_compared() -> None:
    screen = await screen_after(three_tools(), "down", "space", "down", "space", "home")
    assert [entry.name for entry in screen.view.pair] == ["Beta", "Gamma"]


async def test_a_mark_is_taken_away_again() -> None:
    assert (await screen_after(three_tools(), "space", "space")).view.marked == ()


async def test_a_third_mark_takes_the_place_of_the_first() -> None:
    assert (await screen_after(three_tools(), "space", "down", "space", "down", "space")).view.marked == (1, 2)


async def test_without_marks_a_tool_is_compared_with_the_leader() -> None:
    screen = await screen_after(three_tools(), "down", "down")
    assert [entry.name for entry in screen.view.pair] == ["Alpha", "Gamma"]


async def test_the_leader_is_compared_with_the_next() -> None:
    assert [entry.name for entry in (await screen_after(three_tools())).view.pair] == ["Alpha", "Beta"]


async def test_why_gives_points_that_add_up() -> None:
    rows = await rows_after(three_tools(), "down", "down", "i")
    # devices: (4 - 1) / 4 / 4 = 18.75 points of it and 3 × (2 - 4) / 4 / 4 = -37.5; half of each counts
    assert [row.split()[:3] for row in rows[4:8]] == [
        ["▌", "+50.00", "Sign"],
        ["-18.75", "Old", "phones"],
        ["+9.38", "Every", "device"],
        ["+40.63", "the", "sum"],
    ]


async def test_the_edges_of_why_name_both_tools_and_what_decides() -> None:
    app = Host(lambda: CompareScreen(three_tools()))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "i")
        shown = "\n".join(picture(app))
    assert "┏━ Why Alpha ranks above Beta ━" in shown
    assert " approve ranks above hold; floor 81.3 against 59.4, +21.88 points ━┛" in shown


async def test_next_tool_changes_whom_the_first_is_compared_with() -> None:
    screen = await screen_after(three_tools(), "down", "i", "n")
    assert [entry.name for entry in screen.view.pair] == ["Alpha", "Gamma"]


async def test_enter_in_why_shows_both_answers() -> None:
    app = Host(lambda: CompareScreen(three_tools()))
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "i", "enter")
        assert isinstance(app.screen, BothAnswersScreen)


async def test_the_map_letters_the_tools_and_names_their_fields() -> None:
    rows = await rows_after(three_tools(), "3", "down", size=NARROW)
    assert "Asweet─spB" in rows[4]
    assert rows[10] == "   0 ┤ neither                                  ┊ free for allC"
    assert rows[15:21] == [
        " #  tool, field                experience     control",
        " 1  A Alpha                          62.5       100.0",
        "    sweet spot                       62.5       100.0",
        "▌2  B Beta                           75.0       100.0",
        "▌   sweet spot or locked down   18.8–93.8       100.0",
        " 3  C Gamma                          81.3         0.0                        ▆",
    ]


async def test_a_weight_moves_by_a_hundredth_and_the_rest_keeps_its_proportions() -> None:
    what_if = await what_if_after(by_levels(("One", 4, 2), ("Two", 2, 3)), "4", "right", "right")
    assert what_if.shares == (52 * HUNDREDTH, 48 * HUNDREDTH)


async def test_the_ranking_moves_along() -> None:
    # One: 100 and 50; Two: 50 and 75. At a share t of c0: 50 + 50t against 75 - 25t, so that Two leads below 1/3.
    what_if = await what_if_after(by_levels(("One", 4, 2), ("Two", 2, 3)), "4", "less_than_sign", "less_than_sign")
    ranking = [(entry.rank, entry.candidate.name) for entry in what_if.ranked]
    assert (what_if.shares[0], ranking) == (30 * HUNDREDTH, [(1, "Two"), (2, "One")])


async def test_what_if_is_marked_and_names_the_tipping_point() -> None:
    app = Host(lambda: CompareScreen(by_levels(("One", 4, 2), ("Two", 2, 3))))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "4", "right")
        page = screen_of(app).query_one(WeightsPage)
        await until(lambda: page.what_if.pinned is not None)
        await press(pilot)
        rows = below_headline(app)
    assert "  WHAT IF: not saved  0 brings back the rubric's weights" in rows[2]
    assert any('One leads. Two would be ahead if "C0" weighed' in row for row in rows)
    assert any("less than 33.3% instead of 51.0%" in row for row in rows)


async def test_the_first_shares_with_the_weight_as_it_is_are_worked_out() -> None:
    # With two criteria the weight of one says that of the other: One leads in all those weightings.
    app = Host(lambda: CompareScreen(by_levels(("One", 4, 2), ("Two", 2, 3))))
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "4", "right")
        page = screen_of(app).query_one(WeightsPage)
        await until(lambda: page.what_if.pinned is not None)
        assert page.what_if.pinned == {"One.toml": Fraction(1), "Two.toml": Fraction(0)}


async def test_one_key_goes_back_to_the_rubrics_weights() -> None:
    keys = ("4", "greater_than_sign", "down", "right", "0")
    what_if = await what_if_after(by_levels(("One", 4, 2), ("Two", 2, 3), weights=(1, 3)), *keys)
    assert (what_if.shares, what_if.is_changed) == ((Fraction(1, 4), Fraction(3, 4)), False)


async def test_moved_weights_leave_the_comparison_as_it_is() -> None:
    comparison = by_levels(("One", 4, 2), ("Two", 2, 3))
    screen = await screen_after(comparison, "4", "less_than_sign", "1")
    assert screen.view.comparison is comparison


@pytest.mark.parametrize("size", [WIDE, NARROW, (40, 10)])
async def test_hostile_text_stays_text_on_every_page(size: tuple[int, int]) -> None:
    seen = []
    app = Host(lambda: CompareScreen(hostile()))
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(lambda: bool(screen_of(app).view.words))
        for keys in ((), ("2",), ("enter",), ("escape", "3"), ("4", "right"), ("5",)):
            await press(pilot, *keys)
            seen += picture(app)
    assert not LIVE & set("".join(seen))


async def test_a_click_on_a_cell_takes_it_and_a_second_opens_both_answers() -> None:
    app = Host(lambda: CompareScreen(three_tools()))
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "2")
        await pilot.click(offset=(45, 9))
        await press(pilot)
        assert (screen_of(app).view.at, screen_of(app).view.place) == (1, 1)
        await pilot.click(offset=(45, 9))
        await press(pilot)
        assert isinstance(app.screen, BothAnswersScreen)


async def test_names_in_wide_letters_keep_the_columns_in_line() -> None:
    comparison = by_levels(("会議ツール", 4, 2), ("Plain", 2, 3))
    rows = await rows_after(comparison)
    names = [row for row in rows if "会議ツール" in row or "Plain" in row]
    assert len({cell_len(row[: row.index(".")]) for row in names[:2]}) == 1


def four_criteria() -> Comparison:
    rubric = make_rubric(*(make_criterion(f"c{at}", make_question(f"q{at}")) for at in range(4)), policy=LENIENT)
    levels: tuple[tuple[str, int], ...] = (("One", 4), ("Two", 2))
    return compare([make_tool(name, {f"q{at}": level for at in range(4)}, rubric=rubric) for name, level in levels])


def hostile() -> Comparison:
    """Two tools with the hostile string in every text that can be foreign."""
    question = replace(make_question("q0"), text=HOSTILE, levels=(HOSTILE, HOSTILE + "1"), why=HOSTILE, check=HOSTILE)
    rubric = make_rubric(replace(make_criterion("c0", question), title=HOSTILE), policy=LENIENT)
    rubric = replace(rubric, title=HOSTILE, version=HOSTILE)
    answers: list[dict[str, object]] = [
        {"q0": Answer(level=1, note=HOSTILE, setting=HOSTILE, evidence=(Evidence(HOSTILE),))},
        {"q0": Answer(unknown=HOSTILE)},
    ]
    tools: list[Any] = [make_tool(f"{HOSTILE} {at}", each, rubric=rubric) for at, each in enumerate(answers)]
    named = [
        replace(tool, assessment=replace(tool.assessment, subject=Subject(HOSTILE, plan=str(at))))
        for at, tool in enumerate(tools)
    ]
    return compare(named)


async def test_the_comparison_is_written_for_word(tmp_path: Path) -> None:
    app = Host(lambda: CompareScreen(three_tools(), workspace=Workspace(tmp_path)))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "w", "w", "5")
    written = docx.Document(str(tmp_path / "reports" / "comparison-2026-11-21.docx"))
    assert written.paragraphs[0].text == "Alpha, Beta and Gamma: comparison"


async def test_what_cannot_be_used_goes_into_the_report() -> None:
    told = ("assessments/two/b.toml cannot be used.",)
    app = Host(lambda: CompareScreen(by_levels(("One", 4, 2), ("Two", 2, 3)), doubted=lambda: told))
    async with app.run_test(size=WIDE):
        await until(lambda: screen_of(app).view.comparison.unusable == told)


async def test_what_the_sum_of_the_difference_means_is_said_in_full_at_80_columns() -> None:
    rows = await rows_after(three_tools(), "5", size=NARROW)
    assert total_words(why(*three_tools().entries[:2])) in " ".join(" ".join(rows).split())
