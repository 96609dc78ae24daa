"""A comparison's names, cells and sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from build import LENIENT, make_criterion, make_question, make_rubric
from comparison_sample import UNKNOWN, by_levels, make_tool, three_tools, tried
from toolvet.domain.assessment import Answer, Reviewer, Subject
from toolvet.domain.comparison import rank_with
from toolvet.report.comparison.ranking import Comparison, compare, letters, unique_names, why, why_text
from toolvet.report.comparison.sentences import change_words, robustness_lines, scope_lines, separation_lines, why_first
from toolvet.report.comparison.tables import (
    criterion_cells,
    criterion_data,
    holds_cells,
    question_cells,
    question_data,
    turned_cells,
)


def test_entries_stand_by_rank_with_letters() -> None:
    entries = three_tools().entries
    assert [(entry.rank, entry.letter, entry.name) for entry in entries] == [
        (1, "A", "Alpha"),
        (2, "B", "Beta"),
        (3, "C", "Gamma"),
    ]


def test_letters_go_on_after_z() -> None:
    assert [letters(place) for place in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


def test_equal_names_are_told_apart_by_deployment_then_reviewer_then_file() -> None:
    tool = make_tool("Tool", {})
    cloud = replace(tool, assessment=replace(tool.assessment, subject=Subject("Tool", deployment="cloud")))
    other = replace(cloud, file="other.toml", assessment=replace(cloud.assessment, reviewer=Reviewer("Ada")))
    twin = replace(other, file="twin.toml")
    assert unique_names([tool, cloud]) == ("Tool", "Tool, cloud")
    assert unique_names([cloud, other, twin]) == (
        "Tool (A. Reviewer)",
        "Tool (Ada) [other.toml]",
        "Tool (Ada) [twin.toml]",
    )


def test_criterion_rows_by_hand() -> None:
    cells = criterion_cells(three_tools())
    assert cells.headers == (
        *("rank", "tool", "verdict", "floor", "observed", "ceiling", "Devices", "Security"),
        *("coverage", "proven", "failed", "unknown"),
    )
    assert cells.rows == (
        ("1", "Alpha", "approve", "81.3", "81.3", "81.3", "62.5–62.5", "100.0–100.0", "100.0", "100.0", "0", "0"),
        ("2", "Beta", "hold", "59.4", "87.5", "96.9", "18.8–93.8", "100.0–100.0", "62.5", "62.5", "0", "0"),
        ("3", "Gamma", "reject", "40.6", "40.6", "40.6", "81.3–81.3", "0.0–0.0", "100.0", "100.0", "1", "0"),
    )


def test_turned_table_has_a_column_for_each_tool() -> None:
    cells = turned_cells(three_tools())
    assert cells.headers == ("", "Alpha", "Beta", "Gamma")
    assert [row[0] for row in cells.rows][-4:] == ["coverage", "proven", "must-haves failed", "must-haves unknown"]
    assert cells.rows[1] == ("verdict", "approve", "hold", "reject")


def test_data_has_one_figure_in_a_cell_and_none_where_there_is_none() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")), make_criterion("b", make_question("y")))
    tool = make_tool("Tool", {"x": 2, "y": Answer(not_applicable="No.")}, rubric=rubric)
    cells = criterion_data(compare([tool]))
    assert dict(zip(cells.headers, cells.rows[0], strict=True)) == {
        "rank": "1",
        "tool": "Tool",
        "verdict": "hold",
        "floor": "50.0",
        "observed": "50.0",
        "ceiling": "50.0",
        "A floor": "50.0",
        "A observed": "50.0",
        "A ceiling": "50.0",
        "B floor": "",
        "B observed": "",
        "B ceiling": "",
        "coverage": "100.0",
        "proven": "100.0",
        "must-haves failed": "0",
        "must-haves unknown": "0",
    }


def test_question_rows_have_levels_and_marks() -> None:
    assert question_cells(three_tools(), only_differences=False).rows == (
        ("DEVICES", "", "", ""),
        ("Every device", "4 ✓", "3 ✓", "1 ✗"),
        ("Old phones", "2", "?", "4"),
        ("SECURITY", "", "", ""),
        ("Sign in", "4", "4", "0"),
    )


def test_only_differences_leaves_out_what_is_the_same() -> None:
    cells = question_cells(by_levels(("A", 1, 2), ("B", 3, 2)), only_differences=True)
    assert cells.rows == (("C0", "", ""), ("Q0", "3", "1"))


def test_question_data_has_ids_and_bare_levels() -> None:
    rubric = make_rubric(
        make_criterion(
            "a", make_question("given"), make_question("asked"), make_question("none"), make_question("left")
        )
    )
    answers = {"given": 3, "asked": UNKNOWN, "none": Answer(not_applicable="No.")}
    cells = question_data(compare([make_tool("Tool", answers, rubric=rubric)]), only_differences=False)
    assert (cells.headers, cells.rows) == (
        ("question", "Tool"),
        (("given", "3"), ("asked", "?"), ("none", "-"), ("left", "")),
    )


def test_what_the_evidence_separates_is_said_with_figures() -> None:
    # Alpha 81.25 lies inside Beta's 59.375 to 96.875; Gamma's 40.625 lies below both, but with all weight on the
    # devices it has 81.25 against 62.5 for Alpha and 18.75 to 93.75 for Beta.
    assert separation_lines(three_tools()) == (
        "Alpha scores higher than Gamma at these weights; other weights could turn that.",
        "Alpha and Beta are too close to call: 81.3 to 81.3 against 59.4 to 96.9.",
        "Beta scores higher than Gamma at these weights; other weights could turn that.",
    )


def test_separated_pairs_among_the_others_are_named() -> None:
    # Floors and ceilings in one: 100, 75, 75 and 25; of the last three the first two are separated from the third.
    comparison = by_levels(("A", 4, 4), ("B", 3, 3), ("C", 3, 3), ("D", 1, 1))
    assert separation_lines(comparison)[1:] == (
        "A is clearly ahead of B, C and D.",
        "Among the others, 2 of 3 pairs are clearly apart: B ahead of D and C ahead of D.",
    )


def test_pairs_that_only_these_weights_separate_are_named_apart() -> None:
    comparison = by_levels(("A", 4, 4), ("B", 4, 2), ("C", 2, 3), ("D", 1, 1))
    assert separation_lines(comparison)[1:] == (
        "Among the others, 2 of 3 pairs are clearly apart: B ahead of D and C ahead of D.",
        "Among the others, apart only at these weights: B ahead of C; other weights could turn that.",
    )


def test_separated_pairs_of_many_are_counted() -> None:
    # After the first, 100, there are seven at 75 and seven at 25: 7 × 7 of 14 × 13 / 2 pairs.
    many = (*((f"B{number}", 3, 3) for number in range(7)), *((f"C{number}", 1, 1) for number in range(7)))
    assert separation_lines(by_levels(("A", 4, 4), *many))[-1] == (
        "Among the others, 49 of 91 pairs are clearly apart; --json names them."
    )


def test_ties_are_said() -> None:
    assert separation_lines(by_levels(("A", 2, 2), ("B", 2, 2))) == (
        "A and B share rank 1: the same verdict and the same figures.",
        "A and B are too close to call: 50.0 to 50.0 against 50.0 to 50.0.",
    )


def test_an_open_scope_separates_nothing() -> None:
    comparison = compare(
        [
            make_tool("Open", {"every-device": 4, "old-phones": 4, "sign-in": 4}, scope={}),
            make_tool("Poor", {"every-device": 2, "old-phones": 0, "sign-in": 0}),
        ]
    )
    assert separation_lines(comparison) == (
        "Open has scope facts to be given; until then, no order with it is certain.",
        "Open and Poor are too close to call: 100.0 to 100.0 against 6.3 to 6.3.",
    )


def test_different_settings_are_said() -> None:
    comparison = compare(
        [make_tool("A", {}, scope={"data": "public"}), make_tool("B", {}), make_tool("C", {}, scope={})]
    )
    assert scope_lines(comparison) == (
        "Judged for different settings. What will it hold? public for A; internal for B; not given for C.",
    )


def test_first_by_verdict_names_what_the_next_needs() -> None:
    comparison = three_tools()
    assert why_first(comparison, tried(comparison)) == (
        "Alpha is first because its verdict, approve, ranks above that of Beta, hold. No weighting of the "
        'criteria would change that; Beta would overtake Alpha once you find "Old phones" at level 3.'
    )


def test_first_by_floor_names_questions_and_the_nearest_weight() -> None:
    # A: 100 and 50, B: 50 and 75; equal where c0 weighs a third. q0 gives (100 - 50) / 2, q1 (50 - 75) / 2.
    comparison = by_levels(("A", 4, 2), ("B", 2, 3))
    assert why_first(comparison, tried(comparison)) == (
        "A is first: it and B both have the verdict approve, and its floor is 75.0 against 62.5, "
        'mostly through "Q0" (+25.00); B would be ahead if "C0" weighed less than 33.3% instead of 50.0%; '
        'B would overtake A once you raise "Q0" to level 4.'
    )


def test_first_whatever_the_weights_says_so() -> None:
    comparison = by_levels(("A", 4, 3), ("B", 2, 3))
    assert why_first(comparison, tried(comparison)) == (
        "A is first: it and B both have the verdict approve, and its floor is 87.5 against 62.5, "
        'mostly through "Q0" (+25.00); no weighting of a single criterion would change that; B would overtake A once '
        'you raise "Q0" to level 4 and raise "Q1" to level 4.'
    )


def test_open_answer_that_would_do_is_said() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y")), policy=LENIENT)
    comparison = compare(
        [make_tool("A", {"x": 2, "y": 2}, rubric=rubric), make_tool("B", {"x": 1, "y": UNKNOWN}, rubric=rubric)]
    )
    assert why_first(comparison, tried(comparison)) == (
        "A is first: it and B both have the verdict approve, and its floor is 50.0 against 12.5, "
        'mostly through "Y" (+25.00) and "X" (+12.50); no weighting of a single criterion would change that; '
        'B would overtake A once you find "Y" at level 4.'
    )


def test_of_many_steps_only_the_ceiling_is_said() -> None:
    questions = [make_question(f"q{at}") for at in range(12)]
    rubric = make_rubric(make_criterion("a", *questions), policy=replace(LENIENT, proven=Fraction(0)))
    comparison = compare(
        [
            make_tool("A", {question.id: 3 for question in questions}, rubric=rubric),
            make_tool("B", {"q0": 4}, rubric=rubric),
        ]
    )
    assert why_first(comparison, tried(comparison)).endswith("; the open answers of B could lift it to 100.0.")


def test_weights_as_said_turn_the_order() -> None:
    random = Random(20261121)
    for _ in range(200):
        levels = [(name, random.randint(0, 4), random.randint(0, 4)) for name in "AB"]
        comparison = by_levels(*levels, weights=(random.randint(1, 9), random.randint(1, 9)))
        _turned_by_doing(comparison)


def _turned_by_doing(comparison: Comparison) -> None:
    found = tried(comparison, draws=1)
    nearest = None if found is None else found.nearest_change()
    if nearest is None or nearest[1].share == nearest[0].weight:
        return
    hold, edge = nearest
    said = change_words(hold, edge)
    figure = Fraction(re.findall(r"than ([0-9.]+)%", said)[0]) / 100
    beyond = figure - Fraction(1, 10**9) if edge is hold.low else figure + Fraction(1, 10**9)
    shares = (beyond, 1 - beyond) if hold.criterion.id == "c0" else (1 - beyond, beyond)
    ranked = rank_with([entry.candidate for entry in comparison.entries], shares)
    assert ranked[0].candidate.name != comparison.entries[0].name, said
    assert (beyond < hold.weight) is (edge is hold.low)


def test_a_shared_first_place_is_said() -> None:
    # At equal weights both have 50; with less on c0 B leads.
    comparison = by_levels(("A", 3, 1), ("B", 1, 3))
    assert why_first(comparison, tried(comparison)) == (
        "A and B share the first place, with the same verdict and the same figures; at these weights B has the same "
        'floor, and would be ahead if "C0" weighed less; B would overtake A once you raise "Q0" to level 2.'
    )


def test_one_tool_alone_has_no_rival() -> None:
    comparison = by_levels(("A", 3, 1))
    assert why_first(comparison, tried(comparison)) == "A is the only tool compared."


def test_robustness_by_hand() -> None:
    comparison = by_levels(("A", 4, 2), ("B", 2, 3))
    found = tried(comparison)
    assert found is not None
    assert holds_cells(found).rows == (
        ("C0", "50.0", "33.3", "100.0", "below: B"),
        ("C1", "50.0", "0.0", "66.7", "above: B"),
    )


def test_robustness_says_seed_shares_and_whom_it_left_out() -> None:
    comparison = three_tools()
    found = tried(comparison)
    assert found is not None
    assert robustness_lines(comparison, found)[1:] == (
        "Nobody else is in the running, so no weight changes who leads.",
        "First in 100 random weightings (seed 2026): Alpha 100.00%.",
        "Left out because their verdict is not approve: Beta and Gamma.",
    )


def test_a_first_without_a_criterion_is_not_the_one_whose_weights_are_tried() -> None:
    policy = replace(LENIENT, not_applicable_limit=Fraction(100))
    rubric = make_rubric(
        make_criterion("a", make_question("x")), make_criterion("b", make_question("y")), policy=policy
    )
    comparison = compare(
        [
            make_tool("A", {"x": 4, "y": Answer(not_applicable="No.")}, rubric=rubric),
            make_tool("B", {"x": 2, "y": 3}, rubric=rubric),
        ]
    )
    found = tried(comparison)
    assert found is not None
    lines = robustness_lines(comparison, found)
    assert lines[0].startswith("B leads among those that have a score in every criterion. ")
    assert lines[-1] == "Left out because a criterion has no score: A (B)."
    assert why_first(comparison, found) == (
        "A is first: it and B both have the verdict approve, and its floor is 100.0 against 62.5, "
        'mostly through "X" (+75.00); weights cannot be tried because A has a criterion without a score.'
    )


def test_close_figures_are_shown_to_more_decimals() -> None:
    # With weights 1001 to 1000: A (1001 + 500) / 2001 = 75.0125, B (500.5 + 1000) / 2001 = 74.9875.
    comparison = by_levels(("A", 4, 2), ("B", 2, 4), weights=(1001, 1000))
    assert why_first(comparison, tried(comparison)) == (
        "A is first: it and B both have the verdict approve, and its floor is 75.01 against 74.99, "
        'mostly through "Q0" (+25.01); B would be ahead if "C0" weighed less than 50.00% instead of 50.02%; '
        'B would overtake A once you raise "Q0" to level 3.'
    )


def test_parts_of_the_difference_add_up_to_it() -> None:
    first, second, _ = three_tools().entries
    reason = why(first, second)
    # 81.25 - 59.375 = 21.875: every-device 1/2 * (1 - 3/4) / 4 = 3.125, old-phones 1/2 * 3/4 * 1/2 = 18.75.
    assert [(part.question, float(part.points)) for part in reason.parts] == [
        ("old-phones", 18.75),
        ("every-device", 3.125),
    ]
    assert float(reason.total) == 21.875
    assert reason.same == 1


def test_of_two_tools_with_the_same_rank_neither_ranks_above_the_other() -> None:
    first, second = compare([make_tool(name, {"every-device": 2}) for name in ("One", "Two")]).entries
    assert why_text(why(first, second), 80).startswith("Why One ranks with Two: floor ")


def test_why_shows_both_rungs_and_their_evidence() -> None:
    first, second, _ = three_tools().entries
    assert why_text(why(first, second), 80).splitlines() == [
        "Why Alpha ranks above Beta: approve ranks above hold; floor 81.3 against 59.4,",
        "+21.88 points",
        "",
        " +18.75  Old phones",
        "         Alpha, level 2 of 4: rung 2",
        "           - Trial (tested by hand)",
        "         Beta, unknown: Asked the vendor.",
        "  +3.13  Every device",
        "         Alpha, level 4 of 4: rung 4",
        "           - Trial of 2 November (tested by hand, 2 November 2026)",
        "         Beta, level 3 of 4: rung 3",
        "           - Trial of 2 November (tested by hand, 2 November 2026)",
        " +21.88  the sum of 2 questions: the whole difference (exact; each part is",
        "         rounded to hundredths). 1 question adds the same to both.",
    ]


def test_the_same_level_that_weighs_more_is_explained() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", weight=3), make_question("y")), policy=LENIENT)
    answers = {"x": 4, "y": Answer(not_applicable="No.")}
    comparison = compare([make_tool("A", answers, rubric=rubric), make_tool("B", {"x": 4, "y": 0}, rubric=rubric)])
    first, second = comparison.entries
    assert [(first.name, part.title, part.remark) for part in why(first, second).parts] == [
        ("A", "X", "the same level; it weighs more where fewer questions apply")
    ]


def test_nothing_to_compare_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        compare([])
