"""The README says what the program does: its commands, and examples that work as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from toolvet.cli.commands import build_parser

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = (
    "assess",
    "check",
    "score",
    "compare",
    "panel",
    "readiness",
    "decide",
    "report",
    "questions",
    "import",
    "export",
    "list",
    "rubrics",
    "new-rubric",
    "migrate",
    "schema",
    "demo",
)
_FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples() -> list[str]:
    """Every line of a code block that calls toolvet, without its prompt, with what a backslash goes on with."""
    lines = [
        line.strip().removeprefix("$ ")
        for block in _FENCE.findall(README)
        for line in block.replace("\\\n", " ").splitlines()
    ]
    return [line for line in lines if line.split(" ")[0] == "toolvet"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_table(command: str) -> None:
    assert re.search(rf"^\| `toolvet {command}\b", README, re.MULTILINE)


def test_every_example_can_be_run_as_it_stands() -> None:
    for example in examples():
        words = shlex.split(example, comments=True)
        until_shell = [at for at, word in enumerate(words) if word in ("|", ">", ">>", "&&", ";", "||")]
        build_parser().parse(words[1 : min(until_shell, default=len(words))])


def test_there_are_examples() -> None:
    assert examples() != []
