"""Reading TOML files as documents, within limits; their digests and seals."""

from __future__ import annotations

import codecs
import datetime
import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

import tomli

from toolvet.errors import Problem, UnusableFile
from toolvet.storage.faults import other_kind, syntax_mistake

FORMAT = 1
"""The format this program reads and writes."""

FILE_BYTES = 1024 * 1024
SETTLED_NS = 2_000_000_000
"""Nanoseconds within which a file may change twice and look the same: the coarsest clock is that of FAT."""
TEXT_CHARACTERS = 20_000
KEY_PARTS = 8
BRACKETS_DEEP = 32
CONDITION_DEEP = 4

MOST_RUNGS = 7
"""Of a ladder; as the schemas say."""

LINES = 100_000
"""An empty line costs the look-up of line numbers as much as a full one."""

MOST_MARKS = 40_000
"""Brackets, commas, dots, equal signs and comments outside of texts; a full MiB of our rubrics has
38,000."""


_TEXT_SOURCE = 10 * TEXT_CHARACTERS + 6
"""A text's longest source: every character written as \\U0001F600, between three quotes."""

_COMMENT = r"\#[^\n]*+"
_TEXT = r"""
      \"\"\"(?:[^"\\]++|\\.|"(?!""))*+\"\"\"(?:"{0,2})
    | '''(?:[^']++|'(?!''))*+'''(?:'{0,2})
    | "(?!"")(?:[^"\\\n]++|\\.)*+"
    | '(?!'')[^'\n]*+'
"""
_TOKEN = rf"(?P<comment>{_COMMENT}) | (?P<text>{_TEXT}) | (?P<unended>[\"']) | (?P<mark>[][{{}}.,=\n])"
_WORDS = re.compile(rf"{_COMMENT} | {_TEXT} | \".*+ | '.*+", re.DOTALL | re.VERBOSE)
"""Comments and texts, and all that stands behind a text without an end: a dot or bracket in them means nothing."""

_LONG_KEY = re.compile(rf"\.(?:[^][{{}}.,=\n]*+\.){{{KEY_PARTS - 1}}}")
_ONLY_BRACKETS = dict.fromkeys(range(128)) | {ord("["): "[", ord("{"): "[", ord("]"): "]", ord("}"): "]"}


def first_excess(text: str) -> tuple[int, str] | None:
    """The line of the first key, bracket or text beyond the limits, and what is wrong with it.

    A text without an end stops the look: the parser stops there too.
    """
    # Nearly every file is far within the limits, which shows in a tenth of the time that its tokens take.
    return None if is_plainly_within(text) else look_closely(text)


def is_plainly_within(text: str) -> bool:
    """Whether nothing is beyond the limits, so far as that can be seen without going from token to token."""
    if len(text) > _TEXT_SOURCE:
        return False
    marks = _WORDS.sub("", text)
    count = text.count("#") + sum(marks.count(mark) for mark in "[]{}.,=")
    return count <= MOST_MARKS and _LONG_KEY.search(marks) is None and _is_shallow(marks)


def _is_shallow(marks: str) -> bool:
    """Whether every bracket is closed and none too deep: each time, the innermost pairs are taken out."""
    brackets = marks.translate(_ONLY_BRACKETS)
    for _ in range(BRACKETS_DEEP):
        if not brackets:
            break
        brackets = brackets.replace("[]", "")
    return not brackets


def look_closely(text: str) -> tuple[int, str] | None:
    """What `first_excess` gives, found token by token."""
    if text.count("\n") > LINES:
        return LINES + 1, f"more than {LINES:,} lines; remove the empty ones"
    depth = dots = marks = 0
    for token in re.finditer(_TOKEN, text, re.DOTALL | re.VERBOSE):
        mark = token["mark"]
        match token.lastgroup:
            case "unended":
                return None
            case "text":
                if token.end() - token.start() > _TEXT_SOURCE:
                    return _line(text, token), f"a text of more than {TEXT_CHARACTERS:,} characters; shorten it"
                continue
        if mark == "\n":
            dots = 0
            continue
        marks += 1
        if marks > MOST_MARKS:
            return _line(text, token), f"more than {MOST_MARKS:,} keys, entries and comments; remove what is not needed"
        if mark == ".":
            dots += 1
            if dots >= KEY_PARTS:
                return _line(text, token), f"a key of more than {KEY_PARTS} parts; no toolvet key is that long"
            continue
        dots = 0
        if mark in ("[", "{"):
            depth += 1
            if depth > BRACKETS_DEEP:
                return _line(text, token), f"brackets more than {BRACKETS_DEEP} deep; flatten it"
        elif mark in ("]", "}"):
            depth = max(0, depth - 1)
    return None


def _line(text: str, token: re.Match[str]) -> int:
    return text.count("\n", 0, token.start()) + 1


Document = dict[str, Any]

OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_LONG_NUMBER = re.compile(r"0[xob](?<!\w..)\w{17}")  # not in the middle of a digest
_NOT_A_NUMBER = float("nan")
_FINEST_POWER = -40
_LARGEST_POWER = 12


_noted: ContextVar[set[str] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[set[str]]:
    """The paths of the files that are read meanwhile, or are known from before."""
    seen: set[str] = set()
    token = _noted.set(seen)
    try:
        yield seen
    finally:
        _noted.reset(token)


def note(path: Path) -> None:
    """Say that something follows from that file, there or not."""
    seen = _noted.get()
    if seen is not None:
        seen.add(str(path))


def read_content(path: Path, *, most: int = FILE_BYTES) -> bytes:
    """The bytes of a regular file. UnusableFile if it is a link, a device, longer than `most` or unreadable."""
    note(path)
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError as error:
        raise _unusable(path, None, _why_not_opened(path, error)) from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "a device or a pipe"
            raise _unusable(path, None, f"is {what}; name a file") from IsADirectoryError(path)
        if found.st_size > most:
            raise _too_large(path, most)
        return _read_all(path, descriptor, found.st_size, most)
    except OSError as error:
        raise _unusable(path, None, f"cannot be read: {reason(error)}") from error
    finally:
        # Everything was read by now, or another error says why not.
        with suppress(OSError):
            os.close(descriptor)


def text_in(path: Path, content: bytes) -> str:
    """The text in these bytes. UnusableFile, with the line, if they are not UTF-8."""
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unusable(path, line, "is not UTF-8 text; save it again with that encoding") from error


def parse(path: Path, content: bytes) -> Document:
    """The document in these bytes, with exact decimals. UnusableFile if it is not TOML within the limits.

    A number too large, too small or too fine to be of use becomes nan, which every schema refuses with its line.
    Every other decimal is a Decimal.
    """
    if len(content) > FILE_BYTES:
        raise _too_large(path, FILE_BYTES)
    try:
        text = text_in(path, content)
    except UnusableFile as error:
        raise _called_what_it_is(path, content) or error from error.__cause__
    excess = first_excess(text)
    if excess is not None:
        raise _called_what_it_is(path, content) or _unusable(path, *excess)
    try:
        document = _document(text)
    except ValueError as error:
        told = _called_what_it_is(path, content) or _unusable(path, *syntax_mistake(text, str(error)))
        raise told from error
    except RecursionError as error:
        raise _unusable(path, None, "is nested too deeply; flatten it") from error
    # Decimal digits are limited by Python itself; in other bases a number of a million digits costs nothing.
    return _tamed(document) if _LONG_NUMBER.search(text) else document


def _called_what_it_is(path: Path, content: bytes) -> UnusableFile | None:
    what = other_kind(path, content)
    return None if what is None else _unusable(path, None, what)


def _document(text: str) -> Document:
    """The document in a text. ValueError, in the words of Python's own parser, where it is not TOML 1.0."""
    try:
        # tomli is that parser compiled: it takes a third of the time, and less to import.
        return tomli.loads(text, parse_float=_decimal)
    except ValueError:
        import tomllib  # 4 ms; needed for what is wrong only

        return tomllib.loads(text, parse_float=_decimal)


def is_toml(path: Path) -> bool:
    """Whether the file's name ends in .toml, in capitals too."""
    return path.suffix.casefold() == ".toml"


def is_folder(path: Path) -> bool:
    """Whether a folder is there, as far as we can see."""
    try:
        return path.is_dir()
    except OSError:
        return False


def may_be_folder(path: Path) -> bool:
    """Whether a folder is there, or we are not let in to see; reading it then tells why."""
    try:
        return path.is_dir()
    except OSError:
        return True


def is_file(path: Path) -> bool:
    """Whether a regular file is there, or a link to one. UnusableFile if the system does not tell."""
    found = _looked_at(path)
    return found is not None and stat.S_ISREG(found.st_mode)


def is_named(path: Path) -> bool:
    """Whether anything has that name, as `is_there`. UnusableFile if the system does not tell."""
    return _looked_at(path, follow_symlinks=False) is not None


def _looked_at(path: Path, *, follow_symlinks: bool = True) -> os.stat_result | None:
    try:
        return path.stat(follow_symlinks=follow_symlinks)
    except ValueError:
        return None
    except OSError as error:
        if error.errno in _NO_FILE:
            return None
        raise _unusable(path, None, f"cannot be looked at: {reason(error)}") from error


_NO_FILE = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL}
"""That nothing has that name, or nothing could; any other failure does not say so."""


def is_link(path: Path) -> bool:
    """Whether a link has that name, as far as we can see."""
    try:
        return path.is_symlink()
    except OSError:
        return False


def is_there(path: Path) -> bool:
    """Whether anything has that name, even a broken link, as far as we can see."""
    return os.path.lexists(path)


def real(path: Path) -> Path:
    """The absolute path with links followed, as far as they lead where they go in circles."""
    return Path(os.path.realpath(path))  # pathlib's own raises an error then


def lies_in(path: Path, folder: Path) -> bool:
    """Whether the path leads into the folder, with links followed."""
    return real(path).is_relative_to(real(folder))


def entries_of(parent: Path) -> list[os.DirEntry[str]]:
    """What is in the folder; nothing if it is not there."""
    try:
        with os.scandir(parent) as found:
            return list(found)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unusable(parent, None, f"cannot be read: {reason(error)}") from error


def reason(error: OSError) -> str:
    """Why the system refused, in a few words."""
    return (error.strerror or str(error)).lower()


def _read_all(path: Path, descriptor: int, expected: int, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= most:
        part = os.read(descriptor, min(most + 1 - size, FILE_BYTES + 1))
        parts.append(part)
        size += len(part)
        if not part or size == expected:  # more was asked for, and no more is there
            return b"".join(parts)
    raise _too_large(path, most)


def _too_large(path: Path, most: int) -> UnusableFile:
    return _unusable(path, None, f"is larger than {most // FILE_BYTES} MiB, the most that is read; shorten it")


def _why_not_opened(path: Path, error: OSError) -> str:
    if error.errno == errno.ELOOP or is_link(path):
        return "is a link; name the file it points to"
    if isinstance(error, FileNotFoundError):
        return "does not exist; check the name"
    return f"cannot be opened: {reason(error)}"


def _unusable(path: Path, line: int | None, message: str) -> UnusableFile:
    return UnusableFile((Problem(path, line, message),))


def _tamed(value: Any) -> Any:
    """The same with nan for whole numbers of more than 64 bits, that cannot even be shown."""
    if isinstance(value, dict):
        return {key: _tamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tamed(item) for item in value]
    return _NOT_A_NUMBER if isinstance(value, int) and value.bit_length() > 64 else value


def _decimal(text: str) -> Decimal | float:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _NOT_A_NUMBER
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < _FINEST_POWER or number.adjusted() > _LARGEST_POWER:
        return _NOT_A_NUMBER
    return number


PREFIX = "sha256:"


def rubric_digest(document: Mapping[str, Any]) -> str:
    """ "sha256:" and 64 hex digits over the document without its policy.

    It is taken over compact JSON with sorted keys, so that layout and comments do not change it and any word does.
    """
    words = {key: value for key, value in document.items() if key != "policy"}
    text = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_as_json)
    return PREFIX + hex_digest(text.encode())


def hex_digest(content: bytes) -> str:
    """The sha256 of these bytes, 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def _as_json(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no TOML value")


_SEAL_LINE = re.compile(rb"^seal[ \t]*=[^\n]*(?:\n|\Z)", re.MULTILINE)

CHANGED_OUTSIDE = "This file was changed outside toolvet, or cut short"
READ_THROUGH = "Have you read it through, and are its answers right?"
"""What to say and ask before changing a file with a broken seal, which seals it again."""


class Seal(StrEnum):
    """Whether a file is as toolvet wrote it; `missing` if it was written by hand."""

    INTACT = "intact"
    MISSING = "missing"
    BROKEN = "broken"


def seal_line(rest: bytes) -> bytes:
    """The line for a file of these bytes, which are all but the line itself."""
    return f'seal = "{_seal_of(rest)}"\n'.encode()


def check_seal(document: Mapping[str, Any], content: bytes) -> Seal:
    """Whether the seal in the document fits every byte but those of its own line, line ends read as LF."""
    if "seal" not in document:
        return Seal.MISSING
    line = _SEAL_LINE.search(content)
    if line is None or line[0].strip() != f'seal = "{document["seal"]}"'.encode():
        return Seal.BROKEN
    return Seal.INTACT if document["seal"] == _seal_of(content[: line.start()] + content[line.end() :]) else Seal.BROKEN


def _seal_of(rest: bytes) -> str:
    return PREFIX + hex_digest(rest.replace(b"\r\n", b"\n"))
