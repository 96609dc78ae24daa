"""Somebody else changed the file: nothing typed here is lost, and what differs is chosen from, point by point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from screens import ON, Case, Host, picture, press, until
from toolvet.domain.assessment import Amendment, Answer, Assessment, Correction
from toolvet.services.editing import keep_beside
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.toml_input import Seal
from toolvet.tui.app import ToolvetApp
from toolvet.tui.assess.screen import AssessScreen
from toolvet.tui.conflict import ConflictScreen
from toolvet.tui.home.screen import HomeScreen
from toolvet.tui.kit.dialogs import ChooseOne, Confirm
from toolvet.tui.kit.text_dialogs import AskText

SIZE = (100, 40)
BEFORE = {"does-it": Answer(level=2, answered=ON), "how-fast": Answer(level=1, answered=ON)}


def opened(case: Case) -> Host:
    return Host(lambda: AssessScreen(case.session, case.opened, start_at="does-it"))


def screen_of(app: Host) -> AssessScreen:
    """The Assess screen, under whatever stands over it."""
    return next(screen for screen in app.screen_stack if isinstance(screen, AssessScreen))


def change_elsewhere(case: Case, question: str, answer: Answer) -> Assessment:
    """What the file holds after somebody else gave that answer."""
    file = read_assessment(case.file.path)
    return case.workspace.save(file, file.assessment.with_answer(question, answer)).assessment


def beside(case: Case, ending: str) -> list[Assessment]:
    """The assessments beside the file whose names end so."""
    return [read_assessment(path).assessment for path in sorted(case.file.path.parent.glob(f"*{ending}"))]


FAST = Answer(level=2, answered=ON)


async def test_what_is_typed_in_an_open_dialog_after_a_conflict_is_kept_beside_the_file(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot, "m", "text:on")
        await until(lambda: case.saved.answer("does-it").note == "on")
        change_elsewhere(case, "how-fast", FAST)
        await press(pilot, "text:e")
        await until(lambda: [each.answer("does-it").note for each in beside(case, ".conflict")] == ["one"])
        assert isinstance(app.screen, AskText)
        assert "kept beside it" in " ".join(" ".join(picture(app)).split())
        await press(pilot, "text:more")
        await until(lambda: [each.answer("does-it").note for each in beside(case, ".conflict")] == ["onemore"])
    assert case.saved.answer("does-it").note == "on"


async def test_once_the_dialog_is_done_the_conflict_is_told_of_once(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot, "m", "text:on")
        await until(lambda: case.saved.answer("does-it").note == "on")
        change_elsewhere(case, "how-fast", FAST)
        await press(pilot, "text:e", "enter")
        await until(lambda: isinstance(app.screen, Confirm))
        await press(pilot, "n", "4")
        assert isinstance(app.screen, AssessScreen)
        assert [each.answer("does-it").level for each in beside(case, ".conflict")] == [4]


async def test_changes_of_two_people_to_different_questions_are_both_kept_with_two_keys(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        change_elsewhere(case, "how-fast", FAST)
        await press(pilot, "4", "y")
        assert isinstance(app.screen, ConflictScreen)
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, AssessScreen))
        merged = {"does-it": Answer(level=4, answered=ON), "how-fast": FAST}
        assert screen_of(app).editor.assessment.answers == case.saved.answers == merged
        await press(pilot, "3")
    assert case.saved.answer("does-it").level == 3
    assert beside(case, ".conflict") == []
    assert [each.answer("does-it").level for each in beside(case, ".settled")] == [4]


async def test_what_differs_is_undone_as_one_step(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        change_elsewhere(case, "how-fast", FAST)
        await press(pilot, "4", "y", "S")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await press(pilot, "z")
    assert case.saved.answers == {"does-it": Answer(level=4, answered=ON), "how-fast": BEFORE["how-fast"]}


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        ((), Answer(level=4, answered=ON, confirm="The other version: level 1")),
        (("1",), Answer(level=4, answered=ON)),
        (("2",), Answer(level=1, answered=ON)),
        (("2", "3"), Answer(level=4, answered=ON, confirm="The other version: level 1")),
        (("enter",), Answer(level=4, answered=ON)),
        (("enter", "enter"), Answer(level=1, answered=ON)),
        (("A", "2"), Answer(level=1, answered=ON)),
    ],
)
async def test_one_the_other_or_both_is_kept_and_no_version_is_lost(
    tmp_path: Path, keys: tuple[str, ...], kept: Answer
) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        change_elsewhere(case, "does-it", Answer(level=1, answered=ON))
        await press(pilot, "4", "y", *keys, "S")
        await until(lambda: isinstance(app.screen, AssessScreen))
    assert case.saved.answer("does-it") == kept
    versions = {each.answer("does-it").level for each in (*beside(case, ".settled"), case.saved)}
    assert {1, 4} <= versions


async def test_both_versions_and_what_comes_of_them_are_shown(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        change_elsewhere(case, "does-it", Answer(level=1, answered=ON, note="It stalls."))
        await press(pilot, "4", "y")
        rows = picture(app)
    shown = " ".join(" ".join(rows).split())
    assert "Changed on both sides. Choose what to keep: 1 yours, 2 theirs, 3 both." in shown
    assert "○ yours ○ theirs ● both ≠ Does it" in shown
    assert "level 4: With joy." in shown
    assert "level 1: With help." in shown
    assert "You keep both" in shown
    assert "It counts once it is answered again. The other version: level 1" in shown


async def test_more_of_long_versions_is_a_key_away(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    long = Answer(level=4, note="\n".join(f"Line {number}." for number in range(60)))
    keep_beside(case.workspace, case.file, case.file.assessment.with_answer("does-it", long))
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "end", "enter")
        await until(lambda: isinstance(app.screen, ConflictScreen))
        await press(pilot, "tab", "pagedown", "pagedown")
        await until(lambda: any("Line 30." in row for row in picture(app)))


async def test_going_back_changes_nothing_and_c_shows_it_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        theirs = change_elsewhere(case, "how-fast", FAST)
        await press(pilot, "4", "y", "escape")
        assert (case.saved, len(beside(case, ".conflict"))) == (theirs, 1)
        await press(pilot, "equals_sign")
        assert isinstance(app.screen, ConflictScreen)


async def test_c_is_no_key_where_there_is_no_conflict(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", BEFORE))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot, "equals_sign")
        assert isinstance(app.screen, AssessScreen)
        assert not any("What differs" in row for row in picture(app))


async def test_a_file_that_was_removed_can_be_put_back(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        case.file.path.unlink()
        await press(pilot, "4", "y")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "y")
        await until(lambda: isinstance(app.screen, AssessScreen))
    assert case.saved.answer("does-it").level == 4


async def test_a_file_that_cannot_be_read_any_more_is_put_aside(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        case.file.path.write_bytes(b"level = ")
        await press(pilot, "4", "y", "y")
        await until(lambda: isinstance(app.screen, AssessScreen))
    assert case.saved.answer("does-it").level == 4
    assert b"level = " in [path.read_bytes() for path in case.file.path.parent.glob("*.settled")]


async def test_a_file_changed_by_hand_is_put_aside_as_it_was(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    by_hand = case.file.path.read_bytes().replace(b"Business", b"Premium!")
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        case.file.path.write_bytes(by_hand)
        await press(pilot, "4", "y", "S")
        await until(lambda: isinstance(app.screen, AssessScreen))
    assert (case.saved.subject.plan, read_assessment(case.file.path).seal) == ("Premium!", Seal.INTACT)
    assert by_hand in [path.read_bytes() for path in case.file.path.parent.glob("*.settled")]


def decide(case: Case, file: AssessmentFile) -> None:
    """A decision that rests on that file."""
    from toolvet.domain.decision import AssessmentRef, Decision
    from toolvet.domain.decision_rules import make_computed
    from toolvet.domain.scoring import score

    scorecard = score(case.rubric, file.assessment, ON)
    reference = AssessmentRef(case.workspace.relative(file.path), file.sha256)
    case.workspace.record(
        Decision(scorecard.verdict, "The board", ON, reference, make_computed(scorecard)), file.path.parent.name
    )


async def test_where_a_decision_came_to_rest_on_the_file_ours_is_kept_and_becomes_a_new_one(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await press(pilot)
        decide(case, case.file)
        await press(pilot, "4")
        assert [each.answer("does-it").level for each in beside(case, ".conflict")] == [4]
        await press(pilot, "y", "S")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await press(pilot, "3")
        new = screen_of(app).editor.keeping.file.path
    assert new != case.file.path
    assert read_assessment(new).assessment.answer("does-it").level == 3
    assert read_assessment(case.file.path).sha256 == case.file.sha256


def corrected(case: Case, vendor: str, by: str) -> Assessment:
    """The assessment as that person corrects its vendor."""
    before = case.file.assessment
    told = Amendment(ON, by, (Correction("vendor", before.subject.vendor, vendor),))
    return replace(before, subject=replace(before.subject, vendor=vendor), amended=(told,))


async def test_what_two_people_corrected_alike_begins_nothing_new_beside_what_was_decided_on(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    keep_beside(case.workspace, case.file, corrected(case, "Zoom", "Ada"))
    decide(case, case.workspace.save(case.file, corrected(case, "Zoom", "Ben")))
    await settled_at_once(case)
    assert [path.name for path in case.file.path.parent.glob("*.toml")] == [case.file.path.name]
    assert case.saved == corrected(case, "Zoom", "Ben")


async def test_what_two_people_corrected_alike_is_told_of_both(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    keep_beside(case.workspace, case.file, corrected(case, "Zoom", "Ada"))
    case.workspace.save(case.file, corrected(case, "Zoom", "Ben"))
    await settled_at_once(case)
    assert [one.by for one in case.saved.amended] == ["Ben", "Ada"]


async def test_a_conflict_while_settling_keeps_the_copy(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    app = opened(case)
    async with app.run_test(size=SIZE, notifications=False) as pilot:
        await press(pilot)
        change_elsewhere(case, "how-fast", FAST)
        await press(pilot, "4", "y")
        change_elsewhere(case, "sign-in", FAST)
        await press(pilot, "S")
        await until(lambda: isinstance(app.screen, AssessScreen))
        assert screen_of(app).editor.keeping.is_overtaken
        await press(pilot, "equals_sign", "S")
        await until(lambda: not screen_of(app).editor.keeping.is_overtaken)
    assert case.saved.answers == {"does-it": Answer(level=4, answered=ON), "how-fast": FAST, "sign-in": FAST}


async def after_home(case: Case, *keys: str, done: Callable[[], bool]) -> None:
    """Home, the conflict copy opened, and then these keys."""
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "end", "enter")
        await until(lambda: not isinstance(app.screen, HomeScreen))
        await press(pilot, *keys)
        await until(done)


async def test_a_copy_in_the_workspace_is_settled_from_home(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    keep_beside(case.workspace, case.file, case.file.assessment.with_answer("sign-in", FAST))
    await after_home(case, "S", done=lambda: beside(case, ".conflict") == [])
    assert case.saved.answers == {**BEFORE, "sign-in": FAST}
    assert len(beside(case, ".settled")) == 1
    assert case.workspace.subject("tool-business").problems == ()


async def test_a_copy_settled_from_home_by_the_file_is_put_aside(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    copied = case.file.assessment.with_answer("does-it", Answer(level=4))
    keep_beside(case.workspace, case.file, copied)
    await after_home(case, "2", "S", done=lambda: beside(case, ".conflict") == [])
    assert (case.saved.answers, beside(case, ".settled")) == (BEFORE, [copied])


async def settled_at_once(case: Case) -> None:
    """The conflict copy opened on Home, where there is nothing to choose."""
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "end", "enter")
        await until(lambda: beside(case, ".conflict") == [])
        await until(lambda: not any("needs a look" in row for row in picture(app)))


async def test_a_copy_of_the_very_same_is_put_aside_at_once(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    keep_beside(case.workspace, case.file, case.file.assessment)
    await settled_at_once(case)
    assert case.saved.answers == BEFORE


async def test_all_of_a_name_is_the_first_where_both_cannot_stand(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", BEFORE)
    ours = replace(case.file.assessment, subject=replace(case.file.assessment.subject, vendor="Zoom"))
    theirs = replace(case.file.assessment, subject=replace(case.file.assessment.subject, vendor="Other"))
    keep_beside(case.workspace, case.file, ours)
    case.workspace.save(case.file, theirs)
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "end", "enter")
        await until(lambda: isinstance(app.screen, ConflictScreen))
        await press(pilot, "3")
        assert isinstance(app.screen, ConflictScreen)
        await press(pilot, "A")
        assert isinstance(app.screen, ChooseOne)
        await press(pilot, "3", "S")
        await until(lambda: beside(case, ".conflict") == [])
    assert case.saved == ours
