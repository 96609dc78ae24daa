"""The registry of what is imported late: each target is there, and the type checker is told the same."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from toolvet.tui import screens


@pytest.mark.parametrize("name", screens.TARGETS)
def test_each_target_is_there(name: str) -> None:
    module, _, attribute = screens.TARGETS[name].partition(":")
    found = importlib.import_module(f"toolvet.tui.{module}")
    assert getattr(screens, name) is (getattr(found, attribute) if attribute else found)


def test_the_type_checker_is_told_the_same() -> None:
    tree = ast.parse(Path(screens.__file__).read_text(encoding="utf-8"))
    first = next(node for node in tree.body if isinstance(node, ast.If))
    told = {}
    for node in first.body:
        assert isinstance(node, ast.ImportFrom)
        (alias,) = node.names
        is_module = node.module in ("toolvet.tui", "toolvet.tui.readiness")
        where = f"{node.module}{'.' if is_module else ':'}{alias.name}"
        told[alias.asname] = where.removeprefix("toolvet.tui.")
    assert told == screens.TARGETS


def test_importing_the_registry_imports_no_screen() -> None:
    program = "import sys, toolvet.tui.screens; print(*(name for name in sys.modules if name.startswith('textual')))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True).stdout
    assert loaded.split() == []


def test_a_name_that_is_not_registered_is_an_error() -> None:
    with pytest.raises(AttributeError, match="knows no NoSuchScreen"):
        screens.NoSuchScreen  # type: ignore[attr-defined]  # noqa: B018
