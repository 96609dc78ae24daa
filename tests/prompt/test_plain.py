"""Assessing line by line: what is asked, what is saved, and where it goes on."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assess_screen import answers_after
from house import DEVICES, HEAD, MUST_REACH, NETWORK, OUTSIDERS, criterion, question
from screens import Case, Host, press
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, RubricRef, Subject
from toolvet.domain.decision import AssessmentRef, Decision
from toolvet.domain.decision_rules import make_computed
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.prompt.assess import assess_plainly
from toolvet.services.assessments import Session
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace
from toolvet.tui.assess.new import NewScreen

TODAY = date(2026, 11, 21)
RUBRIC = (
    HEAD
    + OUTSIDERS
    + criterion(
        "reach",
        question(*DEVICES, more=f'why = "People carry phones."\n{MUST_REACH}'),
        question(
            "lobby", "Is there a lobby?", "No.", "Yes.", more='applies_when = { scope = "outsiders", is = "yes" }\n'
        ),
        question(*NETWORK),
    )
)

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Asks in a workspace with the house rubric, these lines being typed; then input ends."""
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "house-1.0.0.toml").write_text(RUBRIC, encoding="utf-8")

    def run(*lines: str, name: str = "Tool") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        workspace = Workspace(tmp_path)
        file = workspace.subject(name).assessments[0] if workspace.exists else None
        status = assess_plainly(Session(workspace, lambda: TODAY), file, name=name)
        return status, capsys.readouterr().out

    return run


def saved(folder: Path) -> Assessment:
    """The one assessment there is."""
    (path,) = (folder / "assessments").glob("*/*.toml")
    return read_assessment(path).assessment


def started(folder: Path, *, scope: dict[str, str], answers: dict[str, Answer] | None = None) -> None:
    """An assessment of Tool by the house rubric, begun earlier."""
    assessment = Assessment(
        RubricRef("house", "1.0.0"), Subject("Tool"), Reviewer("A. Reviewer"), TODAY, scope, answers or {}
    )
    Workspace(folder).start(assessment, TODAY)


def test_a_new_tool_is_asked_for_and_saved(say: Say, tmp_path: Path) -> None:
    status, _ = say("1", "Vendor", "Pro", "", "Calls", "Sales", "2026-11-16", "2026-12-01", "40", "EUR 900")
    assert status == 0
    assert saved(tmp_path).subject == Subject(
        "Tool",
        "Vendor",
        "Pro",
        job="Calls",
        requested_by="Sales",
        requested_on=date(2026, 11, 16),
        answer_by=date(2026, 12, 1),
        users=40,
        yearly_cost="EUR 900",
    )


def test_input_that_ends_before_a_tool_is_known_starts_nothing(say: Say, tmp_path: Path) -> None:
    status, shown = say("1", "Vendor")
    assert status == 0
    assert shown.endswith("Nothing was started.\n")
    assert not (tmp_path / "assessments").exists()


def test_scope_facts_can_be_given_by_number_by_word_or_skipped(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={})
    say("skip", "quit")
    assert saved(tmp_path).scope == {}
    say("yes", "quit")
    assert saved(tmp_path).scope == {"outsiders": "yes"}


def test_every_kind_of_answer_is_saved(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "yes"})
    say("2", "u", "Asked the vendor.", "x", "One office only.")
    assert saved(tmp_path).answers == {
        "devices": Answer(level=2, answered=TODAY),
        "lobby": Answer(unknown="Asked the vendor.", answered=TODAY),
        "network": Answer(not_applicable="One office only.", answered=TODAY),
    }


def test_note_setting_and_evidence_go_with_the_answer(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    say("note Tablet too.", "setting", "Lobby on.", "evidence", "https://a.example", "document", "2026-10-30", "1")
    assert saved(tmp_path).answer("devices") == Answer(
        level=1,
        answered=TODAY,
        note="Tablet too.",
        setting="Lobby on.",
        evidence=(Evidence("https://a.example", Grade.DOCUMENT, date(2026, 10, 30)),),
    )


@pytest.mark.parametrize(("lines", "is_told"), [(("1", "note Seen."), True), (("1", "back", "note Seen."), False)])
def test_what_is_added_to_a_question_without_an_answer_is_told_with_the_question(
    say: Say, tmp_path: Path, lines: tuple[str, ...], is_told: bool
) -> None:
    # An answer goes on to the next question, where what belongs to the one before is easily typed.
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say(*lines)
    told = 'Added to "Network", which is not answered yet.'
    assert (told in shown, saved(tmp_path).answer("network").note == "Seen.") == (is_told, is_told)


def test_a_source_used_before_is_taken_again_by_its_number(say: Say, tmp_path: Path) -> None:
    evidence = Evidence("Trial of 3 November", Grade.TESTED, date(2026, 11, 3))
    started(tmp_path, scope={"outsiders": "no"}, answers={"devices": Answer(level=1, evidence=(evidence,))})
    say("evidence", "1")
    assert saved(tmp_path).answer("network").evidence == (evidence,)


def test_questions_that_do_not_apply_are_passed_over(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say("1", "1")
    assert "Is there a lobby?" not in shown
    assert "Question 2 of 2." in shown


def test_it_goes_on_at_the_question_where_it_was_left(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "yes"})
    say("skip", "skip", "back", "quit")
    _, shown = say("quit")
    assert "Question 2 of 3. Reach. Lobby\nIs there a lobby?" in shown


def test_an_answer_can_be_cleared(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"}, answers={"devices": Answer(level=1, note="Kept.")})
    say("back", "clear")
    assert saved(tmp_path).answer("devices") == Answer(note="Kept.")


def test_a_file_with_a_broken_seal_is_opened_once_it_was_read_through(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    (path,) = (tmp_path / "assessments").glob("*/*.toml")
    path.write_bytes(path.read_bytes() + b"# by hand\n")
    before = path.read_bytes()
    _, shown = say("no", "1")
    assert "This file was changed outside toolvet, or cut short." in shown
    assert path.read_bytes() == before
    say("yes", "1")
    assert saved(tmp_path).answer("devices").level == 1


def test_a_level_outside_the_ladder_changes_nothing(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say("3")
    assert "The ladder goes from 0 to 2." in shown
    assert saved(tmp_path).answers == {}


def test_a_level_with_more_behind_it_is_not_taken_for_the_level(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say("1 and a note")
    assert "Type the level alone" in shown
    assert saved(tmp_path).answers == {}


def test_a_word_that_is_not_understood_explains_what_can_be_said(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say("what")
    assert '"what" is not understood. A number: the highest level that is wholly true.' in shown


def test_the_whole_question_is_read_out(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say("why", "quit")
    assert shown.endswith(
        "Question 1 of 2. Reach. Devices\n"
        "Must-have: must reach 1, else rejected.\n"
        "Which devices can join?\n"
        "  0: None.\n"
        "  1: One.\n"
        "  2: Two.\n"
        "Not answered yet.\n"
        "0 to 2, u, x, or help: why\nPeople carry phones.\n"
        "Why it is a must-have: Nobody could join.\n"
        "0 to 2, u, x, or help: quit\n\n"
        "0 known, 2 open of 2 questions. Verdict: hold. Floor 0.0, observed –, ceiling 100.0.\n"
        f"Saved: assessments/tool/{TODAY}-a-reviewer.toml\n"
    )


def test_foreign_control_codes_are_shown_and_kept(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say("note \x1b]0;owned\x07", "again")
    assert "\x1b" not in shown
    assert "Note: ␛]0;owned␇" in shown
    assert saved(tmp_path).answer("devices").note == "\x1b]0;owned\x07"


def test_an_assessment_that_is_decided_on_is_continued_as_a_new_one(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"}, answers={"devices": Answer(level=1)})
    workspace = Workspace(tmp_path)
    (first,) = workspace.subject("tool").assessments
    scorecard = score(workspace.rubric("house", "1.0.0"), first.assessment, TODAY)
    ground = AssessmentRef(workspace.relative(first.path), first.sha256)
    workspace.record(Decision(Verdict.HOLD, "Board", TODAY, ground, make_computed(scorecard)), "tool")
    say("yes", "1")
    answered = {file.path.name: set(file.assessment.answers) for file in workspace.subject("tool").assessments}
    assert answered == {
        f"{TODAY}-a-reviewer.toml": {"devices"},
        f"{TODAY}-a-reviewer-2.toml": {"devices", "network"},
    }


def test_a_file_changed_by_somebody_else_ends_with_both_versions_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics" / "house-1.0.0.toml").write_text(RUBRIC, encoding="utf-8")
    started(tmp_path, scope={"outsiders": "no"})
    (file,) = Workspace(tmp_path).subject("tool").assessments
    theirs = file.content + b"\n# theirs\n"

    def while_they_write(_prompt: str) -> str:
        file.path.write_bytes(theirs)
        return "2"

    monkeypatch.setattr("builtins.input", while_they_write)
    assert assess_plainly(Session(Workspace(tmp_path), lambda: TODAY), file, name="Tool") == 3
    assert file.path.read_bytes() == theirs
    (kept,) = file.path.parent.glob("*.conflict")
    assert read_assessment(kept).assessment.answer("devices") == Answer(level=2, answered=TODAY)


def newer_version(folder: Path) -> None:
    """The house rubric as 1.1.0, beside 1.0.0."""
    text = RUBRIC.replace('version = "1.0.0"', 'version = "1.1.0"')
    (folder / "rubrics" / "house-1.1.0.toml").write_text(text, encoding="utf-8")


def test_a_newer_version_of_the_rubric_is_told(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    newer_version(tmp_path)
    _, shown = say("quit")
    assert "This rubric has a newer version, 1.1.0; toolvet migrate shows what becomes of each answer.\n" in shown


def test_a_new_tool_is_offered_the_newest_version_alone(say: Say, tmp_path: Path) -> None:
    newer_version(tmp_path)
    _, shown = say()
    assert "House rubric (house 1.1.0)" in shown
    assert "house 1.0.0" not in shown


def test_quickest_goes_to_the_must_have_first_and_says_when_it_is_settled(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, out = say("go network", "quickest", "0", "quit")
    after = out.split("2 questions can still change the verdict, 0 minutes at most.")[1]
    assert after.index("Which devices can join?") < after.index("Rejected: nothing that is open can change it.")


def test_quickest_leaves_a_skipped_question_behind(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    say("quickest", "skip", "1", "quit")
    assert saved(tmp_path).answers == {"network": Answer(level=1, answered=TODAY)}


@pytest.mark.parametrize(("letter", "option"), [("y", "yes"), ("n", "no")])
def test_a_yes_no_fact_takes_y_and_n(say: Say, tmp_path: Path, letter: str, option: str) -> None:
    started(tmp_path, scope={})
    say(letter, "quit")
    assert saved(tmp_path).scope == {"outsiders": option}


def test_answers_that_could_not_be_saved_are_taken_up(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    folder = tmp_path / "assessments"
    open_, refused = os.open, OSError(errno.ENOSPC, "No space left on device")

    def full(path: str | Path, *given: int, **named: int) -> int:
        if str(path).startswith(str(folder)) and str(path).endswith(".tmp"):
            raise refused
        return open_(path, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", full)
        assert say("2", "quit")[0] == 3
    before = saved(tmp_path)
    assert "Restored: your changes of " in say("quit")[1]
    assert (len(before.answers), len(saved(tmp_path).answers)) == (0, 1)


def test_what_is_answered_in_words_is_asked_last(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    path = tmp_path / "rubrics" / "house-1.0.0.toml"
    in_words = '\n[[criteria.questions]]\nid = "maker"\nkind = "text"\ntext = "Who makes it?"\n'
    path.write_text(RUBRIC + in_words, encoding="utf-8")
    _, shown = say("2", "1", "Acme Corp")
    assert "Reach. maker\nWho makes it?\n" in shown
    assert saved(tmp_path).answers["maker"] == Answer(note="Acme Corp", answered=TODAY)


def test_undo_and_redo_go_to_the_question_they_change(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say("1", "undo", "2", "undo", "redo", "quit")
    assert shown.count("Question 1 of 2.") == 3
    assert saved(tmp_path).answers == {"devices": Answer(level=2, answered=TODAY)}


def test_back_behind_the_last_question_goes_to_it(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    say("1", "1", "back", "0", "quit")
    assert {name: answer.level for name, answer in saved(tmp_path).answers.items()} == {"devices": 1, "network": 0}


def test_nothing_to_undo_is_said(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say("undo", "redo")
    assert "There is nothing to undo." in shown
    assert "There is nothing to redo." in shown


def test_evidence_can_be_changed_and_removed(say: Say, tmp_path: Path) -> None:
    one, two = Evidence("https://a.example", Grade.CLAIM, TODAY), Evidence("Manual", Grade.DOCUMENT, TODAY)
    started(tmp_path, scope={"outsiders": "no"}, answers={"devices": Answer(level=1, evidence=(one, two))})
    say("back", "change 1", "https://b.example", "tested", "2026-11-20", "remove 2", "quit")
    changed = Evidence("https://b.example", Grade.TESTED, date(2026, 11, 20))
    assert saved(tmp_path).answer("devices").evidence == (changed,)


def test_the_outline_numbers_the_questions_and_go_takes_a_number(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "yes"})
    _, shown = say("outline", "go 3", "1")
    assert "Reach\n  1. Devices: not answered yet (here)\n  2. Lobby: not answered yet\n" in shown
    assert saved(tmp_path).answers == {"network": Answer(level=1, answered=TODAY)}


def test_a_sitting_has_its_questions_only(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "yes"})
    _, shown = say("must-haves", "2", "trial")
    assert "Going on with 1 question." in shown
    assert "That was the last question." in shown
    assert "lobby" not in shown


def test_review_is_the_scorecard_without_charts(say: Say, tmp_path: Path) -> None:
    started(tmp_path, scope={"outsiders": "no"})
    _, shown = say("2", "review", "quit")
    assert "Verdict: HOLD" in shown
    assert "What would change the verdict" in shown
    assert "┣" not in shown


async def test_the_same_review_by_screen_and_by_pipe_gives_equal_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, pipe = Case(tmp_path / "screen"), Case(tmp_path / "pipe")
    keys: tuple[str, ...] = ("m", "text:Works.", "enter", "e", "text:Manual", "enter", "3", "enter", "2", "n")
    keys += ("u", "text:Asked.", "enter", "n", "3", "z", "s", "text:Keys on.", "enter", "4", "f", "y")
    keys += ("e", "a", "text:A report by others, read whole", "enter", "2", "text:2026-11-17", "enter")
    keys += ("n", "x", "text:Nobody records.", "enter", "m", "text:Asked twice.", "enter", "e", "1")
    await answers_after(screen, *keys)
    lines: tuple[str, ...] = (
        "note Works.",
        "evidence Manual",
        "3",
        "",
        "2",
        "u Asked.",
        "3",
        "undo",
        "setting Keys on.",
        "4",
    )
    lines += ("facts", "yes", "evidence A report by others, read whole", "2", "2026-11-17", "skip")
    lines += ("x Nobody records.", "back", "note Asked twice.", "evidence", "1", "quit")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert assess_plainly(pipe.session, pipe.file, name="Tool") == 0
    assert pipe.saved == screen.saved
    assert pipe.file.path.read_bytes() == screen.file.path.read_bytes()
    answers = pipe.saved.answers
    given = {name: (bool(each.note), bool(each.setting), len(each.evidence)) for name, each in answers.items()}
    assert given == {
        "does-it": (True, False, 1),
        "how-fast": (False, False, 0),
        "sign-in": (False, True, 1),
        "recording": (True, False, 1),
    }
    assert pipe.saved.scope == {"records": "yes"}


async def test_the_same_tool_begun_by_screen_and_by_pipe_gives_equal_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, pipe = Case(tmp_path / "screen"), Case(tmp_path / "pipe")
    app = Host(lambda: NewScreen(screen.session, [screen.rubric], name="Zoom"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await press(pilot, "text:Calls", "enter", "text:Sales", "enter", "text:400", "enter", "enter", "text:Pro")
        await press(pilot, "enter", "text:Zoom Inc", "enter", "text:cloud", "enter", "text:EUR 5", "f2", "1")
    lines = ("Small (small 1.0.0)", "Zoom Inc", "Pro", "cloud", "Calls", "Sales", "", "", "400", "EUR 5", "no", "quit")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert assess_plainly(pipe.session, None, name="Zoom") == 0
    first, second = (case.workspace.subject("zoom").assessments[0].path.read_bytes() for case in (screen, pipe))
    assert first == second


def test_a_command_line_in_plain_mode_runs_commands_until_quit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Case(tmp_path / "w")
    monkeypatch.setenv("ACCESSIBLE", "1")
    monkeypatch.setattr("sys.stdin", io.StringIO('list\nscore "tool\ntoolvet score tool\nscore nothing\nquit\nlist\n'))
    assert main(["--workspace", str(tmp_path / "w")]) == 2
    shown = capsys.readouterr()
    assert shown.out.count("Tool Business") == 2
    assert "A quotation mark is never closed." in shown.out
    assert "┣" not in shown.out
    assert 'no subject "nothing"' in shown.err


def test_the_name_typed_at_the_first_start_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOOLVET_REVIEWER", raising=False)
    monkeypatch.setattr("toolvet.services.assessments.reviewer_name", lambda name: name)
    case = Case(tmp_path / "w")
    lines = ("", *[""] * 9, "Nora New", "quit")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert assess_plainly(case.session, None, name="Zoom") == 0
    assert case.session.reviewer == "Nora New"
