"""What toolvet remembers for a person, in their own folders: places, drafts, preferences and a name."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp
from typing import Any

from platformdirs import user_cache_path, user_config_path, user_state_path

from toolvet.errors import UnusableFile
from toolvet.storage.lock import can_hold, hold, is_running, sign
from toolvet.storage.toml_input import FILE_BYTES, is_named, read_content, real, reason
from toolvet.values import dataclass

_MOST_PLACES = 500
_UNFINISHED, _EDITED = "unfinished", "edited"
_SESSION = token_hex(8)
"""Names this running toolvet among those that keep drafts."""
_held: dict[Path, int] = {}
_DAYS_OF_A_DRAFT = 90
_DAYS_TO_BE_SURE = 5
_SECONDS_OF_A_DAY = 24 * 3600
_OLD = "old-drafts.json"
_MOST_KEPT = 16 * FILE_BYTES
_REVIEWER = "TOOLVET_REVIEWER"


def can_remember() -> bool:
    """Whether this person has a home folder to remember things in; without one toolvet works and forgets."""
    return state_folder() is not None and config_folder() is not None


def state_folder() -> Path | None:
    """The person's folder for what programs remember; None without a usable home folder."""
    try:
        return _usable(user_state_path("toolvet", appauthor=False))
    except RuntimeError:
        return None


def config_folder() -> Path | None:
    """The person's folder for configuration; None without a usable home folder."""
    try:
        return _usable(user_config_path("toolvet", appauthor=False))
    except RuntimeError:
        return None


def cache_folder() -> Path | None:
    """The person's folder for what can be made anew; None without a usable home folder."""
    try:
        return _usable(user_cache_path("toolvet", appauthor=False))
    except RuntimeError:
        return None


def is_own(path: Path) -> bool:
    """Whether it is not there yet, or this person's and nobody else can write to it."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    if not (stat.S_ISDIR(found.st_mode) or stat.S_ISREG(found.st_mode)):
        return False
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)


def _usable(folder: Path) -> Path | None:
    """The folder, unless it comes of a home that is relative or unknown (~ stays as it is) or empty (the root)."""
    is_of_empty_home = os.environ.get("HOME") == "" and folder.parts[1:2] in ((".local",), (".config",), (".cache",))
    return folder if folder.is_absolute() and not is_of_empty_home else None


def last_place(path: Path) -> str | None:
    """The id of the question where this person last was in that file, if it is known."""
    return _texts(_state_file("places.json")).get(str(real(path)))


def remember_place(path: Path, question_id: str) -> None:
    """Remember where this person is; if that fails, nobody is disturbed."""
    file = _state_file("places.json")
    key = str(real(path))
    places = {known: place for known, place in _texts(file).items() if known != key} | {key: question_id}
    _keep_quietly(file, dict(list(places.items())[-_MOST_PLACES:]))


@dataclass(frozen=True, slots=True)
class Left:
    """A draft and when it was kept; in `work` dates have become ISO texts, and tuples lists.

    `damaged` is where a draft lies that cannot be read, `elsewhere` the folder of the workspace where it was kept, if
    that was another.
    """

    work: Mapping[str, Any]
    at: datetime | None = None
    damaged: Path | None = None
    elsewhere: str | None = None

    def texts(self, name: str) -> dict[str, str]:
        """The texts kept in the table of that name."""
        found = self.work.get(name)
        return {key: text for key, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}


class Unfinished:
    """The place for one draft in a workspace; `about` says which.

    Each running toolvet has a place of its own, and each reviewer named by TOOLVET_REVIEWER, as visitors of a server
    are: nobody types over a draft of somebody else. One place `for_all` is for what they have in common.

    A workspace that was renamed, or is mounted elsewhere, is known by the file that the draft is about: `path`, as seen
    from the workspace, is no longer where the draft was kept, and has here the sha256 that it had there.
    """

    def __init__(
        self, root: Path, about: str, *, path: str | None = None, sha256: str = "", for_all: bool = False
    ) -> None:
        reviewer = "" if for_all else os.environ.get(_REVIEWER, "").strip()
        self._root, self._about = str(real(root)), "\n".join(filter(None, (about, path, reviewer)))
        self._path, self.sha256 = path, sha256
        self._kept: Mapping[str, Any] | None = None
        self._what, where = _short_digest(self._about), _short_digest(self._root)
        self._left_by_others = None if for_all else f"{where}-{self._what}-*.json"
        self._file = _state_file(f"{_UNFINISHED}/{where}-{self._what}-{'all' if for_all else _SESSION}.json")

    def left(self) -> Left:
        """What was left there, the latest by a toolvet that has ended; empty work if there is nothing.

        What cannot be read is put aside, not lost.
        """
        self._claim()
        self._take_over()
        kept = _table(self._file)
        if not self._is_about_this(kept, self._root):
            return Left({}, damaged=self.put_aside())
        self._kept = kept["work"]
        found = Left(kept["work"], elsewhere=kept.get("elsewhere"))
        with suppress(KeyError, TypeError, ValueError):
            return replace(found, at=datetime.fromisoformat(kept["at"]))
        return found

    def _is_about_this(self, kept: Mapping[str, Any], root: object) -> bool:
        return (kept.get("root"), kept.get("about")) == (root, self._about) and isinstance(kept.get("work"), dict)

    def _claim(self) -> None:
        if self._file is None or self._left_by_others is None or os.path.lexists(self._file):
            return
        with suppress(OSError):  # somebody else may have claimed it
            left = [file for file in self._file.parent.glob(self._left_by_others) if not _is_typed_now(file)]
            if left:
                _say_at_work(self._file.parent)
                max(left, key=lambda file: file.stat().st_mtime).replace(self._file)

    def _take_over(self) -> None:
        if self._file is None or self._path is None or os.path.lexists(self._file):
            return
        with suppress(OSError):  # somebody else may have taken it
            by_time = [(file.stat().st_mtime, file) for file in self._file.parent.glob(f"*-{self._what}-*.json")]
            for _, file in sorted(by_time, reverse=True):
                kept = _table(file)
                root = str(kept.get("root"))
                is_same = self._is_about_this(kept, root) and kept.get("sha256") == self.sha256
                if is_same and _is_gone(Path(root, self._path)) and not _is_typed_now(file):
                    _say_at_work(self._file.parent)
                    _write(self._file, {**kept, "root": self._root, "elsewhere": root})
                    file.unlink()
                    return

    def put_aside(self) -> Path | None:
        """Rename what is there, so that the next draft does not replace it; None if nothing is."""
        if self._file is None or not os.path.lexists(self._file):
            return None
        aside = self._file.with_suffix(".damaged")
        try:
            self._file.replace(aside)
        except OSError:
            return self._file
        return aside

    def keep(self, work: Mapping[str, Any]) -> str | None:
        """Keep that in place of what was there; return what went wrong, if anything did."""
        if work == self._kept:
            return None
        at = datetime.now().isoformat(timespec="seconds")
        kept = {"root": self._root, "about": self._about, "sha256": self.sha256, "at": at, "work": work}
        if self._file is None:
            return "there is no home folder to keep it in"
        try:
            _say_at_work(self._file.parent)
            _write(self._file, kept)
        except OSError as error:
            return reason(error)
        self._kept = dict(work)
        return None

    def forget(self) -> None:
        """Remove what was there: it is finished, or was discarded."""
        self._kept = None
        if self._file is not None:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)


def _short_digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def _is_gone(path: Path) -> bool:
    try:
        return not is_named(path)
    except UnusableFile:
        return False  # nobody can tell


def _say_at_work(folder: Path) -> None:
    """Hold a file of that name in the folder until this toolvet ends, however it ends."""
    if folder not in _held:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _held[folder] = os.open(folder / f"{_SESSION}.held", os.O_RDWR | os.O_CREAT, 0o600)
        hold(_held[folder])
        sign(_held[folder])


def _is_typed_now(draft: Path) -> bool:
    """Whether another toolvet that keeps this draft is running."""
    session = draft.stem.rpartition("-")[2]
    return session != _SESSION and _is_held(draft.with_name(f"{session}.held"))


def _is_held(file: Path) -> bool:
    """Whether a toolvet holds it, or it cannot be told."""
    try:
        descriptor = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        return not can_hold(descriptor, file)
    finally:
        os.close(descriptor)


def clear_old_drafts(now: float) -> None:
    """Delete drafts that nobody came back to for 90 days; `now` in seconds as `time.time` gives them.

    A clock may be wrong, today or when a draft was kept: those go that were found so old on five different days.
    """
    folder = state_folder()
    if folder is None or not any((folder / kind).is_dir() for kind in (_UNFINISHED, _EDITED)):
        return
    before, old = _table(folder / _OLD), {}
    for path in (*folder.glob(f"{_UNFINISHED}/*"), *folder.glob(f"{_EDITED}/*")):
        with suppress(OSError):
            days = (now - path.stat().st_mtime) / _SECONDS_OF_A_DAY
            if path.suffix == ".held":
                if days > 1 and not _is_held(path):
                    path.unlink()
            elif days > _DAYS_OF_A_DRAFT and not _is_typed_now(path):
                found = before.get(path.name)
                seen = {*(found if isinstance(found, list) else ()), int(now // _SECONDS_OF_A_DAY)}
                if len(seen) < _DAYS_TO_BE_SURE:
                    old[path.name] = list(seen)
                else:
                    path.unlink()
    if old != before:
        _keep_quietly(folder / _OLD, old)


def file_to_edit(text: str) -> Path:
    """A new file with that text, for its owner's eyes only, which outlives a program that is killed.

    OSError without room for it.
    """
    folder = _state_file(_EDITED)
    if folder is None:
        folder = Path(mkdtemp(prefix="toolvet-"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{os.getpid()}-{token_hex(4)}.md"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as writing:
        writing.write(text)
    return path


def left_in_an_editor() -> tuple[Path, ...]:
    """What somebody had saved in an editor when toolvet ended."""
    folder = _state_file(_EDITED)
    return () if folder is None else tuple(sorted(path for path in folder.glob("*.md") if not _is_edited_now(path)))


def _is_edited_now(path: Path) -> bool:
    number = path.name.partition("-")[0]
    return number.isdecimal() and is_running(int(number))


def done_editing(path: Path) -> None:
    """Remove the file that `file_to_edit` made."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
        if path.parent.name.startswith("toolvet-"):
            path.parent.rmdir()


def preferred(name: str) -> str | None:
    """The preference of that name, if one was kept."""
    return _texts(_preferences()).get(name)


def prefer(name: str, value: str) -> None:
    """Keep a preference; if that fails, nobody is disturbed."""
    _keep_quietly(_preferences(), _texts(_preferences()) | {name: value})


def reviewer_name(configured: str | None = None) -> str | None:
    """The name in TOOLVET_REVIEWER, else the configured one, else git's user.name."""
    return os.environ.get(_REVIEWER, "").strip() or configured or _name_in_git()


def _name_in_git() -> str | None:
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"], capture_output=True, timeout=2, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None  # no git, or one that hangs: the person is asked
    return asked.stdout.decode(errors="replace").strip() or None


def _state_file(name: str) -> Path | None:
    folder = state_folder()
    return None if folder is None else folder / name


def _preferences() -> Path | None:
    folder = config_folder()
    return None if folder is None else folder / "preferences.json"


def _table(file: Path | None) -> dict[str, Any]:
    """The table in that file; empty if there is none, or it cannot be read: nothing rests on what is kept here."""
    try:
        table = json.loads(read_content(file, most=_MOST_KEPT)) if file is not None else {}
    except (UnusableFile, ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}


def _texts(file: Path | None) -> dict[str, str]:
    return {key: text for key, text in _table(file).items() if isinstance(text, str)}


def _keep_quietly(file: Path | None, table: Mapping[str, Any]) -> None:
    if file is not None:
        with suppress(OSError, UnicodeError):
            _write(file, table)


def _write(file: Path, table: Mapping[str, Any]) -> None:
    """Put the table there in one step, for its owner's eyes only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = file.with_name(f"{file.stem}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
            writing.write(json.dumps(table, indent=1, default=str) + "\n")
        temporary.replace(file)
    except (OSError, UnicodeError):
        with suppress(OSError):
            temporary.unlink()
        raise
