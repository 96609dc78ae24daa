"""The scorecard page by page, looked at as rows of the screen, and where it leads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from house import GOOD, assessed
from screens import HOSTILE, LIVE, ON, RUBRIC, Case, Host, hostile_rubric, inside, picture, press
from surveys import close, pair, put_all, respondent
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.services.assessments import Session, clock_of, open_tool
from toolvet.storage.workspace import Workspace
from toolvet.tui.kit.link_list import JumpList, PageTabs
from toolvet.tui.review.screen import ReviewScreen

WIDE, NARROW = (120, 36), (80, 24)
PROOF = (Evidence("Our trial", Grade.TESTED, ON),)


def opened(case: Case) -> Host:
    return Host(lambda: ReviewScreen(case.session, case.opened))


def half_done(tmp_path: Path) -> Case:
    """One must-have met and proven, one open; one question without a level of its own."""
    return Case(
        tmp_path / "w",
        {"does-it": Answer(level=3, answered=ON, setting="As sold.", evidence=PROOF), "how-fast": Answer(unknown="")},
    )


def page_shown(app: Host) -> int:
    """The page that is open, counted from 0."""
    assert isinstance(app.screen, ReviewScreen)
    return app.screen.page


async def page_of(case: Case, *keys: str, size: tuple[int, int] = NARROW) -> list[str]:
    """The rows between the names of the pages and the keys, blank ones left out."""
    app = opened(case)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot, *keys)
        await app.workers.wait_for_complete()
        await press(pilot)
        return [row for row in map(inside, picture(app)[2:-1]) if row and row[:1] not in "╭╰┏┗"]


async def test_the_verdict_with_its_reasons_ranges_and_thresholds(tmp_path: Path) -> None:
    assert await page_of(half_done(tmp_path)) == [
        "   ‖ HOLD               floor 18.8 · needs 50 with conditions, 70 to approve",
        "  On hold: settle the points below first.          coverage 25.0%, needs 80%",
        "  1 known, 2 open of 3 questions, not complete",
        "                floor 0                            100  ceiling  to approve",
        " Work            37.5 ────────────┣━━━━━━┿━━━━●━━━┫───     87.5   22.5 more",
        " Safety           0.0 ┣━━━━━━━━━━━┿━━━━━━┿━━━━━━━━━━━┫    100.0   60.0 more",
        " Overall         18.8 ──────┣━━━━━━━━━┿━━━━━┿━●━━━━━┫─     93.8   51.3 more",
        "   The overall observed figure is a mean over 1 of 2 criteria.",
        " What the verdict rests on",
        '▌  · The level of "Sign in" is not known; level 2 is required.',
        "   · 25.0% of the weight is answered with a level; 80% is needed.",
        "   Floors needed: to approve 60 in each criterion and 70 overall; with",
        "   conditions 40 and 50. Coverage needed: 80%. Proven, to approve: 50%. The",
        "   thresholds are house policy: none of the authorities consulted (NSA,",
        "   HECVAT, CISA SCuBA, MVSP, NCSC, OpenSSF, SAMM) sets a universal pass mark.",
    ]


async def test_several_must_haves_that_are_not_known_have_one_sentence_and_a_line_each(tmp_path: Path) -> None:
    rows = await page_of(Case(tmp_path / "w", {"how-fast": Answer(level=2)}))
    at = rows.index("   2 must-haves are not known:")
    assert rows[at + 1 : at + 3] == ["▌  · Does it: needs level 2", "   · Sign in: needs level 2"]


async def test_a_tool_without_any_answer_has_no_verdict_yet_but_a_list_of_what_to_find_out(tmp_path: Path) -> None:
    rows = await page_of(Case(tmp_path / "w"))
    assert (rows[0].split("  ")[1].strip(), rows[3]) == ("○ NOT STARTED", "   2 must-haves are not known:")


async def test_how_the_decision_stands_is_said_beside_the_verdict(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    given = ("--decision", "hold", "--by", "Board", "--rationale", "Wait.", "--on", "2026-11-20")
    assert main(["--workspace", str(tmp_path), "decide", "tool", *given]) == 0
    session = Session(Workspace(tmp_path), clock_of(date(2027, 1, 10)))
    (file,) = session.workspace.latest(session.workspace.folder_named("tool"), session.on)
    app = Host(lambda: ReviewScreen(session, open_tool(session.workspace, file)))
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot)
        assert inside(picture(app)[3]).strip() == "Decision: on hold"
        assert inside(picture(app)[4]).strip().startswith("Today:  ")


async def test_must_haves_that_are_not_met_come_first(tmp_path: Path) -> None:
    assert await page_of(half_done(tmp_path), "2") == [
        " 1 of 2 must-haves are met",
        "   Each must reach its level, whatever the total: a failed one rejects or",
        "   holds, an unknown one holds.",
        "              must-have                           level  needs  evidence",
        "▌  ? unknown  Sign in                               –      2",
        "   ✓ met      Does it                               3      2    proven",
    ]


async def test_open_questions_with_what_they_take(tmp_path: Path) -> None:
    assert await page_of(half_done(tmp_path), "5") == [
        " 2 open questions, about 10 min of work",
        "   All of them can still change the verdict.",
        "▌  ?    How fast                               reading · 5 min · unknown",
        "   ·  ◆ Sign in                                console · 5 min",
    ]


async def test_what_would_change_the_verdict(tmp_path: Path) -> None:
    assert await page_of(half_done(tmp_path), "6") == [
        " 2 steps to approve with conditions, 3 to approve",
        " To reach approve with conditions",
        '▌  · Find out whether "Sign in" reaches level 2, with evidence: With a second',
        "▌    factor.",
        "   Then one further step:",
        '   · Find out whether "How fast" reaches level 1: So so.',
        "   Open must-haves are assumed to be at exactly the level they must reach.",
        " To reach approve",
        '   · Find out whether "Sign in" reaches level 2, with evidence (a test, an',
        "     audit, a document): With a second factor.",
        "   Then 2 further steps:",
        '   · Find out whether "How fast" reaches level 2: Fast.',
        '   · Raise "Sign in" to level 3: With keys.',
        "   Open must-haves are assumed to be at exactly the level they must reach.",
        "   These are the fewest steps, provided they turn out to be true. They are no",
        "   reason to answer that way.",
    ]


async def test_findings(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"how-fast": Answer(level=2, answered=date(2027, 1, 1))})
    assert await page_of(case, "4") == [
        " 2 findings: what a careful colleague would point out",
        "   Rated high without evidence",
        '▌  · "How fast" (level 2)',
        "   Answer dated after 21 November 2026, which does not count yet",
        '   · "How fast" (1 January 2027)',
    ]


async def test_the_map_says_the_field_in_words(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"does-it": Answer(level=4), "how-fast": Answer(level=2), "sign-in": Answer(level=1)})
    assert (await page_of(case, "3"))[0] == " Free for all: easy for people, but not under control."


async def test_the_arithmetic_can_be_redone(tmp_path: Path) -> None:
    rows = await page_of(half_done(tmp_path), "7")
    assert rows[:5] == [
        " Work  weight 1",
        " question  weight  level    value  open  observed  of",
        " ────────────────────────────────────────────────────",
        " Does it        1  3/4       0.75     0      0.75   1",
        " How fast       1  unknown      0     1         0   0",
    ]


async def test_enter_leads_to_the_question(tmp_path: Path) -> None:
    app = opened(half_done(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "5", "down", "enter")
    assert app.results == ["sign-in"]


async def test_a_click_leads_to_the_question(tmp_path: Path) -> None:
    app = opened(half_done(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "5")
        await pilot.click(JumpList, offset=(10, 4))
        await press(pilot)
    assert app.results == ["how-fast"]


async def test_esc_leads_back_without_a_question(tmp_path: Path) -> None:
    app = opened(half_done(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "escape")
    assert app.results == [None]


async def test_the_pages_go_round(tmp_path: Path) -> None:
    app = opened(half_done(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "left")
        assert picture(app)[1].endswith("7 Sums")
        await press(pilot, "right", "right")
        assert page_shown(app) == 1


async def test_a_click_opens_a_page(tmp_path: Path) -> None:
    app = opened(half_done(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        await pilot.click(PageTabs, offset=(16, 0))
        await press(pilot)
        assert page_shown(app) == 1


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_hostile_text_is_shown_as_text_on_every_page(tmp_path: Path, size: tuple[int, int]) -> None:
    case = Case(
        tmp_path / "w",
        {"does-it": Answer(level=4, note=HOSTILE, evidence=(Evidence(HOSTILE, Grade.CLAIM, ON),))},
        rubric=hostile_rubric(),
        scope={},
    )
    app = opened(case)
    rows: list[str] = []
    async with app.run_test(size=size, notifications=True) as pilot:
        for key in "1234567":
            await press(pilot, key)
            await app.workers.wait_for_complete()
            await press(pilot)
            rows += picture(app)
        assert app.is_running
    text = "\n".join(rows)
    assert "[@click=app.quit]x[/]" in text
    assert not LIVE & set(text)


def asked_about(tmp_path: Path, people: int = 5) -> Case:
    """Those asked expect 3 and have 1 of any device, which is linked to whether the tool does it."""
    rubric = RUBRIC.replace('id = "does-it"\n', 'id = "does-it"\ncloses = ["any-device"]\n')
    case = Case(tmp_path / "w", {"does-it": Answer(level=2)}, rubric=rubric)
    put_all(tmp_path / "w", [respondent({"any-device": pair(3, 1), "team-knows": pair(3, 1)}, started=ON)] * people)
    close(tmp_path / "w", ON)
    return case


async def test_shortfalls_of_a_survey_have_a_page_of_their_own(tmp_path: Path) -> None:
    app = opened(asked_about(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        await app.workers.wait_for_complete()
        await press(pilot, "8")
        assert [row for row in map(inside, picture(app)[1:-1]) if row and row[:1] not in "┏┗"] == [
            " 1 Verdict  2 Must-haves  3 Map  4 Findings  5 Open  6 Steps  7 Sums  8 Survey",
            " 0 of 2 shortfalls would close · the survey of Harbour Cooperative",
            "   The survey of Harbour Cooperative found 2 shortfalls. This tool would",
            "   narrow 1. The rubric does not ask about the other 1.",
            "   Answered by 5 people, 21 November 2026. Ask again by 21 November 2027:",
            "   expectations change.",
            "   ≈ would narrow it  Any device  ▼ short, 5 people",
            "   Delivered 1.00 of 4 (25.0%), expected 3.00 of 4 (75.0%).",
            "▌  · Does it: 2 of 4 (50.0%)",
            "   Also short or slipping, but not covered by this rubric: Knowing what is",
            "   expected.",
            "   Each level or mean is compared as a percentage of its own ladder. If a",
            "   linked answer is no higher than what is delivered, the tool would not",
            "   help; otherwise, if one is open, the effect is not known. If all reach",
            "   what is expected, the tool would close the shortfall; if not, narrow it.",
            "   The tool and the survey have different ladders, so this shows where to",
            "   look and measures nothing.",
        ]
        await press(pilot, "enter")
    assert app.results == ["does-it"]


async def test_on_a_new_day_there_is_still_one_page_for_surveys(tmp_path: Path) -> None:
    app = opened(asked_about(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        await app.workers.wait_for_complete()
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        screen.take_new_day()
        await app.workers.wait_for_complete()
        await press(pilot, "8", "tab")
        page = "\n".join(picture(app))
    assert (page.count("Survey"), "HOLD" in page) == (1, True)


async def test_without_a_survey_there_is_no_page_for_it(tmp_path: Path) -> None:
    app = opened(half_done(tmp_path))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        await app.workers.wait_for_complete()
        await press(pilot, "7", "8")
        assert picture(app)[1].endswith("7 Sums")


async def test_the_sign_of_a_must_have_is_explained_where_it_is_used(tmp_path: Path) -> None:
    app = opened(Case(tmp_path / "w"))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "5")
        assert "◆ must-have" in picture(app)[-2]


async def test_page_down_takes_the_cursor_along_and_end_goes_to_the_last_question(tmp_path: Path) -> None:
    further = (
        f'\n[[criteria.questions]]\nid = "more-{at}"\ntext = "?"\nlevels = ["No.", "Yes."]\n' for at in range(40)
    )
    app = opened(Case(tmp_path / "w", rubric=RUBRIC + "".join(further)))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "5", "pagedown")
        (paged,) = (row for row in picture(app) if "▌" in row)
        await press(pilot, "end")
        (last,) = (row for row in picture(app) if "▌" in row)
        await press(pilot, "home")
        (first,) = (row for row in picture(app) if "▌" in row)
    assert ("More 1" in paged, "More 39" in last, "Does it" in first) == (True, True, True)
