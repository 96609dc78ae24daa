"""Names of folders and files, safe on every system."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import PurePosixPath

from toolvet.domain.assessment import Subject

_LONGEST = 60
_PORTS = {f"{name}{number}" for name in ("com", "lpt") for number in "0123456789¹²³"}
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"} | _PORTS)
_NUMBER_LENGTH = 12
_NUMBER = re.compile(r"-([0-9]{6,20})$")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]')


def slug(text: str, *, otherwise: str) -> str:
    """Lower-case ASCII words joined by hyphens; `otherwise` where nothing is left of the text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST].strip("-")
    return f"{otherwise}-{words}" if words in _DEVICES else words or otherwise


def subject_names(subject: Subject) -> Iterator[str]:
    """Names for the folder of a subject, the best first: of name and plan, with deployment, then with a number."""
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


def first_free(names: Iterator[str], is_free: Callable[[str], bool]) -> str:
    """The first of the names that is free."""
    return next(name for name in names if is_free(name))


def respondent_name(day: date, number: str) -> str:
    """The name, without its ending, of the file of a respondent, who is known by a number and by nothing else."""
    return f"{day.isoformat()}-{number}"


def respondent_names(day: date) -> Iterator[str]:
    """Such names with a random number each; none of them tells anything of the person or of the order of people."""
    while True:
        # secrets.randbits gives the same, and takes milliseconds to import at every start
        yield respondent_name(day, number_of(int.from_bytes(os.urandom(8))))


def number_of(value: int) -> str:
    """The respondent's number that is made of a whole number."""
    return f"{value % 10**_NUMBER_LENGTH:0{_NUMBER_LENGTH}}"


def number_in(name: str) -> str | None:
    """The respondent's number that ends the name of a file, given without its ending; None where none does."""
    found = _NUMBER.search(name)
    return None if found is None else found[1]


def same_subject(one: Subject, other: Subject) -> bool:
    """Whether they are one subject: name, plan and deployment agree but for case and blanks."""
    return _identity(one) == _identity(other)


def is_file_name(name: str) -> bool:
    """Whether the name is that of a plain file on every system: no folder in it, no device, nothing hidden."""
    stem = name.split(".")[0].rstrip(" ").lower()
    return (
        bool(name)
        and len(name.encode()) <= 200
        and not _UNSAFE.search(name)
        and not name.startswith(".")
        and name[-1] not in ". "
        and stem not in _DEVICES
    )


def is_inside(path: str) -> bool:
    """Whether a path out of a file stays inside the workspace: relative, forward slashes, plain names only."""
    return bool(path) and all(is_file_name(part) for part in path.split("/")) and not PurePosixPath(path).is_absolute()


def _identity(subject: Subject) -> tuple[str, ...]:
    parts = (subject.name, subject.plan or "", subject.deployment or "")
    return tuple(" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)
