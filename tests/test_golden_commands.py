"""What each command prints and writes on the examples, in golden files; `make golden` renews them."""

from __future__ import annotations

import datetime
import io
import pkgutil
import shlex
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import pytest

import toolvet.cli
import toolvet.services
from golden_app import ON, normal, workspace_copy
from golden_commands import COMMANDS, SMALL_COMMANDS
from golden_files import GoldenFiles
from golden_walks import EXAMPLES, SMALL
from toolvet.cli.main import main

BAD = Path(__file__).parent / "data" / "bad"
BAD_FILES = {"not-toml.toml", "level-number.toml", "unknown-key-near.toml", "assessment-level-beyond-ladder.toml"}


class _AnyDate(type):
    """A date is one of these, as one from a file or an option is no `_Today`."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime.date)


class _Today(datetime.date, metaclass=_AnyDate):
    """Today is always the same day."""

    @classmethod
    def today(cls) -> datetime.date:  # type: ignore[override]
        return ON


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 columns, and that day for the commands that take none."""
    monkeypatch.setenv("COLUMNS", "80")
    for room in (toolvet.cli, toolvet.services):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            if getattr(import_module(module.name), "date", None) is datetime.date:
                monkeypatch.setattr(f"{module.name}.date", _Today)


def run(line: str, root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The command, its status, what it printed, and the files it was to write."""
    command, *written = line.split(" + ")
    status = main(shlex.split(command))
    out, err = capsys.readouterr()
    parts = [f"$ toolvet {command}".rstrip(), f"status {status}", f"--- stdout\n{out}", f"--- stderr\n{err}"]
    for pattern in written:
        paths = sorted(root.glob(pattern))
        assert paths, f"{line}: no {pattern} was written\n{err}"
        parts += [f"--- {path.relative_to(root)}\n{path.read_text(encoding='utf-8')}" for path in paths]
    return normal("\n".join(part.rstrip("\n") for part in parts), root)


@pytest.mark.usefixtures("steady")
@pytest.mark.parametrize(
    ("folder", "workspace", "commands"),
    [("commands", EXAMPLES, COMMANDS), ("commands-small", SMALL, SMALL_COMMANDS)],
    ids=("examples", "small"),
)
def test_it_prints_what_the_golden_files_have(
    folder: str,
    workspace: Path,
    commands: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    golden = GoldenFiles(folder, ".txt")
    for name, line in commands.items():
        with workspace_copy(workspace) as root, monkeypatch.context() as here:
            here.chdir(root)
            here.setattr(sys, "stdin", io.StringIO())
            here.setattr(tempfile, "tempdir", str(root.parent))
            if "bad-files" in line:
                shutil.copytree(BAD, root / "bad-files", ignore=lambda _, names: set(names) - BAD_FILES)
            golden.take(name, run(line, root, capsys))
    golden.finish()
