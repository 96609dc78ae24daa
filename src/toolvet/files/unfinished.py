"""What a person is in the midst of and no file of the workspace can hold yet, kept in their own state folder.

Each has a file of its own, so that two toolvets at a time do not take each other's away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from toolvet.files.content import reason


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
        return user_state_path("toolvet", appauthor=False) / "unfinished" / f"{name}.json"


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
