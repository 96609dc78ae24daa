"""What asks in the terminal with the app out of the way: afterwards the app is there again, whatever came of it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from house import approved
from real_terminal import Terminal

needs_openssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not here")


def signing(folder: Path) -> Terminal:
    """The app at the question for the passphrase of the key to sign with."""
    approved(folder)
    key = folder / ".ssh" / "id_ed25519"
    key.parent.mkdir()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "open sesame", "-f", key], check=True)
    terminal = Terminal(folder, "decide", "tool").until("toolvet  Decide").press("esc").until("toolvet  Home")
    terminal.press("D").until("P signs it").press("P").until("Sign the decision")
    return terminal.press("enter", "enter", "enter").until("Enter passphrase")


def signed(folder: Path) -> list[Path]:
    return [*folder.glob("decisions/tool/records/*-signed.toml")]


@needs_openssh
def test_a_passphrase_is_typed_in_the_terminal_and_the_decision_is_signed(tmp_path: Path) -> None:
    terminal = signing(tmp_path).press("open sesame", "enter").until("Signed as A. Reviewer")
    assert [path.name for path in signed(tmp_path)] == [f"{date.today()}-signed.toml"]
    assert "open sesame" not in terminal.text
    assert terminal.press("q").end() == 0


@needs_openssh
@pytest.mark.parametrize("keys", [("wrong", "enter"), ("\x03",)])
def test_a_wrong_passphrase_or_ctrl_c_signs_nothing_and_the_app_goes_on(tmp_path: Path, keys: tuple[str, ...]) -> None:
    terminal = signing(tmp_path).press(*keys).until("did not sign").until("sign again")
    assert signed(tmp_path) == []
    terminal.press("h").until("Decided by Board").press("esc", "q")
    assert terminal.end() == 0


def test_an_editor_that_is_not_there_is_told_and_the_app_goes_on(tmp_path: Path) -> None:
    approved(tmp_path)
    terminal = Terminal(tmp_path, "assess", "tool", "--again", environment={"VISUAL": "/none/such"})
    terminal.until("Which devices can join?").press("m").until("ctrl+o").press("\x0f")
    terminal.until("The editor could not be started").press("All of them").until("All of them")
    assert terminal.press("enter", "q").end() == 0
