"""The list of subjects, what stands below it, and where its keys lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from screens import HOSTILE, LIVE, ON, Case, inside, picture, press, until
from toolvet.domain.assessment import Answer, Correction, Evidence, Grade, Subject
from toolvet.domain.decision import AssessmentRef, Condition, Decision
from toolvet.domain.decision_rules import make_computed
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.services.assessments import Session
from toolvet.services.decisions import Decided
from toolvet.services.overview import Due, Overview, Urgency, days_words, due_of, row_of, urgency_of, view_of
from toolvet.storage.evidence_files import OVERVIEW_BYTES
from toolvet.storage.reader import read_assessment, read_record
from toolvet.storage.toml_input import Seal, hex_digest
from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.assess.facts import FactsScreen
from toolvet.tui.assess.new import NewScreen
from toolvet.tui.assess.screen import AssessScreen
from toolvet.tui.decide.screen import DecideScreen
from toolvet.tui.home.details import decision_words
from toolvet.tui.home.screen import HomeScreen
from toolvet.tui.kit.dialogs import ChooseOne, Tell
from toolvet.tui.kit.report_screen import ReportScreen
from toolvet.tui.review.screen import ReviewScreen

WIDE, NARROW = (120, 36), (80, 24)
SEEN = (Evidence("https://a.example/1", Grade.DOCUMENT, date(2026, 10, 30)),)
GOOD = {
    "does-it": Answer(level=4, answered=ON, evidence=SEEN),
    "how-fast": Answer(level=2, answered=ON, evidence=SEEN),
    "sign-in": Answer(level=4, answered=ON, evidence=SEEN),
}


def decide(case: Case, *, until: date | None = None, conditions: tuple[Condition, ...] = ()) -> None:
    """Record an approval that rests on the case's assessment."""
    scorecard = score(case.rubric, case.file.assessment, ON)
    decision = Decision(
        decision=Verdict.APPROVE,
        decided_by="The board",
        decided_on=ON,
        assessment=AssessmentRef(case.workspace.relative(case.file.path), case.file.sha256),
        computed=make_computed(scorecard),
        valid_until=until,
        conditions=conditions,
    )
    case.workspace.record(decision, case.file.path.parent.name)


def standing_words(case: Case, on: date) -> str:
    """What home says of the decision that day."""
    return decision_words(row_of(view_of(case.workspace, case.workspace.subject("tool"), on), case.workspace)).plain


async def test_home_and_compare_say_whose_evidence_is_not_as_recorded(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    proof = case.workspace.root / "evidence" / "trial.txt"
    proof.parent.mkdir(exist_ok=True)
    proof.write_bytes(b"It joined.")
    seen = (Evidence("evidence/trial.txt", Grade.TESTED, ON, hex_digest(b"It joined.")),)
    case.workspace.start(
        replace(case.file.assessment, subject=Subject("Proven"), answers={"does-it": Answer(level=4, evidence=seen)}),
        ON,
    )
    app = ToolvetApp(case.workspace, lambda: ON)
    async with app.run_test(size=WIDE) as pilot:

        async def told(words: str) -> bool:
            for _ in range(200):
                await pilot.pause(0.02)
                if words in "\n".join(picture(app)):
                    return True
            return False

        proof.write_bytes(b"It did not.")
        await press(pilot, "R")
        assert await told("! evidence in doubt")
        assert await told('! "evidence/trial.txt" was changed since it was recorded')
        await press(pilot, "c")
        assert await told('! Evidence is not as it was recorded: "evidence/trial.txt"')
        await press(pilot, "escape", "r")
        assert await told('! Evidence is not as it was recorded: "evidence/trial.txt"')
        proof.write_bytes(b"It joined.")
        await press(pilot, "escape", "R")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "in doubt" not in "\n".join(picture(app))


def test_home_reads_no_more_evidence_than_64_mib_in_all(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    proof = case.workspace.root / "evidence" / "film.mp4"
    proof.parent.mkdir(exist_ok=True)
    with proof.open("wb") as film:
        film.truncate(OVERVIEW_BYTES + 1)
    seen = (Evidence("evidence/film.mp4", Grade.TESTED, ON, "0" * 64),)
    case.workspace.save(case.file, case.file.assessment.with_answer("does-it", Answer(level=4, evidence=seen)))
    overview = Overview(Session(case.workspace, lambda: ON))
    overview.begin()
    assert overview.step(60)
    assert overview.look_at_evidence(overview.rows, lambda: False) == {"tool-business": ()}


def test_a_decision_says_that_it_has_run_out(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case, until=date(2027, 2, 28))
    assert standing_words(case, date(2027, 2, 28)) == "✓ approved until 28 February 2027"
    assert standing_words(case, date(2027, 3, 5)) == "! run out since 1 March 2027"


def test_a_decision_says_that_a_condition_is_overdue(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case, until=date(2027, 11, 1), conditions=(Condition("Report", due=date(2027, 1, 15)),))
    assert standing_words(case, date(2027, 1, 16)) == "✓ approved until 1 November 2027, 1 condition overdue"


async def rows_of(workspace: Workspace, size: tuple[int, int]) -> list[str]:
    """What home shows."""
    app = ToolvetApp(workspace, ON)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press(pilot)
        return picture(app)


async def test_a_subject_is_shown_with_progress_range_and_verdict(tmp_path: Path) -> None:
    rows = await rows_of(Case(tmp_path / "w", {"does-it": GOOD["does-it"]}).workspace, NARROW)
    assert inside(rows[4]) == "▌  Tool Business            ‖ HOLD        25.0–100.0   1/3"


async def test_a_decision_and_its_end_are_shown(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case, until=date(2026, 12, 1))
    rows = await rows_of(case.workspace, NARROW)
    said = "\n".join(rows)
    assert ("✓ approved until 1 December 2026" in said, "approval ends 1 Dec 2026, in 10 days" in said) == (True, True)


async def test_what_is_due_stands_in_the_signs_of_the_line_above_the_list(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case, until=date(2026, 12, 1), conditions=(Condition("Report", due=date(2026, 11, 20)),))
    rows = await rows_of(case.workspace, NARROW)
    assert "! 1 overdue   ▸ 1 due within 30 days" in rows[1]
    assert inside(rows[4]).endswith("!1 ▸1")


async def test_wide_screens_show_the_reasons_beside_the_list(tmp_path: Path) -> None:
    rows = await rows_of(Case(tmp_path / "w", {"does-it": GOOD["does-it"]}).workspace, WIDE)
    assert any("Why  " in row for row in rows)


async def test_a_tool_without_any_answer_is_not_started_and_no_verdict_is_named(tmp_path: Path) -> None:
    rows = await rows_of(Case(tmp_path / "w").workspace, NARROW)
    assert inside(rows[4]) == "▌  Tool Business            ○ NOT STARTED          –   0/3"
    assert ("HOLD" in "\n".join(rows), "none yet: enter begins" in "\n".join(rows)) == (False, True)


async def test_an_empty_workspace_says_what_to_do_first(tmp_path: Path) -> None:
    text = "\n".join(await rows_of(Workspace(tmp_path), NARROW))
    said = ("Vet a tool", str(tmp_path)[:40], "Look at the worked examples")
    assert [words for words in said if words not in text] == []


@pytest.mark.parametrize(("key", "place"), [("1", NewScreen), ("3", Tell)])
async def test_a_digit_takes_the_first_step_of_that_number(tmp_path: Path, key: str, place: type) -> None:
    app = ToolvetApp(Workspace(tmp_path), ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, key)
        await until(lambda: isinstance(app.screen, place))


async def test_a_broken_file_is_shown_and_the_others_stay_usable(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    broken = tmp_path / "w" / "assessments" / "broken" / "2026-11-01-x.toml"
    broken.parent.mkdir()
    broken.write_text("format = 1\nsubject = [\n")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        text = "\n".join(picture(app))
        assert ("Tool Business" in text, "✗ assessments/broken/2026-11-01-x.toml" in text) == (True, True)
        await press(pilot, "end", "enter")
        assert isinstance(app.screen, Tell)


@pytest.mark.parametrize(
    ("key", "place"),
    [("enter", AssessScreen), ("a", NewScreen), ("r", ReviewScreen), ("d", DecideScreen), ("w", ReportScreen)],
)
async def test_each_key_leads_to_its_screen_and_esc_back(tmp_path: Path, key: str, place: type) -> None:
    app = ToolvetApp(Case(tmp_path / "w", GOOD).workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, key)
        assert isinstance(app.screen, place)
        await press(pilot, "escape")
        assert isinstance(app.screen, HomeScreen)


async def test_a_click_on_a_key_of_the_last_line_presses_it(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot)
        at = picture(app)[-1].index("a Add")
        await pilot.click("#keys", offset=(at + 2, 0))
        await press(pilot)
        assert isinstance(app.screen, NewScreen)


async def test_without_subjects_the_first_steps_and_rubrics_are_offered(tmp_path: Path) -> None:
    rows = await rows_of(Workspace(tmp_path), NARROW)
    assert rows[-1] == " enter Choose  a Add  b Rubrics  : Commands  ? Help  q Quit"


async def test_several_assessments_are_chosen_from(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    case.workspace.start(case.file.assessment, ON)
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter")
        assert isinstance(app.screen, ChooseOne)
        await press(pilot, "2")
        assert isinstance(app.screen, AssessScreen)


async def test_a_decided_assessment_is_continued_as_a_new_one(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case)
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter", "1", "0")
    files = case.workspace.subject("tool").assessments
    levels = {file.path.name: file.assessment.answer("does-it").level for file in files}
    assert levels == {"2026-11-21-a-reviewer.toml": 4, "2026-11-21-a-reviewer-2.toml": 0}


async def test_a_decided_assessment_can_only_be_read(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case)
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter", "2", "0")
        assert isinstance(app.screen, AssessScreen)
    assert case.saved.answers == GOOD


async def test_a_level_outside_its_ladder_is_told_and_opens_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    text = case.file.path.read_text(encoding="utf-8")
    case.file.path.write_text(text.replace("level = 4", "level = 6"), encoding="utf-8")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "enter")
        assert isinstance(app.screen, HomeScreen)
        assert [notice.severity for notice in app._notifications] == ["error"]


async def test_how_to_check_is_shown_of_a_question_opened_from_here(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w").workspace, ON)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await press(pilot, "enter")
        assert any(inside(row).startswith(" Check ") for row in picture(app))


async def test_a_broken_seal_and_a_copy_left_by_a_conflict_are_named(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    path = case.file.path
    path.write_bytes(path.read_bytes() + b"# by hand\n")
    path.with_name(f"{path.name}.1.conflict").write_text("")
    rows = await rows_of(case.workspace, NARROW)
    said = [inside(row) for row in rows]
    assert "! seal broken" in "\n".join(said)
    assert said[6] == " 1 file needs a look (enter says what to do)"
    assert said[7].startswith(f" ! assessments/tool-business/{path.name}.1.conflict: holds")


async def test_a_copy_beside_a_broken_file_is_not_called_unreadable(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    path = case.file.path
    path.with_name(f"{path.name}.1.conflict").write_text("")
    path.with_name("2026-11-20-me.toml").write_text("broken")
    said = [inside(row) for row in await rows_of(case.workspace, NARROW)]
    assert " 2 files need a look (enter says what to do)" in said


async def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    subject = replace(case.file.assessment.subject, name=HOSTILE, job=HOSTILE, vendor=HOSTILE, requested_by=HOSTILE)
    case.workspace.save(case.file, replace(case.file.assessment, subject=subject))
    for size in (WIDE, NARROW):
        rows = await rows_of(case.workspace, size)
        assert any("[@click=app.quit]x[/]" in row for row in rows)
        assert not LIVE & set("".join(rows))


def test_what_was_promised_is_due_until_something_is_decided(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    subject = replace(case.file.assessment.subject, answer_by=date(2026, 11, 20))
    file = case.workspace.save(case.file, replace(case.file.assessment, subject=subject))
    promised = (Due("answer due", date(2026, 11, 20), Urgency.OVERDUE),)
    assert due_of(file, Decided(), None, ON) == promised
    case.file = file
    decide(case)
    view = view_of(case.workspace, case.workspace.subject("tool"), ON)
    assert view.due == ()


def test_conditions_fall_due(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case, conditions=(Condition("Write to them.", due=date(2027, 3, 1)),))
    view = view_of(case.workspace, case.workspace.subject("tool"), ON)
    assert view.due == (Due("condition due", date(2027, 3, 1), Urgency.LATER, "Write to them."),)


def test_expired_answers_are_overdue(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", {"sign-in": Answer(level=4, answered=date(2025, 1, 1))})
    view = view_of(case.workspace, case.workspace.subject("tool"), ON)
    assert view.due == (Due("1 answer expired", None, Urgency.OVERDUE),)


@pytest.mark.parametrize(
    ("day", "words", "urgency"),
    [
        (date(2026, 11, 20), "1 day ago", Urgency.OVERDUE),
        (ON, "today", Urgency.SOON),
        (date(2026, 12, 21), "in 30 days", Urgency.SOON),
        (date(2026, 12, 22), "in 31 days", Urgency.LATER),
    ],
)
def test_how_far_a_day_is(day: date, words: str, urgency: Urgency) -> None:
    assert (days_words(day, ON), urgency_of(day, ON)) == (words, urgency)


def two_tools(tmp_path: Path) -> Case:
    """Tool 10, which holds, and Tool 2, begun later."""
    case = Case(tmp_path / "w")
    subject = replace(case.file.assessment.subject, name="Tool 10", plan=None)
    case.workspace.save(case.file, replace(case.file.assessment, subject=subject))
    case.workspace.start(replace(case.file.assessment, subject=replace(subject, name="Tool 2")), ON)
    return case


def names(app: ToolvetApp) -> list[str]:
    assert isinstance(app.screen, HomeScreen)
    return [view.name for view in app.screen._views]


async def test_numbers_in_names_are_sorted_as_numbers(tmp_path: Path) -> None:
    app = ToolvetApp(two_tools(tmp_path).workspace, ON)
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot)
        assert names(app) == ["Tool 2", "Tool 10"]


async def test_find_leaves_those_with_the_letters_and_esc_shows_all(tmp_path: Path) -> None:
    app = ToolvetApp(two_tools(tmp_path).workspace, ON)
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "slash", "1", "0")
        found = names(app)
        await press(pilot, "escape")
        assert (found, names(app)) == (["Tool 10"], ["Tool 2", "Tool 10"])


async def test_while_finding_the_keys_say_how_to_go_on(tmp_path: Path) -> None:
    app = ToolvetApp(two_tools(tmp_path).workspace, ON)
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "slash", "1")
        assert picture(app)[-1].split("  ") == [" enter To the list", "esc Show all", "^p Commands", "f1 Help"]


async def test_t_sorts_by_the_next_order_and_it_is_kept(tmp_path: Path) -> None:
    workspace = two_tools(tmp_path).workspace
    for words in ("sorted by verdict", "sorted by due"):
        app = ToolvetApp(workspace, ON)
        async with app.run_test(size=WIDE) as pilot:
            await press(pilot, "t")
            assert any(words in row for row in picture(app))


async def test_y_copies_the_path_of_the_assessment(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "y")
        assert app.clipboard == str(case.file.path)


async def test_what_is_known_of_a_tool_can_be_edited(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "E", "enter", "text:Calls", *["enter"] * 2, "4", "0", *["enter"] * 8, "text:Ben", "enter")
        await press(pilot, "text:Ada", "enter")
    saved = read_assessment(case.file.path)
    assert (saved.assessment.subject.job, saved.assessment.subject.users) == ("Calls", 40)
    assert saved.assessment.reviewer.name == "Ben"
    assert [one.by for one in saved.assessment.amended] == ["Ada"]
    assert (saved.assessment.subject.name, saved.seal) == ("Tool", Seal.INTACT)


async def test_what_was_decided_on_is_corrected_in_a_record_and_home_shows_it_at_once(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case)
    before = case.file.path.read_bytes()
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "E", "enter", *["enter"] * 2, "4", "0", "enter", "text:Two", *["enter"] * 8)
        await press(pilot, "text:Renamed", "enter", "text:Ben", "enter")
        await until(lambda: names(app) == ["Two Business"])
    folder = case.file.path.parent.name
    (path,) = (tmp_path / "w" / "decisions" / folder / "records").iterdir()
    record = read_record(path).record
    assert record.corrections == (Correction("name", "Tool", "Two"), Correction("users", None, 40))
    assert (record.by, record.on, record.why) == ("Ben", ON, "Renamed")
    assert case.file.path.read_bytes() == before


async def test_a_tool_is_taken_off_the_lists_once_that_is_confirmed(tmp_path: Path) -> None:
    workspace = two_tools(tmp_path).workspace
    app = ToolvetApp(workspace, ON)
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "E", "2", "n")
        assert names(app) == ["Tool 2", "Tool 10"]
        await press(pilot, "E", "2", "y")
        assert names(app) == ["Tool 10"]
    assert len(workspace.subject_names(with_archived=True)) == 2


async def test_the_register_is_written_for_everybody(tmp_path: Path) -> None:
    case = Case(tmp_path / "w")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("L")
        for _ in range(200):
            await pilot.pause(0.02)
            if any("The register is written" in row for row in picture(app)):
                break
        assert any("It is in reports/register.html" in row for row in picture(app))
    assert "Tool Business" in (case.workspace.root / "reports" / "register.html").read_text()


async def test_a_review_under_way_is_not_called_older_than_the_one_that_was_decided_on(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    case.workspace.start(replace(case.file.assessment, answers={}, started=date(2027, 1, 1)), date(2027, 1, 1))
    app = ToolvetApp(case.workspace, lambda: date(2027, 1, 2))
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot)
        shown = "\n".join(picture(app))
    assert "○ 1 January 2027, A. Reviewer (not complete)" in shown
    assert "(older)" not in shown


def test_what_has_ended_has_no_sign_of_an_approval(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case, until=date(2027, 1, 1))
    assert standing_words(case, date(2027, 1, 1)).startswith("✓ approved until")
    assert standing_words(case, date(2027, 1, 2)).startswith("! run out since")


async def test_where_space_is_short_q_gives_way_to_the_keys_of_the_place(tmp_path: Path) -> None:
    rows = await rows_of(Case(tmp_path / "w").workspace, NARROW)
    assert rows[-1] == " enter Open  a Add  r Review  d Decide  w Write report  : Commands  ? Help"


async def test_the_tool_that_was_added_is_highlighted_on_the_way_back(tmp_path: Path) -> None:
    app = ToolvetApp(Case(tmp_path / "w", GOOD).workspace, ON)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press(pilot, "a")
        await press(pilot, *("enter",) * 3, "text:Zzz", "f2", "1")
        await until(lambda: isinstance(app.screen, FactsScreen))
        await press(pilot, "f2")
        await until(lambda: isinstance(app.screen, AssessScreen))
        await press(pilot, "escape")
        await until(lambda: any(inside(row).startswith("▌  Zzz") for row in picture(app)))


async def test_the_cursor_is_in_sight_on_the_last_of_many_files_that_need_a_look(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    for number in range(1, 21):
        (case.workspace.root / "rubrics" / f"broken-{number:02}.toml").write_text("broken")
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=NARROW) as pilot:
        await until(lambda: any("need a look" in row for row in picture(app)))
        await press(pilot, "end")
        assert any(row.startswith("┃▌✗ rubrics/broken-20.toml") for row in picture(app))


async def test_the_first_line_counts_what_the_rows_show(tmp_path: Path) -> None:
    case = Case(tmp_path / "w", GOOD)
    decide(case, until=date(2027, 11, 1))
    narrow, wide = await rows_of(case.workspace, NARROW), await rows_of(case.workspace, WIDE)
    assert ("✓ 1 approved" in narrow[1], "✓ 1 approved" in wide[1]) == (True, True)
    assert "✓ approved to 1 Nov 2027" in wide[4]
