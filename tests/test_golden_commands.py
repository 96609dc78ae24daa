"""What each command prints on the examples, in golden files; `make golden` renews them."""

from __future__ import annotations

import io
import shlex
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from golden_app import normal, workspace_copy
from golden_commands import COMMANDS, SMALL_COMMANDS
from golden_files import GoldenFiles
from golden_walks import EXAMPLES, SMALL
from toolvet.cli import main

BAD = Path(__file__).parent / "data" / "bad"
BAD_FILES = ("not-toml.toml", "level-number.toml", "unknown-key-near.toml", "assessment-level-beyond-ladder.toml")


def _run(line: str, root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The command, its status, what it printed, and the files it was to write."""
    command, *written = line.split(" + ")
    status = main(shlex.split(command))
    out, err = capsys.readouterr()
    parts = [f"$ toolvet {command}", f"status {status}", f"--- stdout\n{out}", f"--- stderr\n{err}"]
    for pattern in written:
        parts += [f"--- {path.relative_to(root)}\n{path.read_text(encoding='utf-8')}" for path in root.glob(pattern)]
    return normal("\n".join(part.rstrip("\n") for part in parts), root)


def _sorted_out(name: str, text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@pytest.mark.parametrize("part", range(4))
def test_it_prints_what_the_golden_files_have(
    part: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pass
