"""Rubrics by id and version: the workspace's before those that ship."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from toolvet.domain.rubric import Rubric
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.files.content import read_content
from toolvet.files.digest import PREFIX
from toolvet.files.house_policy import HousePolicies
from toolvet.files.naming import numbered
from toolvet.files.reading import read_rubric
from toolvet.files.remembering import Remembered
from toolvet.files.shipped import shipped


@dataclass(frozen=True, slots=True)
class RubricFile:
    """A rubric and where it lies."""

    path: Path
    rubric: Rubric
    shipped: bool


class RubricShelf:
    """The rubrics of a workspace and those that ship, each read once while it stays as it was."""

    def __init__(self, own: Path) -> None:
        self._own = own
        self._house = HousePolicies(own.parent)
        self._rubric_at = Remembered(read_rubric)

    def all(self) -> tuple[tuple[RubricFile, ...], tuple[Problem, ...]]:
        """Every rubric that can be used, one of each id and version, and what is wrong with the others."""
        files: dict[tuple[str, str], RubricFile] = {}
        problems: list[Problem] = []
        for path, is_shipped in self._paths():
            try:
                rubric = self._house.applied(self._rubric_at(path))
            except UnusableFile as error:
                problems.extend(problem for problem in error.problems if problem not in problems)
                continue
            files.setdefault((rubric.id, rubric.version), RubricFile(path, rubric, is_shipped))
        return tuple(files.values()), tuple(problems)

    def find(self, rubric_id: str, version: str) -> RubricFile:
        """The rubric of that id and version. ToolvetError, saying where it was looked for, where there is none."""
        expected = self._own / rubric_file_name(rubric_id, version)
        unusable: UnusableFile | None = None
        for path, is_shipped in self._likeliest(rubric_id, version):
            try:
                rubric = self._rubric_at(path)
            except UnusableFile as error:
                if path == expected:
                    raise
                if path.stem == rubric_id:
                    unusable = unusable or error
                continue
            if (rubric.id, rubric.version) == (rubric_id, version):
                return RubricFile(path, self._house.applied(rubric), is_shipped)
        # It is likely in the file of its name; what is wrong there helps more than that it is nowhere.
        raise unusable or ToolvetError(self._not_found(rubric_id, version))

    def texts(self, rubric_id: str, version: str) -> tuple[RubricFile, ...]:
        """Every file of that id and version that can be read, the one that is used first; they may read otherwise."""
        found = []
        for path, is_shipped in self._likeliest(rubric_id, version):
            with suppress(UnusableFile):
                rubric = self._rubric_at(path)
                if (rubric.id, rubric.version) == (rubric_id, version):
                    found.append(RubricFile(path, self._house.applied(rubric), is_shipped))
        return tuple(found)

    def ids(self) -> frozenset[str]:
        """The ids of all rubrics, by the first lines of files."""
        return frozenset(found_id for found_id, _ in map(_heading, self._paths()) if found_id)

    def versions(self, rubric_id: str) -> frozenset[str]:
        """The versions that there are of that rubric, by the first lines of files: each one read takes 20 ms."""
        return frozenset(version for found_id, version in map(_heading, self._paths()) if found_id == rubric_id)

    def _likeliest(self, rubric_id: str, version: str) -> list[tuple[Path, bool]]:
        """The likeliest first, the workspace's own always before those that ship: each one read takes 20 ms."""
        expected = self._own / rubric_file_name(rubric_id, version)
        return sorted(
            self._paths(), key=lambda found: (found[0] != expected, found[1], not found[0].stem.startswith(rubric_id))
        )

    def _not_found(self, rubric_id: str, version: str) -> str:
        there = [file.rubric for file in self.all()[0]]
        versions = [rubric.version for rubric in there if rubric.id == rubric_id]
        message = f'rubric "{rubric_id}" {version} is neither in {self._own} nor among those that ship'
        if versions:
            return f"{message}; there is version {', '.join(versions)}"
        close = get_close_matches(rubric_id, [rubric.id for rubric in there], n=1)
        return f'{message}; did you mean "{close[0]}"?' if close else f"{message}; put it into that folder"

    def _paths(self) -> list[tuple[Path, bool]]:
        own = [(path, False) for path in _toml_files(self._own)]
        return own + [(path, True) for path in _toml_files(shipped("rubrics"))]


def rubric_file_name(rubric_id: str, version: str) -> str:
    """The name of the copy that a workspace keeps of a rubric."""
    return f"{rubric_id}-{version}.toml"


def rubric_file_names(rubric: Rubric) -> Iterator[str]:
    """Names for that copy, the best first; those with its digest in them are for where another has the first."""
    yield rubric_file_name(rubric.id, rubric.version)
    with_digest = f"{rubric.id}-{rubric.version}-{rubric.digest.removeprefix(PREFIX)[:12]}"
    yield from (f"{name}.toml" for name in chain([with_digest], numbered(with_digest)))


def _heading(found: tuple[Path, bool]) -> tuple[str, str]:
    """The id and version in a rubric's first lines; empty where they cannot be seen there."""
    try:
        start = read_content(found[0])[:_HEADING_BYTES]
    except UnusableFile:
        return "", ""
    above = _TABLE.split(start, maxsplit=1)[0]
    named = {key.decode(): value.decode() for key, value in _NAMED.findall(above)}
    return named.get("id", ""), named.get("version", "")


_HEADING_BYTES = 4096
_TABLE = re.compile(rb"^\s*\[", re.MULTILINE)
_NAMED = re.compile(rb"""^(id|version)\s*=\s*["']([0-9A-Za-z.+-]+)["']""", re.MULTILINE)


def _toml_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError:
        # Read like a file, the folder tells why it cannot be looked into.
        return [folder]
