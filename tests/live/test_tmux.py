"""Hostile data in a real tmux: the window's title and the clipboard are nobody's but the person's."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from places import two_tools
from real_terminal import PATIENCE, TOOLVET
from screens import hostile_rubric

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

SEIZING = (
    "\x1b]2;seized\x07 \x1b]0;seized\x1b\\ \x9d2;seized\x9c \x1bkseized\x1b\\ \x1b]52;c;c2VpemVk\x07"
    " \x1b]52;c;c2VpemVk\x1b\\ \x1bPtmux;\x1b\x1b]52;c;c2VpemVk\x07\x1b\\ \x9d52;c;c2VpemVk\x9c end"
)
"""Sequences that name the window, and that put a word on the clipboard."""


class Tmux:
    """A tmux server of its own, that does all that programs in it ask for."""

    def __init__(self, folder: Path, *command: str) -> None:
        self._folder = folder
        (folder / "tmux.conf").write_text("set -g set-clipboard on\nset -g allow-rename on\nset -g escape-time 20\n")
        self("-f", str(folder / "tmux.conf"), "new-session", "-d", "-x", "120", "-y", "40", *command)

    def __call__(self, *arguments: str) -> str:
        home = {"HOME": str(self._folder), "XDG_STATE_HOME": str(self._folder / "state"), "TOOLVET_REVIEWER": "A. Me"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TMUX", "XDG_"))}
        ran = subprocess.run(
            ["tmux", "-S", str(self._folder / "socket"), *arguments],
            env={**kept, **home, "TERM": "xterm-256color", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return ran.stdout

    @property
    def seen(self) -> str:
        """What is on the screen."""
        return self("capture-pane", "-p")

    @property
    def taken(self) -> tuple[bool, str]:
        """Whether the title or the name of the window was changed, and what is on the clipboard."""
        names = self("display-message", "-p", "#{pane_title} #{window_name}")
        return "seized" in names, self("list-buffers")

    def until(self, wanted: str) -> None:
        """Wait until that is on the screen, or, behind "not ", until it is gone."""
        is_to_go, words = wanted.startswith("not "), wanted.removeprefix("not ")
        end = time.monotonic() + PATIENCE
        while (words in self.seen) is is_to_go:
            assert time.monotonic() < end, f"in vain waited for {wanted!r}:\n{self.seen}"
            time.sleep(0.1)


@pytest.fixture
def servers() -> Iterator[list[Tmux]]:
    """Those of the test, ended behind it."""
    started: list[Tmux] = []
    yield started
    for each in started:
        each("kill-server")


def test_a_program_that_prints_what_it_reads_takes_title_and_clipboard(tmp_path: Path, servers: list[Tmux]) -> None:
    (tmp_path / "data").write_text(SEIZING, encoding="utf-8")
    servers.append(Tmux(tmp_path, f"cat {tmp_path / 'data'}; sleep 600"))
    servers[0].until("end")
    has_name, clipboard = servers[0].taken
    assert has_name
    assert "seized" in clipboard


WALK = (
    ("a", "toolvet  Add"),
    ("Escape", "toolvet  Home"),
    ("Enter", "toolvet  Assess"),
    ("m", "New line"),
    ("Escape", "not New line"),
    ("e", "new source"),
    ("Escape", "not new source"),
    ("f", "toolvet  Scope facts"),
    ("Escape", "toolvet  Assess"),
    ("l", "work on?"),
    ("Escape", "not work on?"),
    ("r", "toolvet  Review"),
    *((page, "toolvet  Review") for page in "234"),
    ("Escape", "toolvet  Assess"),
    ("Escape", "toolvet  Home"),
    ("d", "toolvet  Decide"),
    ("Escape", "toolvet  Home"),
    ("w", "toolvet  Report"),
    ("Escape", "toolvet  Home"),
    ("c", "toolvet  Compare"),
    *((page, "toolvet  Compare") for page in "2345"),
    ("Escape", "toolvet  Home"),
)
"""Keys, and what tells that each was taken: a key sent behind escape too early would be one with it."""


def test_walking_the_screens_leaves_title_and_clipboard_alone(tmp_path: Path, servers: list[Tmux]) -> None:
    case = two_tools(tmp_path / "w", SEIZING, hostile_rubric(SEIZING))
    status = tmp_path / "status"
    # tmux 3.3 does not always learn how a program ended; the shell does, and keeps the pane.
    servers.append(Tmux(tmp_path, f"{TOOLVET} --workspace {case.workspace.root}; echo $? > {status}; sleep 600"))
    tmux = servers[0]
    tmux.until("toolvet  Home")
    for key, wanted in WALK:
        tmux("send-keys", key)
        tmux.until(wanted)
    tmux("send-keys", "q")
    end = time.monotonic() + PATIENCE
    while not (status.exists() and status.read_text()):
        assert time.monotonic() < end, f"it did not end:\n{tmux.seen}"
        time.sleep(0.1)
    assert (status.read_text(), tmux.taken) == ("0\n", (False, ""))
