"""An assessment taken over to another version of its rubric, on screen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from naughty import toml_text
from screens import HOSTILE, LIVE, ON, RUBRIC, Case, Host, picture, press, until
from toolvet.domain.assessment import Answer, Evidence, Grade, Retired, RubricRef
from toolvet.services.assessments import plan_migration
from toolvet.storage.reader import read_assessment
from toolvet.tui.app import ToolvetApp
from toolvet.tui.assess.screen import AssessScreen
from toolvet.tui.migrate import MigratingScreen
from workspaces import decision_on

WIDE = (120, 40)
SMALL = (80, 24)
TRIED = (Evidence("Trial of 2 November", Grade.TESTED, date(2026, 11, 2)),)
ANSWERS = {
    "does-it": Answer(level=3, answered=ON, note="Took a minute.", evidence=TRIED),
    "how-fast": Answer(level=1, answered=ON),
    "sign-in": Answer(level=2, answered=ON, setting="Codes by app."),
    "recording": Answer(level=2, answered=ON),
}
"""One of each: reworded, re-laddered (its rung is one higher now), same, gone."""

EXIT = """
[[criteria.questions]]
id = "exit"
text = "How do we get our records out?"
levels = ["Not.", "By hand.", "All at once."]
"""
NEW_TEXT = (
    RUBRIC[: RUBRIC.index('[[criteria.questions]]\nid = "recording"')]
    .replace('version = "1.0.0"', 'version = "1.1.0"')
    .replace("Does it do the job?", "Does it do the job from start to end?")
    .replace('["Slow.", "So so.", "Fast."]', '["Slow.", "Slow at times.", "So so.", "Fast."]')
) + EXIT


@pytest.fixture(autouse=True)
def _another_reviewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLVET_REVIEWER", "B. Reviewer")


def answered(root: Path, new_text: str = NEW_TEXT, rubric: str = RUBRIC) -> Case:
    """An assessment under version 1.0.0, and 1.1.0 beside it."""
    case = Case(root, ANSWERS, scope={"records": "yes"}, rubric=rubric)
    (root / "rubrics" / "small-1.1.0.toml").write_text(new_text, encoding="utf-8")
    return case


def migrating(case: Case) -> Host:
    plan = plan_migration(case.workspace, case.file)
    assert plan is not None
    return Host(lambda: MigratingScreen(case.session, plan))


def assess(case: Case) -> Host:
    return Host(lambda: AssessScreen(case.session, case.opened))


def shows(app: Host | ToolvetApp, words: str) -> bool:
    return any(words in row for row in picture(app))


def rows(app: Host) -> list[str]:
    """The list at the left, without the empty rows."""
    own = [row[1:49].rstrip() for row in picture(app)[5:-2]]
    return [row for row in own if row]


async def test_every_answer_stands_under_what_becomes_of_it(tmp_path: Path) -> None:
    app = migrating(answered(tmp_path / "w"))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        assert rows(app) == [
            " To be confirmed: kept, but open until then (2)",
            "▌ !  Does it  reworded",
            "  !  How fast  re-laddered",
            " New, open (1)",
            "  ·  Exit  new",
            " Gone, the answer kept aside (1)",
            "  »  Recording  gone",
            " Kept as they are (2)",
            "  =  Scope: records  unchanged",
            "  =  Sign in  unchanged",
        ]
        assert shows(app, "5 questions: 1 kept, 2 to be confirmed, 1 kept aside under retired and 1 open.")


async def test_reworded_shows_the_old_and_the_new_words(tmp_path: Path) -> None:
    app = migrating(answered(tmp_path / "w"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot)
        assert shows(app, "was     Does it do the job?")
        await press(pilot, "tab", "pagedown")
        assert shows(app, "is now  Does it do the job from start to end?")
        assert shows(app, "Answer    level 3: Alone and fast.")


async def test_reladdered_shows_both_ladders_with_the_rung(tmp_path: Path) -> None:
    app = migrating(answered(tmp_path / "w"))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "down")
        assert shows(app, "kept, to be confirmed, level 1 is now 2")
        assert shows(app, "● 1  So so.")
        assert shows(app, "● 2  So so.")


async def test_a_scope_fact_that_reads_otherwise_is_asked_again(tmp_path: Path) -> None:
    app = migrating(answered(tmp_path / "w", NEW_TEXT.replace("Can it record?", "Can it record sound?")))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "down", "down")
        assert shows(app, "Asked again, the answer kept aside (1)")
        assert shows(app, "Can it record sound?")


async def test_escape_leaves_all_as_it_was(tmp_path: Path) -> None:
    case = answered(tmp_path / "w")
    before = case.file.path.read_bytes()
    app = migrating(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter", "escape", "enter", "enter", "enter", "n", "escape")
        assert app.results == [None]
    assert case.file.path.read_bytes() == before


async def test_it_is_written_after_a_yes_and_nothing_is_dropped(tmp_path: Path) -> None:
    case = answered(tmp_path / "w")
    app = migrating(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter")
        assert shows(app, "The file assessments/tool-business/")
        await press(pilot, "y")
        await until(lambda: app.results != [])
    new = case.workspace.rubric("small", "1.1.0")
    assert case.saved.rubric == RubricRef("small", "1.1.0", new.digest)
    assert case.saved.answers == {
        "does-it": Answer(3, answered=ON, note="Took a minute.", evidence=TRIED, confirm="reworded in 1.1.0"),
        "how-fast": Answer(2, answered=ON, confirm="re-laddered in 1.1.0"),
        "sign-in": ANSWERS["sign-in"],
    }
    assert case.saved.retired == {"recording": Retired("1.0.0", "Who may record?", None, ANSWERS["recording"])}


async def test_assess_tells_of_a_newer_version(tmp_path: Path) -> None:
    app = assess(answered(tmp_path / "w"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot)
        await until(lambda: shows(app, "Version 1.1.0 of this rubric is available: M shows"))


async def test_assess_without_a_newer_version_has_nothing_to_migrate(tmp_path: Path) -> None:
    app = assess(Case(tmp_path / "w", ANSWERS))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "M")
        await until(lambda: any("is already the newest version" in words for words in app.told))
        assert not shows(app, "M shows what becomes")


async def test_words_changed_under_the_same_version_can_be_taken_over(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", ANSWERS)
    path = tmp_path / "w" / "rubrics" / "small-1.0.0.toml"
    path.write_text(RUBRIC.replace("How fast is it?", "How quick is it?"), encoding="utf-8")
    case.rubric = case.workspace.rubric("small", "1.0.0")
    app = assess(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        assert shows(app, "M shows what")
        await press(pilot, "M")
        assert shows(app, "small 1.0.0, whose words were changed under the same version")
        assert shows(app, "so nothing can be compared")
        await press(pilot, "enter", "y")
        await until(lambda: app.results != [])
    assert case.saved.rubric.digest == case.rubric.digest


async def test_answers_that_fit_the_changed_words_no_more_are_not_scored_and_can_be_taken_over(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", ANSWERS, scope={"records": "yes"})
    path = tmp_path / "w" / "rubrics" / "small-1.0.0.toml"
    path.write_text(RUBRIC.replace('"Alone.", "Alone and fast.", "With joy."', '"Alone."'), encoding="utf-8")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await until(lambda: shows(app, "The rubric has changed since this was answered."))
        await press(pilot, "enter")
        await until(lambda: any(notice.severity == "error" for notice in app._notifications))
        await press(pilot, "M")
        await until(lambda: isinstance(app.screen, MigratingScreen))
        await press(pilot, "enter", "y")
        await until(lambda: isinstance(app.screen, AssessScreen))
    assert case.saved.answer("does-it") == Answer(note="Took a minute.", evidence=TRIED)
    assert case.saved.retired["does-it"].answer == ANSWERS["does-it"]


async def test_it_goes_on_with_the_migrated_file_where_what_is_to_be_confirmed_is_marked(tmp_path: Path) -> None:
    case = answered(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await press(pilot, "M", "enter", "y")
        await until(lambda: shows(app, "! 2 answers to be confirmed, not counted until then."))
        assert shows(app, "▌ !  ◆ Does it")
        assert shows(app, "! to be confirmed (level 3,")
        await press(pilot, "3", "j")
        assert shows(app, " ●3 ◆ Does it")
        assert shows(app, "! 1 answer to be confirmed")
        assert isinstance(app.screen, AssessScreen)
        assert app.screen.navigator.at == "how-fast"
    assert case.saved.answers["does-it"].confirm is None


async def test_review_says_what_is_to_be_confirmed(tmp_path: Path) -> None:
    case = answered(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "M")
        await until(lambda: isinstance(app.screen, MigratingScreen))
        await press(pilot, "enter", "y")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await press(pilot, "r", "4")
        await until(lambda: shows(app, "reworded in 1.1.0"))
        await press(pilot, "5")
        await press(pilot)
        await until(lambda: shows(app, "trial · 10 min · to confirm"))


async def test_what_a_decision_rests_on_stays_and_a_new_file_is_begun(tmp_path: Path) -> None:
    case = answered(tmp_path / "w")
    case.workspace.record(decision_on(case.file, case.workspace), "tool-business")
    before = case.file.path.read_bytes()
    app = migrating(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter")
        assert shows(app, "go into a new file.")
        await press(pilot, "y")
        await until(lambda: app.results != [])
        written = app.results[0].path
    assert case.file.path.read_bytes() == before
    assert written.parent == case.file.path.parent
    new = read_assessment(written).assessment
    assert (new.rubric.version, new.started, new.reviewer.name) == ("1.1.0", ON, "B. Reviewer")


async def test_a_file_changed_meanwhile_is_left_and_said(tmp_path: Path) -> None:
    case = answered(tmp_path / "w")
    app = migrating(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        other = case.workspace.save(case.file, case.file.assessment.with_answer("how-fast", Answer(level=0)))
        await press(pilot, "enter", "y")
        await until(lambda: any(notice.severity == "error" for notice in app._notifications))
        assert app.results == []
    assert case.file.path.read_bytes() == other.content


async def test_a_broken_seal_has_to_be_read_through(tmp_path: Path) -> None:
    case = answered(tmp_path / "w")
    case.file.path.write_bytes(case.file.content.replace(b"Took a minute.", b"Took an hour."))
    case.file = read_assessment(case.file.path)
    app = migrating(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter")
        assert shows(app, "Write it: I have read it through")


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_hostile_text_is_shown_and_does_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    hostile = toml_text(HOSTILE)
    old = RUBRIC.replace("Does it do the job?", hostile)
    new = NEW_TEXT.replace("Does it do the job from start to end?", f"{hostile} now").replace("So so.", hostile)
    case = answered(tmp_path / "w", new, old)
    case.file = case.workspace.save(
        case.file, case.file.assessment.with_answer("does-it", Answer(level=3, note=HOSTILE, setting=HOSTILE))
    )
    app = migrating(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        seen = []
        for key in ("down", "down", "up", "tab", "pagedown", "shift+tab", "enter", "y"):
            await press(pilot, key)
            seen += picture(app)
        await until(lambda: app.results != [])
    text = "\n".join(seen)
    assert not LIVE & set(text)
    assert "[@click=app.quit]x[/]" in text


async def test_a_new_assessment_begins_under_the_newest_version(tmp_path: Path) -> None:
    case = answered(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press(pilot, "a", "down", "down", "down", "text:Other", "f2")
        await until(lambda: shows(app, "Which rubric?"))
        assert shows(app, "1  Small 1.1.0")
        assert not shows(app, "Small 1.0.0")
