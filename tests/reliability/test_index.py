"""What a command reads: one subject costs one subject."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from toolvet.cli.main import main
from toolvet.domain.assessment import Subject
from toolvet.storage.workspace import Workspace
from workspaces import DAY, assessment_of, complete

_WATCHERS: list[Callable[[str], None]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _WATCHERS:
        for tell in _WATCHERS:
            tell(str(arguments[0]))


sys.addaudithook(_watch)  # it cannot be taken away again


@contextmanager
def opened_below(root: Path) -> Iterator[set[str]]:
    """The files below that folder that are opened meanwhile, in the words of that folder."""
    found: set[str] = set()

    def tell(path: str) -> None:
        if path.startswith(f"{root}/"):
            found.add(path.removeprefix(f"{root}/"))

    _WATCHERS.append(tell)
    try:
        yield found
    finally:
        _WATCHERS.remove(tell)


@pytest.fixture()
def several(tmp_path: Path) -> Workspace:
    """Twelve tools for different jobs, each with a complete assessment."""
    workspace = Workspace(tmp_path / "work")
    for number in range(12):
        subject = Subject(f"Tool {number}", plan="Business", job=f"Job {number}")
        complete(workspace.start(assessment_of(subject), DAY), workspace)
    return workspace


ONE_SUBJECT = {
    "score": (),
    "report": (),
    "questions": (),
    "history": (),
    "subject": (),
    "decide": ("--decision", "hold", "--rationale", "We wait.", "--by", "Board", "--dry-run"),
}


@pytest.mark.parametrize("command", ONE_SUBJECT)
def test_one_subject_costs_one_subject(several: Workspace, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [command, "tool-3-business", "--workspace", str(several.root), *ONE_SUBJECT[command]]
    with opened_below(several.root / "assessments") as opened:
        status = main(arguments)
    told = "Not recorded: this was a dry run.\n" if command == "decide" else ""
    assert (status, capsys.readouterr().err) == (0, told)
    assert opened == {"tool-3-business/2026-11-02-a-reviewer.toml"}
