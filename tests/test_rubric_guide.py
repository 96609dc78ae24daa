"""docs/rubrics.md: its example is valid, its commands can be called, its keys are the schema's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from toolvet.cli.commands import build_parser
from toolvet.services.file_check import check_paths
from toolvet.storage.reader import read_rubric
from toolvet.storage.schema import load_schema
from toolvet.storage.workspace import Workspace

GUIDE = (Path(__file__).parents[1] / "docs" / "rubrics.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for found, text in _FENCE.findall(GUIDE) if found == language]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "form-tools.toml"
    path.write_text(blocks("toml")[0], encoding="utf-8")
    return path


def test_the_example_has_neither_errors_nor_warnings(example: Path) -> None:
    assert check_paths([example], Workspace(example.parent)) == ()


def test_the_conditions_shown_fit_the_example(example: Path) -> None:
    applies, must_reach = blocks("toml")[1].splitlines()
    question = f'{example.read_text()}must_reach = 1\nmust_reach_why = "House rule."\n{must_reach}\n'
    assert applies in question
    example.write_text(question, encoding="utf-8")
    assert read_rubric(example).question("strong-sign-in-for-makers") is not None


def test_every_command_can_be_called() -> None:
    commands = [line for block in blocks("") for line in block.splitlines()]
    assert commands != []
    for command in commands:
        build_parser().parse(shlex.split(command)[1:])


def test_every_key_of_a_rubric_is_named() -> None:
    schema = load_schema("rubric")
    tables = [schema, *(schema["$defs"][name] for name in ("scope_fact", "criterion", "question"))]
    keys = {key for table in tables for key in table["properties"]}
    listed = GUIDE[GUIDE.index("## Every key") :]
    assert {key for key in keys if f"`{key}`" not in listed} == set()


def test_every_link_inside_leads_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-")
        for heading in re.findall(r"^## (.*)$", GUIDE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]*)\)", GUIDE)) - headings == set()
