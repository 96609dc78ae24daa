"""Names of folders and files, safe on every system."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from os.path import relpath
from pathlib import Path, PurePosixPath

from toolvet.domain.assessment import Subject

_LONGEST = 60
_PORTS = {f"{name}{number}" for name in ("com", "lpt") for number in "0123456789¹²³"}
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"} | _PORTS)
_NUMBER_LENGTH = 12
_NUMBER = re.compile(r"-([0-9]{6,20})$")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')


def slug(text: str, *, otherwise: str) -> str:
    """Lower-case ASCII words joined by hyphens, or `otherwise` if nothing is left of the text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST].strip("-")
    return f"{otherwise}-{words}" if words in _DEVICES else words or otherwise


def subject_names(subject: Subject) -> Iterator[str]:
    """Names for a subject's folder, the best first: name and plan, then with deployment, then numbered."""
    short = slug(f"{subject.name} {subject.plan or ''}", otherwise="subject")
    yield short
    full = slug(f"{subject.name} {subject.plan or ''} {subject.deployment or ''}", otherwise="subject")
    if full != short:
        yield full
    yield from numbered(full)


def numbered(name: str) -> Iterator[str]:
    """The name with -2, -3, …"""
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def day_names(day: date) -> Iterator[str]:
    """The day, then with -2, -3, …"""
    yield day.isoformat()
    yield from numbered(day.isoformat())


def first_free(names: Iterator[str], is_free: Callable[[str], bool]) -> str:
    """The first of the names that is free."""
    return next(name for name in names if is_free(name))


def respondent_name(day: date, number: str) -> str:
    """The stem of a respondent's file; a respondent is known by a number only."""
    return f"{day.isoformat()}-{number}"


def respondent_names(day: date) -> Iterator[str]:
    """Endless such names with random numbers, which say nothing about the person or the order of people."""
    while True:
        # secrets.randbits gives the same, and takes milliseconds to import at every start
        yield respondent_name(day, number_of(int.from_bytes(os.urandom(8))))


def number_of(value: int) -> str:
    """A respondent's number made from a whole number."""
    return f"{value % 10**_NUMBER_LENGTH:0{_NUMBER_LENGTH}}"


def number_in(name: str) -> str | None:
    """The respondent's number at the end of a file's stem, if there is one."""
    found = _NUMBER.search(name)
    return None if found is None else found[1]


def same_subject(one: Subject, other: Subject) -> bool:
    """Whether name, plan and deployment agree, ignoring case and blanks."""
    return _identity(one) == _identity(other)


def is_file_name(name: str) -> bool:
    """Whether the name works for a plain file on every system: no folder in it, no device, not hidden."""
    stem = name.split(".")[0].rstrip(" ").lower()
    return (
        bool(name)
        and not _UNSAFE.search(name)
        and len(name.encode()) <= 200
        and not name.startswith(".")
        and name[-1] not in ". "
        and stem not in _DEVICES
    )


def anywhere(name: str) -> str:
    """The name as the systems see it on which neither case nor the composition of letters counts."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def from_home(text: str) -> Path:
    """The path, from a home where it begins with ~; that of a user who is unknown stays as it is."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 pathlib's own raises an error then


def is_inside(path: str) -> bool:
    """Whether a path out of a file stays inside the workspace: relative, forward slashes, plain names only."""
    return bool(path) and all(is_file_name(part) for part in path.split("/")) and not PurePosixPath(path).is_absolute()


def as_seen_from(folder: Path, path: Path) -> str:
    """The path as seen from the folder, with forward slashes."""
    inside = str(path).removeprefix(f"{folder}{os.sep}")
    if len(inside) < len(str(path)) and ".." not in inside:  # as nearly always; else it takes ten times as long
        return inside.replace(os.sep, "/")
    return Path(relpath(path, folder)).as_posix()


def _identity(subject: Subject) -> tuple[str, ...]:
    parts = (subject.name, subject.plan or "", subject.deployment or "")
    return tuple(" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)


def is_in_assessments(root: Path, path: Path) -> bool:
    """Whether the path is that of a file in a subject's folder of the workspace."""
    return path.absolute().parent.parent == (root / "assessments").absolute()
