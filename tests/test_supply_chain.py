"""What toolvet brings along: every package is used, bounded on both sides, and listed with its licence."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions, metadata, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
USED: list[str] = [
    *PROJECT["project"]["dependencies"],
    *(each for name, group in EXTRAS.items() if name != "dev" for each in group),
]
"""What the program needs, and what it makes use of where it is installed."""

EVERYTHING = [
    *USED,
    *EXTRAS["dev"],
    *PROJECT["build-system"]["requires"],
]

LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
LOCKED = dict(line.split("==") for line in LOCK.splitlines() if not line.startswith("#"))


def name_of(requirement: str) -> str:
    """The package's name as an index has it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def imported() -> set[str]:
    """The packages that the source imports, our own and Python's aside."""
    modules: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                modules.add(str(node.module).partition(".")[0])
    known = packages_distributions()
    return {name_of(known.get(each, [each])[0]) for each in modules - sys.stdlib_module_names - {"toolvet"}}


def test_every_package_is_used_and_every_one_used_is_named() -> None:
    assert imported() == {name_of(each) for each in USED}


@pytest.mark.parametrize("requirement", sorted(set(EVERYTHING)))
def test_every_package_has_a_lower_and_an_upper_bound(requirement: str) -> None:
    assert re.fullmatch(r"[\w.-]+(\[\w+\])?>=[\d.]+,<[\d.]+", requirement)


def licence_of(name: str) -> str:
    """The licence as the package itself states it, without its version: MIT, BSD."""
    about = metadata(name)
    stated = next((about[field] for field in ("License-Expression", "License") if field in about), None)
    classified = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or () if "License ::" in each]
    # Some state the whole text of the licence instead of its name.
    return family(stated if stated and "\n" not in stated else " ".join(classified))


def family(licence: str) -> str:
    """The licence without its version; a package may state it more exactly one day."""
    return re.split(r"[- ]", licence)[0]


def test_the_licence_of_every_package_is_listed() -> None:
    rows = dict(
        re.findall(r"^\| ([\w.-]+) \| ([^|]+?) \|", (ROOT / "docs/licences.md").read_text("utf-8"), re.MULTILINE)
    )
    listed = {name: family(licence) for name, licence in rows.items() if name not in ("package", "---")}
    assert listed.keys() == {name_of(each) for each in USED}
    installed = {name_of(each.name) for each in distributions()}
    assert {name: listed[name] for name in listed.keys() & installed} == {
        name: licence_of(name) for name in listed.keys() & installed
    }


def needed_by(requirement: Requirement, known: set[tuple[str, str]]) -> Iterator[str]:
    """The package and all that it brings along here, each with its extras."""
    for extra in ("", *requirement.extras):
        name = name_of(requirement.name)
        if (name, extra) in known:
            continue
        known.add((name, extra))
        yield name
        for each in map(Requirement, requires(name) or ()):
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                yield from needed_by(each, known)


@pytest.mark.skipif(sys.platform != "linux", reason="the lock is resolved on Linux")
def test_the_lock_covers_every_package_that_comes_along() -> None:
    known: set[tuple[str, str]] = set()
    needed = {name for each in EVERYTHING for name in needed_by(Requirement(each), known)}
    assert needed - LOCKED.keys() == set()


@pytest.mark.parametrize("requirement", sorted(set(EVERYTHING)))
def test_the_lock_installs_what_is_allowed(requirement: str) -> None:
    assert Requirement(requirement).specifier.contains(LOCKED[name_of(requirement)])


def test_the_lock_has_exact_versions_and_no_address() -> None:
    lines = [line for line in LOCK.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    assert lines == sorted(lines, key=lambda line: line.split("==")[0])


def test_no_hook_is_fetched_before_a_commit() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"repo: *(\S+)", hooks)) == {"local"}
    assert set(re.findall(r"language: *(\S+)", hooks)) == {"system"}
