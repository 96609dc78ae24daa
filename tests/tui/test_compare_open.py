"""From Home to the Compare screen: marks, which assessments are compared, and what cannot be ranked together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from textual.screen import Screen

from screens import ON, RUBRIC, Case, picture, press
from toolvet.domain.assessment import Answer, Reviewer, RubricRef, Subject
from toolvet.domain.decision import AssessmentRef, Decision
from toolvet.domain.decision_rules import make_computed
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.services.decisions import speaking
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.compare.screen import CompareScreen
from toolvet.tui.decide.screen import DecideScreen
from toolvet.tui.home.screen import HomeScreen
from toolvet.tui.kit.dialogs import ChooseOne

WIDE = (120, 36)


def add(case: Case, name: str, *, reviewer: str = "A. Reviewer", rubric: RubricRef | None = None) -> AssessmentFile:
    """Another assessment in the workspace of that case."""
    assessment = case.file.assessment
    return case.workspace.start(
        replace(
            assessment,
            subject=Subject(name),
            reviewer=Reviewer(reviewer),
            rubric=rubric or assessment.rubric,
            answers={"how-fast": Answer(level=1)},
        ),
        ON,
    )


def other_rubric(case: Case) -> RubricRef:
    """A second version of the rubric, in the same workspace."""
    text = RUBRIC.replace('version = "1.0.0"', 'version = "2.0.0"').replace("How fast is it?", "How quick is it?")
    (case.workspace.root / "rubrics" / "small-2.0.0.toml").write_text(text, encoding="utf-8")
    return RubricRef("small", "2.0.0", Workspace(case.workspace.root).rubric("small", "2.0.0").digest)


async def shown_after(case: Case, *keys: str) -> tuple[Screen[object], str]:
    """The screen after these keys on Home, and what stands on it."""
    app = ToolvetApp(Workspace(case.workspace.root), ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, *keys)
        for _ in range(20):
            await pilot.pause()
        return app.screen, "\n".join(picture(app))


def names_in(screen: Screen[object]) -> list[str]:
    assert isinstance(screen, CompareScreen)
    return sorted(entry.name for entry in screen.view.comparison.entries)


async def test_with_none_marked_all_of_the_same_rubric_are_compared(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    add(case, "Another")
    screen, _ = await shown_after(case, "c")
    assert names_in(screen) == ["Another", "Tool Business"]


async def test_the_marked_are_compared(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    add(case, "Another")
    add(case, "Third")
    screen, _ = await shown_after(case, "space", "down", "space", "c")
    assert names_in(screen) == ["Another", "Third"]


async def test_a_mark_shows_and_can_be_taken_away(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    assert "* Tool Business" in (await shown_after(case, "space"))[1]
    assert "* Tool Business" not in (await shown_after(case, "space", "space"))[1]


async def test_one_marked_alone_is_not_compared(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    add(case, "Another")
    screen, text = await shown_after(case, "space", "c")
    assert isinstance(screen, HomeScreen)
    assert "Mark a second tool with space, then press c." in text


async def test_all_of_the_same_rubric_leaves_out_others_and_says_so(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    add(case, "Another")
    add(case, "New", rubric=other_rubric(case))
    screen, text = await shown_after(case, "c")
    assert names_in(screen) == ["Another", "Tool Business"]
    assert "Left out" in text


async def test_marked_ones_of_different_rubrics_are_refused_by_name(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    add(case, "New", rubric=other_rubric(case))
    screen, text = await shown_after(case, "space", "down", "space", "c")
    assert isinstance(screen, HomeScreen)
    assert "Different rubrics are never ranked together" in text
    assert "small 2.0.0: assessments/new/" in " ".join(text.split())


async def test_of_several_reviewers_one_has_to_be_chosen(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    add(case, "Another")
    add(case, "Another", reviewer="B. Reviewer")
    screen, _ = await shown_after(case, "c")
    assert isinstance(screen, ChooseOne)


def test_of_several_reviewers_the_one_that_was_decided_on_speaks(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    file = add(case, "Another")
    add(case, "Another", reviewer="B. Reviewer")
    scorecard = score(case.rubric, file.assessment, ON)
    reference = AssessmentRef(case.workspace.relative(file.path), file.sha256)
    decision = Decision(
        decision=Verdict.REJECT,
        rationale="Slow.",
        decided_by="The board",
        decided_on=date(2026, 11, 21),
        assessment=reference,
        computed=make_computed(scorecard),
    )
    case.workspace.record(decision, "another")
    folder = case.workspace.subject("another")
    assert [found.path for found in speaking(case.workspace, folder, ON)] == [file.path]


async def considered_after(case: Case, *keys: str) -> str:
    """What the form of the decision says about alternatives after these keys on Home."""
    _, text = await shown_after(case, *keys)
    return next((" ".join(row.strip("│┃ ").split()) for row in text.splitlines() if "Considered" in row), "")


async def test_other_tools_that_are_marked_are_offered_as_considered_and_none_is_taken_unasked(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    add(case, "Another")
    add(case, "Third")
    marked = ("space", "down", "space", "down", "d")
    assert "no alternatives enter offers 2 other tools" in await considered_after(case, *marked)
    taken = (*marked, *["up"] * 4, "enter", "enter")
    assert "Considered Another; Third" in await considered_after(case, *taken)
    alone = await considered_after(Case(tmp_path / "v"), "d")
    assert ("no alternatives" in alone, "enter offers" in alone) == (True, False)


async def test_compare_decides_on_the_tool_under_the_cursor_and_then_knows_it(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    add(case, "Another")
    screen, text = await shown_after(case, "c", "down", "d")
    assert isinstance(screen, DecideScreen)
    assert (screen.decided.subject, "enter offers 1 other tool" in text) == ("Tool Business", True)
    screen, _ = await shown_after(case, "c", "down", "d", "d", "y")
    assert isinstance(screen, CompareScreen)
    assert [(each.name, each.tool.decision is not None) for each in screen.view.comparison.entries] == [
        ("Another", False),
        ("Tool Business", True),
    ]
