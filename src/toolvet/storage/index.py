"""The index: what a listing says of each subject, kept in the person's cache folder until one of its files changes.

It is never the source of truth. A row is used only if every file that it follows from is as it was, by its times, size
and number on the disk; it is made anew in any other case, and so is an index that is missing, damaged or another
version's. Nothing is kept of a subject of which anything is wrong.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import sqlite3
import stat
import sys
import time
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache, cached_property
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from toolvet import __version__
from toolvet.storage.toml_input import SETTLED_NS, noting
from toolvet.storage.user_state import cache_folder, is_own

SWITCH = "TOOLVET_INDEX"
"""The variable that switches the index off, with the value "off"."""

_SCHEMA = 1
_MOST_LISTINGS = 12
"""Of a workspace: a listing as of another day is one of its own."""
_WAIT = 0.5
"""Seconds to wait for another process; then it is done without the index."""

_TABLES = """
CREATE TABLE listings (name TEXT PRIMARY KEY, used INTEGER NOT NULL);
CREATE TABLE rows (listing TEXT, subject TEXT, mark BLOB, value TEXT, digest BLOB, PRIMARY KEY (listing, subject))
WITHOUT ROWID;
"""

Value = TypeVar("Value")
_Row = tuple[bytes, str, bytes]
Mark = tuple[bytes, int]
"""How the files of a subject look, and when the last of them changed."""
now_ns = time.time_ns


class Marks:
    """How the files look that something follows from: names, times, sizes and numbers on the disk."""

    def __init__(self, root: Path, shared: tuple[Path, ...]) -> None:
        self._folders = (f"{root / 'assessments'}", f"{root / 'decisions'}")
        self._shared = tuple(map(str, shared))

    def shared(self) -> tuple[bytes, int] | None:
        """Of what every subject follows from: the rubrics and the policies. None if that cannot be seen."""
        return _marked((os.path.realpath(folder), None) for folder in self._shared)

    def subject(self, name: str) -> tuple[bytes, int] | None:
        """Of the subject's own files, with when the last of them changed. None if they cannot be seen."""
        return _marked((f"{folder}/{name}", inner) for folder, inner in zip(self._folders, _INNER, strict=True))

    def covers(self, name: str, paths: set[str]) -> bool:
        """Whether all that was read is among those files."""
        places = (*(f"{folder}/{name}/" for folder in self._folders), *(f"{folder}/" for folder in self._shared))
        return all(path.startswith(places) for path in paths)


_INNER = ("rounds", "records")
"""The folder inside each of the two folders of a subject."""


def _marked(folders: Iterable[tuple[str, str | None]]) -> tuple[bytes, int] | None:
    parts: list[object] = []
    try:
        newest = max(_look(folder, inner, parts) for folder, inner in folders)
    except OSError:
        return None
    return hashlib.blake2b(repr(parts).encode(errors="surrogateescape"), digest_size=16).digest(), newest


def _look(folder: str, inner: str | None, parts: list[object]) -> int:
    """Add what is in the folder to the parts; the time of the last change. OSError if it is not a folder of its own."""
    try:
        own = os.lstat(folder)
    except FileNotFoundError:
        parts.append(None)
        return 0
    if not stat.S_ISDIR(own.st_mode):
        raise NotADirectoryError(folder)
    newest, is_inside, found = 0, False, []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name == inner:
                is_inside = True
            elif name[-5:].casefold() == ".toml":
                its = entry.stat(follow_symlinks=False)
                newest = max(newest, its.st_mtime_ns, its.st_ctime_ns)
                found.append((name, its.st_mtime_ns, its.st_ctime_ns, its.st_size, its.st_ino, its.st_mode))
            elif name.endswith(".conflict"):
                found.append((name, 0, 0, 0, 0, 0))
    found.sort()
    parts.append((own.st_dev, own.st_mode, found))
    if inner is not None and is_inside:
        newest = max(newest, _look(f"{folder}/{inner}", None, parts))
    return newest


class Index:
    """The rows of one workspace. Whatever is wrong with the file, it is done without."""

    def __init__(self, root: Path, shared: Callable[[], tuple[Path, ...]]) -> None:
        self._root, self._shared = root, shared
        self._is_off = os.environ.get(SWITCH, "").casefold() in ("off", "0", "no")

    @cached_property
    def marks(self) -> Marks:
        """How the files look, seen when something is first looked up: the disk may fail."""
        return Marks(self._root, self._shared())

    def switch_off(self) -> None:
        """Do without it from now on."""
        self._is_off = True

    def rows(self, listing: str, kind: Code[Value]) -> Rows[Value]:
        """What is kept for that listing; its name says as of which day."""
        return Rows(self, listing, kind)

    def read(self, listing: str) -> dict[str, _Row]:
        """What is kept for that listing, by subject; nothing if the index cannot be used."""
        path = self._path()
        if path is None or not os.path.lexists(path):
            return {}
        try:
            with closing(_connect(path)) as opened:
                found = opened.execute("SELECT subject, mark, value, digest FROM rows WHERE listing = ?", (listing,))
                return {subject: (mark, value, digest) for subject, mark, value, digest in found}
        except (sqlite3.Error, OSError, UnicodeError) as error:
            _give_up(path, error)
            return {}

    def write(self, listing: str, new: dict[str, _Row], gone: set[str]) -> None:
        """Keep these rows of the listing and remove those; if that fails, nobody is disturbed."""
        path = self._path()
        if path is None or not (new or gone):
            return
        try:
            _furnish(path)
            with closing(_connect(path)) as opened, opened:
                opened.execute("BEGIN IMMEDIATE")
                opened.execute("INSERT OR REPLACE INTO listings VALUES (?, ?)", (listing, now_ns()))
                opened.executemany(
                    "DELETE FROM rows WHERE listing = ? AND subject = ?", ((listing, one) for one in gone)
                )
                opened.executemany(
                    "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?)",
                    ((listing, subject, *row) for subject, row in new.items()),
                )
                old = "SELECT name FROM listings ORDER BY used DESC LIMIT -1 OFFSET ?"
                opened.execute(f"DELETE FROM rows WHERE listing IN ({old})", (_MOST_LISTINGS,))
                opened.execute(f"DELETE FROM listings WHERE name IN ({old})", (_MOST_LISTINGS,))
        except (sqlite3.Error, OSError, UnicodeError) as error:
            _give_up(path, error)

    def _path(self) -> Path | None:
        """The file of this workspace in a folder that only this person can write to; None without one."""
        folder = None if self._is_off else cache_folder()
        if folder is None:
            return None
        key = hashlib.blake2b(os.path.realpath(self._root).encode(errors="surrogateescape"), digest_size=16)
        path = folder / "index" / f"{key.hexdigest()}.sqlite"
        return path if all(is_own(each) for each in (path.parent, path)) else None


class Rows(Generic[Value]):
    """What one listing says of each subject, as far as that still holds."""

    def __init__(self, index: Index, listing: str, kind: Code[Value]) -> None:
        self._index, self._listing, self._kind = index, f"{listing} {_program()}", kind
        self._shared = index.marks.shared()
        self._kept = index.read(self._listing) if self._shared is not None else {}
        self._new: dict[str, _Row] = {}
        self._wrong: set[str] = set()

    def known(self, name: str, seen: Mark | None = None) -> Value | None:
        """The row of that subject, if nothing changed since it was kept; `seen` is its mark, if just taken."""
        found = self._kept.get(name)
        mark = None if found is None else seen or self.mark(name)
        if found is None or mark is None or found[0] != mark[0] or found[2] != self._digest(name, *found[:2]):
            return None
        try:
            return self._kind.read(found[1])
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
            return None

    @property
    def is_current(self) -> bool:
        """Whether the rubrics and policies are as they were."""
        return self._shared is not None and self._index.marks.shared() == self._shared

    @property
    def waiting(self) -> int:
        """How many new rows are not saved yet."""
        return len(self._new)

    def mark(self, name: str) -> Mark | None:
        """How the files of that subject look, and when the last of them changed; None if they cannot be seen."""
        own = self._index.marks.subject(name)
        if own is None or self._shared is None:
            return None
        return own[0] + self._shared[0], max(own[1], self._shared[1])

    def row(self, name: str, make: Callable[[], tuple[Value, bool]]) -> Value:
        """The row of that subject. `make` gives a new one, and whether it may be kept: not if anything was told."""
        known = self.known(name)
        return self.anew(name, make) if known is None else known

    def anew(self, name: str, make: Callable[[], tuple[Value, bool]], seen: Mark | None = None) -> Value:
        """A new row of that subject, which is kept if it follows from nothing but settled files of its own."""
        mark, began = seen or self.mark(name), now_ns()
        with noting() as read:
            value, is_whole = make()
        if is_whole and mark is not None and has_settled(mark, began) and self._index.marks.covers(name, read):
            text = self._kind.write(value)
            self._new[name] = (mark[0], text, self._digest(name, mark[0], text))
        else:
            self._wrong.add(name)
        return value

    def save(self, names: list[str] | None = None) -> None:
        """Write what is new. Of the subjects that are none of these names, nothing is kept."""
        gone = self._wrong & self._kept.keys()
        if names is not None:
            gone |= self._kept.keys() - set(names)
        self._index.write(self._listing, self._new, gone)
        self._kept |= self._new
        self._new, self._wrong = {}, set()

    def _digest(self, name: str, mark: bytes, text: str) -> bytes:
        """What shows that the row is as it was written for this listing: a damaged page often reads like a good one."""
        whole = f"{self._listing}\0{name}\0{text}".encode(errors="surrogateescape")  # the text may be of another type
        return hashlib.blake2b(mark + whole, digest_size=8).digest()


def has_settled(mark: Mark, at: int | None = None) -> bool:
    """Whether no file was, at that time or now, so young that it may change and look the same."""
    return mark[1] + SETTLED_NS < (now_ns() if at is None else at)


def _furnish(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    opened = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    try:
        # It can be thrown away, so nobody waits for the disk.
        opened.execute("PRAGMA synchronous = OFF")
        version: int = opened.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            opened.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_SCHEMA}; COMMIT;")
        elif version != _SCHEMA:
            raise sqlite3.DatabaseError("another version's")
    except BaseException:
        opened.close()
        raise
    return opened


def _give_up(path: Path, error: Exception) -> None:
    """Remove an index that is damaged or another version's; one that is only busy, closed or full stays."""
    is_only_busy = isinstance(error, sqlite3.OperationalError) and "no such" not in str(error)
    if isinstance(error, sqlite3.DatabaseError) and not is_only_busy:
        for each in (path, path.with_name(f"{path.name}-journal")):
            with suppress(OSError):
                each.unlink()


@cache
def _program() -> str:
    """Which program it is: its version and, as it may be changed in place, the times of its files."""
    parts: list[object] = [__version__, _SCHEMA, sys.version_info[:2]]
    package = Path(__file__).parent.parent
    for folder in ("domain", "text", "report", "report/approval", "storage", "storage/schemas", "services", "cli"):
        with suppress(OSError), os.scandir(package / folder) as entries:
            parts += sorted((each.name, each.stat().st_mtime_ns) for each in entries if each.name != "__pycache__")
    return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()


class Code(Generic[Value]):
    """Writes values of one type as JSON, data classes by their fields in order, and reads them back.

    `given` has the parts that are there again when it is read, by type: each is kept as its place among them. Of the
    types in `shared`, which are flat, thousands are alike: each is made once, from a text of its own. A tuple in `late`
    is made when it is looked at first.
    """

    def __init__(
        self,
        kind: Any,
        given: Mapping[type, Sequence[Any]] = MappingProxyType({}),
        shared: tuple[Any, ...] = (),
        late: tuple[Any, ...] = (),
    ) -> None:
        self._kind, self._given, self._shared, self._late = kind, given, shared, late

    @cached_property
    def _coder(self) -> _Coder:
        known: dict[Any, _Coder] = {}
        for each, parts in self._given.items():
            known[each] = _placed_coder(parts, attrgetter("id"))
        for each in self._shared:
            known[each] = _shared_coder(*_coder(each, known))
        for each in self._late:
            known[each] = _late_coder(*_coder(each, known))
        return _coder(self._kind, known)

    def plain(self, value: Value) -> Any:
        """The value as JSON has it."""
        return self._coder[0](value)

    def value(self, plain: Any) -> Value:
        """What `plain` gave. ValueError, TypeError or LookupError if it is of no such value."""
        found: Value = self._coder[1](plain)
        return found

    def write(self, value: Value) -> str:
        return _as_text(self.plain(value))

    def read(self, text: str) -> Value:
        """As `value`, from a text."""
        return self.value(_decode(text)[0])


_Coder = tuple[Callable[[Any], Any], Callable[[Any], Any]]
_as_text = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().raw_decode
_QUOTES = str.maketrans({'"': "'", "'": '"'})


def _as_part(plain: Any) -> str:
    """A text that is part of another: with the two quotes for each other, for each that is escaped takes time."""
    return _as_text(plain).translate(_QUOTES)


def _of_part(text: str) -> Any:
    return _decode(text.translate(_QUOTES))[0]


def _placed_coder(values: Sequence[Any], key: Callable[[Any], Any]) -> _Coder:
    """Each as its place among these values, which have different keys."""
    places = {key(value): place for place, value in enumerate(values)}
    return (lambda value: places[key(value)]), values.__getitem__


class _Made(dict[Any, Any]):
    """What was made of each value that was asked for; a dict finds it without a call of ours."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:
        made = self[key] = self._make(key)
        return made


def _shared_coder(to: Callable[[Any], Any], of: Callable[[Any], Any]) -> _Coder:
    texts, values = _Made(_as_part), _Made(lambda text: of(_of_part(text)))
    return (lambda value: texts[to(value)]), values.__getitem__


class _Late(Sequence[Any]):
    """A tuple that is made of its text when it is looked at first."""

    def __init__(self, make: Callable[[Any], Any], text: str) -> None:
        self._make, self._text = make, text

    @cached_property
    def _values(self) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self._make(_of_part(self._text))
        return found

    def __getitem__(self, place: Any) -> Any:
        return self._values[place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _late_coder(to: Callable[[Any], Any], of: Callable[[Any], Any]) -> _Coder:
    return (lambda values: _as_part(to(values))), lambda text: _Late(of, _plain(text, str))


def _coder(kind: Any, known: dict[Any, _Coder]) -> _Coder:
    """How to write a value of that type, and how to read one."""
    found = known.get(kind)
    if found is None:
        found = known[kind] = (_fields_coder if is_dataclass(kind) else _coder_of_others)(kind, known)
    return found


def _coder_of_others(kind: Any, known: dict[Any, _Coder]) -> _Coder:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        to, of = _coder(arguments[0], known)
        return lambda values: tuple(map(to, values)), lambda values: tuple(map(of, _listed(values)))
    if origin in (Union, types.UnionType) and type(None) in arguments:
        to, of = _coder(Union[tuple(each for each in arguments if each is not type(None))], known)  # noqa: UP007
        if to is _itself:
            return to, lambda value: None if value is None else of(value)
        return (
            lambda value: None if value is None else to(value),
            lambda value: None if value is None else of(value),
        )
    if origin in (Union, types.UnionType) and all(issubclass(each, Enum) for each in arguments):
        return _placed_coder([member for each in arguments for member in each], attrgetter("_value_"))
    if origin is dict:
        return _itself, lambda value: _plain(value, dict)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _placed_coder(list(kind), attrgetter("_value_"))
    if kind is datetime.date:
        return datetime.date.isoformat, datetime.date.fromisoformat
    if kind is Fraction:
        return (lambda value: f"{value.numerator}/{value.denominator}"), _Made(_fraction).__getitem__
    if kind in (str, int, bool):
        return _itself, lambda value: _plain(value, kind)
    if kind is list:
        return _itself, _listed
    raise TypeError(f"{kind} cannot be kept")


def _itself(value: Any) -> Any:
    return value


def _fraction(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(int(above), int(below))


def _fields_coder(kind: type, known: dict[Any, _Coder]) -> _Coder:
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)]
    coders = [_coder(hints[name], known) for name in names]
    values_of = attrgetter(*names, names[0])  # one alone would give no tuple
    changed = [(place, to, of) for place, (to, of) in enumerate(coders) if to is not _itself]
    checks = [(place, of) for place, (to, of) in enumerate(coders) if to is _itself]
    usual: set[tuple[type, ...]] = set()

    def write(value: Any) -> tuple[Any, ...]:
        values = [*values_of(value)]
        values.pop()
        for place, to, _ in changed:
            values[place] = to(values[place])
        return tuple(values)

    def read(plain: Any) -> Any:
        values = [*_listed(plain)]
        kinds = tuple(map(type, values))
        if kinds not in usual:  # thousands are of few kinds
            if len(values) != len(names):
                raise ValueError("not its fields")
            for place, check in checks:
                check(values[place])
            usual.add(kinds)
        for place, _, of in changed:
            values[place] = of(values[place])
        return kind(*values)

    return write, read


def _listed(value: Any) -> list[Any]:
    if value.__class__ is not list:
        raise ValueError("not a list")
    return value


def _plain(value: Any, kind: type) -> Any:
    if value.__class__ is not kind:
        raise ValueError(f"not {kind.__name__}")
    return value
