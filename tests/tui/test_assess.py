"""Answering questions by keyboard and mouse, looked at in the assessment and in the saved file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import OptionList

from screens import HOSTILE, LIVE, ON, Case, Host, hostile_rubric, picture, press
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.deciding import make_computed
from toolvet.domain.decision import AssessmentRef, Decision
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.files.reading import read_assessment
from toolvet.files.state import last_place
from toolvet.tui.assess import AssessScreen
from toolvet.tui.dialogs import Confirm, Dialog
from toolvet.tui.widgets.frame import Trouble
from toolvet.tui.widgets.ladder import Ladder
from toolvet.tui.widgets.outline import Outline

WIDE, NARROW = (120, 36), (80, 24)
DOCUMENT = Evidence("https://a.example/1", Grade.DOCUMENT, date(2026, 10, 30))
TESTED = Evidence("Our trial", Grade.TESTED, date(2026, 11, 2))


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def opened(case: Case, *, at: str | None = None, read_only: bool = False) -> Host:
    return Host(lambda: AssessScreen(case.workspace, case.rubric, case.file, ON, start_at=at, read_only=read_only))


def screen_of(app: Host) -> AssessScreen:
    screen = next(screen for screen in app.screen_stack if isinstance(screen, AssessScreen))
    return screen


async def answers_after(case: Case, *keys: str, size: tuple[int, int] = WIDE) -> Mapping[str, Answer]:
    """The saved answers after these keys; what stands on the screen is the same."""
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
        assert screen_of(app).assessment.answers == case.saved.answers
    return case.saved.answers


async def place_after(case: Case, *keys: str, size: tuple[int, int] = WIDE, at: str | None = None) -> str:
    """The question on the screen after these keys."""
    app = opened(case, at=at)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
        return screen_of(app).at


async def test_a_digit_picks_the_rung_on_the_day_and_it_is_saved(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "3") == {"does-it": Answer(level=3, answered=ON)}


async def test_a_digit_picks_at_80_by_24_too(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "0", size=NARROW) == {"does-it": Answer(level=0, answered=ON)}


async def test_a_digit_beyond_the_ladder_changes_nothing(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "5") == {}


async def test_down_and_enter_pick_a_rung(tmp_path: Path) -> None:
    keys = ("down", "down", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {"does-it": Answer(level=1, answered=ON)}


async def test_enter_without_a_cursor_picks_nothing(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "enter") == {}


async def test_a_click_on_a_rung_picks_it(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        await pilot.click(Ladder, offset=(10, 4))
        await press(pilot)
    assert case.saved.answers == {"does-it": Answer(level=4, answered=ON)}


async def test_a_rung_keeps_note_setting_and_evidence(tmp_path: Path) -> None:
    before = Answer(unknown="Asked.", answered=date(2026, 1, 1), note="N", setting="S", evidence=(DOCUMENT,))
    assert await answers_after(Case(tmp_path / "w", {"does-it": before}), "2") == {
        "does-it": Answer(level=2, answered=ON, note="N", setting="S", evidence=(DOCUMENT,))
    }


async def test_unknown_is_set_at_once(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "u") == {"does-it": Answer(unknown="", answered=ON)}


async def test_unknown_takes_what_was_tried(tmp_path: Path) -> None:
    keys = ("u", "text:Asked them.", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {"does-it": Answer(unknown="Asked them.", answered=ON)}


async def test_unknown_may_be_left_without_words(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "u", "escape") == {"does-it": Answer(unknown="", answered=ON)}


async def test_not_applicable_without_a_reason_changes_nothing(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "x", "enter", "escape") == {}


async def test_not_applicable_takes_its_reason(tmp_path: Path) -> None:
    keys = ("x", "text:Never.", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {"does-it": Answer(not_applicable="Never.", answered=ON)}


@pytest.mark.parametrize("key", ["delete", "backspace"])
async def test_clearing_leaves_the_note(tmp_path: Path, key: str) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=3, answered=ON, note="N")})
    assert await answers_after(case, key) == {"does-it": Answer(note="N")}


async def test_note_and_setting_are_written(tmp_path: Path) -> None:
    keys = ("m", "text:No search.", "enter", "s", "text:Lobby on.", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {
        "does-it": Answer(note="No search.", setting="Lobby on.")
    }


async def test_an_emptied_note_is_gone(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=1, note="N")})
    assert await answers_after(case, "m", "backspace", "enter") == {"does-it": Answer(level=1)}


async def test_letters_typed_into_a_note_are_no_keys(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "m", "text:3uxz", "enter") == {"does-it": Answer(note="3uxz")}


async def test_new_evidence_takes_a_source_a_grade_by_one_key_and_today(tmp_path: Path) -> None:
    keys = ("e", "text:Manual", "enter", "3", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {
        "does-it": Answer(evidence=(Evidence("Manual", Grade.DOCUMENT, ON),))
    }


async def test_a_file_of_the_workspace_is_evidence_with_its_digest(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    (tmp_path / "w" / "evidence").mkdir(exist_ok=True)
    (tmp_path / "w" / "evidence" / "a.txt").write_bytes(b"abc")
    answers = await answers_after(case, "e", "text:evidence/a.txt", "enter", "1", "enter")
    of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert answers["does-it"].evidence == (Evidence("evidence/a.txt", Grade.TESTED, ON, of_abc),)


async def test_a_source_used_before_takes_one_key(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"sign-in": Answer(level=2, answered=ON, evidence=(DOCUMENT,))})
    answers = await answers_after(case, "e", "1")
    assert answers["does-it"] == Answer(evidence=(DOCUMENT,))


async def test_the_source_used_last_comes_first(tmp_path: Path) -> None:
    case = Case(
        tmp_path / "w",
        {
            "does-it": Answer(level=2, answered=ON, evidence=(DOCUMENT,)),
            "how-fast": Answer(level=1, answered=date(2026, 1, 1), evidence=(TESTED,)),
        },
    )
    answers = await answers_after(case, "e", "1", "j", "e", "1")  # TESTED is taken to does-it, so it comes first then
    assert answers["sign-in"] == Answer(evidence=(TESTED,))


async def test_back_from_the_grade_leads_to_the_source_as_typed(tmp_path: Path) -> None:
    keys = ("e", "text:Manua", "enter", "escape", "end", "text:l", "enter", "3", "enter")
    assert await answers_after(Case(tmp_path / "w"), *keys) == {
        "does-it": Answer(evidence=(Evidence("Manual", Grade.DOCUMENT, ON),))
    }


async def test_back_from_the_first_source_leads_to_the_question(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "e", "escape", "2") == {"does-it": Answer(level=2, answered=ON)}


async def test_evidence_is_graded_dated_and_removed(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=2, evidence=(DOCUMENT, TESTED))})
    answers = await answers_after(case, "e", "g", "4", "t", "down", "delete", "escape")
    assert answers == {"does-it": Answer(level=2, evidence=(Evidence(DOCUMENT.source, Grade.CLAIM, ON),))}


async def test_a_date_that_is_none_is_asked_again(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=2, evidence=(replace(DOCUMENT, date=None),))})
    keys = ("e", "d", "text:2 May", "enter", *["backspace"] * 5, "text:2026-05-02", "enter", "escape")
    answers = await answers_after(case, *keys)
    assert answers["does-it"].evidence == (replace(DOCUMENT, date=date(2026, 5, 2)),)


async def test_undo_and_redo(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "1", "2", "3", "z", "z", "Z") == {
        "does-it": Answer(level=2, answered=ON)
    }


async def test_undo_goes_to_the_question_it_changes(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "1", "n", "n", "z") == "does-it"


async def test_next_and_previous_leave_out_what_does_not_apply(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "n", "right", "n", "p") == "how-fast"
    assert await place_after(Case(tmp_path / "v"), "n", "n", "left") == "how-fast"


async def test_j_goes_to_the_next_open_question(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"how-fast": Answer(level=1)})
    assert await place_after(case, "j") == "sign-in"


async def test_a_pass_goes_through_its_questions_only(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "v", "2", "n") == "sign-in"


async def test_a_pass_without_this_question_begins_with_its_first(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "v", "5") == "sign-in"


async def test_the_passes_say_how_many_questions_and_minutes(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", {"does-it": Answer(level=2, answered=ON)}))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "v")
        options = app.screen.query_one(OptionList).options
        words = [str(option.prompt).split("\n")[1].strip() for option in options]
    assert words == [
        "3 questions, 10 min left",
        "2 questions, 5 min left",
        "2 questions, 10 min left",
        "1 question, all known",
        "1 question, 5 min left",
        "1 question, 5 min left",
        "no questions",
    ]


async def test_an_answered_question_leaves_the_open_pass_and_next_goes_on_behind_it(tmp_path: Path) -> None:
    assert await place_after(Case(tmp_path / "w"), "v", "3", "2", "n") == "how-fast"


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_outline_leads_to_a_question(tmp_path: Path, size: tuple[int, int]) -> None:
    case = Case(tmp_path / "w")
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, "o", "down", "down", "enter", "2")
    assert case.saved.answers == {"sign-in": Answer(level=2, answered=ON)}


async def test_no_answering_while_the_outline_hides_the_question(tmp_path: Path) -> None:
    assert await answers_after(Case(tmp_path / "w"), "o", "3", size=NARROW) == {}


async def test_esc_leaves_the_outline_first(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "o", "escape")
        assert app.results == []
        await press(pilot, "escape")
        assert len(app.results) == 1


async def test_a_click_in_the_outline_goes_there(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        await pilot.click(Outline, offset=(8, 5))
        await press(pilot)
        assert screen_of(app).at == "sign-in"


async def test_a_scope_fact_brings_in_its_questions(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", scope={})
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "f", "2")
        assert screen_of(app).assessment.scope == {"records": "yes"}
    assert case.saved.scope == {"records": "yes"}


async def test_it_resumes_at_the_question_it_was_left_at_and_changes_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=1, answered=ON)})
    before = case.file.path.read_bytes()
    assert await place_after(case, "n", "n") == "sign-in"
    assert last_place(case.file.path) == "sign-in"
    assert await place_after(case) == "sign-in"
    assert case.file.path.read_bytes() == before


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


async def test_the_next_open_question_is_one_of_the_pass(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=2, answered=ON)})
    assert await place_after(case, "v", "2", "j", "j") == "sign-in"


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


async def test_every_state_has_its_own_mark_in_the_outline(tmp_path: Path) -> None:
    case = Case(
        tmp_path / "w",
        {
            "does-it": Answer(level=4, answered=ON),
            "how-fast": Answer(not_applicable="Never."),
            "sign-in": Answer(level=2, answered=date(2025, 1, 1)),
            "recording": Answer(unknown=""),
        },
        scope={"records": "yes"},
    )
    app = opened(case)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        rows = [row[:33].rstrip() for row in picture(app)[2:8]]
    assert rows == [" Work", " ▸●4 ◆ Does it", "  –    How fast", " Safety", "  ↻2 ◆ Sign in", "  ?    Recording"]


async def test_what_does_not_apply_is_counted_and_not_listed(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        rows = [row[:33].rstrip() for row in picture(app)[5:9]]
    assert rows == [" Safety", "  ·  ◆ Sign in", "    1 does not apply", ""]


async def test_question_ladder_and_answer_at_80_by_24(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", {"does-it": Answer(level=2, answered=ON, note="Well.")}))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        rows = picture(app)
    assert rows == [
        " toolvet  Assess                                                  Tool Business",
        " ‖ HOLD  floor 12.5 · seen 50.0 · ceiling 87.5  ◆ 1 not known  1 known of 3",
        " Work · trial · about 10 min",
        " ◆ Does it   must reach 2",
        " Does it do the job?",
        "",
        " Pick the highest rung wholly true.  (h: the whole rule)",
        "",
        "   ○ 0  Not at all.",
        "   ○ 1  With help.",
        " ▸ ● 2◆ Alone.",
        "   ○ 3  Alone and fast.",
        "   ○ 4  With joy.",
        "",
        " Answer    ● level 2 on 2026-11-21",
        " Note      Well.",
        "",
        " Check     Try the job.",
        " Why       Nothing else matters.",
        " Must-have reach 2. A tool has to work.",
        "",
        "",
        " 1 of 3 · all · 10 min left   ? keys  w check  o outline  v pass",
        " u Unknown  x N/A  e Evidence  m Note  s Setting  n Next  j Open  r Review",
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_hostile_text_in_every_field_is_shown_as_text(tmp_path: Path, size: tuple[int, int]) -> None:
    answer = Answer(level=1, answered=ON, note=HOSTILE, setting=HOSTILE, evidence=(Evidence(HOSTILE, Grade.CLAIM, ON),))
    case = Case(
        tmp_path / "w",
        {"does-it": answer, "how-fast": Answer(unknown=HOSTILE), "sign-in": Answer(not_applicable=HOSTILE)},
        rubric=hostile_rubric(),
    )
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        rows: list[str] = []
        for keys in (
            ("h",),
            ("escape", "e"),
            ("escape", "v"),
            ("escape", "f"),
            ("escape", "m"),
            ("escape", "s"),
            ("escape", "n"),
            ("u",),
            ("escape", "n"),
            ("x",),
            ("escape", "o"),
            ("escape", "w"),
        ):
            await press(pilot, *keys)
            rows += picture(app)
        assert app.is_running
    shown = "\n".join(rows)
    assert "[@click=app.quit]x[/]" in shown
    assert not LIVE & set(shown)
    assert case.saved.answers["does-it"] == answer


def test_the_screen_needs_no_heavy_library() -> None:
    heavy = ("jsonschema", "tabulate", "jinja2")
    code = f"import sys, toolvet.tui.assess; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


async def test_a_question_that_no_longer_applies_makes_way_for_the_nearest(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", scope={"records": "yes"}), at="recording")
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        assert picture(app)[2] == " Safety"
        await press(pilot, "f", "1")
        assert screen_of(app).at == "sign-in"
        assert any("4 → 3 questions apply." in row for row in picture(app))


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


async def test_long_texts_scroll_with_the_page_keys(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", {"does-it": Answer(note="Long. " * 300)}))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "pagedown")
        await pilot.wait_for_scheduled_animations()
        assert screen_of(app).pane.scroll_offset.y > 0
        await press(pilot, "n")
        assert screen_of(app).pane.scroll_offset.y == 0


async def test_a_key_right_behind_one_that_opens_a_dialog_does_not_reach_the_screen(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        app.post_message(Key("m", "m"))
        app.post_message(Key("n", "n"))
        await press(pilot)
        assert [type(each).__name__ for each in app.screen_stack[2:]] == ["AskText"]
        assert screen_of(app).at == "does-it"


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
