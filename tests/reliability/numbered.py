"""An assessment whose number tells which of many saves it is, and the writers that save it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from build import make_assessment
from toolvet.domain.assessment import Answer, Assessment
from toolvet.errors import UnusableFile
from toolvet.storage.atomic import save
from toolvet.storage.reader import read_assessment
from toolvet.storage.toml_input import Seal, seal_line
from toolvet.storage.workspace import Workspace
from toolvet.storage.writer import assessment_bytes

Writer = Callable[[int], None]
"""Saves that number."""

_NOTE = "Asked the vendor, who wants to look it up. " * 20


def numbered_assessment(number: int) -> Assessment:
    """About 40 kB of notes, with the number as the count of users."""
    answers = {f"question-{position}": Answer(level=3, note=_NOTE) for position in range(40)}
    assessment = make_assessment(answers)
    return replace(assessment, subject=replace(assessment.subject, users=number))


@cache
def _unsealed() -> bytes:
    lines = assessment_bytes(numbered_assessment(1_000_000), schemas=None)
    return lines[lines.index(b"\n") + 1 :]


def numbered_content(number: int, *, comment: bytes = b"") -> bytes:
    """The sealed bytes of that number; far quicker than writing the assessment anew."""
    rest = _unsealed().replace(b"users = 1000000", b"users = %d" % number) + comment
    return seal_line(rest) + rest


def number_in(path: Path) -> int | None:
    """The number that stands there whole; None where what stands there cannot be used."""
    try:
        file = read_assessment(path)
    except UnusableFile:
        return None
    return file.assessment.subject.users if file.seal is Seal.INTACT else None


def saving_writer(path: Path) -> Writer:
    """Saves bytes as every file is saved."""
    seen = [path.read_bytes()]

    def write(number: int) -> None:
        content = numbered_content(number)
        save(path, content, seen[0])
        seen[0] = content

    return write


def workspace_writer(path: Path) -> Writer:
    """Saves an assessment as the screens do after each answer."""
    workspace = Workspace(path.parent)
    files = [read_assessment(path)]

    def write(number: int) -> None:
        files[0] = workspace.save(files[0], numbered_assessment(number))

    return write


def naive_writer(path: Path) -> Writer:
    """What a program does that has not thought about it."""

    def write(number: int) -> None:
        with path.open("wb") as file:
            file.write(numbered_content(number))

    return write


WRITERS = {"saving": saving_writer, "workspace": workspace_writer, "naive": naive_writer}
