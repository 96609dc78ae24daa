"""The reviewers of a tool on their page of Review, and settling what they see differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from textual.geometry import Size

from screens import HOSTILE, ON, RUBRIC, Case, Host, hostile_rubric, inside, picture, press, until
from toolvet.domain.assessment import Answer, Assessment, Reviewer
from toolvet.services.assessments import open_assessment
from toolvet.services.panels import find_panel, settle_panel
from toolvet.storage.reader import read_assessment
from toolvet.tui.assess.screen import AssessScreen
from toolvet.tui.kit.dialogs import Tell
from toolvet.tui.kit.link_list import PageTabs
from toolvet.tui.review.screen import ReviewScreen

OURS = {"does-it": Answer(level=3, note="Fast."), "how-fast": Answer(level=1), "sign-in": Answer(level=2)}
PANEL = "8"


def with_second(case: Case, answers: Mapping[str, Answer], name: str = "T. Second") -> Case:
    """The same with what another reviewer answered."""
    begun = replace(case.file.assessment, reviewer=Reviewer(name), answers=dict(answers))
    case.workspace.start(begun, ON)
    return case


def two(tmp_path: Path) -> Case:
    """Two reviewers who part on one question; of another only one has an answer."""
    second = {"does-it": Answer(level=1, note="Slow, rather."), "how-fast": Answer(level=1)}
    return with_second(Case(tmp_path / "w", OURS), second)


def app_of(case: Case) -> Host:
    return Host(lambda: ReviewScreen(case.session, case.opened))


def settled(case: Case) -> Assessment:
    """The panel's assessment, as it is saved."""
    (path,) = [path for path in case.file.path.parent.iterdir() if "[[panel]]" in path.read_text(encoding="utf-8")]
    return read_assessment(path).assessment


async def test_the_page_shows_where_they_part_how_far_they_agree_and_what_only_some_answered(tmp_path: Path) -> None:
    app = app_of(two(tmp_path))
    async with app.run_test(size=(100, 36)) as pilot:
        await press(pilot, PANEL)
        shown = [" ".join(row.split()) for row in map(inside, picture(app)) if row.strip()]
    assert "They part on 1 of 3 questions, the widest first" in shown
    assert "▌ 2 Does it 3 1" in shown
    assert "Work same level 1 of 2, within one 1" in shown
    assert "Sign in 2 not answered" in shown


async def test_one_reviewer_has_no_such_page(tmp_path: Path) -> None:
    app = app_of(Case(tmp_path / "w", OURS))
    async with app.run_test() as pilot:
        await press(pilot, PANEL)
        assert "Panel" not in app.screen.query_one(PageTabs).render().plain
        await press(pilot, "B")
        assert isinstance(app.screen, ReviewScreen)


async def test_enter_shows_each_answer_in_full(tmp_path: Path) -> None:
    app = app_of(two(tmp_path))
    async with app.run_test(size=(100, 36)) as pilot:
        await press(pilot, PANEL, "enter")
        assert isinstance(app.screen, Tell)
        shown = " ".join(" ".join(picture(app)).replace("│", " ").split())
    assert "A. Reviewer: level 3 of 4: Alone and fast." in shown
    assert "T. Second: level 1 of 4: With help. " in shown
    assert "Note: Slow, rather." in shown


async def test_settling_opens_what_is_open_with_each_answer_beside_it(tmp_path: Path) -> None:
    case = two(tmp_path)
    app = app_of(case)
    async with app.run_test(size=(100, 40)) as pilot:
        await press(pilot, PANEL, "B", "enter")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await until(lambda: any("Reviewers" in row for row in picture(app)))
        shown = " ".join(" ".join(picture(app)).replace("┃", " ").split())
        assert "Reviewers A. Reviewer: level 3. Fast. " in shown
        assert " T. Second: level 1. Slow, rather. " in shown
        await press(pilot, "2")
    found = settled(case)
    assert {name: answer.level for name, answer in found.answers.items()} == {"does-it": 2, "how-fast": 1, "sign-in": 2}
    assert found.answers["sign-in"].confirm == "from A. Reviewer alone"


async def test_each_answer_stands_beside_the_question_whoever_settles_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = two(tmp_path)
    monkeypatch.setattr("toolvet.services.assessments.reviewer_name", lambda _: "A. Board")  # its file comes first
    app = app_of(case)
    async with app.run_test(size=(100, 40)) as pilot:
        await press(pilot, PANEL, "B", "enter")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await until(lambda: any("Reviewers" in row for row in picture(app)))


async def test_back_from_settling_the_page_shows_what_was_settled_and_offers_it_no_more(tmp_path: Path) -> None:
    app = app_of(two(tmp_path))
    async with app.run_test(size=(100, 36)) as pilot:
        await press(pilot, PANEL, "B", "enter")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await press(pilot, "2", "escape")
        await until(lambda: isinstance(app.screen, ReviewScreen))
        await press(pilot)
        shown = [" ".join(row.split()) for row in map(inside, picture(app))]
        assert "▌ 2 Does it 3 1 2" in shown
        assert not any("B Settle" in row for row in shown)


async def test_nobody_settles_by_mistake(tmp_path: Path) -> None:
    case = two(tmp_path)
    app = app_of(case)
    async with app.run_test() as pilot:
        await press(pilot, PANEL, "B", "escape")
        assert isinstance(app.screen, ReviewScreen)
    assert len(list(case.file.path.parent.glob("*.toml"))) == 2


async def test_without_a_known_name_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOOLVET_REVIEWER")
    monkeypatch.setattr("toolvet.services.assessments.reviewer_name", lambda _: None)
    monkeypatch.setattr("toolvet.services.assessments.preferred", lambda _: None)
    case = two(tmp_path)
    app = app_of(case)
    async with app.run_test(size=(100, 36)) as pilot:
        await press(pilot, PANEL, "B", "enter", "text:Kim", "enter")
        await until(lambda: isinstance(app.screen, AssessScreen))
    assert settled(case).reviewer.name == "Kim"


async def test_different_texts_of_the_rubric_are_told_on_the_page(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", OURS)
    (tmp_path / "w" / "rubrics" / "small-1.1.0.toml").write_text(RUBRIC.replace("1.0.0", "1.1.0"), encoding="utf-8")
    digest = case.workspace.rubric("small", "1.1.0").digest
    begun = replace(
        case.file.assessment,
        reviewer=Reviewer("T. Second"),
        rubric=replace(case.file.assessment.rubric, version="1.1.0", digest=digest),
    )
    case.workspace.start(begun, ON)
    app = app_of(case)
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, PANEL)
        assert any("these were answered under different rubrics" in row for row in picture(app))


async def test_an_earlier_review_shows_a_panel_under_a_newer_rubric(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", OURS)
    newer = RUBRIC.replace("1.0.0", "1.1.0").replace("how-fast", "how-soon")
    (tmp_path / "w" / "rubrics" / "small-1.1.0.toml").write_text(newer, encoding="utf-8")
    rubric = replace(
        case.file.assessment.rubric, version="1.1.0", digest=case.workspace.rubric("small", "1.1.0").digest
    )
    for name, level in (("A. Reviewer", 1), ("T. Second", 2)):
        answers = {"how-soon": Answer(level=level)}
        later = replace(case.file.assessment, reviewer=Reviewer(name), rubric=rubric, started=ON, answers=answers)
        case.workspace.start(later, ON)
    app = app_of(case)
    async with app.run_test(size=(100, 36)) as pilot:
        await press(pilot, PANEL, "enter")
        assert isinstance(app.screen, Tell)


async def test_a_panel_is_not_settled_while_a_reviewers_file_cannot_be_read(tmp_path: Path) -> None:
    case = two(tmp_path)
    case.file.path.with_name("2026-11-01-kim.toml").write_text("format = 1\nno", encoding="utf-8")
    before = len(list(case.file.path.parent.glob("*.toml")))
    app = app_of(case)
    async with app.run_test(size=(100, 36), notifications=True) as pilot:
        await press(pilot, PANEL, "B", "enter")
        await until(lambda: any("kim.toml" in row for row in picture(app)))
        assert isinstance(app.screen, ReviewScreen)
    assert len(list(case.file.path.parent.glob("*.toml"))) == before


async def test_a_reviewers_file_that_is_gone_is_told_on_the_page_of_what_was_settled(tmp_path: Path) -> None:
    case = two(tmp_path)
    folder = case.workspace.folder_named(case.file.path.parent.name)
    file = settle_panel(case.session, find_panel(case.session, folder), "Kim")
    case.file.path.unlink()
    app = Host(lambda: ReviewScreen(case.session, open_assessment(case.workspace, file)))
    async with app.run_test(size=(120, 36)) as pilot:
        await press(pilot, PANEL)
        assert any("one is gone, cannot be read" in row for row in picture(app))


async def test_foreign_text_is_shown_as_it_is(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3, note=HOSTILE)}, rubric=hostile_rubric())
    app = app_of(with_second(case, {"does-it": Answer(level=1, note=HOSTILE)}, HOSTILE))
    async with app.run_test(notifications=True) as pilot:
        await press(pilot, PANEL, "enter", "escape", "B", "enter")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await until(lambda: any("Reviewers" in row for row in picture(app)))


def test_where_tabs_do_not_fit_the_longest_lose_their_names_but_never_the_open_one() -> None:
    names = ("Verdict", "Must-haves", "Map", "Findings", "Open", "Next steps", "Sums", "Panel", "Survey")

    class Narrow(PageTabs):
        size = Size(80, 1)

    def shown(page: int) -> str:
        tabs = Narrow(names)
        tabs._page = page
        return " ".join(tab for tab, _ in tabs._tabs())

    assert shown(0) == "1 Verdict 2 3 Map 4 Findings 5 Open 6 Next steps 7 Sums 8 Panel 9 Survey"
    assert shown(1) == "1 Verdict 2 Must-haves 3 Map 4 Findings 5 Open 6 7 Sums 8 Panel 9 Survey"
