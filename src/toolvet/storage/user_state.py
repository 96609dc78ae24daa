"""Where a person last was in each assessment, kept in that person's own folder and not in the files."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_state_path

from toolvet.storage.toml_input import reason

_MOST = 500


class NoHome(OSError):
    """There is no home folder that could hold what is remembered."""


def own_folder(find: Callable[..., Path]) -> Path:
    """The person's own folder of that kind, by one of platformdirs' functions. NoHome if HOME leads nowhere."""
    try:
        folder = find("toolvet", appauthor=False)
    except RuntimeError as error:
        raise NoHome("there is no home folder") from error
    if not folder.is_absolute():  # older versions of platformdirs give "~/.local" as it is
        raise NoHome("there is no home folder")
    return folder


def has_home() -> bool:
    """Whether anything can be remembered between runs."""
    try:
        own_folder(user_state_path)
    except NoHome:
        return False
    return True


def last_place(path: Path) -> str | None:
    """The id of the question where this person last was in that file; None where that is not known."""
    return _places().get(str(path.resolve()))


def remember_place(path: Path, question_id: str) -> None:
    """Keeps where this person is; that it cannot be kept is no reason to disturb anybody."""
    places = _places()
    key = str(path.resolve())
    places.pop(key, None)
    places[key] = question_id
    newest = dict(list(places.items())[-_MOST:])
    with suppress(OSError):
        file = _file()
        temporary = file.with_suffix(".tmp")
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(newest, indent=1), encoding="utf-8")
        temporary.replace(file)


def _places() -> dict[str, str]:
    try:
        places = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(places, dict):
        return {}
    return {key: place for key, place in places.items() if isinstance(place, str)}


def _file() -> Path:
    return own_folder(user_state_path) / "places.json"


@dataclass(frozen=True, slots=True)
class Left:
    """What was left and when; `work` is as it was given, but for dates, which are ISO texts, and tuples, now lists."""

    work: Mapping[str, Any]
    at: datetime | None = None

    def texts(self, name: str) -> dict[str, str]:
        """The texts by name that stand there under that name; empty where there are none."""
        found = self.work.get(name)
        return {key: text for key, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}


class Unfinished:
    """The place for one unfinished thing in that workspace; `about` says which."""

    def __init__(self, root: Path, about: str) -> None:
        self._name = f"{root.resolve()}\n{about}"
        self._kept: Mapping[str, Any] | None = None

    def left(self) -> Left:
        """What was left there; of empty work where nothing was, or it cannot be read."""
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return Left({})
        if not isinstance(kept, dict) or kept.get("about") != self._name or not isinstance(kept.get("work"), dict):
            return Left({})
        self._kept = kept["work"]
        with suppress(KeyError, TypeError, ValueError):
            return Left(kept["work"], datetime.fromisoformat(kept["at"]))
        return Left(kept["work"])

    def keep(self, work: Mapping[str, Any]) -> str | None:
        """Keeps that in place of what was there; gives what stood in the way, or None."""
        if work == self._kept:
            return None
        kept = {"about": self._name, "at": datetime.now().isoformat(timespec="seconds"), "work": work}
        try:
            _write(self._file, json.dumps(kept, indent=1, default=str))
        except OSError as error:
            return reason(error)
        self._kept = dict(work)
        return None

    def forget(self) -> None:
        """Forgets what was there: it is finished, or thrown away."""
        self._kept = None
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    @property
    def _file(self) -> Path:
        name = sha256(self._name.encode(errors="surrogatepass")).hexdigest()[:32]
        return own_folder(user_state_path) / "unfinished" / f"{name}.json"


def _write(file: Path, text: str) -> None:
    """Puts the text there in one step, for its owner's eyes alone."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = file.with_name(f"{file.stem}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
            writing.write(text)
        temporary.replace(file)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


_VARIABLE = "TOOLVET_REVIEWER"


def reviewer_name() -> str | None:
    """The name in TOOLVET_REVIEWER, else git's user.name; None where neither is set."""
    named = os.environ.get(_VARIABLE, "").strip()
    return named or _name_in_git()


def _name_in_git() -> str | None:
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"], capture_output=True, timeout=2, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return asked.stdout.decode(errors="replace").strip() or None


def preferred(name: str) -> str | None:
    """What was kept under that name; None where nothing was, or it cannot be read."""
    return _kept().get(name)


def prefer(name: str, value: str) -> None:
    """Keep that; quietly nothing where the folder cannot be written."""
    kept = {**_kept(), name: value}
    try:
        _path().parent.mkdir(parents=True, exist_ok=True)
        _path().write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    except (OSError, UnicodeError):
        return


def _path() -> Path:
    return own_folder(user_config_path) / "preferences.json"


def _kept() -> dict[str, str]:
    try:
        kept = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: value for name, value in kept.items() if isinstance(name, str) and isinstance(value, str)}
