"""What stands on the screen beside a question, and foreign text in it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from assess_screen import NARROW, WIDE, opened, screen_of
from screens import HOSTILE, LIVE, ON, RUBRIC, Case, hostile_rubric, inside, picture, press
from toolvet.domain.assessment import Answer, Evidence, Grade


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
        rows = [row[1:37].rstrip() for row in picture(app)[2:8]]
    assert rows == [
        f" Work{'2/2':>31}",
        "▌ ●4 ◆ Does it",
        "  –    How fast",
        f" Safety{'0/2':>29}",
        "  ↻2 ◆ Sign in",
        "  ?    Recording",
    ]


async def test_a_failed_must_have_has_its_sign_beside_the_cursor(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", {"does-it": Answer(level=0, answered=ON)}))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        assert picture(app)[3][1:].startswith("▌✗●0 ◆ Does it")


async def test_what_does_not_apply_is_counted_and_not_listed(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot)
        rows = [row[1:37].rstrip() for row in picture(app)[5:9]]
    assert rows == [f" Safety{'0/1':>29}", "  ·  ◆ Sign in", "   1 does not apply", ""]


async def test_question_ladder_and_answer_at_80_by_24(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", {"does-it": Answer(level=2, answered=ON, note="Well.")}))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        rows = [inside(row) for row in picture(app)]
    assert rows == [
        " toolvet  Assess  Tool Business",
        "  ‖ HOLD  12.5 ──┣━━━━━━━●━━━┿━━┫── 87.5  must-haves 1/2  1/3 known",
        "┏━ ◆ Does it · must reach 2, else rejected ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓",
        " Does it do the job?",
        "",
        " Pick the highest rung wholly true.  (i: the whole rule)",
        "",
        "   ○ 0   Not at all.",
        "   ○ 1   With help.",
        " ▌ ● 2 ◆ Alone.",
        "   ○ 3   Alone and fast.",
        "   ○ 4   With joy.",
        "",
        " Answer    ● level 2 on 21 November 2026",
        " Note      Well.",
        "",
        " Check     Try the job.",
        " Why       Nothing else matters.",
        " Must-have reach 2. A tool has to work.",
        " Rule      Pick the highest rung wholly true. What it lacks is 0.",
        "",
        "",
        "┗━━━━━━━━━━━━━━━━━ 1 of 3 · 2 open, 10 min left · Work · trial · about 10 min ━┛",
        " 0–4 Pick  e Evidence  m Note  j Next open  n Next  s Setting  esc Back  ? Help",
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
            ("e",),
            ("escape", "l"),
            ("escape", "f"),
            ("escape", "m"),
            ("escape", "s"),
            ("escape", "n"),
            ("u",),
            ("escape", "n"),
            ("x",),
            ("escape", "g"),
            ("escape", "i"),
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
    code = f"import sys, toolvet.tui.assess.screen; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


async def test_long_texts_scroll_with_the_page_keys(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w", {"does-it": Answer(note="Long. " * 300)}))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "pagedown")
        await pilot.wait_for_scheduled_animations()
        assert screen_of(app).pane.scroll_offset.y > 0
        await press(pilot, "n")
        assert screen_of(app).pane.scroll_offset.y == 0


@pytest.mark.parametrize(("size", "in_edge"), [(NARROW, True), (WIDE, False)])
async def test_what_a_must_have_requires_is_never_cut(tmp_path: Path, size: tuple[int, int], *, in_edge: bool) -> None:
    title = "Works on every device that people have"
    case = Case(tmp_path / "w", rubric=RUBRIC.replace('id = "does-it"', f'id = "does-it"\ntitle = "{title}"'))
    app = opened(case)
    async with app.run_test(size=size) as pilot:
        await press(pilot)
        rows = picture(app)
        required = "must reach 2, else rejected"
        assert any(f"{title} · {required}" in row for row in rows) == in_edge
        assert any(f"◆ {required.capitalize()}." in row for row in rows) != in_edge
