"""A bug in an action, in a real terminal: what was typed is safe, the terminal as it was, and none of it printed."""

from __future__ import annotations

import signal
import stat
import sys
import termios
from dataclasses import dataclass
from pathlib import Path

import pytest

from places import two_tools
from real_terminal import TOOLVET, Terminal
from screens import Case
from toolvet.cli.main import BUG

SECRET = "the words of a note"
LEFT_SCREEN = b"\x1b[?1049l"
MODES = (b"1049", b"1000", b"1003", b"2004")
"""The other screen, the mouse, and pasting told apart: what the app turns on and has to turn off."""

WITHOUT_SIGNALS = """
import sys
from toolvet.cli.main import run
from toolvet.tui.app import ToolvetApp
del ToolvetApp.on_load
sys.exit(run())
"""
PROGRAM = """
import sys
from toolvet.cli.main import run
from toolvet.tui.app import ToolvetApp
from {module} import {owner}

def fail(*_):
    note = {secret!r}
    raise RuntimeError(note)

{owner}.{method} = fail
{naive}
sys.exit(run())
"""
LIKE_TEXTUAL = "del ToolvetApp._fatal_error, ToolvetApp._handle_exception"
"""Without our own way of ending, which is then Textual's."""


@dataclass(frozen=True)
class Bug:
    """An action that fails, what leads to where it is, each step with what then shows, and the key that runs it."""

    module: str
    owner: str
    method: str
    way: tuple[tuple[str, str], ...]
    key: str


ASSESS = (("enter", "toolvet Assess"), ("3", "saved"))
NOTE = (*ASSESS, ("m", "New line"), ("Halfway", "Halfway"))
SOURCE = (*ASSESS, ("e", "new source"), ("a", "Where was it seen?"), ("Halfway", "Halfway"))
BUGS = [
    Bug("toolvet.tui.home.screen", "HomeScreen", "action_new", (), "a"),
    Bug("toolvet.tui.assess.screen", "AssessScreen", "action_review", ASSESS, "r"),
    Bug("toolvet.tui.kit.text_dialogs", "AskText", "action_keep", NOTE, "enter"),
    Bug("toolvet.tui.kit.text_dialogs", "AskLine", "action_keep", SOURCE, "enter"),
    Bug("toolvet.tui.decide.screen", "DecideScreen", "action_reasons", (("d", "toolvet Decide"),), "i"),
    Bug("toolvet.tui.compare.screen", "CompareScreen", "action_why", (("c", "toolvet Compare"),), "i"),
]


@dataclass(frozen=True)
class Ended:
    """How the program ended in its terminal, and all it ever sent there."""

    status: int
    raw: bytes
    modes_before: list[object]
    modes_after: list[object]

    @property
    def printed(self) -> str:
        """What a person sees once the screens are gone."""
        return self.raw.rpartition(LEFT_SCREEN)[2].decode()

    @property
    def still_on(self) -> set[bytes]:
        """What was turned on in the terminal and not off again."""
        on = {mode for mode in MODES if self.raw.rfind(b"\x1b[?%sh" % mode) > self.raw.rfind(b"\x1b[?%sl" % mode)}
        return on | ({b"no cursor"} if self.raw.rfind(b"\x1b[?25l") > self.raw.rfind(b"\x1b[?25h") else set())


def crashed(folder: Path, bug: Bug, naive: str = "") -> tuple[Case, Ended]:
    """The workspace and the end of the program whose bug was met."""
    case = two_tools(folder / "w", SECRET)
    program = PROGRAM.format(module=bug.module, owner=bug.owner, method=bug.method, secret=SECRET, naive=naive)
    root = str(case.workspace.root)
    terminal = Terminal(folder, "-c", program, "--workspace", root, command=sys.executable)
    before = termios.tcgetattr(terminal.child.child_fd)
    terminal.until("toolvet Home")
    assert termios.tcgetattr(terminal.child.child_fd) != before, "the app takes the terminal to itself"
    for key, shown in bug.way:
        terminal.press(key).until(shown)
    terminal.press(bug.key)
    status, after = terminal.end_with_modes()
    return case, Ended(status, terminal.raw, before, after)


def mistakes_of(folder: Path, ended: Ended) -> set[str]:
    """What is not as it should be after a bug."""
    log = folder / "state" / "toolvet" / "log" / "toolvet.log"
    found = {
        "status": ended.status != BUG,
        "terminal": ended.modes_after != ended.modes_before or ended.still_on != set(),
        "printed": SECRET in ended.printed or "a bug in toolvet stopped it (RuntimeError)" not in ended.printed,
        "log": not log.exists() or stat.S_IMODE(log.stat().st_mode) != 0o600,
    }
    return {name for name, is_wrong in found.items() if is_wrong}


@pytest.mark.parametrize("bug", BUGS, ids=[f"{bug.owner}.{bug.method}" for bug in BUGS])
def test_a_bug_restores_the_terminal_prints_no_notes_and_loses_nothing(tmp_path: Path, bug: Bug) -> None:
    case, ended = crashed(tmp_path, bug)
    assert mistakes_of(tmp_path, ended) == set(), ended.printed
    answer = case.saved.answer("does-it")
    assert answer.level == (3 if bug.way[:2] == ASSESS else 2)
    assert answer.note == (f"{SECRET}Halfway" if bug.way == NOTE else SECRET)
    assert answer.evidence[-1].source == ("Halfway" if bug.way == SOURCE else SECRET)


def by_signal(folder: Path, number: signal.Signals, *start: str, command: str) -> Ended:
    """The end of the program when that signal comes."""
    case = two_tools(folder / "w", SECRET)
    terminal = Terminal(folder, *start, "--workspace", str(case.workspace.root), command=command)
    before = termios.tcgetattr(terminal.child.child_fd)
    terminal.until("toolvet Home").press("enter").until("toolvet Assess").kill(number)
    status, after = terminal.end_with_modes()
    return Ended(status, terminal.raw, before, after)


SIGNALS = [signal.SIGTERM, signal.SIGHUP]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_leaves_the_terminal_as_it_was(tmp_path: Path, number: signal.Signals) -> None:
    ended = by_signal(tmp_path, number, command=TOOLVET)
    assert (ended.status, ended.still_on, ended.modes_after) == (128 + number, set(), ended.modes_before)


@pytest.mark.parametrize("number", SIGNALS)
def test_an_app_that_does_not_listen_for_signals_fails_the_same_check(tmp_path: Path, number: signal.Signals) -> None:
    ended = by_signal(tmp_path, number, "-c", WITHOUT_SIGNALS, command=sys.executable)
    assert {b"1049", b"no cursor"} <= ended.still_on
    assert ended.modes_after != ended.modes_before


def test_an_app_that_ends_as_textual_does_fails_the_same_check(tmp_path: Path) -> None:
    _, ended = crashed(tmp_path, BUGS[1], LIKE_TEXTUAL)
    assert {"status", "printed", "log"} <= mistakes_of(tmp_path, ended)
    assert SECRET in ended.printed
