"""When an open assessment is saved, what is said where it cannot be, and when it is only read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assess_screen import NARROW, WIDE, opened, screen_of
from screens import ON, Case, picture, press, until
from toolvet.domain.assessment import Answer
from toolvet.domain.decision import AssessmentRef, Decision
from toolvet.domain.decision_rules import make_computed
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.services.assessments import notices, open_assessment
from toolvet.storage.reader import read_assessment
from toolvet.storage.toml_input import Seal
from toolvet.tui.app import ToolvetApp
from toolvet.tui.assess.screen import AssessScreen
from toolvet.tui.kit.content import Trouble
from toolvet.tui.kit.dialogs import ChooseOne, Confirm, Dialog
from toolvet.tui.start import Opening, Start


async def test_leaving_gives_the_file_as_saved(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "4", "escape")
    assert [result.assessment for result in app.results] == [case.saved]
    assert app.results[0].content == case.file.path.read_bytes()


async def test_it_says_when_it_saved(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "4")
        assert any("saved " in row for row in picture(app))


async def test_what_cannot_be_saved_is_said_and_saved_with_the_next_change(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    aside = tmp_path / "aside.toml"
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        case.file.path.rename(aside)
        case.file.path.symlink_to(aside)  # a link is never written through
        await press(pilot, "4")
        trouble = app.screen.query_one(Trouble)
        assert trouble.has_class("-shown")
        assert any("NOT SAVED" in row for row in picture(app))
        assert screen_of(app).would_be_lost() is not None
        case.file.path.unlink()
        aside.rename(case.file.path)
        await press(pilot, "3")
        assert not trouble.has_class("-shown")
    assert case.saved.answers == {"does-it": Answer(level=3, answered=ON)}


async def test_leaving_with_something_unsaved_asks_first(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        case.file.path.rename(tmp_path / "aside.toml")
        case.file.path.symlink_to(tmp_path / "aside.toml")
        await press(pilot, "4", "escape")
        assert app.results == []
        assert isinstance(app.screen, Dialog)
        await press(pilot, "n")
        assert screen_of(app).answer == Answer(level=4, answered=ON)


async def test_a_file_changed_by_somebody_else_is_left_and_ours_is_kept_beside_it(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    theirs = case.file.path.read_bytes().replace(b"Business", b"Premium!")
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        case.file.path.write_bytes(theirs)
        await press(pilot, "4")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "n", "1", "escape")
        assert len(app.results) == 1
    assert case.file.path.read_bytes() == theirs
    kept = list(case.file.path.parent.glob("*.conflict"))
    assert [read_assessment(path).assessment.answer("does-it").level for path in kept] == [1]


async def test_a_broken_seal_is_said_on_opening(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3)})
    case.file.path.write_bytes(case.file.path.read_bytes().replace(b"level = 3", b"level = 4"))
    case.file = read_assessment(case.file.path)
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        assert any("The seal of this file is broken" in row for row in picture(app))


@pytest.mark.parametrize(("answer", "level"), [("y", 2), ("n", 4), ("escape", 4)])
async def test_a_broken_seal_is_asked_about_once_before_the_first_change(
    tmp_path: Path, answer: str, level: int
) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3)})
    case.file.path.write_bytes(case.file.path.read_bytes().replace(b"level = 3", b"level = 4"))
    case.file = read_assessment(case.file.path)
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "2", answer, "j", "p", "2")
    assert case.saved.answers["does-it"].level == level


@pytest.mark.parametrize("keys", [("K", "y"), ("K", "n", "K", "y"), ("2", "n", "K", "y")])
async def test_a_broken_seal_is_confirmed_by_the_key_that_its_notice_names(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3)})
    changed = case.file.path.read_bytes().replace(b"level = 3", b"level = 4")
    case.file.path.write_bytes(changed)
    case.file = read_assessment(case.file.path)
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        assert "confirm it (K)" in " ".join(" ".join(picture(app)).split())
        await press(pilot, *keys)
        assert not any("seal" in row for row in picture(app))
        await press(pilot, "m", "text:Good.", "enter")
    sealed = read_assessment(case.file.path)
    assert (sealed.seal, sealed.assessment.answer("does-it").note) == (Seal.INTACT, "Good.")
    assert case.file.path.with_name(f"{case.file.path.name}.orig").read_bytes() == changed


def test_a_broken_seal_names_the_key_only_where_it_confirms(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    file, rubric = replace(case.file, seal=Seal.BROKEN), open_assessment(case.workspace, case.file).rubric
    assert "confirm it (K)." in " ".join(notices(file, rubric))
    assert "confirm it." in " ".join(notices(file, rubric, read_only="a decision rests on it"))


async def test_the_first_save_of_a_file_written_by_hand_says_where_the_original_is(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3)})
    lines = case.file.path.read_text(encoding="utf-8").splitlines(keepends=True)
    by_hand = "".join(line for line in lines if not line.startswith("seal"))
    case.file.path.write_text(by_hand, encoding="utf-8")
    case.file = read_assessment(case.file.path)
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        assert any("written by hand" in row for row in picture(app))
        await press(pilot, "2")
        assert any("The file as it was before is kept" in row for row in picture(app))
    assert case.file.path.with_name(f"{case.file.path.name}.orig").read_text(encoding="utf-8") == by_hand


async def test_read_only_shows_everything_and_changes_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3)})
    before = case.file.path.read_bytes()
    app = opened(case, read_only=True)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "1", "u", "x", "m", "s", "e", "f", "delete", "z")
        assert app.screen is screen_of(app)
        assert screen_of(app).answer == Answer(level=3)
        assert any("read-only" in row for row in picture(app))
        await press(pilot, "n", "escape")
    assert case.file.path.read_bytes() == before


async def test_a_decided_assessment_shows_only_the_keys_that_work_and_how_to_go_on(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3, answered=ON)})
    record_rejection(case)
    app = ToolvetApp(case.workspace, ON, Start(Opening.ASSESS, file=case.file))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(lambda: isinstance(app.screen, ChooseOne))
        await press(pilot, "2")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await press(pilot)
        keys = picture(app)[-1]
        assert "n Next" in keys
        assert "V Review again" in keys
        assert [words for words in ("e Evidence", "u Unknown", "f Scope facts", "z Undo") if words in keys] == []
        await press(pilot, "V", "y")
        await until(lambda: isinstance(app.screen, AssessScreen) and app.screen.editor.file.path != case.file.path)
        assert isinstance(app.screen, AssessScreen)
        assert app.screen.editor.assessment.answers["does-it"].confirm is not None
        assert app.screen.editor.refusal is None


async def test_a_decision_made_from_the_review_makes_it_read_only(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=1, answered=ON)})
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "r")
        record_rejection(case)
        await press(pilot, "escape", "3")
        assert screen_of(app).answer == Answer(level=1, answered=ON)
        assert any("read-only" in row for row in picture(app))


def record_rejection(case: Case) -> None:
    """A decision that rests on the case's file."""
    scorecard = score(case.rubric, case.file.assessment, ON)
    case.workspace.record(
        Decision(
            decision=Verdict.REJECT,
            decided_by="Board",
            decided_on=ON,
            assessment=AssessmentRef(case.workspace.relative(case.file.path), case.file.sha256),
            computed=make_computed(scorecard),
        ),
        case.file.path.parent.name,
    )


async def test_undoing_what_could_not_be_saved_ends_the_trouble(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        case.file.path.rename(tmp_path / "aside.toml")
        case.file.path.symlink_to(tmp_path / "aside.toml")
        await press(pilot, "4", "z")
        assert not app.screen.query_one(Trouble).has_class("-shown")
        assert screen_of(app).would_be_lost() is None
