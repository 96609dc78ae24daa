"""However the app ends, what was answered is saved and the terminal is as it was."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from real_terminal import TOOLVET, Terminal
from toolvet.storage.reader import read_assessment

EXAMPLES = Path(__file__).parents[2] / "examples"
FILE = "assessments/zoom-workplace-business/2026-11-21-worked-example.toml"
QUESTION = "Did the people who need it finish the job"
LEFT_SCREEN = b"\x1b[?1049l"
SHOWS_CURSOR = b"\x1b[?25h"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with the worked examples."""
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    return tmp_path


def _at_question(folder: Path, size: tuple[int, int] = (100, 36)) -> Terminal:
    return Terminal(folder, "assess", "zoom-workplace-business", size=size).until(QUESTION)


def _level(folder: Path) -> int | None:
    return read_assessment(folder / FILE).assessment.answer("does-the-job").level


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_saves_restores_the_terminal_and_gives_its_status(folder: Path, number: signal.Signals) -> None:
    terminal = _at_question(folder).press("3").until("saved")
    terminal.kill(number)
    assert terminal.end() == 128 + number
    assert _level(folder) == 3
    assert LEFT_SCREEN in terminal.raw
    assert terminal.raw.rindex(SHOWS_CURSOR) > terminal.raw.index(LEFT_SCREEN) - 200


def test_closed_terminal_saves(folder: Path) -> None:
    terminal = _at_question(folder).press("3").until("saved")
    assert terminal.hang_up() == 128 + signal.SIGHUP
    assert _level(folder) == 3


def test_sizes_down_to_nothing_and_back(folder: Path) -> None:
    terminal = _at_question(folder)
    for columns, rows in ((1, 1), (200, 5), (10, 60), (2, 2), (80, 24), (1, 40), (100, 36)):
        terminal.resize(columns, rows)
    terminal.press("2").until("saved").press("ctrl+q")
    assert terminal.end() == 0
    assert _level(folder) == 2


@pytest.mark.parametrize("environment", [{"LANG": "C", "LC_ALL": "C"}, {"NO_COLOR": "1"}])
def test_poor_terminals_work(folder: Path, environment: dict[str, str]) -> None:
    terminal = Terminal(folder, "assess", "zoom-workplace-business", environment=environment).until(QUESTION)
    terminal.press("2").until("saved").press("q")
    assert terminal.end() == 0
    assert _level(folder) == 2


def test_without_a_terminal_the_other_command_is_named(folder: Path) -> None:
    ran = subprocess.run(
        [TOOLVET], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "add --plain" in ran.stderr


def test_escape_never_quits(folder: Path) -> None:
    terminal = _at_question(folder)
    terminal.press("esc").until("Jitsi Meet public server").press("esc", "esc").until("Jitsi Meet public server")
    terminal.press("q")
    assert terminal.end() == 0


def _typing_a_note(folder: Path, text: str) -> Terminal:
    return _at_question(folder).press("m").until("esc Back").press(text).until(text)


def _note(folder: Path) -> str | None:
    return read_assessment(folder / FILE).assessment.answer("does-the-job").note


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_saves_the_note_being_typed(folder: Path, number: signal.Signals) -> None:
    terminal = _typing_a_note(folder, "Half a sent")
    terminal.kill(number)
    assert terminal.end() == 128 + number
    assert (_note(folder) or "").endswith("Half a sent")


def test_closed_terminal_saves_the_note_being_typed(folder: Path) -> None:
    assert _typing_a_note(folder, "Half a sent").hang_up() == 128 + signal.SIGHUP
    assert (_note(folder) or "").endswith("Half a sent")


def _killed_once(terminal: Terminal, saved: Callable[[], bool]) -> None:
    """End it with no chance to do anything, once that is saved."""
    terminal.until_so(saved, "it was never saved").kill(signal.SIGKILL)
    assert terminal.end() == 128 + signal.SIGKILL


def test_a_kill_in_the_midst_of_a_note_loses_nothing_of_what_was_saved(folder: Path) -> None:
    # one word: at the end of the note that was there before, several are parted by the end of a line
    _killed_once(_typing_a_note(folder, "Halfway"), lambda: (_note(folder) or "").endswith("Halfway"))
    _at_question(folder).until("Halfway").press("q").end()


def test_a_kill_in_the_midst_of_a_source_loses_nothing_of_what_was_saved(folder: Path) -> None:
    def sources() -> list[str]:
        answer = read_assessment(folder / FILE).assessment.answer("does-the-job")
        return [evidence.source for evidence in answer.evidence]

    terminal = _at_question(folder).press("e").until("esc Done").press("a").until("Where was it seen?")
    _killed_once(terminal.press("Seen in the tri"), lambda: "Seen in the tri" in sources())
    _at_question(folder).until("Seen in the tri").press("q").end()


def test_half_a_reason_is_taken_up_after_a_kill_and_does_not_count(folder: Path) -> None:
    before = read_assessment(folder / FILE).assessment
    terminal = _at_question(folder).press("x").until("Not applicable: why?").press("Half a rea")
    _killed_once(terminal, lambda: "Half a rea" in _drafts(folder))
    assert read_assessment(folder / FILE).assessment == before
    _at_question(folder).press("x").until("Half a rea").press("ctrl+q").end()


def _drafts(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (folder / "state").rglob("unfinished/*.json"))


def _deciding(folder: Path) -> Terminal:
    return Terminal(folder, "decide", "zoom-workplace-business").until("Decided by")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_condition_being_typed_is_taken_up_in_its_dialog(folder: Path, number: signal.Signals) -> None:
    terminal = _deciding(folder).press("a").until("What has to be done").press("Train everybo")
    terminal.until_so(lambda: "Train everybo" in _drafts(folder), "it was never kept").kill(number)
    assert terminal.end() == 128 + number
    again = Terminal(folder, "decide", "zoom-workplace-business")
    again.until("What has to be done").until("Train everybo").until("Restored from where you left off").press("ctrl+q")
    assert again.end() == 0


def test_a_rationale_being_typed_is_taken_up_after_the_terminal_was_closed(folder: Path) -> None:
    terminal = _deciding(folder).press("down", "enter").until("The reasons, for somebody").press("Because of")
    assert terminal.until("Because of").hang_up() == 128 + signal.SIGHUP
    again = Terminal(folder, "decide", "zoom-workplace-business").until("Because of").press("ctrl+q")
    assert again.end() == 0


def test_a_tool_being_described_is_taken_up_with_its_facts_after_a_kill(folder: Path) -> None:
    terminal = Terminal(folder, "assess", "Webex").until("Job to be done").press("Weekly calls", "f2")
    terminal.until("Scope facts").press("1").until("2 of 16")
    _killed_once(terminal, lambda: "Weekly calls" in _drafts(folder) and '"scope": {}' not in _drafts(folder))
    again = Terminal(folder, "assess", "Webex").until("Weekly calls").press("f2").until("2 of 16").press("q")
    assert again.end() == 0


def test_ctrl_q_keeps_the_note_being_typed(folder: Path) -> None:
    assert _typing_a_note(folder, "Half a sent").press("ctrl+q").end() == 0
    assert (_note(folder) or "").endswith("Half a sent")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_an_answer_that_the_workspace_cannot_take_is_taken_up_at_the_next_start(
    folder: Path, number: signal.Signals
) -> None:
    terminal = _at_question(folder)
    (folder / "assessments").rename(folder / "away")
    terminal.press("1").until("NOT SAVED").kill(number)
    assert terminal.end() == 128 + number
    (folder / "away").rename(folder / "assessments")
    _at_question(folder).until("Restored: your changes").until("saved").press("q").end()
    assert _level(folder) == 1


def _pasted(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


def test_a_paste_is_text_with_escape_and_keys_in_it(folder: Path) -> None:
    keys = "a\x1bq\x1b[27u\x1b[Aq\x11z"
    terminal = _at_question(folder).press(_pasted(f"3{keys}"), "m").until("esc Back").press(_pasted(keys))
    terminal.until_so(lambda: "q" in (_note(folder) or ""), "the paste was never saved").press("esc").press("q")
    assert terminal.end() == 0
    assert _level(folder) is None, "a key in a paste answered the question"
    assert (_note(folder) or "").endswith(keys)
